"""The command line as a user meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl.cli import MODULES, make_parser
from etl.publish import STAGING
from tests.making import PAGE, SPEC, write_source


def errcat(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parent.parent)
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "etl", *arguments], cwd=cwd, capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": root, "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_source(tmp_path / "raw")
    write_source(tmp_path / "raw", source="bolt", page=PAGE.replace("Too much", "Not \x1b[31mred\u202e"))
    return tmp_path


@pytest.fixture
def built(folder: Path) -> Path:
    assert errcat("build", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_no_heavy_library(option: str, tmp_path: Path) -> None:
    script = (
        "import sys; from etl.cli import main\n"
        f"try: main([{option!r}])\nexcept SystemExit as end: assert not end.code\n"
        "heavy = {'pandas', 'pandera', 'pyarrow', 'bs4', 'pydantic', 'rich', 'duckdb', 'httpx'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": root}
    )
    assert done.returncode == 0, done.stderr
    assert "errcat" in done.stdout


def test_each_command_stands_in_the_module_that_is_said_to_add_it() -> None:
    for names in MODULES.values():
        for name in names:
            commands = make_parser(name)._subparsers._group_actions[0].choices  # type: ignore[union-attr]
            assert list(commands or ()) == list(names)


def test_build_prints_a_row_for_each_source(folder: Path) -> None:
    done = errcat("build", cwd=folder)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [line[:3] for line in lines[2:4]] == [["acme", "built", "4"], ["bolt", "built", "4"]]
    assert done.stderr == ""


def test_build_reports_as_json(folder: Path) -> None:
    report = json.loads(errcat("build", "--json", cwd=folder).stdout)
    assert [(source["source"], source["status"], source["records"]) for source in report["sources"]] == [
        ("acme", "built", 4),
        ("bolt", "built", 4),
    ]
    assert "status_codes.parquet" in report["changed"]


def test_failed_source_is_told_with_place_and_advice(built: Path) -> None:
    write_source(built / "raw", page=f"{PAGE}\n\nsomething new")
    done = errcat("build", cwd=built)
    assert done.returncode == 4
    assert "acme.txt:17: the ledger does not balance" in done.stderr
    assert "what to do: add what is new to the spec" in done.stderr
    assert "acme failed: its 4 published records stay" in done.stderr


def test_layout_that_the_spec_does_not_fit_has_its_own_exit_code(built: Path) -> None:
    write_source(built / "raw", spec=SPEC.replace('"Transfer errors"', '"Payment errors"'))
    assert errcat("build", cwd=built).returncode == 4


def test_misspelt_spec_key_is_told_with_its_path(built: Path) -> None:
    write_source(built / "raw", spec=SPEC.replace("language", "langauge"))
    done = errcat("check", cwd=built)
    assert done.returncode == 1
    assert "langauge: no such key" in done.stderr


def test_ledger_is_printed_balanced(folder: Path) -> None:
    done = errcat("check", "--ledger", "acme", cwd=folder)
    assert done.returncode == 0
    assert "the ledger balances\n" in done.stdout


def test_balanced_ledger_ends_in_what_confirms_it(folder: Path) -> None:
    confirmed = errcat("check", "--ledger", "acme", cwd=folder).stdout.split("this very document:\n")[1]
    assert confirmed.endswith("records = 4\n")
    write_source(folder / "raw", spec=SPEC.replace("[[tables]]", f"{confirmed}\n[[tables]]"))
    assert errcat("check", "--source", "acme", cwd=folder).returncode == 0
    other = confirmed.replace("records = 4", "records = 5")
    write_source(folder / "raw", spec=SPEC.replace("[[tables]]", f"{other}\n[[tables]]"))
    done = errcat("check", "--source", "acme", cwd=folder)
    assert done.returncode == 1
    assert "found: 4 records\n  expected: 5 records" in done.stderr
    assert "draft --against" not in done.stderr


def test_line_that_nothing_claims_is_shown_with_its_text(folder: Path) -> None:
    write_source(folder / "raw", page=f"{PAGE}\n\nsomething new")
    shown = errcat("check", "--ledger", "acme", cwd=folder).stdout
    assert "  17  unclaimed  nothing           something new\n" in shown
    assert shown.endswith("the ledger does not balance; claimed by nothing: line 17\n")


def test_ledger_that_does_not_balance_is_printed_with_what_is_left(folder: Path) -> None:
    write_source(folder / "raw", page=f"{PAGE}\n\nsomething new")
    done = errcat("check", "--ledger", "acme", "--json", cwd=folder)
    assert done.returncode == 1
    assert json.loads(done.stdout)["unclaimed"] == [17]


def test_why_shows_lines_cells_and_steps(built: Path) -> None:
    done = errcat("why", "acme:101", cwd=built)
    assert done.returncode == 0
    assert "message: Wrong password for <user>\n      from 'Message': 'Wrong password for <user>'" in done.stdout
    assert "9 | 101 Wrong password for <user>" in done.stdout


def test_why_names_near_ids(built: Path) -> None:
    done = errcat("why", "acme:1011", cwd=built)
    assert done.returncode == 1
    assert "such as acme:101" in done.stderr


def test_why_notices_a_document_that_has_changed_since(built: Path) -> None:
    write_source(built / "raw", page=PAGE.replace("Wrong password", "Bad password"))
    done = errcat("why", "acme:101", cwd=built)
    assert done.returncode == 1
    assert "no longer says what is published" in done.stderr


def test_findings_are_filtered(built: Path) -> None:
    write_source(built / "raw", page=PAGE.replace("Too much", "No such user"))
    errcat("build", cwd=built)
    found = json.loads(errcat("findings", "--rule", "duplicate_message", "--source", "acme", "--json", cwd=built).stdout)
    assert [row["id"] for row in found] == ["acme:100", "acme:201"]
    assert errcat("findings", "--severity", "error", cwd=built).returncode == 5


def test_unknown_rule_is_refused(built: Path) -> None:
    done = errcat("findings", "--rule", "duplicates", cwd=built)
    assert done.returncode == 1
    assert "expected: one of ambiguous" in done.stderr


def test_sources_are_listed(built: Path) -> None:
    rows = json.loads(errcat("sources", "--json", cwd=built).stdout)
    assert [(row["source"], row["records"], row["first_code"], row["last_code"]) for row in rows] == [
        ("acme", 4, "100", "201"),
        ("bolt", 4, "100", "201"),
    ]


def test_control_characters_of_a_page_never_reach_the_terminal(built: Path) -> None:
    done = errcat("why", "bolt:201", cwd=built)
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "Not \\x1b[31mred\\u202e" in done.stdout


def test_folder_without_specs_is_refused(tmp_path: Path) -> None:
    done = errcat("build", cwd=tmp_path)
    assert done.returncode == 1
    assert "no specs" in done.stderr
    assert not (tmp_path / "output").exists()


def test_data_folder_without_catalogue_is_refused(tmp_path: Path) -> None:
    done = errcat("sources", "--data", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 1
    assert "no published catalogue" in done.stderr


def test_tables_of_another_schema_version_are_refused(built: Path) -> None:
    index = built / "output" / "index.json"
    given = json.loads(index.read_text(encoding="utf-8"))
    index.write_text(json.dumps({**given, "schema_version": "0.9.0"}), encoding="utf-8")
    for command in (["sources"], ["lookup", "100"], ["why", "acme:100"]):
        done = errcat(*command, cwd=built)
        assert done.returncode == 1
        assert "found: schema version 0.9.0" in done.stderr


def test_next_command_finishes_what_a_build_that_died_had_begun(built: Path) -> None:
    content = b"finished"
    staging = built / "output" / STAGING
    staging.mkdir()
    (staging / "CHANGES.md").write_bytes(content)
    ready = {"write": {"CHANGES.md": hashlib.sha256(content).hexdigest()}, "remove": []}
    (staging / "ready.json").write_text(json.dumps(ready), encoding="utf-8")
    assert errcat("sources", cwd=built).returncode == 0
    assert (built / "output" / "CHANGES.md").read_bytes() == content
    assert not staging.exists()


def test_wrong_usage_has_its_own_exit_code(tmp_path: Path) -> None:
    assert errcat("bulid", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "77", "PYTHONUTF8": "0"},
    ],
)
def test_bytes_depend_on_no_environment(built: Path, environment: dict[str, str]) -> None:
    assert errcat("build", "--out", "elsewhere", cwd=built, **environment).returncode == 0
    files = [
        path.relative_to(built / "output") for path in (built / "output").rglob("*") if path.is_file() and not path.name.startswith(".")
    ]
    assert len(files) > 15
    for path in files:
        assert (built / "elsewhere" / path).read_bytes() == (built / "output" / path).read_bytes()
