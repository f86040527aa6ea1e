"""What each column of a table means, decided from its head and from its values.

The code comes first: of all columns whose cells look like codes, the one whose head says so most. A head can lie, the
values overrule it: "Code" over symbols beside "Value" over numbers gives the number as the code and the symbol as its
name. What is left is told apart by heads ("Message", "原因"), where these say nothing by the length of the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from etl.detect.shapes import Profile, is_symbol, profile_cells
from etl.detect.splits import Split, as_message, find_leading_code, find_split, holds_quotes
from etl.detect.statuses import USUAL, has_usual_statuses, holds_statuses
from etl.detect.vocabulary import ROLES, Role, score_head

_SURE_HEAD = 0.62
"""A head that scores as much names its role by a strong word that stands at its place."""

_SPLIT_WORDS = 14
"""Cells longer than this on average are texts that begin with a code, not a code with its name."""

_SOME_ROWS = 4

_SHARED = 0.65
"""Texts of which as few are different, below a head that says nothing, say where a code occurs rather than what it means."""

_ONLY_TEXT = 0.75
"""How sure the role of the only text is where no head says anything: it is about the code, if it is no message."""

TEXT_FIELDS: tuple[Role, ...] = ("message", "description", "resolution")


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What the page says around a table: is it about HTTP, about returned messages, and which texts its samples return."""

    http: bool = False
    returned: bool = False
    samples: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnRole:
    """A column with its role: `also` are further fields that take the same cell, `split` divides code and name."""

    head: str
    role: Role
    score: float
    reason: str
    also: tuple[Role, ...] = ()
    split: Split | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Column:
    """A column and what is known of it; columns are compared by identity, since each is looked for among all."""

    place: int
    head: str
    heads: Mapping[str, float]
    profile: Profile
    texts: Sequence[str]
    split: Split | None

    def says(self, role: str) -> float:
        return self.heads.get(role, 0.0)

    @property
    def is_other(self) -> bool:
        """The head names something else than a field of ours."""
        return self.says("none") > max(0.5, *(self.says(role) for role in ROLES if role != "none"))


def assign_roles(header: Sequence[str], columns: Sequence[Sequence[str]], context: Context) -> tuple[ColumnRole, ...]:
    """The roles of the columns with these heads ("" where none is printed) and these cells, one sequence per column."""
    known = [_look_at(place, head, texts) for place, (head, texts) in enumerate(zip(header, columns, strict=True))]
    roles: dict[int, ColumnRole] = {}
    _assign_codes(known, roles, context)
    if context.returned:
        _take_quoted(known, roles)
    _assign_texts(known, roles, context)
    return tuple(roles[column.place] for column in known)


def _take_quoted(known: Sequence[_Column], roles: dict[int, ColumnRole]) -> None:
    """What stands in quotes beside the codes, on a page that speaks of messages, is the message."""
    for place, role in roles.items():
        if role.split is not None and holds_quotes(role.split, known[place].texts):
            roles[place] = replace(role, split=as_message(role.split))


def _look_at(place: int, head: str, texts: Sequence[str]) -> _Column:
    profile = profile_cells(texts)
    split = None
    if profile.coded < 0.6 and profile.filled and profile.words <= _SPLIT_WORDS:
        split = find_split(texts)
    heads = dict(score_head(head))
    if "http" in head.casefold() and max(heads.get("code", 0.0), heads.get("name", 0.0)) > 0:
        heads["http_status"] = max(heads.get("http_status", 0.0), 0.9)
    return _Column(place=place, head=head, heads=heads, profile=profile, texts=texts, split=split)


def _give(roles: dict[int, ColumnRole], column: _Column, role: Role, score: float, reason: str) -> None:
    split = column.split if role == "code" else None
    roles[column.place] = ColumnRole(head=column.head, role=role, score=round(max(0.0, min(score, 1.0)), 2), reason=reason, split=split)


