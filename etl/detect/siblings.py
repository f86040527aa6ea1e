"""Lists of just the same form as one that is taken: they are one list, cut up by headings.

    Errors:
    ENOVAR | D | No mutation given.         taken: its texts speak of failure
    Warnings:
    WROLL  | D | The position is ambiguous. hardly any of these does, but they are set like the errors

Tables with heads are no such lists: equal heads stand over different things (`Name | Description`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from etl.detect.candidates import SUPPORT, Candidate
from etl.detect.shapes import profile_cells
from etl.detect.vocabulary import is_about

_LACKING = {"series": 3.5, "numbers": 2.0, "symbols": 1.75}
"""So much less than the needed a sibling may weigh by itself: what its codes look like tells the more, the fewer things look so."""

_FEWEST_TAKEN = 0.25
"""The share of the rows of a form that must stand in lists that are taken for themselves."""

_ALIKE = 0.8
_COUNTING = frozenset({"9", "99"})
"""Small numbers stand before all kinds of entries."""

_LOOKED_AT = 200
_LEAD = re.compile(r"[A-Za-z]{2,}(?=[-_.]?[0-9])")
"""The letters before the digits of codes."""

_Form = tuple[object, ...]


def find_siblings(taken: Sequence[Candidate], others: Sequence[Candidate], needed: float) -> list[Candidate]:
    """Those of `others` that are of one form with lists that are taken, and do not lack much of the `needed` weight."""
    forms: dict[_Form, list[Candidate]] = defaultdict(list)
    for candidate in taken:
        if _is_list(candidate):
            forms[_form_of(candidate)].append(candidate)
    codes = {form: _Codes.of(members) for form, members in forms.items()}
    left: dict[_Form, list[Candidate]] = defaultdict(list)
    for candidate in others:
        form = _form_of(candidate)
        if form in forms and _is_list(candidate) and _fits(candidate, codes[form], needed):
            left[form].append(candidate)
    return [
        candidate
        for form, members in left.items() if _count_rows(forms[form]) >= _FEWEST_TAKEN * (_count_rows(forms[form]) + _count_rows(members))
        for candidate in members
    ]  # fmt: skip


def _is_list(candidate: Candidate) -> bool:
    """Whether nothing but its codes opens its entries: heads over them would be our names for their parts."""
    has_heads = candidate.options.item is None and (candidate.header_row or bool(candidate.table.header))
    return candidate.code_place is not None and bool(candidate.rows) and not has_heads


def _form_of(candidate: Candidate) -> _Form:
    return candidate.table.layout, candidate.options, len(candidate.heads), candidate.code_place


@dataclass(frozen=True, kw_only=True, slots=True)
class _Codes:
    """The codes of the lists of one form that are taken, and what they look like."""

    known: frozenset[str]
    patterns: frozenset[str]

    @staticmethod
    def of(taken: Sequence[Candidate]) -> _Codes:
        known = frozenset(_codes_of(taken))
        return _Codes(known=known, patterns=frozenset(pattern for code in known for pattern in _generalize(code)) - _COUNTING)


def _fits(candidate: Candidate, taken: _Codes, needed: float) -> bool:
    """Whether its codes look like those of the lists that are taken and are others, and weight and heading do not speak against it."""
    own = _codes_of([candidate])
    alike = sum(not taken.patterns.isdisjoint(_generalize(code)) for code in own)
    if not own or alike < _ALIKE * len(own) or sum(code in taken.known for code in own) * 2 > len(own):
        return False
    kind = "series" if profile_cells(own).share("series") >= _ALIKE else "numbers" if profile_cells(own).coded >= _ALIKE else "symbols"
    if candidate.weighed.without(SUPPORT) < needed - _LACKING[kind]:
        return False
    return kind == "series" or not is_about("other_topic", candidate.table.section)


def _codes_of(candidates: Sequence[Candidate]) -> list[str]:
    return [text for one in candidates if one.code_place is not None for text in one.texts(one.code_place)[:_LOOKED_AT] if text]


def _generalize(code: str) -> tuple[str, ...]:
    """What codes like this one share: runs of digits, capitals and small letters (`LG0L1` is `A9A9`, `401` is `999`), and first letters."""
    if not any(map(str.isalpha, code)):
        return (re.sub(r"[0-9]", "9", code),)
    runs = re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"[0-9]+", "9", code)))
    lead = _LEAD.match(code)
    return (runs,) if lead is None else (runs, f"{lead[0]}…")


def _count_rows(candidates: Sequence[Candidate]) -> int:
    return sum(len(candidate.rows) for candidate in candidates)
