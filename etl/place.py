"""Put the printed cells of each row under the columns that they belong to. What is moved or filled in is recorded as a Step.

A row has the wrong width unless its spec says what that means: `short_rows` (a person has decided), `collapsed` (an empty
cell was dropped and the rest moved up: etl/realign.py finds the place), `ragged` (cells lack at the end).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from etl.assign import AssignedTable
from etl.errors import LayoutError, SpecError
from etl.model import Cell, Document, Row, Step
from etl.realign import Profiles, learn_columns, realign
from etl.spec import ShortRow, TableSpec
from etl.text import join_lines


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedRow:
    """A row with one cell per column of its entry, None where none is printed.

    `group` is the section row above it, if any. `not_a_record` says why the row documents no code. `shifted` and
    `unsure` are as in Record.
    """

    row: Row
    cells: tuple[Cell | None, ...]
    group: str | None
    not_a_record: str | None = None
    shifted: bool = False
    unsure: str | None = None
    steps: tuple[Step, ...] = ()

    def text_of(self, place: int) -> str:
        """The text of the cell under the column number `place`, `""` where there is none."""
        cell = self.cells[place]
        return "" if cell is None else cell.text


def place_rows(document: Document, pair: AssignedTable) -> Iterator[PlacedRow]:
    """The rows of a table in document order.

    Raises LayoutError for a row of the wrong width, SpecError for a short row that is not there.
    """
    entry = pair.entry
    heads = tuple(column.head for column in entry.columns)
    profiles = _learn(pair) if entry.collapsed else None
    unused = set(entry.short_rows)
    group: str | None = None
    above: tuple[Cell | None, ...] = (None,) * len(heads)
    for row in pair.table.rows:
        if entry.group_rows and _is_group(row):
            group = row.cells[0].text
            yield PlacedRow(row=row, cells=_pad(row.cells, len(heads)), group=group, not_a_record="a section of the rows below")
            continue
        placed = PlacedRow(row=row, cells=row.cells, group=row.group if row.group is not None else group)
        short = next((short for short in entry.short_rows if _is_short(row, short, len(heads))), None)
        if short is not None:
            unused.discard(short)
            placed = _place_short(placed, short, heads)
        elif len(row.cells) != len(heads):
            if not entry.ragged:
                raise LayoutError(
                    "a row of the wrong width",
                    where=f"{document.name}:{row.line_start}",
                    found=f"{len(row.cells)} cells: {[cell.text for cell in row.cells]}",
                    expected=f"{len(heads)} cells, under {list(heads)}",
                    advice="say in the spec what it means: `short_rows`, `collapsed`, `ragged` or `skipped`; or the page is broken there",
                )
            placed = _even_out(placed, heads)
        elif profiles is not None and row.cells[-1].text == "":
            placed = _put_back(placed, profiles, heads)
        placed = _fill_from_above(placed, above, entry)
        above = placed.cells
        yield placed
    for short in entry.short_rows:
        if short in unused:
            raise SpecError(
                "a short row matches nothing",
                where=f"{document.name}: short_rows",
                found=f"no row that begins with {list(short.cells)}",
                expected="the row that it was written for",
                advice="the page may have been mended: remove the entry or change its cells",
            )


def _pad(cells: Sequence[Cell], width: int) -> tuple[Cell | None, ...]:
    return (*cells[:width], *[None] * (width - len(cells)))


def _is_group(row: Row) -> bool:
    return len(row.cells) > 0 and row.cells[0].text != "" and all(cell.text == "" for cell in row.cells[1:])


def _is_short(row: Row, short: ShortRow, width: int) -> bool:
    begins = tuple(cell.text for cell in row.cells[: len(short.cells)])
    return len(row.cells) < width and len(row.cells) == len(short.columns) and begins == short.cells


def _place_short(placed: PlacedRow, short: ShortRow, heads: Sequence[str]) -> PlacedRow:
    by_head = dict(zip(short.columns, placed.row.cells, strict=True))
    return replace(
        placed,
        cells=tuple(by_head.get(head) for head in heads),
        shifted=True,
        steps=tuple(
            _move(cell, heads[place], head, short.reason) for place, (head, cell) in enumerate(by_head.items()) if heads[place] != head
        ),
    )


def _move(cell: Cell, printed: str, head: str, reason: str) -> Step:
    action = f"moved here from the column {printed!r}: {reason}"
    return Step(field=None, column=head, action=action, before=cell.text, after=cell.text, moved_from=printed)


def _learn(pair: AssignedTable) -> Profiles:
    complete = [tuple(cell.text for cell in row.cells) for row in pair.table.rows if len(row.cells) == len(pair.entry.columns)]
    return learn_columns([cells for cells in complete if all(cells)], width=len(pair.entry.columns))


def _put_back(placed: PlacedRow, profiles: Profiles, heads: Sequence[str]) -> PlacedRow:
    printed = [cell for cell in placed.row.cells if cell.text != ""]
    alignment = realign(profiles, [cell.text for cell in printed])
    cells: list[Cell | None] = [None] * len(heads)
    for cell, place in zip(printed, alignment.columns, strict=True):
        cells[place] = cell
    moved = [
        _move(cell, heads[start], heads[place], "an empty cell before it was collapsed")
        for cell, place in zip(printed, alignment.columns, strict=True)
        if (start := placed.row.cells.index(cell)) != place
    ]
    unsure = "more than one place fits the cells that stand after a collapsed blank" if alignment.ambiguous else None
    return replace(placed, cells=tuple(cells), shifted=bool(moved), unsure=unsure, steps=tuple(moved))


def _even_out(placed: PlacedRow, heads: Sequence[str]) -> PlacedRow:
    cells, width = placed.row.cells, len(heads)
    surplus = [cell for cell in cells[width:] if cell.text != ""]
    if not surplus:
        return replace(placed, cells=_pad(cells, width))
    last = cells[width - 1]
    joined = replace(
        last,
        text=join_lines([last.text, *(cell.text for cell in surplus)]),
        links=(*last.links, *(link for cell in surplus for link in cell.links)),
    )
    return replace(
        placed,
        cells=(*cells[: width - 1], joined),
        unsure=f"the row has {len(cells)} cells for {width} columns; the surplus is read as part of the last",
        steps=(Step(field=None, column=heads[-1], action="surplus cells joined", before=last.text, after=joined.text),),
    )


def _fill_from_above(placed: PlacedRow, above: tuple[Cell | None, ...], entry: TableSpec) -> PlacedRow:
    if not entry.as_above:
        return placed
    cells, steps = list(placed.cells), list(placed.steps)
    for place, column in enumerate(entry.columns):
        source = above[place]
        if column.head in entry.as_above and placed.text_of(place) == "" and source is not None:
            cells[place] = source
            steps.append(
                Step(field=None, column=column.head, action="blank, so the cell above holds here too", before="", after=source.text)
            )
    return replace(placed, cells=tuple(cells), steps=tuple(steps))
