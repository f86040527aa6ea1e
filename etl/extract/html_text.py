"""The text and the links of a part of a page, by the contract's text rules.

    Wrong <b>key</b>:<ul><li>missing<li><p>too long</ul>  ->  "Wrong key:\\n- missing\\n- too long"
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from etl.extract.html_source import BUTTON, HEADINGS, LEFT_OUT
from etl.extract.html_tree import Tree
from etl.model import Link
from etl.text import join_lines

_INLINE = frozenset({"", "a", "b", "strong"})
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
    return name == LEFT_OUT or tree.is_hidden(node) or (name == "a" and _is_permalink(tree, node))


def _is_permalink(tree: Tree, node: int) -> bool:
    """`<a href="#x">¶</a>`, a sign that documentation generators put beside what it points to."""
    if not tree.marked.hrefs.get(tree.numbers[node], "").startswith("#"):
        return False
    text = "".join(tree.texts[node + 1 : tree.stops[node]])
    return len(text) < 4 and bool(text.strip()) and not any(character.isalnum() for character in text)


def read_text(tree: Tree, first: int, stop: int, *, within_link: int = -1) -> tuple[str, tuple[Link, ...]]:
    """Text and links of the nodes from `first` up to `stop`, which may begin inside the link `within_link`.

    A run of inline elements is one line; blocks and `<br>` end it. Items of lists, and terms and definitions, are pieces
    of their own; with two or more of them every piece keeps its line.
    """
    names, texts, stops = tree.names, tree.texts, tree.stops
    pieces = [_Piece(item=False)]
    open_blocks: list[tuple[int, bool]] = []  # where it stops, and whether it is an item
    links: dict[int, list[str]] = {}
    link = within_link if within_link >= 0 and tree.numbers[within_link] in tree.marked.hrefs else -1
    if link >= 0:
        links[tree.numbers[link]] = []
    term = -1  # where the latest term stops
    kept_button = stop <= len(names) and first > 0 and names[first - 1] in HEADINGS | {"summary"}
    node = first
    while node < stop:
        while open_blocks and open_blocks[-1][0] <= node:
            _, item = open_blocks.pop()
            if item:
                pieces.append(_Piece(item=False))
            else:
                pieces[-1].lines.append([])
        if link >= 0 and stops[link] <= node:
            link = -1
        name = names[node]
        if not name:
            pieces[-1].lines[-1].append(texts[node])
            if link >= 0:
                links[tree.numbers[link]].append(texts[node])
        elif is_left_out(tree, node) or (name == BUTTON and not kept_button):
            node = stops[node]
            continue
        elif name == "br":
            pieces[-1].lines.append([])
        elif name == "a":
            if tree.numbers[node] in tree.marked.hrefs:
                link = node
                links.setdefault(tree.numbers[node], [])
        elif name in _ITEMS:
            if name == "dd" and term == node:
                pieces.pop()
                pieces[-1].lines.append([])
            else:
                pieces.append(_Piece(item=True))
            if name == "dt":
                term = stops[node]
            open_blocks.append((stops[node], True))
        elif name not in _INLINE:
            pieces[-1].lines.append([])
            open_blocks.append((stops[node], False))
        node += 1
    found = tuple(
        Link(text=join_lines("".join(parts).split("\n")), href=tree.marked.hrefs[number]) for number, parts in links.items()
    )
    return join_texts((piece.item, piece.read()) for piece in pieces), found


def join_texts(texts: Iterable[tuple[bool, str]]) -> str:
    """Texts, each with whether it is an item: with two or more items a line each, items prefixed; else one line."""
    read = [(item, text) for item, text in texts if text]
    if sum(item for item, _ in read) < 2:
        return join_lines(text for _, text in read)
    return "\n".join(f"- {text}" if item else text for item, text in read)
