"""How much a page may make of itself: a few bytes that ask for a million cells or characters are stopped, not obeyed."""

from __future__ import annotations

from dataclasses import dataclass

from etl.errors import LimitError

MAX_EXPANSION = 10_000
"""Characters that one name of a page (`|name|`, `{name}`) may stand for; a longer one stays as printed."""

MAX_EXPANSIONS = 16 * 1024 * 1024
"""Characters that all uses of such names may come to in one document."""


@dataclass(slots=True)
class Allowance:
    """What is left of `limit` things (named by `what`) that one document may make out of few bytes."""

    what: str
    limit: int
    spent: int = 0

    def spend(self, amount: int) -> None:
        """Raises LimitError where the document has used up its allowance."""
        self.spent += amount
        if self.spent > self.limit:
            raise LimitError(
                f"the page asks for too many {self.what}",
                found=f"more than {self.limit:,}",
                expected=f"at most {self.limit:,}",
                advice="check that this is a page of documentation",
            )
