"""A change set as text for people, as Markdown for a pull request and as JSON (pure).

    acme: 233 -> 236 records
      3 added
        17 BAD_DATE: The date is wrong.
      1 reworded
        23
          message: The date [-is wrong-]{+lies in the future+}.
      335 moved
        section: Bug checks -> Review bug checks (335 records: 1, 2, 3, 4, 5, …)

Vendors' texts are not trusted: control characters are shown as escapes, and in Markdown every text stands in a code span,
where neither mark-up nor HTML nor a mention does anything.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from etl.changes import KINDS, Change, ChangeSet, FieldChange, Kind, is_empty, version_bump
from etl.text import collapse

SCHEMA_VERSION = 1
"""Version of the JSON form, schemas/changes.schema.json."""

_TITLES: dict[Kind, str] = {
    "withdrawn": "withdrawn",
    "renumbered": "renumbered",
    "meaning_changed": "changed in meaning",
    "renamed": "renamed",
    "reworded": "reworded",
    "moved": "moved",
    "added": "added",
    "cosmetic": "cosmetic",
}

_LONGEST = 300
"""Characters of one text that are shown."""

_CONTEXT = 4
"""Unchanged words that are shown on either side of a change."""

_COLUMN = 8
"""Records that get, or lose, a field from which on it is told as one change: a column that has come or gone."""

_GIVEN = "given (--all shows each)"

_MOST_CODES = 8
"""Records that are named where many changed in the same way."""


def render_text(change_set: ChangeSet, *, show_all: bool = False, limit: int | None = None) -> str:
    """The change set for people, ending in a line end; cosmetic changes only with `show_all`, `limit` entries per kind."""
    return _render(change_set, show_all=show_all, limit=limit, quote=_plain, arrow="->", bullets=("", "  ", "    ", "      "))


def render_markdown(change_set: ChangeSet, *, show_all: bool = False, limit: int | None = None) -> str:
    """The change set as Markdown for a pull request, ending in a line end; the same choices as `render_text`."""
    return _render(change_set, show_all=show_all, limit=limit, quote=_code_span, arrow="→", bullets=("### ", "- ", "  - ", "    - "))


def to_json(change_set: ChangeSet) -> dict[str, Any]:
    """The whole change set, cosmetic changes too, as JSON values that schemas/changes.schema.json describes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "bump": version_bump(change_set),
        "counts": {kind: sum(change.kind == kind for change in change_set.changes) for kind in KINDS},
        "sources": [{"source": size.source, "old": size.old, "new": size.new} for size in change_set.sizes],
        "changes": [
            {
                "kind": change.kind,
                "kinds": list(change.kinds),
                "source": change.source,
                "old_id": change.old_id,
                "new_id": change.new_id,
                "code": change.code,
                "name": change.name,
                "fields": [{"field": field.field, "old": field.old, "new": field.new, "kind": field.kind} for field in change.fields],
            }
            for change in change_set.changes
        ],
    }


def diff_words(old: str, new: str) -> str:
    """One line with what was taken out as `[-…-]` and put in as `{+…+}`, as `git diff --word-diff` marks it.

    Long stretches that did not change are cut to their ends; two texts with little in common are shown whole.
    """
    from rapidfuzz.distance import Indel

    before, after = _split_words(old), _split_words(new)
    if Indel.normalized_similarity(before, after) < 0.4:
        return f"[-{old}-]{{+{new}+}}"
    steps = _merge_steps(before, after)
    shown = []
    for place, (taken, put) in enumerate(steps):
        if taken == put:
            shown.append(_cut_middle(put, head=place > 0, tail=place < len(steps) - 1))
        else:
            shown.append((f"[-{''.join(taken)}-]" if taken else "") + (f"{{+{''.join(put)}+}}" if put else ""))
    return "".join(shown)


def _merge_steps(before: list[str], after: list[str]) -> list[tuple[list[str], list[str]]]:
    """Stretches of old and new words in turn, equal or not; changes that only white space parts are one change."""
    from rapidfuzz.distance import Indel

    steps: list[tuple[list[str], list[str]]] = []
    for step in Indel.opcodes(before, after):
        taken, put = before[step.src_start:step.src_end], after[step.dest_start:step.dest_end]
        if taken != put and len(steps) > 1 and steps[-1][0] == steps[-1][1] and not "".join(steps[-1][0]).strip():
            blank = steps.pop()[0]
            taken, put = blank + taken, blank + put
        if taken != put and steps and steps[-1][0] != steps[-1][1]:
            taken, put = steps[-1][0] + taken, steps.pop()[1] + put
        steps.append((taken, put))
    return steps


def _split_words(text: str) -> list[str]:
    """Words, single marks and white space: joined they are the text again."""
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def _cut_middle(words: Sequence[str], *, head: bool, tail: bool) -> str:
    """An unchanged stretch, of which only the ends next to a change are kept."""
    most = 2 * _CONTEXT  # words and the white space between them
    if len(words) <= most * (head + tail) + 4:
        return "".join(words)
    return "".join(words[:most] if head else []) + "…" + "".join(words[-most:] if tail else [])


def _render(
    change_set: ChangeSet, *, show_all: bool, limit: int | None, quote: Callable[[str], str], arrow: str, bullets: tuple[str, str, str, str]
) -> str:
    lines = []
    hidden = sum(change.kind == "cosmetic" for change in change_set.changes) if not show_all else 0
    for size in change_set.sizes:
        changes = [change for change in change_set.changes if change.source == size.source and (show_all or change.kind != "cosmetic")]
        if changes:
            lines.append(f"{bullets[0]}{size.source}: {size.old} {arrow} {size.new} records")
            lines += _render_source(changes, show_all=show_all, limit=limit, quote=quote, arrow=arrow, bullets=bullets)
    if not lines:
        lines.append("no changes")
    if hidden:
        lines += ["", f"{hidden} cosmetic {'change' if hidden == 1 else 'changes'} not shown"]
    return "\n".join(lines) + "\n"


