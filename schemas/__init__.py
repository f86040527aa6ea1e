"""The contract of the catalogue: what its tables hold, column by column, and what must be true of them.

    vocabulary      version, table names and the closed vocabularies; plain constants
    columns         the words in which a table is described: Column, Text, Integer, Boolean, ListOf, Struct, Contract
    status_codes …  one module per table, its description
    contract        all of them
    frames          rows to data frames of fixed types and back
    models          the pandera models, built from the descriptions
    constraints     what must be true across columns and tables
    validation      frames in, every violation out
    arrow, json_schema, published_files, data_dictionary     generated from the descriptions; `python -m schemas` rewrites the files

Importing `schemas`, `vocabulary`, `columns`, `contract` or a table's module loads no library. Nothing here imports `etl`.
"""
