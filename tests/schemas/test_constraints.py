"""Each constraint across columns, rows and tables has a change to the valid catalogue that trips it, and is named in the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schemas.constraints import CONSTRAINTS
from tests.schemas.catalogue import Row, Rows, hash_texts, judge, make_finding, make_rows, make_source, make_term

Change = Callable[[Rows], object]
Reported = set[tuple[str, str]]


def edit(table: str, row: int, /, **values: Any) -> Change:
    """Give one row other values."""
    return lambda rows: rows[table][row].update(values)


def append(table: str, row: Row) -> Change:
    """Put one more row at the end of a table."""
    return lambda rows: rows[table].append(row)


def remove(table: str, row: int) -> Change:
    """Take one row away."""
    return lambda rows: rows[table].pop(row)


def do(*changes: Change) -> Change:
    """Make one change after the other."""
    return lambda rows: [change(rows) for change in changes]


def swap(table: str, first: int, second: int) -> Change:
    """Let two rows change places."""

    def change(rows: Rows) -> None:
        rows[table][first], rows[table][second] = rows[table][second], rows[table][first]

    return change


def find(rows: Rows, rule: str, record_id: str | None = None) -> Row:
    """The finding of a rule about a record."""
    return next(row for row in rows["findings"] if row["rule"] == rule and (record_id is None or row["id"] == record_id))


def drop_finding(rule: str, record_id: str | None = None) -> Change:
    """Take the finding of a rule about a record away."""
    return lambda rows: rows["findings"].remove(find(rows, rule, record_id))


def flag(row: int, *flags: str) -> Change:
    """Give a record these flags, with a finding for each that it lacked."""

    def change(rows: Rows) -> None:
        record = rows["status_codes"][row]
        for rule in set(flags) - set(record["flags"]):
            rows["findings"].append(make_finding(source=record["source"], id=record["id"], rule=rule))
        rows["findings"].sort(key=lambda finding: str(finding["source"]))
        for rule in set(record["flags"]) - set(flags):
            rows["findings"].remove(find(rows, rule, record["id"]))
        record["flags"] = list(flags)

    return change


# Places of the records in the valid catalogue.
SAME, SAME_TOO, CODELESS, TWIN, REPEAT, STATUS, CONTRADICTION, LONE = range(8)
ACME, BOLT = range(2)
FIRST_TABLE, HTTP_TABLE, NAVIGATION, BOLT_TABLE = range(4)
RANGE, COMMAND = range(2)


def rename_codeless(rows: Rows) -> None:
    """Give the record without a code a code, and the id that goes with it; its flag stays."""
    record = rows["status_codes"][CODELESS]
    for finding in rows["findings"]:
        if finding["id"] == record["id"]:
            finding["id"] = "acme:9"
    record.update(id="acme:9", code="9", code_number=9)


def reword_repeat(rows: Rows) -> None:
    """Let the repeated record differ from the first in a text that is no part of the id."""
    rows["status_codes"][REPEAT]["resolution"] = "Wait."


def share_message(rows: Rows) -> None:
    """Give two records of the code 7 one message."""
    for place in (TWIN, REPEAT):
        rows["status_codes"][place]["message"] = "Seven."
    base = f"acme:7~{hash_texts(rows['status_codes'][TWIN])}"
    rows["status_codes"][TWIN]["id"] = base
    rows["status_codes"][REPEAT]["id"] = f"{base}#2"
    find(rows, "duplicate_row")["id"] = f"{base}#2"


CASES: dict[str, tuple[Change, Reported]] = {
    # keys
    "two sources of one name": (append("sources", make_source(source="bolt", vendor="Bolt", product="Bolt API", tables=1, records=1,
        first_code="1", last_code="1")), {("sources", "primary_key")}),
    "two tables of one number": (do(append("tables", make_rows()["tables"][BOLT_TABLE]),
        edit("sources", BOLT, tables=2)), {("tables", "primary_key"), ("tables", "tables_counted_up")}),
    "two records of one id": (lambda rows: rows["status_codes"][SAME_TOO].update(id="acme:100"), {
        ("status_codes", "primary_key"), ("status_codes", "id_by_rule"), ("status_codes", "same_as_complete"),
        ("status_codes", "flag_has_finding"), ("findings", "foreign_key_status_codes"), ("status_codes", "same_as_symmetric")}),
    "record of an unknown source": (remove("sources", BOLT), {("status_codes", "foreign_key_sources"), ("tables", "foreign_key_sources")}),
    "record of an unknown table": (do(remove("tables", BOLT_TABLE), edit("sources", BOLT, tables=0)),
        {("status_codes", "foreign_key_tables")}),
    "term of an unknown source": (append("terms", make_term(source="copper")), {("terms", "foreign_key_sources")}),
    "finding of an unknown source": (append("findings", make_finding(source="copper")), {("findings", "foreign_key_sources")}),
    "finding about an unknown record": (append("findings", make_finding(id="acme:77")), {("findings", "foreign_key_status_codes")}),
    "finding about a record of another source": (append("findings", make_finding(source="bolt", id="acme:100")),
        {("findings", "finding_of_own_source")}),
    "record withdrawn twice": (lambda rows: rows["withdrawn"].insert(0, rows["withdrawn"][0]), {("withdrawn", "primary_key")}),
    # order of sources
    "sources out of order": (swap("sources", ACME, BOLT), {("sources", "source_order")}),
    "tables out of order": (lambda rows: rows["tables"].insert(0, rows["tables"].pop()), {("tables", "source_order")}),
    "records out of order": (lambda rows: rows["status_codes"].insert(0, rows["status_codes"].pop()), {("status_codes", "source_order")}),
    "terms out of order": (lambda rows: rows["terms"].insert(0, make_term(source="bolt")), {("terms", "source_order")}),
    "findings out of order": (lambda rows: rows["findings"].insert(0, make_finding(source="bolt")), {("findings", "source_order")}),
    "withdrawn records out of order": (swap("withdrawn", 0, 1), {("withdrawn", "source_order")}),
    # identity
    "id of another code": (edit("status_codes", LONE, id="bolt:2"), {("status_codes", "id_by_rule")}),
    "id with a hash though the code is unique": (lambda rows: rows["status_codes"][LONE].update(
        id=f"bolt:1~{hash_texts(rows['status_codes'][LONE])}"), {("status_codes", "id_by_rule")}),
    "id without a hash though the code repeats": (edit("status_codes", TWIN, id="acme:7"), {("status_codes", "id_by_rule")}),
    "id with a hash of other texts": (edit("status_codes", TWIN, id="acme:7~00000000"), {("status_codes", "id_by_rule")}),
    "id of a code though none is printed": (do(edit("status_codes", LONE, code=None, code_number=None), flag(LONE, "missing_code"),
        edit("sources", BOLT, first_code=None, last_code=None)), {("status_codes", "id_by_rule")}),
    "repeated record that no finding is about": (do(reword_repeat, flag(REPEAT)), {("status_codes", "repeat_has_finding")}),
    "number that the code does not spell": (edit("status_codes", SAME, code_number=101), {("status_codes", "number_of_code")}),
    "number is missing": (edit("status_codes", SAME, code_number=None), {("status_codes", "number_of_code")}),
    "number of a code that is none": (edit("status_codes", STATUS, code_number=404), {("status_codes", "number_of_code")}),
    "number of no code": (edit("status_codes", CODELESS, code_number=0), {("status_codes", "number_of_code")}),
    "same_as on one side": (do(edit("status_codes", SAME, same_as=[]), flag(SAME)),
        {("status_codes", "same_as_complete"), ("status_codes", "same_as_symmetric")}),
    "same_as on neither side": (do(edit("status_codes", SAME, same_as=[]), edit("status_codes", SAME_TOO, same_as=[]), flag(SAME),
        flag(SAME_TOO, "blank_description", "duplicate_message")), {("status_codes", "same_as_complete")}),
    "same_as of records with different names": (do(edit("status_codes", TWIN, same_as=["bolt:1"]), flag(TWIN, "duplicate_name")),
        {("status_codes", "same_as_complete"), ("status_codes", "same_as_symmetric")}),
    # values
    "status that is not the one in the code": (edit("status_codes", STATUS, http_status=403), {("status_codes", "digits_agree")}),
    "status contradiction without a finding": (drop_finding("status_contradiction"), {("status_codes", "digits_agree")}),
    "class that is not the status's": (edit("status_codes", STATUS, status_class="success"), {("status_codes", "class_of_status")}),
    "status without a class": (edit("status_codes", STATUS, status_class=None), {("status_codes", "class_of_status")}),
    "class without status or range": (edit("status_codes", LONE, status_class="success"), {("status_codes", "class_has_origin")}),
    "parameter that is not in the message": (edit("status_codes", SAME, parameters=["<c>"]), {("status_codes", "parameters_in_message")}),
    "parameters in another order": (edit("status_codes", SAME, parameters=["<b>", "<a>"]), {("status_codes", "parameters_in_message")}),
    "parameter once too often": (edit("status_codes", SAME, parameters=["<a>", "<a>"]), {("status_codes", "parameters_in_message")}),
    "parameter without a message": (edit("status_codes", TWIN, parameters=["<a>"]), {("status_codes", "parameters_in_message")}),
    "vendor that is not the source's": (edit("status_codes", LONE, vendor="Acme"), {("status_codes", "vendor_of_source")}),
    "product that is not the source's": (edit("sources", BOLT, product="Bolt"), {("status_codes", "vendor_of_source")}),
    "table out of scope without a reason": (edit("tables", NAVIGATION, reason=None), {("tables", "reason_if_out_of_scope")}),
    "table in scope with a reason": (edit("tables", BOLT_TABLE, reason="none"), {("tables", "reason_if_out_of_scope")}),
    "column that feeds an unknown field": (edit("tables", NAVIGATION, columns=[{"column": "a", "field": "colour", "reader": None}]),
        {("tables", "fields_known")}),
    "finding about an unknown field": (append("findings", make_finding(source="bolt", field="colour")), {("findings", "field_known")}),
    "date that is not in the calendar": (edit("sources", ACME, retrieved_at="2025-02-29T00:00:00Z"), {("sources", "instant_exists")}),
    # flags
    "flags unsorted": (edit("status_codes", CODELESS, flags=["missing_code", "duplicate_message", "blank_name"]),
        {("status_codes", "flags_sorted")}),
    "missing_code at a code": (rename_codeless, {("status_codes", "missing_code_true")}),
    "missing_code is missing": (flag(CODELESS, "blank_name", "duplicate_message"), {("status_codes", "missing_code_true")}),
    "duplicate_name without a namesake": (flag(LONE, "duplicate_name"), {("status_codes", "duplicate_name_true")}),
    "duplicate_name is missing": (flag(SAME), {("status_codes", "duplicate_name_true")}),
    "duplicate_message at a message of its own": (flag(SAME, "duplicate_message", "duplicate_name"),
        {("status_codes", "duplicate_message_true")}),
    "duplicate_message at a message of another source": (flag(LONE, "duplicate_message"), {("status_codes", "duplicate_message_true")}),
    "duplicate_message without a message": (flag(TWIN, "duplicate_message"), {("status_codes", "duplicate_message_true")}),
    "duplicate_message at a message of the same code": (do(share_message, flag(TWIN, "duplicate_message")),
        {("status_codes", "duplicate_message_true")}),
    "duplicate_message is missing": (flag(CODELESS, "blank_name", "missing_code"), {("status_codes", "duplicate_message_true")}),
    "duplicate_row at the first of two": (flag(TWIN, "duplicate_row"), {("status_codes", "duplicate_row_true")}),
    "duplicate_row at a record with another text": (reword_repeat, {("status_codes", "duplicate_row_true")}),
    "duplicate_row is missing": (flag(REPEAT), {("status_codes", "duplicate_row_true"), ("status_codes", "repeat_has_finding")}),
    "code outside of a range that nothing declares": (flag(LONE, "code_outside_documented_range"),
        {("status_codes", "code_outside_documented_range_true")}),
    "no code, but outside of a range": (flag(CODELESS, "blank_name", "code_outside_documented_range", "duplicate_message", "missing_code"),
        {("status_codes", "code_outside_documented_range_true")}),
    "blank_description at a description": (flag(TWIN, "blank_description"), {("status_codes", "blank_description_true")}),
    "blank_description without such a column": (flag(LONE, "blank_description"), {("status_codes", "blank_description_true")}),
    "blank_description is missing": (flag(SAME_TOO, "duplicate_message", "duplicate_name"), {("status_codes", "blank_description_true")}),
    "blank_message at a message": (flag(SAME, "blank_message", "duplicate_name"), {("status_codes", "blank_message_true")}),
    "blank_message without such a column": (flag(STATUS, "blank_message"), {("status_codes", "blank_message_true")}),
    "blank_message is missing": (edit("status_codes", TWIN, raw=[{"column": "Name", "text": "*"}]),
        {("status_codes", "blank_message_true")}),
    "blank_name at a name": (flag(SAME, "blank_name", "duplicate_name"), {("status_codes", "blank_name_true")}),
    "blank_name without such a column": (flag(LONE, "blank_name"), {("status_codes", "blank_name_true")}),
    "blank_name is missing": (flag(CODELESS, "duplicate_message", "missing_code"), {("status_codes", "blank_name_true")}),
    "flag without a finding": (drop_finding("missing_code"), {("status_codes", "flag_has_finding")}),
    "flag whose finding is about another record": (lambda rows: find(rows, "missing_code").update(id=None),
        {("status_codes", "flag_has_finding")}),
    "finding of a flag that the record lacks": (append("findings", make_finding(source="bolt", id="bolt:1", rule="ambiguous")),
        {("findings", "finding_has_flag")}),
    # places
    "record that ends before it begins": (edit("status_codes", SAME_TOO, line_end=11), {("status_codes", "lines_ordered")}),
    "table that ends before it begins": (edit("tables", NAVIGATION, line_end=59), {("tables", "lines_ordered")}),
    "term that ends before it begins": (edit("terms", COMMAND, line_end=69), {("terms", "lines_ordered")}),
    "records of a table out of order": (edit("status_codes", SAME_TOO, line_start=9), {("status_codes", "document_order")}),
    "tables of a source out of order": (edit("tables", NAVIGATION, line_start=47), {("tables", "document_order")}),
    "terms of a source out of order": (swap("terms", RANGE, COMMAND), {("terms", "document_order")}),
    "table left out in the count": (edit("tables", NAVIGATION, table=4), {("tables", "tables_counted_up")}),
    "record that begins before its table": (edit("status_codes", SAME, line_start=7), {("status_codes", "row_inside_table")}),
    "record that ends after its table": (edit("status_codes", REPEAT, line_end=41), {("status_codes", "row_inside_table")}),
    "cell under a head that the table lacks": (edit("status_codes", LONE, raw=[{"column": "Code", "text": "1"}]),
        {("status_codes", "raw_under_heads")}),
    "record of a table out of scope": (edit("tables", BOLT_TABLE, in_scope=False, reason="navigation"),
        {("status_codes", "table_in_scope")}),
    # documents
    "records of a source miscounted": (edit("sources", ACME, records=8), {("sources", "records_of_source_counted")}),
    "tables of a source miscounted": (edit("sources", ACME, tables=2), {("sources", "tables_of_source_counted")}),
    "records of a table miscounted": (edit("tables", NAVIGATION, records=1), {("tables", "records_of_table_counted")}),
    "first code is another": (edit("sources", ACME, first_code="101"), {("sources", "ends_of_source")}),
    "last code is missing": (edit("sources", BOLT, last_code=None), {("sources", "ends_of_source")}),
}  # fmt: skip


@pytest.mark.parametrize(("change", "reported"), CASES.values(), ids=CASES)
def test_change_trips_exactly_these_constraints(change: Change, reported: Reported) -> None:
    assert {(violation.table, violation.check) for violation in judge(change)} == reported


def test_every_constraint_is_tripped_by_a_case() -> None:
    tripped = set().union(*(reported for _, reported in CASES.values()))
    assert {(constraint.table, constraint.name) for constraint in CONSTRAINTS} == tripped


def test_constraint_names_are_unique_within_a_table() -> None:
    assert len({(constraint.table, constraint.name) for constraint in CONSTRAINTS}) == len(CONSTRAINTS)


def recode(code: str, number: int | None) -> Change:
    """Give the only record of `bolt` another code."""
    return do(
        edit("status_codes", LONE, id=f"bolt:{code}", code=code, code_number=number), edit("sources", BOLT, first_code=code, last_code=code)
    )


ALLOWED: dict[str, Change] = {
    "code beyond 64 bits has no number": recode(str(2**63), None),
    "smallest number of 64 bits": recode(str(-(2**63)), -(2**63)),
    "code of many digits has no number": recode("9" * 5000, None),
    "code with leading zeros has no number": recode("007", None),
    "code with a number sign is no repetition": recode("C#2", None),
    "repetition that differs in its resolution": do(
        reword_repeat, flag(REPEAT),
        lambda rows: rows["findings"].append(make_finding(id=rows["status_codes"][REPEAT]["id"], rule="duplicate_code"))
    ),
    "digits where the document states no status": edit("status_codes", CONTRADICTION, http_status=None, status_class=None),
    "flag that only the finding explains": flag(LONE, "ambiguous", "editorial_text", "shifted_cells"),
    "blank token in the cell": flag(TWIN, "blank_message"),
    "cell whose text went to another field": lambda rows: (
        flag(SAME_TOO, "duplicate_message", "duplicate_name")(rows),
        rows["status_codes"][SAME_TOO]["raw"][3].update(text="moved"),
    ),
    "message shared within one code": share_message,
    "source without records or tables": lambda rows: (
        rows["sources"].append(make_source(source="copper", tables=0, records=0, first_code=None, last_code=None))
    ),
    "leap second": edit("sources", ACME, retrieved_at="2016-12-31T23:59:60Z"),
    "two rows on one line": edit("status_codes", SAME_TOO, line_start=10, line_end=10),
}


@pytest.mark.parametrize("change", ALLOWED.values(), ids=ALLOWED)
def test_change_is_allowed(change: Change) -> None:
    assert judge(change) == []


def test_valid_catalogue_has_every_kind_of_value() -> None:
    records = make_rows()["status_codes"]
    for column in ("links", "http_fallbacks", "parameters", "same_as", "flags", "protocol_versions"):
        assert {bool(record[column]) for record in records} == {True, False}, column
