"""Fetching pages from a real HTTP server on loopback that behaves well or badly. The pages are invented."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import FetchError
from etl.fetch import FetchResult, fetch, parse_retry_after
from etl.fetch.http import FetchOptions, is_public, parse_url
from etl.fetch.page import find_fault
from etl.files import replace_file

OLD = b"# Errors\n\n| 1 | Old |\n"
NEW = b"# Errors\n\n| 1 | New |\n| 2 | Added |\n"
NOON = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)

Answer = Callable[[BaseHTTPRequestHandler], None]


def say(body: bytes = NEW, *, status: int = 200, **headers: str) -> Answer:
    """An answer with a right Content-Length; header names are written with `_` for `-`."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Type": "text/plain; charset=utf-8", "Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def say_raw(*pieces: bytes) -> Answer:
    """Bytes as they are, then the end of the connection."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
        handler.close_connection = True

    return answer


def redirect(to: str, status: int = 302) -> Answer:
    return say(b"", status=status, Location=to)


@dataclass
class Site:
    """A web server: what it answers per path (the last answer again and again), what it was asked, and its port."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/errors.md"

    def serve(self, *answers: Answer, path: str = "/errors.md") -> None:
        self.answers[path] = list(answers)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append((handler.path, {name.lower(): value for name, value in handler.headers.items()}))
        waiting = self.answers.get(handler.path, [say(b"nothing here", status=404)])
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(handler)


