"""Lines that open the entry of a code, and the entries that follow from them: shared by the lists of bare text.

    4001 Bad name            code, white space, text
    E-17: Bad name           code, separator (`:` `=` `=>` `->` a dash), text
    4001=Bad name            the same without blanks: `:` `=` `]` and long dashes; before other scripts `-` `.` `、` `，` `】`
    [EACCES]                 code alone; brackets, quotes and bullets around it are no part of it
    Error 4001 - Bad name    a lead of one or two words before a code with a digit
    err_no = 4001, // Bad    a lead that names a variable
    EAGAIN or EWOULDBLOCK    two names of one entry
    3. E-17: Bad name        the number of an entry before its code
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from etl.extract.bare_text import build_cell, claim_heading, is_blank, is_code, is_symbol, is_wrapped, measure_indent, read_title
from etl.model import Claim, Row, Table

FEWEST_ENTRIES = 3

_WORD = re.compile(r"\S{1,130}")
_LEAD = re.compile(r"[^\W\d_]{1,20}(?:_[^\W\d_]{1,20}){0,3}")
_ASSIGNMENTS = frozenset({"=", ":", ":="})
_BULLETS = frozenset({"-", "*", "•", "+", "–"})
_SEPARATORS = frozenset({"-", "–", "—", "=", "=>", "->", ":", "：", "→", "//"})
_JOINTS = frozenset({"or", "and", "/", "|"})
_QUOTES = {'"': '"', "'": "'", "`": "`", "[": "]", "(": ")", "<": ">", "{": "}", "【": "】", "（": "）", "「": "」", "［": "］"}
_CLOSING_QUOTES = "".join(_QUOTES.values())
_COLONS = ":：="
_COUNTING_MARKS = ".),、，"
"""What stands behind the numbers of steps, too."""

_MARKS = frozenset(_COLONS + _COUNTING_MARKS + "-–—")
_GLUED = re.compile(r":(?![0-9/:])|：|=(?!=)|[–—]+(?=[^\W\d_])|[、，](?![0-9])|[-.](?=[A-Za-z/]{0,20}(?:[^\W\d_\x00-\x7f]|[（「“]))")
"""A separator between a code and its text without blanks."""

_GLUED_WORD = re.compile(r"[0-9]{3,}(?=-[A-Za-z][a-z]+[,.;:]?\Z)")
"""A number in front of a hyphen and a word: `4001-bad`."""

_GLUED_LEAD = re.compile(r"[^\W\d_\x00-\x7f]{1,20}：?(?=[0-9A-Za-z])")
"""A lead of a script that prints no blanks between words."""

_ORDINAL = re.compile(r"[0-9]{1,2}[.)]")
_LEAD_WORDS = 2
_LOOKED_AT = 400
_SECTION_NUMBER = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})+")
_SELDOM = 0.2
"""Leads that stand in fewer lines than this share of the most usual one's are seldom."""

