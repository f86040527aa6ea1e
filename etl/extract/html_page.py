"""A page's tree as blocks and tables in document order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from etl.extract.html_definitions import is_definition_table, read_definitions
from etl.extract.html_layout import find_layout_tables
from etl.extract.html_parts import read_block
from etl.extract.html_table import read_table
from etl.extract.html_tags import BLOCKS, BUTTON, HEADINGS, LEFT_OUT
from etl.extract.html_text import is_left_out, read_text
from etl.extract.html_tree import Tree
from etl.model import Block, BlockKind, Table

_INLINE = frozenset({"", "a", "b", "strong", "br"})
_CONTENT = frozenset({"main", "article", "section", "td", "th", "blockquote", "details"})
_LISTS = frozenset({"ul", "ol"})
_CHROME = frozenset({"nav", "aside"})
_OWN_BLOCKS = HEADINGS | _LISTS | {"table", "dl", "pre", "summary"}
"""What is read on its own where it stands in a list item."""


@dataclass(slots=True)
class _Open:
    """An element that the walk is inside of, and the section that counts again behind it."""

    name: str
    stop: int
    section: Block | None


def read_page(tree: Tree) -> list[Block | Table]:
    """All blocks and tables of the page, without its navigation and what is not shown."""
    return _PageReader(tree).read()


class _PageReader:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.found: list[Block | Table] = []
        self.open: list[_Open] = []
        self.lists = 0  # how many lists are open
        self.content = 0  # how many elements are open in which a header is no header of the page
        self.section: Block | None = None
        self.run = -1  # first node of the open run of inline nodes
        self.link = -1  # the link that was opened last
        self.run_link = -1  # the link that was open where the run began

    def read(self) -> list[Block | Table]:
        tree = self.tree
        layout = find_layout_tables(tree)
        node = 0
        while node < len(tree.names):
            self.leave(node)
            name = tree.names[node]
            if self.is_chrome(node):
                if name in BLOCKS and name not in {LEFT_OUT, BUTTON}:
                    self.flush(node)
                node = tree.stops[node]
            elif name in _INLINE:
                self.take_inline(node)
                node += 1
            else:
                self.flush(node)
                node = self.take_block(node, layout)
        self.leave(node)
        self.flush(node)
        return self.found

    def is_chrome(self, node: int) -> bool:
        name = self.tree.names[node]
        if name in {"header", "footer"} and not self.content:
            return True
        return name in _CHROME or name == BUTTON or is_left_out(self.tree, node)

    def take_inline(self, node: int) -> None:
        if self.run < 0:
            self.run = node
            self.run_link = self.link if self.link >= 0 and self.tree.stops[self.link] > node else -1
        if self.tree.names[node] == "a":
            self.link = node

    def take_block(self, node: int, layout: set[int]) -> int:
        """Read a block, or enter it; the node to go on with."""
        tree = self.tree
        name = tree.names[node]
        if name in HEADINGS or name == "summary":
            self.add_heading(node)
        elif name == "pre":
            self.add_code(node)
        elif name == "table" and node not in layout:
            self.found.append(read_table(tree, node, self.section))
        elif name == "dl" and is_definition_table(tree, node):
            self.found.append(read_definitions(tree, node, self.section))
        elif name == "dt":
            self.add_text("term", node + 1, tree.stops[node], tree.begins[node], tree.ends[node])
        else:
            self.enter(node)
            return self.add_item(node) if name == "li" else node + 1
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
        tree, marked = self.tree, self.tree.marked
        texts = [node for node in range(first, stop) if tree.texts[node].strip()]
        if not texts:
            return
        links = [node for node in range(first, texts[0]) if tree.names[node] == "a"]
        begin = tree.begins[links[0]] if links else marked.find_text(tree.begins[texts[0]])
        end = marked.find_text_end(tree.begins[texts[-1]])
        kind: BlockKind = "definition" if self.open and self.open[-1].name == "dd" else "paragraph"
        self.add_text(kind, first, stop, begin, end)

    def add_text(self, kind: BlockKind, first: int, stop: int, begin: int, end: int, *, level: int = 0) -> None:
        text, links = read_text(self.tree, first, stop, within_link=self.run_link)
        if text:
            line_start, line_end = self.tree.marked.find_lines(begin, end)
            raw = self.tree.marked.source[begin:end]
            self.found.append(Block(kind=kind, text=text, raw=raw, line_start=line_start, line_end=line_end, level=level, links=links))

    def add_heading(self, node: int) -> None:
        name = self.tree.names[node]
        below = 1 if self.section is None else min(self.section.level + 1, 6)
        level = below if name == "summary" else int(name[1])
        heading = read_block(self.tree, "heading", node, level=level)
        if heading.text:
            self.section = heading
            self.found.append(heading)

    def add_item(self, node: int) -> int:
        """Add what a list item itself says; the node to go on with, which is its first list, table or other own block."""
        tree = self.tree
        stop = node + 1
        while stop < tree.stops[node] and tree.names[stop] not in _OWN_BLOCKS:
            stop = tree.stops[stop] if is_left_out(tree, stop) else stop + 1
        end = tree.ends[node] if stop == tree.stops[node] else tree.marked.find_text_end(tree.begins[stop - 1])
        self.add_text("item", node + 1, stop, tree.begins[node], end, level=max(self.lists, 1))
        return stop

    def add_code(self, node: int) -> None:
        tree = self.tree
        text = "".join(tree.texts[node + 1 : tree.stops[node]]).strip("\n")
        if text.strip():
            self.found.append(replace(read_block(tree, "code", node), text=text, links=()))
