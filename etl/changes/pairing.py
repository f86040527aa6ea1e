"""Which record of the old version is which record of the new one, before anything is called added or withdrawn (pure).

In this order, each step among what the earlier ones left:

1. the same code; records that share a code are told apart by name, section and most similar text
2. the same name and the same text under another code, or without any code
3. the same name, which no other record bears; where the code changed, with a similar text
4. the most similar text: without codes, similar enough; where the code changed, nearly the same and not nearly as near to
   any other record, because pages are full of messages that differ in one word ("Invalid start date", "Invalid end date")

Where the code changed, texts of a few words or with other numbers in them are no evidence unless they are the same.

Similarity is rapidfuzz's `ratio`, the share of characters in common, and is only computed among the few records left over;
beyond MOST_COMPARISONS it is not computed and those records stay unpaired.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etl.text import collapse

MOST_COMPARISONS = 4_000_000

# Out of 100. Measured on real updates: two records of one page are 33 alike in the middle, 95 of 100 pairs below 50 (on one
# page 60); a reworded record stays 92 and more alike in the middle, above 60 but for a few, which their code or name pairs.
_SAME_CODE = 50.0
_SAME_NAME = 75.0
_NO_CODE = 60.0
_OTHER_CODE = 90.0
_MARGIN = 5.0
_FEWEST_WORDS = 5

_Key = Callable[["_Record"], Hashable | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    """What a record is recognised by. `text` is what the document says of the code, `words` has its name and type as well."""

    place: int
    code: str | None
    name: str | None
    section: str | None
    text: str
    words: str


def pair_records(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Places (0-based) in `old` and in `new` that hold the same record; each place stands in one pair at most."""
    return _Pairing(old, new).run()


