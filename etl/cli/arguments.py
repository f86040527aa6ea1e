"""What the commands share: exit codes, options, and how JSON is printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.limits import Limits

Commands = argparse._SubParsersAction

OK, FAILED, USAGE, HELD_BACK, LAYOUT, NOTHING_FOUND = range(6)
INTERRUPTED = 130

EXIT_CODES = """\
exit codes:
  0    done
  1    something failed; what could be done is done
  2    the command line is wrong
  3    data was held back
  4    a document's layout is not the one of its spec
  5    nothing was found
  130  interrupted
"""

DEFAULT_RAW = Path("raw")
DEFAULT_OUT = Path("output")


def add_command(
    commands: Commands[argparse.ArgumentParser], name: str, run: Callable[[argparse.Namespace], int], summary: str
) -> argparse.ArgumentParser:
    """A command with the options that all have."""
    command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)
    return command


def add_building(command: argparse.ArgumentParser) -> None:
    """The options of commands that read vendor documents."""
    command.add_argument(
        "--raw", type=Path, default=DEFAULT_RAW, metavar="DIR", help="the folder with the documents and their specs (default: raw)"
    )
    command.add_argument(
        "--out", type=Path, default=DEFAULT_OUT, metavar="DIR", help="the folder of the published tables (default: output)"
    )
    command.add_argument(
        "--source", action="append", default=[], metavar="SOURCE", help="only this source, the others stay as published; repeatable"
    )
    add_limits(command)


def add_format(command: argparse.ArgumentParser) -> None:
    """What pages without a spec are written in."""
    command.add_argument(
        "--format", choices=["html", "markdown", "rst", "asciidoc", "man", "text"], help="what the page is written in (default: found out)"
    )


def add_limits(command: argparse.ArgumentParser) -> None:
    """The limits of pages, an option for each."""
    from etl.limits import list_limits  # commands that read no page do without

    group = command.add_argument_group("limits of a page", "see docs/limits.md")
    for name, default, unit, of in list_limits():
        group.add_argument(
            f"--{name.replace('_', '-')}", type=read_limit, default=default, metavar="N", help=f"{unit}: {of} (default: {default:,})"
        )


def read_limit(printed: str) -> int:
    """A limit as it is given: a number from 1."""
    if not printed.isdecimal() or int(printed) < 1:
        raise argparse.ArgumentTypeError(f"{printed!r} is no whole number from 1 on")
    return int(printed)


def limits_of(given: argparse.Namespace) -> Limits:
    """The limits that the options of `add_limits` give."""
    from etl.limits import Limits, list_limits

    return Limits(**{name: getattr(given, name) for name, _, _, _ in list_limits()})


def add_reading(command: argparse.ArgumentParser) -> None:
    """The options of commands that read the published catalogue."""
    command.add_argument(
        "--data", type=Path, metavar="DIR", help="the folder of the published tables (default: output, else those installed with errcat)"
    )


def print_json(value: object) -> None:
    """Print `value` as JSON for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
