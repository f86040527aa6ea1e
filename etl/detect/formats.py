"""Which format a page is in: by the ending of its name, and by what it looks like where the ending does not tell.

    errors.md, errors.mdx, _errors.md.erb      markdown
    <!DOCTYPE html>, <table><tr>…              html
    .. list-table::                            rst
    |===, [cols="1,2"]                         asciidoc
    anything else                              text
"""

from __future__ import annotations

import re

from etl.model import Document

_ENDINGS = {
    "html": "html", "htm": "html", "xhtml": "html", "shtml": "html", "aspx": "html", "php": "html", "jsp": "html",
    "md": "markdown", "mdx": "markdown", "markdown": "markdown", "mkd": "markdown", "mdown": "markdown", "rmd": "markdown",
    "rst": "rst", "rest": "rst",
    "adoc": "asciidoc", "asciidoc": "asciidoc", "asc": "asciidoc",
}  # fmt: skip
"""Endings that say what a page is written in. `txt` and the numbers of man pages are looked into."""

_PASSED_OVER = frozenset({"erb", "tmpl", "tpl", "j2", "jinja", "in", "template", "liquid", "njk", "hbs", "ejs", "txt", "orig", "bak"})
"""Endings of templates, behind which the real ending stands."""

_LOOKED_AT = 200_000
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[^>]{0,2000}-->\s*)?"
    r"<(?:!doctype\s+html|html|head|body|table|div|section|article|main|h[1-6])\b",
    re.IGNORECASE,
)
_HTML_TABLE = re.compile(r"<(?:table|dl)\b[^>]{0,500}>", re.IGNORECASE)
_MARKDOWN = re.compile(r"^(?:#{1,6} +\S.*\n(?!#)|\|? *:?-{3,}:? *\|[-:| ]*$|```|~~~|- \[.+\]\(|\[.+\]: )", re.MULTILINE)
_COMMENT = re.compile(r"^#(?: .*)?\n#", re.MULTILINE)
_RST = re.compile(r"^(?:\.\. [a-z-]+::|\+[-=]{3,}\+|={3,}(?: +={3,})+ *$|:[a-z]+:`)", re.MULTILINE)
_ASCIIDOC = re.compile(r"^(?:\|={3,} *$|\[cols=|={2,5} +\S|:[a-z-]+: |\[\[[\w-]+\]\]$)", re.MULTILINE)
_BARRED = re.compile(r"^-{2,}(?:\|-{2,})*\|\s*$", re.MULTILINE)


def guess_format(document: Document) -> str:
    """The key of BLOCK_READERS that reads the page, or `text`."""
    endings = document.name.casefold().split(".")[1:]
    while endings and endings[-1] in _PASSED_OVER and len(endings) > 1:
        endings.pop()
    by_name = _ENDINGS.get(endings[-1]) if endings else None
    if by_name is not None and not (by_name == "markdown" and _is_whole_html(document)):
        return by_name
    return _guess_from_text(document.text[:_LOOKED_AT]) if by_name is None else "html"


def _is_whole_html(document: Document) -> bool:
    """Whether a page is HTML under another name: it opens as a whole HTML document does."""
    return re.match(r"\s*<(?:!doctype\s+html|html)\b", document.text[:2000], re.IGNORECASE) is not None


def _guess_from_text(text: str) -> str:
    if _HTML_START.match(text):
        return "html"
    scores = {
        "markdown": len(_MARKDOWN.findall(text)) - 2 * len(_BARRED.findall(text)) - 2 * len(_COMMENT.findall(text)),
        "rst": 2 * len(_RST.findall(text)),
        "asciidoc": 2 * len(_ASCIIDOC.findall(text)),
    }
    best = max(scores, key=lambda name: scores[name])
    if _HTML_TABLE.search(text) and scores[best] < 20:
        return "markdown"
    return best if scores[best] >= 2 else "text"
