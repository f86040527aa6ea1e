"""Rows to data frames of the contract's types, and back.

Text is pandas' nullable string, integers are nullable, so that null is null and 404 stays 404; lists are Python lists, structs
dicts. An empty table has the same types as a full one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from schemas.columns import Boolean, Column, Integer, ListOf, Struct, Text, Type
from schemas.contract import contract_of

_STRING = pd.StringDtype("pyarrow")
_INTEGERS: Mapping[int, Any] = {16: pd.Int16Dtype(), 32: pd.Int32Dtype(), 64: pd.Int64Dtype()}


def dtype_of(column_type: Type) -> Any:
    """The pandas dtype that holds values of the type."""
    match column_type:
        case Text():
            return _STRING
        case Integer():
            return _INTEGERS[column_type.bits]
        case Boolean():
            return pd.BooleanDtype()
        case ListOf() | Struct():
            return object


def fits(column_type: Type, value: object) -> bool:
    """Whether a value that is not null can stand in a frame: its Python type, an integer's width, the members of a struct.

    What the contract says of the value beyond that (form, range, vocabulary) is the model's business.
    """
    match column_type:
        case Text():
            return type(value) is str and _is_unicode(value)
        case Integer():
            return type(value) is int and -(2 ** (column_type.bits - 1)) <= value < 2 ** (column_type.bits - 1)
        case Boolean():
            return type(value) is bool
        case ListOf():
            return type(value) is list and all(fits(column_type.item, item) for item in value)
        case Struct():
            return (
                type(value) is dict
                and list(value) == [member.name for member in column_type.members]
                and all(_member_fits(member, value[member.name]) for member in column_type.members)
            )


def _member_fits(member: Column, value: object) -> bool:
    return member.nullable if value is None else fits(member.type, value)


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair: neither Parquet nor JSON can hold it
        return False
    return True


def build_frame(table_name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """The rows as a frame with the contract's columns, order and types; row numbers are its index.

    Each row gives every column of the contract and no other, None for null. Raises KeyError where a row does not, TypeError
    where a value cannot stand in its column; both name the row and what was expected.
    """
    contract = contract_of(table_name)
    expected = set(contract.column_names)
    for number, row in enumerate(rows, start=1):
        if row.keys() != expected:
            lacking, unknown = sorted(expected - row.keys()), sorted(row.keys() - expected)
            raise KeyError(f"{table_name}, row {number}: lacks {lacking}, has {unknown} which the contract does not know")
    arrays = {column.name: _build_array(table_name, column, [row[column.name] for row in rows]) for column in contract.columns}
    return pd.DataFrame(arrays, index=pd.RangeIndex(len(rows)), columns=list(contract.column_names))


def _build_array(table_name: str, column: Column, values: list[object]) -> Any:
    for number, value in enumerate(values, start=1):
        if value is not None and not fits(column.type, value):
            raise TypeError(f"{table_name}.{column.name}, row {number}: found {value!r}, expected {describe_type(column.type)}")
    dtype = dtype_of(column.type)
    if dtype is object:
        return pd.Series(values, dtype=object)
    return pd.array(values, dtype=dtype)


def describe_type(column_type: Type) -> str:
    """The type as people write it: `Int16`, `list of struct(text: string, href: string)`."""
    match column_type:
        case Text():
            return "string"
        case Integer():
            return f"Int{column_type.bits}"
        case Boolean():
            return "boolean"
        case ListOf():
            return f"list of {describe_type(column_type.item)}"
        case Struct():
            return f"struct({', '.join(_describe_member(member) for member in column_type.members)})"


def _describe_member(member: Column) -> str:
    return f"{member.name}: {describe_type(member.type)}{' or null' if member.nullable else ''}"


def column_values(series: pd.Series[Any]) -> list[Any]:
    """The values of a column as Python objects, None for null."""
    if series.dtype == object:
        return series.tolist()
    return [None if value is pd.NA else value for value in series.tolist()]


def frame_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The frame's rows as dicts in column order, None for null: what `build_frame` was given."""
    columns = [column_values(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]
