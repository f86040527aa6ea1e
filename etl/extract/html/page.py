"""A page's tree as blocks and tables in document order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from etl.extract.html.definitions import read_definitions
from etl.extract.html.layout import find_definition_lists, find_layout_tables
from etl.extract.html.parts import read_block
from etl.extract.html.table import read_caption, read_table
from etl.extract.html.tags import BLOCKS, BUTTON, HEADINGS, LEFT_OUT
from etl.extract.html.text import is_left_out, read_text
from etl.extract.html.tree import Tree
from etl.model import Block, BlockKind, Table

_CONTENT = frozenset({"main", "article", "section", "td", "th", "blockquote", "details"})
_LISTS = frozenset({"ul", "ol"})
_CHROME = frozenset({"nav", "aside"})
_OWN_BLOCKS = HEADINGS | _LISTS | {"table", "dl", "pre", "summary"}
"""What is read on its own where it stands in a heading, item or term."""

_MOST_BREAKS = 200


@dataclass(slots=True)
class _Open:
    """An element that the walk is inside of, and the section that counts again behind it."""

    name: str
    stop: int
    section: Block | None


def find_title(tree: Tree) -> int:
    """The first `header`, if it has the page's only h1 and no navigation: then it is not the site's. Else -1."""
    if "header" not in tree.names:
        return -1
    node = tree.names.index("header")
    inner = tree.names[node : tree.stops[node]]
    return node if "nav" not in inner and inner.count("h1") == tree.names.count("h1") > 0 else -1


@dataclass(frozen=True, slots=True)
class Part:
    """A block or table of the page, and the nodes that hold its text: those from `first` up to `stop`."""

    block: Block | Table
    first: int
    stop: int


def read_page(tree: Tree) -> list[Block | Table] | None:
    """All blocks and tables of the page, without its navigation and what is not shown.

    None where rows that were read off the source do not stand in a table of data: then the parser must have them all.
    """
    parts = read_parts(tree)
    return None if parts is None else [part.block for part in parts]


def read_parts(tree: Tree) -> list[Part] | None:
    """The same, each with its place in the tree."""
    layout = find_layout_tables(tree)
    if layout is None:
        return None
    reader = _PageReader(tree, layout)
    found = reader.read()
    return None if reader.plain_rows else found


class _PageReader:
    def __init__(self, tree: Tree, layout: set[int]) -> None:
        self.tree = tree
        self.layout = layout
        self.definition_lists = find_definition_lists(tree)
        self.found: list[Part] = []
        self.open: list[_Open] = []
        self.lists = 0  # how many lists are open
        self.content = 0  # how many elements are open in which a header is no header of the page
        self.section: Block | None = None
        self.title = find_title(tree)
        self.plain_rows = set(tree.marked.rows)  # those that were not met yet
        self.run = -1  # first node of the open run of inline nodes
        self.link = -1  # the link that was opened last
        self.run_link = -1  # the link that was open where the run began

    def read(self) -> list[Part]:
        tree = self.tree
        node = 0
        while node < len(tree.names):
            self.leave(node)
            name = tree.names[node]
            if self.is_chrome(node):
                if name in BLOCKS and name not in {LEFT_OUT, BUTTON}:
                    self.flush(node)
                node = tree.stops[node]
            elif name not in BLOCKS and name != "hr":
                self.take_inline(node)
                node += 1
            else:
                self.flush(node)
                node = self.take_block(node)
        self.leave(node)
        self.flush(node)
        return self.found

    def is_chrome(self, node: int) -> bool:
        name = self.tree.names[node]
        if name in {"header", "footer", "address"} and not self.content:
            return node != self.title
        return name in _CHROME or name == BUTTON or is_left_out(self.tree, node)

    def take_inline(self, node: int) -> None:
        if self.run < 0:
            self.run = node
            self.run_link = self.link if self.link >= 0 and self.tree.stops[self.link] > node else -1
        if self.tree.names[node] == "a":
            self.link = node

    def take_block(self, node: int) -> int:
        """Read a block, or enter it; the node to go on with."""
        tree = self.tree
        name = tree.names[node]
        if name in HEADINGS:
            return self.add_own_text("heading", node, int(name[1]))
        if name == "summary":
            return self.add_own_text("heading", node, self.level_below())
        if name == "li":
            return self.add_own_text("item", node, max(self.lists, 1))
        if name == "dt":
            return self.add_own_text("term", node, 0)
        if name == "pre":
            self.add_code(node)
        elif name == "table" and node not in self.layout:
            self.add_table(node)
        elif name == "dl" and node in self.definition_lists:
            self.found.append(Part(read_definitions(tree, node, self.section), node, tree.stops[node]))
        else:
            self.enter(node)
            return node + 1
        return tree.stops[node]

    def enter(self, node: int) -> None:
        name = self.tree.names[node]
        self.open.append(_Open(name, self.tree.stops[node], self.section))
        self.lists += name in _LISTS
        self.content += name in _CONTENT

    def leave(self, node: int) -> None:
        """Close what ends before `node`."""
        while self.open and self.open[-1].stop <= node:
            self.flush(node)
            closed = self.open.pop()
            self.lists -= closed.name in _LISTS
            self.content -= closed.name in _CONTENT
            if closed.name == "details":
                self.section = closed.section

    def flush(self, stop: int) -> None:
        """End the run of inline nodes: it is a paragraph, unless it is blank."""
        if self.run < 0:
            return
        first, self.run = self.run, -1
        kind: BlockKind = "definition" if self.open and self.open[-1].name == "dd" else "paragraph"
        block = self.read_run(kind, first, stop, self.run_link)
        if block is None:
            return
        lines = self.read_lines(kind, first, stop)
        self.found.append(Part(replace(block, lines=tuple(lines)) if len(lines) > 1 else block, first, stop))

    def read_lines(self, kind: BlockKind, first: int, stop: int) -> list[Block]:
        """The lines into which `<br>` breaks a run; [] where there is none, or so many that the run is no paragraph."""
        tree = self.tree
        if not 0 < sum(tree.names[node] == "br" for node in range(first, stop)) <= _MOST_BREAKS:
            return []
        lines: list[Block | None] = []
        begin, link, open_link = first, self.run_link, self.run_link  # of the line; `open_link` is the latest one
        node = first
        while node < stop:
            if tree.names[node] == "br":
                lines.append(self.read_run(kind, begin, node, link))
                begin, link = node + 1, open_link if open_link >= 0 and tree.stops[open_link] > node + 1 else -1
            elif tree.names[node] == "a":
                open_link = node
            node = tree.stops[node] if is_left_out(tree, node) else node + 1
        return [line for line in [*lines, self.read_run(kind, begin, stop, link)] if line is not None]

    def read_run(self, kind: BlockKind, first: int, stop: int, link: int) -> Block | None:
        """A run of inline nodes that begins inside of `link`; None where it is blank."""
        tree, marked = self.tree, self.tree.marked
        texts = [node for node in range(first, stop) if tree.texts[node].strip()]
        if not texts:
            return None
        anchors = [node for node in range(first, texts[0]) if tree.names[node] == "a" and not is_left_out(tree, node)]
        begin, end = tree.begins[[*anchors, *texts][0]], tree.ends[texts[-1]]
        text, links = read_text(tree, first, stop, within_link=link)
        if not text:
            return None
        line_start, line_end = marked.find_lines(begin, end)
        return Block(kind=kind, text=text, raw=marked.source[begin:end], line_start=line_start, line_end=line_end, links=links)

    def add_own_text(self, kind: BlockKind, node: int, level: int) -> int:
        """Add what an element says before its first list, table or other block of its own; the node to go on with."""
        tree = self.tree
        stop = node + 1
        while stop < tree.stops[node] and tree.names[stop] not in _OWN_BLOCKS:
            stop = tree.stops[stop] if is_left_out(tree, stop) else stop + 1
        block = read_block(tree, kind, node, stop, level=level)
        if block.text:
            self.found.append(Part(block, node + 1, stop))
            if kind == "heading":
                self.section = block
        if stop < tree.stops[node]:
            self.enter(node)
        return stop

    def add_table(self, node: int) -> None:
        """Add a table of data, with its caption before it."""
        caption = read_caption(self.tree, node, self.level_below())
        if caption is not None:
            self.found.append(Part(caption, node, node))
        table = read_table(self.tree, node, caption or self.section)
        if any(table.header) or any(cell.text for row in table.rows for cell in row.cells):
            self.found.append(Part(table, node, self.tree.stops[node]))
        self.plain_rows.difference_update(self.tree.numbers[node : self.tree.stops[node]])

    def level_below(self) -> int:
        """The level of a caption or summary, which is below the section that it stands in."""
        return 1 if self.section is None else min(self.section.level + 1, 6)

    def add_code(self, node: int) -> None:
        tree = self.tree
        inner = range(node + 1, tree.stops[node])
        text = "".join("\n" if tree.names[each] == "br" else tree.texts[each] for each in inner).strip("\n")
        if text.strip():
            block = replace(read_block(tree, "code", node, tree.stops[node]), text=text, links=())
            self.found.append(Part(block, node + 1, tree.stops[node]))
