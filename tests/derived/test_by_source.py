"""by_source/<source>.json: each record once, under its code, in document order."""

from __future__ import annotations

import json

import pytest

from etl.derived.by_source import render_by_source
from tests.derived.hostile import OUTPUT, hostile_rows, published_rows


@pytest.mark.parametrize("rows", [published_rows(), hostile_rows()], ids=["published", "hostile"])
def test_every_record_stands_once_under_its_code(rows: dict[str, list[dict[str, object]]]) -> None:
    files = render_by_source(rows)
    assert set(files) == {f"by_source/{source['source']}.json" for source in rows["sources"]}
    for source in rows["sources"]:
        read = json.loads(files[f"by_source/{source['source']}.json"])
        own = [row for row in rows["status_codes"] if row["source"] == source["source"]]
        assert list(read) == list(dict.fromkeys("-" if row["code"] is None else row["code"] for row in own))
        assert sorted(str(record) for group in read.values() for record in group) == sorted(map(str, own))
        for code, group in read.items():
            assert group == [row for row in own if (row["code"] is None and code == "-") or row["code"] == code]


def test_a_code_is_a_line() -> None:
    text = (OUTPUT / "by_source" / "symantec-vip.json").read_text(encoding="utf-8")
    codes = {row["code"] for row in published_rows()["status_codes"] if row["source"] == "symantec-vip"}
    assert len(text.splitlines()) == len(codes) + 2
    assert text.endswith("}\n")


def test_source_without_records_is_an_empty_object() -> None:
    assert render_by_source(hostile_rows())["by_source/index.json"] == b"{}\n"
