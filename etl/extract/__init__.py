"""The extractors: one file per way a page is written or laid out, all returning the same neutral tables.

BLOCK_READERS   format of the document -> its headings, paragraphs, list items and tables in document order
MARKED_LAYOUTS  the layouts of the tables among these
BLOCK_LAYOUTS   layout -> tables made of such blocks (a list of codes, a heading per code, code that defines them)
TEXT_LAYOUTS    layout -> tables that stand in bare text
PRINTERS        mark-up format -> what it prints, for these; of other formats they read the lines as they are
FORMATS         what a document may be written in
"""

from __future__ import annotations

from collections.abc import Callable

from etl.extract import (
    asciidoc,
    cell_paragraphs,
    code_blocks,
    code_definitions,
    code_headings,
    code_list,
    delimited_lines,
    fixed_width,
    flattened_cells,
    hanging_indents,
    headed_lines,
    html,
    labelled_blocks,
    line_records,
    lists,
    macro_lists,
    man_pages,
    man_tables,
    members,
    rst,
    ruled_tables,
    sections,
)
from etl.extract.page_breaks import skip_page_breaks
from etl.extract.printed import PrintedPage, print_as_is
from etl.model import Block, Document, Options, Table


def _read_markdown(document: Document) -> tuple[Block | Table, ...]:
    from etl.extract import markdown  # its parser takes as long to load as a page of another format to be read

    return markdown.read_blocks(document)


BLOCK_READERS: dict[str, Callable[[Document], tuple[Block | Table, ...]]] = {
    "html": html.read_blocks,
    "markdown": _read_markdown,
    "rst": rst.read_blocks,
    "asciidoc": asciidoc.read_blocks,
}
MARKED_LAYOUTS = frozenset({"html_table", "pipe_table", "definition_list", *rst.LAYOUTS, *asciidoc.LAYOUTS})
BLOCK_LAYOUTS: dict[str, Callable[[tuple[Block | Table, ...], Options], tuple[Table, ...]]] = {
    lists.LAYOUT: lists.read_tables,
    sections.LAYOUT: sections.read_tables,
    cell_paragraphs.LAYOUT: cell_paragraphs.read_tables,
    code_definitions.LAYOUT: code_definitions.read_tables,
    members.LAYOUT: members.read_tables,
}
TEXT_LAYOUTS: dict[str, Callable[[Document, Options], tuple[Table, ...]]] = {
    layout.LAYOUT: skip_page_breaks(layout.read_tables)
    for layout in (
        flattened_cells,
        ruled_tables,
        man_pages,
        man_tables,
        delimited_lines,
        headed_lines,
        fixed_width,
        macro_lists,
        labelled_blocks,
        line_records,
        code_headings,
        hanging_indents,
        code_blocks,
        code_list,
    )
}
"""From the layout that shows most plainly to the one that needs least: where two read the same lines, the first is right."""

PRINTERS: dict[str, Callable[[Document], PrintedPage]] = {"html": html.print_page}


def print_page(document: Document, page_format: str) -> PrintedPage:
    """The lines of a document that the layouts of bare text read. Raises LimitError as the reader of its format does."""
    return PRINTERS.get(page_format, print_as_is)(document)


FORMATS = (*BLOCK_READERS, "man", "text")
