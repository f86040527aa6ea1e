"""Cell readers: what they understand, and what they refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import CellError
from etl.model import Fallback
from etl.values import PLACEHOLDERS, find_parameters, number_of, read_fallback_list, read_http_status, read_version_list, status_class_of

ALTERNATIVE = r"an HTTP (?P<http_status>\d{3}) response(?: (?P<condition>for [^,]+))?"


def test_http_status_is_a_number() -> None:
    assert read_http_status("404") == 404


@pytest.mark.parametrize("text", ["600", "99", "4O4", "404 ", "٤٠٤", ""])
def test_what_is_no_http_status_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="no HTTP status"):
        read_http_status(text)


def test_versions_keep_their_printed_form_and_order() -> None:
    assert read_version_list("2.5, 12.0, or 12.10") == ("2.5", "12.0", "12.10")


def test_what_is_no_version_is_refused() -> None:
    with pytest.raises(CellError, match="no list of versions"):
        read_version_list("14.0, later ones")


def test_condition_belongs_to_the_alternative_that_it_stands_behind() -> None:
    text = "an HTTP 403 response for the Provision command, or an HTTP 500 response"
    assert read_fallback_list(text, alternative=ALTERNATIVE, protocol_versions=("2.5",)) == (
        Fallback(http_status=403, protocol_versions=("2.5",), condition="for the Provision command"),
        Fallback(http_status=500, protocol_versions=("2.5",), condition=None),
    )


@pytest.mark.parametrize("text", ["an HTTP 403 response unless closed, or an HTTP 500 response", "maybe an HTTP 403 response", "nothing"])
def test_text_between_alternatives_is_not_lost(text: str) -> None:
    with pytest.raises(CellError, match="not all of this is understood"):
        read_fallback_list(text, alternative=ALTERNATIVE, protocol_versions=())


@pytest.mark.parametrize(
    ("syntaxes", "message", "expected"),
    [
        (["brackets"], "Missing [field name] in [policy name].", ("[field name]", "[policy name]")),
        (["brackets"], r"value - {\[field name]", ("[field name]",)),
        (["brackets", "angles"], "Account <accountID> of [role]", ("<accountID>", "[role]")),
        (["messageformat"], "Keys[{0}] of [client_id], [1:1], {0}", ("{0}", "{0}")),
        (["messageformat"], '["{0}","{1}"...]', ("{0}", "{1}")),
        (["percent"], "The incident %s occurred, %-5d times", ("%s", "%-5d")),
        ([], "Missing [field name]", ()),
    ],
)
def test_parameters_are_those_of_the_declared_syntax(syntaxes: list[str], message: str, expected: tuple[str, ...]) -> None:
    assert find_parameters(message, syntaxes) == expected


GAPS = {"angles": "<account>", "braces": "{name}", "brackets": "[field name]", "messageformat": "{0}", "percent": "%s"}


@given(st.lists(st.sampled_from([*GAPS.values(), "order", "100 %", "<", "[1]", "{}"])), st.sets(st.sampled_from(sorted(PLACEHOLDERS))))
def test_parameters_are_the_gaps_of_the_message_in_order(words: list[str], syntaxes: set[str]) -> None:
    declared = {GAPS[syntax] for syntax in syntaxes}
    assert find_parameters(" and ".join(words), sorted(syntaxes)) == tuple(word for word in words if word in declared)


@given(st.text(), st.sets(st.sampled_from(sorted(PLACEHOLDERS))))
def test_parameters_stand_in_the_message_one_behind_the_other(message: str, syntaxes: set[str]) -> None:
    rest = message
    for parameter in find_parameters(message, sorted(syntaxes)):
        before, found, rest = rest.partition(parameter)
        assert found == parameter
        assert len(before) + len(found) + len(rest) <= len(message)


@pytest.mark.parametrize(
    ("code", "number"),
    [("0", 0), ("-1003", -1003), ("0001", None), ("4e04", None), ("16,654", None), (None, None), ("9223372036854775807", 2**63 - 1),
     ("9223372036854775808", None), ("1" * 400, None), ("٥", None)],
)  # fmt: skip
def test_only_a_plain_integer_is_a_number(code: str | None, number: int | None) -> None:
    assert number_of(code) == number


@pytest.mark.parametrize(
    ("status", "expected"),
    [(100, "informational"), (226, "success"), (304, "redirection"), (449, "client_error"), (599, "server_error"), (None, None)],
)
def test_class_of_a_status(status: int | None, expected: str | None) -> None:
    assert status_class_of(status) == expected
