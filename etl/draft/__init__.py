"""The spec that a page would need, written as TOML for a person to check: what was detected, with samples and reasons.

Building from a draft gives the records that `extract` gives. What a person must decide is marked CHECK.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from etl.detect import Detection, detect
from etl.detect.formats import guess_format
from etl.draft.against import redraft
from etl.draft.write import Draft, write_draft
from etl.errors import DocumentError, SpecError
from etl.limits import DEFAULT, Limits, run_within
from etl.model import Document
from etl.pages import PageInput
from etl.pipeline import claim_all
from etl.read import read_document
from etl.spec import SUFFIX, build_spec, find_specs, load_spec

__all__ = ["draft_against", "draft_page"]


def draft_page(
    page: PageInput, *, page_format: str | None = None, vendor: str | None = None, product: str | None = None, url: str | None = None
) -> str:
    """A drafted spec for a page. Raises DocumentError where nothing on it documents codes."""
    if page.document is None:
        raise page.error or DocumentError("the page cannot be read", where=page.name)
    detection = run_within(page.document.limits, page.name, partial(detect, page.document, page_format=page_format))
    given = {"vendor": vendor, "product": product, "url": url or (page.name if "://" in page.name else None)}
    values = {**_require_draft(detection), **{key: value for key, value in given.items() if value is not None}}
    return write_draft(_settle_rest(Draft(values=values), page.document), detection)


def draft_against(raw: Path, source: str, *, limits: Limits = DEFAULT) -> tuple[Path, str]:
    """The changed spec that the document of `source` seems to need now, and where it would stand (`<source>.source.toml.draft`).

    Raises SpecError for an unknown source, DocumentError where nothing documents codes.
    """
    path = next((path for path in find_specs(raw) if path.name == f"{source}{SUFFIX}"), None)
    if path is None:
        raise SpecError(
            "no such source", where=str(raw), found=repr(source), expected=f"a file {source}{SUFFIX}", advice="name a source of this folder"
        )  # fmt: skip
    old = load_spec(path)
    document = read_document(path.parent / old.document, encoding=old.encoding, limits=limits)
    detection = run_within(limits, document.name, partial(_detect_again, document, old.format))
    _require_draft(detection)
    return path.with_name(f"{path.name}.draft"), write_draft(_settle_rest(redraft(document, detection, old), document), detection)


def _require_draft(detection: Detection) -> dict[str, Any]:
    if detection.draft is None:
        raise DocumentError(
            "nothing on this page looks like a table or list of codes", where=detection.document.name,
            expected="tables, lists or sections of codes",
            advice="errcat inspect shows what was found; write the spec by hand if there are codes",
        )  # fmt: skip
    return detection.draft


def _detect_again(document: Document, page_format: str) -> Detection:
    """What is found in a document that was in this format: read so, or in the format that it looks like, if that finds more."""
    detection = detect(document, page_format=page_format)
    looks_like = guess_format(replace(document, name=Path(document.name).stem))
    if looks_like == page_format:
        return detection
    other = detect(document, page_format=looks_like)
    return other if other.confidence > detection.confidence else detection


def _settle_rest(draft: Draft, document: Document) -> Draft:
    """The draft with the lines that `rest` alone leaves out, and without `rest` where there are none."""
    ledger = claim_all(document, build_spec(dict(draft.values), name="draft"))
    unclaimed = tuple(document.lines[line - 1].strip() for line in ledger.unreviewed)
    return replace(draft, values={key: value for key, value in draft.values.items() if key != "rest" or unclaimed}, unclaimed=unclaimed)
