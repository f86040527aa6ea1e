"""What `errcat extract` and `draft` write, and what they refuse to write over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from etl import api
from etl.cli import main

PAGE = "# Error codes\n\n| Code | Message |\n|---|---|\n| 4001 | Invalid token |\n| 4002 | Missing field |\n| 4003 | Too many orders |\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    written = tmp_path / "errors.md"
    written.write_text(PAGE, encoding="utf-8")
    return written


@pytest.mark.parametrize("out", ["nosuch/x.parquet", "folder"])
def test_file_that_cannot_be_written_is_an_error_that_names_it(page: Path, out: str, capsys: pytest.CaptureFixture[str]) -> None:
    (page.parent / "folder").mkdir()
    assert main(["extract", str(page), "--parquet", str(page.parent / out)]) == 1
    assert f"errcat: {page.parent / out}: " in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipe_is_not_replaced(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = page.parent / "pipe"
    os.mkfifo(pipe)
    assert main(["extract", str(page), "--parquet", str(pipe)]) == 1
    assert "this is no file" in capsys.readouterr().err
    assert pipe.is_fifo()


def test_link_is_followed(page: Path) -> None:
    target, link = page.parent / "target.parquet", page.parent / "link.parquet"
    link.symlink_to(target)
    assert main(["extract", str(page), "--parquet", str(link)]) == 0
    assert link.is_symlink()
    assert target.read_bytes().startswith(b"PAR1")


def test_page_without_codes_replaces_no_file(page: Path) -> None:
    out = page.parent / "codes.parquet"
    out.write_bytes(b"of yesterday")
    page.write_text("# Nothing\n", encoding="utf-8")
    assert main(["extract", str(page), "--parquet", str(out)]) == 5
    assert out.read_bytes() == b"of yesterday"


def test_two_forms_on_one_stream_are_refused(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(page), "--json", "--csv"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "--json and --csv both print" in printed.err


def test_draft_of_a_folder_of_several_pages_is_refused(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (page.parent / "more.md").write_text(PAGE, encoding="utf-8")
    assert main(["draft", str(page.parent)]) == 1
    assert "a spec is for one page\n  found: 2 pages" in capsys.readouterr().err


def test_name_that_no_file_can_have_costs_no_other_page(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "a" * 300, str(page)]) == 1
    printed = capsys.readouterr()
    assert "Invalid token" in printed.out
    assert "errcat: aaa" in printed.err


def test_python_reads_pages_one_at_a_time(page: Path) -> None:
    missing, read = api.extract([page.parent / "nosuch.md", page])
    assert (missing.rows, missing.error is None) == ((), False)
    assert [row["code"] for row in read.rows] == ["4001", "4002", "4003"]
    assert read.confidence > 0.9
