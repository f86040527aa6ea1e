r"""The lines of a log of any size, in bounded memory: b"one\ntwo \xff\n" gives "one" and "two \\xff".

Bytes that are no UTF-8 are written out, as `\xff`, so that they are seen and nothing else of the line is lost. Windows logs in
UTF-16 are known by their byte order mark. A line that is longer than PIECE comes in pieces that overlap, so that a message that
is cut in two stands whole in one of them.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

PIECE = 64 * 1024
"""How many characters of a line are waited for before it is looked at in pieces."""

OVERLAP = 4 * 1024
"""How much of a piece the next one begins with: the longest message that is never missed."""

_CHUNK = 64 * 1024
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be", codecs.BOM_UTF8: "utf-8"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Whole lines (`first` and `last`), without the end of the last one, or a piece of a long line, its first or last or neither.

    `number` is that of the first line, counted from 1.
    """

    number: int
    text: str
    first: bool
    last: bool


def read_blocks(stream: BinaryIO) -> Iterator[Block]:
    """The lines of `stream` in blocks, as soon as they come; a last line without end is one too."""
    number, first, rest = 1, True, ""
    for decoded in _decode(stream):
        text = rest + decoded
        if not first:
            line, ended, text = text.partition("\n")
            if not ended:
                if len(line) > PIECE:
                    yield Block(number=number, text=line, first=False, last=False)
                    line = line[-OVERLAP:]
                rest = line
                continue
            yield Block(number=number, text=line, first=False, last=True)
            number, first = number + 1, True
        lines, ended, rest = text.rpartition("\n")
        if ended:
            yield Block(number=number, text=lines, first=True, last=True)
            number += lines.count("\n") + 1
        if len(rest) > PIECE:
            yield Block(number=number, text=rest, first=True, last=False)
            first, rest = False, rest[-OVERLAP:]
    if rest:
        yield Block(number=number, text=rest, first=first, last=True)


def _decode(stream: BinaryIO) -> Iterator[str]:
    start = _read_some(stream)
    while start and len(start) < 3 and (more := _read_some(stream)):
        start += more
    mark = next((mark for mark in _MARKS if start.startswith(mark)), b"")
    decoder = codecs.getincrementaldecoder(_MARKS.get(mark, "utf-8"))("backslashreplace")
    chunk = start.removeprefix(mark)
    while chunk:
        yield decoder.decode(chunk)
        chunk = _read_some(stream)
    yield decoder.decode(b"", final=True)


def _read_some(stream: BinaryIO) -> bytes:
    """What is there to be read, so that a line of a pipe is answered when it comes; b"" at the end."""
    read = getattr(stream, "read1", stream.read)
    return bytes(read(_CHUNK))