class _Pairing:
    """The state of one comparison: what is not paired yet, and the pairs found."""

    def __init__(self, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> None:
        self.old = {place: _recognise(place, row) for place, row in enumerate(old)}
        self.new = {place: _recognise(place, row) for place, row in enumerate(new)}
        self.old_rest, self.new_rest = dict(self.old), dict(self.new)
        self.pairs: list[tuple[int, int]] = []

    def run(self) -> list[tuple[int, int]]:
        self._pair_by_code()
        for key in (_by_name_text_and_section, _by_name_and_text):
            self._pair_equal(self.old_rest.values(), self.new_rest.values(), key)
        self._pair_by_unique_name()
        self._pair_codeless_by_text()
        self._pair_renumbered_by_text()
        return sorted(self.pairs)

    def _take(self, old: _Record, new: _Record) -> None:
        self.pairs.append((old.place, new.place))
        del self.old_rest[old.place], self.new_rest[new.place]

    def _pair_equal(self, old: Iterable[_Record], new: Iterable[_Record], key: _Key) -> None:
        """Pairs records of equal key in document order; a key of None is none."""
        waiting = {value: iter(records) for value, records in _group(new, key).items()}
        for record in list(old):
            same = next(waiting.get(key(record), iter(())), None)
            if same is not None:
                self._take(record, same)

    def _pair_similar(self, old: Iterable[_Record], new: Iterable[_Record], least: float) -> None:
        """Pairs records by their words, the most similar first, as far as they are at least `least` alike."""
        olds, news = list(old), list(new)
        if len(olds) * len(news) > MOST_COMPARISONS:
            return
        words = [record.words for record in news]
        found = [(-score, i, j) for i, record in enumerate(olds) for score, j in _find_similar(record.words, words, least)]
        for _, i, j in sorted(found):
            if olds[i].place in self.old_rest and news[j].place in self.new_rest:
                self._take(olds[i], news[j])

    def _pair_by_code(self) -> None:
        old_groups, new_groups = _group(self.old_rest.values(), _by_code), _group(self.new_rest.values(), _by_code)
        for code, olds in old_groups.items():
            news = new_groups.get(code, [])
            if len(olds) == len(news) == 1:
                self._take(olds[0], news[0])
            elif news:
                self._pair_within_code(olds, news)

    def _pair_within_code(self, olds: list[_Record], news: list[_Record]) -> None:
        for key in (_by_name_text_and_section, _by_name_and_text, _by_text_and_section, _by_text):
            self._pair_equal(self._left(olds, self.old_rest), self._left(news, self.new_rest), key)
        for key, least in ((_by_name, 0.0), (_by_section, _SAME_CODE), (_by_code, _SAME_CODE)):
            old_groups, new_groups = (
                _group(self._left(records, rest), key) for records, rest in ((olds, self.old_rest), (news, self.new_rest))
            )
            for value, members in old_groups.items():
                self._pair_similar(members, new_groups.get(value, []), least)

    @staticmethod
    def _left(records: list[_Record], rest: dict[int, _Record]) -> list[_Record]:
        return [record for record in records if record.place in rest]

    def _pair_by_unique_name(self) -> None:
        old_names, new_names = (Counter(record.name for record in records.values()) for records in (self.old, self.new))
        news = {record.name: record for record in self.new_rest.values()}
        for record in list(self.old_rest.values()):
            other = news.get(record.name)
            if record.name is None or other is None or old_names[record.name] != 1 or new_names[record.name] != 1:
                continue
            alike = _tells_the_same(record.text, other.text) and _find_similar(record.text, [other.text], _SAME_NAME)
            if record.code is None or other.code is None or alike:
                self._take(record, other)

    def _pair_codeless_by_text(self) -> None:
        olds, news = ([record for record in rest.values() if record.code is None] for rest in (self.old_rest, self.new_rest))
        self._pair_similar(olds, news, _NO_CODE)

    def _pair_renumbered_by_text(self) -> None:
        olds, news = list(self.old_rest.values()), list(self.new_rest.values())
        if len(olds) * len(news) > MOST_COMPARISONS:
            return
        texts = [record.text for record in news]
        found = sorted(
            (-score, i, j)
            for i, record in enumerate(olds)
            for score, j in _find_similar(record.text, texts, _OTHER_CODE)
            if _tells_the_same(record.text, texts[j])
        )
        nearest = {j: (i, -negative) for negative, i, j in reversed(found)}
        old_texts, new_texts = (Counter(record.text for record in records.values()) for records in (self.old, self.new))
        known = list({**old_texts, **new_texts})
        for j, (i, score) in list(nearest.items())[: MOST_COMPARISONS // max(len(known), 1)]:
            counterpart = {olds[i].text, texts[j]}
            alone = all(known[place] in counterpart for _, place in _find_similar(texts[j], known, score - _MARGIN))
            if alone and old_texts[olds[i].text] == new_texts[texts[j]] == 1 and olds[i].place in self.old_rest:
                self._take(olds[i], news[j])


def _tells_the_same(old: str, new: str) -> bool:
    """Whether two similar texts are so beyond chance: both of some length, and with the same numbers in them."""
    return min(len(old.split()), len(new.split())) >= _FEWEST_WORDS and _numbers(old) == _numbers(new)


def _recognise(place: int, row: Mapping[str, Any]) -> _Record:
    name, kind, *texts = (collapse(row.get(field) or "") for field in ("name", "error_type", "message", "description", "resolution"))
    return _Record(
        place=place,
        code=row.get("code"),
        name=name or None,
        section=row.get("section"),
        text="\n".join(text for text in texts if text),
        words="\n".join(text for text in (name, kind, *texts) if text),
    )


def _by_code(record: _Record) -> Hashable | None:
    return record.code


def _by_name(record: _Record) -> Hashable | None:
    return record.name


def _by_section(record: _Record) -> Hashable | None:
    return record.section


def _by_text(record: _Record) -> Hashable | None:
    return record.text or None


def _by_text_and_section(record: _Record) -> Hashable | None:
    return (record.text, record.section) if record.text else None


def _by_name_and_text(record: _Record) -> Hashable | None:
    return (record.name, record.text) if record.name is not None or record.text else None


def _by_name_text_and_section(record: _Record) -> Hashable | None:
    return (record.name, record.text, record.section) if record.name is not None or record.text else None


def _group(records: Iterable[_Record], key: _Key) -> dict[Hashable | None, list[_Record]]:
    grouped: dict[Hashable | None, list[_Record]] = {}
    for record in records:
        value = key(record)
        if value is not None:
            grouped.setdefault(value, []).append(record)
    return grouped


def _find_similar(text: str, others: Sequence[str], least: float) -> list[tuple[float, int]]:
    """Score and place of all `others` at least `least` (0–100) alike; an empty text is like nothing."""
    from rapidfuzz import fuzz, process

    if not text:
        return []
    found = process.extract(text, others, scorer=fuzz.ratio, score_cutoff=least, limit=None)
    return [(score, place) for other, score, place in found if other]


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"[0-9]+", text))
