"""How the text of a cell becomes the value of a field (pure). Readers are named after what they read, never after who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from etl.errors import CellError
from etl.model import Fallback

FIELD_READERS: Mapping[str, str] = {
    "http_status": "http_status",
    "protocol_versions": "version_list",
    "http_fallbacks": "fallback_list",
}
"""The reader of each field that is no plain text; all other fields are read as `text`."""

PLACEHOLDERS: Mapping[str, str] = {
    "angles": r"<[A-Za-z][\w -]*>",
    "braces": r"\{[A-Za-z_][\w.-]*\}",
    "brackets": r"\[[A-Za-z][A-Za-z _]*\]",
    "messageformat": r"\{\d+(?:,[^{}]*)?\}",
    "percent": r"%(?:\d+\$)?[-+0#]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t|L)?[diouxXeEfFgGaAcspn]",
}
"""The placeholder syntaxes that a spec may declare: `<accountID>`, `{name}`, `[field name]`, `{0}` (Java's MessageFormat), `%s` (C)."""

_SEPARATOR = re.compile(r"\s*,\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+")
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_BETWEEN_ALTERNATIVES = re.compile(r"[\s,]*(?:or|and)?[\s,]*")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


def read_http_status(text: str) -> int:
    """`"404"` as 404. Raises CellError for all but 100–599 in plain digits (RFC 9110 section 15)."""
    if not re.fullmatch(r"[1-5][0-9]{2}", text):
        raise CellError(
            "this is no HTTP status",
            found=repr(text),
            expected="a number from 100 to 599",
            advice="give the column a `pattern` that finds the status in the cell, list this text under `blank`, "
            "or mend a misprint by `corrections`",
        )
    return int(text)


def read_version_list(text: str) -> tuple[str, ...]:
    """`"2.5, 12.0, or 12.1"` as its versions, in printed order. Raises CellError where a part is no dotted number."""
    versions = tuple(_SEPARATOR.split(text.strip()))
    for version in versions:
        if not _VERSION.fullmatch(version):
            raise CellError(
                "this is no list of versions",
                found=repr(text),
                expected="dotted numbers, separated by commas or 'or'",
                advice="mend the pattern that cuts the list out of the cell",
            )
    return versions


def read_fallback_list(text: str, *, alternative: str, protocol_versions: tuple[str, ...]) -> tuple[Fallback, ...]:
    """The alternatives in `text`, each matched by the regular expression `alternative` (groups http_status, condition).

    Raises CellError where anything but commas and "or" stands between them.
    """
    fallbacks: list[Fallback] = []
    end = 0
    for found in re.finditer(alternative, text):
        if not _BETWEEN_ALTERNATIVES.fullmatch(text[end : found.start()]):
            break
        end = found.end()
        groups = found.groupdict()
        fallbacks.append(
            Fallback(
                http_status=read_http_status(groups["http_status"]),
                protocol_versions=protocol_versions,
                condition=groups.get("condition") or None,
            )
        )
    if not fallbacks or not _BETWEEN_ALTERNATIVES.fullmatch(text[end:]):
        raise CellError(
            "not all of this is understood as alternatives",
            found=repr(text[end:] or text),
            expected=f"what {alternative!r} matches",
            advice="mend `fallback` in the spec",
        )
    return tuple(fallbacks)


def find_parameters(message: str | None, syntaxes: Iterable[str]) -> tuple[str, ...]:
    """The placeholders in `message`, in order, repeats kept, as printed, by the declared `syntaxes`."""
    patterns = [PLACEHOLDERS[syntax] for syntax in syntaxes]
    if message is None or not patterns:
        return ()
    return tuple(found.group() for found in re.finditer("|".join(patterns), message))


def number_of(code: str | None) -> int | None:
    """The code as a number, where it is printed as a plain integer that fits 64 bits."""
    if code is None or not _INTEGER.fullmatch(code):
        return None
    number = int(code) if len(code) <= len(str(_LOWEST)) else None
    return number if number is not None and _LOWEST <= number <= _HIGHEST else None


def status_class_of(http_status: int | None) -> str | None:
    """The class of an HTTP status by its first digit (RFC 9110 section 15)."""
    if http_status is None:
        return None
    return {1: "informational", 2: "success", 3: "redirection", 4: "client_error", 5: "server_error"}[http_status // 100]
