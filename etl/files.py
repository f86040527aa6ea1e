"""Write a file so that it is the whole old or the whole new one after a crash or a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from etl.errors import InputError


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step; the old file stands until then. Raises OSError, and then nothing has changed.

    The mode of an old file is kept; a new one gets what the umask leaves of 0666.
    """
    # In the same folder, because a rename is one step only within one file system.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)  # there is none where all went well
    sync_folder(path.parent)


def write_output(path: Path, content: bytes) -> None:
    """Put `content` where a user wants it, in one step; a link is followed. Raises InputError where that cannot be done.

    What is no regular file (a device, a pipe) is never replaced.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise InputError("this is no file", where=str(path), expected="a file, or a name for a new one", advice="name another")
    try:
        replace_file(target, content)
    except OSError as error:
        advice = "name a file in a folder that is there and can be written to"
        raise InputError("the file cannot be written", where=str(path), found=error.strerror or str(error), advice=advice) from error


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` last through a power cut; Windows cannot open folders and needs none of it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    umask = os.umask(0o077)
    os.umask(umask)
    return umask
