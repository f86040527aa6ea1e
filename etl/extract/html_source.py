"""HTML source, reduced to what a reader of tables needs, with every tag that is kept bearing its number.

    <TABLE class="x"><!-- old --><tr><td width=3>a <i>b</i><script>…</script></table>
    <table at="0"><tr at="1"><td at="2">a b</table><!--3-->

One linear pass by the rules of the HTML standard's tokenizer (section 13.2.5): quoted attributes, comments and raw text
elements hide what looks like tags. A parser then carries the numbers into its tree, so positions are right however it
repairs the page: a start tag's number is an attribute, an end tag's number is a comment behind it. Nothing else of the
page's own attributes and comments is left, so nothing of it can be taken for a number.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from html.entities import html5

from etl.errors import LimitError

MAX_DEPTH = 25_000
"""Elements open at one time; parsers take quadratic time in it."""

_NAME = r"[A-Za-z][^\t\n\f\r />]*+"
_ATTRIBUTE = (
    r"(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >\"'][^\t\n\f\r >]*+)?+)?+"
)
_ATTRIBUTES = rf"(?:[\t\n\f\r /]++|{_ATTRIBUTE})*+"
TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>(?i:script|style|title|textarea|iframe|noembed|noframes|noscript|xmp))(?=[\t\n\f\r />])"
    rf"(?P<raw_attributes>{_ATTRIBUTES})(?:>(?P<content>.*?)(?:(?i:</(?P=raw))(?=[\t\n\f\r />]){_ATTRIBUTES}(?:>|\Z)|\Z)|\Z)"
    rf"|<(?P<slash>/?)(?P<name>{_NAME})(?P<attributes>{_ATTRIBUTES})(?P<end>>|\Z)"
    r"|<[!?/][^>]*+(?:>|\Z)",
    re.DOTALL,
)
"""A tag, comment, declaration or raw text element; all else in a page is text. What is not ended runs to the page's end."""

