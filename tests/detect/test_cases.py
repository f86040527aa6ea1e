"""Pages in, records out: detection from the whole page to what the proposed spec reads. Anyone can add one without Python.

A case is a title, a line `file: <name>` (its ending tells the format), the page, and the records that it documents; the
page and the records are each ended by a line that holds a single dot. A record is its code (`-` for none) and below it,
indented, its other fields; a line end in a value is written ⏎. A page without codes has no records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from etl.assign import assign_tables
from etl.detect import detect
from etl.extract.tables import extract_tables
from etl.model import Record
from etl.normalize import normalize
from etl.read import document_from_text
from etl.spec import parse_spec
from tests.detect.toml_text import write_toml

CASES = Path(__file__).parent / "cases"
FIELDS = ("name", "error_type", "message", "description", "resolution", "http_status")


@dataclass(frozen=True)
class Case:
    group: str
    title: str
    file: str
    page: str
    expected: str


def read_cases(path: Path) -> Iterator[Case]:
    parts: list[list[str]] = [[]]
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line == ".":
            parts.append([])
        else:
            parts[-1].append("." if line == ".." else line)
    for head, page, expected in zip(parts[0::3], parts[1::3], parts[2::3], strict=False):
        lines = [line for line in head if line.strip()]
        file = next(line.removeprefix("file:").strip() for line in lines if line.startswith("file:"))
        title = " ".join(line for line in lines if not line.startswith("file:"))
        yield Case(path.stem, title, file, "\n".join(page) + "\n", "\n".join(expected))


def render(record: Record) -> str:
    lines = [record.code if record.code is not None else "-"]
    for field in FIELDS:
        value = getattr(record, field)
        if value is not None:
            lines.append(f"  {field}: {str(value).replace(chr(10), '⏎')}")
    return "\n".join(lines)


ALL_CASES = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


def test_there_are_cases_enough() -> None:
    assert len(ALL_CASES) >= 40


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.group}: {case.title}")
def test_case(case: Case) -> None:
    detection = detect(document_from_text(case.page, name=case.file))
    assert "\n".join(map(render, detection.reading.records)) == case.expected
    assert (detection.spec is None) == (case.expected == "")


@pytest.mark.parametrize("case", [case for case in ALL_CASES if case.expected], ids=lambda case: f"{case.group}: {case.title}")
def test_the_draft_builds_the_same_records(case: Case) -> None:
    document = document_from_text(case.page, name=case.file)
    detection = detect(document)
    assert detection.draft is not None
    spec = parse_spec(write_toml(detection.draft), name="draft")
    assert normalize(document, assign_tables(document, extract_tables(document, spec), spec), spec) == detection.reading
