"""Get a vendor's page again, if it has changed, and put it in the old one's place, if it is whole and is the page.

Beside the document stands `<stem>.fetch.json` with what the next request needs to ask "only if it has changed":

    {"url": "https://example.org/errors.md", "final_url": …, "etag": "\\"5d41\\"", "last_modified": null, "content_type": "text/plain",
     "sha256": "…", "bytes": 14513, "retrieved_at": "2026-01-02T03:04:05Z"}
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal

from etl.errors import FetchError
from etl.fetch.http import FetchOptions, PassingError, Reply, get
from etl.fetch.page import find_fault
from etl.files import replace_file

Status = Literal["unchanged", "updated", "source_unavailable", "failed"]

_GONE = {
    401: "the page wants a login",
    403: "the page is forbidden",
    404: "no such page",
    410: "the page is gone",
    451: "the page is withheld",
}
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchResult:
    """What became of a fetch. `sha256`, `retrieved_at` (RFC 3339, UTC) and `final_url` are those of the document in place.

    unchanged            the server has nothing new; nothing was written, `retrieved_at` included
    updated              the document was replaced
    source_unavailable   the page is not there for us: 404, 410, a login page, an empty page; nothing was written
    failed               it could not be got: no connection, a broken answer, refused content; nothing was written
    """

    status: Status
    message: str
    sha256: str | None
    retrieved_at: str | None
    final_url: str | None


def fetch(
    url: str,
    *,
    into: Path,
    sidecar: Path,
    options: FetchOptions | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> FetchResult:
    """Bring the document `into` and its `sidecar` up to what `url` serves.

    `now` must be aware of its time zone; `jitter` gives numbers from 0 to 1. Whatever goes wrong on the way is a
    FetchResult; FetchError is raised where urllib3 is missing or the files cannot be read or written, and then the old
    document stands.
    """
    if importlib.util.find_spec("urllib3") is None:
        raise FetchError("urllib3 is not installed", expected="the extra `fetch`", advice="pip install 'errcat[fetch]'")
    options = options or FetchOptions()
    previous = _read(into)
    known = _read_sidecar(sidecar, url, previous)
    try:
        reply = _get_patiently(url, known, options, now=now, sleep=sleep, jitter=jitter)
    except FetchError as error:
        return _report("failed", str(error), known, previous)
    if reply.status == 304 and known:
        return _report("unchanged", "not modified", known, previous)
    if reply.status in _GONE:
        return _report("source_unavailable", f"{reply.url}: {_GONE[reply.status]} (HTTP {reply.status})", known, previous)
    if reply.status != 200:
        return _report("failed", f"{reply.url}: HTTP {reply.status}, where 200 was expected", known, previous)
    content_type = reply.headers.get("content-type")
    fault = find_fault(
        reply.body, content=options.content, content_type=content_type, asked=url, answered=reply.url, previous=previous
    )  # fmt: skip
    if fault is not None:
        return _report("source_unavailable" if fault.unavailable else "failed", f"{reply.url}: {fault.reason}", known, previous)
    return _put_in_place(url, reply, into=into, sidecar=sidecar, known=known, previous=previous, now=now)


def _put_in_place(
    url: str, reply: Reply, *, into: Path, sidecar: Path, known: Mapping[str, Any], previous: bytes | None, now: Callable[[], datetime]
) -> FetchResult:
    """Replace the document, then the sidecar: between the two the sidecar is of another document and is not believed."""
    moved = f"; moved for good to {reply.moved_to}: change `download`" if reply.moved_to is not None else ""
    if known and reply.body == previous:
        return _report("unchanged", f"the same bytes{moved}", known, previous)
    kept = {
        "url": url,
        "final_url": reply.url,
        "etag": reply.headers.get("etag"),
        "last_modified": reply.headers.get("last-modified"),
        "content_type": reply.headers.get("content-type"),
        "sha256": hashlib.sha256(reply.body).hexdigest(),
        "bytes": len(reply.body),
        "retrieved_at": now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    try:
        if reply.body != previous:
            replace_file(into, reply.body)
        replace_file(sidecar, (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    except OSError as error:
        raise FetchError(
            "the document cannot be written", where=str(error.filename or into), found=error.strerror or str(error),
            expected="a folder with room that can be written", advice="mend its permissions or make room",
        ) from error  # fmt: skip
    if reply.body == previous:
        return _report("unchanged", f"the same bytes, now known to be of {url}{moved}", kept, previous)
    return _report("updated", f"{len(reply.body):,} bytes{moved}", kept, reply.body)


def _get_patiently(
    url: str,
    known: Mapping[str, Any],
    options: FetchOptions,
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
    jitter: Callable[[], float],
) -> Reply:
    """The first answer that is none of a passing fault. Raises FetchError where there is none in time."""
    headers = {
        name: known[key] for name, key in (("If-None-Match", "etag"), ("If-Modified-Since", "last_modified")) if known.get(key) is not None
    }
    ends_at = time.monotonic() + options.deadline
    for attempt in range(1, options.attempts + 1):
        try:
            reply = get(url, headers=headers, options=options, ends_at=ends_at)
        except PassingError as error:
            fault, asked_pause = error, None
        else:
            if reply.status not in _PASSING:
                return reply
            fault = PassingError("the server cannot answer now", where=reply.url, found=f"HTTP {reply.status}")
            asked_pause = parse_retry_after(reply.headers.get("retry-after"), now())
        # Half of the pause is left to chance, so that many clients that failed together do not come back together.
        pause = min(options.backoff * 2 ** (attempt - 1), options.longest_pause) * (0.5 + jitter() / 2)
        if asked_pause is not None:
            pause = max(pause, asked_pause)
        if attempt == options.attempts:
            break
        if pause > options.longest_pause or time.monotonic() + pause > ends_at:
            raise FetchError(
                fault.problem, where=fault.where, found=f"{fault.found}; it asks for a pause of {pause:.0f} seconds",
                expected=f"at most {options.longest_pause:.0f}, and the end before the deadline", advice="try again after that time",
            ) from fault  # fmt: skip
        sleep(pause)
    raise FetchError(
        fault.problem, where=fault.where, found=f"{fault.found}, in {options.attempts} attempts", expected=fault.expected,
        advice="try again later; the old document still stands",
    ) from fault  # fmt: skip


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After field asks to wait (RFC 9110 section 10.2.3), 0 for a time gone by; None for no such field."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - now).total_seconds(), 0.0)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FetchError("the file cannot be read", where=str(path), found=error.strerror or str(error), advice="check it") from error


def _read_sidecar(path: Path, url: str, document: bytes | None) -> Mapping[str, Any]:
    """What is known of the document from the fetch that brought it; nothing where it came from elsewhere or was edited since.

    A sidecar that cannot be understood is no error: the page is then got as if for the first time, and the sidecar with it.
    """
    content = _read(path)
    if content is None or document is None:
        return {}
    try:
        kept = json.loads(content)
    except ValueError:
        return {}
    if not isinstance(kept, dict) or any(value is not None and not isinstance(value, str) for key, value in kept.items() if key != "bytes"):
        return {}
    is_of_document = kept.get("url") == url and kept.get("sha256") == hashlib.sha256(document).hexdigest()
    return kept if is_of_document and isinstance(kept.get("retrieved_at"), str) else {}


def _report(status: Status, message: str, kept: Mapping[str, Any], document: bytes | None) -> FetchResult:
    return FetchResult(
        status=status,
        message=message,
        sha256=None if document is None else hashlib.sha256(document).hexdigest(),
        retrieved_at=kept.get("retrieved_at"),
        final_url=kept.get("final_url"),
    )
