"""Change sets: pairing, kinds, versions, verdicts and how they are shown. The records are invented."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.changes import Bump, Change, ChangeSet, Kind, compare_records, next_version, version_bump
from etl.changes.render import diff_words, render_markdown, render_text, to_json
from etl.changes.vanish import Verdict, explain_hold, find_unread, judge_vanished, read_page
from etl.errors import CatalogueError

Row = dict[str, Any]


def make_row(code: str | None, **said: Any) -> Row:
    """A published row; what is not said is null or empty."""
    row: Row = {
        "id": f"acme:{code or '-'}", "source": "acme", "vendor": "Acme", "product": "Acme API", "section": "Errors", "code": code,
        "code_number": int(code) if code and code.isdigit() else None, "name": None, "error_type": None, "message": None,
        "description": None, "resolution": None, "http_status": None, "status_class": None, "protocol_versions": [],
        "http_fallbacks": [], "parameters": [], "links": [], "same_as": [], "flags": [], "table": 1, "line_start": 1, "line_end": 1,
        "raw": [],
    }  # fmt: skip
    return row | said


def change(kind: Kind, code: str | None = "7", **said: Any) -> Change:
    """A single change of that kind, as `compare_records` makes it."""
    row = make_row(code, **said)
    found = compare_records([row], []) if kind == "withdrawn" else compare_records([], [row])
    assert found.changes[0].kind == kind
    return found.changes[0]


def kinds_of(found: ChangeSet) -> list[tuple[Kind, str | None]]:
    return [(entry.kind, entry.code) for entry in found.changes]


def fields_of(entry: Change) -> dict[str, tuple[Any, Any]]:
    return {field.field: (field.old, field.new) for field in entry.fields}


# --- kinds ---------------------------------------------------------------------------------------------------------


def test_equal_rows_give_no_change() -> None:
    rows = [make_row("1", message="Wrong date."), make_row(None, name="ODD")]
    found = compare_records(rows, [dict(row) for row in rows])
    assert found.changes == ()
    assert [(size.source, size.old, size.new) for size in found.sizes] == [("acme", 2, 2)]
    assert version_bump(found) == "none"


@pytest.mark.parametrize(
    ("edit", "kind", "field"),
    [
        ({"name": "WRONG_DAY"}, "renamed", "name"),
        ({"message": "Wrong day."}, "reworded", "message"),
        ({"description": None}, "reworded", "description"),
        ({"resolution": "Send another."}, "reworded", "resolution"),
        ({"error_type": "bad_input"}, "reworded", "error_type"),
        ({"http_status": 422}, "meaning_changed", "http_status"),
        ({"status_class": "server_error"}, "meaning_changed", "status_class"),
        ({"protocol_versions": ["1.0"]}, "meaning_changed", "protocol_versions"),
        ({"http_fallbacks": [{"http_status": 400, "protocol_versions": [], "condition": None}]}, "meaning_changed", "http_fallbacks"),
        ({"section": "Dates"}, "moved", "section"),
        ({"message": "Wrong  date."}, "cosmetic", "message"),
        ({"message": "Wrong\ndate."}, "cosmetic", "message"),
        ({"line_start": 9}, "cosmetic", "line_start"),
        ({"table": 2}, "cosmetic", "table"),
        ({"links": [{"text": "dates", "href": "#dates"}]}, "cosmetic", "links"),
    ],
)  # fmt: skip
def test_each_field_has_its_kind(edit: Row, kind: Kind, field: str) -> None:
    old = make_row("7", name="WRONG_DATE", message="Wrong date.", description="The date is wrong.")
    found = compare_records([old], [old | edit])
    assert kinds_of(found) == [(kind, "7")]
    assert fields_of(found.changes[0]) == {field: (old[field], edit[field])}


def test_http_status_that_a_new_column_gives_changes_the_meaning() -> None:
    found = compare_records([make_row("7", http_status=None)], [make_row("7", http_status=400)])
    assert kinds_of(found) == [("meaning_changed", "7")]


def test_column_that_the_old_version_did_not_have_is_null() -> None:
    old = make_row("7", message="Wrong date.")
    del old["resolution"]
    del old["protocol_versions"]
    assert compare_records([old], [make_row("7", message="Wrong date.")]).changes == ()


def test_list_in_another_order_is_cosmetic() -> None:
    found = compare_records([make_row("7", protocol_versions=["1.0", "2.0"])], [make_row("7", protocol_versions=["2.0", "1.0"])])
    assert kinds_of(found) == [("cosmetic", "7")]


def test_record_that_changes_in_many_ways_is_one_change_of_the_gravest_kind() -> None:
    old = make_row("7", name="WRONG_DATE", message="Wrong date.", http_status=400)
    new = old | {"name": "WRONG_DAY", "message": "Wrong day.", "http_status": 422, "section": "Dates"}
    found = compare_records([old], [new])
    assert kinds_of(found) == [("meaning_changed", "7")]
    assert found.changes[0].kinds == ("meaning_changed", "renamed", "reworded", "moved")
    assert set(fields_of(found.changes[0])) == {"http_status", "name", "message", "section"}


def test_added_and_withdrawn_records_say_what_they_hold() -> None:
    found = compare_records([make_row("7", message="Wrong date.")], [make_row("8", message="The account is locked.")])
    assert kinds_of(found) == [("withdrawn", "7"), ("added", "8")]
    assert [(entry.old_id, entry.new_id) for entry in found.changes] == [("acme:7", None), (None, "acme:8")]
    assert fields_of(found.changes[0])["message"] == ("Wrong date.", None)
    assert fields_of(found.changes[1])["message"] == (None, "The account is locked.")


def test_sources_are_compared_apart() -> None:
    old = [make_row("7", message="Wrong date."), make_row("7", message="No such user.", source="other", id="other:7")]
    found = compare_records(old, [old[0]])
    assert [(entry.kind, entry.source) for entry in found.changes] == [("withdrawn", "other")]
    assert [(size.source, size.old, size.new) for size in found.sizes] == [("acme", 1, 1), ("other", 1, 0)]


# --- pairing -------------------------------------------------------------------------------------------------------


def test_same_name_and_text_under_another_code_is_renumbered() -> None:
    old = [make_row("7", name="WRONG_DATE", message="Wrong date."), make_row("8", message="Locked.")]
    new = [make_row("7000", name="WRONG_DATE", message="Wrong date."), make_row("8000", message="Locked.")]
    found = compare_records(old, new)
    assert kinds_of(found) == [("renumbered", "7000"), ("renumbered", "8000")]
    assert fields_of(found.changes[0])["code"] == ("7", "7000")


def test_name_alone_suffices_where_there_are_no_texts() -> None:
    assert kinds_of(compare_records([make_row("0x1", name="DISK_GONE")], [make_row("0x2", name="DISK_GONE")])) == [("renumbered", "0x2")]


def test_records_that_say_nothing_are_not_renumbered() -> None:
    assert kinds_of(compare_records([make_row("7")], [make_row("8")])) == [("withdrawn", "7"), ("added", "8")]


def test_code_renumbered_and_reworded_at_once_is_one_change_where_its_name_is_its_own() -> None:
    old = make_row("7", name="WRONG_DATE", message="The start date lies before the contract begins.")
    new = make_row("7000", name="WRONG_DATE", message="The start date lies before the day the contract begins.")
    found = compare_records([old], [new])
    assert kinds_of(found) == [("renumbered", "7000")]
    assert found.changes[0].kinds == ("renumbered", "reworded")


def test_code_and_name_changed_over_one_text_is_one_change() -> None:
    text = "The start date lies before the contract begins."
    found = compare_records([make_row("7", name="WRONG_DATE", message=text)], [make_row("E-7", name="DATE_WRONG", message=text)])
    assert found.changes[0].kinds == ("renumbered", "renamed")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Requested certificate unavailable.", "Requested certificates unavailable."),  # too short to tell
        ("The value of parameter 17 is out of range.", "The value of parameter 18 is out of range."),
        ("The account is locked since yesterday evening.", "Send the certificate as a PEM file, please."),
    ],
)
def test_similar_text_under_another_code_is_not_taken_for_the_same_record(old: str, new: str) -> None:
    found = compare_records([make_row("7", message=old)], [make_row("8", message=new)])
    assert kinds_of(found) == [("withdrawn", "7"), ("added", "8")]


def test_one_of_many_messages_of_one_pattern_is_not_taken_for_another() -> None:
    def says(place: str) -> str:
        return f"The {place} date of the requested period is not a valid date."

    old = [make_row("1", message=says("start")), make_row("2", message=says("end"))]
    new = [make_row("2", message=says("end")), make_row("3", message=says("due"))]
    assert kinds_of(compare_records(old, new)) == [("withdrawn", "1"), ("added", "3")]


def test_text_that_is_nearly_as_near_to_a_third_record_is_not_paired() -> None:
    first = make_row("1", message="The first date of the requested period is not valid.")
    final = make_row("2", message="The final day of the requested period is not valid.")
    new = make_row("3", message="The first day of the requested period is not valid.")
    assert kinds_of(compare_records([first], [new])) == [("renumbered", "3")]
    assert kinds_of(compare_records([first, final], [final, new])) == [("withdrawn", "1"), ("added", "3")]


def test_record_without_a_code_is_paired_by_name_then_by_text() -> None:
    old = [
        make_row(None, id="acme:-~1", name="LIMIT", message="Too many."),
        make_row(None, id="acme:-~2", message="The server is not available now."),
    ]
    new = [
        make_row(None, id="acme:-~3", message="Sorry, the server is not available until noon."),
        make_row(None, id="acme:-~4", name="LIMIT", message="Slow down, please."),
    ]
    found = compare_records(old, new)
    assert {(entry.kind, entry.old_id, entry.new_id) for entry in found.changes} == {
        ("reworded", "acme:-~1", "acme:-~4"), ("reworded", "acme:-~2", "acme:-~3"),
    }  # fmt: skip


def test_records_that_share_a_code_are_told_apart_by_name_section_and_text() -> None:
    old = [
        make_row("400", id="a", name="BAD_DATE", message="Date?"),
        make_row("400", id="b", section="Users", message="The user has no address."),
        make_row("400", id="c", message="The order is closed already."),
        make_row("400", id="d", message="The basket is empty."),
    ]
    new = [
        make_row("400", id="w", message="The order was closed already."),
        make_row("400", id="x", section="Users", message="The user has no e-mail address."),
        make_row("400", id="y", message="Maintenance until noon, come back later!"),
        make_row("400", id="z", name="BAD_DATE", message="That is no date."),
    ]
    found = compare_records(old, new)
    assert {(entry.kind, entry.old_id, entry.new_id) for entry in found.changes if entry.kind != "cosmetic"} == {
        ("reworded", "a", "z"), ("reworded", "b", "x"), ("reworded", "c", "w"), ("withdrawn", "d", None), ("added", None, "y"),
    }  # fmt: skip


def test_equal_rows_of_two_sections_stay_in_their_sections() -> None:
    old = [make_row("400", id=f"old {section}", section=section, message="Bad request.") for section in ("Users", "Orders")]
    new = [row | {"id": row["id"].replace("old", "new")} for row in reversed(old)]
    (moved,) = compare_records(old, new).changes
    assert moved.kinds == ("cosmetic",)
    assert str(moved.old_id).removeprefix("old") == str(moved.new_id).removeprefix("new")


def test_section_counts_more_than_text_among_records_of_one_code() -> None:
    old = [
        make_row("400", id="a", section="Users", message="The record has no address at all."),
        make_row("400", id="b", section="Orders", message="The record has no address for it."),
    ]
    new = [
        make_row("400", id="c", section="Users", message="The record has no address for it now."),
        make_row("400", id="d", section="Orders", message="The record has no address at all now."),
    ]
    assert [(entry.kind, entry.old_id, entry.new_id) for entry in compare_records(old, new).changes] == [
        ("reworded", "a", "c"), ("reworded", "b", "d"),
    ]  # fmt: skip


def test_more_rows_of_a_code_than_before_are_added() -> None:
    old = [make_row("400", id="a", message="The order is closed.")]
    new = [make_row("400", id="b", message="The user has no address."), make_row("400", id="c", message="The order is closed.")]
    assert [(entry.kind, entry.new_id) for entry in compare_records(old, new).changes] == [("added", "b")]


def test_inserted_and_withdrawn_rows_reorder_nothing() -> None:
    old = [make_row(str(number), name=f"N{number}") for number in range(10)]
    new = [make_row("100", name="NEW"), *old[:4], *old[6:]]
    assert kinds_of(compare_records(old, new)) == [("withdrawn", "4"), ("withdrawn", "5"), ("added", "100")]


def test_row_at_another_place_is_the_one_row_reordered() -> None:
    old = [make_row(str(number), name=f"N{number}") for number in range(10)]
    new = [*old[:2], *old[3:], old[2]]
    found = compare_records(old, new)
    assert kinds_of(found) == [("cosmetic", "2")]
    assert fields_of(found.changes[0]) == {"order": (3, 10)}


def test_thousands_of_records_under_one_code_are_compared() -> None:
    old = [make_row("500", id=f"acme:500~{n}", message=f"Order {n} of zone {n % 13} is locked.") for n in range(3_000)]
    new = [row | {"message": f"{row['message']} again"} if n % 1_000 == 0 else row for n, row in enumerate(old)]
    found = compare_records(old, new)
    assert [(entry.kind, entry.old_id) for entry in found.changes] == [("reworded", f"acme:500~{n}") for n in (0, 1_000, 2_000)]


# --- the property: N typed edits are found as these N -----------------------------------------------------------------

WORDS = st.sampled_from(["date", "user", "the", "order", "wrong", "is", "missing", "11", "{0}", "locked", "значение", "`key`"])
TEXTS = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
NAMES = st.sampled_from([None, "BAD", "GONE", "WRONG_DATE"])
EDITS: dict[Kind, Callable[[Row, str], Row]] = {
    "renamed": lambda row, fresh: row | {"name": f"NAME_{fresh}"},
    "renumbered": lambda row, fresh: row | {"code": f"C{fresh}", "id": f"acme:C{fresh}"},
    "reworded": lambda row, fresh: row | {"description": f"Means {fresh}."},
    "meaning_changed": lambda row, fresh: row | {"http_status": 599 - int(fresh) % 100},
    "moved": lambda row, fresh: row | {"section": f"Section {fresh}"},
    "cosmetic": lambda row, fresh: row | {"links": [{"text": "more", "href": f"#{fresh}"}]},
}


@st.composite
def edited_tables(draw: st.DrawFn) -> tuple[list[Row], list[Row], set[tuple[Kind, str | None, str | None]]]:
    """Rows of unique code and text, the same rows after typed edits of some of them, and these edits (kind, old id, new id)."""
    texts = draw(st.lists(TEXTS, min_size=1, max_size=14, unique=True))
    rows = [
        make_row(str(100 + place), name=draw(NAMES), message=text, section=draw(st.sampled_from(["A", "B"])))
        for place, text in enumerate(texts)
    ]
    kinds: list[Kind | None] = [None, "added", "withdrawn", *EDITS]
    old, new, edits = [], [], set[tuple[Kind, str | None, str | None]]()
    for place, row in enumerate(rows):
        kind = draw(st.sampled_from(kinds))
        if kind != "added":
            old.append(row)
        if kind == "withdrawn":
            edits.add((kind, row["id"], None))
            continue
        edited = EDITS[kind](row, str(place)) if kind in EDITS else row
        if kind == "added" and row["name"] is not None:  # the name of another would be no mere addition
            edited = row | {"name": f"NEW_{place}"}
        new.append(edited)
        if kind is not None:
            edits.add((kind, None if kind == "added" else row["id"], edited["id"]))
    return old, new, edits


@given(edited_tables())
def test_typed_edits_of_distinct_records_are_found_exactly(tables: tuple[list[Row], list[Row], set[tuple[Kind, str, str]]]) -> None:
    old, new, edits = tables
    found = compare_records(old, new).changes
    assert {(entry.kind, entry.old_id, entry.new_id) for entry in found} == edits
    assert len(found) == len(edits)


@given(edited_tables())
def test_change_set_read_backwards_is_its_mirror(tables: tuple[list[Row], list[Row], set[tuple[Kind, str, str]]]) -> None:
    old, new, _ = tables
    mirror: dict[Kind, Kind] = {"added": "withdrawn", "withdrawn": "added"}
    there = {(mirror.get(entry.kind, entry.kind), entry.new_id, entry.old_id) for entry in compare_records(old, new).changes}
    assert there == {(entry.kind, entry.old_id, entry.new_id) for entry in compare_records(new, old).changes}


@given(edited_tables())
def test_json_form_fits_its_schema(tables: tuple[list[Row], list[Row], set[tuple[Kind, str, str]]]) -> None:
    found = compare_records(tables[0], tables[1])
    printed = json.loads(json.dumps(to_json(found), allow_nan=False))
    jsonschema.Draft202012Validator(load_schema()).validate(printed)
    assert sum(printed["counts"].values()) == len(printed["changes"]) == len(found.changes)


def load_schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files("schemas").joinpath("changes.schema.json").read_text(encoding="utf-8"))
    return loaded


def test_schema_is_a_schema_and_refuses_what_is_not_of_it() -> None:
    schema = load_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    printed = to_json(compare_records([make_row("7")], [make_row("7", name="X")]))
    validator.validate(printed)
    for broken in (
        printed | {"bump": "huge"},
        printed | {"more": 1},
        printed | {"changes": [printed["changes"][0] | {"kind": "vanished"}]},
        printed | {"changes": [printed["changes"][0] | {"kind": "added"}]},
        printed | {"changes": [printed["changes"][0] | {"fields": []}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            validator.validate(broken)


# --- versions ------------------------------------------------------------------------------------------------------

ONE_ROW = make_row("7", name="WRONG_DATE", message="Wrong date.")


@pytest.mark.parametrize(
    ("new", "bump"),
    [
        ([], "major"),
        ([ONE_ROW | {"code": "8"}], "major"),
        ([ONE_ROW | {"http_status": 400}], "major"),
        ([ONE_ROW, make_row("9", name="OTHER")], "minor"),
        ([ONE_ROW | {"name": "DATE"}], "patch"),
        ([ONE_ROW | {"message": "Date wrong."}], "patch"),
        ([ONE_ROW | {"section": "Dates"}], "patch"),
        ([ONE_ROW | {"line_start": 8}], "patch"),
        ([ONE_ROW], "none"),
    ],
)
def test_version_moves_as_far_as_the_gravest_change_asks(new: list[Row], bump: Bump) -> None:
    assert version_bump(compare_records([ONE_ROW], new)) == bump


@pytest.mark.parametrize(("bump", "version"), [("major", "2.0.0"), ("minor", "1.10.0"), ("patch", "1.9.4"), ("none", "1.9.3")])
def test_next_version_counts_numbers_up(bump: Bump, version: str) -> None:
    assert next_version("1.9.3", bump) == version


@pytest.mark.parametrize("version", ["", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.3\n"])
def test_next_version_refuses_what_is_no_version(version: str) -> None:
    with pytest.raises(CatalogueError, match="three numbers"):
        next_version(version, "patch")


# --- verdicts ------------------------------------------------------------------------------------------------------

PAGE = ("# Errors", "| 1 | Locked, formerly 7 |", "| 2 | Closed |", "", "Old clients still send 7.5 and E-7 and 70.")
READ = (make_row("1", line_start=2, line_end=2), make_row("2", line_start=3, line_end=3))


def judge(entry: Change, *lines: str, elsewhere: frozenset[str] = frozenset()) -> Verdict:
    return judge_vanished(entry, page=read_page((*PAGE, *lines), READ), elsewhere=elsewhere)


def test_code_that_is_nowhere_on_the_page_is_withdrawn() -> None:
    assert judge(change("withdrawn")) == "withdrawn"


@pytest.mark.parametrize("line", ["| 7 | Wrong date |", "<td>7</td>", "7", "Code 7: wrong date", "was `7`.", "&#55; Wrong date"])
def test_code_that_still_stands_outside_any_record_was_not_read(line: str) -> None:
    assert judge(change("withdrawn"), line) == "extraction_failed"
    assert find_unread(change("withdrawn"), read_page((*PAGE, line), READ)) == 6


def test_code_with_escaped_characters_is_recognised() -> None:
    assert judge(change("withdrawn", "ERR_7"), r"| ERR\_7 | Wrong date |") == "extraction_failed"


def test_row_swallowed_by_the_row_above_was_not_read() -> None:
    rows = (make_row("1", line_start=1, line_end=2),)
    page = read_page(("<td>1</td><td>Locked", "<tr><td><b>7</b></td><td>Wrong date</td>"), rows)
    assert find_unread(change("withdrawn"), page) == 2


def test_code_found_in_another_document_of_the_vendor_has_moved_there() -> None:
    assert judge(change("withdrawn"), elsewhere=frozenset({"7"})) == "found_elsewhere"
    assert judge(change("withdrawn"), "| 7 | Wrong date |", elsewhere=frozenset({"7"})) == "extraction_failed"


def test_code_that_other_records_bear_is_looked_for_by_its_text() -> None:
    assert judge(change("withdrawn", "1", message="Wrong date."), "1 more line") == "withdrawn"
    assert judge(change("withdrawn", "1", message="Wrong date."), "| 1 | Wrong date. |") == "extraction_failed"


def test_record_without_a_code_is_looked_for_by_its_name_or_text() -> None:
    assert judge(change("withdrawn", None, name="WRONG_DATE"), "WRONG_DATES") == "withdrawn"
    assert judge(change("withdrawn", None, name="WRONG_DATE"), "- WRONG_DATE") == "extraction_failed"
    assert judge(change("withdrawn", None, message="Wrong date"), "* Wrong date!") == "extraction_failed"


def withdrawn_of(rows: list[Row], *codes: str, verdict: Verdict = "withdrawn") -> list[tuple[Change, Verdict]]:
    found = compare_records(rows, [row for row in rows if row["code"] not in codes])
    return [(entry, verdict) for entry in found.changes]


def test_one_record_withdrawn_is_published() -> None:
    rows = [make_row(str(number), name=f"N{number}") for number in range(3)]
    assert explain_hold(withdrawn_of(rows, "1"), rows) is None


def test_a_fifth_withdrawn_is_published_and_more_is_held_back() -> None:
    rows = [make_row(str(number), name=f"N{number}") for number in range(10)]
    assert explain_hold(withdrawn_of(rows, "1", "2"), rows) is None
    reason = explain_hold(withdrawn_of(rows, "1", "2", "3"), rows)
    assert reason is not None
    assert "3 of 10 records" in reason
    assert "1, 2, 3" in reason
    assert explain_hold(withdrawn_of(rows, "1", "2", "3", verdict="found_elsewhere"), rows) is not None


def test_one_record_that_was_not_read_is_held_back() -> None:
    rows = [make_row(str(number), name=f"N{number}") for number in range(10)]
    reason = explain_hold(withdrawn_of(rows, "1", verdict="extraction_failed"), rows)
    assert reason is not None
    assert reason.startswith("1 record was")


def test_a_table_of_which_nothing_is_left_is_held_back() -> None:
    rows = [make_row(str(number), name=f"N{number}", table=2 if number == 9 else 1) for number in range(10)]
    assert explain_hold(withdrawn_of(rows, "9"), rows) == "nothing is left of table 2"
    assert explain_hold(withdrawn_of(rows, "8"), rows) is None


def test_nothing_vanished_is_nothing_held_back() -> None:
    assert explain_hold([], [make_row("1")]) is None
    assert explain_hold([], []) is None


# --- shown ---------------------------------------------------------------------------------------------------------


def test_text_for_people_groups_what_changed_alike() -> None:
    old = [make_row(str(number), name=f"N{number}", message="Wrong date of the order.") for number in range(1, 13)]
    new = [row | {"section": "All errors"} for row in old[:11]]
    new[0] = new[0] | {"message": "Wrong date of that order."}
    new.append(make_row("13", name="N13", message="Locked."))
    assert render_text(compare_records(old, new)) == (
        "acme: 12 -> 12 records\n"
        "  1 withdrawn\n"
        "    12 N12: Wrong date of the order.\n"
        "  1 reworded\n"
        "    1 N1\n"
        "      message: Wrong date of [-the-]{+that+} order.\n"
        "      section: Errors -> All errors\n"
        "  10 moved\n"
        "    section: Errors -> All errors (10 records: 2, 3, 4, 5, 6, 7, 8, 9, …)\n"
        "  1 added\n"
        "    13 N13: Locked.\n"
    )


def test_no_changes_are_said_to_be_none() -> None:
    assert render_text(compare_records([ONE_ROW], [ONE_ROW])) == "no changes\n"


def test_cosmetic_changes_are_counted_and_shown_on_demand() -> None:
    found = compare_records([ONE_ROW], [ONE_ROW | {"line_start": 5}])
    assert render_text(found) == "no changes\n\n1 cosmetic change not shown\n"
    assert "line_start: 1 -> 5" in render_text(found, show_all=True)


def test_long_lists_are_cut_and_say_so() -> None:
    found = compare_records([], [make_row(str(number), name=f"N{number}") for number in range(9)])
    assert "and 6 more" in render_text(found, limit=3)
    assert "more" not in render_text(found)


def test_renumbered_record_shows_both_codes() -> None:
    found = compare_records([ONE_ROW], [ONE_ROW | {"code": "700"}])
    assert "    7 -> 700 WRONG_DATE\n" in render_text(found)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Wrong date.", "Wrong day.", "Wrong [-date-]{+day+}."),
        ("one two three", "one two three four", "one two three{+ four+}"),
        ("It has failed. Try again.", "Invalid grant. Try again.", "[-It has failed-]{+Invalid grant+}. Try again."),
        ("a b c d e f g h i j k l m", "a b c d e f g h i j k l n", "…i j k l [-m-]{+n+}"),
        ("Wholly other words.", "Nothing in common here!", "[-Wholly other words.-]{+Nothing in common here!+}"),
    ],
)  # fmt: skip
def test_word_diff_marks_words(old: str, new: str, shown: str) -> None:
    assert diff_words(old, new) == shown


@given(TEXTS, TEXTS)
def test_word_diff_holds_both_texts(old: str, new: str) -> None:
    shown = diff_words(old, new)
    if "…" not in shown:
        assert re.sub(r"\[-(.*?)-\]", "", re.sub(r"\{\+(.*?)\+\}", r"\1", shown)) == new
        assert re.sub(r"\{\+(.*?)\+\}", "", re.sub(r"\[-(.*?)-\]", r"\1", shown)) == old


def test_control_characters_of_a_page_do_not_reach_the_terminal() -> None:
    shown = render_text(compare_records([], [make_row("7", message="a\x1b[31m\u202eb\x07\u2028c\nd")]))
    assert "a\\x1b[31m\\u202eb\\x07\\u2028c\\nd" in shown


@pytest.mark.parametrize(
    "text",
    ["</table><script>f()</script>", "@team please merge", "`code` and ``more``", "# head", "[x](javascript:y)", "a\n- b", "| a | b |"],
)
def test_texts_of_a_page_are_inert_in_markdown(text: str) -> None:
    from markdown_it import MarkdownIt

    found = compare_records([ONE_ROW], [ONE_ROW | {"section": text}, make_row("8", name=text, message=text)])
    blocks = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(render_markdown(found))
    kinds = {token.type for block in blocks for token in (block, *(block.children or ()))}
    assert kinds <= {
        "heading_open", "heading_close", "inline", "text", "code_inline", "bullet_list_open", "bullet_list_close",
        "list_item_open", "list_item_close", "paragraph_open", "paragraph_close",
    }  # fmt: skip
    inert = [child.content for block in blocks for child in (block.children or ()) if child.type == "code_inline"]
    assert text.replace("\n", "\\n") in inert


@given(st.text(max_size=40))
def test_any_text_stays_within_its_code_span(text: str) -> None:
    from markdown_it import MarkdownIt

    found = compare_records([], [make_row("E-8000", message=text)])
    blocks = MarkdownIt().parse(render_markdown(found))
    (entry,) = [block for block in blocks if block.type == "inline" and block.content.startswith("`E-8000`")]
    assert [child.type for child in entry.children or ()] == (["code_inline", "text", "code_inline"] if text else ["code_inline"])


def test_column_that_has_come_is_told_once() -> None:
    old = [make_row(str(code), description="It failed.") for code in range(10)]
    new = [row | {"name": f"ERR_{row['code']}"} for row in old]
    new[3] = new[3] | {"description": "It has failed."}
    text = render_text(compare_records(old, new))
    assert "name: none -> given (--all shows each) (9 records: 0, 1, 2, 4, 5, 6, 7, 8, …)" in text
    assert "description: It {+has +}failed." in text
    assert text.count("ERR_") == 1
    assert render_text(compare_records(old, new), show_all=True).count("ERR_") == 10


@pytest.mark.parametrize("turn", [1, -1])
def test_column_of_lists_that_has_come_or_gone_is_told_once(turn: int) -> None:
    without = [make_row(str(code)) for code in range(10)]
    having = [row | {"protocol_versions": [f"v{row['code']}"]} for row in without]
    old, new = (without, having)[::turn]
    arrow = "none -> given" if turn == 1 else "given (--all shows each) -> none"
    assert f"protocol_versions: {arrow}" in render_text(compare_records(old, new))
    assert '"v' not in render_text(compare_records(old, new))


def test_field_that_a_few_records_get_is_told_for_each() -> None:
    old = [make_row(str(code)) for code in range(3)]
    new = [row | {"name": f"ERR_{row['code']}"} for row in old]
    assert render_text(compare_records(old, new)).count("name: none -> ERR_") == 3


def test_code_whose_name_another_code_has_got_means_something_else() -> None:
    old = [make_row("1", name="LOST"), make_row("2", name="LATE"), make_row("3", name="EMPTY")]
    new = [make_row("1", name="PARSE_ERROR"), make_row("2", name="TOO_LATE"), make_row("3", name="EMPTY"), make_row("9", name="LOST")]
    found = {change.code: change.kind for change in compare_records(old, new).changes}
    assert found == {"1": "meaning_changed", "2": "renamed", "9": "added"}
