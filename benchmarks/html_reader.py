"""The HTML reader beside pandas.read_html: time and peak memory on one generated page, in one run.

python benchmarks/html_reader.py [--rows 1000 20000 200000] [--runs N] [--page regular|unclosed] [--slow]

Ours gives texts with lists, links, raw cells and lines; read_html gives texts. markitdown and docling are columns of their own where
they are installed. Each reader runs in a process of its own;
the time is the CPU time of the shortest of its runs, the memory what the process took at most, the page and the libraries included. Above
20,000 rows the readers on html5lib are left out unless `--slow` is given.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
BASE = "pandas lxml"
SLOW = {"ours, html5lib", "pandas bs4", "markitdown", "docling"}


def make_page(rows: int, kind: str) -> str:
    """A page of one table; every tenth row has a list. Of 20,000 rows it is 2.5 MB."""
    lines = ["<h1>Errors</h1>", "<table>", "<tr><th>Name</th><th>Code</th><th>Text</th></tr>"]
    for number in range(rows):
        text = f"Some <b>description</b> of <a href='codes.md#{number}'>code {number}</a>"
        if number % 10 == 0:
            text += "<ul><li>check the key</li><li>try again</li></ul>"
        lines.append(f"<tr class=x><td><p>NAME_{number}</p></td><td>{number:04}</td><td>{text}</td></tr>")
    page = "\n".join([*lines, "</table>", ""])
    if kind == "unclosed":
        for tag in ("</p>", "</td>", "</tr>", "</li>"):
            page = page.replace(tag, "")
    return page


def read_ours(page: str, parser: str, *, plain_rows: bool = True) -> int:
    from etl.extract.html import tree as html_tree
    from etl.extract.html.marks import mark_source
    from etl.extract.html.page import read_page
    from etl.model import Table

    marked = mark_source(page, plain_rows=plain_rows)
    found = read_page(html_tree.build_tree(marked, getattr(html_tree, f"parse_with_{parser}")))
    return sum(len(block.rows) for block in found or [] if isinstance(block, Table))


def read_pandas(page: str, flavor: str) -> int:
    import pandas as pd

    return sum(len(frame) for frame in pd.read_html(io.StringIO(page), flavor=flavor))


def read_markitdown(page: str) -> int:
    from markitdown import MarkItDown

    converted = MarkItDown().convert_stream(io.BytesIO(page.encode()), file_extension=".html")
    return sum(line.startswith("|") for line in converted.text_content.splitlines()) - 1  # the line below the heads


def read_docling(page: str) -> int:
    from docling.datamodel.base_models import DocumentStream
    from docling.document_converter import DocumentConverter

    converted = DocumentConverter().convert(DocumentStream(name="page.html", stream=io.BytesIO(page.encode())))
    return sum(table.data.num_rows for table in converted.document.tables)


OPTIONAL = {"markitdown": read_markitdown, "docling": read_docling}
"""Readers of others that are measured where they are installed; they give text or cells, without lines."""

READERS: dict[str, Callable[[str], int]] = {
    "ours": lambda page: read_ours(page, "lexbor"),
    "ours, every row parsed": lambda page: read_ours(page, "lexbor", plain_rows=False),
    "ours, html5lib": lambda page: read_ours(page, "html5lib", plain_rows=False),
    "pandas lxml": lambda page: read_pandas(page, "lxml"),
    "pandas bs4": lambda page: read_pandas(page, "bs4"),
    **{name: read for name, read in OPTIONAL.items() if importlib.util.find_spec(name) is not None},
}


def measure(reader: str, rows: int, kind: str, runs: int) -> dict[str, float]:
    """Time and memory of one reader in this process."""
    warnings.simplefilter("ignore")
    READERS[reader](make_page(10, kind))  # imports
    page = make_page(rows, kind)
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        found = READERS[reader](page)
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return {"seconds": min(seconds), "rows": found, "megabytes": peak}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--page", choices=["regular", "unclosed"], default="regular")
    parser.add_argument("--slow", action="store_true", help="the readers on html5lib above 20,000 rows, too")
    parser.add_argument("--one", choices=READERS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        sys.stdout.write(json.dumps(measure(given.one, given.rows[0], given.page, given.runs)))
        return
    for rows in given.rows:
        print(f"{rows:,} rows, {len(make_page(rows, given.page)):,} characters, {given.page}")
        print(f"{'reader':24} {'rows':>8} {'seconds':>9} {'against ' + BASE:>20} {'peak MB':>8}")
        found: dict[str, dict[str, float]] = {}
        for reader in READERS:
            if reader in SLOW and rows > 20_000 and not given.slow:
                continue
            command = [sys.executable, __file__, "--one", reader, "--rows", str(rows), "--runs", str(given.runs), "--page", given.page]
            result = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
            found[reader] = json.loads(result.stdout)
        for reader, figures in found.items():
            ratio = found[BASE]["seconds"] / figures["seconds"]
            speed = f"{ratio:.1f} times faster" if ratio >= 1 else f"{1 / ratio:.1f} times slower"
            print(f"{reader:24} {figures['rows']:8,} {figures['seconds']:9.3f} {speed:>20} {figures['megabytes']:8.0f}")
        print()


if __name__ == "__main__":
    main()
