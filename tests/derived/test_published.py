"""The derived files as they are committed, and as builds keep them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from etl.build import build
from etl.derived import render_derived
from schemas.vocabulary import TABLE_NAMES
from tests.derived.hostile import OUTPUT, ROOT, hostile_rows, published_rows
from tests.making import write_source

JSON_FILES = sorted(
    path.relative_to(OUTPUT).as_posix() for path in OUTPUT.rglob("*.json") if path.relative_to(OUTPUT).parts[0] in {path.name, "by_source"}
)


def schema_of(name: str) -> dict[str, Any]:
    folder, _, _ = name.rpartition("/")
    found: dict[str, Any] = json.loads(
        (ROOT / "schemas" / f"{folder or name.removesuffix('.json')}.json.schema.json").read_text(encoding="utf-8")
    )
    return found


def test_committed_files_are_those_of_the_committed_tables() -> None:
    tables = {
        f"{name}.{ending}": (OUTPUT / f"{name}.{ending}").read_bytes() for name in TABLE_NAMES for ending in ("json", "csv", "parquet")
    }
    data_version = json.loads((OUTPUT / "index.json").read_text(encoding="utf-8"))["data_version"]
    rendered = render_derived(published_rows(), tables, data_version)
    assert [name for name, content in rendered.items() if (OUTPUT / name).read_bytes() != content] == []
    derived = {path for folder in ("by_source", "bindings") for path in (OUTPUT / folder).rglob("*.*") if "__pycache__" not in path.parts}
    assert {path.relative_to(OUTPUT).as_posix() for path in derived if path.is_file()} <= set(rendered)


@pytest.mark.parametrize("name", [name for name in JSON_FILES if not name.startswith((".", "datapackage"))])
def test_json_file_is_valid_by_its_schema(name: str) -> None:
    schema = schema_of(name)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads((OUTPUT / name).read_text(encoding="utf-8")))


def test_every_json_file_was_found() -> None:
    assert {f"{name}.json" for name in TABLE_NAMES} | {"index.json", "history.json"} <= set(JSON_FILES)
    assert len([name for name in JSON_FILES if name.startswith("by_source/")]) == len(published_rows()["sources"])


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("status_codes.json", [{"id": "acme:1"}]),
        ("by_source/acme.json", {"1": []}),
        ("by_source/acme.json", {"": [published_rows()["status_codes"][0]]}),
        ("by_source/acme.json", {"1": [{**published_rows()["status_codes"][0], "http_status": 99}]}),
        ("index.json", {"schema_version": "0.0.0"}),
        ("history.json", {"data_version": "1"}),
    ],
)
def test_schemas_refuse_what_is_wrong(name: str, broken: object) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(schema_of(name)).validate(broken)


def test_derived_files_do_not_depend_on_the_run() -> None:
    tables = {f"{name}.csv": name.encode() for name in TABLE_NAMES}
    assert render_derived(hostile_rows(), tables, "1.0.0") == render_derived(hostile_rows(), tables, "1.0.0")


def test_files_of_a_source_that_is_gone_are_removed(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    write_source(raw)
    write_source(raw, source="bolt-2")
    build(raw, out)
    own = [out / "by_source/bolt-2.json", out / "bindings/python/bolt_2.py", out / "bindings/typescript/bolt-2.ts"]
    assert all(path.exists() for path in own)
    for path in raw.glob("bolt-2*"):
        path.unlink()
    build(raw, out, accept=["bolt-2"])
    assert not any(path.exists() for path in own)
    assert (out / "by_source/acme.json").exists()
    assert "bolt" not in (out / "bindings/python/__init__.py").read_text(encoding="utf-8")
