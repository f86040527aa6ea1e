"""A parsed page as flat lists, one entry per node, whatever parser read it.

The parser repairs the page by the browsers' rules and prints what it made of it; that printing is regular, so that one
pass over it gives the tree. Both parsers give equal trees, held by tests.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from etl.extract.html_source import HEADINGS, Marked

_PRINTED = re.compile(r'<!DOCTYPE[^>]*>|<(/?)([a-z][a-z0-9-]*)(?: at="(\d+)")?/?>|<!--(\d+)-->|([^<]+)')
_EMPTY = frozenset({"br", "hr"})
_DROPPED = frozenset({"html", "head", "body"})


@dataclass(slots=True)
class Tree:
    """The nodes of a page in document order; a node's descendants are those from behind it up to `stops[node]`.

    names    the element's name, "" for text
    texts    the text of a text node, entities decoded; "" for an element
    numbers  the number of its start tag in `marked`, -1 where the page prints none
    begins   offset in the source where it begins
    ends     offset where it ends, its end tag included; of an element that is not closed, the end of its last text
    inner    offset where its content ends: before its end tag, or before the tag of a block that closes it
    """

    marked: Marked
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    inner: list[int] = field(default_factory=list)

    def is_hidden(self, node: int) -> bool:
        return self.numbers[node] in self.marked.hidden

    def children(self, node: int) -> list[int]:
        """The nodes directly below `node`."""
        found = []
        child = node + 1
        while child < self.stops[node]:
            found.append(child)
            child = self.stops[child]
        return found

    def inner_source(self, node: int) -> str:
        """What is printed between the tags of `node`."""
        number = self.numbers[node]
        begin = self.begins[node] if number < 0 else self.marked.ends[number]
        return self.marked.source[begin : self.inner[node]]


class Lines:
    """Offsets of a text to 1-based lines, the first of which is `first_line`."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
        self._before = first_line - 1

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset) + self._before

    def line_before(self, begin: int, end: int) -> int:
        """The line of the last character of what stands from `begin` up to `end`."""
        return self.line_at(max(begin, end - 1))


def parse_with_lexbor(reduced: str) -> str:
    """What selectolax's Lexbor makes of the reduced page."""
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(reduced).html or ""


def parse_with_html5lib(reduced: str) -> str:
    """What BeautifulSoup on html5lib makes of the reduced page."""
    from bs4 import BeautifulSoup

    return str(BeautifulSoup(reduced, "html5lib"))


Parser = Callable[[str], str]


def choose_parser() -> Parser:
    """Lexbor where it is installed, else html5lib: both follow the HTML standard and give equal trees."""
    try:
        import selectolax.lexbor  # noqa: F401
    except ImportError:
        return parse_with_html5lib
    return parse_with_lexbor


def build_tree(marked: Marked, parser: Parser) -> Tree:
    """The tree of a reduced page, with the positions that its numbers stand for."""
    tree = Tree(marked)
    open_nodes: list[int] = []
    closed = -1  # the element that was closed last, as long as nothing stands behind it
    cursor = 0  # offset behind the last tag seen
    text_since = False  # whether text stands behind it
    for match in _PRINTED.finditer(parser(marked.reduced)):
        slash, name, printed_number, closing, text = match.groups()
        if text is not None:
            _add(tree, "", html.unescape(text) if "&" in text else text, -1, cursor)
            tree.stops[-1] = len(tree.names)
            if not text_since and not text.isspace():
                text_since = True
            closed = -1
        elif closing is not None:
            number = int(closing)
            cursor = marked.ends[number]
            text_since = False
            if closed >= 0 and _closes(marked.names[number], tree.names[closed]):
                tree.inner[closed] = marked.starts[number]
                tree.ends[closed] = cursor
            closed = -1
        elif name is None or name in _DROPPED:
            continue
        elif slash:
            node = open_nodes.pop()
            tree.stops[node] = len(tree.names)
            tree.inner[node] = marked.find_block(cursor)
            tree.ends[node] = marked.find_text_end(cursor) if text_since else cursor
            closed = node
        else:
            number = -1 if printed_number is None else int(printed_number)
            if number >= 0:
                cursor = marked.ends[number]
                text_since = False
            _add(tree, name, "", number, cursor if number < 0 else marked.starts[number])
            if name in _EMPTY:
                tree.stops[-1] = len(tree.names)
            else:
                open_nodes.append(len(tree.names) - 1)
            closed = -1
    return tree


def _add(tree: Tree, name: str, text: str, number: int, begin: int) -> None:
    tree.names.append(name)
    tree.texts.append(text)
    tree.numbers.append(number)
    tree.stops.append(0)
    tree.begins.append(begin)
    tree.ends.append(begin)
    tree.inner.append(begin)


def _closes(end_name: str, name: str) -> bool:
    return end_name == f"/{name}" or (name in HEADINGS and end_name[1:] in HEADINGS)
