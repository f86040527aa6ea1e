"""The body of a reStructuredText page, read block by block with its lines.

    Errors            heading            4001                    definition list: a row of two cells
    ======                                  Bad token.
    - one             item               :400: Bad request       field list: a row of two cells
                                         .. c:macro:: ERR_IO     an object and its description: a row of two cells

docutils is not used here: it takes a second for a list-table of 1,500 rows, knows no lines of rows and cells, is
recursive without bound in what a page nests, and drops a table that is drawn badly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etl.extract.allowance import allow_repeated, require_columns
from etl.extract.composing import PlacedRow, build_table, compose_text, define_terms, merge_definitions, sort_claims
from etl.extract.html.grid import Span
from etl.extract.rst.directive import CODE, DROPPED, TABLES, Directive, describes_object, split_directive
from etl.extract.rst.inline import Inline
from etl.extract.rst.lines import (
    ANONYMOUS,
    BULLET,
    EXPLICIT,
    FIELD,
    FOOTNOTE,
    LINE_BLOCK,
    OPTIONS,
    cut_item,
    dedent,
    find_blank,
    find_indented_end,
    find_literal,
    is_rule,
    match_enumerator,
    match_title,
)  # fmt: skip
from etl.extract.rst.listed import cut_csv_table, cut_list_table, read_count
from etl.extract.rst.tables import GRID_TOP, SIMPLE_BORDER, SIMPLE_TOP, CutTable, cut_grid, cut_simple, measure_grid
from etl.model import Block, BlockKind, Cell, Claim, Document, Table
from etl.text import collapse

MAX_DEPTH = 30
"""Blocks inside one another (lists in quotes in directives …); what is deeper is kept as one paragraph."""

_MERGED = frozenset({"definition_list", "field_list"})


class BodyReader:
    """Reads the regions of one page, `document`; `inline` reduces the mark-up inside its lines, which are `printed`.

    `heading` is the nearest heading or caption above the place that is read.
    """

    def __init__(self, document: Document, inline: Inline) -> None:
        self.document = document
        self.printed = document.lines
        self.inline = inline
        self.repeated = allow_repeated(document.name, document.limits)
        self.heading: Block | None = None
        self.styles: list[str] = []

    def read(self, lines: Sequence[str], first: int, *, level: int = 0, depth: int = 0) -> list[Block | Table]:
        """The blocks in `lines`, the first of which is line `first` of the page; neighbouring rows of lists are one table."""
        if depth > MAX_DEPTH:
            filled = [line for line in lines if line]
            return [self.make_block("paragraph", filled, first, first + len(lines) - 1, level)] if filled else []
        return merge_definitions(_Region(self, lines, first, level, depth).read(), _MERGED)

    def make_block(self, kind: BlockKind, lines: Sequence[str], start: int, end: int, level: int) -> Block:
        """A block out of `lines` (mark-up of the block itself taken off) that stands on the page's lines `start` to `end`."""
        text, links = ("\n".join(lines), ()) if kind == "code" else self.inline.reduce("\n".join(lines))
        raw = "\n".join(self.printed[start - 1 : end]).strip()
        return Block(kind=kind, text=text, raw=raw, line_start=start, line_end=end, level=level, links=links)

    def read_cell(self, lines: Sequence[str], first: int, depth: int) -> Cell:
        """The cell that holds `lines`, the first of which is line `first` of the page, as the `depth`th block inside others."""
        filled = [index for index, line in enumerate(lines) if line]
        if not filled:
            return Cell(text="", raw="", line_start=first, line_end=first)
        top, bottom = filled[0], filled[-1]
        kept = lines[top : bottom + 1]
        if len(kept) == 1 and kept[0][0].isalnum() and not kept[0].endswith("::") and match_enumerator(kept, 0) is None:
            text, links = self.inline.reduce(kept[0])
        else:
            outside = self.heading
            text, links = compose_text(self.read(kept, first + top, depth=depth))
            self.heading = outside
        raw = "\n".join(kept).strip()
        return Cell(text=text, raw=raw, line_start=first + top, line_end=first + bottom, links=links)

    def frame(self, layout: str, start: int, end: int) -> Table:
        """A table without rows on the page's lines `start` to `end`, under the heading or caption that is the nearest now."""
        heading = self.heading
        if heading is None:
            return Table(layout=layout, section=None, header=(), rows=(), line_start=start, line_end=end)
        claim = Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end)
        return Table(layout=layout, section=heading.text, header=(), rows=(), line_start=start, line_end=end, claims=(claim,))

    def build(self, cut: CutTable, frame: Table, first: int, depth: int) -> Table:
        """The table that `cut` is, its lines counted from line `first` of the page, its cells read as blocks at `depth`."""
        rows = [
            PlacedRow(
                line_start=first + row.top,
                line_end=min(first + row.bottom, frame.line_end),
                cells=[Span(self.read_cell(cell.lines, first + cell.top, depth), cell.columns, cell.rows) for cell in row.cells],
            )
            for row in cut.rows
        ]
        return build_table(frame, rows, cut.header_rows, self.repeated)


