"""Tables and definition lists that are no data: frames around other tables or around the page itself."""

from __future__ import annotations

from dataclasses import dataclass

from etl.extract.html.tags import HEADINGS
from etl.extract.html.tree import Tree

_PAGE_PARTS = HEADINGS | {"table"}
_STRUCTURE = frozenset({"ul", "ol", "dl", "pre"})
_COUNTED = HEADINGS | _STRUCTURE | {"", "br", "table", "caption", "tr", "td", "th"}


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
    breaks: int = 0
    text: int = 0
    inner_text: int = 0
    inner_tables: int = 0
    plain: int = 0

    def is_layout(self) -> bool:
        if self.titled or (self.heads and self.rows > 2):
            return False
        if self.inner_tables and (self.rows == 1 or self.inner_text > self.text):
            return True
        if self.heads:
            return False
        if self.headings and self.rows <= 3:
            return True
        if self.rows == 1:
            return self.cells == 1 or self.structure > 1
        return self.cells == self.rows <= self.breaks

    def may_be_layout(self) -> bool:
        """Whether the parser must have the rows that were read off the source, for it to be said."""
        return self.inner_tables > 0 or self.headings > 0 or self.rows == 1 or self.cells == self.rows - self.plain


def find_layout_tables(tree: Tree) -> set[int] | None:
    """The tables whose cells are to be read as parts of the page.

    A table is layout if its page says so (`role="presentation"`), if tables inside it hold more text than it has of its
    own or it has but one row for them, if it frames headings in up to three rows, if it is one cell or one row of lists, or
    if it is one column without heads whose cells are broken into lines. A table with a caption, or with heads and two more
    rows, never is. None where that cannot be said because plain rows were read off the source: they are not in the tree.
    """
    layout: set[int] = set()
    open_tables: list[_Content] = []
    counted = _COUNTED if _has_table_in_table(tree) else _COUNTED - {""}  # texts are compared with those of inner tables only
    end = len(tree.names)
    for node in [*(node for node, name in enumerate(tree.names) if name in counted), end]:
        while open_tables and open_tables[-1].stop <= node:
            table = open_tables.pop()
            said = tree.numbers[table.node] in tree.marked.layout
            if table.plain and (said or open_tables or table.may_be_layout()):
                return None
            if said or table.is_layout():
                layout.add(table.node)
            if open_tables:
                open_tables[-1].inner_text += table.text + table.inner_text
                open_tables[-1].inner_tables += 1
        if node == end:
            break
        name = tree.names[node]
        if name == "table":
            open_tables.append(_Content(node, tree.stops[node]))
        elif open_tables:
            table = open_tables[-1]
            if not name:
                table.text += len(tree.texts[node].strip())
            elif name in {"td", "th"}:
                table.cells += 1
                table.heads += name == "th"
            elif name == "tr":
                plain = tree.marked.rows.get(tree.numbers[node])
                table.rows += 1 if plain is None else len(plain)
                table.plain += 0 if plain is None else len(plain)
            else:
                table.titled |= name == "caption"
                table.headings += name in HEADINGS
                table.structure += name in _STRUCTURE
                table.breaks += name == "br"
    return layout


def _has_table_in_table(tree: Tree) -> bool:
    stop = 0
    for node, name in enumerate(tree.names):
        if name == "table":
            if node < stop:
                return True
            stop = tree.stops[node]
    return False


def find_definition_lists(tree: Tree) -> set[int]:
    """The `dl` elements that have terms and hold no headings or tables; all others are parts of the page."""
    lists: set[int] = set()
    if "dl" not in tree.names:
        return lists
    open_lists: list[tuple[int, set[str]]] = []  # a list, and the names of the elements in it, lists in it left aside
    for node in range(len(tree.names) + 1):
        while open_lists and tree.stops[open_lists[-1][0]] <= node:
            inner, names = open_lists.pop()
            framing = not names.isdisjoint(_PAGE_PARTS)
            if "dt" in names and not framing:
                lists.add(inner)
            if open_lists and framing:
                open_lists[-1][1].add("table")
        if node == len(tree.names):
            break
        if tree.names[node] == "dl":
            open_lists.append((node, set()))
        elif open_lists:
            open_lists[-1][1].add(tree.names[node])
    return lists
