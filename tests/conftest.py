"""Settings that hold for every test."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A shared machine may be slow at any moment, so no example has a deadline, and none is remembered
# from an earlier run: a run is told by its seed alone, which is printed. $LOADMON_SEED makes one
# again, $LOADMON_EXAMPLES tries more. Workers of pytest-xdist inherit both, as they are set here.
SEED = int(os.environ.setdefault("LOADMON_SEED", str(secrets.randbelow(2**32))))
for name, usual in {"ci": 100, "here": 25}.items():
    settings.register_profile(
        name,
        deadline=None,
        derandomize=False,
        database=None,
        max_examples=int(os.environ.get("LOADMON_EXAMPLES", usual)),
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Hand the seed to hypothesis, unless one was typed as --hypothesis-seed."""
    if config.getoption("hypothesis_seed") is None:
        config.option.hypothesis_seed = str(SEED)


def _seed_told(config: pytest.Config) -> str:
    return f"random examples: LOADMON_SEED={config.getoption('hypothesis_seed')}"


def pytest_report_header(config: pytest.Config) -> str:
    """Say with which seed this run can be made again."""
    return _seed_told(config)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say it below a quiet run too, which has no header."""
    if config.get_verbosity() < 0:
        terminalreporter.write_line(_seed_told(config))


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
    """What is read is read once, and calculators have few plans: for tests of what commands say."""
    from made_pages import few_plans

    monkeypatch.setenv("LOADMON_CACHE", str(_common_cache))
    with few_plans():
        yield
