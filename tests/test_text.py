"""The contract's text rules."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.text import collapse, join_items, join_lines


@pytest.mark.parametrize(
    ("given", "expected"),
    [("  a \u00a0 b\n\tc ", "a b c"), ("", ""), ("\u3000全角\u3000", "全角"), ("a\u200bb", "a\u200bb")],
)
def test_white_space_is_one_space(given: str, expected: str) -> None:
    assert collapse(given) == expected


def test_no_space_before_closing_punctuation_at_a_line_start() -> None:
    assert join_lines(["from", "ACTIVE", "to", "PENDING", ").", "Next"]) == "from ACTIVE to PENDING). Next"


def test_space_inside_a_line_stays_before_punctuation() -> None:
    assert join_lines(["enabled : Y", "value"]) == "enabled : Y value"


def test_two_items_keep_their_lines() -> None:
    assert join_items("Possible causes:", ["one", "two"]) == "Possible causes:\n- one\n- two"


def test_single_item_is_plain_text() -> None:
    assert join_items("Cause:", ["one"]) == "Cause: one"


def test_items_without_lead_in() -> None:
    assert join_items("", ["one", "two"]) == "- one\n- two"


@given(st.lists(st.text()))
def test_joined_lines_hold_no_doubled_white_space(lines: list[str]) -> None:
    joined = join_lines(lines)
    assert joined == joined.strip()
    assert re.search(r"\s\s", joined) is None


@given(st.lists(st.text()))
def test_nothing_but_white_space_disappears(lines: list[str]) -> None:
    assert re.sub(r"\s", "", join_lines(lines)) == re.sub(r"\s", "", "".join(lines))
