"""What the models say of single columns and values, and how it is reported. Constraints: test_constraints.py."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from schemas.columns import Column, ListOf
from schemas.constraints import CONSTRAINTS, Catalogue, Constraint
from schemas.contract import CONTRACTS
from schemas.frames import build_frame
from schemas.validation import Violation, validate_frames
from tests.schemas.bad_values import find_bad_values, find_misfits
from tests.schemas.catalogue import judge, make_frames, make_rows

ALL = [(table, column) for table, contract in CONTRACTS.items() for column in contract.columns]
COLUMNS = [pytest.param(table, column, id=f"{table}-{column.name}") for table, column in ALL]
LISTS = [pytest.param(table, column, id=f"{table}-{column.name}") for table, column in ALL if isinstance(column.type, ListOf)]


def _about_columns(violations: list[Violation]) -> set[tuple[str, str | None, str, int | None]]:
    """What the report says of single values: the checks that are no constraints."""
    constraints = {(constraint.table, constraint.name) for constraint in CONSTRAINTS}
    return {(v.table, v.column, v.check, v.row) for v in violations if (v.table, v.check) not in constraints}


def test_valid_catalogue_has_no_violations() -> None:
    assert judge() == []


def test_empty_catalogue_has_no_violations() -> None:
    assert validate_frames({table: build_frame(table, []) for table in CONTRACTS}) == []


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_each_bad_value_is_reported_with_its_check(table: str, column: Column) -> None:
    bad = list(find_bad_values(column))
    row = make_rows()[table][0]
    violations = judge(lambda rows: rows.update({table: [row, *(row | {column.name: value} for _, value in bad)]}))
    assert _about_columns(violations) == {(table, column.name, check, number) for number, (check, _) in enumerate(bad, start=2)}


@pytest.mark.parametrize(("table", "column"), LISTS)
def test_each_list_of_another_shape_is_reported(table: str, column: Column) -> None:
    misfits = [value for value, _ in find_misfits(column.type)]
    frames = make_frames(make_rows() | {table: [make_rows()[table][0]] * len(misfits)})
    frames[table][column.name] = pd.Series(misfits, dtype=object)
    assert _about_columns(validate_frames(frames)) == {(table, column.name, "nesting", number) for number in range(1, len(misfits) + 1)}


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_missing_column_is_reported(table: str, column: Column) -> None:
    frames = make_frames(make_rows())
    del frames[table][column.name]
    assert _about_columns(validate_frames(frames)) == {(table, column.name, "column_missing", None)}


@pytest.mark.parametrize("table", CONTRACTS)
def test_unknown_column_is_reported(table: str) -> None:
    frames = make_frames(make_rows())
    frames[table]["colour"] = "red"
    assert _about_columns(validate_frames(frames)) == {(table, "colour", "column_unknown", None)}


@pytest.mark.parametrize("table", CONTRACTS)
def test_columns_in_another_order_are_reported(table: str) -> None:
    frames = make_frames(make_rows())
    first, second, *others = frames[table].columns
    frames[table] = frames[table][[second, first, *others]]
    reported = _about_columns(validate_frames(frames))
    # Which of the two is out of place, and whether both are, differs between versions of pandera.
    assert reported
    assert reported <= {(table, first, "column_order", None), (table, second, "column_order", None)}


def test_column_that_stands_twice_is_reported() -> None:
    frames = make_frames(make_rows())
    frames["terms"] = pd.concat([frames["terms"], frames["terms"]["kind"]], axis="columns")
    assert _about_columns(validate_frames(frames)) == {("terms", "kind", "column_order", None)}


@pytest.mark.parametrize(
    ("table", "column", "dtype"),
    [
        ("status_codes", "code_number", "float64"),
        ("status_codes", "http_status", "Int64"),
        ("status_codes", "message", "object"),
        ("status_codes", "message", "str"),
        ("status_codes", "flags", "string"),
        ("sources", "bytes", "int64"),
        ("tables", "in_scope", "bool"),
        ("tables", "line_start", "string"),
        ("findings", "line", "Float64"),
    ],
)
def test_another_pandas_type_is_reported_as_nothing_else(table: str, column: str, dtype: str) -> None:
    frames = make_frames(make_rows())
    values: Any = frames[table][column]
    frames[table][column] = values.astype("Float64").astype(dtype) if dtype == "float64" else values.astype(dtype)
    assert _about_columns(validate_frames(frames)) == {(table, column, "dtype", None)}


def test_constraints_are_not_judged_on_unreadable_tables() -> None:
    frames = make_frames(make_rows())
    del frames["sources"]["records"]
    assert {violation.check for violation in validate_frames(frames)} == {"column_missing"}


def test_all_violations_are_reported_at_once() -> None:
    def spoil(rows: dict[str, list[dict[str, Any]]]) -> None:
        rows["status_codes"][5]["http_status"] = 42
        rows["status_codes"][6]["vendor"] = " Acme"
        rows["sources"][0]["sha256"] = "none"
        rows["tables"][2]["reason"] = None

    violations = judge(spoil)
    assert _about_columns(violations) == {
        ("status_codes", "http_status", "range", 6),
        ("status_codes", "vendor", "form", 7),
        ("sources", "sha256", "form", 1),
    }
    assert ("tables", "reason_if_out_of_scope") in {(violation.table, violation.check) for violation in violations}


def test_report_names_row_found_and_expected() -> None:
    (violation,) = judge(lambda rows: rows["status_codes"][0].update(code_number=99))
    assert str(violation) == (
        "status_codes.code_number, row 1 (acme:100): number_of_code: found code_number=99, code='100', "
        "expected the integer that the code spells and that fits 64 bits, else null"
    )
    assert (violation.source, violation.id, violation.row) == ("acme", "acme:100", 1)


def test_report_of_a_value_names_form_and_words() -> None:
    (violation,) = judge(lambda rows: rows["terms"][0].update(definition="a  b"))
    assert str(violation) == (
        "terms.definition, row 1 (acme): form: found 'a  b', expected text (never empty, trimmed, words one space or one line end apart)"
    )


def test_report_of_a_column_names_the_types() -> None:
    frames = make_frames(make_rows())
    frames["terms"]["line_end"] = frames["terms"]["line_end"].astype("Int64")
    (violation,) = validate_frames(frames)
    assert str(violation) == "terms.line_end: dtype: found Int64, expected Int32"


def test_long_values_are_cut_in_the_report() -> None:
    (violation,) = judge(lambda rows: rows["terms"][0].update(definition="a  b" * 10_000))
    assert len(violation.found) < 300


def test_row_numbers_do_not_depend_on_the_index() -> None:
    frames = make_frames(make_rows())
    frames["terms"] = build_frame("terms", [row | {"term": " "} for row in make_rows()["terms"]])
    frames["terms"].index = pd.Index([7, 7])
    assert [violation.row for violation in validate_frames(frames)] == [1, 2]


def test_frames_are_not_changed() -> None:
    frames = make_frames(make_rows())
    before = {table: frame.copy() for table, frame in frames.items()}
    validate_frames(frames)
    for table, frame in frames.items():
        pd.testing.assert_frame_equal(frame, before[table])


@pytest.mark.parametrize("change", [lambda frames: frames.pop("terms"), lambda frames: frames.update(notes=frames["terms"])])
def test_another_set_of_tables_is_refused(change: Any) -> None:
    frames = make_frames(make_rows())
    change(frames)
    with pytest.raises(KeyError, match="the tables are status_codes, sources, tables, terms, findings, withdrawn"):
        validate_frames(frames)


def test_constraint_that_raises_is_our_bug_not_bad_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_error(catalogue: Catalogue) -> list[bool]:
        raise ZeroDivisionError("division by zero")

    broken = Constraint(name="broken", table="terms", shows=("term",), expected="nothing", judge=raise_error)
    monkeypatch.setattr("schemas.models.CONSTRAINTS", (broken,))
    with pytest.raises(RuntimeError, match=r"broken.*terms.*division by zero"):
        judge()


def test_pandera_cannot_be_switched_off_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    from pandera.config import CONFIG, ValidationDepth

    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    monkeypatch.setattr(CONFIG, "validation_depth", ValidationDepth.SCHEMA_ONLY)
    assert [violation.check for violation in judge(lambda rows: rows["terms"][0].update(term=""))] == ["form"]
