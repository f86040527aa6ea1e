"""Rows to records: every cell used once, every change recorded, nothing guessed in silence."""

from __future__ import annotations

from typing import Any

import pytest

from etl.assign import assign_tables
from etl.errors import CellError, LayoutError, SpecError
from etl.ledger import open_ledger
from etl.model import Record, Table
from etl.normalize import Reading, normalize
from etl.spec import Spec
from tests.making import make_document, make_entry, make_spec
from tests.tables import make_row, make_table

DOCUMENT = make_document("page", name="acme.md")
HEADER = ["Code", "Meaning"]


def read(table: Table, spec: Spec | None = None) -> Reading:
    spec = spec or make_spec()
    return normalize(DOCUMENT, assign_tables(DOCUMENT, [table], spec), spec)


def uses(reading: Reading, spec: Spec) -> list[str]:
    """What became of each cell."""
    return [claim.use for claim in open_ledger(DOCUMENT, (), reading, spec).cells]


def read_one(*texts: str, **entry: Any) -> Record:
    header = [column["head"] for column in entry.get("columns", ())] or HEADER
    (record,) = read(make_table(header, texts), make_spec(tables=[make_entry(**entry)])).records
    return record


def test_cells_feed_their_fields() -> None:
    record = read_one("0001", "first")
    assert (record.code, record.description, record.name) == ("0001", "first", None)


def test_empty_cell_is_null_and_noted() -> None:
    record = read_one("1", "")
    assert record.description is None
    assert record.empty == {"description"}


def test_field_without_a_column_is_not_noted_as_empty() -> None:
    assert "name" not in read_one("1", "").empty


def test_text_that_stands_for_blank_is_null() -> None:
    columns = [{"head": "Code", "field": "code", "blank": ["-"]}, {"head": "Meaning", "field": "description"}]
    assert read_one("-", "no code", columns=columns).code is None


def test_two_columns_of_one_field_are_joined_by_a_line_end() -> None:
    columns = [{"head": head, "field": field} for head, field in (("Code", "code"), ("Cause", "description"), ("Note", "description"))]
    assert read_one("1", "why", "so", columns=columns).description == "why\nso"


def test_pattern_feeds_its_groups() -> None:
    columns = [{"head": "Error", "pattern": r"(?P<code>\d+) (?P<name>\w+)"}, {"head": "Meaning", "field": "description"}]
    record = read_one("404 NotFound", "", columns=columns)
    assert (record.code, record.name) == ("404", "NotFound")


def test_cell_that_its_pattern_does_not_match_is_refused() -> None:
    columns = [{"head": "Error", "pattern": r"(?P<code>\d+)"}]
    with pytest.raises(CellError) as caught:
        read_one("E404", columns=columns)
    assert str(caught.value).startswith("acme.md:2 (column 'Error'): the cell does not match its pattern\n  found: 'E404'")


def test_value_that_no_reader_understands_is_refused() -> None:
    columns = [{"head": "Code", "field": "code"}, {"head": "HTTP", "field": "http_status"}]
    with pytest.raises(CellError, match=r"acme\.md:2 \(column 'HTTP'\): this is no HTTP status"):
        read_one("1", "often 404", columns=columns)


def test_code_that_is_a_status_feeds_both() -> None:
    record = read_one(
        "404", "gone", columns=[{"head": "Code", "field": "code", "also": ["http_status"]}, {"head": "Meaning", "field": "message"}]
    )
    assert (record.code, record.http_status, record.message) == ("404", 404, "gone")


@pytest.mark.parametrize("texts", [["1"], ["1", "one", "more"]])
def test_row_of_the_wrong_width_is_refused(texts: list[str]) -> None:
    with pytest.raises(LayoutError, match=rf"acme\.md:2: a row of the wrong width\n  found: {len(texts)} cells"):
        read_one(*texts)


def test_ragged_row_lacks_cells_at_its_end() -> None:
    record = read_one("1", ragged=True)
    assert (record.description, set(record.empty)) == (None, {"description"})


def test_surplus_of_a_ragged_row_is_kept_and_noted() -> None:
    record = read_one("1", "either", "or", ragged=True)
    assert record.description == "either or"
    assert record.unsure is not None


def test_short_row_is_placed_as_a_person_has_decided() -> None:
    columns = [{"head": head, "field": field} for head, field in (("Code", "code"), ("Name", "name"), ("Cause", "description"))]
    short = {"cells": ["7", "it broke"], "columns": ["Code", "Cause"], "reason": "no name is printed"}
    record = read_one("7", "it broke", columns=columns, short_rows=[short])
    assert (record.name, record.description, record.shifted) == (None, "it broke", True)
    assert [(cell.column, cell.text) for cell in record.raw] == [("Code", "7"), ("Name", "it broke")]


