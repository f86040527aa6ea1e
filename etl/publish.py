"""Put a set of files into the output folder: the whole old set or the whole new set, whatever happens on the way.

    1. all files are written to `.next/`, each flushed to the disk
    2. `.next/ready.json`, written last and renamed into place, says that the set is complete: from here on it will be published
    3. each file is renamed over the old one, then `.next/` is removed

A process that dies before 2 leaves the old set, after 2 the next `errcat` command finishes 3 (`recover`). One build at a
time: `lock` holds `.lock`, and says who holds it where the wait is too long.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from etl.errors import PublishError

STAGING = ".next"
READY = "ready.json"
LOCK = ".lock"
HOLDER = ".lock-holder"
WAIT = 30.0
"""How many seconds a second build waits for the first."""


@contextlib.contextmanager
def lock(out: Path, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the output folder `out` (made where missing) for one build.

    Raises PublishError where another holds it for longer than `wait` seconds.
    """
    from filelock import FileLock, Timeout

    holder = out / HOLDER
    try:
        out.mkdir(parents=True, exist_ok=True)
        held = FileLock(out / LOCK)
        held.acquire(timeout=wait)
    except Timeout as error:
        raise PublishError(
            "another build holds the output folder",
            where=str(out),
            found=_read_holder(holder),
            expected=f"a free folder within {wait:g} seconds",
            advice="wait for it to end, or end that process",
        ) from error
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        holder.write_text(f"process {os.getpid()}\n", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        held.release()


def _read_holder(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8").strip()
    except OSError:
        return "a process that did not say which"


def publish(out: Path, files: Mapping[str, bytes], *, remove: Iterable[str] = ()) -> tuple[str, ...]:
    """Put `files` (by their path below `out`) in place and take those in `remove` away, all or none; the names of those that changed.

    Hold `lock` around it. Raises PublishError where the folder cannot be written; the old set then stands.
    """
    changed = {name: content for name, content in files.items() if not _holds(out / name, content)}
    gone = [name for name in remove if name not in files and (out / name).exists()]
    if not changed and not gone:
        return ()
    staging = out / STAGING
    try:
        _discard(staging)
        for name, content in changed.items():
            _write_through(staging / name, content)
        ready = {"write": {name: hashlib.sha256(content).hexdigest() for name, content in changed.items()}, "remove": gone}
        _write_through(staging / f"{READY}.part", json.dumps(ready, indent=1).encode("utf-8"))
        _sync_folder(staging)
        (staging / f"{READY}.part").replace(staging / READY)
        _sync_folder(staging)
    except OSError as error:
        with contextlib.suppress(OSError):
            _discard(staging)
        raise _unwritable(out, error) from error
    recover(out)
    return (*changed, *gone)


def recover(out: Path) -> bool:
    """Finish a publication that was ready, roll back one that was not; True where there was one. Hold `lock` around it.

    Raises PublishError where the folder cannot be written, or where what was staged has been damaged.
    """
    staging = out / STAGING
    if not staging.exists():
        return False
    try:
        if (staging / READY).exists():
            ready = json.loads((staging / READY).read_text(encoding="utf-8"))
            for name, digest in ready["write"].items():
                _move(staging / name, out / name, digest)
            for name in ready["remove"]:
                (out / name).unlink(missing_ok=True)
            _sync_folder(out)
        _discard(staging)
    except OSError as error:
        raise _unwritable(out, error) from error
    return True


def _move(staged: Path, target: Path, digest: str) -> None:
    """Put one staged file in place; one that is already there, from a run that died here, is only checked."""
    if staged.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(target)
    elif not target.exists() or hashlib.sha256(target.read_bytes()).hexdigest() != digest:
        raise PublishError(
            "a file of an unfinished publication is lost",
            where=str(target),
            found="neither staged nor in place",
            expected=f"sha256 {digest}",
            advice="remove the folder .next and build again",
        )


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _discard(staging: Path) -> None:
    """Remove the staging folder, its marker first, so that a half-removed folder is never taken for a complete one."""
    (staging / READY).unlink(missing_ok=True)
    if staging.exists():
        shutil.rmtree(staging)


def _write_through(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make renames inside `folder` last through a power cut; Windows cannot open folders and needs none of it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(out: Path, error: OSError) -> PublishError:
    return PublishError(
        "the output folder cannot be written",
        where=str(error.filename or out),
        found=error.strerror or str(error),
        expected="a folder with room that can be written",
        advice="mend its permissions or make room, or give another with --out; what was published before still stands",
    )
