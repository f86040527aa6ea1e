"""All templates at once: each stands under the rarest of its words, so that nearly every line is passed over unread (pure)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from etl.match.templates import FEW_WORDS, Template, read_templates

Row = Mapping[str, Any]
Key = TypeVar("Key")


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A template and the records (by place) that bear it, each with the template as it prints it: with its own names of parameters."""

    template: Template
    bearers: tuple[tuple[int, Template], ...]


class WordIndex(Generic[Key]):
    """Keys under that of their words that the fewest keys have, a long one rather than a short one. Those without words are nowhere."""

    def __init__(self, words: Mapping[Key, Collection[str]]) -> None:
        counts: dict[str, int] = defaultdict(int)
        for found in words.values():
            for word in set(found):
                counts[word] += 1
        self._by_word: dict[str, list[tuple[Key, frozenset[str]]]] = defaultdict(list)
        for key, found in words.items():
            if found:
                self._by_word[min(found, key=lambda word: (counts[word], -len(word), word))].append((key, frozenset(found)))

    def find_needles(self, words: Set[str]) -> set[str]:
        """The words one of which stands in every line that has all words of a key, where `words` are those of all lines together."""
        return {word for word in words & self._by_word.keys() if any(needed <= words for _, needed in self._by_word[word])}

    def find(self, words: Set[str]) -> list[Key]:
        """The keys all of whose words are among `words`."""
        return [key for word in words & self._by_word.keys() for key, needed in self._by_word[word] if needed <= words]


class TemplateIndex:
    """The templates of the messages of `rows`. Those of fewer than FEW_WORDS are left out unless `few` are wanted too."""

    def __init__(self, rows: Sequence[Row], syntaxes: Mapping[str, Sequence[str]], *, few: bool) -> None:
        bearers: dict[tuple[str, ...], list[tuple[int, Template]]] = defaultdict(list)
        for place, row in enumerate(rows):
            if row["message"] is not None:
                for template in read_templates(row["message"], syntaxes[row["source"]], editorial="editorial_text" in row["flags"]):
                    if few or template.word_count >= FEW_WORDS:
                        bearers[template.literals].append((place, template))
        known = [Known(template=found[0][1], bearers=tuple(found)) for found in bearers.values()]
        self._by_words = WordIndex({entry: entry.template.words for entry in known})
        self._wordless = [entry for entry in known if not entry.template.words]
        self.wordless_lines = _find_by_ends([entry.template for entry in self._wordless])
        self.is_ascii = all(entry.template.text.isascii() for entry in known)

    def find_needles(self, words: Set[str]) -> set[str]:
        """As WordIndex.find_needles; lines that show a template without words are found by `wordless_lines`."""
        return self._by_words.find_needles(words)

    def find(self, words: Set[str]) -> list[Known]:
        """The templates all of whose words are among `words`."""
        return self._by_words.find(words) + self._wordless


def _find_by_ends(templates: Sequence[Template]) -> re.Pattern[str] | None:
    """What finds the lines that begin and end as one of the templates does; None where there are none to be found."""
    ends = {(template.literals[0], template.literals[-1] if template.parameters else "") for template in templates}
    patterns = [rf"{re.escape(first)}[^\n]*{re.escape(last)}" for first, last in sorted(ends)]
    return re.compile(rf"^[^\S\n]*(?:{'|'.join(patterns)})[^\S\n]*$", re.MULTILINE) if patterns else None
