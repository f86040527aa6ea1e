"""How a code is recognised, however it is written (pure): as a number, or by its shape.

    "56"  "0x38"  "38h"  "4,060"  "-2147024891" = "0x80070005" = "2147942405"      PR400-AN-0001
"""

from __future__ import annotations

import re

_DECIMAL = re.compile(r"-?(?:[0-9]{1,20}|[0-9]{1,3}(?:,[0-9]{3}){1,6})")
_HEXADECIMAL = re.compile(r"(?:0[xX]|&[hH])([0-9A-Fa-f]{1,16})[uUlL]{0,3}|([0-9][0-9A-Fa-f]{0,15})[hH]|((?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{8})")
_BETWEEN = re.compile(r"\s*[,，、;；/|]\s*|\s+(?:or|and|oder|und|ou|et|o|y|e|или|и)\s+|\n(?:- )?")
_SLASHED = re.compile(r"[/|]")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]{2,60}")
_WORD_BREAKS = re.compile(r"[\W_]+")
MOST_SPLIT = 200
"""A longer text is no list of codes."""

_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?")


def read_number(text: str) -> int | None:
    """The number that `text` writes, None where it writes none; signed and unsigned readings of 32 bits are one number.

    Decimal (with or without commas at the thousands), hexadecimal (`0x38`, `&H38`, `38h`, or eight digits with a letter
    among them: `c0000005`). Numbers of 32 bits are given unsigned, so that -2147024891 is 0x80070005.
    """
    if _DECIMAL.fullmatch(text):
        number = int(text.replace(",", ""))
    elif found := _HEXADECIMAL.fullmatch(text):
        number = int(next(digits for digits in found.groups() if digits is not None), 16)
    else:
        return None
    return number + 2**32 if -(2**31) <= number < 0 else number


def split_codes(text: str) -> tuple[str, ...]:
    """The codes where `text` prints several, `400, 401` or `E10/E11` or `1001、1002`; () where it prints one, or a range.

    Numbers that are one number (`4,060`, `56 / 0x38`) are one code.
    """
    if len(text) > MOST_SPLIT or read_number(text) is not None:
        return ()
    parts = list(dict.fromkeys(part for part in _BETWEEN.split(text.removeprefix("- ")) if part))
    numbers = {read_number(part) for part in parts}
    if len(parts) < 2 or (len(numbers) == 1 and None not in numbers) or not all(map(_is_plain, parts)):
        return ()
    if _SLASHED.search(text) and not (len({len(part) for part in parts}) == 1 and all(part[-1].isdigit() for part in parts)):
        return ()  # `READ/WRITE`, `HTTP/200` and `2024/11/05` are one
    return tuple(parts)


def _is_plain(part: str) -> bool:
    """Whether one of several may be a code: a number, one that ends in two digits, or capitals. `auth/x`, `N/A` are no two codes."""
    if read_number(part) is not None:
        return len(part) > 1
    return _CAPITALS.fullmatch(part) is not None or (part[-2:].isdigit() and _TOKEN.fullmatch(part) is not None)


def squash(text: str) -> str:
    """`text` without case and without what separates its words: `INVALID_XML`, `InvalidXml` and `invalid xml` are one."""
    return _WORD_BREAKS.sub("", text).casefold()


def is_distinctive(code: str) -> bool:
    """Whether a code speaks for itself wherever it stands, as `PR400-AN-0001` does: letters and digits, no number, no word.

    What could as well be a piece of a hash, such as `1e4a90`, does not.
    """
    letters = [character for character in code if character.isalpha()]
    digits = sum(character.isdigit() for character in code)
    if len(code) < 6 or len(letters) < 2 or digits < 2 or not _TOKEN.fullmatch(code) or read_number(code) is not None:
        return False
    return len(letters) + digits < len(code) or any(letter.casefold() > "f" for letter in letters)
