"""The TypeScript bindings: they compile under --strict, and say what the catalogue says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from etl.derived.by_source import group_by_code
from etl.derived.names import name_members, name_module
from etl.derived.typescript_bindings import FOLDER, render_typescript_bindings
from tests.derived.hostile import NASTY, OUTPUT, carried, hostile_rows, published_rows, write_files
from tests.derived.node import compile_folder, run_node

DUMP = """
import * as all from "./dist/index.js";
const dumped = {};
for (const [name, source] of Object.entries(all)) {
  if (name === "SCHEMA_VERSION") continue;
  for (const code of Object.keys(source.records)) if (!source.isCode(code)) throw new Error(code);
  if (source.isCode("toString") || source.isCode("no such code")) throw new Error("isCode");
  dumped[name] = { members: source.Code, records: Object.entries(source.records), without_code: source.recordsWithoutCode };
}
console.log(JSON.stringify(dumped));
"""

USE = """
import { acme, import_, type CodeRecord } from "./index.js";

const one: "1" = acme.Code.class_1;
const known: acme.Code = acme.Code.NAME_3D_Secure_failed;
const first: CodeRecord | undefined = acme.records[known][0];
const status: number | null = acme.records[one][0]!.http_status;
const waiting: string | null = acme.records["11"][0]!.http_fallbacks[0]!.condition;
const asked: string = "56";
if (acme.isCode(asked)) console.log(acme.records[asked].length, first, status, waiting, import_.Code.OK);
"""

MISUSE = """
import { acme } from "./index.js";
const code: acme.Code = "no such code";
acme.records["1"].length = 0;
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed bindings, compiled."""
    folder = tmp_path_factory.mktemp("published")
    compiled = compile_folder(
        OUTPUT / "bindings" / "typescript", "--strict", "--noUncheckedIndexedAccess", "--outDir", str(folder / "dist")
    )
    assert compiled.returncode == 0, compiled.stdout
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bindings of texts that would break out, compiled together with code that uses them."""
    folder = tmp_path_factory.mktemp("hostile")
    write_files(folder, render_typescript_bindings(hostile_rows()))
    (folder / FOLDER / "use.ts").write_text(USE, encoding="utf-8")
    compiled = compile_folder(folder / FOLDER)
    assert compiled.returncode == 0, compiled.stdout
    return folder / FOLDER


def assert_says(rows: dict[str, list[dict[str, Any]]], folder: Path) -> None:
    found = json.loads(run_node(DUMP, folder))
    assert set(found) == {name_module(source["source"]) for source in rows["sources"]}
    for source in rows["sources"]:
        module = found[name_module(source["source"])]
        own = [row for row in rows["status_codes"] if row["source"] == source["source"]]
        groups = group_by_code(own)
        without_code = groups.pop("-", [])
        assert dict(module["records"]) == {code: [carried(row) for row in group] for code, group in groups.items()}
        assert module["without_code"] == [carried(row) for row in without_code]
        assert {value: name for name, value in module["members"].items()} == name_members(own)


def test_committed_bindings_say_what_the_catalogue_says(published: Path) -> None:
    assert_says(published_rows(), published)


def test_hostile_texts_say_what_the_catalogue_says(hostile: Path) -> None:
    assert_says(hostile_rows(), hostile)


def test_declarations_keep_the_codes(published: Path) -> None:
    declared = (published / "dist" / "healthvault.d.ts").read_text(encoding="utf-8")
    assert 'readonly DUPLICATE_APPLICATION_FOUND_56: "56"' in declared


def test_types_refuse_what_the_document_does_not_list(hostile: Path) -> None:
    misuse = hostile / "misuse.ts"
    misuse.write_text(MISUSE, encoding="utf-8")
    refused = compile_folder(hostile, "--noEmit").stdout
    misuse.unlink()
    assert "misuse.ts(3," in refused
    assert "misuse.ts(4," in refused
    assert refused.count("error") == 2


def test_hostile_text_is_there_and_does_nothing(hostile: Path) -> None:
    shown = 'JSON.stringify([acme.records["1"][0].message, acme.records["__proto__"].length])'
    assert json.loads(run_node(f'import {{ acme }} from "./dist/index.js"; console.log({shown});', hostile)) == [NASTY, 1]


def test_package_names_no_registry() -> None:
    package = json.loads(render_typescript_bindings(published_rows())[f"{FOLDER}/package.json"])
    assert set(package) == {"name", "private", "type", "exports", "scripts"}
