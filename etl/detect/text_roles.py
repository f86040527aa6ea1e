"""What the columns beside the code say: name, type, message, description, resolution, or nothing of ours.

Told apart by their heads ("Message", "原因"), where these say nothing by the length of the texts; and a description is the
message where the page says that it is what the API returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from etl.detect.columns import SURE_HEAD, TEXT_FIELDS, Column, ColumnRole, Context, give
from etl.detect.shapes import profile_cells
from etl.detect.vocabulary import Role

_SHARED = 0.65
"""Texts of which as few are different, below a head that says nothing, say where a code occurs rather than what it means."""

_ONLY_TEXT = 0.75
"""How sure the role of the only text is where no head says anything: it is about the code, if it is no message."""


def assign_texts(known: Sequence[Column], roles: dict[int, ColumnRole], context: Context) -> None:
    """Tell the remaining columns apart: name, type, message, description, resolution, or nothing of ours."""
    left = [column for column in known if column.place not in roles]
    codes = [column.texts for column in known if column.place in roles and roles[column.place].role == "code"]
    for column in left:
        if any(_repeats(column, texts) for texts in codes):
            give(roles, column, "none", 0.7, "the code once more")
    left = [column for column in left if column.place not in roles]
    texts = [column for column in left if _is_text(column)]
    for column in left:
        if not _is_text(column):
            reason = "an empty column" if column.profile.filled == 0 else "neither text nor the best code"
            if _is_label_head(column):
                give(roles, column, "name", 0.5, f"the head {column.head!r}")
            else:
                give(roles, column, "none", 0.7, reason)
    has_name = any(role.role == "name" or (role.split is not None) for role in roles.values())
    choices: dict[int, Role] = {column.place: _choose_text_role(column, texts) for column in texts}
    if not has_name:
        _find_label(texts, choices)
    _tell_message(texts, choices, context, roles.values())
    for column in texts:
        role = choices[column.place]
        said = column.says(role)
        if role == "name" and has_name:
            role = "error_type" if column.profile.unique < 0.7 else "description" if column.profile.words > 3 else "none"
        if not column.head and len(texts) == 1:
            give(roles, column, role, _ONLY_TEXT, "the only text, below no head")
            continue
        give(roles, column, role, 0.45 + 0.5 * said, f"the head {column.head!r}" if said > 0.3 else "its texts")


def _repeats(column: Column, codes: Sequence[str]) -> bool:
    same = sum(text == code for text, code in zip(column.texts, codes, strict=True))
    return same >= 0.9 * len(codes)


def _is_text(column: Column) -> bool:
    if column.profile.filled == 0:
        return max(column.says(role) for role in TEXT_FIELDS) >= SURE_HEAD
    if column.profile.distinct <= 4 and column.profile.longest <= 2 and column.profile.filled >= 6:
        return False
    if column.profile.textual >= 0.4:
        return True
    return max(column.says(role) for role in TEXT_FIELDS) >= SURE_HEAD and column.profile.share("yes_no", "type", "integer") < 0.8


def _is_label_head(column: Column) -> bool:
    return column.says("name") >= SURE_HEAD and column.profile.filled > 0 and column.profile.share("symbol", "word", "series") > 0.5


def _choose_text_role(column: Column, texts: Sequence[Column]) -> Role:
    said = {role: column.says(role) for role in ("name", "error_type", "message", "description", "resolution", "none")}
    if said["resolution"] >= 0.5 and max(said["description"], said["message"]) >= 0.5:
        return "description"
    if column.says("decoy") > 0.6 and max(said.values()) < column.says("decoy"):
        said["none"] = column.says("decoy")
    best = max(said, key=lambda role: said[role])
    if column.says("code") > max(0.5, said[best]) and column.profile.words <= 4 and len(texts) > 1:
        return "name"
    explained = any(other.says(role) >= SURE_HEAD for other in texts for role in TEXT_FIELDS if other is not column)
    if column.head and explained and column.profile.unique < _SHARED and (said[best] < 0.3 or best == "none"):
        return "none"
    if best == "resolution" and column.profile.symbolic >= 0.8:
        return "none"
    if said[best] < 0.3:
        if column.profile.words <= 2 and len(texts) > 1 and column.head:
            return "none"
        return "description"
    if best == "none" and column.profile.words > 6 and said["description"] > 0.3:
        return "description"
    if said[best] >= SURE_HEAD:
        if best in {"name", "error_type"} and column.profile.words > 7:
            return "description"
        return best  # type: ignore[return-value]
    # A weak word: short labels beside other texts are names, sentences the message or the description.
    if said["name"] > 0.3 and len(texts) > 1 and column.profile.words <= 5 and column.profile.share("prose") < 0.3:
        return "name"
    others = [other for other in texts if other is not column]
    if said["message"] > 0.3 and any(other.says("description") >= SURE_HEAD for other in others):
        return "message"
    return "description"


def _find_label(texts: Sequence[Column], choices: dict[int, Role]) -> None:
    """A short label beside a longer explanation is a name, though its head may say "Meaning" or "Reason"."""
    if "name" in choices.values():
        return
    described = [column for column in texts if choices[column.place] == "description"]
    if len(described) < 2:
        return
    first, *others = described
    is_short = first.profile.words <= 4 and first.profile.share("prose") < 0.2 and first.profile.unique >= 0.7
    if is_short and any(other.profile.words >= 2 * first.profile.words and other.profile.words >= 5 for other in others):
        choices[first.place] = "name"


def _tell_message(texts: Sequence[Column], choices: dict[int, Role], context: Context, given: Iterable[ColumnRole]) -> None:
    """Where no column is the message, one of the described may be what the page says that the API returns."""
    splits = [role.split for role in given if role.split is not None]
    if "message" in choices.values() or any(split.returned for split in splits):
        return
    described = [column for column in texts if choices[column.place] == "description"]
    if not described:
        return
    details = [column for column in described if column.says("message") > 0.3 and column.profile.placeholders]
    if len(described) > 1 and details:
        choices[details[0].place] = "message"
        return
    column = described[0]
    # Beside a title a text rather explains than is returned: then headings alone do not prove it.
    doubt = 0.2 if splits else 0.0
    if len(described) == 1 and is_returned(column.texts, max(column.says("description"), doubt), context):
        choices[column.place] = "message"


def is_returned(texts: Sequence[str], said_description: float, context: Context) -> bool:
    """Whether texts are what the API returns: a sample of the page bears one, they have gaps to fill, headings say so."""
    evidence = 0.0
    if context.samples and any(_sample_key(line) in context.samples for text in texts for line in text.split("\n")):
        evidence += 2.0
    gaps = profile_cells(texts)
    if gaps.placeholders >= 2 and gaps.placeholders >= 0.04 * gaps.filled:
        evidence += 1.6
    if context.returned:
        evidence += 0.8
    return evidence > 0.7 + 0.8 * said_description


def _sample_key(text: str) -> str:
    return text.removeprefix("- ").strip().casefold()
