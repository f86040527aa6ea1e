"""All tables of a document that its spec speaks of, found by the layouts that the spec names."""

from __future__ import annotations

from collections import Counter

from etl.errors import SpecError
from etl.extract import BLOCK_LAYOUTS, BLOCK_READERS, TEXT_LAYOUTS
from etl.model import Block, Document, Options, Table
from etl.spec import Spec, TableSpec


def options_of(entry: TableSpec) -> Options:
    """What the spec's `entry` tells its extractor."""
    return Options(
        header=() if entry.heads_found else entry.header,
        item=entry.item,
        starts=entry.starts,
        continues=tuple((column.head, column.continues) for column in entry.columns if column.continues is not None),
        labels=entry.labels,
    )


def extract_tables(document: Document, spec: Spec) -> tuple[Table, ...]:
    """Every table of the layouts that `spec` names, in document order. Raises SpecError for an unknown format or layout."""
    blocks: tuple[Block | Table, ...] | None = None
    # Tables of one run are different ones, though a page without line ends may have them all on one line.
    found: dict[tuple[int, int, str, int], Table] = {}
    for entry, options in dict.fromkeys((entry.layout, options_of(entry)) for entry in spec.tables):
        if entry in TEXT_LAYOUTS:
            tables = TEXT_LAYOUTS[entry](document, options)
        else:
            if blocks is None:
                blocks = read_blocks(document, spec)
            if entry in BLOCK_LAYOUTS:
                tables = BLOCK_LAYOUTS[entry](blocks, options)
            else:
                tables = tuple(block for block in blocks if isinstance(block, Table) and block.layout == entry)
        on_lines: Counter[tuple[int, int]] = Counter()
        for table in tables:
            lines = (table.line_start, table.line_end)
            found.setdefault((*lines, table.layout, on_lines[lines]), table)
            on_lines[lines] += 1
    return tuple(sorted(found.values(), key=lambda table: (table.line_start, table.line_end)))


def read_blocks(document: Document, spec: Spec) -> tuple[Block | Table, ...]:
    """The blocks of a document in a mark-up format. Raises SpecError where `spec.format` is none that is known."""
    if spec.format not in BLOCK_READERS:
        layouts = ", ".join(sorted({*TEXT_LAYOUTS}))
        raise SpecError(
            "no reader for this format", where=f"{spec.source}: format", found=repr(spec.format),
            expected=f"one of {', '.join(sorted(BLOCK_READERS))}; or, for bare text, tables with a layout of {layouts}",
            advice="mend `format`, or the `layout` of the tables",
        )
    return BLOCK_READERS[spec.format](document)
