"""The command line: arguments in, one call, text and exit code out. No data logic stands here.

Each module of this package holds the commands of one kind of user. Heavy libraries, and the modules that need them, are
imported by the command that runs, so that `errcat --help` answers at once.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence

from etl import __version__
from etl.cli.arguments import DEFAULT_OUT, EXIT_CODES, FAILED, INTERRUPTED, LAYOUT
from etl.errors import ErrcatError, LayoutError, LedgerError, PublishError

STAGING = ".next"
"""The folder in which etl/publish.py gathers a new set of files; named here too, since importing it takes time."""

MODULES = {
    "building": ("build", "check"),
    "updating": ("diff", "fetch", "update"),
    "extracting": ("extract", "inspect", "draft"),
    "reading": ("why", "findings", "sources"),
    "using": ("lookup", "match", "query"),
    "relying": ("lock", "check-lock", "compare"),
    "reporting": ("report",),
}
"""The modules of this package and the commands that each adds, so that a command loads its own module alone: parsers cost time too."""


_SELDOM = (100_000, 50, 100)
"""How often Python looks for garbage in cycles: a page becomes a million objects without any; by default a fifth of the time goes there."""


def make_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The command line as argparse knows it: whole, or with the module of `command` alone where that is a command."""
    parser = argparse.ArgumentParser(
        prog="errcat",
        description="Vendors' API status and error codes, read from the pages that document them, as one validated table.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"errcat {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    named = [module for module, names in MODULES.items() if command in names]
    for module in named or MODULES:
        importlib.import_module(f"etl.cli.{module}").add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code, one of `EXIT_CODES`."""
    given_arguments = sys.argv[1:] if arguments is None else list(arguments)
    _settle_encoding()
    gc.set_threshold(*_SELDOM)
    given = make_parser(given_arguments[0] if given_arguments else None).parse_args(given_arguments)
    try:
        _finish_publication(given)
        code: int = given.run(given)
        sys.stdout.flush()
    except ErrcatError as error:
        from etl.terminal import print_error

        print_error(str(error))
        return LAYOUT if isinstance(error, (LayoutError, LedgerError)) else FAILED
    except MemoryError:
        sys.stderr.write("errcat: no memory left; give it fewer pages at a time, or smaller ones\n")
        return FAILED
    except BrokenPipeError:
        # Whoever read our output (head, less) has gone, which is no fault; stdout must not complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("errcat: interrupted\n")
        return INTERRUPTED
    return code


def _settle_encoding() -> None:
    """What goes to a file or a program is UTF-8, as JSON must be (RFC 8259 section 8.1); a terminal is sent nothing that it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace" if stream is sys.stderr else "surrogateescape")


def _finish_publication(given: argparse.Namespace) -> None:
    """Finish, or roll back, what a build that died had begun to publish, unless another build is at it now."""
    folder = getattr(given, "data", None) or DEFAULT_OUT
    if not (folder / STAGING).is_dir():
        return
    from etl.publish import lock, recover

    with contextlib.suppress(PublishError), lock(folder, wait=0):
        recover(folder)
