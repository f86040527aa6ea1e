"""What each column of a table means, decided from its head and from its values.

The code comes first (code_roles.py), with what stands beside it as a number or symbol; what is left is text (text_roles.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etl.detect.code_roles import assign_codes
from etl.detect.columns import Column, ColumnRole, Context, look_at
from etl.detect.splits import as_message, holds_quotes
from etl.detect.text_roles import assign_texts
from etl.detect.vocabulary import Role


def assign_roles(header: Sequence[str], columns: Sequence[Sequence[str]], context: Context) -> tuple[ColumnRole, ...]:
    """The roles of the columns with these heads ("" where none is printed) and these cells, one sequence per column."""
    known = [look_at(place, head, texts) for place, (head, texts) in enumerate(zip(header, columns, strict=True))]
    roles: dict[int, ColumnRole] = {}
    assign_codes(known, roles, context)
    if context.returned:
        _take_quoted(known, roles)
    assign_texts(known, roles, context)
    return tuple(roles[column.place] for column in known)


def _take_quoted(known: Sequence[Column], roles: dict[int, ColumnRole]) -> None:
    """What stands in quotes beside the codes, on a page that speaks of messages, is the message."""
    for place, role in roles.items():
        if role.split is not None and holds_quotes(role.split, known[place].texts):
            roles[place] = replace(role, split=as_message(role.split))


def drop_field(roles: Sequence[ColumnRole], field: Role) -> tuple[ColumnRole, ...]:
    """The roles without the extra field `field` on the code."""
    return tuple(replace(role, also=tuple(other for other in role.also if other != field)) for role in roles)
