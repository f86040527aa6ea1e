"""Which table of the document is which entry of its spec: by layout, header and heading, never by position.

Every table has exactly one entry and every entry at least one table; anything else is a LayoutError that prints both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from etl.errors import LayoutError
from etl.model import Document, Table
from etl.spec import Spec, TableSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignedTable:
    """A table of the document with its entry in the spec; `number` counts the document's tables from 1."""

    number: int
    table: Table
    entry: TableSpec


def assign_tables(document: Document, tables: Sequence[Table], spec: Spec) -> tuple[AssignedTable, ...]:
    """Pair each of `tables` with its entry in `spec`. Raises LayoutError where that cannot be done."""
    entries = _Entries(spec)
    assigned = tuple(
        AssignedTable(number=number, table=table, entry=_find_entry(document, table, entries))
        for number, table in enumerate(tables, start=1)
    )
    found: dict[int, set[str | None]] = defaultdict(set)
    for pair in assigned:
        found[id(pair.entry)].add(pair.table.section)
    for place, entry in enumerate(spec.tables):
        sections = found[id(entry)]
        missing = [section for section in entry.wanted_sections if section not in sections]
        if not sections or missing:
            raise LayoutError(
                "a table of the spec is not in the document",
                where=f"{document.name} (tables.{place} of the spec)",
                found=describe(tables) or f"no table of the layout {entry.layout}",
                expected=f"{entry.layout} with header {list(entry.header)}"
                + (f" under {missing or list(entry.wanted_sections)}" if missing else ""),
                advice="if the page has changed, change the entry; `errcat draft --against` proposes how",
            )
    return assigned


def describe(tables: Sequence[Table]) -> str:
    """The tables as one line of text for a message: layout, lines, heading and header of each."""
    shown = [
        f"{table.layout} at lines {table.line_start}-{table.line_end} under {table.section!r} with header {list(table.header)}"
        for table in tables[:12]
    ]
    return "; ".join(shown) + (f"; and {len(tables) - 12} more" if len(tables) > 12 else "")


class _Entries:
    """The entries of a spec, by all that tells to which of them a table belongs."""

    def __init__(self, spec: Spec) -> None:
        self.all = spec.tables
        self._by_place: dict[tuple[str, tuple[str, ...], str | None], list[TableSpec]] = defaultdict(list)
        for entry in spec.tables:
            for section in entry.wanted_sections or (None,):
                self._by_place[entry.layout, () if entry.headless else entry.header, section].append(entry)

    def under_heading(self, table: Table) -> list[TableSpec]:
        """Those of the table's layout and heading, whatever their heads."""
        return [
            entry
            for entry in self.all
            if entry.layout == table.layout and (not entry.wanted_sections or table.section in entry.wanted_sections)
        ]

    def fitting(self, table: Table) -> list[TableSpec]:
        """Those of the table's layout and heading that have its heads, or are as wide as it where it has none."""
        sections = (None,) if table.section is None else (table.section, None)
        found = [entry for section in sections for entry in self._by_place.get((table.layout, table.header, section), ())]
        return found if table.header else [entry for entry in found if _width_of(table) <= len(entry.columns)]


def _find_entry(document: Document, table: Table, entries: _Entries) -> TableSpec:
    fitting = entries.fitting(table)
    # Without heads only the width tells: an entry of just this width comes before wider ones.
    fitting = [entry for entry in fitting if not entry.headless or len(entry.columns) == _width_of(table)] or fitting
    named = [entry for entry in fitting if entry.wanted_sections] or fitting
    where = f"{document.name}:{table.line_start}"
    if len(named) == 1:
        return named[0]
    if named:
        raise LayoutError(
            "more than one entry of the spec fits this table",
            where=where,
            found=describe([table]),
            expected="exactly one entry",
            advice="tell them apart by `section`",
        )
    candidates = entries.under_heading(table)
    if len(candidates) == 1:
        raise LayoutError(
            "the header is not that of the spec",
            where=where,
            found=_header_of(table),
            expected=str(list(candidates[0].header)),
            advice="if the page has changed, change `columns`; `errcat draft --against` proposes how",
        )
    raise LayoutError(
        "a table that no entry of the spec mentions",
        where=where,
        found=describe([table]),
        expected="; ".join(
            f"{entry.layout} under {list(entry.wanted_sections) or 'any heading'} with header {list(entry.header)}" for entry in entries.all
        ),
        advice="add an entry for it, with `out_of_scope` and the reason if it documents no codes",
    )


def _header_of(table: Table) -> str:
    return str(list(table.header)) if table.header else f"no header, {_width_of(table)} columns"


def _width_of(table: Table) -> int:
    """How many columns a table without heads has; one where it has no rows, as no entry has none."""
    return max((len(row.cells) for row in table.rows), default=1)
