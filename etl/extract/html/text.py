"""The text and the links of a part of a page, by the contract's text rules.

    Wrong <b>key</b>:<ul><li>missing<li><p>too long</ul>  ->  "Wrong key:\\n- missing\\n- too long"
"""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.extract.html.tags import BLOCKS, BUTTON, HEADINGS, LEFT_OUT, is_permalink
from etl.extract.html.tree import Tree
from etl.model import Link
from etl.text import collapse, join_lines, join_parts

_WITHOUT_LINES = frozenset({"", "b", "strong"})
_ITEMS = frozenset({"li", "dt", "dd"})


@dataclass(slots=True)
class _Piece:
    """Lines of text that belong together: a list item, or what stands before, between or behind items."""

    item: bool
    lines: list[list[str]] = field(default_factory=lambda: [[]])

    def read(self) -> str:
        return join_lines("".join(line) for line in self.lines)


def is_left_out(tree: Tree, node: int) -> bool:
    """Whether the element is not shown, or is no text of the page."""
    name = tree.names[node]
    if name == LEFT_OUT or tree.is_hidden(node):
        return True
    href = tree.marked.hrefs.get(tree.numbers[node]) if name == "a" else None
    return href is not None and href.startswith("#") and is_permalink(href, collapse("".join(tree.texts[node + 1 : tree.stops[node]])))


def read_text(tree: Tree, first: int, stop: int, *, within_link: int = -1) -> tuple[str, tuple[Link, ...]]:
    """Text and links of the nodes from `first` up to `stop`, which may begin inside the link `within_link`.

    A run of inline elements is one line; blocks and `<br>` end it. Items of lists, and terms and definitions, are pieces
    of their own; with two or more of them every piece keeps its line.
    """
    names, texts, stops = tree.names, tree.texts, tree.stops
    kept_button = first > 0 and (names[first - 1] in HEADINGS or names[first - 1] == "summary")
    while first < stop and names[first] == "p" and stops[first] == stop and not is_left_out(tree, first):
        first += 1
    if within_link < 0 and not tree.marked.hidden and _WITHOUT_LINES.issuperset(names[first:stop]):
        return collapse("".join(texts[first:stop])), ()
    hrefs, numbers = tree.marked.hrefs, tree.numbers
    pieces = [_Piece(item=False)]
    open_blocks: list[tuple[int, bool]] = []  # where it stops, and whether it is an item
    links: dict[int, list[list[str]]] = {}  # number of a link -> its lines
    link: list[list[str]] | None = None  # the lines of the open link
    link_stop = 0
    term_stop = -1  # where the latest term stops

    def break_line() -> None:
        pieces[-1].lines.append([])
        if link is not None:
            link.append([])

    node = first
    if within_link >= 0 and numbers[within_link] in hrefs:
        link, link_stop = links.setdefault(numbers[within_link], [[]]), stops[within_link]
    while node < stop:
        while open_blocks and open_blocks[-1][0] <= node:
            _, item = open_blocks.pop()
            break_line()
            if item:
                pieces.append(_Piece(item=False))
        if link is not None and link_stop <= node:
            link = None
        name = names[node]
        if not name:
            pieces[-1].lines[-1].append(texts[node])
            if link is not None:
                link[-1].append(texts[node])
        elif is_left_out(tree, node) or (name == BUTTON and not kept_button):
            node = stops[node]
            continue
        elif name == "a":
            if numbers[node] in hrefs:
                link, link_stop = links.setdefault(numbers[node], [[]]), stops[node]
        elif name in BLOCKS or name in {"br", "hr"}:
            break_line()
            if name in _ITEMS:
                if name == "dd" and term_stop == node:
                    pieces.pop()  # what the end of the term began: the definition goes on in the term's own piece
                else:
                    pieces.append(_Piece(item=True))
                if name == "dt":
                    term_stop = stops[node]
            if name != "br":
                open_blocks.append((stops[node], name in _ITEMS))
        node += 1
    found = tuple(Link(text=join_lines("".join(line) for line in lines), href=hrefs[number]) for number, lines in links.items())
    return join_parts((piece.item, piece.read()) for piece in pieces), found
