"""The commands of those who have a code, a log or a question: lookup, match, query."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from etl.cli.arguments import NOTHING_FOUND, OK, Commands, add_command, add_reading, print_json

if TYPE_CHECKING:
    from etl.lookup import Answer
    from etl.match import MatchedLine

TEXT_FIELDS = ("error_type", "message", "description", "resolution")


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    lookup = add_command(commands, "lookup", run_lookup, "find records by id, code, name, or words of the text")
    lookup.add_argument("what", nargs="+", metavar="WHAT", help="an id, a code (56, 0x38), a name, several of these, or words")
    lookup.add_argument("--source", action="append", default=[], metavar="SOURCE", help="only this source; repeatable")
    lookup.add_argument("--limit", type=int, metavar="N", help="at most so many records for each WHAT (default: all; by words 10)")
    add_reading(lookup)

    match = add_command(commands, "match", run_match, "say which documented codes and messages a log or an API's answers show")
    match.add_argument("file", nargs="*", default=["-"], metavar="FILE", help="a log, or - for the standard input (default)")
    match.add_argument("--source", action="append", default=[], metavar="SOURCE", help="the lines come from this source; repeatable")
    match.add_argument("--all", action="store_true", help="list the weaker candidates of a line too; --json has them anyway")
    add_reading(match)

    query = add_command(commands, "query", run_query, "ask the published tables in SQL")
    query.add_argument("sql", metavar="SQL", help="one SELECT over status_codes, sources, tables, terms, findings")
    query.add_argument("--format", choices=["table", "csv", "json", "markdown"], default="table", help="(default: table)")
    query.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="end a query that takes longer (default: 30)")
    query.add_argument("--memory", type=int, default=512, metavar="MB", help="end a query that needs more memory (default: 512)")
    query.add_argument("--max-rows", type=int, default=100_000, metavar="N", help="refuse a longer answer (default: 100000)")
    add_reading(query)


def run_lookup(given: argparse.Namespace) -> int:
    """`errcat lookup`"""
    from etl.lookup import lookup

    answers = lookup(given.what, folder=given.data, sources=given.source, limit=given.limit)
    if given.json:
        print_json(
            [
                {**record, "asked": answer.asked, "found_by": found_by, "score": score}
                for answer in answers
                for record, found_by, score in (*answer.hits, *((record, "withdrawn", None) for record in answer.withdrawn))
            ]
        )
    else:
        sys.stdout.write("\n".join(_show_hits(answer) for answer in answers if answer.hits))
    for answer in answers:
        if not answer.hits:
            _say_not_found(answer)
    return OK if all(answer.hits for answer in answers) else NOTHING_FOUND


def _say_not_found(answer: Answer) -> None:
    from etl.terminal import visible

    for record in answer.withdrawn:
        named = f" {record['name']}" if record["name"] is not None else ""
        seen = f"published from {record['first_seen']} to {record['last_seen']}"
        sys.stderr.write(visible(f"errcat: {answer.asked!r} is withdrawn: {record['id']}{named}, {seen} ({record['verdict']})") + "\n")
    if answer.withdrawn:
        return
    near = f"; written alike: {', '.join(answer.near)}" if answer.near else "; `errcat sources` lists what there is"
    sys.stderr.write(f"errcat: nothing is found for {visible(answer.asked)!r}{visible(near)}\n")


def _show_hits(answer: Answer) -> str:
    """The hits of one answer as text: a head of id, name and product, then the texts, on a terminal broken to its width."""
    from etl.terminal import visible

    blocks = []
    for hit in answer.hits:
        record = hit.record
        head = [record["id"], *([record["name"]] if record["name"] is not None else [])]
        how = [f"found by words, {hit.score:g} of 100"] if hit.found_by == "words" else []
        product = record["product"] if record["vendor"] in record["product"] else f"{record['vendor']}, {record['product']}"
        blocks.append("".join([visible("  ".join([*head, f"({product})", *how])) + "\n", *_show_fields(record)]))
    if answer.left_out:
        blocks.append(f"{answer.left_out} more; --limit shows them\n")
    return "\n".join(blocks)


def _show_fields(record: dict[str, Any]) -> list[str]:
    from etl.terminal import break_lines, get_width, visible

    said = [(field, record[field]) for field in TEXT_FIELDS if record[field] is not None]
    http = " ".join(str(value) for value in (record["http_status"], record["status_class"]) if value is not None)
    lists = [(field, ", ".join(record[field])) for field in ("protocol_versions", "same_as", "flags") if record[field]]
    said += [(field, value) for field, value in (("http", http), ("section", record["section"])) if value] + lists
    if not said:
        return []
    width = max(len(field) for field, _ in said)
    terminal = get_width(sys.stdout)
    room = None if terminal is None else max(terminal - width - 4, 20)
    return [
        f"  {field if number == 0 else '':<{width}}  {line}\n"
        for field, value in said
        for number, line in enumerate(visible(value).split("\n") if room is None else break_lines(visible(value), room))
    ]


def run_match(given: argparse.Namespace) -> int:
    """`errcat match`"""
    from etl.match import load_matcher, match_lines

    matcher = load_matcher(given.data, sources=given.source)
    files = list(dict.fromkeys(given.file))
    found = False
    for name in files:
        with _open(name) as stream:
            for line in match_lines(stream, matcher):
                found = True
                place = [name] if len(files) > 1 else []
                if given.json:
                    _write_json_line(place, line)
                else:
                    _write_line(place, line, show_all=given.all)
                sys.stdout.flush()
    return OK if found else NOTHING_FOUND


def _open(name: str) -> BinaryIO:
    """The file, or the standard input. Raises InputError where it cannot be opened."""
    if name == "-":
        return sys.stdin.buffer
    from pathlib import Path

    from etl.errors import InputError

    try:
        return Path(name).open("rb")
    except OSError as error:
        advice = "give another, or - for the standard input"
        raise InputError("the file cannot be read", where=name, found=error.strerror, advice=advice) from error


def _write_json_line(place: list[str], line: MatchedLine) -> None:
    import json

    fields = ("id", "source", "vendor", "product", "code", "name")
    shown = [
        {
            **{field: shown.record[field] for field in fields},
            "score": shown.score,
            "best": shown.best,
            "evidence": list(shown.evidence),
            "message": shown.message,
            "parameters": [{"name": name, "value": value} for name, value in shown.parameters],
        }
        for shown in line.shown
    ]
    found = {"file": place[0] if place else None, "line": line.number, "text": line.text, "matches": shown}
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


def _write_line(place: list[str], line: MatchedLine, *, show_all: bool) -> None:
    from etl.terminal import visible

    sys.stdout.write(visible(":".join([*place, str(line.number)]) + f": {line.text}") + "\n")
    best = [shown for shown in line.shown if shown.best or show_all]
    for shown in best:
        said = shown.message or shown.record["name"] or shown.record["description"]
        values = [f"{name} = {value}" for name, value in shown.parameters]
        parts = [shown.record["id"], *([said.replace("\n", " ")] if said else []), *values]
        sys.stdout.write(visible(f"    {'  '.join(parts)}  ({', '.join(shown.evidence)})") + "\n")
    if len(best) < len(line.shown):
        sys.stdout.write(f"    {len(line.shown) - len(best)} weaker, --all lists them\n")


def run_query(given: argparse.Namespace) -> int:
    """`errcat query`"""
    from etl.query import query, render_csv, render_markdown, to_objects

    result = query(given.sql, folder=given.data, timeout=given.timeout, memory=given.memory, max_rows=given.max_rows)
    if given.json or given.format == "json":
        print_json(to_objects(result))
    elif given.format == "csv":
        sys.stdout.buffer.write(render_csv(result).encode("utf-8"))
    elif given.format == "markdown":
        sys.stdout.write(render_markdown(result))
    else:
        from etl.render import to_csv_value
        from etl.terminal import print_table

        numbers = [
            name for at, name in enumerate(result.columns) if all(isinstance(row[at], (int, float, type(None))) for row in result.rows)
        ]
        print_table(result.columns, [[to_csv_value(value) for value in row] for row in result.rows], right=numbers)
    return OK
