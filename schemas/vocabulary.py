"""Names and closed vocabularies of the contract, as plain constants: importing this module costs nothing."""

from __future__ import annotations

SCHEMA_VERSION = "1.0.0"
"""Version of the contract. Major: readers may break (something is gone or means something else). Minor: something is new. Patch: words."""

DOCUMENT_TABLES = ("status_codes", "sources", "tables", "terms", "findings")
"""The tables that depend on documents, specs and schema alone."""

TABLE_NAMES = (*DOCUMENT_TABLES, "withdrawn")
"""All published tables; `withdrawn` depends on what was published before."""

VERDICT_MEANINGS = {
    "withdrawn": "the vendor documents it no longer",
    "found_elsewhere": "another document of the vendor has its code now",
    "extraction_failed": "the page seems to print it still, and a person has accepted its loss",
    "source_unavailable": "its page could not be got, and a person has accepted its loss",
}
"""Why a published record is gone."""

VERDICTS = tuple(VERDICT_MEANINGS)

STATUS_CLASSES = ("informational", "success", "redirection", "client_error", "server_error")
"""RFC 9110 section 15, in the order of the first digit: the class of 404 is `STATUS_CLASSES[404 // 100 - 1]`."""

FLAG_MEANINGS = {
    "ambiguous": "the document admits more than one reading; the finding says which was taken",
    "blank_description": "the table has a column for `description` and this cell is empty",
    "blank_message": "the table has a column for `message` and this cell is empty",
    "blank_name": "the table has a column for `name` and this cell is empty",
    "code_outside_documented_range": "the document announces a range for its codes, and this one lies outside",
    "duplicate_message": "the whole message stands at another code of the source too",
    "duplicate_name": "another record of the source bears the same name; `same_as` lists them",
    "duplicate_row": "equal to an earlier record of the source in code, name, error_type, message, description and resolution",
    "editorial_text": "the cell, or part of it, speaks about the code instead of giving its message",
    "missing_code": "no code is printed",
    "shifted_cells": "an empty cell was collapsed and the rest moved up; repaired",
}
"""What a flag says of the record that bears it."""

FLAGS = tuple(FLAG_MEANINGS)

RULE_MEANINGS = FLAG_MEANINGS | {
    "changed_since_checked": "the document differs from the one that a person last checked",
    "contradiction": "the document contradicts itself",
    "corrected": "a correction of the spec was applied",
    "duplicate_code": "the code repeats within the document",
    "numbering_gap": "numbers are missing between two neighbouring codes, at most 20 in a run",
    "numbering_jump": "more than 20 numbers are missing between two neighbouring codes",
    "status_contradiction": "the HTTP status in the code's digits is not `http_status`",
    "unreviewed_lines": "lines of the document are claimed only by a drafted blanket that nobody has reviewed",
}
"""What a finding of the rule says: each flag of a record has one, and the rules that concern no single record follow."""

RULES = tuple(RULE_MEANINGS)

SEVERITIES = ("info", "warning", "error")

TERM_KIND_MEANINGS = {
    "code_range": "a range of codes and what it is for",
    "command": "a command or operation of the API",
    "scope": "what a code's effect extends to",
}
"""What the documents define besides codes."""

TERM_KINDS = tuple(TERM_KIND_MEANINGS)
