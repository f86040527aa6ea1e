"""Hand-kept tables of codes, as people keep them: CSV, JSON, or an enumeration in Python, which is read and never run."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.codes import squash
from etl.errors import InputError

MOST_BYTES = 16 * 1024 * 1024
"""The largest table that is read."""

_ROLES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "errorcode", "statuscode", "errno", "number", "value", "errornumber", "id", "status"),
    "name": ("name", "errorname", "symbol", "constant", "identifier", "enum", "key", "title", "label"),
    "message": ("message", "errormessage", "msg", "text"),
}
"""The heads of each role, as `squash` leaves them, the likeliest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The codes of a table. `either_way` says that only the values tell which is the code and which the name: `{"17": "BAD_DATE"}`."""

    entries: tuple[Entry, ...]
    either_way: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One code of a table, with its name and message where the table has them; `place` is a line or a key."""

    code: str
    name: str | None
    message: str | None
    place: str


def read_table(path: Path, *, enum: str | None = None) -> Table:
    """The codes of the table in `path`, by its suffix `.csv`, `.tsv`, `.json` or `.py`; of Python, the class `enum` or the only one.

    Raises InputError where the file cannot be read as that, has no codes or does not say which column holds them.
    """
    readers: dict[str, Callable[[Path, str], Table]] = {
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".json": _read_json,
        ".py": lambda path, text: _read_python(path, text, enum),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError("no such kind of table", where=str(path), expected=f"a file of {', '.join(readers)}", advice="convert it to CSV")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError("the table cannot be read", where=str(path), found=error.strerror, advice="give another file") from error
    except UnicodeDecodeError as error:
        raise InputError("the table is no UTF-8", where=str(path), found=str(error), advice="save it as UTF-8") from error
    if len(content) > MOST_BYTES:
        raise InputError("the table is too large", where=str(path), expected=f"at most {MOST_BYTES} bytes", advice="give a smaller one")
    table = reader(path, text)
    if not table.entries:
        raise InputError("the table has no codes", where=str(path), advice="give one that has")
    return table


def _read_csv(path: Path, text: str) -> Table:
    head, _, _ = text.partition("\n")
    delimiter = max(",;\t|", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        heads = next(rows, [])
        columns = _find_roles(path, heads)
        entries: list[Entry] = []
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(heads):
                where = f"{path}:{rows.line_num}"
                raise InputError("a row has another width than the head", where=where, found=f"{len(row)} cells", expected=f"{len(heads)}")
            cells = {role: row[at].strip() or None for role, at in columns.items()}
            entries += _make_entry(cells, f"line {rows.line_num}")
    except csv.Error as error:
        raise InputError("the table is no CSV", where=f"{path}:{rows.line_num}", found=str(error), advice="mend it") from error
    return Table(entries=tuple(entries), either_way=False)


def _find_roles(path: Path, heads: list[str]) -> dict[str, int]:
    """Which column has which role, by its head."""
    plain = [squash(head) for head in heads]
    columns = {role: next((plain.index(word) for word in words if word in plain), None) for role, words in _ROLES.items()}
    found = {role: at for role, at in columns.items() if at is not None}
    if "code" not in found:
        heads_found = ", ".join(map(repr, heads)) or "nothing"
        raise InputError("no column of the table holds codes", where=str(path), found=heads_found, advice="name the column `code`")
    return found


def _make_entry(cells: Mapping[str, str | None], place: str) -> list[Entry]:
    """The entry of a row; none where the row has no code."""
    code = cells.get("code")
    return [] if code is None else [Entry(code=code, name=cells.get("name"), message=cells.get("message"), place=place)]


def _read_json(path: Path, text: str) -> Table:
    try:
        content = json.loads(text, object_pairs_hook=_Pairs, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise InputError("the table is no JSON", where=str(path), found=str(error), advice="mend it") from error
    if isinstance(content, _Pairs):
        either_way = not any(isinstance(value, (list, _Pairs)) for _, value in content.pairs)
        return Table(entries=tuple(entry for key, value in content.pairs for entry in _read_pair(path, key, value)), either_way=either_way)
    if not isinstance(content, list):
        raise InputError("the table is neither an array nor an object", where=str(path), advice='give it as [{"code": …, "name": …}]')
    entries = [entry for at, item in enumerate(content, start=1) for entry in _read_item(path, item, None, f"item {at}")]
    return Table(entries=tuple(entries), either_way=False)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """A JSON object whose keys may repeat: json.loads alone keeps the last and says nothing."""

    pairs: list[tuple[str, Any]]


def _read_pair(path: Path, key: str, value: Any) -> Iterator[Entry]:
    """`"17": "BAD_DATE"`, `"17": {"name": …}`, `"17": [{"name": …}, …]`."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, _Pairs):
            yield from _read_item(path, item, key, f"key {key!r}")
        else:
            yield Entry(code=key, name=None if item is None else str(item), message=None, place=f"key {key!r}")


def _read_item(path: Path, item: Any, key: str | None, place: str) -> list[Entry]:
    """An object with columns, or a code alone; `key` is the code of an object that has none of its own."""
    if not isinstance(item, _Pairs):
        return [] if item is None else [Entry(code=str(item), name=None, message=None, place=place)]
    heads = [head for head, _ in item.pairs]
    columns = _find_roles(path, heads if key is None else ["code", *heads])
    values = [value for _, value in item.pairs] if key is None else [key, *(value for _, value in item.pairs)]
    plain = {role: values[at] for role, at in columns.items() if not isinstance(values[at], (list, _Pairs, type(None)))}
    cells = {role: str(value) for role, value in plain.items()}
    return _make_entry(cells, place)


def _read_python(path: Path, text: str, enum: str | None) -> Table:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError("the table is no Python", where=str(path), found=str(error), advice="mend it") from error
    every = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    classes = {node.name: node for node in every if any("Enum" in ast.unparse(base) for base in node.bases)}
    chosen = [enum] if enum is not None else list(classes)
    if len(chosen) != 1 or chosen[0] not in classes:
        found = ", ".join(classes) or "no enumeration"
        raise InputError("it is not clear which enumeration is the table", where=str(path), found=found, advice="name one with --enum")
    entries = []
    for node in classes[chosen[0]].body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            name, value = node.target.id, node.value
        else:
            continue
        if not name.startswith("_"):
            entries.append(_read_member(path, name, value))
    return Table(entries=tuple(entries), either_way=False)


def _read_member(path: Path, name: str, value: ast.expr) -> Entry:
    """`NAME = 17`, `NAME = "AB-17"`, or a tuple that begins with the code and may go on with the message."""
    try:
        read = ast.literal_eval(value)
    except (ValueError, TypeError, MemoryError, RecursionError):
        read = None
    parts = list(read) if isinstance(read, tuple) else [read]
    if not parts or isinstance(parts[0], bool) or not isinstance(parts[0], (int, str)):
        found = f"{name} = {ast.unparse(value)[:100]}"
        where = f"{path}:{value.lineno}"
        raise InputError("a member of the enumeration has no code", where=where, found=found, expected="a number or a string")
    message = parts[1] if len(parts) > 1 and isinstance(parts[1], str) else None
    return Entry(code=str(parts[0]), name=name, message=message, place=f"line {value.lineno}")
