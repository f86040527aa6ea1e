"""Extractor cases are text: title, input, expected. Anyone can add one without Python.

A case file is `cases/<format>.txt` (a mark-up format: all blocks are shown) or `cases/<layout>.txt` (a text layout: its
tables are shown). Each case is a title, optionally a line `options: {…}` (JSON), then input and expected output, each
ended by a line that holds a single dot; `\\x20`-like escapes are not read, a dot line inside the input is written `..`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from etl.extract import BLOCK_READERS, TEXT_LAYOUTS
from etl.model import Options
from etl.read import document_from_text
from tests.extract.rendering import render_block

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    reader: str
    title: str
    options: Options
    source: str
    expected: str


def load_options(text: str) -> Options:
    given = json.loads(text)
    return Options(
        header=tuple(given.get("header", ())),
        item=given.get("item"),
        starts=given.get("starts"),
        continues=tuple((head, pattern) for head, pattern in given.get("continues", {}).items()),
        labels=tuple(given.get("labels", ())),
    )


def read_cases(path: Path) -> Iterator[Case]:
    parts: list[list[str]] = [[]]
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line == ".":
            parts.append([])
        else:
            parts[-1].append("." if line == ".." else line)
    for head, source, expected in zip(parts[0::3], parts[1::3], parts[2::3], strict=False):
        title = [line for line in head if line.strip() and not line.startswith("options:")]
        options = [line.removeprefix("options:") for line in head if line.startswith("options:")]
        yield Case(path.stem, " ".join(title), load_options(options[0] if options else "{}"), "\n".join(source), "\n".join(expected))


ALL_CASES = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


def test_cases_were_found() -> None:
    assert len(ALL_CASES) > 0


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.reader}: {case.title}")
def test_case(case: Case) -> None:
    document = document_from_text(case.source, name="case.txt")
    is_markup = case.reader in BLOCK_READERS
    found = BLOCK_READERS[case.reader](document) if is_markup else TEXT_LAYOUTS[case.reader](document, case.options)
    assert "\n".join(render_block(block) for block in found) == case.expected
