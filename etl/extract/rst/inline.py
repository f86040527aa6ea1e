"""Inline mark-up of reStructuredText, reduced to text and links by docutils' own parser of it.

    ``AT_OK``, see :ref:`the list <codes>` and `docs <https://example.org>`_ |br|     ->  AT_OK, see the list and docs

docutils reads mark-up only: no role of the page or of docutils is ever run, none is unknown. This module imports
docutils, so it is imported where a page is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from docutils import frontend, nodes, utils
from docutils.parsers.rst import Parser, states

from etl.extract.allowance import MAX_EXPANSION, Allowance
from etl.model import Link
from etl.text import collapse

_MAX_NESTED = 20
_NOTED = 1000
"""Pieces of mark-up after which what docutils has noted of them is forgotten: names of links, of which none is needed later."""

_MARKED = re.compile(r"[`*|\\]|_(?!\w)|://|mailto:")
_WIDE_GAP = re.compile(r"(\s\s)\s+")
_NAME = r"(?:(?!_)\w)++(?:[-._+:](?:(?!_)\w)++)*+"
_OPENING = re.compile(rf"(?P<role>:)?+(?P<name>{_NAME})(?P<after>:`|_)?+|[*`|_\[]")
"""A word, with what may make it a role or a reference, or a mark: one of them stands wherever docutils' mark-up begins."""
_PARTED = re.compile(r"[-:]")
_URI = re.compile(r"(?<![\w\x00])(?:(?:https?|ftps?)://|mailto:)[^\s\x00<>\"`|]*[\w/=&#%+~-]")
_TITLED = re.compile(r"(.*\S)\s*<[^<>]*>", re.DOTALL)
_AS_PRINTED = frozenset({
    "code", "literal", "math", "samp", "file", "kbd", "guilabel", "menuselection", "command", "program", "dfn", "mimetype", "abbr",
    "abbreviation", "acronym", "emphasis", "strong", "sub", "subscript", "sup", "superscript", "title", "title-reference", "t",
})  # fmt: skip
_NAMED_STANDARD = {"rfc": "RFC", "rfc-reference": "RFC", "pep": "PEP", "pep-reference": "PEP"}

_DEFINITION = re.compile(r"\s*\.\. \|(?!\s)(?P<name>[^|]*[^|\s])\|\s+(?P<directive>[\w:.+-]+)::(?P<rest>.*)")
_TARGET = re.compile(r"\s*\.\. _(?P<name>`[^`]+`|(?:[^:\\]|\\.)+):(?:\s+(?P<uri>\S.*))?$")
_ANONYMOUS = re.compile(r"\s*(?:\.\. __:|__)(?:\s+(?P<uri>\S.*))?$")
_RAW_ROLE = re.compile(r"\s*\.\. role::\s*(?P<name>[\w-]+)\s*\(\s*raw\s*\)")
_CODE_POINT = re.compile(r"(?:0x|x|\\x|U\+|u|\\u)([0-9a-f]+)|&#x([0-9a-f]+);|([0-9]+)", re.IGNORECASE)


def normalize_name(name: str) -> str:
    """The name of a reference as it is compared: case and white space do not count."""
    return collapse(name).lower()


