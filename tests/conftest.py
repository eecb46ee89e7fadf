"""Settings that hold for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A shared machine may be slow at any moment, so no example has a deadline; CI tries the same
# examples every time, so that a change is judged by what it changed. $LOADMON_EXAMPLES tries more.
EXAMPLES = int(os.environ.get("LOADMON_EXAMPLES", "20"))
SLOW = {"deadline": None, "max_examples": EXAMPLES, "suppress_health_check": [HealthCheck.too_slow]}
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


@pytest.fixture(scope="session")
def _common_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Place of what many tests read again and again."""
    return tmp_path_factory.mktemp("common-cache")


@pytest.fixture
def quick_commands(_common_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is read is read once, and pages have words alone: for tests of what commands say."""
    from made_pages import few_plans, no_pictures

    monkeypatch.setenv("LOADMON_CACHE", str(_common_cache))
    with few_plans(), no_pictures():
        yield
