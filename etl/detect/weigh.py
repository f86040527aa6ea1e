"""Does a table document codes? Evidence for and against, each with its weight and its reason.

Tables that explain requests, fields of answers, versions or history look much the same as tables of codes. What tells
them apart: the head over the codes, what codes and texts look like, the headings above, the other heads. The weights
are natural logarithms of odds, set by hand on the tuning pages of benchmarks/extraction.py and checked there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from etl.detect.columns import SURE_HEAD, TEXT_FIELDS, ColumnRole
from etl.detect.entry_roles import DEFINING
from etl.detect.page import Page
from etl.detect.shapes import Profile, profile_cells
from etl.detect.vocabulary import ROLES, is_about, is_field_name, score_head
from etl.model import Table

NEEDED = 3.0
"""The weight from which a table counts as documenting codes."""

_ERRNO = re.compile(r"[-\u2212]?E[A-Z0-9]{2,14}(?:(?:, ?| ?/ ?| or | and )[-\u2212]?E[A-Z0-9]{2,14})*")
"""Names as in errno.h: ENOENT, -ENOENT."""

_SOME_ROWS = 8
_SPAN = re.compile(r"[^a-z]*[0-9]+\s*(?:-|–|—|~|～|to|\.\.+|至)\s*[+-]?[0-9]+.*", re.DOTALL)
_SOME_FAILING = 0.2
_SOME_TEXTS = 80
_SOME_OPENERS = 4
_SOME_TITLES = 3
_SOME_DEFINITIONS = 4
_OPENED = frozenset({"list", "sections", "members", "code_list", "code_blocks", "code_headings", "labelled_blocks", "hanging_indents"})
"""Layouts in which a code opens each entry, and no head stands over it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """How much speaks for a table, with the pieces of evidence as (weight, reason)."""

    weight: float
    evidence: tuple[tuple[float, str], ...]

    def plus(self, weight: float, reason: str) -> Weighed:
        """The same with one more piece of evidence."""
        return Weighed(weight=round(self.weight + weight, 2), evidence=(*self.evidence, (round(weight, 2), reason)))

    def without(self, reason: str) -> float:
        """The weight without the evidence of this reason."""
        return round(self.weight - sum(weight for weight, why in self.evidence if why == reason), 2)

    @property
    def reason(self) -> str:
        """The strongest pieces on one line, those that decided first."""
        decided = sorted(self.evidence, key=lambda piece: piece[0], reverse=self.weight >= NEEDED)[:3]
        return "; ".join(f"{reason} ({weight:+.1f})" for weight, reason in decided)


def weigh_table(page: Page, table: Table, roles: Sequence[ColumnRole], columns: Sequence[Sequence[str]]) -> Weighed:
    """What speaks for and against the table, whose columns hold these texts in these roles."""
    place = next((place for place, role in enumerate(roles) if role.role == "code"), None)
    if place is None:
        return Weighed(weight=-5.0, evidence=((-5.0, "no column looks like a code"),))
    code, texts = roles[place], columns[place]
    profile = profile_cells(texts)
    evidence = [
        *_weigh_heads(roles, place),
        *_weigh_headings(page, table),
        *_weigh_codes(code, texts, profile, table),
        *(_weigh_definitions(roles, columns) if table.layout in DEFINING else _weigh_columns(roles, columns, place)),
        *_weigh_decoys(roles, columns, place),
    ]
    kept = tuple((round(weight, 2), reason) for weight, reason in evidence if abs(weight) >= 0.05)
    return Weighed(weight=round(sum(weight for weight, _ in kept), 2), evidence=kept)


def _weigh_heads(roles: Sequence[ColumnRole], place: int) -> list[tuple[float, str]]:
    head = roles[place].head
    heads = score_head(head)
    found: list[tuple[float, str]] = []
    best = max(heads.get("code", 0.0), heads.get("http_status", 0.0))
    if best:
        found.append((2.6 * best, f"the head {head!r}"))
    others = 0.0
    for other, role in enumerate(roles):
        said = score_head(role.head)
        if other != place and role.role in {"message", "resolution", "description", "name", "http_status"}:
            strength = {"message": 0.7, "resolution": 0.9, "description": 0.45, "name": 0.3, "http_status": 0.9}[role.role]
            others += strength * said.get(role.role, 0.0)
    if others:
        found.append((min(others, 1.5), "heads of texts beside it"))
    return found


