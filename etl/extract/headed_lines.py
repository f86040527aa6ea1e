"""Rows below a line of heads, the codes in any column: a table copied from a page, its cells apart by tabs or wide gaps.

    Orders                                          a section
    Message            Status   Code                heads, one of which stands over codes
    Bad name           400      4001
    The order could    not yet a row: it lacks its other cells, and goes on below
    not be placed      409      4002
    Message            Status   Code                the heads again: another table begins
    Bad age            400      4003

A line is a row where it has as many cells as there are heads. Where the last column holds codes, a line with one cell
begins the first cell of the row below it; otherwise it goes on with the last cell above it, if it is indented or begins
with a small letter. In lines without a tab, cells are apart by two spaces or more; bars and semicolons divide, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from etl.extract.bare_text import (
    build_cell,
    claim_heading,
    claim_lines,
    find_heading_above,
    is_blank,
    is_code,
    is_heading,
    is_rule,
    is_symbol,
    read_title,
)
from etl.model import Document, Options, Row, Table
from etl.text import collapse

LAYOUT = "headed_lines"

FEWEST_ROWS = 3
_MOST_CELLS = 16
_HEAD_LENGTH = 40
_CODES_SHARE = 0.8
_MOST_WRAPPED = 5
_LOOKED_AT = 4000
"""Longer lines are no rows."""

_GAP = re.compile(r" {2,}")

_Split = Callable[[str], list[str]]


@dataclass(kw_only=True, slots=True)
class _Body:
    """A table under the heads of line `head`: the cells of each row with the indexes of its first and last line."""

    head: int
    heads: list[str]
    rows: list[tuple[int, int, list[list[str]]]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """The tables of the divider that makes most rows; () where fewer than three have a code under the same head."""
    lines = document.lines
    best: list[_Body] = []
    for split in (_split_gaps, _split_bars, _split_semicolons):
        bodies = list(_find_bodies(lines, split))
        if sum(len(body.rows) for body in bodies) > sum(len(body.rows) for body in best):
            best = bodies
    return tuple(_build_table(lines, body) for body in best) if sum(len(body.rows) for body in best) >= FEWEST_ROWS else ()


def _split_gaps(line: str) -> list[str]:
    text = line.strip(" ")
    return text.split("\t") if "\t" in text else _GAP.split(text)


def _split_bars(line: str) -> list[str]:
    return line.strip().removeprefix("|").removesuffix("|").split("|")


def _split_semicolons(line: str) -> list[str]:
    return line.split(";")


def _find_bodies(lines: Sequence[str], split: _Split) -> Iterator[_Body]:
    """The tables whose rows have codes in one column: those of all tables under the same heads count together."""
    cells = [[cell.strip() for cell in split(line)] if len(line) <= _LOOKED_AT else [""] for line in lines]
    bodies: dict[tuple[str, ...], list[_Body]] = defaultdict(list)
    index = 0
    while index < len(lines):
        if _are_heads(cells[index]) and _find_row_below(lines, cells, index) is not None:
            body = _Body(head=index, heads=cells[index])
            index = _gather(lines, cells, body)
            if body.rows:
                bodies[tuple(body.heads)].append(body)
        else:
            index += 1
    for members in bodies.values():
        if _find_codes([row for body in members for _, _, row in body.rows]) is not None:
            yield from members


def _are_heads(cells: Sequence[str]) -> bool:
    if not 2 <= len(cells) <= _MOST_CELLS or len(set(cells)) < len(cells):
        return False
    return all(len(cell) <= _HEAD_LENGTH and is_heading(cell) and not _is_code(cell) for cell in cells)


def _is_code(text: str) -> bool:
    return is_code(text) or is_symbol(text)


def _find_row_below(lines: Sequence[str], cells: Sequence[list[str]], head: int) -> int | None:
    """The first row below the heads that has a code in a cell, if there are no other lines but its own above it."""
    for index in range(head + 1, min(head + 2 + _MOST_WRAPPED, len(lines))):
        if len(cells[index]) == len(cells[head]):
            return index if any(map(_is_code, cells[index])) else None
        if len(cells[index]) > 1:
            return None
    return None


def _find_codes(rows: Sequence[list[list[str]]]) -> int | None:
    """The column that holds codes in most of the rows, None where there is none."""
    for column in range(len(rows[0]) if len(rows) >= FEWEST_ROWS else 0):
        if sum(_is_code(" ".join(row[column])) for row in rows) >= _CODES_SHARE * len(rows):
            return column
    return None


def _gather(lines: Sequence[str], cells: Sequence[list[str]], body: _Body) -> int:
    """Gather the rows below the heads; the index of the first line that is none of theirs."""
    waiting: list[int] = []
    index = body.head + 1
    while index < len(lines):
        line, found = lines[index], cells[index]
        if is_rule(line) and not waiting:
            body.rules.append(index)
        elif found == body.heads:
            break
        elif len(found) == len(body.heads):
            wrapped = [[lines[above].strip() for above in waiting], *[[] for _ in found[1:]]]
            body.rows.append((index - len(waiting), index, [[*parts, cell] for parts, cell in zip(wrapped, found, strict=True)]))
            waiting = []
        elif len(found) != 1 or (waiting and (is_blank(line) or len(waiting) == _MOST_WRAPPED)):
            break
        elif is_blank(line):
            if index + 1 == len(lines) or len(cells[index + 1]) != len(body.heads):
                break
        elif body.rows and _goes_on(line, body, index):
            first, _, row = body.rows[-1]
            body.rows[-1] = (first, index, [*row[:-1], [*row[-1], line.strip()]])
        elif waiting or len(line) >= _HEAD_LENGTH or not is_heading(line):
            waiting.append(index)
        else:
            break
        index += 1
    return index - len(waiting) if index - len(waiting) > body.head else body.head + 1


def _goes_on(line: str, body: _Body, index: int) -> bool:
    """Whether the line goes on with the last cell of the row directly above it, which is no code."""
    _, last, row = body.rows[-1]
    return last == index - 1 and not _is_code(row[-1][0]) and (line[0].isspace() or line[0].islower())


def _build_table(lines: Sequence[str], body: _Body) -> Table:
    heading = find_heading_above(lines, body.head)
    last = body.rows[-1][1]
    return Table(
        layout=LAYOUT,
        section=read_title(lines, heading),
        header=tuple(map(collapse, body.heads)),
        rows=tuple(_build_row(*row) for row in body.rows),
        line_start=body.head + 1,
        line_end=last + 1,
        claims=(
            *claim_heading(lines, heading), claim_lines("header", body.head),
            *(claim_lines("markup", index) for index in body.rules if index < last),
        ),
    )  # fmt: skip


def _build_row(first: int, last: int, cells: Sequence[Sequence[str]]) -> Row:
    """The row of these lines: the first cell may begin above the others, the last may end below them."""
    middle = last + 1 - len(cells[-1])
    built = [build_cell(parts, (first if place == 0 else middle) + 1) for place, parts in enumerate(cells)]
    return Row(cells=tuple(built), line_start=first + 1, line_end=last + 1)
