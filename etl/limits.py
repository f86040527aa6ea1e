"""How much one page may ask for, since anybody can write a page: what is more is refused with a LimitError, never cut off.

    errcat extract page.html --max-columns 500

docs/limits.md lists the limits; each is an option of the same name for every command that reads a page. Times and memory
are linear in the size of a page; the limits are for pages that ask for much with few bytes, and for what is only large.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from etl.errors import LimitError

T = TypeVar("T")


def _limit(default: int, unit: str, of: str) -> Any:
    """A field of Limits: its default, its unit and of what it is a limit."""
    return field(default=default, metadata={"unit": unit, "of": of})


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The most of each that one page may have."""

    max_bytes: int = _limit(64 * 1024 * 1024, "bytes", "a page as it is sent")
    max_lines: int = _limit(5_000_000, "lines", "a page; an empty one takes 100 bytes of memory")
    max_seconds: int = _limit(300, "seconds", "processor time that reading a page may take, where the system can tell (not on Windows)")
    max_nesting: int = _limit(25_000, "elements", "HTML elements that are open at one place")
    max_columns: int = _limit(200, "columns", "a table")
    max_repeated: int = _limit(1_000_000, "cells", "cells that a page's spans and repetitions (`3*|`) add to those that are printed")
    max_expanded: int = _limit(16 * 1024 * 1024, "characters", "what names that a page defines stand for, all uses together")
    max_characters: int = _limit(256 * 1024 * 1024, "characters", "a page's tables, a cell or heading counted for each row that bears it")
    max_same: int = _limit(4_000_000, "ids", "what records of the same name list of one another, all together")


DEFAULT = Limits()


def list_limits() -> Iterator[tuple[str, int, str, str]]:
    """Name, default, unit and meaning of each limit, in the order in which they are listed for people."""
    for each in fields(Limits):
        default: int = getattr(DEFAULT, each.name)
        yield each.name, default, each.metadata["unit"], each.metadata["of"]


def refuse(name: str, limit: int, problem: str, *, where: str | None = None, found: str | None = None) -> LimitError:
    """The error for what is more than `limit`, the value of the limit `name`; `found` says how much more, or of what, if that is known."""
    unit = next(unit for other, _, unit, _ in list_limits() if other == name)
    return LimitError(
        problem,
        where=where,
        found=found or f"more than {limit:,} {unit}",
        expected=f"at most {limit:,}",
        advice=f"check that this is the right page; --{name.replace('_', '-')} N allows more, which takes memory and time",
    )


class _OutOfTimeError(BaseException):
    """No Exception, so that nothing on its way takes it for a fault of the page."""


def run_within(limits: Limits, name: str, work: Callable[[], T]) -> T:
    """What `work` returns, which reads the page `name`. Raises LimitError where it takes more time than it may, or all memory.

    The time is that of this process's work, so that a busy machine refuses nothing; it is kept in the main thread of
    systems that have interval timers. The error is raised when all that was read has been let go.
    """
    try:
        with _alarm(limits.max_seconds):
            return work()
    except _OutOfTimeError:
        error = refuse("max_seconds", limits.max_seconds, "reading the page takes too long", where=name)
    except MemoryError:
        error = LimitError(
            "the page takes more memory than there is", where=name, found="no memory left", expected="a page that fits into memory",
            advice="check that this is the right page; a smaller --max-bytes refuses such pages at once",
        )  # fmt: skip
    raise error


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise _OutOfTimeError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)  # again each second: what is raised in a finalizer is lost
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before or signal.SIG_DFL)
