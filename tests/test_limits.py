"""What a hostile page may ask for: each limit is an option, an error with its place, and no harm to the other pages."""

from __future__ import annotations

import gc
import json
import signal
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.cli import main, make_parser
from etl.errors import LimitError
from etl.extract import FORMATS
from etl.extraction import extract_page
from etl.limits import DEFAULT, Limits, list_limits, refuse, run_within
from etl.pages import PageInput
from etl.read import document_from_text

DOCUMENTED = (Path(__file__).parent.parent / "docs" / "limits.md").read_text(encoding="utf-8")

GOOD = """# Error codes

| Code | Message |
| --- | --- |
| 4001 | The token is missing |
| 4002 | The order was not found |
| 4003 | The address cannot be read |
"""
HTML_HEAD = "<h1>Error codes</h1><table><tr><th>Code<th>Message"
HTML_ROWS = "<tr><td>4001<td>The token is missing<tr><td>4002<td>The order was not found<tr><td>4003<td>The address cannot be read"
RST_TABLE = ".. list-table::\n   :header-rows: 1\n\n   * - Code\n     - Message\n" + "".join(
    f"   * - {code}\n     - {text}\n" for code, text in ((4001, "The token is missing"), (4002, "No such order"))
)

ADOC_TABLE = "|===\n|Code |Message\n\n|4001 |The token is missing\n|4002 |No such order\n|===\n\n"
MAN_ROWS = ".TH A 3\n.SH ERRORS\n" + "".join(
    f".TP\n.B {name}\n{text}.\n" for name, text in (("EIO", "The disk failed"), ("EPERM", "Not allowed"), ("ENOENT", "No such file"))
)

REFUSED: dict[str, tuple[str, str, str]] = {
    # what the page does: its name, its text, the option that the error must name
    "is large": ("page.md", GOOD * 9, "--max-bytes 500"),
    "has many lines": ("page.md", GOOD + "\r\n" * 90, "--max-lines 90"),
    "nests tags": ("page.html", "<div>" * 60 + HTML_HEAD + HTML_ROWS, "--max-nesting 50"),
    "nests tags without limit": ("page.html", "<div>" * 30_000, "--max-nesting 25000"),
    "nests tags in Markdown": ("page.md", "<table><tr><td>" * 60 + "</table>" * 60, "--max-nesting 50"),
    "has many tags among nested ones": ("page.html", "<div>" * 20_000 + "<div></div>" * 30_000, "--max-nesting 25000"),
    "spans rows": ("page.html", HTML_HEAD + "<tr><td rowspan=100000000>4001<td>Bad" * 40, "--max-repeated 300"),
    "spans columns": ("page.html", HTML_HEAD + "<tr><td colspan=100000000>1" + "<tr>" + "<td>2" * 90, "--max-repeated 80"),
    "spans in many tables": ("page.html", (HTML_HEAD + "<tr><td rowspan=0>4001<td>Bad<tr><td>worse</table>") * 40, "--max-repeated 30"),
    "spans in many islands": (
        "page.md", (HTML_HEAD + "<tr><td rowspan=0>4001<td>Bad<tr><td>worse</table>\n\ntext\n\n") * 40, "--max-repeated 30",
    ),
    "repeats cells": ("page.adoc", "[cols=2]\n|===\n999999999*|4001\n|===\n", "--max-repeated 1000000"),
    "spans cells of a grid": ("page.adoc", "[cols=2]\n|===\n" + ".60+|4001 |Bad\n" * 60 + "|===\n", "--max-repeated 30"),
    "has many columns in HTML": ("page.html", HTML_HEAD + "<tr>" + "<td>4001" * 201, "--max-columns 200"),
    "has many columns in Markdown": ("page.md", "\n".join(cell * 30 + "|" for cell in ("|Code", "|---", "|4001")), "--max-columns 20"),
    "has many columns in rst": ("page.rst", ".. csv-table::\n\n   4001" + ",a" * 300 + "\n", "--max-columns 200"),
    "has many columns and rows in rst": ("page.rst", "= " * 300 + "\n" + "1\n" * 90 + "= " * 300 + "\n", "--max-columns 200"),
    "has many columns in AsciiDoc": ("page.adoc", "|===\n" + "|a " * 300 + "\n|===\n", "--max-columns 200"),
    "defines names by names in rst": (
        "page.rst",
        ".. |a| replace:: x x x x x x x x\n.. |b| replace:: |a| |a| |a| |a|\n\n" + "|b| " * 90 + "\n", "--max-expanded 900",
    ),
    "defines names by names in AsciiDoc": ("page.adoc", ":a: xxxxxxxx\n:b: {a}{a}{a}{a}\n\n" + "{b} " * 90 + "\n", "--max-expanded 900"),
    "repeats a long cell": (
        "page.html", HTML_HEAD + f"<tr><td rowspan=0>{'word ' * 900}<td>a" + "<tr><td>b" * 90, "--max-characters 90000",
    ),
    "names many records alike": (
        "page.md",
        "# Errors\n\n| Code | Name | Description |\n|---|---|---|\n"
        + "".join(f"| {4000 + n} | Bad thing | The {chr(97 + n)}-field is missing |\n" for n in range(26)), "--max-same 600",
    ),
    "has a long heading over many rows": ("page.html", f"<h2>{'Errors ' * 900}</h2><table>" + HTML_ROWS * 30, "--max-characters 90000"),
}  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, list[dict[str, object]]], str]:
    code = main(["extract", *arguments, "--json"])
    printed = capsys.readouterr()
    return code, json.loads(printed.out), printed.err


