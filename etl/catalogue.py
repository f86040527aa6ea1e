"""The published catalogue as it is read: where it lies, its rows, its frames. Nothing here builds or writes.

The folder is looked for in this order: the one that is given, `output/` in the current folder, the one that came with the
installed package, the checkout that the package is run from.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from etl.errors import CatalogueError
from schemas.vocabulary import SCHEMA_VERSION, TABLE_NAMES

if TYPE_CHECKING:
    import pandas

Row = dict[str, Any]

_PACKAGED = Path(__file__).parent / "catalogue_files"
_CHECKOUT = Path(__file__).parent.parent

_RESTORE = "restore it (`git checkout`), else run `errcat build --force`, which begins the history of changes anew"


def find_output(given: Path | None = None) -> Path:
    """The folder with the published tables. Raises CatalogueError where there is none."""
    candidates = [given] if given is not None else [Path("output"), _PACKAGED / "output", _CHECKOUT / "output"]
    for folder in candidates:
        if (folder / "status_codes.json").is_file():
            _require_version(folder)
            return folder
    raise CatalogueError(
        "no published catalogue",
        where=str(candidates[0]),
        found="no status_codes.json",
        expected="a folder that `errcat build` has written",
        advice="run `errcat build`, or give the folder with --data",
    )


def _require_version(folder: Path) -> None:
    """Raises CatalogueError where the index says that the tables are of another major version of the contract than we read."""
    try:
        version = json.loads((folder / "index.json").read_text(encoding="utf-8"))["schema_version"]
    except (OSError, ValueError, KeyError, TypeError):
        return  # without an index, or with a damaged one, the tables themselves must do
    if str(version).split(".", maxsplit=1)[0] != SCHEMA_VERSION.split(".", maxsplit=1)[0]:
        raise CatalogueError(
            "the published tables are of another schema version",
            where=str(folder),
            found=f"schema version {version}",
            expected=f"schema version {SCHEMA_VERSION}",
            advice="run `errcat build --force`, or use the errcat that wrote them",
        )


def find_raw(given: Path | None = None) -> Path:
    """The folder with the vendor documents and their specs: the given one, `raw/` here, or the packaged one."""
    candidates = [given] if given is not None else [Path("raw"), _PACKAGED / "raw", _CHECKOUT / "raw"]
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])


def load_rows(table: str, folder: Path | str | None = None) -> list[Row]:
    """The rows of one published table as JSON gives them, in published order.

    Raises CatalogueError for an unknown table, a missing catalogue or a file that is no array of rows.
    """
    require_table(table)
    path = find_output(None if folder is None else Path(folder)) / f"{table}.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CatalogueError("a published table is missing", where=str(path), advice=_RESTORE) from error
    except (OSError, ValueError) as error:
        raise CatalogueError(
            "a published table cannot be read",
            where=str(path),
            found=str(error),
            expected="a JSON array of rows",
            advice=_RESTORE,
        ) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CatalogueError(
            "a published table is damaged", where=str(path), expected="a JSON array of rows", advice=_RESTORE
        )
    return rows


def require_table(table: str) -> None:
    """Raises CatalogueError where `table` is none of the published tables."""
    if table not in TABLE_NAMES:
        raise CatalogueError("no such table", found=repr(table), expected=f"one of {', '.join(TABLE_NAMES)}", advice="name one of these")


def require_sources(sources: Sequence[str], folder: Path | None = None) -> None:
    """Raises CatalogueError where one of `sources` is not published."""
    known = [row["source"] for row in load_rows("sources", folder)] if sources else []
    for source in sources:
        if source not in known:
            raise CatalogueError(
                "no such source", found=repr(source), expected=f"one of {', '.join(known)}", advice="`errcat sources` lists them"
            )


def load(table: str = "status_codes", folder: Path | str | None = None) -> pandas.DataFrame:
    """One published table as a data frame with the contract's types (nullable integers, lists as lists).

    Raises CatalogueError as `load_rows` does.
    """
    from schemas.frames import build_frame

    return build_frame(table, load_rows(table, folder))


class Catalogue(NamedTuple):
    """All five published tables as rows, by table name. No dataclass: importing those costs a lookup a tenth of its time."""

    folder: Path
    rows: dict[str, list[Row]]


def load_all(folder: Path | None = None) -> Catalogue:
    """All five tables. Raises CatalogueError as `load_rows` does."""
    found = find_output(folder)
    return Catalogue(folder=found, rows={table: load_rows(table, found) for table in TABLE_NAMES})