class Inline:
    """The inline reader of one page: knows the page's substitutions, targets and roles, wherever they are defined."""

    def __init__(self, lines: Iterable[str], expanded: Allowance) -> None:
        self._definitions: dict[str, tuple[str, str]] = {}
        self._uris: dict[str, str] = {}
        self._anonymous: list[str] = []
        self._raw_roles: set[str] = set()
        self._collect([*lines])
        self._lower = {name.lower(): name for name in self._definitions}
        self._next_anonymous = iter(self._anonymous)
        self._expanded: dict[str, str | None] = {}
        self._open: list[str] = []
        self._allowance = expanded
        self._inliner: _Inliner | None = None

    def reduce(self, text: str) -> tuple[str, tuple[Link, ...]]:
        """`text` without its mark-up, on one line, and the links in it."""
        if _MARKED.search(text) is None:
            return collapse(text), ()
        links: list[Link] = []
        text = _WIDE_GAP.sub(r"\1", text)  # docutils asks only whether white space stands there, but once for each character of it
        parts = [*self._read(text, links)]
        return collapse("".join(parts)), tuple(links)

    def _collect(self, lines: list[str]) -> None:
        for index, line in enumerate(lines):
            stripped = line.lstrip()
            if not stripped.startswith((".. ", "__")):
                continue
            if found := _DEFINITION.match(line):
                self._definitions.setdefault(collapse(found["name"]), (found["directive"], _continue(lines, index, found["rest"])))
            elif found := _RAW_ROLE.match(line):
                self._raw_roles.add(found["name"].lower())
            elif found := _ANONYMOUS.match(line):
                self._anonymous.append(_continue(lines, index, found["uri"] or ""))
            elif (found := _TARGET.match(line)) and found["uri"] is not None:
                uri = _continue(lines, index, found["uri"])
                self._uris.setdefault(normalize_name(found["name"].strip("`").replace("\\", "")), uri)

    def _read(self, text: str, links: list[Link]) -> Iterator[str]:
        if self._inliner is None:
            self._inliner = _Inliner(self._raw_roles)
        found = list(self._inliner.read(text))
        for place, node in enumerate(found):
            if not _divides_footnotes(found, place):
                yield from self._render(node, links)

    def _render(self, node: nodes.Node, links: list[Link]) -> Iterator[str]:
        if isinstance(node, nodes.substitution_reference):
            yield self._substitute(node.astext())
        elif isinstance(node, nodes.citation_reference):
            yield f"[{node.astext()}]"
        elif isinstance(node, nodes.reference):
            text = "".join(part for child in node.children for part in self._render(child, links))
            href = self._find_href(node)
            if href is not None:
                links.append(Link(text=collapse(text), href=href))
            yield text
        elif not isinstance(node, nodes.footnote_reference):
            yield node.astext()

    def _find_href(self, node: nodes.reference) -> str | None:
        if "refuri" in node:
            return str(node["refuri"])
        uri = next(self._next_anonymous, None) if node.get("anonymous") else self._uris.get(normalize_name(node.get("refname", "")))
        for _ in range(_MAX_NESTED):
            if uri is None or not uri.endswith("_"):
                break
            uri = self._uris.get(normalize_name(uri[:-1].strip("`")))  # `.. _a: b_` is another name for b
        return "".join(uri.split()) if uri else None

    def _substitute(self, printed: str) -> str:
        """What `|printed|` stands for; as printed where that is not defined, means itself or grows beyond its bounds."""
        name = collapse(printed)
        if name not in self._definitions:
            name = self._lower.get(name.lower(), name)
        if name not in self._expanded:
            if name not in self._definitions or name in self._open or len(self._open) >= _MAX_NESTED:
                return f"|{printed}|"
            self._open.append(name)
            text = self._define(*self._definitions[name])
            self._open.pop()
            self._expanded[name] = text if len(text) <= MAX_EXPANSION else None
        found = self._expanded[name]
        self._allowance.spend(len(found or ""))
        return f"|{printed}|" if found is None else found

    def _define(self, directive: str, text: str) -> str:
        if directive == "replace":
            return self.reduce(text)[0]
        if directive == "unicode":
            return "".join(map(_read_code_point, text.split(" ..", 1)[0].split()))
        return " " if directive == "raw" else ""  # raw is mark-up (a line break); images and dates are no text


def _continue(lines: list[str], index: int, first: str) -> str:
    """`first` and the lines below `index` that belong to it: indented deeper, up to a blank line, options left out."""
    indent = len(lines[index]) - len(lines[index].lstrip())
    parts = [first.strip()]
    for line in lines[index + 1 : index + 1 + MAX_EXPANSION]:
        stripped = line.strip()
        if not stripped or len(line) - len(line.lstrip()) <= indent:
            break
        if not (stripped.startswith(":") and ":" in stripped[1:] and " " not in stripped[1:].split(":", 1)[0]):
            parts.append(stripped)
    return " ".join(filter(None, parts))


