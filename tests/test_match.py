"""Finding documented codes and messages in logs and answers of APIs."""

from __future__ import annotations

import io
import json
import pydoc_data.topics
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.catalogue import load_rows
from etl.cli import main
from etl.errors import CatalogueError
from etl.match import Matcher, Shown, load_matcher, match_lines
from etl.match.lines import OVERLAP, PIECE, read_blocks
from etl.match.search import match_whole
from etl.match.templates import read_templates
from tests.published import Row, record, write_catalogue
from tests.schemas.catalogue import make_source

ROOT = Path(__file__).parent.parent
OUTPUT = ROOT / "output"

RECORDS = [
    record("AB400-XY-0001", message="[Field name] is mandatory."),
    record("AB400-XY-0002", message="Field: [field name] not allowed to update."),
    record("AB400-XY-0003", message="Missing [attribute] in [policy name] policy."),
    record("AB400-XY-0004", message="Conflict."),
    record("AB400-XY-0005", message="The box [box name] does not exist on this node."),
    record("AB400-XY-0006", message="The box [box] does not exist on this node."),
    record(
        "AB400-XY-0007",
        message="Various. For example:\n- Missing limit in [policy] rules\n- Invalid [field] limit in [policy] rules",
        flags=["editorial_text"],
    ),
    record("AB400-XY-0008", message="Request contains a wrong field or value - {\\[field name]"),
    record("4711", source="bolt", name="MAILBOX_FULL", message="user does not exist"),
    record("4712", source="bolt", name="Expired", message="the address of the account cannot be found"),
    record("56", source="bolt", name="NoSuchBox", message=None),
]


def make_matcher(records: list[Row], *, placeholders: list[str] | None = None, only: list[str] | None = None) -> Matcher:
    names = {row["source"]: row for row in records}
    syntaxes = ["brackets"] if placeholders is None else placeholders
    sources = [make_source(source=name, vendor=row["vendor"], product=row["product"], placeholders=syntaxes) for name, row in names.items()]
    return Matcher(records, sources, only=only or [])


MATCHER = make_matcher(RECORDS)


def codes(shown: tuple[Shown, ...]) -> list[str]:
    return [found.record["code"] for found in shown]


def best(shown: tuple[Shown, ...]) -> list[str]:
    return [found.record["code"] for found in shown if found.best]


# Templates.


def test_a_template_is_matched_backwards_to_its_parameter() -> None:
    (found,) = make_matcher(RECORDS, only=["acme"]).match("accountName is mandatory.")
    assert (found.record["code"], found.parameters) == ("AB400-XY-0001", (("[Field name]", "accountName"),))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Field: serviceDate not allowed to update.", "serviceDate"),
        ("2026-11-21 09:00:01,123 ERROR [main] c.a.Client - Field: serviceDate not allowed to update.", "serviceDate"),
        ('{"code": 400, "message": "Field: serviceDate not allowed to update.", "id": 7}', "serviceDate"),
        ('{"message":"Field: \\"start\\" date not allowed to update."}', '"start" date'),
        ("<Message>Field: a &lt; b not allowed to update.</Message>", "a < b"),
        ("   Field:  service   date  not allowed to update.  ", "service date"),
        ("then Field: serviceDate not allowed to update. And so on", "serviceDate"),
    ],
)
def test_a_message_is_found_wherever_logs_and_answers_put_it(line: str, value: str) -> None:
    (found,) = MATCHER.match(line)
    assert (found.record["code"], found.parameters) == ("AB400-XY-0002", (("[field name]", value),))


def test_all_places_of_a_message_in_one_answer_are_found() -> None:
    shown = MATCHER.match('{"errors": ["Field: a not allowed to update.", "Field: b not allowed to update."]}')
    assert [found.parameters[0][1] for found in shown] == ["a", "b"]


def test_equal_matches_are_all_named_as_best() -> None:
    shown = MATCHER.match("The box main does not exist on this node.")
    assert [(found.record["code"], found.parameters, found.best) for found in shown] == [
        ("AB400-XY-0005", (("[box name]", "main"),), True),
        ("AB400-XY-0006", (("[box]", "main"),), True),
    ]


