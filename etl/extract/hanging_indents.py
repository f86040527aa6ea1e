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

from collections.abc import Sequence

from etl.extract.bare_text import is_blank, is_bullet, measure_indent, pick_heading
from etl.extract.openings import (
    FEWEST_ENTRIES,
    Entry,
    build_entry_table,
    find_openings,
    goes_on_with,
    group_entries,
    has_title,
    is_only_wrapped,
)
from etl.model import Document, Options, Table

LAYOUT = "hanging_indents"

_MOST = 0.6
"""The share of codes without a title that must have a text below, and of titles with one that must not just be wrapped."""

_FEWEST_TITLED = 2


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """One table per heading that has such entries below it; () where the document shows fewer than three."""
    lines = document.lines
    entries = _gather_entries(lines)
    full = [entry for entry in entries if entry.body]
    titled = [entry for entry in full if has_title(lines, entry)]
    width = max((len(lines[index].rstrip()) for entry in full for index in (entry.index, *entry.body)), default=0)
    unwrapped = sum(not is_only_wrapped(lines, entry.index, entry.body[0], width) for entry in titled)
    has_titles = len(titled) > 0
    if len(entries) < FEWEST_ENTRIES or unwrapped < _MOST * len(titled):
        return ()
    if len(full) < (_FEWEST_TITLED if has_titles else _MOST * len(entries)):
        return ()
    return tuple(build_entry_table(lines, group, layout=LAYOUT, has_titles=has_titles) for group in group_entries(lines, entries))


def _gather_entries(lines: Sequence[str]) -> list[Entry]:
    """The entries with the lines indented below them, blank ones left out."""
    openings = {index: opening for index, opening in find_openings(lines).items() if not is_bullet(lines[index])}
    entries: list[Entry] = []
    others: list[int] = []
    current: Entry | None = None
    depth = -1
    for index, line in enumerate(lines):
        if is_blank(line):
            continue
        opening = openings.get(index)
        if current is not None and measure_indent(line) > depth:
            body_depth = measure_indent(lines[current.body[0]]) if current.body else 0
            above = lines[current.index][slice(*current.code)]
            is_part = opening is not None and goes_on_with(line[slice(*opening.code)], above)
            if opening is None or (measure_indent(line) >= body_depth and not is_part):
                current.body.append(index)
                continue
        depth = measure_indent(line)
        if opening is None:
            current = None
            others.append(index)
        else:
            current = Entry(index=index, code=opening.code, title=opening.text, heading=pick_heading(lines, others))
            others = []
            entries.append(current)
    return entries
