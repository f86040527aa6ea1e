"""Ask the published tables in SQL, safely even where the query comes from somebody else.

    query("SELECT source, count(*) FROM status_codes GROUP BY source").rows

Each query has a process of its own (etl/query/worker.py) without access to files or network, with limited time and memory.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import etl
from etl import errors
from etl.catalogue import find_output
from etl.errors import ErrcatError, InputError
from etl.query.worker import out_of_memory, out_of_time
from etl.render import to_csv_value

_GRACE = 10.0
"""So many seconds after its time is over a query that does not listen is ended, its start and its end included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryResult:
    """The columns in the order of the query, and the rows. Values are what JSON has; dates and the like are text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def query(sql: str, *, folder: Path | None = None, timeout: float = 30.0, memory: int = 512, max_rows: int = 100_000) -> QueryResult:
    """The answer of one SELECT over the views `status_codes`, `sources`, `tables`, `terms` and `findings`.

    `timeout` in seconds, `memory` in MB. Raises InputError for what is no query, fails, or exceeds a limit, CatalogueError
    where the published tables are missing, damaged or of another schema version.
    """
    if not sql.strip():
        raise InputError("the query is empty", expected="one SELECT", advice='`errcat query "SELECT * FROM sources"`')
    for name, value in (("--timeout", timeout), ("--memory", memory), ("--max-rows", max_rows)):
        if not value > 0:
            raise InputError("a limit leaves nothing", where=name, found=str(value), expected="a number above 0", advice="give another")
    found = find_output(folder)
    if importlib.util.find_spec("duckdb") is None:
        raise ErrcatError("queries need DuckDB, which is not installed", advice="`pip install 'errcat[query]'`")
    request = {"sql": sql, "timeout": timeout, "memory": memory, "rows": max_rows}
    answer = _ask(request, found)
    if "error" in answer:
        raise getattr(errors, answer["error"])(**answer["facts"])
    return QueryResult(columns=tuple(answer["columns"]), rows=tuple(map(tuple, answer["rows"])))


def _ask(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    packages = str(Path(etl.__file__).absolute().parent.parent)
    paths = [packages, *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "etl.query.worker"],
            input=json.dumps(request).encode("ascii"),
            capture_output=True,
            timeout=request["timeout"] + _GRACE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise out_of_time(request["timeout"]) from error
    if done.returncode < 0:
        # Ended by a signal: SIGXCPU where the time was over, else an allocation that nobody could refuse in an orderly way.
        import signal

        over = done.returncode == -getattr(signal, "SIGXCPU", 0) or done.returncode == -getattr(signal, "SIGKILL", 0)
        raise out_of_time(request["timeout"]) if over else out_of_memory(request["memory"])
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode("utf-8", "backslashreplace"))
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def render_csv(result: QueryResult) -> str:
    """RFC 4180 with a header; null is empty, lists and structs are JSON text, as in the published CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(result.columns)
    writer.writerows([to_csv_value(value) for value in row] for row in result.rows)
    return out.getvalue()


def to_objects(result: QueryResult) -> list[dict[str, Any]]:
    """The rows by column; a column name that repeats is numbered, so that nothing is lost."""
    names: list[str] = []
    for name in result.columns:
        number = 1
        unique = name
        while unique in names:
            number += 1
            unique = f"{name}_{number}"
        names.append(unique)
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def render_markdown(result: QueryResult) -> str:
    """A pipe table; in cells, pipes and what Markdown would read as mark-up are escaped, line ends are `<br>`, null is empty."""
    lines = [result.columns, ["---"] * len(result.columns), *result.rows]
    cells = [[cell if at == 1 else _to_markdown(cell) for cell in line] for at, line in enumerate(lines)]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in cells)


def _to_markdown(value: Any) -> str:
    text = str(to_csv_value(value))
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return "<br>".join(text.splitlines())
