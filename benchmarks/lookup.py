"""How long `errcat lookup` takes beside `python -c pass`: by code, by number, by name, by words, and for what is not there.

    python benchmarks/lookup.py [--runs N] [--data DIR]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
ASKED = {
    "a code": ["56"],
    "a number": ["0x38"],
    "a name": ["INVALID_XML"],
    "words": ["unsuported", "grant", "typ"],
    "nothing": ["AB400-ZZ-0001"],
}


def measure(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], capture_output=True, check=False, cwd=ROOT)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--data", default="output")
    given = parser.parse_args()
    print(f"{'':12}{'median ms':>12}{'times pass':>12}")
    for name, asked in ASKED.items():
        command = ["-m", "etl", "lookup", *asked, "--data", given.data]
        measure(command)
        # In turn, so that both meet the machine in the same state.
        pairs = [(measure(["-c", "pass"]), measure(command)) for _ in range(given.runs)]
        ratio = statistics.median(taken / bare for bare, taken in pairs)
        print(f"{name:12}{1000 * statistics.median(taken for _, taken in pairs):12.1f}{ratio:12.2f}")


if __name__ == "__main__":
    main()
