"""Real pages and their hand-verified records, read in the folder `corpus` of $ERRCAT_SHARED; they are no part of the repository."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from etl.model import Block, Document, Table
from etl.read import read_document

CORPUS = Path(os.environ.get("ERRCAT_SHARED") or Path(__file__).parents[3] / "shared") / "corpus"
FIELDS = ("code", "name", "message", "description", "resolution")


def read_page(name: str) -> tuple[Document, list[dict[str, str | None]]]:
    """The page and its records; skips the test where the corpus is not there."""
    page = CORPUS / "docs" / name
    gold = CORPUS / "gold" / f"{page.stem}.jsonl"
    if not page.is_file() or not gold.is_file():
        pytest.skip(f"no {name} in {CORPUS}; set ERRCAT_SHARED")
    return read_document(page), [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]


def find_missing(found: tuple[Block | Table, ...], records: list[dict[str, str | None]]) -> list[str | None]:
    """The codes of `records` that have no row in `found` whose cells hold all their texts."""
    rows = [{" ".join(cell.text.split()) for cell in row.cells} for table in found if isinstance(table, Table) for row in table.rows]
    return [
        record["code"]
        for record in records
        if not any({" ".join(text.split()) for field in FIELDS if (text := record[field]) is not None} <= row for row in rows)
    ]
