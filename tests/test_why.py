"""Where a record comes from, also where its cells are not printed under their own heads."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.why import why

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("record", "field", "head", "words"),
    [
        ("symantec-vip:404", "description", "Details", "Possible causes:"),
        ("ms-ascmd:113", "protocol_versions", "Meaning", "Supported by: 14.0"),
        ("ms-ascmd:147", "description", "Element name", "The request tried"),
        ("healthvault:56", "name", "Status", "DUPLICATE_APPLICATION_FOUND"),
    ],
    ids=["short row", "collapsed cell", "two collapsed cells", "as printed"],
)
def test_field_comes_from_the_cell_that_is_printed(record: str, field: str, head: str, words: str) -> None:
    (cell,) = why(record, folder=ROOT / "output", raw=ROOT / "raw").origin[field]
    assert cell.column == head
    assert words in cell.text
