"""How sure records and pages are, 0 to 1: numbers that mean what they say.

A record is as sure as its table documents codes at all, times how surely its filled columns mean what they are taken
for, times how well the row fits in with the others and how clean the texts are. The numbers are set by hand on pages
that had not been seen before, where what weighs little or stands in no table was often wrong: so below 0.6 a page
must be looked at, above 0.9 a record can be trusted. benchmarks/extraction.md shows how often records of each range
are right in all fields.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from etl.assign import AssignedTable
from etl.detect.candidates import Candidate
from etl.detect.choose import Choice
from etl.detect.columns import TEXT_FIELDS, ColumnRole
from etl.detect.entry_roles import FEW
from etl.detect.shapes import NUMERIC, Shape, find_shape, profile_cells
from etl.detect.vocabulary import score_head
from etl.detect.weigh import NEEDED
from etl.model import Record, Table
from etl.normalize import Reading

_UNKNOWN = 0.3
_ODD_CODE = 0.7
"""The factor for a code that looks unlike the others of its table."""

_NO_CODE = 0.75
_NO_TEXT = 0.9
_UNSURE = 0.6
_LONG_NAME = 0.85
_LEFT_OUT = 0.92
_TEXT_WITH_CODE = 0.9
_JOINED = 0.85
"""The factor for each further column of a text: it may as well be another one."""
_SAME_TEXT = 0.5
_LOOKED_AT = 50
_BEGINNING = 400
_SOME_TEXTS = 3
_MARKED = 0.6
_LABELLED = 0.7
_SURE_LABEL = 0.8
_MARKUP = re.compile(r"</?(?:a|b|br|code|dd|div|em|font|i|li|p|pre|span|strong|td|tr|u|ul)(?:\s[^<>]{0,80})?/?>|&(?:amp|gt|lt|nbsp|quot);")
_LABEL = re.compile(r"(?:^|[\s.。])([^\W\d_][^\W\d_ ]{2,23}(?: [^\W\d_]{2,20})?)\s?[:：]")

LAYOUTS = {
    "html_table": 1.0, "pipe_table": 1.0, "list_table": 1.0, "grid_table": 1.0, "simple_table": 1.0, "csv_table": 1.0,
    "asciidoc_table": 1.0, "field_list": 0.98,
    "definition_list": 0.95, "sections": 0.95, "members": 0.95, "list": 0.95,
    "flattened_cells": 0.97, "cell_paragraphs": 0.96, "ruled_tables": 0.97,
    "fixed_width": 0.95, "line_records": 0.92, "code_list": 0.92, "man_pages": 0.94, "man_tables": 0.96, "labelled_blocks": 0.92,
    "macro_lists": 0.92, "code_definitions": 0.92, "headed_lines": 0.95, "delimited_lines": 0.95,
    "hanging_indents": 0.9, "code_headings": 0.9, "code_blocks": 0.9,
}  # fmt: skip
"""How plainly each layout shows what belongs together."""

def rate_records(choice: Choice, assigned: Sequence[AssignedTable], reading: Reading) -> tuple[float, ...]:
    """How sure each record is to be right in all fields."""
    by_table = {id(candidate.table): candidate for candidate in choice.taken}
    by_place = {_place(candidate.table): candidate for candidate in choice.taken}
    tables = {pair.number: by_table.get(id(pair.table)) or by_place.get(_place(pair.table)) for pair in assigned}
    by_number: dict[int, list[Record]] = defaultdict(list)
    for record in reading.records:
        by_number[record.table].append(record)
    shapes = {number: _usual_shapes(records) for number, records in by_number.items()}
    texts = {number: _share_with_text(records) for number, records in by_number.items()}
    bases = {
        number: 0.0 if candidate is None else _rate_form(candidate) * _rate_texts(by_number[number]) for number, candidate in tables.items()
    }
    return tuple(
        _rate(record, tables[record.table], bases[record.table], shapes[record.table], texts[record.table]) for record in reading.records
    )


def rate_page(choice: Choice, rated: Sequence[float]) -> float:
    """How sure it is that the records of a page are all that it documents, and right: their mean, less what nearly was taken, too."""
    if not rated:
        return 0.0
    mean = sum(rated) / len(rated)
    taken = sum(len(candidate.rows) for candidate in choice.taken)
    doubtful = sum(
        len(candidate.rows) for candidate, _ in choice.left_out
        if NEEDED - 1.0 <= candidate.weighed.weight < NEEDED and candidate.code_place is not None
    )  # fmt: skip
    return round(mean * (1.0 - 0.5 * doubtful / (taken + doubtful)), 3)


def _place(table: Table) -> tuple[str, int, int]:
    return table.layout, table.line_start, table.line_end


def _rate_form(candidate: Candidate) -> float:
    """How sure it is that a table was rightly taken and rightly cut into rows and cells."""
    left_out = sum(_is_text_left_out(candidate, place) for place in range(len(candidate.roles)))
    roles = Counter(role.role for role in candidate.roles)
    joined = sum(roles[role] - 1 for role in TEXT_FIELDS if roles[role] > 1)
    telling = 1.0 if _tells_codes_apart(candidate) else _SAME_TEXT
    layout = LAYOUTS[candidate.table.layout]
    return rate_table(candidate) * layout * _LEFT_OUT**left_out * _JOINED**joined * telling


def _rate(record: Record, candidate: Candidate | None, rating: float, usual: frozenset[Shape], with_text: float) -> float:
    if candidate is None:
        return _UNKNOWN
    for role in candidate.roles:
        rating *= _trust(role, record)
    if record.code is None:
        rating *= _NO_CODE
    elif usual and find_shape(record.code) not in usual:
        rating *= _ODD_CODE
    if with_text >= 0.9 and not (record.message or record.description or record.resolution or record.name):
        rating *= _NO_TEXT
    if record.unsure is not None:
        rating *= _UNSURE
    if record.name is not None and len(record.name) > 80:
        rating *= _LONG_NAME
    return round(rating, 3)


def _tells_codes_apart(candidate: Candidate) -> bool:
    """Whether the codes have different texts or names: a list of links to a page for each ("404 status code") tells nothing of them."""
    texts = [
        text for place, role in enumerate(candidate.roles) if role.role not in {"none", "code", "http_status"} or role.split is not None
        for text in candidate.texts(place) if text
    ]  # fmt: skip
    return len(texts) <= _SOME_TEXTS or len({re.sub("[0-9]+", "", text) for text in texts}) > 1


def _is_text_left_out(candidate: Candidate, place: int) -> bool:
    """Whether a column is left out that may have been a text of ours."""
    if candidate.roles[place].role != "none":
        return False
    profile = profile_cells(candidate.texts(place)[:_LOOKED_AT])
    return profile.fill > FEW and profile.share("prose") >= 0.5


def rate_table(candidate: Candidate) -> float:
    """How sure it is that a table documents codes: rising steeply with its weight, never quite 1."""
    return 0.99 / (1.0 + math.exp(-1.3 * (candidate.weighed.weight - NEEDED - 0.6)))


def _rate_texts(records: Sequence[Record]) -> float:
    """Whether the texts look as if they had been read whole and in parts: mark-up or the labels of other parts in them say no."""
    texts = [
        text[:_BEGINNING] for record in records[:: max(1, len(records) // _LOOKED_AT)]
        for text in (record.message, record.description) if text
    ]  # fmt: skip
    if len(texts) < _SOME_TEXTS:
        return 1.0
    labels = Counter(label for text in texts for label in {found[1] for found in _LABEL.finditer(text)})
    unread = [label for label, count in labels.items() if 2 * count >= len(texts) and _names_a_part(label)]
    marked = sum(_MARKUP.search(text) is not None for text in texts)
    return (_MARKED if 3 * marked >= len(texts) else 1.0) * (_LABELLED if unread else 1.0)


def _names_a_part(label: str) -> bool:
    return max((score for role, score in score_head(label).items() if role not in {"decoy", "none"}), default=0.0) >= _SURE_LABEL


def _trust(role: ColumnRole, record: Record) -> float:
    """How sure it is that a column means what it is taken for, where it fills a field of the record."""
    if role.role == "code" and role.split is not None and role.split.described:
        return _TEXT_WITH_CODE
    if role.role in {"none", "code"}:
        return 1.0 if role.role == "none" else 0.9 + 0.1 * min(1.0, role.score / 0.7)
    if getattr(record, role.role) is None:
        return 1.0
    return min(1.0, 0.55 + 0.5 * role.score)


def _usual_shapes(records: Sequence[Record]) -> frozenset[Shape]:
    """The shapes that most codes of a table have; numbers of all kinds are one where they are mixed."""
    counts = Counter(find_shape(record.code) for record in records if record.code is not None)
    total = counts.total()
    if not total:
        return frozenset()
    usual = frozenset(shape for shape, count in counts.items() if count >= 0.1 * total)
    return usual | NUMERIC if usual & {"series", "several"} else usual


def _share_with_text(records: Sequence[Record]) -> float:
    with_text = sum(bool(record.message or record.description or record.resolution or record.name) for record in records)
    return with_text / len(records) if records else 0.0
