"""Pages with a heading per code. The blocks are read from Markdown, which is the shortest way to write them down."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extract import sections
from etl.extract.markdown import read_blocks
from etl.model import Options, Table
from etl.read import document_from_text

ITEM = r"(?P<code>-?[0-9]{3,}) (?P<name>.+)"


def read(page: str, item: str | None = ITEM, labels: tuple[str, ...] = ()) -> tuple[Table, ...]:
    return sections.read_tables(read_blocks(document_from_text(dedent(page), name="page.md")), Options(item=item, labels=labels))


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_heading_that_matches_opens_a_row_with_all_below_it() -> None:
    page = """\
    # Errors
    Intro.

    ## General

    ### -1000 UNKNOWN
    First paragraph,
    [two](x.md) lines.

    Second.

    ```
    code  here
    ```

    #### More
    Deeper.

    ### -1001 LATE
    ### No code
    Not read.
    """
    (table,) = read(page)
    assert (table.section, table.header) == ("General", ("code", "name", "text"))
    assert texts(table) == [["-1000", "UNKNOWN", "First paragraph, two lines. Second. code here More Deeper."], ["-1001", "LATE", ""]]
    assert [(row.line_start, row.line_end) for row in table.rows] == [(6, 17), (19, 19)]
    assert [link.href for link in table.rows[0].cells[2].links] == ["x.md"]
    assert [(claim.kind, claim.line_start) for claim in table.claims] == [("heading", 4)]


def test_list_items_keep_their_lines() -> None:
    (table,) = read("## 100 A\nLead:\n- one\n- two\n\n## 101 B\n- only")
    assert texts(table) == [["100", "A", "Lead:\n- one\n- two"], ["101", "B", "only"]]
    assert table.section is None


def test_rows_below_another_heading_are_another_table() -> None:
    tables = read("# Page\n## One\n### 100 A\n## Two\n### 200 B\n### 201 C\n# Other\n## 300 D")
    assert [(table.section, len(table.rows)) for table in tables] == [("One", 1), ("Two", 2), ("Other", 1)]


@pytest.mark.parametrize(
    "body",
    [
        "Text.\n\n* Cause: no funds\n* Solution: pay in",
        "Text.\n\n**Cause:** no funds\n\n**Solution**: pay in",
        "Text.  \n**Cause**: no funds  \n__Solution:__ pay in",
        "Text.<br>Cause : no funds<br/>Solution：pay in",
        "Text.\n#### Cause\nno funds\n#### Solution:\npay in",
        "Text. Cause: no funds\n\n> Solution: *pay in*",
        "Text. CAUSE: no\nfunds\n\n- **Solution**\n\n  pay in",
        "Text.\n\n| Cause | no funds |\n|---|---|\n| Solution | pay in |",
        "Text.\n\nCause:\n\nno funds\n\nSolution:\n* pay in",
    ],
)
def test_labelled_parts_are_columns_however_they_are_written(body: str) -> None:
    (table,) = read(f"### 100 A\n{body}", labels=("Cause", "Solution"))
    assert table.header == ("code", "name", "Cause", "Solution", "text")
    assert texts(table) == [["100", "A", "no funds", "pay in", "Text."]]


def test_labelled_part_goes_on_to_the_next_label() -> None:
    page = """\
    ## 100 A
    - Solution: Do this:
      1. one
      2. two

      and wait
    - Note
    - Cause: x

    After.
    """
    (table,) = read(page, labels=("Cause", "Solution"))
    assert texts(table) == [["100", "A", "x", "Do this:\n- one\n- two\nand wait", "Note After."]]


def test_label_inside_a_sentence_is_none() -> None:
    (table,) = read("## 100 A\nThe root Cause: unknown. No Cause here.", labels=("Cause",))
    assert texts(table) == [["100", "A", "", "The root Cause: unknown. No Cause here."]]


def test_longer_label_wins_over_its_beginning() -> None:
    (table,) = read("## 100 A\nCause: a\n\nCause and effect: b", labels=("Cause", "Cause and effect"))
    assert texts(table) == [["100", "A", "a", "b", ""]]


def test_list_items_open_rows_where_no_heading_does() -> None:
    page = """\
    ## Codes
    * Error Number: 8001

        Out of memory.

        - one
        - two

    * Error Number: 8002
      Conflict.

    * Error Number: 8003

    Late.

    * Other

    After.
    """
    (table,) = read(page, item=r"Error Number: (?P<code>[0-9]+)(?P<text>.*)")
    assert (table.section, table.header) == ("Codes", ("code", "text"))
    assert texts(table) == [["8001", "Out of memory.\n- one\n- two"], ["8002", "Conflict."], ["8003", "Late."]]


def test_paragraphs_open_rows_where_no_heading_does() -> None:
    tables = read("# A\n\n`400`\n\nBad.\n\nReally.\n\n`401`\n\n# B\n\n`500`\n\nBroken.", item="(?P<code>[0-9]+)")
    assert [table.section for table in tables] == ["A", "B"]
    assert [texts(table) for table in tables] == [[["400", "Bad. Really."], ["401", ""]], [["500", "Broken."]]]


def test_tables_below_a_heading_are_left_to_their_own_layout() -> None:
    (table,) = read("## 100 A\nText.\n\n| x | y |\n|---|---|\n| 1 | 2 |", labels=("Cause",))
    assert texts(table) == [["100", "A", "", "Text."]]


def test_page_without_a_match_or_without_a_pattern_has_no_table() -> None:
    assert read("## No code\ntext") == ()
    assert read("## 100 A\ntext", item=None) == ()


def test_labels_that_recur_are_found_in_their_order() -> None:
    page = """\
    # Page
    ## 100 A
    **Cause:** a
    **What to do**: b https://example.org

    #### Note
    ## 101 B
    - Cause: c
    - What to do: d
    - Rare: e
    ## 102 C
    | Cause | f |
    |---|---|
    | What to do | g |
    """
    blocks = read_blocks(document_from_text(dedent(page), name="page.md"))
    assert sections.find_labels(blocks, 2) == ("Cause", "What to do")
    assert sections.find_labels(blocks, 1) == ()


@given(st.lists(st.tuples(st.integers(100, 999), st.text("abc", min_size=1), st.text("xyz", min_size=1)), min_size=1, max_size=8))
def test_entries_written_with_headings_are_read_back(entries: list[tuple[int, str, str]]) -> None:
    page = "\n\n".join(f"### {code} {name}\n{text}\n- Fix: {name}" for code, name, text in entries)
    (table,) = read(page, labels=("Fix",))
    assert texts(table) == [[str(code), name, name, text] for code, name, text in entries]
