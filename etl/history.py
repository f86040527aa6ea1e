"""What depends on the past, and nothing else does: data version, first and last sight of records, withdrawn records, sources held back.

`output/history.json` is committed: it is written by a build that publishes and read by the next, so that a clean clone
rebuilt with it gives the same bytes. No clock enters it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from etl.changes import Bump, Change, ChangeSet, next_version, version_bump
from etl.changes.render import render_markdown
from etl.changes.vanish import Verdict
from etl.errors import CatalogueError

HISTORY = "history.json"
CHANGES = "CHANGES.md"
FIRST_VERSION = "1.0.0"

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A source whose new document was not published: which one, why, and the line to look at."""

    document_sha256: str
    reason: str
    line: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """The past of the catalogue. `content` is the sha256 of the rows that were published last, None before the first build."""

    data_version: str = FIRST_VERSION
    content: str | None = None
    releases: tuple[Mapping[str, Any], ...] = ()
    first_seen: Mapping[str, str] = field(default_factory=dict)
    """by id, for records that were not in the first version"""
    withdrawn: tuple[Row, ...] = ()
    held_back: Mapping[str, Held] = field(default_factory=dict)


def read_history(out: Path) -> History:
    """The history in the folder `out`; an empty one where nothing was published yet. Raises CatalogueError where it is damaged."""
    path = out / HISTORY
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        return History(
            data_version=str(given["data_version"]),
            content=given["content"],
            releases=tuple(given["releases"]),
            first_seen=dict(given["first_seen"]),
            withdrawn=tuple(given["withdrawn"]),
            held_back={source: Held(**held) for source, held in given["held_back"].items()},
        )
    except FileNotFoundError:
        return History()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(
            "the history of the catalogue is damaged",
            where=str(path),
            found=str(error),
            expected="what a build has written",
            advice=f"restore it from version control: git checkout {path}",
        ) from error


def render_history(history: History) -> bytes:
    """The file history.json: one withdrawn record and one release a line."""
    given = {
        "data_version": history.data_version,
        "content": history.content,
        "releases": list(history.releases),
        "first_seen": dict(sorted(history.first_seen.items())),
        "withdrawn": list(history.withdrawn),
        "held_back": {
            source: {"document_sha256": held.document_sha256, "reason": held.reason, "line": held.line}
            for source, held in sorted(history.held_back.items())
        },
    }
    lines = [f"  {json.dumps(key)}: {_render_value(value)}" for key, value in given.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8")


def _render_value(value: object) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in value) + "\n  ]"
    return json.dumps(value, ensure_ascii=False)


def digest_rows(rows: Mapping[str, Sequence[Row]]) -> str:
    """The sha256 of the rows of all tables that come from documents."""
    digest = hashlib.sha256()
    for table in sorted(rows):
        digest.update(json.dumps([table, list(rows[table])], ensure_ascii=False).encode("utf-8"))
    return digest.hexdigest()


def advance(
    history: History, changes: ChangeSet, verdicts: Mapping[str, Verdict], *, old: Sequence[Row], new: Mapping[str, Sequence[Row]],
    held_back: Mapping[str, Held],
) -> History:  # fmt: skip
    """The history after publishing the tables `new`.

    `changes` lead from the published records `old` to the new ones, `verdicts` say of each withdrawn id why it is gone.
    """
    content = digest_rows(new)
    if content == history.content:
        return replace(history, held_back=dict(held_back))
    bump = _bump_of(history, changes, anything_published=bool(old))
    version = next_version(history.data_version, bump)
    first_seen = _carry_first_seen(history, changes, version, first=history.content is None)
    published = {str(row["id"]) for row in new["status_codes"]}
    gone = [row for row in history.withdrawn if row["id"] not in published]
    rows = {str(row["id"]): row for row in old}
    gone += [
        {
            **rows[change.old_id],
            "first_seen": _first_seen(history, change.old_id),
            "last_seen": history.data_version,
            "verdict": verdicts.get(change.old_id, "withdrawn"),
        }
        for change in changes.changes
        if change.kind == "withdrawn" and change.old_id is not None
    ]
    # The first release changes nothing: it is what later ones are compared with.
    counts = _count_kinds(changes.changes) if old or history.content is not None else {}
    release = {"data_version": version, "changes": counts, "records": len(new["status_codes"])}
    is_new = bump != "none" or history.content is None
    return replace(
        history,
        data_version=version,
        content=content,
        releases=(*history.releases, release) if is_new else history.releases,
        first_seen={record: seen for record, seen in first_seen.items() if record in published},
        withdrawn=tuple(sorted(gone, key=lambda row: (str(row["source"]), str(row["id"]), str(row["last_seen"])))),
        held_back=dict(held_back),
    )


def _bump_of(history: History, changes: ChangeSet, *, anything_published: bool) -> Bump:
    """How far the data version moves: by the records' changes; a difference elsewhere is a patch."""
    if history.content is None:
        return "none"
    if not anything_published:
        # The published tables are gone but not their history: what changed since cannot be told, so it may be anything.
        return "major"
    bump = version_bump(changes)
    return "patch" if bump == "none" else bump


def _first_seen(history: History, record: str) -> str:
    first = str(history.releases[0]["data_version"]) if history.releases else FIRST_VERSION
    return history.first_seen.get(record, first)


def _carry_first_seen(history: History, changes: ChangeSet, version: str, *, first: bool) -> dict[str, str]:
    """First sights by id: those known, under their new ids where these changed, and the new version for what was added."""
    if first:
        return {}
    seen = dict(history.first_seen)
    again = {str(row["id"]): str(row["first_seen"]) for row in history.withdrawn}
    for change in changes.changes:
        if change.kind == "added" and change.new_id is not None:
            seen[change.new_id] = again.get(change.new_id, version)
        elif change.new_id is not None and change.old_id is not None and change.new_id != change.old_id:
            known = seen.pop(change.old_id, None)
            if known is not None:
                seen[change.new_id] = known
    return seen


def _count_kinds(changes: Sequence[Change]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    return counts


def extend_changes(text: str | None, before: History, after: History, changes: ChangeSet) -> str:
    """CHANGES.md with the newest version on top; unchanged where the version is."""
    title = "# Changes of the data\n"
    entries = (text or title).removeprefix(title)
    if after.data_version == before.data_version and before.content is not None:
        return title + entries
    if before.content is None:
        body = "The first version.\n"
    elif any(change.kind != "cosmetic" for change in changes.changes):
        body = render_markdown(changes, limit=50)
    else:
        body = "Nothing changed in what the records say.\n"
    return f"{title}\n## {after.data_version}\n\n{body}{entries}"
