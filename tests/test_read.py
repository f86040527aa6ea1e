"""Reading loses nothing: what cannot be decoded is an error with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import DocumentError, LimitError
from etl.limits import Limits
from etl.read import decode_document, document_from_text, read_document


def refuse(content: bytes, encoding: str = "utf-8") -> str:
    with pytest.raises(DocumentError) as caught:
        decode_document(content, name="page.txt", encoding=encoding)
    return str(caught.value)


def test_empty_document_is_refused() -> None:
    assert "the document is empty" in refuse(b" \n\n")


def test_bytes_of_another_encoding_are_named_with_their_line() -> None:
    message = refuse("ok\nnot ok: café\n".encode("cp1252"))
    assert message.startswith("page.txt:2: bytes that are not of the declared encoding")
    assert "b'\\xe9'" in message


def test_declared_encoding_is_used() -> None:
    assert decode_document("Ошибка 5\n".encode("cp1251"), name="page.txt", encoding="cp1251").lines == ("Ошибка 5",)


def test_unknown_encoding_is_refused() -> None:
    assert "the encoding is unknown" in refuse(b"x", encoding="utf-9")


def test_nul_character_is_named_with_its_line() -> None:
    assert refuse(b"one\ntwo\0\n").startswith("page.txt:2: a NUL character")


def test_byte_order_mark_is_no_text() -> None:
    assert decode_document(b"\xef\xbb\xbfcode\n", name="page.txt").lines == ("code",)


def test_missing_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        read_document(tmp_path / "absent.txt")


def test_document_over_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x" * 101)
    with pytest.raises(LimitError, match="101 bytes"):
        read_document(tmp_path / "big.txt", limits=Limits(max_bytes=100))


def test_all_kinds_of_line_ends_count_one_line() -> None:
    assert document_from_text("a\r\nb\rc\nd", name="page.txt").lines == ("a", "b", "c", "d")


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])), min_size=1))
def test_lines_are_those_that_were_joined(lines: list[str]) -> None:
    read = document_from_text("".join(f"{line}\n" for line in lines), name="page.txt").lines
    assert read == tuple(lines)
