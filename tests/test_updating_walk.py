"""docs/updating.md is true: its walk prints what it shows."""

from __future__ import annotations

from pathlib import Path

from tests.walk import DOCS, find_stale, read_commands

PAGE = (DOCS / "updating.md").read_text(encoding="utf-8")


def test_walk_prints_what_the_page_shows(tmp_path: Path) -> None:
    assert len(read_commands(PAGE)) > 20
    assert find_stale(PAGE, tmp_path) == []
