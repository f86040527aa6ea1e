"""What the parts of an entry mean: of a heading, list item or paragraph that opens with a code, and of what follows.

    ### ORA-00001: unique constraint violated     code, title
    Cause: …                                      a label, named by its words
    Action: …                                     likewise
    A paragraph.                                  text

A title is a name where it is a label beside a longer explanation; a sentence with gaps to fill, or one whose cause is
explained below it, is the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etl.codes import split_codes
from etl.detect.columns import ColumnRole, Context
from etl.detect.entries import CODE, STATE, TEXT, TITLE
from etl.detect.roles import assign_roles
from etl.detect.shapes import is_status, is_symbol, profile_cells
from etl.detect.splits import find_leading_code
from etl.detect.statuses import has_usual_statuses, holds_statuses
from etl.detect.text_roles import is_returned
from etl.detect.vocabulary import Role

_MOST = 0.6
FEW = 0.1
"""The share of the entries, at most, that have notices which are no part of any of ours."""

_LABEL_WORDS = 3.5
"""Titles with more words than this on average are sentences, not labels."""

DEFINING = frozenset({"macro_lists", "code_definitions"})
"""Layouts whose columns are name, value and comment."""

_SENTENCE_END = (".", "!", "?", "。", "！", "？")
_SOME = 0.3
_NEARLY_ALL = 0.9
_TITLE_WORDS = 10
"""Texts beside the codes with more words than this on average are no titles of what is labelled below."""


def assign_entry_roles(
    header: Sequence[str], columns: Sequence[Sequence[str]], context: Context, *, led: bool = False
) -> tuple[ColumnRole, ...]:
    """The roles of the parts of entries: `code`, `title`, `state`, `text` as named by etl/detect/entries.py, others labels.

    `led` says that words stand before the codes (`ERROR 5001: …`), as in a message that is printed whole.
    """
    roles: dict[int, ColumnRole] = {}
    own = {head: place for place, head in enumerate(header) if head in {CODE, TITLE, STATE, TEXT}}
    labels = [place for place in range(len(header)) if place not in own.values()]
    labelled = assign_roles([header[place] for place in labels], [columns[place] for place in labels], context)
    codes = columns[own[CODE]] if CODE in own else None
    for place, role in zip(labels, labelled, strict=True):
        roles[place] = _read_label(role, columns[place], codes)
    if codes is not None:
        also: tuple[Role, ...] = ("http_status",) if _are_statuses(codes, context) else ()
        roles[own[CODE]] = ColumnRole(head="", role="code", score=0.9, reason="the code that opens each entry", also=also)
    if STATE in own:
        roles[own[STATE]] = ColumnRole(head="", role="none", score=0.8, reason="a state beside the code")
    taken: set[Role] = {role.role for role in roles.values()}
    title = columns[own[TITLE]] if TITLE in own else None
    if title is not None:
        text = columns[own[TEXT]] if TEXT in own else ()
        roles[own[TITLE]] = _read_title(title, text, taken, stated=STATE in own, led=led, context=context)
        taken.add(roles[own[TITLE]].role)
    if TEXT in own:
        texts = columns[own[TEXT]]
        numbered = find_leading_code(texts) if codes is not None and TITLE not in own and profile_cells(codes).symbolic >= _MOST else None
        if numbered is not None:
            roles[own[CODE]] = ColumnRole(head="", role="name", score=0.9, reason="symbols, whose numbers stand in the texts")
            roles[own[TEXT]] = ColumnRole(head="", role="code", score=0.8, reason="texts that name the number", split=numbered)
        elif TITLE not in own and taken & {"description", "resolution"} and _are_titles(texts):
            roles[own[TEXT]] = _read_title(texts, (), taken, stated=False, led=led, context=context)
        else:
            roles[own[TEXT]] = _read_text(texts, taken, codes, context)
            described = [columns[place] for place in labels if roles[place].role == "description"]
            if _are_notices(texts, described):
                roles[own[TEXT]] = ColumnRole(head="", role="none", score=0.7, reason="notices beside the labelled parts of few entries")
    return tuple(roles[place] for place in range(len(header)))


def assign_definition_roles(columns: Sequence[Sequence[str]], context: Context) -> tuple[ColumnRole, ...]:
    """The roles of names, values and comments in a program's source: where the values are codes, the names are their names."""
    roles = assign_roles([""] * len(columns), columns, context)
    if len(roles) < 2 or roles[1].role != "code":
        return roles
    return (ColumnRole(head="", role="name", score=0.9, reason="the names that a program gives to the codes"), *roles[1:])


