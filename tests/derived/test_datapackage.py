"""datapackage.json: valid for frictionless, and enough to read the CSVs as what the Parquet files hold."""

from __future__ import annotations

import copy
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from etl.derived.datapackage import describe_field, render_datapackage
from schemas.columns import KEY, TEXT, Boolean, Column, Integer, ListOf, Text
from schemas.contract import CONTRACTS
from schemas.vocabulary import TABLE_NAMES
from tests.derived.hostile import OUTPUT, published_rows

PACKAGE = OUTPUT / "datapackage.json"

READ = """
import json, sys, frictionless
package = frictionless.Package(sys.argv[1])
print(json.dumps({name: [row.to_dict() for row in package.get_resource(name).read_rows()] for name in sys.argv[2:]}))
"""


def run_frictionless(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=OUTPUT, capture_output=True, text=True, check=False, encoding="utf-8")


def descriptor() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PACKAGE.read_text(encoding="utf-8"))
    return found


def resource(name: str) -> dict[str, Any]:
    (found,) = [resource for resource in descriptor()["resources"] if resource["name"] == name]
    return dict(found)


def test_frictionless_finds_it_valid() -> None:
    done = run_frictionless("-m", "frictionless", "validate", "datapackage.json", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    assert report["valid"] is True
    assert {task["place"] for task in report["tasks"] if task["type"] == "table"} == {f"{name}.csv" for name in TABLE_NAMES}


def test_frictionless_would_find_a_fault(tmp_path: Path) -> None:
    package = descriptor()
    package["resources"] = [copy.deepcopy(resource("sources")), copy.deepcopy(resource("terms"))]
    content = (OUTPUT / "terms.csv").read_bytes().replace(b"ms-ascmd", b"no-such", 1)
    (tmp_path / "terms.csv").write_bytes(content)
    (tmp_path / "sources.csv").write_bytes((OUTPUT / "sources.csv").read_bytes())
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    done = run_frictionless("-m", "frictionless", "validate", str(tmp_path / "datapackage.json"), "--json")
    assert {error["type"] for task in json.loads(done.stdout)["tasks"] for error in task["errors"]} == {
        "hash-count",
        "byte-count",
        "foreign-key",
    }


def test_csv_read_by_its_types_is_the_parquet() -> None:
    done = run_frictionless("-c", READ, "datapackage.json", *TABLE_NAMES)
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    for name in TABLE_NAMES:
        assert read[name] == pyarrow.parquet.read_table(OUTPUT / f"{name}.parquet").to_pylist(), name


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_table_is_described_as_in_the_contract(table: str) -> None:
    contract, schema = CONTRACTS[table], resource(table)["schema"]
    assert [field["name"] for field in schema["fields"]] == list(contract.column_names)
    assert all(field["description"] for field in schema["fields"])
    assert {field["name"] for field in schema["fields"] if not field.get("constraints", {}).get("required")} == {
        column.name for column in contract.columns if column.nullable
    }
    assert schema["missingValues"] == [""]
    assert tuple(schema.get("primaryKey", [])) == contract.key
    assert [
        (tuple(key["fields"]), key["reference"]["resource"], tuple(key["reference"]["fields"])) for key in schema.get("foreignKeys", [])
    ] == [(reference.columns, reference.target, reference.target_columns) for reference in contract.references]


def test_files_are_those_on_disk() -> None:
    resources = descriptor()["resources"]
    assert {resource["path"] for resource in resources} >= {
        f"{name}.{ending}" for name in TABLE_NAMES for ending in ("csv", "json", "parquet")
    }
    assert {resource["path"] for resource in resources} >= {f"by_source/{source['source']}.json" for source in published_rows()["sources"]}
    for listed in resources:
        content = (OUTPUT / listed["path"]).read_bytes()
        assert listed["bytes"] == len(content)
        assert listed["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_only_known_licences_are_given() -> None:
    rows = copy.deepcopy(published_rows())
    files = {path: b"" for name in TABLE_NAMES for path in (f"{name}.csv", f"{name}.json")}
    files |= {f"by_source/{source['source']}.json": b"{}\n" for source in rows["sources"]}
    rows["sources"][0]["licence"], rows["sources"][1]["licence"] = "CC-BY-4.0", "Free to copy (see the page)"
    package = json.loads(render_datapackage(rows, files, "1.0.0"))
    licences = {resource["path"]: resource["licenses"] for resource in package["resources"] if "licenses" in resource}
    first, second = rows["sources"][:2]
    assert licences == {
        f"by_source/{first['source']}.json": [{"name": "CC-BY-4.0"}],
        f"by_source/{second['source']}.json": [{"title": "Free to copy (see the page)", "path": second["url"]}],
    }
    assert "licenses" not in package


def test_version_is_the_catalogue_s() -> None:
    assert descriptor()["version"] == json.loads((OUTPUT / "index.json").read_text(encoding="utf-8"))["data_version"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (
            Column(name="a", type=Text(form=KEY), description="d"),
            {"type": "string", "constraints": {"required": True, "pattern": "([a-z0-9]+(-[a-z0-9]+)*)"}},
        ),
        (Column(name="a", type=Text(form=TEXT), description="d", nullable=True), {"type": "string"}),
        (
            Column(name="a", type=Text(choices=("x", "y")), description="d", nullable=True),
            {"type": "string", "constraints": {"enum": ["x", "y"]}},
        ),
        (
            Column(name="a", type=Integer(bits=16, minimum=100), description="d", nullable=True),
            {"type": "integer", "constraints": {"minimum": 100, "maximum": 32767}},
        ),
        (
            Column(name="a", type=Boolean(), description="d"),
            {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"], "constraints": {"required": True}},
        ),
        (
            Column(name="a", type=ListOf(item=Text(), at_least=1), description="d"),
            {"type": "array", "constraints": {"required": True, "minLength": 1}},
        ),
    ],
)
def test_field_is_described(column: Column, expected: dict[str, Any]) -> None:
    assert describe_field(column) == {"name": "a", "description": "d", **expected}
