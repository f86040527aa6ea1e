"""What changed between two versions of the published `status_codes`: a typed change set (pure).

Rows are mappings with the contract's columns, as `output/status_codes.json` holds them:

    {"id": "acme:17", "source": "acme", "code": "17", "name": "BAD_DATE", "message": "The date is wrong.", "http_status": 400, …}

Every record that differs gives one `Change`. Its kind is the gravest of its fields' kinds, its `fields` say all that
differs, so that a record both renamed and reworded is one change and nothing of it is lost.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from etl.changes.pairing import pair_records
from etl.errors import CatalogueError
from etl.text import collapse

Kind = Literal["withdrawn", "renumbered", "meaning_changed", "renamed", "reworded", "moved", "added", "cosmetic"]
"""From the gravest to the lightest; of a record that both sides have, the gravest of its fields' kinds counts."""

Bump = Literal["major", "minor", "patch", "none"]

KINDS: tuple[Kind, ...] = get_args(Kind)

_FIELD_KINDS: dict[str, Kind] = {
    "code": "renumbered",
    "status_class": "meaning_changed",
    "http_status": "meaning_changed",
    "protocol_versions": "meaning_changed",
    "http_fallbacks": "meaning_changed",
    "name": "renamed",  # or changed in meaning, where another record has, or had, the other name
    "error_type": "reworded",
    "message": "reworded",
    "description": "reworded",
    "resolution": "reworded",
    "section": "moved",
}
"""What a change of a column means. Columns that are not named here say where and how a record is printed: cosmetic."""

_DERIVED = frozenset({"id", "source", "code_number"})
"""Columns that only repeat what other columns say."""

