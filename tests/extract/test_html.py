"""The HTML reader: both parsers, with and without plain rows, give the same; islands; pages that mean harm."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import DocumentError, LimitError
from etl.extract import html
from etl.extract.html.marks import mark_source
from etl.extract.html.page import read_page
from etl.extract.html.tree import Parser, build_tree, choose_parser, parse_with_html5lib, parse_with_lexbor
from etl.limits import DEFAULT
from etl.model import Block, Cell, Link, Row, Table
from etl.read import document_from_text, read_document
from tests.extract.test_cases import ALL_CASES, Case

CASES = [case for case in ALL_CASES if case.reader == "html"]
SHARED = Path(os.environ.get("ERRCAT_SHARED", Path(__file__).parents[2] / ".." / "shared"))
PAGES = sorted([*SHARED.glob("corpus/docs/*.html"), *SHARED.glob("updates/*/*.html")])


def read(source: str, parser: Parser | None = None) -> tuple[Block | Table, ...]:
    return html.read_blocks(document_from_text(source, name="page.html"), parser=parser)


def read_without_plain_rows(source: str, parser: Parser) -> tuple[Block | Table, ...]:
    found = read_page(build_tree(mark_source(source, plain_rows=False), parser))
    assert found is not None
    return tuple(found)


def read_with_plain_rows(source: str, parser: Parser) -> tuple[Block | Table, ...]:
    found = read_page(build_tree(mark_source(source), parser))
    return read_without_plain_rows(source, parser) if found is None else tuple(found)


def read_tables(source: str) -> list[Table]:
    return [block for block in read(source) if isinstance(block, Table)]


def texts_of(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def assert_all_readings_agree(source: str) -> None:
    reference = read_without_plain_rows(source, parse_with_html5lib)
    assert read_without_plain_rows(source, parse_with_lexbor) == reference
    assert read_with_plain_rows(source, parse_with_lexbor) == reference
    assert read_with_plain_rows(source, parse_with_html5lib) == reference


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_both_parsers_agree_on_the_cases(case: Case) -> None:
    assert_all_readings_agree(case.source)


@pytest.mark.skipif(not PAGES, reason=f"no pages in {SHARED}: set ERRCAT_SHARED")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: "/".join(page.parts[-2:]))
def test_both_parsers_agree_on_real_pages(page: Path) -> None:
    assert_all_readings_agree(read_document(page).text)


BOTH_AGREE = [
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "</th>", "<thead>", "</thead>", "<tbody>", "</tbody>", "<caption>",
    "</caption>", "<p>", "</p>", "<br>", "<ul>", "</ul>", "<td><ul><li>i<li>j</ul>", "<td><dl><dt>t<dd>d</dl>", "<b>x</b>",
    "<a href=x>l</a>", "<div>", "</div>", "<h2>", "</h2>", "<i>", "</i>", "<pre>", "</pre>", "<td colspan=2>", "<td rowspan=2>",
    "<span hidden>h</span>",
    "<nav>", "</nav>", "<TD>", "<!-- c -->", "<hr>", "<code>", "</code>", "<blockquote>", "<td><b>x<p>y</b>z", "<td><a href=y>x<p>y</a>",
]  # fmt: skip
# What follows makes html5lib 1.1 leave the standard: it loses a table behind unclosed <b>, leaves a second <li> in a table that a
# browser moves out, and does not know <summary>.
OTHERS = [
    "<b>", "</b>", "<a href=x>", "</a>", "<li>", "</li>", "<dl>", "<dt>", "<dd>", "</dl>", "<details>", "<summary>", "</details>",
    "<span hidden>", "</span>", "<svg>", "</svg>", "<button>", "<select>", "</select>", "<table role=none>", "<xmp>", "</xmp>", "<script>",
]  # fmt: skip
WORDS = ["a", "b c", " ", "\n", "&amp;", "&nbsp;", "<", "&", ".", "&copy", "x\ny", "<tr><td>1</td></tr>", "</tr>\n<tr><td>2</td>\n</tr>"]


@given(st.lists(st.sampled_from(BOTH_AGREE + WORDS), max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_both_parsers_agree_on_tag_soup(source: str) -> None:
    assert_all_readings_agree(f"<table>{source}")
    assert_all_readings_agree(source)


SOUP = st.lists(st.sampled_from(BOTH_AGREE + OTHERS + WORDS), max_size=40).map("".join)


@given(SOUP)
@settings(max_examples=200, deadline=None)
def test_plain_rows_change_nothing_in_tag_soup(source: str) -> None:
    for page in (source, f"<table>{source}", f"<table><tr><td>x</td></tr>{source}"):
        assert read_with_plain_rows(page, parse_with_lexbor) == read_without_plain_rows(page, parse_with_lexbor)


CONTENT = st.lists(
    st.sampled_from([
        "one", " ", "\n", "&amp;", "&nbsp;", "&lt;b&gt;", "<p>", "</p>", "<br>", "<br/>", "<b>", "</b>", "<code class='x'>", "</code>",
        '<a href="x?a=1&amp;b">l</a>', '<a href="#s">¶</a>', '<a href="#s">to s</a>', "<a name='x'></a>", "<ul><li>i</li><li>j\n</ul>",
        "<ol>\n<li>k<p>m</p></ol>", "<i>", "</i>", ".", ", x", "<span style='color: red'>", '<span style="display:none">', "</span>",
        "<!-- c -->", "<img src=x>", "&#39;", "&#7;", "&bogus;", "<div>d</div>", "<a href=y><b>m</b></a>", "a < b", "&am<b>p;</b>",
    ]),
    max_size=6,
).map("".join)  # fmt: skip
TAG = st.sampled_from([
    "td", "td", "td", "th", "td class='x' id=\"y>\"", 'td style="text-align: left;"', "td\nid=x", "td rowspan=2", "td colspan=2",
])  # fmt: skip
CELL = st.builds(lambda tag, content: f"<{tag}>{content}</{tag[:2]}>", TAG, CONTENT)
ROW = st.builds(
    lambda tag, cells, gap: f"{tag}{gap.join(cells)}{gap}</tr>{gap}",
    st.sampled_from(["<tr>", "<tr class=odd>", "<tr>\n", "<tr\n>"]),
    st.lists(CELL, max_size=4),
    st.sampled_from(["", "\n", "\n\n", " "]),
)
OPENING = st.sampled_from([
    "<table>", "", "<table><tr><td>0</td></tr>", "<table><tr><th>A</th><th>B</th></tr>\n", "<nav><table><tr></tr>",
])  # fmt: skip
REGULAR = st.lists(ROW, max_size=8).map("".join)


@given(OPENING, REGULAR)
@settings(max_examples=100, deadline=None)
def test_plain_rows_are_what_a_parser_makes_of_them(opening: str, rows: str) -> None:
    assert_all_readings_agree(f"{opening}{rows}</table>after")


@given(SOUP)
@settings(max_examples=200, deadline=None)
def test_every_position_is_inside_the_page(source: str) -> None:
    height = source.count("\n") + 1
    for block in read(source):
        assert 1 <= block.line_start <= block.line_end <= height
        if isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row.cells]
            places = [(part.line_start, part.line_end) for parts in (block.claims, block.rows, cells) for part in parts]
            assert all(1 <= start <= end <= height for start, end in places)


@given(st.lists(st.lists(st.sampled_from(["<td>x", "<td>y</td>", "<td>z\n", "<th>h\n</th>"]), min_size=2), min_size=2, max_size=8))
@settings(deadline=None)
def test_lines_of_rows_are_those_of_their_tags(rows: list[list[str]]) -> None:
    """Rows with a `td` first: the line in which `<tr` stands, up to the last line with a tag or text of the row."""
    source = "<table>\n" + "".join(f"<tr><td>{number}" + "".join(row) + "</tr>\n" for number, row in enumerate(rows)) + "</table>"
    table = read_tables(source)[0]
    for row in table.rows:
        printed = source.split("\n")[row.line_start - 1 : row.line_end]
        assert printed[0].startswith(f"<tr><td>{row.cells[0].text}")
        assert "</tr>" in printed[-1]


def test_island_has_the_lines_of_its_document() -> None:
    document = document_from_text("# Title\n\n<table>\n<tr><td>1</td><td>one</td></tr>\n</table>\n\nText\n", name="page.md")
    (table,) = html.read_island(document, 3, 5)
    assert isinstance(table, Table)
    assert (table.line_start, table.line_end, table.section) == (3, 5, None)
    assert [(row.line_start, row.line_end) for row in table.rows] == [(4, 4)]


def test_markdown_inside_an_island_is_rendered_by_the_caller() -> None:
    source = "<table>\n<tr><td>\n\n**1** or [two](t.md)\n\n</td><td>**not**</td></tr>\n</table>"
    document = document_from_text(source, name="page.md")

    def render(markdown: str) -> str:
        return re.sub(r"\[(\w+)\]\(([\w.]+)\)", r'<a href="\2">\1</a>', re.sub(r"\*\*(\w+)\*\*", r"<b>\1</b>", markdown))

    (table,) = html.read_island(document, 1, 7, render_markdown=render)
    assert isinstance(table, Table)
    cells = table.rows[0].cells
    assert [cell.text for cell in cells] == ["1 or two", "**not**"]
    assert cells[0].links[0].href == "t.md"
    assert cells[0].raw == "**1** or [two](t.md)"
    assert [(cell.line_start, cell.line_end) for cell in cells] == [(2, 6), (6, 6)]


def test_a_large_island_with_markdown_is_read_like_its_parts() -> None:
    rows = [f"<tr><td>{number}</td><td>\n\n*{number}*\n\n</td></tr>" if number % 7 == 0 else f"<tr><td>{number}</td><td>{number}</td></tr>"
            for number in range(2_000)]  # fmt: skip
    source = "<table>\n" + "\n".join(rows) + "\n</table>"
    document = document_from_text(source, name="page.md")
    (table,) = html.read_island(document, 1, len(document.lines), render_markdown=lambda markdown: markdown.replace("*", ""))
    assert isinstance(table, Table)
    assert texts_of(table) == [[str(number), str(number)] for number in range(2_000)]
    assert [document.lines[row.line_start - 1].split("</td>")[0] for row in table.rows] == [f"<tr><td>{number}" for number in range(2_000)]


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason=f"no documents in {SHARED}: set ERRCAT_SHARED")
def test_table_inside_a_markdown_page_is_read_whole() -> None:
    (page,) = (SHARED / "seeds").glob("000_*.txt")
    document = read_document(page)
    (table,) = html.read_island(document, document.lines.index("<table>") + 1, document.lines.index("</table>") + 1)
    assert isinstance(table, Table)
    starts = [number for number, line in enumerate(document.lines, 1) if line.startswith("<tr")]
    assert [row.line_start for row in table.rows] == starts[1:]
    assert all(document.lines[row.line_end - 1] == "</tr>" for row in table.rows)
    assert len(table.rows) == 147


def test_parser_is_chosen_by_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_parser() is parse_with_lexbor
    monkeypatch.setitem(__import__("sys").modules, "selectolax", None)
    assert choose_parser() is parse_with_html5lib


def test_marks_of_the_page_itself_are_no_positions() -> None:
    cells = ["1<!--3-->", "&lt;!--5--&gt;", "&#128;9&#130;", "\x809\x82", "&#1;9&#2;"]
    source = '<!--7--><table at="9"><tr at="8"><td at="1">' + "</td at='4'><td>".join(cells) + "</td></tr></table>"
    for parser in (parse_with_lexbor, parse_with_html5lib):
        (table,) = (block for block in read(source, parser) if isinstance(block, Table))
        assert texts_of(table) == [["1", "<!--5-->", "€9‚", "\x809\x82", "\x019\x02"]]
    assert [cell.raw for cell in table.rows[0].cells[:2]] == ["1<!--3-->", "<!--5-->"]


def test_a_page_in_another_encoding_is_refused() -> None:
    with pytest.raises(DocumentError, match="encoding that the page is really in"):
        read("".join(map(chr, range(0x80, 0xA0))))


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 20_000 + "x",
        "<table><tr><td>" * 5_000 + "x",
        "<b>" * 20_000 + "x" + "<p>y" * 20_000,
        "<a href=x>" * 20_000 + "x",
        "<ul><li>" * 10_000 + "x",
        "<dl><dd>" * 10_000 + "x",
        "<span hidden>" * 20_000 + "x",
        "<table><tr>" + "<td>x" * 50_000,
        "<a b='" * 50_000,
        "<a " * 50_000 + '"',
        "<!--" * 50_000,
        "<!-" * 50_000,
        "<" * 200_000,
        "&" * 200_000,
        "<script>" * 50_000,
        "</td>" * 50_000,
        "<tr><td>" + " " * 500_000 + "<tr>" * 1_000,
        "<td>x</td></tr>" * 20_000,
        "<table>" + "<tr><td>x" + "</tr><tr><td>y<div></div></td>" * 5_000,
        "<nav>" + "<table><tr></tr><tr><td>x</td></tr></table>" * 5_000,
        "<p " + "a=" * 200_000 + ">x",
        "<svg>" * 20_000 + "<p>x",
        "<p>x" + " \n" * 200_000 + "<div>" * 5_000,
    ],
    ids=lambda source: source[:24],
)
def test_hostile_pages_are_read(source: str) -> None:
    assert isinstance(read(source), tuple)


def test_deep_nesting_keeps_the_text() -> None:
    (table,) = read_tables("<table><tr><td>1<td>" + "<div>" * 20_000 + "deep" + "</div>" * 20_000 + "<tr><td>2<td>two</table>")
    assert texts_of(table) == [["1", "deep"], ["2", "two"]]


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(LimitError, match=r"^page\.html:3: tags are nested too deeply"):
        read("\n\n" + "<div>" * (DEFAULT.max_nesting + 1))


def test_closed_elements_are_not_nested() -> None:
    assert len(read("<div>x</div>" * (DEFAULT.max_nesting + 1))) == DEFAULT.max_nesting + 1


def test_spans_that_would_fill_memory_are_refused() -> None:
    with pytest.raises(LimitError, match=r"^page\.html:2: cells of tables are repeated too often"):
        read("\n<table>" + "".join(f"<tr><td rowspan=65534>{number}" for number in range(6_000)))


def test_span_bomb_takes_the_columns_that_there_are() -> None:
    (table,) = read_tables('<table><tr><td colspan="100000000" rowspan="100000000">1<td>2<tr><td>3<td>4')
    assert texts_of(table) == [["1", "2"], ["1", "3", "4"]]


def test_nul_and_control_characters_do_no_harm() -> None:
    assert_all_readings_agree("<table><tr><td>0</td></tr><tr><td>a\x0bb</td><td>c\x1fd\u2028e</td></tr><tr><td>f\x85g</td></tr></table>")


def test_a_large_page_is_read_like_its_parts() -> None:
    """Plain rows are filled field by field; they must equal, print and hash like all others."""
    rows = [f"<tr><td>{number}</td><td>see <a href='{number}.md'>page {number}</a></td></tr>" for number in range(2_000)]
    (table,) = read_tables("<table>\n" + "\n".join(rows) + "\n</table>")
    for number, row in enumerate(table.rows):
        text = f"see <a href='{number}.md'>page {number}</a>"
        expected = Row(
            cells=(
                Cell(text=str(number), raw=str(number), line_start=number + 2, line_end=number + 2),
                Cell(
                    text=f"see page {number}", raw=text, line_start=number + 2, line_end=number + 2,
                    links=(Link(text=f"page {number}", href=f"{number}.md"),),
                ),
            ),
            line_start=number + 2,
            line_end=number + 2,
        )  # fmt: skip
        assert (row, hash(row), repr(row)) == (expected, hash(expected), repr(expected))
    assert len(table.rows) == 2_000


def test_plain_rows_in_a_layout_table_are_not_lost() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>text {number}</td></tr>" for number in range(3_000))
    (table,) = read_tables(f"<table><tr><td><table>{rows}</table></td></tr></table>")
    assert texts_of(table)[2_999] == ["2999", "text 2999"]
    assert len(read(f"<table role=none>{rows}</table>")) == 6_000
    assert read(f"<nav><table>{rows}</table></nav>") == ()


def test_a_broken_paragraph_keeps_its_lines() -> None:
    (block,) = read('<p>4001 <a href="x">Bad<br>\nname</a><br><i hidden>no<br>no</i>4002 worse</p>')
    assert isinstance(block, Block)
    assert block.text == "4001 Bad name 4002 worse"
    assert [(line.text, line.line_start, [link.text for link in line.links]) for line in block.lines] == [
        ("4001 Bad", 1, ["Bad"]), ("name", 2, ["name"]), ("4002 worse", 2, []),
    ]  # fmt: skip


def test_a_paragraph_of_one_line_has_no_lines() -> None:
    (block,) = read("<p><br>4001 Bad<br></p>")
    assert isinstance(block, Block)
    assert (block.text, block.lines) == ("4001 Bad", ())