def _read_label(role: ColumnRole, texts: Sequence[str], codes: Sequence[str] | None) -> ColumnRole:
    if codes is None or role.role not in {"code", "http_status", "name"}:
        return role
    pairs = [(text, code) for text, code in zip(texts, codes, strict=True) if text]
    if role.role == "code" or all(text.startswith(code) for text, code in pairs):
        status = bool(pairs) and all(is_status(text) and text != code for text, code in pairs)
        if status:
            return replace(role, role="http_status", reason="HTTP statuses beside the code", split=None, also=())
        symbols = {text for text, code in pairs if is_symbol(text) and text != code}
        if len(symbols) >= _MOST * len(pairs) > 0:
            return replace(role, role="name", reason="symbols beside the codes", split=None, also=())
        return replace(role, role="none", reason="the code once more", split=None, also=())
    return role


def _are_statuses(codes: Sequence[str], context: Context) -> bool:
    found = [code for code in codes if code]
    if not found or not all(is_status(part) for code in found for part in split_codes(code) or (code,)):
        return holds_statuses(found)
    return context.http or has_usual_statuses(found)


def _read_title(
    title: Sequence[str], text: Sequence[str], taken: set[Role], *, stated: bool, led: bool, context: Context
) -> ColumnRole:
    profile = profile_cells(title)
    symbols = sum(map(is_symbol, filter(None, title))) >= _MOST * max(1, profile.filled)
    if symbols or ("name" not in taken and "message" in taken and profile.distinct * 2 > profile.filled):
        return ColumnRole(head="", role="name", score=0.9, reason="symbols beside the codes")
    if profile.filled >= 4 and profile.distinct * 2 <= profile.filled:
        return ColumnRole(head="", role="error_type", score=0.7, reason="words that many codes share")
    body = profile_cells(text)
    is_long = profile.words > _LABEL_WORDS and (led or _are_sentences(title))
    sentences = is_long or profile.placeholders >= max(2, 0.02 * profile.filled)
    explained = bool(taken & {"description", "resolution"})
    if "message" not in taken and (stated or (sentences and explained) or is_returned(title, 0.6, context)):
        return ColumnRole(head="", role="message", score=0.7, reason="sentences whose causes are explained below")
    if body.fill >= 0.3 or explained or "message" in taken:
        return ColumnRole(head="", role="name", score=0.75, reason="short labels above longer explanations")
    if "message" not in taken and context.returned:
        return ColumnRole(head="", role="message", score=0.55, reason="the only text, where the page speaks of messages")
    return ColumnRole(head="", role="description", score=0.6, reason="the only text")


def _are_titles(texts: Sequence[str]) -> bool:
    """Whether the texts are short, and nearly every entry has one."""
    profile = profile_cells(texts)
    return profile.words <= _TITLE_WORDS and profile.fill >= _NEARLY_ALL


def _are_sentences(titles: Sequence[str]) -> bool:
    """Whether titles are punctuated as sentences are, or begin without a capital, as no title of a paragraph does."""
    filled = [title for title in titles if title]
    return sum(title[0].islower() or title.endswith(_SENTENCE_END) for title in filled) >= _SOME * len(filled)


def _read_text(text: Sequence[str], taken: set[Role], codes: Sequence[str] | None, context: Context) -> ColumnRole:
    profile = profile_cells(text)
    if profile.filled == 0:
        return ColumnRole(head="", role="none", score=0.5, reason="nothing but the labelled parts")
    if "message" not in taken and codes is not None and repeats_code(text, codes):
        return ColumnRole(head="", role="message", score=0.8, reason="the code and its text once more, as they are returned")
    # Below a title a text rather explains than is returned: then headings alone do not prove it.
    doubt = 0.2 if "name" in taken else 0.0
    if "message" not in taken and "description" not in taken and is_returned(text, doubt, context):
        return ColumnRole(head="", role="message", score=0.7, reason="what the page says to be returned")
    return ColumnRole(head="", role="description", score=0.8, reason="the text of the entries")


def _are_notices(texts: Sequence[str], described: Sequence[Sequence[str]]) -> bool:
    """Whether only few entries say anything outside their labelled parts, and all of these have a labelled description."""
    places = [place for place, text in enumerate(texts) if text]
    return 0 < len(places) <= FEW * len(texts) and all(any(column[place] for column in described) for place in places)


def repeats_code(texts: Sequence[str], codes: Sequence[str]) -> bool:
    """Whether the texts begin with the code of their entry, once more."""
    pairs = [(text, code) for text, code in zip(texts, codes, strict=True) if text and code]
    again = sum(text.startswith(code) and not text[len(code) : len(code) + 1].isalnum() for text, code in pairs)
    return bool(pairs) and again >= 0.8 * len(pairs)
