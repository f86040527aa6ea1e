"""Names of members and modules: valid, distinct, stable, and never an invention."""

from __future__ import annotations

import keyword
import random
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.derived.names import KEYWORDS, name_members, name_module

CODES = st.sampled_from(["1", "-1", "01", "A", "A-1", "A_1", "*", "é", "class", "__proto__"]) | st.text(min_size=1, max_size=8)
NAMES = st.sampled_from(["A", "A_1", "CODE_1", "class", "mro", "name", "a b", "a-b", "_x_", "1st", "日本"]) | st.text(max_size=70)
PAIRS = st.lists(st.tuples(CODES, st.none() | NAMES), max_size=12)
KEYS = st.from_regex("[a-z0-9]{1,4}(-[a-z0-9]{1,4})*", fullmatch=True) | st.sampled_from(sorted(KEYWORDS)).map(str.lower)


def records(*pairs: tuple[str | None, str | None]) -> list[dict[str, Any]]:
    return [{"code": code, "name": name} for code, name in pairs]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("4", "INVALID_XML")], ["INVALID_XML"]),
        ([("118", "Message PreviouslySent")], ["Message_PreviouslySent"]),
        ([("56", "DUPLICATE"), ("136", "DUPLICATE")], ["DUPLICATE_56", "DUPLICATE_136"]),
        ([("4060", None)], ["CODE_4060"]),
        ([("PR400-AN-0001", None)], ["PR400_AN_0001"]),
        ([("-1", None), ("1", None)], ["CODE_MINUS_1", "CODE_1"]),
        ([("0x80070005", None)], ["CODE_0x80070005"]),
        ([("5", "class"), ("6", "mro"), ("7", "value")], ["class_5", "mro_6", "value_7"]),
        ([("None", None)], ["CODE_None"]),
        ([("3", "3D Secure")], ["NAME_3D_Secure"]),
        ([("3", "Größe")], ["CODE_3"]),
        ([("3", "Size – “too” big…")], ["Size_too_big"]),
        ([("3", "x" * 61)], ["CODE_3"]),
        ([("3", "___")], ["CODE_3"]),
        ([("3", "_private_")], ["private"]),
        ([("9", "ONE"), ("9", "OTHER")], ["CODE_9"]),
        ([("9", "ONE"), ("9", "ONE")], ["ONE"]),
        ([("9", "ONE"), ("9", None)], ["CODE_9"]),
        ([("1", "FOO"), ("2", "FOO"), ("9", "FOO_1")], ["FOO_2", "FOO_1_9"]),
        ([(None, "FOO"), ("1", "FOO")], ["FOO"]),
    ],
)
def test_members_are_called(pairs: list[tuple[str | None, str | None]], expected: list[str]) -> None:
    names = list(name_members(records(*pairs)).values())
    assert [name for name in names if not re.search("_[0-9a-f]{8}$", name)] == expected


def test_codes_that_clean_to_the_same_are_told_apart_by_their_digest() -> None:
    names = name_members(records(("A-1", None), ("A_1", None)))
    assert set(names) == {"A-1", "A_1"}
    assert all(re.fullmatch("A_1_[0-9a-f]{8}", name) for name in names.values())


@given(PAIRS)
def test_members_are_valid_and_distinct(pairs: list[tuple[str, str | None]]) -> None:
    names = name_members(records(*pairs))
    assert list(names) == list(dict.fromkeys(code for code, _ in pairs))
    assert len(set(names.values())) == len(names)
    for name in names.values():
        assert re.fullmatch("[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?", name)
        assert not keyword.iskeyword(name)
        assert name not in {"mro", "name", "value", "records"}


@given(PAIRS, st.randoms(use_true_random=False))
def test_members_do_not_depend_on_the_order(pairs: list[tuple[str, str | None]], chance: random.Random) -> None:
    shuffled = list(pairs)
    chance.shuffle(shuffled)
    assert name_members(records(*pairs)) == name_members(records(*shuffled))


@given(PAIRS)
def test_a_name_that_occurs_twice_is_no_member(pairs: list[tuple[str, str | None]]) -> None:
    names = name_members(records(*pairs))
    codes: dict[str, set[str]] = {}
    for code, name in pairs:
        if name is not None:
            codes.setdefault(name, set()).add(code)
    shared = {name for name, owners in codes.items() if len(owners) > 1 and re.fullmatch("[A-Za-z][A-Za-z0-9]*", name)}
    own = {code: {name for other, name in pairs if other == code} for code in names}
    assert not {name for code, name in names.items() if name in shared and own[code] == {name}}


@pytest.mark.parametrize(
    ("source", "module"), [("acme", "acme"), ("acme-mail-2", "acme_mail_2"), ("3scale", "_3scale"), ("import", "import_"), ("new", "new_")]
)
def test_modules_are_called(source: str, module: str) -> None:
    assert name_module(source) == module


@given(st.lists(KEYS, unique=True))
def test_modules_are_importable_and_distinct(sources: list[str]) -> None:
    modules = [name_module(source) for source in sources]
    assert len(set(modules)) == len(modules)
    assert all(module.isidentifier() and not keyword.iskeyword(module) for module in modules)


def test_python_s_keywords_are_all_known() -> None:
    assert set(keyword.kwlist) <= KEYWORDS
