"""Rows to frames of fixed types, and back."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.columns import Boolean, Column, Integer, ListOf, Struct, Text, Type
from schemas.contract import CONTRACTS
from schemas.frames import build_frame, describe_type, frame_rows
from tests.schemas.bad_values import find_misfits
from tests.schemas.catalogue import make_rows, make_term

COLUMNS = [pytest.param(table, column, id=f"{table}-{column.name}") for table, contract in CONTRACTS.items() for column in contract.columns]


@pytest.mark.parametrize("table", CONTRACTS)
def test_empty_frame_has_the_types_of_a_full_one(table: str) -> None:
    assert build_frame(table, []).dtypes.equals(build_frame(table, make_rows()[table]).dtypes)


def test_types_are_nullable_ones() -> None:
    dtypes = build_frame("findings", []).dtypes.astype(str).to_dict()
    assert dtypes == dict.fromkeys(("source", "id", "rule", "severity", "field", "text"), "string") | {"line": "Int32"}


@pytest.mark.parametrize("table", CONTRACTS)
def test_rows_come_back_as_they_were(table: str) -> None:
    rows = make_rows()[table]
    assert frame_rows(build_frame(table, rows)) == rows


def test_column_order_of_the_rows_does_not_matter() -> None:
    row = make_term()
    assert list(build_frame("terms", [dict(reversed(row.items()))]).columns) == list(CONTRACTS["terms"].column_names)


def test_missing_null_is_na_not_nan() -> None:
    frame = build_frame("terms", [make_term(section=None)])
    assert frame["section"].iloc[0] is pd.NA


def test_row_without_a_column_is_refused() -> None:
    row = make_term()
    del row["reference"]
    with pytest.raises(KeyError, match=r"terms, row 2: lacks \['reference'\]"):
        build_frame("terms", [make_term(), row])


def test_row_with_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError, match=r"terms, row 1: .*\['colour'\]"):
        build_frame("terms", [make_term(colour="red")])


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_value_of_another_type_is_refused(table: str, column: Column) -> None:
    for value, _ in find_misfits(column.type):
        row = make_rows()[table][0] | {column.name: value}
        with pytest.raises(TypeError, match=rf"{table}\.{column.name}, row 1: found .*, expected "):
            build_frame(table, [row])


def test_type_is_described_as_people_write_it() -> None:
    links = CONTRACTS["status_codes"].column("links").type
    assert describe_type(links) == "list of struct(text: string or null, href: string)"


def _values_of(column_type: Type) -> st.SearchStrategy[Any]:
    match column_type:
        case Text():
            return st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
        case Integer():
            return st.integers(-(2 ** (column_type.bits - 1)), 2 ** (column_type.bits - 1) - 1)
        case Boolean():
            return st.booleans()
        case ListOf():
            return st.lists(_values_of(column_type.item), max_size=2)
        case Struct():
            # In declared order: fixed_dictionaries would shuffle the keys.
            names = [member.name for member in column_type.members]
            members = st.tuples(*(_values_of(member.type) for member in column_type.members))
            return members.map(lambda values: dict(zip(names, values, strict=True)))


def _rows_of(table: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = {column.name: st.none() | _values_of(column.type) for column in CONTRACTS[table].columns}
    return st.lists(st.fixed_dictionaries(columns), max_size=2)


@pytest.mark.parametrize("table", CONTRACTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # 24 columns are a lot to draw on a busy machine
@given(data=st.data())
def test_any_fitting_rows_come_back(table: str, data: st.DataObject) -> None:
    rows = data.draw(_rows_of(table))
    assert frame_rows(build_frame(table, rows)) == rows
