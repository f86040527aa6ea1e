"""Score detection on real pages: codes, cells and texts per page, and whether confidences mean what they say.

    python benchmarks/extraction.py                      tuning pages only
    python benchmarks/extraction.py --held-back          the pages kept back while tuning, too
    python benchmarks/extraction.py --only kafka-protocol-errors --show 5

Pages, gold and the scoring functions are read from the folder in ERRCAT_SHARED (default ../shared): the corpus, the old
and new pages of the updates, and the five documents of raw/ without their specs, whose expected records are those that
`build` publishes. A page is held back where the sha256 of its name, first byte, is divisible by three; the Personium
updates are four versions of a document of raw/, so they are tuning pages.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import itertools
import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from etl.detect import Detection, detect
from etl.errors import ErrcatError
from etl.model import Record
from etl.read import read_document

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ERRCAT_SHARED", ROOT.parent / "shared"))
FIELDS = ("code", "name", "message", "description", "resolution", "http_status")
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)

Rows = list[dict[str, Any]]


@dataclass(kw_only=True)
class Case:
    """A page with its gold; `held_back` pages are not looked at while tuning."""

    name: str
    page: Path
    gold: Rows
    optional: Rows = field(default_factory=list)
    held_back: bool = False


def is_held_back(name: str) -> bool:
    """Whether a page is kept back while tuning."""
    return hashlib.sha256(name.encode()).digest()[0] % 3 == 0


def find_cases() -> list[Case]:
    """All pages with gold below SHARED and in output/."""
    cases = []
    for page in sorted((SHARED / "corpus" / "docs").iterdir()):
        gold = SHARED / "corpus" / "gold" / f"{page.stem}.jsonl"
        optional = gold.with_name(f"{page.stem}.optional.jsonl")
        cases.append(Case(name=page.stem, page=page, gold=read_rows(gold), optional=read_rows(optional), held_back=is_held_back(page.stem)))
    for folder in sorted(path for path in (SHARED / "updates").iterdir() if path.is_dir()):
        held = is_held_back(folder.name) and not folder.name.startswith("personium")
        for version in ("old", "new"):
            page = next(folder.glob(f"{version}.*"))
            cases.append(Case(name=f"{folder.name}/{version}", page=page, gold=read_rows(folder / f"gold_{version}.jsonl"), held_back=held))
    published = ROOT / "output" / "status_codes.json"
    records = json.loads(published.read_text(encoding="utf-8")) if published.exists() else []
    for spec in sorted((ROOT / "raw").glob("*.source.toml")):
        source = spec.name.removesuffix(".source.toml")
        documents = [path for path in spec.parent.glob(f"{source}.*") if path != spec]
        rows = [record for record in records if record["source"] == source]
        if documents and rows:
            cases.append(Case(name=f"raw/{source}", page=documents[0], gold=rows))
    return cases


def read_rows(path: Path) -> Rows:
    """The objects of a JSON Lines file; none where there is no such file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()] if path.exists() else []


def load_scoring() -> ModuleType:
    """The scoring functions that stand beside the corpus."""
    spec = importlib.util.spec_from_file_location("score_extraction", SHARED / "score_extraction.py")
    if spec is None or spec.loader is None:
        sys.exit(f"no score_extraction.py in {SHARED}: set ERRCAT_SHARED")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extract(page: Path) -> tuple[Detection, list[tuple[Record, float]]]:
    """What detection makes of a page: its records, each with its confidence."""
    detection = detect(read_document(page))
    return detection, list(zip(detection.reading.records, detection.confidences, strict=True))


