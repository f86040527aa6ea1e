"""The table `withdrawn`: the records that were published once and are documented no longer."""

from __future__ import annotations

from schemas import status_codes
from schemas.columns import DATA_VERSION, Column, Contract, Text
from schemas.vocabulary import VERDICTS

CONTRACT = Contract(
    name="withdrawn",
    description="One row per record that was published once and is documented no longer, as it was published last",
    key=("id",),
    # No references: its source, its table and the records of the same name may be gone as well.
    columns=(
        *status_codes.CONTRACT.columns,
        Column(name="first_seen", type=Text(form=DATA_VERSION), description="the data version in which the record was published first"),
        Column(name="last_seen", type=Text(form=DATA_VERSION), description="the last data version in which it was published"),
        Column(name="verdict", type=Text(choices=VERDICTS), description="why it is gone"),
    ),
)
