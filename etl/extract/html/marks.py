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
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from etl.errors import LimitError
from etl.extract.html.rows import read_plain_rows
from etl.extract.html.tags import (
    BLOCKS,
    IMPLIED_END,
    INLINE,
    RENAMED,
    TELLING,
    TOKEN,
    VOID,
    decode_attribute,
    is_hidden,
    read_attributes,
    read_span,
)
from etl.model import Row

MAX_DEPTH = 25_000
"""Elements open at one time; parsers take quadratic time in it."""

_LONGEST_REFERENCE = 40
_CUT_REFERENCE = re.compile(r"&#?[A-Za-z0-9]*\Z")
_BLANK_LINE = re.compile(r"\n[ \t]*+\n\s*+")


class Lines:
    """Offsets of a text to 1-based lines, the first of which is `first_line`."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
        self._before = first_line - 1

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset) + self._before


@dataclass(slots=True)
class Marked:
    """The reduced page and what is known of its numbered tags: `reduced` is for a parser, all else by a tag's number.

    `starts` and `ends` are offsets in `source`; `names` those after renaming, the end tags' with a slash before them.
    `block_starts` are the starts of all tags of blocks. In `reduced`, a text that is not blank begins with its own number
    between the two `signs`, by which `text_starts` and `text_ends` tell where it stands.
    `rows` are plain rows that were read already, by the number of the empty row that stands for them.
    """

    source: str
    lines: Lines
    signs: tuple[str, str]
    reduced: str = ""
    names: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    block_starts: list[int] = field(default_factory=list)
    text_starts: list[int] = field(default_factory=list)
    text_ends: list[int] = field(default_factory=list)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    hrefs: dict[int, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    layout: set[int] = field(default_factory=set)
    rows: dict[int, list[Row]] = field(default_factory=dict)

    def find_lines(self, begin: int, end: int) -> tuple[int, int]:
        """The first and the last line of what stands from `begin` up to `end`."""
        return self.lines.line_at(begin), self.lines.line_at(max(begin, end - 1))

    def find_block(self, offset: int) -> int:
        """Where the next tag of a block stands, at `offset` or behind it."""
        following = bisect_left(self.block_starts, offset)
        return self.block_starts[following] if following < len(self.block_starts) else len(self.source)


def mark_source(
    source: str,
    first_line: int = 1,
    *,
    render_markdown: Callable[[str], str] | None = None,
    plain_rows: bool = True,
) -> Marked:
    """Reduce and number `source`, whose first line has the number `first_line`.

    `render_markdown` is for a piece of a Markdown page: it turns the Markdown that stands in it after blank lines into HTML.
    Without `plain_rows` every row is left to the parser. Raises LimitError where more than MAX_DEPTH elements are open.
    """
    marker = _Marker(Marked(source, Lines(source, first_line), _choose_signs(source)), plain_rows=plain_rows)
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
    marker.marked.reduced = "".join(marker.parts)
    return marker.marked


def _choose_signs(source: str) -> tuple[str, str]:
    """Two characters that the page does not hold; control characters if it can be, which take little room."""
    free = (sign for sign in map(chr, (*range(1, 9), *range(0xE000, 0xF8FF))) if sign not in source)
    return next(free), next(free)


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
    """The state of one pass: what is written so far, and which inline elements are open because they are hidden."""

    def __init__(self, marked: Marked, *, plain_rows: bool) -> None:
        self.marked = marked
        self.plain_rows = plain_rows
        self.parts: list[str] = ["<!DOCTYPE html>"]
        self.kept_inline: dict[str, int] = {}
        self.depth = 0
        self.place: tuple[int, int] | None = None

    def feed(self, text: str, start: int, end: int) -> None:
        """Take `text[start:end]`, whose offsets are those of the source unless `place` says where all of it stands."""
        position = start
        while (match := TOKEN.search(text, position, end)) is not None:
            if position < match.start():
                self.write_text(text[position : match.start()], position)
            position = match.end()
            name = match["name"]
            if name is None:
                if match["raw"] is not None:
                    self.write_raw(match)
            elif not match["end"]:
                continue  # the page ends inside a tag: the standard drops it
            elif not match["slash"]:
                self.write_start(name.lower(), match["attributes"], match.start(), position)
            else:
                name = name.lower()
                self.write_end(name, match.start(), position)
                if name == "tr" and self.plain_rows and self.place is None:
                    position = self.write_rows(position, end)
        if position < end:
            self.write_text(text[position:end], position)

    def write_text(self, text: str, start: int) -> None:
        printed = text.replace("<", "&lt;")  # a lone one, which must not become a tag with what follows behind a tag left out
        if "&" in printed[-_LONGEST_REFERENCE:] and (cut := _CUT_REFERENCE.search(printed, len(printed) - _LONGEST_REFERENCE)):
            printed = printed[: cut.start()] + html.escape(html.unescape(cut[0]), quote=False)
        marked = self.marked
        if not html.unescape(text).isspace():
            opening, closing = marked.signs
            self.parts.append(f"{opening}{len(marked.text_starts)}{closing}")
            start, end = self.place or (start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
            marked.text_starts.append(start)
            marked.text_ends.append(end)
        self.parts.append(printed)

    def write_rows(self, start: int, stop: int) -> int:
        """Take the plain rows that stand at `start`, behind a row, and end before `stop`; where they end."""
        marked = self.marked
        rows, begin, end = read_plain_rows(marked.source, start, stop, marked.lines.line_at(start))
        if rows:
            number = self.number("tr", begin, begin, block=True)
            marked.rows[number] = rows
            self.parts.append(f'<tr at="{number}"></tr><!--{self.number("/tr", end, end, block=True)}-->')
        return end

    def number(self, name: str, start: int, end: int, *, block: bool) -> int:
        marked = self.marked
        if self.place is not None:
            start, end = self.place
        marked.names.append(name)
        marked.starts.append(start)
        marked.ends.append(end)
        if block:
            marked.block_starts.append(start)
        return len(marked.names) - 1

    def write_start(self, name: str, attributes: str, start: int, end: int) -> None:
        if name in VOID or (name in {"svg", "math"} and attributes.endswith("/")):
            return
        if name in {"br", "hr"}:
            self.parts.append(f'<{name} at="{self.number(name, start, end, block=name == "hr")}">')
            return
        told = read_attributes(attributes) if attributes and TELLING.search(attributes) else {}
        hidden = is_hidden(name, told)
        kept = RENAMED.get(name, name)
        if kept not in BLOCKS and kept not in INLINE and not hidden and not self.kept_inline.get(name):
            return
        if name in {"b", "strong"} and not hidden:
            self.parts.append(f"<{name}>")
            return
        number = self.number(kept, start, end, block=kept in BLOCKS)
        self.parts.append(f'<{kept} at="{number}">')
        if kept not in BLOCKS and kept not in INLINE:
            self.kept_inline[name] = self.kept_inline.get(name, 0) + 1
        if kept not in IMPLIED_END and kept not in INLINE:
            self.deepen()
        if hidden:
            self.marked.hidden.add(number)
        if told:
            self.note(number, kept, told)

    def deepen(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitError(
                "tags are nested too deeply",
                found=f"more than {MAX_DEPTH:,} open elements",
                expected=f"at most {MAX_DEPTH:,}",
                advice="check that this is a page of documentation",
            )

    def note(self, number: int, name: str, told: dict[str, str]) -> None:
        marked = self.marked
        if name in {"td", "th"}:
            columns = max(read_span(told.get("colspan"), 1000), 1)
            rows = read_span(told.get("rowspan"), 65534)
            if (columns, rows) != (1, 1):
                marked.spans[number] = (columns, rows)
        elif name == "a" and "href" in told:
            marked.hrefs[number] = decode_attribute(told["href"])
        elif name == "table" and told.get("role", "").strip().lower() in {"presentation", "none"}:
            marked.layout.add(number)

    def write_end(self, name: str, start: int, end: int) -> None:
        if name == "br":  # a browser takes </br> for <br>
            self.write_start(name, "", start, end)
            return
        kept = RENAMED.get(name, name)
        if kept in BLOCKS:
            self.parts.append(f"</{kept}><!--{self.number(f'/{kept}', start, end, block=True)}-->")
            if kept not in IMPLIED_END and self.depth:
                self.depth -= 1
        elif name in INLINE:
            self.parts.append(f"</{name}>")
        elif self.kept_inline.get(name):
            self.kept_inline[name] -= 1
            self.depth -= 1
            self.parts.append(f"</{name}>")

    def write_raw(self, match: re.Match[str]) -> None:
        if match["raw"].lower() != "xmp":
            return
        content = match["content"] or ""  # preformatted text in which nothing is mark-up
        inner = match.start("content") if content else match.end()
        number = self.number("pre", match.start(), inner, block=True)
        closing = self.number("/pre", inner + len(content), match.end(), block=True)
        self.parts.append(f'<pre at="{number}">{html.escape(content, quote=False)}</pre><!--{closing}-->')
