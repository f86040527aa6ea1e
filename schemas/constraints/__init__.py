"""What must be true across the columns of a row, the rows of a table, and the tables."""

from __future__ import annotations

from schemas.constraints import documents, flags, identity, keys, places, values
from schemas.constraints.constraint import Catalogue, Constraint

CONSTRAINTS: tuple[Constraint, ...] = (
    *keys.CONSTRAINTS,
    *identity.CONSTRAINTS,
    *values.CONSTRAINTS,
    *flags.CONSTRAINTS,
    *places.CONSTRAINTS,
    *documents.CONSTRAINTS,
)

__all__ = ["CONSTRAINTS", "Catalogue", "Constraint"]
