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

Where `starts` is not given, it is guessed with all else that is missing (`guess_options`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from etl.extract.bare_text import (
    build_cell,
    claim_heading,
    claim_lines,
    find_headers,
    find_heading_above,
    is_blank,
    is_bullet,
    is_code,
    is_heading,
    is_symbol,
    read_title,
)
from etl.model import Cell, Document, Options, Row, Table

LAYOUT = "line_records"

FEWEST_RECORDS = 3
MOST_COLUMNS = 8
_SHARE_OF_THE_USUAL = 0.4
"""The share of records that must have as many lines as there are columns, for the number of columns to be guessed."""

_SHARE_OF_THE_LARGEST = 0.8
_LONGEST_CODE = 64
_GOES_ON = "[,:]$"
_RUN = re.compile(r"[0-9]+|[A-Za-z]+|.")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """How the lines are cut: a pattern for the first line of a record, per column one for lines that go on."""

    header: tuple[str, ...]
    starts: re.Pattern[str]
    goes_on: tuple[re.Pattern[str] | None, ...]


def read_tables(document: Document, options: Options) -> tuple[Table, ...]:
    """The tables below each place where the heads stand one per line; without heads, the one table of all records.

    () where the document does not show the heads, or shows nothing from which to guess what is not given.
    """
    guessed = guess_options(document, options)
    if guessed is None or guessed.starts is None:
        return ()
    lines = document.lines
    starts = re.compile(guessed.starts)
    continues = dict(guessed.continues)
    if guessed.header:
        patterns = [continues.get(head) for head in guessed.header]
        places = list(find_headers(lines, guessed.header))
    else:
        first = next((index for index, line in enumerate(lines) if _is_start(line, starts)), len(lines))
        width = _count_columns([len(record) for record in _find_records(lines, first, len(lines), starts)])
        patterns = [None, *[_GOES_ON] * (width - 1)] if width else []
        places = [(first, first - 1)] if width else []
    goes_on = tuple(None if pattern is None else re.compile(pattern) for pattern in patterns)
    return _read_places(lines, places, _Plan(header=guessed.header, starts=starts, goes_on=goes_on))


def guess_options(document: Document, options: Options) -> Options | None:
    """`options` with what is missing filled in, None where that cannot be done; as they are where `starts` is given.

    Records start at lines that hold a code or a symbol and nothing else and look alike. Most have as many lines as there
    are columns; the heads are as many short lines directly above the first; any line but the code that ends in a comma
    or a colon goes on. Where the lines above the first record are no heads, `header` stays empty.
    """
    if options.starts is not None:
        return options
    lines = document.lines
    begin = 0
    if options.header:
        place = next(find_headers(lines, options.header), None)
        if place is None:
            return None
        begin = place[1] + 1
    starts = _guess_starts(lines, begin)
    if starts is None:
        return None
    header = options.header or _guess_header(lines, re.compile(starts))
    continues = options.continues or tuple((head, _GOES_ON) for head in header[1:-1])
    return replace(options, header=header, starts=starts, continues=continues)


def _is_start(line: str, starts: re.Pattern[str]) -> bool:
    return starts.fullmatch(line.strip()) is not None


def _read_places(lines: Sequence[str], places: Sequence[tuple[int, int]], plan: _Plan) -> tuple[Table, ...]:
    """A table per place; a place is where the heads stand, or (n, n - 1) where the records start at n without heads."""
    if not places:
        return ()
    headings = [find_heading_above(lines, first) for first, _ in places]
    tops = [first if heading is None else heading for (first, _), heading in zip(places, headings, strict=True)]
    tables: list[Table] = []
    for (first, last), heading, limit in zip(places, headings, [*tops[1:], len(lines)], strict=True):
        records = _find_records(lines, last + 1, limit, plan.starts)
        rows = tuple(_split_record(lines, record, plan.goes_on) for record in records)
        claims = [*claim_heading(lines, heading)]
        if plan.header:
            claims.append(claim_lines("header", first, last))
        tables.append(
            Table(
                layout=LAYOUT,
                section=read_title(lines, heading),
                header=plan.header,
                rows=rows,
                line_start=first + 1,
                line_end=rows[-1].line_end if rows else last + 1,
                claims=tuple(claims),
            )
        )
    return tuple(tables)


def _find_records(lines: Sequence[str], first: int, limit: int, starts: re.Pattern[str]) -> list[list[int]]:
    """The indexes of each record's lines, blank ones left out.

    Nothing shows where the last record ends. It ends at its first blank line, unless blank lines stand inside the
    other records too.
    """
    begins = [index for index in range(first, limit) if _is_start(lines[index], starts)]
    records = [
        [index for index in range(begin, end) if not is_blank(lines[index])]
        for begin, end in zip(begins, [*begins[1:], limit], strict=False)
    ]
    if records and all(record[-1] - record[0] + 1 == len(record) for record in records[:-1]):
        last = records[-1]
        records[-1] = [index for place, index in enumerate(last) if index == last[0] + place]
    return records


def _split_record(lines: Sequence[str], record: Sequence[int], goes_on: Sequence[re.Pattern[str] | None]) -> Row:
    """One record's lines as cells, a column after the other; columns for which nothing is left get no cell."""
    cells: list[Cell] = []
    place = 0
    for number, pattern in enumerate(goes_on):
        if place == len(record):
            break
        end = len(record) if number == len(goes_on) - 1 else _end_cell(lines, record, place, pattern)
        cells.append(build_cell(lines[record[place] : record[end - 1] + 1], record[place] + 1))
        place = end
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


def _count_columns(lengths: Sequence[int]) -> int:
    """The most usual number of lines of a record; 0 where it is not usual enough to be the number of columns."""
    if len(lengths) < FEWEST_RECORDS:
        return 0
    times = Counter(lengths)
    usual = min(times, key=lambda length: (-times[length], length))
    return usual if 2 <= usual <= MOST_COLUMNS and times[usual] >= _SHARE_OF_THE_USUAL * len(lengths) else 0


def _guess_starts(lines: Sequence[str], begin: int) -> str | None:
    """A pattern for the lines that hold nothing but a code and look alike; None where there are too few of them.

    Of the families of lines that are about as large as the largest, the one that comes first starts the records.
    """
    families: dict[str, list[int]] = {}
    for index in range(begin, len(lines)):
        word = lines[index].strip() if len(lines[index]) <= 2 * _LONGEST_CODE else ""
        if is_code(word) or is_symbol(word):
            for pattern in _name_families(word):
                families.setdefault(pattern, []).append(index)
    if _ANY_NUMBER in families and _alternates(lines, families[_ANY_NUMBER]):
        del families[_ANY_NUMBER]
    largest = max(map(len, families.values()), default=0)
    if largest < FEWEST_RECORDS:
        return None
    large = [pattern for pattern, members in families.items() if len(members) >= _SHARE_OF_THE_LARGEST * largest]
    return min(large, key=lambda pattern: (families[pattern][0], -len(families[pattern])))


_ANY_NUMBER = "-?[0-9]+"


_SYMBOL_FAMILIES = ("[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", "[A-Z][a-z0-9]+(?:[.]?[A-Z]+[a-z0-9]+)+", "E[A-Z0-9]*[A-Z]{2}")


def _name_families(word: str) -> tuple[str, ...]:
    """The patterns that find this word and others like it, the widest first: each of them matches the word itself."""
    digits = word.removeprefix("-")
    if digits.isdecimal():
        return _ANY_NUMBER, f"{word[: -len(digits)]}[0-9]{{{len(digits)}}}"
    for pattern in ("0[xX][0-9A-Fa-f]+", *_SYMBOL_FAMILIES):
        if re.fullmatch(pattern, word) is not None:
            return (pattern,)
    return (
        "".join("[0-9]+" if run.isdecimal() else "[A-Za-z]+" if run.isalpha() else re.escape(run) for run in _RUN.findall(word)),
        f"[0-9A-Za-z]{{{len(word)}}}" if word.isalnum() else re.escape(word),
    )


def _alternates(lines: Sequence[str], members: Sequence[int]) -> bool:
    """Whether numbers as long as the first one come in turns with as many others: these are then another column."""
    lengths = [len(lines[index].strip()) for index in members]
    places = [place for place, length in enumerate(lengths) if length == lengths[0]]
    steps = {after - before for before, after in pairwise(places)}
    return len(places) >= FEWEST_RECORDS and len(steps) == 1 and steps != {1}


def _guess_header(lines: Sequence[str], starts: re.Pattern[str]) -> tuple[str, ...]:
    """The lines above the first record, as many as there are columns, if all of them may be heads."""
    first = next(index for index, line in enumerate(lines) if _is_start(line, starts))
    width = _count_columns([len(record) for record in _find_records(lines, first, len(lines), starts)])
    above = [index for index in range(first) if not is_blank(lines[index])][-width:] if width else []
    heads = tuple(lines[index].strip() for index in above)
    is_header = len(heads) == width and all(is_heading(head) and not _is_start(head, starts) for head in heads)
    return heads if is_header and len(set(heads)) == width else ()