def _assign_codes(known: Sequence[_Column], roles: dict[int, ColumnRole], context: Context) -> None:
    """Find the code, and the HTTP status, name and type that stand beside it."""
    numbers = [column for column in known if _code_fit(column) > 0 and (column.profile.coded >= 0.6 or column.split is not None)]
    numbers = [column for column in numbers if not _counts_rows(column, numbers)]
    numeric = set(numbers)
    symbols = [column for column in known if column not in numeric and column.profile.symbolic >= 0.6 and _is_name_like(column)]
    statuses = [column for column in numbers if _is_status_column(column, context, alone=len(numbers) == 1 and not symbols)]
    served = set(statuses)
    plain = [column for column in numbers if column not in served]
    if any(symbol.profile.fill >= 0.9 and symbol.profile.unique >= 0.9 for symbol in symbols):
        # Numbers that few rows have are no codes where a symbol tells every row from the others.
        plain = [column for column in plain if column.profile.fill > 0.5]
    if plain:
        code = max(plain, key=_code_fit)
        _give(roles, code, "code", _code_fit(code), _why_code(code))
        if not statuses and holds_statuses(code.texts):
            roles[code.place] = replace(roles[code.place], also=("http_status",))
        for column in statuses:
            _give(roles, column, "http_status", 0.6 + 0.4 * column.says("http_status"), "HTTP statuses beside the code")
        _assign_symbols(symbols, roles)
    elif statuses and symbols and (chosen := _symbol_is_code(statuses[0], symbols)) is not None:
        _give(roles, chosen, "code", _code_fit(chosen), "symbols, each of which stands for one case; the number is the HTTP status")
        _give(roles, statuses[0], "http_status", 0.9, "HTTP statuses beside the code")
        _assign_symbols([column for column in symbols if column is not chosen], roles)
    elif statuses and (named := _find_worded_beside(statuses, known)) is not None:
        _give(roles, named, "code", 0.8 * _code_fit(named), f"the head {named.head!r} says so, and several share each HTTP status")
        _give(roles, statuses[0], "http_status", 0.9, "HTTP statuses beside the code")
        _assign_symbols([column for column in symbols if column is not named], roles)
    elif statuses:
        code = max(statuses, key=lambda column: (_code_fit(column), column.says("http_status")))
        _give(roles, code, "code", max(_code_fit(code), 0.8), "the codes are HTTP statuses")
        roles[code.place] = replace(roles[code.place], also=("http_status",))
        _assign_symbols(symbols, roles)
    elif symbols and (numbered := _find_leading(known, symbols)) is not None:
        column, split = numbered
        roles[column.place] = ColumnRole(head=column.head, role="code", score=0.8, reason="texts that begin with a number", split=split)
        _assign_symbols(symbols, roles)
    elif symbols:
        code = max(symbols, key=_code_fit)
        _give(roles, code, "code", _code_fit(code), "symbols, and no numbers beside them")
        _assign_symbols([column for column in symbols if column is not code], roles)
    else:
        worded = [column for column in known if _is_worded_code(column)]
        if worded:
            code = max(worded, key=_code_fit)
            _give(roles, code, "code", 0.6 * _code_fit(code), f"the head {code.head!r} says so, though the cells are words")


def _find_leading(known: Sequence[_Column], symbols: Sequence[_Column]) -> tuple[_Column, Split] | None:
    """A column of texts that begin with the numbers of the symbols beside them."""
    for column in known:
        if column not in symbols and column.profile.textual >= 0.5 and (split := find_leading_code(column.texts)) is not None:
            return column, split
    return None


def _code_fit(column: _Column) -> float:
    """How well a column would do as the code, 0 to 1; 0 where it cannot be."""
    profile = column.profile
    if profile.filled == 0:
        return 0.0
    head = max(column.says("code"), 0.9 * column.says("http_status"))
    # What the head is called first counts: "Error description" holds the word error, too.
    for role in ("message", "description", "resolution"):
        if column.says(role) > head:
            head = 0.0
    if column.is_other:
        head = min(head, 0.1)
    looks = profile.coded + 0.9 * max(profile.symbolic, 0.0) if column.split is None else 0.9
    fit = 0.45 * head + 0.25 * min(looks, 1.0) + 0.3 * profile.unique
    if not column.head:
        fit += 0.2 * min(looks, 1.0)
    fit *= 0.4 + 0.6 * min(1.0, 1.25 * profile.fill)
    if head == 0.0 and column.head and (column.is_other or max(column.says("decoy"), column.says("none")) > 0.5):
        return 0.0
    return fit


def _counts_rows(column: _Column, numbers: Sequence[_Column]) -> bool:
    """Whether the numbers are those of the rows: 1, 2, 3 … under no head that says code, beside other codes."""
    return column.profile.ascending and column.says("code") < _SURE_HEAD and (len(numbers) > 1 or column.says("none") > 0.5)


def _is_name_like(column: _Column) -> bool:
    if column.is_other and column.says("name") < 0.4 and column.says("code") < 0.4:
        return False
    return max(column.says("resolution"), column.says("description")) < _SURE_HEAD or column.says("name") > 0.4


def _is_status_column(column: _Column, context: Context, *, alone: bool) -> bool:
    profile = column.profile
    if column.split is not None:
        return context.http or column.says("http_status") >= _SURE_HEAD or _are_reason_phrases(column)
    if profile.status < 0.85:
        return "http" in column.head.casefold() and profile.status >= 0.5
    if column.says("http_status") >= _SURE_HEAD or context.http:
        return True
    return has_usual_statuses(column.texts) or (not alone and column.says("http_status") > 0.3)


def _are_reason_phrases(column: _Column) -> bool:
    starts = {text.strip()[:3] for text in column.texts if text.strip()}
    return len(starts & USUAL) >= min(2, len(starts)) and all(
        start.isdigit() and "100" <= start <= "599" for start in starts
    )


