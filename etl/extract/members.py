"""Constants as generators of API references print them: a heading per symbol, its declaration, then what is said of it.

    <h3>Field Detail</h3>
    <h4>BAD_NAME</h4>                                heading: the symbol, or `(static) BAD_NAME :ErrorCode`
    <pre>public static final int BAD_NAME = 4001</pre>   declaration: no part of the text; its value, where one is printed
    <p>The name is too long.</p>                     text
    <dl><dt>See Also:<dd>Names</dl>                  labelled parts, as lists of definitions and lower headings
    <h4>isFatal</h4>                                 methods and types are none
    <pre>public static boolean isFatal(int code)</pre>

The columns are code, title and text where most declarations have a value, else code and text, the symbol being the code;
then one for each label.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from etl.extract.labels import compose_cell
from etl.model import Block, Cell, Claim, Options, Row, Table
from etl.text import collapse

LAYOUT = "members"

CODE, TITLE, TEXT = "code", "title", "text"
"""Our names for the columns of value, symbol and text."""

_OWN = frozenset({CODE, TITLE, TEXT})

FEWEST_MEMBERS = 2
"""Fewer members are chance; a label that stands in fewer is text."""

_VALUED = 0.6
"""The share of the members whose declarations print a value, from which on the values are the codes."""

_LONGEST = 300
_NAME = r"[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*"
_HEADING = re.compile(
    rf"(?P<lead>(?:[(<][a-z]+(?:, ?[a-z]+)*[)>] ?)*)(?P<name>{_NAME})(?:(?P<call>\(.*)|(?P<type> ?:[^\s:].*)?)", re.ASCII | re.DOTALL
)
_WORD = re.compile(r"[#@]?[\w$.<>\[\]?,*&:]+", re.ASCII)
_VALUE = re.compile(
    r"\s*(?::\s*[A-Za-z_][\w$.<>\[\]|]*\s*)?[=:]?\s*\(?\s*(?P<value>[-+]?(?:0[xX][0-9A-Fa-f]+|[0-9]+)[uUlL]{0,3}|\"[^\"\s]{1,64}\"|'[^'\s]{1,64}')\s*\)?\s*[;,]?",
    re.ASCII,
)
_REST = re.compile(r"\s*(?:[:=;,].*)?", re.ASCII | re.DOTALL)
_TYPES = frozenset({"class", "enum", "interface", "struct", "typedef", "union", "namespace", "record", "trait", "import", "package"})


@dataclass(kw_only=True, slots=True)
class _Member:
    """A heading that is a symbol with a declaration, the heading above it, and what follows; `is_constant` is not so of methods."""

    heading: Block
    name: str
    is_constant: bool
    parent: Block | None = None
    value: str = ""
    declaration: Block | None = None
    body: list[Block | Table] = field(default_factory=list)


def read_tables(blocks: Sequence[Block | Table], _options: Options) -> tuple[Table, ...]:
    """A table for each heading under which there are constants; () where there are fewer than two."""
    members = [member for member in _find_members(blocks) if member.is_constant]
    if len(members) < FEWEST_MEMBERS:
        return ()
    parts = [_divide(member) for member in members]
    times = Counter(label for part in parts for label in part)
    labels = tuple(label for label, count in times.items() if count >= FEWEST_MEMBERS and label not in _OWN)
    valued = sum(bool(member.value) for member in members) >= _VALUED * len(members)
    rows = [_build_row(member, part, labels, valued=valued) for member, part in zip(members, parts, strict=True)]
    header = (*((CODE, TITLE) if valued else (CODE,)), TEXT, *labels)
    tables = []
    start = 0
    for number, member in enumerate(members, start=1):
        if number == len(members) or members[number].parent is not member.parent:
            tables.append(_build_table(member.parent, header, rows[start:number]))
            start = number
    return tuple(tables)


def _find_members(blocks: Sequence[Block | Table]) -> Iterator[_Member]:
    """The members in document order, methods too; a heading that is none is the parent of those below it."""
    member: _Member | None = None
    parent: Block | None = None
    for index, block in enumerate(blocks):
        if not isinstance(block, Block) or block.kind != "heading":
            if member is not None and block is not member.declaration:
                member.body.append(block)
            continue
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        found = _read_member(block, following if isinstance(following, Block) else None)
        if found is None and member is not None and block.level > member.heading.level:
            member.body.append(block)
            continue
        if member is not None:
            yield member
        member = found
        if member is None:
            parent = block
        else:
            member.parent = parent
    if member is not None:
        yield member


def _read_member(heading: Block, following: Block | None) -> _Member | None:
    """The member that a heading opens, if it, or the block that follows it, declares one."""
    if len(heading.text) > _LONGEST or (head := _HEADING.fullmatch(heading.text)) is None:
        return None
    name = head["name"]
    if following is not None and following.kind in {"code", "paragraph"} and len(following.text) <= _LONGEST:
        declared = _read_declaration(collapse(following.text), name)
        if declared is not None:
            is_constant, value = declared
            return _Member(heading=heading, name=name, is_constant=is_constant, value=value, declaration=following)
    if head["lead"] or head["type"] or head["call"]:
        return _Member(heading=heading, name=name, is_constant=head["call"] is None)
    return None


def _read_declaration(text: str, name: str) -> tuple[bool, str] | None:
    """Whether a declaration of `name` is that of a constant, and its value; None where the text is none."""
    last = name.replace("::", ".").rpartition(".")[2]
    found = re.search(rf"(?:(?<=\s)|(?<=[.:*&])|\A){re.escape(last)}(?![\w$])", text, re.ASCII)
    if found is None:
        return None
    words = text[: found.start()].split()
    rest = text[found.end() :]
    if not all(_WORD.fullmatch(word) for word in words) or (words and not (words[0][0].islower() or words[0][0] in "#@")):
        return None
    value = _VALUE.fullmatch(rest)
    if value is None and rest.lstrip().startswith("("):
        return (False, "") if words else None
    if value is None and (not words or _REST.fullmatch(rest) is None):
        return None
    is_constant = not _TYPES.intersection(words)
    return is_constant, "" if value is None else value["value"].strip("\"'")


def _divide(member: _Member) -> dict[str, list[Block]]:
    """What follows a declaration, by label, which is the first block of its part; labels are terms and lower headings."""
    parts: dict[str, list[Block]] = {TEXT: []}
    label = term = TEXT
    for block in member.body:
        if isinstance(block, Table):
            for row in block.rows if block.layout == "definition_list" else ():
                term = _open_part(parts, _as_paragraph(row.cells[0])) or term
                parts[term] += [_as_paragraph(cell) for cell in row.cells[1:]]
        elif block.kind == "heading":
            label = _open_part(parts, replace(block, kind="paragraph", level=0)) or label
        else:
            parts[label].append(block)
    return parts


def _open_part(parts: dict[str, list[Block]], opener: Block) -> str:
    """The label, "" where there is none, with which the blocks behind `opener` are found from now on."""
    label = opener.text.rstrip(" :：")
    if label and label not in parts:
        parts[label] = [opener]
    return label


def _as_paragraph(cell: Cell) -> Block:
    return Block(kind="paragraph", text=cell.text, raw=cell.raw, line_start=cell.line_start, line_end=cell.line_end, links=cell.links)


def _build_row(member: _Member, parts: dict[str, list[Block]], labels: Sequence[str], *, valued: bool) -> Row:
    first, last = member.heading.line_start, member.heading.line_end
    cells = [Cell(text=member.name, raw=member.name, line_start=first, line_end=last)]
    if valued:
        line = last if member.declaration is None else member.declaration.line_start
        cells.insert(0, Cell(text=member.value, raw=member.value, line_start=line, line_end=line))
    cells.append(compose_cell([block for label, blocks in parts.items() if label not in labels for block in blocks], last))
    cells += [compose_cell(parts[label][1:] if label in parts else (), last) for label in labels]
    end = last if member.declaration is None else member.declaration.line_end
    return Row(cells=tuple(cells), line_start=first, line_end=max(end, *(cell.line_end for cell in cells)))


def _build_table(parent: Block | None, header: tuple[str, ...], rows: Sequence[Row]) -> Table:
    return Table(
        layout=LAYOUT,
        section=None if parent is None else parent.text,
        header=header,
        rows=tuple(rows),
        line_start=rows[0].line_start,
        line_end=max(row.line_end for row in rows),
        claims=() if parent is None else (Claim(kind="heading", line_start=parent.line_start, line_end=parent.line_end),),
    )
