"""Real updates of vendors' pages: their hand-verified records, compared, give the true change sets.

The pairs lie in the folder `updates` of $ERRCAT_SHARED (default: ../shared beside the repository) and are not part of it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from etl.changes import ChangeSet, compare_records
from etl.changes.render import render_markdown, render_text, to_json

UPDATES = Path(os.environ.get("ERRCAT_SHARED") or Path(__file__).parents[2] / "shared") / "updates"
PAIRS = sorted(path.parent for path in UPDATES.glob("*/truth.json"))
COMPARED = ("name", "message", "description", "resolution", "http_status", "error_type")

needs_updates = pytest.mark.skipif(not PAIRS, reason=f"no pairs of pages in {UPDATES}; set ERRCAT_SHARED")


def load_records(path: Path) -> list[dict[str, Any]]:
    """The verified records of one version, as rows: what the file does not say is left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [{"source": "page", "id": f"page:{number}", **json.loads(line)} for number, line in enumerate(lines, start=1)]


def as_truth(found: ChangeSet, key: str) -> dict[str, Any]:
    """The change set in the form of truth.json: renumbered as removed and added, all that is between as changed fields."""
    added, removed, changed = set(), set(), set()
    for change in found.changes:
        fields = {field.field: field for field in change.fields}
        if change.kind == "renumbered":
            removed.add(fields[key].old)
            added.add(fields[key].new)
        elif change.kind == "added":
            added.add(change.code)
        elif change.kind == "withdrawn":
            removed.add(change.code)
        else:
            changed |= {(change.code, name, field.old, field.new) for name, field in fields.items() if name in COMPARED}
    return {"added": added, "removed": removed, "changed": changed}


@needs_updates
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_verified_records_give_the_true_changes(pair: Path) -> None:
    truth = json.loads((pair / "truth.json").read_text(encoding="utf-8"))
    old, new = (load_records(pair / f"gold_{side}.jsonl") for side in ("old", "new"))
    found = as_truth(compare_records(old, new), truth["key"])
    unclear = set(truth.get("ambiguous_duplicate_codes", ()))
    assert found["added"] == set(truth["added"])
    assert found["removed"] == set(truth["removed"])
    assert {entry for entry in found["changed"] if entry[0] not in unclear} == {
        (entry["code"], entry["field"], entry["old"], entry["new"]) for entry in truth["changed"]
    }


@needs_updates
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_change_is_shown_in_each_form(pair: Path) -> None:
    found = compare_records(load_records(pair / "gold_old.jsonl"), load_records(pair / "gold_new.jsonl"))
    assert len(to_json(found)["changes"]) == len(found.changes)
    for rendered in (render_text(found), render_markdown(found)):
        for change in found.changes:
            if change.kind in ("added", "withdrawn", "renumbered", "renamed"):
                assert change.code is not None
                assert change.code in rendered
