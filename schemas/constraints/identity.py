"""Ids, and which records are the same: computed anew here, so that the pipeline's own computation can be wrong."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from schemas.constraints.constraint import Catalogue, of_each_row, of_table

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_HASHED = ("section", "name", "error_type", "message", "description")


@of_table("status_codes", "id", "code", expected="the id that the contract's rule gives for the code, its repetitions and its texts")
def id_by_rule(catalogue: Catalogue) -> list[bool]:
    ids = catalogue.column("status_codes", "id")
    return [given == computed for given, computed in zip(ids, _compute_ids(catalogue), strict=True)]


def _compute_ids(catalogue: Catalogue) -> list[str]:
    bases = [f"{source}:{'-' if code is None else code}" for source, code in catalogue.rows("status_codes", "source", "code")]
    times = Counter(bases)
    met: Counter[str] = Counter()
    ids = []
    for base, texts in zip(bases, catalogue.rows("status_codes", *_HASHED), strict=True):
        plain = base if times[base] == 1 else f"{base}~{_hash_texts(texts)}"
        met[plain] += 1
        ids.append(plain if met[plain] == 1 else f"{plain}#{met[plain]}")
    return ids


def _hash_texts(texts: Sequence[str | None]) -> str:
    joined = "\u001f".join("" if text is None else text for text in texts)
    return hashlib.sha256(joined.encode("utf-8")).hexdigest()[:8]


@of_table("status_codes", "id", expected="a finding duplicate_row or duplicate_code about a record that repeats an earlier one (#2, #3 …)")
def repeat_has_finding(catalogue: Catalogue) -> list[bool]:
    reported = {
        record_id for record_id, rule in catalogue.rows("findings", "id", "rule") if rule in {"duplicate_row", "duplicate_code"}
    }
    ids = catalogue.column("status_codes", "id")
    computed = _compute_ids(catalogue)
    codes = catalogue.rows("status_codes", "source", "code")
    return [
        record_id in reported or not _is_repeat(made, source, code)
        for record_id, made, (source, code) in zip(ids, computed, codes, strict=True)
    ]


def _is_repeat(record_id: str, source: str, code: str | None) -> bool:
    """Whether a computed id ends in `#n`; a code may hold `#` too."""
    return "#" in record_id.removeprefix(f"{source}:{'-' if code is None else code}")


@of_each_row("status_codes", "code_number", "code", expected="the integer that the code spells and that fits 64 bits, else null")
def number_of_code(code_number: int | None, code: str | None) -> bool:
    number = int(code) if code is not None and len(code) <= 20 and _INTEGER.fullmatch(code) else None
    return code_number == (number if number is not None and -(2**63) <= number < 2**63 else None)


@of_table("status_codes", "same_as", "name", expected="the ids of all other records of the source with the same name, in document order")
def same_as_complete(catalogue: Catalogue) -> list[bool]:
    ids = catalogue.column("status_codes", "id")
    names = list(catalogue.rows("status_codes", "source", "name"))
    bearers: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        bearers[name].append(place)
    return [
        same_as == ([] if name[1] is None else [ids[other] for other in bearers[name] if other != place])
        for place, (name, same_as) in enumerate(zip(names, catalogue.column("status_codes", "same_as"), strict=True))
    ]


@of_table("status_codes", "same_as", "id", expected="records that list this one in their own same_as")
def same_as_symmetric(catalogue: Catalogue) -> list[bool]:
    pairs = {
        (record_id, other) for record_id, same_as in catalogue.rows("status_codes", "id", "same_as") for other in same_as
    }
    return [
        all((other, record_id) in pairs for other in same_as) for record_id, same_as in catalogue.rows("status_codes", "id", "same_as")
    ]


CONSTRAINTS = (id_by_rule, repeat_has_finding, number_of_code, same_as_complete, same_as_symmetric)
