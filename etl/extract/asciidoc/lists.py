"""The lists of an AsciiDoc page that are open at a line: where an item belongs, where a block goes, what ends where.

    * one              marker `*`: a list
    ** two             marker `**`, not met before: a list inside it
    4001:: Bad         marker `::`: a definition list inside that; blocks go into its newest entry
    * three            marker `*` again: all lists inside the first are closed
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from etl.model import Block, Table


@dataclass(slots=True)
class Entry:
    """Terms, each with its line, and what defines them so far; `rest` is what stands behind the marker of the last term."""

    heading: Block | None
    terms: list[tuple[int, str]]
    rest: str = ""
    blocks: list[Block | Table] = field(default_factory=list)


@dataclass(slots=True)
class Level:
    """A list that is open, by its marker, with the newest entry if it is a definition list; or a container, by its delimiter."""

    marker: str = ""
    entry: Entry | None = None
    delimiter: str = ""


class OpenLists:
    """The lists and containers that are open, innermost last. `finish` makes blocks of an entry when its list goes on or ends."""

    def __init__(self, finish: Callable[[Entry], list[Block | Table]]) -> None:
        self.found: list[Block | Table] = []
        self.levels: list[Level] = []
        self.attached = False
        """A lone `+` stands above: the next block belongs to the list."""
        self._finish = finish

    @property
    def depth(self) -> int:
        """How many lists are open."""
        return sum(level.marker != "" for level in self.levels)

    @property
    def sink(self) -> list[Block | Table]:
        """Where blocks go: into the innermost entry that is open, else to the page."""
        entry = self.find_entry()
        return self.found if entry is None else entry.blocks

    def find_entry(self) -> Entry | None:
        """The innermost entry of a definition list that is open."""
        return next((level.entry for level in reversed(self.levels) if level.entry is not None), None)

    def waits(self) -> bool:
        """Whether the innermost list is one of definitions whose newest term has none yet."""
        entry = self.levels[-1].entry if self.levels else None
        return entry is not None and not entry.blocks

    def close(self, kept: int = 0) -> None:
        """Close the innermost lists until `kept` levels are open."""
        while len(self.levels) > kept:
            self.finish_entry(self.levels.pop())

    def finish_entry(self, level: Level) -> None:
        """Add what is made of the newest entry of `level`."""
        entry, level.entry = level.entry, None
        if entry is not None:
            self.sink.extend(self._finish(entry))

    def enter_block(self) -> None:
        """A block begins: unless it is attached to a list, or is the definition that a term waits for, lists end here."""
        if not self.attached and not self.waits():
            containers = [at for at, level in enumerate(self.levels) if level.delimiter]
            self.close(containers[-1] + 1 if containers else 0)
        self.attached = False

    def enter_list(self, marker: str) -> Level:
        """The level of the list that `marker` goes on with, lists inside it closed, or a new one inside those that are open."""
        self.attached = False
        for at in range(len(self.levels) - 1, -1, -1):
            if self.levels[at].marker == marker:
                self.close(at + 1)
                return self.levels[at]
            if self.levels[at].delimiter:
                break
        self.levels.append(Level(marker))
        return self.levels[-1]

    def close_container(self, delimiter: str) -> bool:
        """Close the container that `delimiter` opened, with all lists inside it; False where none is open."""
        opened = [at for at, level in enumerate(self.levels) if level.delimiter == delimiter]
        if opened:
            self.close(opened[-1])
        return bool(opened)

    def open_container(self, delimiter: str) -> None:
        """Open a container: lists around it do not go on inside."""
        self.enter_block()
        self.levels.append(Level(delimiter=delimiter))