def _weigh_headings(page: Page, table: Table) -> list[tuple[float, str]]:
    near = page.near(table)
    found: list[tuple[float, str]] = []
    nearest = near[0] if near else None
    farther = next((text for text in near[1:] if is_about("topic", text)), None)
    if is_about("other_topic", nearest) and is_about("other_topic", farther):
        farther = None  # "Opcodes and status codes" says nothing about what stands under "Opcodes"
    if is_about("topic", nearest):
        found.append((1.6, f"the heading {nearest!r}"))
    elif is_about("other_topic", nearest):
        found.append((-1.4 if farther is None else -0.8, f"the heading {nearest!r}"))
    if farther is not None:
        found.append((0.8, f"the heading {farther!r} farther above"))
    title = page.title if page.title not in near[:1] else None
    if is_about("topic", title):
        found.append((0.9, f"the title {title!r}"))
    if is_about("topic", re.sub(r"[-_.]", " ", page.document.name.rsplit(".", 1)[0])):
        # The name of a fragment without headings and title is all that says what it is about.
        found.append((0.6 if near or page.title else 1.6, "the name of the page"))
    if is_about("topic", page.intro(table.line_start) if page.blocks else page.opening):
        found.append((0.6, "the sentences before it"))
    if not any(weight > 0 for weight, _ in found):
        found.append((-0.8, "nothing around it speaks of errors"))
    return found


def _weigh_codes(code: ColumnRole, texts: Sequence[str], profile: Profile, table: Table) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    if table.layout in _OPENED and profile.filled >= _SOME_OPENERS and profile.unique >= 0.9 and profile.coded >= 0.9:
        found.append((1.0, f"{profile.filled} entries that open with a code"))
    if table.layout == "sections" and code.head != "" and profile.distinct < _SOME_TITLES:
        found.append((-2.0, "hardly any titles with a code below"))
    if "http_status" in code.also:
        found.append((1.6, "the codes are HTTP statuses"))
    if profile.share("series") >= 0.3 and profile.share("series", "integer") >= 0.6:
        found.append((0.9, "numbered codes"))
    elif profile.share("hex") >= 0.6 or any(text.startswith(("-", "−")) for text in texts[:_SOME_TEXTS]):
        found.append((0.5, "hexadecimal or negative codes"))
    elif profile.share("integer") >= 0.8 and not code.also:
        longest = max((len(text) for text in texts[:50]), default=0)
        found.append((0.4 if longest >= 3 else -0.4, "numbers"))
    if profile.symbolic >= 0.6:
        failing = sum(is_about("failure", _spell_out(text)) for text in texts[:_SOME_TEXTS]) / max(1, min(len(texts), _SOME_TEXTS))
        headed = max(score_head(code.head).get("code", 0.0), 0.0) > 0
        doubt = 0.5 if headed or failing >= _SOME_FAILING else 1.5
        found.append((1.8 * failing - doubt, f"{failing:.0%} of the symbols speak of failure"))
    elif profile.share("word", "label", "prose") >= 0.6 and code.split is None:
        failing = sum(is_about("failure", text) for text in texts[:_SOME_TEXTS]) / max(1, min(len(texts), _SOME_TEXTS))
        found.append((1.8 * failing - 1.5, f"words instead of codes, {failing:.0%} of them of failure"))
    if profile.filled and profile.unique < 0.3 and profile.filled > 3:
        found.append((-1.2, "the same few codes over and over"))
    if code.split is None and profile.filled > 1 and max(profile.coded, profile.symbolic, profile.textual) < 0.7:
        found.append((-1.5, "codes of many kinds"))
    spans = sum(bool(_SPAN.fullmatch(text)) for text in texts[:_SOME_TEXTS])
    if spans > 0.3 * max(1, min(profile.filled, _SOME_TEXTS)):
        found.append((-3.0, "ranges, not codes"))
    if profile.filled <= 1:
        found.append((-0.5, "a single row"))
    return found


