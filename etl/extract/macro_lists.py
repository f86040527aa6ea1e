"""Codes as a program's source defines them.

    /* Errors of the mail service */            a comment between blank lines, or alone on its line: the section
    #define ERR_NAME    4001    /* bad name */
    #define ERR_AGE     (-2)
    /* the day is over */                       a comment directly above one definition, where none stands beside them
    ERR_DAY = 0x1F,                             members of an enumeration

The columns are name, value and comment, the last where there are comments. Definitions whose value is no number or
quoted word are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.extract.bare_text import build_cell, claim_lines, is_blank, is_code
from etl.model import Cell, Claim, Document, Options, Row, Table
from etl.text import collapse

LAYOUT = "macro_lists"

FEWEST_DEFINITIONS = 3
_DEFINITION = re.compile(
    r"[ \t]*(?:#[ \t]*define[ \t]+([A-Za-z_]\w{1,80})[ \t]+|(?:[a-z]{1,16}[ \t]+){0,6}([A-Z_]\w{1,80})[ \t]*=[ \t]*)"
    r"(\(?[ \t]*(?:-?\w{1,40}|\"[^\"\s]{1,64}\"|'[^'\s]{1,64}')[ \t]*\)?)[ \t]*[,;]?[ \t]*(?=$|/\*|//|#|--)"
)
_OPENING = re.compile(r"[ \t]*(?:/\*+<?!?|//+[/!]?<?|#|--|\*)[ \t]*")
_CLOSING = re.compile(r"[ \t]*\*+/[ \t]*$")
_WRAPPING = " \t()\"'"


@dataclass(kw_only=True, slots=True)
class _Definition:
    index: int
    name: str
    value: str
    beside: str
    section: list[int]
    above: list[int] = field(default_factory=list)


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """One table per section that has definitions; () where there are fewer than three."""
    return read_lines(document.lines)


def read_lines(lines: Sequence[str]) -> tuple[Table, ...]:
    """The same of any lines of a program's source."""
    definitions = _gather_definitions(lines)
    if len(definitions) < FEWEST_DEFINITIONS:
        return ()
    if sum(bool(definition.above) for definition in definitions) * 2 < len(definitions):
        _take_sections(definitions)
    has_comments = any(definition.beside or definition.above for definition in definitions)
    tables: list[list[_Definition]] = []
    for definition in definitions:
        if not tables or definition.section != tables[-1][-1].section:
            tables.append([])
        tables[-1].append(definition)
    return tuple(_build_table(lines, members, has_comments=has_comments) for members in tables)


def _gather_definitions(lines: Sequence[str]) -> list[_Definition]:
    """The definitions, each with the comment lines directly above it and the comment of its section."""
    definitions: list[_Definition] = []
    comments: list[int] = []
    section: list[int] = []
    for index, line in enumerate(lines):
        if is_blank(line):
            section, comments = comments or section, []
            continue
        found = _DEFINITION.match(line)
        if found is not None and is_code(found[3].strip(_WRAPPING)):
            beside = line[found.end() :]
            definitions.append(
                _Definition(index=index, name=found[1] or found[2], value=found[3], beside=beside, section=section, above=comments)
            )
            comments = []
        elif _OPENING.match(line) is not None and found is None:
            comments.append(index)
        else:
            comments = []
    return definitions


def _take_sections(definitions: Sequence[_Definition]) -> None:
    """Where few definitions have a comment above, such a comment is the title of those below."""
    section: list[int] = []
    for definition in definitions:
        if definition.above:
            section, definition.above = definition.above, []
            definition.section = section
        elif section and definition.section < section:
            definition.section = section


def _read_comment(line: str) -> str:
    text = _CLOSING.sub("", line)
    opening = _OPENING.match(text)
    return text[0 if opening is None else opening.end() :].strip()


def _build_table(lines: Sequence[str], definitions: Sequence[_Definition], *, has_comments: bool) -> Table:
    section = definitions[0].section
    rows = tuple(_build_row(lines, definition, has_comments=has_comments) for definition in definitions)
    title = collapse(" ".join(_read_comment(lines[index]) for index in section))
    claims: tuple[Claim, ...] = (claim_lines("heading", section[0], section[-1]),) if title else ()
    return Table(
        layout=LAYOUT,
        section=title or None,
        header=(),
        rows=rows,
        line_start=rows[0].line_start,
        line_end=rows[-1].line_end,
        claims=claims,
    )


def _build_row(lines: Sequence[str], definition: _Definition, *, has_comments: bool) -> Row:
    number = definition.index + 1
    value = definition.value.strip(_WRAPPING)
    cells = [
        build_cell([definition.name], number),
        Cell(text=value, raw=definition.value.strip(), line_start=number, line_end=number),
    ]
    start = number
    if has_comments:
        cells.append(_build_comment(lines, definition))
        start = min(start, cells[-1].line_start)
    return Row(cells=tuple(cells), line_start=start, line_end=number)


def _build_comment(lines: Sequence[str], definition: _Definition) -> Cell:
    """The comment above the definition and the one beside it."""
    number = definition.index + 1
    printed = [*(lines[index] for index in definition.above), *([definition.beside] if definition.beside.strip() else [])]
    return Cell(
        text=collapse(" ".join(map(_read_comment, printed))),
        raw="\n".join(printed).strip(),
        line_start=definition.above[0] + 1 if definition.above else number,
        line_end=number if definition.beside.strip() or not definition.above else definition.above[-1] + 1,
    )
