"""reStructuredText by its lines: what the first characters and the indentation of a line say, before anything is read.

    Errors            a title and its style: `=`; with a line above it too, `==`
    ======
    - one             a marker, two wide
      more            a line of the same item

Rules are those of https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html. Lines have no tabs and no white
space at their ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.text import measure_width

BULLET = re.compile(r"[-+*\u2022\u2023\u2043](?: +|$)")
FIELD = re.compile(r":(?![: ])((?:[^:\\]|\\.|:(?![ `]|$))+)(?<! ):(?: +|$)")
LINE_BLOCK = re.compile(r"\|(?: +|$)")
EXPLICIT = re.compile(r"\.\.(?: +|$)")
ANONYMOUS = re.compile(r"__(?: +|$)")
FOOTNOTE = re.compile(r"\.\. +\[[^\]\s]+\](?: +|$)")

_ENUMERATOR = re.compile(r"(?:\((?P<inner>\w{1,12}|#)\)|(?P<bare>\w{1,12}|#)[.)])(?: +|$)")
_ROMAN = r"m{0,4}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})"
_ORDINAL = re.compile(rf"[0-9]+|[a-z]|#|(?=[ivxlcdm]){_ROMAN}", re.IGNORECASE | re.ASCII)
_PRINTED_NUMBER = 100

_OPTION = r"(?:-\d+|[-+][a-zA-Z0-9](?: ?(?:[a-zA-Z][\w-]*|<[^<>]+>))?|(?:--|/)[a-zA-Z0-9][\w-]*(?:[ =](?:[a-zA-Z][\w-]*|<[^<>]+>))?)"
OPTIONS = re.compile(rf"{_OPTION}(?:, {_OPTION})*(?:  +|$)")
"""Command-line options; also `-100  text`, a negative code and its meaning, which docutils takes for a line of text."""

_RULE = re.compile(r"([!-/:-@\[-`{-~])\1*$")


def measure_indent(line: str) -> int:
    """Spaces in front of `line`."""
    return len(line) - len(line.lstrip(" "))


def dedent(lines: Sequence[str]) -> list[str]:
    """`lines` without the spaces that all of them begin with."""
    margin = min((measure_indent(line) for line in lines if line), default=0)
    return [line[margin:] for line in lines]


def find_blank(lines: Sequence[str], index: int) -> int:
    """The index of the first blank line from `index` on, or of the end."""
    while index < len(lines) and lines[index]:
        index += 1
    return index


def find_indented_end(lines: Sequence[str], index: int) -> int:
    """The index after the last of the lines from `index` on that are indented, blank ones between them passed over."""
    end = index
    while index < len(lines) and lines[index][:1] in ("", " "):
        index += 1
        if lines[index - 1]:
            end = index
    return end


def match_enumerator(lines: Sequence[str], index: int) -> tuple[int, str] | None:
    """How wide the marker of an enumerated item is and how much of it is text: `404.` in a list of codes, else "".

    The line below must be blank, indented or an item too: else the number is part of a sentence.
    """
    found = _ENUMERATOR.match(lines[index])
    if found is None or not _ORDINAL.fullmatch(ordinal := found["inner"] or found["bare"]):
        return None
    following = lines[index + 1] if index + 1 < len(lines) else ""
    if following[:1] not in ("", " ") and not _ENUMERATOR.match(following):
        return None
    printed = ordinal.isdecimal() and (int(ordinal) >= _PRINTED_NUMBER or ordinal.startswith("00"))
    return found.end(), found[0] if printed else ""


def cut_item(lines: Sequence[str], index: int, indent: int) -> tuple[int, list[str]]:
    """Where the list item ends that begins at `index` with a marker `indent` wide, and its content without the marker.

    Lines below it belong to it where they are indented by as much; a line indented by less does where no blank line
    stands before it.
    """
    first = lines[index][indent:]
    end = index + 1
    following = end
    if not first and following < len(lines) and lines[following].startswith(" "):
        indent = min(indent, measure_indent(lines[following]))
    while following < len(lines):
        line = lines[following]
        if line:
            depth = measure_indent(line)
            if depth < indent and (not depth or end != following):
                break
            end = following + 1
        following += 1
    return end, [first, *(line[min(indent, measure_indent(line)) :] for line in lines[index + 1 : end])]


def is_rule(line: str) -> bool:
    """Whether `line` is one punctuation mark, once or repeated: it stands under or over titles, or between parts."""
    return _RULE.match(line) is not None


def find_literal(lines: Sequence[str], index: int) -> tuple[int, int] | None:
    """Where the literal block stands that the paragraph before `index` announces by `::`; None where there is none.

    It is indented, or each of its lines begins with the same punctuation mark.
    """
    start = index
    while start < len(lines) and not lines[start]:
        start += 1
    if start == len(lines):
        return None
    if lines[start][0] == " ":
        return start, find_indented_end(lines, start)
    end = find_blank(lines, start)
    quoted = start > index and is_rule(lines[start][0]) and all(line[0] == lines[start][0] for line in lines[start:end])
    return (start, end) if quoted else None


def match_title(lines: Sequence[str], index: int) -> tuple[str, str, int] | None:
    """Title, style and end of the section title that begins at `index`: text over a rule, or between two."""
    line = lines[index]
    following = lines[index + 1] if index + 1 < len(lines) else ""
    if is_rule(line) and following and index + 2 < len(lines):
        title = following.strip()
        below = lines[index + 2]
        if below[:1] == line[0] and is_rule(below) and (len(line) >= 4 or len(line) >= measure_width(title)):
            return title, line[0] * 2, index + 3
    if is_rule(following) and not is_rule(line) and (len(following) >= 4 or len(following) >= measure_width(line)):
        return line, following[0], index + 2
    return None
