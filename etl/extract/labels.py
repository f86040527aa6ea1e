"""Labelled parts of an entry, in whatever blocks they stand: `Cause: …`, `* **Solution:** …`, `#### Cause`, `| Cause | … |`.

    paragraph  "Order refused. Cause: no funds."   -> rest "Order refused.", Cause "no funds."
    item       "Solution: pay in"                  -> Solution "pay in"
    heading    "See also"                          -> with that label, all that follows it up to the next heading

A label is what the caller names, in any case, with a colon (`:` or `：`) or alone. It opens a block, a line or a sentence; with
a dash between blanks (`Cause - no funds`) only a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from etl.extract.composing import compose_text
from etl.model import Block, Cell, Link, Table

_SENTENCE_END = (".", "!", "?", ";", "。", "！", "？", "；")
_BREAK = re.compile(r"\n|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_CANDIDATE = re.compile(r"[\s>*_`+•#-]*(?P<label>[^\W\d_][^:：*_`|<>\n]{0,39}?)[\s*_`]*(?:：|:(?=[\s*_`]|$|[^\x00-\x7f])|\s[-–—]\s)")
_MAX_WORDS = 5


@dataclass(kw_only=True, slots=True)
class Parts:
    """The blocks of one entry: those under each label that it bears, by the label as the caller names it, and the rest."""

    labelled: dict[str, list[Block]] = field(default_factory=dict)
    rest: list[Block] = field(default_factory=list)


def split_labels(blocks: Sequence[Block | Table], labels: Sequence[str]) -> Parts:
    """Divide the blocks of an entry by `labels`. Tables are no part of it, but for their rows of a label and its value."""
    parts = Parts()
    names = {label.casefold(): label for label in labels}
    opening = _compile(labels)
    label: str | None = None
    opener: Block | None = None
    for block in blocks:
        if isinstance(block, Table):
            for name, value in _read_pairs(block, names):
                parts.labelled.setdefault(name, []).append(value)
            continue
        alone = names.get(block.text.rstrip(" :：").casefold())
        if alone is not None:
            label, opener = alone, None if block.kind != "heading" else block
            parts.labelled.setdefault(alone, []).append(replace(block, text="", kind="paragraph", links=()))
            continue
        if not _continues(block, opener):
            label = None
        for piece_label, piece in _split_block(block, opening, names):
            if piece_label is not None:
                label, opener = piece_label, block
            (parts.rest if label is None else parts.labelled.setdefault(label, [])).append(piece)
    return parts


def _continues(block: Block, opener: Block | None) -> bool:
    """Whether an unlabelled block goes on with the part that `opener` opened; None is a label that stood alone."""
    if block.kind == "heading":
        return opener is not None and opener.kind == "heading" and block.level > opener.level
    if opener is None or opener.kind != "item":
        return True
    if block.kind == "item":
        return block.level > opener.level
    return block.kind == "code" or block.level >= opener.level


def _compile(labels: Sequence[str]) -> re.Pattern[str] | None:
    if not labels:
        return None
    longest_first = sorted(labels, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?P<label>{'|'.join(map(re.escape, longest_first))})(?P<mark>\s*[:：]\s*|\s[-–—]\s+)", re.IGNORECASE)


def _split_block(block: Block, opening: re.Pattern[str] | None, names: dict[str, str]) -> Iterator[tuple[str | None, Block]]:
    """The block cut at each label that opens a line or sentence of it; a first piece that bears none comes with None."""
    matches = [] if opening is None or block.kind in {"code", "heading"} else list(opening.finditer(block.text))
    lines = _find_line_labels(block.raw) if matches and matches[-1].start() > 0 else set()
    cuts = [match for match in matches if _opens(block.text, match, lines)]
    first = cuts[0].start() if cuts else len(block.text)
    if first > 0:
        yield from ((None, piece) for piece in _cut(block, 0, first, block.kind))
    for number, match in enumerate(cuts):
        end = cuts[number + 1].start() if number + 1 < len(cuts) else len(block.text)
        yield from ((names[match["label"].casefold()], piece) for piece in _cut(block, match.end(), end, "paragraph"))


def _opens(text: str, match: re.Match[str], line_labels: set[str]) -> bool:
    before = text[max(match.start() - 3, 0) : match.start()]
    if not before:
        return True
    if not match["mark"].strip().endswith((":", "：")):
        return False
    if "\n" in before:
        return True
    return before.rstrip().endswith(_SENTENCE_END) or (before[-1] == " " and match["label"].casefold() in line_labels)


def _find_line_labels(raw: str) -> set[str]:
    """The labels that open a line of `raw` as printed, which the text no longer shows."""
    found = (_CANDIDATE.match(_TAG.sub("", line)) for line in _BREAK.split(raw))
    return {match["label"].strip().casefold() for match in found if match is not None}


def _cut(block: Block, start: int, end: int, kind: str) -> Iterator[Block]:
    """A piece of a block; lines of it that are list items become items again."""
    text = block.text[start:end].removesuffix("\n- ").strip()
    if start == 0 and end == len(block.text) and "\n" not in text:
        yield block
        return
    links = tuple(link for link in block.links if link.text in text)
    for number, line in enumerate(text.split("\n")):
        is_item = line.startswith("- ") and (number > 0 or "\n- " in text)
        yield replace(
            block,
            kind="item" if is_item or kind == "item" else "paragraph",
            level=max(block.level, 1) if is_item else block.level,
            text=line.removeprefix("- ") if is_item else line,
            links=links if number == 0 else (),
        )


def _read_pairs(table: Table, names: dict[str, str]) -> Iterator[tuple[str, Block]]:
    """The rows of a table of two columns whose first cell is a label; its head row may be one of them."""
    if len(table.header) == 2 and table.header[0].rstrip(" :：").casefold() in names:
        yield names[table.header[0].rstrip(" :：").casefold()], Block(
            kind="paragraph", text=table.header[1], raw=table.header[1], line_start=table.line_start, line_end=table.line_start
        )
    for row in table.rows:
        name = names.get(row.cells[0].text.rstrip(" :：").casefold()) if len(row.cells) == 2 else None
        if name is not None:
            value = row.cells[1]
            yield name, Block(
                kind="paragraph", text=value.text, raw=value.raw, line_start=row.line_start, line_end=row.line_end, links=value.links
            )


def compose_cell(blocks: Sequence[Block], line: int) -> Cell:
    """One cell of these blocks; `line` is where the cell would stand if there are none."""
    if not blocks:
        return Cell(text="", raw="", line_start=line, line_end=line)
    text, links = compose_text(blocks)
    return Cell(
        text=text,
        raw="\n".join(dict.fromkeys(block.raw for block in blocks)).strip(),
        line_start=min(block.line_start for block in blocks),
        line_end=max(block.line_end for block in blocks),
        links=links,
    )


def share_links(texts: Sequence[str], links: Sequence[Link]) -> list[tuple[Link, ...]]:
    """Of each text, the links that stand in it; a link whose text stands in several is the first one's, in none the last one's."""
    shares: list[list[Link]] = [[] for _ in texts]
    for link in links:
        place = next((number for number, text in enumerate(texts) if link.text and link.text in text), len(texts) - 1)
        shares[place].append(link)
    return [tuple(share) for share in shares]


def propose_labels(entries: Sequence[Sequence[Block | Table]]) -> tuple[str, ...]:
    """The labels that recur in the entries (in two at least, and in one of five), in the order in which they mostly stand."""
    counts: dict[str, int] = {}
    places: dict[str, int] = {}
    printed: dict[str, dict[str, int]] = {}
    for entry in entries:
        found = list(dict.fromkeys(label for block in entry for label in _find_candidates(block)))
        for place, label in enumerate(found):
            key = label.casefold()
            counts[key] = counts.get(key, 0) + 1
            places[key] = places.get(key, 0) + place
            printed.setdefault(key, {})[label] = printed.get(key, {}).get(label, 0) + 1
    recurring = [key for key, count in counts.items() if count >= 2 and count * 5 >= len(entries)]
    recurring.sort(key=lambda key: places[key] / counts[key])
    return tuple(max(printed[key].items(), key=itemgetter(1))[0] for key in recurring)


def _find_candidates(block: Block | Table) -> Iterator[str]:
    """What may be labels in one block: words before a colon at the start of a line, a short heading."""
    if isinstance(block, Table):
        if block.rows and all(len(row.cells) == 2 for row in block.rows):
            yield from (row.cells[0].text.rstrip(" :：") for row in block.rows if row.cells[0].text)
        return
    if block.kind == "heading":
        if 0 < len(block.text) <= 40:
            yield block.text.rstrip(" :：")
        return
    if block.kind == "code":
        return
    for line in _BREAK.split(block.raw):
        match = _CANDIDATE.match(_TAG.sub("", line))
        if match is not None and len(match["label"].split()) <= _MAX_WORDS:
            yield match["label"].strip()
