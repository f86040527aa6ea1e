"""HTML pages, and HTML islands in Markdown pages, as headings, paragraphs, list items and tables.

    <h2>Errors</h2> <p>All of them: <table><tr><th>Code<th>Text<tr><td>4001<td>Unknown order</table>

What surrounds the page's text (navigation, scripts, what is hidden) is left out. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from etl.extract.allowance import Allowance, allow_repeated
from etl.extract.html.marks import mark_source
from etl.extract.html.page import Part, read_parts
from etl.extract.html.parts import claim_markup
from etl.extract.html.printed import print_parts
from etl.extract.html.tree import Parser, Tree, build_tree, choose_parser
from etl.extract.printed import PrintedPage
from etl.limits import refuse
from etl.model import Block, Document, Table

_LARGE = 60_000
"""Characters of a page from which on it pays to compile the pattern of plain rows, which takes 20 ms."""


def read_blocks(document: Document, *, parser: Parser | None = None) -> tuple[Block | Table, ...]:
    """The page in document order. Raises LimitError where tags are nested too deeply or spans make a table too large."""
    _, parts = _read(document, document.text, 1, None, parser)
    return tuple(part.block for part in parts)


def print_page(document: Document, *, parser: Parser | None = None) -> PrintedPage:
    """What is printed of the page outside its tables. Raises LimitError as `read_blocks` does, and where that has too many lines."""
    tree, parts = _read(document, document.text, 1, None, parser)
    printed = print_parts(tree, parts)
    if len(printed.lines) > document.limits.max_lines:
        raise refuse("max_lines", document.limits.max_lines, "the page prints too many lines", where=document.name)
    markup = claim_markup(tree.marked, 0, len(document.text), printed.covered)
    lines = tuple(printed.lines)
    return PrintedPage(
        document=replace(document, lines=lines, text="\n".join(lines)),
        places=printed.places,
        markup=tuple(markup),
        headings=printed.headings,
        marked=frozenset(printed.marked),
    )


def read_island(
    document: Document,
    line_start: int,
    line_end: int,
    *,
    render_markdown: Callable[[str], str] | None = None,
    parser: Parser | None = None,
    repeated: Allowance | None = None,
) -> tuple[Block | Table, ...]:
    """The HTML that stands in lines `line_start` to `line_end` of a document of another format, as `read_blocks` gives it.

    `render_markdown` turns Markdown that stands inside the HTML, behind a blank line, into HTML. `repeated` is what the
    document has left of cells that its spans may repeat.
    """
    source = "\n".join(document.lines[line_start - 1 : line_end])
    _, parts = _read(document, source, line_start, render_markdown, parser, repeated=repeated)
    return tuple(part.block for part in parts)


def _read(
    document: Document,
    source: str,
    first_line: int,
    render_markdown: Callable[[str], str] | None,
    parser: Parser | None,
    *,
    repeated: Allowance | None = None,
) -> tuple[Tree, list[Part]]:
    """Read a large page's plain rows off the source; where that does not tell all there is to tell, leave them to the parser."""
    repeated = repeated or allow_repeated(document.name, document.limits)
    spent = repeated.spent
    mark = partial(mark_source, source, first_line, name=document.name, render_markdown=render_markdown, repeated=repeated)
    parser = parser or choose_parser()
    if len(source) >= _LARGE:
        tree = build_tree(mark(), parser)
        parts = read_parts(tree)
        if parts is not None:
            return tree, parts
        repeated.spent = spent
    tree = build_tree(mark(plain_rows=False), parser)
    return tree, read_parts(tree) or []
