"""What people see: tables on a terminal of any width and on a pipe, and no character of a page that could act on a terminal."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.terminal import break_lines, format_table, get_width, print_table, visible
from etl.text import measure_width
from tests.making import write_source
from tests.test_cli import errcat

HEADS = ("code", "records", "text")
ROWS = [("A1", "7", "Bad name"), ("A2", "12", "The name is longer than all names that anybody here has ever seen")]
TEXTS = st.text(st.sampled_from("ab -中\u0301\n"), max_size=60)


def test_table_that_fits_is_aligned() -> None:
    assert format_table(HEADS[:2], [row[:2] for row in ROWS], right=["records"], room=40) == [
        "code  records",
        "─────────────",
        "A1          7",
        "A2         12",
    ]


def test_long_text_is_broken_between_words_on_a_terminal() -> None:
    assert format_table(HEADS, ROWS, right=["records"], room=45)[2:] == [
        "A1          7  Bad name",
        "A2         12  The name is longer than all",
        "               names that anybody here has",
        "               ever seen",
    ]


def test_terminal_too_narrow_for_the_columns_gets_a_list_of_each_row() -> None:
    assert format_table(HEADS, [("A1", "", "Bad name"), ROWS[1]], room=30) == [
        "code     A1",
        "text     Bad name",
        "",
        "code     A2",
        "records  12",
        "text     The name is longer",
        "         than all names that",
        "         anybody here has ever",
        "         seen",
    ]


def test_row_on_a_pipe_is_one_line_and_pads_no_other() -> None:
    lines = format_table(("code", "text", "line"), [("A1", "x" * 500, "1"), ("A2", "one\ntwo", "2")])
    assert [len(line) for line in lines] == [72, 72, 509, 69]
    assert lines[3].split() == ["A2", "one", "⏎", "two", "2"]


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    lines = format_table(("name", "line"), [("名前", "1"), ("e\u0301a", "2")], room=40)
    assert [line.index(number) for line, number in zip(lines[2:], "12", strict=True)] == [4, 7]
    assert {measure_width(line) for line in lines[2:]} == {7}


@given(TEXTS, st.integers(2, 30))
def test_broken_lines_fit_and_keep_the_text(text: str, room: int) -> None:
    lines = break_lines(text, room)
    assert all(measure_width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4), st.integers(30, 120))
def test_table_never_runs_over_the_terminal(rows: list[tuple[str, str, str]], room: int) -> None:
    assert all(measure_width(line) <= room for line in format_table(HEADS, rows, room=room))


def test_control_and_direction_characters_are_written_out() -> None:
    stream = io.StringIO()
    print_table(["text"], [["red \x1b[31m and \u202eturned"]], file=stream)
    assert stream.getvalue().splitlines()[2] == "red \\x1b[31m and \\u202eturned"
    assert visible("one\ntwo\tthree") == "one\ntwo\tthree"


def test_a_pipe_has_no_width() -> None:
    assert get_width(io.StringIO()) is None


def on_terminal(*arguments: str, cwd: Path, columns: int, **environment: str) -> str:
    """What `errcat` shows on a terminal of so many columns, stdout and stderr together."""
    keyboard, screen = pty.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "etl", *arguments], cwd=cwd, stdin=subprocess.DEVNULL, stdout=screen, stderr=screen,
        env={**inherited, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUTF8": "1", **environment},
    )  # fmt: skip
    os.close(screen)
    shown = b""
    while True:
        try:
            part = os.read(keyboard, 65536)
        except OSError:  # Linux says so that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(keyboard)
    assert process.wait() == 0
    return shown.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [50, 80])
def test_build_on_a_terminal_wipes_its_progress_and_keeps_to_the_width(tmp_path: Path, columns: int) -> None:
    write_source(tmp_path / "raw")
    shown = on_terminal("check", cwd=tmp_path, columns=columns, TERM="xterm-256color", NO_COLOR="1")
    progress, table = shown.rsplit("\r", 1)
    assert progress.startswith("\rreading acme …")
    assert "\x1b" not in shown
    assert table.split()[:2] == (["source", "status"] if columns == 80 else ["source", "acme"])
    assert max(map(len, table.splitlines())) <= columns


def test_errors_stand_behind_what_was_printed_before_them(tmp_path: Path) -> None:
    write_source(tmp_path / "raw", page=b"")
    done = subprocess.run(
        [sys.executable, "-m", "etl", "check"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.stdout.startswith("source")
    assert done.stdout.index("failed") < done.stdout.index("errcat: acme.txt: the document is empty")


def test_output_for_programs_is_utf_8_in_any_locale(tmp_path: Path) -> None:
    write_source(tmp_path / "raw")
    assert errcat("build", cwd=tmp_path, PYTHONIOENCODING="latin-1").returncode == 0
    assert "100 … 201" in errcat("sources", cwd=tmp_path, PYTHONIOENCODING="ascii").stdout
