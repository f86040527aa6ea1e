"""Where a record comes from: the document's own lines, the cells as printed, and each step between them and the fields.

The document is read again, by the same pure function as in a build, so the steps are those that were really taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from etl.catalogue import Row, find_output, find_raw, load_rows
from etl.compose import compose_rows
from etl.errors import CatalogueError
from etl.model import RawCell, Step
from etl.pipeline import read_source
from etl.spec import SUFFIX, find_specs, load_spec


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """One record and its origin.

    `record` is the published row; `origin` maps each filled field to the printed cells that its columns hold; `steps`
    are in the order in which they were taken; `lines` are the document's own, by number; `findings` those about it.
    """

    record: Row
    document: str
    lines: tuple[tuple[int, str], ...]
    origin: dict[str, tuple[RawCell, ...]]
    steps: tuple[Step, ...]
    findings: tuple[Row, ...]


def why(record_id: str, *, folder: Path | None = None, raw: Path | None = None) -> Explanation:
    """Explain the published record `record_id`.

    Raises CatalogueError where no such record is published, or where the document has changed since.
    """
    output = find_output(folder)
    rows = load_rows("status_codes", output)
    row = next((row for row in rows if row["id"] == record_id), None)
    if row is None:
        near = get_close_matches(record_id, [str(row["id"]) for row in rows], n=3, cutoff=0.6)
        raise CatalogueError(
            "no such record",
            found=repr(record_id),
            expected=f"an id of the catalogue{', such as ' + ', '.join(near) if near else ''}",
            advice="`errcat lookup CODE` finds the ids of a code",
        )
    documents = find_raw(raw)
    path = next((path for path in find_specs(documents) if path.name == f"{row['source']}{SUFFIX}"), None)
    if path is None:
        raise CatalogueError(
            "the source has no spec here", where=str(documents), found=f"no {row['source']}{SUFFIX}", advice="give the folder with --raw"
        )
    read = read_source(path.parent, load_spec(path))
    composed = compose_rows(read)
    ids = [composed_row["id"] for composed_row in composed["status_codes"]]
    if record_id not in ids or composed["status_codes"][ids.index(record_id)] != row:
        raise CatalogueError(
            "the document no longer says what is published",
            where=str(path.parent / read.spec.document),
            found="another record, or none",
            expected=f"the record {record_id} as published",
            advice="run `errcat build`",
        )
    record = read.reading.records[ids.index(record_id)]
    return Explanation(
        record=row,
        document=read.spec.document,
        lines=tuple((number, read.document.lines[number - 1]) for number in range(record.line_start, record.line_end + 1)),
        origin=_origin(row, composed["tables"][record.table - 1]["columns"], record.raw, record.steps),
        steps=record.steps,
        findings=tuple(finding for finding in load_rows("findings", output) if finding["id"] == record_id),
    )


def _origin(row: Row, columns: list[dict[str, Any]], raw: tuple[RawCell, ...], steps: tuple[Step, ...]) -> dict[str, tuple[RawCell, ...]]:
    """The printed cells of each filled field: those under its columns, or those that were moved there."""
    printed_under = {step.column: step.moved_from for step in steps if step.moved_from is not None}
    origin: dict[str, tuple[RawCell, ...]] = {}
    for column in columns:
        field = column["field"]
        if field is None or row.get(field) in (None, []):
            continue
        head = printed_under.get(column["column"], column["column"])
        origin[field] = (*origin.get(field, ()), *(cell for cell in raw if cell.column == head))
    return origin
