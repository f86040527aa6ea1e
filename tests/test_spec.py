"""Specs are typed and closed: what is misspelt, missing or of the wrong type is named with its path."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.errors import SpecError
from etl.spec import find_specs, load_spec, parse_spec
from tests.making import SPEC, make_entry, make_spec


def refuse(spec: str) -> str:
    with pytest.raises(SpecError) as caught:
        parse_spec(spec, name="acme.source.toml")
    return str(caught.value)


def test_valid_spec_is_read() -> None:
    spec = parse_spec(SPEC, name="acme.source.toml")
    assert spec.source == "acme"
    assert spec.tables[0].header == ("Code", "Message")
    assert spec.tables[0].wanted_sections == ("Sign-in errors", "Transfer errors")


def test_unknown_key_is_named_with_its_path() -> None:
    assert "tables.0.sectoins: no such key, perhaps sections" in refuse(SPEC.replace("sections =", "sectoins ="))


def test_misspelt_column_key_is_named_with_its_path() -> None:
    message = refuse(SPEC.replace('{ head = "Code", field = "code" }', '{ head = "Code", feild = "code" }'))
    assert "tables.0.columns.0.feild: no such key, perhaps field" in message


def test_missing_key_is_named_beside_what_was_written_instead() -> None:
    message = refuse(SPEC.replace("language =", "langauge ="))
    assert "found: language: is missing; langauge: no such key, perhaps language\n" in message


def test_wrong_type_is_named_with_its_value() -> None:
    assert "language: Input should be a valid string, not 7" in refuse(SPEC.replace('language = "en"', "language = 7"))


def test_a_scalar_is_no_list() -> None:
    assert "placeholders" in refuse(SPEC.replace('placeholders = ["angles"]', 'placeholders = "angles"'))


def test_all_faulty_keys_are_named_at_once() -> None:
    message = refuse(SPEC.replace('language = "en"', "language = 7").replace('format = "text"', "formta = 1"))
    assert "3 keys" in message
    assert "formta" in message
    assert "format" in message


def test_no_toml_is_refused() -> None:
    assert "this is no TOML" in refuse("source = acme")


def test_regular_expression_that_does_not_compile_is_refused() -> None:
    assert "no regular expression" in refuse(SPEC.replace("(?P<Code>", "(?P<Code"))


def test_unknown_field_is_refused() -> None:
    assert "'codes' must be one of" in refuse(SPEC.replace('field = "code"', 'field = "codes"'))


def test_column_that_says_nothing_is_refused() -> None:
    assert "exactly one of field, pattern, ignored" in refuse(SPEC.replace('{ head = "Code", field = "code" }', '{ head = "Code" }'))


def test_column_of_an_out_of_scope_table_needs_only_its_head() -> None:
    entry = make_entry(columns=[{"head": "Version"}], out_of_scope="versions")
    assert make_spec(tables=[make_entry(), entry]).tables[1].out_of_scope == "versions"


def test_short_row_names_columns_of_its_table() -> None:
    with pytest.raises(SpecError, match="'Cause' is no column of the table"):
        make_spec(tables=[make_entry(short_rows=[{"cells": ["1"], "columns": ["Cause"], "reason": "r"}])])


def test_document_outside_the_folder_is_refused() -> None:
    assert "the spec's own folder" in refuse(SPEC.replace('document = "acme.txt"', 'document = "../secret.txt"'))


def test_loaded_spec_needs_what_the_catalogue_publishes(tmp_path: Path) -> None:
    path = tmp_path / "acme.source.toml"
    path.write_text(SPEC.replace('vendor = "Acme"\n', ""), encoding="utf-8")
    with pytest.raises(SpecError, match="no vendor"):
        load_spec(path)


def test_folder_without_specs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no specs"):
        find_specs(tmp_path)
