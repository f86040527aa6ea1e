"""Plain table rows, read off the source: what is printed regularly needs no parser to be repaired.

    <tr><td>4001</td><td>Unknown <b>order</b>, see <a href="./x.md">orders</a></td></tr>

A row is plain if a `td` shows that it is no header, and if each of its cells is closed, spans nothing, shows everything,
and holds nothing but text, character references, inline tags, links, paragraphs, line breaks, and divs and lists of one
level, all in lower-case tags. The browsers' rules do nothing to such a row but take it as it is printed, whatever stands
around it; so it can be read here, and an empty row can stand for it in what the parser gets. That this changes no table is
held by tests.
"""

from __future__ import annotations

import gc
import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import accumulate, pairwise, repeat
from operator import add
from typing import TypeVar

from etl.extract.html.tags import decode_attribute, read_attributes
from etl.model import Cell, Link, Row
from etl.text import join_lines, join_parts

T = TypeVar("T")

_BLANKS = r"[\t\n\f\r ]*+"
_ATTRIBUTE = (
    r"(?!(?:hidden|aria-hidden|style(?=[^<>]*display)|role|colspan|rowspan)[\t\n\f\r />=])[a-z][a-z0-9:_-]*+"
    rf"(?:{_BLANKS}={_BLANKS}(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\t\n\f\r \"'<>=`]++))?+"
)
_ATTRIBUTES = rf"(?:[\t\n\f\r ]++{_ATTRIBUTE})*+{_BLANKS}"
_ON_ONE_LINE = rf"(?=[^>\n]*+>)(?: ++{_ATTRIBUTE})*+ *+"
_NUMBER = r"(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]|1[6-9]\d|[2-9]\d\d|[1-9]\d{3}|x2[0-9A-Fa-f]|x[3-6][0-9A-Fa-f]|x[Aa]0)"  # no controls
_TEXT = rf"[^<&\0]++|&(?:#{_NUMBER};|(?!#|NewLine|[A-Za-z0-9]*+<))"
_INLINE = "abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|label|mark|s|samp|small|span|strong|sub|sup|tt|u|var|wbr"
_LINK = rf"<a(?![^>]*href=.?#){_ATTRIBUTES}>(?:{_TEXT}|</?(?:{_INLINE}){_ATTRIBUTES}/?>)*+</a>"  # href="#x" may be a sign
_PART = rf"{_TEXT}|</?(?:{_INLINE}|p|br){_ATTRIBUTES}/?>|{_LINK}"
_DIV = rf"<div{_ATTRIBUTES}>(?:{_PART})*+</div>"
_ITEMS = rf"{_BLANKS}(?:<li{_ATTRIBUTES}>(?:{_PART})*+(?:</li>{_BLANKS})?+)*+"
_CONTENT = rf"(?:{_PART}|{_DIV}|<ul{_ATTRIBUTES}>{_ITEMS}</ul>|<ol{_ATTRIBUTES}>{_ITEMS}</ol>)*+"
_CELL = rf"(?:<td{_ON_ONE_LINE}>{_CONTENT}</td>|<th{_ON_ONE_LINE}>{_CONTENT}</th>){_BLANKS}"
_ANY = r"[^<]*+(?:<(?!/t[dh])[^<]*+)*+"
_NO_HEADER = rf"(?=<td[^>]*+>{_ANY}</td>{_BLANKS}(?!<th)|<th[^>]*+>{_ANY}</th>{_BLANKS}<td)"
_ROW = rf"<tr{_ON_ONE_LINE}>{_BLANKS}{_NO_HEADER}(?:{_CELL})++</tr>{_BLANKS}"
_ROWS = rf"(?P<before>{_BLANKS})(?=(?P<lead><tr[^>]*+>{_BLANKS}))(?P<rows>(?:{_ROW}){{1,2000}}+)"

_NEXT_CELL = re.compile(
    rf"<t[dh][^>]*+>({_ANY})</t[dh]>({_BLANKS}(?:</tr>{_BLANKS}(?:<tr[^>]*+>{_BLANKS})?+)?+)"
)
_ANCHOR = re.compile(r"<a(?=[\s>])([^>]*+)>(.*?)</a>", re.DOTALL)
_ONLY_HREF = re.compile(r""" href=(?:"[^"&]*"|'[^'&]*')""")
_BREAK = re.compile(r"</?(?:br|p|[uo]l|div)(?=[\s/>])[^>]*+>")
_ITEM_TAG = re.compile(r"<(li|/li|/[uo]l)(?=[\s>])[^>]*+>")
_TAG = re.compile(r"<[^>]*+>")
_SPACES = re.compile(r"[^\S\n]{2,}+|[^\S\n ]")
_BOLD = re.compile(r"<(b|strong)(?=[\s>]).*?</\1>", re.DOTALL)


@cache
def _compile_rows() -> re.Pattern[str]:
    return re.compile(_ROWS)


