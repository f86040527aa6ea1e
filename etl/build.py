"""Build the catalogue: read all sources, validate them together, publish what stands, keep the rest as it was published.

A source that fails keeps its last published rows; the others are renewed. What fails is in the report, never in silence.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from etl.compose import DocumentReading, Rows, compose_rows
from etl.errors import ContractError, ErrcatError, SpecError
from etl.ledger import Ledger
from etl.pipeline import claim_all, read_source
from etl.read import MAX_BYTES, read_document
from etl.spec import SUFFIX, find_specs, load_spec
from schemas.vocabulary import TABLE_NAMES

if TYPE_CHECKING:
    import pandas

Status = Literal["built", "kept", "failed", "removed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one source: how many records it has now, its findings by severity, the seconds that it took."""

    source: str
    status: Status
    records: int
    findings: Mapping[str, int]
    seconds: float
    error: ErrcatError | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildReport:
    """The outcome of each source in name order, and the files that changed in the output folder."""

    outcomes: tuple[Outcome, ...]
    changed: tuple[str, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The sources that could not be renewed."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """The catalogue as it would be published: rows and validated frames of all tables, with each source's outcome."""

    rows: Mapping[str, list[Mapping[str, Any]]]
    frames: Mapping[str, pandas.DataFrame]
    outcomes: tuple[Outcome, ...]
    readings: Mapping[str, DocumentReading]


def build(
    raw: Path, out: Path, *, sources: Sequence[str] = (), strict: bool = False, max_bytes: int = MAX_BYTES, report: Callable[[str], None] | None = None
) -> BuildReport:
    """Build the catalogue of the specs below `raw` and publish it in `out`.

    `sources` names those to renew (all where empty); the others keep their published rows. With `strict` nothing is
    published unless all succeed. `report` is called with each source's name before it is read. Raises SpecError for an
    unknown source or a folder without specs, PublishError where `out` cannot be written.
    """
    from etl.publish import lock, publish, recover
    from etl.render import render_tables

    find_specs(raw)
    with lock(out):
        recover(out)
        prepared = prepare(raw, _published(out), sources=sources, max_bytes=max_bytes, report=report)
        failed = any(outcome.status == "failed" for outcome in prepared.outcomes)
        if (strict and failed) or all(outcome.status == "failed" for outcome in prepared.outcomes):
            return BuildReport(outcomes=prepared.outcomes, changed=())
        return BuildReport(outcomes=prepared.outcomes, changed=publish(out, render_tables(prepared.rows, prepared.frames)))


def check(raw: Path, out: Path, *, sources: Sequence[str] = (), max_bytes: int = MAX_BYTES, report: Callable[[str], None] | None = None) -> BuildReport:
    """All that `build` does but writing. Raises as `build` does."""
    prepared = prepare(raw, _published(out), sources=sources, max_bytes=max_bytes, report=report)
    return BuildReport(outcomes=prepared.outcomes, changed=())


def prepare(
    raw: Path, published: Mapping[str, Sequence[Mapping[str, Any]]], *, sources: Sequence[str] = (), max_bytes: int = MAX_BYTES,
    report: Callable[[str], None] | None = None,
) -> Prepared:  # fmt: skip
    """Read and validate; the rows of `published` stand in for sources that are not renewed or that fail."""
    specs = {path.name.removesuffix(SUFFIX): path for path in find_specs(raw)}
    _require_known(sources, specs, raw)
    fresh: dict[str, Rows] = {}
    readings: dict[str, DocumentReading] = {}
    outcomes: dict[str, Outcome] = {}
    for source, path in sorted(specs.items()):
        if sources and source not in sources:
            outcomes[source] = Outcome(source=source, status="kept", records=0, findings={}, seconds=0.0)
            continue
        if report is not None:
            report(source)
        start = time.perf_counter()
        error: ErrcatError | None = None
        try:
            readings[source] = read = _read_spec(path, source, max_bytes)
            fresh[source] = compose_rows(read)
        except ErrcatError as caught:
            error = caught
        seconds = time.perf_counter() - start
        outcomes[source] = Outcome(source=source, status="failed" if error else "built", records=0, findings={}, seconds=seconds, error=error)
    for source in sorted({str(row["source"]) for row in published["sources"]} - set(specs)):
        outcomes[source] = Outcome(source=source, status="removed", records=0, findings={}, seconds=0.0)
    return _validate(fresh, published, outcomes, readings)


def _read_spec(path: Path, source: str, max_bytes: int) -> DocumentReading:
    spec = load_spec(path)
    if spec.source != source:
        raise SpecError(
            "the spec's source is not its file's name", where=path.name, found=f"source = {spec.source!r}", expected=f"source = {source!r}",
            advice="rename one of them: the name is the source's key",
        )
    return read_source(path.parent, spec, max_bytes=max_bytes)


def _require_known(sources: Sequence[str], specs: Mapping[str, Path], raw: Path) -> None:
    for source in sources:
        if source not in specs:
            raise SpecError("no such source", where=str(raw), found=repr(source), expected=f"one of {', '.join(sorted(specs))}", advice="name one of these")


def _validate(
    fresh: dict[str, Rows], published: Mapping[str, Sequence[Mapping[str, Any]]], outcomes: dict[str, Outcome], readings: dict[str, DocumentReading]
) -> Prepared:
    """Validate all rows together; a fresh source that breaks the contract fails, and its published rows stand in for it."""
    from schemas.frames import build_frame
    from schemas.validation import validate_frames

    while True:
        rows = _merge(fresh, published, outcomes)
        frames = {table: build_frame(table, rows[table]) for table in TABLE_NAMES}
        violations = validate_frames(frames)
        faulty = {violation.source for violation in violations}
        if not violations:
            break
        if not faulty <= set(fresh):
            first = next(violation for violation in violations if violation.source not in fresh)
            raise ContractError(
                "published rows break the contract", where=f"{first.table}.{first.column} of {first.source}", found=first.found, expected=first.expected,
                advice="they are damaged or of another version: build these sources again, without --source",
            )
        for source in sorted(faulty):
            own = [violation for violation in violations if violation.source == source]
            del fresh[source]
            outcomes[source] = replace(outcomes[source], status="failed", error=_contract_error(source, own))
    return Prepared(rows=rows, frames=frames, outcomes=tuple(_count(outcomes[source], rows) for source in sorted(outcomes)), readings=readings)


def _contract_error(source: str, violations: Sequence[Any]) -> ContractError:
    shown = "; ".join(f"{v.table}.{v.column or '*'} of {v.row}: {v.found} breaks {v.check} (expected {v.expected})" for v in violations[:5])
    return ContractError(
        f"{len(violations)} values break the contract", where=source, found=shown + ("; …" if len(violations) > 5 else ""),
        expected="rows that obey schemas/", advice="mend the spec, or the reader if the page is right",
    )  # fmt: skip


def _merge(
    fresh: Mapping[str, Rows], published: Mapping[str, Sequence[Mapping[str, Any]]], outcomes: Mapping[str, Outcome]
) -> dict[str, list[Mapping[str, Any]]]:
    """All rows in published order: sources in name order, rows in document order."""
    merged: dict[str, list[Mapping[str, Any]]] = {table: [] for table in TABLE_NAMES}
    old = {table: _by_source(published[table]) for table in TABLE_NAMES}
    for source in sorted(outcomes):
        if outcomes[source].status == "removed":
            continue
        for table in TABLE_NAMES:
            merged[table].extend(fresh[source][table] if source in fresh else old[table].get(source, ()))
    return merged


def _by_source(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(str(row["source"]), []).append(row)
    return grouped


def _count(outcome: Outcome, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Outcome:
    return replace(
        outcome,
        records=sum(row["source"] == outcome.source for row in rows["status_codes"]),
        findings=dict(Counter(str(row["severity"]) for row in rows["findings"] if row["source"] == outcome.source)),
    )


def _published(out: Path) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The rows that are published in `out`; none where nothing is published yet."""
    from etl.catalogue import load_rows

    if not (out / "status_codes.json").exists():
        return {table: [] for table in TABLE_NAMES}
    return {table: load_rows(table, out) for table in TABLE_NAMES}


def read_ledger(raw: Path, source: str, *, max_bytes: int = MAX_BYTES) -> Ledger:
    """The ledger of one source's document, balanced or not. Raises SpecError for an unknown source, DocumentError where its tables cannot be read."""
    specs = {path.name.removesuffix(SUFFIX): path for path in find_specs(raw)}
    _require_known([source], specs, raw)
    path = specs[source]
    spec = load_spec(path)
    return claim_all(read_document(path.parent / spec.document, encoding=spec.encoding, max_bytes=max_bytes), spec)[2]
