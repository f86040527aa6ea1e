"""One small valid catalogue of an invented vendor; tests override one thing in it and look at what is reported."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from typing import Any

import pandas as pd

from schemas.contract import CONTRACTS
from schemas.frames import build_frame
from schemas.validation import Violation, validate_frames

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def make_record(**overrides: Any) -> Row:
    """A record of the source `acme` without anything remarkable."""
    record: Row = {
        "id": f"acme:{overrides.get('code', '100')}",
        "source": "acme",
        "vendor": "Acme",
        "product": "Acme Gateway",
        "section": "Gateway codes",
        "code": "100",
        "code_number": None,
        "name": None,
        "error_type": None,
        "message": None,
        "description": None,
        "resolution": None,
        "http_status": None,
        "status_class": None,
        "protocol_versions": [],
        "http_fallbacks": [],
        "parameters": [],
        "links": [],
        "same_as": [],
        "flags": [],
        "table": 1,
        "line_start": 10,
        "line_end": 10,
        "raw": [],
    }
    return record | overrides


def make_source(**overrides: Any) -> Row:
    """A source row; counts and ends are those of `acme`."""
    source: Row = {
        "source": "acme",
        "vendor": "Acme",
        "product": "Acme Gateway",
        "title": "Gateway codes",
        "document": "acme.html",
        "format": "html",
        "language": "en",
        "document_version": "3.1",
        "url": "https://acme.example/codes",
        "sha256": "ab" * 32,
        "bytes": 2048,
        "encoding": "utf-8",
        "licence": None,
        "tables": 3,
        "records": 7,
        "first_code": "100",
        "last_code": "PR400-AN-0001",
        "retrieved_at": "2025-02-28T23:59:59Z",
        "placeholders": ["angles"],
    }
    return source | overrides


def make_table(**overrides: Any) -> Row:
    """A table row of the source `acme`."""
    table: Row = {
        "source": "acme",
        "table": 1,
        "section": "Gateway codes",
        "format": "html",
        "in_scope": True,
        "reason": None,
        "columns": [
            {"column": "Code", "field": "code", "reader": None},
            {"column": "Name", "field": "name", "reader": None},
            {"column": "Message", "field": "message", "reader": None},
            {"column": "Meaning", "field": "description", "reader": "text"},
            {"column": "Meaning", "field": "protocol_versions", "reader": "version_list"},
            {"column": "", "field": None, "reader": None},
        ],
        "rows": 5,
        "records": 5,
        "line_start": 8,
        "line_end": 40,
    }
    return table | overrides


def _raw(*texts: str) -> list[Row]:
    return [{"column": head, "text": text} for head, text in zip(("Code", "Name", "Message", "Meaning", ""), texts, strict=False)]


def _http_raw(*texts: str) -> list[Row]:
    return [{"column": head, "text": text} for head, text in zip(("Status", "Code", "Cause"), texts, strict=True)]


def hash_texts(record: Row) -> str:
    """The eight digits that tell records of one code apart."""
    texts = [record[name] or "" for name in ("section", "name", "error_type", "message", "description")]
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:8]


def make_rows() -> Rows:
    """All tables: `acme` with seven records in two tables, `bolt` with one record, two records that are gone."""
    first = make_record(
        code="100", code_number=100, name="SAME", message="Field <a> and <b> clash.", description="First.\n- one\n- two",
        parameters=["<a>", "<b>"], status_class="informational", same_as=["acme:101"], flags=["duplicate_name"],
        protocol_versions=["2.5", "12.0"], links=[{"text": "the guide", "href": "../guide"}, {"text": None, "href": "#"}],
        http_fallbacks=[
            {"http_status": 503, "protocol_versions": ["2.5"], "condition": "for the Send command"},
            {"http_status": 400, "protocol_versions": [], "condition": None},
        ],
        raw=_raw("100", "SAME", "Field &lt;a> and <b> clash.", "First.<ul><li>one<li>two</ul>", ""),
    )  # fmt: skip
    second = make_record(
        id="acme:101", code="101", code_number=101, name="SAME", message="Busy.", same_as=["acme:100"],
        flags=["blank_description", "duplicate_message", "duplicate_name"], line_start=12, line_end=13,
        raw=_raw("101", "SAME", "Busy.", " ", ""),
    )  # fmt: skip
    third = make_record(
        id="acme:-", code=None, message="Busy.", description="No code.", flags=["blank_name", "duplicate_message", "missing_code"],
        line_start=14, line_end=14, raw=_raw("-", "", "Busy.", "No code."),
    )  # fmt: skip
    twin = make_record(code="7", code_number=7, description="Twin.", line_start=20, line_end=20, raw=_raw("7", "*", "*", "Twin."))
    twin["id"] = f"acme:7~{hash_texts(twin)}"
    repeat = make_record(code="7", code_number=7, description="Twin.", line_start=21, line_end=21, raw=_raw("7", "*", "*", "Twin."))
    repeat |= {"id": f"{twin['id']}#2", "flags": ["duplicate_row"]}
    status = make_record(
        id="acme:PR404-AN-0001", code="PR404-AN-0001", table=2, section="HTTP", http_status=404, status_class="client_error",
        description="Gone.", resolution="Look elsewhere.", error_type="not_found", line_start=50, line_end=50,
        raw=_http_raw("404", "PR404-AN-0001", "Gone. Look elsewhere."),
    )  # fmt: skip
    contradiction = make_record(
        id="acme:PR400-AN-0001", code="PR400-AN-0001", table=2, section="HTTP", http_status=500, status_class="server_error",
        description="Odd.", line_start=51, line_end=52, raw=_http_raw("500", "PR400-AN-0001", "Odd."),
    )  # fmt: skip
    lone = make_record(
        id="bolt:1", source="bolt", vendor="Bolt", product="Bolt API", code="1", code_number=1, section=None, message="Busy.",
        line_start=1, line_end=1, raw=[{"column": "code", "text": "1"}, {"column": "message", "text": "Busy."}],
    )  # fmt: skip
    records = [first, second, third, twin, repeat, status, contradiction, lone]
    http_columns = [
        {"column": "Status", "field": "http_status", "reader": "integer"},
        {"column": "Code", "field": "code", "reader": None},
        {"column": "Cause", "field": "description", "reader": "text"},
        {"column": "Cause", "field": "resolution", "reader": "text"},
    ]
    lone_columns = [{"column": "code", "field": "code", "reader": None}, {"column": "message", "field": "message", "reader": None}]
    flagged = [make_finding(id=record["id"], rule=flag, line=record["line_start"]) for record in records for flag in record["flags"]]
    return {
        "status_codes": records,
        "sources": [
            make_source(),
            make_source(
                source="bolt", vendor="Bolt", product="Bolt API", document="more/bolt.txt", document_version=None, licence="CC BY 4.0",
                tables=1, records=1, first_code="1", last_code="1", retrieved_at=None, placeholders=[],
            ),
        ],
        "tables": [
            make_table(),
            make_table(table=2, section="HTTP", columns=http_columns, rows=2, records=2, line_start=48, line_end=53),
            make_table(
                table=3, section=None, in_scope=False, reason="navigation", columns=[], rows=4, records=0, line_start=60, line_end=64
            ),
            make_table(source="bolt", section=None, format="code_lines", columns=lone_columns, rows=1, records=1, line_start=1, line_end=1),
        ],
        "terms": [
            make_term(),
            make_term(kind="command", term="Ping", section="2.2", definition=None, reference="Section 9", line_start=70, line_end=71),
        ],
        "findings": [
            *flagged,
            make_finding(id="acme:PR400-AN-0001", rule="status_contradiction", severity="warning", field="http_status", line=51),
            make_finding(rule="numbering_jump", severity="error", field=None, line=None),
        ],
        "withdrawn": [make_withdrawn(), make_withdrawn(id="zinc:1", source="zinc", table=9, verdict="found_elsewhere")],
    }  # fmt: skip


def make_term(**overrides: Any) -> Row:
    """A term of the source `acme`: a range of codes."""
    term: Row = {
        "source": "acme",
        "kind": "code_range",
        "term": "100s",
        "section": None,
        "definition": "informational",
        "reference": None,
        "line_start": 3,
        "line_end": 3,
    }
    return term | overrides


def make_withdrawn(**overrides: Any) -> Row:
    """A record that is gone, of a source that may be gone too."""
    record = make_record(id="acme:55", code="55", code_number=55, name="GONE", same_as=["acme:56"], raw=_raw("55", "GONE"))
    return record | {"first_seen": "1.0.0", "last_seen": "1.4.2", "verdict": "withdrawn"} | overrides


def make_finding(**overrides: Any) -> Row:
    """A finding of the source `acme`."""
    finding: Row = {
        "source": "acme",
        "id": None,
        "rule": "contradiction",
        "severity": "info",
        "field": "code",
        "line": 10,
        "text": "what was remarked",
    }
    return finding | overrides


def make_frames(rows: Rows) -> dict[str, pd.DataFrame]:
    """The frames of all tables."""
    return {name: build_frame(name, rows[name]) for name in CONTRACTS}


def judge(change: Callable[[Rows], object] | None = None) -> list[Violation]:
    """What is reported about the valid catalogue after `change` has altered its rows."""
    rows = copy.deepcopy(make_rows())
    if change is not None:
        change(rows)
    return validate_frames(make_frames(rows))
