"""Paragraphs that open with a code, the rest of them being its text.

    Errors of the mail              a heading opens a table of its own

    4001 - Bad name                 code, and a title beside it
    The name is too long,           the text: all lines up to the next blank one …
    or empty.
    - choose another                … or the next code
    - or leave it out

    4002 - Bad age
    It must be below 200.

The columns are code and text, or code, title and text where titles stand beside the codes. Text that is indented below
the codes is for hanging_indents.
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.extract.bare_text import is_blank, is_rule, measure_indent, pick_heading
from etl.extract.openings import FEWEST_ENTRIES, Entry, build_entry_table, find_openings, group_entries, has_title
from etl.model import Document, Options, Table

LAYOUT = "code_blocks"

_MOST = 0.6
"""The share of entries that must have a text below that is not indented."""


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """One table per heading that has such paragraphs below it; () where the document shows fewer than three."""
    lines = document.lines
    entries = _gather_entries(lines)
    full = [entry for entry in entries if entry.body and measure_indent(lines[entry.body[0]]) <= measure_indent(lines[entry.index])]
    codes = {lines[entry.index][slice(*entry.code)] for entry in entries}
    if len(entries) < FEWEST_ENTRIES or len(full) < _MOST * len(entries) or len(codes) < _MOST * len(entries):
        return ()
    has_titles = any(has_title(lines, entry) for entry in entries)
    return tuple(build_entry_table(lines, group, layout=LAYOUT, has_titles=has_titles) for group in group_entries(lines, entries))


def _gather_entries(lines: Sequence[str]) -> list[Entry]:
    """The entries with the lines of their paragraphs; inside one only a code with the same lead opens the next."""
    openings = find_openings(lines)
    entries: list[Entry] = []
    others: list[int] = []
    current: Entry | None = None
    lead = ""
    for index, line in enumerate(lines):
        if is_blank(line):
            current = None
            continue
        opening = openings.get(index)
        is_apart = index == 0 or is_blank(lines[index - 1]) or is_rule(lines[index - 1])
        if opening is not None and (is_apart or (current is not None and opening.lead and opening.lead == lead)):
            current = Entry(index=index, code=opening.code, title=opening.text, heading=pick_heading(lines, others))
            others, lead = [], opening.lead
            entries.append(current)
        elif current is not None:
            current.body.append(index)
        else:
            others.append(index)
    return entries
