"""Cells that span rows and columns, put into the grid that a browser shows (HTML standard, section 4.9.12).

    [A 2 rows] [B 2 columns]          A  B  B
               [C] [D]          ->    A  C  D
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from etl.errors import LimitError

MAX_SLOTS = 10_000_000
"""Slots that the grid of one table may have."""

T = TypeVar("T")


class Place(Enum):
    """Which slot of its cell this is: the first, one more in the same row, or one in a row below."""

    FIRST = "first"
    ACROSS = "across"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """A cell as the source gives it. `rows` 0 reaches to the end of the row group."""

    cell: T
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Slot(Generic[T]):
    """A slot of the grid; `cell` is None where a row is too short for a cell that reaches into it from above."""

    cell: T | None
    place: Place


def expand_spans(groups: Sequence[Sequence[Sequence[Span[T]]]], *, width: int = 0, max_slots: int = MAX_SLOTS) -> list[list[Slot[T]]]:
    """The rows of all row groups, as slots. Rows keep their own width; none is padded at its end.

    A cell reaches no further down than its row group, and no further right than the rows with two or more cells do:
    columns that no other row has are not made up. `width` is that of the table's rows that are not given. Raises
    LimitError where the grid has more than `max_slots` slots.
    """
    widths = _measure(groups)
    second, widest = sorted([0, width, *widths])[-2:]
    grid: list[list[Slot[T]]] = []
    total = 0
    for group in groups:
        reaching: dict[int, tuple[int, T]] = {}  # column -> the row of the group up to which the cell reaches, the cell
        for index, row in enumerate(group):
            limit = second if widths[len(grid)] == widest else widest
            slots = _place_row(row, index, len(group), reaching, limit)
            total += len(slots)
            if total > max_slots:
                raise LimitError(
                    "a table's cells span too much",
                    found=f"more than {max_slots:,} places after {len(grid) + 1:,} rows",
                    expected=f"at most {max_slots:,}",
                    advice="check the colspan and rowspan attributes of the page",
                )
            grid.append(slots)
    return grid


def _measure(groups: Sequence[Sequence[Sequence[Span[T]]]]) -> list[int]:
    """The width that each row claims, cells from above counted; 0 for a cell alone, which says nothing about columns."""
    widths: list[int] = []
    for group in groups:
        leaving = [0] * (len(group) + 1)
        from_above = 0
        for index, row in enumerate(group):
            from_above -= leaving[index]
            alone = len(row) == 1 and not from_above
            widths.append(0 if alone else from_above + sum(span.columns for span in row))
            for span in row:
                if span.rows != 1:
                    from_above += span.columns
                    leaving[len(group) if span.rows == 0 else min(index + span.rows, len(group))] += span.columns
    return widths


def _place_row(row: Sequence[Span[T]], index: int, height: int, reaching: dict[int, tuple[int, T]], limit: int) -> list[Slot[T]]:
    """One row's slots; `reaching` is what reaches into it from above, and is left as what reaches further down."""
    if not reaching and all(span.columns == 1 and span.rows == 1 for span in row):
        return [Slot(span.cell, Place.FIRST) for span in row]
    slots: list[Slot[T]] = []
    for remaining, span in zip(range(len(row) - 1, -1, -1), row, strict=True):
        _take_from_above(slots, reaching, index)
        columns = min(span.columns, max(1, limit - len(slots) - remaining))
        stop = height if span.rows == 0 else min(index + span.rows, height)
        for offset in range(columns):
            if offset and len(slots) in reaching:
                break  # a cell from above stands in the way
            if stop > index + 1:
                reaching[len(slots)] = (stop, span.cell)
            slots.append(Slot(span.cell, Place.ACROSS if offset else Place.FIRST))
    last = max(reaching, default=-1)
    while len(slots) <= last:
        if not _take_from_above(slots, reaching, index):
            slots.append(Slot(None, Place.BELOW))
    return slots


def _take_from_above(slots: list[Slot[T]], reaching: dict[int, tuple[int, T]], index: int) -> bool:
    """Append the cells from above that stand at the next columns; whether there were any."""
    before = len(slots)
    while (found := reaching.get(len(slots))) is not None:
        stop, cell = found
        if stop <= index + 1:
            del reaching[len(slots)]
        slots.append(Slot(cell, Place.BELOW))
    return len(slots) > before
