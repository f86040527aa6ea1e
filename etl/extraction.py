"""Records of a page without a spec: detection writes one, the pipeline executes it, each record gets its confidence.

The same engine as `build`, with two differences: nobody has read the page, so lines that no table claims are left out
rather than refused; and vendor and product are unknown.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from etl.compose import compose_records
from etl.detect import Detection, detect
from etl.detect.page import Form
from etl.errors import ErrcatError
from etl.judge import judge
from etl.limits import DEFAULT, Limits, run_within
from etl.model import Document
from etl.pages import PageInput, open_pages

_MOST_FOUND = 20
"""So many tables are listed for people."""

SURE = 0.9
"""From this confidence on a page or record can be trusted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extraction:
    """One page: what was detected on it and the rows read from it, each with a `confidence`; or why it failed."""

    page: str
    detection: Detection | None
    rows: tuple[dict[str, Any], ...]
    error: ErrcatError | None = None

    @property
    def confidence(self) -> float:
        """How sure it is that the page was read rightly as a whole, 0 to 1."""
        return 0.0 if self.detection is None or self.error is not None else self.detection.confidence


def extract(
    pages: Sequence[str | Path], *, page_format: str | None = None, encoding: str | None = None, limits: Limits = DEFAULT
) -> Iterator[Extraction]:
    """Read all records of pages without a spec, lazily, one page at a time, in order.

    `pages` are files, folders, http(s) addresses, or `-` for stdin; `page_format` and `encoding` are found out where they are not
    given. A page that cannot be read costs no other: its Extraction has the `error` and no rows.
    """
    for page in open_pages([str(name) for name in pages], sys.stdin.buffer, limits=limits, encoding=encoding):
        yield extract_page(page, page_format=page_format)


def extract_page(
    page: PageInput, *, page_format: str | None = None, expected: frozenset[Form] = frozenset()
) -> Extraction:
    """Read all records of a page; no rows where nothing on it documents codes. Never raises ErrcatError: it is in the result.

    `expected` are the forms of what was taken from another version of the page.
    """
    if page.document is None:
        return Extraction(page=page.name, detection=None, rows=(), error=page.error)
    try:
        return run_within(page.document.limits, page.name, partial(_extract, page.name, page.document, page_format, expected))
    except ErrcatError as error:
        return Extraction(page=page.name, detection=None, rows=(), error=error.with_traceback(None))  # which holds what was read


def _extract(name: str, document: Document, page_format: str | None, expected: frozenset[Form]) -> Extraction:
    detection = detect(document, page_format=page_format, expected=expected)
    return Extraction(page=name, detection=detection, rows=tuple(read_rows(document, detection)))


def read_rows(document: Document, detection: Detection) -> list[dict[str, Any]]:
    """The rows that the detected spec gives, each with its confidence; none where nothing was detected."""
    if detection.spec is None:
        return []
    records = detection.reading.records
    rows = compose_records(detection.spec, records, judge(document, records, detection.spec))
    return [{**row, "confidence": round(sure, 3)} for row, sure in zip(rows, detection.confidences, strict=True)]


def explain(extraction: Extraction) -> list[str]:
    """What was taken from the page, what was left out, and why, as lines for people."""
    detection = extraction.detection
    if detection is None:
        return []
    lines = [f"{extraction.page}: {detection.format}, {len(extraction.rows)} records, confidence {extraction.confidence:.2f}"]
    for verb, several in (("taken", detection.taken), ("left out", detection.left_out)):
        for found in several[:_MOST_FOUND]:
            under = f" under {found.table.section!r}" if found.table.section else ""
            lines.append(f"  {verb}: {found.table.layout}, lines {found.table.line_start}-{found.table.line_end}{under}: {found.reason}")
        if len(several) > _MOST_FOUND:
            lines.append(f"  {verb}: {len(several) - _MOST_FOUND} more (errcat inspect shows all)")
    if not extraction.rows and extraction.error is None:
        lines.append("  no codes: nothing on this page looks like a table or list of codes")
    return lines


def describe(extraction: Extraction) -> dict[str, Any]:
    """The page as `errcat extract --json` lists it under `documents`."""
    detection = extraction.detection
    return {
        "page": extraction.page,
        "title": detection.title if detection else None,
        "format": detection.format if detection else None,
        "encoding": detection.document.encoding if detection else None,
        "confidence": round(extraction.confidence, 3),
        "records": len(extraction.rows),
        "taken": [_describe_found(found) for found in detection.taken] if detection else [],
        "left_out": [_describe_found(found) for found in detection.left_out] if detection else [],
        "error": None if extraction.error is None else str(extraction.error),
    }


def _describe_found(found: Any) -> dict[str, Any]:
    table = found.table
    return {
        "layout": table.layout,
        "section": table.section,
        "line_start": table.line_start,
        "line_end": table.line_end,
        "rows": len(table.rows),
        "records": found.records,
        "weight": round(found.weight, 2),
        "reason": found.reason,
        "columns": [
            {"head": role.head, "role": role.role, "also": list(role.also), "score": round(role.score, 2), "reason": role.reason}
            for role in found.roles
        ],
    }


def to_parquet(rows: list[dict[str, Any]]) -> bytes:
    """The rows as a Parquet file: the contract's schema with `vendor` and `product` nullable, and `confidence`."""
    import pyarrow
    import pyarrow.parquet

    from schemas.arrow import arrow_schema

    contract = arrow_schema("status_codes")
    fields = [field.with_nullable(nullable=True) if field.name in {"vendor", "product"} else field for field in contract]
    confidence = pyarrow.field(
        "confidence", pyarrow.float64(), nullable=False, metadata={"description": "how sure it is that the record is right, 0 to 1"}
    )
    table = pyarrow.Table.from_pylist(rows, schema=pyarrow.schema([*fields, confidence], metadata=contract.metadata))
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())
