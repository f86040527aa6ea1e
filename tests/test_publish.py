"""Publishing is all or nothing: killed at any moment, the output is the whole old set or the whole new one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from etl.errors import PublishError
from etl.publish import READY, STAGING, publish, recover

OLD = {"a.json": b"old a", "b.json": b"old b", "deep/c.json": b"old c"}
NEW = {"a.json": b"new a", "b.json": b"new b", "deep/c.json": b"new c", "d.json": b"new d"}


def files_of(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_published_files_are_in_place_and_nothing_else(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    assert publish(tmp_path, NEW, remove=["gone.json"]) == tuple(NEW)
    assert files_of(tmp_path) == NEW


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    before = (tmp_path / "a.json").stat().st_mtime_ns
    assert publish(tmp_path, {**OLD, "b.json": b"new b"}) == ("b.json",)
    assert (tmp_path / "a.json").stat().st_mtime_ns == before


def test_removed_file_is_gone(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    publish(tmp_path, {"a.json": b"old a"}, remove=["b.json"])
    assert set(files_of(tmp_path)) == {"a.json", "deep/c.json"}


KILLED = """
import os, signal, sys
from pathlib import Path
import etl.publish as publishing

# Each system call of the publication is a moment at which the process may die.
calls, fatal = 0, int(sys.argv[2])
def dying(call):
    def wrapper(*args, **kwargs):
        global calls
        calls += 1
        if calls == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return wrapper
for name in ("replace", "fsync", "open", "unlink", "rmdir", "mkdir"):
    setattr(os, name, dying(getattr(os, name)))
publishing.publish(Path(sys.argv[1]), {NEW!r})
print(calls)
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX systems")
def test_killed_at_any_moment_leaves_the_old_or_the_new_set(tmp_path: Path) -> None:
    script = KILLED.replace("{NEW!r}", repr(NEW))
    outcomes = set()
    for moment in range(1, 200):
        out = tmp_path / "output"
        shutil.rmtree(out, ignore_errors=True)
        publish(out, OLD)
        done = subprocess.run([sys.executable, "-c", script, str(out), str(moment)], capture_output=True, text=True, check=False)
        recover(out)
        found = files_of(out)
        assert found in (OLD, NEW), f"killed at call {moment}"
        outcomes.add(found == NEW)
        if done.returncode == 0:
            assert found == NEW
            break
        assert done.returncode == -9, done.stderr
    else:
        pytest.fail("the publication never came to its end")
    assert outcomes == {False, True}


def test_unfinished_staging_is_rolled_back(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    (tmp_path / STAGING).mkdir()
    (tmp_path / STAGING / "a.json").write_bytes(b"half")
    assert recover(tmp_path)
    assert files_of(tmp_path) == OLD


def test_lost_staged_file_is_named(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    (tmp_path / STAGING).mkdir()
    (tmp_path / STAGING / READY).write_text('{"write": {"a.json": "00"}, "remove": []}', encoding="utf-8")
    with pytest.raises(PublishError, match=r"a\.json: a file of an unfinished publication is lost"):
        recover(tmp_path)


NO_ROOM = """
import resource, signal, sys
from pathlib import Path
from etl.errors import PublishError
from etl.publish import publish

# A limit on the size of a file is met as a full disk is: the write fails half-way.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    publish(Path(sys.argv[1]), {"a.json": b"new a", "b.json": b"x" * 2000})
except PublishError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="limits on the size of files are of POSIX systems")
def test_full_disk_leaves_the_old_set(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    done = subprocess.run([sys.executable, "-c", NO_ROOM, str(tmp_path)], capture_output=True, text=True, check=False)
    assert "the output folder cannot be written\n  found: File too large" in done.stdout
    assert files_of(tmp_path) == OLD
