"""Settings that hold for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# A shared machine may be slow at any moment, so no example has a deadline; CI tries the same
# examples every time, so that a change is judged by what it changed.
settings.register_profile("anywhere", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "anywhere")
