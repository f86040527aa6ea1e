"""The table `withdrawn`: the records that were published once and are documented no longer."""

from __future__ import annotations

from schemas import status_codes
from schemas.columns import Column, Contract, Form, Text
from schemas.vocabulary import VERDICTS

VERSION = Text(
    form=Form(
        name="data_version", pattern=r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}", sentence="a data version: three numbers joined by full stops"
    )
)

CONTRACT = Contract(
    name="withdrawn",
    description="One row per record that was published once and is documented no longer, as it was published last",
    key=("id",),
    references=(),
    columns=(
        *status_codes.CONTRACT.columns,
        Column(name="first_seen", type=VERSION, description="the data version in which the record was published first"),
        Column(name="last_seen", type=VERSION, description="the last data version in which it was published"),
        Column(name="verdict", type=Text(choices=VERDICTS), description="why it is gone"),
    ),
)
