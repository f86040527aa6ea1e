"""AsciiDoc: headings, paragraphs, list items, definition lists and tables.

    = Errors
    :product: ACME

    .Common codes                        a caption: the section of the table below
    [cols="1,2",options="header"]
    |===
    |Code |Meaning
    |4001 |Unknown to *{product}*
    |===

    4002:: Order is closed               definition lists are tables of two cells

No well-kept Python library reads AsciiDoc; this is what documents of codes use of it. Nothing that a page names is read:
no include, no image. Conditions are left out, what stands inside them is kept.
"""

from __future__ import annotations

from etl.extract.asciidoc.lines import take_lines
from etl.model import Block, Document, Table

LAYOUTS = ("asciidoc_table", "definition_list")


def read_blocks(document: Document) -> tuple[Block | Table, ...]:
    """The blocks and tables of `document` in document order. Raises LimitError where it asks for endless text or cells."""
    from etl.extract.asciidoc.body import BodyReader

    return tuple(BodyReader(document).read(take_lines(document.lines)))
