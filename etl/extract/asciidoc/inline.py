"""Inline mark-up of AsciiDoc, reduced to text and links.

    *bold* `AT_OK`, see <<codes,the list>> and https://example.org/[docs]footnote:[Old.] {product}
        ->  bold AT_OK, see the list and docs ACME

The order is that of the language: passthroughs are set aside, quotes come before attributes, macros last
(https://docs.asciidoctor.org/asciidoc/latest/subs/). What is not closed, not defined or not known stays as printed;
typographic replacements (`--`, `(C)`, `...`) are not made. No mark is searched for twice: time is linear in the text.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable

from etl.extract.allowance import MAX_EXPANSION, Allowance
from etl.model import Link
from etl.text import collapse

_MARKED = re.compile(r"[*_`#^~{\[<&\\]|\+|://|\(\(")

_KEPT = "\0"
"""Stands around the number of a piece that is set aside; no document holds one."""
_KEPT_PIECE = re.compile(r"\0(\d+)\0")

_PASSTHROUGH = re.compile(
    r"(?P<plus>\+\+\+?)(?P<plain>(?!\s)[^+]++(?:\+(?!\+)[^+]*+)*+)(?P=plus)"
    r"|(?<![\w`])`\+(?P<mono>[^+`]++)\+`(?!\w)"
    r"|(?<![\w+;:])\+(?P<single>[^\s+](?:[^+]*+(?<!\s))?)\+(?![\w+])"
)
_MACRO_PASS = re.compile(r"\b(?:pass:[a-z,]*|stem:|latexmath:|asciimath:)(?=\[)")

_ROLE = r"(?:\[[^\[\]\n]{1,200}\])?"
_QUOTES = [
    (re.compile(rf"\\?{_ROLE}(?P<mark>\*\*)(?=.)", re.DOTALL), re.compile(r"\*\*")),
    (re.compile(rf"(?<![\w;:}}])\\?{_ROLE}(?P<mark>\*)(?=\S)"), re.compile(r"(?<=\S)\*(?!\w)")),
    (re.compile(r"\\?(?P<mark>\"`)(?=\S)"), re.compile(r"(?<=\S)`\"")),
    (re.compile(r"(?<!\w)\\?(?P<mark>'`)(?=\S)"), re.compile(r"(?<=\S)`'(?!\w)")),
    (re.compile(rf"\\?{_ROLE}(?P<mark>``)(?=.)", re.DOTALL), re.compile(r"``")),
    (re.compile(rf"(?<![\w;:\"'`}}])\\?{_ROLE}(?P<mark>`)(?=\S)"), re.compile(r"(?<=\S)`(?![\w\"'`])")),
    (re.compile(rf"\\?{_ROLE}(?P<mark>__)(?=.)", re.DOTALL), re.compile(r"__")),
    (re.compile(rf"(?<![\w;:}}])\\?{_ROLE}(?P<mark>_)(?=\S)"), re.compile(r"(?<=\S)_(?!\w)")),
    (re.compile(rf"\\?{_ROLE}(?P<mark>##)(?=.)", re.DOTALL), re.compile(r"##")),
    (re.compile(rf"(?<![\w&;:}}])\\?{_ROLE}(?P<mark>#)(?=\S)"), re.compile(r"(?<=\S)#(?!\w)")),
]
"""What opens and what closes bold, typographic quotes, monospace, emphasis and highlight, in the order of the language."""
_SHOWN = {'"`': ("“", "”"), "'`": ("‘", "’")}
_SCRIPT = re.compile(r"\\?(?P<mark>[\^~])([^\s^~]++)(?P=mark)")

_ATTRIBUTE = re.compile(r"(\\?)\{([A-Za-z0-9_][\w-]*)\}")
_MACRO = re.compile(
    r"(?P<escape>\\?)(?:"
    r"\[\[\[(?P<citation>[^\[\]]++)\]\]\]"
    r"|\[\[(?P<anchor>[A-Za-z_:][^\[\]]*+)\]\]"
    r"|<<(?P<reference>[^<>,\n]++)(?:,(?P<shown>[^<>]*+))?>>"
    r"|\(\(\((?P<hidden>[^()]++)\)\)\)|\(\((?P<term>[^()]++)\)\)"
    r"|(?P<angle><)?(?P<url>\b(?:https?|ftp|irc)://[^\s\[\]<>\0]*[^\s\[\]<>\0.,;:!?)'\"])(?P<texted>\[)?"
    r"|\b(?P<macro>link|mailto|xref|image|icon|footnoteref|footnote|kbd|btn|menu|indexterm2?|anchor|pass):(?P<target>[^\s\[\]:][^\s\[\]]*+)?\["
    r")"
)
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6});")
_BREAK = re.compile(r"[ \t]\+$", re.MULTILINE)
_NAMED_PART = re.compile(r",\s*[\w-]+=.*", re.DOTALL)
_DROPPED = frozenset({"image", "icon", "footnote", "footnoteref", "indexterm", "anchor"})

BUILT_IN = {
    "empty": "", "blank": "", "sp": " ", "space": " ", "nbsp": " ", "zwsp": "", "wj": "", "shy": "", "vbar": "|", "apos": "'", "quot": '"',
    "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "deg": "°", "plus": "+", "brvbar": "¦", "amp": "&", "lt": "<", "gt": ">",
    "startsb": "[", "endsb": "]", "caret": "^", "asterisk": "*", "tilde": "~", "backslash": "\\", "backtick": "`", "two-colons": "::",
    "two-semicolons": ";;", "cpp": "C++", "cxx": "C++", "pp": "++",
}  # fmt: skip


class Inline:
    """The inline reader of one page. Attributes are defined as the page is read: a reference sees what stands above it."""

    def __init__(self, expanded: Allowance) -> None:
        self._attributes = dict(BUILT_IN)
        self._allowance = expanded

    def define(self, name: str, text: str) -> None:
        """Let `{name}` stand for `text` from now on; references in `text` are those of this place."""
        expanded = self._expand(text)
        if len(expanded) <= MAX_EXPANSION:
            self._attributes[name.lower()] = expanded
        else:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Let `{name}` stand for nothing from now on."""
        self._attributes.pop(name.lower(), None)

    def reduce(self, text: str) -> tuple[str, tuple[Link, ...]]:
        """`text` without its mark-up, on one line, and the links in it."""
        if _MARKED.search(text) is None:
            return collapse(text), ()
        kept: list[str] = []
        links: list[Link] = []
        text = _BREAK.sub("", text)
        text = _set_aside(text, kept)
        for opener, closer in _QUOTES:
            if opener.search(text) is not None:
                text = _take_off(text, opener, closer)
        text = _SCRIPT.sub(lambda match: match[0][1:] if match[0].startswith("\\") else match[2], text)
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), self._expand(text))

        def restore(part: str) -> str:
            while _KEPT in part:  # one piece may hold another
                part = _KEPT_PIECE.sub(lambda match: kept[int(match[1])], part)
            return collapse(part)

        text = _read_macros(text, lambda shown, href: links.append(Link(text=restore(shown), href=restore(href))))
        return restore(text), tuple(links)

    def _expand(self, text: str) -> str:
        def replace(match: re.Match[str]) -> str:
            if match[1]:
                return match[0][1:]
            found = self._attributes.get(match[2].lower())
            if found is None:
                return match[0]
            self._allowance.spend(len(found))
            return found

        return _ATTRIBUTE.sub(replace, text) if "{" in text else text


