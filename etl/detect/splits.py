"""Cells that hold a code and its name together: how they are put together, where all rows of a column agree on it.

    400 Bad Request              code, name
    E1001: no such file          code, name
    PENDING (600)                name, code
    404 (Not Found)              code, name
    (5) SQLITE_BUSY              code, name
    INVALID_TOKEN 1003           name, code
    404 - Not Found              code, name
    401Unauthorized              code, name

A split is a regular expression with the groups `code` and `name`, as a spec's column or item takes it. Rows with the
code alone or the name alone fit it too: all cells of a column must.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from etl.detect.shapes import TIGHT_GAP, TIGHT_NUMBER, find_shape, is_symbol

NUMBER = r"[+\-\u2212]?[0-9]{1,12}(?![0-9.]*[0-9A-Za-z])|-?0[xX][0-9A-Fa-f]{1,16}|[1-5][xX]{2}\b"
MIXED = r"(?=[^\s0-9]*[0-9])[A-Za-z0-9]{1,24}(?:[-_.][A-Za-z0-9]{1,24}){0,6}"
SYMBOL = r"[A-Za-z][A-Za-z0-9]{0,60}(?:[-_./:]{1,2}[A-Za-z0-9]{1,60}){0,12}"
_DASH = r"[-\u2010-\u2015]"
_GAP = rf"(?:\s*[:：,，、;|/=]\s*{_DASH}?\s*|\s+{_DASH}{{1,2}}\s*|{_DASH}{{1,2}}\s+|\s+)"
_WRAPPED = r"[\[(（【]"
_UNWRAPPED = r"[\])）】]"

_AGREEING = 0.9
"""The share of the cells that must hold both for them to be split."""

_AGREEING_ITEMS = 0.5
_LONGEST = 600
"""A longer cell holds more than a code and its name."""

_FEWEST_LED = 3
"""Fewer texts that begin with the same words before a number are chance."""

_MOST = 0.6
"""The share of the names that must be symbols for them to count as such."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """How the cells of a column divide: `pattern` matches all of them, `full` is the share that holds both parts."""

    pattern: str
    full: float
    symbolic: bool
    """the names are symbols"""

    @property
    def described(self) -> bool:
        """Whether the cells are texts that begin with a code."""
        return "(?P<description>" in self.pattern

    @property
    def returned(self) -> bool:
        """Whether the cells hold the message beside the code."""
        return "(?P<message>" in self.pattern

    def holds_code(self, text: str) -> bool:
        """Whether a cell with this text holds a code."""
        found = re.fullmatch(self.pattern, text, re.DOTALL)
        return found is not None and bool(found["code"])


_LED = re.compile(rf"(?P<lead>[^\W\d][^\d\n;.；。]{{0,60}}?)(?P<number>{NUMBER})(?!\w)")
_SEVERAL = rf"(?:{NUMBER})(?:(?:\s*[,，、/]\s*|\s+(?:or|and)\s+)(?:{NUMBER}))*"
_CODE = rf"(?P<code>{_SEVERAL}|{MIXED})"
_TIGHT = rf"(?P<code>{NUMBER}|{TIGHT_NUMBER})(?:{_GAP}|{TIGHT_GAP}|$)"
_QUOTED = re.compile(r"""(?:"[^"]+"|“[^”]+”|„[^“”]+[“”]|«[^»]+»|「[^」]+」|『[^』]+』|'.+')\.?""", re.DOTALL)
_TEXT = r"(?P<name>\S.*)"
_SYMBOL = rf"(?P<name>{SYMBOL})"
_INNER = r"(?P<name>[^\[\]()（）【】\n]+)"

_WAYS: tuple[tuple[str, str], ...] = (
    (rf"{_WRAPPED}{_CODE}{_UNWRAPPED}{_GAP}?{_TEXT}", rf"(?:{_WRAPPED}{_CODE}{_UNWRAPPED}{_GAP}?)?(?P<name>.*)"),
    (rf"{_SYMBOL}\s*{_WRAPPED}{_CODE}{_UNWRAPPED}", rf"(?P<name>[^\n]+?)(?:\s*{_WRAPPED}{_CODE}{_UNWRAPPED})?"),
    (rf"(?P<name>[^\s][^\n]*?)\s*{_WRAPPED}{_CODE}{_UNWRAPPED}", rf"(?P<name>[^\n]+?)(?:\s*{_WRAPPED}{_CODE}{_UNWRAPPED})?"),
    (rf"{_SYMBOL}{_GAP}{_CODE}", rf"(?:(?P<name>\S+){_GAP})?(?P<code>.+)"),
    (rf"{_CODE}\s*{_WRAPPED}{_INNER}{_UNWRAPPED}", rf"{_CODE}(?:\s*{_WRAPPED}{_INNER}{_UNWRAPPED})?"),
    (rf"- {_SYMBOL}\n- {_CODE}", rf"(?:- )?(?P<name>[^\n]+)(?:\n- {_CODE})?"),
    (rf"- {_CODE}\n- {_TEXT}", rf"(?:- )?{_CODE}(?:\n- {_TEXT})?"),
    (rf"{_TIGHT}{_TEXT}", rf"(?:{_TIGHT})?(?P<name>.*)"),
    (rf"{_CODE}{_GAP}{_TEXT}", rf"(?:{_CODE}(?:{_GAP}|$))?(?P<name>.*)"),
)
"""The ways to put them together: with both parts, and where one of them may lack."""


