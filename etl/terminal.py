"""Text for people: tables and messages on a terminal. Vendor text is untrusted: control characters are shown, never sent."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TextIO

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """`text` with control and direction characters written out, so that a page cannot move the cursor or reorder what is read."""
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = (), file: TextIO | None = None) -> None:
    """Print a table; columns named in `right` are aligned to the right. On a pipe nothing is cut; NO_COLOR is honoured."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    stream = file if file is not None else sys.stdout
    terminal = stream.isatty()
    console = Console(file=stream, width=None if terminal else 10_000, highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False)
    for head in heads:
        table.add_column(head, justify="right" if head in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible("" if value is None else str(value))) for value in row))
    with console.capture() as captured:
        console.print(table)
    stream.write("\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n")


def print_error(message: str) -> None:
    """Print an error message on stderr."""
    sys.stderr.write(f"errcat: {visible(message)}\n")
