"""The typed Python API: the same functions that the command line calls.

    load(table, folder)      a published table as a data frame
    load_rows(table, folder) the same as plain dicts
    build(raw, out, …)       read all documents and publish the catalogue
    check(raw, out, …)       the same without writing
    why(record_id, …)        where a record comes from

All raise subclasses of ErrcatError, whose message says what to do next.
"""

from etl.build import BuildReport, Outcome, build, check
from etl.catalogue import load, load_rows
from etl.errors import ErrcatError
from etl.why import Explanation, why

__all__ = ["BuildReport", "ErrcatError", "Explanation", "Outcome", "build", "check", "load", "load_rows", "why"]
