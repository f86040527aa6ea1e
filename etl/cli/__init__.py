"""The command line: arguments in, one call, text and exit code out. No data logic stands here.

Each module of this package holds the commands of one kind of user. Heavy libraries, and the modules that need them, are
imported by the command that runs, so that `errcat --help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from etl import __version__
from etl.cli import building, extracting, reading, relying, updating, using
from etl.cli.arguments import EXIT_CODES, FAILED, INTERRUPTED, LAYOUT
from etl.errors import ErrcatError, LayoutError, LedgerError


def make_parser() -> argparse.ArgumentParser:
    """The whole command line, as argparse knows it."""
    parser = argparse.ArgumentParser(
        prog="errcat",
        description="Vendors' API status and error codes, read from the pages that document them, as one validated table.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"errcat {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (building, updating, extracting, reading, using, relying):
        module.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code, one of `EXIT_CODES`."""
    given = make_parser().parse_args(arguments)
    try:
        code: int = given.run(given)
        sys.stdout.flush()
    except ErrcatError as error:
        sys.stderr.write(f"errcat: {error}\n")
        return LAYOUT if isinstance(error, (LayoutError, LedgerError)) else FAILED
    except BrokenPipeError:
        # Whoever read our output (head, less) has gone, which is no fault; stdout must not complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("errcat: interrupted\n")
        return INTERRUPTED
    return code
