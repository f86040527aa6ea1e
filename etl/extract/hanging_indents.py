"""Codes with their text indented below.

    Errors                              a heading opens a table of its own
      4001
          The name is bad.
      4002  Bad age                     a title beside the code
          The age must be below
          200 years.

          Ask for it again.             paragraphs are joined
      EACCES
          Permission denied.

The columns are code and text, or code, title and text where titles stand beside the codes. A line that was only wrapped,
because its next word had no room any more, is no title with a text below: such lists are for code_list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.extract.bare_text import (
    build_cell,
    claim_heading,
    is_blank,
    is_bullet,
    is_code,
    is_symbol,
    measure_indent,
    pick_heading,
    read_title,
)
from etl.model import Document, Options, Row, Table

LAYOUT = "hanging_indents"

FEWEST_ITEMS = 3
_MOST = 0.6
"""The share of entries that must have a text below, and of those with a title that must not just be wrapped."""

_HEAD = re.compile(r"(\S{1,64}?(?:(?:, ?| or | and |/)\S{1,64})?)(?:[:.]?$|(?::\s+|\s+[-–—=]\s+|\s+)(?=\S))")
_JOINT = re.compile(r", ?| or | and |/")
_BRACKETS = str.maketrans("", "", "[]()<>`'\"")


@dataclass(kw_only=True, slots=True)
class _Entry:
    """An entry: the index of its first line, the places of code and title in it, and its body's lines."""

    index: int
    code: tuple[int, int]
    title: int
    heading: int | None = None
    body: list[int] = field(default_factory=list)


def read_tables(document: Document, options: Options) -> tuple[Table, ...]:  # noqa: ARG001 - the signature of all layouts
    """One table per heading that has such entries below it; () where the document shows fewer than three."""
    lines = document.lines
    entries = _gather_entries(lines)
    full = [entry for entry in entries if entry.body]
    titled = [entry for entry in full if not is_blank(lines[entry.index][entry.title :])]
    width = max((len(lines[index].rstrip()) for entry in full for index in (entry.index, *entry.body)), default=0)
    unwrapped = sum(not _is_wrapped(lines, entry, width) for entry in titled)
    if len(entries) < FEWEST_ITEMS or len(full) < _MOST * len(entries) or unwrapped < _MOST * len(titled):
        return ()
    has_titles = any(not is_blank(lines[entry.index][entry.title :]) for entry in entries)
    tables: list[list[_Entry]] = []
    for entry in entries:
        if not tables or entry.heading is not None:
            tables.append([])
        tables[-1].append(entry)
    return tuple(_build_table(lines, members, has_titles=has_titles) for members in tables)


def _find_entry(line: str, index: int) -> _Entry | None:
    indent = len(line) - len(line.lstrip())
    found = _HEAD.match(line, indent, len(line.rstrip()))
    if found is None:
        return None
    words = [word.translate(_BRACKETS) for word in _JOINT.split(found[1])]
    if not all(is_code(word) or (is_symbol(word) and (indent > 0 or not word.isalpha() or not word.isupper())) for word in words):
        return None
    return _Entry(index=index, code=found.span(1), title=found.end())


def _gather_entries(lines: Sequence[str]) -> list[_Entry]:
    """The entries with the lines indented below them, blank ones left out."""
    entries: list[_Entry] = []
    others: list[int] = []
    current: _Entry | None = None
    depth = -1
    for index, line in enumerate(lines):
        if is_blank(line):
            continue
        if current is not None and measure_indent(line) > depth:
            current.body.append(index)
            continue
        current = None if is_bullet(line) else _find_entry(line, index)
        if current is not None:
            current.heading = pick_heading(lines, others)
            others = []
            entries.append(current)
            depth = measure_indent(line)
        else:
            others.append(index)
    return entries


def _is_wrapped(lines: Sequence[str], entry: _Entry, width: int) -> bool:
    """Whether the first line of the body only goes on with the title: its first word had no room beside it."""
    below = lines[entry.body[0]].split(None, 1)[0]
    head = lines[entry.index].rstrip()
    return entry.body[0] == entry.index + 1 and not head.endswith((".", ":")) and len(head) + 1 + len(below) > width


def _build_table(lines: Sequence[str], entries: Sequence[_Entry], *, has_titles: bool) -> Table:
    heading = entries[0].heading
    rows = tuple(_build_row(lines, entry, has_titles=has_titles) for entry in entries)
    return Table(
        layout=LAYOUT,
        section=read_title(lines, heading),
        header=(),
        rows=rows,
        line_start=rows[0].line_start,
        line_end=rows[-1].line_end,
        claims=claim_heading(lines, heading),
    )


def _build_row(lines: Sequence[str], entry: _Entry, *, has_titles: bool) -> Row:
    line, number = lines[entry.index], entry.index + 1
    last = entry.body[-1] + 1 if entry.body else number
    cells = [build_cell([line[slice(*entry.code)]], number)]
    if has_titles:
        cells.append(build_cell([line[entry.title :]], number))
    cells.append(build_cell(lines[entry.body[0] : last], entry.body[0] + 1) if entry.body else build_cell([""], number))
    return Row(cells=tuple(cells), line_start=number, line_end=last)
