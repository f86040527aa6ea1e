"""The words of words.toml, ready to be looked up: which role a head names, whether a text is about errors.

A head is matched by the phrases in it. The longest phrases win where they overlap ("error message" is no "error"); of
several that stand side by side the one at the head's end says what it is in languages that put it there ("message
code"), else the one at its beginning ("код ошибки").
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

Role = Literal["code", "name", "error_type", "message", "description", "resolution", "http_status", "none"]

ROLES: tuple[Role, ...] = ("code", "name", "error_type", "message", "description", "resolution", "http_status", "none")

_STRONG, _WEAK = 1.0, 0.5
_PLACE_BONUS = 0.15
_LONGEST_HEAD = 120
_LOOKED_AT = 400
_CODE_SUFFIX = re.compile(r"[a-z](?:codes?|kode|kodu|código)$")
_COMPOUND = 0.8
"""The score of a head that only ends like one for codes: GDSCODE, retcode."""

_CLUTTER = re.compile(r"[*`\"'“”«»:：?]+")
_SPACES = re.compile(r"[\s_\u200b]+")
_WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Phrase:
    role: str
    weight: float
    last_counts: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    heads: dict[str, tuple[_Phrase, ...]]
    longest: int
    topics: dict[str, re.Pattern[str]]
    sets: dict[str, frozenset[str]]
    small: dict[str, frozenset[str]]


@cache
def _load() -> _Words:
    given = tomllib.loads(resources.files("etl.detect").joinpath("words.toml").read_text(encoding="utf-8"))
    final = set(given["head_final"])
    heads: dict[str, list[_Phrase]] = {}
    for role in (*ROLES, "decoy"):
        for strength, weight in (("strong", _STRONG), ("weak", _WEAK)):
            for language, phrases in given[role].get(strength, {}).items():
                for phrase in phrases:
                    known = heads.setdefault(simplify(phrase), [])
                    if all(other.role != role for other in known):
                        known.append(_Phrase(role=role, weight=weight, last_counts=language in final))
    return _Words(
        heads={phrase: tuple(roles) for phrase, roles in heads.items()},
        longest=max(len(phrase.split()) for phrase in heads),
        topics={kind: _compile(given[kind]) for kind in ("topic", "other_topic", "returned", "failure")},
        sets={kind: frozenset(simplify(word) for word in given[kind]["any"]) for kind in ("field_names", "type_names", "yes_no")},
        small={language: frozenset(words) for language, words in given["small"].items()},
    )


def _compile(by_language: dict[str, list[str]]) -> re.Pattern[str]:
    """One expression for all words; where words have spaces between them, a match begins with one, and ends with it before `$`.

    That a word begins is asked once at each place, not for each of the words.
    """
    words = sorted({simplify(word) for words in by_language.values() for word in words}, key=lambda word: (-len(word), word))
    wide = [re.escape(word) for word in words if _WIDE.search(word)]
    others = [rf"{re.escape(word[:-1])}\b" if word.endswith("$") else re.escape(word) for word in words if not _WIDE.search(word)]
    return re.compile("|".join(filter(None, [rf"\b(?:{'|'.join(others)})" if others else "", *wide])))


def simplify(text: str) -> str:
    """The beginning of `text` as it is looked up: case and compatibility forms folded, underscores and white space as one space."""
    return _simplify(text[:_LOOKED_AT])


@lru_cache(maxsize=4096)
def _simplify(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SPACES.sub(" ", _CLUTTER.sub(" ", folded)).strip()


def score_head(head: str) -> dict[str, float]:
    """How far the head names each role (and `decoy`), 0 to 1. A head that names none gives an empty dict."""
    return _score_head(head[:_LOOKED_AT])


@lru_cache(maxsize=1024)
def _score_head(head: str) -> dict[str, float]:
    words = _load()
    text = simplify(_split_camel(head))[:_LONGEST_HEAD]
    if not text:
        return {}
    scores: dict[str, float] = {}
    for start, end, phrase in _find_phrases(text, words):
        coverage = (end - start) / len(text)
        for meaning in words.heads[phrase]:
            at_place = end >= len(text) - 1 if meaning.last_counts else start <= 1
            score = meaning.weight * (0.55 + 0.3 * coverage + (_PLACE_BONUS if at_place else 0.0))
            scores[meaning.role] = max(scores.get(meaning.role, 0.0), score)
    if not scores and _CODE_SUFFIX.search(text):
        scores["code"] = _COMPOUND
    return scores


def _split_camel(head: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head) if " " not in head else head


def _find_phrases(text: str, words: _Words) -> list[tuple[int, int, str]]:
    """The phrases in `text` that no longer phrase covers: (start, end, phrase)."""
    found: list[tuple[int, int, str]] = []
    if text in words.heads:
        return [(0, len(text), text)]
    tokens = [(match.start(), match.end()) for match in re.finditer(r"[^\s()\[\]/&+,;|（）、・]+", text)]
    for first, (start, _) in enumerate(tokens):
        for last in range(min(len(tokens), first + words.longest) - 1, first - 1, -1):
            phrase = text[start : tokens[last][1]]
            if phrase in words.heads:
                found.append((start, tokens[last][1], phrase))
    if _WIDE.search(text):
        for start in range(len(text)):
            for end in range(min(len(text), start + 12), start, -1):
                piece = text[start:end]
                if piece in words.heads and _WIDE.search(piece):
                    found.append((start, end, piece))
    found.sort(key=lambda match: (match[0] - match[1], match[0]))
    kept: list[tuple[int, int, str]] = []
    for match in found:
        if all(match[1] <= other[0] or match[0] >= other[1] for other in kept):
            kept.append(match)
    return kept


def is_about(kind: Literal["topic", "other_topic", "returned", "failure"], text: str | None) -> bool:
    """Whether a heading or sentence speaks of errors (`topic`), of something else, of returned texts, of failure."""
    return text is not None and _load().topics[kind].search(simplify(_split_camel(text[:_LOOKED_AT]))) is not None


def is_field_name(text: str) -> bool:
    """Whether answers of web services commonly have a field of this name."""
    return simplify(text) in _load().sets["field_names"] or text.strip("`").casefold() in _load().sets["field_names"]


def is_type_name(text: str) -> bool:
    """Whether this is the name of a data type."""
    return len(text) <= 24 and simplify(text) in _load().sets["type_names"]


def is_yes_no(text: str) -> bool:
    """Whether this is a yes or a no."""
    return len(text) <= 12 and simplify(text) in _load().sets["yes_no"]


def guess_language(text: str) -> str:
    """The language of a page as BCP 47 has it, from its script and its commonest small words; `en` where nothing tells."""
    sample = text[:200_000]
    scripts = {script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()}
    letters = max(1, sum(character.isalpha() for character in sample[:20_000]) * len(sample) // max(1, len(sample[:20_000])))
    if scripts["kana"] > 0.02 * letters:
        return "ja"
    if scripts["hangul"] > 0.03 * letters:
        return "ko"
    if scripts["han"] > 0.03 * letters:
        return "zh-Hant" if len(_TRADITIONAL.findall(sample)) > len(_SIMPLIFIED.findall(sample)) else "zh"
    if scripts["cyrillic"] > 0.1 * letters:
        return "uk" if re.search("[іїєґ]", sample) else "ru"
    for script in ("arabic", "thai"):
        if scripts[script] > 0.1 * letters:
            return {"arabic": "ar", "thai": "th"}[script]
    words = re.findall(r"\b[^\W\d_]{2,4}\b", sample.casefold())
    scores = {language: sum(word in small for word in words) for language, small in _load().small.items()}
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] > scores.get("en", 0) else "en"


_SCRIPTS = {
    "kana": re.compile("[\u3041-\u30fa]"), "hangul": re.compile("[\uac00-\ud7a3]"), "han": re.compile("[\u4e00-\u9fff]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"), "arabic": re.compile("[\u0600-\u06ff]"), "thai": re.compile("[\u0e00-\u0e7f]"),
}  # fmt: skip
_TRADITIONAL = re.compile("[錯誤請數無參應碼訂單務權執時間變為]")
_SIMPLIFIED = re.compile("[错误请数无参应码订单务权执时间变为]")
