"""Stretches of HTML inside Markdown, found by one scan over the lines: where they begin, where they end, what they are.

    <table>            a table, also with blank lines inside and indented rows,
                       is one stretch from its first tag
    <tr>…</tr>         to the one that closes it
    </table>

Markdown itself (CommonMark section 4.6) ends an HTML block at the first blank line, which tears such tables apart.
Fenced code, code spans and comments are skipped; comments of several lines, which may hold anything, are blanked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"(?:[ \t>]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_EVENT = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`)[^`]*(?P=ticks)(?!`))|(?P<comment><!--)"
    r"|<(?P<close>/?)(?P<name>table|dl|ul|ol|pre|h[1-6]|p|summary|script|style|svg|tr|td|th|tbody|thead|li|dt|dd)(?=[\s/>]|$)",
    re.IGNORECASE,
)
_PARTS = {"tr": "table", "td": "table", "th": "table", "tbody": "table", "thead": "table", "dt": "dl", "dd": "dl"}
_SHORT = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "summary"})
"""Elements that do not nest: a new one ends an open one, and none is read to the end of the page."""
_DROPPED = frozenset({"script", "style", "svg"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Island:
    """Lines (0-based, `end` exclusive) of HTML; `dropped` where nothing in them is text; `name` is the first element."""

    name: str
    start: int
    end: int
    dropped: bool


@dataclass(slots=True)
class _Open:
    name: str
    start: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """`islands` by the line in which each begins, none overlapping another; `lines` with the comments of several lines blanked."""

    islands: dict[int, Island]
    lines: list[str]


def scan_page(lines: Sequence[str]) -> Scan:
    """The HTML in the lines of a Markdown page."""
    remaining = list(lines)
    islands: list[Island] = []
    for island in sorted(_find_elements(remaining), key=lambda found: (found.start, -found.end)):
        if islands and island.start < islands[-1].end:
            outer = islands[-1]
            if not outer.dropped and island.end > outer.end:
                islands[-1] = Island(name=outer.name, start=outer.start, end=island.end, dropped=False)
        else:
            islands.append(island)
    return Scan(islands={island.start: island for island in islands}, lines=remaining)


def _find_elements(lines: list[str]) -> Iterator[Island]:
    """Each element that is closed, outer ones after those inside them. Blanks comments in `lines` on the way."""
    open_elements: dict[str, list[_Open]] = {}
    last_closing = max((number for number, line in enumerate(lines) if "-->" in line), default=-1)
    fence = ""
    comment: tuple[int, int] | None = None
    for number, line in enumerate(lines):
        if comment is None and ("`" in line or "~~~" in line or fence):
            mark = _FENCE.match(line)
            if fence:
                if mark is not None and mark["fence"].startswith(fence) and not line[mark.end() :].strip("`~ \t"):
                    fence = ""
                continue
            if mark is not None:
                fence = mark["fence"]
                continue
        position = 0
        if comment is not None:
            closing = line.find("-->")
            if closing < 0:
                continue
            position = closing + 3
            _blank(lines, comment, (number, position))
            comment = None
        last_in_line = line.rfind("-->") if "<!--" in line else -1
        while "<" in line and (event := _EVENT.search(line, position)) is not None:
            position = event.end()
            if event["comment"] is not None:
                closing = line.find("-->", position) if position <= last_in_line else -1
                if closing >= 0:
                    position = closing + 3
                elif number < last_closing:
                    comment = (number, event.start())
                    break
            elif event["name"] is not None:
                yield from _follow(open_elements, event["name"].lower(), number, closes=bool(event["close"]), lines=lines)
    for name, elements in open_elements.items():
        if name not in _SHORT:
            yield from (_build(element, element.last, lines) for element in elements[:1] if element.last > element.start)


def _blank(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> None:
    lines[start[0]] = lines[start[0]][: start[1]]
    lines[start[0] + 1 : end[0]] = [""] * (end[0] - start[0] - 1)
    lines[end[0]] = lines[end[0]][end[1] :].lstrip()


def _follow(open_elements: dict[str, list[_Open]], name: str, number: int, *, closes: bool, lines: Sequence[str]) -> Iterator[Island]:
    """Take in one tag; the island that it closes, if it closes one."""
    whole = ("ul", "ol") if name == "li" else (_PARTS[name],) if name in _PARTS else ()
    if whole:
        for stack in filter(None, map(open_elements.get, whole)):
            stack[-1].last = number
        return
    stack = open_elements.setdefault(name, [])
    if not closes:
        if name in _SHORT:
            stack.clear()
        stack.append(_Open(name=name, start=number, last=number))
    elif stack:
        element = stack.pop()
        if name not in _SHORT or all(line.strip() for line in lines[element.start : number]):
            yield _build(element, number, lines)


def _build(element: _Open, last: int, lines: Sequence[str]) -> Island:
    return Island(
        name=element.name,
        start=element.start,
        end=min(last + 1, len(lines)),
        dropped=element.name in _DROPPED,
    )
