"""AsciiDoc's tables, cut into cells by their separators: specifiers, spans, columns and header rows, no content read yet.

    [cols="1,2a",options="header"]        two columns, the second of AsciiDoc
    |===
    |Code |Meaning                        the header
    |4001                                 a cell a line, or several
    |* one
    * two
    2+|Orders \\| Carts                    over two columns; an escaped bar
    .2+|4002 |first                       over two rows
    2*|same                               two cells
    |===

Rules are those of https://docs.asciidoctor.org/asciidoc/latest/tables/: rows are filled with cells by the number of
columns, not by lines. `,===` and `format=csv` are read by Python's csv module, `:===` by its colons.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from etl.extract.allowance import Allowance

MAX_COLUMNS = 1000
_MOST_ROWS = 65_534

_ALIGN = r"(?:[<^>](?:\.[<^>])?|\.[<^>])?"
_FACTOR = r"(?:(?P<columns>\d{0,9})(?:\.(?P<rows>\d{1,9}))?(?P<kind>[*+]))?"
_SPEC = re.compile(rf"{_FACTOR}{_ALIGN}(?P<style>[adehlmsv])?")
_SPEC_BEHIND = re.compile(r"\s(?=\S)(?P<spec>[\d.*+<^>]{0,30}[adehlmsv]?)$")
_COLUMN = re.compile(rf"(?:(?P<times>\d{{1,9}})\*)?{_ALIGN}(?:\d+%?|~)?(?P<style>[adehlmsv])?")


@dataclass(kw_only=True, slots=True)
class CutCell:
    """A cell: `lines` with the page's line of each, what it spans, and its style (`a`: AsciiDoc) or ""."""

    lines: list[tuple[int, str]]
    columns: int = 1
    rows: int = 1
    style: str = ""


@dataclass(kw_only=True, slots=True)
class CutTable:
    """Rows of cells as printed; the first `header_rows` are heads."""

    rows: list[list[CutCell]] = field(default_factory=list)
    header_rows: int = 0


def cut_table(lines: Sequence[tuple[int, str]], delimiter: str, attributes: dict[str, str], repeated: Allowance) -> CutTable:
    """Cut the table that `lines` (the page's line and its text) are, between two lines `delimiter`.

    `attributes` are those of the block: `cols`, `options` (space between them), `format`, `separator`. A last row that is
    not full is kept. Raises LimitError where repetition of cells uses up `repeated`.
    """
    kind = attributes.get("format") or {",": "csv", ":": "dsv"}.get(delimiter[0], "psv")
    separator = attributes.get("separator") or {"csv": ",", "tsv": "\t", "dsv": ":", "psv": delimiter[0]}.get(kind, "|")
    separator = {"\\t": "\t", "tab": "\t"}.get(separator, separator)
    styles = _read_columns(attributes.get("cols", ""))
    if kind in {"csv", "tsv"} and len(separator) == 1:
        rows = _cut_csv(lines, separator)
    else:
        cells = [*_cut_cells(lines, separator, repeated, specified=kind == "psv")]
        first_line = next((number for number, text in lines if text.strip()), 0)
        width = len(styles) or sum(cell.columns for cell, number in cells if number == first_line) or 1
        rows = _fill_rows((cell for cell, _ in cells), width)
    for row in rows:
        for column, cell in zip(_place_columns(row), row, strict=True):
            cell.style = cell.style or (styles[column] if column < len(styles) else "")
    options = attributes.get("options", "").split()
    has_header = "header" in options or ("noheader" not in options and _has_implicit_header(lines, rows))
    return CutTable(rows=rows, header_rows=int(has_header and bool(rows)))


def _read_columns(printed: str) -> list[str]:
    """The style of each column that `cols` names: `3*`, `1,2a`, `<,^.>25%m`."""
    if not printed.strip():
        return []
    styles: list[str] = []
    parts = re.split("[,;]", printed.replace(" ", ""))
    if len(parts) == 1 and parts[0].isdecimal():  # a lone number counts columns
        parts = [f"{parts[0]}*"]
    for part in parts:
        found = _COLUMN.fullmatch(part)
        times = 1 if found is None or found["times"] is None else int(found["times"])
        styles += [(found["style"] or "") if found is not None else ""] * min(times, MAX_COLUMNS)
    return styles[:MAX_COLUMNS]


def _place_columns(row: Sequence[CutCell]) -> Iterator[int]:
    column = 0
    for cell in row:
        yield column
        column += cell.columns


def _has_implicit_header(lines: Sequence[tuple[int, str]], rows: Sequence[Sequence[CutCell]]) -> bool:
    """Whether the first line stands right below the delimiter, has a blank line below it, and its cells do not go on there."""
    if len(lines) < 3 or not lines[0][1].strip() or lines[1][1].strip() or not rows:
        return False
    first = lines[0][0]
    return not any(number > first and text.strip() for cell in rows[0] if cell.lines[0][0] == first for number, text in cell.lines)


