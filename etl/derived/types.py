"""The contract's types as Python and TypeScript write them, for the columns that the bindings carry.

protocol_versions    ListOf(Text)     tuple[str, ...]             readonly string[]
http_fallbacks       ListOf(Struct)   tuple[HttpFallback, ...]    readonly HttpFallback[]
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.derived.literals import quote
from schemas.columns import Boolean, Column, Integer, ListOf, Struct, Text, Type
from schemas.contract import contract_of

_NAMES = (
    "id", "section", "code", "name", "error_type", "message", "description", "resolution", "http_status", "status_class",
    "protocol_versions", "http_fallbacks", "parameters", "flags",
)  # fmt: skip

COLUMNS = tuple(contract_of("status_codes").column(name) for name in _NAMES)
"""What a package needs of a record at run time; where and how the document prints it is in the published tables."""

RECORD = "CodeRecord"


def list_structs() -> Iterator[tuple[str, Column, Struct]]:
    """The types that the bindings must declare before `RECORD`: name, the column that holds them, their members."""
    for column in COLUMNS:
        inner = column.type.item if isinstance(column.type, ListOf) else column.type
        if isinstance(inner, Struct):
            yield name_struct(column), column, inner


def name_struct(column: Column) -> str:
    """`HttpFallback` for a column `http_fallbacks`."""
    return "".join(part.capitalize() for part in column.name.split("_")).removesuffix("s")


def in_python(column: Column) -> str:
    """The annotation of a column or member."""
    return f"{_in_python(column, column.type)}{' | None' if column.nullable else ''}"


def _in_python(column: Column, column_type: Type) -> str:
    match column_type:
        case Text(choices=choices) if choices:
            return f"Literal[{', '.join(map(quote, choices))}]"
        case Text():
            return "str"
        case Integer():
            return "int"
        case Boolean():
            return "bool"
        case Struct():
            return name_struct(column)
        case ListOf():
            return f"tuple[{_in_python(column, column_type.item)}, ...]"


def in_typescript(column: Column) -> str:
    """The type of a column or member."""
    return f"{_in_typescript(column, column.type)}{' | null' if column.nullable else ''}"


def _in_typescript(column: Column, column_type: Type) -> str:
    match column_type:
        case Text(choices=choices) if choices:
            return " | ".join(map(quote, choices))
        case Text():
            return "string"
        case Integer():
            return "number"
        case Boolean():
            return "boolean"
        case Struct():
            return name_struct(column)
        case ListOf():
            inner = _in_typescript(column, column_type.item)
            return f"readonly ({inner})[]" if " | " in inner else f"readonly {inner}[]"
