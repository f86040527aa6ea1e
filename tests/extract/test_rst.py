"""reStructuredText against docutils, which is asked for the whole page here; against bounds; against real pages."""

from __future__ import annotations

import io
import itertools
import re
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import states
from hypothesis import event, given, settings
from hypothesis import strategies as st

from etl.errors import LimitError
from etl.extract.rst import read_blocks
from etl.extract.rst.inline import _Inliner
from etl.model import Block, Table
from etl.read import document_from_text
from tests.extract.corpus import find_missing, read_page

WORDS = ["alpha", "Beta", "4001", "ERR_IO", "-1", "0x1F", "``co de``", "*em*", "**bold text**", "x\\_y", "错误", "end."]

HEADS = ["Code", "Long text", "*Advice*"]


def read(source: str) -> tuple[Block | Table, ...]:
    return read_blocks(document_from_text(source, name="page.rst"))


def indent(text: str, by: str) -> str:
    """`text` behind the marker `by`, its further lines as far in as the marker is wide."""
    lines = text.split("\n")
    return "\n".join([by + lines[0], *(" " * len(by) + line if line else "" for line in lines[1:])])


def pad(text: str, width: int) -> str:
    return text + " " * (width - len(text) - text.count("错误") * 2)


def draw_grid(rows: list[list[str]], *, header: bool) -> str:
    widths = [max(len(line) + line.count("错误") * 2 for row in rows for line in row[column].split("\n")) for column in range(len(rows[0]))]
    border = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = [border]
    for number, row in enumerate(rows):
        lines += (
            "|".join(["", *(f" {pad(part, width)} " for part, width in zip(parts, widths, strict=True)), ""])
            for parts in itertools.zip_longest(*(cell.split("\n") for cell in row), fillvalue="")
        )
        lines.append(border.replace("-", "=") if header and number == 0 else border)
    return "\n".join(lines)


def draw_simple(rows: list[list[str]], *, header: bool) -> str:
    width = 60
    border = " ".join(["=" * width] * len(rows[0]))
    lines = [border]
    for number, row in enumerate(rows):
        lines.append(" ".join(pad(cell, width) for cell in row).rstrip())
        if header and number == 0:
            lines.append(border)
    return "\n".join([*lines, border])


def draw_list_table(rows: list[list[str]], *, header: bool) -> str:
    items = [indent("\n".join(indent(cell, "- ") for cell in row), "   * ") for row in rows]
    return "\n".join([".. list-table::", f"   :header-rows: {int(header)}", "", *items])


phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(lambda words: " ".join(["text", *words]))
paragraphs = st.lists(phrases, min_size=1, max_size=3).map("\n".join)
bullets = st.lists(phrases, min_size=2, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items))
cells = st.one_of(phrases, paragraphs, bullets)
tables = st.builds(
    lambda draw, width, rows, header: draw([HEADS[:width], *(row[:width] for row in rows)], header=header),
    st.sampled_from([draw_grid, draw_simple, draw_list_table]),
    st.integers(2, 3),
    st.lists(st.lists(phrases, min_size=3, max_size=3), min_size=1, max_size=3),
    st.booleans(),
)
rich_tables = st.builds(
    lambda draw, rows: draw(rows, header=False),
    st.sampled_from([draw_grid, draw_list_table]),
    st.lists(st.lists(cells, min_size=2, max_size=2), min_size=2, max_size=3),
)


