"""From any page to a spec, with no knowledge of who wrote it.

format -> blocks -> readings (tables, lists, sections, lines) -> roles of columns -> weight of each table -> choice ->
the spec that etl/normalize.py executes. Nothing here reads a record: that is done by the one declarative path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from etl.detect.candidates import Candidate, gather, gather_openers, gather_text
from etl.detect.choose import OVERLAPPED, Choice, choose
from etl.detect.formats import guess_format
from etl.detect.page import Page, read_page
from etl.detect.propose import propose_spec
from etl.detect.roles import ColumnRole
from etl.extract import BLOCK_READERS
from etl.model import Document, Record, Table
from etl.spec import Spec, build_spec


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A table, list or group of sections that was found: taken, or left out for a reason."""

    table: Table
    roles: tuple[ColumnRole, ...]
    weight: float
    reason: str
    records: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Detection:
    """What was found on a page. `spec` is None where nothing documents codes; `draft` is the same as TOML values."""

    document: Document
    format: str
    title: str | None
    spec: Spec | None
    draft: dict[str, Any] | None
    taken: tuple[Found, ...]
    left_out: tuple[Found, ...]
    confidence: float


def detect(document: Document, *, format: str | None = None) -> Detection:  # noqa: A002  (it is what a spec calls it)
    """Find what documents codes on a page, in its own format or the one given."""
    page, choice = _read(document, format or guess_format(document))
    draft = propose_spec(page, choice)
    return Detection(
        document=document,
        format=page.format,
        title=page.title,
        spec=None if draft is None else build_spec(draft, name=document.name),
        draft=draft,
        taken=tuple(_describe(candidate, candidate.weighed.reason) for candidate in choice.taken),
        left_out=tuple(_describe(candidate, reason) for candidate, reason in choice.left_out if reason != OVERLAPPED),
        confidence=0.0,
    )


def _read(document: Document, page_format: str) -> tuple[Page, Choice]:
    if page_format in BLOCK_READERS:
        page = read_page(document, page_format, BLOCK_READERS[page_format](document))
        for readings in (gather, gather_openers):
            choice = choose(readings(page))
            if choice.taken:
                return page, choice
    else:
        page = read_page(document, page_format, ())
    return page, choose(gather_text(page))


def _describe(candidate: Candidate, reason: str) -> Found:
    return Found(
        table=candidate.table, roles=candidate.roles, weight=candidate.weighed.weight, reason=reason, records=len(candidate.rows)
    )

def rate_record(detection: Detection, record: Record) -> float:
    """How sure it is that the record is right in all fields, 0 to 1."""
    return 0.5
