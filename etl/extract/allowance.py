"""How much a page may make of itself: a few bytes that ask for a million cells or characters are stopped, not obeyed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from etl.limits import Limits, refuse
from etl.model import Block, Document, Table

MAX_EXPANSION = 10_000
"""Characters that one name of a page (`|name|`, `{name}`) may stand for; a longer one stays as printed."""


@dataclass(slots=True)
class Allowance:
    """What is left of the limit `name` for all of one `document`; `problem` is what is wrong with one that wants more."""

    document: str
    limits: Limits
    name: str
    problem: str
    spent: int = 0

    def require(self, amount: int, where: str | None = None) -> None:
        """Raises LimitError where the document has less left than `amount`."""
        limit: int = getattr(self.limits, self.name)
        if self.spent + amount > limit:
            raise refuse(self.name, limit, self.problem, where=where or self.document)

    def spend(self, amount: int, where: str | None = None) -> None:
        """Take `amount` of what is left. Raises LimitError as `require` does."""
        self.require(amount, where)
        self.spent += amount


def allow_repeated(document: str, limits: Limits) -> Allowance:
    """The cells that spans and repetitions may add to those that are printed."""
    return Allowance(document, limits, "max_repeated", "cells of tables are repeated too often")


def allow_expanded(document: str, limits: Limits) -> Allowance:
    """The characters that the names of a page may stand for."""
    return Allowance(document, limits, "max_expanded", "names that the page defines stand for too much text")


def require_tables(document: Document, blocks: Iterable[Block | Table]) -> None:
    """Raises LimitError where a table among `blocks` has too many columns, or all of them hold too much text."""
    characters = Allowance(document.name, document.limits, "max_characters", "the tables hold too much text")
    for block in blocks:
        if isinstance(block, Table):
            require_columns(document, _count_columns(block), block.line_start)
            characters.spend(_count_characters(block), f"{document.name}:{block.line_start}")


def require_columns(document: Document, columns: int, line: int) -> None:
    """Raises LimitError where the table that begins at `line` has too many columns."""
    if columns > document.limits.max_columns:
        raise refuse("max_columns", document.limits.max_columns, "a table has too many columns", where=f"{document.name}:{line}")


def is_within_limits(document: Document, table: Table) -> bool:
    """Whether a table by itself has no more columns and no more text than the tables of `document` may have."""
    return _count_columns(table) <= document.limits.max_columns and _count_characters(table) <= document.limits.max_characters


def _count_columns(table: Table) -> int:
    return max([len(table.header), *(len(row.cells) for row in table.rows)])


def _count_characters(table: Table) -> int:
    """The characters of a table's rows: those of cells that are repeated, and of the headings that all rows bear, each time."""
    heading = len(table.section or "")
    return sum(heading + len(row.group or "") + sum([len(cell.text) for cell in row.cells]) for row in table.rows)
