"""`python -m etl` is `errcat`."""

import sys

from etl.cli import main

sys.exit(main())
