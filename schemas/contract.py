"""The tables of the catalogue by name, in the order in which they are published."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from schemas import findings, sources, status_codes, tables, terms, withdrawn
from schemas.columns import Contract

CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {module.CONTRACT.name: module.CONTRACT for module in (status_codes, sources, tables, terms, findings, withdrawn)}
)


def contract_of(table_name: str) -> Contract:
    """The contract of one table; KeyError that names them where there is no such table."""
    if table_name not in CONTRACTS:
        raise KeyError(f"there is no table {table_name!r}; the tables are {', '.join(CONTRACTS)}")
    return CONTRACTS[table_name]
