"""How long `errcat build` takes: the five documents beside importing its libraries, and documents per second over generated pages.

python benchmarks/build.py [--runs N] [--documents N] [--rows N]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMPORTS = "import pandas, pandera.pandas, pyarrow.parquet, bs4"

SPEC = """\
source = "generated-{number}"
document = "generated-{number}.md"
format = "markdown"
vendor = "Generated"
product = "Generated API {number}"
title = "Errors {number}"
language = "en"
url = "https://generated.example/{number}"

[[tables]]
layout = "pipe_table"
columns = [
  {{ head = "Status", field = "http_status" }},
  {{ head = "Code", field = "code" }},
  {{ head = "Message", field = "message" }},
  {{ head = "Meaning", field = "description" }},
]
"""


def write_page(folder: Path, number: int, rows: int) -> None:
    lines = [f"# Errors {number}", "", "| Status | Code | Message | Meaning |", "|---|---|---|---|"]
    lines += [
        f"| {400 + row % 100} | E{number}-{row:04d} | Request {row} failed. | The request *{row}* could not be read, see `log`. |"
        for row in range(rows)
    ]
    (folder / f"generated-{number}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / f"generated-{number}.source.toml").write_text(SPEC.format(number=number), encoding="utf-8")


def measure(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--rows", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imports, builds = [], []
        for run in range(given.runs):
            imports.append(measure("-c", IMPORTS))
            builds.append(measure("-m", "etl", "build", "--out", str(folder / f"out{run}")))
        base = statistics.median(imports)
        print(f"{IMPORTS:55} {base:6.2f} s   1.00")
        print(f"{'errcat build, the documents of raw/':55} {statistics.median(builds):6.2f} s {statistics.median(builds) / base:6.2f}")
        raw = folder / "raw"
        raw.mkdir()
        for number in range(given.documents):
            write_page(raw, number, given.rows)
        seconds = measure("-m", "etl", "build", "--raw", str(raw), "--out", str(folder / "generated"))
        title = f"errcat build, {given.documents} generated pages of {given.rows} rows"
        print(
            f"{title:55} {seconds:6.2f} s {seconds / base:6.2f}   {given.documents / (seconds - base):.0f} documents/s beyond the imports"
        )


if __name__ == "__main__":
    main()
