"""Text that is broken into pages: what stands at the breaks belongs to no table.

    … the text of an entry runs on

    Doe                    Standards Track              [Page 7]     running foot
    ^L                                                               form feed, if it has survived
    RFC 9999               Example Protocol         January 2030     running head

        over the break.

Running heads and feet are lines beside a break whose text, numbers aside, stands in the document more than once. They
are taken out before a layout reads the lines, and the tables are numbered as the document is afterwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile

from etl.extract.bare_text import claim_lines, is_blank, measure_indent
from etl.extract.printed import TextLayout, renumber
from etl.model import Claim, Document, Options, Table
from etl.text import collapse

_FOOT = re.compile(r"\[Page [0-9ivxlc]+\]$", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")
_LONGEST_FURNITURE = 160
_HEAD_LINES = 3
_SENTENCE_END = (".", ":", "!", "?")


def skip_page_breaks(read_tables: TextLayout) -> TextLayout:
    """The layout `read_tables`, which then reads text without page breaks; lines keep the document's numbers."""

    def read_unbroken(document: Document, options: Options) -> tuple[Table, ...]:
        kept = keep_lines(document.lines)
        if len(kept) == len(document.lines):
            return read_tables(document, options)
        lines = tuple(document.lines[index].replace("\f", "") for index in kept)
        unbroken = replace(document, lines=lines, text="\n".join(lines))
        return tuple(_renumber(table, kept, document.lines) for table in read_tables(unbroken, options))

    return read_unbroken


def keep_lines(lines: Sequence[str]) -> list[int]:
    """The indexes of the lines that are left when running heads, running feet and the blank lines around them go.

    One blank line stays where the text above the break ends a sentence or stands deeper than the text below: a paragraph
    may end there.
    """
    breaks = [index for index, line in enumerate(lines) if "\f" in line or _is_foot(line)]
    if not breaks:
        return list(range(len(lines)))
    page = _Page(lines=lines, above=_find_text(lines), below=[len(lines) - index - 1 for index in _find_text(lines[::-1])][::-1])
    beside = {place for index in breaks for place in _find_beside(page, index)}
    times = Counter(_name_furniture(lines[place]) for place in {*beside, *_take_heads(page, 0)})
    kept = [True] * len(lines)
    done = 0
    for index in breaks:
        first, last = _widen(page, index, times)
        begin = max(first, done)
        done = max(last + 1, done)
        kept[begin:done] = [False] * (done - begin)
        if begin == first > 0 and is_blank(lines[first]) and _ends_paragraph(lines[first - 1], lines[done] if done < len(lines) else ""):
            kept[first] = True
    return [index for index in range(len(lines)) if kept[index]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """The lines, and for each the nearest line with text at it or above (-1 if none) and at it or below (their number)."""

    lines: Sequence[str]
    above: Sequence[int]
    below: Sequence[int]


def _find_text(lines: Sequence[str]) -> list[int]:
    return list(accumulate((-1 if is_blank(line) else index for index, line in enumerate(lines)), max))


def _ends_paragraph(above: str, below: str) -> bool:
    return above.rstrip().endswith(_SENTENCE_END) or measure_indent(above) > measure_indent(below)


def _is_foot(line: str) -> bool:
    return len(line) <= _LONGEST_FURNITURE and line.rstrip().endswith("]") and _FOOT.search(line.rstrip()) is not None


def _name_furniture(line: str) -> str:
    return _NUMBER.sub("#", collapse(line))


def _take_heads(page: _Page, index: int) -> list[int]:
    """The first lines from `index` on that may be a running head."""
    lines = page.lines
    first = page.below[index] if index < len(lines) else len(lines)
    heads = range(first, min(first + _HEAD_LINES, len(lines)))
    return list(takewhile(lambda place: not is_blank(lines[place]) and len(lines[place]) <= _LONGEST_FURNITURE, heads))


def _find_beside(page: _Page, index: int) -> list[int]:
    """The lines beside the break at `index` that may be its furniture: the running foot and up to three lines of head."""
    if "\f" not in page.lines[index]:
        return [index, *_take_heads(page, index + 1)]
    above = page.above[index - 1] if index > 0 else -1
    foot = [above] if above >= 0 and len(page.lines[above]) <= _LONGEST_FURNITURE else []
    return [*foot, *_take_heads(page, index)]


def _widen(page: _Page, index: int, times: Counter[str]) -> tuple[int, int]:
    """The first and last line of the break at `index`: foot, form feed, heads and the blank lines between and around."""
    lines = page.lines
    first, last = index, index
    if "\f" in lines[index] and not is_blank(lines[index]):
        last = index - 1
    for place in _find_beside(page, index):
        if times[_name_furniture(lines[place])] > 1:
            first, last = min(first, place), max(last, place)
        elif place >= index:
            break
    above = page.above[first - 1] if first > 0 else -1
    below = page.below[last + 1] if last + 1 < len(lines) else len(lines)
    return above + 1, below - 1


def _renumber(table: Table, kept: Sequence[int], lines: Sequence[str]) -> Table:
    numbered = renumber(table, [(index + 1, index + 1) for index in kept])
    left = set(kept[table.line_start - 1 : table.line_end])
    within = range(numbered.line_start - 1, numbered.line_end)
    return replace(numbered, claims=(*numbered.claims, *_claim_furniture(lines, within, left)))


def _claim_furniture(lines: Sequence[str], indexes: range, left: set[int]) -> list[Claim]:
    return [claim_lines("markup", index) for index in indexes if index not in left and not is_blank(lines[index])]
