"""What a package relies on: the records it names in `codes.lock`, each as it read when it was locked.

    {
    "lock": 1,
    "schema_version": "1.0.0",
    "codes": [
    {"id": "acme:17", "data_version": "1.4.2", "others": [], "source": "acme", "code": "17", "name": "BAD_DATE", …}
    ]
    }

One record a line, by id, so that a review shows what changed. `others` are the ids that shared the code. Section, line
numbers and the like are nobody's to rely on and are not locked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.catalogue import find_output, load_rows
from etl.changes import Change, FieldChange, compare_records
from etl.errors import InputError
from etl.files import replace_file
from etl.render import to_json
from schemas.vocabulary import SCHEMA_VERSION

LOCK_VERSION = 1
LOCKED_FIELDS = (
    "source",
    "code",
    "name",
    "error_type",
    "message",
    "description",
    "resolution",
    "http_status",
    "status_class",
    "protocol_versions",
    "http_fallbacks",
)

Entry = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class LockReport:
    """What locking did to the file, by id."""

    added: tuple[str, ...]
    renewed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A locked record that is not what it was.

    `kinds` are `ambiguous` (the code has several records now), `withdrawn`, `renamed id` (only the id is another), and those of
    etl/changes. `now` are the ids to look at instead.
    """

    id: str
    kinds: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckReport:
    """How many records are locked, and those of them that are not what they were."""

    locked: int
    broken: tuple[Broken, ...]


def lock_codes(lock: Path, ids: Sequence[str], *, folder: Path | None = None, remove: bool = False) -> LockReport:
    """Write the records `ids` into the file `lock` as they read now, the others stay; with `remove`, take them out.

    Raises InputError for an id that is not published (or not locked) and for a file that is no lock.
    """
    entries = read_lock(lock) if lock.exists() else {}
    asked = list(dict.fromkeys(ids))
    before = dict(entries)
    if remove:
        _require(asked, entries, "is not locked", where=str(lock))
        entries = {name: entry for name, entry in entries.items() if name not in asked}
    else:
        found = find_output(folder)
        rows = {row["id"]: row for row in load_rows("status_codes", found)}
        _require(asked, rows, "is not published", where=str(found))
        version = _read_data_version(found)
        for name in asked:
            entry = {"id": name, "data_version": version, "others": _find_others(rows[name], rows.values())} | _pick(rows[name])
            if name not in before or _differs(before[name], entry):
                entries[name] = entry
    kept = [entries[name] for name in sorted(entries)]
    if entries != before or not lock.exists():
        _write_lock(lock, kept)
    return LockReport(
        added=tuple(name for name in asked if name not in before and not remove),
        renewed=tuple(name for name in asked if name in before and name in entries and entries[name] != before[name]),
        unchanged=tuple(name for name in asked if name in before and name in entries and entries[name] == before[name]),
        removed=tuple(asked) if remove else (),
    )


def check_lock(lock: Path, *, folder: Path | None = None) -> CheckReport:
    """Compare what is locked in the file `lock` with what is published. Raises InputError where there is no such lock."""
    entries = read_lock(lock)
    rows = load_rows("status_codes", folder)
    broken = [_check(entry, rows) for entry in entries.values()]
    return CheckReport(locked=len(entries), broken=tuple(found for found in broken if found is not None))


