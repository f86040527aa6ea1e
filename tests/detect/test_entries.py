"""Openers of entries."""

from __future__ import annotations

import re

import pytest

from etl.detect.entries import find_forms

OPENERS = [
    (["-1000 UNKNOWN", "-1003 TOO_MANY"], {"code": "-1003", "title": "TOO_MANY"}),
    (["(0) LITE_OK", "(5) LITE_BUSY"], {"code": "5", "title": "LITE_BUSY"}),
    (["CURLE_OK (0)", "CURLE_BUSY (7)"], {"code": "7", "title": "CURLE_BUSY"}),
    (["ERROR 5001 (HY000): No", "ERROR 5002 (42000): Resolve error"], {"code": "5002", "state": "42000", "title": "Resolve error"}),
    (["Error Number: 8001", "Error Number: 8002"], {"code": "8002"}),
    (["AccessDenied", "NoSuchKey"], {"code": "NoSuchKey"}),
    (["E100", "E101: Locked"], {"code": "E101", "title": "Locked"}),
]


@pytest.mark.parametrize(("texts", "parts"), OPENERS)
def test_openers_are_taken_apart(texts: list[str], parts: dict[str, str]) -> None:
    form = find_forms(texts)[0]
    found = re.fullmatch(form.pattern, texts[-1])
    assert found is not None
    assert {name: text for name, text in found.groupdict().items() if text} == parts


def test_items_hold_their_text() -> None:
    form = find_forms(["400 Bad Request: The body is wrong.", "404 Not Found: There is none."], with_text=True)[0]
    found = re.fullmatch(form.pattern, "404 Not Found: There is none.")
    assert found is not None
    assert found.groupdict() == {"code": "404", "title": "Not Found", "text": "There is none."}


@pytest.mark.parametrize(
    "texts",
    [
        ["1 Introduction", "2 Installation", "3 Use"],
        ["1. Introduction", "2. Installation"],
        ["2.1 Overview", "2.2 Details"],
        ["2030-01-02", "2030-02-03"],
        ["Step 1", "Step 2"],
        ["Overview", "Details"],
        ["10xx - Network", "11xx - Requests"],
        ["only 1001"],
    ],
)
def test_other_headings_open_no_entries(texts: list[str]) -> None:
    assert find_forms(texts, about_codes=True) == ()


def test_numbers_from_zero_on_are_codes_where_the_page_is_about_codes() -> None:
    assert find_forms(["0", "1", "2"], about_codes=True)[0].matches == 3
    assert find_forms(["0", "1", "2"]) == ()


def test_rows_of_a_broken_table_name_their_columns() -> None:
    heads = "Reason | Explanation | Next Steps"
    form = find_forms([heads, "bad_key | The key is bad. | Get another.", "bad_name | Too long. | Cut it."])[0]
    assert list(re.compile(form.pattern).groupindex) == ["code", "explanation", "next_steps"]
    assert re.fullmatch(form.pattern, heads) is None
