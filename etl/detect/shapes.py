"""What a cell looks like, from its text alone: `-1003` an integer, `PR400-AN-0001` a series, `INVALID_XML` a symbol …

    integer   56, -1003, 16,654, 00042          hex      0x1F, 0x80041001, 1Fh
    series    E1001, ORA-00001, AIS.0101, 4e04, 08P01, 2200B, PR400-AN-0001
    dotted    5.7.1, 1.2                        several  400, 401 / 2147749889 (0x80041001) / 400 or 404
    range     4xx, 4000-4999                    symbol   INVALID_XML, AccessDenied, invalid-email, Throttling.User
    word      Unauthorized, OK                  label    Bad Request (a few words, no sentence)
    prose     The request is invalid.           and: empty, yes_no, date, address, type

All expressions are linear in the length of the text, and no more than the first `LOOKED_AT` characters are looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from etl.detect.vocabulary import is_type_name, is_yes_no

Shape = Literal[
    "empty", "integer", "hex", "series", "dotted", "several", "range", "symbol", "word", "label", "prose",
    "yes_no", "date", "address", "type",
]  # fmt: skip

LOOKED_AT = 300
"""How much of a text is looked at."""

NUMERIC: frozenset[Shape] = frozenset({"integer", "hex", "series", "dotted", "several", "range"})
"""Shapes of codes with digits."""

REGISTERED_STATUSES = frozenset(
    (100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308,
     400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424,
     425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511)
)  # fmt: skip
"""HTTP statuses registered with IANA, with 418 of RFC 2324."""

COMMON_STATUSES = REGISTERED_STATUSES | {
    419, 420, 430, 440, 444, 449, 450, 460, 495, 496, 497, 498, 499, 509, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530
}  # fmt: skip
"""With those that servers made up and pages document too."""

_WIDE_LETTER = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_COUNTED = (
    "[年月日号號个個次回条條件分秒时時元円圆天位份台种種张張名人字行页頁倍番系类類段开開以的至到和及或等多万萬千百亿億级級版期章节節"
    "のがはをにでと은는이가을를의번개년월일원명]|错误|錯誤|エラー|오류|에러"
)
"""What is counted, measured or called an error: 2030年 and 404错误 are no codes with their texts."""

_WORD_BEGINS = rf"(?=[A-Z][a-z]{{2}}|(?!{_COUNTED}){_WIDE_LETTER})"
TIGHT_NUMBER = rf"[0-9]{{3,8}}{_WORD_BEGINS}"
"""A number that a word follows without a gap: `401Unauthorized`, `1001参数错误`."""

TIGHT_GAP = rf"(?<=[0-9]){_WORD_BEGINS}"

_CODE_LENGTH = 80
_LABEL_WORDS = 6
_LABEL_LENGTH = 60
_WIDE_LABEL = 12
"""The most characters of a label in a script that prints no spaces between words."""

_SIGN = r"[+\-\u2212\u2013]?"
_INTEGER = re.compile(rf"{_SIGN}[0-9]{{1,12}}|[0-9]{{1,3}}(?:,[0-9]{{3}})+")
_HEX = re.compile(r"-?0[xX][0-9A-Fa-f]{1,16}[uUlL]{0,3}|[0-9][0-9A-Fa-f]{1,15}[hH]")
_DOTTED = re.compile(r"[0-9]{1,5}(?:[.][0-9]{1,6}){1,5}")
_RUN_TOGETHER = re.compile(r"[0-9]{3,8}[A-Z][a-z]{2}")
_JOINED = re.compile(r"[A-Za-z0-9]+(?:[-_.:/#][A-Za-z0-9]+)*")
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:(?:[-_.:/]|::|->)[A-Za-z0-9]+)+|_+[A-Za-z][A-Za-z0-9_]*|[A-Za-z][A-Za-z0-9]*_")
_CAMEL = re.compile(r"(?:[A-Z]{1,12}|[a-z]{1,30}|[A-Z][a-z0-9]{1,30})(?:[A-Z][a-z0-9]{0,30}|[0-9]+)+")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]{3,}|[-\u2212]E[A-Z][A-Z0-9]{1,14}")
"""Words in capitals, and the names of errno.h as they are returned negative: `-EBUSY`."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SPAN = r"[+-]?[0-9]{1,8}\s*(?:-|–|—|~|～|to|\.\.\.?|至|до|bis|à)\s*[+-]?[0-9]{1,8}"
_RANGE = re.compile(
    r"[1-9][0-9]{0,3}[xX*]{1,4}|[1-9][0-9]?(?:xx|XX)[0-9]?|" + _SPAN + r"|[0-9]{2,8}\+|>\s?=?\s?[0-9]{1,8}|<\s?=?\s?[0-9]{1,8}"
)
_SEVERAL = re.compile(r"[^\s,;/|()（）]+(?:(?:\s*(?:,|;|/|\||、|，|\bor\b|\band\b|\(|（)\s*|\s+)[^\s,;/|()（）]+[)）]?)+")
_RANGES = re.compile(rf"(?:{_SPAN}|[0-9]+)(?:\s*[;,，、]\s*(?:{_SPAN}|[0-9]+))+")
_PART = re.compile(r"\s*(?:\s|,|;|/|\||、|，|\bor\b|\band\b|\(|（|\)|）)\s*")
_DATE = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,2}日?)?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,12}://|www\.|/)\S*|\S+@\S+\.\S+", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", "。", "！", "？", ";", "；")
_WRAPPING = re.compile(r"^[\"'“”‘’`\[(（<#]+|[\"'“”‘’`\])）>:：.,;]+$")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_PLACEHOLDER = re.compile(
    r"%[-0-9.]{0,6}[a-zA-Z](?![a-zA-Z])|%%|%\*s|%l[du]"
    r"|\{[0-9a-zA-Z_.]{0,40}\}|\[\{|\$\{|<[A-Za-z_][\w .-]{0,30}>|\[[a-z][a-z_ ]{1,30}\]|\bXXX+\b|\$[A-Z_]{2,}\b"
)