def test_the_code_beside_a_message_tells_equal_messages_apart() -> None:
    shown = MATCHER.match('{"code": "AB400-XY-0006", "message": "The box main does not exist on this node."}')
    assert best(shown) == ["AB400-XY-0006"]
    assert codes(shown) == ["AB400-XY-0006", "AB400-XY-0005"]
    assert shown[0].evidence == ("code", "message")


@pytest.mark.parametrize(
    ("line", "parameters"),
    [
        ("Missing limit in P1 rules", (("[policy]", "P1"),)),
        ("Invalid lower limit in P1 rules", (("[field]", "lower"), ("[policy]", "P1"))),
    ],
)
def test_each_list_item_is_a_message_of_its_own(line: str, parameters: tuple[tuple[str, str], ...]) -> None:
    (found,) = MATCHER.match(line)
    assert (found.record["code"], found.parameters) == ("AB400-XY-0007", parameters)


def test_the_words_before_the_items_are_no_message() -> None:
    assert make_matcher(RECORDS, only=["acme"]).match("Various. For example:") == ()


@pytest.mark.parametrize("value", ["accountName", "{accountName}", "{\\accountName"])
def test_an_escape_that_a_page_kept_is_not_asked_for(value: str) -> None:
    (found,) = MATCHER.match(f"Request contains a wrong field or value - {value}")
    assert found.record["code"] == "AB400-XY-0008"
    assert "accountName" in found.parameters[0][1]


@pytest.mark.parametrize("line", ["An unknown property 'Box' was found in {1}.", "An unknown property ''Box'' was found in 'x'."])
def test_doubled_quotes_are_read_as_java_does_and_as_printed(line: str) -> None:
    matcher = make_matcher([record("1", message="An unknown property ''{0}'' was found in '{1}'.")], placeholders=["messageformat"])
    (found,) = matcher.match(line)
    assert found.parameters[0] == ("{0}", "Box")


def test_percent_signs_are_read_as_c_does() -> None:
    matcher = make_matcher([record("1", message="The disk %s is %d%% full now.")], placeholders=["percent"])
    (found,) = matcher.match("The disk sda1 is 97% full now.")
    assert found.parameters == (("%s", "sda1"), ("%d", "97"))


def test_neighbouring_placeholders_share_a_value() -> None:
    (template,) = read_templates("value {a}{b} is wrong", ["braces"])
    assert template.parameters == ("{a}{b}",)


def test_remarks_on_a_message_are_not_asked_for() -> None:
    (template,) = read_templates("You may not do that [the account is locked]", [], editorial=True)
    assert template.text == "You may not do that"
    assert read_templates("[This code is for an error in the request.]", [], editorial=True) == ()


def test_scripts_without_spaces_are_matched() -> None:
    matcher = make_matcher([record("1", message="文件{name}不存在或者已删除。")], placeholders=["braces"])
    for line in ("错误:文件a.txt不存在或者已删除。", json.dumps({"m": "文件a.txt不存在或者已删除。"})):
        (found,) = matcher.match(line)
        assert found.parameters == (("{name}", "a.txt"),)


# What is not enough.


@pytest.mark.parametrize("line", ["Conflict.", "accountName is mandatory.", "ERROR Conflict."])
def test_few_words_match_nothing_without_a_source(line: str) -> None:
    assert MATCHER.match(line) == ()


def test_few_words_match_with_a_source_as_the_whole_line_only() -> None:
    matcher = make_matcher(RECORDS, only=["acme"])
    assert codes(matcher.match("Conflict.")) == ["AB400-XY-0004"]
    assert matcher.match("There was a Conflict. today") == ()
    assert matcher.match('{"message": "Conflict."}') == ()


def test_a_template_without_words_matches_with_a_source_as_the_whole_line_only() -> None:
    matcher = make_matcher([record("1", message='["{0}","{1}"...]')], placeholders=["messageformat"], only=["acme"])
    (line,) = match_lines(io.BytesIO(b'x\n  ["a","b"...]\ny ["a","b"...]\n'), matcher)
    assert (line.number, line.shown[0].parameters) == (2, (("{0}", "a"), ("{1}", "b")))


