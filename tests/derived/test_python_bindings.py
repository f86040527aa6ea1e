"""The Python bindings: importable without errcat, typed, one member per code, with what the document says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etl.derived.by_source import group_by_code
from etl.derived.names import name_members, name_module
from etl.derived.python_bindings import render_python_bindings
from tests.derived.hostile import NASTY, carried, hostile_rows, published_rows, write_files

CATALOGUES = {"published": published_rows(), "hostile": hostile_rows()}

DUMP = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
package = importlib.import_module("bindings.python")
def plain(value):
    if hasattr(value, "_asdict"):
        return {name: plain(member) for name, member in value._asdict().items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value
dumped = {}
for source, name in package.MODULES.items():
    module = importlib.import_module("bindings.python." + name)
    assert all(module.Code(member.value) is member for member in module.Code)
    dumped[source] = {
        "members": {name: member.value for name, member in module.Code.__members__.items()},
        "records": {member.value: [plain(record) for record in member.records] for member in module.Code},
        "without_code": [plain(record) for record in module.RECORDS_WITHOUT_CODE],
        "doc": module.Code.__doc__,
    }
assert not {"etl", "schemas"} & {name.partition(".")[0] for name in sys.modules}
print(json.dumps(dumped))
"""

USE = """
from published import CodeRecord, healthvault, symantec_vip
from hostile import acme, import_

code: healthvault.Code = healthvault.Code("56")
first: CodeRecord = code.records[0]
text: str | None = first.description
status: int | None = symantec_vip.Code.CODE_400.records[0].http_status
conditions: list[str | None] = [fallback.condition for fallback in acme.RECORDS[acme.Code.CODE_11][0].http_fallbacks]
value: str = import_.Code.OK.value
"""


def dump(folder: Path) -> dict[str, Any]:
    """What a Python without any installed package finds in the bindings below `folder`."""
    done = subprocess.run([sys.executable, "-I", "-S", "-W", "error", "-c", DUMP, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("rows", CATALOGUES.values(), ids=CATALOGUES)
def test_package_says_what_the_catalogue_says(rows: dict[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    write_files(tmp_path, render_python_bindings(rows))
    found = dump(tmp_path)
    assert set(found) == {source["source"] for source in rows["sources"]}
    for source, module in found.items():
        own = [row for row in rows["status_codes"] if row["source"] == source]
        groups = group_by_code(own)
        without_code = groups.pop("-", [])
        assert module["records"] == {code: [carried(row) for row in group] for code, group in groups.items()}
        assert module["without_code"] == [carried(row) for row in without_code]
        assert {value: name for name, value in module["members"].items()} == name_members(own)


def test_a_code_printed_many_times_is_one_member_with_all_its_records(tmp_path: Path) -> None:
    write_files(tmp_path, render_python_bindings(published_rows()))
    vip = dump(tmp_path)["symantec-vip"]
    assert vip["members"]["CODE_400"] == "400"
    assert len(vip["records"]["400"]) == 18
    assert len(vip["members"]) == 5


def test_names_that_occur_twice_carry_their_code(tmp_path: Path) -> None:
    write_files(tmp_path, render_python_bindings(published_rows()))
    members = dump(tmp_path)["healthvault"]["members"]
    assert members["DUPLICATE_APPLICATION_FOUND_56"] == "56"
    assert members["DUPLICATE_APPLICATION_FOUND_136"] == "136"
    assert "DUPLICATE_APPLICATION_FOUND" not in members


def test_package_is_typed(tmp_path: Path) -> None:
    for name, rows in CATALOGUES.items():
        files = render_python_bindings(rows)
        write_files(tmp_path, {path.replace("bindings/python", name): content for path, content in files.items()})
    (tmp_path / "use.py").write_text(USE, encoding="utf-8")
    (tmp_path / "misuse.py").write_text("from published import healthvault\n\nhealthvault.Code.NO_SUCH_CODE\n", encoding="utf-8")
    run = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11", "--config-file=", f"--cache-dir={tmp_path / 'cache'}"]
    done = subprocess.run([*run, "published", "hostile", "use.py", "misuse.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    errors = [line for line in done.stdout.splitlines() if "error:" in line]
    assert len(errors) == 1, done.stdout
    assert "NO_SUCH_CODE" in errors[0]


def test_same_rows_give_the_same_files() -> None:
    assert render_python_bindings(hostile_rows()) == render_python_bindings(hostile_rows())


def test_hostile_text_is_there_and_does_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, render_python_bindings(hostile_rows()))
    acme = dump(tmp_path)["acme"]
    assert acme["records"]["1"][0]["message"] == NASTY
    assert acme["records"]["11"][0]["http_fallbacks"][0]["condition"] == NASTY
    assert acme["members"]["class_1"] == "1"


def test_module_of_a_source_is_its_key() -> None:
    files = render_python_bindings(published_rows())
    for source in published_rows()["sources"]:
        assert f"bindings/python/{name_module(source['source'])}.py" in files
    assert files["bindings/python/py.typed"] == b""
