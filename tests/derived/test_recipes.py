"""Every recipe of docs/recipes.md runs as it stands and prints what the page says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.derived.hostile import ROOT
from tests.derived.node import compile_folder, run_node

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


USING = (ROOT / "docs" / "using-the-data.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", re.findall(r"^```python\n(.*?)^```$", USING, re.DOTALL | re.MULTILINE))
def test_python_of_using_the_data_runs(code: str) -> None:
    assert run_command(sys.executable, "-W", "error", "-c", code)


def test_commands_of_using_the_data_run(tmp_path: Path) -> None:
    commands = [line for block in re.findall(r"^```sh\n(.*?)^```$", USING, re.DOTALL | re.MULTILINE) for line in block.splitlines()]
    assert len(commands) == 2
    for command in commands:
        arguments = shlex.split(command)[1:]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "etl", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
        )
        assert done.returncode == 0, done.stderr
    assert "healthvault:136" in (tmp_path / "codes.lock").read_text(encoding="utf-8")


def test_typescript_of_using_the_data_compiles(tmp_path: Path) -> None:
    (code,) = re.findall(r"^```ts\n(.*?)^```$", USING, re.DOTALL | re.MULTILINE)
    shutil.copytree(ROOT / "output" / "bindings" / "typescript", tmp_path / "vendor-codes")
    (tmp_path / "use.ts").write_text(code.replace("\n\n", "\ndeclare const answer: string;\n", 1), encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text('{"compilerOptions": {"strict": true, "module": "nodenext", "noEmit": true}}', encoding="utf-8")
    compiled = compile_folder(tmp_path)
    assert compiled.returncode == 0, compiled.stdout
