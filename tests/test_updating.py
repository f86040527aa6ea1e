"""New versions of documents on the command line: diff, fetch, update; and real pages before and after."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest

from etl.changes import compare_records
from etl.revisions import load_versions
from tests.making import PAGE, SPEC, write_source
from tests.test_cli import errcat

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("ERRCAT_SHARED", ROOT.parent / "shared"))
NEW_PAGE = PAGE.replace("Too much", "Too little") + "\n202 Too late"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    write_source(tmp_path / "raw")
    assert errcat("build", cwd=tmp_path).returncode == 0
    return tmp_path


def test_update_replaces_the_document_and_diff_shows_what_that_changes(built: Path) -> None:
    (built / "saved.txt").write_text(NEW_PAGE, encoding="utf-8")
    assert errcat("update", "acme", "saved.txt", cwd=built).returncode == 0
    assert (built / "raw" / "acme.txt").read_text(encoding="utf-8") == NEW_PAGE
    changes = json.loads(errcat("diff", "--json", cwd=built).stdout)
    jsonschema.validate(changes, json.loads((ROOT / "schemas" / "changes.schema.json").read_text(encoding="utf-8")))
    assert [(change["kind"], change["code"]) for change in changes["changes"]] == [("reworded", "201"), ("added", "202")]
    assert "Too" in errcat("diff", "--markdown", cwd=built).stdout


@pytest.mark.parametrize("page", [b"", b"caf\xe9", None], ids=["empty", "another encoding", "missing"])
def test_update_refuses_what_is_no_document(built: Path, page: bytes | None) -> None:
    if page is not None:
        (built / "saved.txt").write_bytes(page)
    done = errcat("update", "acme", "saved.txt", cwd=built)
    assert done.returncode == 1
    assert "saved.txt" in done.stderr
    assert (built / "raw" / "acme.txt").read_text(encoding="utf-8") == PAGE


def test_diff_of_two_outputs(built: Path) -> None:
    write_source(built / "raw", page=NEW_PAGE)
    assert errcat("build", "--out", "newer", cwd=built).returncode == 0
    changes = json.loads(errcat("diff", "output", "newer", "--json", cwd=built).stdout)
    assert changes["counts"] | {"added": 1, "reworded": 1} == changes["counts"]


def test_diff_of_two_documents_by_one_spec(built: Path) -> None:
    (built / "new.txt").write_text(NEW_PAGE, encoding="utf-8")
    done = errcat("diff", "raw/acme.txt", "new.txt", "--spec", "acme", "--json", cwd=built)
    assert [change["code"] for change in json.loads(done.stdout)["changes"]] == ["201", "202"]


def test_diff_of_the_documents_keeps_to_the_limits(built: Path) -> None:
    done = errcat("diff", "--max-bytes", "1", cwd=built)
    assert done.returncode != 0
    assert "--max-bytes N allows more" in done.stderr


def test_diff_of_git_revisions(built: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t.example", *arguments], cwd=built, check=True, capture_output=True)

    git("init", "-q")
    git("add", "output")
    git("commit", "-qm", "one")
    write_source(built / "raw", page=NEW_PAGE)
    assert errcat("build", cwd=built).returncode == 0
    assert json.loads(errcat("diff", "HEAD", "--json", cwd=built).stdout)["counts"]["added"] == 1
    done = errcat("diff", "no-such-revision", cwd=built)
    assert done.returncode == 1
    assert "neither a folder, a page nor a git revision" in done.stderr
    assert "found: 'no-such-revision'; git says: fatal: " in done.stderr


def test_held_source_is_told_with_the_ways_on(built: Path) -> None:
    write_source(built / "raw", page=PAGE.replace("101 Wrong password for <user>\n", "").replace("\n201 Too much", ""))
    done = errcat("build", cwd=built)
    assert done.returncode == 3
    assert "acme is held back: 2 of 4 records are gone at once" in done.stderr
    assert "errcat build --accept acme" in done.stderr
    assert "held back:\n" in done.stderr
    assert errcat("build", "--accept", "acme", cwd=built).returncode == 0


def test_draft_against_a_changed_layout_builds(built: Path) -> None:
    rows = ["100 | No such user | 1", "101 | Wrong password for <user> | 1", "200 | No such account | 2", "201 | Too much | 2"]
    page = "\n".join(["# Error list", "", "| Code | Message | Since |", "|---|---|---|", *(f"| {row} |" for row in rows)])
    spec = SPEC.replace('format = "text"', 'format = "markdown"')
    write_source(built / "raw", page=page, spec=spec)
    assert errcat("build", cwd=built).returncode == 4
    done = errcat("draft", "--against", "acme", cwd=built)
    assert done.returncode == 0, done.stderr
    drafted = (built / "raw" / "acme.source.toml.draft").read_text(encoding="utf-8")
    assert 'vendor = "Acme"' in drafted
    assert "[[ignored]]" in drafted
    kept = "\n".join(line for line in drafted.split("\n") if not line.startswith(("text =", "reason =", "[[ignored]]")))
    (built / "raw" / "acme.source.toml").write_text(kept, encoding="utf-8")
    assert errcat("build", cwd=built).returncode == 0
    assert json.loads((built / "output" / "index.json").read_text(encoding="utf-8"))["tables"]["withdrawn"] == 0


class _Pages(BaseHTTPRequestHandler):
    pages: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        content = self.pages.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join()


def test_fetch_gets_the_page_again_and_records_when(built: Path, server: str) -> None:
    _Pages.pages = {"/errors": NEW_PAGE.encode()}
    write_source(built / "raw", spec=SPEC.replace("url =", f'download = "{server}/errors"\nurl ='))
    done = errcat("fetch", "acme", "--allow-private", "127.0.0.1", "--json", cwd=built)
    assert [(row["source"], row["status"]) for row in json.loads(done.stdout)] == [("acme", "updated")]
    assert errcat("build", cwd=built).returncode == 0
    (source,) = json.loads((built / "output" / "sources.json").read_text(encoding="utf-8"))
    assert source["retrieved_at"].startswith("20")


def test_missing_page_is_unavailable_and_the_old_one_stays(built: Path, server: str) -> None:
    _Pages.pages = {}
    write_source(built / "raw", spec=SPEC.replace("url =", f'download = "{server}/errors"\nurl ='))
    done = errcat("fetch", "--allow-private", "127.0.0.1", "--json", cwd=built)
    assert done.returncode == 3
    assert json.loads(done.stdout)[0]["status"] == "source_unavailable"
    assert (built / "raw" / "acme.txt").read_text(encoding="utf-8") == PAGE


def test_source_without_an_address_is_told_how_to_go_on(built: Path) -> None:
    done = errcat("fetch", "acme", cwd=built)
    assert done.returncode == 1
    assert "errcat update SOURCE FILE" in done.stdout


CODES = "| 3001 | Order not found |\n| 3002 | Order is on its way |\n| 3003 | Order not paid yet |\n| 3004 | Order was sent back |\n"


def test_table_that_one_version_shows_to_document_codes_does_so_in_the_other(tmp_path: Path) -> None:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(f"# Error codes\n\n## Orders\n\n| Value | Meaning |\n|---|---|\n{CODES}", encoding="utf-8")
    new.write_text(f"# Reference\n\n## Orders\n\n| Value | Meaning |\n|---|---|\n{CODES}| 3005 | Order lost |\n", encoding="utf-8")
    alone = errcat("extract", str(new), cwd=tmp_path)
    assert "0 records" in alone.stderr
    done = errcat("diff", str(old), str(new), cwd=tmp_path)
    assert "page: 4 -> 5 records\n  1 added\n    3005: Order lost\n" in done.stdout
    assert "new.md: markdown, 5 records, confidence 0." in done.stderr


PAIRS = sorted(path.parent for path in (SHARED / "updates").glob("*/truth.json"))
COMPARED = {"name", "message", "description", "resolution", "http_status", "error_type"}


@pytest.mark.skipif(not PAIRS, reason=f"no real updates in {SHARED / 'updates'}")
@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.name)
def test_real_update_read_without_a_spec_gives_the_true_changes(pair: Path) -> None:
    truth = json.loads((pair / "truth.json").read_text(encoding="utf-8"))
    before, after = (str(next(pair.glob(f"{version}.*"))) for version in ("old", "new"))
    old, new = (version.rows for version in load_versions(before, after, out=ROOT / "output"))
    codes = [row["code"] for row in new]
    added, removed, changed = set(), set(), set()
    old_codes: dict[Any, Any] = {row["id"]: row["code"] for row in old}
    for change in compare_records(old, new).changes:
        if change.kind in {"added", "renumbered"}:
            added.add(change.code)
        if change.kind in {"withdrawn", "renumbered"}:
            removed.add(old_codes[change.old_id])
        if change.kind not in {"added", "withdrawn", "renumbered"} and codes.count(change.code) == 1:
            changed |= {(change.code, field.field) for field in change.fields if field.field in COMPARED and field.kind != "cosmetic"}
    assert added == set(truth["added"])
    assert removed == set(truth["removed"])
    true_changes = {(change["code"], change["field"]) for change in truth["changed"]}
    only_space = {(change["code"], change["field"]) for change in truth["changed"] if not _differs(change)}
    assert changed - only_space == true_changes - only_space


def _differs(change: dict[str, Any]) -> bool:
    """White space never decides between readings of a page by two readers."""
    return "".join(str(change["old"]).split()) != "".join(str(change["new"]).split()) or change["old"] is None or change["new"] is None
