from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.realign import Alignment, learn_columns, realign

SHAPES = {
    "number": st.integers(100, 999).map(str),
    "symbol": st.from_regex(r"[A-Z]{3,6}_[A-Z]{3,6}", fullmatch=True),
    "version list": st.lists(st.sampled_from(("12.0", "12.1", "14.0")), min_size=2, max_size=3).map(", ".join),
    "sentence": st.lists(st.sampled_from(("the", "name", "is", "not", "known", "here")), min_size=5, max_size=9).map(
        lambda words: f"{' '.join(words).capitalize()}."
    ),
    "address": st.from_regex(r"https://[a-z]{3,9}\.example/[a-z]{1,9}", fullmatch=True),
}


def flatten(row: list[str]) -> list[str]:
    """What the flattening does: blank cells are collapsed and stand at the end of the row."""
    filled = [cell for cell in row if cell]
    return filled + [""] * (len(row) - len(filled))


def printed_columns(row: list[str]) -> tuple[int, ...]:
    return tuple(number for number, cell in enumerate(row) if cell)


@st.composite
def tables_of_disjoint_shapes(draw: st.DrawFn) -> tuple[list[list[str]], list[list[str]]]:
    """Complete rows, and rows with blank cells, of a table whose columns look different."""
    shapes = draw(st.permutations(sorted(SHAPES)))[: draw(st.integers(2, len(SHAPES)))]
    complete = draw(st.lists(st.tuples(*(SHAPES[shape] for shape in shapes)).map(list), min_size=4, max_size=12))
    gappy = draw(st.lists(st.tuples(*(st.one_of(st.just(""), SHAPES[shape]) for shape in shapes)).map(list), min_size=1, max_size=6))
    return complete, gappy


@given(tables_of_disjoint_shapes())
def test_columns_of_disjoint_shapes_are_restored_exactly(table: tuple[list[list[str]], list[list[str]]]) -> None:
    complete, gappy = table
    profiles = learn_columns([*complete, *map(flatten, gappy)], width=len(complete[0]))
    for row in gappy:
        found = realign(profiles, flatten(row))
        assert (found.columns, found.ambiguous) == (printed_columns(row), False)


@given(
    st.lists(SHAPES["sentence"].map(lambda text: [text] * 3), max_size=9),
    st.lists(SHAPES["sentence"], min_size=1, max_size=2),
)
def test_columns_that_look_alike_leave_the_row_ambiguous(complete: list[list[str]], cells: list[str]) -> None:
    assert realign(learn_columns(complete, width=3), cells).ambiguous


@given(st.lists(st.lists(st.text(max_size=20), max_size=5), max_size=8), st.lists(st.text(max_size=20), max_size=4))
def test_any_row_gets_ascending_columns_one_per_filled_cell(rows: list[list[str]], cells: list[str]) -> None:
    found = realign(learn_columns(rows, width=4), cells)
    assert len(found.columns) == sum(bool(cell.strip()) for cell in cells)
    assert list(found.columns) == sorted(set(found.columns))
    assert all(0 <= column < 4 for column in found.columns)
    assert found.margin >= 0


def test_full_row_has_one_way_only() -> None:
    found = realign(learn_columns([], width=2), ["a", "b"])
    assert found == Alignment(columns=(0, 1), runner_up=None, margin=math.inf, ambiguous=False)


def test_nothing_to_learn_from_is_ambiguous() -> None:
    found = realign(learn_columns([], width=3), ["101", "Some words."])
    assert (found.ambiguous, found.margin) == (True, 0)


def test_label_that_a_column_begins_with_decides_between_sentences() -> None:
    rows = [[str(number), "The name is not known to the service.", f"Since release {number}.0 of the service."] for number in range(6)]
    found = realign(learn_columns(rows, width=3), ["7", "Since release 9.0 of everything."])
    assert (found.columns, found.runner_up, found.ambiguous) == ((0, 2), (0, 1), False)


def test_few_repeated_values_decide_between_words() -> None:
    levels = ("Fatal", "Minor")
    rows = [[name, levels[number % 2], "Text."] for number, name in enumerate(("Busy", "Lost", "Late", "Gone", "Shut", "Full"))]
    found = realign(learn_columns(rows, width=3), ["Minor", "Text."])
    assert (found.columns, found.ambiguous) == ((1, 2), False)


def test_text_of_a_kind_that_no_column_has_is_ambiguous() -> None:
    rows = [[str(number), f"NAME_{number}", f"{number} words here."] for number in range(100, 106)]
    assert realign(learn_columns(rows, width=3), ["=> [-]"]).ambiguous


def test_more_cells_than_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="3 cells for 2 columns"):
        realign(learn_columns([], width=2), ["a", "b", "c"])
