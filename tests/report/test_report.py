"""The report as a file: what is in it, what may run in it, and what is said where it cannot be made."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.cli import main
from etl.errors import CatalogueError
from etl.report import build_report
from etl.report.plots import merge, split_runs
from tests.derived.hostile import OUTPUT, ROOT
from tests.report.catalogues import HOSTILE, Built, build_hostile


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_hostile(tmp_path_factory.mktemp("hostile"))


class Elements(HTMLParser):
    """Every element of a page: its tag, its attributes and the text directly behind it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", {}, []))

    def handle_data(self, data: str) -> None:
        if self.found:
            self.found[-1][2].append(data)


def contents_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="contents">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    read: dict[str, Any] = json.loads(found.group(1))
    return read


def test_every_record_and_finding_is_in_the_page() -> None:
    contents = contents_of(build_report(folder=OUTPUT, raw=ROOT / "raw").html)
    published = {
        name: json.loads((OUTPUT / f"{name}.json").read_text(encoding="utf-8")) for name in ("status_codes", "findings", "withdrawn")
    }
    assert [record["id"] for record in contents["records"]] == [row["id"] for row in [*published["status_codes"], *published["withdrawn"]]]
    assert [finding["text"] for finding in contents["findings"]] == [row["text"] for row in published["findings"]]
    assert all(None not in record.values() and [] not in record.values() for record in contents["records"])


def test_lines_are_the_document_s() -> None:
    report = build_report(folder=OUTPUT, raw=ROOT / "raw")
    contents = contents_of(report.html)
    assert report.missing == {}
    for record in contents["records"]:
        source = contents["sources"][record["source"]]
        document = re.split("\r\n|\n|\r", (ROOT / "raw" / source["document"]).read_text(encoding="utf-8"))
        for line in range(record["line_start"], record["line_end"] + 1):
            assert source["lines"][str(line)] == document[line - 1]


def test_document_that_has_changed_is_not_quoted(hostile: Built) -> None:
    report = build_report(folder=hostile.out, raw=hostile.raw)
    contents = contents_of(report.html)
    assert list(report.missing) == ["bolt"]
    assert "changed since" in report.missing["bolt"]
    assert "Another page" not in report.html
    assert "lines" not in contents["sources"]["bolt"]
    assert all("raw" in record for record in contents["records"] if record["source"] == "bolt")


def test_nothing_in_the_page_can_be_fetched_or_run(hostile: Built) -> None:
    page = build_report(folder=hostile.out, raw=hostile.raw).html
    elements = Elements(page)
    tags = [tag for tag, _, _ in elements.found]
    assert tags.count("script") == 2
    assert tags.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "base", "video", "audio"} & set(tags)
    for tag, attributes, _ in elements.found:
        assert "src" not in attributes
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert tag != "link" or attributes["href"] == "data:,"
    (policy,) = [attributes["content"] for _, attributes, _ in elements.found if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    for kind in ("script", "style"):
        text = ["".join(texts) for tag, _, texts in elements.found if tag == kind][-1]
        digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_vendor_s_text_reaches_the_page_as_json_alone(hostile: Built) -> None:
    page = build_report(folder=hostile.out, raw=hostile.raw).html
    (record,) = [record for record in contents_of(page)["records"] if record.get("code") == "102"]
    assert record["message"] == HOSTILE
    assert "<script>document.title" not in page


def test_same_catalogue_gives_the_same_bytes(hostile: Built) -> None:
    assert build_report(folder=hostile.out, raw=hostile.raw) == build_report(folder=hostile.out, raw=hostile.raw)


def test_command_writes_the_file(hostile: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "page.html"
    assert main(["report", "--data", str(hostile.out), "--raw", str(hostile.raw), "--out", str(target), "--json"]) == 0
    printed = capsys.readouterr()
    said = json.loads(printed.out)
    assert said["records"] == 10
    assert said["bytes"] == target.stat().st_size
    assert "the lines of bolt are left out" in printed.err
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_command_writes_to_stdout(hostile: Built) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "etl", "report", "--data", hostile.out, "--raw", hostile.raw, "--out", "-"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.decode("utf-8") == build_report(folder=hostile.out, raw=hostile.raw).html


def test_folder_without_a_catalogue_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--data", str(tmp_path), "--out", str(tmp_path / "page.html")]) == 1
    assert "errcat build" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()


def test_file_that_cannot_be_written_is_named(hostile: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--data", str(hostile.out), "--out", str(tmp_path / "no" / "page.html")]) == 1
    assert "the report cannot be written" in capsys.readouterr().err


def test_tables_of_another_version_are_refused(hostile: Built, tmp_path: Path) -> None:
    for path in hostile.out.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rows = json.loads((tmp_path / "tables.json").read_text(encoding="utf-8"))
    (tmp_path / "tables.json").write_text(json.dumps([{**row, "colour": "red"} for row in rows]), encoding="utf-8")
    with pytest.raises(CatalogueError, match="colour"):
        build_report(folder=tmp_path)


def test_catalogue_without_records_is_a_page(tmp_path: Path) -> None:
    for name in ("status_codes", "sources", "tables", "terms", "findings", "withdrawn"):
        (tmp_path / f"{name}.json").write_text("[]\n", encoding="utf-8")
    page = build_report(folder=tmp_path).html
    assert "0 codes of 0 documents" in page
    assert contents_of(page)["records"] == []


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda pair: (pair[0], pair[0] + pair[1]))))
def test_merged_spans_hold_the_same_lines(spans: list[tuple[int, int]]) -> None:
    merged = merge(spans)
    assert {line for first, last in merged for line in range(first, last + 1)} == {
        line for first, last in spans for line in range(first, last + 1)
    }
    assert all(right[0] > left[1] + 1 for left, right in pairwise(merged))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (list(range(100, 110)), [list(range(100, 110))]),
        ([*range(8), *range(40, 48)], [list(range(8)), list(range(40, 48))]),
        ([1, 2, 3], []),
        (list(range(0, 100, 10)), []),
        ([], []),
    ],
)
def test_only_dense_runs_of_numbers_are_drawn(numbers: list[int], expected: list[list[int]]) -> None:
    assert [list(run) for run in split_runs(numbers)] == expected


def test_gaps_are_those_of_the_findings() -> None:
    page = build_report(folder=OUTPUT, raw=ROOT / "raw").html
    assert "0–161, without 27, 29, 42–44, 103, 114–119, 125, 127–128" in page
    assert "101–184, without 157–159, 180–182" in page
