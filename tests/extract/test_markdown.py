"""Markdown pages: what is true of all of them. Single pages stand in cases/markdown.txt."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import LimitError
from etl.extract.markdown import read_blocks
from etl.model import Block, Table
from etl.read import decode_document, document_from_text


def read(text: str, name: str = "page.md") -> tuple[Block | Table, ...]:
    return read_blocks(document_from_text(text, name=name))


def read_table(text: str) -> Table:
    (table,) = (block for block in read(text) if isinstance(block, Table))
    return table


def write_cell(text: str) -> str:
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


cells = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12).map(lambda text: " ".join(text.split()))


@given(
    width=st.integers(2, 5),
    rows=st.lists(st.lists(cells, min_size=5, max_size=5), min_size=1, max_size=6),
    padding=st.sampled_from(["", " ", "   ", "\t"]),
    indent=st.sampled_from(["", "  ", "> ", "- "]),
)
def test_table_written_with_outer_bars_is_read_back(width: int, rows: list[list[str]], padding: str, indent: str) -> None:
    head = [f"Head {number}" for number in range(width)]
    printed = [head, ["---"] * width, *(list(map(write_cell, row[:width])) for row in rows)]
    lines = ["|" + "|".join(f"{padding}{cell}{padding}" for cell in row) + "|" for row in printed]
    rest = "  " if indent == "- " else indent
    table = read_table("\n".join((indent if number == 0 else rest) + line for number, line in enumerate(lines)))
    assert table.header == tuple(head)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [row[:width] for row in rows]
    assert [row.line_start for row in table.rows] == list(range(3, 3 + len(rows)))


@given(rows=st.lists(st.lists(cells.filter(bool), min_size=3, max_size=3), min_size=1, max_size=6))
def test_table_written_without_outer_bars_is_read_back(rows: list[list[str]]) -> None:
    lines = ["A | B | C", "--|---|:-:", *(f"x{write_cell(row[0])} | {write_cell(row[1])} | {write_cell(row[2])}" for row in rows)]
    table = read_table("\n".join(lines))
    assert [[cell.text for cell in row.cells] for row in table.rows] == [[f"x{row[0]}", *row[1:]] for row in rows]


@given(rows=st.lists(st.lists(st.sampled_from(["", "a", "`b`", "`|`", "c\\|d", "*", "x | y"]), max_size=6), max_size=5))
def test_no_row_and_no_word_of_a_ragged_table_is_lost(rows: list[list[str]]) -> None:
    lines = ["| A | B |", "|---|---|", *("| " + " | ".join(row) + " |" for row in rows)]
    table = read_table("\n".join(lines))
    assert len(table.rows) == len(rows)
    for line, row in zip(lines[2:], table.rows, strict=True):
        assert "".join(cell.raw for cell in row.cells).replace("|", "").replace(" ", "") == line.replace("|", "").replace(" ", "")


LINES = [
    "# a", "- b", "  - c", "> d", "| e | f |", "|---|---|", "", "<table>", "</table>", "<tr><td>g</td>", "```", "{% h %}", "    i", "<!--",
    "-->", ":::", "!!! j", "---", "1. k", "<Tab", "x | y", "import l", "<ul><li>m", "</ul>", "n: o", "<p>", "    <b>",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=14))
def test_any_page_is_read_in_order_and_inside_its_lines(lines: list[str]) -> None:
    blocks = read("\n".join(["z", *lines]))
    starts = [block.line_start for block in blocks]
    assert starts == sorted(starts)
    assert all(1 <= block.line_start <= block.line_end <= len(lines) + 1 for block in blocks)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_does(line_end: str) -> None:
    text = line_end.join(["# Errors", "", "a\u2028b", "", "| Code | Text |", "|---|---|", "| 1 | a\x0bb |"])
    *_, table = read_blocks(decode_document(text.encode("utf-8-sig"), name="page.md"))
    assert isinstance(table, Table)
    assert (table.line_start, table.line_end, table.section) == (5, 7, "Errors")
    assert table.rows[0].cells[1].text == "a b"


def test_indented_text_of_a_component_page_is_no_code() -> None:
    page = "<Tabs>\n\n    Some text\n\n    | Code | Text |\n    |---|---|\n    | 1 | a |\n\n</Tabs>\n\nMore\n\n    text"
    assert [block.kind for block in read(page, "page.mdx") if isinstance(block, Block)] == ["paragraph", "paragraph", "paragraph"]
    assert read(page, "page.md")[-1] == Block(kind="code", text="text", raw="    text", line_start=13, line_end=13)


@pytest.mark.parametrize("page", ["> " * 500 + "a", "- " * 500 + "a", "\n".join("    " * depth + "!!! note" for depth in range(500))])
def test_too_deep_nesting_is_refused(page: str) -> None:
    with pytest.raises(LimitError, match=r"page\.md:1.*nested too deeply"):
        read(page)


def test_nesting_as_deep_as_people_write_is_read() -> None:
    page = "\n".join("  " * depth + f"- level {depth + 1}" for depth in range(30))
    assert [block.level for block in read(page) if isinstance(block, Block)] == list(range(1, 31))


@pytest.mark.parametrize(
    "page",
    ["`" * 100_000, "| a |\n|---|\n| " + "` `` " * 20_000 + "|", "[" * 5_000, "{% " * 20_000, "<a b='" * 20_000, "<!-- \n" * 20_000,
     "<table>\n" * 20_000, "|" * 100_000 + "\n|---|", "{% a\n" * 5_000, "<A b=\n" * 5_000, "| a | b\n" * 5_000],
)  # fmt: skip
def test_endless_marks_are_read_as_they_are_printed(page: str) -> None:
    assert isinstance(read(page), tuple)


def test_very_long_line_is_text() -> None:
    (block,) = read("word *word* " * 20_000)
    assert isinstance(block, Block)
    assert block.text == ("word *word* " * 20_000).strip()
