"""Rows whose cells are divided by one character: a bar, a semicolon, a tab, a comma.

    Code;Type;Text                      Warnings:
    E001;warning;"Name; not given"      W_NAME | D | The name is not
    E002;error;Bad age                               given.
                                        W_AGE  | D | Bad age.

Every row has the same number of cells, and its first is one word, with a comma between the cells a code. A line of heads
is the first with as many cells whose own first cell is no code where all others are. Cells may stand in double quotes, as RFC 4180
has it, but not go over line ends; lines that are indented and have no divider continue the last cell.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.extract.bare_text import (
    build_cell,
    claim_heading,
    claim_lines,
    find_heading_above,
    is_blank,
    is_code,
    is_rule,
    is_symbol,
    measure_indent,
    read_title,
)
from etl.model import Document, Options, Row, Table
from etl.text import collapse

LAYOUT = "delimited_lines"

FEWEST_ROWS = 3
_DIVIDERS = ("|", ";", "\t", ",")
_WORDS_SHARE = 0.8
_MOST_CELLS = 64
_AS_RULE = str.maketrans("|+:", "---")


@dataclass(kw_only=True, slots=True)
class _Run:
    """Consecutive lines of as many cells: the indexes of each row's lines, the first being the divided one."""

    width: int
    rows: list[list[int]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """The tables of the divider that makes most rows; () where none makes three."""
    lines = document.lines
    best: list[Table] = []
    for divider in _DIVIDERS:
        if divider in document.text:
            runs = _find_runs(lines, divider)
            usual = _find_usual_widths(runs)
            found = (_read_run(lines, run, divider) for run in runs if run.width in usual)
            tables = [table for table in found if table is not None]
            if sum(len(table.rows) for table in tables) > sum(len(table.rows) for table in best):
                best = tables
    return tuple(best) if sum(len(table.rows) for table in best) >= FEWEST_ROWS else ()


def _split(line: str, divider: str) -> list[str]:
    """The cells of a line; outer bars are no dividers."""
    text = line.strip().removeprefix("|").removesuffix("|") if divider == "|" else line
    if '"' in text:
        try:
            return next(csv.reader([text], delimiter=divider, skipinitialspace=True), [])
        except csv.Error:  # a cell that is longer than the module allows
            return text.split(divider)
    return text.split(divider)


def _find_runs(lines: Sequence[str], divider: str) -> list[_Run]:
    """The lines with dividers in runs of equal width. Blank lines and rules go between rows, other text ends a run."""
    runs: list[_Run] = []
    run: _Run | None = None
    for index, line in enumerate(lines):
        if is_blank(line):
            continue
        if is_rule(line.translate(_AS_RULE)):
            if run is not None:
                run.rules.append(index)
            continue
        width = len(_split(line, divider)) if divider in line else 1
        if run is not None and _lacks_last(line, divider, width, run.width):
            width = run.width
        if 1 < width <= _MOST_CELLS:
            if run is None or run.width != width:
                run = _Run(width=width)
                runs.append(run)
            run.rows.append([index])
        elif run is not None and run.rows[-1][-1] == index - 1 and measure_indent(line) > measure_indent(lines[run.rows[-1][0]]):
            run.rows[-1].append(index)
        else:
            run = None
    return runs


def _lacks_last(line: str, divider: str, width: int, usual: int) -> bool:
    """Whether the bar at the end of the line is no outer one, but stands before a last cell that is empty."""
    return divider == "|" and 1 < width == usual - 1 and line.rstrip().endswith("|") and not line.lstrip().startswith("|")


def _find_usual_widths(runs: Sequence[_Run]) -> set[int]:
    """The widths of which there are enough rows, most of them not alone."""
    rows = Counter(run.width for run in runs for _ in run.rows)
    alone = Counter(run.width for run in runs if len(run.rows) == 1)
    return {width for width, times in rows.items() if times >= FEWEST_ROWS and alone[width] * 2 <= times}


def _read_run(lines: Sequence[str], run: _Run, divider: str) -> Table | None:
    firsts = [_split(lines[row[0]], divider)[0].strip() for row in run.rows]
    codes = [is_code(first) or is_symbol(first) for first in firsts]
    has_heads = len(firsts) > 1 and (
        run.rows[0][-1] + 1 in run.rules or (not codes[0] and (all(codes[1:]) or (len(firsts) > 2 and _are_unlike(firsts))))
    )
    head = run.rows[0] if has_heads else None
    words = [first for first in firsts[0 if head is None else 1 :] if first and not any(map(str.isspace, first))]
    rows = run.rows[0 if head is None else 1 :]
    if len(words) < _WORDS_SHARE * len(rows) or (divider == "," and sum(codes) < _WORDS_SHARE * len(rows)):
        return None
    first = run.rows[0][0]
    heading = find_heading_above(lines, first)
    claims = [*claim_heading(lines, heading)]
    if head is not None:
        claims.append(claim_lines("header", head[0], head[-1]))
    last = run.rows[-1][-1]
    claims += [claim_lines("markup", index) for index in run.rules if index < last]
    return Table(
        layout=LAYOUT,
        section=read_title(lines, heading),
        header=() if head is None else tuple(map(collapse, _split(lines[head[0]], divider))),
        rows=tuple(_build_row(lines, row, divider, run.width) for row in rows),
        line_start=first + 1,
        line_end=last + 1,
        claims=tuple(claims),
    )


def _are_unlike(firsts: Sequence[str]) -> bool:
    """Whether the first of these words is unlike the others, which are alike in case, as a head is unlike its column."""
    kinds = Counter((word.isupper(), word.islower()) for word in firsts[1:])
    kind, times = kinds.most_common(1)[0]
    return times == len(firsts) - 1 and (firsts[0].isupper(), firsts[0].islower()) != kind


def _build_row(lines: Sequence[str], row: Sequence[int], divider: str, width: int) -> Row:
    number = row[0] + 1
    cells = _split(lines[row[0]], divider)
    cells += [""] * (width - len(cells))
    built = [build_cell([cell], number) for cell in cells]
    if len(row) > 1:
        built[-1] = build_cell([cells[-1], *lines[row[0] + 1 : row[-1] + 1]], number)
    return Row(cells=tuple(built), line_start=number, line_end=row[-1] + 1)