def start(site: Site, context: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                site.answer(self)
            except OSError:  # the client has gone, as some of these tests want
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in http.server
            """Nothing: the test's output is the test's."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    server = start(served)
    yield served
    served.closing.set()
    server.shutdown()
    server.server_close()


@dataclass
class Folder:
    """A folder with a document, fetched by a clock that stands still and pauses that are only noted."""

    path: Path
    pauses: list[float] = field(default_factory=list)

    @property
    def document(self) -> Path:
        return self.path / "errors.md"

    @property
    def sidecar(self) -> Path:
        return self.path / "errors.fetch.json"

    def fetch(self, url: str, *, at: datetime = NOON, **options: Any) -> FetchResult:
        given = replace(FetchOptions(private_hosts=("127.0.0.1",), read_timeout=5.0, connect_timeout=5.0, attempts=1), **options)
        return fetch(
            url, into=self.document, sidecar=self.sidecar, options=given, now=lambda: at, sleep=self.pauses.append, jitter=lambda: 1.0
        )

    def holds(self) -> dict[str, tuple[bytes, int]]:
        return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.path.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "errors.md").write_bytes(OLD)
    return Folder(tmp_path)


# --- what goes well ------------------------------------------------------------------------------------------------


def test_changed_page_replaces_the_document_and_is_described_beside_it(site: Site, folder: Folder) -> None:
    site.serve(say(ETag='"v2"', Last_Modified="Tue, 03 Mar 2026 10:00:00 GMT"))
    result = folder.fetch(site.url)
    assert (result.status, result.retrieved_at, result.final_url) == ("updated", "2026-03-04T12:00:00Z", site.url)
    assert folder.document.read_bytes() == NEW
    assert json.loads(folder.sidecar.read_text(encoding="utf-8")) == {
        "url": site.url, "final_url": site.url, "etag": '"v2"', "last_modified": "Tue, 03 Mar 2026 10:00:00 GMT",
        "content_type": "text/plain; charset=utf-8", "sha256": result.sha256, "bytes": len(NEW), "retrieved_at": "2026-03-04T12:00:00Z",
    }  # fmt: skip
    assert sorted(folder.holds()) == ["errors.fetch.json", "errors.md"]


def test_first_fetch_makes_the_document(site: Site, tmp_path: Path) -> None:
    site.serve(say())
    assert Folder(tmp_path).fetch(site.url).status == "updated"
    assert (tmp_path / "errors.md").read_bytes() == NEW


def test_request_says_who_asks_and_sends_no_credentials(site: Site, folder: Folder) -> None:
    site.serve(say())
    folder.fetch(site.url)
    (_, headers), = site.asked  # fmt: skip
    assert headers["user-agent"].startswith("errcat/")
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert headers["accept-encoding"] == "gzip"
    assert not {"authorization", "cookie", "proxy-authorization"} & set(headers)


def test_not_modified_changes_nothing_at_all(site: Site, folder: Folder) -> None:
    site.serve(say(ETag='"v2"', Last_Modified="Tue, 03 Mar 2026 10:00:00 GMT"), say(b"", status=304))
    first = folder.fetch(site.url)
    before = folder.holds()
    second = folder.fetch(site.url, at=NOON + timedelta(days=1))
    assert second.status == "unchanged"
    assert (second.retrieved_at, second.sha256) == (first.retrieved_at, first.sha256)
    assert folder.holds() == before
    asked = site.asked[-1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v2"', "Tue, 03 Mar 2026 10:00:00 GMT")


def test_same_bytes_again_change_nothing_at_all(site: Site, folder: Folder) -> None:
    site.serve(say(), say(ETag='"other"'))
    folder.fetch(site.url)
    before = folder.holds()
    result = folder.fetch(site.url, at=NOON + timedelta(days=1))
    assert (result.status, result.retrieved_at) == ("unchanged", "2026-03-04T12:00:00Z")
    assert folder.holds() == before


def test_document_put_there_by_hand_keeps_its_bytes_and_gets_its_sidecar(site: Site, folder: Folder) -> None:
    site.serve(say(OLD, ETag='"v1"'))
    before = folder.holds()
    assert folder.fetch(site.url).status == "unchanged"
    assert folder.holds()["errors.md"] == before["errors.md"]
    assert json.loads(folder.sidecar.read_text(encoding="utf-8"))["etag"] == '"v1"'


@pytest.mark.parametrize("spoil", ["edited document", "other url", "damaged sidecar", "sidecar of odd values"])
def test_sidecar_of_something_else_is_not_believed(site: Site, folder: Folder, spoil: str) -> None:
    site.serve(say(ETag='"v2"'))
    folder.fetch(site.url)
    kept = json.loads(folder.sidecar.read_text(encoding="utf-8"))
    if spoil == "edited document":
        folder.document.write_bytes(OLD)
    elif spoil == "other url":
        folder.sidecar.write_text(json.dumps(kept | {"url": "http://127.0.0.1/other"}), encoding="utf-8")
    elif spoil == "damaged sidecar":
        folder.sidecar.write_bytes(b"{")
    else:
        folder.sidecar.write_text(json.dumps(kept | {"etag": ["x"]}), encoding="utf-8")
    assert folder.fetch(site.url).status == ("updated" if spoil == "edited document" else "unchanged")
    assert "if-none-match" not in site.asked[-1][1]
    assert folder.document.read_bytes() == NEW
    assert json.loads(folder.sidecar.read_text(encoding="utf-8")) == kept


def test_not_modified_that_was_not_asked_for_is_a_failure(site: Site, folder: Folder) -> None:
    site.serve(say(b"", status=304))
    assert folder.fetch(site.url).status == "failed"
    assert folder.document.read_bytes() == OLD


def test_chunked_page_is_read_whole(site: Site, folder: Folder) -> None:
    pieces = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (NEW[:7], NEW[7:]))
    site.serve(say_raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n", pieces, b"0\r\n\r\n"))
    assert folder.fetch(site.url).status == "updated"
    assert folder.document.read_bytes() == NEW


@pytest.mark.parametrize("packed", [gzip.compress(NEW), gzip.compress(NEW[:9]) + gzip.compress(NEW[9:])], ids=["one", "two"])
def test_packed_page_is_unpacked(site: Site, folder: Folder, packed: bytes) -> None:
    site.serve(say(packed, Content_Encoding="gzip"))
    assert folder.fetch(site.url).status == "updated"
    assert folder.document.read_bytes() == NEW


def test_large_page_comes_whole(site: Site, folder: Folder) -> None:
    page = b"| 1 | A long page |\n" * 100_000
    site.serve(say(page), say(gzip.compress(page), Content_Encoding="gzip"))
    assert folder.fetch(site.url).status == "updated"
    assert folder.document.read_bytes() == page
    assert folder.fetch(site.url).message == "the same bytes"


def test_redirect_is_followed_and_a_move_for_good_is_told(site: Site, folder: Folder) -> None:
    site.serve(redirect("/new.md", 301))
    site.serve(say(), path="/new.md")
    result = folder.fetch(site.url)
    there = f"http://127.0.0.1:{site.port}/new.md"
    assert (result.status, result.final_url) == ("updated", there)
    assert f"moved for good to {there}" in result.message


def test_redirect_for_now_is_no_move(site: Site, folder: Folder) -> None:
    site.serve(redirect("/now.md", 302))
    site.serve(redirect("/new.md", 301), path="/now.md")
    site.serve(say(), path="/new.md")
    result = folder.fetch(site.url)
    assert result.status == "updated"
    assert "moved" not in result.message


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/xhtml+xml"])
def test_page_of_html_is_taken_where_html_is_wanted(site: Site, folder: Folder, content_type: str) -> None:
    site.serve(say(b"<!doctype html><title>Errors</title><p>1 Old", Content_Type=content_type))
    assert folder.fetch(site.url, content="html").status == "updated"


# --- faults that pass ----------------------------------------------------------------------------------------------


def test_server_error_that_passes_is_tried_again_after_growing_pauses(site: Site, folder: Folder) -> None:
    site.serve(say(b"", status=500), say(b"", status=503), say(b"", status=502), say())
    assert folder.fetch(site.url, attempts=4).status == "updated"
    assert folder.pauses == [1.0, 2.0, 4.0]


def test_chance_halves_a_pause_at_most(site: Site, folder: Folder) -> None:
    site.serve(say(b"", status=500), say())
    pauses: list[float] = []
    options = FetchOptions(private_hosts=("127.0.0.1",), backoff=8.0)
    fetch(site.url, into=folder.document, sidecar=folder.sidecar, options=options, sleep=pauses.append, jitter=lambda: 0.0)
    assert pauses == [4.0]


@pytest.mark.parametrize("asked", ["7", "Wed, 04 Mar 2026 12:00:07 GMT"])
@pytest.mark.parametrize("status", [429, 503])
def test_pause_that_the_server_asks_for_is_kept(site: Site, folder: Folder, status: int, asked: str) -> None:
    site.serve(say(b"", status=status, Retry_After=asked), say())
    assert folder.fetch(site.url, attempts=2).status == "updated"
    assert folder.pauses == [7.0]


def test_server_that_asks_for_a_long_pause_is_not_asked_again(site: Site, folder: Folder) -> None:
    site.serve(say(b"", status=429, Retry_After="3600"))
    result = folder.fetch(site.url, attempts=4)
    assert result.status == "failed"
    assert "3600 seconds" in result.message
    assert (folder.pauses, len(site.asked)) == ([], 1)


def test_pause_past_the_deadline_is_not_begun(site: Site, folder: Folder) -> None:
    site.serve(say(b"", status=503, Retry_After="50"))
    assert folder.fetch(site.url, attempts=4, deadline=20.0).status == "failed"
    assert folder.pauses == []


def test_server_error_that_stays_is_a_failure(site: Site, folder: Folder) -> None:
    site.serve(say(b"", status=500))
    result = folder.fetch(site.url, attempts=3)
    assert result.status == "failed"
    assert "HTTP 500, in 3 attempts" in result.message
    assert len(site.asked) == 3
    assert folder.holds().keys() == {"errors.md"}


def test_connection_refused_is_tried_again(folder: Folder) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port, nobody answers
        result = folder.fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/", attempts=3)
    assert result.status == "failed"
    assert folder.pauses == [1.0, 2.0]


def test_page_cut_short_once_is_got_whole_the_second_time(site: Site, folder: Folder) -> None:
    site.serve(say(NEW[:9], Content_Length=str(len(NEW)), Connection="close"), say())
    assert folder.fetch(site.url, attempts=2).status == "updated"
    assert folder.document.read_bytes() == NEW


# --- answers that must not replace the document --------------------------------------------------------------------

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
PACKED = gzip.compress(NEW * 50)
NOTHING_PACKED = b"%x\r\n%b\r\n0\r\n\r\n" % (10_000, gzip.compress(b"", mtime=0) * 500)


def wait_until_closed(site: Site) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(HEAD + b"Content-Length: 99\r\n\r\nbegun")
        site.closing.wait(20)
        handler.close_connection = True

    return answer


def drip(site: Site, head: bytes) -> Answer:
    """A byte now and then, for as long as anybody listens: no pause between two bytes is ever long."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        while not site.closing.wait(0.02):
            handler.wfile.write(b"x")
        handler.close_connection = True

    return answer


@pytest.mark.parametrize(
    ("answer", "status", "told"),
    [
        (say(status=404), "source_unavailable", "no such page (HTTP 404)"),
        (say(status=410), "source_unavailable", "HTTP 410"),
        (say(status=401), "source_unavailable", "HTTP 401"),
        (say(status=403), "source_unavailable", "HTTP 403"),
        (say(status=204), "failed", "HTTP 204"),
        (say(status=206), "failed", "HTTP 206"),
        (say(status=400), "failed", "HTTP 400"),
        (say(status=302), "failed", "HTTP 302"),
        (say(b""), "source_unavailable", "an empty page"),
        (say(b" \r\n\t\n"), "source_unavailable", "an empty page"),
        (say(b"\xff\xfe"), "source_unavailable", "an empty page"),
        (say(b"<title>Errors</title><i></i><script>run()</script>", Content_Type="text/html"), "source_unavailable", "runs its scripts"),
        (say(b"<!-- Errors --><style>p {}</style ><p>&nbsp;", Content_Type="text/html"), "source_unavailable", "an empty page"),
        (say(b"<noscript>Switch on JavaScript", Content_Type="text/html"), "source_unavailable", "an empty page"),
        (say(b"<p>Hello<form><input name=p type='PASSWORD'>", Content_Type="text/html"), "source_unavailable", "asks for a password"),
        (say(b"<!DOCTYPE html><p>Hello<input type=password>"), "source_unavailable", "asks for a password"),
        (say(b"<p>An error page", Content_Type="text/html"), "failed", "content of type text/html, not text"),
        (say(b"PK\x03\x04", Content_Type="application/zip"), "failed", "application/zip"),
        (say(b"\x89PNG", Content_Type="image/png"), "failed", "image/png"),
        (say(b"PK\x03\x04\x00\x00 and more"), "failed", "binary content"),
        (say_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "failed", "content of type unknown"),
        (say(NEW[:9], Content_Length=str(len(NEW)), Connection="close"), "failed", "broke off"),
        (say(NEW, Content_Length=str(len(NEW) - 3), Connection="close"), "failed", "broke off"),
        (say(NEW * 9_000, Content_Length=str(len(NEW) * 9_000 - 3), Connection="close"), "failed", "broke off"),
        (say_raw(HEAD + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nhello"), "failed", "broke off"),
        (say_raw(HEAD + b"\r\nhello"), "failed", "does not say how long"),
        (say_raw(HEAD + b"Content-Length: many\r\n\r\nhello"), "failed", "does not say how long"),
        (say_raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"), "failed", "broke off"),
        (say_raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), "failed", "broke off"),
        (say_raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nmany\r\nhello\r\n"), "failed", "broke off"),
        (say_raw(HEAD + b"Content-"), "failed", "does not say how long"),
        (say_raw(b"hello, this is no HTTP\r\n"), "failed", "broke off"),
        (say_raw(), "failed", "broke off"),
        (say(PACKED[:-6], Content_Encoding="gzip"), "failed", "has no end"),
        (say(b"no gzip at all", Content_Encoding="gzip"), "failed", "broke off"),
        (say(PACKED, Content_Encoding="br"), "failed", "packed in a way"),
        (say(gzip.compress(PACKED), Content_Encoding="gzip, gzip"), "failed", "packed in a way"),
        (say(b"x" * 5_001), "failed", "too large"),
        (say_raw(HEAD + b"Content-Length: 99999999999\r\n\r\nhello"), "failed", "too large"),
        (say_raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1389\r\n" + b"x" * 5_001 + b"\r\n0\r\n\r\n"), "failed", "too large"),
        (say(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"), "failed", "too large"),
        (say_raw(HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + NOTHING_PACKED), "failed", "too large"),
        (redirect("/errors.md"), "failed", "redirects do not end"),
        (redirect("ftp://127.0.0.1/errors.md"), "failed", "cannot be fetched"),
        (redirect("file:///etc/hostname"), "failed", "cannot be fetched"),
        (redirect("http://someone:secret@127.0.0.1/"), "failed", "user name"),
        (redirect("http://localhost/"), "failed", "not a public one"),
        (redirect("http://10.0.0.1/"), "failed", "not a public one"),
        (redirect("http://169.254.169.254/latest/"), "failed", "not a public one"),
        (redirect("http://[::1]/"), "failed", "not a public one"),
        (redirect("http://[::ffff:127.0.0.1]/"), "failed", "not a public one"),
        (redirect("http://2130706433/"), "failed", "not a public one"),
        (redirect("http://0/"), "failed", "not a public one"),
        (redirect("http://[bad/"), "failed", "no URL"),
    ],
)  # fmt: skip
def test_what_is_no_whole_page_leaves_the_document_alone(site: Site, folder: Folder, answer: Answer, status: str, told: str) -> None:
    site.serve(answer)
    before = folder.holds()
    # The packed page of 50 MB has to be told by its size, the large page with a wrong length by its length.
    limit = 400_000 if told == "broke off" else 5_000
    result = folder.fetch(site.url, largest=limit)
    assert (result.status, told in result.message) == (status, True), result
    assert "secret" not in result.message
    assert folder.holds() == before
    assert len(site.asked) <= 2


def test_long_chain_of_redirects_ends(site: Site, folder: Folder) -> None:
    for number in range(9):
        site.serve(redirect(f"/{number + 1}"), path=f"/{number}")
    result = folder.fetch(f"http://127.0.0.1:{site.port}/0")
    assert result.status == "failed"
    assert "redirects do not end" in result.message
    assert len(site.asked) == 6


@pytest.mark.parametrize("path", ["/login", "/account/SignIn.aspx?back=/errors.md", "/sso/start"])
def test_redirect_to_a_login_page_says_that_the_page_is_unavailable(site: Site, folder: Folder, path: str) -> None:
    site.serve(redirect(path))
    site.serve(say(b"Welcome"), path=path)
    result = folder.fetch(site.url)
    assert (result.status, folder.document.read_bytes()) == ("source_unavailable", OLD)
    assert "login page" in result.message


def test_page_that_always_had_a_sign_in_box_is_taken(site: Site, folder: Folder) -> None:
    box = b"<form><input type=password></form>"
    folder.document.write_bytes(b"<!doctype html><p>1 Old" + box)
    site.serve(say(b"<!doctype html><p>1 New" + box, Content_Type="text/html"))
    assert folder.fetch(site.url, content="html").status == "updated"


@given(st.lists(st.sampled_from(["<p>", "<", "<!--", "<script>", "</script>", " ", "&nbsp;", "<title", "</title>"])))
def test_page_without_a_word_is_empty_however_broken(parts: list[str]) -> None:
    page = "<html>" + "".join(parts)
    fault = find_fault(page.encode(), content="html", content_type="text/html", asked="u", answered="u", previous=None)
    assert fault is not None
    assert fault.unavailable


def test_huge_broken_page_is_looked_at_in_one_pass() -> None:
    for part in (b"<", b"<!--", b"<script", b"<input type ", b"</", b"<title>"):
        page = b"<html>" + part * 200_000
        assert find_fault(page, content="html", content_type="text/html", asked="u", answered="u", previous=page) is not None


def test_server_that_falls_silent_is_given_up(site: Site, folder: Folder) -> None:
    site.serve(wait_until_closed(site))
    result = folder.fetch(site.url, read_timeout=0.1, connect_timeout=60.0)
    assert (result.status, sorted(folder.holds())) == ("failed", ["errors.md"])
    assert "Read timed out" in result.message


@pytest.mark.parametrize(
    "head",
    [HEAD + b"X-Slow: ", HEAD + b"Content-Length: 9999999\r\n\r\n", HEAD + b"Connection: close\r\nContent-Length: 9999999\r\n\r\n"],
    ids=["header", "body", "closing body"],
)
def test_server_that_drips_is_ended_at_the_deadline(site: Site, folder: Folder, head: bytes) -> None:
    site.serve(drip(site, head))
    result = folder.fetch(site.url, deadline=0.4, attempts=4)
    assert (result.status, folder.document.read_bytes()) == ("failed", OLD)
    assert "deadline" in result.message
    assert folder.pauses == []


def test_loopback_is_refused_unless_allowed(site: Site, folder: Folder) -> None:
    site.serve(say())
    result = folder.fetch(site.url, private_hosts=())
    assert result.status == "failed"
    assert "--allow-private 127.0.0.1" in result.message
    assert site.asked == []


@pytest.mark.parametrize("url", ["ftp://example.org/a", "file:///etc/passwd", "errors.md", "http://", "http://user@example.org/", "http://[1/"])
def test_other_urls_are_refused(folder: Folder, url: str) -> None:
    assert folder.fetch(url).status == "failed"
    with pytest.raises(FetchError):
        parse_url(url)


def test_folder_that_is_not_there_is_an_error(site: Site, tmp_path: Path) -> None:
    site.serve(say())
    with pytest.raises(FetchError, match="cannot be written"):
        Folder(tmp_path / "missing").fetch(site.url)


def test_file_is_replaced_with_its_mode_and_without_leftovers(tmp_path: Path) -> None:
    path = tmp_path / "errors.md"
    path.write_bytes(OLD)
    path.chmod(0o640)
    replace_file(path, NEW)
    assert (path.read_bytes(), path.stat().st_mode & 0o777, len(list(tmp_path.iterdir()))) == (NEW, 0o640, 1)
    with pytest.raises(OSError, match="errors"):
        replace_file(tmp_path / "errors.md" / "below.md", NEW)
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        replace_file(tmp_path / "folder", NEW)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["errors.md", "folder"]


# --- addresses and certificates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "255.255.255.255",
        "240.0.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::8b2c", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def resolve_once(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    """Let `name` be 127.0.0.1 for the first who asks, and an address that refuses for all others; says who asked."""
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def answer(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == name:
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "127.255.255.254"
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_name_is_resolved_once_and_that_address_is_asked(site: Site, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolve_once(monkeypatch, "pages.example")
    site.serve(say())
    result = folder.fetch(f"http://pages.example:{site.port}/errors.md", private_hosts=("pages.example",))
    assert (result.status, asked) == ("updated", ["pages.example"])
    assert site.asked[0][1]["host"] == f"pages.example:{site.port}"


def test_name_of_a_private_address_is_refused(site: Site, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_once(monkeypatch, "pages.example")
    site.serve(redirect(f"http://pages.example:{site.port}/inner.md"))
    result = folder.fetch(site.url)
    assert result.status == "failed"
    assert "pages.example is 127.0.0.1" in result.message


@pytest.fixture
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """A site with a certificate for pages.example, and the authority that signed it."""
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("pages.example").configure_cert(context)
    ca_file = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    served = Site()
    server = start(served, context)
    yield served, ca_file
    server.shutdown()
    server.server_close()


def test_certificate_is_checked_against_the_name_not_the_address(
    secure: tuple[Site, Path], folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, ca_file = secure
    site.serve(say())
    hosts = ("pages.example", "other.example", "127.0.0.1")
    resolve_once(monkeypatch, "pages.example")
    good = folder.fetch(f"https://pages.example:{site.port}/errors.md", private_hosts=hosts, ca_file=ca_file)
    assert good.status == "updated"
    for host, trusted in (("other.example", ca_file), ("127.0.0.1", ca_file), ("pages.example", None)):
        monkeypatch.undo()
        resolve_once(monkeypatch, host if host.endswith("example") else "unasked.example")
        result = folder.fetch(f"https://{host}:{site.port}/errors.md", private_hosts=hosts, ca_file=trusted)
        assert result.status == "failed"
        assert "certificate is not to be trusted" in result.message


def test_redirect_from_https_to_http_is_refused(secure: tuple[Site, Path], folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    site, ca_file = secure
    site.serve(redirect("http://127.0.0.1/errors.md"))
    resolve_once(monkeypatch, "pages.example")
    hosts = ("pages.example", "127.0.0.1")
    result = folder.fetch(f"https://pages.example:{site.port}/errors.md", private_hosts=hosts, ca_file=ca_file)
    assert result.status == "failed"
    assert "leaves https" in result.message


# --- Retry-After ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Wed, 04 Mar 2026 12:01:00 GMT", 60.0),
        ("Wednesday, 04-Mar-26 12:01:00 GMT", 60.0),
        ("Wed, 04 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOON) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_a_pause_or_none(value: str) -> None:
    pause = parse_retry_after(value, NOON)
    assert pause is None or pause >= 0.0
