r"""The source language of manual pages: lines of text with escapes, and control lines with a macro and its arguments.

    .TP                             a control line
    .BR EACCES " (often)"           a macro that sets its arguments in changing fonts
    Use \fBchmod\fR\|(1) \- or not  text with escapes

Only what text is made of is read: fonts, sizes and motions are dropped, special characters become themselves. See
groff(7), man(7) and mdoc(7).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Names in brackets and quotes end soon, or are none: no bracket is searched for to the end of the line.
_ESCAPE = re.compile(
    r"\\(?:"
    r"f(?:\[[^\]]{0,80}\]|\(..|.)"  # font
    r"|s(?:[+-]?[0-9]{1,2}|\[[^\]]{0,80}\]|'[^']{0,80}')"  # size
    r"|[mM](?:\[[^\]]{0,80}\]|\(..|.)"  # colour
    r"|[hvwl]'[^']{0,80}'"  # motion, width, line
    r"|N'(?P<number>[0-9]{1,7})'"
    r"|\[(?P<long>[^\]]{0,80})\]"
    r"|\((?P<two>..)"
    r"|\*(?:\[(?P<string>[^\]]{0,80})\]|\((?P<pair>..)|(?P<single>.))"
    r"|[\"#](?P<comment>.*)"
    r"|(?P<one>.)"
    r"|$)"
)
_ARGUMENT = re.compile(r'[ \t]*(?:"((?:[^"]|"")*)(?:"|$)|((?:[^ \t\\]|\\.?)+))')
_CONTROL = re.compile(r"[.'][ \t]*([A-Za-z0-9]{1,16}|\\\")?(.*)")

_UNICODE = re.compile(r"u(?!D[89A-F][0-9A-F]{2}$)[0-9A-F]{4,5}")
_FIRST_SURROGATE = 0xD800

_CHARACTERS = {
    "em": "—", "en": "–", "hy": "-", "mi": "−", "bu": "•", "aq": "'", "dq": '"', "cq": "’", "oq": "‘", "lq": "“", "rq": "”",
    "co": "©", "rg": "®", "tm": "™", "mu": "×", "la": "⟨", "ra": "⟩", "<=": "≤", ">=": "≥", "!=": "≠", "+-": "±", "->": "→",
    "<-": "←", "ti": "~", "ha": "^", "ga": "`", "rs": "\\", "sl": "/", "ba": "|", "or": "|", "at": "@", "sh": "#", "Do": "$",
    "ul": "_", "de": "°", "ss": "ß", "lB": "[", "rB": "]", "lC": "{", "rC": "}", "Fo": "«", "Fc": "»", "pl": "+", "eq": "=",
    "Tm": "™", "R": "®", "Lq": "“", "Rq": "”", "Le": "≤", "Ge": "≥", "Ne": "≠", "Ba": "|", "Am": "&", "Lt": "<", "Gt": ">",
}  # fmt: skip
_SINGLE = {"-": "-", "e": "\\", "\\": "\\", "~": " ", " ": " ", "0": " ", "'": "'", "`": "`", "t": "\t", "_": "_", ".": "."}

_FONTS = frozenset({"B", "I", "R", "SM", "SB", "CW"})
_CHANGING_FONTS = frozenset({"BI", "BR", "IB", "IR", "RB", "RI"})
_ENCLOSING = {
    "Aq": ("<", ">"), "Bq": ("[", "]"), "Brq": ("{", "}"), "Dq": ("“", "”"), "Op": ("[", "]"), "Pq": ("(", ")"),
    "Ql": ("‘", "’"), "Qq": ('"', '"'), "Sq": ("‘", "’"),
}  # fmt: skip
_INLINE = frozenset(
    {"Ad", "An", "Ar", "Cd", "Cm", "Dv", "Em", "Er", "Ev", "Fa", "Fl", "Fn", "Ic", "Li", "Lk", "Ms", "Mt", "Nm", "No", "Pa", "Sy"}
    | {"Tn", "Va", "Vt", "Xr", "Bx", "Fx", "Nx", "Ox", "Ux", "At", "In", "Ft", "Sx", "Ns", "Ap"}
)
_CLOSING = frozenset(".,:;?!)]")
_OPENING = frozenset("([")


def read_control(line: str) -> tuple[str, str] | None:
    """The macro of a control line and the rest of the line; None for a line of text. A comment is the macro `\\"`."""
    found = _CONTROL.match(line)
    return None if found is None else (found[1] or "", found[2])


def split_arguments(rest: str) -> list[str]:
    """The arguments of a macro as printed: words, or what stands in double quotes; a comment ends them."""
    return [
        found[1].replace('""', '"') if found[1] is not None else found[2] for found in _ARGUMENT.finditer(_cut_comment(rest))
    ]


def render_text(text: str) -> str:
    """Text without escapes."""
    return _ESCAPE.sub(_render_escape, text)


def render_control(macro: str, rest: str) -> str | None:
    """The text that a control line prints inside a paragraph; None where it prints none."""
    if macro in _FONTS:
        return " ".join(map(render_text, split_arguments(rest)))
    if macro in _CHANGING_FONTS:
        return "".join(map(render_text, split_arguments(rest)))
    if macro in _INLINE or macro in _ENCLOSING:
        return render_inline([macro, *split_arguments(rest)])
    return None


def render_inline(arguments: Sequence[str]) -> str:
    """A line of mdoc's inline macros, as `Bq Er EACCES` is `[EACCES]`: punctuation has no space before it."""
    text = ""
    closing = ""
    is_joined = True
    place = 0
    while place < len(arguments):
        word = arguments[place]
        place += 1
        if word in _ENCLOSING:
            opening, end = _ENCLOSING[word]
            text += opening if is_joined else f" {opening}"
            closing = end + closing
            is_joined = True
        elif word in {"Ns", "Ap"}:
            text += "'" if word == "Ap" else ""
            is_joined = True
        elif word == "Xr" and place < len(arguments):
            section = f"({arguments[place + 1]})" if place + 1 < len(arguments) else ""
            text += ("" if is_joined else " ") + render_text(arguments[place]) + section
            place += 2
            is_joined = False
        elif word == "Fl":
            text += "-" if is_joined else " -"
            is_joined = True
        elif word not in _INLINE:
            rendered = render_text(word)
            text += rendered if is_joined or rendered in _CLOSING else f" {rendered}"
            is_joined = rendered in _OPENING
    trailing = text[len(text.rstrip(".,:;")) :] if closing else ""
    return text[: len(text) - len(trailing)] + closing + trailing


def _cut_comment(text: str) -> str:
    start = text.find('\\"')
    return text if start < 0 else text[:start]


def _render_escape(found: re.Match[str]) -> str:
    if found["number"] is not None:
        code = int(found["number"])
        return chr(code) if ord(" ") <= code < _FIRST_SURROGATE else ""
    name = found["long"] or found["two"] or found["string"] or found["pair"] or found["single"]
    if name is not None:
        return chr(int(name[1:], 16)) if _UNICODE.fullmatch(name) is not None else _CHARACTERS.get(name, "")
    return _SINGLE.get(found["one"] or "", "")
