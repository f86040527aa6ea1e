"""Codes that a program on the page defines: in its code, or in an enumeration that stands in a cell or a paragraph."""

from __future__ import annotations

import pytest

from etl.extract import BLOCK_READERS, code_definitions
from etl.model import Options, Table
from etl.read import document_from_text

MARKDOWN = """\
# Mail

## Error codes

```c
#define ERR_NAME 4001 /* bad <name> */
#define ERR_AGE  4002

/* Errors of the day */
#define ERR_DAY  4003
```
"""
HTML = """\
<h2>Error codes</h2>
<pre class="c"><code>
<b>#define</b> ERR_NAME 4001 /* bad &lt;name&gt; */
#define ERR_AGE  4002

/* Errors of the day */
#define ERR_DAY  4003
</code></pre>
"""
RST = """\
Error codes
===========

.. code-block:: c

   #define ERR_NAME 4001 /* bad <name> */
   #define ERR_AGE  4002

   /* Errors of the day */
   #define ERR_DAY  4003
"""
ASCIIDOC = """\
== Error codes

[source,c]
----
#define ERR_NAME 4001 /* bad <name> */
#define ERR_AGE  4002

/* Errors of the day */
#define ERR_DAY  4003
----
"""


def read(page: str, page_format: str) -> tuple[Table, ...]:
    return code_definitions.read_tables(BLOCK_READERS[page_format](document_from_text(page, name="page")), Options())


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize(
    ("page_format", "page", "first"), [("markdown", MARKDOWN, 6), ("html", HTML, 3), ("rst", RST, 6), ("asciidoc", ASCIIDOC, 5)]
)
def test_code_on_a_page_is_read_with_its_lines(page_format: str, page: str, first: int) -> None:
    tables = read(page, page_format)
    assert [table.section for table in tables] == ["Error codes", "Errors of the day"]
    assert texts(tables[0]) == [["ERR_NAME", "4001", "bad <name>"], ["ERR_AGE", "4002", ""]]
    assert texts(tables[1]) == [["ERR_DAY", "4003", ""]]
    assert [row.line_start for table in tables for row in table.rows] == [first, first + 1, first + 4]
    assert [(claim.kind, claim.line_start) for claim in tables[1].claims] == [("heading", first + 3)]


def test_enumeration_in_a_cell_has_its_name_as_section() -> None:
    page = """\
<h2>Enumerations</h2>
<table><tr><td>enum</td><td><a href="#x">mail_error</a> { <br />
  <a href="#a">ERR_NAME</a> = 16 ,
<a href="#b">ERR_AGE</a> = 0x11 , <br />
  ERR_DAY = -1
}</td></tr></table>
"""
    (table,) = read(page, "html")
    assert (table.section, table.header, table.line_start, table.line_end) == ("mail_error", (), 3, 5)
    assert texts(table) == [["ERR_NAME", "16"], ["ERR_AGE", "0x11"], ["ERR_DAY", "-1"]]
    assert [row.line_start for row in table.rows] == [3, 4, 5]


def test_member_is_placed_where_its_whole_name_stands() -> None:
    (table,) = read("# Errors\n\nenum {\nERR_DAY = 1,\n// ERR_AGES\nERR_AGE = 2,\nERR_AGE_OLD = 3 }\n", "markdown")
    assert [(row.cells[0].text, row.line_start) for row in table.rows] == [("ERR_DAY", 4), ("ERR_AGE", 6), ("ERR_AGE_OLD", 7)]


def test_many_members_in_one_paragraph_are_read() -> None:
    members = ",\n".join(f"A&#95;{place} = {place}" for place in range(50_000))
    (table,) = read(f"<h1>Errors</h1><p>enum {{ {members} }}</p>", "html")
    assert len(table.rows) == 50_000


def test_comments_stand_behind_the_members_of_a_cell() -> None:
    (table,) = read("# Errors\n\n| Codes |\n|---|\n| A_B = 16, /* bad, old */<br>A_C = 17,<br>A_D = 18 /**< late */ |\n", "markdown")
    assert table.section == "Errors"
    assert texts(table) == [["A_B", "16", "bad, old"], ["A_C", "17", ""], ["A_D", "18", "late"]]


@pytest.mark.parametrize(
    "text",
    [
        "ONE = 1, TWO = 2",
        "Set a = 1, b = 2 and c = 3 if the server of your choice is slow, and leave out what is not needed.",
        "a = b, c = d, e = f",
    ],
)
def test_what_defines_no_codes_is_left(text: str) -> None:
    assert read(f"# Errors\n\n{text}\n", "markdown") == ()
