"""The ledger: who claims each line and each cell of a document. Only a balanced document is published.

Every non-blank line has at least one claim: a row, a header, a heading, bare mark-up of a table, the page's title, a term
declared in prose, or lines that the spec leaves out with a reason. Every printed cell has exactly one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl.assign import AssignedTable
from etl.errors import LedgerError, SpecError
from etl.model import Cell, Document, Term
from etl.normalize import Reading, ReadRow
from etl.spec import Column, Ignored, Spec


@dataclass(frozen=True, kw_only=True, slots=True)
class LineClaim:
    """One line (1-based) and what claims it: kind (row, header, heading, markup, group, title, term, ignored, unreviewed) and by what."""

    line: int
    kind: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CellClaim:
    """What became of one printed cell: the fields of a record or term that it feeds, or why it feeds none."""

    table: int
    line: int
    column: str
    text: str
    use: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """All claims on one document, in line order, and what is left over."""

    document: str
    sha256: str
    records: int
    texts: tuple[str, ...]
    """the document's lines, without the white space around them"""
    lines: tuple[LineClaim, ...]
    cells: tuple[CellClaim, ...]
    unclaimed: tuple[int, ...]
    """the non-blank lines that nothing claims"""
    unreviewed: tuple[int, ...]
    """the lines that a draft leaves out and that nobody has read"""
    miscounted: tuple[str, ...]
    """the cells that have no claim or several, each as a sentence"""

    @property
    def balanced(self) -> bool:
        """Whether the document may be published."""
        return not self.unclaimed and not self.miscounted


def open_ledger(document: Document, assigned: Sequence[AssignedTable], reading: Reading, spec: Spec) -> Ledger:
    """Gather all claims on `document`. Raises SpecError for an `ignored` of the spec that does not match as many lines as it says."""
    claims = [*_claims_of_tables(assigned), *_claims_of_terms(reading.terms), *_claims_of_spec(document, spec)]
    cells = tuple(claim for row in reading.rows for claim in _claims_of_row(row))
    claimed = {claim.line for claim in claims}
    unclaimed = [number for number, line in enumerate(document.lines, start=1) if line.strip() and number not in claimed]
    unreviewed: list[int] = []
    if spec.rest is not None:
        claims.extend(LineClaim(line=number, kind="unreviewed", by=spec.rest) for number in unclaimed)
        unclaimed, unreviewed = [], unclaimed
    return Ledger(
        document=document.name,
        sha256=document.sha256,
        records=len(reading.records),
        texts=tuple(line.strip() for line in document.lines),
        lines=tuple(sorted(claims, key=lambda claim: claim.line)),
        cells=cells,
        unclaimed=tuple(unclaimed),
        unreviewed=tuple(unreviewed),
        miscounted=tuple(_miscounted(assigned, cells)),
    )


def require_balance(ledger: Ledger, document: Document) -> None:
    """Raises LedgerError that names the first lines and cells that are claimed by nothing, or several times."""
    if ledger.balanced:
        return
    shown = [f"line {number}: {document.lines[number - 1].strip()[:100]!r}" for number in ledger.unclaimed[:5]]
    shown += list(ledger.miscounted[: 5 - len(shown)])
    more = len(ledger.unclaimed) + len(ledger.miscounted) - len(shown)
    first = ledger.unclaimed[0] if ledger.unclaimed else None
    raise LedgerError(
        f"the ledger does not balance: {len(ledger.unclaimed)} lines and {len(ledger.miscounted)} cells",
        where=document.name if first is None else f"{document.name}:{first}",
        found="; ".join(shown) + (f"; and {more} more" if more else ""),
        expected="every line claimed by a table, a term or an `ignored` of the spec, every cell by one column",
        advice="add what is new to the spec: a table, a column, or `[[ignored]]` with the reason; "
        "`errcat check --ledger SOURCE` prints all claims",
    )


