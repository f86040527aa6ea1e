"""Headings, list items and paragraphs that open an entry of a code: the regular expressions that a spec would give.

    ## 8001                               (?P<code>[0-9]+)
    ### -1003 TOO_MANY_REQUESTS           (?P<code>-[0-9]+) (?P<title>…)
    ## ERROR 5002 (HY000): Resolve error  ERROR (?P<code>…) \\((?P<state>…)\\): (?P<title>…)
    ### CURLE_OK (0)                      (?P<title>…) \\((?P<code>…)\\)
    - `invalid_grant`: The grant …        (?P<code>…): (?P<text>…)
    - 401, 403: Refused                   the same; codes that stand together stay together
    - 1001参数错误, ### 404NotFound       the same; digits end where a word begins

The openers of one kind (headings of one level, list items) must agree on a form; others of that kind may stand between.
Section numbers, dates, steps and versions look like codes: they are not taken.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.detect.shapes import TIGHT_GAP, TIGHT_NUMBER, find_shape, is_symbol
from etl.detect.statuses import REASONS
from etl.detect.vocabulary import is_about, score_head

CODE, TITLE, TEXT, STATE = "code", "title", "text", "state"
"""Our names for the parts of an opener; the columns are called so."""

_LOOKED_AT = 400
"""How much of an opener is looked at: its form shows at its beginning."""

_MOST_ORDINALS = 40
"""Numbers that count from 1 up to here are chapters, steps or examples, though the page be about codes."""

FEWEST = 2
"""Fewer openers of one form are chance."""

_NUMBER = r"[+\-\u2212\u2013]?[0-9]{1,12}(?:,[0-9]{3})*(?![0-9A-Za-z_]|[.,:/][0-9])|-?0[xX][0-9A-Fa-f]{1,16}"
_SERIES = (
    r"(?![0-9]+[xX]+\b|[0-9]{3,}[A-Z][a-z]{2})(?=[A-Za-z0-9_.-]*[0-9])(?=[^\s]*[A-Za-z])"
    r"[A-Za-z0-9]{1,24}(?:[-_.][A-Za-z0-9]{1,24}){0,6}"
)
_SYMBOL = r"(?:[-\u2212](?=E[A-Z]))?[A-Za-z_][A-Za-z0-9]{0,60}(?:(?:[-_./]|::?)[A-Za-z0-9]{1,60}){0,12}"
_JOINED = r"(?:\s?[,，、/~～\u2013-]\s?| (?:or|and|oder|und|ou|et|o|y|e|или|и) )"
_SEVERAL = rf"[0-9]{{3,8}}(?:{_JOINED}[0-9]{{3,8}}){{1,9}}(?![0-9A-Za-z])"
"""Several codes, or the first and the last one: `400, 401`, `5000-5010`."""

_CODE = rf"(?P<code>{_SEVERAL}|{_NUMBER}|{_SERIES})"
_TIGHT_CODE = rf"(?P<code>{_SEVERAL}|{_NUMBER}|{TIGHT_NUMBER}|{_SERIES})"
_DASH = r"[-\u2010-\u2015\u2212]"
_STRICT_GAP = rf"(?:\s*[:：=]\s*|\s+{_DASH}{{1,2}}>?\s*|\s*[\u2013\u2014]\s*|\s*[|→]\s*|{_DASH}\s+)"
_GAP = rf"(?:{_STRICT_GAP}|[,，、.]\s+|\s+)"
_STATE = r"[\(\[（](?P<state>(?=[A-Z]*[0-9])[0-9A-Z]{5})[\)\]）]"
"""An SQLSTATE beside the code (ISO/IEC 9075: five digits or capitals)."""
_PREFIX = re.compile(rf"(?P<prefix>[^0-9\n]{{0,40}}?)[\[(（#]?(?:{_NUMBER}|{_SERIES})")
_ORDINAL_PREFIX = re.compile(
    r"(?:step|table|chapter|figure|example|section|part|case|version|release|v|q|phase|appendix|note|tip|option|page"
    r"|query|line|row|question"
    r"|paso|etapa|tabela|tabla|tableau|schritt|шаг|таблица|第|表|步骤|図|手順)\.?",
    re.IGNORECASE,
)
"""Words whose numbers count things that are no codes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form of openers: the expression that matches them in full, how many it matches, and the words before the code."""

    pattern: str
    matches: int
    prefix: str


def find_forms(texts: Sequence[str], *, with_text: bool = False, about_codes: bool = False) -> tuple[Form, ...]:
    """The forms on which openers with these texts agree, the one that fits most first.

    `with_text`: the opener holds the text about the code as well (a list item), not its title alone (a heading).
    `about_codes`: the page says that it is about codes, so that 1, 2, 3 … may be some.
    """
    kept = [text[:_LOOKED_AT] for text in texts if text]
    if len(kept) < FEWEST:
        return ()
    last = TEXT if with_text else TITLE
    forms = list(_find_barred(kept))
    for prefix in _find_prefixes(kept):
        lead = rf"{re.escape(prefix)}\s*" if prefix else ""
        for pattern in _shape_forms(lead, last):
            form = _try(pattern, kept, prefix, about_codes=about_codes)
            if form is not None:
                forms.append(form)
    forms.sort(key=lambda form: -form.matches)
    return tuple(forms)


def _shape_forms(lead: str, last: str) -> Iterable[str]:
    """The expressions to try, the more telling ones first: of equal matches the first wins."""
    rest = rf"(?P<{last}>\S.*)"
    yield rf"{lead}{_CODE}(?:\s*{_STATE})?(?:{_GAP}{rest})?"
    if last == TEXT:
        yield rf"{lead}{_CODE}{_GAP}(?P<title>{REASONS})(?:\s?[.:：,]\s+|\s+{_DASH}\s+){rest}"
        yield rf"{lead}{_CODE}{_GAP}(?P<title>{_SYMBOL}){_STRICT_GAP}{rest}"
        yield rf"{lead}{_CODE}{_GAP}(?P<title>[^\s:：.。][^:：.。\n]{{0,50}}?)(?:\s*[:：]\s+|\s*[：]\s*|\s+{_DASH}{{1,2}}\s+){rest}"
        yield rf"(?P<title>{_SYMBOL})\s*[\[(（]{lead}{_CODE}[\])）]{_GAP}{rest}"
        yield rf"{lead}{_CODE}\s*[\[(（](?P<title>[^()\[\]（）\n]{{1,60}})[\])）]{_GAP}{rest}"
    yield rf"{lead}{_CODE}\s*[\[(（](?P<title>[^()\[\]（）\n]{{1,80}})[\])）]"
    if last == TEXT:
        yield rf"{lead}{_CODE}\s*[\[(（](?P<title>[^()\[\]（）\n]{{1,60}})[\])）](?:{_GAP}{rest})?"
    yield rf"{lead}[\[(（]{_CODE}[\])）](?:{_GAP}?{rest})?"
    yield rf"(?P<title>{_SYMBOL})\s*[\[(（]{lead}{_CODE}[\])）]"
    yield rf"(?P<title>{_SYMBOL}){_STRICT_GAP}{lead}{_CODE}"
    yield rf"(?P<title>\S[^\n]{{0,120}}?)\s*[\[(（]{lead}{_CODE}[\])）]"
    if last == TITLE:
        yield rf"(?P<title>[^\s0-9][^\n]{{0,120}}?){_STRICT_GAP}{lead}(?P<code>{_NUMBER})"
    yield rf"{lead}{_CODE}(?:{_GAP}{rest})?"
    yield rf"{lead}{_TIGHT_CODE}(?:(?:{_GAP}|{TIGHT_GAP}){rest})?"
    if not lead:
        symbol = rf"(?P<code>{_SYMBOL})"
        yield rf"{symbol}(?:{_STRICT_GAP}{rest})?"


def _find_barred(texts: Sequence[str]) -> Iterable[Form]:
    """The form of openers that are rows of a table whose mark-up is broken: `4001 | Bad name | Choose another`.

    The columns are called after the words of an opener with as many bars that holds no code, if there is one.
    """
    bars = Counter(text.count(" | ") for text in texts if " | " in text)
    count = bars.most_common(1)[0][0] if bars else 0
    rows = [text for text in texts if text.count(" | ") == count]
    if not count or len(rows) * 2 < len(texts):
        return
    heads = next((row.split(" | ") for row in rows if score_head(row.split(" | ")[0]).get("code", 0.0) > 0.3), [])
    heads = heads or next((row.split(" | ") for row in rows if not _is_code(row.split(" | ")[0])), [])
    names = [re.sub(r"\W+", "_", head.casefold()).strip("_") for head in heads[1:]]
    if len(set(names)) < count or not all(name.isidentifier() and name.isascii() and name != CODE for name in names):
        names = [f"part_{number}" for number in range(2, count + 2)]
    parts = "".join(rf"\s*\|\s*(?P<{name}>[^|]*?)" for name in names[:-1])
    no_heads = rf"(?!{re.escape(heads[0])}\s*\|)" if heads else ""
    form = _try(rf"{no_heads}(?P<code>{_NUMBER}|{_SERIES}|{_SYMBOL}){parts}\s*\|\s*(?P<{names[-1]}>.*)", texts, "", about_codes=True)
    if form is not None:
        yield form


def _find_prefixes(texts: Sequence[str]) -> list[str]:
    """Words that stand before the codes of many openers ("Error code:"), and none."""
    counts: Counter[str] = Counter()
    for text in texts:
        found = _PREFIX.match(text)
        if found is not None:
            prefix = found["prefix"].strip()
            if prefix and (prefix[-1].isalpha() or prefix[-1] in ":：#") and not _ORDINAL_PREFIX.fullmatch(prefix.split()[-1]):
                counts[prefix] += 1
    common = [prefix for prefix, count in counts.most_common(2) if count >= FEWEST and count >= 0.1 * len(texts)]
    return [*common, ""]


def _try(pattern: str, texts: Sequence[str], prefix: str, *, about_codes: bool) -> Form | None:
    expression = re.compile(pattern, re.DOTALL)
    found = [match for text in texts if (match := expression.fullmatch(text)) is not None]
    if len(found) < FEWEST:
        return None
    codes = [match["code"] for match in found]
    good = [code for code in codes if _is_code(code)]
    if len(good) < 0.9 * len(codes):
        return None
    titles = [match["title"] for match in found if match.groupdict().get("title")]
    named = len(titles) == len(found) and all(map(is_symbol, titles))
    if not named and _are_ordinals(found, codes, prefix, about_codes=about_codes):
        return None
    last = TEXT if TEXT in expression.groupindex else TITLE
    rests = [match[last] for match in found if match.groupdict().get(last)]
    if rests and sum(find_shape(rest) == "integer" for rest in rests) * 2 > len(rests):
        return None  # a number tells nothing about a code
    if _are_ranges(found, last):
        return None
    if STATE in expression.groupindex and sum(match[STATE] is not None for match in found) < FEWEST:
        return None
    return Form(pattern=pattern, matches=len(found), prefix=prefix)


def _are_ranges(found: Sequence[re.Match[str]], last: str) -> bool:
    """Whether the numbers are ranges, of which most end where another begins: `0 - 99: reserved`, `100 - 399: unused`."""
    ranges = [
        (int(match["code"]), int(end[0]))
        for match in found
        if match["code"].isdecimal() and (end := re.match(r"[0-9]{1,12}", match.groupdict().get(last) or "")) is not None
    ]
    begun = {first for first, _ in ranges}
    return len(ranges) * 2 > len(found) and sum(end + 1 in begun for _, end in ranges) * 2 >= len(ranges)


def _is_code(code: str) -> bool:
    shape = find_shape(code)
    return shape in {"integer", "hex", "series", "several", "range"} or (shape == "symbol" and is_symbol(code))


def _are_ordinals(found: Sequence[re.Match[str]], codes: Sequence[str], prefix: str, *, about_codes: bool) -> bool:
    """Whether the numbers only count: 1, 2, 3 … as sections and steps do, and nothing says that they are codes."""
    if prefix and is_about("topic", prefix):
        return False
    numbers = [int(code) for code in codes if code.isascii() and code.isdigit()]
    if len(numbers) < len(codes) or len(numbers) > _MOST_ORDINALS or numbers[0] not in {0, 1}:
        return False
    if all(code.startswith("00") for code in codes[:_MOST_ORDINALS]):
        return False  # nobody counts with leading zeros
    if any(later - earlier not in {0, 1} for earlier, later in itertools.pairwise(numbers)):
        return False
    dotted = sum(match.string[match.end("code") :].startswith(".") for match in found)
    return dotted > 0 or not about_codes or numbers[0] == 1
