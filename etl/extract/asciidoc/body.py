"""The body of an AsciiDoc page, read block by block with its lines.

    == Errors            heading                 4001:: Bad token.      definition list: a row of two cells
    * one                item, depth 1           +
    ** two               item, depth 2           Log in again.          still its definition
    ----                                         |===
    code                 code                    |4002 |Worse           table
    ----                                         |===

Blocks that only hold others (`====`, `****`, `--`) are not seen: what is in them is read where it stands. A block that
is never closed runs to the end of the page, a table to the next heading.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from etl.extract.allowance import allow_expanded, allow_repeated
from etl.extract.asciidoc.inline import Inline
from etl.extract.asciidoc.lines import (
    ADMONITION,
    ATTRIBUTE_ENTRY,
    BLOCK_ATTRIBUTES,
    BREAK,
    COMMENT_BLOCK,
    HEADING,
    MEDIA,
    TABLE,
    TERM,
    TITLE,
    UNDERLINE,
    UNDERLINE_LEVELS,
    VERBATIM,
    is_comment,
    is_delimiter,
    match_item,
    read_block_attributes,
)
from etl.extract.asciidoc.lists import Entry, OpenLists
from etl.extract.asciidoc.tables import CutCell, cut_table
from etl.extract.composing import PlacedRow, build_table, compose_text, define_terms, merge_definitions
from etl.extract.html.grid import Span
from etl.model import Block, BlockKind, Cell, Claim, Document, Table
from etl.text import collapse

Line = tuple[int, str]
"""A line's number in the page, and its text without white space at its end."""

MAX_DEPTH = 10
"""Tables inside cells inside tables; what is deeper is kept as text."""

_CODE_STYLES = frozenset({"source", "listing", "literal", "stem", "latexmath", "asciimath"})
_ADMONITIONS = frozenset({"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"})
_DEFINITION_LISTS = frozenset({"definition_list"})


@dataclass(slots=True)
class _Above:
    """What stands above a block and belongs to it: its attributes, its title, and the lines of both."""

    attributes: dict[str, str] = field(default_factory=dict)
    title: Line | None = None
    marked: list[int] = field(default_factory=list)


class BodyReader:
    """Reads one page, whose lines are `printed`; `heading` is the nearest heading or caption above the place that is read."""

    def __init__(self, document: Document) -> None:
        self.printed = document.lines
        self.inline = Inline(allow_expanded(document.name, document.limits))
        self.heading: Block | None = None
        self.repeated = allow_repeated(document.name, document.limits)

    def read(self, lines: Sequence[Line], *, depth: int = 0, lists_interrupt: bool = False) -> list[Block | Table]:
        """The blocks in `lines`; neighbouring definitions are one table.

        `lists_interrupt` says whether a list may begin in the middle of a paragraph, which AsciiDoc wants a blank line for.
        """
        return merge_definitions(_Region(self, lines, depth, lists_interrupt=lists_interrupt).read(), _DEFINITION_LISTS)

    def make_block(self, kind: BlockKind, lines: Sequence[str], start: int, end: int, level: int = 0) -> Block:
        """A block out of `lines` (mark-up of the block itself taken off) that stands on the page's lines `start` to `end`."""
        text, links = ("\n".join(lines), ()) if kind == "code" else self.inline.reduce("\n".join(lines))
        raw = "\n".join(self.printed[start - 1 : end]).strip()
        return Block(kind=kind, text=text, raw=raw, line_start=start, line_end=end, level=level, links=links)

    def read_cell(self, cut: CutCell, depth: int) -> Cell:
        """The cell that is cut: of AsciiDoc if its style is `a` or it shows a list, else of paragraphs."""
        filled = [index for index, (_, text) in enumerate(cut.lines) if text.strip()]
        if not filled:
            number = cut.lines[0][0]
            return Cell(text="", raw="", line_start=number, line_end=number)
        lines = cut.lines[filled[0] : filled[-1] + 1]
        lines[0] = (lines[0][0], lines[0][1].strip())
        raw = "\n".join(text.rstrip() for _, text in lines)
        items = sum(match_item(text) is not None for _, text in lines)
        is_plain = (len(lines) == 1 and not items) if cut.style == "a" else items < 2
        if cut.style == "l" or is_plain or depth >= MAX_DEPTH:
            text, links = (collapse(raw), ()) if cut.style == "l" else self.inline.reduce(raw)
        else:
            outside = self.heading
            text, links = compose_text(
                self.read([(number, text.rstrip()) for number, text in lines], depth=depth + 1, lists_interrupt=items > 1)
            )
            self.heading = outside
        return Cell(text=text, raw=raw, line_start=lines[0][0], line_end=lines[-1][0], links=links)

    def frame(self, layout: str, start: int, end: int, heading: Block | None) -> Table:
        """A table without rows on the page's lines `start` to `end`, under `heading`."""
        claims = () if heading is None else (Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end),)
        section = None if heading is None else heading.text
        return Table(layout=layout, section=section, header=(), rows=(), line_start=start, line_end=end, claims=claims)


