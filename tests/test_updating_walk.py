"""docs/updating.md is true: its walk prints what it shows."""

from __future__ import annotations

from pathlib import Path

from tests.walk import DOCS, mask, read_commands, replay

PAGE = (DOCS / "updating.md").read_text(encoding="utf-8")


def test_walk_prints_what_the_page_shows(tmp_path: Path) -> None:
    printed = list(replay(PAGE, tmp_path))
    shown = read_commands(PAGE)
    assert len(shown) > 20
    for (command, output), (_, expected) in zip(printed, shown, strict=True):
        assert mask(output) == mask(expected), f"{command}: mend the page by hand, or by python -m tests.walk docs/updating.md"