_COUNTING_DIGITS = 3
"""`1.` and `1)` count steps; from this many digits on they are codes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """Where the code and the text stand in a line that opens an entry.

    `lead` are the words before the code. `is_marked`: more than one space stands between code and text. `is_symbol`: the
    code bears no digit. `text` is the end of the line where no text follows.
    """

    lead: str
    code: tuple[int, int]
    text: int
    is_marked: bool
    is_symbol: bool


def find_opening(line: str) -> Opening | None:
    """The code that the line opens with, None where it opens with none.

    Behind the number of an entry (`3. E17: Bad name`) it must have a separator behind it, as numbered prose has none.
    """
    words = _take_words(line)
    if len(words) > 1 and _ORDINAL.fullmatch(words[0][0]) is not None:
        opening = _open(line, words[1:])
        return opening if opening is not None and opening.is_marked and opening.text < len(line.rstrip()) else None
    return _open(line, words)


def _open(line: str, words: Sequence[tuple[str, int, int]]) -> Opening | None:
    for number, word in enumerate(words[: _LEAD_WORDS + 1]):
        lead = words[:number]
        is_assigned = number == _LEAD_WORDS and lead[-1][0] in _ASSIGNMENTS
        if lead and not is_assigned and _LEAD.fullmatch(lead[-1][0].rstrip("#")) is None:
            return None
        core = _find_core(*word)
        if core is None:
            continue
        code = line[slice(*core)]
        symbolic = not is_code(code)
        if symbolic and (number > 0 or not is_symbol(code) or _is_lead(code, words[1:])):
            continue
        return _finish(line, words[number:], core, " ".join(text for text, _, _ in lead), symbolic=symbolic)
    return None


def _is_lead(word: str, words: Sequence[tuple[str, int, int]]) -> bool:
    """Whether a name without an underscore is rather a word before a code with a digit: `ERROR 4001`, `Error Code 12`."""
    cores = (_find_core(*following) for following in words[:_LEAD_WORDS])
    return word.isalpha() and word.isupper() and any(
        core is not None and is_code(following[0][core[0] - following[1] : core[1] - following[1]])
        for core, following in zip(cores, words, strict=False)
    )


def _take_words(line: str) -> list[tuple[str, int, int]]:
    """The first words of the line without a bullet, with their places; a lead that is glued to the first is one itself."""
    words = [(found[0], *found.span()) for _, found in zip(range(_LEAD_WORDS + 5), _WORD.finditer(line, 0, _LOOKED_AT), strict=False)]
    if len(words) > 1 and words[0][0] in _BULLETS:
        del words[0]
    lead = _GLUED_LEAD.match(words[0][0]) if words else None
    if lead is not None:
        word, start, end = words[0]
        words[:1] = [(lead[0].rstrip("："), start, start + lead.end()), (word[lead.end() :], start + lead.end(), end)]
    return words


def _find_core(word: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the code stands in a word: without quotes and brackets around it, without a separator and what is glued to it."""
    while start < end and word[:1] in _QUOTES:
        closing = word.find(_QUOTES[word[0]], 1)
        is_glued = closing > 1 and (word[closing + 1 : closing + 2].isalpha())
        word, start = word[1 : closing if is_glued else None], start + 1
    number = _GLUED_WORD.match(word)
    glued = _GLUED.search(word)
    if number is not None:
        word = number[0]
    elif glued is not None:
        counts = word[glued.start()] in _COUNTING_MARKS
        word = word[: glued.end() if counts else glued.start()]
    word = word.rstrip(_COLONS).rstrip(_CLOSING_QUOTES).rstrip(_COLONS)
    counts = not word.startswith("-") and sum(map(str.isdigit, word)) < _COUNTING_DIGITS
    if word.endswith(tuple(_COUNTING_MARKS)) and not counts:
        word = word.rstrip(_COUNTING_MARKS)
    if word.endswith(",") and is_symbol(word[:-1]):
        word = word[:-1]
    return (start, start + len(word)) if word else None


def _finish(line: str, words: Sequence[tuple[str, int, int]], core: tuple[int, int], lead: str, *, symbolic: bool) -> Opening:
    end = len(line.rstrip())
    start, stop = core
    following = 1
    if len(words) == 3 and words[1][0].lower() in _JOINTS and words[2][2] == end:
        other = _find_core(*words[2])
        if other is not None and (is_symbol(line[slice(*other)]) or is_code(line[slice(*other)])):
            stop, following = other[1], 3
    text = words[following - 1][2]
    behind = line[stop:text].lstrip(_CLOSING_QUOTES + ",")
    is_marked = bool(behind)
    glued = behind.lstrip(_COLONS if behind[:1] in _COLONS else behind[0]) if behind[:1] in _MARKS else behind
    if glued:
        text -= len(glued)
    elif following < len(words) and words[following][0] in _SEPARATORS:
        is_marked = True
        text = words[following][2]
    gap = line[text : text + 2]
    is_marked = is_marked or gap[:1] == "\t" or (len(gap) == 2 and is_blank(gap))
    rest = line[text:end]
    text += len(rest) - len(rest.lstrip())
    return Opening(lead=lead, code=(start, stop), text=text, is_marked=is_marked or text >= end, is_symbol=symbolic)


def find_openings(lines: Sequence[str]) -> dict[int, Opening]:
    """The lines that open an entry, without those that do so by chance.

    These go on with prose, or are headings, or have a lead that is seldom.
    """
    found: dict[int, Opening] = {}
    for index, line in enumerate(lines):
        opening = None if is_blank(line) else find_opening(line)
        if opening is None or (index - 1 not in found and is_wrapped(lines, index)) or _is_title(lines, index, opening):
            continue
        found[index] = opening
    times = Counter(opening.lead for opening in found.values())
    usual = max(FEWEST_ENTRIES, _SELDOM * max(times.values(), default=0))
    return {index: opening for index, opening in found.items() if times[opening.lead] >= usual}


