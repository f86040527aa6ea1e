"""What only the whole document shows: ids, records that share a name or message, flags, and what a careful reader remarks.

A flag stands at a record and has a finding with the same rule that says why. Findings without a record are about the
document: gaps in its numbering, contradictions with itself.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from etl.codes import split_codes
from etl.errors import SpecError
from etl.limits import refuse
from etl.model import Document, Finding, Record
from etl.normalize import CORRECTED
from etl.spec import CodeRange, Numbering, Remark, Spec, Where
from etl.values import number_of

Severity = Literal["info", "warning", "error"]

FLAG_SEVERITY: Mapping[str, Severity] = {
    "ambiguous": "warning",
    "blank_description": "info",
    "blank_message": "info",
    "blank_name": "info",
    "code_outside_documented_range": "warning",
    "duplicate_message": "info",
    "duplicate_name": "warning",
    "duplicate_row": "warning",
    "editorial_text": "info",
    "missing_code": "warning",
    "shifted_cells": "warning",
}
"""Every flag of the contract, with the severity of its finding."""

_STATUS_IN_CODE = re.compile(r"[A-Z]+([1-5][0-9]{2})-.*")
"""A code that carries an HTTP status: letters, three digits, a hyphen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What was found about the records, each tuple in their order, and all findings of the document."""

    ids: tuple[str, ...]
    flags: tuple[tuple[str, ...], ...]
    same_as: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]


def judge(document: Document, records: Sequence[Record], spec: Spec, *, unreviewed: Sequence[int] = ()) -> Judgement:
    """Judge the records of one document together; `unreviewed` are the lines that a draft leaves out.

    Raises SpecError for a remark that is not about as many records as it says, LimitError where too many share a name.
    """
    findings = [
        *_blanks(records),
        *_repairs(records),
        *_several_codes(records),
        *_shared(records),
        *_outside_announced_ranges(records, spec.code_ranges),
        *_status_contradictions(records),
        *_repeated_codes(records),
        *(_gaps(records, spec.numbering) if spec.numbering is not None else ()),
        *(finding for remark in spec.remarks for finding in _remarked(document, records, remark)),
        *_changed_since_checked(document, records, spec),
        *_unread(unreviewed),
    ]
    ids = make_ids(spec.source, records)
    findings += _numbered(records, ids, findings)
    findings.sort(key=lambda finding: (finding.line or 0, finding.record if finding.record is not None else -1, finding.rule))
    flags: dict[int, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.record is not None and finding.rule in FLAG_SEVERITY:
            flags[finding.record].add(finding.rule)
    names = _group(record.name for record in records)
    _require_few_alike(document, names)
    return Judgement(
        ids=ids,
        flags=tuple(tuple(sorted(flags[place])) for place in range(len(records))),
        same_as=tuple(
            tuple(ids[other] for other in names.get(record.name or "", ()) if other != place) for place, record in enumerate(records)
        ),
        findings=tuple(findings),
    )


def _require_few_alike(document: Document, names: Mapping[str, Sequence[int]]) -> None:
    """Raises LimitError where records of the same name, each of which lists all others, would list too many."""
    listed = sum(len(places) * (len(places) - 1) for places in names.values())
    if listed > document.limits.max_same:
        name, places = max(names.items(), key=lambda item: len(item[1]))
        found = f"{len(places):,} records named {name[:100]!r}; {listed:,} ids"
        raise refuse("max_same", document.limits.max_same, "too many records share a name", where=document.name, found=found)


def make_ids(source: str, records: Sequence[Record]) -> tuple[str, ...]:
    """The contract's ids: `<source>:<code>`, with a hash of the texts where the code repeats and `#n` where those do too."""
    codes = Counter(record.code for record in records)
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for record in records:
        made = f"{source}:{'-' if record.code is None else record.code}"
        if codes[record.code] > 1:
            texts = (record.section, record.name, record.error_type, record.message, record.description)
            made += "~" + hashlib.sha256("\x1f".join(text or "" for text in texts).encode("utf-8")).hexdigest()[:8]
        seen[made] += 1
        ids.append(made if seen[made] == 1 else f"{made}#{seen[made]}")
    return tuple(ids)


def label(record: Record) -> str:
    """How a finding names a record: its code, else its name, else its line."""
    return record.code or record.name or f"the record at line {record.line_start}"


def _flag(rule: str, records: Sequence[Record], place: int, text: str, *, field: str | None = None) -> Finding:
    return Finding(rule=rule, severity=FLAG_SEVERITY[rule], text=text, record=place, field=field, line=records[place].line_start)


