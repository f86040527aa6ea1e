r"""Where a template stands in a line of a log or in an API's answer, and with which values (pure).

    2026-11-21 09:00:01 ERROR [main] c.a.Client - Role admin not allowed.
    {"code": "400", "message": "Role admin not allowed."}

The literals must stand there in order. Every search runs forward once and backward once, so that it takes time in proportion
to the length of the line, however the line is made. Texts have single spaces (`tidy`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from etl.match.templates import Template, is_inside_word

MOST_TIMES = 100
"""How often a template is looked for in one piece of a line."""

_LONGEST_VALUE = 1000
_LONGEST_PLAIN_VALUE = 200
_SENTENCE_ENDS = re.compile(r"[.!?] ")

_LEVELS = r"(?i:trace|debug|info|notice|warn|warning|error|err|severe|fatal|critical)"
_LABELS = r"(?i:\w*message|msg|\w*error|errors|details?|\w*description|reason|\w*text|cause|\w*fault\w*|\w*status|\w*code|\w*exception)"
_REACH = 80
_BEFORE_MESSAGE = re.compile(
    rf"""(?:
        ["'`“‘«>|\t][ ]?                        # a quote opens, a tag ends, a column begins
      | [\]}}][ ]?[-:]?[ ]?                     # [main] text
      | [ ][-–—][ ]                             # logger - text
      | \b{_LEVELS}\b[\])]?[ ]?[:\-]?[ ]?       # ERROR text
      | \b{_LABELS}["']?[ ]?[:=][ ]?            # message=text
      | \b[\w$-]+(?:[./\\:][\w$-]+)+[:)]?[ ]    # com.acme.Client text, 09:00:01 text
      | (?<![^\s(\[])[\w-]*\d[\w-]*[:)]?[ ]     # AB400-0001 text
    )\Z""",
    re.VERBOSE,
)
_LOG_PREFIX = re.compile(
    rf"""(?=[\[(<]?(?:\d\d\d\d-\d\d|\d\d:\d\d|{_LEVELS}[\])>: ]))       # begins with a date, a time or a level
    (?:(?: [\[(<]?\d[\d\-/:.,TZ+]*[\])>]? | [\[(<]?{_LEVELS}[\])>]?:? | \[[^\]]{{0,80}}\]:? | [\w$-]+(?:\.[\w$-]+)+:? | [-–|:] )[ ])+""",
    re.VERBOSE,
)
_AFTER_MESSAGE = re.compile(
    r"""[ ]?["'`”’»<|\t\\}\]]               # a quote closes, a tag begins
      | [ ][(\[{]                           # text (request 17)
      | [ ][-–—][ ]
      | ,[ ]?["']?\w+["']?[ ]?[:=]          # text, code=17
    """,
    re.VERBOSE,
)
_AFTER_SENTENCE = re.compile(r"(?<=[.!?]) ")
_BEFORE_VALUE = re.compile(rf"""["'`“‘«<>|\t=]|[:\]}})] | [-–—] |\b{_LEVELS}\b[:\s]+""")
_AFTER_VALUE = re.compile(r"[<|\t]")
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A template found in a text: from where to where, and the value of each parameter."""

    start: int
    end: int
    values: tuple[str, ...]


def tidy(line: str) -> str:
    """`line` with single spaces, ends trimmed; tabs stay, because they part the columns of logs."""
    return "\t".join(" ".join(column.split()) for column in line.split("\t")) if "\t" in line else " ".join(line.split())


def match_whole(template: Template, text: str) -> Filled | None:
    """The template as the whole of `text`; None where it is not. A value at the start leaves out what a logger puts before a message."""
    first, last = template.literals[0], template.literals[-1]
    if not template.parameters:
        return Filled(start=0, end=len(text), values=()) if text == first else None
    end = len(text) - len(last)
    if len(first) > end or not text.startswith(first) or not text.endswith(last):
        return None
    values: list[str] = []
    logged = None if first else _LOG_PREFIX.match(text, 0, end)
    start = at = len(first) if logged is None else logged.end()
    for literal in template.literals[1:-1]:
        following = text.find(literal, at, end)
        if following < 0:
            return None
        values.append(text[at:following].strip())
        at = following + len(literal)
    return Filled(start=0 if first else start, end=len(text), values=(*values, text[at:end].strip()))


def find_filled(template: Template, text: str, *, anywhere: bool) -> Iterator[Filled]:
    """All places of the template in `text`, from left to right.

    Where it may stand `anywhere`, it must only begin and end with whole words; else it must be a message of its own: after a
    quote, a level, a logger, a label …, and up to where a message ends, without the end of a sentence inside a value.
    """
    at = 0
    for _ in range(MOST_TIMES):
        places = _find_places(template, text, at, anywhere=anywhere)
        if places is None:
            return
        filled = _fill(template, text, places, at)
        if anywhere or not any(len(value) > _LONGEST_PLAIN_VALUE or _SENTENCE_ENDS.search(value) for value in filled.values):
            yield filled
            at = max(filled.end, places[0] + 1)
        else:
            at = places[0] + 1


def _find_places(template: Template, text: str, start: int, *, anywhere: bool) -> list[int] | None:
    """Where the literals that are not empty begin: the last at its first possible place, the others as near to it as can be."""
    literals = [literal for literal in template.literals if literal]

    def may_start(at: int) -> bool:
        return not template.literals[0] or _may_start(text, at, anywhere=anywhere)

    def may_end(at: int) -> bool:
        return not template.literals[-1] or _may_end(text, at + len(literals[-1]), anywhere=anywhere)

    if len(literals) == 1:
        only = _find_where(text, literals[0], start, lambda at: may_start(at) and may_end(at))
        return None if only is None else [only]
    first = _find_where(text, literals[0], start, may_start)
    if first is None:
        return None
    at = first + len(literals[0])
    for literal in literals[1:-1]:
        at = text.find(literal, at)
        if at < 0:
            return None
        at += len(literal)
    last = _find_where(text, literals[-1], at, may_end)
    if last is None:
        return None
    places = [last]
    for literal in reversed(literals[1:-1]):
        places.insert(0, text.rfind(literal, first, places[0]))
    nearest = text.rfind(literals[0], first, places[0])
    while not may_start(nearest):
        nearest = text.rfind(literals[0], first, nearest + len(literals[0]) - 1)
    return [nearest, *places]


def _find_where(text: str, literal: str, start: int, condition: Callable[[int], bool]) -> int | None:
    at = text.find(literal, start)
    while at >= 0 and not condition(at):
        at = text.find(literal, at + 1)
    return None if at < 0 else at


def _may_start(text: str, at: int, *, anywhere: bool) -> bool:
    if anywhere:
        return not is_inside_word(text, at)
    return at == 0 or _BEFORE_MESSAGE.search(text[max(0, at - _REACH) : at]) is not None


def _may_end(text: str, at: int, *, anywhere: bool) -> bool:
    if anywhere:
        return not is_inside_word(text, at)
    return at == len(text) or _AFTER_MESSAGE.match(text, at) is not None or _AFTER_SENTENCE.match(text, at) is not None


def _fill(template: Template, text: str, places: list[int], floor: int) -> Filled:
    """Cut the values out of `text`; one at either end reaches to where the message begins or ends."""
    literals = [literal for literal in template.literals if literal]
    ends = [place + len(literal) for place, literal in zip(places, literals, strict=True)]
    start, end = places[0], ends[-1]
    values = [text[left:right].strip() for left, right in zip(ends, places[1:], strict=False)]
    if not template.literals[0]:
        low = max(floor, start - _LONGEST_VALUE)
        start = max((found.end() for found in _BEFORE_VALUE.finditer(text, low, start)), default=low)
        values.insert(0, text[start : places[0]].strip())
    if not template.literals[-1]:
        end = _find_end_of_value(text, end, _QUOTES.get(text[start - 1 : start]))
        values.append(text[ends[-1] : end].strip())
    return Filled(start=start, end=end, values=tuple(values))


def _find_end_of_value(text: str, at: int, quote: str | None) -> int:
    """Where a value ends that nothing follows in the template: at the quote that closes the message, at a tag, at a tab."""
    high = min(len(text), at + _LONGEST_VALUE)
    if quote is not None:
        closing = text.find(quote, at, high)
        return high if closing < 0 else closing
    found = _AFTER_VALUE.search(text, at, high)
    return high if found is None else found.start()
