"""What is printed of a page, and the tables that layouts of bare text find in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import LimitError
from etl.extract import TEXT_LAYOUTS, print_page
from etl.extract.html import print_page as print_html
from etl.extract.html.tree import parse_with_html5lib
from etl.extract.printed import read_printed
from etl.limits import Limits
from etl.model import Options
from etl.read import document_from_text


def show(source: str) -> list[str]:
    page = print_html(document_from_text(source, name="page.html"))
    return [f"{first}-{last} {line}" for line, (first, last) in zip(page.document.lines, page.places, strict=True)]


def test_breaks_end_lines_and_line_ends_of_the_source_do_not() -> None:
    page = "<p>4001 Bad\nname<br>4002 &lt;age&gt; <b>is</b>&nbsp;bad<br/>\n4003</p>"
    assert show(page) == ["1-2 4001 Bad name", "2-2 4002 <age> is bad", "3-3 4003"]


def test_preformatted_text_keeps_its_lines_and_decodes_references() -> None:
    assert show("<pre>\n4001  &#38169;\n\n  <b>4002</b>  x<br>4003</pre>") == ["2-2 4001  错", "2-2 ", "4-4   4002  x", "4-4 4003"]


def test_headings_and_paragraphs_stand_apart() -> None:
    assert show("<h2>Errors</h2>one<div>two</div><div>three</div><p>four</p><ul><li>five<li>six<br>seven</ul>") == [
        "1-1 Errors", "1-1 ", "1-1 one", "1-1 two", "1-1 three", "1-1 ", "1-1 four", "1-1 ", "1-1 - five", "1-1 - six", "1-1   seven",
    ]  # fmt: skip


def test_two_breaks_make_a_blank_line() -> None:
    assert show("4001<br>Bad name<br><br>4002<br>Bad age") == ["1-1 4001", "1-1 Bad name", "1-1 ", "1-1 4002", "1-1 Bad age"]


def test_tables_navigation_and_what_is_hidden_are_not_printed() -> None:
    table = "<table><tr><th>a<th>b<tr><td>4001<td>no<tr><td>1<td>2</table>"
    assert show(f"<nav>4000 no</nav>{table}<p hidden>4002</p><p>4003 <span hidden>x</span>yes</p>") == ["1-1 4003 yes"]


def test_lines_of_markup_between_rows_are_claimed() -> None:
    source = "<p>\n4001 Bad name<br>\n<br>\n4002 Bad age<br>\n<i>\n4003 Bad day</i></p>"
    page = print_page(document_from_text(source, name="page.html"), "html")
    (table,) = read_printed(TEXT_LAYOUTS["code_list"], page, Options())
    assert [(row.line_start, [cell.text for cell in row.cells]) for row in table.rows] == [
        (2, ["4001", "Bad name"]), (4, ["4002", "Bad age"]), (6, ["4003", "Bad day"]),
    ]  # fmt: skip
    assert [(claim.kind, claim.line_start, claim.line_end) for claim in table.claims] == [("markup", 3, 3), ("markup", 5, 5)]


def test_a_paragraph_is_no_heading_where_the_page_marks_headings() -> None:
    source = "<h1>Errors</h1><p>All of them:</p>4001 Bad name<br>4002 Bad age<br>4003 Bad day<br>"
    for head, section in (("<h1>Errors</h1>", "Errors"), ("", "All of them:")):
        page = print_page(document_from_text(source.replace("<h1>Errors</h1>", head), name="page.html"), "html")
        (table,) = read_printed(TEXT_LAYOUTS["code_list"], page, Options())
        assert table.section == section


def test_more_lines_than_a_page_may_have_are_refused() -> None:
    document = document_from_text("<p>a<br>b<br>c</p>", name="page.html")
    assert len(print_html(replace(document, limits=Limits(max_lines=3))).document.lines) == 3
    with pytest.raises(LimitError, match=r"^page\.html: the page prints too many lines"):
        print_html(replace(document, limits=Limits(max_lines=2)))


def test_other_formats_are_printed_as_they_are() -> None:
    document = document_from_text("4001 <br> &lt;\n", name="page.txt")
    page = print_page(document, "text")
    assert (page.document, list(page.places), list(page.markup)) == (document, [(1, 1)], [])


PARTS = ["<p>", "</p>", "<br>", "\n", "4001 a", " x ", "<pre>", "</pre>", "<b>", "</b>", "&lt;", "<ul>", "<li>", "</ul>", "<div>", "</div>"]


@given(st.lists(st.sampled_from(PARTS)))
def test_every_line_stands_where_it_says(parts: list[str]) -> None:
    document = document_from_text("".join(parts) or " ", name="page.html")
    page = print_html(document)
    other = print_html(document, parser=parse_with_html5lib)
    assert (page.document.lines, page.places) == (other.document.lines, other.places)
    for line, (first, last) in zip(page.document.lines, page.places, strict=True):
        assert 1 <= first <= last <= len(document.lines)
        held = "".join(re.sub("<[^<]*>", "", "\n".join(document.lines[first - 1 : last])).replace("&lt;", "<").split())
        assert all(word.removeprefix("-") in held for word in line.split())
    assert replace(page.document, lines=document.lines, text=document.text) == document
