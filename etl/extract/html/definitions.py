"""Definition lists as tables of two columns: `<dl><dt>4001<dd>Unknown order</dl>`."""

from __future__ import annotations

import html
from dataclasses import replace

from etl.extract.html.parts import claim_heading, claim_markup, read_cell
from etl.extract.html.text import is_left_out
from etl.extract.html.tree import Tree
from etl.model import Block, Cell, Row, Table
from etl.text import join_parts


def read_definitions(tree: Tree, node: int, section: Block | None) -> Table:
    """The `dl` element as a table: a row for each term, with its definition; several definitions of a term are items."""
    rows: list[Row] = []
    terms: list[int] = []
    definitions: list[int] = []
    covered: list[tuple[int, int]] = []
    for part in [*_parts(tree, node), -1]:
        if part < 0 or (tree.names[part] == "dt" and definitions):
            rows += _read_rows(tree, terms, definitions)
            covered += [(tree.begins[each], tree.ends[each]) for each in (*terms, *definitions)]
            terms, definitions = [], []
        if part >= 0:
            (terms if tree.names[part] == "dt" else definitions).append(part)
    begin, end = tree.begins[node], tree.ends[node]
    line_start, line_end = tree.marked.find_lines(begin, end)
    return Table(
        layout="definition_list",
        section=None if section is None else section.text,
        header=(),
        rows=tuple(rows),
        line_start=line_start,
        line_end=line_end,
        claims=(*claim_heading(section), *claim_markup(tree.marked, begin, end, covered)),
    )


def _parts(tree: Tree, node: int) -> list[int]:
    """The terms and definitions of a list, which may stand in `div`s."""
    found: list[int] = []
    child = node + 1
    while child < tree.stops[node]:
        name = tree.names[child]
        if name in {"dt", "dd"} and not is_left_out(tree, child):
            found.append(child)
        child = child + 1 if name == "div" and not is_left_out(tree, child) else tree.stops[child]
    return found


def _read_rows(tree: Tree, terms: list[int], definitions: list[int]) -> list[Row]:
    definition = _join_cells(tree, [read_cell(tree, node) for node in definitions], definitions)
    rows = []
    for index, term in enumerate(terms):
        cell = read_cell(tree, term)
        cells = [cell] if definition is None else [cell, replace(definition, spanned=index > 0)]
        rows.append(Row(cells=tuple(cells), line_start=cell.line_start, line_end=cells[-1].line_end))
    if not terms and definition is not None:
        empty = Cell(text="", raw="", line_start=definition.line_start, line_end=definition.line_start)
        rows.append(Row(cells=(empty, definition), line_start=definition.line_start, line_end=definition.line_end))
    return rows


def _join_cells(tree: Tree, cells: list[Cell], nodes: list[int]) -> Cell | None:
    """Several definitions as one cell, which holds each as an item."""
    if len(cells) < 2:
        return cells[0] if cells else None
    return Cell(
        text=join_parts([(True, cell.text) for cell in cells]),
        raw=html.unescape(tree.marked.source[tree.inner_begins[nodes[0]] : tree.inner_ends[nodes[-1]]]).strip(),
        line_start=cells[0].line_start,
        line_end=cells[-1].line_end,
        links=tuple(link for cell in cells for link in cell.links),
    )
