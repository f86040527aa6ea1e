"""The contract's text rules, for text that is already free of mark-up (pure).

"Every run of white space is one space, ends trimmed; no space before a line that begins with `.` `,` `;` `:` or `)`. Two
or more list items keep their lines: the lead-in and each item on a line of its own, items prefixed `- `; a single item
is plain text."
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPACE = re.compile(r"\s+")
_CLOSING = (".", ",", ";", ":", ")")


def collapse(text: str) -> str:
    """`text` on one line: every run of white space (line ends and NBSP too) is one space, ends trimmed."""
    return _SPACE.sub(" ", text).strip()


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one paragraph joined by one space, without it before a line that begins with closing punctuation."""
    joined = ""
    for line in map(collapse, lines):
        if not line:
            continue
        joined += line if not joined or line.startswith(_CLOSING) else f" {line}"
    return joined


def join_items(lead: str, items: Iterable[str]) -> str:
    """A lead-in and its list items, each already one clean text: two or more items keep a line each, prefixed `- `."""
    kept = [item for item in items if item]
    if len(kept) < 2:
        return join_lines([lead, *kept])
    return "\n".join([*([lead] if lead else []), *(f"- {item}" for item in kept)])
