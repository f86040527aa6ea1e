"""Cells that span rows and columns, put into the grid that a browser shows (HTML standard, section 4.9.12).

    [A 2 rows] [B 2 columns]          A  B  B
               [C] [D]          ->    A  C  D
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from etl.extract.allowance import Allowance

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


class Slot(NamedTuple, Generic[T]):
    """A slot of the grid; `cell` is None where a row is too short for a cell that reaches into it from above."""

    cell: T | None
    place: Place


@dataclass(frozen=True, slots=True)
class _Reach(Generic[T]):
    """A cell in one row: it takes the columns from `begin` up to `end`, and the rows of its group up to `stop`."""

    begin: int
    end: int
    stop: int
    cell: T
    place: Place

    def repeat(self) -> _Reach[T]:
        return self if self.place is Place.BELOW else _Reach(self.begin, self.end, self.stop, self.cell, Place.BELOW)


def expand_spans(
    groups: Sequence[Sequence[Sequence[Span[T]]]], repeated: Allowance, *, width: int = 0, where: str | None = None
) -> list[list[Slot[T]]]:
    """The rows of all row groups, as slots. Rows keep their own width; none is padded at its end.

    A cell reaches no further down than its row group. Columns in which no cell begins are none: a browser gives them no
    width, and a colspan of a thousand makes no thousand columns. `width` is the number of columns of the table's rows
    that are not given, `where` stands in messages. Raises LimitError where more slots are filled by repeating cells than are
    left of `repeated`.
    """
    rows = list(_place_rows(groups, repeated, where))
    columns = sorted({reach.begin for row in rows for reach in row} | set(range(width)))
    grid: list[list[Slot[T]]] = []
    count = 0
    for row in rows:
        slots: list[Slot[T]] = []
        for reach in row:
            first = bisect_left(columns, reach.begin)
            across = bisect_left(columns, reach.end) - first - 1 if reach.end > reach.begin + 1 else 0
            count += first - len(slots) + across
            repeated.require(count, where)
            slots += [Slot(None, Place.BELOW)] * (first - len(slots))
            slots.append(Slot(reach.cell, reach.place))
            slots += [Slot(reach.cell, Place.ACROSS if reach.place is Place.FIRST else Place.BELOW)] * across
            count += reach.place is Place.BELOW
        grid.append(slots)
    repeated.spend(count, where)
    return grid


def _place_rows(
    groups: Sequence[Sequence[Sequence[Span[T]]]], repeated: Allowance, where: str | None
) -> Iterator[list[_Reach[T]]]:
    """Each row's cells, those from above among them, in the order of their columns."""
    count = 0
    for group in groups:
        above: list[_Reach[T]] = []
        for index, row in enumerate(group):
            count += len(above)
            repeated.require(count, where)
            placed = _place_row(row, index, len(group), above)
            above = [each.repeat() for each in placed if each.stop > index + 1]
            yield placed


def _place_row(row: Sequence[Span[T]], index: int, height: int, above: list[_Reach[T]]) -> list[_Reach[T]]:
    placed: list[_Reach[T]] = []
    waiting = iter([*above, None])
    following = next(waiting)
    column = 0
    for span in row:
        while following is not None and following.begin <= column:
            placed.append(following)
            column = following.end
            following = next(waiting)
        end = column + span.columns
        if following is not None:
            end = min(end, following.begin)  # a cell from above stands in the way
        stop = height if span.rows == 0 else min(index + span.rows, height)
        placed.append(_Reach(column, end, stop, span.cell, Place.FIRST))
        column = end
    while following is not None:
        placed.append(following)
        following = next(waiting)
    return placed
