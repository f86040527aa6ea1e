"""The block parser for Markdown as vendors publish it: markdown-it's rules for CommonMark and, before them, ours.

    | a | b |          -> a token "pipe_table", with the rows as printed (markdown_rows.py)
    <table> … </table> -> a token "html_island" (markdown_islands.py)
    ---, :::note, {% if %}, <Tabs>, import x from "y"
                       -> nothing: mark-up of site generators; what stands between such tags is read as usual
    !!! note "Title"   -> its indented body is read as blocks
    term, : text       -> what definitions.py says
        - **Label**: x -> a list item, though it is indented as code is
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, code, reference
from markdown_it.token import Token

from etl.errors import LimitError
from etl.extract.markdown.definitions import read_list
from etl.extract.markdown.islands import Island, scan_page
from etl.extract.markdown.rows import LineReader, find_table, opens_table
from etl.extract.markdown.tags import TAG, TEMPLATE, is_component_name, is_element_name, is_phrase_name
from etl.model import Document

MAX_NESTING = 120
"""Deeper lists and quotations are refused, not skipped; a list takes two levels."""

MAX_TAG_LINES = 50
"""A tag or template tag that is not closed within so many lines is text."""


_CONTAINER = re.compile(r":{3,}[ \t]*(?:\{[^}]*\}|[\w-]+)?[ \t]*(?P<title>.*?)[ \t]*:*")
_ADMONITION = re.compile(r"""(?:!!!|\?\?\?\+?)[ \t]+[\w -]*?(?:"(?P<title>[^"]*)")?[ \t]*|===[!+]*[ \t]+["'](?P<tab>[^"']*)["'][ \t]*""")
_ATTRIBUTES = re.compile(r"\{:{1,2}[^{}]*\}|\[\[?_?TOC_?\]\]?", re.IGNORECASE)
_INCLUDE = re.compile(r"\{\{\{?\s*(?:(?:site|page|layout|content|toc|include\w*|partial\w*|template)\b|[#>/])[^{}]*\}\}\}?")
_MODULE = re.compile(
    r"""import\s+(?:[^;]*\sfrom\s+)?["'][^"']+["']\s*;?\s*|export\s+(?:const|let|var|default|function|class|async|\{|\*).*""", re.DOTALL
)
_MODULE_LIST = re.compile(r"import\s+(?:[\w$*]+\s*,\s*)?\{[^}]*")
_FRONT_MATTER_KEY = re.compile(r"""["']?[\w$.-]+["']?\s*[:=]|[\[#]|-\s""")
_BARE_KEY = re.compile(r"(?:title|layout|permalink|slug|id|date|sidebar_label|categories|tags):[ \t]")
_KEY_LINE = re.compile(r"[A-Za-z_][\w-]*:(?:[ \t]|$)|[ \t]+\S|- ")
_MOST_KEYS = 40
_LABELLED_ITEM = re.compile(r"[-*+][ \t]{1,4}\*\*[^*\n]{1,40}\*\*")
_LOOKED_AT = 20
"""So many lines of what is indented are looked at for a label."""

_TIGHT_HEADING = re.compile(r"(?P<marks>#{1,6})(?P<text>[^\W\d]|[\[*`]|(?<=##)\d)")


def parse_blocks(document: Document) -> tuple[list[Token], dict[str, Any]]:
    """The block tokens of a Markdown document, and its link definitions by normalized label.

    Raises LimitError where lists and quotations are nested more deeply than MAX_NESTING.
    """
    parser = _build_parser(components=document.name.lower().endswith(".mdx"))
    page = scan_page(document.lines)
    env: dict[str, Any] = {"islands": page.islands}
    tokens: list[Token] = []
    parser.block.parse("\n".join(page.lines), parser, env, tokens)
    for token in tokens:
        if token.level >= MAX_NESTING - 1:
            line = token.map[0] + 1 if token.map else 1
            raise LimitError(
                "lists or quotations are nested too deeply", where=f"{document.name}:{line}", found=f"{token.level} levels or more",
                expected=f"fewer than {MAX_NESTING}", advice="check that this is the right page; its parser can go no deeper",
            )
    return tokens, env.get("references", {})


