"""The process that runs one query and nothing else: a request on stdin, an answer on stdout, both JSON.

etl/query starts it in the folder of the published tables:

    {"sql": "SELECT 1", "timeout": 30, "memory": 512, "rows": 1000}
    {"columns": ["1"], "rows": [[1]]}      {"error": "InputError", "facts": {"problem": …}}

A query may come from somebody else. So the published tables are loaded into memory, then DuckDB is cut off from files and
network and its configuration is locked. Its own limits do not hold for one long call of a function (`repeat`, `range`,
`levenshtein`), which neither asks for leave nor listens to interrupts: there the operating system's limits stand, where it has
them, and the process that started this one ends it.
"""

from __future__ import annotations

import json
import math
import sys
import threading
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import CatalogueError, ErrcatError, InputError
from schemas.vocabulary import SCHEMA_VERSION, TABLE_NAMES

if TYPE_CHECKING:
    import duckdb

MOST_BYTES = 64 * 1024 * 1024
"""The largest answer, as JSON."""

_CONFIGURATION = {
    "threads": "1",
    "temp_directory": "",  # without it, what does not fit into memory would be written beside the user's files
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
}
_LOCKS = ("SET python_enable_replacements = false", "SET enable_external_access = false", "SET lock_configuration = true")
_READING = ("SELECT", "EXPLAIN", "MULTI")  # PIVOT is several statements in one


def main() -> None:
    """Answer the one request on stdin."""
    request = json.load(sys.stdin)
    try:
        answer = json.dumps(_answer(request), ensure_ascii=False, allow_nan=False)
        if len(answer) > MOST_BYTES:
            raise _too_much(f"{len(answer):,} characters", f"at most {MOST_BYTES:,}")
    except ErrcatError as error:
        facts = {name: getattr(error, name) for name in ("problem", "where", "found", "expected", "advice")}
        answer = json.dumps({"error": type(error).__name__, "facts": facts})
    sys.stdout.buffer.write(answer.encode("utf-8", "backslashreplace"))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    import duckdb

    connection = duckdb.connect(":memory:", config={**_CONFIGURATION, "memory_limit": f"{request['memory']}MB"})
    try:
        connection.execute("CREATE SCHEMA published")
        for name in TABLE_NAMES:
            _load(connection, name)
        for lock in _LOCKS:
            connection.execute(lock)
        _limit_process(memory=request["memory"], seconds=request["timeout"])
        return _run(connection, request)
    finally:
        connection.close()


def _load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load one published table into memory. Raises CatalogueError where it is missing, damaged or of another schema version."""
    import duckdb

    file = f"{name}.parquet"  # in the current folder, because DuckDB would read brackets in a path as a pattern
    try:
        written = connection.execute("SELECT value FROM parquet_kv_metadata(?) WHERE key = 'errcat.schema_version'", [file]).fetchone()
        version = "none" if written is None else bytes(written[0]).decode("utf-8", "backslashreplace")
        if version.split(".")[:2] == SCHEMA_VERSION.split(".")[:2]:
            # `name` is one of our own tables, never what a user gives
            connection.execute(f"CREATE TABLE published.{name} AS SELECT * FROM read_parquet('{file}')")  # noqa: S608
            connection.execute(f"CREATE VIEW main.{name} AS SELECT * FROM published.{name}")  # noqa: S608
            return
    except duckdb.Error as error:
        raise CatalogueError(
            "a published table cannot be read", where=str(Path.cwd() / file), found=str(error), advice="run `errcat build --force`"
        ) from error
    raise CatalogueError(
        "a published table is of another schema version",
        where=str(Path.cwd() / file),
        found=version,
        expected=SCHEMA_VERSION,
        advice="run `errcat build --force`, or use the errcat that wrote it",
    )


def _limit_process(*, memory: int, seconds: float) -> None:
    """From here on: so many more MB of address space, so many seconds of processor, and no file may be written."""
    try:
        import resource
    except ImportError:  # Windows: there the process that waits for us is the only limit
        return
    in_use = Path("/proc/self/statm")
    if in_use.exists():
        space = int(in_use.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + memory * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + seconds) + 1,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(connection: duckdb.DuckDBPyConnection, request: dict[str, Any]) -> dict[str, Any]:
    import duckdb

    watch = threading.Timer(request["timeout"], connection.interrupt)
    watch.daemon = True
    watch.start()
    try:
        statement = _read_statement(connection, request["sql"])
        connection.execute(statement)
        columns = [column[0] for column in connection.description or ()]
        rows: list[list[Any]] = []
        while some := connection.fetchmany(1000):
            rows += ([_to_plain(value) for value in row] for row in some)
            if len(rows) > request["rows"]:
                raise _too_much(f"more than {request['rows']:,} rows", f"at most {request['rows']:,}")
    except duckdb.InterruptException as error:
        raise out_of_time(request["timeout"]) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise out_of_memory(request["memory"]) from error
    except duckdb.Error as error:
        raise InputError("the query fails", found=str(error), advice="mend it; `DESCRIBE status_codes` lists a table's columns") from error
    finally:
        watch.cancel()
    return {"columns": columns, "rows": rows}


def _read_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        found = "nothing" if not statements else f"{len(statements)} statements"
        raise InputError("this is not one query", found=found, expected="one SELECT", advice='`errcat query "SELECT * FROM sources"`')
    kind = str(statements[0].type).rpartition(".")[2]
    if kind not in _READING:
        raise InputError("this is no query", found=kind, expected="SELECT", advice="only read the published tables")
    return statements[0]


def out_of_time(seconds: float) -> InputError:
    """What a query is told that takes longer than `seconds`."""
    return InputError("the query takes too long", expected=f"an answer within {seconds:g} s", advice="mend it, or give more with --timeout")


def out_of_memory(megabytes: int) -> InputError:
    """What a query is told that needs more than so many megabytes."""
    return InputError("the query needs too much memory", expected=f"at most {megabytes} MB", advice="mend it, or give more with --memory")


def _too_much(found: str, expected: str) -> InputError:
    return InputError("the answer is too long", found=found, expected=expected, advice="add LIMIT, or give more with --max-rows")


def _to_plain(value: Any) -> Any:
    """A value as JSON can hold it: numbers as numbers as far as that is exact, else text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() and Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, dict):
        return {str(key): _to_plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return [_to_plain(item) for item in value]
    return bytes(value).hex() if isinstance(value, (bytes, bytearray, memoryview)) else str(value)


if __name__ == "__main__":
    main()