def _read_code_point(word: str) -> str:
    found = _CODE_POINT.fullmatch(word)
    if found is None:
        return word
    digits = found[1] or found[2]
    value = int(digits, 16) if digits else int(found[3][:8])
    return chr(value) if 0 < value < 0x110000 and not 0xD800 <= value < 0xE000 else word


def _divides_footnotes(found: Sequence[nodes.Node], place: int) -> bool:
    """Whether the node is only the comma between two references to footnotes, which go without it."""
    beside = (*found[max(place - 1, 0) : place], *found[place + 1 : place + 2])
    return (
        isinstance(found[place], nodes.Text) and found[place].astext().strip() == ","
        and len(beside) == 2 and all(isinstance(node, nodes.footnote_reference) for node in beside)
    )  # fmt: skip


def _list_starts(found: re.Match[str]) -> Iterator[int]:
    """Where in a match of _OPENING mark-up may begin: with a word, with what stands behind its first hyphen or colon, with a mark."""
    if found["name"] is None:
        yield found.start()
    elif found["after"] == "_":
        yield found.start("name")
        parted = _PARTED.search(found["name"])
        if parted is not None:
            yield found.start("name") + parted.end()
    elif found["after"] is not None:
        if found["role"]:
            yield found.start()
        yield found.end() - 1


class _SilentReporter:
    """Takes docutils' messages about a text and forgets them."""

    def warning(self, *_: object, **__: object) -> nodes.system_message:
        return _FORGOTTEN

    error = info = severe = warning


_FORGOTTEN = nodes.system_message()


