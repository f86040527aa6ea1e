"""Finding records by what a person has at hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl.cli import main
from etl.cli.arguments import NOTHING_FOUND
from etl.codes import is_distinctive, read_number, squash
from etl.errors import CatalogueError, InputError
from etl.lookup import Answer, lookup
from tests.published import record, write_catalogue

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    records = [
        record("56", name="DUPLICATE_APPLICATION", description="An application with this id is there already."),
        record("136", name="DUPLICATE_APPLICATION", description="The same, said twice."),
        record("AB400-XY-0001", error_type="invalid_grant", message="Unsupported grant type."),
        record("AB400-XY-0002", error_type="invalid_grant", message="The token has expired."),
        record("-2147024891", name="AccessDenied"),
        record("56", source="bolt", message="The mailbox is full."),
        record("0x80070005", source="bolt", name="E_ACCESS"),
        record("400", source="bolt", id="bolt:400~aaaaaaaa", message="The start date is wrong."),
        record("400", source="bolt", id="bolt:400~bbbbbbbb", message="The end date is wrong."),
        record("77", source="bolt", message="文件不存在"),
    ]
    withdrawn = [record("99", name="ORDER_LOST"), record("56", source="cask")]
    return write_catalogue(tmp_path / "output", records, withdrawn=withdrawn)


def ids(answers: list[Answer]) -> list[list[str]]:
    return [[hit.record["id"] for hit in answer.hits] for answer in answers]


def test_a_code_gives_the_meanings_of_all_vendors(folder: Path) -> None:
    assert ids(lookup(["56"], folder=folder)) == [["acme:56", "bolt:56"]]


@pytest.mark.parametrize("written", ["56", "0x38", "0X38", "38h", "&H38", "0056"])
def test_a_number_is_the_same_however_it_is_written(folder: Path, written: str) -> None:
    assert ids(lookup([written], folder=folder)) == [["acme:56", "bolt:56"]]


@pytest.mark.parametrize("written", ["0x80070005", "-2147024891", "2147942405", "2,147,942,405"])
def test_signed_and_unsigned_readings_of_32_bits_are_one_number(folder: Path, written: str) -> None:
    (found,) = ids(lookup([written], folder=folder))
    assert sorted(found) == ["acme:-2147024891", "bolt:0x80070005"]


def test_the_code_as_printed_comes_before_its_other_readings(folder: Path) -> None:
    (answer,) = lookup(["0x80070005"], folder=folder)
    assert [(hit.record["id"], hit.found_by) for hit in answer.hits] == [("bolt:0x80070005", "code"), ("acme:-2147024891", "number")]


@pytest.mark.parametrize("written", ["AB400-XY-0001", "ab400-xy-0001", "ab400xy0001", "acme:AB400-XY-0001", "ACME:ab400-xy-0001"])
def test_a_code_with_letters_is_found_in_any_case(folder: Path, written: str) -> None:
    assert ids(lookup([written], folder=folder)) == [["acme:AB400-XY-0001"]]


@pytest.mark.parametrize("written", ["AccessDenied", "ACCESS_DENIED", "access denied"])
def test_a_name_is_found_however_it_is_written(folder: Path, written: str) -> None:
    assert ids(lookup([written], folder=folder)) == [["acme:-2147024891"]]


def test_words_given_one_by_one_are_one_name(folder: Path) -> None:
    assert ids(lookup(["access", "denied"], folder=folder)) == [["acme:-2147024891"]]


def test_a_name_that_two_codes_bear_gives_both(folder: Path) -> None:
    assert ids(lookup(["DUPLICATE_APPLICATION"], folder=folder)) == [["acme:56", "acme:136"]]


def test_an_error_type_gives_all_its_codes(folder: Path) -> None:
    assert ids(lookup(["invalid_grant"], folder=folder)) == [["acme:AB400-XY-0001", "acme:AB400-XY-0002"]]


def test_an_id_without_its_hash_gives_all_records_of_the_code(folder: Path) -> None:
    assert ids(lookup(["bolt:400"], folder=folder)) == [["bolt:400~aaaaaaaa", "bolt:400~bbbbbbbb"]]
    assert ids(lookup(["bolt:400~bbbbbbbb"], folder=folder)) == [["bolt:400~bbbbbbbb"]]


def test_several_codes_are_answered_one_by_one(folder: Path) -> None:
    answers = lookup(["136", "E_ACCESS", "999"], folder=folder)
    assert [answer.asked for answer in answers] == ["136", "E_ACCESS", "999"]
    assert ids(answers) == [["acme:136"], ["bolt:0x80070005"], []]


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("unsuported grant typ", "acme:AB400-XY-0001"),
        ("mailbox full", "bolt:56"),
        ("mialbox", "bolt:56"),
        ("token expire", "acme:AB400-XY-0002"),
        ("bolt 56", "bolt:56"),
        ("文件", "bolt:77"),
    ],
)
def test_words_find_the_text_with_typing_errors(folder: Path, words: str, best: str) -> None:
    (answer,) = lookup(words.split(), folder=folder)
    assert answer.hits[0].record["id"] == best
    assert answer.hits[0].found_by == "words"
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)


def test_a_number_among_words_must_be_exact(folder: Path) -> None:
    assert ids(lookup(["57"], folder=folder)) == [[]]


def test_what_is_not_found_names_what_is_written_alike(folder: Path) -> None:
    (answer,) = lookup(["AB400-XY-0003"], folder=folder)
    assert answer.hits == ()
    assert set(answer.near) >= {"acme:AB400-XY-0001", "acme:AB400-XY-0002"}


@pytest.mark.parametrize("asked", ["99", "acme:99", "order lost"])
def test_what_the_documents_no_longer_have_is_told_so(folder: Path, asked: str) -> None:
    (answer,) = lookup([asked], folder=folder)
    assert [row["id"] for row in answer.withdrawn] == ["acme:99"]
    assert answer.hits == ()


def test_what_is_published_comes_before_what_is_withdrawn(folder: Path) -> None:
    (answer,) = lookup(["56"], folder=folder)
    assert {hit.record["id"] for hit in answer.hits} == {"acme:56", "bolt:56"}
    assert answer.withdrawn == ()


def test_withdrawn_record_is_shown_with_the_releases_that_had_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "99", "--data", str(folder)]) == NOTHING_FOUND
    assert capsys.readouterr() == ("", "errcat: '99' is withdrawn: acme:99 ORDER_LOST, published from 1.0.0 to 1.2.0 (withdrawn)\n")
    main(["lookup", "99", "--data", str(folder), "--json"])
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["id"], found["found_by"], found["score"], found["last_seen"]) == ("acme:99", "withdrawn", None, "1.2.0")


def test_sources_narrow_and_limits_say_what_they_leave_out(folder: Path) -> None:
    assert ids(lookup(["56"], folder=folder, sources=["bolt"])) == [["bolt:56"]]
    (answer,) = lookup(["56"], folder=folder, limit=1)
    assert (len(answer.hits), answer.left_out) == (1, 1)


@pytest.mark.parametrize("asked", [[""], ["  ", "\t"], []])
def test_asking_for_nothing_is_refused(folder: Path, asked: list[str]) -> None:
    with pytest.raises(InputError, match="nothing is asked for"):
        lookup(asked, folder=folder)


def test_a_limit_of_nothing_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="the limit leaves nothing"):
        lookup(["56"], folder=folder, limit=0)


def test_unknown_sources_and_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"no such source(.|\n)*acme, bolt"):
        lookup(["56"], folder=folder, sources=["nobody"])
    with pytest.raises(CatalogueError, match=r"no published catalogue(.|\n)*errcat build"):
        lookup(["56"], folder=tmp_path)


def test_the_command_prints_records_and_says_what_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "56", "9999", "--data", str(folder)]) == 5
    printed = capsys.readouterr()
    assert printed.out == (
        "acme:56  DUPLICATE_APPLICATION  (Acme Gateway API)\n"
        "  description  An application with this id is there already.\n"
        "  section      Gateway codes\n"
        "\n"
        "bolt:56  (Bolt Gateway API)\n"
        "  message  The mailbox is full.\n"
        "  section  Gateway codes\n"
    )
    assert "nothing is found for '9999'" in printed.err


def test_json_is_an_array_of_records_with_how_they_were_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "0x38", "--json", "--data", str(folder)]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["id"], first["found_by"], first["score"], first["asked"]) == ("acme:56", "number", 95.0, "0x38")
    assert second["vendor"] == "Bolt"


def test_control_characters_of_a_vendor_are_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_catalogue(tmp_path, [record("1", message="red \x1b[31m")])
    assert main(["lookup", "1", "--data", str(tmp_path)]) == 0
    assert "red \\x1b[31m" in capsys.readouterr().out


@pytest.mark.parametrize("asked", ["56", "0x38", "-2147024891", "bolt:400", "AccessDenied", "56 AB400-XY-0001"])
def test_a_code_is_found_without_any_heavy_library(folder: Path, asked: str) -> None:
    script = (
        "import sys; from etl.cli import main\n"
        f"assert main({['lookup', *asked.split(), '--data', str(folder)]!r}) == 0\n"
        "heavy = {'pandas', 'pyarrow', 'rich', 'rapidfuzz', 'pydantic', 'dataclasses', 'numpy', 'duckdb'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-1", 2**32 - 1), ("0xFFFFFFFF", 2**32 - 1), ("c0000005", 0xC0000005), ("0x80070005L", 0x80070005),
     ("-2147483649", -(2**31) - 1), ("", None), ("4e04", None), ("1.5", None), ("１", None), ("1,2", None), ("PR1", None)],
)  # fmt: skip
def test_numbers_are_read_in_the_usual_spellings(text: str, number: int | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("code", ["AB400-XY-0001", "ORA-01017", "TX_4711_B", "E1001G"])
def test_codes_of_letters_and_digits_are_distinctive(code: str) -> None:
    assert is_distinctive(code)


@pytest.mark.parametrize("code", ["404", "0x80070005", "not_found", "1e4a90", "c0000005", "AB-1", "A B 12 34", "-", "", "ab12cd"])
def test_numbers_words_and_pieces_of_hashes_are_not_distinctive(code: str) -> None:
    assert not is_distinctive(code)


def test_squashing_leaves_letters_and_digits() -> None:
    assert squash("Invalid_XML 2.0") == "invalidxml20"
