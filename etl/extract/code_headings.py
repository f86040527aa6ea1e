"""A heading of its own per code, and paragraphs below it.

    7.5.  Client errors                         a heading without a code is the section of those below

    7.5.4.  404 Not Found                       section number, code, title

       The server has not found anything.       paragraphs, up to the next heading

       See also 410.

The columns are code, title and text. Headings are numbered, or stand above a rule (`----`), or only stand between blank
lines: as those with codes do, so do the others. Lines of a table of contents end in a page number and are none. Text
that is indented below a heading of the third kind is for hanging_indents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from etl.extract.bare_text import RULE_CHARACTERS, is_blank, is_code, is_heading, is_rule, measure_indent
from etl.extract.openings import FEWEST_ENTRIES, Entry, build_entry_table, find_opening, group_entries
from etl.model import Document, Options, Table

LAYOUT = "code_headings"

_DEEPEST = 8
"""Numbered headings are indented by at most this."""

_NUMBERED = re.compile(r"((?:[A-Z]\.|[0-9]{1,3}\.)(?:[0-9]{1,3}\.?)*|[0-9]{1,3}(?:\.[0-9]{1,3})+)[ \t]+(?=\S)")
_LEADERS = re.compile(r"(?:\.[ .]*\.|\s{3,})\s*[0-9ivxlc]{1,4}$")
_CODE_DIGITS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heading:
    """A heading: what marks it (a number, a rule, nothing), how deep it is, the places of its code, if any, and its title."""

    index: int
    mark: str
    depth: int
    code: tuple[int, int] | None
    title: int


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """One table per section that has headings with codes; () where there are fewer than three with a text below."""
    lines = document.lines
    entries = _gather_entries(lines)
    if sum(bool(entry.body) for entry in entries) < FEWEST_ENTRIES:
        return ()
    return tuple(build_entry_table(lines, group, layout=LAYOUT, has_titles=True) for group in group_entries(lines, entries))


def _find_heading(lines: Sequence[str], index: int) -> _Heading | None:
    """The heading in the line `index`, if it stands as a heading does."""
    line = lines[index]
    is_apart = index == 0 or is_blank(lines[index - 1])
    is_closed = index + 1 == len(lines) or is_blank(lines[index + 1]) or is_rule(lines[index + 1])
    text = line.strip().rstrip(".:")
    if not (is_apart and is_closed and (is_heading(text) or is_code(text))) or _LEADERS.search(text) is not None:
        return None
    start = len(line) - len(line.lstrip())
    number = _NUMBERED.match(line, start)
    if number is not None:
        start = number.end()
    opening = find_opening(line[start:])
    code = None if opening is None else (start + opening.code[0], start + opening.code[1])
    if code is not None and sum(map(str.isdigit, line[slice(*code)])) < _CODE_DIGITS:
        code = None
    if number is not None:
        mark, depth = "number", len([part for part in number[1].split(".") if part])
    elif index + 1 < len(lines) and is_rule(lines[index + 1]):
        mark, depth = "rule", RULE_CHARACTERS.index(lines[index + 1].strip()[0])
    else:
        mark, depth = "", 0 if code is None else 1
    if measure_indent(line) > (_DEEPEST if mark == "number" else 0) or (not mark and _hangs_below(lines, index)):
        return None
    title = start if code is None or opening is None else start + opening.text
    return _Heading(index=index, mark=mark, depth=depth, code=code, title=title)


def _hangs_below(lines: Sequence[str], index: int) -> bool:
    """Whether the text below the line is indented deeper."""
    below = index + 1
    while below < len(lines) and is_blank(lines[below]):
        below += 1
    return below < len(lines) and measure_indent(lines[below]) > measure_indent(lines[index])


def _gather_entries(lines: Sequence[str]) -> list[Entry]:
    found = [heading for index, line in enumerate(lines) if not is_blank(line) and (heading := _find_heading(lines, index))]
    marks = Counter(heading.mark for heading in found if heading.code is not None)
    if not marks:
        return []
    mark = marks.most_common(1)[0][0]
    headings = {heading.index: heading for heading in found if heading.mark == mark}
    entries: list[Entry] = []
    sections: list[_Heading] = []
    section: int | None = None
    current: Entry | None = None
    for index, line in enumerate(lines):
        heading = headings.get(index)
        if heading is not None:
            sections = [above for above in sections if above.depth < heading.depth]
            current = None
            if heading.code is None:
                sections.append(heading)
            else:
                below = sections[-1].index if sections else None
                current = Entry(index=index, code=heading.code, title=heading.title, heading=None if below == section else below)
                section = below
                entries.append(current)
        elif current is not None and not is_blank(line):
            is_rule_below = mark == "rule" and index == current.index + 1
            (current.rules if is_rule_below else current.body).append(index)
    return entries
