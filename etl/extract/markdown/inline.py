r"""The text of a run of Markdown: `**Bad** [value](./v.md) of \_id, see <accountID>` -> `Bad value of _id, see <accountID>`.

The grammar is CommonMark's, with GitHub's `~~strikethrough~~`. What pages mix into it is taken for what it is there:
known HTML and component tags, comments, template tags and attribute lists are mark-up and go; anything else between
angle brackets is a placeholder and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape, unescape
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from etl.extract.markdown.simple import reduce_simple
from etl.extract.markdown.tags import BREAKING, CLOSINGS, DIRECTIVE, TAG, TEMPLATE, find_closings, is_markup
from etl.model import Link
from etl.text import collapse, join_lines, join_parts

MAX_INLINE = 100_000
"""A longer run is no sentence that anyone wrote: it is taken as it is printed."""

MAX_BRACKETS = 20
"""Brackets that one character may stand in, on average: for each that is open the parser looks for its end anew."""

References = Mapping[str, Any]
"""The link definitions of a page (`[label]: href`), as the block parser collects them."""

_SPECIAL = re.compile(r"[\\`*\[<&\n]|~~|\{[%{:/]|(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_BULLET = re.compile(r"\A(?:(?:[-–—*+•·▪●○◦‣]|\(?[0-9]{1,2}[.)])\s+(?=\S)|[•▪●‣◦]\s*(?=\S))")
_CLOSING_STRONG = re.compile(r"\*\*(?=[^\s*])([^*`\n]*[^\w\s*`])\*\*(?=\w)")
_OPENING_STRONG = re.compile(r"(?<=\w)\*\*([^\w\s*`][^*`\n]*[^\s*`])\*\*")
_BARE_HREF = re.compile(r"\]\(([^()<>\"'\n]{1,400})\)")
_BRACKET = re.compile(r"[\[\]]")
_PATH = re.compile(r"(?:https?://|\.{0,2}/).*|.*\.(?:mdx?|html?)(?:#\S*)?")

def decode_entities(text: str) -> str:
    """`text` with its character references decoded; a bare `&copy=` of an address is none (CommonMark section 2.5)."""
    return _ENTITY.sub(lambda match: unescape(match.group()), text) if "&" in text else text


def reduce_inline(text: str, references: References | None = None) -> tuple[str, tuple[Link, ...]]:
    """The text of Markdown `text` by the contract's text rules, and its links. Lines that open with a bullet are items."""
    if len(text) > MAX_INLINE or _SPECIAL.search(text) is None:
        return collapse(text), ()
    simple = reduce_simple(text, references=bool(references))
    if simple is not None:
        return simple
    if _is_unreadable(text):
        return collapse(text), ()
    if references or len(text) > 500:
        return _reduce(text, references or {})
    return _reduce_cached(text)


@lru_cache(maxsize=4096)
def _reduce_cached(text: str) -> tuple[str, tuple[Link, ...]]:
    return _reduce(text, {})


def _reduce(text: str, references: References) -> tuple[str, tuple[Link, ...]]:
    if "**" in text:
        text = _OPENING_STRONG.sub(r"\1", _CLOSING_STRONG.sub(r"\1", text))
    if "](" in text:
        text = _BARE_HREF.sub(_wrap_path, text)
    tokens: list[Token] = []
    _PARSER.inline.parse(text, _PARSER, {"references": references}, tokens)
    reader = _InlineReader(tokens)
    return reader.text(), tuple(reader.links)


def _is_unreadable(text: str) -> bool:
    """Whether brackets are nested, or left open, as in no text that anyone wrote."""
    if text.count("[") <= MAX_BRACKETS:
        return False
    inside = 0
    waiting: list[int] = []
    for found in _BRACKET.finditer(text):
        if found[0] == "[":
            waiting.append(found.start())
        elif waiting:
            inside += found.start() - waiting.pop()
    inside += sum(len(text) - start for start in waiting)
    return inside > MAX_BRACKETS * len(text)


def _wrap_path(match: re.Match[str]) -> str:
    """A link to a path with spaces, which CommonMark wants between angle brackets, and which writers leave out."""
    href = match[1].strip()
    return f"](<{href}>)" if " " in href and _PATH.fullmatch(href) else match[0]


_LineKind = Literal["line", "item", "more"]


