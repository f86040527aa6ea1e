"""A heading per code, and below it what the page says of the code.

    ## 4001 - Unknown order           with item = "(?P<code>[0-9]+) - (?P<name>.*)", labels = ["Solution"]
    There is no such order.           -> code "4001", name "Unknown order", Solution "Check the number.",
    - Solution: Check the number.        text "There is no such order."

Pages that mark codes by a list item or a paragraph of their own are read the same way, where no heading matches:

    * Error Number: 8001
      Out of memory.

A paragraph that `<br>` breaks opens an entry by its first line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from etl.extract.labels import compose_cell, propose_labels, share_links, split_labels
from etl.model import Block, Cell, Claim, Options, Row, Table

LAYOUT = "sections"
TEXT = "text"
"""The last column: what bears no label. A group of `item` may have this name, then the rest is joined to it."""


@dataclass(kw_only=True, slots=True)
class Entry:
    """One heading, item or paragraph that opens a row, the heading above it, and what follows it."""

    opener: Block
    parent: Block | None
    body: list[Block | Table] = field(default_factory=list)


def read_tables(blocks: Sequence[Block | Table], options: Options) -> tuple[Table, ...]:
    """A table for each heading under which there are entries: those whose heading `options.item` matches in full.

    Columns: the groups of `options.item`, `options.labels`, and `text` for the rest. Without `options.item`, none.
    """
    if options.item is None:
        return ()
    pattern = re.compile(options.item, re.DOTALL)
    entries = list(find_entries(blocks, pattern))
    tables: list[Table] = []
    start = 0
    for number, entry in enumerate(entries, start=1):
        if number == len(entries) or entries[number].parent is not entry.parent:
            tables.append(_build_table(entries[start:number], pattern, options))
            start = number
    return tuple(tables)


def find_entries(blocks: Sequence[Block | Table], pattern: re.Pattern[str]) -> Iterator[Entry]:
    """The entries of a page that `pattern` opens: headings, or where none matches, list items, terms and paragraphs."""
    by_heading = any(isinstance(block, Block) and block.kind == "heading" and pattern.fullmatch(block.text) for block in blocks)
    return _collect(blocks if by_heading else _divide_lines(blocks, pattern), pattern, by_heading=by_heading)


def _divide_lines(blocks: Sequence[Block | Table], pattern: re.Pattern[str]) -> Iterator[Block | Table]:
    """The blocks, those paragraphs line by line whose first line alone opens an entry; what holds several is bare text."""
    for block in blocks:
        lines = block.lines if isinstance(block, Block) and block.kind == "paragraph" else ()
        if lines and not any(pattern.fullmatch(line.text) for line in lines[1:]):
            yield from lines
        else:
            yield block


def find_labels(blocks: Sequence[Block | Table], level: int) -> tuple[str, ...]:
    """The labels that recur below the headings of `level`, for whoever proposes options."""
    entries: list[list[Block | Table]] = []
    inside = False
    for block in blocks:
        if isinstance(block, Block) and block.kind == "heading" and block.level <= level:
            inside = block.level == level
            if inside:
                entries.append([])
        elif inside:
            entries[-1].append(block)
    return propose_labels(entries)


def find_opened_labels(blocks: Sequence[Block | Table], pattern: re.Pattern[str]) -> tuple[str, ...]:
    """The labels that recur below what `pattern` opens, or in it, for whoever proposes options."""
    return propose_labels([[entry.opener, *entry.body] for entry in find_entries(blocks, pattern)])


def _collect(blocks: Iterable[Block | Table], pattern: re.Pattern[str], *, by_heading: bool) -> Iterator[Entry]:
    headings: list[Block] = []
    entry: Entry | None = None
    for block in blocks:
        is_heading = isinstance(block, Block) and block.kind == "heading"
        if isinstance(block, Block) and is_heading:
            while headings and headings[-1].level >= block.level:
                headings.pop()
        if isinstance(block, Block) and _may_open(block, by_heading=by_heading) and pattern.fullmatch(block.text) is not None:
            if entry is not None:
                yield entry
            above = [heading for heading in headings if pattern.fullmatch(heading.text) is None] if by_heading else headings
            entry = Entry(opener=block, parent=above[-1] if above else None)
        elif entry is not None and not _belongs(block, entry, by_heading=by_heading):
            yield entry
            entry = None
        elif entry is not None:
            entry.body.append(block)
        if isinstance(block, Block) and is_heading:
            headings.append(block)
    if entry is not None:
        yield entry


def _may_open(block: Block, *, by_heading: bool) -> bool:
    return block.kind == "heading" if by_heading else block.kind in {"item", "term"} or (block.kind == "paragraph" and block.level == 0)


def _belongs(block: Block | Table, entry: Entry, *, by_heading: bool) -> bool:
    """Whether a block goes on with the entry above it."""
    if isinstance(block, Table):
        return True
    if block.kind == "heading":
        return by_heading and block.level > entry.opener.level
    if by_heading or entry.opener.kind != "item":
        return True
    if block.kind == "item":
        return block.level > entry.opener.level
    outside = block.level < entry.opener.level
    return not outside or not entry.body or (isinstance(entry.body[-1], Block) and entry.body[-1].level < entry.opener.level)


def _build_table(entries: Sequence[Entry], pattern: re.Pattern[str], options: Options) -> Table:
    groups = tuple(pattern.groupindex)
    parent = entries[0].parent
    rows = tuple(_build_row(entry, pattern, options.labels) for entry in entries)
    return Table(
        layout=LAYOUT,
        section=None if parent is None else parent.text,
        header=(*groups, *options.labels, *(() if TEXT in groups else (TEXT,))),
        rows=rows,
        line_start=rows[0].line_start,
        line_end=max(row.line_end for row in rows),
        claims=() if parent is None else (Claim(kind="heading", line_start=parent.line_start, line_end=parent.line_end),),
    )


def _split_opener(opener: Block, text: str, labels: Sequence[str]) -> list[Block]:
    """The text behind the code as a block, if labels divide it: `E1 Message: Bad name Cause: too long`."""
    own = replace(opener, kind="paragraph", text=text, level=0)
    return [own] if opener.kind != "heading" and split_labels([own], labels).labelled else []


def _build_row(entry: Entry, pattern: re.Pattern[str], labels: Sequence[str]) -> Row:
    opener = entry.opener
    match = pattern.fullmatch(opener.text)
    values = {} if match is None else {name: (text or "").strip() for name, text in match.groupdict().items()}
    opened = _split_opener(opener, values.get(TEXT, ""), labels)
    parts = split_labels([*opened, *entry.body], labels)
    if opened:
        values[TEXT] = ""
    shares = share_links(list(values.values()), opener.links) if values else []
    cells = [
        Cell(text=text, raw=text, line_start=opener.line_start, line_end=opener.line_end, links=links)
        for text, links in zip(values.values(), shares, strict=True)
    ]
    if TEXT in values and parts.rest:
        place = list(values).index(TEXT)
        own = replace(opener, kind="paragraph", text=values[TEXT], raw=values[TEXT], level=0, links=cells[place].links)
        cells[place] = compose_cell([own, *parts.rest], opener.line_start)
    cells += [compose_cell(parts.labelled.get(label, ()), opener.line_end) for label in labels]
    if TEXT not in values:
        cells.append(compose_cell(parts.rest, opener.line_end))
    return Row(cells=tuple(cells), line_start=opener.line_start, line_end=max(opener.line_end, *(cell.line_end for cell in cells)))
