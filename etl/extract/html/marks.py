"""HTML source, reduced to what a reader of tables needs, with every tag that is kept bearing its number.

    <TABLE class="x"><!-- old --><tr><td width=3>a <i>b</i><script>…</script></table>
    <table at="0"><tr at="1"><td at="2">␁0␂a ␁1␂b</table><!--3-->

A parser carries the numbers into its tree, so positions are right however it repairs the page: a start tag's number is an
attribute, an end tag's number is a comment behind it, a text's number stands before it between two signs that the page
does not hold. The page's own attributes and comments are gone by then, so nothing of it can be taken for a number.
"""

from __future__ import annotations

import html
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO

from etl.errors import DocumentError
from etl.extract.allowance import Allowance, allow_repeated
from etl.extract.html.rows import read_plain_rows
from etl.extract.html.tags import BLOCKS, RENAMED, TOKEN, Tag, build_end_tag, build_start_tag, decode_attribute, read_span, read_tag
from etl.limits import DEFAULT, refuse
from etl.model import Row

_SEARCHED = 40_000
"""So many tags may stand among as many open elements as are allowed: a parser looks through those that are open at each."""

_LONGEST_REFERENCE = 40
_CUT_REFERENCE = re.compile(r"&#?[A-Za-z0-9]*\Z")
_NO_REFERENCE = [chr(code) for code in range(0x80, 0xA0) if code not in {0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D}]
_BLANK_LINE = re.compile(r"\n[ \t]*+\n\s*+")
_ROW, _ROW_END = build_start_tag("tr"), build_end_tag("tr")
_PRE, _PRE_END = build_start_tag("pre"), build_end_tag("pre")


def make_offsets() -> array[int]:
    """An empty row of offsets or numbers; a list would take four times the memory."""
    return array("q")


class Lines:
    """Offsets of a text to 1-based lines, the first of which is `first_line`."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._starts = array("q", [0, *(match.end() for match in re.finditer(r"\n", text))])
        self._before = first_line - 1

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset) + self._before


@dataclass(slots=True)
class Marked:
    """The reduced page and what is known of its numbered tags: `reduced` is for a parser, all else by a tag's number.

    `name` is that of the document, for messages; `repeated` is what it has left of cells that its spans may repeat.
    `starts` and `ends` are offsets in `source`; `names` those after renaming, the end tags' with a slash before them.
    `block_starts` are the starts of all tags of blocks. In `reduced`, a text that is not blank begins with its own number
    between the two `signs`, by which `text_starts` and `text_ends` tell where it stands.
    `rows` are plain rows that were read already, by the number of the empty row that stands for them.
    """

    name: str
    source: str
    lines: Lines
    signs: tuple[str, str]
    repeated: Allowance
    reduced: str = ""
    names: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=make_offsets)
    ends: array[int] = field(default_factory=make_offsets)
    block_starts: array[int] = field(default_factory=make_offsets)
    text_starts: array[int] = field(default_factory=make_offsets)
    text_ends: array[int] = field(default_factory=make_offsets)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    hrefs: dict[int, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    layout: set[int] = field(default_factory=set)
    rows: dict[int, list[Row]] = field(default_factory=dict)

    def find_lines(self, begin: int, end: int) -> tuple[int, int]:
        """The first and the last line of what stands from `begin` up to `end`."""
        return self.lines.line_at(begin), self.lines.line_at(max(begin, end - 1))

    def find_place(self, offset: int) -> str:
        """Document and line, for a message."""
        return f"{self.name}:{self.lines.line_at(offset)}"

    def find_block(self, offset: int) -> int:
        """Where the next tag of a block stands, at `offset` or behind it."""
        following = bisect_left(self.block_starts, offset)
        return self.block_starts[following] if following < len(self.block_starts) else len(self.source)


def mark_source(
    source: str,
    first_line: int = 1,
    *,
    name: str = "page",
    render_markdown: Callable[[str], str] | None = None,
    plain_rows: bool = True,
    repeated: Allowance | None = None,
) -> Marked:
    """Reduce and number `source`, whose first line has the number `first_line` in the document `name`.

    `render_markdown` is for a piece of a Markdown page: it turns the Markdown that stands in it after blank lines into HTML.
    Without `plain_rows` every row is left to the parser. Raises LimitError where more elements are open than the limits allow,
    DocumentError where the page holds so many control characters that it cannot be in the encoding it was read in.
    """
    repeated = repeated or allow_repeated(name, DEFAULT)
    marker = _Marker(Marked(name, source, Lines(source, first_line), _choose_signs(source, name), repeated), plain_rows=plain_rows)
    position = 0
    if render_markdown is not None:
        for start, end in _find_markdown(source):
            marker.feed(source, position, start)
            marker.place = (start, end)
            rendered = render_markdown(source[start:end])
            marker.feed(rendered, 0, len(rendered))
            marker.place = None
            position = end
    marker.feed(source, position, len(source))
    marker.marked.reduced = marker.written.getvalue()
    return marker.marked


def _choose_signs(source: str, name: str) -> tuple[str, str]:
    """Two characters that the page does not hold and that no character reference stands for.

    `&#x80;` is a euro sign: the standard reads references to these control characters as Windows-1252 (section 13.2.5.80).
    """
    free = [sign for sign in _NO_REFERENCE if sign not in source]
    if len(free) < 2:
        raise DocumentError(
            "the page is full of control characters", where=name, found="U+0080 to U+009F", expected="text",
            advice="declare the encoding that the page is really in",
        )  # fmt: skip
    return free[0], free[1]


def _find_markdown(source: str) -> list[tuple[int, int]]:
    """Where in an HTML block of CommonMark (section 4.6) Markdown begins again: behind a blank line, up to a block's tag."""
    found: list[tuple[int, int]] = []
    position = 0
    for match in [*TOKEN.finditer(source), None]:
        if match is not None:
            name = (match["name"] or "").lower()
            if match["raw"] is None and RENAMED.get(name, name) not in BLOCKS:
                continue
        end = len(source) if match is None else match.start()
        blank = _BLANK_LINE.search(source, position, end)
        if blank is not None and source[blank.end() : end].strip():
            found.append((blank.end(), end))
        position = end if match is None else match.end()
    return found


