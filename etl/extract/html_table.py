"""HTML tables as neutral tables.

    <table><caption>Errors<thead><tr><th>Code<th>Text<tbody>
    <tr><td colspan=2>Orders          a section row: the group of the rows below it
    <tr><td>4001<td>Unknown <b>order</b>
    </table>
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, replace

from etl.extract.html_grid import Place, Slot, Span, expand_spans
from etl.extract.html_source import TOKEN
from etl.extract.html_text import is_left_out, read_text
from etl.extract.html_tree import Lines, Tree
from etl.model import Block, Cell, Claim, ClaimKind, Row, Table
from etl.text import join_lines

_CELLS = frozenset({"td", "th"})
_ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_BOLD = frozenset({"b", "strong"})


@dataclass(slots=True)
class _SourceRow:
    """A `tr` before its table is understood."""

    node: int
    cells: list[int]
    slots: list[Slot[int]]
    in_head: bool


def read_table(tree: Tree, lines: Lines, table: int, section: Block | None) -> Table:
    """The `table` element as a table of data; `section` is the heading under which it stands, unless it has a caption."""
    return _TableReader(tree, lines, table).read(section)


class _TableReader:
    def __init__(self, tree: Tree, lines: Lines, table: int) -> None:
        self.tree = tree
        self.lines = lines
        self.table = table
        self.read_cells: dict[int, Cell] = {}
        self.claims: list[Claim] = []
        self.covered: list[tuple[int, int]] = []  # offsets of rows and caption, claimed or rows

    def read(self, section: Block | None) -> Table:
        tree, lines = self.tree, self.lines
        rows = self.collect_rows()
        columns = max((len(row.slots) for row in rows), default=0)
        caption = self.read_caption()
        title = caption or section
        self.claims += claim_heading(title)
        heads, body = self.split_header(rows, columns)
        header = self.join_heads(heads)
        read_rows = tuple(self.read_body(body, header, [self.read_head(row) for row in heads], columns))
        begin, end = tree.begins[self.table], tree.ends[self.table]
        line_start, line_end = lines.line_at(begin), lines.line_before(begin, end)
        self.claims += claim_markup(tree.marked.source, lines, begin, end, self.covered)
        return Table(
            layout="html_table",
            section=None if title is None else title.text,
            header=header,
            rows=read_rows,
            line_start=line_start,
            line_end=line_end,
            claims=tuple(sorted(self.claims, key=lambda claim: (claim.line_start, claim.line_end))),
        )

    def read_caption(self) -> Block | None:
        for child in self.tree.children(self.table):
            if self.tree.names[child] == "caption" and not is_left_out(self.tree, child):
                self.covered.append((self.tree.begins[child], self.tree.ends[child]))
                return read_heading(self.tree, self.lines, child, 6)
        return None

    def collect_rows(self) -> list[_SourceRow]:
        tree = self.tree
        groups: list[tuple[bool, list[int]]] = []
        for child in tree.children(self.table):
            if tree.names[child] in _ROW_GROUPS and not is_left_out(tree, child):
                found = [row for row in tree.children(child) if tree.names[row] == "tr" and not is_left_out(tree, row)]
                groups.append((tree.names[child] == "thead", found))
        has_body = any(not in_head and any(self.cells_of(row) for row in found) for in_head, found in groups)
        spans = [
            [[Span(cell, *tree.marked.spans.get(tree.numbers[cell], (1, 1))) for cell in self.cells_of(row)] for row in found]
            for _, found in groups
        ]
        grid = iter(expand_spans(spans))
        return [
            _SourceRow(row, cells, next(grid), in_head and has_body)
            for (in_head, found), group in zip(groups, spans, strict=True)
            for row, cells in zip(found, ([span.cell for span in row_spans] for row_spans in group), strict=True)
        ]

    def cells_of(self, row: int) -> list[int]:
        tree = self.tree
        return [cell for cell in tree.children(row) if tree.names[cell] in _CELLS and not is_left_out(tree, cell)]

    def split_header(self, rows: list[_SourceRow], columns: int) -> tuple[list[_SourceRow], list[_SourceRow]]:
        """The header rows, and all other rows: section rows above the header stay with the rows."""
        heads: list[_SourceRow] = []
        others: list[_SourceRow] = []
        for index, row in enumerate(rows):
            if not row.cells or self.spans_all(row, columns):
                others.append(row)
            elif row.in_head or self.is_all(row, "th"):
                heads.append(row)
            elif not heads and self.is_bold(row) and not any(self.is_bold(below) for below in rows[index + 1 : index + 2]):
                heads.append(row)
                others += rows[index + 1 :]
                break
            else:
                others += rows[index:]
                break
        if len(heads) > 1 and not any(row.cells and not self.spans_all(row, columns) for row in others):
            others += heads[1:]
            heads = heads[:1]
        return heads, others

    def is_all(self, row: _SourceRow, name: str) -> bool:
        return all(self.tree.names[cell] == name for cell in row.cells)

    def is_bold(self, row: _SourceRow) -> bool:
        """Whether a row of two cells or more is bold in all its text."""
        bold = [self.is_bold_cell(cell) for cell in row.cells if self.read_cell(cell).text]
        return len(bold) > 1 and all(bold)

    def is_bold_cell(self, cell: int) -> bool:
        tree = self.tree
        node = cell + 1
        while node < tree.stops[cell]:
            if tree.names[node] in _BOLD:
                node = tree.stops[node]
                continue
            if tree.texts[node].strip():
                return False
            node += 1
        return True

    def spans_all(self, row: _SourceRow, columns: int) -> bool:
        """Whether one cell, with text or without, is all of the row and reaches over all columns."""
        if len(row.cells) != 1 or len(row.slots) != columns:
            return False
        printed, _ = self.tree.marked.spans.get(self.tree.numbers[row.cells[0]], (1, 1))
        return printed > 1 and all(slot.cell == row.cells[0] for slot in row.slots)

    def join_heads(self, heads: list[_SourceRow]) -> tuple[str, ...]:
        width = max((len(row.slots) for row in heads), default=0)
        parts: list[list[str]] = [[] for _ in range(width)]
        for row in heads:
            for column, slot in zip(parts, row.slots, strict=False):
                if slot.cell is not None and slot.place is not Place.BELOW:
                    column.append(self.read_cell(slot.cell).text)
        return tuple(join_lines(column) for column in parts)

    def read_head(self, row: _SourceRow) -> list[str]:
        self.claim("header", row)
        return [self.read_cell(cell).text for cell in row.cells]

    def read_body(self, rows: list[_SourceRow], header: tuple[str, ...], heads: list[list[str]], columns: int) -> Iterator[Row]:
        group: str | None = None
        waiting: list[_SourceRow] = []  # section rows with no row below them yet
        for row in rows:
            if not row.cells:
                continue
            if self.spans_all(row, columns):
                text = self.read_cell(row.cells[0]).text
                if text:
                    group = text
                    waiting.append(row)
                continue
            texts = [self.read_cell(cell).text for cell in row.cells]
            if heads and (texts in heads or tuple(texts) == header):
                self.claim("header", row)
                continue
            for above in waiting:
                self.claim("group", above)
            waiting.clear()
            yield self.read_row(row, group)

    def claim(self, kind: ClaimKind, row: _SourceRow) -> None:
        begin, end = self.extent(row)
        self.covered.append((begin, end))
        self.claims.append(Claim(kind=kind, line_start=self.lines.line_at(begin), line_end=self.lines.line_before(begin, end)))

    def extent(self, row: _SourceRow) -> tuple[int, int]:
        tree = self.tree
        begin = tree.begins[row.node]
        if tree.numbers[row.node] < 0:  # no <tr> is printed: the row begins with its first cell
            begin = tree.begins[row.cells[0]]
        return begin, tree.ends[row.node]

    def read_row(self, row: _SourceRow, group: str | None) -> Row:
        begin, end = self.extent(row)
        self.covered.append((begin, end))
        line_start, line_end = self.lines.line_at(begin), self.lines.line_before(begin, end)
        cells = []
        for slot in row.slots:
            if slot.cell is None:
                cells.append(Cell(text="", raw="", line_start=line_start, line_end=line_start, spanned=True))
            elif slot.place is Place.FIRST:
                cells.append(self.read_cell(slot.cell))
            else:
                cells.append(replace(self.read_cell(slot.cell), spanned=True))
        return Row(cells=tuple(cells), line_start=line_start, line_end=line_end, group=group)

    def read_cell(self, node: int) -> Cell:
        found = self.read_cells.get(node)
        if found is None:
            found = self.read_cells[node] = read_cell(self.tree, self.lines, node)
        return found


def claim_heading(heading: Block | None) -> tuple[Claim, ...]:
    """The lines of the heading that a table takes for its section."""
    if heading is None:
        return ()
    return (Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end),)


def claim_markup(source: str, lines: Lines, begin: int, end: int, covered: list[tuple[int, int]]) -> Iterator[Claim]:
    """The lines from `begin` to `end`, outside the covered offsets, that hold nothing but tags, comments and blanks."""
    taken = {line for start, stop in covered for line in (lines.line_at(start), lines.line_before(start, stop))}
    bare: list[int] = []
    position = begin
    for start, stop in [*sorted(covered), (end, end)]:
        if start > position:
            rest = TOKEN.sub(lambda match: "\n" * match[0].count("\n"), source[position:start])
            for line, text in enumerate(rest.split("\n"), lines.line_at(position)):
                if line not in taken and not text.strip() and (not bare or line > bare[-1]):
                    bare.append(line)
        position = max(position, stop)
    for index, line in enumerate(bare):
        if index == 0 or line > bare[index - 1] + 1:
            first = line
        if index + 1 == len(bare) or bare[index + 1] > line + 1:
            yield Claim(kind="markup", line_start=first, line_end=line)


def read_heading(tree: Tree, lines: Lines, node: int, level: int) -> Block:
    """A heading, caption or summary as a block."""
    begin, end = tree.begins[node], tree.ends[node]
    text, links = read_text(tree, node + 1, tree.stops[node])
    return Block(
        kind="heading",
        text=text,
        raw=tree.marked.source[begin:end],
        line_start=lines.line_at(begin),
        line_end=lines.line_before(begin, end),
        level=level,
        links=links,
    )


def read_cell(tree: Tree, lines: Lines, node: int) -> Cell:
    """A `td` or `th` (or `dt`, `dd`) as a cell."""
    begin, end = tree.begins[node], tree.ends[node]
    text, links = read_text(tree, node + 1, tree.stops[node])
    return Cell(
        text=text,
        raw=html.unescape(tree.inner_source(node)).strip(),
        line_start=lines.line_at(begin),
        line_end=lines.line_before(begin, end),
        links=links,
    )

