"""The commands of maintainers: build, check."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from etl.cli.arguments import FAILED, HELD_BACK, LAYOUT, OK, Commands, add_building, add_command, limits_of, print_json
from etl.errors import LayoutError, LedgerError

if TYPE_CHECKING:
    from etl.build import BuildReport, Outcome
    from etl.ledger import Ledger

SEVERITIES = ("error", "warning", "info")
SHOWN_AS_CELLS = frozenset({"row", "group", "header", "markup"})
"""Kinds of lines whose text the list of cells shows, or that have none."""

MISFITS = (LayoutError, LedgerError)
"""Errors that say that the document is laid out otherwise than its spec says."""


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    build = add_command(commands, "build", run_build, "read all vendor documents that have changed and publish the catalogue")
    add_building(build)
    build.add_argument("--strict", action="store_true", help="publish nothing unless every source succeeds")
    build.add_argument("--force", action="store_true", help="read all documents, also those that have not changed")
    _add_accept(build)

    check = add_command(commands, "check", run_check, "do all that build does, but write nothing")
    add_building(check)
    _add_accept(check)
    check.add_argument("--ledger", metavar="SOURCE", help="print who claims each line and each cell of this source's document")


def _add_accept(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--accept", action="append", default=[], metavar="SOURCE", help="publish this source though it loses records; repeatable"
    )


def run_build(given: argparse.Namespace) -> int:
    """`errcat build`"""
    if not (given.force or given.source or given.accept or given.json):
        from etl.state import nothing_changed

        records = nothing_changed(given.raw, given.out)
        if records is not None:
            sys.stdout.write(f"nothing has changed: {sum(records.values())} records of {len(records)} sources in {given.out}\n")
            return OK
    from etl.build import build
    from etl.terminal import show_progress

    with show_progress("reading") as report:
        result = build(
            given.raw,
            given.out,
            sources=given.source,
            accept=given.accept,
            strict=given.strict,
            force=given.force,
            limits=limits_of(given),
            report=report,
        )
    _show(given, result)
    if not given.json:
        if given.strict and (result.failed or result.held):
            sys.stdout.write("nothing is published: not every source succeeded\n")
        else:
            changed = f"{len(result.changed)} files changed in {given.out}" if result.changed else f"{given.out} is as it was"
            sys.stdout.write(f"{changed}; data version {result.data_version}\n")
    return _exit_code(result)


def run_check(given: argparse.Namespace) -> int:
    """`errcat check`"""
    from etl.build import check, read_ledger
    from etl.terminal import show_progress

    if given.ledger is not None:
        return _show_ledger(given, read_ledger(given.raw, given.ledger, limits=limits_of(given)))
    with show_progress("reading") as report:
        result = check(given.raw, given.out, sources=given.source, accept=given.accept, limits=limits_of(given), report=report)
    _show(given, result)
    return _exit_code(result)


def _show(given: argparse.Namespace, result: BuildReport) -> None:
    from etl.changes.render import render_text, to_json
    from etl.terminal import print_error, print_table

    if given.json:
        print_json(
            {
                "data_version": result.data_version,
                "sources": [_describe(outcome) for outcome in result.outcomes],
                "changes": to_json(result.changes),
                "held_changes": to_json(result.held_changes),
                "changed": list(result.changed),
                "notes": list(result.notes),
            }
        )
        return
    print_table(
        ["source", "status", "records", "errors", "warnings", "infos", "seconds"],
        [
            [
                outcome.source,
                outcome.status,
                outcome.records,
                *(outcome.findings.get(severity, 0) for severity in SEVERITIES),
                f"{outcome.seconds:.2f}",
            ]
            for outcome in result.outcomes
        ],
        right=["records", "errors", "warnings", "infos", "seconds"],
    )
    if any(size.old for size in result.changes.sizes) and result.changes.changes:
        sys.stdout.write(f"\n{render_text(result.changes, limit=20)}\n")
    for note in result.notes:
        print_error(note)
    for outcome in result.failed:
        print_error(f"{outcome.error}\n  {outcome.source} failed: {_kept(outcome)}{_way_on(outcome)}")
    for outcome in result.held:
        if outcome.held is not None:
            line = "" if outcome.held.line is None else f", line {outcome.held.line} of its document"
            print_error(
                f"{outcome.source} is held back: {outcome.held.reason}{line}\n  {_kept(outcome)}\n"
                f"  what to do: look at the changes; if the vendor really made them, errcat build --accept {outcome.source}; "
                f"if the page is laid out anew, errcat draft --against {outcome.source}"
            )
    if result.held and result.held_changes.changes:
        sys.stderr.write(f"\nheld back:\n{render_text(result.held_changes, limit=20)}")


def _describe(outcome: Outcome) -> dict[str, object]:
    return {
        "source": outcome.source,
        "status": outcome.status,
        "records": outcome.records,
        "findings": {severity: outcome.findings.get(severity, 0) for severity in SEVERITIES},
        "seconds": round(outcome.seconds, 3),
        "error": None if outcome.error is None else str(outcome.error),
        "held": None if outcome.held is None else {"reason": outcome.held.reason, "line": outcome.held.line},
    }


def _kept(outcome: Outcome) -> str:
    return f"its {outcome.records} published records stay" if outcome.records else "it has no records yet"


def _way_on(outcome: Outcome) -> str:
    return f"; errcat draft --against {outcome.source} proposes a changed spec" if isinstance(outcome.error, MISFITS) else ""


def _exit_code(result: BuildReport) -> int:
    if any(isinstance(outcome.error, MISFITS) for outcome in result.failed):
        return LAYOUT
    if result.held:
        return HELD_BACK
    return FAILED if result.failed else OK


def _show_ledger(given: argparse.Namespace, ledger: Ledger) -> int:
    if given.json:
        print_json(
            {
                "document": ledger.document,
                "sha256": ledger.sha256,
                "records": ledger.records,
                "balanced": ledger.balanced,
                "lines": [
                    {"line": claim.line, "kind": claim.kind, "by": claim.by, "text": ledger.texts[claim.line - 1]} for claim in ledger.lines
                ],
                "cells": [
                    {"table": claim.table, "line": claim.line, "column": claim.column, "text": claim.text, "use": claim.use}
                    for claim in ledger.cells
                ],
                "unclaimed": list(ledger.unclaimed),
                "miscounted": list(ledger.miscounted),
            }
        )
        return OK if ledger.balanced else FAILED
    from etl.terminal import print_table

    print_table(["line", "kind", "claimed by", "text"], _list_claims(ledger), right=["line"])
    sys.stdout.write("\n")
    print_table(
        ["table", "line", "column", "text", "use"],
        [[claim.table, claim.line, claim.column, claim.text.replace("\n", " "), claim.use] for claim in ledger.cells],
        right=["table", "line"],
    )
    sys.stdout.write(f"\n{len(ledger.lines)} claims on lines, {len(ledger.cells)} on cells: ")
    if ledger.balanced:
        sys.stdout.write("the ledger balances\n\nto confirm what is read from this very document:\n")
        sys.stdout.write(f'[checked]\nsha256 = "{ledger.sha256}"\nrecords = {ledger.records}\n')
        return OK
    unclaimed = [f"claimed by nothing: line {', '.join(map(str, ledger.unclaimed))}"] if ledger.unclaimed else []
    sys.stdout.write(f"the ledger does not balance; {'; '.join([*unclaimed, *ledger.miscounted])}\n")
    return FAILED


def _list_claims(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    """A row for each claim on a line, and for each line without; lines whose text the cells show are drawn together."""
    claims = {(claim.line, claim.kind, claim.by) for claim in ledger.lines} | {(line, "unclaimed", "nothing") for line in ledger.unclaimed}
    runs: dict[tuple[str, str], list[list[int]]] = {}
    for line, kind, by in sorted(claims):
        known = runs.setdefault((kind, by), [])
        if kind in SHOWN_AS_CELLS and known and known[-1][1] == line - 1:
            known[-1][1] = line
        else:
            known.append([line, line])
    listed = sorted((first, last, kind, by) for (kind, by), several in runs.items() for first, last in several)
    return [
        (str(first) if first == last else f"{first}-{last}", kind, by, "" if kind in SHOWN_AS_CELLS else ledger.texts[first - 1])
        for first, last, kind, by in listed
    ]
