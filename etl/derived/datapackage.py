"""datapackage.json: the published tables as a Data Package (datapackage.org, version 2).

    {"$schema": …, "name": "errcat", "version": "1.2.0", "sources": […],
     "resources": [{"name": "status_codes", "type": "table", "path": "status_codes.csv", "schema": {"fields": […], …}}, …,
                   {"name": "status_codes.parquet", "path": "status_codes.parquet", "hash": "sha256:…"}, …]}

The CSV files are the tables. Their fields are generated from the contract, so that reading a CSV by them gives what the
Parquet file holds: list columns are JSON text, hence `array`. Parquet and JSON are listed as files: nested columns cannot
be described in Table Schema otherwise.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.columns import Boolean, Column, Contract, Form, Integer, ListOf, Struct, Text
from schemas.contract import contract_of
from schemas.vocabulary import TABLE_NAMES

Row = Mapping[str, Any]
Descriptor = dict[str, Any]

_PROFILES = "https://datapackage.org/profiles/2.0"
_FORMATS = {
    "csv": {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"},
    "json": {"format": "json", "mediatype": "application/json", "encoding": "utf-8"},
    # Named `parquet`, frictionless 5 would read it as a table and fails on lists.
    "parquet": {"format": "bin", "mediatype": "application/vnd.apache.parquet"},
}
_LICENCE_NAME = re.compile(r"[-a-zA-Z0-9._]+")


def render_datapackage(rows: Mapping[str, Sequence[Row]], files: Mapping[str, bytes], data_version: str) -> bytes:
    """The descriptor of `files`, the tables and what else is to be listed by path; `rows` are those of the tables."""
    tables = {f"{name}.csv": name for name in TABLE_NAMES}
    package = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": "errcat",
        "title": "API status and error codes as vendors document them",
        "description": "Read from the vendors' pages. The texts belong to the vendors; a licence is given where a document's is known.",
        "version": data_version,
        "sources": [_describe_source(source) for source in rows["sources"]],
        "resources": [
            *(_describe_table(name, path, files[path]) for path, name in tables.items()),
            *(_describe_file(path, content, rows["sources"]) for path, content in files.items() if path not in tables),
        ],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _describe_source(source: Row) -> Descriptor:
    version = {} if source["document_version"] is None else {"version": source["document_version"]}
    return {"title": f"{source['vendor']}, {source['product']}: {source['title']}", "path": source["url"], **version}


def _describe_content(path: str, content: bytes) -> Descriptor:
    digest = hashlib.sha256(content).hexdigest()
    return {"path": path, **_FORMATS[path.rsplit(".", 1)[1]], "bytes": len(content), "hash": f"sha256:{digest}"}


def _describe_file(path: str, content: bytes, sources: Sequence[Row]) -> Descriptor:
    """A file of one source bears that document's source and licence; those of the tables are of several."""
    stem = path.rsplit(".", 1)[0]
    own = [source for source in sources if stem == f"by_source/{source['source']}"]
    described = {"name": path.replace("/", "."), **_describe_content(path, content)}
    if own:
        described |= {"description": f"The records of {own[0]['source']}, by code", "sources": [_describe_source(own[0])]}
        if own[0]["licence"] is not None:
            described["licenses"] = [_describe_licence(own[0])]
    elif stem in TABLE_NAMES:
        described["description"] = contract_of(stem).description
    return described


def _describe_licence(source: Row) -> Descriptor:
    """A licence by its identifier, or by its words and the page that states it."""
    licence = str(source["licence"])
    return {"name": licence} if _LICENCE_NAME.fullmatch(licence) else {"title": licence, "path": source["url"]}


def _describe_table(name: str, path: str, content: bytes) -> Descriptor:
    contract = contract_of(name)
    return {
        "name": name,
        "type": "table",
        "description": contract.description,
        **_describe_content(path, content),
        "schema": {
            "$schema": f"{_PROFILES}/tableschema.json",
            "fields": [describe_field(column) for column in contract.columns],
            "missingValues": [""],
            **_describe_keys(contract),
        },
    }


def _describe_keys(contract: Contract) -> Descriptor:
    keys: Descriptor = {"primaryKey": list(contract.key)} if contract.key else {}
    if contract.references:
        keys["foreignKeys"] = [
            {"fields": list(reference.columns), "reference": {"resource": reference.target, "fields": list(reference.target_columns)}}
            for reference in contract.references
        ]
    return keys


def describe_field(column: Column) -> Descriptor:
    """The Table Schema field of a column of the contract."""
    constraints: Descriptor = {} if column.nullable else {"required": True}
    described: Descriptor = {"name": column.name, "description": column.description}
    match column.type:
        case Text(choices=choices) if choices:
            described["type"] = "string"
            constraints["enum"] = list(choices)
        case Text(form=form):
            described["type"] = "string"
            pattern = _translate_pattern(form)
            if pattern is not None:
                constraints["pattern"] = pattern
        case Integer():
            described["type"] = "integer"
            constraints |= {"minimum": column.type.lowest, "maximum": column.type.highest}
        case Boolean():
            described |= {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]}
        case ListOf():
            described["type"] = "array"
            if column.type.at_least:
                constraints["minLength"] = column.type.at_least
        case Struct():
            described["type"] = "object"
    return {**described, "constraints": constraints} if constraints else described


def _translate_pattern(form: Form) -> str | None:
    """The form's pattern as XML Schema has it, which knows no look-ahead, no `(?:` and no `\\x`; None where it cannot be said in that."""
    pattern = form.pattern.replace("(?:", "(")
    return None if re.search(r"\(\?|\\[^.]", pattern) else f"({pattern})"
