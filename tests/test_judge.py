"""What only the whole document shows: ids, duplicates, gaps, remarks."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from etl.assign import assign_tables
from etl.errors import SpecError
from etl.judge import Judgement, judge
from etl.ledger import open_ledger
from etl.normalize import normalize
from tests.making import make_document, make_entry, make_spec
from tests.tables import make_table

FIELDS = ("code", "name", "message", "http_status")


def judge_rows(*rows: tuple[str, ...], **spec_keys: Any) -> Judgement:
    """Judge records of code, name, message and HTTP status, all but the code optional."""
    document = make_document("page says so", name="acme.md")
    columns = [{"head": field, "field": field} for field in FIELDS]
    spec = make_spec(tables=[make_entry(columns=columns, ragged=True)], rest="test", **spec_keys)
    assigned = assign_tables(document, [make_table(FIELDS, *rows)], spec)
    reading = normalize(document, assigned, spec)
    return judge(document, reading.records, spec, unreviewed=open_ledger(document, assigned, reading, spec).unreviewed)


def texts(judged: Judgement, rule: str) -> list[str]:
    return [finding.text for finding in judged.findings if finding.rule == rule]


def digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:8]


def test_id_is_source_and_code() -> None:
    assert judge_rows(("1", "A", "a"), ("0001", "B", "b")).ids == ("acme:1", "acme:0001")


def test_repeated_code_is_told_apart_by_its_texts() -> None:
    judged = judge_rows(("1", "A", "a"), ("1", "A", "b"), ("2", "C", "c"))
    assert judged.ids == (f"acme:1~{digest('', 'A', '', 'a', '')}", f"acme:1~{digest('', 'A', '', 'b', '')}", "acme:2")
    assert texts(judged, "duplicate_code") == ["1 is the code of 2 records (lines 2, 3), so it is no key"]


def test_equal_records_are_numbered_and_flagged() -> None:
    judged = judge_rows(("1", "A", "a"), ("1", "A", "a"))
    assert judged.ids == (f"acme:1~{digest('', 'A', '', 'a', '')}", f"acme:1~{digest('', 'A', '', 'a', '')}#2")
    assert judged.flags == (("duplicate_name",), ("duplicate_name", "duplicate_row"))


def test_inserted_row_renames_no_other() -> None:
    rows = [("1", "A", "a"), ("1", "A", "b")]
    assert set(judge_rows(*rows).ids) < set(judge_rows(("1", "A", "c"), *rows).ids)


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("400, 401", "400, 401"),
        ("10001/10002", "10001, 10002"),
        ("1001、1002", "1001, 1002"),
        ("E-10; E-11 or E-12", "E-10, E-11, E-12"),
        ("EAGAIN or EWOULDBLOCK", "EAGAIN, EWOULDBLOCK"),
        ("0x10 | 0x11", "0x10, 0x11"),
    ],
)
def test_codes_that_are_printed_together_stay_one_record_and_are_flagged(code: str, codes: str) -> None:
    judged = judge_rows((code, "A", "a"), ("500", "B", "b"))
    assert (judged.ids, judged.flags) == ((f"acme:{code}", "acme:500"), (("ambiguous",), ()))
    assert len(texts(judged, "ambiguous")) == 1
    assert f"({codes}); they are kept as one" in texts(judged, "ambiguous")[0]


@pytest.mark.parametrize(
    "code",
    ["5000-5010", "4xx", "4,060", "56 / 0x38", "2147749889 (0x80041001)", "auth/user-not-found", "N/A", "PR400-AN-0001", "Bad or none", ""],
)
def test_one_code_or_a_range_is_not_flagged(code: str) -> None:
    assert "ambiguous" not in judge_rows((code, "A", "a")).flags[0]


def test_missing_code_is_a_hyphen_in_the_id() -> None:
    judged = judge_rows(("", "A", "a"))
    assert judged.ids == ("acme:-",)
    assert judged.flags == (("missing_code",),)


def test_shared_name_is_flagged_on_both_and_linked() -> None:
    judged = judge_rows(("56", "DUPLICATE", "a"), ("60", "OTHER", "b"), ("136", "DUPLICATE", "c"))
    assert judged.same_as == (("acme:136",), (), ("acme:56",))
    assert texts(judged, "duplicate_name") == ["56 and 136 share the name DUPLICATE"] * 2


def test_blank_cells_are_flagged_with_their_field() -> None:
    assert judge_rows(("1", "", "a"), ("2", "B", "")).flags == (("blank_name",), ("blank_message",))


def test_message_at_another_code_is_flagged_and_at_the_same_code_not() -> None:
    judged = judge_rows(("1", "A", "stop"), ("2", "B", "stop"), ("3", "C", "go"), ("3", "D", "go"))
    assert ["duplicate_message" in flags for flags in judged.flags] == [True, True, False, False]


def test_status_in_the_code_must_agree_with_the_row() -> None:
    judged = judge_rows(("PR404-A", "A", "a", "404"), ("PR400-B", "B", "b", "401"))
    assert texts(judged, "status_contradiction") == ["PR400-B carries the HTTP status 400, its row says 401"]


def test_gaps_and_jumps_of_a_series_are_told_apart() -> None:
    numbering = {"pattern": r"(?P<series>[A-Z]+)-(?P<number>\d+)"}
    codes = ["A-0001", "A-0003", "A-0006", "A-9999", "B-0005", "A-0002x"]
    judged = judge_rows(*[(code, code, code) for code in codes], numbering=numbering)
    assert texts(judged, "numbering_gap") == [
        "the numbering leaves out A-0002, between A-0001 and A-0003",
        "the numbering leaves out A-0004 to A-0005, between A-0003 and A-0006",
    ]
    assert texts(judged, "numbering_jump") == ["the numbering jumps from A-0006 to A-9999"]


@pytest.mark.parametrize(("above", "rule"), [("22", "numbering_gap"), ("23", "numbering_jump")])
def test_more_than_twenty_missing_numbers_are_a_jump(above: str, rule: str) -> None:
    judged = judge_rows(("1", "A", "a"), (above, "B", "b"), numbering={"pattern": r"(?P<number>\d+)"})
    assert [finding.rule for finding in judged.findings if finding.rule.startswith("numbering")] == [rule]


RANGE = {
    "pattern": "page (?P<term>says) (?P<definition>so)",
    "first": 4000,
    "last": 4999,
    "status_class": "client_error",
    "announced": True,
}


def test_code_outside_the_announced_range_is_flagged() -> None:
    judged = judge_rows(("4000", "A", "a"), ("5010", "B", "b"), code_ranges=[RANGE])
    assert judged.flags == ((), ("code_outside_documented_range",))


REMARK = {"rule": "ambiguous", "where": {"code": "1", "field": "name", "equals": "A"}, "text": "1 may be B"}


def test_remark_flags_its_record() -> None:
    judged = judge_rows(("1", "A", "a"), ("2", "B", "b"), remarks=[REMARK])
    assert judged.flags == (("ambiguous",), ())
    assert texts(judged, "ambiguous") == ["1 may be B"]


def test_remark_that_matches_nothing_is_refused() -> None:
    with pytest.raises(SpecError, match="0 records that"):
        judge_rows(("1", "C", "a"), remarks=[REMARK])


def test_remark_about_the_document_needs_its_line() -> None:
    remark = {"rule": "contradiction", "line": "page says", "text": "the page says both"}
    assert texts(judge_rows(("1", "A", "a"), remarks=[remark]), "contradiction") == ["the page says both"]
    with pytest.raises(SpecError, match="0 lines"):
        judge_rows(("1", "A", "a"), remarks=[{**remark, "line": "not there"}])


def test_document_that_changed_since_it_was_checked_is_remarked() -> None:
    judged = judge_rows(("1", "A", "a"), checked={"sha256": "0" * 64, "records": 3})
    assert texts(judged, "changed_since_checked") == ["the document has changed since a person last checked it: 3 records then, 1 now"]


def test_correction_is_remarked() -> None:
    correction = {"code": "1", "column": "name", "expect": "AA", "action": "replace", "value": "A", "reason": "doubled"}
    assert texts(judge_rows(("1", "AA", "a"), corrections=[correction]), "corrected") == ["1, name: 'AA' is read as 'A', doubled"]
