"""The command of those who look: report."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etl.cli.arguments import OK, Commands, add_command, add_reading, print_json


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    report = add_command(commands, "report", run_report, "write the catalogue as one HTML file that needs no network")
    report.add_argument(
        "--out", type=Path, default=Path("report.html"), metavar="FILE", help="the file to write, or - for stdout (default: report.html)"
    )
    report.add_argument(
        "--raw", type=Path, metavar="DIR", help="the folder with the vendor documents (default: raw, else those installed with errcat)"
    )
    add_reading(report)


def run_report(given: argparse.Namespace) -> int:
    """`errcat report`"""
    from etl.errors import PublishError
    from etl.files import replace_file
    from etl.report import build_report
    from etl.terminal import print_error

    report = build_report(folder=given.data, raw=given.raw)
    content = report.html.encode("utf-8")
    for source, reason in report.missing.items():
        print_error(f"the lines of {source} are left out: {reason}")
    if given.out == Path("-"):
        sys.stdout.buffer.write(content)
        return OK
    try:
        replace_file(given.out, content)
    except OSError as error:
        raise PublishError(
            "the report cannot be written",
            where=str(given.out),
            found=error.strerror or str(error),
            expected="a file in a folder that can be written",
            advice="make the folder, or give another file with --out",
        ) from error
    if given.json:
        print_json(
            {
                "file": str(given.out),
                "bytes": len(content),
                "records": report.records,
                "sources": report.sources,
                "missing": dict(report.missing),
            }
        )
    else:
        sys.stdout.write(f"{given.out}: {report.records} codes of {report.sources} documents, {len(content):,} bytes\n")
    return OK
