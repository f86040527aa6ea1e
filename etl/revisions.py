"""What `errcat diff` compares: an output folder, a git revision of one, a page read by a spec, a page without one.

output              a folder with status_codes.json
v1.2.0, HEAD~3      a git revision of the output folder
old.html            a page; read by the spec that is given, else by what is detected on it
"""

from __future__ import annotations

import json
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from etl.catalogue import load_rows
from etl.errors import CatalogueError, DocumentError, SpecError
from etl.limits import DEFAULT, Limits, run_within
from etl.spec import SUFFIX, Spec, find_specs, load_spec

Row = dict[str, Any]

PAGE = "page"
"""The source under which the records of two pages are compared."""


def load_records(named: str, *, out: Path, spec: Spec | None = None, limits: Limits = DEFAULT) -> list[Row]:
    """The records that `named` stands for.

    Raises CatalogueError where it is neither folder, revision nor page; DocumentError as reading does.
    """
    path = Path(named)
    if path.is_dir():
        return load_rows("status_codes", path)
    if path.is_file():
        return _read_page(path, spec, limits)
    return _load_revision(named, out)


def find_spec(named: str, raw: Path) -> Spec:
    """The spec of the source, or in the spec file, that is named. Raises SpecError where there is none."""
    if named.endswith(SUFFIX):
        return load_spec(Path(named))
    path = next((path for path in find_specs(raw) if path.name == f"{named}{SUFFIX}"), None)
    if path is None:
        raise SpecError(
            "no such source",
            where=str(raw),
            found=repr(named),
            expected=f"a file {named}{SUFFIX}",
            advice="name a source, or give the path of a spec",
        )
    return load_spec(path)


def _read_page(path: Path, spec: Spec | None, limits: Limits) -> list[Row]:
    """The records of a page, all under one source, so that two versions of it can be compared."""
    if spec is not None:
        from etl.compose import compose_rows
        from etl.pipeline import read_text_unbalanced
        from etl.read import read_document

        document = read_document(path, encoding=spec.encoding, limits=limits)
        read = run_within(limits, path.name, partial(read_text_unbalanced, document, spec))
        rows = [dict(row) for row in compose_rows(read)["status_codes"]]
    else:
        import io

        from etl.extraction import extract_page
        from etl.pages import open_pages

        (page,) = open_pages([str(path)], io.BytesIO(), limits=limits)
        extraction = extract_page(page)
        if extraction.error is not None:
            raise extraction.error
        rows = [dict(row) for row in extraction.rows]
        if not rows:
            raise DocumentError(
                "no codes were found on this page", where=str(path), advice="errcat inspect shows why; give a spec with --spec"
            )
    return [{**row, "source": PAGE} for row in rows]


def _load_revision(revision: str, out: Path) -> list[Row]:
    if revision.startswith("-"):
        raise CatalogueError("this is no git revision", found=repr(revision), advice="name a folder, a page or a revision")
    try:
        done = subprocess.run(  # noqa: S603 - git, with a revision that cannot be taken for an option
            ["git", "show", f"{revision}:./{out.name}/status_codes.json"],  # noqa: S607 - as it is found on the path
            cwd=out.resolve().parent,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise CatalogueError("git cannot be run", where=revision, found=str(error), advice="name a folder or a page instead") from error
    if done.returncode != 0:
        raise CatalogueError(
            "neither a folder, a page nor a git revision of the catalogue",
            found=f"{revision!r}; git says: {done.stderr.decode('utf-8', 'backslashreplace').strip()}",
            expected=f"a folder with status_codes.json, a page, or a revision that holds {out.name}/status_codes.json",
            advice="name one of these",
        )
    try:
        rows: list[Row] = json.loads(done.stdout)
    except ValueError as error:
        raise CatalogueError("the table in this revision cannot be read", where=revision, found=str(error)) from error
    return rows
