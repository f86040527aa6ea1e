"""AsciiDoc tables written in several ways and read back; damage; bounds; a real page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import LimitError
from etl.extract.asciidoc import read_blocks
from etl.model import Block, Table
from etl.read import document_from_text
from tests.extract.corpus import find_missing, read_page

words = st.sampled_from(["alpha", "4001", "ERR_IO", "-1", "错误", "a|b", "*", "x:y", "C++", "5 * 3", "{0}", "[field]", "#1", "it's"])
texts = st.lists(words, max_size=4).map(lambda parts: " ".join(["Text", *parts]))
grids = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1, max_size=5))


def read(source: str) -> tuple[Block | Table, ...]:
    return read_blocks(document_from_text(source, name="page.adoc"))


def write_lines(rows: list[list[str]], bar: str = "|") -> str:
    return "\n".join(" ".join(f"{bar}{cell.replace('|', f'{chr(92)}|')}" for cell in row) for row in rows)


def write_cells(rows: list[list[str]]) -> str:
    return "\n\n".join("\n".join(f"|{cell.replace('|', f'{chr(92)}|')}" for cell in row) for row in rows)


def write_csv(rows: list[list[str]]) -> str:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)


@given(grids, st.sampled_from(["lines", "cells", "csv", "columns"]))
def test_a_table_reads_back_however_it_is_written(rows: list[list[str]], form: str) -> None:
    rows = [[f"{number}.{column} {text}" for column, text in enumerate(row)] for number, row in enumerate(rows)]
    width = len(rows[0])
    source = {
        "lines": f"[%noheader]\n|===\n{write_lines(rows)}\n|===",
        "columns": f'[cols="{width}*,",%noheader]\n|===\n{write_lines(rows)}\n|==='.replace(",\"", '"'),
        "cells": f"[cols={width},options=noheader]\n|===\n{write_cells(rows)}\n|===",
        "csv": f"[%noheader]\n,===\n{write_csv(rows)}\n,===",
    }[form]
    [table] = read(source)
    assert isinstance(table, Table)
    assert table.header == ()
    assert [[cell.text for cell in row.cells] for row in table.rows] == [[" ".join(cell.split()) for cell in row] for row in rows]
    lines = source.split("\n")
    assert all(cell.raw.replace("|", "\\|").split(" ")[0] in lines[cell.line_start - 1] for row in table.rows for cell in row.cells)


MARKS = [
    "|===", "|", "||", "2+|x", ".2+|y |z", "a|", "* a", "** b", ". c", "+", "--", "====", "----", "term:: x", "term::", "x::: y", "",
    " code", "[cols=2]", "[", ".Title", "= A", "=== B", "Text", ":a: {b}", "{a}", "//", "////", ",===", "!===", "a,b", "'''",
    "NOTE: x", "```", "ifdef::x[]",
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(MARKS), max_size=25))
def test_any_order_of_lines_is_read_within_the_page(lines: list[str]) -> None:
    document = document_from_text("\n".join(lines), name="page.adoc")
    for block in read_blocks(document):
        assert 1 <= block.line_start <= block.line_end <= len(document.lines)
        if isinstance(block, Table):
            for row in block.rows:
                assert block.line_start <= row.line_start <= row.line_end <= block.line_end
                assert row.cells


@given(st.text(alphabet="*_`#^~{}[]<>+\\|:=-. \na1(&;", max_size=120))
def test_any_text_is_read(source: str) -> None:
    for block in read(source):
        assert isinstance(block, Table) or block.kind == "code" or "  " not in block.text


def test_words_that_no_mark_stands_around_are_kept() -> None:
    [block] = read("Lost no_more_words, 5*3*2, a^b, {placeholder}, [client_id] and C++ or <tag> in C:\\dir")
    assert isinstance(block, Block)
    assert block.text == "Lost no_more_words, 5*3*2, a^b, {placeholder}, [client_id] and C++ or <tag> in C:\\dir"


def test_repetition_without_end_is_refused() -> None:
    with pytest.raises(LimitError, match="cells of tables are repeated too often"):
        read("|===\n" + "999999*|x\n" * 3 + "|===")


def test_spans_without_end_stay_within_the_table() -> None:
    [table] = read('[cols="1,1"]\n|===\n.99999999+|long |a\n|b\n9999+|wide\n|===')
    assert isinstance(table, Table)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["long", "a"], ["long", "b"], ["long", "wide"]]


def test_attributes_without_end_are_refused() -> None:
    with pytest.raises(LimitError, match="--max-expanded"):
        read(f":a: {'x' * 9000}\n\n" + "{a} " * 5000)


def test_tables_inside_tables_are_read_to_a_depth() -> None:
    source = "[cols=a]\n|===\n|\n!===\na!x\n,===\ny\n,===\n!===\n|==="
    [table] = read(source)
    assert isinstance(table, Table)
    assert table.rows[0].cells[0].text == "x y"


def test_nothing_is_read_from_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "codes.csv"
    secret.write_text("4001,secret\n", encoding="utf-8")
    found = read(f"include::{secret}[]\n\n,===\ninclude::{secret}[]\n,===\n\n----\ninclude::{secret}[]\n----")
    assert found == ()


def test_a_real_page_has_a_row_for_every_record() -> None:
    document, records = read_page("opendj-ldap-result-codes.adoc")
    assert find_missing(read_blocks(document), records) == []
