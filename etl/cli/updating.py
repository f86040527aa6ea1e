"""The commands for documents that change: diff, fetch, update."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from etl.cli.arguments import (
    DEFAULT_OUT,
    DEFAULT_RAW,
    FAILED,
    HELD_BACK,
    OK,
    Commands,
    add_command,
    add_format,
    add_limits,
    limits_of,
    print_json,
    read_limit,
)
from etl.limits import DEFAULT

if TYPE_CHECKING:
    from etl.changes import ChangeSet
    from etl.extraction import Extraction


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    diff = add_command(commands, "diff", run_diff, "show what changed between two versions of the catalogue or of a page")
    diff.add_argument("old", nargs="?", metavar="OLD", help="an output folder, a git revision, or a page (default: what is published)")
    diff.add_argument("new", nargs="?", metavar="NEW", help="the same (default: what is published; without OLD, the documents in raw/)")
    diff.add_argument("--spec", metavar="SOURCE", help="read pages by the spec of this source, or by this spec file")
    diff.add_argument("--new-spec", metavar="SOURCE", help="read the new page by this spec, where it is laid out otherwise")
    add_format(diff)
    diff.add_argument("--markdown", action="store_true", help="print Markdown for a pull request")
    diff.add_argument("--all", action="store_true", help="show cosmetic changes too: white space, order, line numbers, addresses")
    diff.add_argument("--limit", type=int, metavar="N", help="show at most N changes of a kind")
    diff.add_argument(
        "--raw", type=Path, default=DEFAULT_RAW, metavar="DIR", help="the folder with the documents and their specs (default: raw)"
    )
    diff.add_argument("--out", type=Path, default=DEFAULT_OUT, metavar="DIR", help="the folder of the published tables (default: output)")
    add_limits(diff)

    fetch = add_command(commands, "fetch", run_fetch, "get vendor documents again from where their specs say, if they have changed")
    fetch.add_argument("sources", nargs="*", metavar="SOURCE", help="only these sources (default: all)")
    fetch.add_argument(
        "--raw", type=Path, default=DEFAULT_RAW, metavar="DIR", help="the folder with the documents and their specs (default: raw)"
    )
    fetch.add_argument(
        "--allow-private", action="append", default=[], metavar="HOST", help="allow this host to have a private address; repeatable"
    )
    fetch.add_argument(
        "--max-bytes",
        type=read_limit,
        default=DEFAULT.max_bytes,
        metavar="N",
        help=f"the largest document that is taken (default: {DEFAULT.max_bytes:,})",
    )

    update = add_command(commands, "update", run_update, "put a page that was saved by hand in the place of a source's document")
    update.add_argument("source", metavar="SOURCE")
    update.add_argument("page", type=Path, metavar="FILE")
    update.add_argument(
        "--raw", type=Path, default=DEFAULT_RAW, metavar="DIR", help="the folder with the documents and their specs (default: raw)"
    )


def run_diff(given: argparse.Namespace) -> int:
    """`errcat diff`"""
    from etl.changes.render import render_markdown, render_text, to_json

    changes = _compare(given)
    if given.json:
        print_json(to_json(changes))
    else:
        render = render_markdown if given.markdown else render_text
        sys.stdout.write(render(changes, show_all=given.all, limit=given.limit) or "no changes\n")
    return OK


def _compare(given: argparse.Namespace) -> ChangeSet:
    from etl.changes import compare_records
    from etl.revisions import find_spec, load_versions

    if given.old is None:
        from etl.build import compare_documents

        return compare_documents(given.raw, given.out, limits=limits_of(given))
    spec = None if given.spec is None else find_spec(given.spec, given.raw)
    new_spec = spec if given.new_spec is None else find_spec(given.new_spec, given.raw)
    new = given.new if given.new is not None else str(given.out)
    versions = load_versions(given.old, new, out=given.out, specs=(spec, new_spec), page_format=given.format, limits=limits_of(given))
    for version in versions:
        if version.extraction is not None:
            _report_page(version.extraction)
    return compare_records(versions[0].rows, versions[1].rows)


def _report_page(extraction: Extraction) -> None:
    """Say on stderr how surely a page was read; where that is in doubt, what was left out of it, too."""
    from etl.extraction import SURE, explain
    from etl.terminal import visible

    lines = explain(extraction)
    sys.stderr.write("".join(f"{visible(line)}\n" for line in (lines if extraction.confidence < SURE else lines[:1])))


def run_fetch(given: argparse.Namespace) -> int:
    """`errcat fetch`"""
    from etl.terminal import print_table, show_progress
    from etl.updating import fetch_sources

    with show_progress("fetching") as report:
        hosts = tuple(given.allow_private)
        fetched = list(fetch_sources(given.raw, given.sources, private_hosts=hosts, largest=given.max_bytes, report=report))
    rows = [
        {
            "source": one.source,
            "status": "no_address",
            "message": "its spec gives no `download`: errcat update SOURCE FILE takes a saved page",
            "url": None,
        }
        if one.result is None
        else {"source": one.source, "status": one.result.status, "message": one.result.message, "url": one.url}
        for one in fetched
    ]
    if given.json:
        print_json(rows)
    else:
        print_table(["source", "status", "message"], [[row["source"], row["status"], row["message"]] for row in rows])
    statuses = {row["status"] for row in rows}
    if "failed" in statuses or (given.sources and "no_address" in statuses):
        return FAILED
    return HELD_BACK if "source_unavailable" in statuses else OK


def run_update(given: argparse.Namespace) -> int:
    """`errcat update`"""
    from etl.updating import update_source

    replaced = update_source(given.raw, given.source, given.page)
    if given.json:
        print_json({"source": given.source, "replaced": replaced})
    else:
        sys.stdout.write(f"{given.source}: {'replaced; run errcat build' if replaced else 'the document is the same already'}\n")
    return OK
