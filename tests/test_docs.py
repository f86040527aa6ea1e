"""The documentation is true: its commands run, its excerpt is the catalogue's, its words name what exists."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from etl.catalogue import load_rows
from etl.cli import make_parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"]


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


SHELL = [line for block in blocks("sh") for line in block.splitlines() if line.startswith(".venv/bin/errcat ")]


def test_readme_has_its_two_commands() -> None:
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/errcat build" in README
    tests = 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/python -m pytest'
    assert tests in README.splitlines()
    assert tests in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("command", SHELL)
def test_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    arguments = shlex.split(command)[1:]
    done = subprocess.run(
        [sys.executable, "-m", "etl", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("code", blocks("python"))
def test_python_of_the_readme_runs(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("query", blocks("sql"))
def test_sql_of_the_readme_runs(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert len(duckdb.execute(query).fetchall()) > 0


def test_excerpt_of_the_readme_is_the_catalogue_s() -> None:
    excerpt = README.split("<!-- excerpt -->")[1].split("<!-- end of excerpt -->")[0].strip().splitlines()
    heads = [cell.strip() for cell in excerpt[0].strip("|").split("|")]
    records = {row["id"]: row for row in load_rows("status_codes", ROOT / "output")}
    assert len(excerpt) > 4
    for line in excerpt[2:]:
        cells = dict(zip(heads, (cell.strip() for cell in line.strip("|").split("|")), strict=True))
        record = records[cells.pop("id").strip("`")]
        for field, text in cells.items():
            value = record[field]
            assert text == ("" if value is None else ", ".join(value) if isinstance(value, list) else str(value))


def test_number_of_codes_in_the_readme_is_true() -> None:
    assert (
        f"Today: {len(load_rows('status_codes', ROOT / 'output'))} codes of {len(load_rows('sources', ROOT / 'output'))} documents"
        in README.replace("five", str(len(load_rows("sources", ROOT / "output"))))
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_of_the_docs_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_that_the_docs_name_exist(page: Path) -> None:
    known = set(make_parser()._subparsers._group_actions[0].choices or ())  # type: ignore[union-attr]
    named = set(re.findall(r"`errcat ([a-z][a-z-]*)", page.read_text(encoding="utf-8")))
    assert named <= known
