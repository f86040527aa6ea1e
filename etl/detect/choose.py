"""Which of the candidates are taken: those that document codes, each line once, each code's fullest description.

Two readings may hold the same lines (a list of codes that is also a table of fixed width), and a page may present the
same codes twice (an index above, a section for each below). The reading that says more wins.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from etl.detect.candidates import Candidate
from etl.detect.shapes import count_words
from etl.detect.siblings import find_siblings
from etl.detect.weigh import NEEDED
from etl.extract import TEXT_LAYOUTS
from etl.model import Options, Row

_SAME_CODES = 0.8
"""The share of its codes that another candidate must hold for one to be an index of the other."""

OVERLAPPED = "another reading of the same lines says more"
INDEX = "the same codes are described elsewhere on the page at more length"

_SOME_WORDS = 2.5
"""So many words beside a code and its name tell what it means."""

_LONG = 8
_MANY = 200
"""Of the tables that hold a code, so many are looked at: one that stands in more tells nothing about any of them."""
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
    siblings = [
        candidate for candidate in find_siblings(taken, [one for one, _ in left_out if one.weighed.weight < needed], needed)
        if not lines.overlap(candidate)
    ]  # fmt: skip
    for candidate in siblings:
        lines.add(candidate)
        supported = candidate.weighed.plus(max(0.0, NEEDED - candidate.weighed.weight), "a list of just the same form is taken")
        taken.append(replace(candidate, weighed=supported))
    found = set(map(id, siblings))
    left_out = [pair for pair in left_out if id(pair[0]) not in found]
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
        self._bits: dict[tuple[str, Options], int] = {}
        self._taken: dict[int, int] = {}
        self._codes: set[str] = set()

    def _bit_of(self, candidate: Candidate) -> int:
        """The reading of a candidate as a bit, since there are many lines and few readings."""
        return self._bits.setdefault((candidate.table.layout, candidate.options), 1 << len(self._bits))

    def overlap(self, candidate: Candidate) -> bool:
        """Whether a tenth of the rows or more touches lines that another reading has taken.

        On a page without line ends all tables stand on the same lines: there the codes must be the same, too.
        """
        others, taken = ~self._bit_of(candidate), self._taken
        touching = [row for row in candidate.rows if any(taken.get(line, 0) & others for line in _lines_of(row))]
        if len(touching) * 10 < len(candidate.rows) or not touching:
            return False
        if len({row.line_start for row in candidate.rows}) * 2 >= len(candidate.rows):
            return True
        place = candidate.code_place
        return place is None or any(text in self._codes for text in candidate.texts(place))

    def add(self, candidate: Candidate) -> None:
        """Take the lines of a candidate's rows."""
        own, taken = self._bit_of(candidate), self._taken
        for row in candidate.rows:
            for line in _lines_of(row):
                taken[line] = taken.get(line, 0) | own
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
    columns = [candidate.texts(number) for number in range(len(candidate.roles))]
    names = [role.role for role in candidate.roles]
    roles = [role.role for role in candidate.roles if role.role in _TEXTS]
    named = candidate.roles[place].split is not None
    for number, code in enumerate(columns[place]):
        told += 1.0 if code else 0.3
        texts = {role for role, cells in zip(names, columns, strict=True) if cells[number]}
        told += 0.3 * ("name" in texts or named)
        told += 0.5 * min(2, len(texts & _TEXTS))
        told += 0.2 * ("http_status" in texts)
        # A text cut in two says no more than the whole.
        told -= 0.2 * (len(roles) - len(set(roles)))
    return told * (0.5 + min(candidate.weighed.weight, 9.0) / 9.0)


def _drop_indexes(taken: Sequence[Candidate], left_out: list[tuple[Candidate, str]]) -> list[Candidate]:
    """The candidates without those that only list codes which another one describes."""
    descriptions = _Descriptions(taken)
    repeats = _Repeats()
    kept: list[Candidate] = []
    for candidate in taken:
        if descriptions.are_fuller(candidate) or repeats.hold(candidate):
            left_out.append((candidate, INDEX))
        else:
            repeats.add(candidate)
            kept.append(candidate)
    return kept


_Form = tuple[str, tuple[str, ...]]
_Codes = tuple[frozenset[str], frozenset[str]]


