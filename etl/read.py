"""Read a vendor document: bytes to text and lines, with its checksum. Nothing is lost on the way, or it is an error."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from etl.errors import DocumentError
from etl.limits import DEFAULT, Limits, refuse
from etl.model import Document

_LINE_END = re.compile(r"\r\n|\n|\r")


def read_document(path: Path, *, encoding: str = "utf-8", limits: Limits = DEFAULT) -> Document:
    """Read the document at `path`, which is in `encoding`.

    Raises DocumentError where the file is missing, empty, holds NUL bytes or bytes that are not of the encoding;
    LimitError where it is larger than `limits` allow.
    """
    try:
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise refuse("max_bytes", limits.max_bytes, "the document is too large", where=path.name, found=f"{size:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            "the document cannot be read",
            where=str(path),
            found=error.strerror or str(error),
            expected="a readable file",
            advice="put the document beside its spec, or mend `document` in the spec",
        ) from error
    return decode_document(content, name=path.name, encoding=encoding, limits=limits)


def decode_document(content: bytes, *, name: str, encoding: str = "utf-8", limits: Limits = DEFAULT) -> Document:
    """Decode `content` strictly; a byte order mark of UTF-8 is taken off. Raises DocumentError as `read_document` does."""
    if not content.strip():
        raise DocumentError(
            "the document is empty",
            where=name,
            found=f"{len(content)} bytes, all blank",
            expected="a page with codes",
            advice="save the page again",
        )
    codec = "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding
    try:
        text = content.decode(codec)
    except LookupError as error:
        raise DocumentError(
            "the encoding is unknown",
            where=name,
            found=repr(encoding),
            expected="a name that Python knows, such as 'utf-8' or 'cp1252'",
            advice="mend `encoding` in the spec",
        ) from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DocumentError(
            "bytes that are not of the declared encoding",
            where=f"{name}:{line}",
            found=f"{content[error.start : error.end]!r} ({error.reason})",
            expected=f"text in {encoding}",
            advice="declare the encoding that the page is really in (`encoding` in the spec)",
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise DocumentError(
            "a NUL character",
            where=f"{name}:{line}",
            found="'\\x00'",
            expected="text",
            advice="this is a binary file or text in UTF-16 or UTF-32: save the page as text, or declare its encoding",
        )
    return document_from_text(text, name=name, encoding=encoding, content=content, limits=limits)


def document_from_text(
    text: str, *, name: str, encoding: str = "utf-8", content: bytes | None = None, limits: Limits = DEFAULT
) -> Document:
    """A Document of text that is already decoded; line ends of all three kinds become `\\n`. Raises LimitError."""
    if text.count("\n") + text.count("\r") - text.count("\r\n") > limits.max_lines:
        raise refuse("max_lines", limits.max_lines, "the page has too many lines", where=name)
    if content is None:
        content = text.encode("utf-8")
    lines = tuple(_LINE_END.split(text))
    return Document(
        name=name,
        text="\n".join(lines),
        lines=lines[:-1] if len(lines) > 1 and lines[-1] == "" else lines,
        encoding=encoding,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        limits=limits,
    )


def read_retrieved_at(sidecar: Path, sha256: str) -> str | None:
    """When the document with this sha256 was fetched (RFC 3339), as its sidecar says; None where it was put there by hand."""
    try:
        known = json.loads(sidecar.read_text(encoding="utf-8"))
        return str(known["retrieved_at"]) if known["sha256"] == sha256 and known["retrieved_at"] is not None else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