def find_shape(text: str) -> Shape:
    """The shape of one cell's text (by the contract's text rules)."""
    return _find_shape(text[:LOOKED_AT].strip())


@lru_cache(maxsize=65536)
def _find_shape(text: str) -> Shape:
    if not text or text in {"-", "–", "—", "--", "N/A", "n/a", "/"}:
        return "empty"
    bare = _WRAPPING.sub("", text) if len(text) <= _CODE_LENGTH else text
    if not bare:
        return "empty" if len(text) <= 2 else "label"
    if len(bare) <= _CODE_LENGTH:
        coded = _code_shape(bare)
        if coded is not None:
            return coded
    if is_yes_no(text):
        return "yes_no"
    if is_type_name(text):
        return "type"
    if _DATE.fullmatch(bare):
        return "date"
    if _ADDRESS.fullmatch(text):
        return "address"
    if _WORD.fullmatch(bare) and not (len(bare) > _WIDE_LABEL and _SPACELESS.match(bare)):
        return "word"
    return "label" if _is_label(text) else "prose"


def _code_shape(bare: str) -> Shape | None:
    if _INTEGER.fullmatch(bare):
        return "integer"
    if _HEX.fullmatch(bare):
        return "hex"
    if _DATE.fullmatch(bare) and len(bare) >= 8:
        return "date"
    if _DOTTED.fullmatch(bare):
        return "dotted"
    if _RANGE.fullmatch(bare):
        return "range"
    if _JOINED.fullmatch(bare) and _is_series(bare):
        return "series"
    if is_symbol(bare):
        return "symbol"
    if any(character.isdigit() for character in bare) and _SEVERAL.fullmatch(bare):
        if _RANGES.fullmatch(bare) and re.search(_SPAN, bare):
            return "range"
        parts = [part for part in _PART.split(bare) if part]
        if len(parts) > 1 and all(_is_plain_code(part) for part in parts):
            return "several"
    return None


def _is_plain_code(part: str) -> bool:
    return bool(_INTEGER.fullmatch(part) or _HEX.fullmatch(part) or _DOTTED.fullmatch(part) or _RANGE.fullmatch(part)) or (
        bool(_JOINED.fullmatch(part)) and _is_series(part)
    )


def _is_series(token: str) -> bool:
    """Whether a token is a numbered code: it has digits, and these are a part of it or a third of it at least."""
    digits = sum(character.isdigit() for character in token)
    if _RUN_TOGETHER.match(token) is not None:
        return False
    if digits == 0 or not any(character.isalpha() for character in token):
        return digits > 0 and not any(character.isalpha() for character in token) and "/" not in token
    parts = re.split(r"[-_.:/#]", token)
    letters = len(token) - digits - (len(parts) - 1)
    if any(part.isdigit() and len(part) >= 2 for part in parts[1:] or parts):
        return letters <= 3 * digits + 6
    if len(parts) == 1 and digits <= 1 and letters > 2:
        return False
    return digits * 2 >= letters or (len(parts) == 1 and digits >= 3)


