"""The table `sources`: one row per document."""

from __future__ import annotations

from schemas.columns import (
    CODE,
    INSTANT,
    KEYWORD,
    LANGUAGE,
    LINE,
    PATH,
    SHA256,
    URL,
    Column,
    Contract,
    Integer,
    ListOf,
    Text,
    source_column,
)

COUNT = Integer(bits=32, minimum=0)

CONTRACT = Contract(
    name="sources",
    description="One row per document",
    key=("source",),
    columns=(
        source_column(),
        Column(name="vendor", type=Text(form=LINE), description="who publishes the document"),
        Column(name="product", type=Text(form=LINE), description="what the document is about"),
        Column(name="title", type=Text(form=LINE), description="the document's title"),
        Column(name="document", type=Text(form=PATH), description="path of the raw document under raw/"),
        Column(name="format", type=Text(form=KEYWORD), description="how the document is written"),
        Column(name="language", type=Text(form=LANGUAGE), description="the language that the document is written in"),
        Column(name="document_version", type=Text(form=LINE), nullable=True, description="the version that the document states, else null"),
        Column(name="url", type=Text(form=URL), description="where the document is published"),
        Column(name="sha256", type=Text(form=SHA256), description="sha256 of the raw document's bytes"),
        Column(name="bytes", type=Integer(bits=64, minimum=1), description="size of the raw document"),
        Column(name="encoding", type=Text(form=LINE), description="the encoding that the raw document was read in"),
        Column(name="licence", type=Text(form=LINE), nullable=True, description="the document's licence; null where unknown"),
        Column(name="tables", type=COUNT, description="number of tables and lists in the document, those out of scope included"),
        Column(name="records", type=COUNT, description="number of rows in `status_codes`"),
        Column(name="first_code", type=Text(form=CODE), nullable=True, description="the first code printed; null where none is"),
        Column(name="last_code", type=Text(form=CODE), nullable=True, description="the last code printed; null where none is"),
        Column(
            name="retrieved_at",
            type=Text(form=INSTANT),
            nullable=True,
            description="when the document was fetched (RFC 3339); null when it was put there by hand",
        ),
        Column(
            name="placeholders",
            type=ListOf(item=Text(form=KEYWORD), distinct=True),
            description="names of the placeholder syntaxes that messages of the document use",
        ),
    ),
)
