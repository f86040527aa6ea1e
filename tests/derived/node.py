"""Node and the TypeScript compiler, where this machine has them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.derived.hostile import ROOT


def require_node() -> str:
    """The path of node; skips the test where there is none."""
    return _require("node", "node is not installed")


def require_tsc() -> str:
    """The path of the TypeScript compiler; skips the test where there is none."""
    require_node()
    installed = ROOT / ".ci" / "node" / "node_modules" / ".bin" / "tsc"
    return str(installed) if installed.exists() else _require("tsc", "tsc is not installed (npm ci --prefix .ci/node)")


def _require(command: str, reason: str) -> str:
    path = shutil.which(command)
    if path is None:
        pytest.skip(reason)
    return path


def compile_folder(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`tsc` over the project in `folder`."""
    return subprocess.run([require_tsc(), "-p", str(folder), *options], capture_output=True, text=True, check=False)


def run_node(script: str, folder: Path) -> str:
    """What an ECMAScript module run in `folder` prints; it must not fail."""
    done = subprocess.run(
        [require_node(), "--input-type=module", "-e", script], cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
