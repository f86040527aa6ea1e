"""A directive of reStructuredText, taken apart but never run: `.. name:: arguments`, options, content.

    .. list-table:: Error codes          name "list-table", arguments ["Error codes"]
       :header-rows: 1                   options {"header-rows": "1"}

       * - Code                          content

What is not known is a container: its content is read, its arguments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from etl.extract.rst.lines import FIELD, dedent

_DIRECTIVE = re.compile(r"\.\. +([^\W_](?:[\w.+:-]*[^\W_])?) ?::(?: +|$)")
_STYLE_CLASSES = re.compile(r"[a-z0-9 -]+")
_BLOCK_START = re.compile(r"\.\.(?: |$)|[-+*] |\+[-=]|={2,}[ =]*$|\||>>>")

CODE = frozenset({
    "code", "code-block", "sourcecode", "parsed-literal", "literal", "math", "prompt", "doctest", "testcode", "testoutput", "ipython",
    "graphviz", "digraph", "uml", "mermaid", "plantuml", "productionlist", "terminal", "console",
})  # fmt: skip
"""Their content is text as it stands."""

DROPPED = frozenset({
    "toctree", "contents", "include", "literalinclude", "raw", "image", "index", "meta", "highlight", "default-role", "role", "title",
    "sectnum", "header", "footer", "target-notes", "tabularcolumns", "bibliography",
})  # fmt: skip
"""They name files or speak about the page: no text of it."""

ADMONITIONS = frozenset({
    "note", "warning", "tip", "important", "caution", "danger", "error", "hint", "attention", "seealso", "todo", "compound", "epigraph",
})  # fmt: skip
"""What stands on their first line is content."""

OBJECTS = frozenset({
    "describe", "object", "option", "cmdoption", "envvar", "confval", "data", "exception", "function", "class", "method", "attribute",
    "macro", "type", "enum", "enumerator", "member", "var", "struct", "union", "property", "constant", "statuscode", "error-code",
})  # fmt: skip
"""What stands on their first lines is defined by their content; also with a domain before it (`c:macro`)."""

TABLES = {"list-table": "list_table", "flat-table": "list_table", "csv-table": "csv_table", "table": "table"}
"""They make a table, or hold one (`table`); with the layout of what they make."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Directive:
    """`content` has a line for each line of the directive, blank where its head stands, so that lines can be counted.

    `head_end` is the index of the last line of its head; `option_lines` say where each option stands.
    """

    name: str
    arguments: tuple[str, ...]
    options: dict[str, str]
    option_lines: dict[str, int]
    content: tuple[str, ...]
    head_end: int


def split_directive(lines: Sequence[str]) -> Directive | None:
    """Take apart the explicit mark-up block `lines`, whose first line stands at the margin; None where it is no directive."""
    found = _DIRECTIVE.match(lines[0])
    if found is None:
        return None
    name = found[1].lower()
    first = lines[0][found.end() :].strip()
    body = dedent(lines[1:])
    arguments = [first] if first else []
    options: dict[str, str] = {}
    option_lines: dict[str, int] = {}
    end = 0
    takes_lines = name.rsplit(":", 1)[-1] in OBJECTS or bool(first and (name in TABLES or name in ADMONITIONS or name == "rubric"))
    while end < len(body) and body[end]:
        line = body[end]
        if option := FIELD.match(line):
            key = option[1].lower()
            options[key] = line[option.end() :].strip()
            option_lines[key] = end + 1
        elif options and line.startswith(" "):
            options[key] += f" {line.strip()}"
        elif options or not takes_lines or _BLOCK_START.match(line):
            break
        else:
            arguments.append(line.strip())
        end += 1
    if name in ADMONITIONS:
        kept = len(arguments) - bool(first)
        content = [first, *body[:kept], *[""] * (end - kept), *body[end:]]
    else:
        content = [""] * (end + 1) + body[end:]
    return Directive(
        name=name, arguments=tuple(arguments), options=options, option_lines=option_lines, content=tuple(content), head_end=end
    )


def describes_object(directive: Directive) -> bool:
    """Whether what stands on the first lines of `directive` is described by its content.

    docutils has a directive `class` too, which names style sheet classes, in lower case.
    """
    if not directive.arguments or directive.name in ADMONITIONS or directive.name.rsplit(":", 1)[-1] not in OBJECTS:
        return False
    return directive.name != "class" or _STYLE_CLASSES.fullmatch(directive.arguments[0]) is None
