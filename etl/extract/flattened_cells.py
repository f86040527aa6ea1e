"""Tables flattened to text, one cell a line.

    Value |                     head cells
    Meaning |
    ---|---|                    as many columns as there are `---`
    101 |                       then rows: groups of that many cells
    The request is invalid. |
    102 |
    |                           an empty cell

The table ends at the first line that is no cell, which is one that does not end in a bar; inside a row a cell may take
several lines, up to its bar. Cells stay as printed and where they are printed: where a flattening has collapsed an empty
cell and moved the rest up, etl/realign.py puts them back, later.

The same without bars and delimiter line is read where the heads are given (`Options.header`): they stand in the text
one after the other, and rows follow in groups of as many lines. A blank line is an empty cell where the rhythm of the
rows asks for one, else it only separates. `Options.starts` tells what the first cell of a row looks like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from etl.extract.bare_text import (
    build_cell,
    claim_heading,
    claim_lines,
    find_headers,
    find_heading_above,
    find_title,
    is_blank,
    is_code,
    read_title,
)
from etl.model import Cell, Document, Options, Row, Table

LAYOUT = "flattened_cells"


def read_tables(document: Document, options: Options) -> tuple[Table, ...]:
    """All tables flattened with bars; where there is none and the heads are given, those without bars."""
    tables = _read_barred(document.lines)
    if tables or not options.header:
        return tables
    return _read_unbarred(document.lines, options)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    """The heads of a table with bars: indexes of their lines, and of the delimiter line below."""

    heads: tuple[int, ...]
    delimiter: int


def _is_cell(line: str) -> bool:
    return line.rstrip().endswith("|")


def _cut_bar(line: str) -> str:
    return line.rstrip()[:-1]


def _count_columns(line: str) -> int:
    """How many columns a delimiter line announces; 0 where the line is none."""
    if line.lstrip()[:1] not in {"-", ":"}:
        return 0
    *parts, rest = line.split("|")
    if not is_blank(rest) or any(set(part.strip().strip(":")) != {"-"} for part in parts):
        return 0
    return len(parts)


def _find_heads(lines: Sequence[str]) -> list[_Head]:
    found: list[_Head] = []
    for delimiter, line in enumerate(lines):
        columns = _count_columns(line)
        if columns == 0:
            continue
        heads: list[int] = []
        index = delimiter - 1
        floor = found[-1].delimiter if found else -1
        while index > floor and len(heads) < columns and (_is_cell(lines[index]) or is_blank(lines[index])):
            if not is_blank(lines[index]):
                heads.insert(0, index)
            index -= 1
        if len(heads) == columns:
            found.append(_Head(heads=tuple(heads), delimiter=delimiter))
    return found


def _read_barred(lines: Sequence[str]) -> tuple[Table, ...]:
    found = _find_heads(lines)
    title = find_title(lines)
    if found and title is not None and title >= found[0].heads[0]:
        title = None
    tables: list[Table] = []
    for number, head in enumerate(found):
        limit = found[number + 1].heads[0] if number + 1 < len(found) else len(lines)
        cells = _read_cells(lines, head, limit)
        rows = _group_rows(cells, len(head.heads))
        tables.append(
            Table(
                layout=LAYOUT,
                section=read_title(lines, title),
                header=tuple(build_cell([_cut_bar(lines[index])], index + 1).text for index in head.heads),
                rows=rows,
                line_start=head.heads[0] + 1,
                line_end=rows[-1].line_end if rows else head.delimiter + 1,
                claims=(
                    *claim_heading(lines, title if number == 0 else None),
                    claim_lines("header", head.heads[0], head.heads[-1]),
                    claim_lines("markup", head.delimiter),
                ),
            )
        )
    return tuple(tables)


def _read_cells(lines: Sequence[str], head: _Head, limit: int) -> list[Cell]:
    """The cells below the delimiter, up to the first line above `limit` that belongs to none."""
    cells: list[Cell] = []
    index = head.delimiter + 1
    while index < limit:
        if is_blank(lines[index]):
            index += 1
            continue
        last = index
        if not _is_cell(lines[index]):
            if len(cells) % len(head.heads) == 0:
                break
            while last < limit and not is_blank(lines[last]) and not _is_cell(lines[last]):
                last += 1
            if last == limit or is_blank(lines[last]):
                break
        cells.append(build_cell([*lines[index:last], _cut_bar(lines[last])], index + 1))
        index = last + 1
    return cells


def _group_rows(cells: Sequence[Cell], width: int) -> tuple[Row, ...]:
    return tuple(_build_row(cells[start : start + width]) for start in range(0, len(cells), width))


def _build_row(cells: Sequence[Cell]) -> Row:
    return Row(cells=tuple(cells), line_start=cells[0].line_start, line_end=cells[-1].line_end)


def _read_unbarred(lines: Sequence[str], options: Options) -> tuple[Table, ...]:
    found = list(find_headers(lines, options.header))
    width = len(options.header)
    tables: list[Table] = []
    for number, (first, last) in enumerate(found):
        limit = found[number + 1][0] if number + 1 < len(found) else len(lines)
        if options.starts is not None:
            rows = _split_at_starts(lines, last + 1, limit, width, re.compile(options.starts))
        else:
            rows = max(
                (_split_by_rhythm(lines, last + 1, limit, width, blanks=blanks) for blanks in (True, False)),
                key=len,
            )
        heading = find_heading_above(lines, first)
        tables.append(
            Table(
                layout=LAYOUT,
                section=read_title(lines, heading),
                header=options.header,
                rows=rows,
                line_start=first + 1,
                line_end=rows[-1].line_end if rows else last + 1,
                claims=(
                    *claim_heading(lines, heading),
                    claim_lines("header", first, last),
                ),
            )
        )
    return tuple(tables)


def _split_at_starts(lines: Sequence[str], first: int, limit: int, width: int, starts: re.Pattern[str]) -> tuple[Row, ...]:
    """Rows that begin where `starts` matches. Blank lines are cells where the row is then as wide as the table."""
    begins = [index for index in range(first, limit) if starts.fullmatch(lines[index].strip()) is not None]
    rows: list[Row] = []
    for number, begin in enumerate(begins):
        is_last = number + 1 == len(begins)
        indexes = list(range(begin, limit if is_last else begins[number + 1]))
        while len(indexes) > width and is_blank(lines[indexes[-1]]):
            indexes.pop()
        if len(indexes) != width:
            indexes = [index for index in indexes if not is_blank(lines[index])]
        if is_last:
            del indexes[width:]
        rows.append(_build_row([build_cell([lines[index]], index + 1) for index in indexes]))
    return tuple(rows)


def _split_by_rhythm(lines: Sequence[str], first: int, limit: int, width: int, *, blanks: bool) -> tuple[Row, ...]:
    """Rows of `width` lines each, blank lines being cells or not, as long as the first cell keeps its kind."""
    indexes = [index for index in range(first, limit) if blanks or not is_blank(lines[index])]
    while indexes and is_blank(lines[indexes[-1]]):
        indexes.pop()
    rows: list[Row] = []
    for start in range(0, len(indexes), width):
        opening = lines[indexes[start]].strip()
        if not opening or is_code(opening) != is_code(lines[indexes[0]].strip()):
            break
        rows.append(_build_row([build_cell([lines[index]], index + 1) for index in indexes[start : start + width]]))
    return tuple(rows)
