"""reStructuredText's written tables, cut into cells: `list-table` out of nested bullets, `csv-table` out of its lines.

    .. list-table::            .. csv-table::
       :header-rows: 1            :header: Code, Meaning

       * - Code                   4001, "Bad token, or
         - Meaning                none at all"
       * - 4001
         - Bad token

`:file:` and `:url:` are never read. A row of a list-table keeps the cells it has, even where docutils would refuse the
table because another row has more.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence

from etl.extract.rst.lines import BULLET, cut_item, measure_indent
from etl.extract.rst.tables import CutCell, CutRow, CutTable


def cut_list_table(lines: Sequence[str], header_rows: int) -> CutTable | None:
    """Cut the two-level bullet list that `lines` are, a row each item; None where they hold anything else."""
    rows: list[CutRow] = []
    for top, bottom, content in _cut_items(lines) or ():
        cells = _cut_items(content)
        if cells is None:
            return None
        rows.append(
            CutRow(
                top=top,
                bottom=bottom,
                cells=tuple(CutCell(lines=tuple(cell), top=top + start, column=column) for column, (start, _, cell) in enumerate(cells)),
            )
        )
    if not rows:
        return None
    return CutTable(
        rows=tuple(rows), header_rows=min(header_rows, len(rows)), columns=max(len(row.cells) for row in rows), height=len(lines)
    )


def _cut_items(lines: Sequence[str]) -> list[tuple[int, int, list[str]]] | None:
    """First line, last line and content of each item; None where a line is no part of any."""
    margin = min((measure_indent(line) for line in lines if line), default=0)
    shifted = [line[margin:] for line in lines] if margin else lines
    items: list[tuple[int, int, list[str]]] = []
    index = 0
    while index < len(shifted):
        if not shifted[index]:
            index += 1
            continue
        marker = BULLET.match(shifted[index])
        if marker is None:
            return None
        end, content = cut_item(shifted, index, marker.end())
        items.append((index, end - 1, content))
        index = end
    return items


def cut_csv_table(lines: Sequence[str], options: dict[str, str], header: tuple[int, str] | None) -> CutTable | None:
    """Cut comma-separated `lines` by the directive's `options`; `header` is its `:header:` and the index of that line.

    None where Python's csv reader refuses them (a field of more than 128 KiB).
    """
    named = {"tab": "\t", "space": " "}
    delimiter = named.get(options.get("delim", ","), options.get("delim", ","))[:1] or ","
    quote = options.get("quote", '"')[:1] or '"'
    escape = options.get("escape", "")[:1] or None
    keep_space = "keepspace" in options
    try:
        reader = csv.reader(
            (f"{line}\n" for line in lines), delimiter=delimiter, quotechar=quote, escapechar=escape, doublequote=escape is None,
            skipinitialspace=not keep_space,
        )  # fmt: skip
        rows: list[CutRow] = []
        first = 0
        for fields in reader:
            if any(fields) or len(fields) > 1:
                rows.append(_place_fields(fields, first, reader.line_num - 1))
            first = reader.line_num
        header_rows = read_count(options)
        if header is not None:
            index, text = header
            heads = next(csv.reader([text], delimiter=delimiter, quotechar=quote, escapechar=escape, skipinitialspace=not keep_space), [])
            rows.insert(0, _place_fields(heads, index, index))
            header_rows += 1
    except (csv.Error, TypeError, ValueError):  # the page's delimiter may be no delimiter
        return None
    if not rows:
        return None
    return CutTable(
        rows=tuple(rows), header_rows=min(header_rows, len(rows)), columns=max(len(row.cells) for row in rows), height=len(lines)
    )


def read_count(options: dict[str, str]) -> int:
    """How many rows the directive says are heads."""
    printed = options.get("header-rows", "")
    return int(printed) if printed.isdecimal() and len(printed) < 9 else 0


def _place_fields(fields: Sequence[str], first: int, last: int) -> CutRow:
    cells: list[CutCell] = []
    line = first
    for column, text in enumerate(fields):
        cells.append(CutCell(lines=tuple(part.rstrip() for part in text.split("\n")), top=min(line, last), column=column))
        line += text.count("\n")
    return CutRow(top=first, bottom=last, cells=tuple(cells))
