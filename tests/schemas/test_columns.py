"""The forms of text, the light modules, and that the contracts hang together."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata

import pytest

from schemas import vocabulary
from schemas.columns import FORMS, LINE, TEXT, Form, Integer
from schemas.contract import CONTRACTS, contract_of
from schemas.json_schema import match_whole
from tests.schemas.bad_values import BAD_TEXTS, GOOD_TEXTS

GOOD = [pytest.param(form, text, id=f"{form.name}-{text!a}") for form, texts in GOOD_TEXTS.items() for text in texts]
BAD = [pytest.param(form, text, id=f"{form.name}-{text!a}") for form, texts in BAD_TEXTS.items() for text in texts]


@pytest.mark.parametrize(("form", "text"), GOOD)
def test_form_takes(form: Form, text: str) -> None:
    assert re.fullmatch(form.pattern, text)
    assert re.search(match_whole(form.pattern), text), "the pattern of the JSON Schema means something else"


@pytest.mark.parametrize(("form", "text"), BAD)
def test_form_refuses(form: Form, text: str) -> None:
    assert not re.fullmatch(form.pattern, text)
    assert not re.search(match_whole(form.pattern), text), "the pattern of the JSON Schema means something else"


def test_every_form_has_samples() -> None:
    assert set(FORMS) == set(GOOD_TEXTS) == set(BAD_TEXTS)


def test_white_space_is_what_python_calls_white_space() -> None:
    characters = [chr(number) for number in range(sys.maxunicode + 1) if unicodedata.category(chr(number)) != "Cs"]
    refused = {character for character in characters if re.fullmatch(LINE.pattern, character) is None}
    assert refused == {character for character in characters if character.isspace()}


@pytest.mark.parametrize("text", ["a" * 100_000 + "  ", "a " * 100_000, "a\n" * 100_000, " " * 100_000])
def test_text_form_refuses_long_text_in_linear_time(text: str) -> None:
    assert re.fullmatch(TEXT.pattern, text) is None


def test_integer_without_limits_is_as_wide_as_its_bits() -> None:
    assert (Integer(bits=16).lowest, Integer(bits=16).highest) == (-32768, 32767)


def test_tables_are_named_once() -> None:
    assert tuple(CONTRACTS) == vocabulary.TABLE_NAMES


def test_column_names_are_unique_within_a_table() -> None:
    for contract in CONTRACTS.values():
        assert len(set(contract.column_names)) == len(contract.columns)


def test_keys_and_references_name_columns_that_exist() -> None:
    for contract in CONTRACTS.values():
        assert set(contract.key) <= set(contract.column_names)
        for reference in contract.references:
            assert set(reference.columns) <= set(contract.column_names)
            assert set(reference.target_columns) <= set(contract_of(reference.target).column_names)


def test_unknown_table_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="status_codes, sources, tables, terms, findings, withdrawn"):
        contract_of("codes")


def test_unknown_column_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="source, kind, term"):
        contract_of("terms").column("name")


def test_flags_are_sorted_and_rules_contain_them() -> None:
    assert list(vocabulary.FLAGS) == sorted(vocabulary.FLAGS)
    assert set(vocabulary.FLAGS) < set(vocabulary.RULES)


def test_light_modules_import_no_library() -> None:
    program = (
        "import sys, schemas.vocabulary, schemas.contract\n"
        "heavy = {'pandas', 'pandera', 'pyarrow', 'numpy', 'json', 'etl'} & set(sys.modules)\n"
        "print(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