@pytest.mark.parametrize(
    "line",
    [
        "useradd: user does not exist",
        "The user does not exist in our records, so we made one.",
        "He spoke of Missing persons in his policy.",
        "field: x not allowed to update.",
        "Field: x is not allowed to update",
    ],
)
def test_a_few_words_inside_prose_are_no_message(line: str) -> None:
    assert MATCHER.match(line) == ()


def test_a_vendor_in_the_line_makes_a_short_message_believed() -> None:
    assert codes(MATCHER.match("useradd via Bolt Gateway: user does not exist")) == ["4711"]


# Codes.


def test_a_distinctive_code_speaks_for_itself() -> None:
    (found,) = MATCHER.match("request 17 ended with AB400-XY-0004, see above")
    assert (found.record["code"], found.evidence, found.message) == ("AB400-XY-0004", ("code",), None)


@pytest.mark.parametrize("text", ["AB400-XY-00041", "XAB400-XY-0004", "AB400-XY-0004-17", "ab400-xy-0004"])
def test_a_part_of_a_longer_code_is_none(text: str) -> None:
    assert MATCHER.match(f"saw {text} here") == ()


def test_a_code_that_two_sources_have_needs_evidence() -> None:
    matcher = make_matcher([record("AB400-XY-0004"), record("AB400-XY-0004", source="bolt")])
    assert matcher.match("code AB400-XY-0004") == ()
    assert [found.record["source"] for found in matcher.match("bolt: code AB400-XY-0004")] == ["bolt"]


@pytest.mark.parametrize(
    "text",
    ['"code": 56', '"errorCode":"56"', "<Status>56</Status>", "error 56", "status=0x38", "code (56)", "Code: 56.", "return code is 56"],
)
def test_a_number_counts_where_codes_stand_and_the_vendor_is_named(text: str) -> None:
    assert codes(MATCHER.match(f"bolt {text}")) == ["56"]
    assert codes(make_matcher(RECORDS, only=["bolt"]).match(text)) == ["56"]
    assert MATCHER.match(text) == ()


@pytest.mark.parametrize("text", ["took 56 ms", "56 files", "line 56", "code 561", "code 56.7", "error A56", "on 2026-11-56"])
def test_a_number_that_is_no_code_does_not_count(text: str) -> None:
    assert make_matcher(RECORDS, only=["bolt"]).match(text) == ()


@pytest.mark.parametrize("vendor", ["bolt", "Bolt", "BOLT", "https://api.bolt.example/v1", "bolt-client"])
def test_the_vendor_is_known_by_its_names(vendor: str) -> None:
    assert codes(MATCHER.match(f"{vendor} error 56")) == (["56"] if vendor != "bolt-client" else [])


def test_words_that_all_products_have_name_no_vendor() -> None:
    assert MATCHER.match("the API gateway service said error 56") == ()


def test_a_name_counts_where_the_vendor_is_named() -> None:
    (found,) = MATCHER.match("bolt said MAILBOX_FULL")
    assert (found.record["code"], found.evidence) == ("4711", ("name",))
    assert MATCHER.match("postfix said MAILBOX_FULL") == ()


def test_a_plain_number_confirms_the_message_beside_it() -> None:
    (found,) = MATCHER.match('{"code": 4711, "message": "user does not exist"}')
    assert found.evidence == ("code", "message")


# Streams.


