"""All tables of a document that its spec speaks of, found by the layouts that the spec names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from etl.errors import SpecError
from etl.extract import BLOCK_LAYOUTS, BLOCK_READERS, FORMATS, MARKED_LAYOUTS, TEXT_LAYOUTS, print_page
from etl.extract.allowance import require_tables
from etl.extract.printed import PrintedPage, read_printed
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
    _require_known(spec)
    blocks: tuple[Block | Table, ...] | None = None
    printed: PrintedPage | None = None
    # Tables of one run are different ones, though a page without line ends may have them all on one line.
    found: dict[tuple[int, int, str, int], Table] = {}
    for entry, options in dict.fromkeys((entry.layout, options_of(entry)) for entry in spec.tables):
        if entry in TEXT_LAYOUTS:
            if printed is None:
                printed = print_page(document, spec.format)
            tables = read_printed(TEXT_LAYOUTS[entry], printed, options)
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
    """The blocks of a document in a mark-up format. Raises SpecError where `spec.format` is none, LimitError."""
    if spec.format not in BLOCK_READERS:
        raise SpecError(
            "a layout of mark-up for a document without mark-up",
            where=f"{spec.source}: format",
            found=f"{spec.format!r} with {', '.join(sorted({entry.layout for entry in spec.tables} - {*TEXT_LAYOUTS}))}",
            expected=f"the format {' or '.join(BLOCK_READERS)}; or one of the layouts {', '.join(sorted(TEXT_LAYOUTS))}",
            advice="mend `format`, or the `layout` of the tables",
        )
    blocks = BLOCK_READERS[spec.format](document)
    require_tables(document, blocks)
    return blocks


def _require_known(spec: Spec) -> None:
    if spec.format not in FORMATS:
        raise _unknown("format", f"{spec.source}: format", spec.format, FORMATS)
    layouts = sorted({*MARKED_LAYOUTS, *BLOCK_LAYOUTS, *TEXT_LAYOUTS})
    for place, entry in enumerate(spec.tables):
        if entry.layout not in layouts:
            raise _unknown("layout", f"{spec.source}: tables.{place}.layout", entry.layout, layouts)


def _unknown(kind: str, where: str, found: str, known: Sequence[str]) -> SpecError:
    near = get_close_matches(found, known, n=1)
    return SpecError(
        f"no such {kind}",
        where=where,
        found=repr(found),
        expected=f"one of {', '.join(known)}",
        advice=f"write {near[0]}" if near else "name one of these",
    )
