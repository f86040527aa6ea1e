"""Tables as printed + spec -> records and terms. Each cell is used exactly once; what is not understood is an error.

The order of work on a row: put its cells under their columns (etl/place.py), apply corrections, take the texts that stand
for blank as blank, feed the fields. Every change is a Step of the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from etl.assign import AssignedTable
from etl.errors import CellError, SpecError
from etl.model import Document, Fallback, RawCell, Record, Step, Term
from etl.place import PlacedRow, place_rows
from etl.spec import Column, Correction, Spec, TableSpec
from etl.text import collapse
from etl.values import find_parameters, read_fallback_list, read_http_status, read_version_list

_MISSED = frozenset({"name", "message", "description"})
"""The fields that a reader of the catalogue misses where a row leaves them empty."""

CORRECTED = "corrected: "
"""How the action of a Step begins that a correction of the spec has caused."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadRow:
    """A row with its cells under the columns of its table; `unused` says why it feeds no record and no term."""

    pair: AssignedTable
    placed: PlacedRow
    unused: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """All that one document says: its records and terms in document order, and what became of each printed row."""

    records: tuple[Record, ...]
    terms: tuple[Term, ...]
    rows: tuple[ReadRow, ...]


@dataclass(slots=True)
class _Fields:
    """What the cells of one row say, gathered column by column."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    http_status: int | None = None
    protocol_versions: tuple[str, ...] = ()
    http_fallbacks: tuple[Fallback, ...] = ()
    steps: list[Step] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """The texts of all columns that feed the field, joined by line ends; None where all are blank."""
        return "\n".join(self.texts[name]) if name in self.texts else None


def normalize(document: Document, assigned: Sequence[AssignedTable], spec: Spec) -> Reading:
    """Read all records and terms from the tables of a document.

    Raises LayoutError for a row of the wrong width, CellError for a value that no reader understands or a correction
    whose expected value is not there, SpecError for a correction that matches nothing.
    """
    records: list[Record] = []
    terms: list[Term] = []
    rows: list[ReadRow] = []
    corrections = _Corrections(spec.corrections)
    for pair in assigned:
        if pair.entry.out_of_scope is not None:
            reason = f"out of scope: {pair.entry.out_of_scope}"
            rows.extend(
                ReadRow(pair=pair, placed=PlacedRow(row=row, cells=row.cells, group=None), unused=reason) for row in pair.table.rows
            )
            continue
        for placed in place_rows(document, pair):
            unused = placed.not_a_record or _skip_reason(pair.entry, placed)
            rows.append(ReadRow(pair=pair, placed=placed, unused=unused))
            if unused is not None:
                continue
            if pair.entry.terms is not None:
                terms.append(_read_term(document, pair, placed))
            else:
                records.append(_read_record(document, pair, corrections.apply(pair.entry, placed), spec))
    corrections.refuse_unapplied(document)
    terms.extend(_declared_ranges(document, spec))
    return Reading(records=tuple(records), terms=tuple(sorted(terms, key=lambda term: term.line_start)), rows=tuple(rows))


def _skip_reason(entry: TableSpec, placed: PlacedRow) -> str | None:
    if not entry.skipped:
        return None
    heads = [column.head for column in entry.columns]
    for skip in entry.skipped:
        if re.fullmatch(skip.pattern, placed.text_of(heads.index(skip.head)), re.DOTALL):
            return f"ignored: {skip.reason}"
    return None


class _Corrections:
    """The corrections of a spec, each of which must find the value that it expects in one row at least."""

    def __init__(self, corrections: Sequence[Correction]) -> None:
        self._corrections = corrections
        self._applied: set[Correction] = set()
        self._printed: dict[Correction, tuple[int, str]] = {}

    def apply(self, entry: TableSpec, placed: PlacedRow) -> PlacedRow:
        """The row with the corrections that are meant for it."""
        if not self._corrections:
            return placed
        heads = [column.head for column in entry.columns]
        codes = {placed.text_of(place) for place, column in enumerate(entry.columns) if "code" in column.fields}
        for correction in self._corrections:
            if correction.code not in codes or correction.column not in heads:
                continue
            place = heads.index(correction.column)
            printed = placed.text_of(place)
            if placed.cells[place] is None or printed != correction.expect:
                self._printed.setdefault(correction, (placed.row.line_start, printed))
                continue
            mended = correction.value or ""
            step = Step(
                field=None, column=correction.column, action=f"{CORRECTED}{correction.reason}", before=printed, after=mended or None
            )
            cells = tuple(
                replace(cell, text=mended, raw=mended) if number == place and cell is not None else cell
                for number, cell in enumerate(placed.cells)
            )
            placed = replace(placed, cells=cells, steps=(*placed.steps, step))
            self._applied.add(correction)
        return placed

    def refuse_unapplied(self, document: Document) -> None:
        """Raises CellError for a correction that expects another value than the page prints, SpecError for one that matches nothing."""
        for number, correction in enumerate(self._corrections):
            if correction in self._applied:
                continue
            if correction in self._printed:
                line, printed = self._printed[correction]
                raise CellError(
                    "a correction expects another value",
                    where=f"{document.name}:{line} ({correction.code}, {correction.column})",
                    found=repr(printed),
                    expected=repr(correction.expect),
                    advice="the page has changed there: remove the correction, or confirm it anew",
                )
            raise SpecError(
                "a correction matches nothing",
                where=f"{document.name}: corrections.{number} of the spec",
                found=f"no row with the code {correction.code!r} and a column {correction.column!r}",
                expected="the row that it corrects",
                advice="the page may have been mended: remove the correction, or change its code or column",
            )


def _read_fields(document: Document, pair: AssignedTable, placed: PlacedRow) -> _Fields:
    fields = _Fields()
    for place, column in enumerate(pair.entry.columns):
        cell, text = placed.cells[place], placed.text_of(place)
        if cell is None or column.ignored is not None:
            continue
        if cell.raw != text:
            fields.steps.append(
                Step(field=column.field, column=column.head, action="mark-up and white space reduced", before=cell.raw, after=text)
            )
        if text in column.blank:
            fields.steps.append(Step(field=column.field, column=column.head, action="stands for an empty cell", before=text, after=None))
            continue
        if text == "":
            continue
        try:
            _feed(fields, column, text)
        except CellError as error:
            raise CellError(
                error.problem,
                where=f"{document.name}:{cell.line_start} (column {column.head!r})",
                found=error.found or repr(text),
                expected=error.expected,
                advice=error.advice,
            ) from error
    return fields


def _feed(fields: _Fields, column: Column, text: str) -> None:
    """Give the cell's text to the fields that the column feeds."""
    if column.pattern is None:
        parts = dict.fromkeys(column.fields, text)
    else:
        found = re.fullmatch(column.pattern, text, re.DOTALL)
        if found is None:
            raise CellError(
                "the cell does not match its pattern",
                found=repr(text),
                expected=column.pattern,
                advice="mend the pattern, or list the text under `blank`, or skip the row with `skipped`",
            )
        parts = {name: part.strip() for name, part in found.groupdict().items() if part is not None and part.strip()}
        fields.steps.extend(
            Step(field=name, column=column.head, action="taken out by the pattern", before=text, after=part) for name, part in parts.items()
        )
    fallback_versions = parts.pop("fallback_versions", "")
    for name, part in parts.items():
        if name == "http_status":
            fields.http_status = read_http_status(part)
        elif name == "protocol_versions":
            fields.protocol_versions = (*fields.protocol_versions, *read_version_list(part))
        elif name == "http_fallbacks":
            versions = read_version_list(fallback_versions) if fallback_versions else ()
            fields.http_fallbacks = read_fallback_list(part, alternative=column.fallback or "", protocol_versions=versions)
        else:
            fields.texts.setdefault(name, []).append(part)


