"""Whether the codes of a column are HTTP statuses, or some of them are.

    200, 400, 404, 500                 all of them
    -1, -2, -404, 200, 404             those of three digits: nobody takes negative numbers for some
    401, 401.1, 401.2, 403             those that the others are parts of
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.detect.shapes import is_status

USUAL = frozenset({"200", "400", "401", "403", "404", "429", "500"})
"""The statuses that nearly every list of statuses holds."""

REASONS = (
    "OK|Created|Accepted|No Content|Partial Content|Moved Permanently|Found|See Other|Not Modified|(?:Temporary|Permanent) Redirect"
    "|Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Not Acceptable|Proxy Authentication Required"
    "|Request Timeout|Conflict|Gone|Length Required|Precondition (?:Failed|Required)|(?:Content|Payload|Request Entity) Too Large"
    "|(?:Request-)?URI Too Long|Unsupported Media Type|Range Not Satisfiable|Expectation Failed|Unprocessable (?:Content|Entity)|Locked"
    "|Failed Dependency|Upgrade Required|Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable"
    "|Gateway Time-?out"
)
"""The reason phrases of HTTP statuses (RFC 9110 section 15 and its forerunners), for a regular expression."""

_FEWEST_USUAL = 3
_PART = re.compile(r"[1-5][0-9]{2}\.[0-9]{1,3}")
_NO_STATUS = re.compile(r"[-\u2212][0-9]+|[0-9]{1,2}")


def has_usual_statuses(texts: Sequence[str]) -> bool:
    """Whether three of the usual statuses stand there, or nothing but such."""
    found = {text.strip() for text in texts}
    return len(found & USUAL) >= min(_FEWEST_USUAL, len(found))


def holds_statuses(texts: Sequence[str]) -> bool:
    """Whether HTTP statuses stand among other codes that are none for sure: negative ones, or parts of these statuses."""
    found = {text.strip() for text in texts if text}
    statuses = set(filter(is_status, found))
    parts = set(filter(_PART.fullmatch, found - statuses))
    others = found - statuses - parts
    if not all(map(_NO_STATUS.fullmatch, others)):
        return False
    if parts:
        return {text[:3] for text in parts} <= statuses
    return bool(others) and len(statuses) * 3 >= len(found) and len(statuses & USUAL) >= _FEWEST_USUAL
