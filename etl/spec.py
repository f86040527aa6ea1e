"""The `*.source.toml` beside each document: all that we know of one vendor's page, typed, frozen and closed.

An unknown key, a wrong type, a missing key or a regular expression that does not compile is a SpecError with the path of
the key. TOML and not YAML, because a spec is about codes: tomllib refuses `010` and a key given twice. The keys are
described where they stand below; docs/adding-a-source.md walks through a whole spec.
"""

from __future__ import annotations

import json
import re
import tomllib
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from etl.errors import SpecError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

RECORD_FIELDS = (
    "code", "name", "error_type", "message", "description", "resolution", "section",
    "http_status", "protocol_versions", "http_fallbacks",
)  # fmt: skip
"""The fields of a record that a column, or a named group of its pattern, may feed."""

TERM_FIELDS = ("term", "section", "definition", "reference")
"""The fields of a term that a column of a table of terms may feed."""

SUFFIX = ".source.toml"
SIDECAR = ".fetch.json"
"""How the file ends that `errcat fetch` keeps beside a document."""


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return pattern


def _is_plain_file_name(name: str) -> str:
    if not name or Path(name).name != name or name in {".", ".."}:
        raise ValueError("must be the name of a file in the spec's own folder")
    return name


def _is_source_key(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text):
        raise ValueError("must be lower-case letters and digits, joined by single hyphens")
    return text


Pattern = Annotated[str, AfterValidator(_compiles)]



class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Checked(_Closed):
    """What a person last confirmed: for this very document the number of records must be exact."""

    sha256: str
    records: int


class Column(_Closed):
    """One column of a table: its head as printed, and either what it feeds or why it is left out."""

    head: str
    field: str | None = None
    """the field that takes the whole cell"""
    also: tuple[str, ...] = ()
    """further fields that take the same cell (a code that is an HTTP status)"""
    pattern: Pattern | None = None
    """instead of `field`: matched against the whole cell, its named groups are fields"""
    fallback: Pattern | None = None
    """for a group `http_fallbacks`: one alternative in it, with groups `http_status` and `condition`"""
    ignored: str | None = None
    """instead of `field`: why this column is no part of the catalogue"""
    blank: tuple[str, ...] = ()
    """texts that stand for an empty cell"""
    continues: Pattern | None = None
    """rows flattened to lines: a line that this is found in is followed by more lines of the cell"""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """All fields that the column may fill, in order; asked for each row."""
        whole = (self.field,) if self.field is not None else ()
        groups = tuple(re.compile(self.pattern).groupindex) if self.pattern is not None else ()
        return (*whole, *self.also, *(group for group in groups if group != "fallback_versions"))


class ShortRow(_Closed):
    """A row that prints fewer cells than there are columns: which columns they are, as a person has decided."""

    cells: tuple[str, ...]
    """the texts of the printed cells, the first ones suffice"""
    columns: tuple[str, ...]
    """the heads under which the printed cells belong"""
    reason: str


class SkippedRows(_Closed):
    """Rows that document no code: notes, totals."""

    head: str
    pattern: Pattern
    reason: str