class _Inliner(states.Inliner):
    """docutils' inline parser without what acts on the page: no role is run, no message is kept, no id is given out."""

    def __init__(self, raw_roles: set[str]) -> None:
        super().__init__()
        settings = frontend.get_default_settings(Parser)
        settings.file_insertion_enabled = False
        settings.raw_enabled = False
        settings.pep_references = settings.rfc_references = False
        settings.report_level = settings.halt_level = 5
        settings.warning_stream = False
        self._raw_roles = raw_roles
        self._settings = settings
        self._pieces = 0
        self._open_document()
        plain = states.Inliner()  # it builds its patterns from the attributes of its own class, not of a subclass
        plain.init_customizations(settings)
        self.patterns = plain.patterns
        self._first = states.build_regexp((plain.parts[0], "", "", plain.parts[3]))
        self._closings = {
            "**": self.patterns.strong, "*": self.patterns.emphasis, "``": self.patterns.literal, "_`": self.patterns.target,
            "|": self.patterns.substitution_ref, "`": self.patterns.interpreted_or_phrase_ref,
        }  # fmt: skip

    def _open_document(self) -> None:
        self.document = self.parent = utils.new_document("", self._settings)
        self.reporter = cast("Any", _SilentReporter())

    def read(self, text: str) -> Iterator[nodes.Node]:
        """The nodes that `text` consists of, as docutils' `parse` finds them.

        It searches to the end for each mark that is not closed, tries each part of a word as the beginning of a reference,
        and copies the rest of the text behind each piece of mark-up, all of which takes time by the square of the text.
        Here it is shown one piece of mark-up at a time, and none of a kind that is not closed any more.
        """
        text = utils.escape2null(text)
        plain: list[str] = []
        last: dict[str, int] = {}
        position = 0
        while (opening := self._find_opening(text, position)) is not None:
            mark = opening["start"] or opening["backquote"]
            inner = opening.end() if mark is None else opening.end("start" if opening["start"] else "backquote")
            if mark is not None and not opening["role"] and opening.start() > position and self.quoted_start(opening):
                plain.append(text[position:inner])
                position = inner
                continue
            end = inner if mark is None else self._find_end(text, mark, inner, last)
            plain.append(text[position : opening.start() if end is not None else inner - len(mark)])
            yield from self.implicit_inline("".join(plain), 0)
            plain.clear()
            if end is None:
                yield nodes.Text(mark)
                position = inner
            else:
                yield from self._read_piece(text[max(opening.start() - 1, position) : end + 1], opening, position)
                position = end
        yield from self.implicit_inline("".join([*plain, text[position:]]), 0)

    def _find_opening(self, text: str, position: int) -> re.Match[str] | None:
        """The first mark-up that begins at `position`, whatever stands before it, or behind that where mark-up may begin."""
        first: re.Match[str] | None = self._first.match(text, position)
        if first is not None:
            return first
        for found in _OPENING.finditer(text, position):
            for start in _list_starts(found):
                opening: re.Match[str] | None = self.patterns.initial.match(text, start)
                if opening is not None:
                    return opening
        return None

    def _find_end(self, text: str, mark: str, inner: int, last: dict[str, int]) -> int | None:
        """Where the mark-up ends that `mark` opens before `inner`; None where it is not closed, or holds nothing.

        `last` keeps where each kind of mark-up is closed for the last time: nothing is searched for in vain twice.
        """
        closing = self._closings[mark]
        if mark not in last:
            last[mark] = max((found.start(1) for found in closing.finditer(text)), default=-1)
        found = closing.search(text, inner) if inner < last[mark] else None
        return None if found is None or found.start(1) == inner else int(found.end(1))

    def _read_piece(self, piece: str, opening: re.Match[str], position: int) -> list[nodes.Node]:
        """What docutils makes of `opening` in `piece`: the mark-up with the character before it, if it has one, and the one behind it."""
        match = self.patterns.initial.match(piece, 1) if opening.start() > position else self._first.match(piece)
        kind = match["start"] or match["backquote"] or match["refend"] or match["fnend"]
        self._pieces += 1
        if self._pieces % _NOTED == 0:
            self._open_document()
        _, found, _, _ = self.dispatch[kind](self, match, 0)  # type: ignore[call-arg, arg-type]
        return list(found)

    def interpreted(  # type: ignore[override]
        self, rawsource: str, text: str, role: str | None, _lineno: int
    ) -> tuple[list[nodes.Node], list[nodes.Node]]:
        """The text that a role would show, whoever defines the role: `title` of `title <target>`, `C` of `~a.b.C`."""
        name = (role or "").lower()
        if name in self._raw_roles or name == "raw":
            return [nodes.Text(" ")], []
        if name in {"code", "literal", "math"}:
            text = utils.unescape(text, restore_backslashes=True)
            return [nodes.literal(rawsource, text)], []
        if name in _NAMED_STANDARD:
            return [nodes.Text(f"{_NAMED_STANDARD[name]} {text}")], []
        titled = None if name in _AS_PRINTED or not name else _TITLED.fullmatch(text)
        if titled is not None:
            text = titled[1]
        elif name and text.startswith(("~", "!")) and name not in _AS_PRINTED:
            text = text[1:] if text[0] == "!" else text.rsplit(".", 1)[-1].removeprefix("~")
        return [nodes.Text(text)], []

    def problematic(self, text: str, _rawsource: str, _message: nodes.system_message) -> nodes.Text:  # type: ignore[override]
        """A mark that is not closed is text."""
        return nodes.Text(text)

    def implicit_inline(self, text: str, _lineno: int) -> list[nodes.Node]:  # type: ignore[override]
        """Bare URIs, one after the other; docutils' own way is recursive in their number."""
        found: list[nodes.Node] = []
        position = 0
        for match in _URI.finditer(text):
            found.append(nodes.Text(text[position : match.start()]))
            found.append(nodes.reference("", match[0], refuri=match[0]))
            position = match.end()
        if position < len(text):
            found.append(nodes.Text(text[position:]))
        return found
