"""A parsed page as flat lists, one entry per node, whatever parser read it.

The parser repairs the page by the browsers' rules and prints what it made of it; that printing is regular, so that one
pass over it gives the tree. Both parsers give equal trees, held by tests.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from importlib.util import find_spec
from sys import intern

from etl.extract.html.marks import Marked, make_offsets
from etl.extract.html.tags import HEADINGS

_PIECE = 100_000
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
    numbers: array[int] = field(default_factory=make_offsets)
    stops: array[int] = field(default_factory=make_offsets)
    begins: array[int] = field(default_factory=make_offsets)
    ends: array[int] = field(default_factory=make_offsets)
    inner_begins: array[int] = field(default_factory=make_offsets)
    inner_ends: array[int] = field(default_factory=make_offsets)

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


def parse_with_lexbor(reduced: str) -> str:
    """What selectolax's Lexbor makes of the reduced page. Raises MemoryError: nothing else makes it fail, or print no end."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        printed = LexborHTMLParser(reduced).html
    except SelectolaxError as error:
        raise MemoryError from error
    if printed is None or printed.rfind("</html>") < 0:
        raise MemoryError
    return printed


def parse_with_html5lib(reduced: str) -> str:
    """What BeautifulSoup on html5lib makes of the reduced page."""
    from bs4 import BeautifulSoup

    return str(BeautifulSoup(reduced, "html5lib"))


Parser = Callable[[str], str]


def choose_parser() -> Parser:
    """Lexbor where it is installed, else html5lib: both follow the HTML standard and give equal trees."""
    return parse_with_html5lib if find_spec("selectolax") is None else parse_with_lexbor


@lru_cache(maxsize=4)
def _compile_printed(opening: str, closing: str) -> re.Pattern[str]:
    """The parts of what a parser prints: doctype; slash, name and number of a tag; number of an end tag; number and text; blanks."""
    tag = r'<(/?)([a-z][a-z0-9-]*)(?: at="(\d+)")?/?>'
    return re.compile(rf"<!DOCTYPE[^>]*>\s*|{tag}|<!--(\d+)-->|{opening}(\d+){closing}([^<{opening}]*)|([^<{opening}]+)")


def _find_parts(printed: str, signs: tuple[str, str]) -> Iterator[tuple[str, ...]]:
    """The parts, as `_compile_printed` groups them; found a piece at a time, since all at once take much memory."""
    pattern = _compile_printed(*signs)
    position = 0
    while position < len(printed):
        end = printed.find("<", position + _PIECE)
        end = len(printed) if end < 0 else end
        yield from pattern.findall(printed, position, end)
        position = end


def build_tree(marked: Marked, parser: Parser) -> Tree:
    """The tree of a reduced page, with the positions that its numbers stand for."""
    tree = Tree(marked)
    names, stops, ends, inner_ends = tree.names, tree.stops, tree.ends, tree.inner_ends
    add_name, add_text, add_number, add_stop = names.append, tree.texts.append, tree.numbers.append, stops.append
    add_begin, add_end, add_inner_begin, add_inner_end = tree.begins.append, ends.append, tree.inner_begins.append, inner_ends.append
    open_nodes: list[int] = []
    closed = -1  # the element that was closed last, until it is known whether an end tag is printed
    cursor = 0  # offset behind the last tag or text
    for slash, name, start_tag, end_tag, text_number, text, blank in _find_parts(parser(marked.reduced), marked.signs):
        if closed >= 0:
            if end_tag and _closes(marked.names[int(end_tag)], names[closed]):
                inner_ends[closed], ends[closed] = marked.starts[int(end_tag)], marked.ends[int(end_tag)]
            else:
                inner_ends[closed], ends[closed] = marked.find_block(cursor), cursor
            closed = -1
        if slash:
            if name not in _DROPPED:
                closed = open_nodes.pop()
                stops[closed] = len(names)
            continue
        number, begin = -1, cursor
        if start_tag:
            number = int(start_tag)
            begin, cursor = marked.starts[number], marked.ends[number]
        elif text_number:
            begin, cursor = marked.text_starts[int(text_number)], marked.text_ends[int(text_number)]
        elif end_tag:
            cursor = marked.ends[int(end_tag)]
            continue
        elif name in _DROPPED or (not name and (not blank or (open_nodes and names[open_nodes[-1]] in _NO_TEXT))):
            continue
        if name and name not in _EMPTY:
            open_nodes.append(len(names))
        add_name(intern(name))
        add_text(unescape(text or blank))
        add_number(number)
        add_begin(begin)
        add_end(cursor)
        add_inner_begin(cursor)
        add_inner_end(cursor)
        add_stop(len(names))
    if closed >= 0:
        inner_ends[closed], ends[closed] = marked.find_block(cursor), cursor
    return tree


def _closes(end_name: str, name: str) -> bool:
    return end_name == f"/{name}" or (name in HEADINGS and end_name[1:] in HEADINGS)