def read_lock(lock: Path) -> dict[str, Entry]:
    """The locked records by id. Raises InputError where the file is missing, is no lock or was written for another major schema."""
    try:
        content = json.loads(lock.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError("there is no lock", where=str(lock), advice="`errcat lock ID…` writes one, or give another with --file") from error
    except (OSError, ValueError) as error:
        raise _unreadable(lock, str(error)) from error
    if not isinstance(content, dict) or content.get("lock") != LOCK_VERSION or not isinstance(content.get("codes"), list):
        raise _unreadable(lock, "no object with `lock`, `schema_version` and `codes`")
    version = str(content.get("schema_version"))
    if version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        raise InputError(
            "the lock is of another schema version", where=str(lock), found=version, expected=SCHEMA_VERSION, advice="lock its ids again"
        )
    entries: dict[str, Entry] = {}
    for entry in content["codes"]:
        if not isinstance(entry, dict) or not {"id", "source", "code"} <= entry.keys() or not isinstance(entry.get("others"), list):
            raise _unreadable(lock, f"{to_json(entry)[:100]} among the codes")
        if entry["id"] in entries:
            raise _unreadable(lock, f"{entry['id']} twice")
        entries[entry["id"]] = entry
    return entries


def _write_lock(lock: Path, entries: Iterable[Entry]) -> None:
    lines = ",\n".join(to_json(entry) for entry in entries)
    text = f'{{\n"lock": {LOCK_VERSION},\n"schema_version": {to_json(SCHEMA_VERSION)},\n"codes": [\n{lines}\n]\n}}\n'
    try:
        replace_file(lock, text.encode("utf-8"))
    except OSError as error:
        raise InputError("the lock cannot be written", where=str(lock), found=error.strerror, advice="give another with --file") from error


def _unreadable(lock: Path, found: str) -> InputError:
    expected = "a file that `errcat lock` has written"
    return InputError("this is no lock", where=str(lock), found=found, expected=expected, advice="restore it, or lock its ids again")


def _require(asked: Sequence[str], known: Mapping[str, Any], problem: str, *, where: str) -> None:
    for name in asked:
        if name not in known:
            alike = [other for other in known if other.startswith(f"{name}~")]
            advice = f"name one of {', '.join(alike)}" if alike else "`errcat lookup` finds ids"
            raise InputError(f"{name!r} {problem}", where=where, expected="the id of a record, such as acme:17", advice=advice)


def _read_data_version(folder: Path) -> str | None:
    """The version of the data, None where the folder does not say it."""
    try:
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return index.get("data_version") if isinstance(index, dict) else None


def _pick(row: Entry) -> dict[str, Any]:
    return {field: row[field] for field in LOCKED_FIELDS}


def _differs(before: Entry, after: Entry) -> bool:
    """Whether anything but the data version is another."""
    return {**before, "data_version": None} != {**after, "data_version": None}


def _find_others(row: Entry, rows: Iterable[Entry]) -> list[str]:
    return [other["id"] for other in rows if (other["source"], other["code"]) == (row["source"], row["code"]) and other["id"] != row["id"]]


def _check(entry: Entry, rows: Sequence[Entry]) -> Broken | None:
    current = next((row for row in rows if row["id"] == entry["id"]), None)
    if current is not None:
        change = _compare(entry, [current])
        return None if change is None else Broken(id=entry["id"], kinds=change.kinds, fields=change.fields, now=(entry["id"],))
    of_code = [row for row in rows if (row["source"], row["code"]) == (entry["source"], entry["code"]) and row["id"] not in entry["others"]]
    change = _compare(entry, of_code)
    if change is not None and change.kind == "withdrawn":
        alike = [row["id"] for row in rows if row["source"] == entry["source"] and _says_the_same(row, entry)]
        return Broken(id=entry["id"], kinds=("withdrawn",), fields=(), now=tuple(alike))
    ambiguous = len(of_code) > 1 and not entry["others"]
    kinds = ("ambiguous" if ambiguous else "renamed id", *(change.kinds if change is not None else ()))
    return Broken(id=entry["id"], kinds=kinds, fields=change.fields if change is not None else (), now=tuple(row["id"] for row in of_code))


def _compare(entry: Entry, rows: Sequence[Entry]) -> Change | None:
    """What happened to a locked record among `rows`; None where one of them reads as it did."""
    fields = [field for field in LOCKED_FIELDS if field in entry]
    old = {field: entry[field] for field in ("id", *fields)}
    new = [{field: row[field] for field in ("id", *fields)} for row in rows]
    change = next((change for change in compare_records([old], new).changes if change.old_id == entry["id"]), None)
    return None if change is None or change.kind == "cosmetic" else change


def _says_the_same(row: Entry, entry: Entry) -> bool:
    return any(entry.get(field) is not None and row[field] == entry[field] for field in ("name", "message"))
