"""How a table is written out in the text cases: everything that an extractor decides, and nothing else.

    table html_table 3-9 section='Errors' header=['Code', 'Text']
      heading 1-1
      header 4-4
      row 5-6 group='Auth'
        5-5 '4001'
        6-6 'Bad *thing*' raw='Bad <b>thing</b>' links=[('docs', './d.md')]
        6-6 '' spanned
    heading 2 11-11 'Other'

`raw` is shown where it differs from the text.
"""

from __future__ import annotations

from etl.model import Block, Cell, Table


def render_cell(cell: Cell) -> str:
    parts = [f"{cell.line_start}-{cell.line_end} {cell.text!r}"]
    if cell.raw != cell.text:
        parts.append(f"raw={cell.raw!r}")
    if cell.links:
        parts.append(f"links={[(link.text, link.href) for link in cell.links]!r}")
    if cell.spanned:
        parts.append("spanned")
    return " ".join(parts)


def render_table(table: Table) -> str:
    section = "" if table.section is None else f" section={table.section!r}"
    lines = [f"table {table.layout} {table.line_start}-{table.line_end}{section} header={list(table.header)!r}"]
    lines += [f"  {claim.kind} {claim.line_start}-{claim.line_end}" for claim in table.claims]
    for row in table.rows:
        group = "" if row.group is None else f" group={row.group!r}"
        lines.append(f"  row {row.line_start}-{row.line_end}{group}")
        lines += [f"    {render_cell(cell)}" for cell in row.cells]
    return "\n".join(lines)


def render_block(block: Block | Table) -> str:
    if isinstance(block, Table):
        return render_table(block)
    level = f" {block.level}" if block.level else ""
    links = f" links={[(link.text, link.href) for link in block.links]!r}" if block.links else ""
    return f"{block.kind}{level} {block.line_start}-{block.line_end} {block.text!r}{links}"
