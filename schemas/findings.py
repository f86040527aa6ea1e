"""The table `findings`: what a careful reader would remark about the documents."""

from __future__ import annotations

from schemas.columns import ID, KEYWORD, SOURCE_REFERENCE, Column, Contract, Integer, Reference, Text, source_column
from schemas.vocabulary import RULES, SEVERITIES

CONTRACT = Contract(
    name="findings",
    description="What a careful reader would remark, one row each",
    references=(SOURCE_REFERENCE, Reference(columns=("id",), target="status_codes", target_columns=("id",))),
    columns=(
        source_column(),
        Column(name="id", type=Text(form=ID), nullable=True, description="the record that it is about; null where about the document"),
        Column(name="rule", type=Text(choices=RULES), description="what was remarked; the flags of `status_codes` are among the rules"),
        Column(name="severity", type=Text(choices=SEVERITIES), description="how much it matters"),
        Column(name="field", type=Text(form=KEYWORD), nullable=True, description="the column that it concerns, else null"),
        Column(
            name="line",
            type=Integer(bits=32, minimum=1),
            nullable=True,
            description="the line of the raw document that it concerns, counted from 1, else null",
        ),
        Column(name="text", type=Text(), description="a sentence with the fact"),
    ),
)
