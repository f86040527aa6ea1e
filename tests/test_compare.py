"""Hand-kept tables against the catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etl.cli import main
from etl.compare import compare
from etl.errors import CatalogueError, InputError
from tests.published import record, write_catalogue

RECORDS = [
    record("1", name="BadDate", message="The date is wrong."),
    record("2", name="BadTime", message="The time is wrong."),
    record("3", name="BoxFull", message="The box is full."),
    record("0x80070005", name="AccessDenied"),
    record("1", source="bolt", name="Other", message="Something else."),
    record("AB-17", source="core"),
    record("AB-18", source="core"),
    record("400", source="core", id="core:400~aaaaaaaa", message="First."),
    record("400", source="core", id="core:400~bbbbbbbb", message="Second."),
    record(None, source="core", message="No code."),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_catalogue(tmp_path / "output", RECORDS)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder.parent / name
    path.write_text(text, encoding="utf-8")
    return path


def differences(folder: Path, name: str, text: str, source: str = "acme", enum: str | None = None) -> list[tuple[str, str, str | None]]:
    result = compare(write(folder, name, text), source=source, enum=enum, folder=folder)
    return [(found.kind, found.code, found.table) for found in result.differences]


SAME = "code,name,message\n1,BAD_DATE,The date is wrong.\n2,BadTime,The  time is wrong.\n3,BOX_FULL,\n-2147024891,ACCESS_DENIED,\n"


@pytest.mark.parametrize(
    "text",
    [
        SAME,
        SAME.replace(",", ";"),
        SAME.replace(",", "\t"),
        "\ufeff" + SAME,
        SAME.replace("\n", "\r\n"),
        SAME.replace("code,name", "Error Code,Symbol"),
        SAME + "\n,,\n",
    ],
)
def test_a_table_that_agrees_differs_in_nothing(folder: Path, text: str) -> None:
    assert differences(folder, "a.csv", text) == []


def test_invented_missing_and_other_names_are_told(folder: Path) -> None:
    assert differences(folder, "a.csv", "code,name\n1,BAD_DAY\n2,BAD_TIME\n99,MADE_UP\n0x80070005,ACCESS_DENIED\n") == [
        ("name", "1", "BAD_DAY"),
        ("invented", "99", "MADE_UP"),
        ("missing", "3", None),
    ]


def test_other_messages_are_told(folder: Path) -> None:
    assert ("message", "1", "The date is bad.") in differences(folder, "a.csv", "code,message\n1,The date is bad.\n")


def test_a_message_may_be_that_of_any_record_of_the_code(folder: Path) -> None:
    text = "code,message\n400,First.\n400,Second.\nAB-17,\nAB-18,\n"
    assert differences(folder, "a.csv", text, "core") == []
    assert differences(folder, "a.csv", text.replace("Second", "Third"), "core") == [("message", "400", "Third.")]


@pytest.mark.parametrize(
    "text",
    [
        '[{"code": 1, "name": "BadDate"}, {"code": "2"}, {"code": 3}, {"code": "0x80070005"}]',
        '["1", 2, 3, "0x80070005"]',
        '{"1": "BadDate", "2": "BadTime", "3": "BoxFull", "0x80070005": "AccessDenied"}',
        '{"BadDate": 1, "BadTime": 2, "BoxFull": "3", "AccessDenied": 2147942405}',
        '{"1": {"name": "BadDate"}, "2": [{"code": "2", "name": "BadTime"}], "3": {}, "0x80070005": null}',
    ],
)
def test_json_is_read_in_the_shapes_that_people_keep(folder: Path, text: str) -> None:
    assert differences(folder, "a.json", text) == []


def test_names_to_codes_that_are_no_numbers_are_turned_round(folder: Path) -> None:
    assert differences(folder, "a.json", '{"FIRST": "AB-17", "SECOND": "AB-18", "OLD": "AB-99"}', "core") == [
        ("invented", "AB-99", "OLD"),
        ("missing", "400", None),
    ]


def test_a_key_that_json_repeats_is_not_lost(folder: Path) -> None:
    assert ("name", "1", "Nope") in differences(folder, "a.json", '{"1": "Nope", "1": "BadDate", "2": "BadTime"}')


ENUM = '''
import enum
from os import *
raise SystemExit("this is not run")

class Errors(enum.IntEnum):
    """Codes."""
    _ignore_ = ["x"]
    BAD_DATE = 1
    BAD_TIME: int = 0x2
    BOX_FULL = 3, "The box is full."
    ACCESS_DENIED = -2147024891

    def label(self): return "x"
'''


def test_a_python_enumeration_is_read_and_not_run(folder: Path) -> None:
    assert differences(folder, "a.py", ENUM) == []
    assert differences(folder, "a.py", ENUM.replace("BOX_FULL", "BOX_EMPTY").replace("full.", "empty.")) == [
        ("name", "3", "BOX_EMPTY"),
        ("message", "3", "The box is empty."),
    ]


def test_a_name_may_carry_its_code(folder: Path) -> None:
    assert differences(folder, "a.py", ENUM.replace("BAD_DATE", "BAD_DATE_1")) == []


def test_of_several_enumerations_one_is_named(folder: Path) -> None:
    text = ENUM + "\nclass Others(str, enum.Enum):\n    A = 'AB-17'\n    B = 'AB-18'\n    C = '400'\n"
    with pytest.raises(InputError, match=r"not clear which enumeration(.|\n)*Errors, Others"):
        compare(write(folder, "a.py", text), source="core", folder=folder)
    assert differences(folder, "a.py", text, "core", "Others") == []
    with pytest.raises(InputError, match="not clear which enumeration"):
        compare(write(folder, "a.py", text), source="core", enum="Nope", folder=folder)


def test_the_source_is_guessed_by_codes_and_names(folder: Path) -> None:
    result = compare(write(folder, "a.csv", "code,name\n1,Other\n"), folder=folder)
    assert (result.source, result.guessed, result.differences) == ("bolt", True, ())
    assert compare(write(folder, "b.csv", "code\n1\n2\n"), folder=folder).source == "acme"


def test_a_guess_that_is_none_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"no source is clearly(.|\n)*none has any of its codes(.|\n)*--source"):
        compare(write(folder, "a.csv", "code\n12345\n"), folder=folder)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.csv", "", "no column of the table holds codes"),
        ("a.csv", "name,text\na,b\n", r"no column of the table holds codes(.|\n)*'name', 'text'"),
        ("a.csv", "code,name\n", "the table has no codes"),
        ("a.csv", "code,name\n1\n", r"a\.csv:2: a row has another width(.|\n)*1 cells"),
        ("a.csv", 'code,name\n1,"open\n', r"a\.csv:2: the table is no CSV"),
        ("a.json", "{", "the table is no JSON"),
        ("a.json", "[" * 100_000, "the table is no JSON"),
        ("a.json", "3", "neither an array nor an object"),
        ("a.json", '[{"name": "x"}]', "no column of the table holds codes"),
        ("a.py", "class A(:", "the table is no Python"),
        ("a.py", "x = 1", r"not clear which enumeration(.|\n)*no enumeration"),
        ("a.py", "class A(Enum):\n    X = auto()\n", r"a\.py:2: a member of the enumeration has no code(.|\n)*X = auto\(\)"),
        ("a.py", "class A(Enum):\n    pass\n", "the table has no codes"),
        ("a.txt", "1", "no such kind of table"),
    ],
)
def test_what_is_no_table_is_refused(folder: Path, name: str, text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        compare(write(folder, name, text), source="acme", folder=folder)


def test_files_that_cannot_be_read_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the table cannot be read"):
        compare(tmp_path / "none.csv", source="acme", folder=folder)
    (tmp_path / "latin.csv").write_bytes(b"code\n\xe9\n")
    with pytest.raises(InputError, match="the table is no UTF-8"):
        compare(tmp_path / "latin.csv", source="acme", folder=folder)
    with pytest.raises(CatalogueError, match="no such source"):
        compare(write(folder, "a.csv", "code\n1\n"), source="nobody", folder=folder)


def test_the_command_prints_and_exits_with_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = write(folder, "a.csv", SAME + "99,MADE_UP,\n")
    assert main(["compare", str(table), "--data", str(folder)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[2].split() == ["invented", "99", "line", "6", "MADE_UP"]
    assert printed[-1] == "1 differences between 5 codes and acme, the source that it is most like"
    assert main(["compare", str(table), "--source", "acme", "--json", "--data", str(folder)]) == 1
    result = json.loads(capsys.readouterr().out)
    assert (result["source"], result["guessed"], result["codes"]) == ("acme", False, 5)
    assert result["differences"] == [{"kind": "invented", "code": "99", "place": "line 6", "table": "MADE_UP", "catalogue": []}]
    assert main(["compare", str(write(folder, "b.csv", SAME)), "--source", "acme", "--data", str(folder)]) == 0
