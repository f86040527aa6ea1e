"""A page as it is printed: the lines that people see, each with the lines of the document that hold it.

    4001 &lt;name&gt; is bad<br>4002     4001 <name> is bad     line 1
    Bad age<br></p>                       4002 Bad age            lines 1-2

The layouts of bare text read these lines where mark-up would stand between them and the text; their tables are numbered
as the document is afterwards.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from etl.model import Cell, Claim, Document, Options, Row, Table

TextLayout = Callable[[Document, Options], tuple[Table, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedPage:
    """What is printed of a document.

    document  the same document with the printed lines for its own
    places    for each of these, the first and the last line of the document that hold it
    markup    the claims on the document's lines that hold mark-up and no text
    headings  the numbers of the printed lines that mark-up makes headings
    marked    the numbers of those that it makes something else than a heading, so that they are none; not preformatted text
    """

    document: Document
    places: Sequence[tuple[int, int]]
    markup: Sequence[Claim] = ()
    headings: Sequence[int] = ()
    marked: frozenset[int] = frozenset()


def print_as_is(document: Document) -> PrintedPage:
    """The page of a document whose lines are printed as they are."""
    return PrintedPage(document=document, places=[(line, line) for line in range(1, len(document.lines) + 1)])


def read_printed(read_tables: TextLayout, page: PrintedPage, options: Options) -> tuple[Table, ...]:
    """The tables that a layout finds in what is printed, numbered as the document is, with claims on mark-up between their lines."""
    found = (_put_under_heading(table, page) for table in read_tables(page.document, options))
    return tuple(_claim_markup(renumber(table, page.places), page) for table in found)


def _put_under_heading(table: Table, page: PrintedPage) -> Table:
    """The table under the page's own heading, where the layout took a line for one that is none."""
    above = bisect_left(page.headings, table.line_start)
    taken = [claim for claim in table.claims if claim.kind == "heading" and claim.line_start in page.marked]
    if not above or (table.section is not None and not taken):
        return table
    line = page.headings[above - 1]
    claims = [claim for claim in table.claims if claim not in taken]
    heading = Claim(kind="heading", line_start=line, line_end=line)
    return replace(table, section=page.document.lines[line - 1], claims=(heading, *claims))


def _claim_markup(table: Table, page: PrintedPage) -> Table:
    first, last = table.line_start, table.line_end
    within = [claim for claim in page.markup if claim.line_end >= first and claim.line_start <= last]
    clipped = [replace(claim, line_start=max(claim.line_start, first), line_end=min(claim.line_end, last)) for claim in within]
    return replace(table, claims=(*table.claims, *clipped))


def renumber(table: Table, places: Sequence[tuple[int, int]]) -> Table:
    """The table with other line numbers: `places` holds for each line that it knows the first and the last that it is now."""

    def renumber_claim(claim: Claim) -> Claim:
        return replace(claim, line_start=places[claim.line_start - 1][0], line_end=places[claim.line_end - 1][1])

    def renumber_cell(cell: Cell) -> Cell:
        return replace(cell, line_start=places[cell.line_start - 1][0], line_end=places[cell.line_end - 1][1])

    def renumber_row(row: Row) -> Row:
        return replace(
            row,
            cells=tuple(map(renumber_cell, row.cells)),
            line_start=places[row.line_start - 1][0],
            line_end=places[row.line_end - 1][1],
        )

    return replace(
        table,
        rows=tuple(map(renumber_row, table.rows)),
        line_start=places[table.line_start - 1][0],
        line_end=places[table.line_end - 1][1],
        claims=tuple(map(renumber_claim, table.claims)),
    )