class TableSpec(_Closed):
    """One table, or several of one form, of the document."""

    layout: str
    section: str | None = None
    """the heading or caption above it, as printed; also published as the records' section"""
    sections: tuple[str, ...] = ()
    """the same for several tables of one form"""
    untitled: bool = False
    """the document is one table: its records have no section"""
    headless: bool = False
    """no heads are printed: `head` is then a name of ours"""
    heads_found: bool = False
    """the extractor of bare text finds the heads by itself; it is not told which they are"""
    columns: tuple[Column, ...]
    out_of_scope: str | None = None
    """why the table holds nothing for the catalogue; its columns then need only heads"""
    terms: Literal["command", "scope", "code_range"] | None = None
    """the table defines terms of this kind instead of codes"""
    item: Pattern | None = None
    starts: Pattern | None = None
    labels: tuple[str, ...] = ()
    collapsed: bool = False
    """blank cells were collapsed and the rest moved up: put them back by what the columns' other cells look like"""
    short_rows: tuple[ShortRow, ...] = ()
    skipped: tuple[SkippedRows, ...] = ()
    ragged: bool = False
    """rows may lack cells at the end, which are blank; surplus text belongs to the last column"""
    as_above: tuple[str, ...] = ()
    """heads of columns in which a blank cell means the cell above"""
    group_rows: bool = False
    """rows whose first cell alone is filled are sections of the rows below"""

    @property
    def header(self) -> tuple[str, ...]:
        """The heads that the document prints."""
        return () if self.headless else tuple(column.head for column in self.columns)

    @property
    def wanted_sections(self) -> tuple[str, ...]:
        """The headings under which the table may stand; () where any will do."""
        return (self.section,) if self.section is not None else self.sections

    @model_validator(mode="after")
    def _columns_say_what_they_feed(self) -> TableSpec:
        allowed = RECORD_FIELDS if self.terms is None else TERM_FIELDS
        for number, column in enumerate(self.columns):
            place = f"columns.{number} ({column.head!r})"
            said = [key for key in ("field", "pattern", "ignored") if getattr(column, key) is not None]
            if len(said) != 1 and not (self.out_of_scope is not None and not said):
                raise ValueError(f"{place}: needs exactly one of field, pattern, ignored, not {' and '.join(said) or 'none'}")
            for field in column.fields:
                if field not in allowed:
                    raise ValueError(f"{place}: {field!r} must be one of {', '.join(allowed)}")
            if column.pattern is not None and not column.fields:
                raise ValueError(f"{place}: the pattern has no named group")
            if "http_fallbacks" in column.fields and column.fallback is None:
                raise ValueError(f"{place}: http_fallbacks needs the pattern of one alternative as `fallback`")
        if not self.columns:
            raise ValueError("columns: a table has at least one")
        heads = [column.head for column in self.columns]
        for key, named in (
            ("as_above", self.as_above),
            ("skipped", tuple(skip.head for skip in self.skipped)),
            ("short_rows", tuple(head for short in self.short_rows for head in short.columns)),
        ):
            for head in named:
                if head not in heads:
                    raise ValueError(f"{key}: {head!r} is no column of the table; its columns are {heads}")
        if self.section is not None and self.sections:
            raise ValueError("section and sections exclude each other")
        return self


class CodeRange(_Closed):
    """A range of codes that the document declares in prose; `pattern` has groups `term` and `definition`."""

    pattern: Pattern
    first: int
    last: int
    status_class: Literal["informational", "success", "redirection", "client_error", "server_error"]
    announced: bool = False
    """the page says that its codes are of this range"""


class Numbering(_Closed):
    """How the codes count up: `pattern` has a group `number` and may have a group `series`. Gaps become findings."""

    pattern: Pattern
    jump: int = 20
    """a run of more than this many missing numbers is one jump, not a gap"""


class Ignored(_Closed):
    """Lines that are out of scope: `text` is the whole line as printed, or `pattern` matches the whole line."""

    text: str | None = None
    pattern: Pattern | None = None
    reason: str
    times: int = 1
    """how many lines it must match"""

    @model_validator(mode="after")
    def _says_which_lines(self) -> Ignored:
        if (self.text is None) == (self.pattern is None):
            raise ValueError("needs exactly one of text, pattern")
        if self.times < 1:
            raise ValueError("times: must be 1 or more")
        return self


class Where(_Closed):
    """Which records a remark or a correction is about: all that is given must hold."""

    code: str | None = None
    field: str | None = None
    equals: str | None = None
    """the whole value of `field`"""
    contains: str | None = None
    """text that stands in the value of `field`"""

    @model_validator(mode="after")
    def _locates(self) -> Where:
        if self.code is None and self.field is None:
            raise ValueError("needs code, field or both")
        if (self.equals is not None or self.contains is not None) and self.field is None:
            raise ValueError("equals and contains need a field")
        return self


class Remark(_Closed):
    """What a careful reader notes about a record, or (without `where`) about the document."""

    rule: Literal["ambiguous", "editorial_text", "contradiction"]
    where: Where | None = None
    line: Pattern | None = None
    """about the document: a line that holds the remarked text"""
    text: str
    times: int = 1
    """how many records it must be about"""

    @model_validator(mode="after")
    def _is_about_something(self) -> Remark:
        if (self.where is None) == (self.line is None):
            raise ValueError("needs exactly one of where, line")
        if self.line is not None and self.rule != "contradiction":
            raise ValueError("a remark about the document has the rule contradiction")
        return self