@lru_cache(maxsize=2)
def _build_parser(*, components: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
    ruler = parser.block.ruler
    interrupting: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    ruler.at("code", _read_code)
    ruler.at("reference", _read_reference)
    ruler.before("code", "front_matter", _skip_front_matter)
    ruler.before("code", "pipe_table", _read_table, interrupting)
    ruler.before("code", "html_island", _read_island, interrupting)
    ruler.before("code", "tag_lines", _skip_tags, interrupting)
    ruler.before("code", "labelled_list", _read_labelled_list)
    ruler.after("fence", "admonition", _read_admonition, interrupting)
    ruler.before("heading", "markup_line", _skip_markup, interrupting)
    ruler.before("heading", "tight_heading", _read_tight_heading)
    ruler.before("lheading", "definitions", read_list, {"alt": ["paragraph"]})
    parser.disable(["html_block", "code"] if components else "html_block")
    return parser


def _content(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _line_reader(state: StateBlock, start: int, end: int) -> LineReader:
    def read_line(line: int) -> str | None:
        if line >= end or (line > start and state.sCount[line] < state.blkIndent and state.isEmpty(line - 1) and not state.isEmpty(line)):
            return None
        return _content(state, line)

    return read_line


def _push(state: StateBlock, name: str, start: int, end: int, meta: dict[str, Any]) -> None:
    token = state.push(name, "", 0)
    token.map = [start, end]
    token.meta = meta
    state.line = end


def _push_text(state: StateBlock, name: str, tag: str, line: int, text: str) -> None:
    """A heading or paragraph of one line."""
    opening = state.push(f"{name}_open", tag, 1)
    opening.map = [line, line + 1]
    inline = state.push("inline", "", 0)
    inline.map = [line, line + 1]
    inline.content = text
    state.push(f"{name}_close", tag, -1)


def _follows_tag(state: StateBlock, line: int, *, directly: bool) -> bool:
    """Whether the line above (or, unless `directly`, the nearest one above that is not blank) is a line of tags."""
    above = line - 1
    while above >= 0 and state.isEmpty(above) and not directly:
        above -= 1
    if above < 0:
        return False
    text = _content(state, above)
    return text.startswith(("<", "{%")) and text.rstrip().endswith((">", "%}"))


def _read_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (the signature of a block rule)
    first = _content(state, start)
    if "|" not in first or (state.is_code_block(start) and not first.startswith("|")):
        return False
    read_line = _line_reader(state, start, end)
    if silent:
        return opens_table(read_line, start)
    table = find_table(read_line, start)
    if table is None:
        return False
    _push(state, "pipe_table", start, table.end, {"table": table})
    return True


def _read_island(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    island: Island | None = state.env["islands"].get(start)
    if island is None or (not _content(state, start).startswith("<") and (island.name != "table" or island.end == start + 1)):
        return False
    if state.is_code_block(start) and not _follows_tag(state, start, directly=False):
        return False
    if silent:
        return True
    if island.dropped:
        state.line = min(island.end, end)
    else:
        _push(state, "html_island", start, min(island.end, end), {"name": island.name})
    return True


def _skip_tags(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Lines that hold nothing but tags of elements and components, and template tags, are mark-up."""
    position = state.bMarks[start] + state.tShift[start]
    first = state.src[position : position + 2]
    if not first or first[0] not in "<{":
        return False
    if state.is_code_block(start) and not _follows_tag(state, start, directly=False):
        return False
    limit = state.eMarks[min(start + MAX_TAG_LINES, end) - 1]
    interrupts = False
    line = start
    while position < limit:
        match = (TAG if state.src[position] == "<" else TEMPLATE).match(state.src, position, limit)
        if match is None:
            return False
        if match.re is TAG:
            name = match["name"]
            if name and not is_component_name(name) and not is_element_name(name):
                return False
            interrupts = interrupts or not is_phrase_name(name)
        else:
            interrupts = True
        position = match.end()
        while state.eMarks[line] < position:
            line += 1
        while position < state.eMarks[line] and state.src[position] in " \t":
            position += 1
        if position >= state.eMarks[line]:
            break
    if silent:
        return interrupts
    state.line = line + 1
    return True


def _skip_markup(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Lines of site generators: containers, attribute lists, includes, module imports."""
    text = _content(state, start)
    if _ATTRIBUTES.fullmatch(text.rstrip()) is not None:
        state.line = start + 1
        return True
    container = _CONTAINER.fullmatch(text.rstrip()) if text.startswith(":::") else None
    if container is not None:
        if not silent:
            title = container["title"].strip("[]")
            if title and "=" not in title and ":::" not in title:
                _push_text(state, "paragraph", "p", start, title)
            state.line = start + 1
        return True
    if silent or state.parentType == "list":
        return False
    if _INCLUDE.fullmatch(text.rstrip()) is not None:
        state.line = start + 1
        return True
    if text.startswith(("import", "export")):
        last = start
        while last + 1 < end and not state.isEmpty(last + 1) and last - start < MAX_TAG_LINES:
            last += 1
        if _MODULE.match(text) is not None or (_MODULE_LIST.match(text) is not None and "from" in _content(state, last)):
            state.line = last + 1
            return True
    return False


def _skip_front_matter(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    if silent or state.level or state.tokens or state.skipEmptyLines(0) != start:
        return False
    fence = _content(state, start).rstrip()
    first = state.skipEmptyLines(start + 1)
    if _BARE_KEY.match(fence) is not None:
        return _skip_bare_front_matter(state, start, end)
    if fence not in {"---", "+++"} or first >= end:
        return False
    for line in range(start + 1, end):
        text = state.src[state.bMarks[line] : state.eMarks[line]].rstrip()
        if text in {fence, "..." if fence == "---" else fence}:
            if first != line and _FRONT_MATTER_KEY.match(_content(state, first)) is None:
                return False
            state.line = line + 1
            return True
    return False


def _skip_bare_front_matter(state: StateBlock, start: int, end: int) -> bool:
    """Front matter without its first fence, as some site generators allow, which CommonMark takes for a heading."""
    for line in range(start + 1, min(end, start + _MOST_KEYS)):
        text = state.src[state.bMarks[line] : state.eMarks[line]].rstrip()
        if text == "---":
            state.line = line + 1
            return True
        if _KEY_LINE.match(text) is None:
            return False
    return False


def _read_admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    text = _content(state, start)
    match = _ADMONITION.fullmatch(text) if text.startswith(("!!!", "???", "===")) else None
    if match is None or state.is_code_block(start):
        return False
    if silent:
        return True
    title = match["title"] or match["tab"]
    if title:
        _push_text(state, "paragraph", "p", start, title)
    indent, state.blkIndent = state.blkIndent, state.sCount[start] + 4
    state.push("admonition_open", "", 1).map = [start, start + 1]
    state.line = start + 1
    state.md.block.tokenize(state, start + 1, end)
    state.push("admonition_close", "", -1)
    state.blkIndent = indent
    return True


def _read_tight_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """`#Title`, which CommonMark takes for text, where it stands alone between blank lines."""
    text = _content(state, start)
    match = _TIGHT_HEADING.match(text)
    if silent or match is None or (start + 1 < end and not state.isEmpty(start + 1)) or (start > 0 and not state.isEmpty(start - 1)):
        return False
    _push_text(state, "heading", f"h{len(match['marks'])}", start, text.lstrip("#").rstrip("# \t"))
    state.line = start + 1
    return True


def _read_code(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Indented code, but not the indented text that follows a tag."""
    return not _follows_tag(state, start, directly=True) and code(state, start, end, silent)


def _read_labelled_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Items with bold labels that are indented as code is, where the tags around them were taken out: no code is written so."""
    if silent or not state.is_code_block(start):
        return False
    region = itertools.takewhile(lambda line: state.isEmpty(line) or state.is_code_block(line), range(start, min(end, start + _LOOKED_AT)))
    if not any(_LABELLED_ITEM.match(_content(state, line)) for line in region):
        return False
    state.push("labelled_list_open", "", 1).map = [start, start + 1]
    indent, state.blkIndent = state.blkIndent, state.sCount[start]
    state.md.block.tokenize(state, start, end)
    state.blkIndent = indent
    state.push("labelled_list_close", "", -1)
    return True


def _read_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Link definitions, but not footnotes, which are text."""
    return not _content(state, start).startswith("[^") and reference(state, start, end, silent)


