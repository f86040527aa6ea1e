"""Which documented codes and messages the lines of a log, or the answers of an API, show.

    with open("app.log", "rb") as log:
        for line in match_lines(log, load_matcher(sources=["acme"])):
            print(line.number, [shown.record["id"] for shown in line.shown if shown.best])

All templates are looked for at once: a block of lines is split into its words, and only the lines are read in which the rarest
word stands of a template that the block has all words of.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from etl.catalogue import load_rows, require_sources
from etl.match.codes import CodeIndex
from etl.match.index import Known, TemplateIndex
from etl.match.lines import read_blocks
from etl.match.search import Filled, find_filled, match_whole, tidy
from etl.match.templates import FEW_WORDS, MANY_WORDS, find_words

Row = Mapping[str, Any]

_OWN_CODE, _NAME, _CODE = 100.0, 40.0, 30.0
_WORD, _MOST_WORDS, _WHOLE, _LETTER, _MOST_LETTERS = 10.0, 9, 5.0, 0.01, 400
"""What each piece of evidence is worth; a message by its literal words, a little more where it is the whole text, and by its letters."""

_LETTER_ESCAPE = re.compile(r"\\[nrtbf]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)(?:"|\\?\Z)', re.DOTALL)
_SHOWN_TEXT = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A record that a line shows: how surely, by which evidence (`code`, `name`, `message`), and what the placeholders stand for.

    `message` is the part of the record's message that was matched, None where only the code or the name stands there. `best`
    says that no other record of the line has a higher score.
    """

    record: Row
    score: float
    evidence: tuple[str, ...]
    message: str | None
    parameters: tuple[tuple[str, str], ...]
    best: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MatchedLine:
    """A line that shows at least one record, best first, equal ones as published. `text` is cut where it is very long."""

    number: int
    text: str
    shown: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Message:
    """A record's message in a line: what it is worth and where it begins."""

    text: str
    parameters: tuple[tuple[str, str], ...]
    worth: float
    start: int


class _Evidence:
    """What speaks for one record in one line: its code or name, each with what it is worth, and its messages."""

    def __init__(self) -> None:
        self.codes: dict[str, float] = {}
        self.messages: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}

    def add_code(self, kind: str, worth: float) -> None:
        self.codes[kind] = max(worth, self.codes.get(kind, 0.0))

    def add_messages(self, messages: Iterable[_Message]) -> None:
        """Add the messages of one reading of a text; of those that begin at one place the best, of values with escapes the read ones."""
        best: dict[int, _Message] = {}
        for message in messages:
            if message.start not in best or message.worth > best[message.start].worth:
                best[message.start] = message
        read = {message.text for message in best.values()}
        escaped = [key for key in self.messages if key[0] in read and any("\\" in value or "&" in value for _, value in key[1])]
        for key in escaped:
            del self.messages[key]
        for message in best.values():
            key = (message.text, message.parameters)
            self.messages[key] = max(message.worth, self.messages.get(key, 0.0))


Found = defaultdict[int, _Evidence]
"""What speaks for which record (by place) in one line."""


