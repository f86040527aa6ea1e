"""reStructuredText's drawn tables, cut into cells: what stands where, by line and column, nothing of it read yet.

    +------+---------+        ====  =======
    | Code | Meaning |        Code  Meaning
    +======+=========+        ====  =======
    | 4001 | - one   |        4001  - one
    |      | - two   |              - two
    +------+---------+        ====  =======

Columns are counted as they are seen: East Asian wide characters are two wide, combining ones none. docutils refuses a
table that is drawn badly and shows nothing of it; here a grid whose bars do not stand under its corners is read by its
bars if every line has as many as the top border, and a cell of a simple table that runs over its margin ends at the next
space. A grid that cannot be read at all gives None.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

GRID_TOP = re.compile(r"\+[-=][-=+]*\+ *$")
SIMPLE_TOP = re.compile(r"=+(?: +=+)+ *$")
SIMPLE_BORDER = re.compile(r"=+[ =]*$")
_SIMPLE_SPAN = re.compile(r"-+[ -]*$")
_RUN = re.compile(r"[-=+]+")
_BAR = re.compile(r"(?<!\\)\|")

_PAD = "\0"
"""Stands behind a wide character, so that a character is a column; no document holds one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CutCell:
    """A cell: its lines without the margin that they share; `top` is the index of the first of them in the table."""

    lines: tuple[str, ...]
    top: int
    column: int
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CutRow:
    """A row by the indexes of its first and last line, the border below it included."""

    top: int
    bottom: int
    cells: tuple[CutCell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CutTable:
    """A table of `height` lines. `header_rows` of its rows stand above the header rule."""

    rows: tuple[CutRow, ...]
    header_rows: int
    columns: int
    height: int


def measure_grid(lines: Sequence[str], start: int) -> int:
    """How many lines below `start` belong to the grid table that begins there: those with a border or bar in front."""
    end = start
    while end < len(lines) and lines[end].startswith(("+", "|")):
        end += 1
    return end - start


def cut_grid(lines: Sequence[str]) -> CutTable | None:
    """Cut the grid table that `lines` are; None where they are none. A bottom border that is missing is added."""
    padded = [_pad(line.rstrip()) for line in lines]
    if not GRID_TOP.match(padded[-1]):
        padded.append(padded[0].replace("=", "-"))
    found = _trace(padded)
    if found is None and any(_PAD in line for line in padded):  # drawn by characters, not by their width
        found = _trace([line.replace(_PAD, "") for line in padded])
    found = found or _split_at_bars(padded)
    return found and replace(found, height=len(lines))


def _pad(line: str) -> str:
    """`line` with one character per column. Combining characters are composed where they can be: else columns shift."""
    if line.isascii():
        return line
    if any(map(unicodedata.combining, line)):
        line = unicodedata.normalize("NFC", line)
    return "".join(f"{character}{_PAD}" if unicodedata.east_asian_width(character) in "WF" else character for character in line)


def _trace(lines: list[str]) -> CutTable | None:
    """Cells found from corner to corner, as docutils does; None where they do not fill the drawing."""
    width = len(lines[0])
    if any(len(line) != width for line in lines):
        return None
    height = len(lines)
    runs = [[match.span() for match in _RUN.finditer(line)] if "+" in line else [] for line in lines]
    run_starts = [[start for start, _ in spans] for spans in runs]
    corners = [[column for column, character in enumerate(line) if character == "+"] if "+" in line else [] for line in lines]
    falls: dict[int, list[int]] = {}

    def reach_right(line: int, column: int) -> int:
        index = bisect_right(run_starts[line], column) - 1
        return runs[line][index][1] - 1 if index >= 0 else -1

    def reach_down(line: int, column: int) -> int:
        if column not in falls:
            falls[column] = _find_falls(lines, column)
        return falls[column][line]

    steps_left = width * height  # a drawing that is sound takes less than half
    boxes: list[tuple[int, int, int, int]] = []
    done = [0] * (width - 1)  # per column, the border down to which cells are cut
    tops: list[set[int]] = [set() for _ in range(height)]
    tops[0].add(0)
    for top in range(height - 1):
        seen = tops[top]
        waiting = sorted(seen)
        for left in waiting:
            if left >= width - 1 or done[left] != top:
                continue
            box = None
            right_end = reach_right(top, left)
            down_end = reach_down(top, left)
            for position in range(bisect_right(corners[top], left + 1), len(corners[top])):
                right = corners[top][position]
                if right > right_end or box is not None:
                    break
                limit = min(down_end, reach_down(top, right))
                for bottom in range(top + 2, limit + 1):
                    steps_left -= 1
                    if steps_left < 0:
                        return None
                    line = lines[bottom]
                    if line[right] == "+" and line[left] == "+" and reach_right(bottom, left) >= right:
                        box = (top, left, bottom, right)
                        break
            if box is None:
                continue
            _, _, bottom, right = box
            if any(done[column] != top for column in range(left, right)):
                return None
            done[left:right] = [bottom] * (right - left)
            boxes.append(box)
            tops[bottom].add(left)
            if right not in seen:
                seen.add(right)
                waiting.append(right)
    if any(border != height - 1 for border in done):
        return None
    return _place_boxes(lines, boxes)


def _find_falls(lines: list[str], column: int) -> list[int]:
    """Per line, the lowest line to which bars and corners reach down from it in `column`."""
    lowest = len(lines) - 1
    falls = [lowest] * len(lines)
    for index in range(len(lines) - 2, -1, -1):
        if lines[index + 1][column] not in "|+":
            lowest = index
        falls[index] = lowest
    return falls


def _place_boxes(lines: list[str], boxes: list[tuple[int, int, int, int]]) -> CutTable:
    borders = sorted({border for top, _, bottom, _ in boxes for border in (top, bottom)})
    sides = sorted({side for _, left, _, right in boxes for side in (left, right)})
    row_of = {border: index for index, border in enumerate(borders)}
    column_of = {side: index for index, side in enumerate(sides)}
    cells: list[list[CutCell]] = [[] for _ in borders[1:]]
    for top, left, bottom, right in sorted(boxes):
        cells[row_of[top]].append(
            CutCell(
                lines=_dedent([line[left + 1 : right] for line in lines[top + 1 : bottom]]),
                top=top + 1,
                column=column_of[left],
                columns=column_of[right] - column_of[left],
                rows=row_of[bottom] - row_of[top],
            )
        )
    rule = next((border for border in borders[1:-1] if "=" in lines[border] and _is_rule(lines[border])), borders[0])
    rows = (CutRow(top=top + 1, bottom=bottom, cells=tuple(row)) for top, bottom, row in zip(borders, borders[1:], cells, strict=False))
    return CutTable(rows=tuple(rows), header_rows=row_of[rule], columns=len(sides) - 1, height=len(lines))


def _is_rule(line: str) -> bool:
    return not line.strip("+=-")


def _split_at_bars(lines: list[str]) -> CutTable | None:
    """Rows between borders, cells between bars; None where a line has not as many cells as the top border."""
    columns = lines[0].rstrip().count("+") - 1
    rows: list[CutRow] = []
    header_rows = 0
    texts: list[list[str]] = []
    for index, line in enumerate(lines):
        if index and line.startswith("+") and _is_rule(line):
            if texts:
                start = index - len(texts)
                cells = tuple(
                    CutCell(lines=_dedent([text[column] for text in texts]), top=start, column=column) for column in range(columns)
                )
                rows.append(CutRow(top=start, bottom=index, cells=cells))
                texts = []
            if "=" in line and not header_rows:
                header_rows = len(rows)
        elif index:
            parts = _BAR.split(line.rstrip().removeprefix("|").removesuffix("|"))
            if len(parts) != columns or not line.startswith("|"):
                return None
            texts.append(parts)
    return CutTable(rows=tuple(rows), header_rows=header_rows, columns=columns, height=len(lines)) if rows else None


def _dedent(lines: Sequence[str]) -> tuple[str, ...]:
    """`lines` without padding, without the spaces that all begin with, each without trailing ones."""
    stripped = [line.replace(_PAD, "").rstrip() for line in lines]
    margin = min((len(line) - len(line.lstrip()) for line in stripped if line), default=0)
    return tuple(line[margin:] for line in stripped)


def cut_simple(lines: Sequence[str], start: int, borders: Sequence[int]) -> CutTable:
    """Cut the simple table whose top border is line `start`; `borders` are the indexes of all lines that look like borders.

    It ends at a border with a blank line below, or at the second below the top; where there is none, at the first blank line.
    """
    end = _find_bottom(lines, start, borders)
    padded = [_pad(line) for line in lines[start : end + 1]]
    places = [match.span() for match in re.finditer("=+", padded[0])]
    rows: list[CutRow] = []
    header_rows = 0
    first = 1
    height = len(padded)

    def close_row(stop: int, spans: list[tuple[int, int]], border: int | None = None) -> None:
        filled = [index for index in range(first, stop) if padded[index].strip()]
        if filled:
            top, bottom = filled[0], filled[-1]
            rows.append(_cut_row(padded[top : bottom + 1], top, bottom if border is None else border, places, spans))

    for index in range(1, height):
        line = padded[index]
        if SIMPLE_BORDER.match(line):
            close_row(index, places, index if index < height - 1 else None)
            if not header_rows and index < height - 1:
                header_rows = len(rows)
            first = index + 1
        elif _SIMPLE_SPAN.match(line) and len(line.rstrip()) >= 2 and (spans := _read_spans(line, places)):
            close_row(index, spans, index)
            first = index + 1
        elif line[: places[0][1]].strip():
            close_row(index, places)
            first = index
    close_row(height, places)
    return CutTable(rows=tuple(rows), header_rows=header_rows, columns=len(places), height=height)


def _find_bottom(lines: Sequence[str], start: int, borders: Sequence[int]) -> int:
    position = bisect_right(borders, start)
    for count, border in enumerate(borders[position : position + 2], start=1):
        if count == 2 or border + 1 >= len(lines) or not lines[border + 1].strip():
            return border
    end = start
    while end + 1 < len(lines) and lines[end + 1].strip():
        end += 1
    return end


def _read_spans(line: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The columns that an underline of `-` joins, as (start, end) of text; [] where it fits no columns."""
    starts = {start for start, _ in places}
    ends = {end for _, end in places}
    spans = [match.span() for match in re.finditer("-+", line)]
    spans[-1] = (spans[-1][0], places[-1][1])
    return spans if all(start in starts and end in ends for start, end in spans) else []


def _cut_row(texts: list[str], top: int, bottom: int, places: list[tuple[int, int]], spans: list[tuple[int, int]]) -> CutRow:
    columns: list[list[str]] = [[] for _ in spans]
    for text in texts:
        position = 0
        for index, (start, end) in enumerate(spans):
            if index == len(spans) - 1:
                columns[index].append(text[max(position, start) :])
                break
            following = spans[index + 1][0]
            stop = end
            if text[end:following].strip():  # over the margin: up to the next space
                space = text.find(" ", end)
                stop = len(text) if space < 0 else space
            columns[index].append(text[max(position, start) : stop])
            position = stop
    starts = [start for start, _ in places]
    cells = []
    for (start, end), lines in zip(spans, columns, strict=True):
        column = bisect_left(starts, start)
        reached = bisect_left(starts, end) - column
        cells.append(CutCell(lines=_dedent(lines), top=top, column=column, columns=max(reached, 1)))
    return CutRow(top=top, bottom=bottom, cells=tuple(cells))
