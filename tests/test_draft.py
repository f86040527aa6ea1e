"""Drafted specs: they pass their check as they are, say what a person must decide, and keep what still holds of an old spec."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from etl.compose import compose_rows
from etl.draft import draft_against, draft_page
from etl.pages import open_pages
from etl.pipeline import read_source
from etl.read import read_document
from etl.spec import SUFFIX, find_specs, load_spec, parse_spec
from tests.making import write_source

ROOT = Path(__file__).parent.parent

MARKDOWN = """\
# Error codes

Every answer carries one of these.

| Code | HTTP | Message |
|------|------|---------|
| A100 | 422 | Postcode is wrong |
| A101 | 4O4 | No such address |
| A102 | 409 | Address exists |
| A103 | 422 | Street is missing |

Questions? Ask us.
"""

HTML = """\
<!DOCTYPE html>
<title>Error codes</title>
<h1>Error codes</h1>
<p>Every answer carries one of these.
<table>
<tr><th>Code<th>Message
<tr><td>A100<td>Postcode is wrong
<tr><td>A101<td>No such address
<tr><td>A102<td>Address exists
</table>
"""

TEXT = """\
Error codes

Things that go wrong.

A100 Postcode is wrong
A101 No such address
A102 Address exists
"""

SPEC = """\
source = "acme"
document = "acme.md"
format = "markdown"
vendor = "Acme"
product = "Acme API"
title = "Error codes"
language = "en"
url = "https://acme.example/errors"

[[tables]]
layout = "pipe_table"
untitled = true
columns = [
  { head = "Code", field = "code" },
  { head = "HTTP", field = "http_status", blank = ["4O4"] },
  { head = "Message", field = "description" },
]

[[ignored]]
text = "Every answer carries one of these."
reason = "introduction"

[[ignored]]
text = "Questions? Ask us."
reason = "whom to ask"

[[remarks]]
rule = "ambiguous"
where = { code = "A101", field = "description", contains = "address" }
text = "A101 may be an address or a customer"

