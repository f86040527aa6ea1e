"""The table `tables`: one row per table or list of a document. With it a null has a reason: blank cell, or no such column."""

from __future__ import annotations

from schemas.columns import (
    HEAD,
    KEYWORD,
    SOURCE_REFERENCE,
    Boolean,
    Column,
    Contract,
    Integer,
    ListOf,
    Struct,
    Text,
    line_columns,
    source_column,
)

COUNT = Integer(bits=32, minimum=0)

CONTRACT = Contract(
    name="tables",
    description="One row per table or list of a document",
    key=("source", "table"),
    references=(SOURCE_REFERENCE,),
    columns=(
        source_column(),
        Column(name="table", type=Integer(bits=16, minimum=1), description="number of the table within the document, counted from 1"),
        Column(name="section", type=Text(), nullable=True, description="the nearest heading or caption above the table, else null"),
        Column(name="format", type=Text(form=KEYWORD), description="the way in which the table is laid out"),
        Column(name="in_scope", type=Boolean(), description="whether records or terms are read from the table"),
        Column(name="reason", type=Text(), nullable=True, description="why the table is out of scope; null where it is in scope"),
        Column(
            name="columns",
            type=ListOf(
                item=Struct(
                    members=(
                        Column(name="column", type=Text(form=HEAD), description="the head as printed"),
                        Column(
                            name="field",
                            type=Text(form=KEYWORD),
                            nullable=True,
                            description="the column of `status_codes` or `terms` that it feeds; null where it feeds none",
                        ),
                        Column(
                            name="reader",
                            type=Text(form=KEYWORD),
                            nullable=True,
                            description="how the field is read from the cell; null where it feeds none",
                        ),
                    )
                )
            ),
            description="the table's columns in printed order; one that feeds several fields stands there once for each",
        ),
        Column(name="rows", type=COUNT, description="number of rows printed"),
        Column(name="records", type=COUNT, description="number of rows in `status_codes` that come from the table"),
        *line_columns("the table"),
    ),
)