class _Descriptions:
    """Which codes and names are told of in which form, and at what length. Candidates that tell of the same are looked at together."""

    def __init__(self, taken: Sequence[Candidate]) -> None:
        self._words: dict[tuple[_Form, _Codes], float] = {}
        for candidate in taken:
            told = _form(candidate), _codes(candidate)
            self._words[told] = max(self._words.get(told, 0.0), _words(candidate))
        self._told_in: dict[str, list[tuple[_Form, _Codes]]] = defaultdict(list)
        self._numbered_in: dict[str, set[_Form]] = defaultdict(set)
        for (form, (codes, names)), words in self._words.items():
            for text in codes | names:
                self._told_in[text].append((form, (codes, names)))
            for name in names if words >= _SOME_WORDS else ():
                self._numbered_in[name].add(form)
        self._symbols: Counter[_Form] = Counter()
        for form, (codes, names) in self._words:
            self._symbols[form] += len(names or codes)
        self._fuller: dict[tuple[_Form, _Codes], float] = {}

    def are_fuller(self, candidate: Candidate) -> bool:
        """Whether another form tells of most of the candidate's codes, or names, at more length, or with their numbers, too."""
        told = _form(candidate), _codes(candidate)
        if told not in self._fuller:
            numbered = self._find_numbered(*told) - {told[0]}
            self._fuller[told] = math.inf if numbered else self._find_longest(*told)
        return self._fuller[told] > 1.5 * _words(candidate)

    def _find_numbered(self, form: _Form, told: _Codes) -> set[_Form]:
        """The forms that tell symbols, which are the codes here, as the names of numbers, with texts beside them."""
        codes, names = told
        if names:
            return set()
        shared = Counter(other for text in codes for other in itertools.islice(self._numbered_in.get(text, ()), _MANY))
        # A few of many symbols say what they mean in one special case.
        own = self._symbols[form]
        return {other for other, count in shared.items() if count >= _SAME_CODES * len(codes) and 2 * own >= self._symbols[other]}

    def _find_longest(self, form: _Form, told: _Codes) -> float:
        """The most words that other forms have for a row; those that lack the numbers which this one has do not count."""
        longest = 0.0
        for own in told:
            shared = Counter(other for text in own for other in self._told_in[text][:_MANY] if other[0] != form)
            for other, count in shared.items():
                if count >= _SAME_CODES * len(own) and self._words[other] > longest and form not in self._find_numbered(*other):
                    longest = self._words[other]
        return longest


class _Repeats:
    """Finds a long list of bare text that says once more what another of its form says, in another order."""

    def __init__(self) -> None:
        self._lists = 0
        self._rows: dict[tuple[_Form, tuple[str, ...]], list[int]] = defaultdict(list)

    def hold(self, candidate: Candidate) -> bool:
        """Whether one of the lists that were added says what the candidate says."""
        shared = Counter(one for row in self._rows_of(candidate) for one in self._rows.get(row, ())[:_MANY])
        return any(count >= _SAME_CODES * len(candidate.rows) for count in shared.values())

    def add(self, candidate: Candidate) -> None:
        """Know the candidate from now on."""
        self._lists += 1
        for row in {*self._rows_of(candidate)}:
            self._rows[row].append(self._lists)

    def _rows_of(self, candidate: Candidate) -> list[tuple[_Form, tuple[str, ...]]]:
        if candidate.table.layout not in TEXT_LAYOUTS or len(candidate.rows) < _LONG:
            return []
        form = _form(candidate)
        return [(form, tuple(cell.text for cell in row.cells)) for row in candidate.rows]


def _form(candidate: Candidate) -> _Form:
    return candidate.table.layout, candidate.heads


def _codes(candidate: Candidate) -> _Codes:
    """The codes and the names of a candidate: a name here may be the code there."""
    codes, names = (
        frozenset(
            text.casefold().rstrip("()") for number, role in enumerate(candidate.roles) if role.role == wanted
            for text in candidate.texts(number) if text
        )
        for wanted in ("code", "name")
    )  # fmt: skip
    return codes, names


def _words(candidate: Candidate) -> float:
    """The words that a row has on average beside its code and name."""
    texts = [text for number, role in enumerate(candidate.roles) if role.role in _TEXTS for text in candidate.texts(number)]
    return sum(map(count_words, texts)) / max(1, len(candidate.rows))
