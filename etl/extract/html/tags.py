"""The tags of an HTML page: what is one, what its attributes say, and which elements there are to be told apart.

    <TD CLASS="x" colspan=2>a <!-- <td> --> &lt; b</TD>

By the rules of the HTML standard's tokenizer (section 13.2.5): quoted attributes, comments and raw text elements hide what
looks like tags.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.entities import html5

_NAME = r"[A-Za-z][^\t\n\f\r />]*+"
_ATTRIBUTE = (
    r"(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >\"'][^\t\n\f\r >]*+)?+)?+"
)
_ATTRIBUTES = rf"(?:[\t\n\f\r /]++|{_ATTRIBUTE})*+"
TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<%(?:[^%<]|%(?!>))*+%>"
    r"|<(?P<raw>(?i:script|style|title|textarea|iframe|noembed|noframes|noscript|xmp))(?=[\t\n\f\r />])"
    rf"(?P<raw_attributes>{_ATTRIBUTES})(?:>(?P<content>.*?)(?:(?i:</(?P=raw))(?=[\t\n\f\r />]){_ATTRIBUTES}(?:>|\Z)|\Z)|\Z)"
    rf"|<(?P<slash>/?)(?P<name>{_NAME})(?P<attributes>{_ATTRIBUTES})(?P<end>>|\Z)"
    r"|<[!?/][^>]*+(?:>|\Z)",
    re.DOTALL,
)
"""A tag, comment, declaration or raw text element; all else in a page is text. What is not ended runs to the page's end.

Beyond the standard, `<% … %>` is none of a page's text either: a template's part, of which a server would have made something.
"""

_ONE_ATTRIBUTE = re.compile(
    r"(?P<name>=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"(?P<double>[^\"]*+)\"?|'(?P<single>[^']*+)'?|(?P<bare>[^\t\n\f\r >\"'][^\t\n\f\r >]*+))?)?"
)
TELLING = re.compile(r"span|hidden|display|role|href|open", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_INTEGER = re.compile(r"[\t\n\f\r ]*\+?([0-9]+)")
_REFERENCE = re.compile(r"&(?:#[xX]?[0-9A-Fa-f]+;?|[A-Za-z][A-Za-z0-9]*;?)")

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TABLE_PARTS = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
LEFT_OUT = "left-out"
BUTTON = "push-button"
RENAMED = {
    "search": "div", "dialog": "div", "listing": "pre", "dir": "ul", "menu": "ul", "button": BUTTON,
    **dict.fromkeys(("svg", "template", "select", "datalist", "canvas", "audio", "video"), LEFT_OUT),
}  # fmt: skip
IMPLIED_END = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "caption"})
BLOCKS = HEADINGS | _TABLE_PARTS | {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "header", "hgroup", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "ul", LEFT_OUT, BUTTON,
}  # fmt: skip
INLINE = frozenset({"a", "b", "strong"})
VOID = frozenset({"area", "base", "col", "embed", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
_CHROME_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})


def read_attributes(printed: str) -> dict[str, str]:
    """The attributes of a tag by lower-case name, values as printed; of two with one name the first counts."""
    found: dict[str, str] = {}
    for match in _ONE_ATTRIBUTE.finditer(printed):
        found.setdefault(match["name"].lower(), match["double"] or match["single"] or match["bare"] or "")
    return found


def decode_attribute(value: str) -> str:
    """Character references of an attribute decoded: `&copy=1` and `&section` are no references there (section 13.2.5.73)."""

    def decode(match: re.Match[str]) -> str:
        reference = match[0]
        if reference.startswith("&#") or reference[1:] in html5:
            if not reference.endswith(";") and value[match.end() : match.end() + 1] == "=":
                return reference
            return html.unescape(reference)
        return reference

    return _REFERENCE.sub(decode, value) if "&" in value else value


def read_span(printed: str | None, limit: int) -> int:
    """A colspan or rowspan by the rules for non-negative integers: `"x"` is 1, above `limit` is `limit`."""
    match = None if printed is None else _INTEGER.match(printed)
    if match is None:
        return 1
    digits = match[1].lstrip("0")
    return limit if len(digits) > len(str(limit)) else min(int(digits or "0"), limit)


def is_hidden(name: str, told: dict[str, str]) -> bool:
    """Whether an element with these attributes is not shown, or is part of what surrounds the page's text."""
    if name == "dialog" and "open" not in told:
        return True
    if not told:
        return False
    if told.get("role", "").strip().lower() in _CHROME_ROLES:
        return True
    if "hidden" in told and told["hidden"].lower() != "until-found":
        return True
    if _NOT_SHOWN.search(told.get("style", "")):
        return True
    return told.get("aria-hidden", "").lower() == "true" and name not in _TABLE_PARTS


