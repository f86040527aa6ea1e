"""Tables flattened to lines, where a row takes as many lines as its cells need.

    HTTP Code                   the heads, one a line (Options.header)
    Error
    Details
    Cause
    400                         a record starts where the code column's pattern matches (Options.starts)
    BAD_REQUEST                 each column takes one line
    Various. For example:       … or more, where its pattern says that the line goes on (Options.continues)
      • Name is missing
      • Name is too long
    The value of                the last column takes all that is left
    name
    is not valid.

Inline code that stood inside a cell has got lines of its own by the flattening: lines of a cell are joined, so
that the last cell reads "The value of name is not valid."
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from etl.extract.bare_text import build_cell, claim_lines, find_headers, find_heading_above, is_blank, is_bullet
from etl.model import Cell, Document, Options, Row, Table

LAYOUT = "line_records"


def read_tables(document: Document, options: Options) -> tuple[Table, ...]:
    """The tables below each place where the heads stand one per line; () where heads or `starts` are not given."""
    if not options.header or options.starts is None:
        return ()
    lines = document.lines
    starts = re.compile(options.starts)
    continues = {head: re.compile(pattern) for head, pattern in options.continues}
    found = [(first, last, find_heading_above(lines, first)) for first, last in find_headers(lines, options.header)]
    tables: list[Table] = []
    for number, (first, last, heading) in enumerate(found):
        limit = len(lines)
        if number + 1 < len(found):
            next_first, _, next_heading = found[number + 1]
            limit = next_first if next_heading is None else next_heading
        rows = tuple(
            _split_record(lines, record, options.header, continues)
            for record in _find_records(lines, last + 1, limit, starts)
        )
        tables.append(
            Table(
                layout=LAYOUT,
                section=None if heading is None else lines[heading].strip(),
                header=options.header,
                rows=rows,
                line_start=first + 1,
                line_end=rows[-1].line_end if rows else last + 1,
                claims=(
                    *([] if heading is None else [claim_lines("heading", heading)]),
                    claim_lines("header", first, last),
                ),
            )
        )
    return tuple(tables)


def _find_records(lines: Sequence[str], first: int, limit: int, starts: re.Pattern[str]) -> list[list[int]]:
    """The indexes of each record's lines, blank ones left out.

    Nothing shows where the last record ends. It ends at its first blank line, unless blank lines stand inside the
    other records too.
    """
    begins = [index for index in range(first, limit) if starts.fullmatch(lines[index].strip()) is not None]
    records = [
        [index for index in range(begin, end) if not is_blank(lines[index])]
        for begin, end in zip(begins, [*begins[1:], limit], strict=True)
    ]
    if records and all(record[-1] - record[0] + 1 == len(record) for record in records[:-1]):
        last = records[-1]
        records[-1] = [index for place, index in enumerate(last) if index == last[0] + place]
    return records


def _split_record(
    lines: Sequence[str], record: Sequence[int], header: Sequence[str], continues: Mapping[str, re.Pattern[str]]
) -> Row:
    """One record's lines as cells, a column after the other; columns for which nothing is left get no cell."""
    cells: list[Cell] = []
    place = 0
    for head in header[:-1]:
        if place < len(record):
            end = _end_cell(lines, record, place, continues.get(head))
            cells.append(_join_cell(lines, record[place:end]))
            place = end
    if place < len(record):
        cells.append(_join_cell(lines, record[place:]))
    return Row(cells=tuple(cells), line_start=cells[0].line_start, line_end=cells[-1].line_end)


def _end_cell(lines: Sequence[str], record: Sequence[int], place: int, goes_on: re.Pattern[str] | None) -> int:
    """Where in the record the cell ends that begins at `place`."""
    end = place + 1
    while end < len(record) and goes_on is not None and goes_on.search(lines[record[end - 1]]) is not None:
        if is_bullet(lines[record[end]]):
            while end < len(record) and is_bullet(lines[record[end]]):
                end += 1
            break
        end += 1
    return end


def _join_cell(lines: Sequence[str], indexes: Sequence[int]) -> Cell:
    return build_cell(lines[indexes[0] : indexes[-1] + 1], indexes[0] + 1)
