"""Tables that are no tables of data: frames around other tables or around the page itself."""

from __future__ import annotations

from dataclasses import dataclass

from etl.extract.html_tags import HEADINGS
from etl.extract.html_tree import Tree

_STRUCTURE = frozenset({"ul", "ol", "dl", "pre", "p"})


@dataclass(slots=True)
class _Content:
    """What stands in a table that the walk is inside of, tables in it left aside."""

    node: int
    stop: int
    rows: int = 0
    cells: int = 0
    titled: bool = False
    heads: int = 0
    headings: int = 0
    structure: int = 0
    text: int = 0
    inner_text: int = 0
    inner_tables: int = 0

    def is_layout(self) -> bool:
        if self.titled or (self.heads and self.rows > 2):
            return False
        if self.inner_tables and (self.rows == 1 or self.inner_text > self.text):
            return True
        if self.heads:
            return False
        if self.headings and self.rows <= 3:
            return True
        return self.rows == 1 and (self.cells == 1 or self.structure > 1)


def find_layout_tables(tree: Tree) -> set[int]:
    """The tables whose cells are to be read as parts of the page.

    A table is layout if its page says so (`role="presentation"`), if tables inside it hold more text than it has of its
    own or it has but one row for them, if it frames headings in up to three rows, or if it is one cell, or one row of
    lists and paragraphs. A table with a caption, or with heads and two more rows, never is.
    """
    layout: set[int] = set()
    open_tables: list[_Content] = []

    def close(node: int) -> None:
        while open_tables and open_tables[-1].stop <= node:
            inner = open_tables.pop()
            if inner.is_layout() or tree.numbers[inner.node] in tree.marked.layout:
                layout.add(inner.node)
            if open_tables:
                open_tables[-1].inner_text += inner.text + inner.inner_text
                open_tables[-1].inner_tables += 1

    for node, name in enumerate(tree.names):
        close(node)
        if name == "table":
            open_tables.append(_Content(node, tree.stops[node]))
        elif open_tables:
            table = open_tables[-1]
            if not name:
                table.text += len(tree.texts[node].strip())
            elif name in {"td", "th"}:
                table.cells += 1
                table.heads += name == "th"
            else:
                table.rows += name == "tr"
                table.titled |= name == "caption"
                table.headings += name in HEADINGS
                table.structure += name in _STRUCTURE
    close(len(tree.names))
    return layout
