"""A catalogue of invented vendors whose texts would break out of literals and comments, and the committed one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from etl.derived.types import COLUMNS
from schemas.vocabulary import TABLE_NAMES
from tests.published import record
from tests.schemas.catalogue import make_source

Row = dict[str, Any]

ROOT = Path(__file__).parent.parent.parent
OUTPUT = ROOT / "output"

NASTY = (
    "\"quoted\" 'single' `back` \\ \\n \\u0041 \"\"\" ''' */ /* // # ${process.exit(1)} {0} %s @deprecated {@link x} "
    "</script><!-- \u2028\u2029 \u202eback\u202c \ufeff\x85\x7f é 日本 😀\n- item"
)


def hostile_rows() -> dict[str, list[Row]]:
    """Three sources: one of names and texts that need care, one whose key is a keyword, one that documents nothing."""
    records = [
        record("1", name="class", message=NASTY, http_status=404, status_class="client_error", parameters=["{0}"], flags=["ambiguous"]),
        record("-1", name=None, description=NASTY, section=NASTY),
        record("__proto__", name="constructor", error_type=NASTY),
        record("7", name="TWICE", message="First."),
        record("8", name="TWICE", message="Second."),
        record("9", id="acme:9~00000000", name="SOME", message="One."),
        record("9", id="acme:9~11111111", name="OTHER", message="Two."),
        record('"); process.exit(1); ("', name=NASTY),
        record("0x80", name="3D Secure failed"),
        record("10", name=None),
        record(None, id="acme:-", name="No code"),
        record(
            "11", name=None, protocol_versions=["1.0"],
            http_fallbacks=[
                {"http_status": 503, "protocol_versions": ["1.0", "2.0"], "condition": NASTY},
                {"http_status": 400, "protocol_versions": [], "condition": None},
            ],
        ),
        record("E-1", source="import", name="OK"),
    ]  # fmt: skip
    acme = make_source(source="acme", title=NASTY, vendor='Acme */ """', url="https://acme.example/*/x")
    sources = [acme, make_source(source="import"), make_source(source="index")]
    return {name: [] for name in TABLE_NAMES} | {"status_codes": records, "sources": sources}


@cache
def published_rows() -> dict[str, list[Row]]:
    """The committed tables."""
    return {name: json.loads((OUTPUT / f"{name}.json").read_text(encoding="utf-8")) for name in TABLE_NAMES}


def carried(row: Mapping[str, Any]) -> Row:
    """What the bindings carry of a record."""
    return {column.name: row[column.name] for column in COLUMNS}


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