class Matcher:
    """The records of a catalogue, ready to be found in lines. `only` are the sources that the lines are known to come from."""

    def __init__(self, rows: Sequence[Row], sources: Sequence[Row], *, only: Sequence[str] = ()) -> None:
        self._only = frozenset(only)
        self._rows = [row for row in rows if not only or row["source"] in self._only]
        documents = [source for source in sources if not only or source["source"] in self._only]
        syntaxes = {source["source"]: source["placeholders"] for source in documents}
        self._templates = TemplateIndex(self._rows, syntaxes, few=bool(only))
        self._codes = CodeIndex(self._rows, documents)

    def match(self, line: str) -> tuple[Shown, ...]:
        """The records that `line` shows, best first, equal ones as published."""
        found: Found = defaultdict(_Evidence)
        self.collect(line, found, whole=True)
        return self.judge(found)

    def pick_lines(self, text: str) -> Iterator[tuple[int, str]]:
        """The lines of `text` that may show a record, each with how many stand before it; found by the words of all lines together."""
        words = set(find_words(text))
        if "\\" in text:
            words.update(find_words(_LETTER_ESCAPE.sub(" ", text)))
        needles = self._templates.find_needles(words) | self._codes.find_needles(words)
        if self._only:
            needles |= self._codes.find_name_needles(words)
        if not self._templates.is_ascii and "\\u" in text:
            needles.add("\\u")  # a JSON text may write any other script so
        spans = {span for needle in needles for span in _find_lines(text, needle)}
        if self._only:
            spans |= {_find_line(text, at) for at in self._codes.find_lines(text)}
            if self._templates.wordless_lines is not None:
                spans |= {found.span() for found in self._templates.wordless_lines.finditer(text)}
        number = at = 0
        for start, end in sorted(spans):
            number += text.count("\n", at, start)
            at = start
            yield number, text[start:end]

    def collect(self, piece: str, found: Found, *, whole: bool) -> None:
        """Add to `found` what a line, or where it is not the `whole` line a piece of one, shows."""
        for reading, text in enumerate(_read(piece)):
            words = set(find_words(text))
            trusted = self._find_codes(text, words, found)
            self._find_messages(text, words, trusted, found, is_line=whole and reading == 0)

    def _find_codes(self, text: str, words: Set[str], found: Found) -> Set[str]:
        """Notes the codes and names in `text`; the sources that it is known, or says, to come from."""
        own = self._codes.find_own(text, words)
        for place in own:
            found[place].add_code("code", _OWN_CODE)
        trusted = self._only | self._codes.find_vendors(text, words) | {self._rows[place]["source"] for place in own}
        if trusted:
            for place in self._codes.find_as_codes(text, trusted):
                found[place].add_code("code", _CODE)
            for place in self._codes.find_names(words, trusted):
                found[place].add_code("name", _NAME)
        return trusted

    def _find_messages(self, text: str, words: Set[str], trusted: Set[str], found: Found, *, is_line: bool) -> None:
        messages: dict[int, list[_Message]] = defaultdict(list)
        for entry in self._templates.find(words):
            for places, filled, worth in self._fill(entry, text, trusted, is_line=is_line):
                for place, template in entry.bearers:
                    if place in places:
                        parameters = tuple(zip(template.parameters, filled.values, strict=True))
                        messages[place].append(_Message(text=template.text, parameters=parameters, worth=worth, start=filled.start))
        for place, of_record in messages.items():
            found[place].add_messages(of_record)
        doubtful = {self._rows[place]["source"] for place in messages} - trusted
        for place in self._codes.find_as_codes(text, doubtful) if doubtful else ():
            if place in messages:  # a code that is nobody's by itself confirms the message beside it
                found[place].add_code("code", _CODE)

    def _fill(self, entry: Known, text: str, trusted: Set[str], *, is_line: bool) -> Iterator[tuple[set[int], Filled, float]]:
        """The places of a template in `text`, each with the records that it may be the message of and with what it is worth."""
        template = entry.template
        all_places = {place for place, _ in entry.bearers}
        worth = _WORD * min(template.word_count, _MOST_WORDS) + _LETTER * min(sum(map(len, template.literals)), _MOST_LETTERS)
        whole = match_whole(template, text)
        if whole is not None and (template.word_count >= FEW_WORDS or (is_line and self._only)):
            yield all_places, whole, worth + _WHOLE
        elif template.word_count >= FEW_WORDS:
            many = template.word_count >= MANY_WORDS
            sure = {place for place in all_places if many or self._rows[place]["source"] in trusted}
            for places, anywhere in ((sure, True), (all_places - sure, False)):
                if places:
                    for filled in find_filled(template, text, anywhere=anywhere):
                        yield places, filled, worth

    def judge(self, found: Found) -> tuple[Shown, ...]:
        """The records found in a line, best first, equal ones as published."""
        shown: list[tuple[float, int, tuple[str, ...], str | None, tuple[tuple[str, str], ...]]] = []
        for place, evidence in found.items():
            codes = sum(evidence.codes.values())
            kinds = tuple(sorted(evidence.codes))
            if not evidence.messages:
                shown.append((round(codes, 2), place, kinds, None, ()))
            for (text, parameters), worth in evidence.messages.items():
                shown.append((round(codes + worth, 2), place, (*kinds, "message"), text, parameters))
        shown.sort(key=lambda entry: (-entry[0], entry[1]))
        return tuple(
            Shown(record=self._rows[place], score=score, evidence=kinds, message=text, parameters=parameters, best=score == shown[0][0])
            for score, place, kinds, text, parameters in shown
        )


def load_matcher(folder: Path | None = None, *, sources: Sequence[str] = ()) -> Matcher:
    """A matcher for the published records, where `sources` are given for these alone. Raises CatalogueError where they cannot be read."""
    require_sources(sources, folder)
    return Matcher(load_rows("status_codes", folder), load_rows("sources", folder), only=sources)


def match_lines(stream: BinaryIO, matcher: Matcher) -> Iterator[MatchedLine]:
    """The lines of `stream` that show a record, as soon as each is read, whatever bytes it is made of."""
    found: Found = defaultdict(_Evidence)
    text = ""
    for block in read_blocks(stream):
        if block.first and block.last:
            for before, line in matcher.pick_lines(block.text):
                shown = matcher.match(line)
                if shown:
                    yield MatchedLine(number=block.number + before, text=_shorten(line), shown=shown)
            continue
        if block.first:
            found.clear()
            text = _shorten(block.text)
        matcher.collect(block.text, found, whole=False)
        if block.last and found:
            yield MatchedLine(number=block.number, text=text, shown=matcher.judge(found))


def _shorten(line: str) -> str:
    return line.rstrip("\r") if len(line) <= _SHOWN_TEXT else f"{line[:_SHOWN_TEXT]} …"


def _find_lines(text: str, needle: str) -> Iterator[tuple[int, int]]:
    """Where the lines of `text` begin and end in which `needle` stands."""
    at = text.find(needle)
    while at >= 0:
        start, end = _find_line(text, at)
        yield start, end
        at = text.find(needle, end)


def _find_line(text: str, at: int) -> tuple[int, int]:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _read(piece: str) -> Iterator[str]:
    """The text itself; then, where there are escapes, each quoted string as JSON means it, and the text as HTML or XML means it."""
    yield tidy(piece)
    if "\\" in piece:
        for found in _QUOTED.finditer(piece):
            if "\\" in found.group(1):
                with contextlib.suppress(ValueError):
                    yield tidy(str(json.loads(f'"{found.group(1)}"', strict=False)))
    if "&" in piece and ";" in piece:
        yield tidy(html.unescape(piece))
