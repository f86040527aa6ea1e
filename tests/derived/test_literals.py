"""Literals and comments of generated code say what the text says and can do nothing else."""

from __future__ import annotations

import ast
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.derived.literals import document_in_python, document_in_typescript, quote
from tests.derived.hostile import NASTY

PIECES = ['"', '"""', "'", "\\", "*/", "/*", "@", "${", "`", "\n", "\r", "\u2028", "\u202e", "\x00", "\x7f", "é", "😀", " ", "x"]
TEXTS = st.text() | st.lists(st.sampled_from(PIECES)).map("".join)


@given(TEXTS)
def test_literal_reads_back_in_both_languages(text: str) -> None:
    literal = quote(text)
    assert ast.literal_eval(literal) == text
    assert json.loads(literal) == text
    assert literal.isprintable() or not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ufeff]", literal)


@given(TEXTS)
def test_docstring_is_one_string_on_one_line(text: str) -> None:
    module = ast.parse(f"x = 1\n{document_in_python(text)}\ny = 2\n")
    assert len(module.body) == 3
    assert len(document_in_python(text).splitlines()) == 1
    expression = module.body[1]
    assert isinstance(expression, ast.Expr)
    assert isinstance(expression.value, ast.Constant)
    assert expression.value.value == " ".join(text.split())


@given(TEXTS)
def test_comment_ends_at_its_end_and_holds_no_tag(text: str) -> None:
    comment = document_in_typescript(text)
    assert comment.startswith("/** ")
    assert comment.index("*/", 3) == len(comment) - 2
    assert len(comment.splitlines()) == 1
    assert not re.search(r"(?<!\\)@", comment)


@pytest.mark.parametrize("character", ["\u202e", "\u2028", "\u2029", "\x85", "\ufeff", "\x7f"])
def test_what_cannot_be_seen_is_written_out(character: str) -> None:
    for written in (quote(f"a{character}b"), document_in_python(f"a{character}b"), document_in_typescript(f"a{character}b")):
        assert character not in written


def test_hostile_text_is_quoted() -> None:
    assert ast.literal_eval(quote(NASTY)) == NASTY