def _group(keys: Iterable[str | None]) -> dict[str, list[int]]:
    """The places at which each key stands; None is no key."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        if key is not None:
            places[key].append(place)
    return places


def _blanks(records: Sequence[Record]) -> Iterator[Finding]:
    for place, record in enumerate(records):
        if record.code is None:
            yield _flag("missing_code", records, place, f"the row at line {record.line_start} prints no code", field="code")
        for name in sorted(record.empty):
            yield _flag(f"blank_{name}", records, place, f"{label(record)} has no {name}, though its table has a column for it", field=name)


def _repairs(records: Sequence[Record]) -> Iterator[Finding]:
    for place, record in enumerate(records):
        if record.shifted:
            moved = [step for step in record.steps if step.moved_from is not None]
            columns = ", ".join(f"{step.before[:40]!r} to {step.column!r}" for step in moved)
            yield _flag("shifted_cells", records, place, f"an empty cell of {label(record)} was collapsed; moved back: {columns}")
        if record.unsure is not None:
            yield _flag("ambiguous", records, place, f"{label(record)}: {record.unsure}")
        for step in record.steps:
            if step.action.startswith(CORRECTED):
                yield Finding(
                    rule="corrected",
                    severity="info",
                    record=place,
                    line=record.line_start,
                    text=f"{label(record)}, {step.column}: {step.before!r} is read as {step.after!r}, "
                    f"{step.action.removeprefix(CORRECTED)}",
                )


def _several_codes(records: Sequence[Record]) -> Iterator[Finding]:
    """The contract has one record to a documented row, its code as printed, also where the row documents several."""
    for place, record in enumerate(records):
        codes = () if record.code is None else split_codes(record.code)
        if codes:
            text = f"the row at line {record.line_start} prints {len(codes)} codes ({', '.join(codes)}); they are kept as one, as printed"
            yield _flag("ambiguous", records, place, text, field="code")


def _shared(records: Sequence[Record]) -> Iterator[Finding]:
    for name, places in _group(record.name for record in records).items():
        for place in places if len(places) > 1 else ():
            yield _flag("duplicate_name", records, place, f"{_listed(records, places)} share the name {name}", field="name")
    for message, places in _group(record.message for record in records).items():
        if len({records[place].code for place in places}) > 1:
            for place in places:
                yield _flag(
                    "duplicate_message", records, place, f"{_listed(records, places)} share the message {message!r}", field="message"
                )
    first: dict[tuple[str | None, ...], int] = {}
    for place, record in enumerate(records):
        texts = (record.code, record.name, record.error_type, record.message, record.description, record.resolution)
        earlier = first.setdefault(texts, place)
        if earlier != place:
            text = f"{label(record)} at line {record.line_start} repeats the row at line {records[earlier].line_start}"
            yield _flag("duplicate_row", records, place, text)


def _listed(records: Sequence[Record], places: Sequence[int]) -> str:
    labels = [label(records[place]) for place in places[:6]] + ([f"{len(places) - 6} more"] if len(places) > 6 else [])
    return f"{', '.join(labels[:-1])} and {labels[-1]}"


def _outside_announced_ranges(records: Sequence[Record], ranges: Sequence[CodeRange]) -> Iterator[Finding]:
    announced = [given for given in ranges if given.announced]
    for place, record in enumerate(records) if announced else ():
        number = number_of(record.code)
        if number is not None and not any(given.first <= number <= given.last for given in announced):
            said = ", ".join(f"{given.first}–{given.last}" for given in announced)
            yield _flag(
                "code_outside_documented_range",
                records,
                place,
                f"{record.code} is outside {said}, the codes that the page announces",
                field="code",
            )


def _status_contradictions(records: Sequence[Record]) -> Iterator[Finding]:
    for place, record in enumerate(records):
        printed = _STATUS_IN_CODE.fullmatch(record.code or "")
        if printed and record.http_status is not None and int(printed[1]) != record.http_status:
            yield Finding(
                rule="status_contradiction",
                severity="warning",
                record=place,
                field="http_status",
                line=record.line_start,
                text=f"{record.code} carries the HTTP status {printed[1]}, its row says {record.http_status}",
            )


def _repeated_codes(records: Sequence[Record]) -> Iterator[Finding]:
    for code, places in _group(record.code for record in records).items():
        if len(places) > 1:
            lines = ", ".join(str(records[place].line_start) for place in places[:12]) + (", …" if len(places) > 12 else "")
            text = f"{code} is the code of {len(places)} records (lines {lines}), so it is no key"
            yield Finding(rule="duplicate_code", severity="info", field="code", line=records[places[0]].line_start, text=text)


def _numbered(records: Sequence[Record], ids: Sequence[str], findings: Sequence[Finding]) -> list[Finding]:
    """Records that only a number tells apart from an earlier one, though they are no repeated rows."""
    repeated = {finding.record for finding in findings if finding.rule == "duplicate_row"}
    return [
        Finding(
            rule="duplicate_code",
            severity="warning",
            record=place,
            field="code",
            line=record.line_start,
            text=f"{label(record)} at line {record.line_start} is told apart from an earlier record by its number alone: {record_id}",
        )
        for place, (record, record_id) in enumerate(zip(records, ids, strict=True))
        if re.search(r"~[0-9a-f]{8}#[0-9]+$", record_id) and place not in repeated
    ]


def _gaps(records: Sequence[Record], numbering: Numbering) -> Iterator[Finding]:
    series: dict[str, dict[int, tuple[Record, re.Match[str]]]] = defaultdict(dict)
    for record in records:
        found = re.fullmatch(numbering.pattern, record.code or "")
        if found:
            series[found.groupdict().get("series") or ""].setdefault(int(found["number"]), (record, found))
    for numbers in series.values():
        ordered = sorted(numbers)
        for below, above in pairwise(ordered):
            missing = above - below - 1
            if missing == 0:
                continue
            (before, _), (after, found) = numbers[below], numbers[above]
            if missing > numbering.jump:
                rule, text = "numbering_jump", f"the numbering jumps from {before.code} to {after.code}"
            else:
                first, last = _with_number(found, below + 1), _with_number(found, above - 1)
                gap = first if missing == 1 else f"{first} to {last}"
                rule, text = "numbering_gap", f"the numbering leaves out {gap}, between {before.code} and {after.code}"
            yield Finding(rule=rule, severity="info", field="code", line=after.line_start, text=text)


def _with_number(found: re.Match[str], number: int) -> str:
    """The matched code with another number in it, as wide as the one that is printed."""
    start, end = found.span("number")
    return f"{found.string[:start]}{number:0{end - start if found['number'].startswith('0') else 1}d}{found.string[end:]}"


def _remarked(document: Document, records: Sequence[Record], remark: Remark) -> Iterator[Finding]:
    if remark.where is None:
        lines = [number for number, line in enumerate(document.lines, start=1) if re.search(remark.line or "", line)]
        if len(lines) != remark.times:
            raise _unmatched(document, remark, f"{len(lines)} lines that match {remark.line!r}")
        yield Finding(rule=remark.rule, severity="warning", text=remark.text, line=lines[0])
        return
    places = [place for place, record in enumerate(records) if _is_where(record, remark.where)]
    if len(places) != remark.times:
        raise _unmatched(document, remark, f"{len(places)} records that {remark.where.model_dump(exclude_none=True)} locates")
    for place in places:
        severity = FLAG_SEVERITY.get(remark.rule, "warning")
        yield Finding(
            rule=remark.rule, severity=severity, record=place, field=remark.where.field, line=records[place].line_start, text=remark.text
        )


def _unmatched(document: Document, remark: Remark, found: str) -> SpecError:
    return SpecError(
        "a remark of the spec is not about what it says",
        where=f"{document.name}: remark {remark.text[:60]!r}",
        found=found,
        expected=str(remark.times),
        advice="the page may have changed there: read it, then mend or remove the remark",
    )


def _is_where(record: Record, where: Where) -> bool:
    value = getattr(record, where.field) if where.field is not None else None
    return (
        (where.code is None or record.code == where.code)
        and (where.equals is None or value == where.equals)
        and (where.contains is None or (isinstance(value, str) and where.contains in value))
    )


def _changed_since_checked(document: Document, records: Sequence[Record], spec: Spec) -> Iterator[Finding]:
    if spec.checked is not None and spec.checked.sha256 != document.sha256:
        text = f"the document has changed since a person last checked it: {spec.checked.records} records then, {len(records)} now"
        yield Finding(rule="changed_since_checked", severity="warning", text=text)


def _unread(lines: Sequence[int]) -> Iterator[Finding]:
    if lines:
        text = f"{len(lines)} lines are left out by the draft's `rest` alone; nobody has read them"
        yield Finding(rule="unreviewed_lines", severity="warning", line=lines[0], text=text)
