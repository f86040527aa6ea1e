"""Which encoding a page is in: said by a byte order mark or by the page itself, else found out.

In this order: byte order mark; UTF-16 by its zero bytes; what the page declares (HTML `<meta charset>`, XML prolog, `coding:`
comment), by the names and supersets of the WHATWG Encoding Standard; UTF-8, where the bytes are valid; charset-normalizer.
A declared encoding that the bytes contradict is overruled by UTF-8 where that is valid: text in another encoding is almost
never valid UTF-8 by chance. An encoding counts only if it decodes every byte; a file that is no text is an error.
"""

from __future__ import annotations

import codecs
import re

from etl.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"BM", b"\x7fELF", b"PAR1", b"\xd0\xcf\x11\xe0", b"SQLite format 3")
_SUPERSETS = {
    # A page that names the older set is read by the larger one, as browsers do (WHATWG Encoding Standard, names and labels).
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932", "windows-31j": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "korean": "cp949", "big5": "big5hkscs", "x-x-big5": "big5hkscs", "utf8": "utf-8",
}  # fmt: skip
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)|<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w.:-]+)|^.{0,40}?coding[:=]\s*([\w.-]+)""",
    re.IGNORECASE,
)
_HEAD = 4096
_SAMPLE = 256 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LIKELY = ("cp1251", "cp932", "gb18030", "cp949", "cp1252", "cp1250", "koi8-r", "cp1253", "cp1254", "big5", "euc_jp", "iso8859_2")


def detect_encoding(content: bytes, *, declared: str | None = None) -> str:
    """The name of the codec that decodes all of `content`; `declared` is what whoever served the page said of it.

    Raises DocumentError where the bytes are no text, or where no encoding decodes them without loss.
    """
    if any(content.startswith(magic) for magic in _MAGIC):
        raise _binary(content)
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _require(content, codec)
    wide = _find_wide(content)
    if wide is not None:
        return _require(content, wide)
    if len(_CONTROL.findall(content[:_SAMPLE])) > len(content[:_SAMPLE]) // 200:
        raise _binary(content)
    if _decodes(content, "utf-8"):
        return "utf-8"
    for name in (declared, _read_declaration(content)):
        codec = None if name is None else _find_codec(name)
        if codec is not None and _decodes(content, codec):
            return codec
    return _guess(content)


def _read_declaration(content: bytes) -> str | None:
    found = _DECLARED.search(content[:_HEAD])
    return None if found is None else next(group for group in found.groups() if group is not None).decode("ascii", "backslashreplace")


def _find_codec(name: str) -> str | None:
    """The codec for a label, None where nobody knows it."""
    label = name.strip().lower()
    try:
        return codecs.lookup(_SUPERSETS.get(label, label)).name
    except LookupError:
        return None


def _find_wide(content: bytes) -> str | None:
    """UTF-16 without a mark: in text with Latin letters, spaces and line ends every other byte is mostly zero."""
    sample = content[:_HEAD]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 2 // 10 or 1
    if odd >= enough and even * 10 <= odd:
        return "utf-16-le"
    if even >= enough and odd * 10 <= even:
        return "utf-16-be"
    return None


def _guess(content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE], cp_isolation=list(_LIKELY), steps=10).best()
    for codec in ([] if best is None else [_SUPERSETS.get(best.encoding.replace("_", "-"), best.encoding)]) + ["cp1252"]:
        if _decodes(content, codec):
            return codec
    raise DocumentError(
        "no encoding decodes these bytes without loss", found=repr(content[:40]), expected=f"UTF-8, UTF-16 or one of {', '.join(_LIKELY)}",
        advice="name the encoding with --encoding",
    )  # fmt: skip


def _decodes(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _require(content: bytes, codec: str) -> str:
    try:
        content.decode(codec)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"the page begins as {codec} but does not go on so", found=f"{content[error.start : error.end]!r} at byte {error.start}",
            expected=f"text in {codec}", advice="the page may be cut off: save it again",
        ) from error
    return codec


def _binary(content: bytes) -> DocumentError:
    return DocumentError("this is no text", found=repr(content[:16]), expected="a page: HTML, Markdown, reStructuredText, AsciiDoc or text", advice="save the page as HTML or text")
