"""Rerunning when pages change: what is built again, what is held back, and what the past leaves behind."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.build import BuildReport, build
from etl.history import read_history
from etl.state import nothing_changed
from tests.making import PAGE, write_source

SOURCES = ("acme", "bolt", "cogs")
LONG_PAGE = PAGE.replace("201 Too much", "\n".join(f"{code} Failure number {code}" for code in range(201, 231)))


def rows_of(out: Path, table: str = "status_codes") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((out / f"{table}.json").read_text(encoding="utf-8"))
    return rows


def published(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    for source in SOURCES:
        write_source(tmp_path / "raw", source=source, page=LONG_PAGE)
    return tmp_path / "raw"


@pytest.fixture
def out(raw: Path, tmp_path: Path) -> Path:
    build(raw, tmp_path / "output")
    return tmp_path / "output"


def statuses(report: BuildReport) -> dict[str, str]:
    return {outcome.source: outcome.status for outcome in report.outcomes}


def test_unchanged_tree_is_known_without_reading_it(raw: Path, out: Path) -> None:
    assert nothing_changed(raw, out) == {"acme": 33, "bolt": 33, "cogs": 33}


def test_first_release_changes_nothing_and_later_ones_say_what(raw: Path, out: Path) -> None:
    (raw / "acme.txt").write_text(LONG_PAGE.replace("Failure number 205", "Failure number five"), encoding="utf-8")
    build(raw, out)
    first, second = read_history(out).releases
    assert (first["changes"], first["records"]) == ({}, 99)
    assert second["changes"] == {"reworded": 1}


@pytest.mark.parametrize("change", ["document", "spec", "new source", "output", "state", "removed spec"])
def test_any_change_is_noticed(raw: Path, out: Path, change: str) -> None:
    if change == "document":
        write_source(raw, source="bolt", page=LONG_PAGE.replace("No such user", "No user"))
    elif change == "spec":
        (raw / "bolt.source.toml").write_text((raw / "bolt.source.toml").read_text() + "\n# changed\n")
    elif change == "new source":
        write_source(raw, source="dyno")
    elif change == "output":
        (out / "terms.csv").write_bytes(b"")
    elif change == "state":
        (out / ".state.json").write_text("{")
    else:
        (raw / "bolt.source.toml").unlink()
    assert nothing_changed(raw, out) is None


def test_changed_document_rebuilds_its_source_alone(raw: Path, out: Path) -> None:
    write_source(raw, source="bolt", page=LONG_PAGE.replace("No such user", "No user"))
    assert statuses(build(raw, out)) == {"acme": "unchanged", "bolt": "built", "cogs": "unchanged"}


def test_force_reads_everything(raw: Path, out: Path) -> None:
    assert statuses(build(raw, out, force=True)) == dict.fromkeys(SOURCES, "built")


def test_damaged_state_is_said_and_everything_is_built(raw: Path, out: Path) -> None:
    (out / ".state.json").write_text("[]")
    report = build(raw, out)
    assert "the state of the last build is damaged" in report.notes[0]
    assert statuses(report) == dict.fromkeys(SOURCES, "built")


def test_damaged_output_is_said_and_mended(raw: Path, out: Path) -> None:
    before = published(out)
    (out / "terms.csv").write_bytes(b"damaged")
    assert "terms.csv" in build(raw, out).notes[0]
    assert published(out) == before


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=st.sets(st.sampled_from(SOURCES)), number=st.integers(0, 10**6))
def test_partial_build_gives_the_bytes_of_a_full_one(raw: Path, tmp_path: Path, changed: set[str], number: int) -> None:
    partial, full = tmp_path / f"partial{number}", tmp_path / f"full{number}"
    for source in SOURCES:
        write_source(raw, source=source, page=LONG_PAGE)
    for folder in (partial, full):
        shutil.rmtree(folder, ignore_errors=True)
        build(raw, folder)
    for source in changed:
        write_source(raw, source=source, page=LONG_PAGE.replace("No such user", f"No user {number}"))
    build(raw, partial)
    build(raw, full, force=True)
    assert published(partial) == published(full)


def test_clean_clone_rebuilt_gives_the_same_bytes(raw: Path, out: Path) -> None:
    write_source(raw, source="acme", page=LONG_PAGE.replace("230 Failure number 230", "231 Failure of another kind"))
    build(raw, out)
    before = published(out)
    (out / ".state.json").unlink()
    assert statuses(build(raw, out)) == dict.fromkeys(SOURCES, "built")
    assert published(out) == before


@pytest.mark.parametrize(
    ("old", "new", "version"),
    [
        ("230 Failure number 230", "230 Failure number 230\n231 One more", "1.1.0"),
        ("230 Failure number 230", "230 Failure of number 230", "1.0.1"),
        ("\n230 Failure number 230", "", "2.0.0"),
        ("230 Failure number 230", "330 Failure number 230", "2.0.0"),
    ],
    ids=["added", "reworded", "withdrawn", "message kept under another code"],
)
def test_data_version_follows_the_changes(raw: Path, out: Path, old: str, new: str, version: str) -> None:
    write_source(raw, source="bolt", page=LONG_PAGE.replace(old, new))
    assert build(raw, out).data_version == version
    assert json.loads((out / "index.json").read_text())["data_version"] == version
    assert f"## {version}\n" in (out / "CHANGES.md").read_text(encoding="utf-8")


def test_building_again_moves_no_version(raw: Path, out: Path) -> None:
    write_source(raw, source="bolt", page=LONG_PAGE.replace("No such user", "No user"))
    assert build(raw, out).data_version == "1.0.1"
    assert build(raw, out, force=True).data_version == "1.0.1"
    assert (out / "CHANGES.md").read_text(encoding="utf-8").count("## 1.0.1") == 1


def test_index_lets_a_reader_check_every_file(out: Path) -> None:
    index = json.loads((out / "index.json").read_text(encoding="utf-8"))
    files = published(out)
    files.pop("index.json")
    assert {name: entry["sha256"] for name, entry in index["files"].items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert index["tables"]["status_codes"] == 99


@pytest.mark.parametrize(("code", "verdict"), [("230", "found_elsewhere"), ("299", "withdrawn")])
def test_withdrawn_record_is_published_as_such(raw: Path, out: Path, code: str, verdict: str) -> None:
    """The other documents of the vendor have 230 too, and nobody else has 299."""
    page = f"{LONG_PAGE}\n299 Only here"
    write_source(raw, source="bolt", page=page)
    build(raw, out)
    write_source(raw, source="bolt", page="\n".join(line for line in page.split("\n") if not line.startswith(code)))
    build(raw, out)
    (row,) = rows_of(out, "withdrawn")
    assert (row["id"], row["last_seen"], row["verdict"]) == (f"bolt:{code}", "1.1.0", verdict)


def test_record_that_comes_back_is_withdrawn_no_longer(raw: Path, out: Path) -> None:
    write_source(raw, source="bolt", page=LONG_PAGE.replace("\n230 Failure number 230", ""))
    build(raw, out)
    write_source(raw, source="bolt", page=LONG_PAGE)
    assert build(raw, out).data_version == "2.1.0"
    assert rows_of(out, "withdrawn") == []
    assert read_history(out).first_seen == {"bolt:230": "1.0.0"}


def test_first_sight_of_an_added_record_is_kept(raw: Path, out: Path) -> None:
    write_source(raw, source="bolt", page=f"{LONG_PAGE}\n231 One more")
    build(raw, out)
    assert read_history(out).first_seen == {"bolt:231": "1.1.0"}
    write_source(raw, source="bolt", page=LONG_PAGE)
    build(raw, out)
    assert [(row["first_seen"], row["last_seen"]) for row in rows_of(out, "withdrawn")] == [("1.1.0", "1.1.0")]


def lose(raw: Path, codes: int) -> None:
    """Let the page of bolt lose its last `codes` records."""
    page = LONG_PAGE
    for code in range(231 - codes, 231):
        page = page.replace(f"\n{code} Failure number {code}", "")
    write_source(raw, source="bolt", page=page)


def test_loss_of_many_records_at_once_is_held_back(raw: Path, out: Path) -> None:
    before = published(out)
    lose(raw, 8)
    report = build(raw, out)
    (held,) = report.held
    assert (held.source, held.records) == ("bolt", 33)
    assert "8 of 33 records are gone at once" in (held.held.reason if held.held else "")
    assert len(report.held_changes.changes) == 8
    assert {name: content for name, content in published(out).items() if name.startswith("status_codes")} == {
        name: content for name, content in before.items() if name.startswith("status_codes")
    }
    assert list(read_history(out).held_back) == ["bolt"]


def test_only_source_that_is_held_back_is_in_the_history_too(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "output"
    write_source(raw, source="bolt", page=LONG_PAGE)
    build(raw, out)
    lose(raw, 8)
    assert statuses(build(raw, out)) == {"bolt": "held"}
    assert list(read_history(out).held_back) == ["bolt"]
    assert len(rows_of(out)) == 33
    assert nothing_changed(raw, out) is None


def test_change_of_no_record_is_called_that(raw: Path, out: Path) -> None:
    spec = raw / "bolt.source.toml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("/errors", "/codes"), encoding="utf-8")
    build(raw, out)
    assert "## 1.0.1\n\nNothing changed in what the records say.\n" in (out / "CHANGES.md").read_text(encoding="utf-8")


def test_loss_of_few_records_is_published(raw: Path, out: Path) -> None:
    lose(raw, 6)
    assert statuses(build(raw, out))["bolt"] == "built"
    assert len(rows_of(out, "withdrawn")) == 6


def test_held_source_is_tried_again_and_published_when_accepted(raw: Path, out: Path) -> None:
    lose(raw, 8)
    build(raw, out)
    assert statuses(build(raw, out))["bolt"] == "held"
    report = build(raw, out, accept=["bolt"])
    assert (statuses(report)["bolt"], report.data_version) == ("built", "2.0.0")
    assert read_history(out).held_back == {}
    assert nothing_changed(raw, out) is not None


def test_code_that_still_stands_on_the_page_unread_is_held_back_with_its_line(raw: Path, out: Path) -> None:
    # The row lost its place in the list: the spec ignores the line, but it still prints the code.
    page = LONG_PAGE.replace("\n230 Failure number 230", "").replace("Things that go wrong.", "Things that go wrong.\nAlso 230, rarely.")
    write_source(raw, source="bolt", page=page)
    spec = raw / "bolt.source.toml"
    spec.write_text(spec.read_text(encoding="utf-8") + '\n[[ignored]]\npattern = "Also .*"\nreason = "prose"\n', encoding="utf-8")
    (held,) = build(raw, out).held
    assert held.held is not None
    assert held.held.line == 4
    assert "still printed on the page, but not read: 230" in held.held.reason


def test_good_sources_are_published_beside_a_bad_one(raw: Path, out: Path) -> None:
    lose(raw, 30)
    write_source(raw, source="acme", page=LONG_PAGE.replace("No such user", "No user"))
    (raw / "cogs.txt").write_bytes(b"\xff\xfe")
    report = build(raw, out)
    assert statuses(report) == {"acme": "built", "bolt": "held", "cogs": "failed"}
    assert any(row["message"] == "No user" for row in rows_of(out))
    assert sum(row["source"] == "cogs" for row in rows_of(out)) == 33


def test_history_without_tables_does_not_repeat_a_version(raw: Path, out: Path) -> None:
    before = published(out)
    for path in out.glob("*.*"):
        if path.name not in {"history.json", "CHANGES.md"}:
            path.unlink()
    assert build(raw, out).data_version == "1.0.0"
    assert published(out) == before


def test_order_of_builds_does_not_matter_for_the_tables(raw: Path, tmp_path: Path) -> None:
    random.seed(4)
    names = random.sample(SOURCES, len(SOURCES))
    at_once, one_by_one = tmp_path / "at_once", tmp_path / "one_by_one"
    build(raw, at_once)
    for name in names:
        build(raw, one_by_one, sources=[name])
    assert (one_by_one / "status_codes.parquet").read_bytes() == (at_once / "status_codes.parquet").read_bytes()
