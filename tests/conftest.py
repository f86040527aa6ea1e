"""What all tests share: hypothesis measures no time, since a busy machine says nothing about the code, and repeats its examples in CI."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("errcat", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("errcat")
