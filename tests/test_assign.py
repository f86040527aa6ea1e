"""Each table has exactly one entry of the spec, and each entry its table."""

from __future__ import annotations

import pytest

from etl.assign import AssignedTable, assign_tables
from etl.errors import LayoutError
from etl.model import Table
from etl.spec import Spec
from tests.making import make_document, make_entry, make_spec
from tests.tables import make_table

DOCUMENT = make_document("page", name="acme.md")
CODES = make_table(["Code", "Meaning"], ["1", "one"], section="Errors")


def assign(spec: Spec, *tables: Table) -> tuple[AssignedTable, ...]:
    return assign_tables(DOCUMENT, tables, spec)


def test_table_is_found_by_its_header() -> None:
    (pair,) = assign(make_spec(), CODES)
    assert (pair.number, pair.table) == (1, CODES)


def test_one_entry_may_speak_of_several_tables() -> None:
    pairs = assign(make_spec(), CODES, make_table(["Code", "Meaning"], ["2", "two"], line=9))
    assert [pair.number for pair in pairs] == [1, 2]


def test_tables_of_one_header_are_told_apart_by_their_heading() -> None:
    spec = make_spec(tables=[make_entry(section="Errors"), make_entry(section="Limits", out_of_scope="no codes")])
    pairs = assign(spec, CODES, make_table(["Code", "Meaning"], ["2", "two"], section="Limits", line=9))
    assert [pair.entry.out_of_scope for pair in pairs] == [None, "no codes"]


def test_other_header_is_refused_with_both_lists() -> None:
    with pytest.raises(LayoutError) as caught:
        assign(make_spec(), make_table(["Code", "Meaning", "Since"], ["1", "one", "1.0"], line=4))
    message = str(caught.value)
    assert message.startswith("acme.md:4: the header is not that of the spec")
    assert "found: ['Code', 'Meaning', 'Since']" in message
    assert "expected: ['Code', 'Meaning']" in message


def test_table_that_no_entry_mentions_is_refused() -> None:
    spec = make_spec(tables=[make_entry(section="Errors")])
    with pytest.raises(LayoutError, match="no entry of the spec mentions"):
        assign(spec, CODES, make_table(["Code", "Meaning"], ["9", "nine"], section="New errors", line=9))


def test_entry_without_its_table_is_refused() -> None:
    spec = make_spec(tables=[make_entry(), make_entry(columns=[{"head": "Scope", "field": "code"}])])
    with pytest.raises(LayoutError, match=r"tables\.1 of the spec.*is not in the document"):
        assign(spec, CODES)


def test_each_heading_of_an_entry_must_be_there() -> None:
    with pytest.raises(LayoutError, match=r"under \['Limits'\]"):
        assign(make_spec(tables=[make_entry(sections=["Errors", "Limits"])]), CODES)


def test_table_that_two_entries_fit_is_refused() -> None:
    with pytest.raises(LayoutError, match="more than one entry"):
        assign(make_spec(tables=[make_entry(), make_entry()]), CODES)


def test_table_without_header_is_found_by_its_width() -> None:
    spec = make_spec(tables=[make_entry(headless=True)])
    assert len(assign(spec, make_table([], ["1", "one"]))) == 1
    with pytest.raises(LayoutError, match="no header, 3 columns"):
        assign(spec, make_table([], ["1", "one", "more"]))
