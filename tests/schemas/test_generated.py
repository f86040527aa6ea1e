"""Everything generated from the contracts says what they say: JSON Schema, Arrow schema, data dictionary, committed files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator

from schemas.__main__ import CHECKOUT, find_outdated, main, render_generated
from schemas.arrow import arrow_schema
from schemas.columns import Column, ListOf, Struct
from schemas.constraints import CONSTRAINTS
from schemas.contract import CONTRACTS
from schemas.data_dictionary import render_data_dictionary
from schemas.frames import build_frame, dtype_of, frame_rows
from schemas.json_schema import json_schema
from schemas.vocabulary import FLAGS, RULES, SCHEMA_VERSION, TERM_KINDS
from tests.schemas.bad_values import find_bad_values, find_misfits
from tests.schemas.catalogue import make_rows

COLUMNS = [pytest.param(table, column, id=f"{table}-{column.name}") for table, contract in CONTRACTS.items() for column in contract.columns]


def _columns_with_paths() -> Iterator[tuple[str, str, Column]]:
    """All columns and struct members with their path, as the data dictionary names them."""
    waiting = [(table, column.name, column) for table, contract in CONTRACTS.items() for column in contract.columns]
    while waiting:
        table, path, column = waiting.pop(0)
        yield table, path, column
        inside = column.type.item if isinstance(column.type, ListOf) else column.type
        if isinstance(inside, Struct):
            waiting += [(table, f"{path}[].{member.name}", member) for member in inside.members]


COLUMNS_AND_MEMBERS = [pytest.param(table, path, column, id=f"{table}.{path}") for table, path, column in _columns_with_paths()]


# --- the committed files


def test_committed_files_are_those_generated_now() -> None:
    assert find_outdated(CHECKOUT) == []


def test_generated_files_are_one_schema_per_table_and_the_dictionary() -> None:
    described = {*CONTRACTS, *(f"{table}.json" for table in CONTRACTS), "by_source.json", "index.json", "history.json"}
    assert set(render_generated()) == {f"schemas/{name}.schema.json" for name in described} | {"docs/data-dictionary.md"}


def test_check_names_what_differs_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(CHECKOUT / "schemas", tmp_path / "schemas", ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / "schemas" / "terms.schema.json"
    changed.write_text("{}\n", encoding="utf-8")
    assert main(["--check"], root=tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "schemas/terms.schema.json: differs, run `python -m schemas`",
        "docs/data-dictionary.md: differs, run `python -m schemas`",
    ]
    assert changed.read_text(encoding="utf-8") == "{}\n"


def test_writing_brings_all_up_to_date(tmp_path: Path) -> None:
    assert main([], root=tmp_path) == 0
    assert find_outdated(tmp_path) == []
    assert main(["--check"], root=tmp_path) == 0


# --- JSON Schema


@pytest.mark.parametrize("table", CONTRACTS)
def test_json_schema_is_itself_valid(table: str) -> None:
    Draft202012Validator.check_schema(json_schema(table))


@pytest.mark.parametrize("table", CONTRACTS)
def test_json_schema_takes_the_valid_rows(table: str) -> None:
    validator = Draft202012Validator(json_schema(table))
    for row in make_rows()[table]:
        assert [error.message for error in validator.iter_errors(json.loads(json.dumps(row)))] == []


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_json_schema_refuses_what_the_model_refuses(table: str, column: Column) -> None:
    validator = Draft202012Validator(json_schema(table))
    row = make_rows()[table][0]
    for check, value in find_bad_values(column):
        assert not validator.is_valid(row | {column.name: value}), f"{check}: {value!r}"


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_json_schema_refuses_values_of_another_type(table: str, column: Column) -> None:
    validator = Draft202012Validator(json_schema(table))
    row = make_rows()[table][0]
    for value, in_json in find_misfits(column.type):
        if in_json:
            assert not validator.is_valid(row | {column.name: value}), repr(value)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_json_schema_requires_every_column(table: str, column: Column) -> None:
    row = make_rows()[table][0]
    del row[column.name]
    assert not Draft202012Validator(json_schema(table)).is_valid(row)


@pytest.mark.parametrize("table", CONTRACTS)
def test_json_schema_allows_no_other_column(table: str) -> None:
    assert not Draft202012Validator(json_schema(table)).is_valid(make_rows()[table][0] | {"colour": "red"})


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_json_schema_allows_null_where_the_contract_does(table: str, column: Column) -> None:
    validator = Draft202012Validator(json_schema(table))
    assert validator.is_valid(make_rows()[table][0] | {column.name: None}) is column.nullable


# --- Arrow


@pytest.mark.parametrize("table", CONTRACTS)
def test_arrow_holds_the_rows_of_the_frame(table: str) -> None:
    rows = make_rows()[table]
    arrow = pa.Table.from_pylist(frame_rows(build_frame(table, rows)), schema=arrow_schema(table))
    arrow.validate(full=True)
    assert arrow.to_pylist() == rows


@pytest.mark.parametrize("table", CONTRACTS)
def test_arrow_holds_no_rows(table: str) -> None:
    assert pa.Table.from_pylist([], schema=arrow_schema(table)).num_rows == 0


@pytest.mark.parametrize("table", CONTRACTS)
def test_parquet_gives_back_rows_and_schema(table: str, tmp_path: Path) -> None:
    rows = make_rows()[table]
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(table)), tmp_path / "table.parquet")
    back = pq.read_table(tmp_path / "table.parquet")
    assert back.to_pylist() == rows
    assert back.schema.equals(arrow_schema(table), check_metadata=True)


@pytest.mark.parametrize("table", CONTRACTS)
@pytest.mark.parametrize("full", [True, False], ids=["full", "empty"])
def test_plain_read_parquet_gives_the_types_of_the_contract(table: str, full: bool, tmp_path: Path) -> None:  # noqa: FBT001
    rows = make_rows()[table] if full else []
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(table)), tmp_path / "table.parquet")
    frame = pd.read_parquet(tmp_path / "table.parquet")
    assert frame.dtypes.astype(str).to_dict() == build_frame(table, rows).dtypes.astype(str).to_dict()
    assert isinstance(frame.index, pd.RangeIndex)


def test_arrow_schema_describes_itself() -> None:
    metadata = arrow_schema("status_codes").metadata
    assert metadata[b"schema_version"].decode() == SCHEMA_VERSION
    assert metadata[b"description"].decode() == CONTRACTS["status_codes"].description


@pytest.mark.parametrize(("table", "path", "column"), COLUMNS_AND_MEMBERS)
def test_arrow_field_has_description_and_null(table: str, path: str, column: Column) -> None:
    schema = arrow_schema(table)
    first, *others = path.split("[].")
    field = schema.field(first)
    for name in others:
        field = field.type.value_type.field(name)
    assert field.metadata == {b"description": column.description.encode()}
    assert field.nullable is column.nullable


# --- the data dictionary and the descriptions


@pytest.mark.parametrize(("table", "path", "column"), COLUMNS_AND_MEMBERS)
def test_data_dictionary_has_a_line_for_every_column(table: str, path: str, column: Column) -> None:
    chapter = render_data_dictionary().split(f"\n## `{table}`\n")[1].split("\n## ")[0]
    (line,) = [line for line in chapter.splitlines() if line.startswith(f"| `{path}` |")]
    assert column.description.replace("|", "\\|") in line


def test_data_dictionary_names_every_constraint_and_word() -> None:
    text = render_data_dictionary()
    for word in (*(constraint.name for constraint in CONSTRAINTS), *FLAGS, *RULES, *TERM_KINDS):
        assert f"`{word}`" in text


def test_data_dictionary_tables_have_equal_width() -> None:
    rows = [line.replace("\\|", "") for line in render_data_dictionary().splitlines() if line.startswith("|")]
    assert {line.count("|") - 1 for line in rows} == {2, 3, 5}


@pytest.mark.parametrize(("table", "path", "column"), COLUMNS_AND_MEMBERS)
def test_description_is_a_phrase_without_full_stop(table: str, path: str, column: Column) -> None:
    assert len(column.description) > 5
    assert not column.description.endswith(".")


def test_dtypes_of_lists_are_objects() -> None:
    assert {dtype_of(column.type) for _, _, column in _columns_with_paths() if isinstance(column.type, ListOf)} == {object}
