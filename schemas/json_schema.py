"""JSON Schema 2020-12 of one row of a table as the published JSON has it, generated from the contracts.

It says of single values all that the pandera models say; what must be true across columns and rows is theirs alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas.columns import PRINTED, Boolean, Column, Integer, ListOf, Struct, Text, Type
from schemas.contract import contract_of
from schemas.vocabulary import SCHEMA_VERSION

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(table_name: str) -> dict[str, Any]:
    """The schema of one row: all columns required, no others allowed, null only where the contract allows it."""
    contract = contract_of(table_name)
    return {
        "$schema": DIALECT,
        "$id": f"urn:errcat:{table_name}:{SCHEMA_VERSION}",
        "title": table_name,
        "description": contract.description,
        **_describe_object(contract.columns),
    }


def _describe_object(columns: Iterable[Column]) -> dict[str, Any]:
    properties = {column.name: _describe_column(column) for column in columns}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _describe_column(column: Column) -> dict[str, Any]:
    schema = _describe_type(column.type)
    if column.nullable:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return {"description": column.description, **schema}


def _describe_type(column_type: Type) -> dict[str, Any]:
    match column_type:
        case Text(choices=choices) if choices:
            return {"type": "string", "enum": list(choices)}
        case Text(form=form):
            return {"type": "string"} if form is PRINTED else {"type": "string", "pattern": match_whole(form.pattern)}
        case Integer():
            return {"type": "integer", "minimum": column_type.lowest, "maximum": column_type.highest}
        case Boolean():
            return {"type": "boolean"}
        case ListOf():
            schema: dict[str, Any] = {"type": "array", "items": _describe_type(column_type.item)}
            if column_type.at_least:
                schema["minItems"] = column_type.at_least
            if column_type.distinct:
                schema["uniqueItems"] = True
            return schema
        case Struct():
            return _describe_object(column_type.members)


def match_whole(pattern: str) -> str:
    """The pattern for the whole text, for a search as JSON Schema does it: in Python `$` alone allows a line end after it."""
    return f"^(?:{pattern})$(?!\\n)"
