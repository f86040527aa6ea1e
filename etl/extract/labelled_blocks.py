"""Blocks of labelled lines, one block per code.

    Code: 4001                          Error 4001: Bad name
    Message: Bad name                   Cause: The name is
    Cause: The name is                         too long.
           too long.                    Action: Choose another.

    Code: 4002                          Error 4002: Bad age
    Message: Bad age                    Cause: unknown

A block begins where its first label comes again (left), or with a line that leads with a code (right). Each label is a
column, in the order in which they first come; a lead makes a column for its code and one for its text, and where nearly
every block has a line directly above it, that is a column too. Lines without a label continue the line above. Labels
are those that stand in two blocks or more and one or two words set like these, or just `Options.labels`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.extract.bare_text import (
    build_cell,
    claim_heading,
    is_blank,
    is_code,
    is_heading,
    is_symbol,
    measure_indent,
    read_title,
)
from etl.extract.openings import Opening, find_opening
from etl.model import Cell, Document, Options, Row, Table
from etl.text import collapse

LAYOUT = "labelled_blocks"

LEAD_HEADS = ("code", "text")
"""Our names for the columns that a lead makes; the word before all codes, where there is one, stands for the first."""

TITLE_HEAD = "title"
"""Our name for the column of the lines directly above the blocks."""

FEWEST_BLOCKS = 2
FEWEST_COLUMNS = 2
_CODES_SHARE = 0.8
_LABEL_WORDS = 4
_LABEL = re.compile(r"[ \t]*(?:[-*•][ \t]+)?([^\W\d_][^:=：\t]{0,39})(?::(?=\s|$)|：|=)[ \t]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Label:
    """A label at the start of a line, and where its text begins."""

    name: str
    text_start: int


@dataclass(kw_only=True, slots=True)
class _Block:
    """The lines of one code: per column the parts (index of the line, text) that stand under it."""

    heading: int | None
    lead: Opening | None
    parts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    last: int = 0


def read_tables(document: Document, options: Options) -> tuple[Table, ...]:
    """One table per heading that has blocks below it; () where the document shows fewer than two blocks.

    Labels that a few blocks have make cells, if empty ones, in all of them: there is no table where these are beyond the limits.
    """
    lines = document.lines
    labels = {index: label for index, line in enumerate(lines) if (label := _find_label(line)) is not None}
    known = {collapse(label).casefold() for label in options.labels} or _choose_labels(lines, labels)
    labels = {index: label for index, label in labels.items() if label.name.casefold() in known}
    starts = _find_starts(lines, labels)
    if len(starts) < FEWEST_BLOCKS:
        return ()
    blocks = _gather_blocks(lines, labels, starts)
    _take_titles(lines, blocks)
    columns = list(dict.fromkeys(column for block in blocks for column in block.parts))
    if len(columns) < FEWEST_COLUMNS or len(columns) > document.limits.max_columns:
        return ()
    if len(columns) * len(blocks) > document.limits.max_repeated:  # nearly all of them are empty
        return ()
    names = _name_columns(blocks, labels, columns)
    tables: list[list[_Block]] = []
    for block in blocks:
        if not tables or block.heading is not None:
            tables.append([])
        tables[-1].append(block)
    return tuple(_build_table(lines, members, columns, names) for members in tables)


def _find_label(line: str) -> _Label | None:
    found = _LABEL.match(line)
    if found is None:
        return None
    name = found[1].rstrip()
    words = name.split()
    if len(words) > _LABEL_WORDS or name.endswith((".", ",", ";")) or is_code(words[-1]):
        return None
    return _Label(name=name, text_start=found.end())


def _choose_labels(lines: Sequence[str], labels: dict[int, _Label]) -> set[str]:
    times = Counter(label.name.casefold() for label in labels.values())
    depths = {measure_indent(lines[index]) for index, label in labels.items() if times[label.name.casefold()] >= FEWEST_BLOCKS}
    return {
        label.name.casefold()
        for index, label in labels.items()
        if times[label.name.casefold()] >= FEWEST_BLOCKS
        or (measure_indent(lines[index]) in depths and len(label.name.split()) <= 2 and not is_symbol(label.name))
    }


def _find_starts(lines: Sequence[str], labels: dict[int, _Label]) -> dict[int, Opening | None]:
    """The lines that begin a block, with what they lead with: by their first label or by a lead, whichever makes more blocks."""
    by_label = _find_first_labels(lines, labels)
    leads: dict[int, Opening | None] = {}
    codes: set[str] = set()
    for index in range(len(lines) - 1):
        below = index + 1 if not is_blank(lines[index + 1]) else index + 2
        if index in labels or below not in labels or (below > index + 1 and measure_indent(lines[below]) <= measure_indent(lines[index])):
            continue
        if (lead := find_opening(lines[index])) is not None:
            leads[index] = lead
            codes.add(lines[index][slice(*lead.code)])
    if len(codes) < _CODES_SHARE * len(leads):
        leads = {}
    return leads if len(leads) > len(by_label) else dict.fromkeys(by_label)


def _find_first_labels(lines: Sequence[str], labels: dict[int, _Label]) -> list[int]:
    """The lines with the label that opens each block, if the document has a label whose texts are codes."""
    texts: dict[str, list[int]] = {}
    for index, label in labels.items():
        texts.setdefault(label.name.casefold(), []).append(index)
    for name, members in texts.items():
        codes = sum(_begins_with_code(lines[index][labels[index].text_start :]) for index in members)
        if len(members) >= FEWEST_BLOCKS and codes >= _CODES_SHARE * len(members):
            opening = labels[_find_top(lines, labels, members[0], name)].name.casefold()
            return texts[opening] if len(texts[opening]) >= _CODES_SHARE * len(members) else members
    return []


def _begins_with_code(text: str) -> bool:
    word = text.split(None, 1)[0].rstrip(":,;") if not is_blank(text) else ""
    return is_code(word) or is_symbol(word)


def _find_top(lines: Sequence[str], labels: dict[int, _Label], index: int, name: str) -> int:
    """The topmost labelled line of the block that holds `index`: above it stand only lines of the same block."""
    top = index
    for place in range(index - 1, -1, -1):
        if is_blank(lines[place]) or (place in labels and labels[place].name.casefold() == name):
            break
        if place in labels:
            top = place
    return top


def _gather_blocks(lines: Sequence[str], labels: dict[int, _Label], starts: dict[int, Opening | None]) -> list[_Block]:
    """The blocks with their parts. A line behind a blank one that has no label and is not indented ends a block."""
    blocks: list[_Block] = []
    heading: int | None = None
    column: str | None = None
    depth = 0
    for index, line in enumerate(lines):
        if is_blank(line):
            continue
        label = labels.get(index)
        if index in starts:
            blocks.append(_Block(heading=heading, lead=starts[index], last=index))
            heading, depth = None, measure_indent(line)
            lead = starts[index]
            if lead is not None:
                blocks[-1].parts[LEAD_HEADS[0]] = [(index, line[slice(*lead.code)])]
                column = LEAD_HEADS[1]
                blocks[-1].parts[column] = [(index, line[lead.text :])]
                continue
        if not blocks or (column is None and label is None and index not in starts):
            heading = index if is_heading(line) else None
            continue
        block = blocks[-1]
        if label is not None and (column is not None or index in starts):
            column = label.name.casefold()
            block.parts.setdefault(column, []).append((index, line[label.text_start :]))
        elif column is not None and (block.last == index - 1 or measure_indent(line) > depth):
            block.parts[column].append((index, line))
        else:
            column = None
            heading = index if is_heading(line) else None
            continue
        block.last = index
    return blocks


def _take_titles(lines: Sequence[str], blocks: Sequence[_Block]) -> None:
    """Where nearly all blocks have a heading directly above, make it a part of the block: it is no section then."""
    titled = [block for block in blocks if block.heading is not None and block.heading == _find_first(block) - 1]
    if len(titled) < max(FEWEST_BLOCKS, _CODES_SHARE * len(blocks)):
        return
    for block in titled:
        if block.heading is not None:
            block.parts = {TITLE_HEAD: [(block.heading, lines[block.heading])], **block.parts}
            block.heading = None


def _find_first(block: _Block) -> int:
    return min(part[0] for parts in block.parts.values() for part in parts)


def _name_columns(blocks: Sequence[_Block], labels: dict[int, _Label], columns: Sequence[str]) -> dict[str, str]:
    """The head of each column: the label as it is first printed; of the code behind a lead, the word before it."""
    names = {column: column for column in columns}
    for label in reversed(labels.values()):
        names[label.name.casefold()] = label.name
    words = {block.lead.lead for block in blocks if block.lead is not None}
    if len(words) == 1 and words != {""}:
        names[LEAD_HEADS[0]] = words.pop()
    return names


def _build_table(lines: Sequence[str], blocks: Sequence[_Block], columns: Sequence[str], names: dict[str, str]) -> Table:
    heading = blocks[0].heading
    rows = tuple(_build_row(block, columns) for block in blocks)
    return Table(
        layout=LAYOUT,
        section=read_title(lines, heading),
        header=tuple(names[column] for column in columns),
        rows=rows,
        line_start=rows[0].line_start,
        line_end=rows[-1].line_end,
        claims=claim_heading(lines, heading),
    )


def _build_row(block: _Block, columns: Sequence[str]) -> Row:
    first = _find_first(block)
    return Row(
        cells=tuple(_build_cell(block.parts.get(column, [(first, "")])) for column in columns),
        line_start=first + 1,
        line_end=block.last + 1,
    )


def _build_cell(parts: Sequence[tuple[int, str]]) -> Cell:
    """The cell of these parts, blank lines between them kept; a part without text does not count as its first line."""
    filled = [part for part in parts if not is_blank(part[1])] or [parts[0]]
    first = filled[0][0]
    by_line = dict(filled)
    return build_cell([by_line.get(index, "") for index in range(first, filled[-1][0] + 1)], first + 1)
