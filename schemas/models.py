"""The pandera models, built from the contracts: columns in order, types, nulls and values; and the constraints of a catalogue.

pandera judges; it neither coerces nor drops. Checks see no nulls and never raise on values of the right type and nesting. Their names
are none of pandera's own: it would take a check called `isin` for its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pa

from schemas.columns import Boolean, Form, Integer, ListOf, Struct, Text, Type
from schemas.constraints import CONSTRAINTS, Catalogue, Constraint
from schemas.contract import contract_of
from schemas.frames import column_values, describe_type, dtype_of, fits

DTYPE = "dtype"
"""Name of the check that a column has exactly the contract's pandas type."""

NESTING = "nesting"
"""Name of the check that lists and structs have the declared shape."""


@cache
def build_model(table_name: str) -> pa.DataFrameSchema:
    """The model of one table: exactly the contract's columns in its order, their types, nulls and values."""
    contract = contract_of(table_name)
    return pa.DataFrameSchema(
        columns={
            column.name: pa.Column(
                checks=[_build_dtype_check(column.type), *_build_checks(column.type)],
                nullable=column.nullable,
                description=column.description,
            )
            for column in contract.columns
        },
        name=table_name,
        description=contract.description,
        strict=True,
        ordered=True,
    )


def build_constraint_model(table_name: str, catalogue: Catalogue) -> pa.DataFrameSchema:
    """The model of what must be true across columns, rows and tables, for the frame that `catalogue` has under that name."""
    return pa.DataFrameSchema(
        name=table_name,
        checks=[
            pa.Check(_bind(constraint, catalogue), name=constraint.name, error=constraint.expected)
            for constraint in CONSTRAINTS
            if constraint.table == table_name
        ],
    )


def _bind(constraint: Constraint, catalogue: Catalogue) -> Callable[[pd.DataFrame], bool]:
    # The catalogue holds the very frame that pandera hands over, with its columns already taken out; one truth for the
    # whole frame spares pandera from copying all columns of every failing row. The report asks for the rows.
    return lambda frame: all(constraint.judge(catalogue)) if len(frame) else True


def _build_checks(column_type: Type) -> list[pa.Check]:
    match column_type:
        case Text(choices=choices) if choices:
            return [_build_check("choices", lambda value: value in choices, f"one of {', '.join(choices)}")]
        case Text(form=form):
            matches = re.compile(form.pattern).fullmatch
            return [_build_check("form", lambda value: matches(value) is not None, describe_form(form))]
        case Integer():
            return [_build_check("range", lambda value: allows(column_type, value), describe_range(column_type))]
        case ListOf() | Struct():
            return [
                _build_check(NESTING, lambda value: fits(column_type, value), describe_type(column_type)),
                _build_check("items", lambda value: allows(column_type, value), describe_items(column_type)),
            ]
        case Boolean():
            return []


def _build_dtype_check(column_type: Type) -> pa.Check:
    # Not pandera's own: that takes `string`, `str` and object columns of strings for the same.
    dtype = dtype_of(column_type)
    return pa.Check(lambda series: series.dtype == dtype, name=DTYPE, error=str(pd.api.types.pandas_dtype(dtype)))


def _build_check(name: str, holds: Callable[[Any], bool], expected: str) -> pa.Check:
    def judge(series: pd.Series[Any]) -> pd.Series[bool]:
        return pd.Series([holds(value) for value in column_values(series)], index=series.index, dtype=bool)

    return pa.Check(judge, name=name, error=expected)


def allows(column_type: Type, value: Any) -> bool:
    """Whether the contract allows a value that fits the type: its form, vocabulary, range, and those of what it holds."""
    match column_type:
        case Text(choices=choices) if choices:
            return value in choices
        case Text(form=form):
            return re.fullmatch(form.pattern, value) is not None
        case Integer():
            return bool(column_type.lowest <= value <= column_type.highest)
        case Boolean():
            return True
        case ListOf():
            return (
                len(value) >= column_type.at_least
                and (not column_type.distinct or len(set(value)) == len(value))
                and all(allows(column_type.item, item) for item in value)
            )
        case Struct():
            return all(value[member.name] is None or allows(member.type, value[member.name]) for member in column_type.members)


def describe_form(form: Form) -> str:
    """The form in words: `line (never empty, trimmed, words one space apart)`."""
    return f"{form.name} ({form.sentence})"


def describe_range(column_type: Integer) -> str:
    """The range in words: `100 to 599`, `1 or more`."""
    if column_type.maximum is not None:
        return f"{column_type.lowest} to {column_type.maximum}"
    return f"{column_type.lowest} or more" if column_type.minimum is not None else f"an integer of {column_type.bits} bits"


def describe_items(column_type: ListOf | Struct) -> str:
    """What must be true of the values inside a list or struct, in words."""
    return "; ".join(_describe_inside(column_type))


def _describe_inside(column_type: Type) -> Sequence[str]:
    match column_type:
        case Text(choices=choices) if choices:
            return [f"each one of {', '.join(choices)}"]
        case Text(form=form):
            return [f"each a {describe_form(form)}"]
        case Integer():
            return [f"each {describe_range(column_type)}"]
        case Boolean():
            return []
        case ListOf():
            least = [f"at least {column_type.at_least}"] if column_type.at_least else []
            distinct = ["none twice"] if column_type.distinct else []
            return [*least, *distinct, *_describe_inside(column_type.item)]
        case Struct():
            return [f"{member.name}: {said}" for member in column_type.members for said in _describe_inside(member.type)]
