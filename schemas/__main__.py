"""`python -m schemas` writes the files that are generated from the contracts; with `--check` it exits 1 where one differs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from schemas.contract import CONTRACTS
from schemas.data_dictionary import render_data_dictionary
from schemas.json_schema import json_schema
from schemas.published_files import describe_published_files

CHECKOUT = Path(__file__).parent.parent


def render_generated() -> dict[str, str]:
    """All generated files, by their path in the checkout."""
    described = {name: json_schema(name) for name in CONTRACTS} | describe_published_files()
    files = {f"schemas/{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in described.items()}
    return files | {"docs/data-dictionary.md": render_data_dictionary()}


def find_outdated(root: Path) -> list[str]:
    """The generated files below `root` that are missing or not as they would be written now."""
    return [name for name, text in render_generated().items() if not _holds(root / name, text)]


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")


def main(arguments: Sequence[str] | None = None, *, root: Path = CHECKOUT) -> int:
    """Write the generated files below `root`, or only compare them. The exit code: 0, or 1 where `--check` finds one outdated."""
    parser = argparse.ArgumentParser(prog="python -m schemas", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a generated file differs")
    check = parser.parse_args(arguments).check
    outdated = find_outdated(root)
    for name in outdated:
        if not check:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(render_generated()[name].encode("utf-8"))
        print(f"{name}: {'differs, run `python -m schemas`' if check else 'written'}")
    return 1 if check and outdated else 0


if __name__ == "__main__":
    sys.exit(main())
