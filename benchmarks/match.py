"""How fast `errcat match` reads: MB/s over generated logs, prose and source code, and how much memory it takes.

    python benchmarks/match.py [--megabytes N] [--data DIR]

Quiet lines show nothing, though they have words that messages have too; of the busy ones every tenth shows a record.
"""

from __future__ import annotations

import argparse
import io
import itertools
import pydoc_data.topics
import sysconfig
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

from etl.catalogue import load_rows
from etl.match import Matcher, load_matcher, match_lines

QUIET = (
    "2026-11-21T09:{n:02}:00.123Z INFO [http-nio-8080-exec-{n}] c.acme.web.Requests - GET /v1/items/{at}?invalid=0 status=200 in {n} ms\n"
    "2026-11-21T09:{n:02}:01.007Z DEBUG [worker-{n}] c.acme.jobs.Runner - request {at} parsed, token valid, error rate 0.{n}\n"
)


class Repeated(io.RawIOBase):
    """A stream of so many bytes, made as they are read, so that its size is not in the memory that is measured."""

    def __init__(self, lines: Iterator[bytes], size: int) -> None:
        self._lines = lines
        self._left = size

    def read(self, size: int = -1) -> bytes:
        taken = b""
        while self._left > 0 and len(taken) < size:
            line = next(self._lines)
            taken += line
            self._left -= len(line)
        return taken


def quiet_lines() -> Iterator[bytes]:
    return (QUIET.format(n=at % 60, at=at).encode() for at in itertools.count())


def busy_lines(messages: list[str]) -> Iterator[bytes]:
    for at, line in enumerate(quiet_lines()):
        yield line
        if at % 5 == 0:
            yield f'{{"code": "{at}", "message": "{messages[at % len(messages)]}"}}\n'.encode()


def repeat(text: str) -> Iterator[bytes]:
    return itertools.cycle([line.encode() for line in text.splitlines(keepends=True)])


def measure_speed(lines: Iterator[bytes], size: int, matcher: Matcher) -> tuple[float, int]:
    """MB per second of processor time, without what it takes to make the lines, and how many lines show something."""
    content = Repeated(lines, size).read(size)
    start = time.process_time()
    found = sum(1 for _ in match_lines(io.BytesIO(content), matcher))
    return len(content) / 1e6 / (time.process_time() - start), found


def measure_memory(lines: Iterator[bytes], size: int, matcher: Matcher) -> float:
    """The most MB that are held at a time while so many bytes are read."""
    tracemalloc.start()
    for _ in match_lines(Repeated(lines, size), matcher):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=20)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    size = given.megabytes * 1_000_000
    printed = [row["message"] for row in load_rows("status_codes", given.data) if row["message"] is not None]
    messages = [message.replace('"', "'").replace("\n", " ") for message in printed]
    code = "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")))
    prose = "\n".join(pydoc_data.topics.topics.values())
    streams: dict[str, Callable[[], Iterator[bytes]]] = {
        "quiet log": quiet_lines,
        "busy log": lambda: busy_lines(messages),
        "prose": lambda: repeat(prose),
        "source code": lambda: repeat(code),
    }
    sources = [row["source"] for row in load_rows("sources", given.data)]
    print(f"{'':34}{'MB/s':>8}{'lines':>10}")
    for only in ([], sources):
        matcher = load_matcher(given.data, sources=only)
        for name, make_lines in streams.items():
            speed, found = measure_speed(make_lines(), size, matcher)
            print(f"{f'{name}, all sources given' if only else name:34}{speed:8.1f}{found:10}", flush=True)
    matcher = load_matcher(given.data)
    for millions in (1, 4):
        print(f"{f'most MB held for {millions} MB, busy log':34}{measure_memory(busy_lines(messages), millions * 1_000_000, matcher):8.1f}")


if __name__ == "__main__":
    main()
