"""SQL over the published tables: what it answers, and what it must not be able to do."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from etl.cli import main
from etl.errors import CatalogueError, ErrcatError, InputError
from etl.query import QueryResult, query, render_csv, render_markdown, to_objects
from schemas.vocabulary import TABLE_NAMES
from tests.published import record, write_catalogue


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = [
        record("56", name="BOX_FULL", message="The box is full.", http_status=507, flags=["ambiguous"]),
        record("AB400-XY-0001", message="Pipe | and `tick`", links=[{"text": None, "href": "./a.md"}]),
        record("56", source="bolt", http_status=404, status_class="client_error"),
    ]
    # Brackets in the path would be a pattern to DuckDB.
    return write_catalogue(tmp_path_factory.mktemp("query") / "out[1]*", records, parquet=True)


def ask(folder: Path, sql: str, **limits: Any) -> QueryResult:
    return query(sql, folder=folder, **limits)


def test_all_published_tables_are_views(folder: Path) -> None:
    found = ask(folder, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' AND table_type = 'VIEW' ORDER BY 1")
    assert [name for (name,) in found.rows] == sorted(TABLE_NAMES)


def test_nested_columns_and_nulls_come_as_they_are(folder: Path) -> None:
    found = ask(folder, "SELECT code, code_number, name, flags, links FROM status_codes WHERE source = 'acme' ORDER BY code")
    assert found.columns == ("code", "code_number", "name", "flags", "links")
    assert found.rows == (("56", 56, "BOX_FULL", ["ambiguous"], []), ("AB400-XY-0001", None, None, [], [{"text": None, "href": "./a.md"}]))


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("SELECT 1.5", 1.5),
        ("SELECT 0.1::DECIMAL(38, 30) + 1e-30::DECIMAL(38, 30)", "0.100000000000000000000000000001"),
        ("SELECT 'inf'::DOUBLE", "inf"),
        ("SELECT DATE '2026-11-21'", "2026-11-21"),
        ("SELECT '\\xAA\\x01'::BLOB", "aa01"),
        ("SELECT MAP {1: [true]}", {"1": [True]}),
        ("SELECT sum(http_status)::HUGEINT * 10000000000000000000 FROM status_codes", 9110000000000000000000),
    ],
)
def test_values_are_json(folder: Path, sql: str, value: object) -> None:
    assert ask(folder, sql).rows == ((value,),)


READING = ["SHOW TABLES", "DESCRIBE status_codes", "SUMMARIZE sources", "EXPLAIN SELECT 1", "FROM terms", "SELECT 1;"]


@pytest.mark.parametrize("sql", READING)
def test_what_only_reads_is_a_query(folder: Path, sql: str) -> None:
    assert ask(folder, sql).columns != ()


def test_pivot_is_a_query(folder: Path) -> None:
    found = ask(folder, "PIVOT status_codes ON source IN ('acme', 'bolt') USING count(*) GROUP BY code ORDER BY code")
    assert found.rows == (("56", 1, 1), ("AB400-XY-0001", 1, 0))


# What a query of somebody else must not be able to do.


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 'new.csv'",
        "COPY status_codes TO 'new.parquet'",
        "EXPORT DATABASE 'new'",
        "ATTACH 'new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA threads = 8",
        "CREATE TABLE new AS SELECT 1",
        "CREATE SECRET (TYPE s3)",
        "INSERT INTO sources SELECT * FROM sources",
        "DROP VIEW sources",
        "CALL enable_logging()",
        "CHECKPOINT",
        "VACUUM",
    ],
)
def test_a_statement_that_does_more_than_read_is_refused(folder: Path, sql: str) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises(InputError, match="this is no query"):
        ask(folder, sql)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_blob('{file}')",
        "SELECT * FROM read_json('{file}')",
        "SELECT * FROM read_parquet('status_codes.parquet')",
        "SELECT * FROM parquet_metadata('status_codes.parquet')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/a.csv')",
        "SELECT * FROM read_csv('s3://bucket/a.csv')",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/new.csv'",
        "SELECT * FROM query('COPY (SELECT 1) TO ''{folder}/new.csv''')",
        "SELECT getenv('PATH')",
    ],
)
def test_files_and_network_are_out_of_reach(folder: Path, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="the query fails"):
        ask(folder, sql.format(file=secret, folder=tmp_path))
    assert list(tmp_path.iterdir()) == [secret]


def test_variables_of_the_process_are_out_of_reach(folder: Path) -> None:
    with pytest.raises(InputError, match=r"Table with name request does not exist"):
        ask(folder, "SELECT * FROM request")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(100000000000) a, range(100000) b",
        "WITH RECURSIVE t AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t",
        # Inside one call of a function DuckDB hears no interrupt.
        "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))",
    ],
)
def test_an_endless_query_ends(folder: Path, sql: str) -> None:
    with pytest.raises(InputError, match="takes too long"):
        ask(folder, sql, timeout=0.5)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory outside of DuckDB's own is Linux's")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list(range) FROM range(1000000000)",
        # DuckDB's own limit does not see what functions allocate.
        "SELECT length(repeat('x', 3000000000))",
        "SELECT range(1000000000)",
        "SELECT repeat('x', 1000000) FROM range(100000)",
    ],
)
def test_a_query_that_eats_memory_ends(folder: Path, sql: str) -> None:
    with pytest.raises(InputError, match="too much memory"):
        ask(folder, sql, memory=256)


def test_an_answer_that_is_too_long_is_refused_not_cut(folder: Path) -> None:
    assert len(ask(folder, "SELECT * FROM range(1000)", max_rows=1000).rows) == 1000
    with pytest.raises(InputError, match=r"too long(.|\n)*more than 1,000 rows"):
        ask(folder, "SELECT * FROM range(1001)", max_rows=1000)


# What is refused with a clear sentence.


@pytest.mark.parametrize("sql", ["", "  \n", ";", "-- nothing", "SELECT 1; SELECT 2"])
def test_one_query_is_asked_for(folder: Path, sql: str) -> None:
    with pytest.raises(InputError, match=r"the query is empty|not one query"):
        ask(folder, sql)


@pytest.mark.parametrize("sql", ["SELECT nope FROM status_codes", "SELEC 1", "SELECT * FROM nowhere", "SELECT 1 +", "SELECT 'a'::INTEGER"])
def test_a_query_that_fails_says_why(folder: Path, sql: str) -> None:
    with pytest.raises(InputError, match=r"the query fails\n  found: .*Error"):
        ask(folder, sql)


@pytest.mark.parametrize("limits", [{"timeout": 0}, {"memory": 0}, {"max_rows": -1}, {"timeout": float("nan")}])
def test_a_limit_of_nothing_is_refused(folder: Path, limits: dict[str, float]) -> None:
    with pytest.raises(InputError, match="a limit leaves nothing"):
        ask(folder, "SELECT 1", **limits)


def test_a_folder_that_was_never_built_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"no published catalogue(.|\n)*errcat build"):
        ask(tmp_path, "SELECT 1")


def test_a_missing_and_a_damaged_parquet_are_refused(tmp_path: Path) -> None:
    write_catalogue(tmp_path, [record("1")], parquet=True)
    (tmp_path / "terms.parquet").write_bytes(b"PAR1 damaged PAR1")
    with pytest.raises(CatalogueError, match=r"terms.parquet: a published table cannot be read(.|\n)*errcat build"):
        ask(tmp_path, "SELECT 1")
    (tmp_path / "terms.parquet").unlink()
    with pytest.raises(CatalogueError, match=r"terms.parquet: a published table cannot be read"):
        ask(tmp_path, "SELECT 1")


@pytest.mark.parametrize("version", ["99.0.0", "0.9.0", None])
def test_a_parquet_of_another_schema_version_is_refused(tmp_path: Path, version: str | None) -> None:
    write_catalogue(tmp_path, [record("1")], parquet=True)
    table = pyarrow.parquet.read_table(tmp_path / "sources.parquet")
    metadata = {} if version is None else {"errcat.schema_version": version}
    pyarrow.parquet.write_table(table.replace_schema_metadata(metadata), tmp_path / "sources.parquet")
    with pytest.raises(CatalogueError, match=rf"another schema version\n  found: {version or 'none'}\n(.|\n)*errcat build --force"):
        ask(tmp_path, "SELECT 1")


def test_without_duckdb_the_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ErrcatError, match=r"not installed(.|\n)*errcat\[query\]"):
        ask(folder, "SELECT 1")


# How answers are printed.

RESULT = QueryResult(columns=("a|b", "a|b", "n"), rows=(("x, y", None, 1), ("two\nlines *", [1, None], 2)))


def test_csv_is_that_of_the_published_files() -> None:
    assert render_csv(RESULT) == 'a|b,a|b,n\r\n"x, y",,1\r\n"two\nlines *","[1, null]",2\r\n'
    assert list(csv.reader(io.StringIO(render_csv(RESULT), newline="")))[2] == ["two\nlines *", "[1, null]", "2"]


def test_columns_of_one_name_are_numbered_in_json() -> None:
    assert to_objects(RESULT)[0] == {"a|b": "x, y", "a|b_2": None, "n": 1}


def test_markdown_escapes_what_would_be_mark_up() -> None:
    assert render_markdown(RESULT) == (
        "| a\\|b | a\\|b | n |\n| --- | --- | --- |\n| x, y |  | 1 |\n| two<br>lines \\* | \\[1, null\\] | 2 |\n"
    )


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("csv", "source,n\nacme,2\nbolt,1\n"),
        ("markdown", "| source | n |\n| --- | --- |\n| acme | 2 |\n| bolt | 1 |\n"),
    ],
)
def test_the_command_prints_each_format(folder: Path, capfd: pytest.CaptureFixture[str], form: str, printed: str) -> None:
    sql = "SELECT source, count(*) AS n FROM status_codes GROUP BY source ORDER BY source"
    assert main(["query", sql, "--format", form, "--data", str(folder)]) == 0
    assert capfd.readouterr().out.replace("\r\n", "\n") == printed


def test_the_command_prints_a_table_unless_told_otherwise(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "SELECT source, [code] AS codes FROM status_codes ORDER BY source DESC LIMIT 1", "--data", str(folder)]) == 0
    head, *_, row = capsys.readouterr().out.splitlines()
    assert (head.split(), row.split()) == (["source", "codes"], ["bolt", '["56"]'])


@pytest.mark.parametrize("options", [["--json"], ["--format", "json"]])
def test_the_command_prints_json(folder: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    assert main(["query", "SELECT source, http_status FROM status_codes WHERE code = '56'", *options, "--data", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out) == [{"source": "acme", "http_status": 507}, {"source": "bolt", "http_status": 404}]


def test_the_command_says_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "", "--data", str(folder)]) == 1
    assert capsys.readouterr().err.startswith("errcat: the query is empty")
