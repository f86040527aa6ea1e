"""Cells that hold a code and its name."""

from __future__ import annotations

import re

import pytest

from etl.detect.splits import find_leading_code, find_split

CASES = [
    (["400 Bad Request", "401 Unauthorized"], [("400", "Bad Request"), ("401", "Unauthorized")]),
    (["404 - Not Found", "500 – Server Error"], [("404", "Not Found"), ("500", "Server Error")]),
    (["PENDING 600", "ERROR_BUSY 601"], [("600", "PENDING"), ("601", "ERROR_BUSY")]),
    (["PENDING (600)", "ERROR_BUSY (601)"], [("600", "PENDING"), ("601", "ERROR_BUSY")]),
    (["(5) LITE_BUSY", "(6) LITE_LOCKED"], [("5", "LITE_BUSY"), ("6", "LITE_LOCKED")]),
    (["Not found (404)", "Bad request (400)"], [("404", "Not found"), ("400", "Bad request")]),
    (["E1001: no such file", "E1002: locked"], [("E1001", "no such file"), ("E1002", "locked")]),
    (["NotFound = 12", "Locked = 13"], [("12", "NotFound"), ("13", "Locked")]),
    (["- E_BUSY\n- 601", "- E_GONE\n- 602"], [("601", "E_BUSY"), ("602", "E_GONE")]),
]


@pytest.mark.parametrize(("texts", "parts"), CASES)
def test_cells_are_split_where_all_agree(texts: list[str], parts: list[tuple[str, str]]) -> None:
    split = find_split(texts)
    assert split is not None
    matches = [re.fullmatch(split.pattern, text, re.DOTALL) for text in texts]
    assert [(match["code"], match["name"]) for match in matches if match is not None] == parts


@pytest.mark.parametrize("texts", [["400 Bad Request", "Unauthorized", "Gone"], ["2147749889 (0x80041001)"], ["plain words"], []])
def test_cells_that_do_not_agree_stay_whole(texts: list[str]) -> None:
    assert find_split(texts) is None


def test_long_cells_are_not_tried() -> None:
    assert find_split(["(" * 200_000, "a (1)"]) is None


def test_one_odd_cell_among_many_still_fits_the_pattern() -> None:
    texts = [f"- E_NAME_{number}\n- {number}" for number in range(600, 620)] + ["- 7E ODD\n- 762"]
    split = find_split(texts)
    assert split is not None
    assert all(re.fullmatch(split.pattern, text, re.DOTALL) for text in texts)


def test_numbers_that_open_texts_are_found() -> None:
    split = find_leading_code(["12111 The session was aborted.", "12112 Passive mode is not available."])
    assert split is not None
    found = re.fullmatch(split.pattern, "12111 The session was aborted.")
    assert found is not None
    assert (found["code"], found["description"]) == ("12111", "The session was aborted.")


def test_a_number_with_another_of_its_forms_stays_whole() -> None:
    split = find_leading_code(["- 500 (0x1F4)\n- Not loaded.", "- 534 (0x216)\n- Overflow.", "- Just a text."])
    assert split is not None
    found = re.fullmatch(split.pattern, "- 500 (0x1F4)\n- Not loaded.", re.DOTALL)
    assert found is not None
    assert found["code"] == "500 (0x1F4)"


def test_texts_that_repeat_a_number_are_not_led_by_codes() -> None:
    assert find_leading_code(["3 items left", "3 items right", "3 items up"]) is None


def test_blank_in_brackets_is_no_name() -> None:
    split = find_split(["12 ( )", "13 ( )"])
    assert split is not None
    match = re.fullmatch(split.pattern, "12 ( )", re.DOTALL)
    assert match is not None
    assert match["name"] == "( )"
