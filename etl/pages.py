"""Pages that a user brings: files, folders, stdin, addresses -> decoded documents, or a reason why not. No spec is needed.

A folder stands for all files below it whose names end as pages do. One page that cannot be read costs no other.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from etl.encoding import detect_encoding
from etl.errors import DocumentError, ErrcatError
from etl.limits import DEFAULT, Limits, refuse, run_within
from etl.model import Document
from etl.read import decode_document

PAGE_ENDINGS = frozenset(
    {
        ".html",
        ".htm",
        ".xhtml",
        ".md",
        ".mdx",
        ".markdown",
        ".rst",
        ".adoc",
        ".asciidoc",
        ".txt",
        ".text",
        ".man",
        *(f".{number}" for number in range(1, 9)),
    }
)
STDIN = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageInput:
    """One page as it was named, and its document; or `error` where it cannot be read."""

    name: str
    document: Document | None
    error: ErrcatError | None = None


def open_pages(names: Sequence[str], stdin: BinaryIO, *, limits: Limits = DEFAULT, encoding: str | None = None) -> Iterator[PageInput]:
    """The pages that `names` stand for, in order: files, folders, http(s) addresses, `-` for stdin. Lazily, one at a time."""
    for name in names:
        folder = Path(name)
        if name != STDIN and not _is_address(name) and os.path.isdir(name):  # noqa: PTH112 - it says no where Path raises
            found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PAGE_ENDINGS and path.is_file())
            if not found:
                error = DocumentError(
                    "a folder without pages",
                    where=name,
                    found="no file that ends as pages do",
                    expected=", ".join(sorted(PAGE_ENDINGS)),
                    advice="name the files themselves",
                )
                yield PageInput(name=name, document=None, error=error)
            for path in found:
                yield _open_page(str(path), stdin, limits, encoding)
        else:
            yield _open_page(name, stdin, limits, encoding)


def _open_page(name: str, stdin: BinaryIO, limits: Limits, encoding: str | None) -> PageInput:
    try:
        return PageInput(name=name, document=run_within(limits, name, partial(_read_page, name, stdin, limits, encoding)))
    except ErrcatError as error:
        if error.where is None:
            error = type(error)(error.problem, where=name, found=error.found, expected=error.expected, advice=error.advice)
        return PageInput(name=name, document=None, error=error)


def _read_page(name: str, stdin: BinaryIO, limits: Limits, encoding: str | None) -> Document:
    content = _read_bytes(name, stdin, limits.max_bytes)
    return decode_document(content, name=_document_name(name), encoding=encoding or detect_encoding(content), limits=limits)


def _is_address(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


def _document_name(name: str) -> str:
    """The file's name, by which the page is called in its records."""
    if name == STDIN:
        return "stdin"
    if _is_address(name):
        return unquote(urlsplit(name).path.rstrip("/").rsplit("/", 1)[-1]) or urlsplit(name).netloc
    return Path(name).name


def _read_bytes(name: str, stdin: BinaryIO, max_bytes: int) -> bytes:
    """The page's bytes. Raises DocumentError where they cannot be read, LimitError where there are more than `max_bytes`."""
    if _is_address(name):
        return _download(name, max_bytes)
    try:
        if name == STDIN:
            content = stdin.read(max_bytes + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(max_bytes + 1)
    except OSError as error:
        raise DocumentError(
            "the page cannot be read",
            where=name,
            found=error.strerror or str(error),
            expected="a file, a folder, - or an http(s) address",
            advice="check the name and its permissions",
        ) from error
    if len(content) > max_bytes:
        raise refuse("max_bytes", max_bytes, "the page is too large", where=name)
    return content


def _download(address: str, max_bytes: int) -> bytes:
    """The page at an address, got once, as `errcat fetch` gets them. Raises ErrcatError where it cannot be got."""
    from etl.fetch import fetch
    from etl.fetch.http import FetchOptions

    with tempfile.TemporaryDirectory(prefix="errcat-") as folder:
        page = Path(folder) / "page"
        result = fetch(address, into=page, sidecar=Path(folder) / "page.fetch.json", options=FetchOptions(largest=max_bytes))
        if result.status != "updated":
            raise DocumentError(
                "the page cannot be fetched",
                where=address,
                found=result.message,
                expected="a page",
                advice="check the address, or save the page by hand",
            )
        return page.read_bytes()
