"""Every line and every cell of a document is claimed, or the document is not published."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.build import read_ledger
from etl.errors import LayoutError, LedgerError, SpecError
from etl.pipeline import read_source, read_text
from etl.spec import load_spec
from tests.making import PAGE, SPEC, make_document, make_spec, write_source


def read(raw: Path, *, page: str = PAGE, spec: str = SPEC) -> None:
    read_source(raw, load_spec(write_source(raw, page=page, spec=spec).with_suffix(".source.toml")))


def test_balanced_document_has_every_line_and_cell_claimed(tmp_path: Path) -> None:
    write_source(tmp_path)
    ledger = read_ledger(tmp_path, "acme")
    assert ledger.balanced
    assert {claim.line for claim in ledger.lines} == {number for number, line in enumerate(PAGE.splitlines(), start=1) if line}
    assert [claim.use for claim in ledger.cells] == ["code", "message"] * 4


@pytest.mark.parametrize("line", range(len(PAGE.splitlines()) + 1))
def test_added_line_fails_wherever_it_stands(tmp_path: Path, line: int) -> None:
    lines = PAGE.splitlines()
    lines[line:line] = ["", "Codes below 100 are reserved.", ""]
    with pytest.raises((LedgerError, LayoutError)) as caught:
        read(tmp_path, page="\n".join(lines))
    # Between a header and its rows the added line is taken for the rows' heading, which the spec does not know.
    assert isinstance(caught.value, LayoutError) or "Codes below 100 are reserved." in str(caught.value)


def test_first_unclaimed_line_is_the_place_of_the_error(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        read(tmp_path, page=f"{PAGE}\n\nsee also")
    assert str(caught.value).startswith(f"acme.txt:{len(PAGE.splitlines()) + 2}: the ledger does not balance: 1 lines and 0 cells")


def test_column_that_the_spec_does_not_mention_is_refused() -> None:
    document = make_document("# Errors\n\n| Code | Meaning | Since |\n|---|---|---|\n| 1 | one | 2.0 |\n", name="acme.md")
    with pytest.raises(LayoutError, match=r"found: \['Code', 'Meaning', 'Since'\]\n  expected: \['Code', 'Meaning'\]"):
        read_text(document, make_spec())


def test_ignored_line_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="lines to be ignored"):
        read(tmp_path, page=PAGE.replace("Things that go wrong.", ""))


def test_blanket_of_a_draft_lets_lines_pass_and_says_so(tmp_path: Path) -> None:
    write_source(tmp_path, page=f"{PAGE}\n\nsee also", spec=SPEC.replace('language = "en"', 'language = "en"\nrest = "draft"'))
    ledger = read_ledger(tmp_path, "acme")
    assert ledger.balanced
    assert [claim.line for claim in ledger.lines if claim.kind == "unreviewed"] == [len(PAGE.splitlines()) + 2]
