"""What can go wrong, and whose fault it is.

    ErrcatError
    ├── SpecError          a *.source.toml does not say what a spec must say
    ├── DocumentError      a vendor document cannot be read as its spec says it can
    │   ├── LayoutError    the document's tables or columns are not those of the spec
    │   ├── CellError      a cell holds a value that no reader understands
    │   ├── LedgerError    a line or a cell of the document is claimed by nothing
    │   └── LimitError     the document is larger than the limits allow
    ├── ContractError      records break the contract of schemas/
    ├── CatalogueError     the published tables are missing, damaged or of another version
    ├── InputError         what the user gives to compare, match or ask cannot be used
    ├── PublishError       the output folder cannot be written
    └── FetchError         a page cannot be fetched, or not be put in its place

Every message says where (document and line, or spec and key), what was found, what was expected and what to do next.
Anything else that escapes is our own bug and keeps its traceback.
"""


class ErrcatError(Exception):
    """The base of all errors that a user can mend.

    `where` is the place (``acme.md:44`` or ``acme.source.toml: tables.0.columns``), `found` and `expected` are
    shown as they are given, `advice` says what to do next.
    """

    def __init__(
        self,
        problem: str,
        *,
        where: str | None = None,
        found: str | None = None,
        expected: str | None = None,
        advice: str | None = None,
    ) -> None:
        self.problem = problem
        self.where = where
        self.found = found
        self.expected = expected
        self.advice = advice
        super().__init__(self.render())

    def render(self) -> str:
        """The message as it is printed: one line of problem, then one line each of found, expected and advice."""
        lines = [f"{self.where}: {self.problem}" if self.where else self.problem]
        for label, text in (("found", self.found), ("expected", self.expected), ("what to do", self.advice)):
            if text is not None:
                lines.append(f"  {label}: {text}")
        return "\n".join(lines)


class SpecError(ErrcatError):
    """A *.source.toml does not say what a spec must say."""


class DocumentError(ErrcatError):
    """A vendor document cannot be read as its spec says it can."""


class LayoutError(DocumentError):
    """The document's tables or columns are not those of the spec."""


class CellError(DocumentError):
    """A cell holds a value that no reader understands."""


class LedgerError(DocumentError):
    """A line or a cell of the document is claimed by nothing, or twice."""


class LimitError(DocumentError):
    """The document is larger than the limits allow."""


class ContractError(ErrcatError):
    """Records break the contract of schemas/."""


class CatalogueError(ErrcatError):
    """The published tables are missing, damaged or of another schema version."""


class InputError(ErrcatError):
    """What the user gives to compare, match or ask cannot be used: an empty query, a file that is not there."""


class PublishError(ErrcatError):
    """The output folder cannot be written."""


class FetchError(ErrcatError):
    """A page cannot be fetched, or not be put in its place."""
