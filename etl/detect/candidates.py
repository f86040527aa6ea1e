"""Everything on a page that may document codes: its tables, and what its lists, headings and lines give as tables.

One reading is what one layout with one set of options gives, as one entry of a spec would. Readings overlap: the same
lines may be a list of codes and a fixed-width table; etl/detect/choose.py takes the best.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from etl.detect.columns import ColumnRole
from etl.detect.entries import CODE, FEWEST, STATE, TEXT, TITLE, Form, find_forms
from etl.detect.entry_roles import DEFINING, assign_definition_roles, assign_entry_roles
from etl.detect.page import Page
from etl.detect.prepare import PreparedTable, prepare_table, read_cell, sort_out_rows, take_columns
from etl.detect.roles import assign_roles, drop_field
from etl.detect.shapes import is_status, profile_cells
from etl.detect.splits import find_split
from etl.detect.vocabulary import is_about, score_head
from etl.detect.weigh import Weighed, weigh_table
from etl.extract import BLOCK_LAYOUTS, PRINTERS, TEXT_LAYOUTS, print_page
from etl.extract.allowance import is_within_limits
from etl.extract.lists import find_labels as find_list_labels
from etl.extract.lists import find_lists
from etl.extract.members import read_tables as members_layout
from etl.extract.printed import read_printed
from etl.extract.sections import find_labels as find_section_labels
from etl.extract.sections import find_opened_labels
from etl.model import Block, Options, Row, Table

SUPPORT = "others of the same form"
_OWN = frozenset({CODE, TITLE, TEXT, STATE})
_MOST_FORMS = 3
_MOST_LISTS = 8
_SURE_LABEL = 0.62
_MOST_TITLES = 1000
_INSIDE_SAMPLE = 1.5
_FEW_LINES = 1.5
_FEW_PRINTED = 0.5
"""The same where lines are read as they are printed: there is no mark-up among them that could look like a code."""

_FILLING = 0.8
_SOME_LINES = 6
_MOST_SUPPORT = 2.0
_EXPECTED = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A table with the options that give it, the names of its columns, their roles, and what speaks for it.

    `heads` are the printed heads, or names of ours where `headless`; `header_row` says that the first row holds them.
    `rows` are those that document something; `skipped` the others, by their text in the code's column, with the reason.
    """

    table: Table
    options: Options
    heads: tuple[str, ...]
    headless: bool
    header_row: bool
    roles: tuple[ColumnRole, ...]
    weighed: Weighed
    rows: tuple[Row, ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def code_place(self) -> int | None:
        """The column of the code."""
        return next((place for place, role in enumerate(self.roles) if role.role == "code"), None)

    def texts(self, place: int) -> list[str]:
        """The cells of a column in the rows that document something."""
        return [row.cells[place].text if place < len(row.cells) else "" for row in self.rows]


def gather(page: Page) -> Iterator[tuple[Candidate, ...]]:
    """The readings of a page, each with its candidates."""
    tables = [block for block in page.blocks if isinstance(block, Table)]
    for layout in dict.fromkeys(table.layout for table in tables):
        yield tuple(_weigh_reading(page, [table for table in tables if table.layout == layout], Options()))
    for layout, options in _propose_block_layouts(page):
        read = BLOCK_LAYOUTS.get(layout)
        if read is not None:
            yield tuple(_weigh_reading(page, read(page.blocks, options), options))


def gather_text(page: Page) -> Iterator[tuple[Candidate, ...]]:
    """The readings of a page as bare text, by each layout; which of them fits, the weighing tells."""
    samples = [block for block in page.blocks if isinstance(block, Block) and block.kind == "code"]
    printed = print_page(page.document, page.format)
    few = _FEW_PRINTED if page.format in PRINTERS else _FEW_LINES
    for read in TEXT_LAYOUTS.values():
        reading = _weigh_reading(page, read_printed(read, printed, Options()), Options())
        yield tuple(_doubt(candidate, samples, few) for candidate in reading) if page.blocks else tuple(reading)


def _doubt(candidate: Candidate, samples: Sequence[Block], few: float) -> Candidate:
    """Lines of a page with mark-up may be samples or programs, or stand there by chance; `few` is what a few of them lose."""
    weighed, first = candidate.weighed, candidate.table.line_start
    place = bisect_right(samples, first, key=_line_of)
    inside = [sample for sample in samples[max(place - 2, 0) : place] if sample.line_start <= first <= sample.line_end]
    if inside and not _fills(candidate, inside[-1]):
        weighed = weighed.plus(-_INSIDE_SAMPLE, "inside a sample")
    if len(candidate.rows) < _SOME_LINES:
        weighed = weighed.plus(-few, "a few lines")
    return replace(candidate, weighed=weighed)


def _line_of(block: Block) -> int:
    return block.line_start


def _fills(candidate: Candidate, sample: Block) -> bool:
    """Whether nearly all that is set as code are the candidate's rows: then it is a list, set so that its columns stay in line."""
    lines = sum(1 for line in sample.text.split("\n") if line.strip())
    return len(candidate.rows) >= _FILLING * lines


def _propose_block_layouts(page: Page) -> Iterator[tuple[str, Options]]:
    yield "cell_paragraphs", Options()
    yield "members", Options()
    blocks = [block for block in page.blocks if isinstance(block, Block)]
    headings = [block for block in blocks if block.kind == "heading"]
    for level in sorted({heading.level for heading in headings} - _find_member_levels(page, headings)):
        texts = [heading.text for heading in headings if heading.level == level]
        if len(texts) < FEWEST:
            continue
        labels = _drop_odd_labels(find_section_labels(page.blocks, level))
        forms = find_forms(texts, about_codes=page.is_about_codes)[:_MOST_FORMS]
        for form in forms:
            yield "sections", Options(item=form.pattern, labels=labels)
        labelled = any(score_head(label).get("code", 0.0) >= _SURE_LABEL for label in labels)
        if labelled and len(headings) <= _MOST_TITLES and not any(form.matches * 2 >= len(texts) for form in forms):
            yield "sections", Options(item=_match_others(heading.text for heading in headings if heading.level != level), labels=labels)
    items = [block.text for block in blocks if block.kind == "item"]
    forms = find_forms(items, with_text=True, about_codes=page.is_about_codes)[:_MOST_FORMS]
    prefixes = {form.pattern: form.prefix for form in (*forms, *_find_topical_forms(page))}
    labels = _drop_odd_labels(find_list_labels(page.blocks)) if prefixes else ()
    for pattern, prefix in prefixes.items():
        yield "list", Options(item=pattern, labels=_drop_opening(labels, prefix))


def _find_member_levels(page: Page, headings: Sequence[Block]) -> set[int]:
    """The levels on which the members of an API reference stand, as most headings there do: the others are methods."""
    members = {row.line_start for table in members_layout(page.blocks, Options()) for row in table.rows}
    if not members:
        return set()
    levels = Counter(heading.level for heading in headings)
    declared = Counter(heading.level for heading in headings if heading.line_start in members)
    return {level for level, times in declared.items() if times * 2 >= levels[level]}


def _find_topical_forms(page: Page) -> Iterator[Form]:
    """The forms of the lists whose headings speak of codes: among the many items of a long page they are few."""
    topical = (run for run, heading in find_lists(page.blocks) if heading is not None and is_about("topic", heading.text))
    for run in itertools.islice(topical, _MOST_LISTS):
        yield from find_forms([block.text for block in run if block.kind == "item"], with_text=True, about_codes=True)[:1]


def _match_others(texts: Iterable[str]) -> str:
    """An expression that matches any title but these."""
    others = "|".join(re.escape(text) for text in dict.fromkeys(texts))
    return rf"(?!(?:{others})\Z)(?P<title>\S.*)" if others else r"(?P<title>\S.*)"


def gather_openers(page: Page) -> Iterator[tuple[Candidate, ...]]:
    """The readings of a page in which paragraphs or terms open the entries, for pages that show nothing clearer."""
    read = BLOCK_LAYOUTS.get("sections")
    for kind in ("paragraph", "term", "item"):
        texts = [(block.lines or (block,))[0].text for block in page.blocks if isinstance(block, Block) and block.kind == kind]
        for form in find_forms(texts, with_text=True, about_codes=page.is_about_codes)[:_MOST_FORMS]:
            labels = _drop_odd_labels(find_opened_labels(page.blocks, re.compile(form.pattern, re.DOTALL)))
            options = Options(item=form.pattern, labels=_drop_opening(labels, form.prefix))
            if read is not None:
                yield tuple(_weigh_reading(page, read(page.blocks, options), options))


def gather_definitions(page: Page) -> Iterator[tuple[Candidate, ...]]:
    """The codes that a program on the page defines, for pages that document them nowhere else."""
    read = BLOCK_LAYOUTS.get("code_definitions")
    if read is not None:
        yield tuple(_weigh_reading(page, read(page.blocks, Options()), Options()))


def _drop_odd_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels whose words say what their part is: others stay in the text."""
    return tuple(
        label for label in dict.fromkeys(labels)
        if label not in _OWN and max((score for role, score in score_head(label).items() if role != "decoy"), default=0.0) >= 0.45
    )  # fmt: skip


def _drop_opening(labels: Sequence[str], prefix: str) -> tuple[str, ...]:
    """The labels without the one that opens each entry, before its code."""
    opening = prefix.rstrip(" :：").casefold()
    return tuple(label for label in labels if label.casefold() != opening)


def _weigh_reading(page: Page, tables: Sequence[Table], options: Options) -> Iterator[Candidate]:
    """The tables of one reading as candidates: those of equal heads are looked at together, each weighed for itself.

    A table beyond the limits is none: mark-up that makes one has been refused, and others are only ways to read the lines.
    """
    groups: dict[tuple[str, ...], list[PreparedTable]] = defaultdict(list)
    for table in tables:
        if not is_within_limits(page.document, table):
            continue
        prepared = prepare_table(table)
        groups[(table.layout, str(len(prepared.heads)), *prepared.heads)].append(prepared)
    for group in groups.values():
        pooled = _pool_roles(page, group, options) if len(group) > 1 else None
        yield from _support([_build(page, prepared, options, pooled) for prepared in group])


def _support(family: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of one form, those with little evidence of their own supported by the others."""
    rows = sum(len(candidate.rows) for candidate in family)
    if len(family) < 2 or not rows:
        return list(family)
    mean = sum(candidate.weighed.weight * len(candidate.rows) for candidate in family) / rows
    # Entries of one expression are one list cut up by headings; tables with equal heads may well be about different things.
    numbered = family[0].options.item is not None or not family[0].table.header
    place = family[0].code_place
    share = 0.7 if numbered and place is not None and profile_cells(family[0].texts(place)).coded >= 0.6 else 0.35
    most = _MOST_SUPPORT if share > 0.5 else _MOST_SUPPORT / 2
    return [
        replace(candidate, weighed=candidate.weighed.plus(min(most, share * (mean - candidate.weighed.weight)), SUPPORT))
        if mean > candidate.weighed.weight and candidate.code_place is not None
        else candidate
        for candidate in family
    ]


def _pool_roles(page: Page, group: Sequence[PreparedTable], options: Options) -> tuple[ColumnRole, ...]:
    width = len(group[0].heads)
    columns: list[list[str]] = [[] for _ in range(width)]
    for prepared in group:
        for place, texts in enumerate(prepared.columns()):
            columns[place] += texts
    return _assign(page, group[0], options, columns)


def _build(page: Page, prepared: PreparedTable, options: Options, pooled: tuple[ColumnRole, ...] | None) -> Candidate:
    columns = prepared.columns()
    own = _assign(page, prepared, options, columns)
    # Tables without heads are of one form by their width alone: what one of them holds may be nothing to the others.
    if pooled is not None and prepared.headless and all(role.role != "code" for role in pooled):
        pooled = None
    roles = own if pooled is None else _reconcile(own, pooled, columns, is_cut_up=options.item is not None or prepared.headless)
    place = next((place for place, role in enumerate(roles) if role.role == "code"), None)
    rows: tuple[Row, ...] = prepared.rows
    skipped: tuple[tuple[str, str], ...] = ()
    if place is not None:
        rows, skipped = sort_out_rows(prepared, roles, place)
        if len(rows) < len(prepared.rows):
            columns = take_columns(rows, len(prepared.heads))
        roles = _fit_splits(roles, rows)
    weighed = weigh_table(page, prepared.table, roles, columns)
    if place is not None and (prepared.table.layout, prepared.heads) in page.expected:
        weighed = weighed.plus(_EXPECTED, "another version of the page documents codes in this form")
    return Candidate(
        table=prepared.table, options=options, heads=prepared.heads, headless=prepared.headless, header_row=prepared.header_row,
        roles=roles, weighed=weighed, rows=rows, skipped=skipped,
    )  # fmt: skip


def _fit_splits(roles: tuple[ColumnRole, ...], rows: Sequence[Row]) -> tuple[ColumnRole, ...]:
    """The roles with splits that fit every row, not only those that were looked at."""
    fitted: list[ColumnRole] = []
    for place, role in enumerate(roles):
        if role.split is not None:
            texts = [read_cell(row, place) for row in rows]
            expression = re.compile(role.split.pattern, re.DOTALL)
            if not all(expression.fullmatch(text) for text in texts if text):
                fitted.append(replace(role, split=find_split(texts)))
                continue
        fitted.append(role)
    return tuple(fitted)


def _reconcile(
    own: tuple[ColumnRole, ...], pooled: tuple[ColumnRole, ...], columns: Sequence[Sequence[str]], *, is_cut_up: bool
) -> tuple[ColumnRole, ...]:
    """The roles of all tables of one form, but whether the codes are HTTP statuses is each table's own affair."""
    http = any("http_status" in role.also for role in own)
    if not http and is_cut_up:
        # A few statuses of one list that is cut up by headings are less telling than all of it.
        told = [place for place, role in enumerate(pooled) if "http_status" in role.also]
        http = any(all(map(is_status, filter(None, columns[place]))) for place in told)
        own = pooled if http else own
    if not http:
        return drop_field(pooled, "http_status")
    by_place = {place: role for place, role in enumerate(own) if "http_status" in role.also}
    return tuple(by_place.get(place, role) if role.role == "code" else role for place, role in enumerate(pooled))


def _assign(page: Page, prepared: PreparedTable, options: Options, columns: Sequence[Sequence[str]]) -> tuple[ColumnRole, ...]:
    context = page.context(prepared.table)
    if options.item is not None or prepared.table.layout == "members":
        led = options.item is not None and not options.item.startswith("(")
        return assign_entry_roles(prepared.heads, columns, context, led=led)
    if prepared.table.layout in DEFINING:
        return assign_definition_roles(columns, context)
    headed = prepared.header_row or not prepared.headless
    return assign_roles(prepared.heads if headed else tuple("" for _ in prepared.heads), columns, context)