def _symbol_is_code(status: _Column, symbols: Sequence[_Column]) -> _Column | None:
    """The column of symbols that is the code beside HTTP statuses; None where the status is the code and they name it."""
    best = max(symbols, key=_code_fit)
    if best.profile.unique < 0.8 and best.profile.distinct <= max(status.profile.distinct, 0.5 * best.profile.filled):
        return None
    if status.profile.unique >= 0.95 and best.says("code") < _SURE_HEAD and status.says("code") >= best.says("code"):
        return None
    if status.profile.unique >= 0.95 and best.says("name") >= _SURE_HEAD > best.says("code"):
        return None
    return best


def _assign_symbols(symbols: Sequence[_Column], roles: dict[int, ColumnRole]) -> None:
    """Symbols beside the code: the one that names each code is its name, one that several codes share its type."""
    left = sorted(symbols, key=lambda column: (-(column.says("name") > column.says("error_type")), -column.profile.unique, column.place))
    for column in left:
        given = {role.role for role in roles.values()}
        shared = column.profile.unique < 0.7 and column.profile.filled >= 4
        is_type = column.says("error_type") >= _SURE_HEAD and column.says("error_type") > column.says("name")
        if "name" not in given and not shared and not (is_type and column.profile.unique < 0.95):
            _give(roles, column, "name", 0.5 + 0.5 * column.profile.unique, "symbols, one for each code")
        elif "error_type" not in given and (shared or is_type or column.says("error_type") > 0.4):
            _give(roles, column, "error_type", 0.7, "symbols that several codes share")


def _is_worded_code(column: _Column) -> bool:
    if column.says("code") < 0.4 or column.says("code") < max(column.says(role) for role in TEXT_FIELDS):
        return False
    profile = column.profile
    if profile.unique < 0.7 or profile.words > 5:
        return False
    return column.says("code") >= _SURE_HEAD or profile.share("word", "symbol") >= 0.6


def _find_worded_beside(statuses: Sequence[_Column], known: Sequence[_Column]) -> _Column | None:
    """The column of words, one for each row, that its head calls the code, where few HTTP statuses stand for them all."""
    if statuses[0].profile.unique > 0.6 or statuses[0].profile.filled < _SOME_ROWS:
        return None
    words = [column for column in known if column.says("code") >= _SURE_HEAD and column.profile.unique >= 0.9]
    return next((column for column in words if _is_worded_code(column)), None)


def _why_code(column: _Column) -> str:
    said = f"the head {column.head!r}" if column.says("code") > 0.3 else "the values alone"
    looks = ", ".join(f"{count} {shape}" for shape, count in column.profile.shapes.most_common(2))
    return f"{said}; cells look like codes ({looks})"


def _assign_texts(known: Sequence[_Column], roles: dict[int, ColumnRole], context: Context) -> None:
    """Tell the remaining columns apart: name, type, message, description, resolution, or nothing of ours."""
    left = [column for column in known if column.place not in roles]
    codes = [column.texts for column in known if column.place in roles and roles[column.place].role == "code"]
    for column in left:
        if any(_repeats(column, texts) for texts in codes):
            _give(roles, column, "none", 0.7, "the code once more")
    left = [column for column in left if column.place not in roles]
    texts = [column for column in left if _is_text(column)]
    for column in left:
        if not _is_text(column):
            reason = "an empty column" if column.profile.filled == 0 else "neither text nor the best code"
            if _is_label_head(column):
                _give(roles, column, "name", 0.5, f"the head {column.head!r}")
            else:
                _give(roles, column, "none", 0.7, reason)
    has_name = any(role.role == "name" or (role.split is not None) for role in roles.values())
    choices: dict[int, Role] = {column.place: _choose_text_role(column, texts) for column in texts}
    if not has_name:
        _find_label(texts, choices)
    _tell_message(texts, choices, context, roles.values())
    for column in texts:
        role = choices[column.place]
        said = column.says(role)
        if role == "name" and has_name:
            role = "error_type" if column.profile.unique < 0.7 else "description" if column.profile.words > 3 else "none"
        if not column.head and len(texts) == 1:
            _give(roles, column, role, _ONLY_TEXT, "the only text, below no head")
            continue
        _give(roles, column, role, 0.45 + 0.5 * said, f"the head {column.head!r}" if said > 0.3 else "its texts")


def _repeats(column: _Column, codes: Sequence[str]) -> bool:
    same = sum(text == code for text, code in zip(column.texts, codes, strict=True))
    return same >= 0.9 * len(codes)


