"""One HTML file from the template and all that goes into it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path

from etl.catalogue import find_raw, load_all
from etl.report.contents import collect_contents, read_lines, require_columns
from etl.report.plots import render_coverage, render_documents, render_maps, render_numbers, render_rules, render_statuses

_POLICY = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"

_SLOT = re.compile(r"\{\{([a-z_]+)\}\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The page, and for each source whose document is not at hand the reason."""

    html: str
    records: int
    sources: int
    missing: Mapping[str, str]


def build_report(*, folder: Path | None = None, raw: Path | None = None) -> Report:
    """The report of the published tables in `folder`, with the lines of the documents in `raw`.

    The same tables and documents give the same bytes. Raises CatalogueError where the tables are missing, damaged or of
    another version.
    """
    catalogue = load_all(folder)
    require_columns(catalogue)
    lines, missing = read_lines(catalogue.rows["sources"], find_raw(raw))
    contents = json.dumps(collect_contents(catalogue, lines, missing), ensure_ascii=False, separators=(",", ":"))
    style, script = _read("page.css"), _read("page.js")
    records, sources = catalogue.rows["status_codes"], catalogue.rows["sources"]
    slots = {
        "policy": f"{_POLICY}; script-src '{_digest(script)}'; style-src '{_digest(style)}'",
        "style": style,
        "script": script,
        # In a script element only `<` could end it.
        "contents": contents.replace("<", "\\u003c"),
        "summary": escape(f"{len(records):,} codes of {len(sources):,} documents{_say_version(catalogue.folder)}"),
        "coverage": render_coverage(catalogue),
        "maps": render_maps(catalogue, lines),
        "numbers": render_numbers(catalogue),
        "statuses": render_statuses(catalogue),
        "rules": render_rules(catalogue),
        "documents": render_documents(catalogue, missing),
    }
    html = _SLOT.sub(lambda slot: slots[slot.group(1)], _read("page.html"))
    return Report(html=html, records=len(records), sources=len(sources), missing=missing)


def _read(name: str) -> str:
    return files("etl.report").joinpath(name).read_text(encoding="utf-8")


def _say_version(folder: Path) -> str:
    """The data version, where the folder says it: a reader may have copied the tables alone."""
    try:
        return f", data version {json.loads((folder / 'index.json').read_text(encoding='utf-8'))['data_version']}"
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _digest(text: str) -> str:
    """What a Content-Security-Policy calls an inline script or style by (CSP level 3, section 6.7.3.3)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
