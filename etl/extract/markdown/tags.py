"""What in a page's Markdown is mark-up of HTML, of components and of site generators, and what only looks like it.

    <b>, </td>, <br/>                    HTML that is mark-up wherever it stands
    <code>x</code>, <Note type="a">      names that may be words too: mark-up in pairs, with attributes, or self-closing
    <accountID>, <param>, <a valid code> placeholders: text
    {% if x %}, {{< ref "x" >}}, {:target="_blank"}, {/* remark */}, [!NOTE]
                                         template tags, shortcodes, attribute lists, directives
    {{name}}, {id}, [id]                 placeholders: text
    a <> b                               "not equal", unless a </> follows
"""

from __future__ import annotations

import re
from collections.abc import Collection

TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z][\w.:-]*|)
    (?P<attributes>(?:\s+(?:[A-Za-z_:@][\w.:-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^\s"'=<>`{}]+))?|\{\.\.\.[^{}]*\}))*)
    \s*/?>""",
    re.VERBOSE,
)
TEMPLATE = re.compile(
    r"""\{%[^%]*(?:%(?!\})[^%]*)*%\}                 # {% tag %}
    |\{\{[<%>](?:[^}]|\}(?!\}))*\}\}                 # {{< shortcode >}}, {{% shortcode %}}, {{> partial}}
    |\{\{-?\s*\#?(?:include|template|partial)\b(?:[^}]|\}(?!\}))*\}\}
    |\{:\s*(?:[.\#][\w-]|[\w-]+=)[^{}]*\}            # {:target="_blank"}, {: .label }
    |\{/\*(?:[^*]|\*(?!/))*\*/\}                     # {/* comment */}
    """,
    re.VERBOSE,
)
CLOSINGS = {"{%": "%}", "{{": "}}", "{/": "*/}"}
"""What must follow somewhere, or there is no sense in looking for a template's end: that keeps the time linear."""
DIRECTIVE = re.compile(
    r"\[!(?:[A-Z]{3,}|(?i:note|tip|important|warning|caution|attention)|[Ii]nclude|code[\w-]*|div)\b"
    r"[^\[\]]*(?:\[[^\[\]]*\]\([^()]*\)[^\[\]]*)?\]"
)
BREAKING = frozenset({
    "br", "p", "div", "li", "ul", "ol", "tr", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "dl", "pre", "blockquote",
})  # fmt: skip
"""Elements that end a line of text."""

_PHRASE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "mark",
    "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
})  # fmt: skip
_WORDS = frozenset({
    "address", "article", "aside", "audio", "button", "canvas", "caption", "cite", "code", "col", "colgroup", "data", "details",
    "embed", "fieldset", "figcaption", "figure", "footer", "form", "header", "iframe", "input", "label", "legend", "link", "main",
    "map", "meta", "nav", "object", "option", "output", "param", "picture", "progress", "script", "section", "select", "source",
    "style", "summary", "svg", "table", "textarea", "time", "title", "track", "var", "video",
})  # fmt: skip
"""Elements whose names are words too."""

_ALWAYS = (BREAKING | _PHRASE | {"center", "tbody", "td", "tfoot", "th", "thead"}) - _WORDS
_BARE_ATTRIBUTES = frozenset({"open", "nowrap", "reversed", "hidden", "noshade", "compact", "disabled"})


def is_component_name(name: str) -> bool:
    """Whether a tag's name is that of a component (`TabItem`, `UI.Note`, `x-note`), by its spelling."""
    return name[:1].isupper() or "-" in name or "." in name


def is_element_name(name: str) -> bool:
    """Whether a tag's name is that of an HTML element that may stand in a page's text."""
    return name.lower() in _ALWAYS or name.lower() in _WORDS


def is_phrase_name(name: str) -> bool:
    """Whether a tag's name is that of an element inside sentences, which does not end a paragraph (CommonMark section 4.6)."""
    return name.lower() in _PHRASE or name.lower() == "br"


def is_markup(tag: re.Match[str], opened: Collection[str], closed: Collection[str]) -> bool:
    """Whether `tag`, a match of TAG, is mark-up in a text in which tags of these names are opened and closed."""
    name = tag["name"]
    attributes = tag["attributes"].split()
    if attributes and "=" not in tag["attributes"] and "{..." not in tag["attributes"] and not _BARE_ATTRIBUTES.issuperset(attributes):
        return False
    if not name:
        return "" in (opened if tag["close"] else closed)
    if name.lower() in _ALWAYS:
        return True
    if not is_component_name(name) and name.lower() not in _WORDS:
        return False
    if tag["close"]:
        return is_component_name(name) or name in opened
    return bool(attributes) or tag.group().endswith("/>") or name in closed


def find_closings(text: str) -> dict[str, int]:
    """Where in `text` the last comment and the last template tags are closed."""
    return {closing: text.rfind(closing) for closing in ("-->", *CLOSINGS.values())}