class Correction(_Closed):
    """A cell that the vendor printed wrongly, mended with a reason; it fails once the page prints something else."""

    code: str
    """the code of the row as printed"""
    column: str
    """the head of the column"""
    expect: str
    """the text that the page prints there"""
    action: Literal["replace", "blank"]
    value: str | None = None
    reason: str

    @model_validator(mode="after")
    def _has_its_value(self) -> Correction:
        if (self.action == "replace") == (self.value is None):
            raise ValueError("value goes with the action replace")
        return self


class Spec(_Closed):
    """One vendor document and how it is read."""

    source: Annotated[str, AfterValidator(_is_source_key)]
    document: Annotated[str, AfterValidator(_is_plain_file_name)]
    format: str
    encoding: str = "utf-8"
    vendor: str | None = None
    product: str | None = None
    title: str | None = None
    """the page's title as printed; its line needs no other claim"""
    language: str
    document_version: str | None = None
    url: str | None = None
    """where people read the page"""
    download: str | None = None
    """where a program gets the document in the form that raw/ keeps"""
    licence: str | None = None
    retrieved_at: str | None = None
    checked: Checked | None = None
    placeholders: tuple[Literal["angles", "brackets", "braces", "messageformat", "percent"], ...] = ()
    tables: tuple[TableSpec, ...]
    ignored: tuple[Ignored, ...] = ()
    rest: str | None = None
    """why all lines that nothing else claims are left out; only for drafts, since it lets new lines pass"""
    code_ranges: tuple[CodeRange, ...] = ()
    numbering: Numbering | None = None
    remarks: tuple[Remark, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @model_validator(mode="after")
    def _has_tables(self) -> Spec:
        if not self.tables:
            raise ValueError("tables: a spec has at least one")
        return self


def parse_spec(text: str, *, name: str) -> Spec:
    """The spec written in `text`; `name` is the file for messages. Raises SpecError with every faulty key."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SpecError("this is no TOML", where=name, found=str(error), expected="TOML 1.0", advice="mend the line") from error
    return build_spec(given, name=name)


def build_spec(given: dict[str, Any], *, name: str) -> Spec:
    """The spec with the keys of `given`, as TOML gives them. Raises SpecError with every faulty key."""
    try:
        # JSON is how pydantic's strict mode takes arrays for tuples and still refuses "1" for 1.
        return Spec.model_validate_json(json.dumps(given, default=str))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, problem['loc'])) or 'spec'}: {_describe(problem)}" for problem in error.errors()]
        raise SpecError(
            f"{len(problems)} key{'s' if len(problems) > 1 else ''} of the spec will not do",
            where=name,
            found="; ".join(problems),
            expected="the keys of docs/adding-a-source.md, spelt and typed as there",
            advice="mend these keys",
        ) from error


def _describe(problem: ErrorDetails) -> str:
    if problem["type"] == "missing":
        return "is missing"
    if problem["type"] == "extra_forbidden":
        keys = {key for model in _Closed.__subclasses__() for key in model.model_fields}
        near = get_close_matches(str(problem["loc"][-1]), sorted(keys), n=1)
        return "no such key" + (f", perhaps {near[0]}" if near else "")
    said = problem["msg"].removeprefix("Value error, ")
    value = repr(problem["input"])
    return said if problem["type"] == "value_error" else f"{said}, not {value if len(value) <= 60 else value[:57] + '…'}"


def load_spec(path: Path) -> Spec:
    """The spec in the file `path`. Raises SpecError where it cannot be read or lacks what publishing needs."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError("the spec cannot be read", where=str(path), found=str(error), advice="check the file") from error
    spec = parse_spec(text, name=path.name)
    lacking = [key for key in ("vendor", "product", "title", "url") if getattr(spec, key) is None]
    if lacking:
        raise SpecError(
            "keys are missing",
            where=path.name,
            found=f"no {', no '.join(lacking)}",
            expected="vendor, product, title and url",
            advice="add them: they are columns of the catalogue",
        )
    return spec


def find_specs(raw: Path) -> tuple[Path, ...]:
    """All spec files below the folder `raw`, in name order. Raises SpecError where the folder holds none."""
    found = tuple(sorted(raw.rglob(f"*{SUFFIX}"), key=lambda path: path.name))
    if not found:
        raise SpecError(
            "no specs",
            where=str(raw),
            found=f"no *{SUFFIX}" if raw.is_dir() else "no such folder",
            expected="vendor documents with a spec beside each",
            advice="run in the project's folder, or give --raw FOLDER",
        )
    return found