def _render_source(
    changes: Sequence[Change],
    *,
    show_all: bool,
    limit: int | None,
    quote: Callable[[str], str],
    arrow: str,
    bullets: tuple[str, str, str, str],
) -> Iterator[str]:
    for kind in KINDS:
        of_kind = [change for change in changes if change.kind == kind]
        if not of_kind:
            continue
        yield f"{bullets[1]}{len(of_kind)} {_TITLES[kind]}"
        groups = _group_alike(of_kind, show_all=show_all)
        shown = groups if limit is None else groups[:limit]
        for members, fields in shown:
            if len(members) == 1:
                yield f"{bullets[2]}{_title(members[0], quote, arrow)}"
                yield from (f"{bullets[3]}{_describe_field(field, quote, arrow)}" for field in fields)
            else:
                names = ", ".join(quote(_label(member)) for member in members[:_MOST_CODES])
                dots = ", …" if len(members) > _MOST_CODES else ""
                alike = "; ".join(_describe_field(field, quote, arrow) for field in fields)
                yield f"{bullets[2]}{alike} ({len(members)} records: {names}{dots})"
        left = sum(len(members) for members, _ in groups[len(shown):])
        if left:
            yield f"{bullets[2]}and {left} more"


_Group = tuple[list[Change], list[FieldChange]]


def _group_alike(changes: Sequence[Change], *, show_all: bool) -> list[_Group]:
    """Changes with the fields to show of each; those whose fields changed in the very same way stand together."""
    groups: dict[str, _Group] = {}
    for change in changes:
        fields = [
            field
            for field in change.fields
            if field.kind not in ("added", "withdrawn") and field.field != "code" and (show_all or field.kind != "cosmetic")
        ]
        alone = change.kind in ("added", "withdrawn", "renumbered")
        alike = json.dumps([[field.field, field.old, field.new] for field in fields], sort_keys=True)
        key = f"{change.old_id} {change.new_id}" if alone else alike
        groups.setdefault(key, ([], fields))[0].append(change)
    return list(groups.values()) if show_all else _fold_columns(list(groups.values()))


def _fold_columns(groups: Sequence[_Group]) -> list[_Group]:
    """The groups, those of many records in which a field is given that was not, or not any more, as one: a column has come or gone."""
    folded: dict[tuple[str, bool], list[Change]] = defaultdict(list)
    for members, fields in groups:
        if _is_column(fields):
            folded[_column_of(fields[0])] += members
    kept: dict[int | tuple[str, bool], _Group] = {}
    for place, (members, fields) in enumerate(groups):
        key = _column_of(fields[0]) if _is_column(fields) else None
        if key is None or len(folded[key]) < _COLUMN:
            kept[place] = members, fields
        else:
            old, new = (None, _GIVEN) if is_empty(fields[0].old) else (_GIVEN, None)
            kept.setdefault(key, (folded[key], [replace(fields[0], old=old, new=new)]))
    return list(kept.values())


def _is_column(fields: Sequence[FieldChange]) -> bool:
    return len(fields) == 1 and is_empty(fields[0].old) != is_empty(fields[0].new)


def _column_of(field: FieldChange) -> tuple[str, bool]:
    """The column, and whether it has come."""
    return field.field, is_empty(field.old)


def _title(change: Change, quote: Callable[[str], str], arrow: str) -> str:
    """The line that names a record: its codes, its name and, where the record came or went, what it says."""
    said = {field.field: field for field in change.fields}
    label = _label(change)
    title = quote(label)
    if "code" in said and change.kind == "renumbered":
        title = f"{quote(_show(said['code'].old))} {arrow} {quote(_show(said['code'].new))}"
    if change.name is not None and change.name != label and change.kind != "renamed":
        title += f" {quote(change.name)}"
    if change.kind in ("added", "withdrawn"):
        text = next((_first_value(said[field]) for field in ("message", "description") if field in said), None)
        if text is not None and text != label:
            title += f": {quote(str(text))}"
    return title


def _label(change: Change) -> str:
    """What to call a record in one word, if it has one."""
    return next((label for label in (change.code, change.name, change.new_id, change.old_id) if label is not None), change.source)


def _first_value(field: FieldChange) -> Any:
    return field.old if field.new is None else field.new


def _describe_field(field: FieldChange, quote: Callable[[str], str], arrow: str) -> str:
    if isinstance(field.old, str) and isinstance(field.new, str) and field.kind in ("renamed", "reworded"):
        return f"{field.field}: {quote(diff_words(collapse(field.old), collapse(field.new)))}"
    return f"{field.field}: {quote(_show(field.old))} {arrow} {quote(_show(field.new))}"


def _show(value: Any) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> str:
    """`text` on one line, of bounded length, without characters that move a cursor, hide text or turn its direction."""
    shown = "".join(_escape(character) for character in text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _escape(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return character.encode("unicode_escape", "backslashreplace").decode("ascii")
    return character


def _code_span(text: str) -> str:
    """`text` as a Markdown code span (CommonMark 6.1): fenced by more backticks than it holds in a row."""
    shown = _plain(text)
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    padding = " " if not shown or shown.strip("`") != shown or shown.strip(" ") != shown else ""
    return f"{fence}{padding}{shown or '(empty)'}{padding}{fence}"
