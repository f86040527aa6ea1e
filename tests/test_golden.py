"""Every cell of the vendor documents against an independent reading of the same pages (tests/golden/README.md)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from etl.compose import Rows, compose_rows
from etl.pipeline import read_source
from etl.spec import SUFFIX, find_specs, load_spec

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "read_by_hand"
SOURCES = [path.name.removesuffix(SUFFIX) for path in find_specs(ROOT / "raw")]


def read_golden(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def read_rows(source: str) -> Rows:
    return compose_rows(read_source(ROOT / "raw", load_spec(ROOT / "raw" / f"{source}{SUFFIX}")))


def test_every_source_has_golden_records() -> None:
    assert len(SOURCES) > 0
    assert {path.stem for path in GOLDEN.glob("*.jsonl")} == {*SOURCES, "terms"}


@pytest.mark.parametrize("source", SOURCES)
def test_every_cell_is_as_read_by_hand(source: str) -> None:
    found, golden = read_rows(source)["status_codes"], read_golden(source)
    assert [row["id"] for row in found] == [row["id"] for row in golden]
    for row, expected in zip(found, golden, strict=True):
        assert dict(row) == expected


@pytest.mark.parametrize("source", SOURCES)
def test_terms_are_as_read_by_hand(source: str) -> None:
    found = [dict(row) for row in read_rows(source)["terms"]]
    assert found == [row for row in read_golden("terms") if row["source"] == source]


@pytest.mark.parametrize(
    ("source", "records"), [("healthvault", 147), ("ms-ascmd", 78), ("updox", 53), ("symantec-vip", 22), ("personium", 233)]
)
def test_number_of_records(source: str, records: int) -> None:
    assert len(read_rows(source)["status_codes"]) == records
