"""The contract's text rules, for text that is already free of mark-up (pure).

"Every run of white space is one space, ends trimmed; no space before a line that begins with `.` `,` `;` `:` or `)`. Two
or more list items keep their lines: the lead-in and each item on a line of its own, items prefixed `- `; a single item
is plain text."
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_CLOSING = (".", ",", ";", ":", ")")


def collapse(text: str) -> str:
    """`text` on one line: every run of white space (line ends and NBSP too) is one space, ends trimmed."""
    return " ".join(text.split())


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one paragraph joined by one space, without it before a line that begins with closing punctuation."""
    joined = ""
    for line in map(collapse, lines):
        if not line:
            continue
        joined += line if not joined or line.startswith(_CLOSING) else f" {line}"
    return joined


def join_items(lead: str, items: Iterable[str]) -> str:
    """A lead-in and its list items, each already one clean text: two or more items keep a line each, prefixed `- `."""
    return join_parts([(False, lead), *((True, item) for item in items)])


def join_parts(parts: Iterable[tuple[bool, str]]) -> str:
    """Clean texts, each with whether it is a list item: with two or more items every text keeps its line, items prefixed `- `."""
    kept = [(item, text) for item, text in parts if text]
    if sum(item for item, _ in kept) < 2:
        return join_lines(text for _, text in kept)
    return "\n".join(f"- {text}" if item else text for item, text in kept)


def measure_width(text: str) -> int:
    """The columns that `text` takes where it is shown: East Asian wide characters are two wide, combining ones none (UAX 11)."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
