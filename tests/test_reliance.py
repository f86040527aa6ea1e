"""What a package relies on, and what it is told when the vendor changes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from etl.cli import main
from etl.errors import InputError
from etl.reliance import Broken, check_lock, lock_codes, read_lock
from schemas.vocabulary import SCHEMA_VERSION
from tests.published import Row, record, write_catalogue

RECORDS = [
    record("17", name="BAD_DATE", message="The date is wrong.", description="Send another.", http_status=400, status_class="client_error"),
    record("18", name="BAD_TIME", message="The time is wrong.", protocol_versions=["1.0", "2.0"]),
    record("19", message="The box is full."),
    record("400", id="acme:400~aaaaaaaa", message="The start date is wrong."),
    record("400", id="acme:400~bbbbbbbb", message="The box of the account is closed."),
    record(None, message="Nobody knows what happened here."),
    *[record(str(number), source="bolt", name=f"NAME_{number}", message=f"Text number {number}.") for number in range(150)],
]
LOCKED = ["acme:17", "acme:18", "acme:19", "acme:400~aaaaaaaa", "acme:-"]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    write_catalogue(tmp_path / "output", RECORDS)
    (tmp_path / "output" / "index.json").write_text('{"data_version": "1.4.2"}', encoding="utf-8")
    lock_codes(tmp_path / "codes.lock", LOCKED, folder=tmp_path / "output")
    return tmp_path / "output"


def check(output: Path, records: list[Row]) -> dict[str, Broken]:
    write_catalogue(output, records)
    return {broken.id: broken for broken in check_lock(output.parent / "codes.lock", folder=output).broken}


def change(of: str, **fields: Any) -> list[Row]:
    """All records, one of them changed."""
    assert any(row["id"] == of for row in RECORDS)
    return [row | fields if row["id"] == of else row for row in RECORDS]


def remove(*names: str) -> list[Row]:
    return [row for row in RECORDS if row["id"] not in names]


def test_what_is_as_it_was_is_fine(output: Path) -> None:
    report = check_lock(output.parent / "codes.lock", folder=output)
    assert (report.locked, report.broken) == (5, ())


def test_changes_elsewhere_are_nobodys_concern(output: Path) -> None:
    changed = {"name": "NEW", "message": "Another text.", "http_status": 500}
    assert check(output, [row | changed if row["source"] == "bolt" else row for row in RECORDS]) == {}


def test_a_moved_row_is_the_same_record(output: Path) -> None:
    moved = {"section": "Elsewhere", "line_start": 99, "line_end": 99, "table": 2, "flags": ["ambiguous"]}
    assert check(output, [row | moved for row in reversed(RECORDS)]) == {}


@pytest.mark.parametrize(
    ("fields", "kinds", "changed"),
    [
        ({"message": "The date is not right."}, ("reworded",), ["message"]),
        ({"description": None}, ("reworded",), ["description"]),
        ({"name": "WRONG_DATE"}, ("renamed",), ["name"]),
        ({"http_status": 422}, ("meaning_changed",), ["http_status"]),
        ({"http_status": 500, "status_class": "server_error"}, ("meaning_changed",), ["status_class", "http_status"]),
        ({"name": "WRONG_DATE", "http_status": 422}, ("meaning_changed", "renamed"), ["http_status", "name"]),
    ],
)
def test_a_record_that_reads_otherwise_is_named(output: Path, fields: dict[str, Any], kinds: tuple[str, ...], changed: list[str]) -> None:
    found = check(output, change("acme:17", **fields))
    assert list(found) == ["acme:17"]
    assert found["acme:17"].kinds == kinds
    assert [field.field for field in found["acme:17"].fields] == changed


def test_old_and_new_text_are_told(output: Path) -> None:
    (field,) = check(output, change("acme:19", message="The box is nearly full."))["acme:19"].fields
    assert (field.old, field.new) == ("The box is full.", "The box is nearly full.")


@pytest.mark.parametrize("message", ["The  date is\nwrong."])
def test_white_space_is_no_change(output: Path, message: str) -> None:
    assert check(output, change("acme:17", message=message)) == {}


def test_another_order_of_versions_is_no_change_and_one_less_is(output: Path) -> None:
    assert check(output, change("acme:18", protocol_versions=["2.0", "1.0"])) == {}
    assert check(output, change("acme:18", protocol_versions=["2.0"]))["acme:18"].kinds == ("meaning_changed",)


def test_a_withdrawn_record_is_named_with_those_that_say_the_same(output: Path) -> None:
    records = [*remove("acme:17"), record("117", name="BAD_DATE", message="The date is wrong.")]
    found = check(output, records)["acme:17"]
    assert (found.kinds, found.now) == (("withdrawn",), ("acme:117",))


def test_a_source_that_is_gone_withdraws_all(output: Path) -> None:
    found = check(output, [row for row in RECORDS if row["source"] == "bolt"])
    assert {name: broken.kinds for name, broken in found.items()} == dict.fromkeys(LOCKED, ("withdrawn",))


def test_a_code_with_a_second_record_became_ambiguous(output: Path) -> None:
    records = [
        *remove("acme:17"),
        record("17", id="acme:17~11111111", name="BAD_DATE", message="The date is wrong.", description="Send another.", http_status=400,
               status_class="client_error"),
        record("17", id="acme:17~22222222", name="BAD_YEAR", message="The year is wrong."),
    ]  # fmt: skip
    found = check(output, records)["acme:17"]
    assert (found.kinds, found.now) == (("ambiguous",), ("acme:17~11111111", "acme:17~22222222"))


def test_an_ambiguous_record_that_was_reworded_is_known_by_its_text(output: Path) -> None:
    records = [*remove("acme:400~aaaaaaaa"), record("400", id="acme:400~cccccccc", message="The start date is not right.")]
    found = check(output, records)["acme:400~aaaaaaaa"]
    assert found.kinds == ("renamed id", "reworded")
    assert found.now == ("acme:400~cccccccc",)


def test_an_ambiguous_record_is_not_taken_for_its_sibling(output: Path) -> None:
    assert check(output, remove("acme:400~aaaaaaaa"))["acme:400~aaaaaaaa"].kinds == ("withdrawn",)


def test_an_ambiguous_code_that_is_single_again_has_another_id(output: Path) -> None:
    records = [*remove("acme:400~aaaaaaaa", "acme:400~bbbbbbbb"), record("400", message="The start date is wrong.")]
    found = check(output, records)["acme:400~aaaaaaaa"]
    assert (found.kinds, found.now) == (("renamed id",), ("acme:400",))


def test_the_lock_is_a_record_a_line_by_id(output: Path) -> None:
    lines = (output.parent / "codes.lock").read_text(encoding="utf-8").splitlines()
    assert lines[:4] == ["{", '"lock": 1,', f'"schema_version": "{SCHEMA_VERSION}",', '"codes": [']
    entries = [json.loads(line.rstrip(",")) for line in lines[4:-2]]
    assert [entry["id"] for entry in entries] == sorted(LOCKED)
    assert entries[1]["data_version"] == "1.4.2"
    assert entries[4]["others"] == ["acme:400~bbbbbbbb"]


def test_locking_again_renews_what_changed_and_nothing_else(output: Path) -> None:
    lock = output.parent / "codes.lock"
    before = read_lock(lock)
    write_catalogue(output, change("acme:17", message="Another text."))
    (output / "index.json").write_text('{"data_version": "1.4.3"}', encoding="utf-8")
    report = lock_codes(lock, ["acme:17", "acme:18", "bolt:3"], folder=output)
    assert (report.added, report.renewed, report.unchanged) == (("bolt:3",), ("acme:17",), ("acme:18",))
    after = read_lock(lock)
    assert after["acme:17"]["message"] == "Another text."
    assert after["acme:17"]["data_version"] == "1.4.3"
    assert after["acme:18"] == before["acme:18"]
    assert check_lock(lock, folder=output).broken == ()


def test_records_are_taken_out(output: Path) -> None:
    lock = output.parent / "codes.lock"
    assert lock_codes(lock, ["acme:17"], remove=True).removed == ("acme:17",)
    assert "acme:17" not in read_lock(lock)
    with pytest.raises(InputError, match="'acme:17' is not locked"):
        lock_codes(lock, ["acme:17"], remove=True)


def test_an_id_that_is_not_published_is_refused_and_nothing_is_written(output: Path) -> None:
    lock = output.parent / "codes.lock"
    before = lock.read_bytes()
    with pytest.raises(InputError, match=r"'acme:400' is not published(.|\n)*name one of acme:400~aaaaaaaa, acme:400~bbbbbbbb"):
        lock_codes(lock, ["bolt:1", "acme:400"], folder=output)
    assert lock.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"lock": 2, VERSION, "codes": []}', '{"lock": 1, VERSION}', '{"lock": 1, VERSION, "codes": [{"id": "acme:1"}]}',
     '{"lock": 1, VERSION, "codes": ["acme:1"]}', "<<<<<<< ours"],
)  # fmt: skip
def test_a_file_that_is_no_lock_is_refused(tmp_path: Path, content: str) -> None:
    content = content.replace("VERSION", f'"schema_version": "{SCHEMA_VERSION}"')
    (tmp_path / "codes.lock").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"codes\.lock: this is no lock"):
        read_lock(tmp_path / "codes.lock")


def test_a_record_locked_twice_is_refused(output: Path) -> None:
    lock = output.parent / "codes.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace('"acme:18"', '"acme:17"'), encoding="utf-8")
    with pytest.raises(InputError, match="acme:17 twice"):
        read_lock(lock)


def test_a_lock_of_another_schema_version_is_refused(output: Path) -> None:
    lock = output.parent / "codes.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace(f'"{SCHEMA_VERSION}"', '"99.0.0"'), encoding="utf-8")
    with pytest.raises(InputError, match="another schema version"):
        check_lock(lock, folder=output)


def test_a_missing_lock_is_refused(output: Path) -> None:
    with pytest.raises(InputError, match=r"there is no lock(.|\n)*errcat lock"):
        check_lock(output.parent / "none.lock", folder=output)


def test_the_commands_name_what_broke_and_exit_with_1(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = output.parent / "mine.lock"
    common = ["--file", str(lock), "--data", str(output)]
    assert main(["lock", "acme:17", "bolt:5", *common]) == 0
    assert main(["check-lock", *common]) == 0
    assert capsys.readouterr().out == "added: acme:17, bolt:5\n0 of 2 locked records are not what they were\n"
    write_catalogue(output, change("acme:17", message="The date is not right.", http_status=422))
    assert main(["check-lock", *common]) == 1
    assert capsys.readouterr().out == (
        "acme:17: meaning changed, reworded\n"
        "    http_status: 400 -> 422\n"
        "    message: 'The date is wrong.' -> 'The date is not right.'\n"
        "1 of 2 locked records are not what they were\n"
    )
    assert main(["check-lock", "--json", *common]) == 1
    (broken,) = json.loads(capsys.readouterr().out)["broken"]
    assert (broken["id"], broken["kinds"]) == ("acme:17", ["meaning_changed", "reworded"])
    assert main(["lock", "acme:17", "--json", *common]) == 0
    assert json.loads(capsys.readouterr().out)["renewed"] == ["acme:17"]
    assert main(["check-lock", *common]) == 0
