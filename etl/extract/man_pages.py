r"""The source of manual pages: tagged paragraphs below section headings.

    .SH "EXIT STATUS"               the section
    .TP                             the next line is the tag …
    .B 0
    Success.                        … and the paragraph below it the text
    .IP 1 4                         the tag stands beside the macro
    Not found.
    .IP                             the same entry goes on
    Try \fBfind\fR(1).
    .It Bq Er EACCES                the same in mdoc; brackets only show that this is the name of an error
    Not allowed.
    .TP
    .B [ENOENT]                     the same in pages of POSIX
    Not there.

One table per section of whose tags most look like codes or the names of errno.h; the columns are tag and text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.extract.bare_text import claim_lines, is_blank, is_code, is_symbol, join_paragraphs
from etl.extract.roff import read_control, render_control, render_inline, render_text, split_arguments
from etl.model import Cell, Document, Options, Row, Table
from etl.text import collapse

LAYOUT = "man_pages"

FEWEST_TAGS = 2
_CODES_SHARE = 0.6

_HEADINGS = frozenset({"SH", "SS", "Sh", "Ss"})
_PARAGRAPHS = frozenset({"PP", "LP", "P", "HP"})
_BULLETS = frozenset({"•", "-", "*", "o", "·", "—", "–"})
_TAG_JOINT = ", "
_JOINT = re.compile(r",? or |, ?|/| and ")
_BRACKETED = re.compile(r"\[(E[A-Z0-9]{2,15}(?:,? (?:or )?E[A-Z0-9]{2,15})*)\]")
_BRACKETS = str.maketrans("", "", "[]()<>\"'‘’“”")


@dataclass(kw_only=True, slots=True)
class _Entry:
    """A tagged paragraph: the lines of the tag as printed and rendered, those of its text likewise."""

    index: int
    depth: int
    tags: list[str] = field(default_factory=list)
    printed_tags: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    first: int | None = None
    last: int = 0


@dataclass(kw_only=True, slots=True)
class _Section:
    heading: int | None
    title: str | None
    entries: list[_Entry] = field(default_factory=list)


def read_tables(document: Document, _options: Options) -> tuple[Table, ...]:
    """One table per section whose tags are mostly codes; () for a document that is no source of a manual page."""
    lines = document.lines
    if not any(line.startswith((".SH", ".Sh", ".TP", ".IP", ".It")) for line in lines):
        return ()
    reader = _Reader(lines=lines)
    for index, line in enumerate(lines):
        reader.read_line(index, line)
    return tuple(
        _build_table(lines, section) for section in reader.sections if len(section.entries) >= FEWEST_TAGS and _has_codes(section.entries)
    )


@dataclass(kw_only=True, slots=True)
class _Reader:
    """Where reading stands: the open entry, whether the next line is its tag, how deep lists and indents are nested."""

    lines: Sequence[str]
    sections: list[_Section] = field(default_factory=lambda: [_Section(heading=None, title=None)])
    entry: _Entry | None = None
    awaits_tag: bool = False
    depth: int = 0

    def read_line(self, index: int, line: str) -> None:
        control = read_control(line)
        if control is None:
            self._take(index, render_text(line), line)
            return
        macro, rest = control
        if macro in _HEADINGS:
            title = collapse(" ".join(map(render_text, split_arguments(rest))))
            self.sections.append(_Section(heading=index, title=title or None))
            self.entry, self.awaits_tag, self.depth = None, False, 0
        elif macro in {"TP", "TQ"}:
            self._open(index, is_further=macro == "TQ")
            self.awaits_tag = True
        elif macro in {"IP", "It"}:
            self._read_tag(index, macro, rest)
        elif macro in {"RS", "Bl"}:
            self.depth += 1
        elif macro in {"RE", "El"}:
            self.depth = max(self.depth - 1, 0)
            if self.entry is not None and self.depth < self.entry.depth:
                self.entry = None
        elif macro in _PARAGRAPHS:
            if self.entry is not None and self.depth <= self.entry.depth:
                self.entry = None
        else:
            text = render_control(macro, rest)
            if text is not None:
                self._take(index, text, line)

    def _read_tag(self, index: int, macro: str, rest: str) -> None:
        arguments = split_arguments(rest)
        tag = render_inline(arguments) if macro == "It" else render_text(arguments[0]) if arguments else ""
        is_nested = self.entry is not None and self.depth > self.entry.depth
        if is_nested or (self.entry is not None and tag.strip() in _BULLETS):
            self._take(index, f"• {'' if tag.strip() in _BULLETS else tag}", self.lines[index])
        elif tag.strip() and tag.strip() not in _BULLETS:
            self._open(index)
            self._take_tag(tag, rest.strip() if macro == "It" else arguments[0])

    def _open(self, index: int, *, is_further: bool = False) -> None:
        if is_further and self.entry is not None:
            return
        if self.entry is not None and self.depth > self.entry.depth:
            return
        self.entry = _Entry(index=index, depth=self.depth, last=index)
        self.sections[-1].entries.append(self.entry)

    def _take_tag(self, text: str, printed: str) -> None:
        if self.entry is not None:
            self.entry.tags.append(_BRACKETED.sub(r"\1", text))
            self.entry.printed_tags.append(printed)

    def _take(self, index: int, text: str, printed: str) -> None:
        """A line of the open entry: its tag, or its text. The text behind a bullet belongs to the bullet's line."""
        entry = self.entry
        if entry is None or (is_blank(text) and not self.awaits_tag):
            return
        entry.last = index
        if self.awaits_tag:
            self.awaits_tag = False
            if not entry.texts:
                self._take_tag(text, printed)
                return
            text = f"• {text}"
        if entry.first is None:
            entry.first = index
        if entry.texts and entry.texts[-1].startswith("• ") and self.depth > entry.depth and not text.startswith("• "):
            entry.texts[-1] = f"{entry.texts[-1].rstrip()} {text.strip()}"
        else:
            entry.texts.append(text)


