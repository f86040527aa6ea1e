"""Build the catalogue: read what has changed, validate all together, publish what stands, keep the rest as it was published.

A source that fails keeps its last published rows, and so does one whose new document loses records in a way that a person
must see first (etl/changes/vanish.py): it is held back until the build is run with `accept`. What was not published is in
the report, never in silence.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from etl.changes import ChangeSet, compare_records
from etl.changes.vanish import Verdict, explain_hold, find_unread, judge_vanished, read_page
from etl.compose import DocumentReading, Rows, compose_rows
from etl.errors import CatalogueError, ContractError, ErrcatError, SpecError
from etl.history import CHANGES, HISTORY, Held, History, advance, extend_changes, read_history, render_history
from etl.ledger import Ledger
from etl.limits import DEFAULT, Limits
from etl.pipeline import claim_all, read_source
from etl.read import read_document
from etl.spec import SUFFIX, find_specs, load_spec
from etl.state import STATE, digest_code, digest_source, find_damaged, find_unchanged, read_state, render_state
from schemas.vocabulary import DOCUMENT_TABLES

if TYPE_CHECKING:
    import pandas

Status = Literal["built", "unchanged", "kept", "held", "failed", "removed"]
Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one source: its records and findings by severity as published now, and the seconds that it took.

    built      read anew and published
    unchanged  its document and spec are those of the last build
    kept       not asked for, its rows stay as published
    held       read, but not published: `held` says why; its last rows stay
    failed     not readable by its spec, `error` says why; its last rows stay
    removed    its spec is gone, and so are its rows
    """

    source: str
    status: Status
    records: int
    findings: Mapping[str, int]
    seconds: float
    error: ErrcatError | None = None
    held: Held | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildReport:
    """The outcome of each source in name order, what changed in the records, the data version, and the files that changed."""

    outcomes: tuple[Outcome, ...]
    changed: tuple[str, ...]
    changes: ChangeSet
    held_changes: ChangeSet
    data_version: str
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The sources that could not be read."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")

    @property
    def held(self) -> tuple[Outcome, ...]:
        """The sources whose new records were not published."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "held")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """The catalogue as it would be published."""

    tables: Mapping[str, list[Row]]
    frames: Mapping[str, pandas.DataFrame]
    outcomes: tuple[Outcome, ...]
    changes: ChangeSet
    held_changes: ChangeSet
    verdicts: Mapping[str, Verdict]
    before: History
    history: History


def build(
    raw: Path,
    out: Path,
    *,
    sources: Sequence[str] = (),
    accept: Sequence[str] = (),
    strict: bool = False,
    force: bool = False,
    limits: Limits = DEFAULT,
    report: Callable[[str], None] | None = None,
) -> BuildReport:
    """Build the catalogue of the specs below `raw` and publish it in `out`.

    `sources` names those to renew (all where empty); the others keep their published rows. `accept` names those that are
    published even though they lose records. With `strict` nothing is published unless all succeed; with `force` sources
    are read that have not changed. `report` is called with each source's name before it is read. Raises SpecError for an
    unknown source or a folder without specs, PublishError where `out` cannot be written.
    """
    from etl.publish import lock, publish, recover

    find_specs(raw)
    with lock(out):
        recover(out)
        code = digest_code()
        unchanged, notes = (frozenset[str](), ()) if force else _find_unchanged(raw, out, code)
        published, damage = _published_or_damage(out) if force else (_published(out), ())
        prepared = prepare(
            raw, published, read_history(out), sources=sources, accept=accept, unchanged=unchanged, limits=limits, report=report
        )
        statuses = {outcome.status for outcome in prepared.outcomes}
        files: dict[str, bytes] = {}
        gone: list[str] = []
        # That a source is held back is published too, in the history: it may be the only one.
        if statuses != {"failed"} and not (strict and statuses & {"failed", "held"}):
            files = render_all(prepared, _read_text(out / CHANGES))
            gone = _files_of_before(out, files)
            files[STATE] = render_state(code, _describe_inputs(raw, prepared.outcomes), files)
        changed = tuple(name for name in publish(out, files, remove=gone) if name != STATE)
        return _report(prepared, changed, (*notes, *damage))


def check(
    raw: Path,
    out: Path,
    *,
    sources: Sequence[str] = (),
    accept: Sequence[str] = (),
    limits: Limits = DEFAULT,
    report: Callable[[str], None] | None = None,
) -> BuildReport:
    """All that `build` does but writing; every source is read. Raises as `build` does."""
    return _report(
        prepare(raw, _published(out), read_history(out), sources=sources, accept=accept, limits=limits, report=report), (), ()
    )


def compare_documents(raw: Path, out: Path, *, limits: Limits = DEFAULT) -> ChangeSet:
    """What the documents below `raw`, read within `limits`, say otherwise than what is published in `out`, held back or not.

    Raises as `build` does, and where a source cannot be read.
    """
    published = _published(out)
    fresh: list[Row] = []
    for path in find_specs(raw):
        fresh += compose_rows(read_source(path.parent, load_spec(path), limits=limits))["status_codes"]
    return compare_records(published["status_codes"], fresh)


def render_all(prepared: Prepared, changes_text: str | None) -> dict[str, bytes]:
    """Every file of the catalogue by name, index.json last: it lists size and sha256 of all the others."""
    from etl.derived import render_derived
    from etl.render import render_index, render_tables

    files = render_tables(prepared.tables, prepared.frames)
    files |= render_derived(prepared.tables, files, prepared.history.data_version)
    files[HISTORY] = render_history(prepared.history)
    files[CHANGES] = extend_changes(changes_text, prepared.before, prepared.history, prepared.changes).encode("utf-8")
    files["index.json"] = render_index(prepared.tables, prepared.history.data_version, files)
    return files


def _find_unchanged(raw: Path, out: Path, code: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The sources that need no reading, and a word where the state of the last build cannot be used."""
    state = read_state(out)
    if state is None:
        damaged = (out / STATE).exists()
        return frozenset(), ("the state of the last build is damaged: everything is built from the files",) if damaged else ()
    lost = find_damaged(out, state)
    if lost:
        return frozenset(), (f"not what was published any more: {', '.join(lost[:5])}; everything is built from the files",)
    return find_unchanged(raw, state, code), ()


