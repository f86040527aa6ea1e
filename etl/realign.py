"""Put the cells of a row back into their columns, where a flattening has collapsed empty cells and moved the rest up (pure).

    101 | InvalidContent | The body is invalid.  | Supported by: 14.0, 14.1 |
    113 | QuotaExceeded  | Supported by: 14.0   |                           |   the third cell belongs to the last column

Cells keep their order, so an alignment is a choice of columns from left to right. Each column is known by what its cells
in complete rows look like: their kind, their shape within the kind, their length within the shape, the label that they
begin with, the few values that they repeat. Each of these is evidence as in a naive Bayes classifier (with additive
smoothing), and the likeliest alignment wins; where it is not at least `DECISIVE` times as likely as the next, the row is
ambiguous. Learning is linear in the cells, aligning a row in its cells times the columns.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DECISIVE = 6.0
"""How many times likelier than the next the best alignment must be."""

_SMOOTHING = 0.5
_LENGTH_SMOOTHING = 2.0
"""Lengths vary by chance: few cells say little about them."""

_LABEL_SHARE = 0.6
"""The share of a column's cells that must begin with the same words for these to be its label."""

_LABEL_AGREEMENT = 0.95
"""The share of these that must agree on the next word for it to belong to the label."""

_REPEATED_SHARE = 0.5
"""The share of a column's cells whose value must stand there more than once for values to tell anything."""

_KINDS = 3
_SHAPES_OF_A_KIND = 5
_LENGTHS = 5
"""How many different ones there are, roughly: what an estimate from no cells at all assumes."""

_LABEL_WORDS = 4
_LONGEST_TEXT = 1000
"""How much of a cell is looked at."""

