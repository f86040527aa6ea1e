r"""Pipe tables, as lines: where one begins and ends, and how its rows fall into cells.

    | Code | Text          |        the header row
    |------|---------------|        the delimiter row
    | 4001 | `a|b` or a\|b |        a row; what is printed is kept, also where it is a cell short or long

The grammar is that of GitHub Flavored Markdown (section 4.10), read as a careful reader would where vendors break it:
rows are neither padded nor cut, a header that is wider or narrower than the delimiter row is kept, a blank line or a
comment between two rows does not end the table, bars in code spans belong to the code where the row fits so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MAX_WRAPPED = 20
"""So many lines may one row be wrapped into."""

_FEWEST_SHORT = 2
_FEWEST_SPANNED = 3
"""Columns of a table in which a row may lack the first: two are left to tell."""

_DELIMITER = re.compile(r":?-+:?")
_BARS = re.compile(r"\\.|\|", re.DOTALL)
_BARS_AND_TICKS = re.compile(r"\\\||\\`|`+|\|")
_TICKS = re.compile(r"`+")
_COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*")
_OTHER_BLOCK = re.compile(r"#{1,6}\s|>|```|~~~|<!--|</?[A-Za-z][\w.-]*[\s/>]|:::|\{%|[-*+]\s+(?![|\s])")
_LIST_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])\s")
"""Opens no header row; a row it may open, as `- | unknown`."""

LineReader = Callable[[int], str | None]
"""Line number (0-based) -> its text without the indent and marks of what it stands in; None beyond the end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PipeRow:
    """One row: its first and last line (0-based, inclusive) and its text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PipeTable:
    """The lines of one pipe table, 0-based; `end` is the line after the last. Lines that are neither header nor row are mark-up."""

    heads: tuple[str, ...]
    headers: tuple[PipeRow, ...]
    rows: tuple[PipeRow, ...]
    width: int
    start: int
    end: int


def measure_delimiter(line: str) -> int:
    """How many columns the delimiter row `line` marks (`|:--|---|`, `--- | ---`); 0 where it is no such row."""
    if "|" not in line or "-" not in line:
        return 0
    parts = line.strip().split("|")
    if not parts[0]:
        del parts[0]
    if parts and not parts[-1]:
        del parts[-1]
    return len(parts) if all(_DELIMITER.fullmatch(part.strip()) for part in parts) else 0


def split_row(line: str, header: PipeRow | None = None, width: int | None = None) -> list[str]:
    r"""The cells of one row as printed, outer bars off, `\|` and white space still in them.

    Where the row can be read in more than one way, the first reading that has `width` cells is taken: bars in code spans
    belong to the code, or split it; a bar at the edge is an outer bar, or, where `header` has none there, stands beside
    an empty cell.
    """
    text = line.strip()
    parts = _split_bars(text, code=True)
    cells = _drop_outer(parts, left=True, right=True)
    if width is None or len(cells) == width:
        return cells
    readings = [parts]
    if "`" in text:
        readings.append(_split_bars(text, code=False))
    head = header.text.strip() if header is not None else "||"
    for reading in readings:
        for left in (True,) if head.startswith("|") else (True, False):
            for right in (True,) if head.endswith("|") else (True, False):
                other = _drop_outer(reading, left=left, right=right)
                if len(other) == width:
                    return other
    return cells


def _drop_outer(parts: list[str], *, left: bool, right: bool) -> list[str]:
    first = 1 if left and len(parts) > 1 and not parts[0].strip() else 0
    last = len(parts) - 1 if right and len(parts) > first + 1 and not parts[-1].strip() else len(parts)
    return parts[first:last]


def _split_bars(text: str, *, code: bool) -> list[str]:
    if code and "`" in text:
        return _split_outside_code(text)
    if "\\" not in text:
        return text.split("|")
    return _cut(text, [match.start() for match in _BARS.finditer(text) if match.group() == "|"])


def _split_outside_code(text: str) -> list[str]:
    runs: dict[int, list[int]] = {}
    for run in _TICKS.finditer(text):
        runs.setdefault(len(run.group()), []).append(run.start())
    cuts = []
    position = 0
    while (match := _BARS_AND_TICKS.search(text, position)) is not None:
        position = match.end()
        if match.group() == "|":
            cuts.append(match.start())
        elif match.group().startswith("`"):
            same = runs.get(len(match.group()), [])
            after = bisect_right(same, match.start())
            if after < len(same):
                position = same[after] + len(match.group())
    return _cut(text, cuts)


def _cut(text: str, cuts: list[int]) -> list[str]:
    parts = []
    start = 0
    for cut in cuts:
        parts.append(text[start:cut])
        start = cut + 1
    return [*parts, text[start:]]


def opens_table(read_line: LineReader, start: int) -> bool:
    """Whether a pipe table begins at line `start`."""
    return _find_opening(read_line, start) is not None


def find_table(read_line: LineReader, start: int) -> PipeTable | None:
    """The pipe table that begins at line `start`, None where none does."""
    opening = _find_opening(read_line, start)
    if opening is None:
        return None
    header, delimiter, width = opening
    heads = [] if header is None else split_row(header.text, None, width)
    headers = [] if header is None else [header]
    rows: list[PipeRow] = []
    line = start if header is None and delimiter is None else (start if delimiter is None else delimiter) + 1
    end = line
    while True:
        text = read_line(line)
        if text is not None and measure_delimiter(text) == width and "---" in text:
            if rows and rows[-1].end == line - 1 and split_row(rows[-1].text, header, width) == heads:
                headers.append(rows.pop())
            line += 1
        elif text is not None and _is_row(text):
            row = _read_row(read_line, line, text, header, width)
            rows.append(row)
            line = row.end + 1
        else:
            following = _find_continuation(read_line, line, header, width)
            if following is None:
                break
            line = following
            torn = read_line(line) or ""
            if not _is_row(torn):
                rows.append(PipeRow(start=line, end=line, text=torn))
                line += 1
            continue
        end = line
    return PipeTable(
        heads=tuple(heads[:width] if not "".join(heads[width:]).strip() else heads),
        headers=tuple(headers),
        rows=tuple(rows),
        width=width,
        start=start,
        end=end,
    )


def _find_opening(read_line: LineReader, start: int) -> tuple[PipeRow | None, int | None, int] | None:
    """The header row, the delimiter row and the width of the table that begins at `start`; a table may lack either."""
    first = read_line(start)
    if first is None or "|" not in first:
        return None
    boxed = _is_boxed(first)
    following = start + 1
    while boxed and (text := read_line(following)) is not None and not text.strip():
        following += 1
    second = read_line(following)
    if second is None or "|" not in second:
        return None
    own, below = measure_delimiter(first), measure_delimiter(second)
    if own and not below:
        return (None, start, own) if boxed and _is_row(second) and following == start + 1 else None
    if below and not _OTHER_BLOCK.match(first.lstrip()) and not _LIST_ITEM.match(first.lstrip()):
        header = PipeRow(start=start, end=start, text=first)
        cells = split_row(first, PipeRow(start=0, end=0, text=second), below)
        return header, following, below if len(cells) > below and not "".join(cells[below:]).strip() else len(cells)
    if boxed and _is_boxed(second) and following == start + 1:
        width = len(split_row(first))
        if width > 1 and len(split_row(second, None, width)) == width:
            return None, None, width
    return None


def _is_boxed(line: str) -> bool:
    text = line.strip()
    return len(text) > 1 and text[0] == "|" and text[-1] == "|"


def _is_row(line: str) -> bool:
    text = line.lstrip()
    if text.startswith("|"):
        return True
    return "|" in text and _OTHER_BLOCK.match(text) is None and len(_split_bars(text, code=True)) > 1


def _read_row(read_line: LineReader, line: int, text: str, header: PipeRow | None, width: int) -> PipeRow:
    """The row at `line`; where its closing bar stands on a later line and all fits then, the lines up to there.

    Cells may hold paragraphs and lists, as converters write them: then blank lines stand in the row, and what closes it may
    be a bar alone. Such a row may lack cells, those that span the rows above it.
    """
    row = PipeRow(start=line, end=line, text=text)
    if header is None or not _is_boxed(header.text) or text.rstrip().endswith("|"):
        return row
    wrapped = [text]
    for number in range(line + 1, line + MAX_WRAPPED):
        more = read_line(number)
        if more is None or (_OTHER_BLOCK.match(more.lstrip()) and not _LIST_ITEM.match(more.lstrip())):
            break
        if more.lstrip().startswith("|") and more.strip() != "|" and ("" not in wrapped or len(split_row(more)) >= width - 1):
            break
        wrapped.append(more.strip())
        if more.rstrip().endswith("|"):
            joined = "\n".join(wrapped)
            found = len(split_row(joined, header, width))
            if found == width or ("" in wrapped and 1 < found < width):
                return PipeRow(start=line, end=number, text=joined)
            break
    return row


def lack_first(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the rows that lack one cell lack the first, which spans them from above, as converters drop it.

        | 400 | BadName | ...       the first cells of whole rows are numbers, their second ones single words,
        | BadDate | ...             as the first cells of all short rows are, of which there are two at least
    """
    whole = [row for row in rows if len(row) == width]
    short = [row for row in rows if len(row) == width - 1]
    if len(short) < _FEWEST_SHORT or width < _FEWEST_SPANNED or not rows or len(rows[0]) != width:
        return False
    numbered = all(row[0].strip().isdigit() for row in whole)
    words = [row[1].strip() for row in whole] + [row[0].strip() for row in short]
    return numbered and all(word and not word.isdigit() and len(word.split()) == 1 for word in words)


def _find_continuation(read_line: LineReader, line: int, header: PipeRow | None, width: int) -> int | None:
    """Where the table goes on after blank lines and comments: a row of the same width that opens no table of its own.

    A piece torn off the row above the blank line (it has a closing bar, but no opening one) may stand before that row.
    """
    following = line
    while (text := read_line(following)) is not None and (not text.strip() or _COMMENT.fullmatch(text)):
        following += 1
    if text is None or following == line or width < 2:
        return None
    row = following
    if not text.lstrip().startswith("|") and text.rstrip().endswith("|"):
        below = read_line(following + 1)
        if below is not None and _is_boxed(below):
            row, text = following + 1, below
    if not _is_row(text) or len(split_row(text, header, width)) != width:
        return None
    opening = _find_opening(read_line, row)
    if opening is not None and opening[1] is not None:
        return None
    is_open = header is not None and not header.text.lstrip().startswith("|")
    return following if text.lstrip().startswith("|") or is_open else None
