"""What mark-up formats without tags share once the parts of a table are read: texts of cells, places, rows of definitions.

    lead-in            Block paragraph            "lead-in\\n- one\\n- two"
    * one              Block item          ->
    * two              Block item
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from etl.extract.allowance import Allowance
from etl.extract.html.grid import Place, Slot, Span, expand_spans
from etl.model import Block, Cell, Claim, Link, Row, Table
from etl.text import collapse, join_lines, join_parts


@dataclass(kw_only=True, slots=True)
class PlacedRow:
    """A row as printed: its own cells only, each with the columns and rows it takes up."""

    line_start: int
    line_end: int
    cells: list[Span[Cell]] = field(default_factory=list)


def compose_text(blocks: Iterable[Block | Table]) -> tuple[str, tuple[Link, ...]]:
    """The text of a cell that holds `blocks`, by the contract's text rules, and the links inside it.

    Paragraphs are joined by one space; of two or more list items each has a line of its own; a nested table is its
    cells' texts joined by one space.
    """
    parts: list[tuple[bool, str]] = []
    links: list[Link] = []
    for block in blocks:
        if isinstance(block, Table):
            texts = [" ".join(block.header)]
            for row in block.rows:
                printed = [cell for cell in row.cells if not cell.spanned]
                texts += [collapse(cell.text) for cell in printed]
                links += [link for cell in printed for link in cell.links]
            parts.append((False, " ".join(filter(None, texts))))
        else:
            parts.append((block.kind == "item", collapse(block.text)))
            links += block.links
    return join_parts(_join_paragraphs(parts)), tuple(links)


def _join_paragraphs(parts: Iterable[tuple[bool, str]]) -> Iterator[tuple[bool, str]]:
    for is_item, run in groupby(parts, key=lambda part: part[0]):
        if is_item:
            yield from run
        else:
            yield False, join_lines(text for _, text in run)


def build_table(frame: Table, rows: Sequence[PlacedRow], header_rows: int, repeated: Allowance) -> Table:
    """`frame` with `rows` in their places: spans expanded, heads of several rows joined per column, section rows made groups.

    A row that is short stays short, one that is too long keeps all its cells. A cell that spans all columns is the group
    of the rows below it; a row that repeats the header is claimed with it. Raises LimitError where the spans of cells
    fill more places than are left of `repeated`.
    """
    groups = [[row.cells for row in part] for part in (rows[:header_rows], rows[header_rows:])]
    placed = expand_spans(groups, repeated, where=f"{repeated.document}:{frame.line_start}")
    width = max(map(len, placed), default=0)
    header = _join_heads(placed[:header_rows])
    heads = {_texts(slots) for slots in placed[:header_rows]} | ({header} if header else set())
    claims = list(frame.claims)
    if header_rows:
        claims.append(Claim(kind="header", line_start=rows[0].line_start, line_end=rows[header_rows - 1].line_end))
    body: list[Row] = []
    group: str | None = None
    waiting: list[Claim] = []  # section rows that have no row below them yet
    for row, slots in zip(rows[header_rows:], placed[header_rows:], strict=True):
        if _spans_all(row, slots, width):
            group = row.cells[0].cell.text or group
            waiting.append(Claim(kind="group", line_start=row.line_start, line_end=row.line_end))
        elif _texts(slots) in heads:
            claims.append(Claim(kind="header", line_start=row.line_start, line_end=row.line_end))
        else:
            claims += waiting
            waiting.clear()
            cells = tuple(_fill(slot, row.line_start) for slot in slots)
            body.append(Row(cells=cells, line_start=row.line_start, line_end=row.line_end, group=group))
    return replace(frame, header=header, rows=tuple(body), claims=sort_claims(claims))


def _spans_all(row: PlacedRow, slots: Sequence[Slot[Cell]], width: int) -> bool:
    """Whether one cell is all of the row and is printed as one that reaches over columns."""
    return len(row.cells) == 1 < len(slots) == width and all(slot.cell is row.cells[0].cell for slot in slots)


def _texts(slots: Sequence[Slot[Cell]]) -> tuple[str, ...]:
    return tuple("" if slot.cell is None else slot.cell.text for slot in slots)


def _fill(slot: Slot[Cell], line: int) -> Cell:
    if slot.cell is None:
        return Cell(text="", raw="", line_start=line, line_end=line, spanned=True)
    return slot.cell if slot.place is Place.FIRST else replace(slot.cell, spanned=True)


def _join_heads(heads: Sequence[Sequence[Slot[Cell]]]) -> tuple[str, ...]:
    """The heads of each column, those of several rows joined; one that reaches down over several rows counts once."""
    names: list[list[str]] = [[] for _ in range(max(map(len, heads), default=0))]
    for slots in heads:
        for column, slot in enumerate(slots):
            if slot.cell is not None and slot.place is not Place.BELOW:
                names[column].append(collapse(slot.cell.text))
    return tuple(join_lines(parts) for parts in names)


def sort_claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """`claims` in document order, none twice."""
    return tuple(sorted(dict.fromkeys(claims), key=lambda claim: (claim.line_start, claim.line_end)))


def define_terms(terms: Sequence[Cell], definition: Cell, line_end: int) -> tuple[Row, ...]:
    """A row for each term, with the definition that they share; the last one reaches to `line_end`."""
    rows = []
    for number, term in enumerate(terms, start=1):
        end = line_end if number == len(terms) else term.line_end
        cells = (term, definition if number == 1 else replace(definition, spanned=True))
        rows.append(Row(cells=cells, line_start=term.line_start, line_end=end))
    return tuple(rows)


def merge_definitions(blocks: Iterable[Block | Table], layouts: frozenset[str]) -> list[Block | Table]:
    """`blocks` with neighbouring tables of one of `layouts` (a table for each definition) made one, under one heading."""
    merged: list[Block | Table] = []
    parts: list[Table] = []
    for block in [*blocks, None]:
        row = block if isinstance(block, Table) and block.layout in layouts else None
        if parts and (row is None or (row.layout, row.section) != (parts[0].layout, parts[0].section)):
            merged.append(
                replace(
                    parts[0],
                    rows=tuple(each for part in parts for each in part.rows),
                    line_end=parts[-1].line_end,
                    claims=sort_claims(claim for part in parts for claim in part.claims),
                )
            )
            parts = []
        if row is not None:
            parts.append(row)
        elif block is not None:
            merged.append(block)
    return merged
