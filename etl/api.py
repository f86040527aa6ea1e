"""The typed Python API: the same functions that the command line calls.

    load(table, folder)      a published table as a data frame
    load_rows(table, folder) the same as plain dicts
    lookup(asked, …)         records by code, name, id or words
    query(sql, …)            the tables in SQL (needs DuckDB)
    why(record_id, …)        where a record comes from
    check_lock(lock, …)      what happened to the records that a package relies on
    compare_records(…)       the typed changes from old rows to new ones
    extract(pages, …)        the records of any pages, without a spec, each with a confidence
    build(raw, out, …)       read all documents and publish the catalogue
    check(raw, out, …)       the same without writing

All raise subclasses of ErrcatError, whose message says what to do next.
"""

from etl.build import BuildReport, Outcome, build, check
from etl.catalogue import load, load_rows
from etl.changes import ChangeSet, compare_records
from etl.errors import ErrcatError
from etl.extraction import Extraction, extract
from etl.lookup import lookup
from etl.query import query
from etl.reliance import check_lock
from etl.why import Explanation, why

__all__ = [
    "BuildReport",
    "ChangeSet",
    "ErrcatError",
    "Explanation",
    "Extraction",
    "Outcome",
    "build",
    "check",
    "check_lock",
    "compare_records",
    "extract",
    "load",
    "load_rows",
    "lookup",
    "query",
    "why",
]
