"""The still parts of the report: coverage of fields, lines and numbers, counts, documents. All vendors' text is escaped.

A bar is an SVG beside the number that it shows, hidden from screen readers; they read the number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from etl.catalogue import Catalogue
from etl.report.contents import Lines
from schemas.vocabulary import RULE_MEANINGS, SEVERITIES, STATUS_CLASSES

Row = Mapping[str, Any]
Span = tuple[int, int]
"""First and last place, both included."""

FIELDS = ("name", "error_type", "message", "description", "resolution", "http_status")

LONGEST_GAP = 20
"""More missing numbers than this in a row are a jump, not a gap: as in the findings."""

FEWEST_NUMBERS = 8
"""Fewer codes in a row say nothing of how densely they are numbered."""


def render_coverage(catalogue: Catalogue) -> str:
    """How many records have each field, by source: filled, empty in the document, or no such column there."""
    fed = {
        (table["source"], table["table"], column["field"])
        for table in catalogue.rows["tables"]
        for column in table["columns"]
        if column["field"] is not None
    }
    heads = "".join(f'<th scope="col">{escape(field)}</th>' for field in FIELDS)
    rows = "".join(
        f'<tr><th scope="row">{escape(source)}</th><td class="number">{len(records)}</td>'
        f"{''.join(_render_share(field, records, fed) for field in FIELDS)}</tr>"
        for source, records in _split(catalogue)
    )
    head = f'<tr><th scope="col">document</th><th scope="col" class="number">codes</th>{heads}</tr>'
    return f'<table class="coverage"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _render_share(field: str, records: Sequence[Row], fed: set[tuple[str, int, str]]) -> str:
    filled = sum(record[field] is not None for record in records)
    empty = sum(record[field] is None and (record["source"], record["table"], field) in fed for record in records)
    if not filled and not empty:
        return '<td class="none"><span aria-hidden="true">–</span><span class="unseen">no such column</span></td>'
    total = len(records)
    bar = _render_bar([(filled, "filled"), (empty, "empty")], total)
    spoken = f"{filled} of {total} filled" + (f", {empty} empty in the document" if empty else "")
    return f'<td>{bar}<span aria-hidden="true">{_percent(filled, total)}</span><span class="unseen">{spoken}</span></td>'


def _percent(part: int, total: int) -> str:
    """A share in whole percent, which is 0 or 100 only where it is none or all."""
    if part == 0:
        return "0 %"
    return "100 %" if part == total else f"{max(1, 100 * part // total)} %"


def _render_bar(parts: Iterable[tuple[int, str]], total: int) -> str:
    """Parts of a whole side by side, each with its class."""
    rectangles, left = "", 0.0
    for value, kind in parts:
        width = 100 * value / total if total else 0
        rectangles += f'<rect class="{kind}" x="{left:.2f}" width="{width:.2f}" height="10"/>' if value else ""
        left += width
    return _render_svg(100, rectangles)


def _render_svg(width: int, shapes: str) -> str:
    return f'<svg viewBox="0 0 {width} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">{shapes}</svg>'


def render_maps(catalogue: Catalogue, lines: Mapping[str, Lines]) -> str:
    """Where in its document each source's records stand, and which lines have warnings."""
    last_of_tables: Counter[str] = Counter()
    for table in catalogue.rows["tables"]:
        last_of_tables[table["source"]] = max(last_of_tables[table["source"]], table["line_end"])
    warned: dict[str, set[int]] = {}
    for finding in catalogue.rows["findings"]:
        if finding["line"] is not None and finding["severity"] != "info":
            warned.setdefault(finding["source"], set()).add(finding["line"])
    items = []
    for source, records in _split(catalogue):
        spans = merge((record["line_start"], record["line_end"]) for record in records)
        total = len(lines[source]) if source in lines else max([last_of_tables[source], *(last for _, last in spans)])
        held = sum(last - first + 1 for first, last in spans)
        noted = warned.get(source, set())
        shapes = _render_spans(spans, "filled", first=1)
        # A line of a long document would be too thin to be seen.
        mark = max(total / 400, 1)
        shapes += "".join(f'<rect class="warned" x="{line - 1}" width="{mark:.2f}" height="10"/>' for line in sorted(noted))
        text = f"{held} of {total} lines hold {len(records)} records{f'; lines with warnings: {len(noted)}' if noted else ''}"
        items.append(_render_item(source, _render_svg(max(total, 1), shapes), text))
    return f'<dl class="bars">{"".join(items)}</dl>'