def is_permalink(href: str, text: str) -> bool:
    """`<a href="#x">¶</a>`, a sign that documentation generators put beside what it points to."""
    return href.startswith("#") and 0 < len(text) < 4 and not any(character.isalnum() for character in text)


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tag means for the reduced page.

    name      the element's name, after renaming; of an end tag, with a slash before it
    before, after  what is written around its number; only `before` where it has no number
    numbered  whether its place in the page is wanted
    block     whether it begins or ends a line of text
    depth     1 or -1 where it opens or closes an element that no other tag closes
    dropped   whether it is left away: an inline element that says nothing, unless it is hidden
    hidden    whether its element is not shown
    told      the attributes that say something, by name
    """

    name: str
    before: str
    after: str = ""
    numbered: bool = True
    block: bool = True
    depth: int = 0
    dropped: bool = False
    hidden: bool = False
    told: dict[str, str] = field(default_factory=dict)


def build_start_tag(name: str, *, hidden: bool = False, told: dict[str, str] | None = None) -> Tag:
    """The start tag of an element, renamed already."""
    block, inline = name in BLOCKS, name in INLINE
    if name in {"b", "strong"} and not hidden:
        return Tag(name, f"<{name}>", numbered=False, block=False)
    return Tag(
        name=name,
        before=f'<{name if block or inline else "span"} at="',
        after='">',
        block=block,
        depth=int(name not in IMPLIED_END and not inline),
        dropped=not block and not inline,
        hidden=hidden,
        told=told or {},
    )


def build_end_tag(name: str) -> Tag:
    """The end tag of an element, renamed already."""
    if name in BLOCKS:
        return Tag(f"/{name}", f"</{name}><!--", "-->", depth=-int(name not in IMPLIED_END))
    if name in INLINE:
        return Tag(f"/{name}", f"</{name}>", numbered=False, block=False)
    return Tag(f"/{name}", "</span>", numbered=False, block=False, depth=-1, dropped=True)


def read_tag(printed: str) -> Tag | None:
    """The tag that is printed so; None where it says nothing, or the page ends in it."""
    return _read_short_tag(printed) if len(printed) <= _SHORT else _read_tag(printed)


def _read_tag(printed: str) -> Tag | None:
    match = TOKEN.fullmatch(printed)
    if match is None or match["name"] is None or not match["end"]:
        return None
    name, attributes = match["name"].lower(), match["attributes"]
    if name in VOID or (name in {"svg", "math"} and attributes.endswith("/")):
        return None
    if name in {"br", "hr"}:  # a browser takes </br> for <br>
        return Tag(name, f'<{name} at="', '">', block=name == "hr")
    kept = RENAMED.get(name, name)
    if match["slash"]:
        return build_end_tag(kept)
    told = read_attributes(attributes) if attributes and TELLING.search(attributes) else {}
    return build_start_tag(kept, hidden=is_hidden(name, told), told=told)


_SHORT = 200
_read_short_tag = lru_cache(maxsize=4096)(_read_tag)
