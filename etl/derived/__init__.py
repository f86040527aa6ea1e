"""The published tables once more, in the forms that other packages build on: pure functions from rows to files.

by_source       by_source/<source>.json, the records of one source by code
names           what members and modules of the bindings are called
literals        vendors' text as literals and comments of both languages
types           the contract's types as both languages write them
python_bindings, typescript_bindings     bindings/python/, bindings/typescript/
datapackage     datapackage.json, the whole as a Frictionless Data Package
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from etl.derived.by_source import render_by_source
from etl.derived.datapackage import render_datapackage
from etl.derived.python_bindings import render_python_bindings
from etl.derived.typescript_bindings import render_typescript_bindings

Row = Mapping[str, Any]


def render_derived(rows: Mapping[str, Sequence[Row]], files: Mapping[str, bytes], data_version: str) -> dict[str, bytes]:
    """The derived files of the published tables, by their path below the output folder.

    `rows` are those of all tables, `files` the rendered tables, which datapackage.json lists by size and sha256.
    """
    by_source = render_by_source(rows)
    return {
        **by_source,
        **render_python_bindings(rows),
        **render_typescript_bindings(rows),
        "datapackage.json": render_datapackage(rows, {**files, **by_source}, data_version),
    }
