"""Every recipe of docs/recipes.md runs as it stands and prints what the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import duckdb
import pytest

from tests.derived.hostile import ROOT
from tests.derived.node import run_node

PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^```(sql|python|js|sh)\n(.*?)^```$\n\n^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def run_sql(query: str) -> str:
    """The answer as lines of cells between bars, heads first; null is nothing."""
    found = duckdb.execute(query)
    heads = [column[0] for column in found.description or ()]
    return "".join(" | ".join("" if cell is None else str(cell) for cell in row) + "\n" for row in [heads, *found.fetchall()])


def run_command(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_recipe(language: str, code: str) -> str:
    match language:
        case "sql":
            return run_sql(code)
        case "python":
            return run_command(sys.executable, "-X", "utf8", "-W", "error", "-c", code)
        case "js":
            return run_node(code, ROOT)
        case _:
            tool = code.split(maxsplit=1)[0]
            if shutil.which(tool) is None:
                pytest.skip(f"{tool} is not installed")
            return run_command("sh", "-c", code)


@pytest.mark.parametrize(
    ("language", "code", "printed"), RECIPES, ids=[f"{language}-{number}" for number, (language, _, _) in enumerate(RECIPES, start=1)]
)
def test_recipe_prints_what_the_page_says(language: str, code: str, printed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = run_recipe(language, code)
    assert [line.rstrip() for line in found.splitlines()] == [line.rstrip() for line in printed.splitlines()]


def test_every_recipe_shows_what_it_prints() -> None:
    assert len(re.findall(r"^```(?!text$)[a-z]+$", PAGE, re.MULTILINE)) == len(RECIPES)
    assert {language for language, _, _ in RECIPES} == {"sql", "python", "js", "sh"}
