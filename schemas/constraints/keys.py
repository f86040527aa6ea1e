"""Primary and foreign keys, and the order of the sources, as the contracts declare them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from schemas.columns import Contract, Reference
from schemas.constraints.constraint import Catalogue, Constraint
from schemas.contract import CONTRACTS


def _make_primary_key(contract: Contract) -> Constraint:
    def judge(catalogue: Catalogue) -> list[bool]:
        keys = list(catalogue.rows(contract.name, *contract.key))
        times = Counter(keys)
        return [times[key] == 1 for key in keys]

    return Constraint(name="primary_key", table=contract.name, shows=contract.key, expected="a key that no other row has", judge=judge)


def _make_foreign_key(contract: Contract, reference: Reference) -> Constraint:
    def judge(catalogue: Catalogue) -> list[bool]:
        known = set(catalogue.rows(reference.target, *reference.target_columns))
        return [None in values or values in known for values in catalogue.rows(contract.name, *reference.columns)]

    return Constraint(
        name=f"foreign_key_{reference.target}",
        table=contract.name,
        shows=reference.columns,
        expected=f"a row of {reference.target} with this {', '.join(reference.target_columns)}",
        judge=judge,
    )


def _make_source_order(contract: Contract) -> Constraint:
    def judge(catalogue: Catalogue) -> list[bool]:
        sources = catalogue.column(contract.name, "source")
        return [True] * min(len(sources), 1) + [before <= source for before, source in pairwise(sources)]

    return Constraint(name="source_order", table=contract.name, shows=("source",), expected="sources in name order", judge=judge)


CONSTRAINTS = (
    *(_make_primary_key(contract) for contract in CONTRACTS.values() if contract.key),
    *(_make_foreign_key(contract, reference) for contract in CONTRACTS.values() for reference in contract.references),
    *(_make_source_order(contract) for contract in CONTRACTS.values()),
)