_ONE_ATTRIBUTE = re.compile(
    r"(?P<name>=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"(?P<double>[^\"]*+)\"?|'(?P<single>[^']*+)'?|(?P<bare>[^\t\n\f\r >\"'][^\t\n\f\r >]*+))?+)?+"
)
_TELLING = re.compile(r"span|hidden|display|role|href|open", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_INTEGER = re.compile(r"[\t\n\f\r ]*\+?([0-9]+)")
_BLANK_LINE = re.compile(r"\n[ \t]*+\n\s*+")
_REFERENCE = re.compile(r"&(?:#[xX]?[0-9A-Fa-f]+;?|[A-Za-z][A-Za-z0-9]*;?)")

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TABLE_PARTS = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
LEFT_OUT = "left-out"
BUTTON = "push-button"
_RENAMED = {
    "search": "div", "dialog": "div", "listing": "pre", "dir": "ul", "menu": "ul", "button": BUTTON,
    **dict.fromkeys(("svg", "template", "select", "datalist", "canvas", "audio", "video"), LEFT_OUT),
}  # fmt: skip
_IMPLIED_END = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "caption"})
BLOCKS = HEADINGS | _TABLE_PARTS | {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "header", "hgroup", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "ul", LEFT_OUT, BUTTON,
}  # fmt: skip
_INLINE = frozenset({"a", "b", "strong"})
_VOID = frozenset({"area", "base", "col", "embed", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
_CHROME_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})


@dataclass(slots=True)
class Marked:
    """The reduced page and what is known of its numbered tags: `reduced` is for a parser, all else by a tag's number.

    `starts` and `ends` are offsets in `source`; `names` those after renaming, the end tags' with a slash before them.
    `block_starts` are the starts of all tags of blocks, `text_starts` and `text_ends` those of texts that are not blank.
    """

    source: str
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

    def find_block(self, offset: int) -> int:
        """Where the next tag of a block stands, at `offset` or behind it."""
        following = bisect_left(self.block_starts, offset)
        return self.block_starts[following] if following < len(self.block_starts) else len(self.source)

    def find_text(self, offset: int) -> int:
        """Where the next text that is not blank begins, at `offset` or behind it."""
        following = bisect_left(self.text_starts, offset)
        if following == len(self.text_starts):
            return offset
        text = self.source[self.text_starts[following] : self.text_ends[following]]
        return self.text_starts[following] + len(text) - len(text.lstrip())

    def find_text_end(self, offset: int) -> int:
        """Where the last text ends that stands behind `offset` and before the next tag of a block."""
        last = bisect_left(self.text_starts, self.find_block(offset)) - 1
        if last < 0 or self.text_ends[last] <= offset:
            return offset
        start = self.text_starts[last]
        return start + len(self.source[start : self.text_ends[last]].rstrip())


def read_attributes(printed: str) -> dict[str, str]:
    """The attributes of a tag by lower-case name, values as printed; of two with one name the first counts."""
    found: dict[str, str] = {}
    for match in _ONE_ATTRIBUTE.finditer(printed):
        found.setdefault(match["name"].lower(), match["double"] or match["single"] or match["bare"] or "")
    return found


def decode_attribute(value: str) -> str:
    """Character references of an attribute decoded: `&copy=1` and `&section` are no references there (section 13.2.5.73)."""

    def decode(match: re.Match[str]) -> str:
        reference = match[0]
        if reference.startswith("&#") or reference[1:] in html5:
            if not reference.endswith(";") and value[match.end() : match.end() + 1] == "=":
                return reference
            return html.unescape(reference)
        return reference

    return _REFERENCE.sub(decode, value) if "&" in value else value


def read_span(printed: str | None, limit: int) -> int:
    """A colspan or rowspan by the rules for non-negative integers: `"x"` is 1, above `limit` is `limit`."""
    match = None if printed is None else _INTEGER.match(printed)
    if match is None:
        return 1
    digits = match[1].lstrip("0")
    return limit if len(digits) > len(str(limit)) else min(int(digits or "0"), limit)


class _Marker:
    """The state of one pass: what is written so far, and which inline elements are open because they are hidden."""

    def __init__(self, source: str) -> None:
        self.marked = Marked(source)
        self.parts: list[str] = ["<!DOCTYPE html>"]
        self.kept_inline: dict[str, int] = {}
        self.depth = 0
        self.place: tuple[int, int] | None = None

    def feed(self, text: str, start: int, end: int) -> None:
        """Take `text[start:end]`, whose offsets are those of the source unless `place` says where all of it stands."""
        position = start
        for match in TOKEN.finditer(text, start, end):
            if position < match.start():
                self.write_text(text[position : match.start()], position)
            position = match.end()
            name = match["name"]
            if name is None:
                if match["raw"] is not None:
                    self.write_raw(match)
            elif not match["end"]:
                continue  # the page ends inside a tag: the standard drops it
            elif match["slash"]:
                self.write_end(name.lower(), match.start(), position)
            else:
                self.write_start(name.lower(), match["attributes"], match.start(), position)
        if position < end:
            self.write_text(text[position:end], position)

    def write_text(self, text: str, start: int) -> None:
        self.parts.append(text)
        if not text.isspace():
            start, end = self.place or (start, start + len(text))
            self.marked.text_starts.append(start)
            self.marked.text_ends.append(end)

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
        if name == "br":
            self.parts.append(f'<br at="{self.number(name, start, end, block=False)}">')
            return
        if name in _VOID:
            return
        told = read_attributes(attributes) if attributes and _TELLING.search(attributes) else {}
        hidden = bool(told) and _is_hidden(name, told)
        if name == "hr":
            number = self.number("hr", start, end, block=True)
            self.parts.append(f'<hr at="{number}">')
            return
        if name in {"svg", "math"} and attributes.endswith("/"):
            return
        block = _RENAMED.get(name, name)
        if block in BLOCKS:
            hidden = hidden or (name == "dialog" and "open" not in told)
            number = self.number(block, start, end, block=True)
            self.parts.append(f'<{block} at="{number}">')
            if block not in _IMPLIED_END:
                self.deepen()
        elif name in _INLINE or hidden or self.kept_inline.get(name):
            if name in {"b", "strong"} and not hidden:
                self.parts.append(f"<{name}>")
                return
            number = self.number(name, start, end, block=False)
            self.parts.append(f'<{name} at="{number}">')
            if name not in _INLINE:
                self.kept_inline[name] = self.kept_inline.get(name, 0) + 1
                self.deepen()
        else:
            return
        if told:
            self.note(number, block, told, hidden=hidden)

    def deepen(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitError(
                "tags are nested too deeply",
                found=f"more than {MAX_DEPTH:,} open elements",
                expected=f"at most {MAX_DEPTH:,}",
                advice="check that this is a page of documentation",
            )

    def note(self, number: int, name: str, told: dict[str, str], *, hidden: bool) -> None:
        marked = self.marked
        if hidden:
            marked.hidden.add(number)
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
        if name == "br":
            self.write_start(name, "", start, end)
            return
        block = _RENAMED.get(name, name)
        if block in BLOCKS:
            number = self.number(f"/{block}", start, end, block=True)
            self.parts.append(f"</{block}><!--{number}-->")
            if block not in _IMPLIED_END and self.depth:
                self.depth -= 1
        elif name in _INLINE:
            self.parts.append(f"</{name}>")
        elif self.kept_inline.get(name):
            self.kept_inline[name] -= 1
            self.depth -= 1
            self.parts.append(f"</{name}>")

    def write_raw(self, match: re.Match[str]) -> None:
        if match["raw"].lower() == "xmp":  # preformatted text in which nothing is mark-up
            inner = match.start("content") if match["content"] is not None else match.end()
            number = self.number("pre", match.start(), inner, block=True)
            content = html.escape(match["content"] or "", quote=False)
            closing = self.number("/pre", inner + len(match["content"] or ""), match.end(), block=True)
            self.parts.append(f'<pre at="{number}">{content}</pre><!--{closing}-->')


def _is_hidden(name: str, told: dict[str, str]) -> bool:
    if told.get("role", "").strip().lower() in _CHROME_ROLES:
        return True
    if "hidden" in told and told["hidden"].lower() != "until-found":
        return True
    if _NOT_SHOWN.search(told.get("style", "")):
        return True
    return told.get("aria-hidden", "").lower() == "true" and name not in _TABLE_PARTS


def mark_source(source: str, render_markdown: Callable[[str], str] | None = None) -> Marked:
    """Reduce and number `source`.

    `render_markdown` is for a piece of a Markdown page: it turns the Markdown that stands in it after blank lines into HTML.
    Raises LimitError where more than MAX_DEPTH elements are open.
    """
    marker = _Marker(source)
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


def _find_markdown(source: str) -> list[tuple[int, int]]:
    """Where in an HTML block of CommonMark (section 4.6) Markdown begins again: behind a blank line, up to a block's tag."""
    found: list[tuple[int, int]] = []
    position = 0
    for match in [*TOKEN.finditer(source), None]:
        if match is not None:
            name = (match["name"] or "").lower()
            if match["raw"] is None and _RENAMED.get(name, name) not in BLOCKS:
                continue
        end = len(source) if match is None else match.start()
        blank = _BLANK_LINE.search(source, position, end)
        if blank is not None and source[blank.end() : end].strip():
            found.append((blank.end(), end))
        position = end if match is None else match.end()
    return found