def test_short_row_that_is_not_there_is_refused() -> None:
    short = {"cells": ["8"], "columns": ["Code"], "reason": "r"}
    with pytest.raises(SpecError, match="a short row matches nothing"):
        read_one("7", "seven", short_rows=[short])


def test_skipped_row_is_no_record_but_its_cells_are_claimed() -> None:
    spec = make_spec(tables=[make_entry(skipped=[{"head": "Code", "pattern": "Note.*", "reason": "a note"}])])
    reading = read(make_table(HEADER, ["1", "one"], ["Note: see below", ""]), spec)
    assert [record.code for record in reading.records] == ["1"]
    assert uses(reading, spec) == ["code", "description", "ignored: a note", "ignored: a note"]


def test_ignored_column_is_claimed_with_its_reason() -> None:
    columns = [{"head": "Code", "field": "code"}, {"head": "Since", "ignored": "versions are out of scope"}]
    spec = make_spec(tables=[make_entry(columns=columns)])
    assert uses(read(make_table(["Code", "Since"], ["1", "2.0"]), spec), spec) == ["code", "ignored: versions are out of scope"]


def test_blank_means_as_above_where_the_spec_says_so() -> None:
    spec = make_spec(tables=[make_entry(as_above=["Code"])])
    reading = read(make_table(HEADER, ["1", "one"], ["", "also one"]), spec)
    assert [record.code for record in reading.records] == ["1", "1"]
    assert reading.records[1].raw[0].text == ""


def test_row_with_one_filled_cell_is_a_section_where_the_spec_says_so() -> None:
    spec = make_spec(tables=[make_entry(group_rows=True)])
    reading = read(make_table(HEADER, ["Sign-in", ""], ["1", "one"]), spec)
    assert [(record.section, record.code) for record in reading.records] == [("Sign-in", "1")]


def test_row_in_which_nothing_is_filled_is_refused() -> None:
    with pytest.raises(CellError, match="no field is filled"):
        read_one("", "")


def test_section_is_the_nearest_above() -> None:
    table = make_table(HEADER, section="Errors")
    rows = (make_row(["1", "one"], 2), make_row(["2", "two"], 3, group="Limits"))
    from dataclasses import replace

    reading = read(replace(table, rows=rows, line_end=3))
    assert [record.section for record in reading.records] == ["Errors", "Limits"]


def test_untitled_table_has_no_section() -> None:
    spec = make_spec(tables=[make_entry(untitled=True)])
    assert read(make_table(HEADER, ["1", "one"], section="Errors"), spec).records[0].section is None


CORRECTION = {"code": "2", "column": "Meaning", "expect": "tow", "action": "replace", "value": "two", "reason": "a typing error"}


def test_correction_replaces_what_it_expects_and_is_recorded() -> None:
    record = read(make_table(HEADER, ["1", "tow"], ["2", "tow"]), make_spec(corrections=[CORRECTION])).records[1]
    assert record.description == "two"
    assert [step.action for step in record.steps] == ["corrected: a typing error"]
    assert record.raw[1].text == "tow"


def test_correction_touches_no_other_row() -> None:
    assert read(make_table(HEADER, ["1", "tow"], ["2", "tow"]), make_spec(corrections=[CORRECTION])).records[0].description == "tow"


def test_correction_that_matches_nothing_is_refused() -> None:
    with pytest.raises(SpecError, match="a correction matches nothing"):
        read(make_table(HEADER, ["1", "one"]), make_spec(corrections=[CORRECTION]))


def test_correction_whose_expected_value_is_gone_is_refused() -> None:
    with pytest.raises(CellError) as caught:
        read(make_table(HEADER, ["1", "one"], ["2", "two!"]), make_spec(corrections=[CORRECTION]))
    assert "found: 'two!'\n  expected: 'tow'" in str(caught.value)


def test_correction_may_blank_a_cell() -> None:
    blank = {**CORRECTION, "action": "blank", "value": None}
    assert read(make_table(HEADER, ["2", "tow"]), make_spec(corrections=[blank])).records[0].description is None


def test_terms_are_read_from_their_table() -> None:
    columns = [{"head": "Command", "pattern": r"(?P<term>\w+) \(section (?P<section>[\d.]+)\)"}, {"head": "Where", "field": "reference"}]
    entry = make_entry(columns=columns, terms="command")
    reading = read(make_table(["Command", "Where"], ["Ping (section 2.1)", "Section 9"]), make_spec(tables=[entry]))
    (term,) = reading.terms
    assert (term.kind, term.term, term.section, term.reference) == ("command", "Ping", "2.1", "Section 9")
    assert reading.records == ()
