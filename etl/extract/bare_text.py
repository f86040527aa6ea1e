"""What the layouts of bare text share: which lines open a list item, what looks like a heading or a code, cells of lines.

Bare text marks nothing: these are the few things that one may still say about a line by itself. All of it is linear in
the length of the line, since a page may be one line of 30 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from etl.model import Cell, Claim, ClaimKind
from etl.text import collapse, join_lines

HEADING_LENGTH = 100
"""No longer line is taken for a heading."""

PROSE_LENGTH = 50
"""Lines of prose that go on with the next one are longer."""

_WORDS_BEFORE_COLON = 3
"""A longer line that ends in a colon introduces what follows ("The call fails with:") and is no heading."""

_LINES_ABOVE = 200
"""How far above a table its heading is looked for."""

RULE_CHARACTERS = "#*=-~_+^"
"""What rules are drawn with; below headings, from the usual for the highest to the usual for the lowest."""

_COMMENTS = ("#", "//", ";", "--")
_DECORATION = re.compile(r"^(?:#+|[=*~-]{2,})\s+|\s+(?:#+|[=*~-]{2,})$")
_BULLET = re.compile(r"[ \t]*[•◦▪‣·*–-][ \t]+(?=\S)")
_CODE_LENGTH = 64
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.-][0-9]+)*|0[xX][0-9A-Fa-f]+")
_MIXED = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*")
_NO_CODE = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)|[0-9]\.?(?:xx?|XX?)|[0-9]+s")
"""Ordinals and classes: `1st`, `4xx`, `4000s`."""

_CAPITALS = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|E[A-Z0-9]{3,}|-E[A-Z][A-Z0-9]+")
"""Words joined by underscores, and the names of errno.h: with a minus sign where they are returned negative."""

_CAMEL = re.compile(r"[A-Z][a-z0-9]+(?:\.?[A-Z]+[a-z0-9]+)+")


def is_blank(line: str) -> bool:
    return not line or line.isspace()


def measure_indent(line: str) -> int:
    """How many columns the first character that is no white space stands in; tabs stop at every eighth."""
    lead = line[: len(line) - len(line.lstrip())]
    return len(lead.expandtabs()) if "\t" in lead else len(lead)


def is_bullet(line: str) -> bool:
    """Whether the line opens a list item: a bullet, a hyphen or an asterisk, then white space, then text."""
    return _BULLET.match(line) is not None


def is_rule(line: str) -> bool:
    """Whether the line is a rule across the text or below a heading: one character, three times or more."""
    text = line[:_CODE_LENGTH].strip()
    return len(text) > 2 and text[0] in RULE_CHARACTERS and set(line) <= {text[0], " ", "\t"}


def is_remark(line: str) -> bool:
    """Whether the line as a whole stands in brackets."""
    text = line.strip()
    return (text[:1], text[-1:]) in {("(", ")"), ("（", "）"), ("[", "]")} and text.count(text[0]) == text.count(text[-1]) and " " in text


def is_heading(line: str) -> bool:
    """Whether the line may be a heading: short, with a letter in it, and without the punctuation that ends prose."""
    text = line.strip() if len(line) <= 4 * HEADING_LENGTH else line
    if not 0 < len(text) <= HEADING_LENGTH or text.endswith((".", ",", ";", "!", "?", "|", "。", "，", "；", "！", "？")):
        return False
    if text.endswith(":") and len(text.split()) > _WORDS_BEFORE_COLON:
        return False
    return any(character.isalpha() for character in text) and not is_bullet(text)


def is_code(token: str) -> bool:
    """Whether one word looks like a code and bears a digit: `4000`, `-1003`, `0x1F`, `4e04`, `08P01`, `PR400-AN-0001`."""
    if len(token) > _CODE_LENGTH or _NO_CODE.fullmatch(token) is not None:
        return False
    return _NUMBER.fullmatch(token) is not None or _MIXED.fullmatch(token) is not None


def is_symbol(token: str) -> bool:
    """Whether one word looks like a symbolic name: `INVALID_XML`, `EACCES`, `AccessDenied`, `Throttling.User`."""
    if len(token) > _CODE_LENGTH:
        return False
    return _CAPITALS.fullmatch(token) is not None or _CAMEL.fullmatch(token) is not None


def join_paragraphs(lines: Sequence[str]) -> str:
    """The text of a cell that stands on several lines, by the contract's text rules.

    Lines are joined by a space. Where two or more list items stand among them, each keeps a line of its own, prefixed
    `- `; a line that is indented deeper than the bullet above it continues that item, any other ends the list.
    """
    parts: list[tuple[bool, list[str]]] = []
    depth = -1
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet is not None:
            parts.append((True, [line[bullet.end() :]]))
            depth = measure_indent(line)
        elif parts and (not parts[-1][0] or measure_indent(line) > depth):
            parts[-1][1].append(line)
        elif not is_blank(line):
            parts.append((False, [line]))
    if sum(is_item for is_item, _ in parts) < 2:
        return join_lines(line for _, part in parts for line in part)
    joined = ((is_item, join_lines(part)) for is_item, part in parts)
    return "\n".join(f"- {text}" if is_item else text for is_item, text in joined)


def build_cell(lines: Sequence[str], line_start: int) -> Cell:
    """The cell that consists of these consecutive lines (or parts of lines), the first of which is `line_start`."""
    return Cell(
        text=join_paragraphs(lines),
        raw="\n".join(lines).strip(),
        line_start=line_start,
        line_end=line_start + len(lines) - 1,
    )


def build_column_cell(row: Sequence[int], parts: Sequence[str]) -> Cell:
    """The cell of a row of several lines (their indexes) that has one part on each; its lines are those with text."""
    filled = [place for place, part in enumerate(parts) if not is_blank(part)]
    if not filled:
        return build_cell([""], row[0] + 1)
    first, last = filled[0], filled[-1]
    return build_cell([part.strip() for part in parts[first : last + 1]], row[first] + 1)


def claim_lines(kind: ClaimKind, first: int, last: int | None = None) -> Claim:
    """The claim on the lines with the 0-based indexes `first` to `last`."""
    return Claim(kind=kind, line_start=first + 1, line_end=(first if last is None else last) + 1)


def is_wrapped(lines: Sequence[str], index: int) -> bool:
    """Whether the line only goes on with prose above it: as deep, directly below, and that line ends no sentence."""
    if index == 0 or is_blank(lines[index - 1]):
        return False
    above = lines[index - 1].rstrip()
    if len(above) <= PROSE_LENGTH or above.endswith((".", ":", "!", "?", "|")) or is_rule(above) or is_remark(above):
        return False
    return measure_indent(above) == measure_indent(lines[index])


def claim_heading(lines: Sequence[str], index: int | None) -> tuple[Claim, ...]:
    """The claims on a heading and the rule below it; () where there is no heading."""
    if index is None:
        return ()
    has_rule = index + 1 < len(lines) and is_rule(lines[index + 1])
    return (claim_lines("heading", index), *([claim_lines("markup", index + 1)] if has_rule else []))


def pick_heading(lines: Sequence[str], others: Sequence[int]) -> int | None:
    """The last of these lines, which belong to no entry, that may be a heading and is no line of prose that goes on."""
    below: int | None = None
    for index in reversed(others):
        is_prose = is_wrapped(lines, index) or (below == index + 1 and is_wrapped(lines, below))
        if is_heading(lines[index]) and not is_prose:
            return index
        below = index
    return None


def is_comment(line: str) -> bool:
    """Whether the line is a comment of a list for programs: `#` `//` `;` `--` before it. `##` is a heading."""
    text = line.lstrip()
    return text.startswith(_COMMENTS) and not text.startswith("##")


def find_heading_above(lines: Sequence[str], index: int, *, skip_comments: bool = False) -> int | None:
    """The index of the nearest heading above the line `index`, or None.

    It is the nearest line that is not blank (nor a comment, with `skip_comments`), if that may be a heading; else, above
    prose, the nearest line that may be one and stands between blank lines.
    """
    is_nearest = True
    for above in range(index - 1, max(index - 1 - _LINES_ABOVE, -1), -1):
        line = lines[above]
        if is_blank(line) or is_rule(line) or (skip_comments and is_comment(line)):
            continue
        is_apart = above == 0 or is_blank(lines[above - 1]) or is_rule(lines[above - 1])
        if is_heading(line) and (is_nearest or (is_apart and (is_blank(lines[above + 1]) or is_rule(lines[above + 1])))):
            return above
        is_nearest = False
    return None


def find_title(lines: Sequence[str]) -> int | None:
    """The index of the document's first line that is not blank, if it may be a heading."""
    first = next((index for index, line in enumerate(lines) if not is_blank(line)), None)
    return first if first is not None and is_heading(lines[first]) else None


