"""Tables drawn with characters, as database shells and text reports print them.

    +------+-----------------+          code | text            ┌──────┬──────────┐
    | Code | Text            |         ------+-------------    │ Code │ Text     │
    +------+-----------------+          4001 | The name is     ├──────┼──────────┤
    | 4001 | The name is bad |              | bad             │ 4001 │ The name │
    +------+-----------------+         (1 row)                 └──────┴──────────┘

The crosses of the rules are the bounds of the columns. Where rules stand between the rows, the lines between two of them
are one row; else each line is one, and one whose first cell is blank goes on with the row above. Pipe tables of mark-up
languages have no crosses and are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from etl.extract.bare_text import (
    build_column_cell,
    claim_heading,
    claim_lines,
    find_heading_above,
    is_code,
    read_title,
)
from etl.model import Document, Options, Row, Table

LAYOUT = "ruled_tables"

_BARS = "|│║┃"
_CROSSES = "+┼├┤┌┐└┘┬┴╪╞╡╬╠╣╔╗╚╝╦╩┏┓┗┛┳┻╋┣┫╂┿"
_DASHES = "-=─═━┄"
_RULE = frozenset(_CROSSES + _DASHES + _BARS + " :")
_CORNER = re.compile(f"[{re.escape(_CROSSES)}][{re.escape(_DASHES)}]")
_EDGES = str.maketrans(dict.fromkeys(_BARS, "|"))


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """All tables of two or more columns that have at least one rule with a cross."""
    if _CORNER.search(document.text) is None:
        return ()
    lines = document.lines
    kinds = groupby(range(len(lines)), key=lambda index: _is_rule(lines[index]) or _is_barred(lines[index]))
    tables = (_read_table(lines, list(indexes)) for belongs, indexes in kinds if belongs)
    return tuple(table for table in tables if table is not None)


def _is_barred(line: str) -> bool:
    return any(bar in line for bar in _BARS)


def _is_rule(line: str) -> bool:
    characters = set(line.strip())
    return characters <= _RULE and not characters.isdisjoint(_CROSSES) and not characters.isdisjoint(_DASHES)


def _read_table(lines: Sequence[str], indexes: Sequence[int]) -> Table | None:
    rules = [index for index in indexes if _is_rule(lines[index])]
    if not rules or len(rules) == len(indexes):
        return None
    bounds = _find_bounds(lines[rules[0]])
    segments = list(_split_segments(indexes, set(rules)))
    if len(bounds) < 3:
        return None
    has_heads = len(segments) > 1 and not is_code(_cut(lines[segments[0][0]], bounds)[0].strip())
    body = segments[1:] if has_heads else segments
    rows = [_build_row(lines, row, bounds) for row in _split_rows(lines, body, bounds)]
    heads = [_cut(lines[index], bounds) for index in segments[0]] if has_heads else []
    heading = find_heading_above(lines, indexes[0])
    claims = [*claim_heading(lines, heading)]
    if has_heads:
        claims.append(claim_lines("header", segments[0][0], segments[0][-1]))
    claims += [claim_lines("markup", index) for index in rules]
    return Table(
        layout=LAYOUT,
        section=read_title(lines, heading),
        header=tuple(build_column_cell(segments[0], parts).text for parts in zip(*heads, strict=True)),
        rows=tuple(rows),
        line_start=indexes[0] + 1,
        line_end=indexes[-1] + 1,
        claims=tuple(claims),
    )


def _find_bounds(rule: str) -> list[int]:
    """Where the columns are bounded: the crosses, and the ends of the rule where none stands there."""
    bounds = [index for index, character in enumerate(rule) if character in _CROSSES]
    if rule[: bounds[0]].strip():
        bounds.insert(0, -1)
    if rule[bounds[-1] + 1 :].strip():
        bounds.append(max(len(rule), bounds[-1] + 2))
    return bounds


def _split_segments(indexes: Sequence[int], rules: set[int]) -> Iterator[list[int]]:
    for is_rule, segment in groupby(indexes, key=lambda index: index in rules):
        if not is_rule:
            yield list(segment)


def _split_rows(lines: Sequence[str], body: Sequence[Sequence[int]], bounds: Sequence[int]) -> Iterator[Sequence[int]]:
    """The lines of each row: a segment is a row where rules stand between the rows, and holds several where it shows them."""
    by_segment = len(body) > 1 and not any(
        sum(is_code(_cut(lines[index], bounds)[0].strip()) for index in segment) > 1 for segment in body
    )
    for segment in body:
        if by_segment:
            yield segment
            continue
        row = [segment[0]]
        for index in segment[1:]:
            if _cut(lines[index], bounds)[0].strip():
                yield row
                row = [index]
            else:
                row.append(index)
        yield row


def _cut(line: str, bounds: Sequence[int]) -> list[str]:
    """The cells of a line: between the bounds where bars stand there, else between its bars (wide characters shift them)."""
    inner = bounds[1:-1]
    if all(line[bound : bound + 1] in _BARS for bound in inner if bound < len(line)):
        cells = [line[start + 1 : end] for start, end in zip(bounds[:-2], inner, strict=True)]
        last = line[bounds[-2] + 1 :].rstrip()
        return [*cells, last[:-1] if last.endswith(tuple(_BARS)) else last]
    cells = line.translate(_EDGES).split("|")
    if bounds[0] >= 0:
        cells = cells[1:]
    if len(cells) >= len(bounds) and not cells[-1].strip():
        cells.pop()
    width = len(bounds) - 1
    cells[width - 1 :] = ["|".join(cells[width - 1 :])]
    return [*cells, *[""] * (width - len(cells))]


def _build_row(lines: Sequence[str], row: Sequence[int], bounds: Sequence[int]) -> Row:
    parts = [_cut(lines[index], bounds) for index in row]
    return Row(
        cells=tuple(build_column_cell(row, column) for column in zip(*parts, strict=True)),
        line_start=row[0] + 1,
        line_end=row[-1] + 1,
    )
