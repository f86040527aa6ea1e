"""A parsed page as flat lists, one entry per node, whatever parser read it.

The parser repairs the page by the browsers' rules and prints what it made of it; that printing is regular, so that one
pass over it gives the tree. Both parsers give equal trees, held by tests.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from etl.extract.html.marks import Marked
from etl.extract.html.tags import HEADINGS

_PRINTED = re.compile(r'<!DOCTYPE[^>]*>\s*|<(/?)([a-z][a-z0-9-]*)(?: at="(\d+)")?/?>|<!--(\d+)-->|([^<]+)')
_EMPTY = frozenset({"br", "hr"})
_DROPPED = frozenset({"html", "head", "body"})
_NO_TEXT = frozenset({"table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl"})


@dataclass(slots=True)
class Tree:
    """The nodes of a page in document order; a node's descendants are those from behind it up to `stops[node]`.

    names    the element's name, "" for text
    texts    the text of a text node, entities decoded; "" for an element
    numbers  the number of its start tag in `marked`, -1 where the page prints none
    begins   offset in the source where it begins
    ends     offset where it ends, its end tag included; of an element that is not closed, the end of its last text
    inner_begins, inner_ends  offsets of its content, which ends before its end tag or before the tag of a block that closes it
    """

    marked: Marked
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    inner_begins: list[int] = field(default_factory=list)
    inner_ends: list[int] = field(default_factory=list)

    def is_hidden(self, node: int) -> bool:
        return self.numbers[node] in self.marked.hidden

    def add(self, name: str, text: str, number: int, begin: int, inner_begin: int) -> None:
        """Add a node behind all others; it has no descendants and no end yet."""
        self.names.append(name)
        self.texts.append(text)
        self.numbers.append(number)
        self.stops.append(len(self.names))
        self.begins.append(begin)
        self.ends.append(begin)
        self.inner_begins.append(inner_begin)
        self.inner_ends.append(inner_begin)

    def children(self, node: int) -> list[int]:
        """The nodes directly below `node`."""
        found = []
        child = node + 1
        while child < self.stops[node]:
            found.append(child)
            child = self.stops[child]
        return found


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
    names = tree.names
    opening, closing = marked.signs
    text_number = re.compile(f"{opening}(\\d+){closing}")
    open_nodes: list[int] = []
    closed = -1  # the element that was closed last, until it is known whether an end tag is printed
    cursor = 0  # offset behind the last tag or text
    for slash, name, start_tag, end_tag, printed in _PRINTED.findall(parser(marked.reduced)):
        number = int(start_tag or end_tag or -1)
        if closed >= 0:
            if end_tag and _closes(marked.names[number], names[closed]):
                tree.inner_ends[closed], tree.ends[closed] = marked.starts[number], marked.ends[number]
            else:
                tree.inner_ends[closed], tree.ends[closed] = marked.find_block(cursor), cursor
            closed = -1
        if printed:
            before, *numbered = text_number.split(html.unescape(printed))
            if numbered:
                cursor = marked.text_starts[int(numbered[0])]
            elif open_nodes and names[open_nodes[-1]] in _NO_TEXT:
                continue
            tree.add("", before + "".join(numbered[1::2]), -1, cursor, cursor)
            if numbered:
                cursor = tree.ends[-1] = marked.text_ends[int(numbered[-2])]
        elif end_tag:
            cursor = marked.ends[number]
        elif slash and name not in _DROPPED:
            closed = open_nodes.pop()
            tree.stops[closed] = len(names)
        elif name and name not in _DROPPED:
            begin = cursor
            if start_tag:
                begin, cursor = marked.starts[number], marked.ends[number]
            tree.add(name, "", number, begin, cursor)
            if name not in _EMPTY:
                open_nodes.append(len(names) - 1)
    if closed >= 0:
        tree.inner_ends[closed], tree.ends[closed] = marked.find_block(cursor), cursor
    return tree


def _closes(end_name: str, name: str) -> bool:
    return end_name == f"/{name}" or (name in HEADINGS and end_name[1:] in HEADINGS)