class _Region:
    """One run of lines with a common margin. The methods that read take the index of a line and give that of the next."""

    def __init__(self, reader: BodyReader, lines: Sequence[str], first: int, level: int, depth: int) -> None:
        self.reader = reader
        self.lines = lines
        self.first = first
        self.level = level
        self.depth = depth
        self.found: list[Block | Table] = []
        self.borders: list[int] | None = None

    def read(self) -> list[Block | Table]:
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if not line:
                index += 1
            elif line[0] == " ":
                end = find_indented_end(self.lines, index)
                self.found += self.nest(dedent(self.lines[index:end]), index)
                index = end
            else:
                index = self.read_block(index)
        return self.found

    def nest(self, lines: Sequence[str], index: int, level: int | None = None) -> list[Block | Table]:
        """The blocks of `lines`, which stand further in and begin at line `index` of this region."""
        inner = self.level if level is None else level
        return self.reader.read(lines, self.first + index, level=inner, depth=self.depth + 1)

    def add(self, kind: BlockKind, lines: Sequence[str], start: int, end: int, level: int | None = None) -> int:
        """Add a block that stands on the lines from index `start` to before `end`, which is returned."""
        block = self.reader.make_block(kind, lines, self.first + start, self.first + end - 1, self.level if level is None else level)
        self.found.append(block)
        if kind == "heading":
            self.reader.heading = block
        return end

    def read_block(self, index: int) -> int:
        """Read the block that begins at `index`, its kind told by the order in which docutils looks for mark-up."""
        line = self.lines[index]
        if enumerator := match_enumerator(self.lines, index):
            return self.read_item(index, *enumerator)
        if line[0].isalpha():
            return self.read_text(index)
        if found := BULLET.match(line):
            return self.read_item(index, found.end(), "")
        if found := FIELD.match(line):
            return self.read_entry(index, "field_list", found[1], found.end())
        if found := OPTIONS.match(line):
            return self.read_entry(index, "definition_list", found[0].strip(), found.end())
        if line.startswith(">>>"):
            end = find_blank(self.lines, index)
            return self.add("code", self.lines[index:end], index, end)
        if LINE_BLOCK.match(line) and (line != "|" or index + 1 < len(self.lines)):
            return self.read_line_block(index)
        if GRID_TOP.match(line):
            return self.read_grid(index)
        if SIMPLE_TOP.match(line):
            return self.read_simple(index)
        if EXPLICIT.match(line):
            return self.read_explicit(index)
        if ANONYMOUS.match(line):
            return find_indented_end(self.lines, index + 1)
        if len(line) >= 4 and is_rule(line) and self.depth == 0 and match_title(self.lines, index) is None:
            return index + 1
        return self.read_text(index)

    def read_item(self, index: int, indent: int, printed: str) -> int:
        """A list item: its first paragraph, behind what is `printed` of its marker; all else in it follows as blocks."""
        end, content = cut_item(self.lines, index, indent)
        if not any(content):  # a lone `-` is something that is printed
            return self.read_text(index)
        blocks = self.nest(content, index, self.level + 1)
        if isinstance(first := blocks[0] if blocks else None, Block) and first.kind == "paragraph":
            blocks[0] = replace(first, kind="item", text=printed + first.text)
        self.found += blocks
        return end

    def read_entry(self, index: int, layout: str, term: str, indent: int) -> int:
        """A field or an option: what is named on its line, and the text behind it with the indented lines below."""
        end = find_indented_end(self.lines, index + 1)
        content = [self.lines[index][indent:], *dedent(self.lines[index + 1 : end])]
        return self.add_definition(layout, [term], content, index, (index, end))

    def add_definition(
        self, layout: str, terms: Sequence[str], content: Sequence[str], content_at: int, extent: tuple[int, int], *, marked: bool = True
    ) -> int:
        """Add a table of one row per term; where what defines it holds tables, the terms and what was found in there.

        `content` begins at index `content_at`; `extent` is where the terms begin and where all ends; `marked` says whether
        the terms hold mark-up.
        """
        start, end = extent
        blocks = self.nest(content, content_at)
        if any(isinstance(block, Table) or block.kind == "heading" for block in blocks):
            self.add("term", terms, start, start + len(terms))
            self.found += blocks
            return end
        text, links = compose_text(blocks)
        filled = [self.first + index for index, line in enumerate(content, start=content_at) if line] or [self.first + start]
        raw = "\n".join(content).strip()
        definition = Cell(text=text, raw=raw, line_start=filled[0], line_end=filled[-1], links=links)
        named = [self.read_term(term, self.first + start + number, marked=marked) for number, term in enumerate(terms)]
        frame = self.reader.frame(layout, self.first + start, self.first + end - 1)
        self.found.append(replace(frame, rows=define_terms(named, definition, frame.line_end)))
        return end

    def read_term(self, term: str, line: int, *, marked: bool) -> Cell:
        text, links = self.reader.inline.reduce(term) if marked else (collapse(term), ())
        return Cell(text=text, raw=term.strip(), line_start=line, line_end=line, links=links)

    def read_line_block(self, index: int) -> int:
        """Lines behind bars, a paragraph each; an indented line continues the one above it."""
        while index < len(self.lines) and LINE_BLOCK.match(self.lines[index]):
            end = index + 1
            while end < len(self.lines) and self.lines[end].startswith(" "):
                end += 1
            text = [self.lines[index][1:], *self.lines[index + 1 : end]]
            if any(line.strip() for line in text):
                self.add("paragraph", text, index, end)
            index = end
        return index

    def read_grid(self, index: int) -> int:
        end = index + measure_grid(self.lines, index)
        cut = cut_grid(self.lines[index:end]) if end > index + 1 else None
        if cut is None:
            return self.add("code", self.lines[index:end], index, end)
        return self.add_table("grid_table", cut, index, [index])

    def read_simple(self, index: int) -> int:
        require_columns(self.reader.document, len(self.lines[index].split()), self.first + index)  # each row has a cell in each
        if self.borders is None:
            self.borders = [at for at, line in enumerate(self.lines) if SIMPLE_BORDER.match(line)]
        cut = cut_simple(self.lines, index, self.borders)
        last = index + cut.height - 1
        if not cut.rows:
            return last + 1
        return self.add_table("simple_table", cut, index, [index, last] if SIMPLE_BORDER.match(self.lines[last]) else [index])

    def add_table(self, layout: str, cut: CutTable, index: int, borders: Sequence[int]) -> int:
        """Add the table that `cut` is, which begins at `index`; `borders` are lines of mark-up that no row has."""
        end = index + cut.height
        frame = self.reader.frame(layout, self.first + index, self.first + end - 1)
        claims = [Claim(kind="markup", line_start=self.first + border, line_end=self.first + border) for border in borders]
        self.found.append(self.reader.build(cut, replace(frame, claims=(*frame.claims, *claims)), self.first + index, self.depth + 1))
        return end

    def read_explicit(self, index: int) -> int:
        """Directives are read, footnotes kept as text; targets, substitutions and comments are no text of the page."""
        if self.lines[index] == ".." and not (index + 1 < len(self.lines) and self.lines[index + 1]):
            return index + 1  # an empty comment takes nothing with it
        end = find_indented_end(self.lines, index + 1)
        block = self.lines[index:end]
        if footnote := FOOTNOTE.match(block[0]):
            self.found += self.nest([block[0][footnote.end() :], *dedent(block[1:])], index)
        elif directive := split_directive(block):
            self.read_directive(directive, index, end)
        return end

    def read_directive(self, directive: Directive, index: int, end: int) -> None:
        name, content = directive.name, directive.content
        if name in CODE:
            filled = [at for at, line in enumerate(content) if line]
            if filled:
                self.add("code", content[filled[0] : filled[-1] + 1], index + filled[0], index + filled[-1] + 1)
        elif name in TABLES:
            self.read_table(directive, index, end)
        elif name == "rubric":
            self.add("heading", directive.arguments, index, index + directive.head_end + 1, min(len(self.reader.styles) + 1, 6))
        elif describes_object(directive):
            self.add_definition("definition_list", directive.arguments, content, index, (index, end), marked=False)
        elif name not in DROPPED:
            self.found += self.nest(content, index)

    def read_table(self, directive: Directive, index: int, end: int) -> None:
        """A table that a directive makes or holds; its title is the section, its head is claimed with it."""
        reader, options = self.reader, directive.options
        outside = reader.heading
        start, head_end = self.first + index, self.first + index + directive.head_end
        if directive.arguments:
            reader.heading = reader.make_block("heading", directive.arguments, start, head_end, 6)
        cut: CutTable | None = None
        if directive.name in {"list-table", "flat-table"}:
            cut = cut_list_table(directive.content, read_count(options))
        elif directive.name == "csv-table" and not {"file", "url"} & options.keys():
            header = (directive.option_lines["header"], options["header"]) if "header" in options else None
            cut = cut_csv_table(directive.content, options, header)
        if cut is not None:
            frame = reader.frame(TABLES[directive.name], start, self.first + end - 1)
            blocks: list[Block | Table] = [reader.build(cut, frame, start, self.depth + 1)]
        else:
            blocks = self.nest(directive.content, index)
        first = next((at for at, block in enumerate(blocks) if isinstance(block, Table)), None)
        if first is not None and isinstance(table := blocks[first], Table):
            opening = Claim(kind="markup", line_start=start, line_end=head_end)
            claims = table.claims if directive.arguments else sort_claims((opening, *table.claims))
            blocks[first] = replace(table, line_start=start, claims=claims)
        self.found += blocks
        reader.heading = outside

    def read_text(self, index: int) -> int:
        """A title, a term with its definition, or a paragraph (with the literal block that it announces)."""
        lines = self.lines
        if title := match_title(lines, index):
            text, style, end = title
            styles = self.reader.styles
            if style not in styles:
                styles.append(style)
            return self.add("heading", [text], index, end, min(styles.index(style) + 1, 6))
        if index + 1 < len(lines) and lines[index + 1].startswith(" "):
            end = find_indented_end(lines, index + 1)
            return self.add_definition("definition_list", [lines[index]], dedent(lines[index + 1 : end]), index + 1, (index, end))
        end = index + 1
        while end < len(lines) and lines[end][:1] not in ("", " "):
            end += 1
        text_lines = [*lines[index:end]]
        last = text_lines[-1]
        literal = find_literal(lines, end) if last.endswith("::") else None
        if last.endswith("::") and (last != "::" or literal is not None):
            text_lines[-1] = last[:-2].rstrip() if last.endswith(" ::") or last == "::" else last[:-1]
        if any(text_lines):
            self.add("paragraph", text_lines, index, end)
        if literal is None:
            return end
        return self.add("code", dedent(lines[literal[0] : literal[1]]), *literal)
