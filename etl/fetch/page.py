"""Is what a server sent with status 200 the page that was asked for, or a login form, an empty shell, something else? (pure)"""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

_LOGIN_PATH = frozenset({"login", "logon", "signin", "sign-in", "sign_in", "log-in", "log_in", "sso", "saml", "saml2", "authorize"})
_LOGIN_HOST = frozenset({"login", "signin", "sso", "accounts", "auth"})

_UNSEEN = frozenset({"script", "style", "title", "noscript", "template"})
"""Elements whose text is not the page's: what `noscript` says is that the page needs a browser."""

_TAG = re.compile(r"<([a-z]*)")

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Why the answer is not the document: `unavailable` where the page is not there for us, else another kind of thing."""

    unavailable: bool
    reason: str


def find_fault(
    body: bytes, *, content: Literal["html", "text"], content_type: str | None, asked: str, answered: str, previous: bytes | None
) -> Fault | None:
    """Why `body` cannot be the document, or None where it can.

    `asked` and `answered` are the URLs before and after redirects, `previous` is the document as it was: a page that
    always had a password field (a sign-in box beside the text) is no login page for it.
    """
    if _looks_like_login(answered) and not _looks_like_login(asked):
        return Fault(unavailable=True, reason=f"a login page: redirected to {answered}")
    if not body.strip() or body.strip() in _WIDE_MARKS:
        return Fault(unavailable=True, reason="an empty page")
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type in _HTML_TYPES or re.match(rb"\s*<(?:!doctype html|html)\b", body[:1_000], re.IGNORECASE):
        page = _decode(body)
        if _has_password_field(page) and not (previous is not None and _has_password_field(_decode(previous))):
            return Fault(unavailable=True, reason="a login page: it asks for a password")
        if not _has_text(page):
            return Fault(unavailable=True, reason="an empty page: no text without a browser that runs its scripts")
    wanted = media_type in _HTML_TYPES if content == "html" else media_type.startswith("text/") and media_type not in _HTML_TYPES
    if not wanted:
        return Fault(unavailable=False, reason=f"content of type {content_type or 'unknown'}, not {content}")
    if b"\0" in body and not body.startswith(_WIDE_MARKS):
        return Fault(unavailable=False, reason=f"binary content under the name of {media_type}")
    return None


def _looks_like_login(url: str) -> bool:
    parts = urlsplit(url.lower())
    words = {segment.partition(".")[0] for segment in parts.path.split("/")}
    return bool(words & _LOGIN_PATH) or (parts.hostname or "").partition(".")[0] in _LOGIN_HOST


def _has_password_field(page: str) -> bool:
    return re.search(r"<input\b[^<>]*\btype\s*=\s*[\"']?password\b", page, re.IGNORECASE) is not None


def _has_text(page: str) -> bool:
    """Whether there is a word to be read outside tags, comments and elements that do not show their text.

    It looks for the ends of these one after the other and never back, however the page is broken.
    """
    lowered = page.lower()
    place = 0
    while (tag := lowered.find("<", place)) >= 0:
        if html.unescape(lowered[place:tag]).strip():
            return True
        name = _TAG.match(lowered, tag)
        if lowered.startswith("<!--", tag):
            end = "-->"
        elif name is not None and name[1] in _UNSEEN:
            end = f"</{name[1]}"
        else:
            end = ">"
        place = lowered.find(end, tag + 1)
        if place < 0:
            return False
        place += len(end) if end in (">", "-->") else 0
    return bool(html.unescape(lowered[place:]).strip())


def _decode(body: bytes) -> str:
    """Mark-up is ASCII in every encoding of the web but UTF-16, and the words do not matter here."""
    return body.decode("utf-16" if body.startswith(_WIDE_MARKS[:2]) else "latin-1", errors="backslashreplace")