def render_numbers(catalogue: Catalogue) -> str:
    """Which numbers each densely numbered run of codes uses and leaves out."""
    items = []
    for source, records in _split(catalogue):
        numbers = sorted({record["code_number"] for record in records if record["code_number"] is not None})
        for run in split_runs(numbers):
            spans = merge((number, number) for number in run)
            gaps = [(left + 1, right - 1) for (_, left), (right, _) in pairwise(spans)]
            first, last = run[0], run[-1]
            shapes = _render_spans(spans, "filled", first=first) + _render_spans(gaps, "empty", first=first)
            missing = ", ".join(f"{low}" if low == high else f"{low}–{high}" for low, high in gaps)
            items.append(
                _render_item(
                    source, _render_svg(last - first + 1, shapes), f"{first}–{last}, {f'without {missing}' if gaps else 'without a gap'}"
                )
            )
    return f'<dl class="bars">{"".join(items)}</dl>' if items else "<p>No document numbers its codes densely.</p>"


def split_runs(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """The runs of ascending `numbers` that are dense enough to have gaps: no jump inside, and more numbers used than left out."""
    start = 0
    for end in range(1, len(numbers) + 1):
        if end == len(numbers) or numbers[end] - numbers[end - 1] - 1 > LONGEST_GAP:
            run = numbers[start:end]
            if len(run) >= FEWEST_NUMBERS and 2 * len(run) > run[-1] - run[0]:
                yield run
            start = end


def merge(spans: Iterable[Span]) -> list[Span]:
    """The spans in ascending order, those that touch or overlap joined."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _render_spans(spans: Iterable[Span], kind: str, *, first: int) -> str:
    return "".join(f'<rect class="{kind}" x="{low - first}" width="{high - low + 1}" height="10"/>' for low, high in spans)


def render_statuses(catalogue: Catalogue) -> str:
    """How many records go with each HTTP status, where documents say so."""
    counts = Counter(record["http_status"] for record in catalogue.rows["status_codes"] if record["http_status"] is not None)
    kinds = {status: STATUS_CLASSES[status // 100 - 1] for status in counts}
    return _render_counts([(str(status), [(count, kinds[status])]) for status, count in sorted(counts.items())], layout="bars short")


def render_rules(catalogue: Catalogue) -> str:
    """How many findings there are of each rule, by severity."""
    counts = Counter((finding["rule"], finding["severity"]) for finding in catalogue.rows["findings"])
    totals = Counter(finding["rule"] for finding in catalogue.rows["findings"])
    rows = [(rule, [(counts[rule, severity], severity) for severity in reversed(SEVERITIES)]) for rule, _ in totals.most_common()]
    return _render_counts(rows, layout="bars counts", meanings=RULE_MEANINGS)


def _render_counts(rows: Sequence[tuple[str, Sequence[tuple[int, str]]]], *, layout: str, meanings: Mapping[str, str] | None = None) -> str:
    """A bar for each label, its parts by class; behind the number what the label means."""
    if not rows:
        return "<p>None.</p>"
    totals = [sum(value for value, _ in parts) for _, parts in rows]
    items = [
        _render_item(label, _render_bar(parts, max(totals)), f"{total}: {meanings[label]}" if meanings is not None else f"{total}")
        for (label, parts), total in zip(rows, totals, strict=True)
    ]
    return f'<dl class="{layout}">{"".join(items)}</dl>'


def _render_item(label: str, bar: str, text: str) -> str:
    return f"<div><dt>{escape(label)}</dt><dd>{bar}<span>{escape(text)}</span></dd></div>"


def render_documents(catalogue: Catalogue, missing: Mapping[str, str]) -> str:
    """One card for each document: what it is, where it is published, and whether it is at hand."""
    return "".join(_render_document(source, missing.get(source["source"])) for source in catalogue.rows["sources"])


def _render_document(source: Row, missing: str | None) -> str:
    url = str(source["url"])
    address = (
        f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(url)}</a>' if url.startswith(("https://", "http://")) else escape(url)
    )
    facts = {
        "product": escape(f"{source['vendor']}: {source['product']}"),
        "published at": address,
        "codes": f"{source['records']}"
        + (f", {escape(source['first_code'])} to {escape(source['last_code'])}" if source["first_code"] is not None else ""),
        "version": escape(source["document_version"] or "none stated"),
        "licence": escape(source["licence"] or "unknown"),
        "document": escape(f"{source['document']}, {source['bytes']:,} bytes, {missing or 'at hand'}"),
        "sha256": f"<code>{escape(source['sha256'])}</code>",
    }
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items())
    title = f"<h3>{escape(source['title'])} <small>{escape(source['source'])}</small></h3>"
    return f'<article class="card">{title}<dl class="facts">{listed}</dl></article>'


def _split(catalogue: Catalogue) -> Iterator[tuple[str, list[Row]]]:
    records: dict[str, list[Row]] = {str(source["source"]): [] for source in catalogue.rows["sources"]}
    for record in catalogue.rows["status_codes"]:
        records[record["source"]].append(record)
    yield from records.items()
