"""Markdown pages: their headings, paragraphs, list items, code, and their tables, whatever they are written in.

    ## Errors {#errors}            -> heading
    | Code | Text |                -> table, layout "pipe_table"
    |------|------|
    | 4001 | Bad  |
    - 4002: worse                  -> item
    4003                           -> table, layout "definition_list" (definitions.py)
    : Worst
    <table>…</table>               -> what etl/extract/html.py makes of it

Positions come from markdown-it's block parser (markdown_rules.py says what is added to it), rows are split by
markdown_rows.py, since a renderer pads short rows and drops surplus cells, and text is reduced by markdown_inline.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it.token import Token

from etl.extract import html
from etl.extract.allowance import allow_repeated
from etl.extract.markdown.definitions import OpenList
from etl.extract.markdown.inline import References, decode_entities, reduce_inline, render_html
from etl.extract.markdown.rows import PipeRow, PipeTable, lack_first, split_row
from etl.extract.markdown.rules import parse_blocks
from etl.model import Block, BlockKind, Cell, Claim, Document, Row, Table

_HEADING_ATTRIBUTES = re.compile(r"(?:\s#+)?\s*\{[#.:][^{}]*\}\s*$")
_MARKS_ALONE = re.compile(r"(?:[-*+>]|[0-9]+[.)])+")
"""What is left of the marks of a list or quotation in which an HTML island stands."""
_PRINTED_NUMBER = 100
"""Ordered lists whose numbers begin here are lists of codes: the number is text, not mark-up."""


def read_blocks(document: Document) -> tuple[Block | Table, ...]:
    """Everything on a Markdown page that is text, in document order.

    Front matter, comments, components and template tags are left out, the text between them is kept. Raises LimitError
    where lists or quotations are nested too deeply.
    """
    tokens, references = parse_blocks(document)
    return tuple(_BlockReader(document, references).read(tokens))


class _BlockReader:
    """Walks over the block tokens once, knowing the heading above and the list items around."""

    def __init__(self, document: Document, references: References) -> None:
        self._document = document
        self._references = references
        self._repeated = allow_repeated(document.name, document.limits)
        self._heading: Block | None = None
        self._items: list[Token | None] = []
        self._lists: list[OpenList] = []

    def read(self, tokens: list[Token]) -> Iterator[Block | Table]:
        """The blocks of the page; those in definitions go into the tables that the lists of definitions are."""
        for block in self._read(tokens):
            if self._lists:
                self._lists[-1].definitions[-1].append(block)
            else:
                yield block

    def _read(self, tokens: list[Token]) -> Iterator[Block | Table]:
        for index, token in enumerate(tokens):
            if token.type == "list_item_open":
                self._items.append(token)
            elif token.type == "list_item_close":
                self._items.pop()
            elif token.type == "pipe_table":
                yield self._build_table(token.meta["table"])
            elif token.type == "html_island":
                yield from self._read_island(token)
            elif token.type in {"fence", "code_block"}:
                yield self._build_block("code", token, token.content.rstrip("\n"), len(self._items))
            elif token.type == "heading_open":
                text = _HEADING_ATTRIBUTES.sub("", tokens[index + 1].content)
                yield from self._build_text("heading", token, text, int(token.tag[1:]))
            elif token.type == "paragraph_open":
                yield from self._build_paragraph(token, tokens[index + 1].content)
            elif token.type == "definitions_open":
                self._lists.append(OpenList(self._document.lines, self._heading))
            elif token.type == "terms":
                self._lists[-1].open_terms([self._build_term(*term) for term in zip(token.meta["lines"], token.meta["texts"], strict=True)])
            elif token.type == "definition_open":
                self._lists[-1].definitions.append([])
            elif token.type == "definitions_close":
                yield self._lists.pop().build_table()

    def _build_paragraph(self, token: Token, text: str) -> Iterator[Block]:
        item = self._items[-1] if self._items else None
        if item is None:
            yield from self._build_text("paragraph", token, text, len(self._items))
            return
        self._items[-1] = None
        if item.info and (int(item.info) >= _PRINTED_NUMBER or item.info.startswith("00")):
            text = f"{item.info}{item.markup} {text}"
        yield from self._build_text("item", token, text, len(self._items))

    def _build_text(self, kind: BlockKind, token: Token, markdown: str, level: int) -> Iterator[Block]:
        text, links = reduce_inline(markdown, self._references)
        if text:
            block = replace(self._build_block(kind, token, text, level), links=links)
            if kind == "heading":
                self._heading = block
            yield block

    def _build_block(self, kind: BlockKind, token: Token, text: str, level: int) -> Block:
        start, end = token.map or [0, 0]
        while end > start + 1 and not self._document.lines[end - 1].strip():
            end -= 1
        raw = "\n".join(self._document.lines[start:end])
        return Block(kind=kind, text=text, raw=raw, line_start=start + 1, line_end=end, level=level)

    def _read_island(self, token: Token) -> Iterator[Block | Table]:
        start, end = token.map or [0, 0]
        above = self._heading
        island = html.read_island(self._document, start + 1, end, render_markdown=render_html, repeated=self._repeated)
        for block in sorted(island, key=lambda found: found.line_start):
            if isinstance(block, Table):
                yield block if block.section is not None or above is None else self._put_under(block, above)
            elif block.kind == "heading":
                level = min(above.level + 1, 6) if token.meta["name"] == "summary" and above is not None else block.level
                self._heading = replace(block, level=level)
                yield self._heading
            elif _MARKS_ALONE.fullmatch(block.text) is None:
                yield block

    def _put_under(self, table: Table, heading: Block) -> Table:
        return replace(table, section=heading.text, claims=(_claim_heading(heading), *table.claims))

    def _build_table(self, found: PipeTable) -> Table:
        first = found.headers[0] if found.headers else None
        heads = [] if first is None else [self._build_cell(part, first).text for part in found.heads]
        claims = [] if self._heading is None else [_claim_heading(self._heading)]
        claims += [Claim(kind="header", line_start=head.start + 1, line_end=head.end + 1) for head in found.headers]
        claims += [Claim(kind="markup", line_start=line + 1, line_end=line + 1) for line in self._find_markup(found)]
        return Table(
            layout="pipe_table",
            section=None if self._heading is None else self._heading.text,
            header=tuple(heads) if any(heads) else (),
            rows=tuple(self._build_rows(found, first)),
            line_start=found.start + 1,
            line_end=found.end,
            claims=tuple(claims),
        )

    def _find_markup(self, found: PipeTable) -> Iterator[int]:
        """The lines inside a table that are neither header nor row: the delimiter row, comments."""
        following = found.start
        for part in sorted((*found.headers, *found.rows), key=lambda row: row.start):
            yield from (line for line in range(following, part.start) if self._document.lines[line].strip())
            following = part.end + 1
        yield from (line for line in range(following, found.end) if self._document.lines[line].strip())

    def _build_rows(self, found: PipeTable, header: PipeRow | None) -> Iterator[Row]:
        parted = [split_row(row.text, header, found.width) for row in found.rows]
        spanning = lack_first(parted, found.width)
        first: Cell | None = None
        for row, parts in zip(found.rows, parted, strict=True):
            cells = tuple(self._build_cell(part, row) for part in parts)
            if spanning and len(cells) == found.width:
                first = replace(cells[0], spanned=True)
            elif spanning and first is not None and len(cells) == found.width - 1:
                cells = (first, *cells)
            yield Row(cells=cells, line_start=row.start + 1, line_end=row.end + 1)

    def _build_cell(self, part: str, row: PipeRow) -> Cell:
        printed = part.strip()
        text, links = reduce_inline(printed.replace("\\|", "|"), self._references)
        return Cell(text=text, raw=decode_entities(printed), line_start=row.start + 1, line_end=row.end + 1, links=links)

    def _build_term(self, line: int, printed: str) -> Cell:
        text, links = reduce_inline(_HEADING_ATTRIBUTES.sub("", printed), self._references)
        return Cell(text=text, raw=decode_entities(printed), line_start=line + 1, line_end=line + 1, links=links)


def _claim_heading(heading: Block) -> Claim:
    return Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end)
