"""Lists of codes. The blocks are read from Markdown, which is the shortest way to write them down."""

from __future__ import annotations

from textwrap import dedent

from etl.extract import lists
from etl.extract.markdown import read_blocks
from etl.model import Options, Table
from etl.read import document_from_text

PAGE = """\
# Errors

See also:

- [Overview](./overview.md)
- Limits

## Orders

- `4001`: Unknown order
- `4002`: Refused, see [limits](./limits.md). Reasons:
    - no funds
    - market closed
- remark without a code
- `4003`: Late

  Try again.

  ```
  retry
  ```

## Accounts

1. 5001: Closed
"""

ITEM = r"(?P<code>[0-9]+): (?P<text>.*)"


def read(page: str, **options: object) -> tuple[Table, ...]:
    blocks = read_blocks(document_from_text(dedent(page), name="page.md"))
    return lists.read_tables(blocks, Options(**options))  # type: ignore[arg-type]


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_every_list_is_a_table_of_one_column_without_a_header() -> None:
    tables = read(PAGE)
    assert [(table.section, len(table.rows)) for table in tables] == [("Errors", 2), ("Orders", 4), ("Accounts", 1)]
    assert {table.header for table in tables} == {()}
    assert texts(tables[0]) == [["Overview"], ["Limits"]]


def test_nested_items_paragraphs_and_code_belong_to_their_item() -> None:
    table = read(PAGE)[1]
    assert texts(table) == [
        ["4001: Unknown order"],
        ["4002: Refused, see limits. Reasons:\n- no funds\n- market closed"],
        ["remark without a code"],
        ["4003: Late Try again. retry"],
    ]
    assert [(row.line_start, row.line_end) for row in table.rows] == [(10, 10), (11, 13), (14, 14), (15, 21)]


def test_groups_of_the_item_pattern_become_columns() -> None:
    orders, accounts = read(PAGE, item=ITEM)
    assert orders.header == ("code", "text")
    assert texts(orders) == [
        ["4001", "Unknown order"],
        ["4002", "Refused, see limits. Reasons:\n- no funds\n- market closed"],
        ["4003", "Late Try again. retry"],
    ]
    assert texts(accounts) == [["5001", "Closed"]]
    assert (orders.line_start, orders.line_end) == (10, 21)
    assert [(claim.kind, claim.line_start) for claim in orders.claims] == [("heading", 8)]


def test_links_go_with_the_group_that_holds_their_text() -> None:
    row = read(PAGE, item=ITEM)[0].rows[1]
    assert [[link.href for link in cell.links] for cell in row.cells] == [[], ["./limits.md"]]


def test_no_item_matches_no_table() -> None:
    assert read(PAGE, item="nothing") == ()
    assert read("# Nothing\n\ntext") == ()


def test_matching_items_inside_others_are_rows_and_the_outer_item_is_their_group() -> None:
    page = """\
    - Orders
        - 4001: Unknown
        - 4002: Refused
            - 4009: not looked at, it belongs to 4002
    - Accounts
        - 5001: Closed
    - 6001: Top
    """
    (table,) = read(page, item=ITEM)
    assert [(row.group, row.cells[0].text, row.line_start) for row in table.rows] == [
        ("Orders", "4001", 2), ("Orders", "4002", 3), ("Accounts", "5001", 6), (None, "6001", 7),
    ]  # fmt: skip
    assert [(claim.kind, claim.line_start) for claim in table.claims] == [("group", 1), ("group", 5)]


def test_labels_become_columns() -> None:
    page = """\
    * 4001: Unknown order. Cause: no such number
        * **Solution:** check it
        * See the docs
    * 4002: Refused
        * CAUSE：no funds
    """
    (table,) = read(page, item=ITEM, labels=("Cause", "Solution"))
    assert table.header == ("code", "text", "Cause", "Solution")
    assert texts(table) == [["4001", "Unknown order. See the docs", "no such number", "check it"], ["4002", "Refused", "no funds", ""]]


def test_labels_without_a_pattern_leave_the_rest_as_text() -> None:
    (table,) = read("- Code: 4001 <br> Meaning: bad\n- other", labels=("Code", "Meaning"))
    assert table.header == ("Code", "Meaning", "text")
    assert texts(table) == [["4001", "bad", ""], ["", "", "other"]]


def test_labels_that_recur_are_found() -> None:
    blocks = read_blocks(document_from_text("- 1\n  - Cause: a\n  - Fix: b\n- 2\n  - Cause: c\n  - Fix: d: e\n  - Once: f", name="page.md"))
    assert lists.find_labels(blocks) == ("Cause", "Fix")
