"""Which extractor a spec calls: formats and layouts that there are, and what is said of those that there are not."""

from __future__ import annotations

import pytest

from etl.errors import SpecError
from etl.extract.tables import extract_tables
from tests.making import make_document, make_entry, make_spec

PAGE = "# Errors\n\n| Code | Meaning |\n|---|---|\n| 1 | Bad |\n"


def refuse(**keys: object) -> str:
    with pytest.raises(SpecError) as caught:
        extract_tables(make_document(PAGE), make_spec(**keys))
    return str(caught.value)


def test_table_of_the_layout_is_found() -> None:
    (table,) = extract_tables(make_document(PAGE), make_spec())
    assert table.header == ("Code", "Meaning")


def test_misspelt_layout_is_named_with_its_path_and_the_right_one() -> None:
    message = refuse(tables=[make_entry(layout="pipetable")])
    assert message.startswith("acme: tables.0.layout: no such layout\n  found: 'pipetable'")
    assert message.endswith("what to do: write pipe_table")


def test_misspelt_format_is_refused_for_bare_text_too() -> None:
    message = refuse(format="txt", tables=[make_entry(layout="code_list")])
    assert message.startswith("acme: format: no such format\n  found: 'txt'")
    assert message.endswith("what to do: write text")


def test_layout_of_mark_up_needs_a_format_with_mark_up() -> None:
    assert "found: 'text' with pipe_table" in refuse(format="text")