[[corrections]]
code = "A103"
column = "Message"
expect = "Street is missing"
action = "replace"
value = "The street is missing"
reason = "as in A100"
"""


def draft(folder: Path, name: str, page: str) -> str:
    (folder / name).write_text(page, encoding="utf-8")
    (opened,) = open_pages([str(folder / name)], io.BytesIO())
    return draft_page(opened)


def write_acme(raw: Path, page: str, spec: str = SPEC) -> None:
    (raw / parse_spec(spec, name="acme").document).write_text(page, encoding="utf-8")
    (raw / f"acme{SUFFIX}").write_text(spec, encoding="utf-8")


def read_codes(folder: Path, text: str) -> list[str | None]:
    return [record.code for record in read_source(folder, parse_spec(text, name="draft")).reading.records]


@pytest.mark.parametrize(("name", "page"), [("acme.md", MARKDOWN), ("acme.html", HTML), ("acme.txt", TEXT)])
def test_draft_passes_its_check_as_it_is(tmp_path: Path, name: str, page: str) -> None:
    assert read_codes(tmp_path, draft(tmp_path, name, page))[:3] == ["A100", "A101", "A102"]


def test_cell_that_a_pattern_takes_nothing_from_is_to_be_checked(tmp_path: Path) -> None:
    (line,) = [line for line in draft(tmp_path, "acme.md", MARKDOWN).splitlines() if "http_status" in line]
    assert "# CHECK: nothing is taken from '4O4'" in line


def test_lines_outside_the_tables_only_need_a_reason(tmp_path: Path) -> None:
    text = draft(tmp_path, "acme.md", MARKDOWN)
    above, entries = text.split("# These lines stand outside the tables.")
    named = "".join(line.removeprefix("# ").removeprefix("#") for line in entries.splitlines(keepends=True)[1:]).replace('""', '"prose"')
    spec = parse_spec("".join(line for line in above.splitlines(keepends=True) if not line.startswith("rest =")) + named, name="draft")
    assert [entry.text for entry in spec.ignored] == ["Every answer carries one of these.", "Questions? Ask us."]
    assert len(read_source(tmp_path, spec).reading.records) == 4


def test_many_lines_outside_the_tables_are_counted(tmp_path: Path) -> None:
    text = draft(tmp_path, "acme.md", MARKDOWN + "\n".join(f"\nNote {number}: read this." for number in range(60)))
    assert "# 62 lines stand outside the tables: `errcat check --ledger acme` shows them." in text


def test_no_blanket_is_drafted_where_every_line_is_claimed(tmp_path: Path) -> None:
    page = MARKDOWN.replace("Every answer carries one of these.\n", "").replace("Questions? Ask us.\n", "")
    assert "rest =" not in draft(tmp_path, "acme.md", page)


@pytest.mark.parametrize("path", find_specs(ROOT / "raw"), ids=lambda path: path.name.removesuffix(SUFFIX))
def test_draft_against_an_unchanged_document_reads_the_same(path: Path) -> None:
    old = load_spec(path)
    _, text = draft_against(path.parent, old.source)
    new = parse_spec(text, name="draft")
    assert compose_rows(read_source(path.parent, new)) == compose_rows(read_source(path.parent, old))
    assert "CHECK" not in text.split("\n", 1)[1]


def test_draft_against_a_new_column_keeps_the_old_ones(tmp_path: Path) -> None:
    page = MARKDOWN.replace("| Code |", "| Since | Code |").replace("|------|", "|-----|------|", 1).replace("| A1", "| 2024 | A1")
    write_acme(tmp_path, page)
    target, text = draft_against(tmp_path, "acme")
    (table,) = parse_spec(text, name="draft").tables
    assert target == tmp_path / "acme.source.toml.draft"
    assert [column.field for column in table.columns if column.head != "Since"] == ["code", "http_status", "description"]
    assert table.columns[2].blank == ("4O4",)
    assert table.untitled
    assert read_codes(tmp_path, text) == ["A100", "A101", "A102", "A103"]


def test_entries_that_the_page_no_longer_bears_out_are_named_but_left_out(tmp_path: Path) -> None:
    page = MARKDOWN.replace("Questions? Ask us.", "Call us.").replace("Street is missing", "No street")
    write_acme(tmp_path, page.replace("No such address", "Nobody there"))
    _, text = draft_against(tmp_path, "acme")
    spec = parse_spec(text, name="draft")
    assert ([entry.text for entry in spec.ignored], spec.remarks, spec.corrections) == (["Every answer carries one of these."], (), ())
    retired = text.split("# The page no longer bears these out.")[1]
    assert [retired.count(f"# [[{key}]]") for key in ("remarks", "corrections")] == [1, 1]
    assert "a correction expects another value: found 'No street', expected 'Street is missing'" in retired
    assert '# text = "Call us."' in retired.split("# These lines stand outside the tables.")[1]
    assert len(read_codes(tmp_path, text)) == 4


def test_page_in_another_format_is_read_in_the_new_one(tmp_path: Path) -> None:
    write_acme(tmp_path, MARKDOWN, SPEC.replace('"markdown"', '"html"').replace("pipe_table", "html_table").replace("acme.md", "acme.html"))
    _, text = draft_against(tmp_path, "acme")
    assert "format = \"markdown\" # CHECK: was 'html'" in text
    assert read_codes(tmp_path, text) == ["A100", "A101", "A102", "A103"]


def test_title_that_is_gone_is_to_be_checked(tmp_path: Path) -> None:
    write_acme(tmp_path, MARKDOWN.replace("# Error codes", "# What goes wrong"))
    _, text = draft_against(tmp_path, "acme")
    assert "title = \"What goes wrong\" # CHECK: was 'Error codes'" in text


def test_every_key_stands_in_the_table_that_it_belongs_to(tmp_path: Path) -> None:
    document = write_source(tmp_path)
    path = tmp_path / f"acme{SUFFIX}"
    numbering = "[numbering]\npattern = '(?P<number>\\d+)'\n\n[[tables]]"
    path.write_text(path.read_text(encoding="utf-8").replace("[[tables]]", numbering), encoding="utf-8")
    _, text = draft_against(tmp_path, "acme")
    spec = parse_spec(text, name="draft")
    assert (spec.vendor, spec.url) == ("Acme", "https://acme.example/errors")
    assert spec.numbering is not None
    assert read_document(document).sha256 == read_source(tmp_path, spec).document.sha256