def read_title(lines: Sequence[str], index: int | None) -> str | None:
    """The text of a heading without what it is drawn with (`## Mail`, `== Mail ==`), None where there is no heading."""
    return None if index is None else _DECORATION.sub("", collapse(lines[index]))


def strip_group_label(titles: Sequence[str]) -> list[str]:
    """Titles of sections without the one word that all of them, two or more, begin with: `Section: Mail` is `Mail`."""
    labels = {title.partition(":")[0] for title in titles if ":" in title}
    if len(titles) < 2 or len(labels) != 1 or not all(title.startswith(f"{next(iter(labels))}:") for title in titles):
        return list(titles)
    return [title.partition(":")[2].strip() or title for title in titles]


def find_headers(lines: Sequence[str], header: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the heads stand one per line, in order and with nothing but blank lines between: (first, last) indexes."""
    heads = [collapse(head) for head in header]
    index = 0
    while index < len(lines):
        last = _match_heads(lines, index, heads)
        if last is not None:
            yield index, last
            index = last
        index += 1


def _match_heads(lines: Sequence[str], index: int, heads: Sequence[str]) -> int | None:
    last = index
    for number, head in enumerate(heads):
        while number > 0 and index < len(lines) and is_blank(lines[index]):
            index += 1
        if index >= len(lines) or not _is_text(lines[index], head):
            return None
        last = index
        index += 1
    return last


def _is_text(line: str, text: str) -> bool:
    return text[:1] in line and collapse(line) == text
