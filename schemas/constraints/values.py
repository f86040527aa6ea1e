"""Values of a record that must agree with each other."""

from __future__ import annotations

import re
from datetime import date

from schemas.constraints.constraint import Catalogue, of_each_row, of_table
from schemas.contract import CONTRACTS
from schemas.vocabulary import STATUS_CLASSES

_DIGITS = re.compile(r"[A-Z]+([1-5][0-9]{2})-")
_RECORD_OR_TERM_FIELDS = {name for table in ("status_codes", "terms") for name in CONTRACTS[table].column_names}
_ALL_FIELDS = {name for contract in CONTRACTS.values() for name in contract.column_names}


@of_table("status_codes", "http_status", "code", expected="the status in the code's digits, or a finding status_contradiction about it")
def digits_agree(catalogue: Catalogue) -> list[bool]:
    reported = {record_id for record_id, rule in catalogue.rows("findings", "id", "rule") if rule == "status_contradiction"}
    return [
        _carries(code, http_status) or record_id in reported
        for record_id, code, http_status in catalogue.rows("status_codes", "id", "code", "http_status")
    ]


def _carries(code: str | None, http_status: int | None) -> bool:
    """Whether a code such as `PR404-OD-0001` carries that status, or carries none, or the document states none."""
    found = _DIGITS.match(code or "")
    return found is None or http_status is None or int(found[1]) == http_status


@of_each_row("status_codes", "status_class", "http_status", expected="the class of http_status (RFC 9110 section 15)")
def class_of_status(status_class: str | None, http_status: int | None) -> bool:
    # A status outside 100-599 is reported as such, not here once more.
    return http_status is None or not 100 <= http_status <= 599 or status_class == STATUS_CLASSES[http_status // 100 - 1]


@of_table("status_codes", "status_class", "http_status", expected="null, for lack of an http_status and of a declared range of codes")
def class_has_origin(catalogue: Catalogue) -> list[bool]:
    declaring = {source for source, kind in catalogue.rows("terms", "source", "kind") if kind == "code_range"}
    return [
        status_class is None or http_status is not None or source in declaring
        for source, status_class, http_status in catalogue.rows("status_codes", "source", "status_class", "http_status")
    ]


@of_each_row("status_codes", "parameters", "message", expected="texts that occur in message in this order")
def parameters_in_message(parameters: list[str], message: str | None) -> bool:
    place = 0
    for parameter in parameters:
        found = (message or "").find(parameter, place)
        if found == -1:
            return False
        place = found + len(parameter)
    return True


@of_table("status_codes", "vendor", "product", "source", expected="the vendor and product of the source")
def vendor_of_source(catalogue: Catalogue) -> list[bool]:
    known = {source: (vendor, product) for source, vendor, product in catalogue.rows("sources", "source", "vendor", "product")}
    return [
        source not in known or known[source] == (vendor, product)
        for source, vendor, product in catalogue.rows("status_codes", "source", "vendor", "product")
    ]


@of_each_row("tables", "reason", "in_scope", expected="a reason where the table is out of scope, else null")
def reason_if_out_of_scope(reason: str | None, in_scope: bool) -> bool:  # noqa: FBT001 (a column's value)
    return in_scope == (reason is None)


@of_each_row("tables", "columns", expected="fields that are columns of status_codes or terms")
def fields_known(columns: list[dict[str, str | None]]) -> bool:
    return all(column["field"] in _RECORD_OR_TERM_FIELDS for column in columns if column["field"] is not None)


@of_each_row("findings", "field", expected="a column of one of the tables")
def field_known(field: str | None) -> bool:
    return field is None or field in _ALL_FIELDS


@of_each_row("sources", "retrieved_at", expected="a date that is in the calendar")
def instant_exists(retrieved_at: str | None) -> bool:
    if retrieved_at is None:
        return True
    try:
        # The date alone: the form holds hours, minutes and seconds within bounds, and allows the leap second that Python refuses.
        date.fromisoformat(retrieved_at[:10])
    except ValueError:
        return False
    return True


CONSTRAINTS = (
    digits_agree,
    class_of_status,
    class_has_origin,
    parameters_in_message,
    vendor_of_source,
    reason_if_out_of_scope,
    fields_known,
    field_known,
    instant_exists,
)