def _set_aside(text: str, kept: list[str]) -> str:
    """`text` with numbers in place of its passthroughs, whose content goes to `kept`."""

    def keep(content: str) -> str:
        kept.append(content)
        return f"{_KEPT}{len(kept) - 1}{_KEPT}"

    if "+" in text:
        text = _PASSTHROUGH.sub(lambda match: keep(match["plain"] or match["mono"] or match["single"]), text)
    if ":" in text and _MACRO_PASS.search(text):
        brackets = _Brackets(text)
        parts: list[str] = []
        position = 0
        for match in _MACRO_PASS.finditer(text):
            end = brackets.find_closing(match.end())
            if end is not None and match.start() >= position:
                parts += [text[position : match.start()], keep(text[match.end() + 1 : end].replace("\\]", "]"))]
                position = end + 1
        text = "".join([*parts, text[position:]])
    return text


def _take_off(text: str, opener: re.Pattern[str], closer: re.Pattern[str]) -> str:
    """`text` without the pairs of marks that `opener` and `closer` find; a pair behind a backslash stays, the backslash goes."""
    closings = [match.start() for match in closer.finditer(text)]
    parts: list[str] = []
    position = 0
    for match in opener.finditer(text):
        inner = match.end("mark")
        if match.start() < position:
            continue
        found = bisect_left(closings, inner + 1)
        if found == len(closings):
            break
        end = closings[found]
        width = inner - match.start("mark")
        if match[0].startswith("\\"):
            parts += [text[position : match.start()], text[match.start() + 1 : end + width]]
        else:
            left, right = _SHOWN.get(match["mark"], ("", ""))
            parts += [text[position : match.start()], left, text[inner:end], right]
        position = end + width
    return "".join([*parts, text[position:]])


