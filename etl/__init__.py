"""errcat: vendors' status and error codes, read from the pages that document them, as one validated table.

    from etl import api
    codes = api.load("status_codes")           # a pandas frame of the published table
    print(api.why("acme:56").lines)

The flow is in etl/pipeline.py; docs/architecture.md draws it.
"""

__version__ = "0.1.0"
