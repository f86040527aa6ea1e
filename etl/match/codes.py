"""Which documented codes a line shows, and what makes it likely that they are that vendor's (pure).

A code of letters and digits that one source alone has (`PR400-AN-0001`) speaks for itself. Any other, `56` or `not_found`, could
be anybody's: it counts where it stands as a code (`"code": 56`, `<Status>56</Status>`, `error 56`), and where the line names the
vendor, the product or the source, or shows one of its own codes, or where the user says whose log it is. So do names of codes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from etl.codes import is_distinctive, read_number, squash
from etl.match.index import WordIndex
from etl.match.templates import find_words, is_inside_word

Row = Mapping[str, Any]

_LABELS = ["code", "status", "error", "errno", "err", "reason", "result", "fault", "stop", "exception", "http"]
_AS_CODE = re.compile(
    # Spelled out rather than read in any case: the search then skips from one first letter to the next, three times as fast.
    rf"""(?:{"|".join(spelling for label in _LABELS for spelling in (label, label.capitalize(), label.upper()))}) (?:/\d(?:\.\d)?)?
        (?i:[ _-]?(?:code|status|number|no|id|value))? (?:\\?["'\]]|&quot;)? [^\S\n]{{0,9}}
        (?:[:=>(\[\#] | is\b | was\b)? [^\S\n]{{0,9}} (?:\\?["']|&quot;)?
        (-?\w[\w.:-]{{0,79}})""",
    re.VERBOSE,
)
_LONE = re.compile(r"^[^\S\n]*(-?\w[\w.:-]{0,79})[^\S\n]*$", re.MULTILINE)
_NAME_WITH_SHAPE = re.compile(r"(?=\w*(?:_|[a-z][A-Z]|\d))[A-Za-z]\w{5,}")
_BRACKETS = re.compile(r"[()\[\]]")
_VERSION = re.compile(r"v?\d[\d.]*")
_PLAIN_WORDS = frozenset({
    "api", "apis", "cloud", "code", "codes", "common", "error", "errors", "platform", "protocol", "public", "rest", "sdk", "server",
    "service", "services", "soap", "status", "system", "the", "web",
})  # fmt: skip
_SHORTEST_NAME = 5
_SHORTEST_KEY = 4


class CodeIndex:
    """All codes and names of some records; each record is known by its place among them."""

    def __init__(self, rows: Sequence[Row], sources: Iterable[Row]) -> None:
        self._by_code: dict[str, list[int]] = defaultdict(list)
        self._by_number: dict[int, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._rows = rows
        for place, row in enumerate(rows):
            if row["code"] is not None:
                self._by_code[row["code"]].append(place)
                number = read_number(row["code"])
                if number is not None:
                    self._by_number[number].append(place)
            if row["name"] is not None and _NAME_WITH_SHAPE.fullmatch(row["name"]):
                self._by_name[row["name"]].append(place)
        bearers = {code: {rows[place]["source"] for place in places} for code, places in self._by_code.items()}
        own = {code for code, of_sources in bearers.items() if is_distinctive(code) and len(of_sources) == 1}
        named = {(source["source"], name) for source in sources for name in _names_of(source)}
        names = {(source, spelling) for source, name in named for spelling in _spellings_of(name)}
        self._own = WordIndex({code: find_words(code) for code in sorted(own)})
        self._vendors = WordIndex({key: [word for word in find_words(key[1]) if word.isalpha()] for key in sorted(names)})

    def find_needles(self, words: Set[str]) -> set[str]:
        """As WordIndex.find_needles: one stands in every line that shows a code by itself or names a vendor."""
        return self._own.find_needles(words) | self._vendors.find_needles(words)

    def find_name_needles(self, words: Set[str]) -> Set[str]:
        """The same for every line that shows a name."""
        return words & self._by_name.keys()

    def find_own(self, text: str, words: Set[str]) -> list[int]:
        """The records whose code speaks for itself and stands in `text` as a whole."""
        return [place for code in self._own.find(words) if _stands_alone(code, text) for place in self._by_code[code]]

    def find_vendors(self, text: str, words: Set[str]) -> set[str]:
        """The sources whose key, vendor or product is named in `text`."""
        return {source for source, name in self._vendors.find(words) if _stands_alone(name, text)}

    def find_as_codes(self, text: str, sources: Set[str]) -> list[int]:
        """The records of `sources` whose code stands in `text` where codes stand, numbers however they are written, or as all of it."""
        found = (place for token in (*_LONE.findall(text), *_AS_CODE.findall(text)) for place in self._find_code(token))
        return list(dict.fromkeys(place for place in found if self._rows[place]["source"] in sources))

    def find_lines(self, text: str) -> Iterator[int]:
        """Where in `text` codes stand so, for all sources; there may be several in a line."""
        for pattern in (_LONE, _AS_CODE):
            yield from (found.start(1) for found in pattern.finditer(text) if self._find_code(found.group(1)))

    def _find_code(self, token: str) -> Sequence[int]:
        code = token.rstrip(".:-")
        number = read_number(code)
        return self._by_code.get(code, ()) if number is None else self._by_number.get(number, ())

    def find_names(self, words: Set[str], sources: Set[str]) -> list[int]:
        """The records of `sources` whose name, a symbol and no plain word, is one of `words`."""
        return [place for word in words & self._by_name.keys() for place in self._by_name[word] if self._rows[place]["source"] in sources]


def _names_of(source: Row) -> list[str]:
    """What only a line about this source would say: its key, and the names of vendor and product without the words that all have.

    "Acme (Umbrella)" gives both names, "Acme Cloud API 1.7" gives "Acme Cloud API 1.7" and "Acme".
    """
    names = [source["source"]] if len(source["source"]) >= _SHORTEST_KEY else []
    for field in ("vendor", "product"):
        for part in [source[field], *_BRACKETS.split(source[field])]:
            words = part.split()
            if len(words) > 1:
                names.append(" ".join(words))
            while words and (words[-1].casefold() in _PLAIN_WORDS or _VERSION.fullmatch(words[-1])):
                words.pop()
            if words and len(squash("".join(words))) >= _SHORTEST_NAME and not all(word.casefold() in _PLAIN_WORDS for word in words):
                names.append(" ".join(words))
    return list(dict.fromkeys(names))


def _spellings_of(name: str) -> set[str]:
    return {name, name.lower(), name.upper(), name.title()}


def _stands_alone(needle: str, text: str) -> bool:
    """Whether `needle` stands somewhere in `text` without being a part of a longer word or code."""
    at = text.find(needle)
    while at >= 0:
        end = at + len(needle)
        if not is_inside_word(text, at) and not is_inside_word(text, end) and text[at - 1 : at] != "-" and text[end : end + 1] != "-":
            return True
        at = text.find(needle, at + 1)
    return False
