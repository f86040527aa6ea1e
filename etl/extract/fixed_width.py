"""Tables whose columns stand one below the other in text, apart by two spaces or more, or by tabs.

    Authentication                      a section, above the table or among its rows
    Code   Name        Description      heads, where they are printed
    -----  ----------  -------------    an underline, where it is printed: its groups are the columns
    4001   BAD_NAME    The name is not
                       valid.           the row goes on where the first column is blank
    4002               No name.         an empty cell

With an underline in groups the columns are certain. Without one, rows are lines that begin with a word that looks like a
code and hold a gap, and a column is where the text behind gaps begins again and again at the same place. A cell that is
wider than its column pushes the rest of its line to the right: such a line is read by its gaps.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from etl.extract.bare_text import (
    RULE_CHARACTERS,
    build_column_cell,
    claim_heading,
    claim_lines,
    find_heading_above,
    is_blank,
    is_code,
    is_comment,
    is_heading,
    is_rule,
    is_symbol,
    measure_indent,
    read_title,
    strip_group_label,
)
from etl.extract.openings import is_only_wrapped
from etl.model import Claim, Document, Options, Row, Table
from etl.text import collapse

LAYOUT = "fixed_width"

FEWEST_ROWS = 3
_COLUMN_SHARE = 0.3
"""The share of rows in which a column must begin at the same place behind a gap."""

_RAGGED = 3
"""Right-aligned numbers of one column begin at most this far apart."""

_MOST_GROUP_LINES = 2
_LONGEST_FIRST = 130
_BULLET = re.compile(r"[ \t]*[*•-][ \t]+(?=\S)")
_FIELD = re.compile(r"\S+(?: \S+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Grid:
    """Where the columns begin, and what stands above the rows: indexes of the lines of heads and of bare rules.

    `gaps` are the places between the columns, where an underline shows them.
    """

    starts: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...] = ()
    heads: tuple[int, ...] = ()
    rules: tuple[int, ...] = ()


@dataclass(kw_only=True, slots=True)
class _Body:
    """What is gathered below the heads: rows as lists of line indexes, with the section line above them."""

    rows: list[list[int]] = field(default_factory=list)
    groups: list[int | None] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


def read_tables(document: Document, options: Options) -> tuple[Table, ...]:
    """All tables with underlined heads, then those that show by their rows; in document order."""
    lines = tuple(line.expandtabs() for line in document.lines)
    tables = list(_read_underlined(lines))
    taken = {index for table in tables for index in range(table.line_start - 1, table.line_end)}
    tables += _read_aligned(lines, taken, collapse(" ".join(options.header)))
    return tuple(sorted(tables, key=lambda table: table.line_start))


# --- with an underline ------------------------------------------------------------------------------------------------


def _find_groups(line: str) -> tuple[tuple[int, int], ...]:
    """Where the groups of an underline begin and end; () where the line is none."""
    groups = line.split()
    if len(groups) < 2 or any(len(group) < 2 or group[0] not in RULE_CHARACTERS or len(set(group)) > 1 for group in groups):
        return ()
    return tuple(found.span() for found in re.finditer(r"\S+", line))


def _read_underlined(lines: Sequence[str]) -> Iterator[Table]:
    index = 0
    while index < len(lines):
        groups = _find_groups(lines[index])
        starts = (0, *(start for start, _ in groups[1:]))
        heads = _find_underlined_heads(lines, index, starts) if groups else ()
        if not heads:
            index += 1
            continue
        over = (heads[0] - 1,) if heads[0] > 0 and is_rule(lines[heads[0] - 1]) else ()
        gaps = tuple((end, start) for (_, end), (start, _) in pairwise(groups))
        grid = _Grid(starts=starts, gaps=gaps, heads=heads, rules=(*over, index))
        body, index = _gather_underlined(lines, grid, index + 1)
        if body.rows:
            yield _build_table(lines, grid, body)


def _find_underlined_heads(lines: Sequence[str], underline: int, starts: Sequence[int]) -> tuple[int, ...]:
    """The lines of heads directly above the underline: those that keep to its columns, at most three."""
    heads: list[int] = []
    index = underline - 1
    while index >= 0 and len(heads) < 3 and not is_blank(lines[index]) and not is_rule(lines[index]):
        if _cut(lines[index], starts) is None or not lines[index][starts[1] :].strip():
            break
        heads.insert(0, index)
        index -= 1
    return tuple(heads)


def _gather_underlined(lines: Sequence[str], grid: _Grid, index: int) -> tuple[_Body, int]:
    """The rows below an underline, and the index behind them.

    They end at a rule that no row follows, and where text behind a blank line does not keep to the columns.
    """
    body = _Body()
    after_blank = False
    while index < len(lines):
        line = lines[index]
        if is_blank(line):
            after_blank = True
        elif is_rule(line):
            body.claims.append(claim_lines("markup", index))
            if body.rows and (index + 1 == len(lines) or is_blank(lines[index + 1])):
                return body, index + 1
        elif not line[: grid.starts[1]].strip() and body.rows and not after_blank:
            body.rows[-1].append(index)
        elif _is_row(line, grid, after_blank=after_blank):
            body.rows.append([index])
            body.groups.append(None)
            after_blank = False
        else:
            break
        index += 1
    return body, index


def _is_row(line: str, grid: _Grid, *, after_blank: bool) -> bool:
    """Whether the line keeps to the columns: behind a blank line it must leave all gaps free, and not be prose."""
    if after_blank:
        return bool(line[grid.starts[1] :].strip()) and all(is_blank(line[start:end]) for start, end in grid.gaps)
    return _cut(line, grid.starts) is not None or len(_FIELD.findall(line)) == len(grid.starts)


# --- without one ------------------------------------------------------------------------------------------------------


def _find_row(line: str) -> tuple[int, ...]:
    """Where the fields of a row begin; () where the line has no code or symbol at its beginning and a gap behind it.

    The code may be the second field, behind one word. Between a code and its symbol one space is enough.
    """
    bullet = _BULLET.match(line)
    fields = list(_FIELD.finditer(line, 0 if bullet is None else bullet.end()))
    if len(fields) < 2:
        return ()
    starts = [found.start() for found in fields]
    words = fields[0][0].split(" ") if len(fields[0][0]) <= _LONGEST_FIRST else []
    if len(words) == 2 and is_code(words[0]) and is_symbol(words[1]):
        starts.insert(1, starts[0] + len(words[0]) + 1)
    elif len(words) != 1 or not (is_code(words[0]) or is_symbol(words[0]) or (is_code(fields[1][0]) and words[0][0].isalpha())):
        return ()
    return tuple(starts)


def _read_aligned(lines: Sequence[str], taken: set[int], header: str) -> list[Table]:
    rows = {index: starts for index, line in enumerate(lines) if index not in taken and (starts := _find_row(line))}
    if len(rows) < FEWEST_ROWS:
        return []
    tables: list[Table] = []
    for run in _split_runs(lines, rows):
        if _is_head_of_codes(lines, run):
            del run[0]
        grid = _find_grid(lines, run, rows, header)
        if grid is not None:
            body = _gather_aligned(lines, grid, run)
            if len(grid.starts) > 2 or grid.heads or not _holds_titles(lines, body):
                tables.append(_build_table(lines, grid, body))
    return tables


def _split_runs(lines: Sequence[str], rows: dict[int, tuple[int, ...]]) -> list[list[int]]:
    """The rows in runs. A run goes on over blank lines, comments, rules, continuations and a section line or two.

    Where sections stand between, the rows below must have their second column where the rows above have it.
    """
    runs: list[list[int]] = []
    for index in rows:
        if runs and _goes_on(lines, runs[-1][-1], index, rows):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _goes_on(lines: Sequence[str], above: int, below: int, rows: dict[int, tuple[int, ...]]) -> bool:
    others = 0
    for index in range(above + 1, below):
        line = lines[index]
        if is_blank(line) or is_rule(line) or is_comment(line) or measure_indent(line) >= rows[above][1]:
            continue
        others += 1
        is_apart = is_blank(lines[index - 1]) or is_rule(lines[index - 1]) or measure_indent(line) < measure_indent(lines[above])
        if others > _MOST_GROUP_LINES or not is_heading(line) or not (is_apart or others > 1):
            return False
    return others == 0 or rows[above][1] == rows[below][1]


def _is_head_of_codes(lines: Sequence[str], run: Sequence[int]) -> bool:
    """Whether the first row of the run is rather its heads: a word without a digit (`ERROR`) above codes that have some."""
    words = [lines[index].split(None, 1)[0] for index in run]
    return len(words) > 1 and not is_code(words[0]) and all(is_code(word) for word in words[1:])


def _holds_titles(lines: Sequence[str], body: _Body) -> bool:
    """Whether the lines below the rows mostly do not go on with their text: titles with a text below are hanging_indents."""
    long = [row for row in body.rows if len(row) > 1]
    width = max((len(lines[index].rstrip()) for row in long for index in row), default=0)
    wrapped = sum(is_only_wrapped(lines, row[0], row[1], width) for row in long)
    return wrapped * 2 < len(long)


def _find_grid(lines: Sequence[str], run: Sequence[int], rows: dict[int, tuple[int, ...]], header: str) -> _Grid | None:
    """The columns of a run of rows; None where they do not stand one below the other."""
    times = Counter(start for index in run for start in rows[index][1:])
    often = sorted(start for start in times if times[start] >= max(2, _COLUMN_SHARE * len(run)))
    starts = _merge_ragged(often, [set(rows[index]) for index in run])
    heads, rules = _find_heads_above(lines, run[0])
    if heads is not None:
        fields = [found.start() for found in _FIELD.finditer(lines[heads])]
        is_given = bool(header) and collapse(lines[heads]) == header
        if len(fields) > len(starts) + 1 and (is_given or set(starts) <= set(fields)):
            starts = fields[1:]
        elif len(fields) != len(starts) + 1 and not is_given:
            heads = None
    if not starts or (heads is None and len(run) < 2):
        return None
    return _Grid(
        starts=(0, *starts), heads=() if heads is None else (heads,), rules=() if heads is None else rules
    )


def _merge_ragged(starts: Sequence[int], rows: Sequence[set[int]]) -> list[int]:
    """The starts without those that only belong to shorter numbers, set right, of the column before."""
    kept: list[int] = []
    for start in starts:
        is_ragged = bool(kept) and start - kept[-1] <= _RAGGED and not any(start in row and kept[-1] in row for row in rows)
        if not is_ragged:
            kept.append(start)
    return kept


def _find_heads_above(lines: Sequence[str], first: int) -> tuple[int | None, tuple[int, ...]]:
    """The line above the first row that may hold the heads, and the rules beside it."""
    rules: list[int] = []
    index = first - 1
    blanks = 0
    while index >= 0 and blanks < 2:
        if is_blank(lines[index]):
            blanks += 1
        elif is_rule(lines[index]):
            rules.append(index)
        else:
            if len(_FIELD.findall(lines[index])) < 2 or is_comment(lines[index]):
                return None, ()
            if index > 0 and is_rule(lines[index - 1]):
                rules.append(index - 1)
            return index, tuple(sorted(rules))
        index -= 1
    return None, ()


def _gather_aligned(lines: Sequence[str], grid: _Grid, run: Sequence[int]) -> _Body:
    body = _Body()
    heads = {collapse(lines[index]) for index in grid.heads}
    is_row = set(run)
    group: int | None = None
    end = run[-1] + 1
    while end < len(lines) and not is_blank(lines[end]) and measure_indent(lines[end]) >= grid.starts[1]:
        end += 1
    for index in range(run[0], end):
        line = lines[index]
        if index in is_row:
            body.rows.append([index])
            body.groups.append(group)
        elif is_blank(line):
            continue
        elif is_rule(line):
            body.claims.append(claim_lines("markup", index))
        elif collapse(line) in heads:
            body.claims.append(claim_lines("header", index))
        elif is_comment(line):
            body.claims.append(claim_lines("markup", index))
        elif measure_indent(line) >= grid.starts[1]:
            body.rows[-1].append(index)
        else:
            group = index
            body.claims.append(claim_lines("group", index))
    return body


# --- cells ------------------------------------------------------------------------------------------------------------


def _cut(line: str, starts: Sequence[int]) -> list[str] | None:
    """The line cut where the columns begin; None where a word stands across such a place."""
    for start in starts[1:]:
        if not is_blank(line[start - 1 : start]) and not is_blank(line[start : start + 1]):
            return None
    return [line[start:end].strip() for start, end in zip(starts, [*starts[1:], len(line)], strict=True)]


def _cut_pushed(line: str, starts: Sequence[int]) -> list[str]:
    """The line cut at its gaps: each field in the column that begins last before it and is still free."""
    fields = list(_FIELD.finditer(line))
    cells: list[list[str]] = [[] for _ in starts]
    column = -1
    for number, found in enumerate(fields):
        free = max(column + 1, bisect_right(starts, found.start()) - 1)
        column = number if len(fields) == len(starts) else min(free, len(starts) - 1)
        cells[column].append(found[0])
    return [" ".join(cell) for cell in cells]


def _build_table(lines: Sequence[str], grid: _Grid, body: _Body) -> Table:
    first = min([body.rows[0][0], *grid.heads, *grid.rules])
    heading = find_heading_above(lines, first, skip_comments=True)
    claims = [*claim_heading(lines, heading)]
    claims += [claim_lines("header", index) for index in grid.heads]
    claims += [claim_lines("markup", index) for index in grid.rules]
    claims += body.claims
    titles = [*([] if heading is None else [heading]), *(claim.line_start - 1 for claim in body.claims if claim.kind == "group")]
    names = dict(zip(titles, strip_group_label([read_title(lines, index) or "" for index in titles]), strict=True))
    rows = tuple(
        _build_row(lines, grid.starts, row, None if group is None else names[group])
        for row, group in zip(body.rows, body.groups, strict=True)
    )
    heads = [_cut_heads(lines[index], grid.starts) for index in grid.heads]
    return Table(
        layout=LAYOUT,
        section=None if heading is None else names[heading],
        header=tuple(collapse(" ".join(parts)) for parts in zip(*heads, strict=True)),
        rows=rows,
        line_start=first + 1,
        line_end=max([rows[-1].line_end, *(claim.line_end for claim in body.claims)]),
        claims=tuple(claims),
    )


def _cut_heads(line: str, starts: Sequence[int]) -> list[str]:
    fields = _FIELD.findall(line)
    return fields if len(fields) == len(starts) else _cut(line, starts) or _cut_pushed(line, starts)


def _build_row(lines: Sequence[str], starts: Sequence[int], row: Sequence[int], group: str | None) -> Row:
    parts = [_cut(lines[index], starts) or _cut_pushed(lines[index], starts) for index in row]
    parts[0][0] = _BULLET.sub("", parts[0][0], count=1)
    return Row(
        cells=tuple(build_column_cell(row, [part[number] for part in parts]) for number in range(len(starts))),
        line_start=row[0] + 1,
        line_end=row[-1] + 1,
        group=group,
    )
