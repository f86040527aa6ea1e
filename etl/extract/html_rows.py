"""Plain table rows, read off the source: what is printed regularly needs no parser to be repaired.

    <tr><td>4001</td><td>Unknown <b>order</b>, see <a href="./x.md">orders</a></td></tr>

A row is plain if it has a `td`, and if each of its cells is closed, spans nothing, shows everything, and holds nothing but
text, character references, inline tags, links, paragraphs, line breaks and lists of one level. The browsers' rules do
nothing to such a row but take it as it is printed, whatever stands around it; so it can be read here, and an empty row can
stand for it in what the parser gets. That this changes no table is held by tests.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from etl.extract.html_tags import decode_attribute, is_permalink, read_attributes
from etl.model import Cell, Link
from etl.text import collapse, join_lines, join_parts

_BLANKS = r"[\t\n\f\r ]*+"
_VALUE = rf"(?:{_BLANKS}={_BLANKS}(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\t\n\f\r \"'<>=`]++))?+"
_TELLING = r"hidden|aria-hidden|style(?=[^<>]*display)|role|colspan|rowspan"
_ATTRIBUTE = rf"[\t\n\f\r ]++(?!(?:{_TELLING})[\t\n\f\r />=])[a-z][\w:.-]*+{_VALUE}"
_ATTRIBUTES = rf"(?:{_ATTRIBUTE})*+{_BLANKS}"
_DECIMAL = r"(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]|1[6-9]\d|[2-9]\d\d|[1-9]\d{3})"  # no controls: parsers differ about them
_TEXT = rf"[^<&\0]++|&(?:#{_DECIMAL};|#x(?:2[\da-f]|[3-6][\da-f]|a0);|(?!#))"
_INLINE = (
    r"</?(?:abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|label|mark|s|samp|small|span|strong|sub|sup|tt|u|var|wbr)"
    rf"{_ATTRIBUTES}/?>"
)
_PART = rf"{_TEXT}|{_INLINE}|</?(?:p|br){_ATTRIBUTES}/?>|<a{_ATTRIBUTES}>(?:{_TEXT}|{_INLINE})*+</a>"
_LIST = rf"<(?P<list>[uo]l){_ATTRIBUTES}>{_BLANKS}(?:<li{_ATTRIBUTES}>(?:{_PART})*+(?:</li>{_BLANKS})?+)*+</(?P=list)>"

_ROW = re.compile(
    rf"({_BLANKS})<tr((?: [^<>\n]*+)?)>({_BLANKS})((?:<t[dh](?: [^<>\n]*+)?>[^<]*+(?:<(?!/?t[adhrbf])[^<]*+)*+</t[dh]>{_BLANKS})++)</tr>",
    re.IGNORECASE,
)
_CELL = re.compile(rf"<(t[dh])([^<>]*+)>([^<]*+(?:<(?!/t[dh])[^<]*+)*+)</(t[dh])>({_BLANKS})", re.IGNORECASE)
_HARMLESS = re.compile(_ATTRIBUTES, re.IGNORECASE)
_CONTENT = re.compile(rf"(?:{_PART}|{_LIST})*+", re.IGNORECASE)
_ANCHOR = re.compile(r"<a(?=[\s>])([^>]*+)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"</?(?:br|p|[uo]l)(?=[\s/>])[^>]*+>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*+>")
_ITEM_TAG = re.compile(r"<(li|/li|/[uo]l)(?=[\s>])[^>]*+>", re.IGNORECASE)


@dataclass(slots=True)
class PlainRow:
    """A row as it was read off the source; its table knows to which group it belongs."""

    cells: tuple[Cell, ...]
    line_start: int
    line_end: int


def read_plain_rows(source: str, start: int, line: int) -> tuple[list[PlainRow], int, int]:
    """The plain rows that stand one after the other at `start`, which is in `line`; where the first begins and the last ends."""
    rows: list[PlainRow] = []
    begin = end = start
    while (match := _ROW.match(source, end)) is not None:
        before, attributes, lead, inside = match.groups()
        line_start = line + before.count("\n")
        first_line = line_start + lead.count("\n")
        cells = _read_cells(inside, first_line) if _is_harmless(attributes) else None
        if cells is None:
            break
        line = first_line + inside.count("\n")
        if not rows:
            begin = end + len(before)
        end = match.end()
        rows.append(PlainRow(cells, line_start, line))
    return rows, begin, end


@lru_cache(maxsize=1024)
def _is_harmless(attributes: str) -> bool:
    return _HARMLESS.fullmatch(attributes) is not None


def _read_cells(source: str, line: int) -> tuple[Cell, ...] | None:
    """The cells of a row, the first of which begins in `line`; None if the row is not plain."""
    cells: list[Cell] = []
    ordinary = False  # whether there is a td, and a cell that is not bold from its beginning: heads are none of our rows
    named = False
    for name, attributes, content, closing, gap in _CELL.findall(source):
        if (attributes and not _is_harmless(attributes)) or (name != closing and name.lower() != closing.lower()):
            return None
        named = named or name in {"td", "TD"}
        links: tuple[Link, ...] = ()
        if "<" in content or "&" in content or "\0" in content:
            if _CONTENT.fullmatch(content) is None:
                return None
            raw = html.unescape(content).strip()
            ordinary = ordinary or not raw.lower().startswith(("<b", "<strong"))
            text, links = _read_content(content)
        else:
            ordinary = True
            raw = content.strip()
            text = raw if raw.isprintable() and "  " not in raw else collapse(raw)
        last_line = line + content.count("\n")
        cells.append(Cell(text=text, raw=raw, line_start=line, line_end=last_line, links=links))
        line = last_line + gap.count("\n")
    return tuple(cells) if ordinary and named else None


def _read_content(content: str) -> tuple[str, tuple[Link, ...]]:
    """Text and links of a cell whose mark-up is plain."""
    links: list[Link] = []

    def read_anchor(match: re.Match[str]) -> str:
        href = read_attributes(match[1]).get("href")
        text = _read_part(match[2])
        if href is None:
            return match[2]
        href = decode_attribute(href)
        if is_permalink(href, text):
            return ""
        links.append(Link(text=text, href=href))
        return match[2]

    if "<a" in content or "<A" in content:
        content = _ANCHOR.sub(read_anchor, content)
    if "<li" not in content and "<LI" not in content:
        return _read_part(content), tuple(links)
    pieces = _ITEM_TAG.split(content)
    parts = [(False, pieces[0]), *((tag.lower() == "li", piece) for tag, piece in zip(pieces[1::2], pieces[2::2], strict=True))]
    return join_parts((item, _read_part(piece)) for item, piece in parts), tuple(links)


def _read_part(source: str) -> str:
    """The text of mark-up without lists."""
    if "<" in source:
        source = _TAG.sub("", _BREAK.sub("\n", source.replace("\n", " ")))
        return join_lines(html.unescape(line) for line in source.split("\n"))
    return collapse(html.unescape(source))