def read_plain_rows(source: str, start: int, stop: int, line: int) -> tuple[list[Row], int, int]:
    """The plain rows that stand one after the other at `start`, which is in `line`; where the first begins and the last ends.

    None of them goes on behind `stop`. Their group is left open: it is their table's to say.
    """
    rows: list[Row] = []
    begin = end = start
    while (match := _compile_rows().match(source, start, stop)) is not None:
        if not rows:
            begin = match.start("rows")
        line += match["before"].count("\n")
        with _collector_paused():
            line = _read_run(match["rows"], line, line + match["lead"].count("\n"), rows)
        start = match.end()
        end = match.start("rows") + len(match["rows"].rstrip("\t\n\f\r "))
    return rows, begin, end


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No search for garbage where there can be none: it would take a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_run(source: str, line_start: int, line: int, rows: list[Row]) -> int:
    """Add the rows of `source` to `rows`: the first begins in `line_start`, its first cell in `line`. The line behind them."""
    found = _NEXT_CELL.findall(source)
    contents = [content for content, _ in found]
    gaps = [gap for _, gap in found]
    heights = list(map(str.count, contents, repeat("\n")))
    line_starts: list[int] = list(accumulate(map(add, heights, map(str.count, gaps, repeat("\n"))), initial=line))
    line_ends = list(map(add, line_starts, heights))
    links = _read_links(contents)
    count = len(found)
    cells = _build(
        Cell,
        count,
        text=_read_texts(contents),
        raw=_decode(contents),
        line_start=line_starts[:-1],
        line_end=line_ends,
        links=[links.get(index, ()) for index in range(count)] if links else repeat(()),
        spanned=repeat(object=False),
    )
    lasts = [index for index, gap in enumerate(gaps) if "</tr>" in gap]
    ends: list[int] = []
    starts = [line_start]
    for last in lasts:
        before, behind = _count_lines(gaps[last])
        ends.append(line_ends[last] + before)
        starts.append(ends[-1] + behind)
    bounds = [0, *(last + 1 for last in lasts)]
    rows += _build(
        Row,
        len(lasts),
        cells=[tuple(cells[first:stop]) for first, stop in pairwise(bounds)],
        line_start=starts,
        line_end=ends,
        group=repeat(None),
    )
    return line_starts[-1]


@lru_cache(maxsize=4096)
def _count_lines(gap: str) -> tuple[int, int]:
    """The line ends behind a row's last cell, before its end tag and between that and the next row's tag."""
    before, _, rest = gap.partition("</tr>")
    return before.count("\n"), rest.partition("<tr")[0].count("\n")


def _build(kind: type[T], count: int, **columns: Iterable[object]) -> list[T]:
    """Dataclass instances, filled a field at a time; to call a frozen class for each takes five times as long."""
    built = list(map(object.__new__, repeat(kind, count)))
    for name, values in columns.items():
        deque(map(getattr(kind, name).__set__, built, values), maxlen=0)
    return built


def is_bold(cell: Cell) -> bool:
    """Whether all text of a cell of a plain row is bold."""
    return not _read_texts([_BOLD.sub("", cell.raw)])[0]


def _decode(contents: list[str]) -> list[str]:
    """Contents with their character references decoded, trimmed. They are taken together: a call each would cost more."""
    return list(map(str.strip, html.unescape("\0".join(contents)).split("\0")))


def _read_texts(contents: list[str]) -> list[str]:
    """The texts of contents, which hold no NUL."""
    joined = "\0".join(contents).replace("\n", " ")
    lines = _TAG.sub("", _BREAK.sub("\n", joined))
    texts = list(map(str.strip, _SPACES.sub(" ", html.unescape(lines)).split("\0")))
    if "\n" in lines:
        texts = [join_lines(text.split("\n")) if "\n" in text else text for text in texts]
    if "<li" in joined:
        pieces = {index: _ITEM_TAG.split(content) for index, content in enumerate(contents) if "<li" in content}
        found = iter(_read_texts([text for split in pieces.values() for text in split[0::2]]))
        for index, split in pieces.items():
            texts[index] = join_parts([(tag == "li", next(found)) for tag in ("", *split[1::2])])
    return texts


def _read_links(contents: list[str]) -> dict[int, tuple[Link, ...]]:
    """The links of contents, by the index of the content that holds them."""
    found = [(index, anchor) for index, content in enumerate(contents) if "<a" in content for anchor in _ANCHOR.findall(content)]
    if not found:
        return {}
    hrefs = [_read_href(attributes) for _, (attributes, _) in found]
    built = _build(Link, len(found), text=_read_texts([inside for _, (_, inside) in found]), href=hrefs)
    links: dict[int, tuple[Link, ...]] = {}
    for (index, _), link, href in zip(found, built, hrefs, strict=True):
        if href is not None:
            links[index] = (*links[index], link) if index in links else (link,)
    return links


def _read_href(attributes: str) -> str | None:
    if _ONLY_HREF.fullmatch(attributes):
        return attributes[7:-1]
    href = read_attributes(attributes).get("href")
    return None if href is None else decode_attribute(href)
