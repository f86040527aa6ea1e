"""reStructuredText: headings, paragraphs, list items, definition and field lists, and its four kinds of tables.

    Error codes
    ===========

    .. list-table:: Common codes
       :header-rows: 1

       * - Code
         - Meaning
       * - ``4001``
         - See :ref:`tokens <tokens>`

Nothing that a page names is read or run: no include, no `:file:` of a csv-table, no raw mark-up, no role. Unknown
directives are containers: their content is kept, their arguments are not. docutils is imported with the first page.
"""

from __future__ import annotations

from etl.extract.allowance import allow_expanded
from etl.model import Block, Document, Table

LAYOUTS = ("grid_table", "simple_table", "list_table", "csv_table", "definition_list", "field_list")


def read_blocks(document: Document) -> tuple[Block | Table, ...]:
    """The blocks and tables of `document` in document order. Raises LimitError where it asks for endless text or cells."""
    from etl.extract.rst.body import BodyReader
    from etl.extract.rst.inline import Inline

    lines = [line.expandtabs(8).replace("\f", " ").replace("\v", " ").rstrip() for line in document.lines]
    return tuple(BodyReader(document, Inline(lines, allow_expanded(document.name, document.limits))).read(lines, 1))
