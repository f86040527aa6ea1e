"""For every type of the contract, values that it must refuse, each with the check that refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.columns import (
    CODE,
    DATA_VERSION,
    HEAD,
    ID,
    INSTANT,
    KEY,
    KEYWORD,
    LANGUAGE,
    LINE,
    PATH,
    PRINTED,
    SHA256,
    TARGET,
    TEXT,
    URL,
    Boolean,
    Column,
    Form,
    Integer,
    ListOf,
    Struct,
    Text,
    Type,
)

GOOD_TEXTS: dict[Form, tuple[str, ...]] = {
    TEXT: ("a", "a b", "a:\n- b\n- c d", "''{0}''", "é \u200b\ufeff"),
    LINE: ("a", "Gateway 3.1"),
    HEAD: ("", "a b", "Status code"),
    PRINTED: ("", " \n\t", "<b>a</b>"),
    TARGET: ("#", " a.html"),
    CODE: ("0", "-5", "--", "0x80 (E_FAIL)", "PR400-AN-0001"),
    KEY: ("acme", "ms-ascmd", "3scale"),
    ID: ("acme:-", "acme:5~0123abcd#2", "a:b:c d"),
    KEYWORD: ("html", "code_list", "rst-list"),
    SHA256: ("ab" * 32,),
    URL: ("https://acme.example/a?b=c#d", "http://acme.example"),
    PATH: ("acme.html", "more/acme.v1..2.html", ".a"),
    LANGUAGE: ("en", "pt-BR", "zh-Hant-TW"),
    DATA_VERSION: ("1.0.0", "0.12.30"),
    INSTANT: ("2024-02-29T00:00:00Z", "2016-12-31T23:59:60.5+05:30"),
}
BAD_TEXTS: dict[Form, tuple[str, ...]] = {
    TEXT: ("", " ", " a", "a ", "a  b", "a\tb", "a\n\nb", "a \nb", "a\n b", "a\n", "\na", "a\r\nb", "a\u00a0b", "a\x85b", "a\x1cb"),
    LINE: ("", "a\nb", " a", "a  b", "a\n"),
    HEAD: (" ", "a "),
    PRINTED: (),
    TARGET: ("",),
    CODE: ("", "-", "a\nb", " 1"),
    KEY: ("", "Acme", "a_b", "-a", "a--b", "a:b", "é", "a\n"),
    ID: ("acme", "acme:", ":1", "acme: 1", "Acme:1", "acme:1\n2"),
    KEYWORD: ("", "A", "a b", "1a", "a-"),
    SHA256: ("ab" * 31, "AB" * 32, "zz" * 32, "ab" * 32 + "\n"),
    URL: ("acme.example", "ftp://acme.example", "https://", "https://a b"),
    PATH: ("", "/a", "../a", "a/../b", "a/..", "./a", "a//b", "a\\b", "a/"),
    LANGUAGE: ("", "EN", "english", "en_US"),
    DATA_VERSION: ("", "1.0", "01.0.0", "v1.0.0", "1.0.0.0", "1.0.0 "),
    INSTANT: ("2024-02-29", "2024-02-29T00:00:00", "2024-13-01T00:00:00Z", "2024-01-32T00:00:00Z", "2024-01-01T24:00:00Z"),
}


def find_bad_values(column: Column) -> Iterator[tuple[str, Any]]:
    """Values that fit the column's pandas type and that the contract refuses, with the name of the check."""
    if not column.nullable:
        yield "not_null", None
    yield from _find_bad(column.type)


def find_misfits(column_type: Type) -> Iterator[tuple[Any, bool]]:
    """Values that are not of the type at all, and whether JSON can tell (it has no bytes or tuples, no order of keys)."""
    match column_type:
        case Text():
            yield from ((1, True), (["a"], True), (b"a", False), ("\ud800", False))
        case Integer():
            yield from (("1", True), (1.5, True), (True, True))
            yield from ((2 ** (column_type.bits - 1), True), (-(2 ** (column_type.bits - 1)) - 1, True))
        case Boolean():
            yield from ((0, True), ("true", True))
        case ListOf():
            yield from (("a", True), ({"a": 1}, True), ([None], True), ((make_valid(column_type.item),), False))
            yield from (([value], in_json) for value, in_json in find_misfits(column_type.item))
        case Struct():
            valid = make_valid(column_type)
            yield from (([], True), ({}, True), (valid | {"surplus": "a"}, True), (dict(reversed(valid.items())), False))
            for member in column_type.members:
                yield from ((valid | {member.name: value}, in_json) for value, in_json in find_misfits(member.type))
                if not member.nullable:
                    yield valid | {member.name: None}, True


def _find_bad(column_type: Type) -> Iterator[tuple[str, Any]]:
    match column_type:
        case Text(choices=choices) if choices:
            yield from (("choices", ""), ("choices", f"{choices[0]} "), ("choices", choices[0].upper()))
        case Text(form=form):
            yield from (("form", text) for text in BAD_TEXTS[form])
        case Integer():
            lowest, highest = -(2 ** (column_type.bits - 1)), 2 ** (column_type.bits - 1) - 1
            yield from (("range", value) for value in (column_type.lowest - 1, column_type.highest + 1) if lowest <= value <= highest)
        case Boolean():
            return
        case ListOf():
            if column_type.at_least:
                yield "items", []
            valid = make_valid(column_type.item)
            if column_type.distinct:
                yield "items", [valid, valid]
            yield from (("items", [valid, bad]) for _, bad in _find_bad(column_type.item))
        case Struct():
            valid = make_valid(column_type)
            yield from (("items", valid | {member.name: bad}) for member in column_type.members for _, bad in _find_bad(member.type))


def make_valid(column_type: Type) -> Any:
    """A value that the type allows."""
    match column_type:
        case Text(choices=choices) if choices:
            return choices[0]
        case Text(form=form):
            return GOOD_TEXTS[form][0]
        case Integer():
            return max(column_type.lowest, 0)
        case Boolean():
            return True
        case ListOf():
            return [make_valid(column_type.item)]
        case Struct():
            return {member.name: make_valid(member.type) for member in column_type.members}
