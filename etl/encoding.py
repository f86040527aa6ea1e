"""Which encoding a page is in: said by a byte order mark or by the page itself, else found out.

In this order:

1. a byte order mark; UTF-16 and UTF-32 without one by their zero bytes; ISO-2022-JP by its escapes;
2. UTF-8 where all bytes are valid and say more than chance could (text in another encoding almost never is UTF-8), even
   where the page declares something else: an editor changes the bytes and forgets the declaration, not the other way round;
3. what is declared (by whoever served the page, then HTML `<meta charset>`, XML prolog, `coding:` comment), by the names
   and supersets of the WHATWG Encoding Standard, if it decodes every byte; browsers stop here, but a declaration that
   chardet finds half as likely as another encoding, or less, would garble the page and is overruled;
4. what chardet finds, among the encodings of that standard.

An encoding counts only if it decodes every byte. windows-1252 leaves five bytes undefined; browsers show control characters
for them, here a page that holds one is not windows-1252 and its declaration is overruled. A file that is no text is an
error.
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
_MAGIC = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF", b"PAR1", b"\xd0\xcf\x11\xe0",
    b"SQLite format 3", b"{\\rtf",
)  # fmt: skip

_LABELS = {
    # codec -> labels of https://encoding.spec.whatwg.org/#names-and-labels; a label of the smaller set is read by the larger one
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8",
    "cp1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1 ascii us-ascii cp819 ibm819",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251 win-1251",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso_8859-9 latin5 l5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 cp874 dos-874 iso-8859-11 iso8859-11 tis-620",
    "iso8859-2": "iso-8859-2 iso8859-2 iso88592 iso_8859-2 latin2 latin-2 l2",
    "iso8859-3": "iso-8859-3 iso8859-3 iso_8859-3 latin3 l3",
    "iso8859-4": "iso-8859-4 iso8859-4 iso_8859-4 latin4 l4",
    "iso8859-5": "iso-8859-5 iso8859-5 iso_8859-5 cyrillic",
    "iso8859-6": "iso-8859-6 iso8859-6 iso_8859-6 arabic asmo-708",
    "iso8859-7": "iso-8859-7 iso8859-7 iso_8859-7 greek greek8 sun_eu_greek",
    "iso8859-8": "iso-8859-8 iso8859-8 iso_8859-8 iso-8859-8-i hebrew logical visual",
    "iso8859-10": "iso-8859-10 iso8859-10 latin6 l6",
    "iso8859-13": "iso-8859-13 iso8859-13",
    "iso8859-14": "iso-8859-14 iso8859-14",
    "iso8859-15": "iso-8859-15 iso8859-15 iso_8859-15 latin9 latin-9 l9",
    "iso8859-16": "iso-8859-16 iso8859-16",
    "koi8-r": "koi8-r koi8_r koi8 koi",
    "koi8-u": "koi8-u koi8-ru",
    "cp866": "ibm866 cp866 866",
    "mac-roman": "macintosh mac x-mac-roman macroman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian maccyrillic",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j cp932 shift_jis_2004",
    "euc_jp": "euc-jp euc_jp x-euc-jp cseucpkdfmtjapanese euc-jis-2004",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "gb18030": "gb18030 gbk x-gbk cp936 ms936 gb2312 gb_2312 gb_2312-80 csgb2312 chinese iso-ir-58",
    "big5hkscs": "big5 big5-hkscs big-5 cn-big5 csbig5 x-x-big5 cp950",
    "cp949": "euc-kr euc_kr cseuckr windows-949 cp949 ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean uhc",
}  # fmt: skip
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_FALLBACKS = {"big5hkscs": ("cp950",), "euc_jp": ("euc_jis_2004",)}
"""Where a codec of Python's lacks characters that the standard's encoding has."""
_EAST_ASIAN = frozenset({"cp932", "euc_jp", "gb18030", "big5hkscs", "cp949"})
_ONLY_DECLARED = frozenset({"mac-roman", "mac-cyrillic"})
"""They give every byte a meaning, so they fit any damage: not found out."""

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)|<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|\A(?:[^\n]{0,200}\n)?[ \t]*(?:#|\.\.|//|<!--|;|%|--|/\*)[^\n]{0,60}?coding[:=]\s*([\w.-]+)""",
    re.IGNORECASE,
)
_DECLARING = re.compile(rb"charset|coding", re.IGNORECASE)
_HEAD = 4096
_SAMPLE = 256 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_CHARACTER = re.compile("[\x80-\x9f]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(128))
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")
_TOO_FEW_TO_OVERRULE = 10
"""Bytes beyond ASCII below which nothing can be found out that outweighs a declaration."""
_TOO_FEW_TO_GUESS = 4
"""Bytes beyond ASCII below which windows-1252, the standard's default, is taken if it is likely, and nothing if it cannot be."""


def detect_encoding(content: bytes, *, declared: str | None = None) -> str:
    """The name of the codec that decodes all of `content`; `declared` is what whoever served the page said of it.

    Raises DocumentError where the bytes are no text, or where no encoding decodes them without loss.
    """
    if content.startswith(_MAGIC):
        raise _refuse_binary(content)
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _require(content, codec)
    wide = _find_wide(content)
    if wide is not None and _decodes(content, wide):
        return wide
    if b"\0" in content or len(_CONTROL.findall(content[:_SAMPLE])) > len(content[:_SAMPLE]) // 200:
        raise _refuse_binary(content)
    if content.isascii():
        escaped = _JAPANESE_ESCAPE.search(content) is not None and _decodes(content, "iso2022_jp")
        return "iso2022_jp" if escaped else "utf-8"
    named = [codec for label in (declared, _read_declaration(content)) if label is not None for codec in _list_codecs(label)]
    named = [codec for codec in named if _decodes(content, codec)]
    if _decodes(content, "utf-8") and not (named and named[0] in _EAST_ASIAN and _is_chance(content.decode("utf-8"))):
        return "utf-8"
    ranked = _rank(content)
    likely = {codec for codec, confidence in ranked.items() if 2 * confidence >= max(ranked.values())}
    told = len(content.translate(None, _ASCII))
    for codec in named:
        if codec in likely or told < _TOO_FEW_TO_OVERRULE or not ranked:
            return codec
    if told < _TOO_FEW_TO_GUESS and ("cp1252" in likely or not _decodes(content, "cp1252")):
        ranked = {"cp1252": 1.0} if "cp1252" in likely else {}
    if not ranked:
        raise _refuse_bytes(content)
    return next(iter(ranked))


def _read_declaration(content: bytes) -> str | None:
    found = _DECLARED.search(content[:_HEAD])
    return None if found is None else next(group for group in found.groups() if group is not None).decode("ascii", "backslashreplace")


def _list_codecs(label: str) -> tuple[str, ...]:
    """The codecs for a label, the best first; none where the standard does not know it. UTF-16 would have been seen."""
    codec = _CODECS.get(label.strip().lower())
    return () if codec is None else (codec, *_FALLBACKS.get(codec, ()))


def _find_wide(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: the upper bytes of Latin letters, spaces and line ends are zero."""
    sample = content[: _HEAD // 4 * 4]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    zeros = [sample[place::4].count(0) for place in range(4)]
    most = len(sample) // 4 * 9 // 10
    if not zeros[0] and min(zeros[2:]) > most:
        return "utf-32-le"
    if not zeros[3] and min(zeros[:2]) > most:
        return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if max(even, odd) * 40 < len(sample) or max(even, odd) <= 3 * min(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_chance(text: str) -> bool:
    """Whether bytes that are valid UTF-8 may be two-byte characters of East Asia: few, and none of three bytes or more."""
    characters = [character for character in text if character > "\x7f"]
    return len(characters) < 8 and max(characters) < "\u0800"


def _rank(content: bytes) -> dict[str, float]:
    """The codecs that decode all of `content`, the likeliest first, and how sure chardet is of each."""
    from chardet import detect_all

    ranked: dict[str, float] = {}
    for found in detect_all(_take_sample(content), max_bytes=_SAMPLE):
        for codec in _list_codecs(found["encoding"] or ""):
            if codec not in ranked and codec not in _ONLY_DECLARED and _decodes(content, codec):
                ranked[codec] = found["confidence"]
    return ranked


def _take_sample(content: bytes) -> bytes:
    """`content`, or of a large page the lines that are not ASCII, without the words by which chardet would believe a declaration.

    No multi-byte character holds a line end.
    """
    if len(content) <= _SAMPLE:
        return _DECLARING.sub(b"", content)
    lines: list[bytes] = []
    size = 0
    for line in content.split(b"\n"):
        if size >= _SAMPLE:
            break
        found = _NOT_ASCII.search(line)
        if found is not None:
            lines.append(line if len(line) <= _SAMPLE else line[max(found.start() - 100, 0) :][:_SAMPLE])
            size += len(lines[-1])
    return _DECLARING.sub(b"", b"\n".join(lines))


def _decodes(content: bytes, codec: str) -> bool:
    """Whether all bytes are text in `codec`; the control characters that ISO 8859 has in place of characters are none."""
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        return False
    return not codec.startswith("iso8859") or _CONTROL_CHARACTER.search(text) is None


def _require(content: bytes, codec: str) -> str:
    try:
        content.decode(codec)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"the page begins as {codec} but does not go on so", found=f"{content[error.start : error.end]!r} at byte {error.start}",
            expected=f"text in {codec}", advice="the page may be cut off: save it again",
        ) from error
    return codec


def _refuse_binary(content: bytes) -> DocumentError:
    return DocumentError(
        "this is no text", found=repr(content[:16]), expected="a page: HTML, Markdown, reStructuredText, AsciiDoc or text",
        advice="save the page as HTML or text",
    )  # fmt: skip


def _refuse_bytes(content: bytes) -> DocumentError:
    try:
        content.decode("cp1252")
    except UnicodeDecodeError as error:
        place = f"{content[error.start : error.end]!r} in line {content.count(bytes([10]), 0, error.start) + 1}"
    else:
        place = repr(content[:40])
    return DocumentError(
        "no encoding decodes these bytes without loss", found=place, expected="UTF-8, UTF-16 or another encoding of the WHATWG standard",
        advice="save the page again, or name its encoding with --encoding",
    )  # fmt: skip
