"""Which column holds the code, and which the HTTP status, the symbolic name and the type beside it.

    Code          Value   Text        the numbers are the code, the symbols its name, whatever the heads say
    ERR_TIMEOUT   4001    …

Of all columns whose cells look like codes it is the one whose head says so most. A head can lie, the values overrule it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etl.detect.columns import SURE_HEAD, TEXT_FIELDS, Column, ColumnRole, Context, give
from etl.detect.splits import Split, find_leading_code
from etl.detect.statuses import USUAL, has_usual_statuses, holds_statuses

_SOME_ROWS = 4


def assign_codes(known: Sequence[Column], roles: dict[int, ColumnRole], context: Context) -> None:
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
        give(roles, code, "code", _code_fit(code), _why_code(code))
        if not statuses and holds_statuses(code.texts):
            roles[code.place] = replace(roles[code.place], also=("http_status",))
        for column in statuses:
            give(roles, column, "http_status", 0.6 + 0.4 * column.says("http_status"), "HTTP statuses beside the code")
        _assign_symbols(symbols, roles)
    elif statuses and symbols and (chosen := _symbol_is_code(statuses[0], symbols)) is not None:
        give(roles, chosen, "code", _code_fit(chosen), "symbols, each of which stands for one case; the number is the HTTP status")
        give(roles, statuses[0], "http_status", 0.9, "HTTP statuses beside the code")
        _assign_symbols([column for column in symbols if column is not chosen], roles)
    elif statuses and (named := _find_worded_beside(statuses, known)) is not None:
        give(roles, named, "code", 0.8 * _code_fit(named), f"the head {named.head!r} says so, and several share each HTTP status")
        give(roles, statuses[0], "http_status", 0.9, "HTTP statuses beside the code")
        _assign_symbols([column for column in symbols if column is not named], roles)
    elif statuses:
        code = max(statuses, key=lambda column: (_code_fit(column), column.says("http_status")))
        give(roles, code, "code", max(_code_fit(code), 0.8), "the codes are HTTP statuses")
        roles[code.place] = replace(roles[code.place], also=("http_status",))
        _assign_symbols(symbols, roles)
    elif symbols and (numbered := _find_leading(known, symbols)) is not None:
        column, split = numbered
        roles[column.place] = ColumnRole(head=column.head, role="code", score=0.8, reason="texts that begin with a number", split=split)
        _assign_symbols(symbols, roles)
    elif symbols:
        code = max(symbols, key=_code_fit)
        give(roles, code, "code", _code_fit(code), "symbols, and no numbers beside them")
        _assign_symbols([column for column in symbols if column is not code], roles)
    else:
        worded = [column for column in known if _is_worded_code(column)]
        if worded:
            code = max(worded, key=_code_fit)
            give(roles, code, "code", 0.6 * _code_fit(code), f"the head {code.head!r} says so, though the cells are words")


def _find_leading(known: Sequence[Column], symbols: Sequence[Column]) -> tuple[Column, Split] | None:
    """A column of texts that begin with the numbers of the symbols beside them."""
    for column in known:
        if column not in symbols and column.profile.textual >= 0.5 and (split := find_leading_code(column.texts)) is not None:
            return column, split
    return None


def _code_fit(column: Column) -> float:
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


def _counts_rows(column: Column, numbers: Sequence[Column]) -> bool:
    """Whether the numbers are those of the rows: 1, 2, 3 … under no head that says code, beside other codes."""
    return column.profile.ascending and column.says("code") < SURE_HEAD and (len(numbers) > 1 or column.says("none") > 0.5)


def _is_name_like(column: Column) -> bool:
    if column.is_other and column.says("name") < 0.4 and column.says("code") < 0.4:
        return False
    return max(column.says("resolution"), column.says("description")) < SURE_HEAD or column.says("name") > 0.4


def _is_status_column(column: Column, context: Context, *, alone: bool) -> bool:
    profile = column.profile
    if column.split is not None:
        return context.http or column.says("http_status") >= SURE_HEAD or _are_reason_phrases(column)
    if profile.status < 0.85:
        return "http" in column.head.casefold() and profile.status >= 0.5
    if column.says("http_status") >= SURE_HEAD or context.http:
        return True
    return has_usual_statuses(column.texts) or (not alone and column.says("http_status") > 0.3)


def _are_reason_phrases(column: Column) -> bool:
    starts = {text.strip()[:3] for text in column.texts if text.strip()}
    return len(starts & USUAL) >= min(2, len(starts)) and all(
        start.isdigit() and "100" <= start <= "599" for start in starts
    )


def _symbol_is_code(status: Column, symbols: Sequence[Column]) -> Column | None:
    """The column of symbols that is the code beside HTTP statuses; None where the status is the code and they name it."""
    best = max(symbols, key=_code_fit)
    if best.profile.unique < 0.8 and best.profile.distinct <= max(status.profile.distinct, 0.5 * best.profile.filled):
        return None
    if status.profile.unique >= 0.95 and best.says("code") < SURE_HEAD and status.says("code") >= best.says("code"):
        return None
    if status.profile.unique >= 0.95 and best.says("name") >= SURE_HEAD > best.says("code"):
        return None
    return best


def _assign_symbols(symbols: Sequence[Column], roles: dict[int, ColumnRole]) -> None:
    """Symbols beside the code: the one that names each code is its name, one that several codes share its type."""
    left = sorted(symbols, key=lambda column: (-(column.says("name") > column.says("error_type")), -column.profile.unique, column.place))
    for column in left:
        given = {role.role for role in roles.values()}
        shared = column.profile.unique < 0.7 and column.profile.filled >= 4
        is_type = column.says("error_type") >= SURE_HEAD and column.says("error_type") > column.says("name")
        if "name" not in given and not shared and not (is_type and column.profile.unique < 0.95):
            give(roles, column, "name", 0.5 + 0.5 * column.profile.unique, "symbols, one for each code")
        elif "error_type" not in given and (shared or is_type or column.says("error_type") > 0.4):
            give(roles, column, "error_type", 0.7, "symbols that several codes share")


def _is_worded_code(column: Column) -> bool:
    if column.says("code") < 0.4 or column.says("code") < max(column.says(role) for role in TEXT_FIELDS):
        return False
    profile = column.profile
    if profile.unique < 0.7 or profile.words > 5:
        return False
    return column.says("code") >= SURE_HEAD or profile.share("word", "symbol") >= 0.6


def _find_worded_beside(statuses: Sequence[Column], known: Sequence[Column]) -> Column | None:
    """The column of words, one for each row, that its head calls the code, where few HTTP statuses stand for them all."""
    if statuses[0].profile.unique > 0.6 or statuses[0].profile.filled < _SOME_ROWS:
        return None
    words = [column for column in known if column.says("code") >= SURE_HEAD and column.profile.unique >= 0.9]
    return next((column for column in words if _is_worded_code(column)), None)


def _why_code(column: Column) -> str:
    said = f"the head {column.head!r}" if column.says("code") > 0.3 else "the values alone"
    looks = ", ".join(f"{count} {shape}" for shape, count in column.profile.shapes.most_common(2))
    return f"{said}; cells look like codes ({looks})"