_BUMPS: dict[Kind, Bump] = {"withdrawn": "major", "renumbered": "major", "meaning_changed": "major", "added": "minor"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """One field of a record that differs. Values are as published; None where there is none."""

    field: str
    old: Any
    new: Any
    kind: Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One record that differs.

    `old_id` is None for a record added, `new_id` for one withdrawn. `code` and `name` are those of the new record, of a
    withdrawn one the old. `fields` are in column order; added and withdrawn records list what they say.
    """

    kind: Kind
    source: str
    old_id: str | None
    new_id: str | None
    code: str | None
    name: str | None
    fields: tuple[FieldChange, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """All kinds of change that the record went through, gravest first."""
        found = {self.kind} | {field.kind for field in self.fields}
        return tuple(kind for kind in KINDS if kind in found)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSize:
    """How many records a source had and has."""

    source: str
    old: int
    new: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeSet:
    """All changes by source, kind (gravest first) and place in the document, and the sizes of all sources, unchanged ones too."""

    changes: tuple[Change, ...]
    sizes: tuple[SourceSize, ...]


def compare_records(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> ChangeSet:
    """What it takes to get from the rows `old` to the rows `new`, both in document order per source."""
    old_by_source, new_by_source = _group_by_source(old), _group_by_source(new)
    changes: list[Change] = []
    sizes = []
    for source in sorted({*old_by_source, *new_by_source}):
        before, after = old_by_source.get(source, []), new_by_source.get(source, [])
        sizes.append(SourceSize(source=source, old=len(before), new=len(after)))
        changes += _compare_source(before, after)
    return ChangeSet(changes=tuple(changes), sizes=tuple(sizes))


def version_bump(change_set: ChangeSet) -> Bump:
    """How far the data version must move: the gravest that any change asks for, "none" where nothing changed."""
    asked = {_BUMPS.get(change.kind, "patch") for change in change_set.changes}
    return next((bump for bump in get_args(Bump) if bump in asked), "none")


def next_version(version: str, bump: Bump) -> str:
    """The data version after `version` ("1.4.2"). Raises CatalogueError where that is no version of three numbers."""
    if re.fullmatch(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}", version) is None:
        raise CatalogueError(
            "the data version is none", found=repr(version), expected='three numbers, such as "1.4.2"', advice="restore output/history.json"
        )
    major, minor, patch = (int(number) for number in version.split("."))
    following: dict[Bump, tuple[int, int, int]] = {
        "major": (major + 1, 0, 0),
        "minor": (major, minor + 1, 0),
        "patch": (major, minor, patch + 1),
        "none": (major, minor, patch),
    }
    return ".".join(str(number) for number in following[bump])


def _group_by_source(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["source"], []).append(row)
    return grouped


def _compare_source(old: list[Mapping[str, Any]], new: list[Mapping[str, Any]]) -> list[Change]:
    pairs = pair_records(old, new)
    reordered = _find_reordered(pairs)
    wandering = _find_wandering(old, new, pairs)
    placed: list[tuple[int, Change]] = []
    for i, j in pairs:
        fields = [
            replace(field, kind="meaning_changed") if field.kind == "renamed" and {field.old, field.new} & wandering else field
            for field in _compare_fields(old[i], new[j])
        ]
        if (i, j) in reordered:
            fields.append(FieldChange(field="order", old=i + 1, new=j + 1, kind="cosmetic"))
        if fields:
            gravest = min((field.kind for field in fields), key=KINDS.index)
            placed.append((j, _describe(gravest, new[j], old_id=old[i]["id"], new_id=new[j]["id"], fields=fields)))
    old_paired, new_paired = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, row in enumerate(old):
        if i not in old_paired:
            placed.append((i, _describe("withdrawn", row, old_id=row["id"], new_id=None, fields=_list_fields(row, "withdrawn"))))
    for j, row in enumerate(new):
        if j not in new_paired:
            placed.append((j, _describe("added", row, old_id=None, new_id=row["id"], fields=_list_fields(row, "added"))))
    placed.sort(key=lambda entry: (KINDS.index(entry[1].kind), entry[0]))
    return [change for _, change in placed]


def _find_wandering(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], pairs: Sequence[tuple[int, int]]) -> set[str]:
    """The names that one record had and another has now: the codes of both stand for something else."""
    kept = {(i, j) for i, j in pairs if old[i].get("name") == new[j].get("name")}
    kept_old, kept_new = {i for i, _ in kept}, {j for _, j in kept}
    left = Counter(row.get("name") for i, row in enumerate(old) if i not in kept_old)
    come = Counter(row.get("name") for j, row in enumerate(new) if j not in kept_new)
    shared = {old[i].get("name") for i, _ in kept}
    return {name for name, count in left.items() if name is not None and count == come[name] == 1 and name not in shared}


def _describe(kind: Kind, row: Mapping[str, Any], *, old_id: str | None, new_id: str | None, fields: list[FieldChange]) -> Change:
    return Change(
        kind=kind, source=row["source"], old_id=old_id, new_id=new_id, code=row.get("code"), name=row.get("name"), fields=tuple(fields)
    )


def _compare_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    if old == new:
        return []
    columns = [*_FIELD_KINDS, *sorted({*old, *new} - {*_FIELD_KINDS} - _DERIVED)]
    changes = []
    for column in columns:
        before, after = _without_empty(old.get(column)), _without_empty(new.get(column))
        if before != after:
            kind = "cosmetic" if _is_same_in_substance(before, after) else _FIELD_KINDS.get(column, "cosmetic")
            changes.append(FieldChange(field=column, old=old.get(column), new=new.get(column), kind=kind))
    return changes


def is_empty(value: Any) -> bool:
    """Whether a column says nothing: null, as one reads that did not exist yet, the empty list, the empty text."""
    return value is None or value in ("", [], ())


def _without_empty(value: Any) -> Any:
    return None if is_empty(value) else value


def _is_same_in_substance(old: Any, new: Any) -> bool:
    """Texts that differ in white space alone and lists that differ in order alone."""
    if isinstance(old, str) and isinstance(new, str):
        return collapse(old) == collapse(new)
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        return _sorted_as_json(old) == _sorted_as_json(new)
    return False


def _sorted_as_json(values: Sequence[Any]) -> list[str]:
    return sorted(json.dumps(value, sort_keys=True) for value in values)


def _list_fields(row: Mapping[str, Any], kind: Literal["added", "withdrawn"]) -> list[FieldChange]:
    said = [(column, _without_empty(row.get(column))) for column in _FIELD_KINDS]
    return [
        FieldChange(field=column, old=value if kind == "withdrawn" else None, new=value if kind == "added" else None, kind=kind)
        for column, value in said
        if value is not None
    ]


def _find_reordered(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The fewest pairs without which all others stand in the same order in both documents.

    These are the pairs outside a longest increasing subsequence: inserting or withdrawing rows reorders nothing.
    """
    in_old_order = sorted(pairs)
    tails: list[int] = []  # the smallest new place that ends an increasing run of length 1, 2, …
    tail_at: list[int] = []  # and where in `in_old_order` it stands
    before: list[int | None] = []
    for at, (_, j) in enumerate(in_old_order):
        length = bisect_left(tails, j)
        before.append(tail_at[length - 1] if length else None)
        tails[length:length + 1] = [j]
        tail_at[length:length + 1] = [at]
    kept = set()
    at_end = tail_at[-1] if tail_at else None
    while at_end is not None:
        kept.add(in_old_order[at_end])
        at_end = before[at_end]
    return set(pairs) - kept
