"""What holds for every layout of bare text, whatever it reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extract import TEXT_LAYOUTS
from etl.limits import Limits
from etl.model import Options, Table
from etl.read import document_from_text, read_document

RAW = Path(__file__).parents[2] / "raw"

PIECES = st.sampled_from((
    "4001", "E-17", "0x1F", "BAD_NAME", "EACCES", "Bad name", "The name is not valid, and too long for this line of text.", "Code",
    "Message", "Error", ":", " - ", "=", "  ", "\t", "|", "---|---|", "----  ----", "====", "+---+---+", "• ", "- ", "# ", "/* x */",
    "#define A_B 1", ".TS\nl s l.\n", "\nT{\n", "\nT}", "\n.TE\n", "\\^",
    ".TP", ".IP 12", ".SH ERRORS", "\\fB", '"', ";", ",", "\f", "[Page 7]", "3.1.  ", "\n", "\n", "\n", "\n\n",
))  # fmt: skip

PAGES = st.one_of(
    st.lists(PIECES, max_size=60).map("".join),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=300),
)

OPTIONS = st.sampled_from((
    Options(),
    Options(header=("Code", "Message")),
    Options(header=("Code", "Message"), starts="[0-9]+", continues=(("Message", "[,:]$"),)),
    Options(item="(?P<code>[0-9]+) (?P<text>.+)", labels=("Error",)),
))  # fmt: skip


def check_table(table: Table, lines: int) -> None:
    assert 1 <= table.line_start <= table.line_end <= lines
    starts = [row.line_start for row in table.rows]
    assert starts == sorted(set(starts))
    for row in table.rows:
        assert table.line_start <= row.line_start <= row.line_end <= table.line_end
        assert row.cells
        for cell in row.cells:
            assert row.line_start <= cell.line_start <= cell.line_end <= row.line_end
            assert cell.raw == cell.raw.strip()
            assert (cell.text == "") <= (not any(map(str.isalnum, cell.raw)) or "\\" in cell.raw or cell.raw.startswith("."))
    for claim in table.claims:
        assert 1 <= claim.line_start <= claim.line_end <= lines


@pytest.mark.parametrize("layout", sorted(TEXT_LAYOUTS))
@given(page=PAGES, options=OPTIONS)
def test_any_text_gives_tables_whose_lines_are_in_the_document(layout: str, page: str, options: Options) -> None:
    document = document_from_text(page, name="page.txt")
    for table in TEXT_LAYOUTS[layout](document, options):
        assert table.layout == layout
        check_table(table, len(document.lines))


@pytest.mark.parametrize(
    ("name", "layout", "rows"),
    [
        ("ms-ascmd.txt", "flattened_cells", [20, 3, 78]),
        ("updox.txt", "code_list", [17, 6, 7, 2, 3, 11, 2, 2, 3]),
        ("symantec-vip.txt", "line_records", [22]),
    ],
)
def test_documents_in_bare_text_are_read_without_options_by_one_layout_alone(name: str, layout: str, rows: list[int]) -> None:
    document = read_document(RAW / name)
    found = {key: tables for key, read in TEXT_LAYOUTS.items() if (tables := read(document, Options()))}
    assert {key: [len(table.rows) for table in tables] for key, tables in found.items()} == {layout: rows}


@pytest.mark.parametrize("layout", sorted(TEXT_LAYOUTS))
@pytest.mark.parametrize(
    "piece", ["a", " ", "1", "|", "-", "-- ", "+-", "a:", "\\", '"', "4001  x ", "<", ".", "\n4001 x", "\n|", "\n\f", "\n=", "\n.TP"]
)
def test_long_text_of_one_piece_is_read(layout: str, piece: str) -> None:
    document = document_from_text(piece * (60_000 // len(piece)), name="page.txt")
    for table in TEXT_LAYOUTS[layout](document, Options()):
        assert table.line_end <= len(document.lines)


@pytest.mark.parametrize(
    "codes",
    [
        ("E1001", "E1002", "E2001"), ("-1001", "-1002", "-1003"), ("0xZ1", "0xZ2", "0xZ3"), ("A1B2", "A1B3", "C1B2"),
        ("E2BIG", "EL2HLT", "EAGAIN"),
    ],
)
def test_codes_alone_on_their_lines_start_records(codes: tuple[str, ...]) -> None:
    page = "Error codes\n\n" + "\n\n".join(f"{code}\nMessage: It fails\n404" for code in codes)
    (table,) = TEXT_LAYOUTS["line_records"](document_from_text(page, name="page.txt"), Options())
    assert [row.cells[0].text for row in table.rows] == list(codes)


@pytest.mark.parametrize("limits", [Limits(max_columns=4), Limits(max_repeated=11)])
def test_table_of_a_manual_page_beyond_the_limits_is_none(limits: Limits) -> None:
    small = ".TS\nl l.\nEIO\tBad disk\n.TE\n"
    page = small + ".TS\nl s s s s.\nEIO\nEPERM\nENOENT\n.TE\n" + small
    tables = TEXT_LAYOUTS["man_tables"](document_from_text(page, name="page.1", limits=limits), Options())
    assert [len(table.rows) for table in tables] == [1, 1]
    tables = TEXT_LAYOUTS["man_tables"](document_from_text(page, name="page.1"), Options())
    assert [len(table.rows) for table in tables] == [1, 3, 1]


@pytest.mark.parametrize("limits", [Limits(max_columns=20), Limits(max_repeated=400)])
def test_blocks_of_too_many_labels_are_no_table(limits: Limits) -> None:
    page = "Error codes\n\n" + "".join(f"Label{'a' * number}: x\nCode: {number}\n\n" for number in range(40))
    read = TEXT_LAYOUTS["labelled_blocks"]
    assert read(document_from_text(page, name="page.txt", limits=limits), Options()) == ()
    assert sum(len(table.rows) for table in read(document_from_text(page, name="page.txt"), Options())) > 30


def test_many_tables_under_different_heads_are_looked_at() -> None:
    heads = ("Code  Name {}", "Code  Name {}  Text")
    rows = ("4001  bad", "4001  bad  none")
    page = "".join(f"{heads[number % 2].format(number)}\n{rows[number % 2]}\n\n" for number in range(20_000))
    page += "Code  Meaning\n" + "".join(f"{code}  bad\n" for code in range(4001, 4005))
    (table,) = TEXT_LAYOUTS["headed_lines"](document_from_text(page, name="page.txt"), Options())
    assert (table.header, len(table.rows)) == (("Code", "Meaning"), 4)


def test_tables_over_a_page_break_keep_the_lines_of_the_document() -> None:
    turn = "\n\nSmith             [Page 1]\n\f\nSmith's protocol\n\n"
    page = f"1  One\n2  Two{turn}3  Three{turn}4  Four\n"
    (table,) = TEXT_LAYOUTS["fixed_width"](document_from_text(page, name="page.txt"), Options())
    assert [(row.line_start, row.cells[1].text) for row in table.rows] == [(1, "One"), (2, "Two"), (8, "Three"), (14, "Four")]
    assert [(claim.kind, claim.line_start) for claim in table.claims] == [("markup", line) for line in (4, 6, 10, 12)]
