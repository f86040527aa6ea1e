"""Pages of docs/ that show a walk: their files are written, their commands run, and what these print is what the page says.

    <!-- file: raw/acme.md -->      the next block is written to this file
    ```markdown
    …
    ```
    ```diff                         changes of a file: what stands there once is replaced, `@@` parts several
    --- raw/acme.md
    -| A1 | No |
    +| A1 | Never |
    ```
    ```console                      commands, each with what it prints
    $ errcat build
    …
    ```
    <!-- start: other.md -->        the walk goes on where that page's walk ends
    <!-- serve: vendor -->          from here on the folder is served at the address that the page names

After a change of what is printed, `python -m tests.walk docs/updating.md` runs the walk and writes its outputs into the page.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"

_BLOCK = re.compile(
    r"<!-- (?P<order>start|serve): (?P<operand>\S+) -->|"
    r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_PORT = "48765"
"""The port at which the pages let the vendor be served; a free one stands for it here."""
_SECONDS = re.compile(r"\d+\.\d\d$", re.MULTILINE)
"""How long a source took, at the end of its row."""


def replay(page: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Do in `folder` all that the page says; each command with its output as printed now, in order."""
    environment = prepare(folder)
    with contextlib.ExitStack() as open_servers:
        port = _PORT
        for block in _BLOCK.finditer(page):
            text = (block["text"] or "").replace(_PORT, port)
            if block["order"] == "start":
                for _ in replay((DOCS / block["operand"]).read_text(encoding="utf-8"), folder):
                    pass
            elif block["order"] == "serve":
                port = open_servers.enter_context(_serve(folder / block["operand"]))
            elif block["file"] is not None:
                _write(folder / block["file"], text)
            elif block["language"] == "diff":
                _apply(text, folder)
            elif block["language"] == "console":
                for command, _ in split_commands(text):
                    done = subprocess.run(
                        ["sh", "-c", command], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                        encoding="utf-8", check=False,
                    )  # fmt: skip
                    yield command.replace(port, _PORT), done.stdout.replace(port, _PORT)


@contextlib.contextmanager
def _serve(folder: Path) -> Iterator[str]:
    """The port at which a server of this machine gives the files of `folder`."""

    class Files(SimpleHTTPRequestHandler):
        def guess_type(self, path: object) -> str:  # noqa: ARG002 - every file is the page
            return "text/markdown; charset=utf-8"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield str(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _write(target: Path, text: str) -> None:
    """Write a file; one that was there is seconds younger afterwards, as by a person's hand, since servers tell versions by the second."""
    before = target.stat().st_mtime if target.exists() else None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    if before is not None:
        os.utime(target, (before + 10, before + 10))


def _apply(patch: str, folder: Path) -> None:
    head, _, body = patch.partition("\n")
    target = folder / head.removeprefix("--- ")
    text = target.read_text(encoding="utf-8")
    for hunk in body.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        if text.count(old) != 1:
            raise ValueError(f"{target.name} holds this {text.count(old)} times:\n{old}")
        text = text.replace(old, new)
    _write(target, text)


def split_commands(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)[1:]
    return [(parts[place], parts[place + 1].rstrip("\n")) for place in range(0, len(parts), 2)]


def read_commands(page: str) -> list[tuple[str, str]]:
    """All commands of a page with the outputs that it shows."""
    return [pair for block in _BLOCK.finditer(page) if block["language"] == "console" for pair in split_commands(block["text"])]


def mask(output: str) -> str:
    """An output without what differs from run to run."""
    return _SECONDS.sub("0.00", output.rstrip("\n"))


def find_stale(page: str, folder: Path) -> list[tuple[str, str, str]]:
    """The commands of the page that print something else in `folder` than it shows, each with what is printed and what is shown.

    Mend the page by hand, or by `python -m tests.walk docs/PAGE.md`.
    """
    pairs = zip(replay(page, folder), read_commands(page), strict=True)
    return [(command, mask(printed), mask(shown)) for (command, printed), (_, shown) in pairs if mask(printed) != mask(shown)]


def refresh(page: str, folder: Path) -> str:
    """The page with the outputs as they are now; those that only took another time stay."""
    outputs = iter(list(replay(page, folder)))

    def renew(block: re.Match[str]) -> str:
        if block["language"] != "console":
            return block[0]
        shown = []
        for command, before in split_commands(block["text"]):
            now = next(outputs)[1].rstrip("\n")
            output = before if mask(now) == mask(before) else now
            shown.append(f"$ {command}\n{output}\n" if output else f"$ {command}\n")
        return f"```console\n{chr(10).join(shown)}```"

    return _BLOCK.sub(renew, page)


def prepare(folder: Path) -> dict[str, str]:
    """The environment of the commands: `errcat` is this code, `python3` this Python; git knows nobody else's settings."""
    commands = folder / ".commands"
    commands.mkdir(parents=True, exist_ok=True)
    for name, call in (("errcat", f'"{sys.executable}" -m etl'), ("python3", f'"{sys.executable}"')):
        (commands / name).write_text(f'#!/bin/sh\nexec {call} "$@"\n', encoding="utf-8")
        (commands / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name in {"HOME", "TMPDIR", "SYSTEMROOT"}}
    who = {"NAME": "A. Maintainer", "EMAIL": "maintainer@errcat.example"}
    return {
        **kept,
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()},
    }


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(name)
            path.write_text(refresh(path.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8")
