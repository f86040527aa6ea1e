"""The table `terms`: what the documents define besides codes."""

from __future__ import annotations

from schemas.columns import SOURCE_REFERENCE, Column, Contract, Text, line_columns, source_column
from schemas.vocabulary import TERM_KINDS

CONTRACT = Contract(
    name="terms",
    description="What the documents define besides codes, one row per term",
    references=(SOURCE_REFERENCE,),
    columns=(
        source_column(),
        Column(name="kind", type=Text(choices=TERM_KINDS), description="what sort of term it is"),
        Column(name="term", type=Text(), description="the term as printed"),
        Column(name="section", type=Text(), nullable=True, description="the term's own section (`2.2.1.13`), else null"),
        Column(name="definition", type=Text(), nullable=True, description="what the document says of the term, else null"),
        Column(name="reference", type=Text(), nullable=True, description="where the document points to, as printed, else null"),
        *line_columns("the term"),
    ),
)
