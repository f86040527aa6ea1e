"""Tables as an extractor would give them, written as rows of texts."""

from __future__ import annotations

from collections.abc import Sequence

from etl.model import Cell, Claim, Row, Table


def make_row(texts: Sequence[str], line: int, *, group: str | None = None) -> Row:
    cells = tuple(Cell(text=text, raw=text, line_start=line, line_end=line) for text in texts)
    return Row(cells=cells, line_start=line, line_end=line, group=group)


def make_table(header: Sequence[str], *rows: Sequence[str], layout: str = "pipe_table", section: str | None = None, line: int = 1) -> Table:
    """A table whose header stands on `line`, its rows on the lines below."""
    made = tuple(make_row(texts, line + number) for number, texts in enumerate(rows, start=1))
    return Table(
        layout=layout, section=section, header=tuple(header), rows=made, line_start=line, line_end=line + len(rows),
        claims=(Claim(kind="header", line_start=line, line_end=line),),
    )  # fmt: skip
