"""What several readers of a page share: a cell, a heading, and the lines that a table claims beside its rows."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from etl.extract.html.marks import Marked
from etl.extract.html.tags import TOKEN
from etl.extract.html.text import read_text
from etl.extract.html.tree import Tree
from etl.model import Block, BlockKind, Cell, Claim


def read_cell(tree: Tree, node: int) -> Cell:
    """A `td`, `th`, `dt` or `dd` as a cell."""
    text, links = read_text(tree, node + 1, tree.stops[node])
    line_start, line_end = tree.marked.find_lines(tree.begins[node], tree.ends[node])
    raw = html.unescape(tree.marked.source[tree.inner_begins[node] : tree.inner_ends[node]]).strip()
    return Cell(text=text, raw=raw, line_start=line_start, line_end=line_end, links=links)


def read_block(tree: Tree, kind: BlockKind, node: int, stop: int, *, level: int = 0) -> Block:
    """An element as a block with the text that stands in it before the node `stop`: a heading, a term, a list item."""
    begin, end = tree.begins[node], tree.ends[node]
    if stop < tree.stops[node]:
        end = max([tree.inner_begins[node], *(tree.ends[each] for each in range(node + 1, stop) if tree.texts[each].strip())])
    text, links = read_text(tree, node + 1, stop)
    line_start, line_end = tree.marked.find_lines(begin, end)
    raw = tree.marked.source[begin:end]
    return Block(kind=kind, text=text, raw=raw, line_start=line_start, line_end=line_end, level=level, links=links)


def claim_heading(heading: Block | None) -> tuple[Claim, ...]:
    """The lines of the heading that a table takes for its section."""
    if heading is None:
        return ()
    return (Claim(kind="heading", line_start=heading.line_start, line_end=heading.line_end),)


def claim_markup(marked: Marked, begin: int, end: int, covered: Sequence[tuple[int, int]]) -> Iterator[Claim]:
    """The lines from `begin` to `end`, outside the covered offsets, that hold tags and comments and nothing else."""
    taken = {line for start, stop in covered for line in marked.find_lines(start, stop)}
    bare: list[int] = []
    position = begin
    for start, stop in [*sorted(covered), (end, end)]:
        if start > position and not marked.source[position:start].isspace():
            tags = TOKEN.sub(lambda match: "\0" + "\n\0" * match[0].count("\n"), marked.source[position:start])
            for line, rest in enumerate(tags.split("\n"), marked.lines.line_at(position)):
                if line not in taken and rest and not html.unescape(rest).strip("\0 \t\f\r\xa0") and (not bare or line > bare[-1]):
                    bare.append(line)
        position = max(position, stop)
    for index, line in enumerate(bare):
        if index == 0 or line > bare[index - 1] + 1:
            first = line
        if index + 1 == len(bare) or bare[index + 1] > line + 1:
            yield Claim(kind="markup", line_start=first, line_end=line)
