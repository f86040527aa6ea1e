"""How long `errcat` takes to start, beside `python -c pass` and what a command line could be made with. Whole processes, medians.

python benchmarks/startup.py [--runs N]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import argparse": [sys.executable, "-c", "import argparse"],
    "import click": [sys.executable, "-c", "import click"],
    "errcat --version": [sys.executable, "-m", "etl", "--version"],
    "errcat --help": [sys.executable, "-m", "etl", "--help"],
}


def measure(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):  # in turn, so that a slow moment of the machine hits all
        for name, command in COMMANDS.items():
            times[name].append(measure(command))
    base = statistics.median(times["python -c pass"])
    print(f"{'':20} {'median':>9} {'x pass':>7}")
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:20} {median * 1000:6.1f} ms {median / base:7.1f}")


if __name__ == "__main__":
    main()
