"""What must hold of the published catalogue as a whole, whoever made it."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

from etl.build import prepare
from etl.catalogue import load
from etl.history import read_history
from etl.render import render_tables
from schemas.arrow import arrow_schema
from schemas.vocabulary import DOCUMENT_TABLES, SCHEMA_VERSION, TABLE_NAMES

ROOT = Path(__file__).parent.parent
OUTPUT = ROOT / "output"


@cache
def rows(table: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((OUTPUT / f"{table}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def lines_of(source: str) -> list[str]:
    (document,) = [row["document"] for row in rows("sources") if row["source"] == source]
    return (ROOT / "raw" / str(document)).read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_committed_output_equals_a_rebuild(table: str) -> None:
    prepared = prepare(ROOT / "raw", {name: rows(name) for name in DOCUMENT_TABLES}, read_history(OUTPUT))
    assert prepared.changes.changes == ()
    assert [outcome.status for outcome in prepared.outcomes] == ["built"] * len(rows("sources"))
    files = render_tables(prepared.tables, prepared.frames)
    for ending in ("json", "csv"):
        assert files[f"{table}.{ending}"] == (OUTPUT / f"{table}.{ending}").read_bytes()
    built = pyarrow.parquet.read_table(pyarrow.BufferReader(files[f"{table}.parquet"]))
    assert built.equals(pyarrow.parquet.read_table(OUTPUT / f"{table}.parquet"))


def test_every_record_stands_in_its_lines() -> None:
    for row in rows("status_codes"):
        text = "\n".join(lines_of(row["source"])[row["line_start"] - 1 : row["line_end"]])
        if row["code"] is not None:
            assert row["code"] in text, row["id"]
        for cell in row["raw"]:
            for line in cell["text"].split("\n"):
                assert line.strip() in text, (row["id"], line)


def test_every_flag_has_its_finding() -> None:
    flagged = {(row["id"], flag) for row in rows("status_codes") for flag in row["flags"]}
    found = {(row["id"], row["rule"]) for row in rows("findings") if row["id"] is not None}
    assert flagged == {
        pair for pair in found if pair[1] != "status_contradiction" and pair[1] != "contradiction" and pair[1] != "corrected"
    }


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_all_formats_hold_the_same_rows(table: str) -> None:
    assert pyarrow.parquet.read_table(OUTPUT / f"{table}.parquet").to_pylist() == rows(table)
    text = (OUTPUT / f"{table}.csv").read_bytes().decode("utf-8")
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(read) == len(rows(table))
    for printed, row in zip(read, rows(table), strict=True):
        for name, value in row.items():
            expected = "" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, (list, bool)) else str(value)
            assert printed[name] == expected


def test_csv_is_rfc_4180() -> None:
    content = (OUTPUT / "status_codes.csv").read_bytes()
    assert content.endswith(b"\r\n")
    assert content.split(b"\r\n", 1)[0].decode() == ",".join(rows("status_codes")[0])


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_json_ends_in_a_line_end_and_has_the_contract_s_keys(table: str) -> None:
    assert (OUTPUT / f"{table}.json").read_bytes().endswith(b"]\n")
    assert {tuple(row) for row in rows(table)} <= {tuple(arrow_schema(table).names)}


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_parquet_carries_descriptions_and_versions(table: str) -> None:
    schema = pyarrow.parquet.read_schema(OUTPUT / f"{table}.parquet")
    assert all(field.metadata and field.metadata[b"description"] for field in schema)
    assert schema.metadata[b"errcat.schema_version"].decode() == SCHEMA_VERSION
    for row in rows("sources"):
        assert schema.metadata[f"errcat.sha256.{row['source']}".encode()].decode() == row["sha256"]


def test_pandas_reads_nullable_integers_and_lists() -> None:
    frame = pandas.read_parquet(OUTPUT / "status_codes.parquet")
    assert {name: str(frame[name].dtype) for name in ("code_number", "http_status", "table", "line_start")} == {
        "code_number": "Int64", "http_status": "Int16", "table": "Int16", "line_start": "Int32",
    }  # fmt: skip
    by_id = frame.set_index("id")
    assert by_id.loc["personium:PR401-AU-0008", "http_status"] == 401
    assert by_id.loc["healthvault:0", "http_status"] is pandas.NA
    assert by_id["protocol_versions"].map(list)["ms-ascmd:106"] == ["14.0", "14.1", "16.0", "16.1"]


def test_duckdb_reads_the_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    described = duckdb.execute("SELECT column_name, column_type FROM (DESCRIBE FROM 'output/status_codes.parquet')").fetchall()
    types = dict(described)
    assert (types["code"], types["http_status"], types["flags"], types["line_end"]) == ("VARCHAR", "SMALLINT", "VARCHAR[]", "INTEGER")
    assert types["links"] == 'STRUCT("text" VARCHAR, href VARCHAR)[]'


def test_polars_reads_the_types() -> None:
    schema = {name: str(kind) for name, kind in polars.read_parquet_schema(OUTPUT / "status_codes.parquet").items()}
    assert (schema["http_status"], schema["flags"]) == ("Int16", "List(String)")
    assert schema["http_fallbacks"] == "List(Struct({'http_status': Int16, 'protocol_versions': List(String), 'condition': String}))"


def test_loaded_frame_has_the_contract_s_types() -> None:
    frame = load("status_codes", OUTPUT)
    assert str(frame["http_status"].dtype) == "Int16"
    assert {type(value) for value in frame["flags"]} == {list}
    assert len(frame) == len(rows("status_codes"))
