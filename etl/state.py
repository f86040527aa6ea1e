"""What the last build was made from: nothing changed, nothing done.

`output/.state.json` is this machine's memory, not part of the catalogue: the sha256 of each source's spec, document and
sidecar, of our own code, and of every file that was published. A state that is damaged or stale costs a rebuild, nothing
else. This module imports only what starts at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STATE = ".state.json"

_SPEC = ".source.toml"
_SIDECAR = ".fetch.json"


class State:
    """The state as it was written: `sources` by key, each with its digests and number of records; `files` by name."""

    __slots__ = ("code", "files", "sources")

    def __init__(self, code: str, sources: Mapping[str, Mapping[str, Any]], files: Mapping[str, str]) -> None:
        self.code = code
        self.sources = sources
        self.files = files


def read_state(out: Path) -> State | None:
    """The state of the last build into `out`; None where there is none that can be read."""
    try:
        given = json.loads((out / STATE).read_bytes())
        return State(code=given["code"], sources=dict(given["sources"]), files=dict(given["files"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def render_state(code: str, sources: Mapping[str, Mapping[str, Any]], files: Mapping[str, bytes]) -> bytes:
    """The state after a build that published `files`."""
    return json.dumps(
        {"code": code, "sources": sources, "files": {name: _digest(content) for name, content in files.items()}}, indent=1
    ).encode()


def digest_code() -> str:
    """The sha256 of all that can change what is built from the same documents: our code, its word lists, the contract."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for package in ("etl", "schemas"):
        for path in sorted((root / package).rglob("*")):
            if path.suffix in {".py", ".toml"} and "catalogue_files" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def digest_source(spec: Path, document: str) -> dict[str, str | None]:
    """The digests of one source's inputs; None where a file is missing."""
    stem = spec.name.removesuffix(_SPEC)
    return {
        "document": document,
        "spec_sha256": _digest_file(spec),
        "document_sha256": _digest_file(spec.parent / document),
        "sidecar_sha256": _digest_file(spec.parent / f"{stem}{_SIDECAR}"),
    }


def find_unchanged(raw: Path, state: State | None, code: str) -> frozenset[str]:
    """The sources below `raw` whose inputs are those of the last build."""
    if state is None or state.code != code:
        return frozenset()
    unchanged = set()
    for spec in raw.rglob(f"*{_SPEC}"):
        source = spec.name.removesuffix(_SPEC)
        known = state.sources.get(source)
        if known is not None and {key: known.get(key) for key in _INPUTS} == digest_source(spec, str(known.get("document"))):
            unchanged.add(source)
    return frozenset(unchanged)


_INPUTS = ("document", "spec_sha256", "document_sha256", "sidecar_sha256")


def find_damaged(out: Path, state: State) -> tuple[str, ...]:
    """The published files that are missing or no longer what was published."""
    return tuple(name for name, digest in state.files.items() if _digest_file(out / name) != digest)


def nothing_changed(raw: Path, out: Path) -> Mapping[str, int] | None:
    """The number of records of each source where a build would change nothing, else None."""
    state = read_state(out)
    if state is None or (out / ".next").exists():
        return None
    known = {spec.name.removesuffix(_SPEC) for spec in raw.rglob(f"*{_SPEC}")}
    if known != set(state.sources) or find_unchanged(raw, state, digest_code()) != known or find_damaged(out, state):
        return None
    return {source: int(given["records"]) for source, given in sorted(state.sources.items())}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_file(path: Path) -> str | None:
    try:
        return _digest(path.read_bytes())
    except OSError:
        return None
