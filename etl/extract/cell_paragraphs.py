"""Tables that were flattened into paragraphs, a paragraph per cell, on pages that have kept the rest of their mark-up.

    ## Error codes
    Code                        paragraphs: the heads, where they are printed
    Message
    `4001`                      a row begins where a paragraph is a code, or what `Options.starts` matches
    Bad name
    `4002`
    Bad age

There are as many columns as paragraphs from one code to the next, mostly; surplus paragraphs belong to the last cell.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from etl.extract.bare_text import is_code, is_symbol
from etl.model import Block, Cell, Claim, Options, Row, Table
from etl.text import join_lines

LAYOUT = "cell_paragraphs"

FEWEST_ROWS = 2
FEWEST_HEADLESS = 5
_RHYTHM = 0.7
"""The share of the gaps between codes that must be wide enough for a row."""

_MOST_COLUMNS = 8
_HEAD_LENGTH = 40

_Segment = tuple[Block | None, list[Block]]


def read_tables(blocks: Sequence[Block | Table], options: Options) -> tuple[Table, ...]:
    """A table for each heading below which the heads stand as paragraphs; without `options.header`, what may be heads."""
    tables = [_read_segment(heading, cells, options) for heading, cells in _find_segments(blocks)]
    return tuple(table for table in tables if table is not None)


def _find_segments(blocks: Sequence[Block | Table]) -> list[_Segment]:
    """The paragraphs that follow one another, with the heading above them: anything else stands between two segments."""
    segments: list[_Segment] = []
    heading: Block | None = None
    is_open = False
    for block in blocks:
        if isinstance(block, Block) and block.kind == "paragraph":
            if not is_open:
                segments.append((heading, []))
                is_open = True
            segments[-1][1].append(block)
            continue
        is_open = False
        if isinstance(block, Block) and block.kind == "heading":
            heading = block
    return segments


def _read_segment(heading: Block | None, cells: Sequence[Block], options: Options) -> Table | None:
    """The table in one segment: heads and rows, or only rows where they keep their rhythm."""
    starts, width = _find_starts([cell.text for cell in cells], options)
    if not starts:
        return None
    first = starts[0] - width
    heads = cells[first : starts[0]] if first >= 0 and _are_heads(cells[first : starts[0]]) else []
    if len(starts) < (FEWEST_ROWS if heads else FEWEST_HEADLESS):
        return None
    if options.header and [head.text for head in heads] != list(options.header):
        return None
    ends = [*starts[1:], min(starts[-1] + width, len(cells))]
    rows = tuple(_build_row(cells[start:end], width) for start, end in zip(starts, ends, strict=True))
    claims = [Claim(kind="header", line_start=heads[0].line_start, line_end=heads[-1].line_end)] if heads else []
    if heading is not None:
        claims.insert(0, Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end))
    return Table(
        layout=LAYOUT,
        section=None if heading is None else heading.text,
        header=tuple(head.text for head in heads),
        rows=rows,
        line_start=heads[0].line_start if heads else rows[0].line_start,
        line_end=rows[-1].line_end,
        claims=tuple(claims),
    )


def _find_starts(texts: Sequence[str], options: Options) -> tuple[list[int], int]:
    """Where rows begin and how many columns they have: of codes and symbols, those that come in the steadiest rhythm."""
    if options.starts is not None:
        pattern = re.compile(options.starts)
        tests: list[Callable[[str], bool]] = [lambda text: pattern.fullmatch(text) is not None]
    else:
        tests = [_is_code_cell, is_symbol]
    best: tuple[float, int, list[int], int] = (0.0, 0, [], 0)
    for test in tests:
        starts = [index for index, text in enumerate(texts) if test(text)]
        width, share = _count_columns(starts)
        kept = _drop_chance(starts, width)
        if kept and share >= _RHYTHM and (round(share, 1), -kept[0]) > best[:2]:
            best = (round(share, 1), -kept[0], kept, width)
    return best[2], best[3]


def _is_code_cell(text: str) -> bool:
    """A code, or one with another of its forms behind it: `534 (0x216)`."""
    return len(text) <= _HEAD_LENGTH and is_code(text.split(" (", maxsplit=1)[0])


def _count_columns(starts: Sequence[int]) -> tuple[int, float]:
    """How many paragraphs there mostly are from one code to the next, and which share of the gaps is at least that."""
    gaps = Counter(after - before for before, after in itertools.pairwise(starts))
    if not gaps:
        return 0, 0.0
    width = gaps.most_common(1)[0][0]
    return (width, sum(count for gap, count in gaps.items() if gap >= width) / gaps.total()) if 2 <= width <= _MOST_COLUMNS else (0, 0.0)


def _drop_chance(starts: Sequence[int], width: int) -> list[int]:
    """The starts without those that come too soon: a cell may look like a code, too."""
    kept: list[int] = []
    for start in starts:
        if width and (not kept or start - kept[-1] >= width):
            kept.append(start)
    return kept


def _are_heads(cells: Sequence[Block]) -> bool:
    return all(0 < len(cell.text) <= _HEAD_LENGTH and not _is_code_cell(cell.text) and not is_symbol(cell.text) for cell in cells)


def _build_row(blocks: Sequence[Block], width: int) -> Row:
    cells = [
        Cell(text=block.text, raw=block.raw, line_start=block.line_start, line_end=block.line_end, links=block.links)
        for block in blocks
    ]
    if len(cells) > width:
        last, *surplus = cells[width - 1 :]
        joined = replace(
            last,
            text=join_lines([last.text, *(cell.text for cell in surplus)]),
            raw="\n".join(cell.raw for cell in (last, *surplus)),
            line_end=surplus[-1].line_end,
            links=tuple(link for cell in (last, *surplus) for link in cell.links),
        )
        cells = [*cells[: width - 1], joined]
    return Row(cells=tuple(cells), line_start=cells[0].line_start, line_end=cells[-1].line_end)
