"""JSON Schema 2020-12 of each published JSON file that is not one table row, generated from the contracts.

    status_codes.json …          an array of rows
    by_source/<source>.json      for each code the records that document it
    index.json                   versions, counts, and size and sha256 of every other file
    history.json                 what depends on the past: releases, first sight, withdrawn records, sources held back

The schema of a row is included where it is needed, so that each stands alone. datapackage.json has a published profile of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.columns import CODE, DATA_VERSION, ID, KEY, PATH, SHA256, Form
from schemas.contract import CONTRACTS, contract_of
from schemas.json_schema import DIALECT, json_schema, match_whole
from schemas.vocabulary import SCHEMA_VERSION, TABLE_NAMES

Schema = dict[str, Any]

_COUNT: Schema = {"type": "integer", "minimum": 0}


def describe_published_files() -> dict[str, Schema]:
    """The schemas by the name of the file that they describe; `by_source.json` stands for each file of by_source/."""
    files = {f"{name}.json": _describe_table(name) for name in CONTRACTS}
    return {**files, "by_source.json": _describe_by_source(), "index.json": _describe_index(), "history.json": _describe_history()}


def _describe_table(table_name: str) -> Schema:
    body = {"type": "array", "items": _refer(table_name)}
    return _describe_file(f"{table_name}.json", f"The table {table_name}: {contract_of(table_name).description}", body, row=table_name)


def _describe_by_source() -> Schema:
    body = {
        "type": "object",
        "propertyNames": {"anyOf": [{"const": "-"}, _match(CODE)]},
        "additionalProperties": {"type": "array", "minItems": 1, "items": _refer("status_codes")},
    }
    return _describe_file("by_source.json", "The records of one source by code, those without a code under `-`", body, row="status_codes")


def _describe_index() -> Schema:
    source = _describe_object({"records": _COUNT, "document_sha256": _match(SHA256)})
    file = _describe_object({"bytes": _COUNT, "sha256": _match(SHA256)})
    body = _describe_object(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "data_version": _match(DATA_VERSION),
            "tables": _describe_object(dict.fromkeys(TABLE_NAMES, _COUNT)),
            "sources": _describe_map(KEY, source),
            "files": _describe_map(PATH, file),
        }
    )
    return _describe_file("index.json", "Versions, counts, and size and sha256 of every other published file", body)


def _describe_history() -> Schema:
    version, digest = _match(DATA_VERSION), _match(SHA256)
    release = _describe_object({"data_version": version, "changes": {"type": "object", "additionalProperties": _COUNT}, "records": _COUNT})
    held = _describe_object(
        {
            "document_sha256": {"anyOf": [{"const": ""}, digest]},
            "reason": {"type": "string"},
            "line": {"type": ["integer", "null"], "minimum": 1},
        }
    )
    body = _describe_object(
        {
            "data_version": version,
            "content": {"description": "sha256 of the rows that were published last", **digest},
            "releases": {"type": "array", "items": release},
            "first_seen": _describe_map(ID, version),
            "withdrawn": {"type": "array", "items": _refer("withdrawn")},
            "held_back": _describe_map(KEY, held),
        }
    )
    return _describe_file("history.json", "What depends on the past; written by a build, read by the next", body, row="withdrawn")


def _describe_file(name: str, description: str, body: Schema, *, row: str | None = None) -> Schema:
    included = {} if row is None else {"$defs": {"row": json_schema(row)}}
    return {"$schema": DIALECT, "$id": _name(name), "title": name, "description": description, **body, **included}


def _describe_object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False}


def _describe_map(keys: Form, value: Schema) -> Schema:
    return {"type": "object", "propertyNames": _match(keys), "additionalProperties": value}


def _match(form: Form) -> Schema:
    return {"type": "string", "pattern": match_whole(form.pattern)}


def _refer(table_name: str) -> Schema:
    return {"$ref": _name(table_name)}


def _name(of: str) -> str:
    return f"urn:errcat:{of}:{SCHEMA_VERSION}"
