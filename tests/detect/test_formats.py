"""Which format a page is in."""

from __future__ import annotations

import pytest

from etl.detect.formats import guess_format
from etl.read import document_from_text

PAGES = [
    ("a.md", "# Errors\n", "markdown"),
    ("a.html.md", "# Errors\n", "markdown"),
    ("a.mdx", "export const x = 1\n", "markdown"),
    ("a.md.erb", "# Errors\n", "markdown"),
    ("a.md", "<!DOCTYPE html>\n<html></html>\n", "html"),
    ("a.htm", "x\n", "html"),
    ("a.rst", "x\n", "rst"),
    ("a.adoc", "x\n", "asciidoc"),
    ("page", "<table><tr><td>1</td></tr></table>\n", "html"),
    ("page.txt", "Code  Text\n----  ----\n1001  Bad\n", "text"),
    ("page.txt", "| Code | Text |\n|---|---|\n| 1 | x |\n\n## More\n\ntext\n", "markdown"),
    ("page.txt", "# a comment\n# another\n# and another\n1001 E NAME\n", "text"),
    ("page.txt", "Value |\nMeaning |\n---|---|\n1 |\nOne |\n", "text"),
    ("page.txt", ".. list-table::\n\n   * - Code\n", "rst"),
    ("page.txt", "|===\n|Code |Text\n|===\n", "asciidoc"),
    ("errno.3", '.TH ERRNO 3\n.SH NAME\nerrno\n', "text"),
]


@pytest.mark.parametrize(("name", "text", "expected"), PAGES)
def test_format_is_guessed(name: str, text: str, expected: str) -> None:
    assert guess_format(document_from_text(text, name=name)) == expected
