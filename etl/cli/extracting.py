"""The commands for pages without a spec: extract, draft, inspect."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.cli.arguments import DEFAULT_RAW, FAILED, NOTHING_FOUND, OK, Commands, add_command, add_format, add_limits, limits_of, print_json
from etl.errors import ErrcatError, InputError

if TYPE_CHECKING:
    from etl.extraction import Extraction


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    extract = add_command(commands, "extract", run_extract, "read the codes of any page, without a spec")
    _add_pages(extract, several=True)
    form = extract.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print CSV")
    form.add_argument("--parquet", type=Path, metavar="OUT", help="write a Parquet file")

    inspect = add_command(commands, "inspect", run_inspect, "show what was found on a page, and what each column was taken for")
    _add_pages(inspect, several=True)

    draft = add_command(commands, "draft", run_draft, "write the spec that a page would need, beside it, for a person to check")
    _add_pages(draft, several=False)
    draft.add_argument("--out", type=Path, metavar="FILE", help="write it here; - for stdout (default: beside the page)")
    draft.add_argument("--vendor", help="who documents the codes")
    draft.add_argument("--product", help="what they document")
    draft.add_argument("--url", help="where people read the page")
    draft.add_argument(
        "--against",
        metavar="SOURCE",
        help="propose the changed spec of this source for its document, which has changed; PAGE may be left out",
    )
    draft.add_argument(
        "--raw", type=Path, default=DEFAULT_RAW, metavar="DIR", help="with --against: the folder of the sources (default: raw)"
    )
    draft.add_argument("--force", action="store_true", help="write over a spec that is there")


def _add_pages(command: argparse.ArgumentParser, *, several: bool) -> None:
    command.add_argument(
        "pages", nargs="+" if several else "?", metavar="PAGE", help="a file, a folder, - for stdin, or an http(s) address"
    )
    add_format(command)
    command.add_argument("--encoding", help="the page's encoding (default: found out)")
    add_limits(command)


def _extract(given: argparse.Namespace) -> Iterator[Extraction]:
    from etl.extraction import extract

    return extract(given.pages, page_format=given.format, encoding=given.encoding, limits=limits_of(given))


def run_extract(given: argparse.Namespace) -> int:
    """`errcat extract`"""
    from etl.extraction import describe, to_parquet
    from etl.render import to_json

    if given.json and given.csv:
        raise InputError("--json and --csv both print", advice="give one of them")
    failed, found = False, 0
    documents: list[str] = []
    records: list[str] = []
    rows: list[dict[str, Any]] = []
    print_csv = _begin_csv() if given.csv else None
    for extraction in _extract(given):
        _report(extraction)
        failed |= extraction.error is not None
        found += len(extraction.rows)
        if given.json:  # as text: rows take several times the memory
            documents.append(to_json(describe(extraction)))
            records.extend(map(to_json, extraction.rows))
        elif print_csv is not None:
            print_csv(extraction.rows)
        else:
            rows.extend(extraction.rows)
    if given.json:
        _print_json(documents, records)
    elif given.parquet is not None and rows:  # what yielded nothing must not replace what did
        from etl.files import write_output

        write_output(given.parquet, to_parquet(rows))
    elif rows:
        _print_rows(rows)
    if failed:
        return FAILED
    return OK if found else NOTHING_FOUND


def _print_json(documents: Sequence[str], records: Sequence[str]) -> None:
    """One page and one record a line, so that what has changed can be seen in a diff."""
    for opening, lines in (('{"documents": [', documents), ('], "status_codes": [', records)):
        sys.stdout.write(f"{opening}\n")
        sys.stdout.writelines(f"{line},\n" for line in lines[:-1])
        sys.stdout.writelines(f"{line}\n" for line in lines[-1:])
    sys.stdout.write("]}\n")


def _report(extraction: Extraction) -> None:
    """Say on stderr what was taken from a page, what was left out, and why."""
    from etl.extraction import explain
    from etl.terminal import print_error, visible

    if extraction.error is not None:
        print_error(str(extraction.error))
    sys.stderr.write("".join(f"{visible(line)}\n" for line in explain(extraction)))


def _begin_csv() -> Callable[[Sequence[Mapping[str, Any]]], None]:
    """Print the heads; what it gives prints rows below them."""
    import csv

    from etl.render import to_csv_value
    from schemas.contract import contract_of

    names = [*(column.name for column in contract_of("status_codes").columns), "confidence"]
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(names)
    return lambda rows: writer.writerows([to_csv_value(row[name]) for name in names] for row in rows)


def _print_rows(rows: list[dict[str, Any]]) -> None:
    from etl.terminal import print_table

    fields = ["code", "name", "error_type", "http_status", "message", "description", "resolution"]
    shown = [field for field in fields if field == "code" or any(row[field] is not None for row in rows)]
    several = ["source"] if len({row["source"] for row in rows}) > 1 else []
    print_table(
        [*several, *shown, "confidence"],
        [[*(row[field] for field in several), *(row[field] for field in shown), f"{row['confidence']:.2f}"] for row in rows],
        right=["confidence"],
    )


def run_inspect(given: argparse.Namespace) -> int:
    """`errcat inspect`"""
    from etl.extraction import describe
    from etl.terminal import print_error, print_table, visible

    extractions = list(_extract(given))
    if given.json:
        print_json([describe(extraction) for extraction in extractions])
    else:
        for extraction in extractions:
            if extraction.error is not None:
                print_error(str(extraction.error))
            if extraction.detection is None:
                continue
            described = describe(extraction)
            sys.stdout.write(
                visible(
                    f"{extraction.page}: {described['format']}, {described['encoding']}, title {described['title']!r}, "
                    f"confidence {described['confidence']:.2f}\n"
                )
            )
            for verb in ("taken", "left_out"):
                for found in described[verb]:
                    lines = f"lines {found['line_start']}-{found['line_end']}, {found['rows']} rows"
                    head = f"\n{verb.replace('_', ' ')}: {found['layout']}, {lines}"
                    sys.stdout.write(visible(f"{head}, section {found['section']!r}, weight {found['weight']}: {found['reason']}\n"))
                    print_table(
                        ["column", "role", "score", "why"],
                        [
                            [column["head"], " + ".join([column["role"], *column["also"]]), column["score"], column["reason"]]
                            for column in found["columns"]
                        ],
                        right=["score"],
                    )
    if any(extraction.error is not None for extraction in extractions):
        return FAILED
    return OK if any(extraction.rows for extraction in extractions) else NOTHING_FOUND


def run_draft(given: argparse.Namespace) -> int:
    """`errcat draft`"""
    from etl.draft import draft_against, draft_page
    from etl.files import write_output
    from etl.pages import STDIN, open_pages
    from etl.spec import SUFFIX

    if given.against is not None:
        target, text = draft_against(given.raw, given.against, limits=limits_of(given))
    else:
        if given.pages is None:
            raise ErrcatError("no page", expected="errcat draft PAGE, or errcat draft --against SOURCE", advice="name the page")
        page, *others = open_pages([given.pages], sys.stdin.buffer, limits=limits_of(given), encoding=given.encoding)
        if others:
            raise InputError("a spec is for one page", where=given.pages, found=f"{len(others) + 1} pages", advice="name one of them")
        if page.error is not None:
            raise page.error
        text = draft_page(page, page_format=given.format, vendor=given.vendor, product=given.product, url=given.url)
        target = Path(given.pages).parent if given.pages != STDIN and Path(given.pages).exists() else Path()
    out = given.out
    if out is None:
        source = next(line for line in text.splitlines() if line.startswith("source = ")).split('"')[1]
        out = target / f"{source}{SUFFIX}" if given.against is None else target
    if str(out) == "-":
        sys.stdout.write(text)
        return OK
    if out.exists() and not given.force:
        against = f"errcat draft --against {out.name.removesuffix(SUFFIX)} proposes how to change it; "
        raise ErrcatError(
            "a spec is there already", where=str(out), advice=f"{against}--out FILE writes elsewhere, --out - prints, --force overwrites"
        )
    write_output(out, text.encode("utf-8"))
    check = "errcat check" if out.parent == DEFAULT_RAW else f"errcat check --raw {out.parent}"
    then = f"mv {out} {out.with_suffix('')} && {check}" if out.suffix == ".draft" else check
    sys.stdout.write(f"{out} is written; look at the lines marked CHECK, then: {then}\n")
    return OK
