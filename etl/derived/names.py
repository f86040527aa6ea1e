"""What the members and modules of the bindings are called: valid in Python and TypeScript, the same on every rerun.

    name INVALID_XML of code 4                    INVALID_XML
    name Message PreviouslySent of code 118       Message_PreviouslySent
    name DUPLICATE of the codes 56 and 136        DUPLICATE_56, DUPLICATE_136
    no name, code 4060                            CODE_4060
    no name, code PR400-AN-0001                   PR400_AN_0001

A name is taken from the document or is not taken at all: nothing is transliterated, and a name that two codes would share
belongs to neither alone. The result depends on the set of codes and names, not on their order.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

LONGEST_NAME = 60
"""A text of more characters is a sentence, not a name."""

_PYTHON = (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is "
    "lambda nonlocal not or pass raise return try while with yield"
)
_TYPESCRIPT = (
    "case catch const debugger default delete do enum export extends false function implements instanceof interface let new null "
    "package private protected public static super switch this throw true typeof undefined var void"
)

KEYWORDS = frozenset(f"{_PYTHON} {_TYPESCRIPT}".split())
"""What no module can be called in one of the languages; written out, because the list that Python gives depends on its version."""

_RESERVED = frozenset(_PYTHON.split()) | {"mro", "name", "value", "records"}
"""What no member can be called: what the enum itself has by these names too. In TypeScript a member may have any name."""

_WORD = re.compile(r"[0-9A-Za-z_]+")
_FOREIGN = re.compile(r"[^\x00-\xbf\u2000-\u206f]")
"""A letter or sign beyond ASCII and typographic punctuation: to leave it out would be to rename."""


def name_module(source: str) -> str:
    """The module of a source: its key with `_` for `-`; `_` stands before a digit and behind a keyword, where no key has one."""
    name = source.replace("-", "_")
    if name[0].isdigit():
        return f"_{name}"
    return f"{name}_" if name in KEYWORDS else name


def name_members(records: Sequence[Row]) -> dict[str, str]:
    """The member's name for each distinct code among the records of one source, codes in order of first appearance."""
    names: dict[str, set[str]] = {}
    for record in records:
        if record["code"] is not None:
            names.setdefault(record["code"], set()).add("" if record["name"] is None else _clean(record["name"]))
    owners = Counter(name for found in names.values() for name in found)
    forms = {code: _list_forms(code, found, owners) for code, found in names.items()}
    chosen = dict.fromkeys(forms, 0)
    while True:
        members = {code: forms[code][chosen[code]] for code in forms}
        uses = Counter(members.values())
        shared = [code for code, member in members.items() if uses[member] > 1]
        if not shared:
            return members
        for code in shared:
            chosen[code] += 1


def _list_forms(code: str, names: set[str], owners: Mapping[str, int]) -> list[str]:
    """What a code's member may be called, the best first; the last has the whole sha256 of the code and is nobody else's."""
    digest = hashlib.sha256(code.encode("utf-8")).hexdigest()
    (name,) = names if len(names) == 1 else ("",)
    by_code = _name_by_code(code)
    if name:
        by_name = f"NAME_{name}" if name[0].isdigit() else name
        with_code = f"{by_name}_{_clean(code) or digest[:8]}"
        forms = [by_name, with_code] if owners[name] == 1 else [with_code]
    else:
        forms = [by_code]
    forms += [f"{by_code}_{digest[:8]}", f"{by_code}_{digest}"]
    return [form for form in forms if form not in _RESERVED]


def _name_by_code(code: str) -> str:
    clean = _clean(code)
    if not clean:
        return "CODE"
    if re.match("-[0-9]", code):
        return f"CODE_MINUS_{clean}"
    return f"CODE_{clean}" if clean[0].isdigit() or clean in _RESERVED else clean


def _clean(text: str) -> str:
    """`text` with one `_` for each run of other characters than ASCII letters, digits and `_`.

    Empty where that would lose a word, or leave a sentence.
    """
    if len(text) > LONGEST_NAME or _FOREIGN.search(text):
        return ""
    return "_".join(_WORD.findall(text)).strip("_")
