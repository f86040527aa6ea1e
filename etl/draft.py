"""The spec that a page would need, written as TOML for a person to check: what was detected, with samples and reasons.

Building from a draft gives the records that `extract` gives. What a person must decide is marked CHECK.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from etl.detect import Detection, Found, detect
from etl.errors import DocumentError, SpecError
from etl.pages import PageInput
from etl.read import read_document
from etl.spec import SUFFIX, Spec, find_specs, load_spec

UNKNOWN = "unknown"
UNKNOWN_URL = "https://unknown.invalid/"
"""An address that can never be anybody's (RFC 2606 section 2)."""

_SAMPLES = 3


def draft_page(
    page: PageInput, *, format: str | None = None, vendor: str | None = None, product: str | None = None, url: str | None = None  # noqa: A002 - as in a spec
) -> str:
    """A drafted spec for a page. Raises DocumentError where nothing on it documents codes."""
    if page.document is None:
        raise page.error or DocumentError("the page cannot be read", where=page.name)
    detection = detect(page.document, format=format)
    return write_spec(detection, {"vendor": vendor, "product": product, "url": url or (page.name if "://" in page.name else None)})


def draft_against(raw: Path, source: str) -> tuple[Path, str]:
    """The changed spec that the document of `source` seems to need now, and where it would stand (`<source>.source.toml.draft`).

    What the old spec says of the document stays; tables are detected anew, and columns that the old spec knows by their
    head keep what they feed. Raises SpecError for an unknown source, DocumentError where nothing documents codes.
    """
    path = next((path for path in find_specs(raw) if path.name == f"{source}{SUFFIX}"), None)
    if path is None:
        raise SpecError("no such source", where=str(raw), found=repr(source), expected=f"a file {source}{SUFFIX}", advice="name a source of this folder")
    old = load_spec(path)
    document = read_document(path.parent / old.document, encoding=old.encoding)
    detection = detect(document, format=old.format)
    kept = old.model_dump(mode="json", exclude={"tables", "checked", "rest"}, exclude_defaults=True)
    return path.with_name(f"{path.name}.draft"), write_spec(detection, kept, against=old)


def write_spec(detection: Detection, known: Mapping[str, Any], *, against: Spec | None = None) -> str:
    """The detected spec as TOML; the values of `known` stand for those detected. Raises DocumentError where there is none."""
    if detection.draft is None:
        raise DocumentError(
            "nothing on this page looks like a table or list of codes", where=detection.document.name, expected="tables, lists or sections of codes",
            advice="errcat inspect shows what was found; write the spec by hand if there are codes",
        )
    draft: dict[str, Any] = {**detection.draft, **{key: value for key, value in known.items() if value is not None}}
    tables = draft.pop("tables")
    text = tomlkit.document()
    text.add(tomlkit.comment("Drafted by errcat: nobody has checked this yet. Look at the lines marked CHECK, then build."))
    for key, (fallback, question) in _ASKED.items():
        if key not in draft:
            draft[key] = detection.document.name if key == "title" else fallback
            text.add(key, _commented(draft.pop(key), f"CHECK: {question}"))
    for key, value in draft.items():
        text.add(key, _commented(value, f"CHECK: {_REST_QUESTION}" if key == "rest" else None))
    entries = AoT([])
    for entry in tables:
        entries.append(_write_table(entry, _find_table(detection, entry), against))
    text.add("tables", entries)
    return tomlkit.dumps(text)


_ASKED = {
    "vendor": (UNKNOWN, "who documents these codes"),
    "product": (UNKNOWN, "what the codes belong to"),
    "title": ("", "the page's title as printed"),
    "url": (UNKNOWN_URL, "where people read the page"),
}
_REST_QUESTION = "name these lines under [[ignored]] with a reason each, then remove this key, or new lines will pass unseen"


def _find_table(detection: Detection, entry: Mapping[str, Any]) -> Found | None:
    heads = [column["head"] for column in entry["columns"]]
    return next((found for found in detection.taken if found.table.layout == entry["layout"] and [role.head for role in found.roles] == heads), None)


def _write_table(entry: Mapping[str, Any], found: Found | None, against: Spec | None) -> Table:
    table = tomlkit.table()
    if found is not None:
        table.add(tomlkit.comment(_one_line(f"lines {found.table.line_start}-{found.table.line_end}, {found.records} records: {found.reason}")))
    for key, value in entry.items():
        if key != "columns":
            table.add(key, _commented(value, None))
    columns = AoT([])
    for place, column in enumerate(entry["columns"]):
        columns.append(_write_column(column, place, found, against))
    table.add("columns", columns)
    return table


def _write_column(column: Mapping[str, Any], place: int, found: Found | None, against: Spec | None) -> Table:
    written = tomlkit.table()
    if found is not None:
        samples = list(dict.fromkeys(row.cells[place].text for row in found.table.rows if place < len(row.cells) and row.cells[place].text))[:_SAMPLES]
        written.add(tomlkit.comment(_one_line(f"such as {', '.join(repr(sample[:60]) for sample in samples)}" if samples else "always blank")))
    old = _find_column(column["head"], against)
    for key, value in (old or column).items():
        role = found.roles[place] if found is not None and place < len(found.roles) else None
        reason = None
        if key in {"field", "pattern", "ignored"}:
            reason = "as in the spec so far" if old else f"{'CHECK: ' if role and role.score < 0.8 else ''}{role.reason}" if role else None
        written.add(key, _commented(value, reason))
    return written


def _find_column(head: str, against: Spec | None) -> dict[str, Any] | None:
    """What the old spec says of a column with this head, in any of its tables."""
    for entry in against.tables if against else ():
        for column in entry.columns if entry.terms is None and entry.out_of_scope is None else ():
            if column.head.casefold() == head.casefold():
                return {**column.model_dump(mode="json", exclude_defaults=True), "head": head}
    return None


def _commented(value: Any, comment: str | None) -> Any:
    item = tomlkit.item(list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value)
    if comment is not None:
        item.comment(_one_line(comment))
    return item


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in " ".join(text.split()))
