"""The words in which a table is described. Models, Arrow and JSON schemas and the data dictionary are generated from them.

    Column(name="line_start", type=Integer(bits=32, minimum=1), description="first line of the raw document …")
    Column(name="links", type=ListOf(item=Struct(members=(Column(…), Column(…)))), description="hyperlinks inside the row …")
"""

from __future__ import annotations

from dataclasses import dataclass

WHITE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space as Python's `str.isspace` has it, spelled out for a character class: `\\s` differs between regular expression engines."""

WORD = f"[^{WHITE}]+"


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What a text looks like: `pattern` matches all of it and reads the same in Python and ECMA-262; `sentence` says it in words."""

    name: str
    pattern: str
    sentence: str


_SEGMENT = r"(?!\.\.?(?:/|$))[^/\\\x00-\x1f]+"
_DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_OFFSET = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"

TEXT = Form(name="text", pattern=f"{WORD}(?:[ \\n]{WORD})*", sentence="never empty, trimmed, words one space or one line end apart")
LINE = Form(name="line", pattern=f"{WORD}(?: {WORD})*", sentence="never empty, trimmed, words one space apart")
HEAD = Form(name="head", pattern=f"(?:{TEXT.pattern})?", sentence="a text, or empty where the printed head is blank")
PRINTED = Form(name="printed", pattern=r"[\s\S]*", sentence="as printed, may be empty")
TARGET = Form(name="target", pattern=r"[\s\S]+", sentence="as printed, never empty")
CODE = Form(name="code", pattern=f"(?!-$){LINE.pattern}", sentence="a line, but no lone `-`")
KEY = Form(name="key", pattern="[a-z0-9]+(?:-[a-z0-9]+)*", sentence="lower-case letters and digits, in parts joined by `-`")
ID = Form(name="id", pattern=f"{KEY.pattern}:{LINE.pattern}", sentence="a key, `:` and a line")
KEYWORD = Form(name="keyword", pattern="[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", sentence="lower-case words joined by `-` or `_`")
SHA256 = Form(name="sha256", pattern="[0-9a-f]{64}", sentence="64 lower-case hexadecimal digits")
URL = Form(name="url", pattern=f"https?://{WORD}", sentence="an address that begins with `http://` or `https://`")
PATH = Form(name="path", pattern=f"{_SEGMENT}(?:/{_SEGMENT})*", sentence="a relative path with `/`, without `.` and `..`")
LANGUAGE = Form(name="language", pattern="[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", sentence="a language tag (RFC 5646)")
INSTANT = Form(name="instant", pattern=f"{_DATE}T{_TIME}{_OFFSET}", sentence="date and time with offset (RFC 3339)")
DATA_VERSION = Form(name="data_version", pattern=r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}", sentence="three numbers joined by `.`")

FORMS = (TEXT, LINE, HEAD, PRINTED, TARGET, CODE, KEY, ID, KEYWORD, SHA256, URL, PATH, LANGUAGE, INSTANT, DATA_VERSION)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A text of one form, or one of `choices` where these are given."""

    form: Form = TEXT
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Integer:
    """A signed integer of `bits` bits (16, 32 or 64), not below `minimum`, not above `maximum`."""

    bits: int
    minimum: int | None = None
    maximum: int | None = None

    @property
    def lowest(self) -> int:
        return -(2 ** (self.bits - 1)) if self.minimum is None else self.minimum

    @property
    def highest(self) -> int:
        return 2 ** (self.bits - 1) - 1 if self.maximum is None else self.maximum


@dataclass(frozen=True, kw_only=True, slots=True)
class Boolean:
    """True or false."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Struct:
    """Named members, all present, in this order."""

    members: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListOf:
    """A list, at least `at_least` long; no item is null. `distinct`: none occurs twice."""

    item: Text | Struct
    at_least: int = 0
    distinct: bool = False


Type = Text | Integer | Boolean | Struct | ListOf


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a table, or a member of a struct. `nullable`: it is null where the document leaves it empty."""

    name: str
    type: Type
    description: str
    nullable: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A foreign key: values of `columns`, where none is null, occur in `target`'s `target_columns`."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """One table: its columns in their order, its primary key (may be none) and what it refers to."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"the table {self.name} has no column {name!r}; it has {', '.join(self.column_names)}")


SOURCE_REFERENCE = Reference(columns=("source",), target="sources", target_columns=("source",))


def source_column() -> Column:
    """The column that every table begins with, or has second."""
    return Column(name="source", type=Text(form=KEY), description="the document's key")


def line_columns(what: str) -> tuple[Column, Column]:
    """The two columns that say where in the raw document `what` stands."""
    line = Integer(bits=32, minimum=1)
    return (
        Column(name="line_start", type=line, description=f"first line of the raw document that holds {what}, counted from 1"),
        Column(name="line_end", type=line, description=f"last line of the raw document that holds {what}, its closing mark-up included"),
    )
