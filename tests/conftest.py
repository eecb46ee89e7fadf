"""Settings that hold for every test."""

from __future__ import annotations

import os
import pkgutil
import secrets
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A shared machine may be slow at any moment, so no example has a deadline, and none is remembered
# from an earlier run: a run is told by its seed alone, which is printed. $LOADMON_SEED makes one
# again. Workers of pytest-xdist inherit it, as it is set here. The suite runs small numbers of
# random examples, others each time; $LOADMON_EXAMPLES sets those of a Done when. `.ci/run` has one
# seed, so that a commit passes or fails there and never by chance.
SEED = int(os.environ.setdefault("LOADMON_SEED", str(secrets.randbelow(2**32))))
settings.register_profile(
    "few",
    deadline=None,
    derandomize=False,
    database=None,
    max_examples=int(os.environ.get("LOADMON_EXAMPLES", "10")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("few")


#: Files that take longest: they go first, as one that begins last would keep the others waiting.
#: The first of all reads the real histories, which others find in the cache later on.
LONGEST = (
    *("flags_of_histories", "cohorts_team", "platforms", "way_back", "workers", "notebooks"),
    *("docs_run", "page_browser", "cache", "said", "calculator_page", "false_alarms", "fuzz"),
    *("disturb_commands", "plan_checks", "page", "cli", "one_rule_one_place", "platforms_before"),
    *("several_runners", "steady", "words_everywhere", "calculator_browser", "flag_log", "read"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Hand the seed to hypothesis, unless one was typed as --hypothesis-seed."""
    if config.getoption("hypothesis_seed") is None:
        config.option.hypothesis_seed = str(SEED)
    if "loadscopereorder" in config.option:  # xdist would begin with the files of most tests
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    place = {f"test_{name}.py": n for n, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


def pytest_collection_finish() -> None:
    """Load every module before the first example is drawn.

    An example may be a constant of any module that is loaded by then, so a seed makes the same
    examples only where the same modules are: in one file, in the suite, and in any of its workers.
    """
    import loadmon

    beside = {str(Path(__file__).parents[1] / folder) for folder in ("data", "docs")}
    scripts = pkgutil.iter_modules(sorted(beside & set(sys.path)))
    found = [*pkgutil.walk_packages(loadmon.__path__, "loadmon."), *scripts]
    for module in found:
        import_module(module.name)


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


class Here(Executor):
    """Workers that need no process: each task is done where it is asked for."""

    def __init__(self, _count: int = 1):
        super().__init__()

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args, **named))
        except Exception as error:
            done.set_exception(error)
        return done


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Teams are read here: for tests of what is said of them, as processes take a second each."""
    monkeypatch.setattr("loadmon.cohorts.spread.Workers", Here)
