"""Which of the candidates are taken: those that document codes, each line once, each code's fullest description.

Two readings may hold the same lines (a list of codes that is also a table of fixed width), and a page may present the
same codes twice (an index above, a section for each below). The reading that says more wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.detect.candidates import Candidate
from etl.detect.shapes import count_words
from etl.detect.weigh import NEEDED
from etl.extract import TEXT_LAYOUTS
from etl.model import Options, Row

_SAME_CODES = 0.8
"""The share of its codes that another candidate must hold for one to be an index of the other."""

OVERLAPPED = "another reading of the same lines says more"
INDEX = "the same codes are described elsewhere on the page at more length"

_LONG = 8
_MOST_LINES = 200
"""Of a row that stands on more lines, so many are looked at."""

_TEXTS = frozenset({"message", "description", "resolution"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The candidates that are taken, in document order, and the others with the reason why not."""

    taken: tuple[Candidate, ...]
    left_out: tuple[tuple[Candidate, str], ...]


def choose(readings: Iterable[Sequence[Candidate]], *, needed: float = NEEDED) -> Choice:
    """Take the best candidates that do not overlap, of those that weigh what is `needed`."""
    left_out: list[tuple[Candidate, str]] = []
    fit: list[tuple[float, float, Candidate]] = []
    for reading in readings:
        gains = {id(candidate): _gain(candidate) for candidate in reading if candidate.weighed.weight >= needed and candidate.rows}
        # What reads more of the page comes first, so that no other reading takes pieces out of it.
        total = sum(gains.values())
        for candidate in reading:
            if id(candidate) in gains:
                fit.append((total, gains[id(candidate)], candidate))
            else:
                left_out.append((candidate, candidate.weighed.reason or "no rows"))
    fit.sort(key=lambda one: (-round(one[0], 3), -round(one[1], 3), one[2].table.line_start))
    taken: list[Candidate] = []
    lines = _Lines()
    for _, _, candidate in fit:
        if lines.overlap(candidate):
            left_out.append((candidate, OVERLAPPED))
        else:
            lines.add(candidate)
            taken.append(candidate)
    taken = _drop_indexes(taken, left_out)
    left_out = [
        (candidate, OVERLAPPED if why != INDEX and lines.overlap(candidate) else why)
        for candidate, why in left_out
    ]  # fmt: skip
    taken.sort(key=lambda candidate: candidate.table.line_start)
    left_out.sort(key=lambda pair: pair[0].table.line_start)
    return Choice(taken=tuple(taken), left_out=tuple(left_out))


class _Lines:
    """Lines of the document that are taken, and by which reading: tables of one reading never hold the same."""

    def __init__(self) -> None:
        self._taken: dict[int, set[tuple[str, Options]]] = {}
        self._codes: set[str] = set()

    def overlap(self, candidate: Candidate) -> bool:
        """Whether a tenth of the rows or more touches lines that another reading has taken.

        On a page without line ends all tables stand on the same lines: there the codes must be the same, too.
        """
        own = (candidate.table.layout, candidate.options)
        touching = [row for row in candidate.rows if any(self._taken.get(line, set()) - {own} for line in _lines_of(row))]
        if len(touching) * 10 < len(candidate.rows) or not touching:
            return False
        if len({row.line_start for row in candidate.rows}) * 2 >= len(candidate.rows):
            return True
        place = candidate.code_place
        return place is None or any(text in self._codes for text in candidate.texts(place))

    def add(self, candidate: Candidate) -> None:
        """Take the lines of a candidate's rows."""
        own = (candidate.table.layout, candidate.options)
        for row in candidate.rows:
            for line in _lines_of(row):
                self._taken.setdefault(line, set()).add(own)
        if candidate.code_place is not None:
            self._codes.update(filter(None, candidate.texts(candidate.code_place)))


def _lines_of(row: Row) -> range:
    return range(row.line_start, min(row.line_end, row.line_start + _MOST_LINES) + 1)


def _gain(candidate: Candidate) -> float:
    """How much a candidate tells: rows with a code, and what stands beside the codes."""
    place = candidate.code_place
    if place is None:
        return 0.0
    told = 0.0
    columns = [(role, candidate.texts(number)) for number, role in enumerate(candidate.roles)]
    roles = [role.role for role in candidate.roles if role.role in _TEXTS]
    for number in range(len(candidate.rows)):
        code = columns[place][1][number]
        told += 1.0 if code else 0.3
        texts = {role.role for role, cells in columns if cells[number]}
        told += 0.3 * ("name" in texts or candidate.roles[place].split is not None)
        told += 0.5 * min(2, sum(role in _TEXTS for role in texts))
        told += 0.2 * ("http_status" in texts)
        # A text cut in two says no more than the whole.
        told -= 0.2 * (len(roles) - len(set(roles)))
    return told * (0.5 + min(candidate.weighed.weight, 9.0) / 9.0)


def _drop_indexes(taken: Sequence[Candidate], left_out: list[tuple[Candidate, str]]) -> list[Candidate]:
    """The candidates without those that only list codes which another one describes."""
    codes = [_codes(candidate) for candidate in taken]
    words = [_words(candidate) for candidate in taken]
    kept: list[Candidate] = []
    for number, candidate in enumerate(taken):
        fuller = next(
            (
                other for other in range(len(taken))
                if other != number
                and _form(taken[other]) != _form(candidate)
                and _is_within(codes[number], codes[other])
                and words[other] > 1.5 * words[number]
            ),
            None,
        )  # fmt: skip
        if fuller is None and not any(_repeats(candidate, other) for other in kept):
            kept.append(candidate)
        else:
            left_out.append((candidate, INDEX))
    return kept


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    """Whether a long list of bare text says once more what another of its form says, in another order."""
    if candidate.table.layout not in TEXT_LAYOUTS or len(candidate.rows) < _LONG or _form(candidate) != _form(other):
        return False
    told = {tuple(cell.text for cell in row.cells) for row in other.rows}
    again = sum(tuple(cell.text for cell in row.cells) in told for row in candidate.rows)
    return again >= _SAME_CODES * len(candidate.rows)


def _form(candidate: Candidate) -> tuple[str, tuple[str, ...]]:
    return candidate.table.layout, candidate.heads


def _codes(candidate: Candidate) -> tuple[frozenset[str], frozenset[str]]:
    """The codes and the names of a candidate: a name here may be the code there."""
    codes, names = (
        frozenset(
            text.casefold().rstrip("()") for number, role in enumerate(candidate.roles) if role.role == wanted
            for text in candidate.texts(number) if text
        )
        for wanted in ("code", "name")
    )  # fmt: skip
    return codes, names


def _is_within(these: tuple[frozenset[str], frozenset[str]], those: tuple[frozenset[str], frozenset[str]]) -> bool:
    """Whether most of the codes, or of the names, of one candidate are codes or names of another."""
    known = those[0] | those[1]
    return any(own and len(own & known) >= _SAME_CODES * len(own) for own in these)


def _words(candidate: Candidate) -> float:
    """The words that a row has on average beside its code and name."""
    texts = [text for number, role in enumerate(candidate.roles) if role.role in _TEXTS for text in candidate.texts(number)]
    return sum(map(count_words, texts)) / max(1, len(candidate.rows))
