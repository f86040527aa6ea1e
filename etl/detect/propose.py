"""The spec that a person would write for what was chosen: one entry per form of table, each column with what it feeds.

The spec is a dict of TOML values, so that the same thing is built from at once and written as a draft.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from etl.detect.candidates import Candidate
from etl.detect.choose import Choice
from etl.detect.columns import ColumnRole
from etl.detect.entry_roles import repeats_code
from etl.detect.page import Page
from etl.detect.prepare import GROUP
from etl.detect.shapes import find_shape
from etl.detect.vocabulary import guess_language
from etl.extract import TEXT_LAYOUTS
from etl.model import Row
from etl.values import PLACEHOLDERS

DASHES = ("-", "–", "—", "--", "---")
"""What is printed into cells that are empty."""

_STATUS = r"(?P<http_status>[1-5][0-9]{2})"
_REST = "drafted by detection: what stands outside the tables named here has not been looked at"
_COLLAPSING = frozenset({"flattened_cells"})
"""Layouts in which an empty cell may have been dropped, the rest of its row moved up."""

_AS_ABOVE_SHARE = 0.3
_FEWEST_GAPS = 2


def propose_spec(page: Page, choice: Choice) -> dict[str, Any] | None:
    """The spec for the chosen candidates; None where nothing was chosen."""
    if not choice.taken:
        return None
    name = page.document.name.replace("\\", "/").rsplit("/", 1)[-1] or "page"
    spec: dict[str, Any] = {
        "source": make_source(name),
        "document": name,
        "format": page.format,
        "encoding": page.document.encoding,
        "title": page.title,
        "language": guess_language(page.document.text),
        "rest": _REST,
        "placeholders": _find_placeholders(choice.taken),
        "tables": _propose_tables(choice),
    }
    return {key: value for key, value in spec.items() if value not in (None, [], ())}


def make_source(name: str) -> str:
    """The key of a source named after the file `name`: without its ending, in lower case, hyphens for all else."""
    stem = re.sub(r"\.[^.]*$", "", name) or name
    return re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or "page"


def _propose_tables(choice: Choice) -> list[dict[str, Any]]:
    """An entry for each form of what is taken, then the tables of the same layouts that are left out."""
    readings = {(candidate.table.layout, candidate.options) for candidate in choice.taken}
    groups: dict[tuple[Any, ...], list[tuple[Candidate, str | None]]] = defaultdict(list)
    decided: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    shown: list[tuple[Candidate, str | None]] = [(candidate, None) for candidate in choice.taken]
    shown += [
        (candidate, reason) for candidate, reason in choice.left_out if (candidate.table.layout, candidate.options) in readings
    ]  # fmt: skip
    for candidate, reason in shown:
        header = () if candidate.headless else candidate.heads
        place = (candidate.table.layout, candidate.options, header, len(candidate.heads), candidate.table.section)
        # Tables that a spec cannot tell apart share one fate, that of the first: those that are taken come first.
        key = decided.setdefault(place, (*place[:4], reason is not None, _reading_key(candidate) if reason is None else None))
        groups[key].append((candidate, reason))
    forms: dict[tuple[Any, ...], int] = defaultdict(int)
    for key in groups:
        forms[key[:4]] += 1
    return [_propose_entry(group, alone=forms[key[:4]] == 1) for key, group in groups.items()]


def _reading_key(candidate: Candidate) -> tuple[Any, ...]:
    return tuple((role.role, role.also, role.split) for role in candidate.roles)


def _propose_entry(group: Sequence[tuple[Candidate, str | None]], *, alone: bool) -> dict[str, Any]:
    candidate, reason = group[0]
    taken = [member for member, why in group]
    entry: dict[str, Any] = {"layout": candidate.table.layout}
    sections = list(dict.fromkeys(member.table.section for member in taken if member.table.section is not None))
    if not alone and sections:
        entry["sections" if len(sections) > 1 else "section"] = sections if len(sections) > 1 else sections[0]
    if candidate.headless:
        entry["headless"] = True
    elif candidate.table.layout in TEXT_LAYOUTS:
        entry["heads_found"] = True
    for key in ("item", "starts", "labels"):
        value = getattr(candidate.options, key)
        if value:
            entry[key] = list(value) if key == "labels" else value
    if reason is not None:
        entry["out_of_scope"] = reason
        entry["columns"] = [{"head": head} for head in candidate.heads]
        return entry
    rows = [row for member in taken for row in member.rows]
    entry["columns"] = [_propose_column(candidate, place, taken) for place in range(len(candidate.heads))]
    dragged = [row for member, why in group if why is not None for row in member.table.rows]
    entry.update(_propose_rows(candidate, taken, rows, dragged))
    return entry


def _propose_rows(candidate: Candidate, taken: Sequence[Candidate], rows: Sequence[Row], dragged: Sequence[Row]) -> dict[str, Any]:
    """What a spec says about the rows: widths, blanks that mean "as above", rows that are none.

    `dragged` are the rows of tables that were left out but that a spec cannot tell from these.
    """
    found: dict[str, Any] = {}
    width = len(candidate.heads)
    if any(len(row.cells) != width for member in taken for row in member.table.rows):
        found["ragged"] = True
    if candidate.table.layout in _COLLAPSING and any(row.cells[-1].text == "" for row in rows if len(row.cells) == width):
        found["collapsed"] = True
    above = [
        candidate.heads[place] for place, role in enumerate(candidate.roles)
        if role.role in {"http_status", "error_type"} and _means_above([member.texts(place) for member in taken])
    ]  # fmt: skip
    if above:
        found["as_above"] = above
    place = candidate.code_place
    grouped = place == 0 and not any(_is_group(row) for row in rows)
    if grouped and any(why == GROUP for member in taken for _, why in member.skipped):
        found["group_rows"] = True
    skipped: dict[str, list[str]] = defaultdict(list)
    for member in taken:
        for text, why in member.skipped:
            if grouped and why == GROUP:
                continue
            if text not in skipped[why]:
                skipped[why].append(text)
    split = None if place is None else candidate.roles[place].split
    if place is not None and split is not None:
        texts = dict.fromkeys(row.cells[place].text for row in dragged if place < len(row.cells))
        if without := [text for text in texts if text and not split.holds_code(text)]:
            skipped["no code"] += without
    if place is not None and any(skipped.values()):
        found["skipped"] = [
            {"head": candidate.heads[place], "pattern": "|".join(map(re.escape, texts)), "reason": why} for why, texts in skipped.items()
        ]
    return found


def _is_group(row: Row) -> bool:
    return all(cell.text == "" for cell in row.cells[1:])


def _means_above(columns: Sequence[Sequence[str]]) -> bool:
    """Whether blanks mean "as above": there are many, the first row has none, and no value stands twice in a row."""
    blanks = cells = 0
    for texts in columns:
        filled = [text for text in texts if text]
        if not filled or not texts[0] or any(one == other for one, other in itertools.pairwise(filled)):
            return False
        blanks += len(texts) - len(filled)
        cells += len(texts)
    return cells > 0 and blanks >= _AS_ABOVE_SHARE * cells


def _propose_column(candidate: Candidate, place: int, taken: Sequence[Candidate]) -> dict[str, Any]:
    role = candidate.roles[place]
    column: dict[str, Any] = {"head": candidate.heads[place]}
    texts = [text for member in taken for text in member.texts(place)]
    if role.role == "none":
        return column | {"ignored": role.reason}
    if role.role == "code":
        return column | _propose_code(role, texts)
    if role.role == "http_status":
        return column | _propose_status(texts)
    if role.role == "message" and candidate.code_place is not None:
        codes = [text for member in taken for text in member.texts(candidate.code_place)]
        if repeats_code(texts, codes):
            return column | {"pattern": _strip_code(codes)}
    blank = [dash for dash in DASHES if dash in texts]
    return column | {"field": role.role} | ({"blank": blank} if blank else {})


def _propose_code(role: ColumnRole, texts: Sequence[str]) -> dict[str, Any]:
    blank = [dash for dash in DASHES if dash in texts]
    also = "http_status" in role.also
    if role.split is not None:
        pattern = role.split.pattern
        if also:
            pattern = pattern.replace("(?P<code>", f"(?P<code>{_STATUS}(?![0-9]|\\s*[,，、/]\\s*[0-9])|", 1)
        return {"pattern": pattern}
    filled = [text for text in texts if text and text not in blank]
    extra = {"blank": blank} if blank else {}
    if also and all(re.fullmatch(r"[1-5][0-9]{2}", text) for text in filled):
        return {"field": "code", "also": ["http_status"], **extra}
    if also:
        return {"pattern": rf"(?P<code>{_STATUS}|.*)", **extra}
    return {"field": "code", **extra}


def _propose_status(texts: Sequence[str]) -> dict[str, Any]:
    if all(re.fullmatch(r"[1-5][0-9]{2}", text) for text in texts if text):
        return {"field": "http_status"}
    # A status with its phrase, or several: only a lone one says which status goes with the code.
    return {"pattern": rf"(?:[^0-9]*{_STATUS}(?:[^0-9].*)?|.*)" if _lone(texts) else rf"(?:[^0-9]*{_STATUS}[^0-9]*|.*)"}


def _lone(texts: Sequence[str]) -> bool:
    return all(len(re.findall(r"(?<![0-9])[1-5][0-9]{2}(?![0-9])", text)) <= 1 for text in texts)


def _strip_code(codes: Sequence[str]) -> str:
    shapes = {find_shape(code) for code in codes if code}
    code = r"[-+\u2212]?[0-9]+" if shapes <= {"integer"} else r"[^\s:：]+"
    return rf"(?:{code}\s*[-:：–—.)]\s*)?(?P<message>.*)"


def _find_placeholders(taken: Sequence[Candidate]) -> list[str]:
    """The syntaxes of gaps that stand in several messages."""
    messages = [
        text
        for candidate in taken
        for place, role in enumerate(candidate.roles)
        if role.role == "message"
        for text in candidate.texts(place)
    ]
    return [
        syntax for syntax, pattern in PLACEHOLDERS.items() if sum(bool(re.search(pattern, text)) for text in messages) >= _FEWEST_GAPS
    ]

