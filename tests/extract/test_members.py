"""Constants of API references: a heading per symbol and its declaration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extract import BLOCK_READERS
from etl.extract.members import read_tables
from etl.model import Options, Table
from etl.read import document_from_text


def read(source: str) -> tuple[Table, ...]:
    return read_tables(BLOCK_READERS["html"](document_from_text(source, name="page.html")), Options())


def show(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize(
    ("declaration", "value"),
    [
        ("#define NAME 0x00010001", "0x00010001"), ("#define NAME (-3)", "-3"), ("public static final int NAME = 4001", "4001"),
        ("public const int NAME = 4001;", "4001"), ("pub const NAME: i32 = -7;", "-7"), ("NAME = 12,", "12"), ("NAME: 4001", "4001"),
        ('static readonly string Errors.NAME = "E-17"', "E-17"), ("const int app::NAME = 5", "5"),
    ],
)  # fmt: skip
def test_the_value_of_a_declaration_is_the_code(declaration: str, value: str) -> None:
    (table,) = read("".join(f"<h3>{name}</h3><pre>{declaration.replace('NAME', name)}</pre><p>Text.</p>" for name in ("ONE", "TWO")))
    assert table.header == ("code", "title", "text")
    assert show(table) == [[value, "ONE", "Text."], [value, "TWO", "Text."]]


@pytest.mark.parametrize("declaration", ["public static final int NAME", "static ErrorCode NAME = new ErrorCode(1)"])
def test_without_values_the_symbol_is_the_code(declaration: str) -> None:
    (table,) = read("".join(f"<h3>{name}</h3><pre>{declaration.replace('NAME', name)}</pre><p>Text.</p>" for name in ("ONE", "TWO")))
    assert table.header == ("code", "text")
    assert show(table) == [["ONE", "Text."], ["TWO", "Text."]]


@pytest.mark.parametrize(
    "text", ["public void NAME(int code)", "See NAME for more.", "The error NAME", "public enum NAME", "class NAME extends Error", "NAME"]
)
def test_methods_types_and_sentences_declare_nothing(text: str) -> None:
    assert read("".join(f"<h3>{name}</h3><p>{text.replace('NAME', name)}</p><p>Text.</p>" for name in ("ONE", "TWO"))) == ()


def test_labels_are_columns_and_a_label_of_one_member_is_text() -> None:
    (table,) = read(
        "<h2>Fields</h2>"
        "<h3>ONE</h3><pre>int ONE</pre><p>First.</p><dl><dt>Since:<dd>1.0<dt>Note:<dd>Old.</dl><p>More.</p>"
        "<h3>TWO</h3><pre>int TWO</pre><p>Second.</p><dl><dt>Since:<dd>1.1<dt><dd>1.2</dl><h4>Type</h4><p>int</p>"
        "<h2>Methods</h2><p>None.</p>"
    )
    assert (table.section, table.header) == ("Fields", ("code", "text", "Since"))
    assert show(table) == [["ONE", "First. More. Note: Old.", "1.0"], ["TWO", "Second. Type int", "1.1 1.2"]]


TEXTS = ("First.", "Second.", "Third.")


def test_headings_that_declare_themselves() -> None:
    heads = ("(static) ONE :Code", "(static, constant) TWO", "go() → {x}")
    (table,) = read("<h3>Members</h3>" + "".join(f"<h4>{head}</h4><p>{text}</p>" for head, text in zip(heads, TEXTS, strict=True)))
    assert show(table) == [["ONE", "First."], ["TWO", "Second."]]


PARTS = ["<h2>A</h2>", "<h3>ONE</h3>", "<pre>int ONE = 1</pre>", "<p>x</p>", "<dl><dt>L<dd>d</dl>", "<h4>T:</h4>", "\n"]


@given(st.lists(st.sampled_from(PARTS)))
def test_rows_stand_inside_their_tables(parts: list[str]) -> None:
    for table in read("".join(parts) or " "):
        assert all(len(row.cells) == len(table.header) for row in table.rows)
        assert all(table.line_start <= row.line_start <= row.line_end <= table.line_end for row in table.rows)