class _Region:
    """One run of lines. The methods that read take the index of a line and give that of the next."""

    def __init__(self, reader: BodyReader, lines: Sequence[Line], depth: int, *, lists_interrupt: bool) -> None:
        self.reader = reader
        self.lines = lines
        self.depth = depth
        self.lists_interrupt = lists_interrupt
        self.lists = OpenLists(self.finish_entry)
        self.above = _Above()
        self.places: dict[str, list[int]] = {}  # delimiter of a block -> indexes of its lines

    def read(self) -> list[Block | Table]:
        index = 0
        while index < len(self.lines):
            index = self.read_line(index)
        self.lists.close()
        return self.lists.found

    def read_line(self, index: int) -> int:
        line = self.lines[index][1]
        if not line:
            return index + 1
        if not line[0].isalnum() and (end := self.read_marked(index)) is not None:
            return end
        if MEDIA.match(line):
            self.take_above()
            return index + 1
        if (item := match_item(line)) is not None:
            return self.read_item(index, *item)
        if found := TERM.match(line):
            return self.read_term(index, found[1], found[2], found[3] or "")
        return self.read_paragraph(index)

    def read_marked(self, index: int) -> int | None:
        """Read a line that punctuation marks as something else than text; None where it does not."""
        number, line = self.lines[index]
        if is_comment(line):
            return index + 1
        if line == "+" and self.lists.levels:
            self.lists.attached = True
            return index + 1
        if found := ATTRIBUTE_ENTRY.match(line):
            return self.read_attribute(index, found[2], found[4] or "", is_set=not (found[1] or found[3]))
        if BLOCK_ATTRIBUTES.match(line):
            self.above.attributes |= read_block_attributes(line)
            self.above.marked.append(number)
            return index + 1
        if found := TITLE.match(line):
            self.above.title = (number, found[1])
            return index + 1
        if found := HEADING.match(line):
            return self.read_heading(index, found[2], len(found[1]), index + 1)
        if is_delimiter(line):
            return self.read_delimited(index, line)
        if BREAK.match(line):
            self.take_above()
            self.lists.enter_block()
            return index + 1
        return None

    def read_delimited(self, index: int, line: str) -> int:
        if COMMENT_BLOCK.match(line):
            return self.find_closing(index, line) + 1
        if TABLE.match(line):
            return self.read_table(index, line)
        if VERBATIM.match(line):
            return self.read_verbatim(index, line)
        return self.read_container(index, line)

    def add(self, kind: BlockKind, lines: Sequence[str], start: int, end: int) -> None:
        """Add a block that stands on the page's lines `start` to `end`, inside the lists that are open."""
        self.lists.sink.append(self.reader.make_block(kind, lines, start, end, self.lists.depth))

    def take_above(self) -> _Above:
        above, self.above = self.above, _Above()
        return above

    def add_title(self, above: _Above) -> None:
        """The title of a block that is no table is text of its own."""
        if above.title is not None:
            number, title = above.title
            self.add("paragraph", [title], number, number)

    def find_closing(self, index: int, delimiter: str) -> int:
        """The index of the next line that is `delimiter`, or of the end."""
        if not self.places:
            for at, (_, line) in enumerate(self.lines):
                if is_delimiter(line):
                    self.places.setdefault(line, []).append(at)
        places = self.places.get(delimiter, [])
        position = bisect_right(places, index)
        return places[position] if position < len(places) else len(self.lines)

    def finish_entry(self, entry: Entry) -> list[Block | Table]:
        """A row for each term; where what defines them holds tables, the terms and what was found in there."""
        start, last_term = entry.terms[0][0], entry.terms[-1][0]
        if any(isinstance(block, Table) for block in entry.blocks):
            return [self.reader.make_block("term", [text for _, text in entry.terms], start, last_term), *entry.blocks]
        text, links = compose_text(entry.blocks)
        first = entry.blocks[0].line_start if entry.blocks else last_term
        end = max((block.line_end for block in entry.blocks), default=last_term)
        raw = "\n".join([entry.rest if first == last_term else self.reader.printed[first - 1], *self.reader.printed[first:end]]).strip()
        definition = Cell(text=text, raw=raw, line_start=first, line_end=end, links=links)
        terms = []
        for number, term in entry.terms:
            term_text, term_links = self.reader.inline.reduce(term)
            terms.append(Cell(text=term_text, raw=term.strip(), line_start=number, line_end=number, links=term_links))
        frame = self.reader.frame("definition_list", start, end, entry.heading)
        return [replace(frame, rows=define_terms(terms, definition, end))]

    def read_attribute(self, index: int, name: str, value: str, *, is_set: bool) -> int:
        parts = [value]
        while parts[-1].endswith(" \\") and index + 1 < len(self.lines):
            index += 1
            parts[-1] = parts[-1].removesuffix("\\").strip()
            parts.append(self.lines[index][1].strip())
        if is_set:
            self.reader.inline.define(name, " ".join(parts))
        else:
            self.reader.inline.drop(name)
        return index + 1

    def read_heading(self, index: int, title: str, level: int, end: int) -> int:
        """A heading; lines below the title of the page that name its author and version are no text."""
        self.lists.close()
        self.take_above()
        number = self.lines[index][0]
        heading = self.reader.make_block("heading", [title], number, self.lines[end - 1][0], level)
        self.lists.found.append(heading)
        self.reader.heading = heading
        if level == 1 and not any(isinstance(block, Table) or block.kind != "heading" for block in self.lists.found):
            while end < len(self.lines) and self.lines[end][1] and not self.lines[end][1].startswith((":", "//", "[", ".")):
                end += 1
        return end

    def read_verbatim(self, index: int, delimiter: str) -> int:
        self.lists.enter_block()
        self.add_title(self.take_above())
        fence = delimiter if delimiter[0] != "`" else delimiter[: len(delimiter) - len(delimiter.lstrip("`"))]
        end = self.find_closing(index, fence)
        content = [text for _, text in self.lines[index + 1 : end]]
        if any(content):
            self.add("code", content, self.lines[index + 1][0], self.lines[end - 1][0])
        return end + 1

    def read_container(self, index: int, delimiter: str) -> int:
        """The line that opens or closes a block which holds others: lists inside it do not go on behind it."""
        if not self.lists.close_container(delimiter):
            self.lists.open_container(delimiter)
            above = self.take_above()
            if above.attributes.get("style") not in _ADMONITIONS:
                self.add_title(above)
        return index + 1

    def collect(self, index: int, lines: list[str]) -> int:
        """Add the lines from `index` on that go on with a text to `lines`; a list does so too, but for inside of lists."""
        in_list = self.lists_interrupt or self.lists.depth > 0
        while index < len(self.lines):
            line = self.lines[index][1]
            if not line or BLOCK_ATTRIBUTES.match(line) or is_delimiter(line):
                break
            if in_list and (line == "+" or match_item(line) is not None or TERM.match(line)):
                break
            if not is_comment(line):
                lines.append(line.strip())
            index += 1
        return index

    def read_item(self, index: int, marker: str, text: str) -> int:
        self.add_title(self.take_above())
        self.lists.enter_list(marker)
        lines = [text]
        end = self.collect(index + 1, lines)
        self.add("item", lines, self.lines[index][0], self.lines[end - 1][0])
        return end

    def read_term(self, index: int, term: str, marker: str, rest: str) -> int:
        """A term and what stands behind it; a term right below another one shares its definition."""
        number = self.lines[index][0]
        around = self.lists.find_entry()
        heading = self.read_caption(self.take_above()) or (self.reader.heading if around is None else around.heading)
        level = self.lists.enter_list(marker)
        if level.entry is not None and not level.entry.blocks:
            level.entry.terms.append((number, term))
        else:
            self.lists.finish_entry(level)
            level.entry = Entry(heading, [(number, term)])
        level.entry.rest = rest
        lines = [rest]
        end = self.collect(index + 1, lines)
        if any(lines):
            self.add("paragraph", lines, number, self.lines[end - 1][0])
        return end

    def read_caption(self, above: _Above) -> Block | None:
        """The title of a table or definition list, as the heading under which it stands."""
        if above.title is None:
            return None
        number, title = above.title
        return self.reader.make_block("heading", [title], number, number, 6)

    def read_paragraph(self, index: int) -> int:
        """A paragraph; a title with a line below it; code, where it is indented or its attributes say so."""
        number, line = self.lines[index]
        below = self.lines[index + 1][1] if index + 1 < len(self.lines) else ""
        if not self.lists.levels and UNDERLINE.match(below) and abs(len(below) - len(line)) <= 1 and line[0].isalnum():
            return self.read_heading(index, line, UNDERLINE_LEVELS.index(below[0]) + 1, index + 2)
        above = self.take_above()
        indented = line[0] in " \t" and not self.lists.waits()
        if indented and self.lists.depth:
            self.lists.attached = True  # an indented block belongs to the list above it
        self.lists.enter_block()
        self.add_title(above)
        if indented or above.attributes.get("style") in _CODE_STYLES:
            end = index
            while end < len(self.lines) and self.lines[end][1]:
                end += 1
            self.add("code", [text for _, text in self.lines[index:end]], number, self.lines[end - 1][0])
            return end
        lines = [ADMONITION.sub("", line.strip())]
        end = self.collect(index + 1, lines)
        self.add("paragraph", lines, number, self.lines[end - 1][0])
        return end

    def place_row(self, row: Sequence[CutCell]) -> PlacedRow:
        cells: list[Span[Cell]] = []
        for at, cut in enumerate(row):
            repeats = at > 0 and cut.lines is row[at - 1].lines  # `3*|` is read once
            cell = cells[-1].cell if repeats else self.reader.read_cell(cut, self.depth)
            cells.append(Span(cell, cut.columns, cut.rows))
        return PlacedRow(line_start=row[0].lines[0][0], line_end=max(span.cell.line_end for span in cells), cells=cells)

    def read_table(self, index: int, delimiter: str) -> int:
        self.lists.enter_block()
        above = self.take_above()
        number = self.lines[index][0]
        end = self.find_closing(index, delimiter)
        closed = end < len(self.lines)
        if not closed:
            end = next((at for at in range(index + 1, end) if HEADING.match(self.lines[at][1]) and not self.lines[at - 1][1]), end)
        inner = [(at, text) for at, text in self.lines[index + 1 : end] if not is_comment(text)]
        cut = cut_table(inner, delimiter, above.attributes, self.reader.repeated)
        rows = [self.place_row(row) for row in cut.rows]
        if rows:
            heading = self.read_caption(above) or self.reader.heading
            marked = [*above.marked, number, *([self.lines[end][0]] if closed else [])]
            start = min([*marked, *([above.title[0]] if above.title is not None else [])])
            frame = self.reader.frame("asciidoc_table", start, max(rows[-1].line_end, marked[-1]), heading)
            claims = tuple(Claim(kind="markup", line_start=line, line_end=line) for line in marked)
            frame = replace(frame, claims=(*frame.claims, *claims))
            self.lists.sink.append(build_table(frame, rows, cut.header_rows, self.reader.repeated))
        return end + closed