def _cut_cells(
    lines: Sequence[tuple[int, str]], separator: str, repeated: Allowance, *, specified: bool
) -> Iterator[tuple[CutCell, int]]:
    """The cells and the line on which each begins; `specified` says whether specifiers stand before separators."""
    pattern = re.compile(rf"(\\?){re.escape(separator)}")
    current: CutCell | None = None
    start = 0
    copies = 1
    for number, line in lines:
        parts = _split(line, pattern, separator)
        ahead = ""
        if len(parts) > 1:
            parts[0], ahead = _split_spec(parts[0], first=True) if specified else (parts[0], "")
        if not specified and current is not None:  # a colon ends a cell, and so does the end of a line
            yield current, start
            current = None
        if current is None and (parts[0].strip() or (not specified and len(parts) > 1)):
            current, start, copies = CutCell(lines=[]), number, 1
        if current is not None:
            current.lines.append((number, parts[0]))
        for index, part in enumerate(parts[1:], start=1):
            if current is not None:
                repeated.spend(copies - 1)
                for _ in range(copies):
                    yield CutCell(lines=current.lines, columns=current.columns, rows=current.rows, style=current.style), start
            text, behind = _split_spec(part, first=False) if specified and index < len(parts) - 1 else (part, "")
            current, copies = _open_cell(ahead)
            current.lines.append((number, text))
            start = number
            ahead = behind
    if current is not None:
        repeated.spend(copies - 1)
        for _ in range(copies):
            yield CutCell(lines=current.lines, columns=current.columns, rows=current.rows, style=current.style), start


def _split(line: str, pattern: re.Pattern[str], separator: str) -> list[str]:
    parts = [""]
    position = 0
    for match in pattern.finditer(line):
        parts[-1] += line[position : match.start()]
        if match[1]:
            parts[-1] += separator
        else:
            parts.append("")
        position = match.end()
    parts[-1] += line[position:]
    return parts


def _split_spec(part: str, *, first: bool) -> tuple[str, str]:
    """The text before a separator and the specifier behind it, which at the start of a line may stand alone."""
    if first and _SPEC.fullmatch(part.strip()):
        return "", part.strip()
    found = _SPEC_BEHIND.search(part[-32:])
    if found is None or not _SPEC.fullmatch(found["spec"]):
        return part, ""
    return part[: len(part) - len(found["spec"])], found["spec"]


def _open_cell(printed: str) -> tuple[CutCell, int]:
    """An empty cell as its specifier `printed` wants it, and how many times it stands there."""
    found = _SPEC.fullmatch(printed)
    cell = CutCell(lines=[])
    if found is None:
        return cell, 1
    cell.style = found["style"] or ""
    columns, rows = (max(int(found[name] or 1), 1) for name in ("columns", "rows"))
    if found["kind"] == "*":
        return cell, columns
    if found["kind"] == "+":
        cell.columns, cell.rows = min(columns, MAX_COLUMNS), min(rows, _MOST_ROWS)
    return cell, 1


def _fill_rows(cells: Iterator[CutCell], width: int) -> list[list[CutCell]]:
    """Rows of `width` columns, those counted that cells of rows above reach down into."""
    rows: list[list[CutCell]] = []
    row: list[CutCell] = []
    taken = filled = reaching = 0  # columns taken from above, filled here, and reaching down from here
    ends: dict[int, int] = {}  # index of a row -> columns that cells of rows above reach down to, and no further
    spanning: list[tuple[int, CutCell]] = []
    for cell in cells:
        row.append(cell)
        filled += cell.columns
        if cell.rows > 1:
            reaching += cell.columns
            ends[len(rows) + cell.rows] = ends.get(len(rows) + cell.rows, 0) + cell.columns
            spanning.append((len(rows), cell))
        if taken + filled >= width:
            rows.append(row)
            taken += reaching - ends.pop(len(rows), 0)
            if taken >= width:  # all of the next row would be taken: cells reach down to here and no further
                for start, reaching_cell in spanning:
                    reaching_cell.rows = min(reaching_cell.rows, len(rows) - start)
                taken = 0
                ends.clear()
                spanning.clear()
            row, filled, reaching = [], 0, 0
    return [*rows, row] if row else rows


def _cut_csv(lines: Sequence[tuple[int, str]], separator: str) -> list[list[CutCell]]:
    """Records of a csv reader with the page's lines; what it cannot read is split at each separator."""
    rows: list[list[CutCell]] = []
    numbers = [number for number, _ in lines]
    first = 0
    try:
        reader = csv.reader((f"{text}\n" for _, text in lines), delimiter=separator, skipinitialspace=True)
        for record in reader:
            row: list[CutCell] = []
            line = first
            for text in record:
                parts = text.split("\n")
                row.append(CutCell(lines=[(numbers[min(line + index, len(numbers) - 1)], part) for index, part in enumerate(parts)]))
                line += len(parts) - 1
            if any(record):
                rows.append(row)
            first = reader.line_num
    except csv.Error:  # a field of more than 128 KiB
        return [[CutCell(lines=[(number, part)]) for part in text.split(separator)] for number, text in lines if text.strip()]
    return rows
