"""The Arrow schemas, generated from the contracts: types, nulls, and a description on every field and struct member."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pyarrow as pa

from schemas.columns import Boolean, Column, Contract, Integer, ListOf, Struct, Text, Type
from schemas.contract import contract_of
from schemas.frames import dtype_of
from schemas.vocabulary import SCHEMA_VERSION

_INTEGERS = {16: pa.int16(), 32: pa.int32(), 64: pa.int64()}


@cache
def arrow_schema(table_name: str) -> pa.Schema:
    """The Arrow schema of a table. Its metadata hold description and schema version, and what plain `pandas.read_parquet`
    needs to give nullable integers and strings, not floats.
    """
    contract = contract_of(table_name)
    metadata = {
        "description": contract.description,
        "schema_version": SCHEMA_VERSION,
        "pandas": json.dumps(_describe_for_pandas(contract)),
    }
    return pa.schema([_build_field(column) for column in contract.columns], metadata=metadata)


def _build_field(column: Column) -> pa.Field:
    metadata = {"description": column.description}
    return pa.field(column.name, _build_type(column.type), nullable=column.nullable, metadata=metadata)


def _build_type(column_type: Type) -> pa.DataType:
    match column_type:
        case Text():
            return pa.string()
        case Integer():
            return _INTEGERS[column_type.bits]
        case Boolean():
            return pa.bool_()
        case ListOf():
            # "element" is the name that Parquet prescribes: so the schema read back is the schema written.
            return pa.list_(pa.field("element", _build_type(column_type.item), nullable=False))
        case Struct():
            return pa.struct([_build_field(member) for member in column_type.members])


def _describe_for_pandas(contract: Contract) -> dict[str, Any]:
    """The metadata that pandas writes into Parquet files and reads for its own types; `pandas_version` is the format's."""
    return {
        "index_columns": [],
        "column_indexes": [],
        "columns": [
            {
                "name": column.name,
                "field_name": column.name,
                "pandas_type": str(_build_type(column.type)) if not isinstance(column.type, ListOf) else "list",
                "numpy_type": _name_dtype(column.type),
                "metadata": None,
            }
            for column in contract.columns
        ],
        "pandas_version": "2.2.0",
    }


def _name_dtype(column_type: Type) -> str:
    dtype = dtype_of(column_type)
    return "object" if dtype is object else str(dtype)
