r"""The tables of manual pages, as tbl(1) reads them.

    .SH "EXIT STATUS"               the section
    .TS
    allbox tab(|);                  options, of which the one that divides the cells counts
    lB lB                           the format: how the cells of each row are set, the last line for all further rows
    l lx.
    Code|Meaning                    the first row is the header where a rule follows it, or where it is set otherwise
    _                               a rule
    1|T{
    Wrong options,                  the text of a cell may stand on lines of its own
    or none.
    T}
    .TE

A cell that spans columns (`s`), or goes on with the one above (`\^`, `^`) is repeated. A table whose format has more
columns, or repeats more cells, than a page may have is none: in bare text it may as well be prose behind a `.TS`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from etl.extract.bare_text import claim_lines, is_blank, join_paragraphs
from etl.extract.roff import read_control, render_control, render_text, split_arguments
from etl.limits import Limits
from etl.model import Cell, Claim, Document, Options, Row, Table
from etl.text import collapse

LAYOUT = "man_tables"

_HEADINGS = ("SH", "SS", "Sh", "Ss")
_TAB = re.compile(r"\btab[ \t]*\([ \t]*([^)]|\))[ \t]*\)", re.IGNORECASE)
_MODIFIER = re.compile(r"\([^)]{0,40}\)|[fFpPvVwW](?:\[[^\]]{0,40}\]|\([^)]{0,40}\)|[+-]?[0-9.]{1,10}|.)")
_KEY = re.compile(r"[LlRrCcNnAaSs^_=-]")
_RULE = re.compile(r"[_=]+")


@dataclass(kw_only=True, slots=True)
class _Table:
    """A table that is being read: its lines so far, its rows, the lines of its format, the row that is open."""

    start: int
    heading: tuple[int, str] | None
    divider: str = "\t"
    formats: list[list[str]] = field(default_factory=list)
    is_formatted: bool = False
    unformatted: int = 0
    """The rows before the format, where it is not the first one."""
    rows: list[Row] = field(default_factory=list)
    markup: list[int] = field(default_factory=list)
    headers: int = 0
    cells: list[Cell] = field(default_factory=list)
    first: int = 0
    block: list[int] | None = None
    """The lines of the text block that is open."""
    repeated: int = 0
    """The cells that spans have added, those of the tables above included."""


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """Every table between `.TS` and `.TE` that has rows; () for a document without any."""
    lines = document.lines
    if not any(line.startswith(".TS") for line in lines):
        return ()
    found: list[Table] = []
    heading: tuple[int, str] | None = None
    table: _Table | None = None
    repeated = 0
    for index, line in enumerate(lines):
        macro, rest = read_control(line) or ("", "")
        if macro == "TS":
            table = _Table(start=index, heading=heading, markup=[index], repeated=repeated)
        elif macro == "TE" and table is not None:
            _close_row(table, lines, index - 1)
            table.markup.append(index)
            if table.rows:
                found.append(_build_table(table, index))
            repeated = table.repeated
            table = None
        elif table is not None:
            _read_line(table, lines, index, macro)
            if _is_beyond(table, document.limits):
                table = None
        elif macro in _HEADINGS:
            heading = index, collapse(" ".join(map(render_text, split_arguments(rest))))
    return tuple(found)


def _is_beyond(table: _Table, limits: Limits) -> bool:
    columns = len(table.formats[-1]) if table.formats else 0
    return columns > limits.max_columns or table.repeated > limits.max_repeated


def _read_line(table: _Table, lines: Sequence[str], index: int, macro: str) -> None:
    line = lines[index]
    if table.block is not None:
        if not line.startswith("T}"):
            table.block.append(index)
        elif line[2:].startswith(table.divider):
            _close_block(table, lines)
            _read_cells(table, lines, index, line[3:])
        else:
            _close_row(table, lines, index)
    elif not table.is_formatted:
        table.markup.append(index)
        _read_format(table, line)
    elif line.startswith(".T&"):
        table.markup.append(index)
        table.is_formatted, table.formats, table.unformatted = False, [], len(table.rows)
    elif macro or line.startswith("."):
        table.markup.append(index)
        if macro == "TH":
            table.headers = len(table.rows)
    elif _RULE.fullmatch(line.strip()) is not None:
        table.markup.append(index)
        if len(table.rows) == 1:
            table.headers = 1
    elif not is_blank(line):
        table.first = index
        _read_cells(table, lines, index, line)


def _read_format(table: _Table, line: str) -> None:
    """A line of options (it ends in a semicolon), or of the format, which a full stop ends."""
    text = line.strip()
    if text.endswith(";") and not table.formats:
        divider = _TAB.search(text)
        table.divider = "\t" if divider is None else divider[1]
        return
    for part in text.removesuffix(".").split(","):
        keys = [key[0].lower() + ("b" if "b" in key[1:].lower() else "") for key in _split_keys(part)]
        if keys:
            table.formats.append(keys)
    table.is_formatted = text.endswith(".")


def _split_keys(part: str) -> list[str]:
    """The keys of one line of the format, each with what modifies it: `lfBw(10) | r` is `lB` and `r`."""
    plain = _MODIFIER.sub(lambda found: "B" if "B" in found[0][1:] else "", part)
    starts = [*(found.start() for found in _KEY.finditer(plain)), len(plain)]
    return [plain[start:end] for start, end in itertools.pairwise(starts)]


def _read_cells(table: _Table, lines: Sequence[str], index: int, text: str) -> None:
    """The cells of a line, or of what stands behind the end of a text block; the last one may open another."""
    parts = text.split(table.divider)
    for part in parts[:-1]:
        table.cells.append(_build_part(part, index))
    if parts[-1].strip() == "T{":
        table.block = [index]
    else:
        table.cells.append(_build_part(parts[-1], index))
        _close_row(table, lines, index)


def _build_part(part: str, index: int) -> Cell:
    return Cell(text=collapse(render_text(part)), raw=part.strip(), line_start=index + 1, line_end=index + 1)


def _build_cell(lines: Sequence[str], block: Sequence[int]) -> Cell:
    """The cell of a text block: the lines between `T{`, which is the first, and `T}`."""
    texts: list[str] = []
    for index in block[1:]:
        control = read_control(lines[index])
        text = render_text(lines[index]) if control is None else render_control(*control)
        if text is not None:
            texts.append(text)
    return Cell(
        text=join_paragraphs(texts),
        raw="\n".join(lines[index] for index in block[1:]).strip(),
        line_start=block[0] + 1,
        line_end=block[-1] + 1,
    )


def _close_block(table: _Table, lines: Sequence[str]) -> None:
    """Make a cell of the text block that is open, if one is."""
    if table.block is not None:
        table.cells.append(_build_cell(lines, table.block))
        table.block = None


def _close_row(table: _Table, lines: Sequence[str], index: int) -> None:
    """Put the cells that were read, if any, into a row, with those that span columns or rows repeated."""
    _close_block(table, lines)
    if not table.cells:
        return
    formats = table.formats[min(len(table.rows) - table.unformatted, len(table.formats) - 1)] if table.formats else []
    above = table.rows[-1].cells if table.rows else ()
    cells: list[Cell] = []
    printed = iter(table.cells)
    spans = sum(key.startswith("s") for key in formats)
    for key in formats if len(table.cells) <= len(formats) - spans else []:
        if key.startswith("s") and cells:
            cells.append(replace(cells[-1], spanned=True))
            table.repeated += 1
        elif (cell := next(printed, None)) is not None:
            cells.append(cell)
    cells += printed
    for column, cell in enumerate(cells):
        goes_on = cell.raw == r"\^" or (not cell.text and column < len(formats) and formats[column].startswith("^"))
        if goes_on and column < len(above):
            cells[column] = replace(above[column], spanned=True)
    table.rows.append(Row(cells=tuple(cells), line_start=table.first + 1, line_end=index + 1))
    table.cells = []


def _build_table(table: _Table, last: int) -> Table:
    set_apart = not table.unformatted and len(table.formats) > 1 and len(table.rows) > 1 and table.formats[0] != table.formats[1]
    headers = table.headers or int(set_apart)
    header = table.rows[headers - 1] if headers else None
    claims: list[Claim] = [] if table.heading is None else [claim_lines("heading", table.heading[0])]
    claims += [Claim(kind="header", line_start=row.line_start, line_end=row.line_end) for row in table.rows[:headers]]
    claims += [claim_lines("markup", index) for index in table.markup]
    return Table(
        layout=LAYOUT,
        section=None if table.heading is None else table.heading[1] or None,
        header=() if header is None else tuple(cell.text for cell in header.cells),
        rows=tuple(table.rows[headers:]),
        line_start=table.start + 1,
        line_end=last + 1,
        claims=tuple(claims),
    )