def find_split(texts: Sequence[str]) -> Split | None:
    """The one way in which (nearly) all cells hold a code and a name; None where they do not agree or hold only one."""
    filled = [text for text in texts if text]
    if any(len(text) > _LONGEST for text in filled):
        return None
    for both, either in _WAYS:
        expression = re.compile(both, re.DOTALL)
        names = [match["name"] for text in filled if (match := expression.fullmatch(text)) is not None and _is_fair(match)]
        if not names or len(names) < _AGREEING * len(filled):
            continue
        pattern = both if len(names) == len(filled) else either
        if all(re.fullmatch(pattern, text, re.DOTALL) for text in filled):
            symbols = sum(map(is_symbol, names))
            return Split(pattern=pattern, full=len(names) / len(filled), symbolic=symbols >= _MOST * len(names))
    return None


def _is_fair(match: re.Match[str]) -> bool:
    """Whether the parts are what they are taken for: a code, and something that is none."""
    first = next(iter(match["name"].split()), "")
    if not first:
        return False
    named = is_symbol(match["name"]) or find_shape(match["name"]) in {"word", "label", "prose"}
    return named and find_shape(first) not in {"integer", "hex"}


def holds_quotes(split: Split, texts: Sequence[str]) -> bool:
    """Whether what stands beside the codes is in quotes."""
    expression = re.compile(split.pattern, re.DOTALL)
    found = [match for text in texts if text and (match := expression.fullmatch(text)) is not None]
    names = [match["name"] for match in found if match.groupdict().get("name") and match["code"]]
    return bool(names) and sum(_QUOTED.fullmatch(name) is not None for name in names) >= _AGREEING * len(names)


def as_message(split: Split) -> Split:
    """The split with the message where it had a name."""
    return replace(split, pattern=split.pattern.replace("(?P<name>", "(?P<message>"))


def find_leading_code(texts: Sequence[str]) -> Split | None:
    """The split of texts that begin with a number, `12111 The session was aborted.`; None where most do not.

    Its groups are `code` and `description`. A number that stands as an item of its own is telling: half the texts may do.
    The same few words may stand before all numbers: a label (`Value: 12; The file …`) is no part of the text, the beginning
    of a sentence (`The error with code 12 is raised when …`) is, and the number too.
    """
    filled = [text for text in texts if text]
    number = rf"(?:{NUMBER})(?:\s*[(\[](?:{NUMBER})[)\]])?"
    for gap, needed in ((r"\n- ", _AGREEING_ITEMS), (rf"(?:\n- |{_GAP})", _AGREEING)):
        led = rf"(?:- )?(?P<code>{number}){gap}"
        if _most_begin_so(rf"{led}(?P<description>\S.*)", filled, needed):
            return _split_leading(rf"(?:{led})?(?P<description>.*)", filled)
    lead = _find_lead(filled)
    if lead is None:
        return None
    led = rf"{re.escape(lead)}(?P<code>{number})"
    if lead.rstrip().endswith((":", "：", "=")):
        return _split_leading(rf"(?:{led}(?:\s*[;,.；，。]\s*|\s+|$))?(?P<description>.*)", filled)
    return _split_leading(rf"(?P<description>(?:{led}(?!\w))?.*)", filled)


def _find_lead(texts: Sequence[str]) -> str | None:
    """The words that stand before a number at the beginning of most texts, numbers that tell them apart."""
    found = [(match["lead"], match["number"]) for text in texts if (match := _LED.match(text)) is not None]
    if len(found) < _FEWEST_LED:
        return None
    lead, times = Counter(lead for lead, _ in found).most_common(1)[0]
    numbers = {number for own, number in found if own == lead}
    return lead if times >= _AGREEING * len(texts) and len(numbers) >= _AGREEING * times else None


def _most_begin_so(pattern: str, texts: Sequence[str], needed: float) -> bool:
    full = [match for text in texts if (match := re.fullmatch(pattern, text, re.DOTALL)) is not None]
    return len(full) > 1 and len(full) >= needed * len(texts) and len({match["code"] for match in full}) >= _AGREEING * len(full)


def _split_leading(pattern: str, texts: Sequence[str]) -> Split:
    full = sum((match := re.fullmatch(pattern, text, re.DOTALL)) is not None and match["code"] is not None for text in texts)
    return Split(pattern=pattern, full=full / len(texts), symbolic=False)
