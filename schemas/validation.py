"""The frames of all tables in, every violation of the contract out.

Judged in two passes: first each table's columns, types, nulls, nesting and values; then, if columns, types, nulls and nesting are
right in all of them, what must be true across columns, rows and tables.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from schemas.constraints import CONSTRAINTS, Catalogue
from schemas.contract import CONTRACTS
from schemas.models import DTYPE, NESTING, build_constraint_model, build_model

_STRUCTURE = {
    SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME: ("column_missing", "this column"),
    SchemaErrorReason.COLUMN_NOT_IN_SCHEMA: ("column_unknown", "only the columns of the contract"),
    SchemaErrorReason.COLUMN_NOT_ORDERED: ("column_order", "the contract's columns in their order, each once"),
}
"""What the report calls pandera's findings about a frame's columns, and what was expected."""

_UNREADABLE = {*(check for check, _ in _STRUCTURE.values()), DTYPE, "not_null", NESTING}
"""Where one of these fails, what must be true across columns cannot be judged."""

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 200
_SHORT.maxlist = _SHORT.maxdict = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """One place where the tables break the contract.

    `check` names the constraint. `row` counts the table's rows from 1; it is None where the whole column or table is meant.
    `source` and `id` are those of the row, where the table has such columns.
    """

    table: str
    column: str | None
    check: str
    row: int | None
    source: str | None
    id: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.table if self.column is None else f"{self.table}.{self.column}"
        if self.row is not None:
            place += f", row {self.row}"
        if self.id is not None or self.source is not None:
            place += f" ({self.id if self.id is not None else self.source})"
        return f"{place}: {self.check}: found {self.found}, expected {self.expected}"


def validate_frames(frames: Mapping[str, pd.DataFrame]) -> list[Violation]:
    """All violations of the contract in the tables; [] where they keep it.

    Raises KeyError unless exactly the tables of the contract are given, RuntimeError where a check of ours raises: that is our bug and says
    nothing about the rows.
    """
    if frames.keys() != CONTRACTS.keys():
        raise KeyError(f"the tables are {', '.join(CONTRACTS)}, not {', '.join(frames) or 'none'}")
    # Row numbers in the report come from the index; and an index of other labels could repeat them.
    numbered = {name: frames[name].reset_index(drop=True) for name in CONTRACTS}
    # The environment may have switched pandera off, or its checks of values: the contract is judged all the same.
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        violations = [violation for name, frame in numbered.items() for violation in _judge_columns(name, frame)]
        if not any(violation.check in _UNREADABLE for violation in violations):
            catalogue = Catalogue(frames=numbered)
            violations += [violation for name in numbered for violation in _judge_constraints(name, catalogue)]
    return violations


def _collect_errors(model: pa.DataFrameSchema, frame: pd.DataFrame) -> list[SchemaError]:
    try:
        model.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return list(errors.schema_errors)
    return []


def _judge_columns(table: str, frame: pd.DataFrame) -> Iterator[Violation]:
    errors = _collect_errors(build_model(table), frame)
    # In a column of another type or shape that alone is reported: checks of values take them for what they are not, and may raise.
    unsound = {error.schema.name: check for check in (NESTING, DTYPE) for error in errors if _is_of(error, check)}
    for error in errors:
        reason, column = error.reason_code, str(error.schema.name)
        if reason in _STRUCTURE:
            check, expected = _STRUCTURE[reason]
            yield Violation(
                table=table, column=str(error.failure_cases), check=check, row=None, source=None, id=None,
                found=_SHORT.repr(list(frame.columns)), expected=expected,
            )  # fmt: skip
        elif column in unsound and not _is_of(error, unsound[column]):
            continue
        elif _is_of(error, DTYPE):
            yield Violation(
                table=table, column=column, check=DTYPE, row=None, source=None, id=None,
                found=str(frame.dtypes[column]), expected=error.check.error,
            )  # fmt: skip
        elif reason is SchemaErrorReason.SERIES_CONTAINS_NULLS:
            for place in error.failure_cases["index"]:
                yield _violation(frame, table, column, "not_null", place, found="null", expected="a value")
        elif reason is SchemaErrorReason.DATAFRAME_CHECK:
            for place, value in zip(error.failure_cases["index"], error.failure_cases["failure_case"], strict=True):
                yield _violation(frame, table, column, error.check.name, place, found=_SHORT.repr(value), expected=error.check.error)
        else:
            raise RuntimeError(f"the check {error.check} of {table}.{column} raised: {error}") from error


def _is_of(error: SchemaError, check: str) -> bool:
    return error.reason_code is SchemaErrorReason.DATAFRAME_CHECK and error.check.name == check


def _judge_constraints(table: str, catalogue: Catalogue) -> Iterator[Violation]:
    frame = catalogue.frames[table]
    constraints = {constraint.name: constraint for constraint in CONSTRAINTS if constraint.table == table}
    for error in _collect_errors(build_constraint_model(table, catalogue), frame):
        if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
            raise RuntimeError(f"the check {error.check} of {table} raised: {error}") from error
        constraint = constraints[error.check.name]
        shown = list(catalogue.rows(table, *constraint.shows))
        for place, holds in enumerate(constraint.judge(catalogue)):
            if not holds:
                found = ", ".join(f"{name}={_SHORT.repr(value)}" for name, value in zip(constraint.shows, shown[place], strict=True))
                yield _violation(frame, table, constraint.shows[0], constraint.name, place, found=found, expected=constraint.expected)


def _violation(frame: pd.DataFrame, table: str, column: str, check: str, place: int, *, found: str, expected: str) -> Violation:
    source, record_id = (_text_at(frame, name, place) for name in ("source", "id"))
    return Violation(
        table=table, column=column, check=check, row=place + 1, source=source, id=record_id, found=found, expected=expected
    )  # fmt: skip


def _text_at(frame: pd.DataFrame, column: str, place: int) -> str | None:
    value = frame[column].iloc[place] if column in frame.columns else None
    return value if isinstance(value, str) else None
