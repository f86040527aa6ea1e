"""A hand-kept table of codes against the published records of one source: codes it invented, codes it lacks, other names and messages.

    errors.csv    code,name                       17,BAD_DATE
    errors.json   [{"code": "17", "name": "BAD_DATE"}]  or  {"17": "BAD_DATE"}  or  {"BAD_DATE": 17}
    errors.py     class Errors(IntEnum):          BAD_DATE = 17

Python is read, never run. Codes are the same where they are the same text or the same number, names where they are the same
words however they are written, messages where they are the same but for white space.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.catalogue import Row, load_rows, require_sources
from etl.codes import read_number, squash
from etl.compare.tables import Entry, Table, read_table
from etl.errors import InputError
from etl.text import collapse


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that differs: `kind` is invented, missing, name or message; `place` is the table's line or key, None for what it lacks."""

    kind: str
    code: str
    place: str | None
    table: str | None
    catalogue: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The source that the table was compared with, whether it was guessed, how many codes the table has, and what differs."""

    source: str
    guessed: bool
    codes: int
    differences: tuple[Difference, ...]


def compare(table: Path, *, source: str | None = None, enum: str | None = None, folder: Path | None = None) -> Comparison:
    """Compare the file `table` with the published records of `source`; without it, with those of the source that it has most codes of.

    Raises InputError where the file is no such table or no source is like it, CatalogueError where `source` is not published.
    """
    require_sources([source] if source is not None else [], folder)
    read = read_table(table, enum=enum)
    records: dict[str, list[Row]] = defaultdict(list)
    for row in load_rows("status_codes", folder):
        if row["code"] is not None:
            records[row["source"]].append(row)
    entries = _turn_round(read, records if source is None else {source: records[source]})
    compared = source if source is not None else _guess_source(table, entries, records)
    differences = _find_differences(entries, records[compared])
    return Comparison(
        source=compared, guessed=source is None, codes=len({_key(entry.code) for entry in entries}), differences=tuple(differences)
    )


def _key(code: str) -> str | int:
    """Equal for equal codes; of two codes that differ in case alone, a document that has both makes two."""
    number = read_number(code)
    return code if number is None else number


def _turn_round(table: Table, records: Mapping[str, Sequence[Row]]) -> tuple[Entry, ...]:
    """The entries with code and name in their places: where the table does not say which is which, more of the codes are known."""
    if not table.either_way:
        return table.entries
    known = {_key(row["code"]) for rows in records.values() for row in rows}
    turned = tuple(Entry(code=entry.name or "", name=entry.code, message=None, place=entry.place) for entry in table.entries)
    counts = [sum(_key(entry.code) in known for entry in entries) for entries in (table.entries, turned)]
    return turned if counts[1] > counts[0] else table.entries


def _guess_source(table: Path, entries: Sequence[Entry], records: dict[str, list[Row]]) -> str:
    """The source with the most of the table's codes under the same names, then with the most of its codes, then with the fewest others."""
    ranks = {}
    for source, rows in records.items():
        names = {(_key(row["code"]), squash(row["name"] or "")) for row in rows}
        codes = {code for code, _ in names}
        own = {_key(entry.code) for entry in entries}
        same = sum(1 for entry in entries if entry.name is not None and (_key(entry.code), squash(entry.name)) in names)
        ranks[source] = (same, len(own & codes), -len(codes - own))
    best = max(ranks.values(), default=(0, 0, 0))
    likely = [source for source, rank in ranks.items() if rank == best]
    if best[1] == 0 or len(likely) > 1:
        found = f"{' and '.join(likely)} are equally like it" if best[1] else "none has any of its codes"
        raise InputError("no source is clearly what the table is about", where=str(table), found=found, advice="name it with --source")
    return likely[0]


def _find_differences(entries: Sequence[Entry], rows: Sequence[Row]) -> list[Difference]:
    known: dict[str | int, list[Row]] = defaultdict(list)
    for row in rows:
        known[_key(row["code"])].append(row)
    differences = []
    for entry in entries:
        documented = known.get(_key(entry.code))
        if documented is None:
            differences.append(Difference(kind="invented", code=entry.code, place=entry.place, table=entry.name, catalogue=()))
            continue
        names = _say(documented, "name")
        if entry.name is not None and names and not any(_is_named(entry.name, name, entry.code) for name in names):
            differences.append(Difference(kind="name", code=entry.code, place=entry.place, table=entry.name, catalogue=names))
        messages = _say(documented, "message")
        if entry.message is not None and messages and collapse(entry.message) not in map(collapse, messages):
            differences.append(Difference(kind="message", code=entry.code, place=entry.place, table=entry.message, catalogue=messages))
    listed = {_key(entry.code) for entry in entries}
    for code, documented in known.items():
        if code not in listed:
            says = _say(documented, "name") or _say(documented, "message")
            differences.append(Difference(kind="missing", code=documented[0]["code"], place=None, table=None, catalogue=says))
    return differences


def _say(rows: Sequence[Row], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[field] for row in rows if row[field] is not None))


def _is_named(given: str, documented: str, code: str) -> bool:
    """The same words; a name that had to be told from an equal one may carry the code."""
    return squash(given) in {squash(documented), squash(documented + code), squash(code + documented)}