def test_lines_are_numbered_and_what_is_no_utf_8_is_seen() -> None:
    stream = io.BytesIO(b"one\r\n\xff AB400-XY-0004 \x00\r\n\nAB400-XY-0005")
    found = [(line.number, line.text) for line in match_lines(stream, MATCHER)]
    assert found == [(2, "\\xff AB400-XY-0004 \x00"), (4, "AB400-XY-0005")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_are_honoured(encoding: str) -> None:
    (line,) = match_lines(io.BytesIO("é\nüser AB400-XY-0004\n".encode(encoding)), MATCHER)
    assert (line.number, line.text) == (2, "üser AB400-XY-0004")


def test_a_message_at_the_end_of_a_very_long_line_is_found() -> None:
    message = "Field: serviceDate not allowed to update."
    for padding in (PIECE - 20, 2 * PIECE - 20, 5 * PIECE, 5 * PIECE - OVERLAP + 7):
        line = b"x" * padding + b" " + message.encode() + b"\nnext AB400-XY-0004\n"
        first, second = match_lines(io.BytesIO(line), MATCHER)
        assert (first.number, codes(first.shown), second.number) == (1, ["AB400-XY-0002"], 2)
        assert len(first.text) < 1100


class _Trickle(io.BytesIO):
    """A stream that gives as few bytes at a time as it was made for."""

    def __init__(self, content: bytes, step: int) -> None:
        super().__init__(content)
        self._step = step

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(self._step if size else 0)


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30)), st.integers(1, 7))
def test_blocks_are_the_lines_however_they_come(lines: list[str], step: int) -> None:
    content = "\n".join(lines).removeprefix("\ufeff").encode()
    read: list[tuple[int, str]] = []
    for block in read_blocks(_Trickle(content, step)):
        read += ((block.number + at, line) for at, line in enumerate(block.text.split("\n")))
    expected = content.decode().split("\n")
    assert read == [(at, line) for at, line in enumerate(expected, start=1) if at < len(expected) or line]


@given(st.binary(max_size=300))
def test_no_bytes_are_refused(content: bytes) -> None:
    for matcher in (MATCHER, _ALL_SOURCES):
        for line in match_lines(io.BytesIO(content), matcher):
            assert line.shown


_ALL_SOURCES = make_matcher(RECORDS, only=["acme", "bolt"])


# Properties.

_WORDS = st.text(st.sampled_from("abcdefghij"), min_size=2, max_size=6)
_SIGNS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="&\\\"'")
_VALUES = st.text(_SIGNS, min_size=1, max_size=12)
_FRAMES = st.sampled_from(["{}", '{{"message": "{}"}}', "2026-11-21 09:00:01 ERROR [main] a.b.C - {}", "<m>{}</m>", "ERROR: {}"])


@given(st.lists(st.one_of(_WORDS, st.none()), min_size=3, max_size=12), st.lists(_VALUES, min_size=12, max_size=12), _FRAMES)
def test_a_filled_template_of_enough_words_is_among_the_answers(parts: list[str | None], values: list[str], frame: str) -> None:
    if sum(part is not None for part in parts) < 3:
        parts = [*parts, "many", "more", "words"]
    message = " ".join("{p}" if part is None else part for part in parts)
    filled = " ".join(values[at] if part is None else part for at, part in enumerate(parts))
    matcher = make_matcher([record("1", message=message), record("2", message="something else altogether")], placeholders=["braces"])
    assert "1" in codes(matcher.match(frame.format(filled)))
    assert [line.number for line in match_lines(io.BytesIO(f"x\n{frame.format(filled)}\ny".encode()), matcher)] == [2]


@given(st.lists(_VALUES.filter(lambda value: ":" not in value), min_size=1, max_size=5))
def test_the_values_come_back_where_they_can_be_told_apart(values: list[str]) -> None:
    (template,) = read_templates("begin of {p}" + "".join(f" :{at}: {{p}}" for at in range(1, len(values))), ["braces"])
    filled = match_whole(template, "begin of " + "".join(f" :{at}: {value}" if at else value for at, value in enumerate(values)))
    assert filled is not None
    assert filled.values == tuple(values)


OTHER_LOGS = """\
Nov 21 09:00:01 host sshd[4711]: Invalid user admin from 10.0.0.7 port 40112
Nov 21 09:00:02 host sshd[4711]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh user=root
Nov 21 09:00:03 host su: user guest does not exist
Nov 21 09:00:04 host kernel: [   56.404404] ata1.00: error: { UNC } status: { DRDY ERR } code 110
10.0.0.7 - - [21/Nov/2026:09:00:05 +0000] "GET /account/4060?status=400 HTTP/1.1" 404 153 "-" "curl/8.5.0"
2026-11-21 09:00:06.001 ERROR 17 --- [nio-8080-exec-1] o.s.web.servlet.Dispatcher : Request method 'POST' not supported, error 405
{"level":"error","ts":1763715607.1,"msg":"connection refused","code":111,"status":"failed","error":"dial tcp: no such host"}
postgres[101]: FATAL:  password authentication failed for user "app"
npm ERR! code ENOENT
E: Unable to locate package missing-in-policy
Traceback (most recent call last):
ValueError: invalid literal for int() with base 10: '404'
systemd[1]: app.service: Main process exited, code=exited, status=137/n/a
"""