def is_symbol(token: str) -> bool:
    """Whether a token is a name that programs use: `INVALID_XML`, `AccessDenied`, `invalid-email`, `auth/no-user`."""
    return len(token) <= _CODE_LENGTH and _is_symbol(token)


@lru_cache(maxsize=65536)
def _is_symbol(token: str) -> bool:
    if _SYMBOL.fullmatch(token):
        return not token[0].isdigit() and not _is_hyphenated_word(token)
    return bool(_CAMEL.fullmatch(token) and not token.isdigit() and any(map(str.islower, token))) or bool(_CAPITALS.fullmatch(token))


def _is_hyphenated_word(token: str) -> bool:
    return token[0].isupper() and "-" in token and token[1:].islower() and "_" not in token


def _is_label(text: str) -> bool:
    if text.endswith(_SENTENCE_END) or len(text) > _LABEL_LENGTH or "\n" in text:
        return False
    wide = len(_SPACELESS.findall(text))
    return wide <= _WIDE_LABEL and len(text.split()) <= _LABEL_WORDS and not re.search(r"[.;:：。，；!?]\s", text)


def is_status(text: str) -> bool:
    """Whether the text is a number that HTTP servers answer with: three digits, registered or commonly used."""
    bare = text.strip()
    if len(bare) > _CODE_LENGTH:
        return False
    bare = _WRAPPING.sub("", bare)
    return len(bare) == 3 and bare.isascii() and bare.isdigit() and int(bare) in COMMON_STATUSES


def has_placeholder(text: str) -> bool:
    """Whether the text has a gap to be filled: `%s`, `{0}`, `<accountID>`, `[field name]`."""
    return _PLACEHOLDER.search(text[:2000]) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What the cells of one column look like, all tables of one form taken together.

    `shapes` counts the cells that are not empty; `distinct` their different texts; `words` is their mean length in words
    (two characters count as one where no spaces are printed).
    """

    cells: int
    filled: int
    distinct: int
    shapes: Counter[Shape]
    statuses: int
    placeholders: int
    words: float
    longest: int
    ascending: bool
    """The cells are 1, 2, 3 …: the numbers of the rows."""

    def share(self, *shapes: Shape) -> float:
        """Which part of the filled cells has one of these shapes."""
        return sum(self.shapes[shape] for shape in shapes) / self.filled if self.filled else 0.0

    @property
    def coded(self) -> float:
        """Which part of the filled cells is a code with digits."""
        return self.share(*NUMERIC)

    @property
    def symbolic(self) -> float:
        """Which part of the filled cells is a symbol; single words count where symbols stand among them."""
        symbols = self.share("symbol")
        return symbols + self.share("word") if symbols >= 0.3 else symbols

    @property
    def textual(self) -> float:
        """Which part of the filled cells is written for people to read."""
        return self.share("prose", "label", "word")

    @property
    def unique(self) -> float:
        """How many different texts there are to a filled cell."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def fill(self) -> float:
        """Which part of the cells is filled."""
        return self.filled / self.cells if self.cells else 0.0

    @property
    def status(self) -> float:
        """Which part of the filled cells is an HTTP status."""
        return self.statuses / self.filled if self.filled else 0.0


def profile_cells(texts: Iterable[str]) -> Profile:
    """The profile of a column with these cells."""
    shapes: Counter[Shape] = Counter()
    seen: set[str] = set()
    cells = statuses = placeholders = longest = 0
    words = 0.0
    numbers: list[str] = []
    for text in texts:
        cells += 1
        shape = find_shape(text)
        if shape == "empty":
            continue
        shapes[shape] += 1
        seen.add(text)
        statuses += is_status(text)
        placeholders += has_placeholder(text)
        words += count_words(text)
        longest = max(longest, len(text))
        numbers.append(text.strip(" ."))
    filled = shapes.total()
    return Profile(
        cells=cells, filled=filled, distinct=len(seen), shapes=shapes, statuses=statuses, placeholders=placeholders,
        words=words / filled if filled else 0.0, longest=longest,
        ascending=filled > 2 and all(text == str(number) for number, text in enumerate(numbers, start=1)),
    )  # fmt: skip


def count_words(text: str) -> float:
    """How many words the text has, two characters of a script without spaces counting as one."""
    looked_at = text[:1000]
    return len(_SPACELESS.sub(" ", looked_at).split()) + len(_SPACELESS.findall(looked_at)) / 2