def _has_codes(entries: Sequence[_Entry]) -> bool:
    return sum(_is_code_tag(_TAG_JOINT.join(entry.tags)) for entry in entries) >= _CODES_SHARE * len(entries)


def _is_code_tag(tag: str) -> bool:
    """Whether the tag is a code, a symbol, several of them, or a code and its title."""
    words = [word.strip().translate(_BRACKETS) for word in _JOINT.split(tag)]
    if all(is_code(word) or is_symbol(word) for word in words):
        return True
    first, *others = [word.rstrip(":.").translate(_BRACKETS) for word in tag.split()[:2]] or [""]
    return (is_code(first) and not first.startswith("-")) or (is_symbol(first) and all(map(is_code, others)))


def _build_table(lines: Sequence[str], section: _Section) -> Table:
    rows = tuple(_build_row(lines, entry) for entry in section.entries)
    return Table(
        layout=LAYOUT,
        section=section.title,
        header=(),
        rows=rows,
        line_start=rows[0].line_start,
        line_end=max(row.line_end for row in rows),
        claims=() if section.heading is None else (claim_lines("heading", section.heading),),
    )


def _build_row(lines: Sequence[str], entry: _Entry) -> Row:
    start, end = entry.index + 1, entry.last + 1
    first = entry.index if entry.first is None else entry.first
    tag = Cell(
        text=collapse(_TAG_JOINT.join(entry.tags)),
        raw="\n".join(entry.printed_tags).strip(),
        line_start=start,
        line_end=max(start, first),
    )
    text = Cell(
        text=join_paragraphs(entry.texts),
        raw="" if entry.first is None else "\n".join(lines[first : entry.last + 1]).strip(),
        line_start=first + 1,
        line_end=end if entry.first is not None else first + 1,
    )
    return Row(cells=(tag, text), line_start=start, line_end=end)