def test_other_programs_logs_show_nothing() -> None:
    matcher = load_matcher(OUTPUT)
    assert [line.text for line in match_lines(io.BytesIO(OTHER_LOGS.encode()), matcher)] == []


def test_prose_shows_nothing() -> None:
    prose = "\n".join(pydoc_data.topics.topics.values())
    assert len(prose) > 100_000
    assert [line.text for line in match_lines(io.BytesIO(prose.encode()), load_matcher(OUTPUT))] == []


def test_source_code_shows_nothing() -> None:
    library = Path(sysconfig.get_path("stdlib"))
    names = ("argparse.py", "ssl.py", "http/client.py", "http/__init__.py", "smtplib.py", "ftplib.py", "imaplib.py")
    files = [library / name for name in names]
    content = b"\n".join(file.read_bytes() for file in files)
    assert [line.text for line in match_lines(io.BytesIO(content), load_matcher(OUTPUT))] == []


def test_every_published_message_of_enough_words_is_found_as_printed() -> None:
    matcher = load_matcher(OUTPUT)
    sources = {row["source"]: row["placeholders"] for row in load_rows("sources", OUTPUT)}
    tried = 0
    for row in load_rows("status_codes", OUTPUT):
        for template in read_templates(row["message"] or "", sources[row["source"]], editorial="editorial_text" in row["flags"]):
            if template.word_count >= 3:
                tried += 1
                filled = "val7".join(template.literals)
                for line in (filled, f"2026-11-21 09:00:01 ERROR [main] {filled}", json.dumps({"message": filled})):
                    assert row["id"] in [found.record["id"] for found in matcher.match(line) if found.best], line
    assert tried > 100


# The command.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_catalogue(tmp_path / "output", RECORDS, placeholders=["brackets"])


def test_the_command_prints_the_best_and_counts_the_weaker(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "app.log"
    log.write_text('quiet\n{"code": "AB400-XY-0006", "message": "The box main does not exist on this node."}\n', encoding="utf-8")
    assert main(["match", str(log), "--data", str(folder)]) == 0
    assert capsys.readouterr().out == (
        '2: {"code": "AB400-XY-0006", "message": "The box main does not exist on this node."}\n'
        "    acme:AB400-XY-0006  The box [box] does not exist on this node.  [box] = main  (code, message)\n"
        "    1 weaker, --all lists them\n"
    )
    assert main(["match", str(log), "--all", "--data", str(folder)]) == 0
    assert "acme:AB400-XY-0005" in capsys.readouterr().out


def test_json_has_one_line_for_each_line_that_shows_something(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_text("Field: x not allowed to update.\nquiet\nAB400-XY-0004\n", encoding="utf-8")
    assert main(["match", "--json", str(tmp_path / "a.log"), str(tmp_path / "b.log"), "--data", str(folder)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(Path(line["file"]).name, line["line"]) for line in lines] == [("a.log", 1), ("a.log", 3), ("b.log", 1), ("b.log", 3)]
    assert lines[0]["matches"][0]["parameters"] == [{"name": "[field name]", "value": "x"}]
    assert lines[0]["matches"][0]["best"] is True


def test_nothing_matched_is_exit_code_5(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("quiet\n", encoding="utf-8")
    assert main(["match", str(tmp_path / "a.log"), "--data", str(folder)]) == 5


def test_standard_input_is_answered_line_by_line(folder: Path) -> None:
    command = [sys.executable, "-m", "etl", "match", "--data", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"AB400-XY-0004\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"1: AB400-XY-0004\n"
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_unusable_input_is_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", str(tmp_path / "none.log"), "--data", str(folder)]) == 1
    assert main(["match", str(tmp_path), "--data", str(folder)]) == 1
    assert capsys.readouterr().err.count("the file cannot be read") == 2
    with pytest.raises(CatalogueError, match="no such source"):
        load_matcher(folder, sources=["nobody"])