def _files_of_before(out: Path, files: Mapping[str, bytes]) -> list[str]:
    """The files of the last build that this one does not have."""
    state = read_state(out)
    return [] if state is None else [name for name in state.files if name not in files]


def _describe_inputs(raw: Path, outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """The state of each source that stands as its files say; what failed or was held back is read again next time."""
    specs = {path.name.removesuffix(SUFFIX): path for path in find_specs(raw)}
    return {
        outcome.source: {**digest_source(specs[outcome.source], load_spec(specs[outcome.source]).document), "records": outcome.records}
        for outcome in outcomes
        if outcome.status in {"built", "unchanged"}
    }


def _read_text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _report(prepared: Prepared, changed: tuple[str, ...], notes: tuple[str, ...]) -> BuildReport:
    return BuildReport(
        outcomes=prepared.outcomes,
        changed=changed,
        changes=prepared.changes,
        held_changes=prepared.held_changes,
        data_version=prepared.history.data_version,
        notes=notes,
    )


@dataclass(slots=True)
class _Progress:
    """What is known of the sources so far: their fresh rows and readings, and what became of each."""

    fresh: dict[str, Rows]
    readings: dict[str, DocumentReading]
    outcomes: dict[str, Outcome]


def prepare(
    raw: Path,
    published: Tables,
    history: History,
    *,
    sources: Sequence[str] = (),
    accept: Sequence[str] = (),
    unchanged: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
    report: Callable[[str], None] | None = None,
) -> Prepared:
    """Read, hold back and validate; the rows of `published` stand in for sources that are not renewed."""
    specs = {path.name.removesuffix(SUFFIX): path for path in find_specs(raw)}
    old = _by_source(published["status_codes"])
    known = {str(row["source"]) for row in published["sources"]}
    _require_known([*sources, *accept], {*specs, *known}, raw)
    progress = _Progress(fresh={}, readings={}, outcomes={})
    for source, path in sorted(specs.items()):
        if source in unchanged and source in known and source not in accept:
            progress.outcomes[source] = _outcome(source, "unchanged")
        elif sources and source not in sources:
            progress.outcomes[source] = _outcome(source, "kept")
        else:
            if report is not None:
                report(source)
            _read(progress, path, source, limits)
    for source in sorted(known - set(specs)):
        reason = f"its spec {source}{SUFFIX} is gone, and with it all {len(old.get(source, ()))} records"
        held = Held(document_sha256="", reason=reason, line=None)
        progress.outcomes[source] = _outcome(source, "removed") if source in accept else replace(_outcome(source, "held"), held=held)
    verdicts, held_changes = _hold_back(progress, published, accept)
    tables, frames = _validate(progress, published, history)
    changes = compare_records(published["status_codes"], tables["status_codes"])
    held_back = {outcome.source: outcome.held for outcome in progress.outcomes.values() if outcome.held is not None}
    after = advance(
        history,
        changes,
        verdicts,
        old=published["status_codes"],
        new={table: tables[table] for table in DOCUMENT_TABLES},
        held_back=held_back,
    )
    if after.withdrawn != history.withdrawn:
        tables, frames = _validate(progress, published, after)
    return Prepared(
        tables=tables,
        frames=frames,
        outcomes=tuple(_count(progress.outcomes[source], tables) for source in sorted(progress.outcomes)),
        changes=changes,
        held_changes=held_changes,
        verdicts=verdicts,
        before=history,
        history=after,
    )


def _outcome(source: str, status: Status) -> Outcome:
    return Outcome(source=source, status=status, records=0, findings={}, seconds=0.0)


def _read(progress: _Progress, path: Path, source: str, limits: Limits) -> None:
    start = time.perf_counter()
    error: ErrcatError | None = None
    try:
        spec = load_spec(path)
        if spec.source != source:
            raise SpecError(
                "the spec's source is not its file's name",
                where=path.name,
                found=f"source = {spec.source!r}",
                expected=f"source = {source!r}",
                advice="rename one of them: the name is the source's key",
            )
        progress.readings[source] = read_source(path.parent, spec, limits=limits)
        progress.fresh[source] = compose_rows(progress.readings[source])
    except ErrcatError as caught:
        error = caught
    seconds = time.perf_counter() - start
    progress.outcomes[source] = replace(_outcome(source, "failed" if error else "built"), seconds=seconds, error=error)


def _hold_back(progress: _Progress, published: Tables, accept: Sequence[str]) -> tuple[dict[str, Verdict], ChangeSet]:
    """Judge each record that is gone; sources that lose what they must not lose keep their published rows unless accepted."""
    verdicts: dict[str, Verdict] = {}
    held_old: list[Row] = []
    held_new: list[Row] = []
    old = _by_source(published["status_codes"])
    for source, rows in list(progress.fresh.items()):
        reading = progress.readings[source]
        changes = compare_records(old.get(source, []), rows["status_codes"])
        gone = [change for change in changes.changes if change.kind == "withdrawn"]
        if not gone:
            continue
        page = read_page(reading.document.lines, rows["status_codes"])
        elsewhere = _codes_elsewhere(progress, published, source, str(reading.spec.vendor))
        judged = [(change, judge_vanished(change, page=page, elsewhere=elsewhere)) for change in gone]
        reason = explain_hold(judged, old.get(source, []))
        if reason is None or source in accept:
            verdicts.update({change.old_id: verdict for change, verdict in judged if change.old_id is not None})
            continue
        line = next((line for change, _ in judged if (line := find_unread(change, page)) is not None), None)
        held = Held(document_sha256=reading.document.sha256, reason=reason, line=line)
        progress.outcomes[source] = replace(progress.outcomes[source], status="held", held=held)
        held_old += old.get(source, [])
        held_new += rows["status_codes"]
        del progress.fresh[source]
    return verdicts, compare_records(held_old, held_new)


def _codes_elsewhere(progress: _Progress, published: Tables, source: str, vendor: str) -> frozenset[str]:
    """The codes in the vendor's other documents, as they are read now or were published."""
    rows = [row for other, fresh in progress.fresh.items() if other != source for row in fresh["status_codes"]]
    rows += [row for row in published["status_codes"] if row["source"] not in {source, *progress.fresh}]
    return frozenset(str(row["code"]) for row in rows if row["vendor"] == vendor and row["code"] is not None)


def _require_known(named: Sequence[str], known: Iterable[str], raw: Path) -> None:
    for source in named:
        if source not in known:
            raise SpecError(
                "no such source",
                where=str(raw),
                found=repr(source),
                expected=f"one of {', '.join(sorted(known))}",
                advice="name one of these",
            )


def _validate(progress: _Progress, published: Tables, history: History) -> tuple[dict[str, list[Row]], dict[str, pandas.DataFrame]]:
    """Validate all rows together; a fresh source that breaks the contract fails, and its published rows stand in for it."""
    from schemas.frames import build_frame
    from schemas.validation import validate_frames

    while True:
        tables = _merge(progress, published, history)
        frames = {table: build_frame(table, rows) for table, rows in tables.items()}
        violations = validate_frames(frames)
        if not violations:
            return tables, frames
        faulty = {violation.source for violation in violations if violation.source is not None}
        if not faulty or not faulty <= set(progress.fresh):
            first = next((violation for violation in violations if violation.source not in progress.fresh), violations[0])
            raise ContractError(
                "published rows break the contract",
                where=f"{first.table}.{first.column} of {first.source}",
                found=first.found,
                expected=first.expected,
                advice="they are damaged or of another version: build all sources again with --force",
            )
        for source in sorted(faulty):
            own = [violation for violation in violations if violation.source == source]
            del progress.fresh[source]
            progress.outcomes[source] = replace(progress.outcomes[source], status="failed", error=_contract_error(source, own))


def _contract_error(source: str, violations: Sequence[Any]) -> ContractError:
    return ContractError(
        f"{len(violations)} values break the contract",
        where=source,
        found="; ".join(str(violation) for violation in violations[:5]) + ("; …" if len(violations) > 5 else ""),
        expected="rows that obey schemas/",
        advice="mend the spec, or the reader if the page is right",
    )


def _merge(progress: _Progress, published: Tables, history: History) -> dict[str, list[Row]]:
    """All rows in published order: sources in name order, rows in document order."""
    merged: dict[str, list[Row]] = {table: [] for table in DOCUMENT_TABLES}
    old = {table: _by_source(published[table]) for table in DOCUMENT_TABLES}
    for source in sorted(progress.outcomes):
        if progress.outcomes[source].status == "removed":
            continue
        for table in DOCUMENT_TABLES:
            merged[table].extend(progress.fresh[source][table] if source in progress.fresh else old[table].get(source, ()))
    return {**merged, "withdrawn": list(history.withdrawn)}


def _by_source(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(str(row["source"]), []).append(row)
    return grouped


def _count(outcome: Outcome, tables: Tables) -> Outcome:
    return replace(
        outcome,
        records=sum(row["source"] == outcome.source for row in tables["status_codes"]),
        findings=dict(Counter(str(row["severity"]) for row in tables["findings"] if row["source"] == outcome.source)),
    )


def _published(out: Path) -> Tables:
    """The rows that are published in `out`; none where nothing is published yet. Raises CatalogueError where they cannot be read."""
    from etl.catalogue import load_rows

    if not any((out / f"{table}.json").exists() for table in DOCUMENT_TABLES):
        return {table: [] for table in DOCUMENT_TABLES}
    return {table: load_rows(table, out) for table in DOCUMENT_TABLES}


def _published_or_damage(out: Path) -> tuple[Tables, tuple[str, ...]]:
    """The published rows, or none and a word where they cannot be read."""
    try:
        return _published(out), ()
    except CatalogueError as error:
        return {table: [] for table in DOCUMENT_TABLES}, (f"{error.problem} ({error.where}): nothing of it is used",)


def read_ledger(raw: Path, source: str, *, limits: Limits = DEFAULT) -> Ledger:
    """The ledger of one source's document, balanced or not.

    Raises SpecError for an unknown source, DocumentError where its tables cannot be read.
    """
    specs = {path.name.removesuffix(SUFFIX): path for path in find_specs(raw)}
    _require_known([source], specs, raw)
    path = specs[source]
    spec = load_spec(path)
    return claim_all(read_document(path.parent / spec.document, encoding=spec.encoding, limits=limits), spec)
