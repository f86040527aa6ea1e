"""From any page to a spec, with no knowledge of who wrote it.

format -> blocks -> readings (tables, lists, sections, lines) -> roles of columns -> weight of each table -> choice ->
the spec that etl/normalize.py executes. Nothing here reads a record: that is done by the one declarative path, which is
also what a proposed spec must pass before it is handed out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from etl.assign import AssignedTable, assign_tables
from etl.detect.candidates import Candidate, gather, gather_definitions, gather_openers, gather_text
from etl.detect.choose import OVERLAPPED, Choice, choose
from etl.detect.columns import ColumnRole
from etl.detect.confidence import rate_page, rate_records
from etl.detect.formats import guess_format
from etl.detect.page import Form, Page, read_page
from etl.detect.propose import propose_spec
from etl.detect.weigh import NEEDED
from etl.errors import DocumentError, SpecError
from etl.extract import BLOCK_READERS, PRINTERS
from etl.extract.allowance import require_tables
from etl.model import Document, Options, Table
from etl.normalize import Reading, normalize
from etl.spec import Spec, build_spec

__all__ = ["Detection", "Found", "detect"]

NEEDED_IN_MARKUP = 4.5
"""What a table of bare text must weigh on a page whose mark-up shows no codes."""

NEEDED_AS_PRINTED = 4.0
"""The same where the text is read as it is printed, not with its mark-up."""

_MOST_ATTEMPTS = 6


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
    """What was found on a page.

    `spec` is None where nothing documents codes; `draft` is the same as TOML values. `reading` is what the spec reads
    from the page, `confidences` how sure each of its records is, `confidence` how sure it is that they are all.
    """

    document: Document
    format: str
    title: str | None
    spec: Spec | None
    draft: dict[str, Any] | None
    assigned: tuple[AssignedTable, ...]
    reading: Reading
    taken: tuple[Found, ...]
    left_out: tuple[Found, ...]
    confidence: float
    confidences: tuple[float, ...]

    @property
    def forms(self) -> frozenset[Form]:
        """The forms of the tables that were taken."""
        return frozenset((found.table.layout, tuple(role.head for role in found.roles)) for found in self.taken)


def detect(
    document: Document, *, page_format: str | None = None, expected: frozenset[Form] = frozenset()
) -> Detection:
    """Find what documents codes on a page, in the format that it seems to be in or the one given. Raises LimitError as the readers do.

    `expected` are the forms of what was taken from another version of the page: what is little evidence elsewhere suffices there.
    """
    page, found = _find(document, page_format or guess_format(document), expected)
    taken = tuple(_describe(candidate, candidate.weighed.reason) for candidate in found.choice.taken)
    rated = rate_records(found.choice, found.assigned, found.reading)
    return Detection(
        document=document,
        format=page.format,
        title=page.title,
        spec=found.spec,
        draft=found.draft,
        assigned=found.assigned,
        reading=found.reading,
        taken=taken,
        left_out=tuple(_describe(candidate, reason) for candidate, reason in found.choice.left_out if reason != OVERLAPPED),
        confidence=rate_page(found.choice, rated),
        confidences=rated,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Executed:
    """A choice with the spec for it, and what the spec reads."""

    choice: Choice
    draft: dict[str, Any] | None
    spec: Spec | None
    assigned: tuple[AssignedTable, ...]
    reading: Reading


_NOTHING = Reading(records=(), terms=(), rows=())


def _find(document: Document, page_format: str, expected: frozenset[Form]) -> tuple[Page, _Executed]:
    """The first way to read the page that finds codes: by its mark-up, by what opens its entries, by its code, as bare text."""
    blocks = BLOCK_READERS[page_format](document) if page_format in BLOCK_READERS else ()
    require_tables(document, blocks)
    page = read_page(document, page_format, blocks, expected=expected)
    found = _Executed(choice=Choice(taken=(), left_out=()), draft=None, spec=None, assigned=(), reading=_NOTHING)
    left_out: list[tuple[Candidate, str]] = []
    for readings, needed in _ways(page):
        found = _execute(page, list(readings), needed)
        if found.spec is not None:
            return page, found
        left_out += found.choice.left_out
    return page, replace(found, choice=Choice(taken=(), left_out=tuple(left_out)))


def _ways(page: Page) -> Iterator[tuple[Iterable[Sequence[Candidate]], float]]:
    if page.blocks:
        yield gather(page), NEEDED
        yield gather_openers(page), NEEDED + 1.0
        yield gather_definitions(page), NEEDED + 0.5
        yield gather_text(page), NEEDED_AS_PRINTED if page.format in PRINTERS else NEEDED_IN_MARKUP
    else:
        yield gather_text(page), NEEDED


def _execute(page: Page, readings: Sequence[Sequence[Candidate]], needed: float) -> _Executed:
    """Choose, propose and read; a reading that the declarative path refuses is taken out, and the choice made again."""
    left = list(readings)
    choice = choose(left, needed=needed)
    for _ in range(_MOST_ATTEMPTS):
        draft = propose_spec(page, choice)
        if draft is None:
            break
        try:
            spec = build_spec(draft, name=page.document.name)
            assigned = assign_tables(page.document, _tables_of(choice), spec)
            reading = normalize(page.document, assigned, spec)
        except (DocumentError, SpecError):
            refused = _find_refused(page, choice)
            left = [reading for reading in left if not any(_reading_of(candidate) in refused for candidate in reading)]
            choice = choose(left, needed=needed)
            continue
        return _Executed(choice=choice, draft=draft, spec=spec, assigned=assigned, reading=reading)
    return _Executed(choice=Choice(taken=(), left_out=choice.left_out), draft=None, spec=None, assigned=(), reading=_NOTHING)


def _tables_of(choice: Choice) -> Sequence[Table]:
    """The tables that a spec for the choice extracts: all of each reading that something was taken of."""
    used = {_reading_of(candidate) for candidate in choice.taken}
    tables = [candidate.table for candidate in choice.taken]
    tables += [candidate.table for candidate, _ in choice.left_out if _reading_of(candidate) in used]
    return sorted(tables, key=lambda table: (table.line_start, table.line_end))


def _reading_of(candidate: Candidate) -> tuple[str, Options]:
    return candidate.table.layout, candidate.options


def _find_refused(page: Page, choice: Choice) -> set[tuple[str, Options]]:
    """The readings that fail by themselves; all of them where they only fail together."""
    refused: set[tuple[str, Options]] = set()
    used = {_reading_of(candidate) for candidate in choice.taken}
    for one in used:
        alone = Choice(
            taken=tuple(candidate for candidate in choice.taken if _reading_of(candidate) == one),
            left_out=tuple(pair for pair in choice.left_out if _reading_of(pair[0]) == one),
        )
        draft = propose_spec(page, alone)
        if draft is None:
            continue
        try:
            spec = build_spec(draft, name=page.document.name)
            normalize(page.document, assign_tables(page.document, _tables_of(alone), spec), spec)
        except (DocumentError, SpecError):
            refused.add(one)
    return refused or used


def _describe(candidate: Candidate, reason: str) -> Found:
    roles = tuple(replace(role, head=head) for role, head in zip(candidate.roles, candidate.heads, strict=True))
    return Found(table=candidate.table, roles=roles, weight=candidate.weighed.weight, reason=reason, records=len(candidate.rows))