def _claims_of_tables(assigned: Sequence[AssignedTable]) -> list[LineClaim]:
    claims: list[LineClaim] = []
    for pair in assigned:
        name = f"table {pair.number}"
        for claim in pair.table.claims:
            claims.extend(LineClaim(line=line, kind=claim.kind, by=name) for line in range(claim.line_start, claim.line_end + 1))
        for row in pair.table.rows:
            claims.extend(LineClaim(line=line, kind="row", by=name) for line in range(row.line_start, row.line_end + 1))
    return claims


def _claims_of_terms(terms: Sequence[Term]) -> list[LineClaim]:
    return [
        LineClaim(line=line, kind="term", by=f"{term.kind} {term.term}")
        for term in terms
        for line in range(term.line_start, term.line_end + 1)
    ]


def _claims_of_spec(document: Document, spec: Spec) -> list[LineClaim]:
    claims: list[LineClaim] = []
    if spec.title is not None:
        claims.extend(LineClaim(line=number, kind="title", by="the page's title") for number in _lines_of_title(document, spec.title))
    for place, entry in enumerate(spec.ignored):
        lines = [number for number, line in enumerate(document.lines, start=1) if _is_ignored(entry, line)]
        if len(lines) != entry.times:
            raise SpecError(
                "lines to be ignored are not those of the document",
                where=f"{document.name}: ignored.{place} of the spec",
                found=f"{len(lines)} matching lines" + (f" ({', '.join(map(str, lines[:8]))})" if lines else ""),
                expected=f"{entry.times} of {entry.text if entry.text is not None else entry.pattern!r}",
                advice="the page has changed there: read it, then mend the entry",
            )
        claims.extend(LineClaim(line=number, kind="ignored", by=entry.reason) for number in lines)
    return claims


def _is_ignored(entry: Ignored, line: str) -> bool:
    stripped = line.strip()
    if entry.text is not None:
        return stripped == entry.text
    return bool(stripped) and re.fullmatch(entry.pattern or "", stripped) is not None


def _lines_of_title(document: Document, title: str) -> list[int]:
    """The first line that prints the title, bare or as a Markdown heading, with the underline of a setext heading."""
    for number, line in enumerate(document.lines, start=1):
        if line.strip().lstrip("#").strip() == title:
            below = document.lines[number].strip() if number < len(document.lines) else ""
            return [number, number + 1] if below and set(below) <= {"="} else [number]
    return []


def _claims_of_row(row: ReadRow) -> Iterator[CellClaim]:
    """One claim for each printed cell: why its row is unused, else what its column feeds."""
    columns, last = row.pair.entry.columns, len(row.pair.entry.columns) - 1
    place_of = {id(cell): place for place, cell in enumerate(row.placed.cells) if cell is not None}
    for number, cell in enumerate(row.placed.row.cells):
        column = columns[min(place_of.get(id(cell), number), last)]
        use = row.unused if row.unused is not None else _use_of(column, cell)
        yield CellClaim(table=row.pair.number, line=cell.line_start, column=column.head, text=cell.text, use=use)


def _use_of(column: Column, cell: Cell) -> str:
    if column.ignored is not None:
        return f"ignored: {column.ignored}"
    return ("blank: " if cell.text == "" or cell.text in column.blank else "") + ", ".join(column.fields)


def _miscounted(assigned: Sequence[AssignedTable], cells: Sequence[CellClaim]) -> list[str]:
    printed: Counter[tuple[int, int, str]] = Counter()
    for pair in assigned:
        printed.update((pair.number, cell.line_start, cell.text) for row in pair.table.rows for cell in row.cells)
    claimed = Counter((claim.table, claim.line, claim.text) for claim in cells)
    return [
        f"cell {text!r} of table {table} at line {line}: printed {printed[table, line, text]} times, "
        f"claimed {claimed[table, line, text]} times"
        for table, line, text in sorted({*printed, *claimed})
        if printed[table, line, text] != claimed[table, line, text]
    ]
