"""What a cell looks like."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.detect.shapes import find_shape, has_placeholder, is_status, is_symbol, profile_cells

SHAPES = {
    "integer": ["0", "56", "-1003", "16,654", "00042", "[1001]", "(5)", "404:"],
    "hex": ["0x1F", "0x80041001", "0xC00D0802L", "1Fh"],
    "series": ["PR400-AN-0001", "4e04", "08P01", "2200B", "AIS.0101", "ORA-00001", "E1001", "SQL0007N", "HY000", "422.A1"],
    "dotted": ["5.7.1", "412.101"],
    "several": ["400, 401", "400 / 404", "400 or 404", "2147749889 (0x80041001)", "3707 -2146824581 0x800A0E7B"],
    "range": ["4xx", "5XX", "1000-1999", "1000 - 1999", "0 - 99; 500 - 999"],
    "symbol": ["INVALID_XML", "AccessDenied", "invalid-email", "Throttling.User", "auth/no-user", "InvalidRequest:", "invalid_grant"],
    "word": ["Unauthorized", "OK", "错误"],
    "label": ["Bad Request", "Not Found", "Non-existent"],
    "prose": ["The request is invalid.", "Something went wrong on our end and we are sorry", "请求缺少必要参数，请检查后重试。"],
    "yes_no": ["true", "是", "no"],
    "type": ["string", "integer"],
    "date": ["2030-01-02"],
    "address": ["https://example.com/a", "/v1/orders"],
    "empty": ["", "-", "—"],
}


@pytest.mark.parametrize(("text", "shape"), [(text, shape) for shape, texts in SHAPES.items() for text in texts])
def test_shape(text: str, shape: str) -> None:
    assert find_shape(text) == shape


@settings(deadline=None)
@given(st.text(max_size=400))
def test_every_text_has_a_shape_that_white_space_around_it_does_not_change(text: str) -> None:
    assert find_shape(f"  {text.strip()[:200]} ") == find_shape(text.strip()[:200])


@pytest.mark.parametrize("word", ["Well-known", "Overview", "Introduction", "e", "2fa"])
def test_words_of_prose_are_no_symbols(word: str) -> None:
    assert not is_symbol(word)


def test_statuses_are_three_digits_that_servers_use() -> None:
    assert [text for text in ("404", "499", "418", "099", "600", "4040", "E404", "") if is_status(text)] == ["404", "499", "418"]


@pytest.mark.parametrize("text", ["no table '%s'", "{0} is missing", "Account <accountID> created", "[field name] is mandatory"])
def test_gaps_are_found(text: str) -> None:
    assert has_placeholder(text)


@pytest.mark.parametrize("text", ["100% of it", "a < b", "see [1]", "nothing"])
def test_other_marks_are_no_gaps(text: str) -> None:
    assert not has_placeholder(text)


def test_a_profile_counts_filled_cells_only() -> None:
    profile = profile_cells(["400", "", "404", "-", "404"])
    assert (profile.cells, profile.filled, profile.distinct, profile.statuses) == (5, 3, 2, 3)


def test_row_numbers_are_recognised() -> None:
    assert profile_cells(["1", "2", "3"]).ascending
    assert not profile_cells(["1", "2", "4"]).ascending
