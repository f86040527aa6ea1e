"""Records, terms and findings of one document -> rows of the five published tables, in the contract's fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etl.assign import AssignedTable
from etl.judge import Judgement
from etl.ledger import Ledger
from etl.model import Document, Record, Term
from etl.normalize import Reading
from etl.spec import CodeRange, Spec
from etl.values import FIELD_READERS, number_of, status_class_of

Rows = Mapping[str, tuple[Mapping[str, Any], ...]]
"""Rows by table name (status_codes, sources, tables, terms, findings), each row by column name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentReading:
    """One document, read whole: its tables with their entries, its records and terms, and what was judged of them."""

    document: Document
    spec: Spec
    assigned: tuple[AssignedTable, ...]
    reading: Reading
    ledger: Ledger
    judgement: Judgement
    retrieved_at: str | None = None


def compose_rows(read: DocumentReading) -> Rows:
    """The rows that this document adds to the catalogue."""
    records = Counter(record.table for record in read.reading.records)
    return {
        "status_codes": compose_records(read.spec, read.reading.records, read.judgement),
        "sources": (_source(read),),
        "tables": tuple(_table(read, pair, records[pair.number]) for pair in read.assigned),
        "terms": tuple(_term(read.spec, term) for term in read.reading.terms),
        "findings": tuple(
            {
                "source": read.spec.source,
                "id": None if finding.record is None else read.judgement.ids[finding.record],
                "rule": finding.rule,
                "severity": finding.severity,
                "field": finding.field,
                "line": finding.line,
                "text": finding.text,
            }
            for finding in read.judgement.findings
        ),
    }


def compose_records(spec: Spec, records: Sequence[Record], judgement: Judgement) -> tuple[dict[str, Any], ...]:
    """The rows of the table of codes that the records of one document give, in their order."""
    return tuple(
        _status_code(spec, record, record_id, same_as, flags)
        for record, record_id, same_as, flags in zip(records, judgement.ids, judgement.same_as, judgement.flags, strict=True)
    )


def _status_code(spec: Spec, record: Record, record_id: str, same_as: Sequence[str], flags: Sequence[str]) -> dict[str, Any]:
    return {
        "id": record_id,
        "source": spec.source,
        "vendor": spec.vendor,
        "product": spec.product,
        "section": record.section,
        "code": record.code,
        "code_number": number_of(record.code),
        "name": record.name,
        "error_type": record.error_type,
        "message": record.message,
        "description": record.description,
        "resolution": record.resolution,
        "http_status": record.http_status,
        "status_class": status_class_of(record.http_status) or _class_of_range(record, spec.code_ranges),
        "protocol_versions": list(record.protocol_versions),
        "http_fallbacks": [
            {
                "http_status": fallback.http_status,
                "protocol_versions": list(fallback.protocol_versions),
                "condition": fallback.condition,
            }
            for fallback in record.http_fallbacks
        ],
        "parameters": list(record.parameters),
        "links": [{"text": link.text or None, "href": link.href} for link in record.links if link.href],
        "same_as": list(same_as),
        "flags": list(flags),
        "table": record.table,
        "line_start": record.line_start,
        "line_end": record.line_end,
        "raw": [{"column": cell.column, "text": cell.text} for cell in record.raw],
    }


def _class_of_range(record: Record, ranges: Sequence[CodeRange]) -> str | None:
    number = number_of(record.code)
    if number is None:
        return None
    return next((given.status_class for given in ranges if given.first <= number <= given.last), None)


def _term(spec: Spec, term: Term) -> dict[str, Any]:
    return {
        "source": spec.source,
        "kind": term.kind,
        "term": term.term,
        "section": term.section,
        "definition": term.definition,
        "reference": term.reference,
        "line_start": term.line_start,
        "line_end": term.line_end,
    }


def _source(read: DocumentReading) -> dict[str, Any]:
    document, spec, records = read.document, read.spec, read.reading.records
    codes = [record.code for record in records if record.code is not None]
    return {
        "source": spec.source,
        "vendor": spec.vendor,
        "product": spec.product,
        "title": spec.title,
        "document": spec.document,
        "format": spec.format,
        "language": spec.language,
        "document_version": spec.document_version,
        "url": spec.url,
        "sha256": document.sha256,
        "bytes": document.size,
        "encoding": document.encoding,
        "licence": spec.licence,
        "tables": len(read.assigned),
        "records": len(records),
        "first_code": codes[0] if codes else None,
        "last_code": codes[-1] if codes else None,
        "retrieved_at": read.retrieved_at,
        "placeholders": list(spec.placeholders),
    }


def _table(read: DocumentReading, pair: AssignedTable, records: int) -> dict[str, Any]:
    columns: list[dict[str, str | None]] = []
    for column in pair.entry.columns:
        fed: list[dict[str, str | None]] = [
            {"column": column.head, "field": field, "reader": FIELD_READERS.get(field, "text")} for field in column.fields
        ]
        columns.extend(fed or [{"column": column.head, "field": None, "reader": None}])
    return {
        "source": read.spec.source,
        "table": pair.number,
        "section": None if pair.entry.untitled else pair.table.section,
        "format": pair.table.layout,
        "in_scope": pair.entry.out_of_scope is None,
        "reason": pair.entry.out_of_scope,
        "columns": columns,
        "rows": len(pair.table.rows),
        "records": records,
        "line_start": pair.table.line_start,
        "line_end": pair.table.line_end,
    }
