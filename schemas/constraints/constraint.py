"""A constraint says of each row of one table whether something holds there, looking at all tables as they are.

    @of_each_row("tables", "line_start", "line_end", expected="line_start <= line_end")
    def lines_ordered(line_start: int, line_end: int) -> bool: …

    @of_table("sources", "records", "source", expected="the number of rows of status_codes with that source")
    def records_counted(catalogue: Catalogue) -> list[bool]: …

The function's name is the constraint's. Values are Python objects, None for null; that columns, types and nesting are right
and that nothing is null which may not be has been checked before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from schemas.frames import column_values


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """The frames of all tables, read column by column; each column is taken out of its frame once."""

    frames: Mapping[str, pd.DataFrame]
    _taken: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def column(self, table: str, name: str) -> list[Any]:
        """The values of a column as Python objects, None for null."""
        if (table, name) not in self._taken:
            self._taken[table, name] = column_values(self.frames[table][name])
        return self._taken[table, name]

    def rows(self, table: str, *names: str) -> Iterator[tuple[Any, ...]]:
        """Row by row, the values of the columns in the order asked for."""
        return zip(*(self.column(table, name) for name in names), strict=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraint:
    """`judge` gives one truth per row of `table`. `shows` are the columns whose values a report prints, the first one the culprit."""

    name: str
    table: str
    shows: tuple[str, ...]
    expected: str
    judge: Callable[[Catalogue], list[bool]]


def of_each_row(table: str, *columns: str, expected: str) -> Callable[[Callable[..., bool]], Constraint]:
    """Make a constraint of a function that judges one row by the values of `columns`."""

    def make(holds: Callable[..., bool]) -> Constraint:
        def judge(catalogue: Catalogue) -> list[bool]:
            return [holds(*values) for values in catalogue.rows(table, *columns)]

        return Constraint(name=holds.__name__, table=table, shows=columns, expected=expected, judge=judge)

    return make


def of_table(table: str, *shows: str, expected: str) -> Callable[[Callable[[Catalogue], list[bool]]], Constraint]:
    """Make a constraint of a function that judges all rows of `table` at once."""

    def make(judge: Callable[[Catalogue], list[bool]]) -> Constraint:
        return Constraint(name=judge.__name__, table=table, shows=shows, expected=expected, judge=judge)

    return make
