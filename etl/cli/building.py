"""The commands of maintainers: build, check."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from etl.cli.arguments import FAILED, LAYOUT, OK, Commands, add_building, add_command, print_json
from etl.errors import LayoutError

if TYPE_CHECKING:
    from etl.build import BuildReport
    from etl.ledger import Ledger

SEVERITIES = ("error", "warning", "info")


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    build = add_command(commands, "build", run_build, "read all vendor documents and publish the catalogue")
    add_building(build)
    build.add_argument("--strict", action="store_true", help="publish nothing unless every source succeeds")

    check = add_command(commands, "check", run_check, "do all that build does, but write nothing")
    add_building(check)
    check.add_argument("--ledger", metavar="SOURCE", help="print who claims each line and each cell of this source's document")


def run_build(given: argparse.Namespace) -> int:
    """`errcat build`"""
    from etl.build import build

    with _progress() as report:
        result = build(given.raw, given.out, sources=given.source, strict=given.strict, max_bytes=given.max_bytes, report=report)
    _show(given, result)
    if not given.json:
        if given.strict and result.failed:
            sys.stdout.write("nothing is published: not every source succeeded\n")
        else:
            sys.stdout.write(f"{len(result.changed)} files changed in {given.out}\n" if result.changed else f"{given.out} is as it was\n")
    return _exit_code(result)


def run_check(given: argparse.Namespace) -> int:
    """`errcat check`"""
    from etl.build import check, read_ledger

    if given.ledger is not None:
        return _show_ledger(given, read_ledger(given.raw, given.ledger, max_bytes=given.max_bytes))
    with _progress() as report:
        result = check(given.raw, given.out, sources=given.source, max_bytes=given.max_bytes, report=report)
    _show(given, result)
    return _exit_code(result)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None] | None]:
    """Says on stderr which source is being read, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading …") as status:
        yield lambda source: status.update(f"reading {source} …")


def _show(given: argparse.Namespace, result: BuildReport) -> None:
    if given.json:
        print_json(
            {
                "sources": [
                    {
                        "source": outcome.source,
                        "status": outcome.status,
                        "records": outcome.records,
                        "findings": {severity: outcome.findings.get(severity, 0) for severity in SEVERITIES},
                        "seconds": round(outcome.seconds, 3),
                        "error": None if outcome.error is None else str(outcome.error),
                    }
                    for outcome in result.outcomes
                ],
                "changed": list(result.changed),
            }
        )
        return
    from etl.terminal import print_error, print_table

    print_table(
        ["source", "status", "records", "errors", "warnings", "infos", "seconds"],
        [
            [outcome.source, outcome.status, outcome.records, *(outcome.findings.get(severity, 0) for severity in SEVERITIES), f"{outcome.seconds:.2f}"]
            for outcome in result.outcomes
        ],
        right=["records", "errors", "warnings", "infos", "seconds"],
    )
    for outcome in result.failed:
        kept = f"its {outcome.records} published records stay" if outcome.records else "it has no records yet"
        print_error(f"{outcome.error}\n  {outcome.source} failed: {kept}")


def _exit_code(result: BuildReport) -> int:
    if not result.failed:
        return OK
    return LAYOUT if all(isinstance(outcome.error, LayoutError) for outcome in result.failed) else FAILED


def _show_ledger(given: argparse.Namespace, ledger: Ledger) -> int:
    if given.json:
        print_json(
            {
                "document": ledger.document,
                "balanced": ledger.balanced,
                "lines": [{"line": claim.line, "kind": claim.kind, "by": claim.by} for claim in ledger.lines],
                "cells": [
                    {"table": claim.table, "line": claim.line, "column": claim.column, "text": claim.text, "use": claim.use} for claim in ledger.cells
                ],
                "unclaimed": list(ledger.unclaimed),
                "miscounted": list(ledger.miscounted),
            }
        )
        return OK if ledger.balanced else FAILED
    from etl.terminal import print_table

    print_table(["line", "kind", "claimed by"], [[claim.line, claim.kind, claim.by] for claim in ledger.lines], right=["line"])
    sys.stdout.write("\n")
    print_table(
        ["table", "line", "column", "text", "use"],
        [[claim.table, claim.line, claim.column, claim.text.replace("\n", " "), claim.use] for claim in ledger.cells],
        right=["table", "line"],
    )
    sys.stdout.write(f"\n{len(ledger.lines)} claims on lines, {len(ledger.cells)} on cells: ")
    if ledger.balanced:
        sys.stdout.write("the ledger balances\n")
        return OK
    sys.stdout.write(f"it does not balance: lines {list(ledger.unclaimed)} are claimed by nothing; {'; '.join(ledger.miscounted) or 'all cells are'}\n")
    return FAILED
