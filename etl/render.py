"""Rows of the published tables -> the bytes of their files. The same rows give the same bytes, on any machine.

JSON   an array with one object a line, so that a change of a document shows as a diff of its records
CSV    RFC 4180: CRLF, minimal quotes; null is empty, list columns are JSON text
Parquet   typed and nested by the Arrow schema of the contract, zstd; pandas metadata so that integers stay nullable integers
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from schemas.contract import contract_of
from schemas.vocabulary import SCHEMA_VERSION, TABLE_NAMES

if TYPE_CHECKING:
    import pandas

Row = Mapping[str, Any]


def render_tables(rows: Mapping[str, Sequence[Row]], frames: Mapping[str, pandas.DataFrame]) -> dict[str, bytes]:
    """All files of the five tables by name; `frames` are the validated frames of `rows`."""
    hashes = {f"errcat.sha256.{row['source']}": row["sha256"] for row in rows["sources"]}
    files: dict[str, bytes] = {}
    for name in TABLE_NAMES:
        files[f"{name}.json"] = render_json(rows[name])
        files[f"{name}.csv"] = render_csv(name, rows[name])
        files[f"{name}.parquet"] = render_parquet(name, frames[name], {"errcat.schema_version": SCHEMA_VERSION, **hashes})
    return files


def render_index(rows: Mapping[str, Sequence[Row]], data_version: str, files: Mapping[str, bytes]) -> bytes:
    """index.json: versions, counts, and size and sha256 of every other file, so that any reader can check the whole set."""
    index = {
        "schema_version": SCHEMA_VERSION,
        "data_version": data_version,
        "tables": {name: len(rows[name]) for name in TABLE_NAMES},
        "sources": {row["source"]: {"records": row["records"], "document_sha256": row["sha256"]} for row in rows["sources"]},
        "files": {name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in sorted(files.items())},
    }
    return (json.dumps(index, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def to_json(value: object) -> str:
    """Compact JSON: keys as they come, characters as they are, no NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))


def render_json(rows: Sequence[Row]) -> bytes:
    """A JSON array with one object a line; ends in a line end."""
    lines = ",\n".join(to_json(row) for row in rows)
    return (f"[\n{lines}\n]\n" if rows else "[]\n").encode("utf-8")


def render_csv(table_name: str, rows: Sequence[Row]) -> bytes:
    """RFC 4180 with a header line; null is empty, lists and structs are JSON text, booleans are true and false."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    names = [column.name for column in contract_of(table_name).columns]
    writer.writerow(names)
    writer.writerows([to_csv_value(row[name]) for name in names] for row in rows)
    return out.getvalue().encode("utf-8")


def to_csv_value(value: object) -> object:
    """A value as its CSV cell shows it."""
    if value is None:
        return ""
    if isinstance(value, (bool, list, dict)):
        return to_json(value)
    return value


def render_parquet(table_name: str, frame: pandas.DataFrame, metadata: Mapping[str, str]) -> bytes:
    """The frame as Parquet by the contract's Arrow schema, with `metadata` as key-values of the file."""
    import pyarrow
    import pyarrow.parquet

    from schemas.arrow import arrow_schema

    table = pyarrow.Table.from_pandas(frame, schema=arrow_schema(table_name), preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())
