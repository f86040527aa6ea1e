"""The changed spec of a source whose document has changed: what still holds of the old spec stays, the rest is detected anew.

A table that is printed as before keeps its entry, a column with a head that the old spec knows keeps what it feeds. Entries
that name lines or records (`ignored`, `code_ranges`, `remarks`, `corrections`) stay where the document still bears them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from etl.detect import Detection
from etl.draft.write import Draft
from etl.errors import DocumentError, SpecError
from etl.model import Document
from etl.pipeline import read_text_unbalanced
from etl.spec import Spec, TableSpec, build_spec

_GUARDED = ("ignored", "code_ranges", "remarks", "corrections")
"""The keys whose entries fail where the document does not print what they speak of."""

_AS_BEFORE = "as in the spec so far"

Notes = dict[tuple[str | int, ...], str]


def redraft(document: Document, detection: Detection, old: Spec) -> Draft:
    """The spec that the document needs now; `detection` is what was found in it, with a draft."""
    detected: Mapping[str, Any] = detection.draft or {}
    kept = old.model_dump(mode="json", exclude={"tables", "checked", "rest", "format", "title", *_GUARDED}, exclude_defaults=True)
    values: dict[str, Any] = {**detected, **kept}
    if not old.placeholders:
        values.pop("placeholders", None)
    notes: Notes = {}
    if detection.format != old.format:
        notes["format",] = f"CHECK: was {old.format!r}"
    if old.title is not None and (detection.title is None or old.title in document.text):
        values["title"] = old.title
    elif detection.title != old.title:
        notes["title",] = f"CHECK: was {old.title!r}"
    for tables, notes_of_tables in _propose_tables(detection, old):
        values["tables"] = tables
        if _find_fault(document, values) is None:
            notes |= notes_of_tables
            break
    retired = []
    for key in _GUARDED:
        stays = []
        for entry in getattr(old, key):
            written = entry.model_dump(mode="json", exclude_defaults=True)
            fault = _find_fault(document, {**values, key: [written]})
            if fault is None:
                stays.append(written)
            else:
                retired.append((key, written, f"{fault.problem}: found {fault.found}, expected {fault.expected}"))
        if stays:
            values[key] = stays
    return Draft(values=values, notes=notes, retired=tuple(retired))


def _find_fault(document: Document, values: Mapping[str, Any]) -> SpecError | DocumentError | None:
    """What is wrong with the spec, or with the document as it reads it."""
    try:
        read_text_unbalanced(document, build_spec(dict(values), name="draft"))
    except (SpecError, DocumentError) as error:
        return error
    return None


def _propose_tables(detection: Detection, old: Spec) -> Iterator[tuple[list[dict[str, Any]], Notes]]:
    """The entries of the tables, with as much of the old spec as may hold first, and as they were detected last."""
    detected: list[dict[str, Any]] = (detection.draft or {})["tables"]
    yield _keep_entries(detection, detected, old)
    yield _keep_columns(detected, old)
    yield detected, {}


def _keep_entries(detection: Detection, detected: list[dict[str, Any]], old: Spec) -> tuple[list[dict[str, Any]], Notes]:
    """Old entries where they fit a form of table as it is printed now, once each; columns by their heads elsewhere."""
    with_columns, notes = _keep_columns(detected, old)
    tables: list[dict[str, Any]] = []
    kept_notes: Notes = {}
    used: list[TableSpec] = []
    for number, entry in enumerate(detected):
        fitting = next((before for before in old.tables if _has_form(entry, before)), None)
        if fitting is None:
            kept_notes |= {("tables", len(tables), *path[2:]): note for path, note in notes.items() if path[:2] == ("tables", number)}
            tables.append(with_columns[number])
        elif fitting not in used:
            used.append(fitting)
            kept_notes["tables", len(tables)] = _AS_BEFORE
            kept_notes |= {("tables", len(tables), "columns", place): _AS_BEFORE for place in range(len(fitting.columns))}
            tables.append(_with_sections(fitting, detection))
    return tables, kept_notes


def _has_form(entry: Mapping[str, Any], before: TableSpec) -> bool:
    """Whether the old entry is for tables of this layout and these heads."""
    if entry["layout"] != before.layout or entry.get("headless", False) != before.headless:
        return False
    heads = tuple(column["head"] for column in entry["columns"])
    return len(heads) == len(before.columns) if before.headless else heads == before.header


def _with_sections(before: TableSpec, detection: Detection) -> dict[str, Any]:
    """The old entry, with the headings under which its tables stand now where it named headings."""
    entry = before.model_dump(mode="json", exclude={"section", "sections"}, exclude_defaults=True)
    heads = [column.head for column in before.columns]
    sections = [
        found.table.section
        for found in (*detection.taken, *detection.left_out)
        if found.table.layout == before.layout and [role.head for role in found.roles] == heads
    ]
    named = list(dict.fromkeys(section for section in sections if section is not None))
    if before.wanted_sections and named:
        entry |= {"section": named[0]} if len(named) == 1 else {"sections": named}
    return entry


def _keep_columns(detected: list[dict[str, Any]], old: Spec) -> tuple[list[dict[str, Any]], Notes]:
    """The detected entries, their columns as in the old spec where that knows their heads."""
    tables = []
    notes: Notes = {}
    for number, entry in enumerate(detected):
        columns = []
        for place, column in enumerate(entry["columns"]):
            before = None if "out_of_scope" in entry else _find_column(column, entry, old)
            columns.append(column if before is None else before)
            if before is not None:
                notes["tables", number, "columns", place] = _AS_BEFORE
        untitled = {"untitled": True} if all(before.untitled for before in old.tables) else {}
        tables.append({**entry, **untitled, "columns": columns})
    return tables, notes


def _find_column(column: Mapping[str, Any], entry: Mapping[str, Any], old: Spec) -> dict[str, Any] | None:
    """What the old spec says of a column with this head: in the table that shares most heads with the entry."""
    heads = {other["head"].casefold() for other in entry["columns"]}
    best: tuple[int, dict[str, Any]] | None = None
    for table in old.tables:
        shared = len(heads & {before.head.casefold() for before in table.columns})
        for before in table.columns if table.terms is None and table.out_of_scope is None else ():
            if before.head.casefold() == column["head"].casefold() and (best is None or shared > best[0]):
                blank = [*dict.fromkeys([*before.blank, *column.get("blank", ())])]
                dumped = before.model_dump(mode="json", exclude={"blank"}, exclude_defaults=True)
                best = (shared, {**dumped, "head": column["head"], **({"blank": blank} if blank else {})})
    return None if best is None else best[1]
