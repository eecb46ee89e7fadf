"""One run is seen whole: few modules are entered, and no number of a report is computed twice."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np
import pytest
from made_pages import page_of, read_sample

from loadmon.daily import daily_load
from loadmon.ratio import METHODS, ratios
from loadmon.report.overview import overview
from loadmon.rules.session_spike import session_spikes

BENCHMARK = Path(__file__).parent.parent / "benchmarks" / "trace.py"


@functools.cache
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("trace_of_loadmon", BENCHMARK)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def modules() -> dict[str, list[str]]:
    found: dict[str, list[str]] = benchmark().trace()
    return found


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.parametrize("work", ["read", "check", "page"])
def test_a_run_enters_few_modules(work: str) -> None:
    entered = modules()[work]
    assert len(entered) <= benchmark().LIMITS[work], entered


def test_a_report_computes_the_load_the_spikes_and_the_ratios_once() -> None:
    archive = read_sample()
    load = daily_load(archive.activities)["load"].to_numpy()[:, None]
    calls: Counter[str] = Counter()
    watched: dict[CodeType, str] = {f.__code__: f.__name__ for f in (daily_load, session_spikes)}

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event != "call":
            return
        given = frame.f_locals
        if frame.f_code in watched and given["load"] == "distance_km":
            calls[watched[frame.f_code]] += 1
        if frame.f_code is ratios.__code__ and np.array_equal(given["x"], load, equal_nan=True):
            calls[f"ratios {given['method']}"] += 1  # what `acwr` and every rule call

    sys.setprofile(note)
    try:
        page = page_of(overview(archive, title="sample"))
    finally:
        sys.setprofile(None)
    assert page.startswith("<!DOCTYPE html>")
    names = ["daily_load", "session_spikes", *(f"ratios {method}" for method in METHODS)]
    assert calls == dict.fromkeys(names, 1)
