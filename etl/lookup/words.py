"""Rank records by the words of a search, typing errors forgiven: `unsuported grant typ` finds "Unsupported grant type."

Each word that is asked for counts by how rare it is in the catalogue and by how well the record's best word fits it. Words
with digits must be there exactly, because the next code is another code. Scripts without spaces are read by the character.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Prefix

Row = Mapping[str, Any]

_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_TEXTS = ("name", "error_type", "message", "description", "resolution")
_PLACES = ("code", "source", "vendor", "product", "section")

_LEAST_ALIKE = 75.0
_PREFIX = 0.9
_PLACE = 0.9
_LEAST_COVERED = 0.5
_LEAST_NEAR = 0.6
_MOST_NEAR = 3


def rank_by_words(phrase: str, rows: Sequence[Row]) -> list[tuple[int, float]]:
    """The places of the records that bear at least half of the weight of the words of `phrase`, best first, with scores up to 100."""
    asked = list(dict.fromkeys(_split(phrase)))
    bearers: dict[str, dict[int, float]] = {}
    for at, row in enumerate(rows):
        for fields, weight in ((_PLACES, _PLACE), (_TEXTS, 1.0)):
            for word in _split(" ".join(row[field] for field in fields if row[field] is not None)):
                bearers.setdefault(word, {})[at] = weight
    vocabulary = list(bearers)
    most = math.log(1 + len(rows))
    covered: dict[int, float] = {}
    possible = set(range(len(rows)))
    total = 0.0
    for word in asked:
        best: dict[int, float] = {}
        fits = _find_alike(word, vocabulary)
        for known, fit in fits.items():
            for at, weight in bearers[known].items():
                best[at] = max(best.get(at, 0.0), fit * weight)
        rarity = math.log(1 + len(rows) / len(best)) if best else most
        total += rarity
        if _has_digit(word):
            possible &= best.keys()
        for at, fit in best.items():
            covered[at] = covered.get(at, 0.0) + rarity * fit
    hits = [(at, share / total) for at, share in covered.items() if at in possible and share / total >= _LEAST_COVERED]
    ranked = [(0.8 * share + 0.2 * _closeness(phrase, rows[at]), at) for at, share in hits]
    return [(at, round(100 * score, 1)) for score, at in sorted(ranked, key=lambda pair: (-pair[0], pair[1]))]


def find_near(asked: str, rows: Sequence[Row]) -> tuple[str, ...]:
    """The ids of the few records whose id, code or name is written most like `asked`; none where none is alike."""
    folded = asked.casefold()
    spellings = [(row["id"], row[field].casefold()) for row in rows for field in ("id", "code", "name") if row[field] is not None]
    alike = process.extract(
        folded, [spelling for _, spelling in spellings], scorer=OSA.normalized_similarity, score_cutoff=_LEAST_NEAR, limit=10 * _MOST_NEAR
    )
    alike.sort(key=lambda found: (-found[1], -Prefix.similarity(folded, found[0]), found[2]))
    return tuple(dict.fromkeys(spellings[at][0] for _, _, at in alike))[:_MOST_NEAR]


def _split(text: str) -> list[str]:
    """The words of `text` without case; symbols give their parts and, so that they are found whole, themselves."""
    words: list[str] = []
    for word in _WORD.findall(text):
        parts = _CAMEL.split(word)
        words += (part.casefold() for part in parts)
        if len(parts) > 1:
            words.append(word.casefold())
    return words


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _find_alike(word: str, vocabulary: Sequence[str]) -> dict[str, float]:
    """The words of the vocabulary that `word` may mean, each with how well it fits, up to 1."""
    if _has_digit(word) or len(word) < 3:
        return {known: 1.0 for known in vocabulary if known == word}
    fits = {known: _PREFIX for known in vocabulary if known.startswith(word)}
    for known, score, _ in process.extract(word, vocabulary, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE, limit=None):
        fits[known] = max(fits.get(known, 0.0), 1.0 if known == word else _PREFIX * score / 100)
    return fits


def _closeness(phrase: str, row: Row) -> float:
    """How much the record's best text is like the whole phrase, up to 1."""
    texts = (row[field].casefold() for field in _TEXTS if row[field] is not None)
    return max((fuzz.token_sort_ratio(phrase.casefold(), text) for text in texts), default=0.0) / 100
