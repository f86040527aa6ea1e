"""Codes as the program defines them whose source a page shows: as its code, or as an enumeration in one cell or paragraph.

    ## Error codes                          the section, where no comment in the code is one

    ```c
    #define ERR_NAME 4001 /* bad name */    what macro_lists reads, in fences, `<pre>`, listings
    ```

    | enum errors { ERR_NAME = 16, ERR_AGE = 17, ERR_DAY = 24 } |     also in a paragraph; its name is the section

The columns are name, value and comment, the last where there are comments.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from typing import TypeVar

from etl.extract.bare_text import is_code
from etl.extract.macro_lists import FEWEST_DEFINITIONS, read_lines
from etl.model import Block, Cell, Claim, Options, Row, Table

LAYOUT = "code_definitions"

_MOST = 0.6
"""The share of a cell's text that must be members of an enumeration."""

_MEMBER = re.compile(
    r"(?P<name>[A-Za-z_]\w{1,80}) ?= ?(?P<value>-?\w{1,40}) ?(?=[,}/]|$),? ?"
    r"(?:/\*+<?!? ?(?P<comment>[^*]{1,300}?) ?\*+/)?"
)
_NAME = re.compile(r"(?:enum )?(?:class |struct )?(?P<name>[A-Za-z_][\w:]{1,80}) ?\{")
_Placed = TypeVar("_Placed", Row, Cell, Claim)
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")


def read_tables(blocks: Sequence[Block | Table], _options: Options) -> tuple[Table, ...]:
    """A table for each section of each piece of code, and for each cell and paragraph, that defines three codes or more."""
    found: list[Table] = []
    heading: Block | None = None
    for block in blocks:
        if isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row.cells if not cell.spanned and "=" in cell.text]
            found += [_put_under(table, heading) for cell in cells if (table := _read_cell(cell)) is not None]
        elif block.kind == "heading":
            heading = block
        elif block.kind == "code":
            found += [_put_under(table, heading) for table in _read_code(block)]
        elif "=" in block.text and (enumeration := _read_cell(block)) is not None:
            found.append(_put_under(enumeration, heading))
    return tuple(found)


def _put_under(table: Table, heading: Block | None) -> Table:
    if table.section is not None or heading is None:
        return table
    claim = Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end)
    return replace(table, section=heading.text, claims=(claim, *table.claims))


def _read_code(block: Block) -> Iterator[Table]:
    lines = block.text.split("\n")
    first = next((line.strip() for line in lines if line.strip()), "")
    printed = block.raw.split("\n")
    # A fence or a tag may stand on a line of its own above the code, or hide a blank line at its beginning.
    above = next((number for number, line in enumerate(printed) if first in unescape(_TAG.sub("", line)) or first in line), 0)
    shift = block.line_start - 1 + above - next((number for number, line in enumerate(lines) if line.strip()), 0)
    for table in read_lines(lines):
        yield _shift(table, shift, block.line_end)


def _shift(table: Table, shift: int, last: int) -> Table:
    """The table with its lines counted in the page, none behind the `last` one of the code."""

    def move(placed: _Placed) -> _Placed:
        return replace(placed, line_start=min(placed.line_start + shift, last), line_end=min(placed.line_end + shift, last))

    rows = tuple(move(replace(row, cells=tuple(map(move, row.cells)))) for row in table.rows)
    claims = tuple(map(move, table.claims))
    return replace(table, layout=LAYOUT, rows=rows, line_start=rows[0].line_start, line_end=rows[-1].line_end, claims=claims)


def _read_cell(cell: Cell | Block) -> Table | None:
    members = [found for found in _MEMBER.finditer(cell.text) if is_code(found["value"])]
    if len(members) < FEWEST_DEFINITIONS or sum(len(member[0]) for member in members) < _MOST * len(cell.text):
        return None
    has_comments = any(member["comment"] for member in members)
    printed: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(cell.raw.split("\n")):
        for word in _WORD.findall(text):
            printed[word].append(number)
    rows: list[Row] = []
    place = 0
    for member in members:
        places = printed.get(member["name"], [])
        following = bisect_left(places, place)
        place = places[following] if following < len(places) else place
        line = min(cell.line_start + place, cell.line_end)
        texts = [member["name"], member["value"], *([member["comment"] or ""] if has_comments else [])]
        cells = tuple(Cell(text=text, raw=text, line_start=line, line_end=line) for text in texts)
        rows.append(Row(cells=cells, line_start=line, line_end=line))
    name = _NAME.match(cell.text)
    section = None if name is None else name["name"]
    return Table(layout=LAYOUT, section=section, header=(), rows=tuple(rows), line_start=rows[0].line_start, line_end=rows[-1].line_end)
