"""Find published records by what a person has at hand: an id, a code, a name, or some words of the text.

    lookup(["56"])  lookup(["0x38"])  lookup(["INVALID_XML"])  lookup(["acme:56"])  lookup(["unsuported", "grant"])

What is found exactly never loads more than the table itself: the ranking of words, and its library, is for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from etl.catalogue import Row, load_rows, require_sources
from etl.codes import read_number, squash
from etl.errors import InputError

MOST_BY_WORDS = 10
"""How many records a search by words gives where nobody says how many; what is found exactly is given in full."""


class Hit(NamedTuple):
    """A record that was found: by `id`, `code`, `number`, `name`, `error_type` or `words`, and how well, up to 100."""

    record: Row
    found_by: str
    score: float


class Answer(NamedTuple):
    """What was found for one thing that was asked for, best first and then as published.

    `left_out` counts the hits beyond the limit. Where there are no hits, `withdrawn` holds the records of that id, code or
    name which the documents no longer have, and `near` ids that are written alike.
    """

    asked: str
    hits: tuple[Hit, ...]
    left_out: int
    near: tuple[str, ...] = ()
    withdrawn: tuple[Row, ...] = ()


def lookup(asked: Sequence[str], *, folder: Path | None = None, sources: Sequence[str] = (), limit: int | None = None) -> list[Answer]:
    """Find the records that `asked` means.

    Its words together as one thing, where that exists; else each, where each is a code or a name; else by their words. A
    code that stands in several documents gives all its meanings. Raises InputError where nothing is asked for or the
    limit is none, CatalogueError where the catalogue cannot be read or does not have one of `sources`.
    """
    words = [word for text in asked for word in text.split()]
    if not words:
        raise InputError(
            "nothing is asked for", found=repr(" ".join(asked)), expected="a code, a name, an id or words", advice="`errcat lookup 404`"
        )
    if limit is not None and limit < 1:
        raise InputError("the limit leaves nothing", found=str(limit), expected="a number from 1", advice="give another --limit")
    require_sources(sources, folder)
    rows = [row for row in load_rows("status_codes", folder) if not sources or row["source"] in sources]
    phrase = " ".join(words)
    hits = find_exactly(phrase, rows)
    if hits:
        return [_answer(phrase, hits, limit)]
    gone = [row for row in load_rows("withdrawn", folder) if not sources or row["source"] in sources]
    withdrawn = find_exactly(phrase, gone)
    if withdrawn:
        return [_answer_withdrawn(phrase, withdrawn)]
    if len(asked) > 1:
        each = [(text, find_exactly(text, rows)) for text in asked]
        if all(hits or _is_like_a_code(text) for text, hits in each):
            return [_answer(text, hits, limit) if hits else _answer_missing(text, rows, gone) for text, hits in each]
    from etl.lookup.words import rank_by_words

    hits = [Hit(rows[place], "words", score) for place, score in rank_by_words(phrase, rows)]
    return [_answer(phrase, hits, MOST_BY_WORDS if limit is None else limit) if hits else _answer_nearly(phrase, rows)]


def _answer(asked: str, hits: Sequence[Hit], limit: int | None) -> Answer:
    kept = tuple(hits[:limit])
    return Answer(asked=asked, hits=kept, left_out=len(hits) - len(kept))


def _answer_withdrawn(asked: str, hits: Sequence[Hit]) -> Answer:
    return Answer(asked=asked, hits=(), left_out=0, withdrawn=tuple(hit.record for hit in hits))


def _answer_missing(asked: str, rows: Sequence[Row], gone: Sequence[Row]) -> Answer:
    withdrawn = find_exactly(asked, gone)
    return _answer_withdrawn(asked, withdrawn) if withdrawn else _answer_nearly(asked, rows)


def _answer_nearly(asked: str, rows: Sequence[Row]) -> Answer:
    from etl.lookup.words import find_near

    return Answer(asked=asked, hits=(), left_out=0, near=find_near(asked, rows))


def _is_like_a_code(text: str) -> bool:
    return any(character.isdigit() or character in "_:" for character in text)


def find_exactly(asked: str, rows: Sequence[Row]) -> list[Hit]:
    """The records whose id, code or name is `asked`, best first; an id, also without its `~…`, is all that it can mean.

    Numbers are the same however they are written, names whatever their case and whatever separates their words.
    """
    asked = asked.strip()
    folded, number, squashed = asked.casefold(), read_number(asked), squash(asked)
    by_id = [Hit(row, "id", 100.0) for row in rows if folded in {row["id"].casefold(), f"{row['source']}:{row['code'] or '-'}".casefold()}]
    if by_id:
        return by_id
    hits = []
    for row in rows:
        code, name, error_type = row["code"], row["name"], row["error_type"]
        if code is not None and code.casefold() == folded:
            hits.append(Hit(row, "code", 100.0 if code == asked else 99.0))
        elif number is not None and code is not None and read_number(code) == number:
            hits.append(Hit(row, "number", 95.0))
        elif number is not None or not squashed:
            continue  # a number names nothing
        elif name is not None and squash(name) == squashed:
            hits.append(Hit(row, "name", 100.0 if name == asked else 98.0))
        elif code is not None and squash(code) == squashed:
            hits.append(Hit(row, "code", 97.0))
        elif error_type is not None and squash(error_type) == squashed:
            hits.append(Hit(row, "error_type", 90.0))
    return sorted(hits, key=lambda hit: -hit.score)