def contain(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.lists(inner, min_size=1, max_size=2).map("\n\n".join)
    return st.one_of(
        st.lists(bodies, min_size=2, max_size=3).map(lambda parts: "\n\n".join(indent(part, "* ") for part in parts)),
        st.lists(bodies, min_size=2, max_size=3).map(
            lambda parts: "\n\n".join(indent(part, f"{number}. ") for number, part in enumerate(parts, start=1))
        ),
        bodies.map(lambda body: "term 4001\n" + indent(f"means\n\n{body}", "   ")),
        bodies.map(lambda body: indent(f"text\n\n{body}", ":field: ")),
        bodies.map(lambda body: ".. note::\n\n" + indent(body, "   ")),
        bodies.map(lambda body: "before::\n\n" + indent(body, "    ") + "\n\nafter"),
        bodies.map(lambda body: "para\n\n" + indent(body, "   ")),
    )


blocks = st.recursive(st.one_of(paragraphs, bullets, tables, rich_tables), contain, max_leaves=6)
titled = phrases.map(lambda text: f"{text}\n{'=' * 70}")
pages = st.lists(st.one_of(blocks, titled), min_size=1, max_size=5).map(lambda parts: "\n\n".join(["Title\n#####", *parts]) + "\n")


def read_with_docutils(source: str) -> nodes.document:
    options = {"report_level": 2, "halt_level": 5, "warning_stream": io.StringIO(), "_disable_config": True, "doctitle_xform": False}
    return publish_doctree(source, settings_overrides=options)


def squeeze(text: str) -> str:
    """`text` without white space and without the marks of items."""
    return "".join(word for word in text.split() if word != "-")


def list_texts(found: tuple[Block | Table, ...]) -> Iterator[str]:
    for block in found:
        if isinstance(block, Table):
            yield from block.header
            yield from (cell.text for row in block.rows for cell in row.cells)
        else:
            yield block.text


@settings(max_examples=100, deadline=None)
@given(pages)
def test_a_page_has_the_words_titles_and_tables_that_docutils_finds(source: str) -> None:
    tree = read_with_docutils(source)
    if [*tree.findall(nodes.system_message)]:
        event("docutils refuses a part")
        return
    found = read(source)
    assert squeeze(" ".join(list_texts(found))) == squeeze(" ".join(text.astext() for text in tree.findall(nodes.Text)))
    titles = [squeeze(node.astext()) for node in tree.findall(nodes.title)]
    assert [squeeze(block.text) for block in found if isinstance(block, Block) and block.kind == "heading"] == titles
    rows = [
        [squeeze(entry.astext()) for entry in row.children if isinstance(entry, nodes.entry)]
        for table in tree.findall(nodes.table)
        if not _is_inside_cell_or_definition(table)
        for row in table.findall(nodes.row)
    ]
    drawn = [block for block in found if isinstance(block, Table) and block.layout.endswith("table")]
    mine = [[squeeze(cell.text) for cell in row.cells] for block in drawn for row in block.rows]
    heads = [[squeeze(head) for head in block.header] for block in drawn if block.header]
    assert sorted(mine + heads) == sorted(rows)


def _is_inside_cell_or_definition(table: nodes.table) -> bool:
    node = table.parent
    while node is not None:
        if isinstance(node, nodes.entry):
            return True
        node = node.parent
    return False


@settings(max_examples=100, deadline=None)
@given(pages, st.data())
def test_a_page_with_damage_is_still_read_within_its_lines(source: str, data: st.DataObject) -> None:
    lines = source.split("\n")
    for _ in range(3):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(st.sampled_from([lines[at][1:], lines[at][:-1], "", " " + lines[at], lines[at] + "|", "+---", "===", ".. x"]))
    document = document_from_text("\n".join(lines), name="page.rst")
    for block in read_blocks(document):
        assert 1 <= block.line_start <= block.line_end <= len(document.lines)
        if isinstance(block, Table):
            for row in block.rows:
                assert block.line_start <= row.line_start <= row.line_end <= block.line_end
                assert all(cell.text.split() or not cell.text for cell in row.cells)


@given(st.text(alphabet="+-=| \n.:*`_a1", max_size=200))
def test_any_text_is_read(source: str) -> None:
    document = document_from_text(source, name="page.rst")
    for block in read_blocks(document):
        assert 1 <= block.line_start <= block.line_end <= len(document.lines)


def test_tables_of_tables_of_tables_do_not_exhaust_the_stack() -> None:
    depth = sys.getrecursionlimit()
    source = "".join(f"{' ' * 7 * number}.. list-table::\n\n{' ' * 7 * number}   * - x{number}\n\n" for number in range(depth // 5))
    [table] = read(source)
    assert isinstance(table, Table)
    assert f"x{depth // 5 - 1}" in table.rows[0].cells[0].text
    assert "x" in " ".join(list_texts(read("- " * depth + "x")))


def test_substitutions_that_double_are_not_written_out() -> None:
    names = [f"n{number}" for number in range(40)]
    lines = [f".. |{name}| replace:: |{following}| |{following}|" for name, following in itertools.pairwise(names)]
    found = read("\n".join([*lines, f".. |{names[-1]}| replace:: ha", "", "|n0| |n35|"]))
    paragraph = found[-1]
    assert isinstance(paragraph, Block)
    assert paragraph.text.endswith("| " + " ".join(["ha"] * 16))
    assert len(paragraph.text) < 20_000


def test_a_page_that_asks_for_endless_text_is_refused() -> None:
    with pytest.raises(LimitError, match="--max-expanded"):
        read(f".. |a| replace:: {'x' * 9000}\n\n" + "|a| " * 5000)


MARKS = [*"*`|_[a1 .é", "**", "``", "_`", "__", "]_", ":r:`", "b-c", "http://x", "a@b", " ", "\n", "\\", "(", '"', "<", ">"]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(MARKS), max_size=25).map("".join))
def test_inline_mark_up_is_that_of_docutils(text: str) -> None:
    found = [*_Inliner(set()).read(text)]
    asking = _Inliner(set())
    memo = SimpleNamespace(document=asking.document, reporter=asking.reporter, language=None, inliner=asking)
    asking.document.reporter = asking.reporter
    asked, _ = states.Inliner.parse(asking, text, 0, memo, asking.document)
    event("marks" if len(asked) > 1 else "text")
    assert [node.pformat() for node in found] == [node.pformat() for node in asked]


class _Counted:
    """A pattern that counts the characters through which it searches."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.characters = 0

    def search(self, text: str, position: int) -> re.Match[str] | None:
        found = self.pattern.search(text, position)
        self.characters += (len(text) if found is None else found.end()) - position
        return found

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        self.characters += len(text)
        return self.pattern.finditer(text)


@pytest.mark.parametrize("piece", ["*a ", "**a ", "`a ", "``a ", "_`a ", "|a ", "*a `b |c ``d _`e ", "*a* ", "`a `_ ", "|a| ", "(*a "])
def test_no_end_of_inline_mark_up_is_searched_for_twice(piece: str) -> None:
    inliner = _Inliner(set())
    counted = {mark: _Counted(pattern) for mark, pattern in inliner._closings.items()}
    inliner._closings = counted
    text = piece * 500
    assert "".join(node.astext() for node in inliner.read(text))
    assert sum(pattern.characters for pattern in counted.values()) <= 2 * len(counted) * len(text)


def test_nothing_is_read_from_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "codes.csv"
    secret.write_text("4001,secret\n", encoding="utf-8")
    directives = ["include:: {}", "literalinclude:: {}", "csv-table:: x\n   :file: {}", "raw:: html\n   :file: {}"]
    assert read("\n\n".join(f".. {directive.format(secret)}" for directive in directives)) == ()


@pytest.mark.parametrize("name", ["otc-ecs-error-codes.rst", "ec200u-error-codes.rst"])
def test_real_pages_have_a_row_for_every_record(name: str) -> None:
    document, records = read_page(name)
    assert find_missing(read_blocks(document), records) == []