def _weigh_definitions(roles: Sequence[ColumnRole], columns: Sequence[Sequence[str]]) -> list[tuple[float, str]]:
    """A program defines sizes and limits, too: the names or the comments must tell of failure."""
    named = [cells for role, cells in zip(roles, columns, strict=True) if role.role != "code"]
    failing = [any(is_about("failure", _spell_out(text)) for text in texts) for texts in zip(*named, strict=True)][:_SOME_TEXTS]
    share = sum(failing) / max(1, len(failing))
    told = 1.8 * share if share >= 0.25 else 7.0 * share - 1.75
    found = [(1.0, "a name with each number"), (told, f"{share:.0%} of them speak of failure")]
    return found if len(failing) >= _SOME_DEFINITIONS else [*found, (-0.5, "a few definitions")]


def _weigh_columns(roles: Sequence[ColumnRole], columns: Sequence[Sequence[str]], place: int) -> list[tuple[float, str]]:
    return [*_weigh_pairs(roles, columns, place), *_weigh_texts(roles, columns)]


def _weigh_pairs(roles: Sequence[ColumnRole], columns: Sequence[Sequence[str]], place: int) -> list[tuple[float, str]]:
    """Numbers with a symbol each are what error codes are made of."""
    split = roles[place].split
    if split is not None and split.symbolic:
        return [(1.0, "a symbol with each number")]
    numbered = (split is not None and split.described) or profile_cells(columns[place]).coded >= 0.8
    for role, cells in zip(roles, columns, strict=True):
        if role.role == "name" and numbered:
            names = profile_cells(cells)
            if names.symbolic >= 0.8 and names.unique >= 0.9:
                return [(1.0, "a symbol with each number")]
    return []


def _spell_out(symbol: str) -> str:
    if _ERRNO.fullmatch(symbol):
        return "error"
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-_./:]+", " ", symbol)


def _weigh_texts(roles: Sequence[ColumnRole], columns: Sequence[Sequence[str]]) -> list[tuple[float, str]]:
    texts = [
        text for role, cells in zip(roles, columns, strict=True)
        if role.role in {"message", "description", "resolution", "name"} or (role.split is not None and role.split.described)
        for text in cells[:_SOME_TEXTS] if text
    ]  # fmt: skip
    if not texts:
        if any(role.split is not None for role in roles):
            return []
        return [(-2.2, "no text beside the codes")]
    if len(texts) >= _SOME_OPENERS and len({re.sub(r"[0-9]+", "", text) for text in texts}) == 1:
        # Under heads that say so, `Request 1 failed` and `Request 2 failed` are two messages.
        headed = any(max(score_head(role.head).get(field, 0.0) for field in TEXT_FIELDS) >= SURE_HEAD for role in roles)
        if len(set(texts)) == 1 or not headed:
            return [(-3.0, "the same text beside every code, but for numbers")]
    failing = sum(is_about("failure", _spell_out(text)) for text in texts) / len(texts)
    if failing >= 0.25 or len(texts) < _SOME_ROWS:
        return [(1.8 * failing, f"{failing:.0%} of the texts speak of failure")]
    return [(7.0 * failing - 1.75, "hardly any text speaks of failure")]


def _weigh_decoys(roles: Sequence[ColumnRole], columns: Sequence[Sequence[str]], place: int) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    for other, (role, cells) in enumerate(zip(roles, columns, strict=True)):
        heads = score_head(role.head)
        rivals = max(heads.get(name, 0.0) for name in ROLES)
        decoy = heads.get("decoy", 0.0)
        if decoy > 0.5 and decoy >= rivals:
            found.append((-2.5 if other in {0, place} else -0.9, f"the head {role.head!r} of other tables"))
        if profile_cells(cells[:100]).share("type") >= 0.5:
            found.append((-4.0, f"data types under {role.head!r}"))
    named = sum(is_field_name(text) for text in columns[place]) / max(1, len(columns[place]))
    if named >= 0.5:
        found.append((-3.5, "names of fields of an answer"))
    return found
