"""Where things stand in the document: lines in order, rows inside their table, cells under its heads."""

from __future__ import annotations

from itertools import pairwise

from schemas.constraints.constraint import Catalogue, Constraint, of_table


def _make_lines_ordered(table: str) -> Constraint:
    def judge(catalogue: Catalogue) -> list[bool]:
        return [line_start <= line_end for line_start, line_end in catalogue.rows(table, "line_start", "line_end")]

    return Constraint(name="lines_ordered", table=table, shows=("line_start", "line_end"), expected="line_start <= line_end", judge=judge)


def _make_document_order(table: str, *order: str) -> Constraint:
    def judge(catalogue: Catalogue) -> list[bool]:
        rows = list(catalogue.rows(table, "source", *order))
        return [True] * min(len(rows), 1) + [before[0] != row[0] or before <= row for before, row in pairwise(rows)]

    return Constraint(
        name="document_order",
        table=table,
        shows=tuple(reversed(order)),
        expected=f"{' and '.join(order)} not below those of the row before",
        judge=judge,
    )


@of_table("tables", "table", "source", expected="tables of a source counted 1, 2, 3 …")
def tables_counted_up(catalogue: Catalogue) -> list[bool]:
    expected: dict[str, int] = {}
    holds = []
    for source, table in catalogue.rows("tables", "source", "table"):
        expected[source] = expected.get(source, 0) + 1
        holds.append(table == expected[source])
    return holds


@of_table("status_codes", "line_start", "line_end", "table", expected="lines inside those of the row's table")
def row_inside_table(catalogue: Catalogue) -> list[bool]:
    lines = {
        (source, table): (line_start, line_end)
        for source, table, line_start, line_end in catalogue.rows("tables", "source", "table", "line_start", "line_end")
    }
    return [
        (source, table) not in lines or (lines[source, table][0] <= line_start and line_end <= lines[source, table][1])
        for source, table, line_start, line_end in catalogue.rows("status_codes", "source", "table", "line_start", "line_end")
    ]


@of_table("status_codes", "raw", "table", expected="cells under heads that the row's table has")
def raw_under_heads(catalogue: Catalogue) -> list[bool]:
    heads = {
        (source, table): {column["column"] for column in columns}
        for source, table, columns in catalogue.rows("tables", "source", "table", "columns")
    }
    return [
        (source, table) not in heads or all(cell["column"] in heads[source, table] for cell in raw)
        for source, table, raw in catalogue.rows("status_codes", "source", "table", "raw")
    ]


@of_table("status_codes", "table", "source", expected="a table that is in scope")
def table_in_scope(catalogue: Catalogue) -> list[bool]:
    in_scope = {(source, table): scope for source, table, scope in catalogue.rows("tables", "source", "table", "in_scope")}
    return [in_scope.get(key, True) for key in catalogue.rows("status_codes", "source", "table")]


CONSTRAINTS = (
    *(_make_lines_ordered(table) for table in ("status_codes", "tables", "terms")),
    _make_document_order("status_codes", "table", "line_start"),
    _make_document_order("tables", "line_start"),
    _make_document_order("terms", "line_start"),
    tables_counted_up,
    row_inside_table,
    raw_under_heads,
    table_in_scope,
)
