"""The text of a page line by line, as a browser prints it.

    <h2>Errors</h2>                       Errors
    <p>4001 Bad<br>name                   (blank)
    <br>4002 &lt;age&gt;</p>              4001 Bad
    <pre>4003  x                          name
    </pre>                                4002 <age>
                                          (blank)
                                          4003  x

`<br>` and the ends of blocks end a line, line ends of the source do so in `<pre>` alone. Headings, paragraphs, lists and
preformatted text stand between blank lines. Tables and lists of definitions are left out: nothing of them is bare text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.extract.html.page import Part
from etl.extract.html.tags import BLOCKS, BUTTON
from etl.extract.html.text import is_left_out
from etl.extract.html.tree import Tree
from etl.model import Table
from etl.text import collapse

_LEADS = {"item": "- ", "definition": "    "}


@dataclass(slots=True)
class Printed:
    """The lines so far, where in the document each stands (its first and last line), and the offsets of their texts.

    `headings` and `marked` are numbers of lines, as in a PrintedPage.
    `ended` says that a blank line comes before the next one.
    """

    lines: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    covered: list[tuple[int, int]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)
    ended: bool = False

    def add(self, line: str, place: tuple[int, int]) -> None:
        if self.ended and self.lines:
            self.lines.append("")
            self.places.append((self.places[-1][1], self.places[-1][1]))
        self.ended = False
        self.lines.append(line)
        self.places.append(place)

    def note(self, kind: str, lines: Sequence[int]) -> None:
        """Remember what the lines with these numbers are."""
        if kind == "heading":
            self.headings += lines[:1]
        elif kind != "code":
            self.marked.update(lines)

    def end_paragraph(self) -> None:
        """A blank line stands before the next line, if there is one."""
        self.ended = True


def print_parts(tree: Tree, parts: Sequence[Part]) -> Printed:
    """What is printed of a page that consists of these parts."""
    printed = Printed()
    before = ""
    for part in parts:
        kind = "table" if isinstance(part.block, Table) else part.block.kind
        apart = kind in {"heading", "code", "table"} or (part.first > 0 and tree.names[part.first - 1] == "p")
        if apart or kind != before:
            printed.end_paragraph()
        if not isinstance(part.block, Table):
            indent = "  " * (part.block.level - 1) if kind == "item" else ""
            printer = _PartPrinter(tree, printed, indent + _LEADS.get(kind, ""), preformatted=kind == "code")
            printed.note(kind, printer.print(part))
        if apart:
            printed.end_paragraph()
        before = kind
    return printed


class _PartPrinter:
    """The state of one part: the texts of the open line, and the lines of the document that hold them."""

    def __init__(self, tree: Tree, printed: Printed, lead: str, *, preformatted: bool) -> None:
        self.tree = tree
        self.printed = printed
        self.lead = lead  # what stands before the first line, the others being indented as deep
        self.preformatted = preformatted
        self.texts: list[str] = []
        self.places: list[int] = []
        self.numbers: list[int] = []

    def print(self, part: Part) -> list[int]:
        """Add the lines of the part; their numbers."""
        names, stops = self.tree.names, self.tree.stops
        open_blocks: list[int] = []
        node = part.first
        while node < part.stop:
            while open_blocks and open_blocks[-1] <= node:
                open_blocks.pop()
                self.end_open_line()
            name = names[node]
            if not name:
                self.take_text(node)
            elif name == BUTTON or is_left_out(self.tree, node):
                node = stops[node]
                continue
            elif name in BLOCKS:
                self.end_open_line()
                open_blocks.append(stops[node])
            elif name in {"br", "hr"}:
                self.end_line()
            node += 1
        self.end_open_line()
        return self.numbers

    def take_text(self, node: int) -> None:
        tree, marked = self.tree, self.tree.marked
        text = tree.texts[node]
        if not text.strip():
            first = last = -1
        else:
            first, last = marked.find_lines(tree.begins[node], tree.ends[node])
            self.printed.covered.append((tree.begins[node], tree.ends[node]))
        if not self.preformatted:
            self.texts.append(text)
            self.places += [first, last] if last > 0 else []
            return
        first -= text[: len(text) - len(text.lstrip())].count("\n")
        for number, piece in enumerate(text.split("\n")):
            if number:
                self.end_line()
            self.texts.append(piece)
            if piece.strip():
                self.places.append(min(first + number, last))

    def end_open_line(self) -> None:
        """End the line, if one is open."""
        if self.places:
            self.end_line()

    def end_line(self) -> None:
        line = "".join(self.texts)
        line = line.rstrip() if self.preformatted else collapse(line)
        if line:
            self.printed.add(self.lead + line, (min(self.places), max(self.places)))
            self.numbers.append(len(self.printed.lines))
            self.lead = " " * len(self.lead)
        else:
            self.printed.end_paragraph()
        self.texts.clear()
        self.places.clear()
