"""Pages of made-up runners, each rendered once, for the tests that read them and drive them."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
from made import activities, archive, runs

import loadmon
from loadmon.athlete import Athlete
from loadmon.diary import no_diary
from loadmon.report.overview import Overview, overview
from loadmon.report.page import PageData, page_data, render_page

SAMPLE = Path(__file__).parents[2] / "data" / "sample_export.zip"
MONDAY = "2026-01-05"
STEADY = [5.0, 0.0, 5.0, 0.0, 5.0, 0.0, 0.0]


def few_plans() -> contextlib.AbstractContextManager[object]:
    """Calculators with few plans, as each takes its time."""
    return mock.patch("loadmon.report.calculator.RUN_DAYS", {3: (0, 2, 5)})


def data_of(made: Overview) -> PageData:
    """What a page shows, with few plans in its calculator."""
    with few_plans():
        return page_data(made)


def page_of(made: Overview) -> str:
    """Page with few plans in its calculator."""
    return render_page(data_of(made))


def told(made: pd.DataFrame, *outcomes: str, as_of: str | None = None) -> Overview:
    return overview(archive(made, *(outcomes or ["imported"])), title="export.zip", as_of=as_of)


@functools.cache
def read_sample() -> loadmon.Archive:
    """The sample export, read once; nobody changes what it holds."""
    return loadmon.read(SAMPLE, cache=False)


@functools.cache
def sample() -> tuple[Overview, str]:
    made = overview(read_sample(), title="sample_export.zip", as_of="2026-10-11")
    return made, page_of(made)


def pains(n: int) -> pd.DataFrame:
    """Return a diary with a pain nearly every day, each with much to say."""
    days = pd.date_range("2026-08-25", periods=n, freq="30h").normalize()
    frame = no_diary().reindex(range(n))
    told = {"site": "back", "strength": "", "note": "much to say " * 9, "break": ""}
    moments = ["before", "during", "after", "next-morning"] * (n // 4)
    return frame.assign(date=days, when=moments, pain=[float(x % 7) for x in range(n)], **told)


@functools.cache
def hurt() -> Overview:
    read = read_sample()
    athlete = Athlete(units="mi", diary=pains(40))
    return overview(replace(read, athlete=athlete), title="x", as_of="2026-10-11")


def of_ten_years() -> Overview:
    rng = np.random.default_rng(1)
    loads = rng.uniform(3, 15, 3653) * (rng.random(3653) < 0.6)
    return told(runs(loads, first="2016-01-01"), *["imported"] * 2200)


@functools.cache
def ten_years() -> str:
    return page_of(of_ten_years())


@functools.cache
def silent() -> str:
    made = runs([*STEADY * 5, 12.0, 0.0, 9.0, 0.0, 9.0, 0.0, 3.0], first=MONDAY)
    return page_of(told(made, "imported", "quarantined", as_of="2026-03-20"))


@functools.cache
def short_page(*loads: float) -> str:
    return page_of(told(runs(loads, first=MONDAY)))


@functools.cache
def empty() -> str:
    return page_of(told(activities([])))


@functools.cache
def hurt_page() -> str:
    return page_of(hurt())


@functools.cache
def rides() -> str:
    return page_of(told(activities([("2026-01-05", 30.0, "cycling")] * 3)))


PAGES = {
    "sample": lambda: sample()[1],
    "ten years": ten_years,
    "silent": silent,
    "empty": empty,
    "short": lambda: short_page(5.0, 0.0, 5.0),
    "hurt": hurt_page,
    "rides": rides,
    "one run": lambda: short_page(6.0),
    "a month": lambda: short_page(*STEADY * 4, 9.0, 30.0),
}
