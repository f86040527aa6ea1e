"""The rows of a table before they are weighed: names for its columns, and which of its rows document a code.

    | Code | Text             |     a first row of words that name roles holds the heads
    | 4001 | Bad name         |     kept
    | Orders                  |     a note across the columns, or the head of a group
    | Code | Text             |     the heads, repeated
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.detect.columns import ColumnRole
from etl.detect.shapes import NUMERIC, find_shape, is_symbol, profile_cells
from etl.detect.splits import find_split
from etl.detect.vocabulary import is_about, score_head
from etl.model import Row, Table

GROUP = "the head of a group of rows"
_NEARLY_ALL = 0.8
_LOOKED_AT = 500
"""So many rows of a table are looked at, at least, where it has as many."""

_WORDS = frozenset({"word", "label", "prose"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedTable:
    """A table with names for its columns: the printed heads, those of its first row, or ours where `headless`."""

    table: Table
    heads: tuple[str, ...]
    headless: bool
    header_row: bool
    rows: tuple[Row, ...]

    def columns(self) -> list[list[str]]:
        return take_columns(self.rows, len(self.heads))


def prepare_table(table: Table) -> PreparedTable:
    """A table with names for its columns, of which it has one at least, as an entry of a spec has."""
    width = len(table.header) or max((len(row.cells) for row in table.rows), default=1)
    if table.header:
        return PreparedTable(table=table, heads=table.header, headless=False, header_row=False, rows=table.rows)
    first = tuple(read_cell(table.rows[0], place) for place in range(width)) if table.rows else ()
    if len(table.rows) > 1 and _are_heads(first, table.rows[1:]):
        heads = tuple(text or f"column {place}" for place, text in enumerate(first, start=1))
        return PreparedTable(table=table, heads=heads, headless=True, header_row=True, rows=table.rows[1:])
    return PreparedTable(
        table=table, heads=tuple(f"column {place}" for place in range(1, width + 1)), headless=True, header_row=False, rows=table.rows
    )


def _are_heads(first: Sequence[str], rows: Sequence[Row]) -> bool:
    """Whether the first row of a table without a header holds the heads: words that name roles, over cells unlike them."""
    filled = [text for text in first if text]
    if not filled or any(len(text) > 60 for text in filled):
        return False
    named = [text for text in filled if max((score for role, score in score_head(text).items() if role != "decoy"), default=0.0) >= 0.45]
    if len(named) * 2 < len(filled) or len(set(filled)) < len(filled):
        return False
    for place, text in enumerate(first):
        texts = [read_cell(row, place) for row in rows[:50]]
        profile = profile_cells(texts)
        if find_shape(text) in NUMERIC or (profile.symbolic >= 0.6 and is_symbol(text)):
            return False
        if (split := find_split([text, *texts])) is not None and split.full == 1.0:
            return False  # code and name together, as in the rows below
    return True


def take_columns(rows: Sequence[Row], width: int) -> list[list[str]]:
    """The cells column by column; of a long table those of rows at equal distances, which tell as much."""
    step = max(1, len(rows) // _LOOKED_AT)
    return [[read_cell(row, place) for row in rows[::step]] for place in range(width)]


def read_cell(row: Row, place: int) -> str:
    """The text of the cell in a place, "" where the row is shorter."""
    return row.cells[place].text if place < len(row.cells) else ""


def sort_out_rows(prepared: PreparedTable, roles: Sequence[ColumnRole], place: int) -> tuple[tuple[Row, ...], tuple[tuple[str, str], ...]]:
    """The rows that document a code, and the texts in the code's column of those that do not, with reasons."""
    named = [number for number, role in enumerate(roles) if role.role in {"name", "message"}]
    texts = [read_cell(row, place) for row in prepared.rows]
    mostly_coded = _are_coded(texts) and roles[place].split is None
    mostly_capitals = _are_capitals(texts)
    kept: list[Row] = []
    skipped: dict[str, str] = {}
    if prepared.header_row:
        skipped[prepared.heads[place]] = "the heads of the columns"
    for row, text in zip(prepared.rows, texts, strict=True):
        reason = None
        if (text == prepared.heads[place] and not prepared.headless) or (prepared.header_row and text == prepared.heads[place]):
            reason = "the heads of the columns, repeated"
        elif text and _is_spanned_note(row, place):
            reason = "a note across the columns"
        elif not text and not any(read_cell(row, number) for number in named):
            reason = "no code, name or message"
        elif mostly_coded and find_shape(text) in _WORDS and _is_alone(row, place):
            reason = GROUP
        elif prepared.table.layout == "sections" and find_shape(text) == "word" and is_about("topic", text) and _is_alone(row, place):
            reason = "a heading, not a code"
        elif mostly_coded and find_shape(text) == "prose":
            reason = "a note, not a code"
        elif mostly_capitals and find_shape(text) == "word" and not text.isupper():
            reason = "a word, not a symbol"
        if reason is None:
            kept.append(row)
        else:
            skipped[text] = reason
    split = roles[place].split
    if split is not None and kept and not any(split.holds_code(read_cell(row, place)) for row in kept):
        # Others of its form hold a code with each name, this one none at all.
        skipped |= {read_cell(row, place): "no code in the whole table" for row in kept}
        kept = []
    if "" in skipped and any(not read_cell(row, place) for row in kept):
        # A spec skips rows by the text of one column: rows without a code that are kept keep the others.
        del skipped[""]
        kept = [row for row, text in zip(prepared.rows, texts, strict=True) if text not in skipped]
    return tuple(kept), tuple(skipped.items())


def _are_coded(texts: Sequence[str]) -> bool:
    """Whether most of the cells are codes with digits; words may stand among them as heads of groups and notes."""
    shapes = [shape for text in texts if (shape := find_shape(text)) != "empty"]
    return bool(shapes) and sum(shape in NUMERIC for shape in shapes) >= 0.6 * len(shapes)


def _are_capitals(texts: Sequence[str]) -> bool:
    """Whether nearly all of the cells are symbols in capitals; a property or a heading among them is a plain word."""
    filled = [text for text in texts if text]
    return sum(text.isupper() and is_symbol(text) for text in filled) >= _NEARLY_ALL * len(filled) > 0


def _is_alone(row: Row, place: int) -> bool:
    return all(cell.text == "" for number, cell in enumerate(row.cells) if number != place)


def _is_spanned_note(row: Row, place: int) -> bool:
    """Whether the code's cell spans other columns: what stands there is a note or the head of a group."""
    if place >= len(row.cells):
        return False
    text = row.cells[place].text
    others = [cell for number, cell in enumerate(row.cells) if number != place and cell.text == text]
    spans = row.cells[place].spanned or any(cell.spanned for cell in others)
    return bool(others) and spans and len(others) >= min(2, len(row.cells) - 1) and find_shape(text) in {"prose", "label", "word"}
