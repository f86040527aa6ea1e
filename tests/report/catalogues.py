"""Catalogues to look at: one built from a page that tries to break out, one of many records, one without its documents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from etl.build import build
from tests.making import PAGE as PLAIN_PAGE
from tests.making import SPEC, write_source
from tests.published import record, write_catalogue

HOSTILE = '<script>document.title = "no"</script> <img src="http://127.0.0.1:9/x" onerror="document.title = 1"> & </script> {{contents}}'

SIGN_IN, TRANSFER = PLAIN_PAGE.split("\n\nTransfer errors")
PAGE = f"{SIGN_IN}\n102 {HOSTILE}\n\nTransfer errors{TRANSFER}\n204 Too little of the account"


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """Folders of a catalogue: published tables and documents."""

    out: Path
    raw: Path


def build_hostile(folder: Path) -> Built:
    """Built by the real pipeline: `acme` of the page above, and `bolt` whose document has changed since."""
    raw, out = folder / "raw", folder / "out"
    write_source(raw, page=PAGE)
    write_source(raw, source="bolt", spec=SPEC.replace("Acme", "Bolt"))
    build(raw, out)
    (raw / "bolt.txt").write_text("Another page.", encoding="utf-8")
    return Built(out=out, raw=raw)


def write_many(folder: Path) -> Built:
    """20,000 records of 100 documents that are not at hand; classes, flags and texts vary."""
    words = ("user", "token", "quota", "device", "record")
    records = [
        record(
            str(1000 + number % 200),
            source=f"vendor-{number // 200:02}",
            name=f"{words[number % 5]}_{number}".upper(),
            message=f"The {words[number % 5]} of request {number} was refused by the {words[number % 3]} service.",
            http_status=400 + number % 5,
            status_class="client_error",
            raw=[{"column": "Code", "text": f"cell {number}"}],
        )
        for number in range(20_000)
    ]
    gone = record(
        "999", source="vendor-00", id="vendor-00:999", message="Gone for good.", raw=[{"column": "Code", "text": "999 as it was"}]
    )
    write_catalogue(folder, records)
    withdrawn = gone | {"first_seen": "1.0.0", "last_seen": "1.2.0", "verdict": "withdrawn"}
    (folder / "withdrawn.json").write_text(json.dumps([withdrawn]), encoding="utf-8")
    return Built(out=folder, raw=folder / "no-raw")