class _Marker:
    """The state of one pass: what is written so far, and how many elements are open."""

    def __init__(self, marked: Marked, *, plain_rows: bool) -> None:
        self.marked = marked
        self.plain_rows = plain_rows
        self.written = StringIO()
        self.written.write("<!DOCTYPE html>")
        self.depth = 0
        self.searched = 0
        self.kept: dict[str, int] = {}  # names of inline elements that are kept because they are hidden, and how many are open
        self.place: tuple[int, int] | None = None

    def feed(self, text: str, start: int, end: int) -> None:
        """Take `text[start:end]`, whose offsets are those of the source unless `place` says where all of it stands."""
        position = self.take_tokens(text, start, end)
        while position >= 0:  # plain rows were taken
            position = self.take_tokens(text, position, end)

    def take_tokens(self, text: str, position: int, end: int) -> int:
        """Take tokens up to a run of plain rows, and take that; where it ends, or -1 at the end of all."""
        for match in TOKEN.finditer(text, position, end):
            start, stop = match.span()
            if position < start:
                self.write_text(text[position:start], position)
            position = stop
            tag = read_tag(match[0]) if match["name"] is not None else None
            if tag is not None:
                self.write_tag(tag, start, stop)
                if tag.name == "/tr" and self.plain_rows and self.place is None and (rows_end := self.write_rows(stop, end)) > stop:
                    return rows_end
            elif match["raw"] is not None:
                self.write_raw(match)
        if position < end:
            self.write_text(text[position:end], position)
        return -1

    def write_text(self, text: str, start: int) -> None:
        printed = text.replace("<", "&lt;")  # a lone one, which must not become a tag with what follows behind a tag left out
        if "&" in printed[-_LONGEST_REFERENCE:] and (cut := _CUT_REFERENCE.search(printed, len(printed) - _LONGEST_REFERENCE)):
            printed = printed[: cut.start()] + html.escape(html.unescape(cut[0]), quote=False)
        if not html.unescape(text).isspace():
            marked = self.marked
            opening, closing = marked.signs
            printed = f"{opening}{len(marked.text_starts)}{closing}{printed}"
            start, end = self.place or (start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
            marked.text_starts.append(start)
            marked.text_ends.append(end)
        self.written.write(printed)

    def write_rows(self, start: int, stop: int) -> int:
        """Take the plain rows that stand at `start`, behind a row, and end before `stop`; where they end."""
        marked = self.marked
        rows, begin, end = read_plain_rows(marked.source, start, stop, marked.lines.line_at(start))
        if rows:
            marked.rows[len(marked.names)] = rows
            for tag, place in ((_ROW, begin), (_ROW_END, end)):
                self.write_tag(tag, place, place)
        return end

    def write_tag(self, tag: Tag, start: int, end: int) -> None:
        if tag.dropped and not (tag.hidden or self.kept.get(tag.name.lstrip("/"))):
            return
        if tag.dropped:
            name = tag.name.lstrip("/")
            self.kept[name] = self.kept.get(name, 0) + tag.depth
        if tag.depth:
            self.deepen(tag.depth, start)
        if not tag.numbered:
            self.written.write(tag.before)
            return
        marked = self.marked
        if self.place is not None:
            start, end = self.place
        number = len(marked.names)
        self.written.write(f"{tag.before}{number}{tag.after}")
        marked.names.append(tag.name)
        marked.starts.append(start)
        marked.ends.append(end)
        if tag.block:
            marked.block_starts.append(start)
        if tag.hidden:
            marked.hidden.add(number)
        if tag.told:
            self.note(number, tag)

    def deepen(self, levels: int, offset: int) -> None:
        self.depth = max(self.depth + levels, 0)
        self.searched += self.depth
        limit = self.marked.repeated.limits.max_nesting
        if self.depth > limit or self.searched > _SEARCHED * max(limit, DEFAULT.max_nesting):
            where = self.marked.find_place(offset)
            deep = f"more than {limit:,} open elements"
            found = deep if self.depth > limit else f"{self.depth:,} open elements, and {self.searched // self.depth:,} tags among as many"
            raise refuse("max_nesting", limit, "tags are nested too deeply", where=where, found=found)

    def note(self, number: int, tag: Tag) -> None:
        marked, told = self.marked, tag.told
        if tag.name in {"td", "th"}:
            columns = max(read_span(told.get("colspan"), 1000), 1)
            rows = read_span(told.get("rowspan"), 65534)
            if (columns, rows) != (1, 1):
                marked.spans[number] = (columns, rows)
        elif tag.name == "a" and "href" in told:
            marked.hrefs[number] = decode_attribute(told["href"])
        elif tag.name == "table" and told.get("role", "").strip().lower() in {"presentation", "none"}:
            marked.layout.add(number)

    def write_raw(self, match: re.Match[str]) -> None:
        if match["raw"].lower() != "xmp":
            return
        content = match["content"] or ""  # preformatted text in which nothing is mark-up
        inner = match.start("content") if content else match.end()
        self.write_tag(_PRE, match.start(), inner)
        if content:
            self.write_text(content.replace("&", "&amp;"), inner)
        self.write_tag(_PRE_END, inner + len(content), match.end())


