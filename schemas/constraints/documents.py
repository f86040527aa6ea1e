"""Counts and ends that summarise other tables, and findings that belong to the source of their record."""

from __future__ import annotations

from collections import Counter

from schemas.constraints.constraint import Catalogue, of_each_row, of_table


@of_table("sources", "records", "source", expected="the number of rows of status_codes with that source")
def records_of_source_counted(catalogue: Catalogue) -> list[bool]:
    counted = Counter(catalogue.column("status_codes", "source"))
    return [records == counted[source] for source, records in catalogue.rows("sources", "source", "records")]


@of_table("sources", "tables", "source", expected="the number of rows of tables with that source")
def tables_of_source_counted(catalogue: Catalogue) -> list[bool]:
    counted = Counter(catalogue.column("tables", "source"))
    return [tables == counted[source] for source, tables in catalogue.rows("sources", "source", "tables")]


@of_table("tables", "records", "source", "table", expected="the number of rows of status_codes with that source and table")
def records_of_table_counted(catalogue: Catalogue) -> list[bool]:
    counted = Counter(catalogue.rows("status_codes", "source", "table"))
    return [records == counted[source, table] for source, table, records in catalogue.rows("tables", "source", "table", "records")]


@of_table("sources", "first_code", "last_code", "source", expected="the first and last code that the source prints, null for none")
def ends_of_source(catalogue: Catalogue) -> list[bool]:
    printed: dict[str, list[str]] = {}
    for source, code in catalogue.rows("status_codes", "source", "code"):
        if code is not None:
            printed.setdefault(source, []).append(code)
    return [
        ((printed[source][0], printed[source][-1]) if source in printed else (None, None)) == (first_code, last_code)
        for source, first_code, last_code in catalogue.rows("sources", "source", "first_code", "last_code")
    ]


@of_each_row("findings", "id", "source", expected="a record of the finding's own source")
def finding_of_own_source(record_id: str | None, source: str) -> bool:
    return record_id is None or record_id.startswith(f"{source}:")


CONSTRAINTS = (
    records_of_source_counted,
    tables_of_source_counted,
    records_of_table_counted,
    ends_of_source,
    finding_of_own_source,
)
