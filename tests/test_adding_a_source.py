"""docs/adding-a-source.md is true: its walk prints what it shows, and its reference knows every key of a spec and no other."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter

from etl import spec as specs
from etl.extract import BLOCK_LAYOUTS, FORMATS, MARKED_LAYOUTS, TEXT_LAYOUTS
from etl.values import PLACEHOLDERS
from tests.walk import DOCS, find_stale, read_commands

PAGE = (DOCS / "adding-a-source.md").read_text(encoding="utf-8")
MODELS = {
    name: model
    for name, model in vars(specs).items()
    if isinstance(model, type) and issubclass(model, BaseModel) and not name.startswith("_") and model is not BaseModel
}
DESCRIBED: dict[str, str] = dict(re.findall(r"<!-- keys of (\w+) -->\n\|[^\n]*\n\|[^\n]*\n((?:\|[^\n]*\n)+)", PAGE))
ROW = re.compile(r"^\| `(?P<key>\w+)` \| .+ \| `(?P<example>.+)` \|$", re.MULTILINE)
EXAMPLES = [(name, row["key"], row["example"]) for name, rows in DESCRIBED.items() for row in ROW.finditer(rows)]


def test_walk_prints_what_the_page_shows(tmp_path: Path) -> None:
    assert len(read_commands(PAGE)) > 5
    assert find_stale(PAGE, tmp_path) == []
    golden = (tmp_path / "tests" / "golden" / "read_by_hand" / "parcelo.jsonl").read_text(encoding="utf-8").splitlines()
    published = {row["id"]: row for row in json.loads((tmp_path / "output" / "status_codes.json").read_text(encoding="utf-8"))}
    assert [published[row["id"]] for row in map(json.loads, golden)] == list(map(json.loads, golden))


def test_every_part_of_a_spec_has_its_section() -> None:
    assert set(DESCRIBED) == set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_reference_has_every_key_and_no_other(name: str) -> None:
    assert [row["key"] for row in ROW.finditer(DESCRIBED[name])] == list(MODELS[name].model_fields)
    assert len(DESCRIBED[name].splitlines()) == len(MODELS[name].model_fields)


@pytest.mark.parametrize(("name", "key", "example"), EXAMPLES, ids=lambda value: value if len(value) < 30 else "")
def test_example_is_valid(name: str, key: str, example: str) -> None:
    given = tomllib.loads(example)
    assert list(given) == [key]
    field = MODELS[name].model_fields[key]
    wanted: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    TypeAdapter(wanted).validate_json(json.dumps(given[key]), strict=True)


def test_every_vocabulary_of_the_reference_is_complete() -> None:
    fields = re.findall(r"`(\w+)`", PAGE.split("Fields of a record are ")[1].split("Two columns")[0])
    assert fields == [*specs.RECORD_FIELDS, *specs.TERM_FIELDS]
    (formats,) = re.findall(r"^\| `format` \| (.+?) \| `", PAGE, re.MULTILINE)
    assert re.findall(r"`(\w+)`", formats) == list(FORMATS)
    (syntaxes,) = re.findall(r"^\| `placeholders` \| (.+) \| `", PAGE, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)` \(`", syntaxes)) == sorted(PLACEHOLDERS)


def test_every_layout_is_listed_and_no_other() -> None:
    listed = re.findall(r"^\|[^|]*\|([^|]+)\|", PAGE.split("## layouts\n")[1], re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", "".join(listed))) == sorted({*MARKED_LAYOUTS, *BLOCK_LAYOUTS, *TEXT_LAYOUTS})
