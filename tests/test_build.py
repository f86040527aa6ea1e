"""Building: each source stands or falls alone, and nothing good is lost to a bad one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from etl.build import build, check
from etl.errors import CatalogueError, ContractError, PublishError, SpecError
from etl.publish import lock
from tests.making import PAGE, SPEC, write_source

TABLES = ("status_codes", "sources", "tables", "terms", "findings")


def rows_of(out: Path, source: str, table: str = "status_codes") -> list[dict[str, Any]]:
    return [row for row in json.loads((out / f"{table}.json").read_text(encoding="utf-8")) if row["source"] == source]


def files_of(out: Path) -> dict[str, bytes]:
    files = [path for path in out.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    for source in ("acme", "bolt", "cogs"):
        write_source(tmp_path / "raw", source=source)
    return tmp_path / "raw"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "output"


def test_all_tables_are_published_in_three_formats(raw: Path, out: Path) -> None:
    build(raw, out)
    assert {f"{table}.{ending}" for table in TABLES for ending in ("parquet", "csv", "json")} <= set(files_of(out))
    assert [row["code"] for row in rows_of(out, "bolt")] == ["100", "101", "200", "201"]


def test_sources_stand_in_name_order(raw: Path, out: Path) -> None:
    build(raw, out)
    assert [row["source"] for row in json.loads((out / "sources.json").read_text())] == ["acme", "bolt", "cogs"]


def test_second_build_changes_no_byte(raw: Path, out: Path) -> None:
    build(raw, out)
    before = files_of(out)
    assert build(raw, out).changed == ()
    assert files_of(out) == before


def test_failed_source_keeps_its_rows_and_the_others_are_renewed(raw: Path, out: Path) -> None:
    build(raw, out)
    kept = {table: rows_of(out, "bolt", table) for table in TABLES}
    write_source(raw, source="bolt", page=f"{PAGE}\n\nunclaimed")
    write_source(raw, source="cogs", page=PAGE.replace("Too much", "Too little"))
    report = build(raw, out)
    assert [(outcome.source, outcome.status) for outcome in report.outcomes] == [
        ("acme", "unchanged"),
        ("bolt", "failed"),
        ("cogs", "built"),
    ]
    assert {table: rows_of(out, "bolt", table) for table in TABLES} == kept
    assert rows_of(out, "cogs")[3]["message"] == "Too little"


def test_failed_source_of_a_first_build_has_no_rows(raw: Path, out: Path) -> None:
    (raw / "bolt.txt").unlink()
    report = build(raw, out)
    assert [outcome.source for outcome in report.failed] == ["bolt"]
    assert rows_of(out, "bolt", "sources") == []
    assert len(rows_of(out, "acme")) == 4


def test_strict_build_publishes_nothing_unless_all_succeed(raw: Path, out: Path) -> None:
    build(raw, out)
    before = files_of(out)
    write_source(raw, source="acme", page=PAGE.replace("Too much", "Too little"))
    (raw / "bolt.txt").write_bytes(b"")
    assert build(raw, out, strict=True).changed == ()
    assert files_of(out) == before


def test_named_source_alone_is_renewed(raw: Path, out: Path) -> None:
    build(raw, out)
    for source in ("acme", "bolt"):
        write_source(raw, source=source, page=PAGE.replace("Too much", "Too little"))
    build(raw, out, sources=["bolt"])
    assert [rows_of(out, source)[3]["message"] for source in ("acme", "bolt")] == ["Too much", "Too little"]


def test_unknown_source_is_refused(raw: Path, out: Path) -> None:
    with pytest.raises(SpecError, match="expected: one of acme, bolt, cogs"):
        build(raw, out, sources=["blot"])


def test_source_whose_spec_is_gone_is_held_until_its_loss_is_accepted(raw: Path, out: Path) -> None:
    build(raw, out)
    (raw / "bolt.source.toml").unlink()
    (held,) = build(raw, out).held
    assert (held.source, held.records) == ("bolt", 4)
    report = build(raw, out, accept=["bolt"])
    assert [(outcome.source, outcome.status) for outcome in report.outcomes][1] == ("bolt", "removed")
    assert rows_of(out, "bolt") == []
    assert [row["verdict"] for row in rows_of(out, "bolt", "withdrawn")] == ["withdrawn"] * 4


def test_spec_with_another_key_than_its_file_is_refused(raw: Path, out: Path) -> None:
    (raw / "bolt.source.toml").write_text(SPEC, encoding="utf-8")
    (outcome,) = build(raw, out).failed
    assert "the spec's source is not its file's name" in str(outcome.error)


def test_records_that_break_the_contract_are_not_published(raw: Path, out: Path) -> None:
    build(raw, out)
    spec = SPEC.replace('url = "https://acme.example/errors"', 'url = "acme.example/errors"')
    write_source(raw, source="bolt", spec=spec)
    (outcome,) = build(raw, out).failed
    assert isinstance(outcome.error, ContractError)
    assert "sources.url" in str(outcome.error)
    assert rows_of(out, "bolt", "sources")[0]["url"] == "https://acme.example/errors"


def test_confirmed_number_of_records_must_be_exact(raw: Path, out: Path) -> None:
    import hashlib

    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    write_source(raw, source="bolt", spec=f'{SPEC}\n[checked]\nsha256 = "{digest}"\nrecords = 5\n')
    (outcome,) = build(raw, out).failed
    assert "found: 4 records\n  expected: 5 records" in str(outcome.error)


def test_check_writes_nothing(raw: Path, out: Path) -> None:
    assert [outcome.records for outcome in check(raw, out).outcomes] == [4, 4, 4]
    assert not out.exists()


def test_damaged_published_table_is_named(raw: Path, out: Path) -> None:
    build(raw, out)
    (out / "terms.json").write_text("[1, 2", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"terms\.json: a published table cannot be read"):
        build(raw, out)
    report = build(raw, out, force=True)
    assert "nothing of it is used" in report.notes[0]
    assert rows_of(out, "acme", "terms") == []


def test_output_folder_that_is_a_file_is_refused(raw: Path, out: Path) -> None:
    out.write_text("no folder", encoding="utf-8")
    with pytest.raises(PublishError, match="cannot be written"):
        build(raw, out)


def test_second_build_at_once_says_who_holds_the_lock(out: Path) -> None:
    with lock(out), pytest.raises(PublishError, match="another build holds the output folder") as caught, lock(out, wait=0):
        pass
    assert "found: process " in str(caught.value)
