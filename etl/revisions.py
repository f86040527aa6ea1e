"""What `errcat diff` compares: an output folder, a git revision of one, a page read by a spec, a page without one.

output              a folder with status_codes.json
v1.2.0, HEAD~3      a git revision of the output folder
old.html            a page; read by the spec that is given, else by what is detected on it
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from etl.catalogue import load_rows
from etl.errors import CatalogueError, DocumentError, SpecError
from etl.limits import DEFAULT, Limits, run_within
from etl.spec import SUFFIX, Spec, find_specs, load_spec

if TYPE_CHECKING:
    from etl.detect.page import Form
    from etl.extraction import Extraction

Row = dict[str, Any]

PAGE = "page"
"""The source under which the records of two pages are compared."""


class Version(NamedTuple):
    """One side of a comparison: its records, and for a page without a spec what was detected on it."""

    rows: list[Row]
    extraction: Extraction | None = None


def load_versions(
    old: str, new: str, *, out: Path, specs: tuple[Spec | None, Spec | None] = (None, None), page_format: str | None = None,
    limits: Limits = DEFAULT,
) -> tuple[Version, Version]:
    """The records that `old` and `new` stand for, pages read by the spec of their side, or else in the `page_format` given or found out.

    Of two pages without a spec the tables of one form are taken from both or from neither: what one of them shows to document
    codes does so in the other. Raises CatalogueError for what is neither folder, revision nor page; DocumentError as reading
    does, and where no codes are found on a page.
    """
    before, after = (_load(named, out, spec, page_format, limits) for named, spec in zip((old, new), specs, strict=True))
    if before.extraction is not None and after.extraction is not None:
        forms, new_forms = _forms_of(before.extraction), _forms_of(after.extraction)
        if forms - new_forms:
            after = _detect_page(Path(new), page_format, limits, expected=forms)
        if new_forms - forms:
            before = _detect_page(Path(old), page_format, limits, expected=new_forms)
    for named, version in ((old, before), (new, after)):
        if version.extraction is not None and not version.rows:
            raise DocumentError("no codes were found on this page", where=named, advice="errcat inspect shows why; give a spec with --spec")
    return before, after


def _load(named: str, out: Path, spec: Spec | None, page_format: str | None, limits: Limits) -> Version:
    path = Path(named)
    if path.is_dir():
        return Version(load_rows("status_codes", path))
    if not path.is_file():
        return Version(_load_revision(named, out))
    return _detect_page(path, page_format, limits) if spec is None else Version(_read_page(path, spec, limits))


def _forms_of(extraction: Extraction) -> frozenset[Form]:
    return frozenset() if extraction.detection is None else extraction.detection.forms


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


def _read_page(path: Path, spec: Spec, limits: Limits) -> list[Row]:
    from etl.compose import compose_rows
    from etl.pipeline import read_text_unbalanced
    from etl.read import read_document

    document = read_document(path, encoding=spec.encoding, limits=limits)
    read = run_within(limits, path.name, partial(read_text_unbalanced, document, spec))
    return _as_page(compose_rows(read)["status_codes"])


def _detect_page(path: Path, page_format: str | None, limits: Limits, *, expected: frozenset[Form] = frozenset()) -> Version:
    import io

    from etl.extraction import extract_page
    from etl.pages import open_pages

    (page,) = open_pages([str(path)], io.BytesIO(), limits=limits)
    extraction = extract_page(page, page_format=page_format, expected=expected)
    if extraction.error is not None:
        raise extraction.error
    return Version(_as_page(extraction.rows), extraction)


def _as_page(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The rows, all under one source, so that two versions of a page can be compared."""
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
