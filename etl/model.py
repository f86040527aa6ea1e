"""What is handed from stage to stage: frozen, typed, and knowing where in the document it stands.

Lines are 1-based and inclusive, as an editor counts them. `None` means that the document leaves something empty; in a
`Cell`, which is still "as printed", an empty text is `""`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from etl.limits import DEFAULT, Limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One vendor document, decoded. `lines` have no line ends; `text` is the same joined by `\\n`."""

    name: str
    text: str
    lines: tuple[str, ...]
    encoding: str
    sha256: str
    size: int
    limits: Limits = DEFAULT
    """how much may be made of it"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A hyperlink inside a cell: its text by the contract's text rules, its href as printed."""

    text: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One cell of a row, in printed order.

    `text` follows the contract's text rules (mark-up reduced, white space one space, list items on lines of their own).
    `raw` is what is printed: entities decoded, mark-up and line ends kept, outer white space trimmed.
    `spanned` marks the repetitions of a cell that spans rows or columns: all but its first place.
    """

    text: str
    raw: str
    line_start: int
    line_end: int
    links: tuple[Link, ...] = ()
    spanned: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of a table, as printed: it may hold more or fewer cells than the header has heads.

    `group` is the text of the nearest row above, in the same table, that spans all columns (a section row), else None.
    """

    cells: tuple[Cell, ...]
    line_start: int
    line_end: int
    group: str | None = None


ClaimKind = Literal["heading", "header", "markup", "group"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Lines of the document that a table uses beside its rows: its heading, its header, section rows, bare mark-up."""

    kind: ClaimKind
    line_start: int
    line_end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table or list as it stands in a document, whatever it was written in: the neutral form that all extractors return.

    `layout` names the extractor. `section` is the nearest heading or caption above, else None. `header` holds the heads
    in printed order, one per column, `()` where none is printed; several header rows are joined per column by one
    space. `line_start`/`line_end` include header and closing mark-up.
    """

    layout: str
    section: str | None
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    line_start: int
    line_end: int
    claims: tuple[Claim, ...] = ()


BlockKind = Literal["heading", "paragraph", "item", "term", "definition", "code"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A piece of a page that is no table: what mark-up formats are reduced to before lists and sections are read.

    `level` is 1–6 for a heading, the nesting depth (1 = outermost) for a list item, 0 for all else. `text` follows the
    text rules; a `code` block keeps its lines. `raw` is the source as printed. `lines` is a paragraph that mark-up breaks
    into lines once more, line by line; () where it is one line.
    """

    kind: BlockKind
    text: str
    raw: str
    line_start: int
    line_end: int
    level: int = 0
    links: tuple[Link, ...] = ()
    lines: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What a spec tells an extractor about one table of its document, beyond the layout's name. All are optional.

    header      the heads that stand in the text, one per column, where mark-up does not show them
    item        regular expression with named groups: one printed entry (a line, a heading, a list item); the groups
                become the columns, in the order in which they stand in the expression
    starts      regular expression that the first line of a record matches in full
    continues   per column, a regular expression: a line that matches it is followed by more lines of the same cell
    labels      words that open a labelled part of an entry ("Cause", "Solution"); each becomes a column
    """

    header: tuple[str, ...] = ()
    item: str | None = None
    starts: str | None = None
    continues: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fallback:
    """An HTTP status that stands in for a code in older protocol versions, with the condition in the document's words."""

    http_status: int
    protocol_versions: tuple[str, ...]
    condition: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing done between a printed cell and a field of a record, for `errcat why`."""

    field: str | None
    column: str
    action: str
    before: str
    after: str | None
    moved_from: str | None = None
    """where the cell was put under another column: the head under which it is printed"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawCell:
    """A cell as printed, under the head under which it is printed."""

    column: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One documented code, read from its row alone; what needs the whole document (ids, duplicates) is judged later.

    `empty` names the fields that a column of the table feeds and that this row leaves empty. `shifted` says that a
    collapsed blank was put back; `unsure` says why more than one reading is possible, where the reading itself found so.
    """

    table: int
    section: str | None
    code: str | None
    name: str | None
    error_type: str | None
    message: str | None
    description: str | None
    resolution: str | None
    http_status: int | None
    protocol_versions: tuple[str, ...]
    http_fallbacks: tuple[Fallback, ...]
    parameters: tuple[str, ...]
    links: tuple[Link, ...]
    line_start: int
    line_end: int
    raw: tuple[RawCell, ...]
    empty: frozenset[str]
    shifted: bool
    unsure: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """What a document defines besides codes: a command, a scope value, a range of codes."""

    kind: str
    term: str
    section: str | None
    definition: str | None
    reference: str | None
    line_start: int
    line_end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a careful reader would remark; `record` is the place of the record in its source, None for the document."""

    rule: str
    severity: Literal["info", "warning", "error"]
    text: str
    record: int | None = None
    field: str | None = None
    line: int | None = None
