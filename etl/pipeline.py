"""The flow: read -> extract -> assign -> normalize -> ledger -> judge -> compose, then validate and publish.

Up to `compose` a document is independent of every other: `read_source` is a pure function of its bytes and its spec.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from etl.assign import AssignedTable, assign_tables
from etl.compose import DocumentReading
from etl.errors import SpecError
from etl.extract.tables import extract_tables
from etl.judge import judge
from etl.ledger import Ledger, open_ledger, require_balance
from etl.limits import DEFAULT, Limits, run_within
from etl.model import Document
from etl.normalize import Reading, normalize
from etl.read import read_document, read_retrieved_at
from etl.spec import SIDECAR, Spec


def read_source(folder: Path, spec: Spec, *, limits: Limits = DEFAULT) -> DocumentReading:
    """Read the document of `spec`, which stands in `folder`. Raises DocumentError or SpecError where it cannot be published."""
    document = read_document(folder / spec.document, encoding=spec.encoding, limits=limits)
    retrieved_at = spec.retrieved_at or read_retrieved_at(folder / f"{spec.source}{SIDECAR}", document.sha256)
    return replace(run_within(limits, document.name, partial(read_text, document, spec)), retrieved_at=retrieved_at)


def read_text(document: Document, spec: Spec) -> DocumentReading:
    """Read a document that is already decoded. Raises DocumentError or SpecError where it cannot be published."""
    read = read_text_unbalanced(document, spec)
    require_balance(read.ledger, document)
    records = len(read.reading.records)
    if spec.checked is not None and spec.checked.sha256 == document.sha256 and spec.checked.records != records:
        raise SpecError(
            "another number of records than a person has confirmed for this very document",
            where=f"{document.name}: checked of the spec",
            found=f"{records} records",
            expected=f"{spec.checked.records} records",
            advice="the spec or the extractor has changed what is read: find out which rows, or confirm the new number under [checked]",
        )
    return read


def read_text_unbalanced(document: Document, spec: Spec) -> DocumentReading:
    """The same without the demand that the ledger balances, for comparing versions of a page. Raises as `read_text` does."""
    assigned = assign_tables(document, extract_tables(document, spec), spec)
    return read_tables(document, spec, assigned, normalize(document, assigned, spec))


def read_tables(document: Document, spec: Spec, assigned: tuple[AssignedTable, ...], reading: Reading) -> DocumentReading:
    """What follows once the records of a document are read: its ledger, and what only the whole document shows."""
    ledger = open_ledger(document, assigned, reading, spec)
    judgement = judge(document, reading.records, spec, unreviewed=ledger.unreviewed)
    return DocumentReading(document=document, spec=spec, assigned=assigned, reading=reading, ledger=ledger, judgement=judgement)


def claim_all(document: Document, spec: Spec) -> Ledger:
    """The ledger of a document, balanced or not."""
    assigned = assign_tables(document, extract_tables(document, spec), spec)
    return open_ledger(document, assigned, normalize(document, assigned, spec), spec)
