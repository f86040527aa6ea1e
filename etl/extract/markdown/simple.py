r"""The short way for the Markdown of most cells: plain words, `code`, **bold**, [links](x.md), \_escapes\_, `&amp;` and `<br>`.

Whole grammars cost a tenth of a millisecond a cell. What is made of these pieces alone is read here, to the same text;
anything else is left to markdown_inline.py.
"""

from __future__ import annotations

import re
from html import unescape

from etl.model import Link
from etl.text import collapse, join_lines

_ESCAPED = r"\\[!-/:-@\[-`{-~]"
_PIECE = re.compile(
    rf"""(?P<plain>(?:[^\\`*\[\]<&\n~{{_!]|!(?!\[)|(?<=[^\W_])_+(?=[^\W_])|~(?!~)|\{{(?![%{{:/]))+)
    |(?P<escape>{_ESCAPED})
    |`(?P<code>[^`\n]+)`(?!`)
    |\*\*(?P<bold>[^\W_](?:[^*\n`\[\]]*[^\W_])?)\*\*(?!\*)
    |\[(?P<label>(?![!^])(?:[^\[\]\\`<\n]|{_ESCAPED})*)\]\((?P<href>[^\s()<>\\&]+)\)
    |(?P<entity>&(?:\#[0-9]{{1,7}}|\#[xX][0-9A-Fa-f]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)
    |(?P<line>\n|<br[ ]?/?>)
    |(?P<bracket>[\[\]](?![!^\[(]))
    |(?P<ampersand>&)""",
    re.VERBOSE,
)


def reduce_simple(text: str, *, references: bool) -> tuple[str, tuple[Link, ...]] | None:
    """The text and links of `text`; None where it holds more than this module knows.

    With `references`, brackets may be links that are defined elsewhere on the page, so they are left alone.
    """
    links: list[Link] = []
    words = _read(text, links, brackets=not references and "](" not in text)
    if words is None:
        return None
    printed = "".join(words)
    if "\n" not in printed:
        return collapse(printed), tuple(links)
    lines = printed.split("\n")
    if any(_may_be_item(line) for line in lines):
        return None
    return join_lines(lines), tuple(links)


def _read(text: str, links: list[Link], *, brackets: bool) -> list[str] | None:
    words: list[str] = []
    position = 0
    while position < len(text):
        piece = _PIECE.match(text, position)
        if piece is None:
            return None
        position = piece.end()
        kind, value = piece.lastgroup, piece[0]
        if kind in {"plain", "ampersand"}:
            words.append(value)
        elif kind == "escape":
            words.append(value[1])
        elif kind == "code":
            words.append(_unpad(piece["code"]))
        elif kind == "entity":
            words.append(unescape(value).replace("\n", " "))
        elif kind == "line":
            words.append("\n")
        elif kind == "bracket":
            if not brackets:
                return None
            words.append(value)
        else:
            inner = _read(piece["bold"] if kind == "bold" else piece["label"], links, brackets=False)
            if inner is None or "\n" in inner:
                return None
            words += inner
            if kind == "href":
                links.append(Link(text=collapse("".join(inner)), href=piece["href"]))
    return words


def _unpad(code: str) -> str:
    return code[1:-1] if code[0] == code[-1] == " " and code.strip() else code


def _may_be_item(line: str) -> bool:
    first = line.lstrip()[:1]
    return bool(first) and not first.isalpha()