def _read_record(document: Document, pair: AssignedTable, placed: PlacedRow, spec: Spec) -> Record:
    fields = _read_fields(document, pair, placed)
    columns, last = pair.entry.columns, len(pair.entry.columns) - 1
    message = fields.text("message")
    record = Record(
        table=pair.number,
        section=_section_of(pair, placed, fields),
        code=fields.text("code"),
        name=fields.text("name"),
        error_type=fields.text("error_type"),
        message=message,
        description=fields.text("description"),
        resolution=fields.text("resolution"),
        http_status=fields.http_status,
        protocol_versions=fields.protocol_versions,
        http_fallbacks=fields.http_fallbacks,
        parameters=find_parameters(message, spec.placeholders),
        links=tuple(link for cell in placed.row.cells if not cell.spanned for link in cell.links),
        line_start=placed.row.line_start,
        line_end=placed.row.line_end,
        raw=tuple(
            RawCell(column=columns[min(number, last)].head, text=cell.raw) for number, cell in enumerate(placed.row.cells)
        ),
        empty=frozenset(name for column in columns for name in column.fields if name in _MISSED and name not in fields.texts),
        shifted=placed.shifted,
        unsure=placed.unsure,
        steps=(*placed.steps, *fields.steps),
    )
    if not fields.texts and fields.http_status is None:
        raise CellError(
            "a row in which no field is filled",
            where=f"{document.name}:{placed.row.line_start}",
            found=str([cell.raw for cell in placed.row.cells]),
            expected="a row that documents a code",
            advice="skip it with `skipped` and say why",
        )
    return record


def _section_of(pair: AssignedTable, placed: PlacedRow, fields: _Fields) -> str | None:
    if pair.entry.untitled:
        return None
    return fields.text("section") or placed.group or pair.table.section


def _read_term(document: Document, pair: AssignedTable, placed: PlacedRow) -> Term:
    fields = _read_fields(document, pair, placed)
    term = fields.text("term")
    if term is None or pair.entry.terms is None:
        raise CellError(
            "a row of a table of terms without a term",
            where=f"{document.name}:{placed.row.line_start}",
            found=str([cell.text for cell in placed.row.cells]),
            expected="a cell that gives the term",
            advice="mend the columns of the entry",
        )
    return Term(
        kind=pair.entry.terms,
        term=collapse(term),
        section=fields.text("section"),
        definition=fields.text("definition"),
        reference=fields.text("reference"),
        line_start=placed.row.line_start,
        line_end=placed.row.line_end,
    )


def _declared_ranges(document: Document, spec: Spec) -> Iterator[Term]:
    """The ranges of codes that the document declares in prose, found line by line."""
    for place, declared in enumerate(spec.code_ranges):
        lines = [(number, found) for number, line in enumerate(document.lines, start=1) if (found := re.search(declared.pattern, line))]
        if len(lines) != 1:
            raise SpecError(
                "a range of codes is not declared as the spec says",
                where=f"{document.name}: code_ranges.{place} of the spec",
                found=f"{len(lines)} lines that match",
                expected=f"one line in which {declared.pattern!r} is found",
                advice="the page has changed there: read it, then mend the entry",
            )
        number, found = lines[0]
        groups = found.groupdict()
        yield Term(
            kind="code_range",
            term=collapse(groups["term"]),
            section=None,
            definition=groups.get("definition"),
            reference=None,
            line_start=number,
            line_end=number,
        )
