"""Settings that hold for every test."""

from __future__ import annotations

import os
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

# A shared machine may be slow at any moment, so no example has a deadline; CI tries the same
# examples every time, so that a change is judged by what it changed.
SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("anywhere", **SLOW)
settings.register_profile("ci", derandomize=True, **SLOW)
settings.load_profile("ci" if os.environ.get("CI") else "anywhere")

_N = count()


@pytest.fixture(autouse=True)
def _cache_of_the_test(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test knows the cache of another, or that of the person who runs it."""
    monkeypatch.setenv("LOADMON_CACHE", str(tmp_path_factory.getbasetemp() / f"cache-{next(_N)}"))
