"""A code that was published and is not found again: withdrawn by the vendor, or lost by us (pure).

Nothing is called withdrawn while the new page still prints it where no record was read, because then the table was broken
or its layout changed; and a page that loses much at once is held back until a person has looked.
"""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from etl.changes import Change
from etl.text import collapse

Verdict = Literal["extraction_failed", "found_elsewhere", "source_unavailable", "withdrawn"]
"""`source_unavailable` is said by whoever could not get the page; `judge_vanished` says the others."""

_MARKUP = re.compile(r"(?:<[^<>]*>|[\s|#>*`_+-])*")
"""What may stand before the first word of a line."""

_LARGEST_SHARE = 0.2
_FEWEST = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPage:
    """The new version of a source's document, as far as a verdict needs it."""

    lines: tuple[str, ...]
    """all lines, entities and backslash escapes decoded"""
    claimed: frozenset[int]
    """the numbers (1-based) of the lines that records were read from"""
    codes: frozenset[str]
    """the codes that were read"""


def read_page(lines: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> NewPage:
    """What a verdict needs of the new document: its raw lines and the rows that were read from them."""
    claimed: set[int] = set()
    codes = set()
    for row in rows:
        claimed.update(range(row["line_start"], row["line_end"] + 1))
        if row["code"] is not None:
            codes.add(row["code"])
    decoded = tuple(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", html.unescape(line)) for line in lines)
    return NewPage(lines=decoded, claimed=frozenset(claimed), codes=frozenset(codes))


def find_unread(change: Change, page: NewPage) -> int | None:
    """The line (1-based) of the new page that still prints the withdrawn record although no record was read there, or None.

    Looked for is the code as a whole word, for a record without a code, or with one that other records still bear, its
    name or its text. Lines of records count only where they begin with it: a row swallowed by the row above.
    """
    printed = _find_evidence(change, page)
    if printed is None:
        return None
    word = re.compile(rf"(?<![\w])(?<![\w][-.]){re.escape(printed)}(?![\w])(?![-.][\w])")
    for number, line in enumerate(page.lines, start=1):
        if printed not in line:
            continue
        if number not in page.claimed:
            if word.search(line):
                return number
        else:
            start = _MARKUP.match(line)
            if start is not None and word.match(line, start.end()):
                return number
    return None


def judge_vanished(change: Change, *, page: NewPage, elsewhere: Container[str]) -> Verdict:
    """Why a record of kind withdrawn is gone; `elsewhere` are the codes in the vendor's other documents."""
    if find_unread(change, page) is not None:
        return "extraction_failed"
    if change.code is not None and change.code in elsewhere:
        return "found_elsewhere"
    return "withdrawn"


def explain_hold(verdicts: Sequence[tuple[Change, Verdict]], old_rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Why the new records of one source must not be published without a person's word, or None where they may.

    `verdicts` are those of all its vanished records, `old_rows` its published records. Held back are: a record that we
    failed to read, a table of which nothing is left, and 2 or more records that are over 20 % of the source's. Records
    found elsewhere count as gone, since short codes are found in many documents.
    """
    failed = [change for change, verdict in verdicts if verdict in ("extraction_failed", "source_unavailable")]
    if failed:
        return f"{_count(len(failed))} published and still printed on the page, but not read: {_name(failed)}"
    gone = {change.old_id for change, _ in verdicts}
    kept = {row["table"] for row in old_rows if row["id"] not in gone}
    lost = sorted({row["table"] for row in old_rows} - kept)
    if lost:
        return f"nothing is left of {'table' if len(lost) == 1 else 'tables'} {', '.join(str(table) for table in lost)}"
    if len(gone) >= _FEWEST and len(gone) > _LARGEST_SHARE * len(old_rows):
        return f"{len(gone)} of {len(old_rows)} records are gone at once: {_name([change for change, _ in verdicts])}"
    return None


def _find_evidence(change: Change, page: NewPage) -> str | None:
    """The text by which the page would still show the record."""
    if change.code is not None and change.code not in page.codes:
        return change.code
    texts = {field.field: collapse(field.old) for field in change.fields if isinstance(field.old, str)}
    return next((texts[field] for field in ("name", "message", "description") if texts.get(field)), None)


def _name(changes: Sequence[Change]) -> str:
    named = [change.code or change.name or change.old_id or change.source for change in changes]
    return ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")


def _count(number: int) -> str:
    return "1 record was" if number == 1 else f"{number} records were"
