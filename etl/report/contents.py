"""What the page of the report holds as JSON: records, findings, sources, the document lines that they stand on.

    {"records": [{"id": "acme:56", "source": "acme", "code": "56", …, "line_start": 20, "line_end": 24}, …],
     "findings": [{"source": "acme", "id": "acme:56", "rule": …, "text": …}, …],
     "sources": {"acme": {"vendor": …, "url": …, "lines": {"20": "<tr>", …}}, …}, …}

What is null or empty is left out. A document's lines are there only if it is still the one that was read, byte for byte;
else the source says why not, and the records have the cells as printed instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue
from etl.errors import CatalogueError, DocumentError
from etl.read import read_document
from schemas.contract import contract_of
from schemas.vocabulary import FLAG_MEANINGS, RULE_MEANINGS, SCHEMA_VERSION, STATUS_CLASSES

Row = Mapping[str, Any]
Lines = tuple[str, ...]

_ELSEWHERE = {"vendor", "product", "code_number", "table"}
"""Columns of a record that the page takes from its source, or does not show."""

_TABLES = ("status_codes", "sources", "tables", "findings", "withdrawn")


def require_columns(catalogue: Catalogue) -> None:
    """Raises CatalogueError where the published rows are not those of this version of errcat."""
    for table in _TABLES:
        expected = set(contract_of(table).column_names)
        for row in catalogue.rows[table]:
            if row.keys() != expected:
                raise CatalogueError(
                    "the published tables are of another schema version",
                    where=str(catalogue.folder / f"{table}.json"),
                    found=f"a row that differs in the columns {', '.join(sorted(row.keys() ^ expected))}",
                    expected=f"the columns of schema version {SCHEMA_VERSION}",
                    advice="run `errcat build --force`, or use the errcat that built them",
                )


def read_lines(sources: Sequence[Row], raw: Path) -> tuple[dict[str, Lines], dict[str, str]]:
    """The lines of each source's document that is the one that was read, and for the others why they are not at hand."""
    lines: dict[str, Lines] = {}
    missing: dict[str, str] = {}
    for source in sources:
        key = str(source["source"])
        try:
            document = read_document(raw / source["document"], encoding=source["encoding"])
        except DocumentError as error:
            missing[key] = f"{source['document']}: {error.problem}"
            continue
        if document.sha256 == source["sha256"]:
            lines[key] = document.lines
        else:
            missing[key] = f"{source['document']} is not the document that was read: it has changed since"
    return lines, missing


def collect_contents(catalogue: Catalogue, lines: Mapping[str, Lines], missing: Mapping[str, str]) -> dict[str, Any]:
    """The JSON of the page."""
    records = catalogue.rows["status_codes"]
    findings = catalogue.rows["findings"]
    needed: dict[str, set[int]] = {key: set() for key in lines}
    for record in records:
        if record["source"] in needed:
            needed[record["source"]].update(range(record["line_start"], record["line_end"] + 1))
    for finding in findings:
        if finding["line"] is not None and finding["source"] in needed:
            needed[finding["source"]].add(finding["line"])
    return {
        "records": [
            *(_trim(record, without=_ELSEWHERE | ({"raw"} if record["source"] in lines else set())) for record in records),
            *(_trim(record, without={"code_number", "table", "line_start", "line_end"}) for record in catalogue.rows["withdrawn"]),
        ],
        "findings": [_trim(finding) for finding in findings],
        "sources": {
            source["source"]: {
                **{name: source[name] for name in ("vendor", "product", "title", "document", "url")},
                **_give_lines(source["source"], lines, missing, needed),
            }
            for source in catalogue.rows["sources"]
        },
        "classes": list(STATUS_CLASSES),
        "flags": FLAG_MEANINGS,
        "rules": RULE_MEANINGS,
    }


def _give_lines(source: str, lines: Mapping[str, Lines], missing: Mapping[str, str], needed: Mapping[str, Iterable[int]]) -> dict[str, Any]:
    if source not in lines:
        return {"missing": missing[source]}
    return {"lines": {str(number): lines[source][number - 1] for number in sorted(needed[source]) if number <= len(lines[source])}}


def _trim(row: Row, *, without: Iterable[str] = ()) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, []) and name not in without}
