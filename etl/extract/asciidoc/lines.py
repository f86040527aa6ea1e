"""AsciiDoc by its lines: which of them are text of the page, and what the first characters of a line say.

    ifdef::online[]              left out, the lines inside are kept
    include::codes.adoc[]        left out, never read
    [cols="1,2",options=header]  attributes of the block below
    * item                       a marker of a list, which tells its depth

Rules are those of https://docs.asciidoctor.org/asciidoc/latest/.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?$")
TITLE = re.compile(r"\.(\.?[^ \t.].*)$")
ATTRIBUTE_ENTRY = re.compile(r":(!?)([A-Za-z0-9_][\w-]*)(!?):(?:[ \t]+(.*))?$")
BLOCK_ATTRIBUTES = re.compile(r"\[(?:|[\w.#%{,\"'].*|\[(?:|[A-Za-z_:][\w\-:.]*(?:, *.+)?)\])\]$")
TABLE = re.compile(r"[|,:!]={3,}$")
VERBATIM = re.compile(r"(?:-{4,}|\.{4,}|\+{4,}|`{3,}[^`]*)$")
CONTAINER = re.compile(r"(?:={4,}|\*{4,}|_{4,}|--|~{4,})$")
COMMENT_BLOCK = re.compile(r"/{4,}$")
BREAK = re.compile(r"(?:'{3,}|<{3,}|-{3}|\*{3}|- - -|\* \* \*)$")
MEDIA = re.compile(r"(?:image|video|audio|toc)::\S*\[.*\]$")
ADMONITION = re.compile(r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+")
TERM = re.compile(r"[ \t]*(?!//)(\S.*?)(:::?:?|;;)(?:[ \t]+(.*))?$")
UNDERLINE = re.compile(r"([=~^+-])\1+$")
UNDERLINE_LEVELS = "=-~^+"

_DELIMITER_STARTS = frozenset("|,:!-.+`=*_~/")
_ITEM = re.compile(r"[ \t]*(-|\*{1,5}|\.{1,5}|•|<[\d.]+>|\d{1,9}\.|[a-zA-Z]\.|[ivxIVX]{1,8}\))[ \t]+(?=\S)")
_CHECK = re.compile(r"\[[ x*]\][ \t]+(?=\S)")
_PRINTED_NUMBER = 100
_CONDITION = re.compile(r"(?:ifdef|ifndef|ifeval|endif)::[^\[]*\[(.*)\]$")
_INCLUDE = re.compile(r"include::[^\[]*\[.*\]$")
_ATTRIBUTE = re.compile(r"""\s*(?:([A-Za-z][\w-]*)\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^,]*))\s*(?:,|$)""")


def is_delimiter(line: str) -> bool:
    """Whether `line` opens or closes a block: a table, code, a comment, or a block that holds others."""
    return line[:1] in _DELIMITER_STARTS and any(pattern.match(line) for pattern in (TABLE, VERBATIM, CONTAINER, COMMENT_BLOCK))


def is_comment(line: str) -> bool:
    """Whether `line` is a comment of one line."""
    return line.startswith("//") and not line.startswith("///")


def take_lines(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines of the page with their numbers, without front matter, conditions and includes, which are never read.

    What a condition of one line holds (`ifdef::x[text]`) is kept.
    """
    start = 0
    if lines and lines[0].rstrip() == "---" and "---" in (closing := [line.rstrip() for line in lines[1:200]]):
        start = closing.index("---") + 2
    taken: list[tuple[int, str]] = []
    for number, line in enumerate(lines[start:], start=start + 1):
        text = line.rstrip()
        if "::" in text:
            if text.startswith(("if", "endif")) and (found := _CONDITION.match(text)):
                if found[1] and not text.startswith(("endif", "ifeval")):
                    taken.append((number, found[1]))
                continue
            if _INCLUDE.match(text):
                continue
        taken.append((number, text))
    return taken


def match_item(line: str) -> tuple[str, str] | None:
    """The marker of a list item, all numbers being one, and the item's text; a number that is a code belongs to the text."""
    found = _ITEM.match(line)
    if found is None:
        return None
    marker, text = found[1], line[found.end() :]
    if marker[0].isdigit():
        return "1.", text if int(marker[:-1]) < _PRINTED_NUMBER else f"{marker} {text}"
    if marker[0].isalpha() and marker[-1] in ".)":
        return "a" + marker[-1], text
    if marker[0] in "*-":
        check = _CHECK.match(text)
        text = text if check is None else text[check.end() :]
    return "<" if marker[0] == "<" else marker, text


def read_block_attributes(line: str) -> dict[str, str]:
    """What `[…]` above a block says: names in lower case, `options` joined by spaces, the first word as `style`."""
    found: dict[str, str] = {}
    options: list[str] = []
    inner = line[1:-1]
    position = 0
    place = 0
    while position < len(inner):
        match = _ATTRIBUTE.match(inner, position)
        if match is None or match.end() == position:
            break
        position = match.end()
        value = next((part for part in (match[2], match[3], match[4]) if part is not None), "").strip()
        name = (match[1] or "").lower()
        if name in {"options", "opts"}:
            options += re.split(r"[\s,]+", value)
        elif name:
            found[name] = value
        elif place == 0 and not value.startswith("["):
            shorthand = re.split(r"(?=[.#%])", value)
            found["style"] = shorthand[0]
            options += [part[1:] for part in shorthand if part.startswith("%")]
        if not name:
            place += 1
    if options:
        found["options"] = " ".join(filter(None, options))
    return found
