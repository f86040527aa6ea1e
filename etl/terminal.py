"""Text for people: tables, messages, progress. Vendor text is untrusted: control characters are shown, never sent.

    source  line  severity  text                       as wide as the terminal is: long texts are broken between words
    ────────────────────────────────────────────────
    acme      12  info      the numbering leaves out
                            27, between 26 and 28

    source    acme                                     where that leaves a column too narrow: each row as a list of its cells
    line      12

On a pipe a row is one line of any length, and a wide cell moves what stands behind it, but pads no other row.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import TextIO

from etl.text import measure_width

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_GAP = "  "
_LINE_END = " ⏎ "
"""How a line end inside a cell is shown where a row is one line."""

_MOST_PADDED = 60
"""The widest that a column is made by padding on a pipe."""

_LEAST_READ = 20
"""A text in a narrower column than this is no joy to read."""


def visible(text: str) -> str:
    """`text` with control and direction characters written out, so that a page cannot move the cursor or reorder what is read."""
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = (), file: TextIO | None = None) -> None:
    """Print a table, without colours; columns named in `right` are aligned to the right."""
    stream = file if file is not None else sys.stdout
    cells = [[visible("" if value is None else str(value)) for value in row] for row in rows]
    stream.write("".join(f"{line}\n" for line in format_table(heads, cells, right=right, room=get_width(stream))))


def print_error(message: str) -> None:
    """Print an error message on stderr, behind what was printed before it, also where both go into one file."""
    with contextlib.suppress(BrokenPipeError):  # an error is told also to those who have stopped reading
        sys.stdout.flush()
    sys.stderr.write(f"errcat: {visible(message)}\n")


def get_width(stream: TextIO) -> int | None:
    """The columns of the terminal that `stream` writes to, as COLUMNS says or the terminal itself; None where it is none."""
    if not stream.isatty():
        return None
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80


@contextlib.contextmanager
def show_progress(verb: str) -> Iterator[Callable[[str], None] | None]:
    """A function that says on stderr what is being done now, on one line that is wiped at the end; None where nobody looks."""
    width = get_width(sys.stderr)
    if width is None:
        yield None
        return
    shown = 0

    def say(what: str) -> None:
        nonlocal shown
        text = visible(f"{verb} {what} …")[: width - 1]
        sys.stderr.write(f"\r{text.ljust(shown)}")
        sys.stderr.flush()
        shown = len(text)

    try:
        yield say
    finally:
        sys.stderr.write(f"\r{' ' * shown}\r" if shown else "")


def format_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = (), room: int | None = None) -> list[str]:
    """The lines of a table: at most `room` columns wide, or each row on one line where there is no such bound."""
    if room is None:
        flat = [[_LINE_END.join(cell.split("\n")) for cell in row] for row in rows]
        natural = _measure_columns(heads, flat)
        widths = [max(measure_width(head), min(width, _MOST_PADDED)) for head, width in zip(heads, natural, strict=True)]
        return _format_grid(heads, [[[cell] for cell in row] for row in flat], widths, right)
    fitting = _fit(_measure_columns(heads, rows), room)
    if fitting is None:
        return _format_lists(heads, rows, room)
    broken = [[break_lines(cell, width) for cell, width in zip(row, fitting, strict=True)] for row in rows]
    return _format_grid(heads, broken, fitting, right)


def _measure_columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column's widest line."""
    return [max(measure_width(line) for cell in column for line in cell.split("\n")) for column in zip(heads, *rows, strict=True)]


def break_lines(text: str, room: int) -> list[str]:
    """The lines of `text`, none of them wider than `room`: broken between words, and inside a word only where it is wider itself."""
    lines = []
    for line in text.split("\n"):
        if measure_width(line) <= room:
            lines.append(line)
            continue
        current = ""
        for word in line.split(" "):
            longer = f"{current} {word}" if current else word
            if measure_width(longer) <= room:
                current = longer
                continue
            if current:
                lines.append(current)
            *full, current = _chop(word, room)
            lines += full
        lines.append(current)
    return lines


def _chop(word: str, room: int) -> list[str]:
    """The word in pieces that are at most `room` wide."""
    pieces = [""]
    width = 0
    for character in word:
        width += measure_width(character)
        if width > room and pieces[-1]:
            pieces.append("")
            width = measure_width(character)
        pieces[-1] += character
    return pieces


def _fit(natural: Sequence[int], room: int) -> list[int] | None:
    """The widths of columns that fit into `room`, the widest made narrower first; None where that makes one too narrow to be read."""
    left = room - len(_GAP) * (len(natural) - 1)
    if sum(natural) <= left:
        return list(natural)
    level = 0
    for place, width in enumerate(sorted(natural)):
        level = left // (len(natural) - place)
        if width > level:
            break
        left -= width
    return [min(width, level) for width in natural] if level >= _LEAST_READ else None


def _format_grid(heads: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], widths: Sequence[int], right: Sequence[str]) -> list[str]:
    """Heads, a rule, and the rows, each cell given as its lines."""
    lines = [_format_line(heads, heads, widths, right), "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))]
    for row in rows:
        lines += [_format_line(parts, heads, widths, right) for parts in zip_longest(*row, fillvalue="")]
    return lines


def _format_line(cells: Sequence[str], heads: Sequence[str], widths: Sequence[int], right: Sequence[str]) -> str:
    padded = []
    for cell, head, width in zip(cells, heads, widths, strict=True):
        blanks = " " * (width - measure_width(cell))
        padded.append(blanks + cell if head in right else cell + blanks)
    return _GAP.join(padded).rstrip()


def _format_lists(heads: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[str]:
    """Each row as a list of its cells, those that are blank left out; a blank line between rows."""
    margin = max(map(measure_width, heads)) + len(_GAP)
    lines: list[str] = []
    for row in rows:
        lines += [""] if lines else []
        for head, cell in zip(heads, row, strict=True):
            parts = break_lines(cell, max(room - margin, _LEAST_READ)) if cell else []
            for number, part in enumerate(parts):
                label = head if number == 0 else ""
                lines.append(f"{label}{' ' * (margin - measure_width(label))}{part}".rstrip())
    return lines
