"""What a page says around its tables: its title, the headings above a line, the sentences before it, its samples.

A sample is what a program answers, printed as an example. A text of it that stands in a table, too, proves that the
table's column holds what is returned:

    { "code": -1121, "msg": "Invalid symbol." }        the sample
    -1121 | Invalid symbol.                            so this column is the message
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.detect.columns import Context
from etl.detect.vocabulary import is_about
from etl.model import Block, Document, Table

_SAMPLE = re.compile(
    r"""["']?(?:msg|message|error_?message|error_?msg|err_?msg|error|detail|details|description|error_description|reason|title|text|xmotivo|mensaje|mensagem|status_?message)["']?
        \s*[:=>]\s*["']([^"'\n{}]{3,300})["']""",
    re.IGNORECASE | re.VERBOSE,
)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_HTML_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})</title", re.IGNORECASE)
_MAN_TITLE = re.compile(r"^\.Nd[ \t]+(.+)$|^\.SH[ \t]+\"?NAME\"?[ \t]*\n(.+)$", re.MULTILINE)
"""What a manual page says it is about, in both sets of macros."""
_LOOKED_AT = 400_000
_INTRO_LINES = 12
_TITLE_LINES = 40
_TITLE_LENGTH = 120
_MAX_SAMPLES = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A heading with its line; `parent` is the place of the one that it stands under, -1 where there is none."""

    line: int
    level: int
    text: str
    parent: int


Form = tuple[str, tuple[str, ...]]
"""What tables are told apart by within a page: their layout and their heads."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page with what is around its tables."""

    document: Document
    format: str
    blocks: tuple[Block | Table, ...]
    title: str | None
    headings: tuple[Heading, ...]
    paragraphs: tuple[Block, ...]
    samples: frozenset[str]
    root: str | None = None
    """the title of a page whose headings do not begin with it: all of them stand under it"""
    expected: frozenset[Form] = frozenset()
    """the forms of tables that document codes in another version of the page"""

    @property
    def is_about_codes(self) -> bool:
        """Whether title or name of the page say that it is about codes or errors."""
        return is_about("topic", self.title) or is_about("topic", re.sub(r"[-_.]", " ", self.document.name.rsplit(".", 1)[0]))

    @property
    def opening(self) -> str:
        """The first lines of bare text, which has no sentences before its tables that could be told from them."""
        return " ".join(self.document.lines[:40])[:2000]

    def above(self, line: int) -> tuple[Heading, ...]:
        """The headings that a line stands under, the nearest first."""
        place = bisect_left(self.headings, line, key=_line_of_heading) - 1
        found: list[Heading] = []
        while place >= 0:
            found.append(self.headings[place])
            place = self.headings[place].parent
        return tuple(found)

    def intro(self, line: int) -> str:
        """The last sentences directly before a line, `""` where a heading stands between."""
        place = bisect_left(self.paragraphs, line, key=_line_of_block)
        if place == 0:
            return ""
        block = self.paragraphs[place - 1]
        heading = bisect_left(self.headings, line, key=_line_of_heading)
        last_heading = self.headings[heading - 1].line if heading else 0
        if block.line_start < last_heading or line - block.line_end > _INTRO_LINES:
            return ""
        return block.text[-600:]

    def context(self, table: Table) -> Context:
        """What the page says around a table, for the roles of its columns."""
        near = self.near(table)
        http = any("http" in text.casefold() for text in near[:2] if text)
        returned = any(is_about("returned", text) for text in near[:1] if text) or is_about("returned", self.title)
        return Context(http=http, returned=returned, samples=self.samples)

    def near(self, table: Table) -> tuple[str, ...]:
        """Headings over a table, the nearest first: its section, then those above; the page's title where no heading stands for it."""
        headings = [heading.text for heading in self.above(table.line_start)]
        if self.root is not None:
            headings.append(self.root)
        section = [table.section] if table.section and table.section not in headings else []
        return (*section, *headings)


def read_page(
    document: Document, page_format: str, blocks: Sequence[Block | Table], *, expected: frozenset[Form] = frozenset()
) -> Page:
    """The page with these blocks (none for bare text); `expected` are forms of tables that document codes in another version of it."""
    headings = _order_headings(block for block in blocks if isinstance(block, Block) and block.kind == "heading" and block.text)
    title = _find_title(document, headings, is_text=not blocks)
    return Page(
        document=document,
        format=page_format,
        blocks=tuple(blocks),
        title=title,
        root=title if blocks and all(heading.level > 1 for heading in headings) else None,
        expected=expected,
        headings=headings,
        paragraphs=tuple(block for block in blocks if isinstance(block, Block) and block.kind in {"paragraph", "item"}),
        samples=_find_samples(document, blocks),
    )


def _line_of_heading(heading: Heading) -> int:
    return heading.line


def _line_of_block(block: Block) -> int:
    return block.line_start


def _order_headings(blocks: Iterable[Block]) -> tuple[Heading, ...]:
    """The headings, each with the nearest one above it of a higher rank."""
    headings: list[Heading] = []
    open_places: list[int] = []
    for block in blocks:
        level = max(block.level, 1)
        while open_places and headings[open_places[-1]].level >= level:
            open_places.pop()
        headings.append(Heading(line=block.line_start, level=level, text=block.text, parent=open_places[-1] if open_places else -1))
        open_places.append(len(headings) - 1)
    return tuple(headings)


def _find_samples(document: Document, blocks: Sequence[Block | Table]) -> frozenset[str]:
    """The texts of samples: of what is set as code, or anywhere in bare text."""
    code = [block.text for block in blocks if isinstance(block, Block) and block.kind == "code"]
    text = "\n".join(code)[:_LOOKED_AT] if blocks else document.text[:_LOOKED_AT]
    return frozenset(found.strip().casefold() for found in _SAMPLE.findall(text)[:_MAX_SAMPLES])


def _find_title(document: Document, headings: Sequence[Heading], *, is_text: bool) -> str | None:
    first = [heading for heading in headings if heading.level == 1]
    if first:
        return first[0].text
    start = document.text[:20_000]
    if start.startswith("---"):
        found = _TITLE.search(start[: start.find("\n---", 3)])
        if found is not None:
            return found[1]
    found = _HTML_TITLE.search(start)
    if found is not None:
        return " ".join(found[1].split())
    if headings:
        return headings[0].text
    if not is_text:
        return None
    found = _MAN_TITLE.search(start)
    if found is not None:
        return (found[1] or found[2]).replace("\\-", "-").strip()
    lines = (line.strip(" \t#*/;=-") for line in document.lines[:_TITLE_LINES])
    return next((line for line in lines if 0 < len(line) < _TITLE_LENGTH and any(map(str.isalpha, line))), None)
