"""Lists of codes: a list item per code.

    - `4001`: Unknown order           with item = "(?P<code>[0-9]+): (?P<text>.*)" -> | 4001 | Unknown order |
    - `4002`: Refused. Reasons:                                                       | 4002 | Refused. Reasons: |
        - no funds                                                                    |      | - no funds        |
        - market closed                                                               |      | - market closed   |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from etl.extract.labels import compose_cell, propose_labels, share_links, split_labels
from etl.model import Block, Cell, Claim, Options, Row, Table

LAYOUT = "list"


def read_tables(blocks: Sequence[Block | Table], options: Options) -> tuple[Table, ...]:
    """Every list of the page as a table: a row per item, with all that is nested in it.

    Without `options.item` a row is one cell and the table has no header. With it, only items whose text it matches in full
    are rows (where an item does not match, the items nested in it may, and its text is their group), and its groups are
    the columns. With `options.labels` each label is a column more, and what is labelled is no part of the item's text.
    """
    return tuple(table for run, heading in find_lists(blocks) if (table := _build_table(run, heading, options)) is not None)


def find_lists(blocks: Sequence[Block | Table]) -> Iterator[tuple[list[Block], Block | None]]:
    """The lists of a page, each as the blocks of its items and of what stands inside them, with the heading above it."""
    heading: Block | None = None
    run: list[Block] = []
    for block in blocks:
        inside = isinstance(block, Block) and (block.kind == "item" or (bool(run) and block.kind != "heading" and block.level > 0))
        if inside and isinstance(block, Block):
            run.append(block)
            continue
        if run:
            yield run, heading
            run = []
        if isinstance(block, Block) and block.kind == "heading":
            heading = block
    if run:
        yield run, heading


def find_labels(blocks: Sequence[Block | Table]) -> tuple[str, ...]:
    """The labels that recur in the items of the page's lists, for whoever proposes options."""
    return propose_labels([item for run, _ in find_lists(blocks) for item in _divide(run)])


def _build_table(run: Sequence[Block], heading: Block | None, options: Options) -> Table | None:
    pattern = None if options.item is None else re.compile(options.item, re.DOTALL)
    claims = [] if heading is None else [Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end)]
    rows: list[Row] = []
    if pattern is None:
        header = (*options.labels, "text") if options.labels else ()
        rows = [_read_item(item, options.labels) for item in _divide(run)]
    else:
        header = (*pattern.groupindex, *options.labels)
        for parent, row in _match_items(run, pattern, options.labels):
            if parent is not None and (not rows or rows[-1].group != parent.text):
                claims.append(Claim(kind="group", line_start=parent.line_start, line_end=parent.line_end))
            rows.append(row)
    if not rows:
        return None
    return Table(
        layout=LAYOUT,
        section=None if heading is None else heading.text,
        header=header,
        rows=tuple(rows),
        line_start=min(row.line_start for row in rows),
        line_end=max(row.line_end for row in rows),
        claims=tuple(claims),
    )


def _divide(run: Sequence[Block]) -> Iterator[list[Block]]:
    """The outermost items of a list, each with what is nested in it."""
    item: list[Block] = []
    depth = 0
    for block in run:
        if block.kind == "item" and (not item or block.level <= depth):
            if item:
                yield item
            item, depth = [], block.level
        item.append(block)
    if item:
        yield item


def _match_items(run: Sequence[Block], pattern: re.Pattern[str], labels: Sequence[str]) -> Iterator[tuple[Block | None, Row]]:
    """The items that match, or inside those that do not, the nested ones that do; with the item around them."""
    waiting: list[tuple[Block | None, list[Block]]] = [(None, item) for item in _divide(run)]
    waiting.reverse()
    while waiting:
        parent, item = waiting.pop()
        row = _match_item(item, pattern, labels, None if parent is None else parent.text)
        if row is not None:
            yield parent, row
        else:
            nested = [(item[0], inner) for inner in _divide(item[1:]) if inner[0].kind == "item"]
            waiting += reversed(nested)


def _match_item(item: Sequence[Block], pattern: re.Pattern[str], labels: Sequence[str], group: str | None) -> Row | None:
    parts = split_labels(_open(item), labels)
    whole = compose_cell(parts.rest, item[0].line_start)
    match = pattern.fullmatch(whole.text)
    if match is None:
        return None
    texts = [(text or "").strip() for text in match.groupdict().values()]
    shares = share_links(texts, whole.links)
    cells = [
        Cell(text=text, raw=text, line_start=whole.line_start, line_end=whole.line_end, links=links)
        for text, links in zip(texts, shares, strict=True)
    ]
    cells += [compose_cell(parts.labelled.get(label, ()), item[0].line_start) for label in labels]
    return _build_row(cells, item, group)


def _read_item(item: Sequence[Block], labels: Sequence[str]) -> Row:
    parts = split_labels(_open(item), labels)
    cells = [compose_cell(parts.labelled.get(label, ()), item[0].line_start) for label in labels]
    return _build_row([*cells, compose_cell(parts.rest, item[0].line_start)], item, None)


def _open(item: Sequence[Block]) -> list[Block]:
    """The blocks of an item, its own text as a paragraph: within the row it is no item among others."""
    first = item[0]
    own = Block(kind="paragraph", text=first.text, raw=first.raw, line_start=first.line_start, line_end=first.line_end, links=first.links)
    return [own, *item[1:]]


def _build_row(cells: Iterable[Cell], item: Sequence[Block], group: str | None) -> Row:
    return Row(cells=tuple(cells), line_start=item[0].line_start, line_end=max(block.line_end for block in item), group=group)
