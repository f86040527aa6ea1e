"""A small published catalogue of invented vendors, written to a folder as a build would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from etl.render import render_json, render_tables
from schemas.frames import build_frame
from schemas.vocabulary import TABLE_NAMES
from tests.schemas.catalogue import make_record, make_source

Row = dict[str, Any]


def record(code: str | None, *, source: str = "acme", **overrides: Any) -> Row:
    """A record of `source`; its vendor and product are named after it."""
    number = int(code) if code is not None and code.lstrip("-").isdecimal() and not code.startswith("0") else None
    vendor = source.title()
    usual = {"id": f"{source}:{code or '-'}", "source": source, "vendor": vendor, "product": f"{vendor} Gateway API"}
    return make_record(**(usual | {"code": code, "code_number": number} | overrides))


def write_catalogue(
    folder: Path, records: Sequence[Row], *, withdrawn: Sequence[Row] = (), placeholders: Sequence[str] = (), parquet: bool = False
) -> Path:
    """Write the records, those that are withdrawn and their sources as JSON, and where it is wanted as Parquet; the folder."""
    first = {row["source"]: row for row in reversed(records)}
    sources = [
        make_source(source=name, vendor=row["vendor"], product=row["product"], placeholders=list(placeholders))
        for name, row in sorted(first.items())
    ]
    rows: dict[str, list[Row]] = {name: [] for name in TABLE_NAMES} | {"status_codes": list(records), "sources": sources}
    rows["withdrawn"] = [{**row, "first_seen": "1.0.0", "last_seen": "1.2.0", "verdict": "withdrawn"} for row in withdrawn]
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{name}.json": render_json(rows[name]) for name in TABLE_NAMES}
    if parquet:
        files |= render_tables(rows, {name: build_frame(name, rows[name]) for name in TABLE_NAMES})
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