def _is_text(column: _Column) -> bool:
    if column.profile.filled == 0:
        return max(column.says(role) for role in TEXT_FIELDS) >= _SURE_HEAD
    if column.profile.distinct <= 4 and column.profile.longest <= 2 and column.profile.filled >= 6:
        return False
    if column.profile.textual >= 0.4:
        return True
    return max(column.says(role) for role in TEXT_FIELDS) >= _SURE_HEAD and column.profile.share("yes_no", "type", "integer") < 0.8


def _is_label_head(column: _Column) -> bool:
    return column.says("name") >= _SURE_HEAD and column.profile.filled > 0 and column.profile.share("symbol", "word", "series") > 0.5


def _choose_text_role(column: _Column, texts: Sequence[_Column]) -> Role:
    said = {role: column.says(role) for role in ("name", "error_type", "message", "description", "resolution", "none")}
    if said["resolution"] >= 0.5 and max(said["description"], said["message"]) >= 0.5:
        return "description"
    if column.says("decoy") > 0.6 and max(said.values()) < column.says("decoy"):
        said["none"] = column.says("decoy")
    best = max(said, key=lambda role: said[role])
    if column.says("code") > max(0.5, said[best]) and column.profile.words <= 4 and len(texts) > 1:
        return "name"
    explained = any(other.says(role) >= _SURE_HEAD for other in texts for role in TEXT_FIELDS if other is not column)
    if column.head and explained and column.profile.unique < _SHARED and (said[best] < 0.3 or best == "none"):
        return "none"
    if best == "resolution" and column.profile.symbolic >= 0.8:
        return "none"
    if said[best] < 0.3:
        if column.profile.words <= 2 and len(texts) > 1 and column.head:
            return "none"
        return "description"
    if best == "none" and column.profile.words > 6 and said["description"] > 0.3:
        return "description"
    if said[best] >= _SURE_HEAD:
        if best in {"name", "error_type"} and column.profile.words > 7:
            return "description"
        return best  # type: ignore[return-value]
    # A weak word: short labels beside other texts are names, sentences the message or the description.
    if said["name"] > 0.3 and len(texts) > 1 and column.profile.words <= 5 and column.profile.share("prose") < 0.3:
        return "name"
    others = [other for other in texts if other is not column]
    if said["message"] > 0.3 and any(other.says("description") >= _SURE_HEAD for other in others):
        return "message"
    return "description"


def _find_label(texts: Sequence[_Column], choices: dict[int, Role]) -> None:
    """A short label beside a longer explanation is a name, though its head may say "Meaning" or "Reason"."""
    if "name" in choices.values():
        return
    described = [column for column in texts if choices[column.place] == "description"]
    if len(described) < 2:
        return
    first, *others = described
    is_short = first.profile.words <= 4 and first.profile.share("prose") < 0.2 and first.profile.unique >= 0.7
    if is_short and any(other.profile.words >= 2 * first.profile.words and other.profile.words >= 5 for other in others):
        choices[first.place] = "name"


def _tell_message(texts: Sequence[_Column], choices: dict[int, Role], context: Context, given: Iterable[ColumnRole]) -> None:
    """Where no column is the message, one of the described may be what the page says that the API returns."""
    splits = [role.split for role in given if role.split is not None]
    if "message" in choices.values() or any(split.returned for split in splits):
        return
    described = [column for column in texts if choices[column.place] == "description"]
    if not described:
        return
    details = [column for column in described if column.says("message") > 0.3 and column.profile.placeholders]
    if len(described) > 1 and details:
        choices[details[0].place] = "message"
        return
    column = described[0]
    # Beside a title a text rather explains than is returned: then headings alone do not prove it.
    doubt = 0.2 if splits else 0.0
    if len(described) == 1 and is_returned(column.texts, max(column.says("description"), doubt), context):
        choices[column.place] = "message"


def is_returned(texts: Sequence[str], said_description: float, context: Context) -> bool:
    """Whether texts are what the API returns: a sample of the page bears one, they have gaps to fill, headings say so."""
    evidence = 0.0
    if context.samples and any(_sample_key(line) in context.samples for text in texts for line in text.split("\n")):
        evidence += 2.0
    gaps = profile_cells(texts)
    if gaps.placeholders >= 2 and gaps.placeholders >= 0.04 * gaps.filled:
        evidence += 1.6
    if context.returned:
        evidence += 0.8
    return evidence > 0.7 + 0.8 * said_description


def _sample_key(text: str) -> str:
    return text.removeprefix("- ").strip().casefold()


def drop_field(roles: Sequence[ColumnRole], field: Role) -> tuple[ColumnRole, ...]:
    """The roles without the extra field `field` on the code."""
    return tuple(replace(role, also=tuple(other for other in role.also if other != field)) for role in roles)


def names_symbols(texts: Sequence[str]) -> bool:
    """Whether most of the texts are symbols."""
    filled = [text for text in texts if text]
    return bool(filled) and sum(map(is_symbol, filled)) >= 0.6 * len(filled)