def score(case: Case, scoring: ModuleType, show: int) -> tuple[dict[str, Any], list[tuple[float, bool]]]:
    """The figures of one page, and for each record its confidence and whether it is right in all fields."""
    start = time.perf_counter()
    note = ""
    found: Rows = []
    rated: list[tuple[Record, float]] = []
    confidence = 0.0
    try:
        detection, rated = extract(case.page)
        confidence = detection.confidence
        found = [{name: getattr(record, name) for name in FIELDS} for record, _ in rated]
    except ErrcatError as error:
        note = str(error).replace("\n", " ")[:160]
    seconds = time.perf_counter() - start
    codes = [Counter(scoring.code_of(row) for row in rows) for rows in (case.gold, found, case.optional)]
    figures = {"codes": scoring.f1(*codes)}
    for name, merged in (("cells", False), ("texts", True)):
        figures[name] = scoring.f1(*(scoring.triples(rows, merge_texts=merged) for rows in (case.gold, found, case.optional)))
    row = {"page": case.name, "gold": len(case.gold), "found": len(found), **figures}
    row |= {"confidence": confidence, "secs": seconds, "note": note}
    print(
        f"{case.name[:52]:52} gold {row['gold']:4} found {row['found']:4}  codes {row['codes']:.3f}  cells {row['cells']:.3f}  "
        f"texts {row['texts']:.3f}  conf {confidence:.2f} {seconds:5.2f} s {note}", flush=True,
    )  # fmt: skip
    if show:
        gold, got = (scoring.triples(rows, merge_texts=False) for rows in (case.gold, found))
        for label, wrong in (("missing", gold - got), ("extra", got - gold - scoring.triples(case.optional, merge_texts=False))):
            for triple in list(wrong)[:show]:
                print(f"    {label}: {triple}")
    right = Counter(_key(scoring, row) for row in [*case.gold, *case.optional])
    judged = []
    for entry, (_, sure) in zip(found, rated, strict=True):
        key = _key(scoring, entry)
        judged.append((sure, right[key] > 0))
        right[key] -= 1
    return row, judged


def _key(scoring: ModuleType, row: dict[str, Any]) -> tuple[Any, ...]:
    return (scoring.code_of(row), *(None if row.get(name) in (None, "") else scoring.fingerprint(row[name]) for name in FIELDS[1:]))


def print_means(label: str, rows: Rows) -> None:
    """The mean figures of some pages."""
    if rows:
        means = {name: sum(row[name] for row in rows) / len(rows) for name in ("codes", "cells", "texts", "secs")}
        perfect = sum(row["cells"] > 0.9999 for row in rows)
        print(
            f"{f'MEAN {label}, {len(rows)} pages':70} codes {means['codes']:.3f}  cells {means['cells']:.3f}  texts {means['texts']:.3f}"
            f"  {means['secs']:.2f} s  perfect {perfect}/{len(rows)}"
        )


def print_calibration(judged: list[tuple[float, bool]]) -> None:
    """For each range of confidence, how many records there are and how many of them are right in all fields."""
    print("\nconfidence      records   right")
    for low, high in itertools.pairwise(BINS):
        within = [right for sure, right in judged if low <= sure < high]
        if within:
            print(f"{low:.2f} – {min(high, 1.0):.2f}   {len(within):7}   {sum(within) / len(within):6.1%}")
    above = [right for sure, right in judged if sure > 0.9]
    if above:
        print(f"above 0.90    {len(above):7}   {sum(above) / len(above):6.1%}")


def main() -> int:
    """Print the tables; exit code 0."""
    parser = argparse.ArgumentParser(description="Score detection on real pages.")
    parser.add_argument("--held-back", action="store_true", help="the pages kept back while tuning, too")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--show", type=int, default=0, help="print up to N wrong triples of each kind per page")
    parser.add_argument("--json", type=Path, help="write the figures here")
    args = parser.parse_args()
    scoring = load_scoring()
    rows: Rows = []
    judged: list[tuple[float, bool]] = []
    for case in find_cases():
        if (case.held_back and not args.held_back) or (args.only and case.name not in args.only):
            continue
        row, confidences = score(case, scoring, args.show)
        rows.append(row | {"held_back": case.held_back})
        judged += confidences
    print()
    print_means("tuning", [row for row in rows if not row["held_back"]])
    print_means("held back", [row for row in rows if row["held_back"]])
    print_means("corpus", [row for row in rows if "/" not in row["page"]])
    print_means("all", rows)
    print_calibration(judged)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
