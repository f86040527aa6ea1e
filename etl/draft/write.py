"""A spec as TOML text with comments: where each table stands, what its columns hold, and what a person must decide.

    # Drafted by errcat: nobody has checked this yet. …
    vendor = "unknown" # CHECK: who documents these codes
    …
    [[tables]]
    # lines 5-17, 8 records: the head 'Code' (+2.6); …
    layout = "pipe_table"

    [[tables.columns]]
    # such as '422', '404', '409'
    head = "HTTP"
    field = "http_status" # HTTP statuses beside the code
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable, Item, Table

from etl.detect import Detection, Found
from etl.detect.columns import ColumnRole

UNKNOWN = "unknown"
UNKNOWN_URL = "https://unknown.invalid/"
"""An address that can never be anybody's (RFC 2606 section 2)."""

_ASKED = {
    "vendor": (UNKNOWN, "who documents these codes"),
    "product": (UNKNOWN, "what the codes belong to"),
    "title": ("", "the page's title as printed"),
    "url": (UNKNOWN_URL, "where people read the page"),
}
_REST_QUESTION = "name these lines under [[ignored]] with a reason each, then remove this key, or new lines will pass unseen"
_SAMPLES = 3
_SURE = 0.8
_MOST_LINES = 40
"""How many lines outside the tables are written out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A spec as TOML values, and what a person should know of them.

    notes      comments on values, by their path: ("title",), ("tables", 0), ("tables", 0, "columns", 1)
    unclaimed  the lines that `rest` alone leaves out
    retired    entries of an earlier spec that the document no longer bears out: their key, the entry, what is wrong
    """

    values: Mapping[str, Any]
    notes: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)
    unclaimed: tuple[str, ...] = ()
    retired: tuple[tuple[str, Mapping[str, Any], str], ...] = ()


def write_draft(draft: Draft, detection: Detection) -> str:
    """The draft as TOML; `detection` says where its tables were found and why its columns were taken for what they are."""
    text = tomlkit.document()
    text.add(tomlkit.comment("Drafted by errcat: nobody has checked this yet. Look at the lines marked CHECK, then build."))
    values = dict(draft.values)
    for key, (fallback, question) in _ASKED.items():
        if key not in values:
            text.add(key, _comment(detection.document.name if key == "title" else fallback, f"CHECK: {question}"))
    entries = {key: values.pop(key) for key in list(values) if _is_entries(values[key])}
    # What opens a table of its own stands behind the plain keys, or it would take them in.
    for key, value in sorted(values.items(), key=lambda pair: isinstance(pair[1], Mapping)):
        text.add(key, _comment(value, f"CHECK: {_REST_QUESTION}" if key == "rest" else draft.notes.get((key,))))
    text.add("tables", AoT([_write_table(entry, number, draft, detection) for number, entry in enumerate(entries.pop("tables"))]))
    for key, listed in entries.items():
        text.add(key, AoT([_write_entry(entry) for entry in listed]))
    return tomlkit.dumps(text) + "".join(f"{line}\n" for line in [*_write_retired(draft), *_write_unclaimed(draft)])


def _is_entries(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _write_table(entry: Mapping[str, Any], number: int, draft: Draft, detection: Detection) -> Table:
    found = _find_table(detection, entry)
    table = tomlkit.table()
    if found is not None:
        lines = f"lines {found.table.line_start}-{found.table.line_end}"
        table.add(tomlkit.comment(_one_line(f"{lines}, {found.records} records: {found.reason}")))
    for key, value in entry.items():
        if key != "columns":
            table.add(key, _comment(value, draft.notes.get(("tables", number)) if key == "layout" else None))
    columns = AoT([])
    for place, column in enumerate(entry["columns"]):
        columns.append(_write_column(column, place, found, draft.notes.get(("tables", number, "columns", place))))
    table.add("columns", columns)
    return table


def _find_table(detection: Detection, entry: Mapping[str, Any]) -> Found | None:
    heads = [column["head"] for column in entry["columns"]]
    of_layout = (found for found in detection.taken if found.table.layout == entry["layout"])
    return next((found for found in of_layout if [role.head for role in found.roles] == heads), None)


def _write_column(column: Mapping[str, Any], place: int, found: Found | None, note: str | None) -> Table:
    written = tomlkit.table()
    texts = [] if found is None else [row.cells[place].text for row in found.table.rows if place < len(row.cells) and row.cells[place].text]
    if found is not None:
        written.add(tomlkit.comment(_one_line(f"such as {_quote(dict.fromkeys(texts))}" if texts else "always blank")))
    role = found.roles[place] if found is not None and place < len(found.roles) else None
    for key, value in column.items():
        is_decision = key in {"field", "pattern", "ignored"}
        written.add(key, _comment(value, _explain(column, role, texts, note) if is_decision else None))
    return written


def _explain(column: Mapping[str, Any], role: ColumnRole | None, texts: Sequence[str], note: str | None) -> str | None:
    """Why the column is read as it is, with what a person must look at."""
    missed = [text for text in dict.fromkeys(texts) if "pattern" in column and _takes_nothing(column, text)]
    parts = [f"CHECK: nothing is taken from {_quote(missed)}"] if missed else []
    if note is not None:
        parts.append(note)
    elif role is not None:
        said = "is there a field for it?" if "ignored" in column else role.reason
        parts.append(said if role.score >= _SURE or missed else f"CHECK: {said}")
    return "; ".join(parts) or None


def _quote(texts: Iterable[str]) -> str:
    return ", ".join(repr(text[:60]) for text in islice(texts, _SAMPLES))


def _takes_nothing(column: Mapping[str, Any], text: str) -> bool:
    found = re.fullmatch(column["pattern"], text, re.DOTALL)
    return text not in column.get("blank", ()) and (found is None or not any(found.groupdict().values()))


def _write_entry(entry: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in entry.items():
        table.add(key, _write_inline(value) if isinstance(value, Mapping) else value)
    return table


def _write_inline(value: Mapping[str, Any]) -> InlineTable:
    inline = tomlkit.inline_table()
    inline.update(value)
    return inline


def _write_retired(draft: Draft) -> list[str]:
    lines = ["", "# The page no longer bears these out. Mend them, or leave them out:"] if draft.retired else []
    for key, entry, problem in draft.retired:
        lines += ["#", f"# {_one_line(problem)}", *_comment_out(key, entry)]
    return lines


def _write_unclaimed(draft: Draft) -> list[str]:
    if not draft.unclaimed:
        return []
    counts = Counter(draft.unclaimed)
    if len(counts) > _MOST_LINES:
        shown = f"`errcat check --ledger {draft.values['source']}` shows them"
        return ["", f"# {len(draft.unclaimed)} lines stand outside the tables: {shown}."]
    lines = ["", "# These lines stand outside the tables. Give each a reason and take the `#` away; then remove `rest`."]
    for text, times in counts.items():
        lines += ["#", *_comment_out("ignored", {"text": text, **({"times": times} if times > 1 else {}), "reason": ""})]
    return lines


def _comment_out(key: str, entry: Mapping[str, Any]) -> list[str]:
    text = tomlkit.dumps({key: AoT([_write_entry(entry)])})
    return [f"# {line}".rstrip() for line in text.splitlines()]


def _comment(value: Any, comment: str | None) -> Item:
    item: Item = tomlkit.item(list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value)
    if comment is not None:
        item.comment(_one_line(comment))
    return item


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in " ".join(text.split()))