class _InlineReader:
    """Collects the text of inline tokens line by line: list items, lines that continue what stands above, and others."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.links: list[Link] = []
        self._lines: list[list[str]] = [[]]
        self._kinds: list[_LineKind] = ["line"]
        self._open_links: list[tuple[str, list[str]]] = []
        self._depth = 0
        for token in resolve_tags(tokens):
            self._read(token)
        while self._open_links:
            self._close_link()

    def text(self) -> str:
        """The lines by the text rules: joined by a space, or, where two or more are items, each item on its own line."""
        parts: list[tuple[bool, list[str]]] = [(False, [])]
        count = 0
        for words, kind in zip(self._lines, self._kinds, strict=True):
            line = collapse("".join(words))
            if kind == "item" or (len(self._lines) > 1 and _BULLET.match(line) is not None):
                parts.append((True, [line]))
                count += bool(line)
            elif line:
                if parts[-1][0] and kind == "line":
                    parts.append((False, []))
                parts[-1][1].append(line)
        if count < 2:
            return join_lines(line for _, lines in parts for line in lines)
        joined = ((is_item, join_lines(lines)) for is_item, lines in parts)
        return join_parts((is_item, _BULLET.sub("", text, count=1) if is_item else text) for is_item, text in joined)

    def _read(self, token: Token) -> None:
        if token.type in {"softbreak", "hardbreak"}:
            self._break("more" if token.type == "softbreak" or self._depth else "line")
        elif token.type == "link_open":
            self._open_links.append((str(token.attrs["href"]), []))
        elif token.type == "link_close":
            self._close_link()
        elif token.type == "html_inline":
            self._read_tag(token)
        elif token.type != "image":
            self._write(token.content)

    def _write(self, text: str) -> None:
        self._lines[-1].append(text)
        for _, words in self._open_links:
            words.append(text)

    def _break(self, kind: _LineKind) -> None:
        self._lines.append([])
        self._kinds.append(kind)

    def _close_link(self) -> None:
        if self._open_links:
            href, words = self._open_links.pop()
            self.links.append(Link(text=collapse("".join(words)), href=href))

    def _read_tag(self, token: Token) -> None:
        tag: re.Match[str] = token.meta["tag"]
        name, closes = tag["name"].lower(), bool(tag["close"])
        if name == "a":
            href = _HREF.search(tag["attributes"])
            if closes:
                self._close_link()
            elif href is not None and not token.content.endswith("/>"):
                self._open_links.append((decode_entities(next(filter(None, href.groups()), "")), []))
        elif name == "li":
            self._depth = 0 if closes else 1
            self._break("line" if closes else "item")
        elif name in BREAKING:
            self._depth = 0 if name in {"ul", "ol"} else self._depth
            self._break("more" if self._depth else "line")
        elif name in {"td", "th"}:
            self._write(" ")


def _is_closed(state: StateInline, closing: str, position: int) -> bool:
    """Whether `closing` stands at `position` or behind; where each kind does for the last time is found once for a text."""
    known: dict[str, dict[str, int]] = state.env.setdefault("closings", {})
    if state.src not in known:
        known[state.src] = find_closings(state.src)
    return known[state.src][closing] >= position


def _read_template(state: StateInline, silent: bool) -> bool:  # noqa: FBT001, ARG001 (the signature of an inline rule)
    """Inline rule: template tags, attribute lists and include directives are mark-up without text."""
    character = state.src[state.pos]
    if character not in "{[":
        return False
    closing = CLOSINGS.get(state.src[state.pos : state.pos + 2])
    if closing is not None and not _is_closed(state, closing, state.pos):
        return False
    match = (TEMPLATE if character == "{" else DIRECTIVE).match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    state.pos = match.end()
    return True


def _read_tag(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the signature of an inline rule)
    """Inline rule: a tag becomes a token that bears the match of TAG; comments vanish."""
    if state.src[state.pos] != "<":
        return False
    if state.src.startswith("<!--", state.pos):
        if not _is_closed(state, "-->", state.pos + 4):
            return False
        state.pos = state.src.index("-->", state.pos + 4) + 3
        return True
    match = TAG.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        token.content = match.group()
        token.meta = {"tag": match}
    state.pos = match.end()
    return True


def resolve_tags(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens, tags that are placeholders turned into text."""
    tags = [token.meta["tag"] for token in tokens if token.type == "html_inline"]
    opened = {tag["name"] for tag in tags if not tag["close"]}
    closed = {tag["name"] for tag in tags if tag["close"]}
    for token in tokens:
        if token.type == "html_inline" and not is_markup(token.meta["tag"], opened, closed):
            yield Token("text", "", 0, content=token.content)
        else:
            yield token


class _HtmlRenderer(RendererHTML):
    """markdown-it's renderer, which would take placeholders in angle brackets for tags."""

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:  # noqa: N802 (markdown-it's name)
        return super().renderInline(list(resolve_tags(tokens)), options, env)


def render_html(markdown: str) -> str:
    """Markdown that stands inside an HTML block, as HTML."""
    if len(markdown) > MAX_INLINE or _is_unreadable(markdown):
        return escape(markdown, quote=False)
    return str(_PARSER.render(markdown, {"references": {}}))


def _build_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 100}, renderer_cls=_HtmlRenderer).enable("strikethrough")
    parser.disable(["html_block", "code", "lheading", "reference"])
    parser.inline.ruler.before("escape", "template", _read_template)
    parser.inline.ruler.at("html_inline", _read_tag)
    for name in ("normalizeLink", "normalizeLinkText"):
        setattr(parser, name, str)
    setattr(parser, "validateLink", bool)  # noqa: B010 (an instance's own method, on purpose: an href stays as printed)
    return parser


_PARSER = _build_parser()