@pytest.mark.parametrize("case", REFUSED)
def test_page_that_asks_for_too_much_is_refused_and_the_next_one_read(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, text, limit = REFUSED[case]
    option, most = limit.split()
    hostile, good = tmp_path / name, tmp_path / "good.md"
    hostile.write_text(text, encoding="utf-8")
    good.write_text(GOOD, encoding="utf-8")
    code, found, told = run(capsys, str(hostile), str(good), option, most)
    assert code == 1
    assert name in told
    assert f"at most {int(most):,}" in told
    assert f"{option} N allows more" in told
    assert [(document["records"], document["error"] is None) for document in found["documents"]] == [(0, False), (3, True)]
    assert [row["code"] for row in found["status_codes"]] == ["4001", "4002", "4003"]


def test_option_raises_its_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    wide = "".join(f"<td>{code}<td>{'a' * code}" for code in range(150))
    page.write_text(f"{HTML_HEAD}{HTML_ROWS}</table><table><tr>{wide}</table>", encoding="utf-8")
    assert run(capsys, str(page))[0] == 1
    code, found, _ = run(capsys, str(page), "--max-columns", "300")
    assert (code, len(found["status_codes"])) == (0, 3)


READ: dict[str, tuple[str, str]] = {
    "nests 20,000 tags": ("page.html", "<div>" * 20_000 + HTML_HEAD + HTML_ROWS),
    "spans a hundred million": ("page.html", HTML_HEAD + HTML_ROWS + "<tr><td colspan=100000000 rowspan=100000000>See also"),
    "multiplies entities": (
        "page.html",
        '<!DOCTYPE a [<!ENTITY a "laugh"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>' + HTML_HEAD + HTML_ROWS + "<p>&c;",
    ),
    "multiplies entities in MDX": ("page.mdx", '<!DOCTYPE a [<!ENTITY a "laugh"><!ENTITY b "&a;&a;">]>\n\n' + GOOD + "\n&b;\n"),
    "leaves marks open in rst": ("page.rst", RST_TABLE + "\n*a `b |c ``d _`e " * 900),
    "leaves brackets open": ("page.md", GOOD + "\n" + "[" * 9000 + "\n"),
    "leaves comments open": ("page.md", GOOD + "\n" + "<!-- " * 9000 + "\n"),
    "nests lists in AsciiDoc": ("page.adoc", ADOC_TABLE + "".join("*" * n + " a\n" for n in range(1, 90))),
    "nests quotations in rst": ("page.rst", RST_TABLE + "\n" + "".join(" " * n + "a\n\n" for n in range(90))),
    "has a row of a thousand columns of text": ("page.txt", GOOD + "\n" + "word  " * 1000 + "\n"),
    "leaves escapes open in a manual page": ("page.man", MAN_ROWS + ".PP\n" + "\\[" * 9000 + "\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_codes_of_a_hostile_page_are_read_where_they_can_be(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, text = READ[case]
    page = tmp_path / name
    page.write_text(text, encoding="utf-8")
    code, found, told = run(capsys, str(page))
    assert (code, "Traceback" in told) == (0, False)
    assert len(found["status_codes"]) in {2, 3}
    assert "laughlaugh" not in json.dumps(found)


PIECES = [
    *"*`|_[](){}<>#:=\\\n\n\n,&é\f\t",
    "4001", "-1", "ERR_IO", "Bad request", "The token is missing", "Code", "Message", "(4001)", "400 or 404", "错误", "\u0301", "  ",
    "- ", "1. ", "===\n", "---\n", "```\n", "{%", "%}", "</", "<table>", "</table>", "<tr>", "<td rowspan=3>", "<th>", "<li>", "<dl><dt>",
    "<dd>", "<h2>", "<!--", "-->", ".. ", ".. list-table::\n\n   * - ", "+--+--+\n", "| a| b|\n", "==  ==\n", "|===\n", "2+|", "3*|",
    "<<", "+++", ".TP\n", ".B ", ".SH ERRORS\n", "\\fB", "#define ", "    ",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join), st.sampled_from(FORMATS))
def test_no_text_makes_reading_fail(text: str, written_in: str) -> None:
    document = document_from_text(f"# Error codes\n\n{text}", name="page")
    extraction = extract_page(PageInput(name="page", document=document), page_format=written_in)
    assert extraction.error is None or isinstance(extraction.error, LimitError)
    assert all(0.0 <= row["confidence"] <= 1.0 for row in extraction.rows)


HIDDEN = "4009 of another file"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", '<!DOCTYPE a [<!ENTITY x SYSTEM "{file}">]>' + HTML_HEAD + HTML_ROWS + '<tr><td>4004<td>&x;<iframe src="{file}">'),
        ("page.xhtml", '<?xml version="1.0"?><!DOCTYPE html SYSTEM "{file}"><html>' + HTML_HEAD + HTML_ROWS + "</table></html>"),
        ("page.md", GOOD + "\n{% include {file} %}\n[!INCLUDE [a]({file})]\n![a]({file})\n"),
        ("page.mdx", 'import a from "{file}"\n\n' + GOOD),
        (
            "page.rst",
            RST_TABLE + "\n.. include:: {file}\n\n.. literalinclude:: {file}\n\n"
            ".. raw:: html\n   :file: {file}\n\n.. csv-table::\n   :file: {file}\n\n.. csv-table::\n   :url: file://{file}\n",
        ),
        ("page.adoc", ADOC_TABLE + "include::{file}[]\n\n[format=csv]\n,===\ninclude::{file}[]\n,===\n"),
        ("page.man", ".so {file}\n" + MAN_ROWS),
    ],
)  # fmt: skip
def test_nothing_that_a_page_names_is_read(name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(f"4009,{HIDDEN}\n", encoding="utf-8")
    page = tmp_path / name
    page.write_text(text.replace("{file}", str(file)), encoding="utf-8")
    code, found, told = run(capsys, str(page))
    assert code == 0
    assert len(found["status_codes"]) >= 2
    assert HIDDEN not in json.dumps(found) + told


@pytest.mark.parametrize("command", ["extract", "inspect", "draft", "diff", "build", "check"])
def test_command_has_an_option_for_each_limit(command: str) -> None:
    given = make_parser(command).parse_args([command, *(["page.md"] if command in {"extract", "inspect", "draft"} else [])])
    assert {name: getattr(given, name) for name, *_ in list_limits()} == {name: default for name, default, _, _ in list_limits()}


@pytest.mark.parametrize("printed", ["0", "-1", "many", "1.5"])
def test_limit_that_is_no_count_is_refused(printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        make_parser("extract").parse_args(["extract", "page.md", f"--max-columns={printed}"])
    assert "--max-columns" in capsys.readouterr().err


def test_documentation_lists_the_limits() -> None:
    rows = [f"| `--{name.replace('_', '-')}` | {default:,} {unit} | {of} |" for name, default, unit, of in list_limits()]
    assert "\n".join(rows) in DOCUMENTED


def test_error_says_what_was_found_and_what_raises_the_limit() -> None:
    error = refuse("max_columns", 200, "a table has too many columns", where="page.md:7")
    assert str(error).splitlines() == [
        "page.md:7: a table has too many columns",
        "  found: more than 200 columns",
        "  expected: at most 200",
        "  what to do: check that this is the right page; --max-columns N allows more, which takes memory and time",
    ]


def test_work_within_the_limits_is_done() -> None:
    assert run_within(DEFAULT, "page.md", lambda: 7) == 7


def test_page_that_takes_all_memory_is_refused() -> None:
    with pytest.raises(LimitError, match=r"page\.md: the page takes more memory than there is"):
        run_within(DEFAULT, "page.md", lambda: bytearray(1 << 62))


class Read:
    """What was read of a page."""


@pytest.mark.parametrize("ending", [lambda: bytearray(1 << 62), lambda: signal.raise_signal(signal.SIGPROF)])
def test_error_lets_go_of_what_was_read(ending: Callable[[], object]) -> None:
    kept: list[weakref.ref[Read]] = []

    def work() -> None:
        read = Read()
        kept.append(weakref.ref(read))
        ending()

    with pytest.raises(LimitError) as caught:
        run_within(DEFAULT, "page.md", work)
    gc.collect()
    assert kept[0]() is None
    assert caught.value.__context__ is None


def test_page_that_takes_too_long_is_refused_though_handlers_stand_in_the_way() -> None:
    def work() -> None:
        while True:
            try:
                signal.raise_signal(signal.SIGPROF)
            except Exception:  # noqa: BLE001, S112 - as a handler of the page's faults would
                continue

    with pytest.raises(LimitError, match="--max-seconds"):
        run_within(Limits(max_seconds=5), "page.md", work)


def test_alarm_is_gone_when_the_page_is_read() -> None:
    before = signal.getsignal(signal.SIGPROF)
    run_within(DEFAULT, "page.md", lambda: None)
    assert signal.getsignal(signal.SIGPROF) == before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_pages_are_read_in_other_threads_too() -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(run_within(DEFAULT, "page.md", lambda: 7)))
    thread.start()
    thread.join()
    assert found == [7]
