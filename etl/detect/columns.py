"""A column of a table as the roles are decided from it: its head, what the words of the head say, what its cells look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.detect.shapes import Profile, profile_cells
from etl.detect.splits import Split, find_split
from etl.detect.vocabulary import ROLES, Role, score_head

SURE_HEAD = 0.62
"""A head that scores as much names its role by a strong word that stands at its place."""

_SPLIT_WORDS = 14
"""Cells longer than this on average are texts that begin with a code, not a code with its name."""

TEXT_FIELDS: tuple[Role, ...] = ("message", "description", "resolution")


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What the page says around a table: is it about HTTP, about returned messages, and which texts its samples return."""

    http: bool = False
    returned: bool = False
    samples: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnRole:
    """A column with its role: `also` are further fields that take the same cell, `split` divides code and name."""

    head: str
    role: Role
    score: float
    reason: str
    also: tuple[Role, ...] = ()
    split: Split | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Column:
    """A column and what is known of it; columns are compared by identity, since each is looked for among all."""

    place: int
    head: str
    heads: Mapping[str, float]
    profile: Profile
    texts: Sequence[str]
    split: Split | None

    def says(self, role: str) -> float:
        """How far the head names the role, 0 to 1."""
        return self.heads.get(role, 0.0)

    @property
    def is_other(self) -> bool:
        """The head names something else than a field of ours."""
        return self.says("none") > max(0.5, *(self.says(role) for role in ROLES if role != "none"))


def look_at(place: int, head: str, texts: Sequence[str]) -> Column:
    """The column in this place, under this head ("" where none is printed), with these cells."""
    profile = profile_cells(texts)
    split = None
    if profile.coded < 0.6 and profile.filled and profile.words <= _SPLIT_WORDS:
        split = find_split(texts)
    heads = dict(score_head(head))
    if "http" in head.casefold() and max(heads.get("code", 0.0), heads.get("name", 0.0)) > 0:
        heads["http_status"] = max(heads.get("http_status", 0.0), 0.9)
    return Column(place=place, head=head, heads=heads, profile=profile, texts=texts, split=split)


def give(roles: dict[int, ColumnRole], column: Column, role: Role, score: float, reason: str) -> None:
    """Give the column its role in `roles`, which are by place; the score is brought between 0 and 1."""
    split = column.split if role == "code" else None
    roles[column.place] = ColumnRole(head=column.head, role=role, score=round(max(0.0, min(score, 1.0)), 2), reason=reason, split=split)
