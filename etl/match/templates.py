"""Messages as templates that are matched backwards: from the text that an API returned to the placeholders' values (pure).

    "[Field name] is mandatory."               accountName is mandatory.       [Field name] = accountName
    "Unknown property ''{0}'' in {1}."         Unknown property 'x' in Box.    {0} = x, {1} = Box

etl/match/search.py finds them in lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl.text import collapse
from etl.values import PLACEHOLDERS

_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_GAPS = {place: " " for place in range(128) if re.fullmatch(r"\W", chr(place))}
_SIGN = re.compile(rf"[{_UNSPACED}]")
_WORD_OR_SIGN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_PART_OF_WORD = re.compile(rf"[^\W{_UNSPACED}]")

_EXAMPLE_FOLLOWS = re.compile(r"\A.*?\bfor example[,:]\s*", re.IGNORECASE | re.DOTALL)
_REMARK = re.compile(r"\s*\[[^\[\]]*\]")
_KEPT_ESCAPE = re.compile(r"\{?\\\Z")

FEW_WORDS = 3
"""A template of fewer literal words says nothing by itself."""

MANY_WORDS = 5
"""A template of so many literal words is believed wherever it stands in a line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A message cut at its placeholders: `literals` is one longer than `parameters`, either end may be empty.

    `words` are those that every line bears that shows it; `word_count` says how much it takes to match it by chance.
    """

    text: str
    literals: tuple[str, ...]
    parameters: tuple[str, ...]
    words: frozenset[str]
    word_count: int


def is_inside_word(text: str, at: int) -> bool:
    """Whether a word of `text` goes on over the place `at`."""
    return 0 < at < len(text) and all(_PART_OF_WORD.match(character) is not None for character in text[at - 1 : at + 1])


def find_words(text: str) -> list[str]:
    """The words of a text as templates are indexed by them; scripts that write no spaces give their characters."""
    if text.isascii():
        return text.translate(_GAPS).split()  # three times as fast as a regular expression
    return _WORD_OR_SIGN.findall(text)


def read_templates(message: str, syntaxes: Sequence[str], *, editorial: bool = False) -> tuple[Template, ...]:
    """The templates that one published message stands for.

    Each list item is one, and so is the text before the items unless the cell is `editorial`: then it is about the message,
    as are "for example" and bracketed remarks. `syntaxes` are names in PLACEHOLDERS. A message of a MessageFormat is read
    both as Java reads it, with doubled quotes as one, and as printed.
    """
    found: dict[tuple[str, ...], Template] = {}
    for text in _find_messages(message, editorial=editorial, remarks="brackets" not in syntaxes):
        for formatted in (True, False):
            literals, parameters = _cut(text, syntaxes, formatted=formatted)
            for cleaned in (literals, _drop_kept_escapes(literals)):
                if any(literal.strip() for literal in cleaned):
                    found.setdefault(tuple(cleaned), _make_template(text, cleaned, parameters))
    return tuple(found.values())


def _find_messages(message: str, *, editorial: bool, remarks: bool) -> list[str]:
    lines = message.split("\n")
    items = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
    lead = " ".join(line for line in lines if not line.startswith("- "))
    if editorial:
        lead = "" if items else _EXAMPLE_FOLLOWS.sub("", lead)
        lead = _REMARK.sub("", lead) if remarks else lead
    elif not items and len(lines) > 1:
        items = lines
    return [text for text in map(collapse, (lead, *items)) if text]


def _cut(text: str, syntaxes: Sequence[str], *, formatted: bool) -> tuple[list[str], list[str]]:
    """Cut `text` at its placeholders; neighbours without anything between them are one, whose parts nobody can tell apart."""
    literals = [""]
    parameters: list[str] = []
    for piece, is_parameter in _read_pieces(text, syntaxes, formatted=formatted):
        if not is_parameter:
            literals[-1] += piece
        elif parameters and not literals[-1]:
            parameters[-1] += piece
        else:
            parameters.append(piece)
            literals.append("")
    return literals, parameters


def _read_pieces(text: str, syntaxes: Sequence[str], *, formatted: bool) -> Iterator[tuple[str, bool]]:
    """The literals and placeholders of `text`, in order, each with whether it is a placeholder.

    Where it is `formatted`, escapes are read: quotes as java.text.MessageFormat reads them (`''` is one, between single ones
    braces are literal), `%%` as C's printf.
    """
    escapes = [r"(?P<doubled>'')", r"'(?P<quoted>(?:[^']|'')*)(?:'|\Z)"] if formatted and "messageformat" in syntaxes else []
    escapes += [r"(?P<percent>%%)"] if formatted and "percent" in syntaxes else []
    patterns = [*escapes, *(PLACEHOLDERS[syntax] for syntax in syntaxes)]
    end = 0
    for found in re.finditer("|".join(patterns), text) if patterns else ():
        yield text[end : found.start()], False
        end = found.end()
        groups = found.groupdict()
        if groups.get("doubled") is not None:
            yield "'", False
        elif groups.get("quoted") is not None:
            yield groups["quoted"].replace("''", "'"), False
        elif groups.get("percent") is not None:
            yield "%", False
        else:
            yield found.group(), True
    yield text[end:], False


def _drop_kept_escapes(literals: Sequence[str]) -> list[str]:
    r"""Without the backslash, and the brace before it, that a page left before a placeholder: `value - {\[field name]`."""
    return [*(_KEPT_ESCAPE.sub("", literal) for literal in literals[:-1]), literals[-1]]


def _make_template(text: str, literals: Sequence[str], parameters: Sequence[str]) -> Template:
    words: set[str] = set()
    weight = 0.0
    for place, literal in enumerate(literals):
        found = find_words(literal)
        weight += sum(_weigh(word) for word in found)
        # A word that touches a placeholder is only a part of a word in the filled text.
        if found and place > 0 and literal.startswith(found[0]) and not _is_sign(found[0]):
            found = found[1:]
        if found and place < len(literals) - 1 and literal.endswith(found[-1]) and not _is_sign(found[-1]):
            found = found[:-1]
        words.update(found)
    return Template(text=text, literals=tuple(literals), parameters=tuple(parameters), words=frozenset(words), word_count=int(weight))


def _is_sign(word: str) -> bool:
    return _SIGN.fullmatch(word) is not None


def _weigh(word: str) -> float:
    """How much of a literal word this is: numbers and single letters are none, two signs of a script without spaces are one."""
    if _is_sign(word):
        return 0.5
    return 1.0 if sum(character.isalpha() for character in word) > 1 else 0.0
