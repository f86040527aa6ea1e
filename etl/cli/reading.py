"""The commands of those who use the published catalogue: why, findings, sources."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from etl.cli.arguments import NOTHING_FOUND, OK, Commands, add_command, add_reading, print_json


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    why = add_command(commands, "why", run_why, "show where a record comes from: the document's lines, the cells, each step")
    why.add_argument("id", metavar="ID", help="the id of a record, such as SOURCE:CODE")
    why.add_argument(
        "--raw", type=Path, metavar="DIR", help="the folder with the vendor documents (default: raw, else those installed with errcat)"
    )
    add_reading(why)

    findings = add_command(commands, "findings", run_findings, "list what a careful reader would remark")
    findings.add_argument("--source", action="append", default=[], metavar="SOURCE", help="only this source; repeatable")
    findings.add_argument("--rule", action="append", default=[], metavar="RULE", help="only this rule; repeatable")
    findings.add_argument("--severity", choices=["info", "warning", "error"], help="only this severity")
    add_reading(findings)

    sources = add_command(commands, "sources", run_sources, "list the documents that the catalogue was read from")
    add_reading(sources)


def run_why(given: argparse.Namespace) -> int:
    """`errcat why`"""
    from dataclasses import asdict

    from etl.why import why

    explanation = why(given.id, folder=given.data, raw=given.raw)
    if given.json:
        print_json(asdict(explanation))
        return OK
    from etl.terminal import visible

    record = explanation.record
    out = sys.stdout
    out.write(f"{record['id']}  ({record['vendor']}, {record['product']})\n")
    for field, value in record.items():
        if value in (None, []) or field in {"id", "vendor", "product", "raw"}:
            continue
        out.write(f"  {field}: {visible(_one_line(value))}\n")
        for cell in explanation.origin.get(field, ()):
            out.write(f"      from {visible(cell.column)!r}: {visible(_one_line(cell.text))!r}\n")
    out.write(f"\n{explanation.document}\n")
    width = len(str(record["line_end"]))
    for number, line in explanation.lines:
        out.write(f"  {number:>{width}} | {visible(line)}\n")
    out.write("\nsteps\n" if explanation.steps else "\nsteps: none, every cell is taken as printed\n")
    for number, step in enumerate(explanation.steps, start=1):
        target = f" -> {step.field}" if step.field else ""
        out.write(f"  {number}. {visible(step.column)}{target}: {visible(step.action)}\n")
        out.write(f"       {visible(step.before)!r}\n    -> {'empty' if step.after is None else repr(visible(step.after))}\n")
    for finding in explanation.findings:
        out.write(f"\n{finding['severity']} {finding['rule']}: {visible(finding['text'])}\n")
    return OK


def _one_line(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_one_line(item) for item in value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_one_line(item)}" for key, item in value.items() if item is not None) + "}"
    return str(value).replace("\n", " ⏎ ")


def run_findings(given: argparse.Namespace) -> int:
    """`errcat findings`"""
    from etl.catalogue import load_rows, require_sources
    from etl.errors import CatalogueError
    from schemas.vocabulary import RULES

    require_sources(given.source, given.data)
    for rule in given.rule:
        if rule not in RULES:
            raise CatalogueError("no such rule", found=repr(rule), expected=f"one of {', '.join(RULES)}", advice="name one of these")
    rows = [
        row
        for row in load_rows("findings", given.data)
        if (not given.source or row["source"] in given.source)
        and (not given.rule or row["rule"] in given.rule)
        and (given.severity is None or row["severity"] == given.severity)
    ]
    if given.json:
        print_json(rows)
    elif rows:
        from etl.terminal import print_table

        print_table(
            ["source", "line", "severity", "rule", "id", "text"],
            [[row["source"], row["line"], row["severity"], row["rule"], row["id"], row["text"]] for row in rows],
            right=["line"],
        )
    else:
        sys.stdout.write("no findings\n")
    return OK if rows else NOTHING_FOUND


def run_sources(given: argparse.Namespace) -> int:
    """`errcat sources`"""
    from etl.catalogue import load_rows

    rows = load_rows("sources", given.data)
    if given.json:
        print_json(rows)
        return OK
    from etl.terminal import print_table

    print_table(
        ["source", "vendor", "product", "records", "codes", "document", "url"],
        [
            [
                row["source"],
                row["vendor"],
                row["product"],
                row["records"],
                f"{row['first_code']} … {row['last_code']}",
                row["document"],
                row["url"],
            ]
            for row in rows
        ],
        right=["records"],
    )
    return OK
