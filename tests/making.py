"""Small sources of an invented vendor, written to a folder: build one valid thing, override one part of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from etl.model import Document
from etl.read import document_from_text
from etl.spec import Spec, build_spec

PAGE = """\
Error list

Things that go wrong.

Sign-in errors

Code Message
100 No such user
101 Wrong password for <user>

Transfer errors

Code Message
200 No such account
201 Too much"""

SPEC = """\
source = "acme"
document = "acme.txt"
format = "text"
vendor = "Acme"
product = "Acme API"
title = "Error list"
language = "en"
url = "https://acme.example/errors"
placeholders = ["angles"]

[[tables]]
layout = "code_list"
item = '(?P<Code>\\d{3}) (?P<Message>.+)'
sections = ["Sign-in errors", "Transfer errors"]
columns = [
  { head = "Code", field = "code" },
  { head = "Message", field = "message" },
]

[[ignored]]
text = "Things that go wrong."
reason = "introduction"
"""


def write_source(raw: Path, *, source: str = "acme", page: str | bytes = PAGE, spec: str = SPEC) -> Path:
    """Write a document and its spec below `raw`; the path of the document."""
    raw.mkdir(parents=True, exist_ok=True)
    document = raw / f"{source}.txt"
    document.write_bytes(page if isinstance(page, bytes) else page.encode("utf-8"))
    (raw / f"{source}.source.toml").write_text(spec.replace('"acme"', f'"{source}"').replace("acme.txt", f"{source}.txt"), encoding="utf-8")
    return document


def make_document(text: str, name: str = "acme.txt") -> Document:
    return document_from_text(text, name=name)


def make_spec(**overrides: Any) -> Spec:
    """A valid spec of one pipe table with the columns Code and Meaning; `overrides` replace its keys."""
    given: dict[str, Any] = {
        "source": "acme",
        "document": "acme.md",
        "format": "markdown",
        "vendor": "Acme",
        "product": "Acme API",
        "title": "Errors",
        "language": "en",
        "url": "https://acme.example/errors",
        "tables": [make_entry()],
    }
    return build_spec(given | overrides, name="acme.source.toml")


def make_entry(**overrides: Any) -> dict[str, Any]:
    """A valid entry of a spec for one pipe table with the columns Code and Meaning."""
    entry: dict[str, Any] = {
        "layout": "pipe_table",
        "columns": [{"head": "Code", "field": "code"}, {"head": "Meaning", "field": "description"}],
    }
    return entry | overrides