_SHAPES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("number", "integer", re.compile(r"[+-]?[0-9]+")),
    ("number", "hexadecimal", re.compile(r"0[xX][0-9A-Fa-f]+")),
    ("number", "list", re.compile(r"[0-9]+(?:\.[0-9]+)*(?:(?:, ?| |; ?)[0-9]+(?:\.[0-9]+)*)+")),
    ("number", "dotted", re.compile(r"[0-9]+(?:[.-][0-9]+)+")),
    ("number", "no letters", re.compile(r"[\W\d_]+")),
    ("word", "address", re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+|/\S*")),
    ("word", "capitals", re.compile(r"[A-Z][A-Z_]*")),
    ("word", "capitals and digits", re.compile(r"(?=[^0-9]*[0-9])[A-Z0-9]+(?:[-_.][A-Z0-9]+)*")),
    ("word", "small letters", re.compile(r"[a-z]+")),
    ("word", "small letters joined", re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)+")),
    ("word", "capitalised", re.compile(r"[A-Z][a-z]+")),
    ("word", "any other", re.compile(r"\S+")),
    ("text", "sentence", re.compile(r"[\S\s]*[.!?。]")),
    ("text", "phrase", re.compile(r"\S+(?:\s+\S+){0,3}")),
    ("text", "long phrase", re.compile(r"[\S\s]+")),
)
"""Kinds of cells and their shapes, the first that matches: cells of one kind look alike more than those of different kinds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alignment:
    """Which columns the printed cells of a row belong to.

    `columns` and `runner_up` hold one column index (from 0) per cell that is not blank; `runner_up` is None where there is
    only one way. `margin` says how many times likelier the best is than the runner-up, as a natural logarithm.
    `ambiguous` means that the cells do not decide it.
    """

    columns: tuple[int, ...]
    runner_up: tuple[int, ...] | None
    margin: float
    ambiguous: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    """What the cells of one column look like: how many there are, and how many have each feature."""

    cells: int
    kinds: Counter[str]
    shapes: Counter[tuple[str, str]]
    lengths: Counter[tuple[str, str, int]]
    labelled: tuple[int, ...]
    repeating: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profiles:
    """What the columns of one table look like; `labels` and `values` are what a column's cells begin with or repeat."""

    columns: tuple[_Column, ...]
    labels: tuple[str, ...]
    values: tuple[frozenset[str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """The features of one cell: `labels` and `values` tell per column whether it bears that column's label or values."""

    kind: str
    shape: tuple[str, str]
    length: tuple[str, str, int]
    labels: tuple[bool, ...]
    values: tuple[bool, ...]


def learn_columns(rows: Iterable[Sequence[str]], *, width: int) -> Profiles:
    """What each of the `width` columns looks like, learnt from those of the rows that are complete and have no blank cell."""
    complete = [tuple(cell[:_LONGEST_TEXT].strip() for cell in row) for row in rows if len(row) == width]
    complete = [row for row in complete if all(row)]
    columns = tuple(zip(*complete, strict=True)) if complete else ((),) * width
    labels = tuple(map(_find_label, columns))
    values = tuple(map(_find_repeated, columns))
    looks = [[_look_at(cell, labels, values) for cell in column] for column in columns]
    return Profiles(
        columns=tuple(
            _Column(
                cells=len(column),
                kinds=Counter(look.kind for look in column),
                shapes=Counter(look.shape for look in column),
                lengths=Counter(look.length for look in column),
                labelled=_count_marks([look.labels for look in column], number, seen_first=1, width=width),
                repeating=_count_marks([look.values for look in column], number, seen_first=len(values[number]), width=width),
            )
            for number, column in enumerate(looks)
        ),
        labels=labels,
        values=values,
    )


def realign(profiles: Profiles, cells: Sequence[str]) -> Alignment:
    """The columns of a row's printed cells, blank ones left out. Raises ValueError where they are more than the columns."""
    printed = [cell[:_LONGEST_TEXT].strip() for cell in cells if cell.strip()]
    width = len(profiles.columns)
    if len(printed) > width:
        raise ValueError(f"{len(printed)} cells for {width} columns")
    looks = (_look_at(cell, profiles.labels, profiles.values) for cell in printed)
    scores = [[_score(profiles, column, look) for column in range(width)] for look in looks]
    best, *others = _find_alignments(scores, width)
    if not others:
        return Alignment(columns=best[1], runner_up=None, margin=math.inf, ambiguous=False)
    margin = best[0] - others[0][0]
    return Alignment(columns=best[1], runner_up=others[0][1], margin=margin, ambiguous=margin < math.log(DECISIVE))


def _find_alignments(scores: Sequence[Sequence[float]], width: int) -> list[tuple[float, tuple[int, ...]]]:
    """The two likeliest ways to place the cells from left to right (one where there is only one), best first.

    `ways[n]` holds the best two ways to place the first n cells in the columns seen so far.
    """
    ways: list[list[tuple[float, tuple[int, ...]]]] = [[(0.0, ())], *([] for _ in scores)]
    for column in range(width):
        for count in range(min(column + 1, len(scores)), 0, -1):
            placed = [(total + scores[count - 1][column], (*way, column)) for total, way in ways[count - 1]]
            ways[count] = sorted([*ways[count], *placed], key=lambda way: -way[0])[:2]
    return ways[len(scores)]


def _score(profiles: Profiles, number: int, look: _Look) -> float:
    """The logarithm of how likely a cell of column `number` looks like this."""
    column = profiles.columns[number]
    of_kind, of_shape = column.kinds[look.kind], column.shapes[look.shape]
    score = _estimate(of_kind, column.cells, _KINDS)
    score += _estimate(of_shape, of_kind, _SHAPES_OF_A_KIND)
    score += _estimate(column.lengths[look.length], of_shape, _LENGTHS, _LENGTH_SMOOTHING)
    for marks, counts in ((look.labels, column.labelled), (look.values, column.repeating)):
        for has_mark, count in zip(marks, counts, strict=True):
            if has_mark:  # a cell without it may be a new value: that tells nothing
                score += _estimate(count, column.cells, 2)
    return score


def _estimate(count: int, total: int, kinds: int, smoothing: float = _SMOOTHING) -> float:
    return math.log((count + smoothing) / (total + kinds * smoothing))


def _count_marks(marks: Sequence[tuple[bool, ...]], own: int, *, seen_first: int, width: int) -> tuple[int, ...]:
    """How many of a column's cells bear each column's label or values.

    A column's own mark was found in these very cells, so that all of them bear it would prove nothing: those that showed
    it first (`seen_first`) do not count.
    """
    counts = [sum(mark[number] for mark in marks) for number in range(width)]
    counts[own] = max(counts[own] - seen_first, 0)
    return tuple(counts)


def _look_at(cell: str, labels: Sequence[str], values: Sequence[frozenset[str]]) -> _Look:
    kind, shape = next((kind, shape) for kind, shape, pattern in _SHAPES if pattern.fullmatch(cell) is not None)
    return _Look(
        kind=kind,
        shape=(kind, shape),
        length=(kind, shape, len(cell).bit_length()),
        labels=tuple(bool(label) and cell.startswith(label) for label in labels),
        values=tuple(cell in known for known in values),
    )


def _find_label(cells: Sequence[str]) -> str:
    """The words, but not whole cells, that most of the cells begin with: no longer than nearly all of these agree on."""
    label = ""
    agreeing = _LABEL_SHARE * len(cells)
    for words in range(1, _LABEL_WORDS + 1):
        splits = (cell.split(" ", words) for cell in cells)
        starts = Counter(" ".join(split[:words]) for split in splits if len(split) > words)
        start, times = starts.most_common(1)[0] if starts else ("", 0)
        if times < max(agreeing, 2) or not start.startswith(label):
            break
        label, agreeing = start, _LABEL_AGREEMENT * times
    return label


def _find_repeated(cells: Sequence[str]) -> frozenset[str]:
    """The values that stand in the column more than once, where these fill at least half of it."""
    repeated = {cell: times for cell, times in Counter(cells).items() if times > 1}
    return frozenset(repeated) if sum(repeated.values()) >= _REPEATED_SHARE * len(cells) else frozenset()
