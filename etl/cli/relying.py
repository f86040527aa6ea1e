"""The commands of packages that build on the catalogue: lock, check-lock, compare."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etl.cli.arguments import FAILED, OK, Commands, add_command, add_reading, print_json

DEFAULT_LOCK = Path("codes.lock")


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    lock = add_command(commands, "lock", run_lock, "note the records that a package relies on, as they read now")
    lock.add_argument("id", nargs="+", metavar="ID", help="the id of a record, such as SOURCE:CODE; one that is locked is renewed")
    lock.add_argument("--remove", action="store_true", help="take these records out of the lock")
    _add_lock_file(lock)
    add_reading(lock)

    check = add_command(commands, "check-lock", run_check_lock, "say which locked records are not what they were; exit code 1 if any")
    _add_lock_file(check)
    add_reading(check)

    summary = "compare a hand-kept table of codes with the catalogue; exit code 1 where it differs"
    compare = add_command(commands, "compare", run_compare, summary)
    compare.add_argument("table", type=Path, metavar="TABLE", help="a table as .csv, .tsv or .json, or a Python enumeration as .py")
    compare.add_argument("--source", metavar="SOURCE", help="the source that the table is about (default: the one that it is most like)")
    compare.add_argument("--enum", metavar="CLASS", help="the enumeration, where the Python file has several")
    add_reading(compare)


def _add_lock_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("--file", type=Path, default=DEFAULT_LOCK, metavar="FILE", help="the lock (default: codes.lock)")


def run_lock(given: argparse.Namespace) -> int:
    """`errcat lock`"""
    from etl.reliance import lock_codes

    report = lock_codes(given.file, given.id, folder=given.data, remove=given.remove)
    done = {"added": report.added, "renewed": report.renewed, "unchanged": report.unchanged, "removed": report.removed}
    if given.json:
        print_json({kind: list(ids) for kind, ids in done.items()})
    else:
        sys.stdout.writelines(f"{kind}: {', '.join(ids)}\n" for kind, ids in done.items() if ids)
    return OK


def run_check_lock(given: argparse.Namespace) -> int:
    """`errcat check-lock`"""
    from etl.reliance import check_lock

    report = check_lock(given.file, folder=given.data)
    if given.json:
        broken = [
            {
                "id": found.id,
                "kinds": list(found.kinds),
                "fields": [{"field": field.field, "old": field.old, "new": field.new, "kind": field.kind} for field in found.fields],
                "now": list(found.now),
            }
            for found in report.broken
        ]
        print_json({"locked": report.locked, "broken": broken})
    else:
        from etl.terminal import visible

        for found in report.broken:
            elsewhere = [name for name in found.now if name != found.id]
            see = f" (see {', '.join(elsewhere)})" if elsewhere else ""
            sys.stdout.write(visible(f"{found.id}: {', '.join(kind.replace('_', ' ') for kind in found.kinds)}{see}") + "\n")
            for field in found.fields:
                sys.stdout.write(visible(f"    {field.field}: {field.old!r} -> {field.new!r}") + "\n")
        sys.stdout.write(f"{len(report.broken)} of {report.locked} locked records are not what they were\n")
    return FAILED if report.broken else OK


def run_compare(given: argparse.Namespace) -> int:
    """`errcat compare`"""
    from etl.compare import compare

    result = compare(given.table, source=given.source, enum=given.enum, folder=given.data)
    if given.json:
        differences = [
            {"kind": found.kind, "code": found.code, "place": found.place, "table": found.table, "catalogue": list(found.catalogue)}
            for found in result.differences
        ]
        print_json({"source": result.source, "guessed": result.guessed, "codes": result.codes, "differences": differences})
        return FAILED if result.differences else OK
    if result.differences:
        from etl.terminal import print_table

        rows = [[found.kind, found.code, found.place, found.table, " | ".join(found.catalogue)] for found in result.differences]
        print_table(["difference", "code", "place", "in the table", "in the catalogue"], rows)
    guessed = ", the source that it is most like" if result.guessed else ""
    sys.stdout.write(f"{len(result.differences)} differences between {result.codes} codes and {result.source}{guessed}\n")
    return FAILED if result.differences else OK
