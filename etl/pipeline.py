"""The flow: read -> extract -> assign -> normalize -> ledger -> judge -> compose, then validate and publish.

Up to `compose` a document is independent of every other: `read_source` is a pure function of its bytes and its spec.
"""

from __future__ import annotations

from pathlib import Path

from etl.assign import AssignedTable, assign_tables
from etl.compose import DocumentReading
from etl.errors import LayoutError
from etl.extract.tables import extract_tables
from etl.judge import judge
from etl.ledger import Ledger, open_ledger, require_balance
from etl.model import Document
from etl.normalize import Reading, normalize
from etl.read import MAX_BYTES, read_document
from etl.spec import Spec


def read_source(folder: Path, spec: Spec, *, max_bytes: int = MAX_BYTES) -> DocumentReading:
    """Read the document of `spec`, which stands in `folder`. Raises DocumentError or SpecError where it cannot be published."""
    return read_text(read_document(folder / spec.document, encoding=spec.encoding, max_bytes=max_bytes), spec)


def read_text(document: Document, spec: Spec) -> DocumentReading:
    """Read a document that is already decoded. Raises DocumentError or SpecError where it cannot be published."""
    assigned, reading, ledger = claim_all(document, spec)
    require_balance(ledger, document)
    if spec.checked is not None and spec.checked.sha256 == document.sha256 and spec.checked.records != len(reading.records):
        raise LayoutError(
            "another number of records than a person has confirmed for this very document", where=document.name,
            found=f"{len(reading.records)} records", expected=f"{spec.checked.records} records",
            advice="the spec or the extractor has changed what is read: find out which rows, or confirm the new number under [checked]",
        )
    return DocumentReading(
        document=document, spec=spec, assigned=assigned, reading=reading, ledger=ledger, judgement=judge(document, reading.records, ledger, spec)
    )


def claim_all(document: Document, spec: Spec) -> tuple[tuple[AssignedTable, ...], Reading, Ledger]:
    """All that is found in a document and the ledger of it, balanced or not."""
    assigned = assign_tables(document, extract_tables(document, spec), spec)
    reading = normalize(document, assigned, spec)
    return assigned, reading, open_ledger(document, assigned, reading.cells, reading.terms, spec)
