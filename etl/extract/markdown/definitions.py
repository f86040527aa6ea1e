"""Definition lists, as PHP Markdown Extra, Pandoc and kramdown write them: terms, a line each, and what defines them.

    4001                     a term …
    : Unknown order          … and its definition
    : Or none of yours.      a second one; they are the items of one cell

    4002
    4003                     several terms share what follows

    :   Refused.             a blank line may stand between; one or more spaces stand behind the colon

        Ask the bank.        indented blocks go on with the definition

CommonMark takes such lines for one paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.rules_block import StateBlock

from etl.extract.composing import compose_text, define_terms
from etl.model import Block, Cell, Claim, Row, Table
from etl.text import join_parts

LAYOUT = "definition_list"

_MOST_TERMS = 8
"""Terms that share a definition; a paragraph of more lines above a colon is one of prose."""

_INDENT = 2
"""By how much the blocks of a definition are indented, at least."""


def read_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (the signature of a block rule)
    """The block rule: a list becomes tokens `definitions_open`, `terms`, `definition_open` … `definition_close`, `definitions_close`.

    Inside a definition, the next term and the next definition end its paragraph.
    """
    if silent:
        return state.ddIndent >= 0 and (_find_text(state, start, 0) >= 0 or _find_definition(state, start, end, 0) is not None)
    colon = _find_definition(state, start, end, state.blkIndent)
    if colon is None:
        return False
    state.push("definitions_open", "", 1)
    line = start
    while colon is not None:
        terms = [number for number in range(line, colon) if not state.isEmpty(number)]
        state.push("terms", "", 0).meta = {"lines": terms, "texts": [_content(state, number) for number in terms]}
        line = colon
        while line < end and (text := _find_text(state, line, state.blkIndent)) >= 0:
            _read_definition(state, line, end, text)
            line = state.skipEmptyLines(state.line)
        colon = _find_definition(state, line, end, state.blkIndent)
    state.push("definitions_close", "", -1)
    return True


def _content(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _find_text(state: StateBlock, line: int, indent: int) -> int:
    """Where in the source the text of the definition begins that the line opens; -1 where it opens none."""
    if state.sCount[line] < indent or state.is_code_block(line):
        return -1
    colon = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith((": ", ":\t"), colon):
        return -1
    text = state.skipSpaces(colon + 1)
    return text if text < state.eMarks[line] else -1


def _find_definition(state: StateBlock, start: int, end: int, indent: int) -> int | None:
    """The line that opens the definition of the terms that begin at `start`; None where no terms do."""
    line = start
    while line < end and not state.isEmpty(line) and _find_text(state, line, indent) < 0:
        if line - start == _MOST_TERMS or state.sCount[line] < indent or state.is_code_block(line):
            return None
        line += 1
    colon = line + 1 if line > start and state.isEmpty(line) else line
    if line == start or colon >= end or _find_text(state, colon, indent) < 0:
        return None
    return None if any(_opens_block(state, number, end) for number in range(start, line)) else colon


def _opens_block(state: StateBlock, line: int, end: int) -> bool:
    """Whether another block begins in the line, so that it is no term."""
    rules = state.md.block.ruler.getRules("paragraph")
    return any(rule(state, line, end, True) for rule in rules if rule is not read_list)  # noqa: FBT003 (the signature of a block rule)


def _read_definition(state: StateBlock, line: int, end: int, text: int) -> None:
    """Read the blocks of a definition, as if its first line began with its text."""
    saved = state.blkIndent, state.ddIndent, state.tShift[line], state.sCount[line]
    state.push("definition_open", "", 1)
    state.blkIndent = state.ddIndent = state.sCount[line] + _INDENT
    state.tShift[line] = text - state.bMarks[line]
    state.sCount[line] = state.blkIndent
    state.md.block.tokenize(state, line, end)
    state.blkIndent, state.ddIndent, state.tShift[line], state.sCount[line] = saved
    state.push("definition_close", "", -1)


@dataclass(slots=True)
class OpenList:
    """A definition list that is being read: its rows so far, the terms that wait for a definition, and these definitions."""

    lines: Sequence[str]
    heading: Block | None
    rows: list[Row] = field(default_factory=list)
    terms: list[Cell] = field(default_factory=list)
    definitions: list[list[Block | Table]] = field(default_factory=list)

    def open_terms(self, terms: Sequence[Cell]) -> None:
        """Further terms: those above have all their definitions."""
        self._define()
        self.terms = list(terms)

    def build_table(self) -> Table:
        """The list as a table of terms and definitions, without a header."""
        self._define()
        heading = self.heading
        claims = () if heading is None else (Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end),)
        return Table(
            layout=LAYOUT,
            section=None if heading is None else heading.text,
            header=(),
            rows=tuple(self.rows),
            line_start=self.rows[0].line_start,
            line_end=self.rows[-1].line_end,
            claims=claims,
        )

    def _define(self) -> None:
        if self.terms:
            last = self.terms[-1].line_end
            definition = self._join_definitions(last)
            self.rows += define_terms(self.terms, definition, max(last, definition.line_end))
        self.definitions = []

    def _join_definitions(self, line: int) -> Cell:
        """One cell of all definitions of a term, each an item where there are several; `line` is where it stands if they are empty."""
        composed = [compose_text(blocks) for blocks in self.definitions]
        places = [block for blocks in self.definitions for block in blocks]
        start, end = min((block.line_start for block in places), default=line), max((block.line_end for block in places), default=line)
        return Cell(
            text=composed[0][0] if len(composed) == 1 else join_parts((True, text) for text, _ in composed),
            raw="\n".join(self.lines[start - 1 : end]).strip() if places else "",
            line_start=start,
            line_end=end,
            links=tuple(link for _, links in composed for link in links),
        )
