"""Flags are true of the row that bears them, and each has a finding that says why."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from schemas.constraints.constraint import Catalogue, Constraint, of_each_row, of_table
from schemas.vocabulary import FLAGS


@of_each_row("status_codes", "flags", expected="flags in alphabetical order")
def flags_sorted(flags: list[str]) -> bool:
    return flags == sorted(flags)


@of_each_row("status_codes", "flags", "code", expected="the flag missing_code exactly where code is null")
def missing_code_true(flags: list[str], code: str | None) -> bool:
    return ("missing_code" in flags) == (code is None)


@of_each_row("status_codes", "flags", "same_as", expected="the flag duplicate_name exactly where same_as lists records")
def duplicate_name_true(flags: list[str], same_as: list[str]) -> bool:
    return ("duplicate_name" in flags) == bool(same_as)


@of_table("status_codes", "flags", "message", expected="the flag duplicate_message exactly where another code of the source has it")
def duplicate_message_true(catalogue: Catalogue) -> list[bool]:
    codes: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    rows = list(catalogue.rows("status_codes", "source", "message", "code", "flags"))
    for source, message, code, _ in rows:
        codes[source, message].add(code)
    return [
        ("duplicate_message" in flags) == (message is not None and len(codes[source, message]) > 1) for source, message, _, flags in rows
    ]


@of_table("status_codes", "flags", "code", expected="the flag duplicate_row exactly where an earlier record has this code and texts")
def duplicate_row_true(catalogue: Catalogue) -> list[bool]:
    met: set[tuple[Any, ...]] = set()
    holds = []
    texts = catalogue.rows("status_codes", "source", "code", "name", "error_type", "message", "description", "resolution")
    for flags, row in zip(catalogue.column("status_codes", "flags"), texts, strict=True):
        holds.append(("duplicate_row" in flags) == (row in met))
        met.add(row)
    return holds


@of_table("status_codes", "flags", "code", expected="no flag code_outside_documented_range without a code and a declared range")
def code_outside_documented_range_true(catalogue: Catalogue) -> list[bool]:
    declaring = {source for source, kind in catalogue.rows("terms", "source", "kind") if kind == "code_range"}
    return [
        "code_outside_documented_range" not in flags or (code is not None and source in declaring)
        for source, code, flags in catalogue.rows("status_codes", "source", "code", "flags")
    ]


def _make_blank_true(field: str) -> Constraint:
    """Flagged: the field is null and a column of the table feeds it. Not flagged: not every cell under such columns is blank."""
    flag = f"blank_{field}"

    def judge(catalogue: Catalogue) -> list[bool]:
        heads = {
            (source, table): {column["column"] for column in columns if column["field"] == field}
            for source, table, columns in catalogue.rows("tables", "source", "table", "columns")
        }
        holds = []
        for source, table, value, flags, raw in catalogue.rows("status_codes", "source", "table", field, "flags", "raw"):
            feeding = heads.get((source, table), set())
            if flag in flags:
                holds.append(value is None and bool(feeding))
            else:
                printed = any(cell["column"] in feeding and cell["text"].strip() for cell in raw)
                holds.append(value is not None or not feeding or printed)
        return holds

    return Constraint(
        name=f"{flag}_true",
        table="status_codes",
        shows=("flags", field, "raw"),
        expected=f"the flag {flag} exactly where a column of the table feeds {field} and its cell is empty",
        judge=judge,
    )


@of_table("status_codes", "flags", "id", expected="a finding about this record for each of its flags")
def flag_has_finding(catalogue: Catalogue) -> list[bool]:
    findings = set(catalogue.rows("findings", "id", "rule"))
    return [
        all((record_id, flag) in findings for flag in flags) for record_id, flags in catalogue.rows("status_codes", "id", "flags")
    ]


@of_table("findings", "rule", "id", expected="a rule that is among the flags of the record it is about")
def finding_has_flag(catalogue: Catalogue) -> list[bool]:
    flags = dict(catalogue.rows("status_codes", "id", "flags"))
    return [
        record_id not in flags or rule not in FLAGS or rule in flags[record_id]
        for record_id, rule in catalogue.rows("findings", "id", "rule")
    ]


CONSTRAINTS = (
    flags_sorted,
    missing_code_true,
    duplicate_name_true,
    duplicate_message_true,
    duplicate_row_true,
    code_outside_documented_range_true,
    *(_make_blank_true(field) for field in ("description", "message", "name")),
    flag_has_finding,
    finding_has_flag,
)