class _Brackets:
    """Where brackets of a text are closed: at the next `]`; those behind a backslash do not count."""

    def __init__(self, text: str) -> None:
        self.closings: list[int] = []
        self.balanced: dict[int, int] = {}
        waiting: list[int] = []
        for match in _BRACKET.finditer(text):
            if match[0] == "[":
                waiting.append(match.start())
            elif match[0] == "]":
                self.closings.append(match.start())
                if waiting:
                    self.balanced[waiting.pop()] = match.start()

    def find_closing(self, opening: int, *, nested: bool = False) -> int | None:
        """The `]` for the `[` at `opening`; where brackets may be `nested` inside, the one that balances it."""
        if nested and opening in self.balanced:
            return self.balanced[opening]
        found = bisect_left(self.closings, opening)
        return self.closings[found] if found < len(self.closings) else None


def _read_macros(text: str, note_link: Callable[[str, str], None]) -> str:
    """`text` with its macros, cross references and URLs reduced to what they show."""
    brackets = _Brackets(text)
    parts: list[str] = []
    position = 0
    for match in _MACRO.finditer(text):
        if match.start() < position:
            continue
        shown: str | None
        end = match.end()
        if match["escape"]:
            shown = match[0][1:]
        elif match["url"] is not None or match["macro"] is not None:
            bracket = end - 1 if match["macro"] or match["texted"] else None
            nested = (match["macro"] or "").startswith("footnote")
            closing = None if bracket is None else brackets.find_closing(bracket, nested=nested)
            if bracket is not None and closing is None:
                if match["macro"]:
                    continue  # never closed: text
                end = bracket
            content = "" if bracket is None or closing is None else text[bracket + 1 : closing].replace("\\]", "]")
            end = end if closing is None else closing + 1
            if match["angle"] and text[end : end + 1] == ">":
                end += 1
            elif match["angle"]:
                parts.append(text[position : match.start() + 1])
                position = match.start() + 1
            shown = _show_macro(match["macro"] or "url", match["url"] or match["target"] or "", content, note_link)
        else:
            shown = _show_mark(match)
        parts += [text[position : match.start()], shown]
        position = end
    return "".join([*parts, text[position:]])


def _show_mark(match: re.Match[str]) -> str:
    if match["citation"] is not None:
        return f"[{match['citation'].split(',')[0]}]"
    if match["reference"] is not None:
        return (match["shown"] or "").strip() or match["reference"].strip()
    return match["term"] or ""  # anchors and hidden index terms show nothing


def _show_macro(name: str, target: str, content: str, note_link: Callable[[str, str], None]) -> str:
    if name in _DROPPED:
        return ""
    if name == "menu":
        return " > ".join(filter(None, [target, *map(str.strip, content.split(">"))]))
    if name in {"kbd", "btn", "indexterm2", "pass"}:
        return content
    shown = _NAMED_PART.sub("", content).strip()
    if shown.startswith('"') and shown.endswith('"') and len(shown) > 1:
        shown = shown[1:-1]
    shown = shown.removesuffix("^") or target
    if name != "xref":
        note_link(shown, f"mailto:{target}" if name == "mailto" else target)
    return shown
