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
from dataclasses import dataclass, field

from etl.extract.bare_text import (
    RULE_CHARACTERS,
    build_cell,
    claim_heading,
    claim_lines,
    is_blank,
    is_code,
    is_heading,
    is_rule,
    measure_indent,
    read_title,
)
from etl.model import Document, Options, Row, Table

LAYOUT = "code_headings"

FEWEST_CODES = 3
_DEEPEST = 8
"""Numbered headings are indented by at most this."""

_NUMBERED = re.compile(r"((?:[A-Z]\.|[0-9]{1,3}\.)(?:[0-9]{1,3}\.?)*|[0-9]{1,3}(?:\.[0-9]{1,3})+)[ \t]+(?=\S)")
_TITLE = re.compile(r"(\S{1,64}?)(?:[:.]?$|(?::\s+|\s+[-–—=]\s+|\s+)(?=\S))")
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


@dataclass(kw_only=True, slots=True)
class _Entry:
    """A heading with a code, the heading that is its section, and its paragraphs' lines."""

    heading: _Heading
    section: int | None
    body: list[int] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)


def read_tables(document: Document, options: Options) -> tuple[Table, ...]:  # noqa: ARG001 - the signature of all layouts
    """One table per section that has headings with codes; () where there are fewer than three with a text below."""
    lines = document.lines
    entries = _gather_entries(lines)
    if sum(bool(entry.body) for entry in entries) < FEWEST_CODES:
        return ()
    tables: list[list[_Entry]] = []
    for entry in entries:
        if not tables or entry.section != tables[-1][-1].section:
            tables.append([])
        tables[-1].append(entry)
    return tuple(_build_table(lines, members) for members in tables)


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
    title = _TITLE.match(line, start, len(line.rstrip()))
    code = title.span(1) if title is not None and _is_long_code(title[1]) else None
    if number is not None:
        mark, depth = "number", len([part for part in number[1].split(".") if part])
    elif index + 1 < len(lines) and is_rule(lines[index + 1]):
        mark, depth = "rule", RULE_CHARACTERS.index(lines[index + 1].strip()[0])
    else:
        mark, depth = "", 0 if code is None else 1
    if measure_indent(line) > (_DEEPEST if mark == "number" else 0) or (not mark and _hangs_below(lines, index)):
        return None
    return _Heading(index=index, mark=mark, depth=depth, code=code, title=start if code is None or title is None else title.end())


def _is_long_code(word: str) -> bool:
    return is_code(word) and sum(map(str.isdigit, word)) >= _CODE_DIGITS


def _hangs_below(lines: Sequence[str], index: int) -> bool:
    """Whether the text below the line is indented deeper."""
    below = index + 1
    while below < len(lines) and is_blank(lines[below]):
        below += 1
    return below < len(lines) and measure_indent(lines[below]) > measure_indent(lines[index])


def _gather_entries(lines: Sequence[str]) -> list[_Entry]:
    found = [heading for index, line in enumerate(lines) if not is_blank(line) and (heading := _find_heading(lines, index))]
    marks = Counter(heading.mark for heading in found if heading.code is not None)
    if not marks:
        return []
    mark = marks.most_common(1)[0][0]
    headings = {heading.index: heading for heading in found if heading.mark == mark}
    entries: list[_Entry] = []
    sections: list[_Heading] = []
    current: _Entry | None = None
    for index, line in enumerate(lines):
        heading = headings.get(index)
        if heading is not None:
            sections = [section for section in sections if section.depth < heading.depth]
            current = None
            if heading.code is None:
                sections.append(heading)
            else:
                current = _Entry(heading=heading, section=sections[-1].index if sections else None)
                entries.append(current)
        elif current is not None and not is_blank(line):
            is_rule = mark == "rule" and index == current.heading.index + 1
            (current.rules if is_rule else current.body).append(index)
    return entries


def _build_table(lines: Sequence[str], entries: Sequence[_Entry]) -> Table:
    section = entries[0].section
    rows = tuple(_build_row(lines, entry) for entry in entries)
    claims = [*claim_heading(lines, section)]
    claims += [claim_lines("markup", index) for entry in entries for index in entry.rules]
    return Table(
        layout=LAYOUT,
        section=read_title(lines, section),
        header=(),
        rows=rows,
        line_start=rows[0].line_start,
        line_end=rows[-1].line_end,
        claims=tuple(claims),
    )


def _build_row(lines: Sequence[str], entry: _Entry) -> Row:
    line, number = lines[entry.heading.index], entry.heading.index + 1
    last = entry.body[-1] + 1 if entry.body else number
    code = entry.heading.code or (0, 0)
    cells = [build_cell([line[slice(*code)]], number), build_cell([line[entry.heading.title :]], number)]
    cells.append(build_cell(lines[entry.body[0] : last], entry.body[0] + 1) if entry.body else build_cell([""], number))
    return Row(cells=tuple(cells), line_start=number, line_end=last)
