"""Lists of codes in text, one a line below a heading.

    General error codes         the heading: it opens a table of its own
    Code Message                the heads on one line, where the document prints them
    4000 Bad Request            an item: code, separator, text
    4010 Unauthorized, the
         token is missing       a hanging indent continues the item
    User error codes
    Code Message
    4210 no user ID

An item is what `Options.item` matches, its named groups being the columns; by default a line that opens with a code
(etl/extract/openings.py). By default a line of heads is one that stands directly
above items more than once, or whose words stand in columns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from etl.extract.bare_text import (
    build_cell,
    claim_heading,
    claim_lines,
    is_blank,
    is_heading,
    is_remark,
    is_rule,
    measure_indent,
    pick_heading,
    read_title,
)
from etl.extract.openings import FEWEST_ENTRIES, find_openings, goes_on_with, is_mention
from etl.model import Document, Options, Row, Table
from etl.text import collapse

LAYOUT = "code_list"

_COLUMN_GAP = re.compile(r"\s{2,}|\t")
_MOST_HEAD_WORDS = 6
_PARAGRAPHS = 0.6
_WORD = re.compile(r"\w")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Item:
    """An item: the index of its line, and where its columns begin and end in it."""

    index: int
    spans: tuple[tuple[int, int], ...]


@dataclass(kw_only=True, slots=True)
class _List:
    """The items gathered under one heading. `last` is the index of the last line that belongs to the newest item."""

    section: str | None
    heading: int | None
    head: int | None
    items: list[_Item] = field(default_factory=list)
    last: list[int] = field(default_factory=list)


def read_tables(document: Document, options: Options) -> tuple[Table, ...]:
    """One table per heading that has items below it; () where the document shows none."""
    lines = document.lines
    if options.item is None:
        items = _find_default_items(lines)
    else:
        pattern = re.compile(options.item)
        if not pattern.groupindex:
            return ()
        found = ((index, _find_item(pattern, line)) for index, line in enumerate(lines) if not is_blank(line))
        items = [_Item(index=index, spans=spans) for index, spans in found if spans is not None]
    if not items:
        return ()
    heads = _find_given_heads(lines, options.header) if options.header else _guess_heads(lines, items)
    lists = _gather_lists(lines, items, heads)
    if options.item is None:
        mentions = is_mention(
            [[(lines[item.index][slice(*item.spans[0])], measure_indent(lines[item.index])) for item in group.items] for group in lists]
        )
        lists = [group for group, is_passing in zip(lists, mentions, strict=True) if not is_passing]
    return tuple(_build_table(lines, group, options.header) for group in lists)


def _find_item(pattern: re.Pattern[str], line: str) -> tuple[tuple[int, int], ...] | None:
    found = pattern.fullmatch(line, len(line) - len(line.lstrip()), len(line.rstrip()))
    if found is None:
        return None
    groups = sorted(pattern.groupindex, key=lambda group: pattern.groupindex[group])
    return tuple(span if (span := found.span(group)) != (-1, -1) else (0, 0) for group in groups)


def _find_default_items(lines: Sequence[str]) -> list[_Item]:
    """The lines that open with a code and have a text there or, a few of them, indented below.

    A name without a digit needs more than a space behind it, or its text to begin where others do. None where they are
    fewer than three: these look like a list by chance.
    """
    openings = find_openings(lines)
    columns = {opening.text for opening in openings.values() if opening.is_marked}
    items: list[_Item] = []
    with_text = 0
    for index, opening in openings.items():
        line = lines[index]
        has_text = _WORD.search(line, opening.text) is not None
        hangs = index + 1 < len(lines) and not is_blank(lines[index + 1]) and measure_indent(lines[index + 1]) > measure_indent(line)
        if (has_text and (opening.is_marked or not opening.is_symbol or opening.text in columns)) or (opening.text >= len(line) and hangs):
            items.append(_Item(index=index, spans=(opening.code, _find_text(line, opening.text))))
            with_text += has_text
    if sum(_opens_paragraph(lines, item.index, openings) for item in items) >= _PARAGRAPHS * len(items):
        return []
    return items if len(items) >= FEWEST_ENTRIES and with_text * 2 > len(items) else []


def _opens_paragraph(lines: Sequence[str], index: int, openings: Collection[int]) -> bool:
    """Whether the line only is the first of a paragraph, not indented: such lists are for code_blocks."""
    if (index > 0 and not is_blank(lines[index - 1])) or index + 1 in openings:
        return False
    below = lines[index + 1] if index + 1 < len(lines) else ""
    return not is_blank(below) and not is_rule(below) and measure_indent(below) <= measure_indent(lines[index])


def _find_text(line: str, start: int) -> tuple[int, int]:
    """Where the text stands: without the quotes around it, and the comma behind these."""
    end = len(line.rstrip())
    bare = line[start:end].rstrip(",;")
    if len(bare) > 1 and bare[0] in "\"'" and bare.find(bare[0], 1) == len(bare) - 1:
        return start + 1, start + len(bare) - 1
    return start, end


def _find_given_heads(lines: Sequence[str], header: Sequence[str]) -> set[int]:
    wanted = collapse(" ".join(header))
    return {index for index, line in enumerate(lines) if len(line) <= 4 * len(wanted) and collapse(line) == wanted}


def _guess_heads(lines: Sequence[str], items: Sequence[_Item]) -> set[int]:
    """The lines directly above items that are heads: the same text stands there twice, or its words stand in columns."""
    taken = {item.index for item in items}
    above = [index for item in items if (index := _look_above(lines, item.index)) not in taken and _may_be_heads(lines[index])]
    times = Counter(collapse(lines[index]) for index in above)
    return {
        index
        for index in above
        if times[collapse(lines[index])] > 1 or _COLUMN_GAP.search(lines[index].strip()) is not None
    }


def _look_above(lines: Sequence[str], index: int) -> int:
    """The line directly above the line `index`, a rule left out; the line itself where there is none."""
    if index > 1 and is_rule(lines[index - 1]):
        return index - 2
    return max(index - 1, 0)


def _may_be_heads(line: str) -> bool:
    return is_heading(line) and 1 < len(line.split()) <= _MOST_HEAD_WORDS


def _gather_lists(lines: Sequence[str], items: Sequence[_Item], heads: set[int]) -> list[_List]:
    """The items by heading. What stands between the lists and is neither item, head nor continuation ends a list."""
    by_index = {item.index: item for item in items}
    lists: list[_List] = []
    is_open = False
    others: list[int] = []
    head: int | None = None
    for index, line in enumerate(lines):
        if is_blank(line):
            continue
        current = lists[-1] if is_open else None
        item = by_index.get(index)
        if current is not None and _continues(lines, current, index, item):
            current.last[-1] = index
        elif item is not None:
            if current is None:
                heading = pick_heading(lines, others)
                section = lists[-1].section if lists and heading is None else read_title(lines, heading)
                current = _List(section=section, heading=heading, head=head)
                lists.append(current)
                is_open, head, others = True, None, []
            current.items.append(item)
            current.last.append(index)
        else:
            is_open = False
            if index in heads:
                head = index
            else:
                others.append(index)
    return lists


def _continues(lines: Sequence[str], current: _List, index: int, own: _Item | None) -> bool:
    """Whether the line hangs below the newest item: directly below it and indented deeper (below the text, if an item).

    A remark in brackets need not be indented. An item whose code goes on with that of the newest (`401.1` below `401`) is one of its own.
    """
    if current.last[-1] != index - 1:
        return False
    item = current.items[-1]
    opening = lines[item.index]
    depth = measure_indent(lines[index])
    if own is not None:
        text_start = item.spans[-1][0]
        if goes_on_with(lines[index][slice(*own.spans[0])], opening[slice(*item.spans[0])]):
            return False
        return text_start > 0 and depth >= len(opening[:text_start].expandtabs())
    return depth > measure_indent(opening) or (depth == measure_indent(opening) and is_remark(lines[index]))


def _build_table(lines: Sequence[str], group: _List, header: tuple[str, ...]) -> Table:
    rows = tuple(_build_row(lines, item, last) for item, last in zip(group.items, group.last, strict=True))
    claims = [*claim_heading(lines, group.heading)]
    heads: tuple[str, ...] = ()
    if group.head is not None:
        claims.append(claim_lines("header", group.head))
        if is_rule(lines[group.head + 1]):
            claims.append(claim_lines("markup", group.head + 1))
        heads = header or _split_heads(lines[group.head], len(group.items[0].spans))
    return Table(
        layout=LAYOUT,
        section=group.section,
        header=heads,
        rows=rows,
        line_start=(group.items[0].index if group.head is None else group.head) + 1,
        line_end=rows[-1].line_end,
        claims=tuple(claims),
    )


def _build_row(lines: Sequence[str], item: _Item, last: int) -> Row:
    line = lines[item.index]
    cells = [build_cell([line[start:end]], item.index + 1) for start, end in item.spans]
    if last > item.index:
        start, end = item.spans[-1]
        first = [] if is_blank(line[start:end]) else [line[start:end]]
        cells[-1] = build_cell([*first, *lines[item.index + 1 : last + 1]], item.index + 2 - len(first))
    return Row(cells=tuple(cells), line_start=item.index + 1, line_end=last + 1)


def _split_heads(line: str, width: int) -> tuple[str, ...]:
    """The heads of a line: cut at its gaps, else its words, of which the first ones stay together where they are too many."""
    heads = _COLUMN_GAP.split(line.strip())
    if len(heads) != width:
        heads = line.split()
        surplus = len(heads) - width
        if surplus > 0:
            heads = [" ".join(heads[: surplus + 1]), *heads[surplus + 1 :]]
    return tuple(heads) if len(heads) == width else ()
