"""HTML tables as neutral tables.

    <table><caption>Errors<thead><tr><th>Code<th>Text<tbody>
    <tr><td colspan=2>Orders          a section row: the group of the rows below it
    <tr><td>4001<td>Unknown <b>order</b>
    </table>
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from etl.extract.html.grid import Place, Slot, Span, expand_spans
from etl.extract.html.parts import claim_heading, claim_markup, read_block, read_cell
from etl.extract.html.rows import is_bold
from etl.extract.html.text import is_left_out
from etl.extract.html.tree import Tree
from etl.model import Block, Cell, Claim, ClaimKind, Row, Table
from etl.text import join_lines

_CELLS = frozenset({"td", "th"})
_ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_BOLD = frozenset({"b", "strong"})


@dataclass(slots=True)
class _SourceRow:
    """A row before its table is understood; a cell is a node, or was read already. `extent` are offsets."""

    cells: list[int | Cell]
    in_head: bool
    extent: tuple[int, int]
    lines: tuple[int, int]
    slots: list[Slot[int | Cell]] = field(default_factory=list)


@dataclass(slots=True)
class _PlainRows:
    """Rows that were read already, that no cell from above reaches into, and that are behind at least two other rows."""

    rows: list[Row]
    extent: tuple[int, int]


def read_caption(tree: Tree, node: int, level: int) -> Block | None:
    """The caption of the `table` element as a heading of this level."""
    for child in tree.children(node):
        if tree.names[child] == "caption" and not is_left_out(tree, child):
            caption = read_block(tree, "heading", child, tree.stops[child], level=level)
            return caption if caption.text else None
    return None


def read_table(tree: Tree, node: int, title: Block | None) -> Table:
    """The `table` element as a table of data; `title` is its caption, else the heading under which it stands.

    Raises LimitError where its cells span too much.
    """
    return _TableReader(tree, node, title).read()


class _TableReader:
    def __init__(self, tree: Tree, node: int, title: Block | None) -> None:
        self.tree = tree
        self.node = node
        self.nodes_read: dict[int, Cell] = {}
        self.covered: list[tuple[int, int]] = []  # offsets of the rows and claims
        self.rows = self.collect_rows()
        self.columns = max((_count_columns(row) for row in self.rows), default=0)
        self.title = title
        self.claims = list(claim_heading(title))

    def read(self) -> Table:
        marked = self.tree.marked
        heads, others = self.split_header()
        header = self.join_heads(heads)
        for row in heads:
            self.claim("header", row.lines)
            self.covered.append(row.extent)
        rows = tuple(self.read_rows(others, header, [self.read_texts(row) for row in heads]))
        begin, end = self.tree.begins[self.node], self.tree.ends[self.node]
        captions = [child for child in self.tree.children(self.node) if self.tree.names[child] == "caption"]
        self.covered += [(self.tree.begins[caption], self.tree.ends[caption]) for caption in captions]
        line_start, line_end = marked.find_lines(begin, end)
        self.claims += claim_markup(marked, begin, end, self.covered)
        return Table(
            layout="html_table",
            section=None if self.title is None else self.title.text,
            header=header,
            rows=rows,
            line_start=line_start,
            line_end=line_end,
            claims=tuple(sorted(self.claims, key=lambda claim: (claim.line_start, claim.line_end))),
        )

    def collect_rows(self) -> list[_SourceRow | _PlainRows]:
        """The rows in document order, with their cells where a browser shows them."""
        tree, marked = self.tree, self.tree.marked
        collected: list[_SourceRow | _PlainRows] = []
        groups: list[list[_SourceRow]] = []
        for group in tree.children(self.node):
            if tree.names[group] not in _ROW_GROUPS or is_left_out(tree, group):
                continue
            nodes = [node for node in tree.children(group) if tree.names[node] == "tr" and not is_left_out(tree, node)]
            in_head = tree.names[group] == "thead"
            rows = [self.open_row(node, in_head=in_head) for node in nodes]
            reaching = any(self.span_of(cell)[1] != 1 for row in rows for cell in row.cells)
            groups.append([])
            for node, row in zip(nodes, rows, strict=True):
                plain = marked.rows.get(tree.numbers[node], [])
                apart = len(plain) if in_head or reaching else 2
                opened = [_open_plain(each, row) for each in plain[:apart]] if plain else [row]
                groups[-1] += opened
                collected += opened
                if plain[apart:]:
                    collected.append(_PlainRows(plain[apart:], row.extent))
        if all(isinstance(row, _SourceRow) and (row.in_head or not row.cells) for row in collected):
            for head in (row for rows in groups for row in rows):
                head.in_head = False  # a head without a body has the rows
        opened_rows = [row for rows in groups for row in rows]
        if all(self.span_of(cell) == (1, 1) for row in opened_rows for cell in row.cells):
            for row in opened_rows:
                row.slots = [Slot(cell, Place.FIRST) for cell in row.cells]
            return collected
        width = max((_count_columns(row) for row in collected if isinstance(row, _PlainRows)), default=0)
        where = marked.find_place(tree.begins[self.node])
        spans = [[[Span(cell, *self.span_of(cell)) for cell in row.cells] for row in rows] for rows in groups]
        for row, slots in zip(opened_rows, expand_spans(spans, marked.repeated, width=width, where=where), strict=True):
            row.slots = slots
        return collected

    def open_row(self, node: int, *, in_head: bool) -> _SourceRow:
        tree = self.tree
        cells: list[int | Cell] = [
            cell for cell in tree.children(node) if tree.names[cell] in _CELLS and not is_left_out(tree, cell)
        ]
        begin, end = tree.begins[node], tree.ends[node]
        if tree.numbers[node] < 0 and isinstance(cells[0], int):
            begin = tree.begins[cells[0]]  # no <tr> is printed: the row begins with its first cell
        return _SourceRow(cells, in_head, (begin, end), tree.marked.find_lines(begin, end))

    def span_of(self, cell: int | Cell) -> tuple[int, int]:
        """How many columns and rows a cell is said to span."""
        return (1, 1) if isinstance(cell, Cell) else self.tree.marked.spans.get(self.tree.numbers[cell], (1, 1))

    def read_cell(self, cell: int | Cell) -> Cell:
        if isinstance(cell, Cell):
            return cell
        found = self.nodes_read.get(cell)
        if found is None:
            found = self.nodes_read[cell] = read_cell(self.tree, cell)
        return found

    def read_texts(self, row: _SourceRow) -> list[str]:
        return [self.read_cell(cell).text for cell in row.cells]

    def split_header(self) -> tuple[list[_SourceRow], list[_SourceRow | _PlainRows]]:
        """The header rows, and all others; rows that one cell spans stay with the others even where they stand above."""
        heads: list[_SourceRow] = []
        others: list[_SourceRow | _PlainRows] = []
        for index, row in enumerate(self.rows):
            if isinstance(row, _PlainRows):
                others += self.rows[index:]
                break
            if not row.cells or self.spans_all(row):
                others.append(row)
            elif row.in_head or self.is_all_heads(row):
                heads.append(row)
            elif not heads and self.is_bold(row) and not any(self.is_bold(below) for below in self.rows[index + 1 : index + 2]):
                heads.append(row)
                others += self.rows[index + 1 :]
                break
            else:
                others += self.rows[index:]
                break
        if len(heads) > 1 and all(isinstance(row, _SourceRow) and (not row.cells or self.spans_all(row)) for row in others):
            others += heads[1:]  # nothing but heads: the first row of them is the header
            heads = heads[:1]
        return heads, others

    def is_all_heads(self, row: _SourceRow) -> bool:
        """Whether a row holds nothing but `th`, a blank corner aside."""
        names = ["" if isinstance(cell, Cell) else self.tree.names[cell] for cell in row.cells]
        if names[0] == "td" and len(names) > 1 and not self.read_cell(row.cells[0]).text:
            del names[0]
        return all(name == "th" for name in names)

    def is_bold(self, row: _SourceRow | _PlainRows) -> bool:
        """Whether a row of two cells or more is bold in all its text."""
        full = [cell for cell in row.cells if self.read_cell(cell).text] if isinstance(row, _SourceRow) else []
        return len(full) > 1 and all(is_bold(cell) if isinstance(cell, Cell) else self.is_bold_node(cell) for cell in full)

    def is_bold_node(self, cell: int) -> bool:
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

    def spans_all(self, row: _SourceRow) -> bool:
        """Whether one cell, with text or without, is all of the row and reaches over more than half of the columns."""
        return len(row.cells) == 1 and self.span_of(row.cells[0])[0] > 1 and _is_filled(row, self.columns)

    def join_heads(self, heads: list[_SourceRow]) -> tuple[str, ...]:
        parts: list[list[str]] = [[] for _ in range(max((len(row.slots) for row in heads), default=0))]
        for row in heads:
            for column, slot in zip(parts, row.slots, strict=False):
                if slot.cell is not None and slot.place is not Place.BELOW:
                    column.append(self.read_cell(slot.cell).text)
        return tuple(join_lines(column) for column in parts)

    def read_rows(self, rows: list[_SourceRow | _PlainRows], header: tuple[str, ...], heads: list[list[str]]) -> Iterator[Row]:
        """The rows of data; what stands between them is claimed, unless it is text that no row stands below."""
        group: str | None = None
        waiting: list[_SourceRow] = []  # section rows with no row below them yet
        repeated = [*heads, list(header)] if heads else []
        for row in rows:
            if isinstance(row, _SourceRow) and (not row.cells or self.spans_all(row)):
                text = self.read_cell(row.cells[0]).text if row.cells else ""
                if text:
                    group = text
                    waiting.append(row)
                continue
            for above in waiting:
                self.claim("group", above.lines)
                self.covered.append(above.extent)
            waiting.clear()
            self.covered.append(row.extent)
            if isinstance(row, _PlainRows):
                for plain in row.rows:
                    if repeated and [cell.text for cell in plain.cells] in repeated:
                        self.claim("header", (plain.line_start, plain.line_end))
                    else:
                        yield plain if group is None else replace(plain, group=group)
            elif repeated and self.read_texts(row) in repeated:
                self.claim("header", row.lines)
            else:
                yield self.read_row(row, group)

    def claim(self, kind: ClaimKind, lines: tuple[int, int]) -> None:
        self.claims.append(Claim(kind=kind, line_start=lines[0], line_end=lines[1]))

    def read_row(self, row: _SourceRow, group: str | None) -> Row:
        line_start, line_end = row.lines
        cells = []
        for slot in row.slots:
            if slot.cell is None:
                cells.append(Cell(text="", raw="", line_start=line_start, line_end=line_start, spanned=True))
            elif slot.place is Place.FIRST:
                cells.append(self.read_cell(slot.cell))
            else:
                cells.append(replace(self.read_cell(slot.cell), spanned=True))
        return Row(cells=tuple(cells), line_start=line_start, line_end=line_end, group=group)


def _is_filled(row: _SourceRow, columns: int) -> bool:
    return columns > 1 and len(row.slots) * 2 > columns and all(slot.cell == row.cells[0] for slot in row.slots)


def _open_plain(plain: Row, place: _SourceRow) -> _SourceRow:
    return _SourceRow(list(plain.cells), place.in_head, place.extent, (plain.line_start, plain.line_end))


def _count_columns(row: _SourceRow | _PlainRows) -> int:
    if isinstance(row, _PlainRows):
        return max(len(plain.cells) for plain in row.rows)
    return len(row.slots)
