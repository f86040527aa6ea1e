"""Rules that hold for the repository as a whole."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from etl.spec import find_specs, load_spec

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "etl").rglob("*.py")) + sorted((ROOT / "schemas").rglob("*.py"))
SPECS = [load_spec(path) for path in find_specs(ROOT / "raw")]


def test_modules_were_found() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_vendor_s_name_stands_in_the_code(module: Path) -> None:
    names = {spec.source for spec in SPECS} | {word for spec in SPECS for word in re.findall(r"\w+", f"{spec.vendor} {spec.product}")}
    common = {"api", "rest", "exchange", "platform", "microsoft"}
    text = module.read_text(encoding="utf-8").lower()
    found = {
        name
        for name in names
        if len(name) > 2 and name.lower() not in common and not name.isdigit() and re.search(rf"\b{re.escape(name.lower())}\b", text)
    }
    assert found == set()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_code_raises_its_own_errors(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is None] == []
    assert not re.search(r"errors=[\"'](?:ignore|replace)", module.read_text(encoding="utf-8"))


def test_layers_are_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_documents_and_output_keep_their_bytes() -> None:
    done = subprocess.run(
        ["git", "check-attr", "text", "raw/personium.md", "output/status_codes.csv"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    assert [line.rsplit(": ", 1)[1] for line in done.stdout.splitlines()] == ["unset", "unset"]


def test_lock_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|--index-url|--find-links", lock)


def test_dependencies_are_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    assert {re.split(r"[^a-z0-9-]", name)[0] for name in project["dependencies"]} <= locked
