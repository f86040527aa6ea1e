"""Vendors' text as literals and comments of generated code: it says what the document says and can do nothing else.

What a reader would not see, or would see in another place (control and direction characters, both line separators), is written
as an escape.
"""

from __future__ import annotations

import json
import re

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def quote(text: str) -> str:
    """`text` as a double-quoted literal, the same in Python and TypeScript."""
    return _show_unseen(json.dumps(text, ensure_ascii=False))


def document_in_python(text: str) -> str:
    """`text` as a docstring on one line."""
    return f'""{quote(" ".join(text.split()))}""'


def document_in_typescript(text: str) -> str:
    """`text` as a documentation comment on one line, in which nothing is a tag and nothing ends the comment early."""
    shown = _show_unseen(" ".join(text.split()))
    for meant, harmless in (("*/", "*\\/"), ("@", "\\@")):
        shown = shown.replace(meant, harmless)
    return f"/** {shown} */"


def _show_unseen(text: str) -> str:
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
