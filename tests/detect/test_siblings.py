"""Which lists are of just the same form as one that is taken."""

from __future__ import annotations

import pytest

from etl.detect.candidates import gather_text
from etl.detect.page import read_page
from etl.detect.siblings import find_siblings
from etl.read import document_from_text

PAGE = """Errors

ST0T1: The name is invalid.
ST0T2: The age is invalid.
ST0T3: The order failed.

Remarks

{code}: The limit is that of the day before.
"""


@pytest.mark.parametrize(
    ("code", "is_sibling"),
    [("ST0T9", True), ("ST001", True), ("AB7C1", True), ("AB001", False), ("4001", False), ("ST0T1", False)],
)
def test_a_list_of_other_codes_of_the_same_form_is_a_sibling(code: str, *, is_sibling: bool) -> None:
    page = read_page(document_from_text(PAGE.format(code=code), name="store.txt"), "text", ())
    ((taken, other),) = (reading for reading in gather_text(page) if len(reading) == 2 and reading[0].table.layout == "code_list")
    assert find_siblings([taken], [other], needed=3.0) == ([other] if is_sibling else [])


def test_many_lists_of_one_form_are_looked_at() -> None:
    page = read_page(document_from_text(PAGE.format(code="ST0T9"), name="store.txt"), "text", ())
    ((taken, other),) = (reading for reading in gather_text(page) if len(reading) == 2 and reading[0].table.layout == "code_list")
    assert len(find_siblings([taken] * 5000, [other] * 5000, needed=3.0)) == 5000