def _is_title(lines: Sequence[str], index: int, opening: Opening) -> bool:
    """Whether the line is rather a heading: with a section number, or a word in capitals at the margin (`ERRORS`)."""
    line = lines[index]
    word = line[slice(*opening.code)]
    if word.isalpha() and word.isupper():
        return opening.code[0] == 0 and opening.text >= len(line.rstrip())
    stands_alone = (index == 0 or is_blank(lines[index - 1])) and (index + 1 == len(lines) or is_blank(lines[index + 1]))
    return stands_alone and _SECTION_NUMBER.fullmatch(word) is not None


def goes_on_with(code: str, above: str) -> bool:
    """Whether the code is a part of the code above it: `401.1` of `401`."""
    return code.startswith(above) and code[len(above) : len(above) + 1] in {".", "-", "_"}


def is_mention(groups: Sequence[Sequence[tuple[str, int]]]) -> list[bool]:
    """For groups of codes and their indents, which of them only mention a code in passing.

    These hold one code, which stands at another indent than those of all groups of three or more, and which these
    document too, or which looks like none of theirs. There is no telling unless most codes stand in such larger groups.
    """
    large = [member for group in groups if len(group) >= FEWEST_ENTRIES for member in group]
    if len(large) * 2 < sum(map(len, groups)):
        return [False] * len(groups)
    known = {code for code, _ in large}
    shapes = set(map(_name_shape, known))
    depths = {depth for _, depth in large}
    return [
        len(group) == 1 and group[0][1] not in depths and (group[0][0] in known or _name_shape(group[0][0]) not in shapes)
        for group in groups
    ]


def _name_shape(code: str) -> str:
    """The code with one sign for all its letters and digits, or for digits where it has no letters."""
    sign = "A" if any(map(str.isalpha, code)) else "9"
    return "".join(sign if character.isalnum() else character for character in code)


@dataclass(kw_only=True, slots=True)
class Entry:
    """An entry: its first line, the places of code and title in it, the heading above, the indexes of its body's lines."""

    index: int
    code: tuple[int, int]
    title: int
    heading: int | None = None
    body: list[int] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)


def group_entries(lines: Sequence[str], entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries by heading, without mere mentions: an entry that has a heading of its own begins a group."""
    groups: list[list[Entry]] = []
    for entry in entries:
        if not groups or entry.heading is not None:
            groups.append([])
        groups[-1].append(entry)
    mentions = is_mention(
        [[(lines[entry.index][slice(*entry.code)], measure_indent(lines[entry.index])) for entry in group] for group in groups]
    )
    return [group for group, is_passing in zip(groups, mentions, strict=True) if not is_passing]


def has_title(lines: Sequence[str], entry: Entry) -> bool:
    """Whether text stands beside the code."""
    return not is_blank(lines[entry.index][entry.title :])


def is_only_wrapped(lines: Sequence[str], index: int, below: int, width: int) -> bool:
    """Whether the line `below` only goes on with the line `index`: its first word had no room there, in `width` columns."""
    head = lines[index].rstrip()
    return below == index + 1 and not head.endswith((".", ":")) and len(head) + 1 + len(lines[below].split(None, 1)[0]) > width


def build_entry_table(lines: Sequence[str], entries: Sequence[Entry], *, layout: str, has_titles: bool) -> Table:
    """A table of entries under one heading: code, title (where `has_titles`) and text."""
    heading = entries[0].heading
    rows = tuple(_build_row(lines, entry, has_titles=has_titles) for entry in entries)
    rules = (
        Claim(kind="markup", line_start=index + 1, line_end=index + 1) for entry in entries for index in entry.rules
    )
    return Table(
        layout=layout,
        section=read_title(lines, heading),
        header=(),
        rows=rows,
        line_start=rows[0].line_start,
        line_end=rows[-1].line_end,
        claims=(*claim_heading(lines, heading), *rules),
    )


def _build_row(lines: Sequence[str], entry: Entry, *, has_titles: bool) -> Row:
    line, number = lines[entry.index], entry.index + 1
    last = entry.body[-1] + 1 if entry.body else number
    cells = [build_cell([line[slice(*entry.code)]], number)]
    if has_titles:
        cells.append(build_cell([line[entry.title :]], number))
    cells.append(build_cell(lines[entry.body[0] : last], entry.body[0] + 1) if entry.body else build_cell([""], number))
    return Row(cells=tuple(cells), line_start=number, line_end=last)
