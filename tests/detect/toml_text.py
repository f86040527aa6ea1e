"""Values as TOML, for tests: what `draft` writes must be read as it was meant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence


def write_toml(table: Mapping[str, object]) -> str:
    """A table with all that is nested in it on lines of its own, as inline values."""
    return "\n".join(f"{json.dumps(key, ensure_ascii=False)} = {_write(value)}" for key, value in table.items())


def _write(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_write(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_write, value)) + "]"
    return str(value)
