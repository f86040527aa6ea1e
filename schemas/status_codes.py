"""The table `status_codes`: one row per documented status or error code."""

from __future__ import annotations

from schemas.columns import (
    CODE,
    HEAD,
    ID,
    LINE,
    PRINTED,
    SOURCE_REFERENCE,
    TARGET,
    Column,
    Contract,
    Integer,
    ListOf,
    Reference,
    Struct,
    Text,
    line_columns,
    source_column,
)
from schemas.vocabulary import FLAGS, STATUS_CLASSES

HTTP_STATUS = Integer(bits=16, minimum=100, maximum=599)
PROTOCOL_VERSION = Text(form=LINE)

CONTRACT = Contract(
    name="status_codes",
    description="One row per documented status or error code",
    key=("id",),
    references=(SOURCE_REFERENCE, Reference(columns=("source", "table"), target="tables", target_columns=("source", "table"))),
    columns=(
        Column(
            name="id",
            type=Text(form=ID),
            description="the record's name: `<source>:<code>`, with `-` for a code that is not printed; where the code repeats within "
            "the document, `~` and the first 8 hexadecimal digits of the sha256 of section, name, error_type, message and description "
            "(null as empty, joined by U+001F, UTF-8); records equal in all of these get `#2`, `#3` … behind it in document order",
        ),
        source_column(),
        Column(name="vendor", type=Text(form=LINE), description="who documents the code"),
        Column(name="product", type=Text(form=LINE), description="what the code is documented for"),
        Column(
            name="section",
            type=Text(),
            nullable=True,
            description="the nearest heading or caption above the row inside the document; null where the document is one untitled table",
        ),
        Column(name="code", type=Text(form=CODE), nullable=True, description="the code as printed; null where none is printed, or `-`"),
        Column(
            name="code_number",
            type=Integer(bits=64),
            nullable=True,
            description="the code as an integer, where it matches `-?(0|[1-9][0-9]*)` and fits",
        ),
        Column(
            name="name",
            type=Text(),
            nullable=True,
            description="the symbol or short label of this one code; a reason phrase or title beside a longer explanation",
        ),
        Column(
            name="error_type",
            type=Text(),
            nullable=True,
            description="a coarser symbol printed beside the code and shared by several codes",
        ),
        Column(name="message", type=Text(), nullable=True, description="the text that the API itself returns, placeholders as printed"),
        Column(name="description", type=Text(), nullable=True, description="meaning, cause, explanation"),
        Column(
            name="resolution",
            type=Text(),
            nullable=True,
            description="what to do, where the document gives it a column, a labelled bullet or a labelled sentence of its own",
        ),
        Column(name="http_status", type=HTTP_STATUS, nullable=True, description="the HTTP status that goes with the code, as documented"),
        Column(
            name="status_class",
            type=Text(choices=STATUS_CLASSES),
            nullable=True,
            description="the class of `http_status` (RFC 9110 section 15), else of a range that the document itself declares, else null",
        ),
        Column(name="protocol_versions", type=ListOf(item=PROTOCOL_VERSION), description="protocol versions that support the code"),
        Column(
            name="http_fallbacks",
            type=ListOf(
                item=Struct(
                    members=(
                        Column(name="http_status", type=HTTP_STATUS, description="the HTTP status that is sent instead of the code"),
                        Column(
                            name="protocol_versions",
                            type=ListOf(item=PROTOCOL_VERSION),
                            description="the protocol versions in which it is; may be empty",
                        ),
                        Column(
                            name="condition",
                            type=Text(),
                            nullable=True,
                            description='the condition in the document\'s words ("for the SendMail command"), null where it states none',
                        ),
                    )
                )
            ),
            description="the HTTP statuses that stand in for the code in older protocol versions",
        ),
        Column(
            name="parameters",
            type=ListOf(item=Text(form=LINE)),
            description="placeholders in `message`, in order, repeats kept, as printed; `sources.placeholders` names their syntax",
        ),
        Column(
            name="links",
            type=ListOf(
                item=Struct(
                    members=(
                        Column(name="text", type=Text(), nullable=True, description="the link's text; null where it encloses none"),
                        Column(name="href", type=Text(form=TARGET), description="the link's target as printed, never resolved"),
                    )
                )
            ),
            description="hyperlinks inside the row",
        ),
        Column(
            name="same_as",
            type=ListOf(item=Text(form=ID), distinct=True),
            description="ids of the other records of this source that bear the same `name`, in document order",
        ),
        Column(name="flags", type=ListOf(item=Text(choices=FLAGS), distinct=True), description="what is remarkable about the row, sorted"),
        Column(
            name="table",
            type=Integer(bits=16, minimum=1),
            description="which table or list of the document holds the row, counted from 1: a key into `tables`",
        ),
        *line_columns("the row"),
        Column(
            name="raw",
            type=ListOf(
                item=Struct(
                    members=(
                        Column(name="column", type=Text(form=HEAD), description="the printed head under which the cell stands"),
                        Column(
                            name="text",
                            type=Text(form=PRINTED),
                            description='the cell: entities decoded, mark-up and line ends kept, an empty cell `""`',
                        ),
                    )
                ),
                at_least=1,
            ),
            description="the row's cells in printed order under the heads in printed order, before any cell was moved, split or cleaned",
        ),
    ),
)
