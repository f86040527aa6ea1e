"""by_source/<source>.json: the records of one source by code, one code a line, codes in document order.

    {
    "56": [{"id": "acme:56", "source": "acme", …}],
    "-": [{"id": "acme:-", …}]
    }

Always a list: a document may print a code more than once. Records for which it prints none stand under `-`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from etl.render import to_json

Row = Mapping[str, Any]

NO_CODE = "-"
"""The key of records without a code; the contract allows no code of this form."""


def render_by_source(rows: Mapping[str, Sequence[Row]]) -> dict[str, bytes]:
    """One file for each source, by its path; a source without records has an empty object."""
    return {f"by_source/{source}.json": _render(records) for source, records in split_by_source(rows)}


def split_by_source(rows: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, list[Row]]]:
    """Each source of the table `sources` with its records, in published order."""
    records: dict[str, list[Row]] = {str(source["source"]): [] for source in rows["sources"]}
    for record in rows["status_codes"]:
        records[str(record["source"])].append(record)
    yield from records.items()


def group_by_code(records: Sequence[Row]) -> dict[str, list[Row]]:
    """The records of one source by code, in the order in which the codes appear first."""
    groups: dict[str, list[Row]] = {}
    for record in records:
        groups.setdefault(NO_CODE if record["code"] is None else str(record["code"]), []).append(record)
    return groups


def _render(records: Sequence[Row]) -> bytes:
    lines = ",\n".join(f"{to_json(code)}: {to_json(group)}" for code, group in group_by_code(records).items())
    return (f"{{\n{lines}\n}}\n" if lines else "{}\n").encode("utf-8")
