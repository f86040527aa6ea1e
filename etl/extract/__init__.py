"""The extractors: one file per way a page is written or laid out, all returning the same neutral tables.

BLOCK_READERS   format of the document -> its headings, paragraphs, list items and tables in document order
BLOCK_LAYOUTS   layout -> tables made of such blocks (a list of codes, a heading per code)
TEXT_LAYOUTS    layout -> tables that stand in bare text
"""

from __future__ import annotations

from collections.abc import Callable

from etl.extract import code_list, flattened_cells, html, line_records, markdown
from etl.model import Block, Document, Options, Table

BLOCK_READERS: dict[str, Callable[[Document], tuple[Block | Table, ...]]] = {
    "html": html.read_blocks,
    "markdown": markdown.read_blocks,
}
BLOCK_LAYOUTS: dict[str, Callable[[tuple[Block | Table, ...], Options], tuple[Table, ...]]] = {}
TEXT_LAYOUTS: dict[str, Callable[[Document, Options], tuple[Table, ...]]] = {
    flattened_cells.LAYOUT: flattened_cells.read_tables,
    line_records.LAYOUT: line_records.read_tables,
    code_list.LAYOUT: code_list.read_tables,
}
