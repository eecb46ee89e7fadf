"""The corpus of real files, which lies beside the project, never in it, and its four histories."""

from __future__ import annotations

import atexit
import csv
import functools
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

import loadmon

_BESIDE = Path(__file__).parents[3] / "shared" / "corpus"

HISTORIES = ("athlete_a", "athlete_b", "athlete_c", "athlete_d")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def corpus_folder() -> Path:
    """Folder of the corpus; skip the test where it is absent."""
    folder = Path(os.environ.get("LOADMON_CORPUS", _BESIDE))
    if not (folder / "manifest.csv").exists():
        pytest.skip("the corpus of real files is not here; $LOADMON_CORPUS names its folder")
    return folder


def manifest(folder: Path) -> list[dict[str, str]]:
    """Rows of the corpus's own list of files."""
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


@functools.cache
def history(name: str) -> loadmon.Archive:
    """One of the `HISTORIES`, read once by all processes of a run of tests."""
    return loadmon.read(corpus_folder() / "histories" / name, now=NOW, cache=common_cache())


@functools.cache
def flags(name: str) -> pd.DataFrame:
    """Every flag of one of the `HISTORIES`."""
    return loadmon.flag_history(history(name))


@functools.cache
def common_cache() -> Path:
    """Folder of the cache that all processes of a run of tests share for the histories."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"loadmon-histories-{run}"
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
