"""Panels of many athletes against the functions for one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from made_cohorts import as_activities, with_gaps_told

from loadmon.cohorts.panel import BY_METHOD, CHECKS, daily_panel, weekly_panel
from loadmon.cohorts.simulate import simulate_cohort
from loadmon.load.daily import daily_load
from loadmon.load.measures import marks, measures
from loadmon.load.spikes import session_spikes
from loadmon.load.weekly import weekly_load

ATHLETES = 200
#: One in eight athletes by default, all of them where time does not matter.
SOME = pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.slow)])
EXACT = {"rtol": 1e-9, "atol": 1e-9}
Panels = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def made() -> Panels:
    """Sessions of a cohort with spikes, lay-offs, lost days and doubles, and its two panels."""
    cohort = simulate_cohort(ATHLETES, days=260, unknown_days_per_year=6, seed=3)
    sessions = with_gaps_told(cohort.sessions)
    rng = np.random.default_rng(4)
    doubles = sessions[sessions["distance_km"] > 0].sample(frac=0.05, random_state=5)
    doubles = doubles.assign(distance_km=(doubles["distance_km"] * 0.7).round(2))
    late = rng.integers(0, 140, ATHLETES)  # everyone begins on another day of the week
    begins = dict(zip(cohort.sessions["athlete"].unique(), late, strict=True))
    sessions = pd.concat([sessions, doubles], ignore_index=True)
    on = (sessions["date"] - sessions["date"].min()).dt.days
    sessions = sessions[on >= sessions["athlete"].map(begins)].sample(frac=1, random_state=6)
    sessions = sessions.reset_index(drop=True)
    sessions = with_gaps_told(sessions)
    return sessions, daily_panel(sessions), weekly_panel(sessions)


@dataclass(frozen=True)
class Alone:
    """What the functions for one runner say of one athlete of the cohort."""

    runs: pd.DataFrame
    daily: pd.DataFrame
    numbers: pd.DataFrame
    spikes: pd.DataFrame


@pytest.fixture(scope="module")
def alone(made: Panels) -> Callable[[str], Alone]:
    @functools.cache
    def worked_out(athlete: str) -> Alone:
        runs = as_activities(made[0], athlete)
        daily = daily_load(runs)
        return Alone(runs, daily, measures(daily), session_spikes(runs))

    return worked_out


def athletes(panels: Panels, every: int) -> list[str]:
    return sorted(panels[0]["athlete"].unique())[::every]


def of_one(frame: pd.DataFrame, athlete: str, index: str) -> pd.DataFrame:
    return frame[frame["athlete"] == athlete].drop(columns="athlete").set_index(index)


def close(a: pd.Series, b: pd.Series, what: str) -> None:
    both = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    np.testing.assert_allclose(*both, **EXACT, err_msg=what)


@SOME
def test_every_number_of_a_day_is_the_one_for_one_runner(
    made: Panels, alone: Callable[[str], Alone], every: int
) -> None:
    for athlete in athletes(made, every):
        mine = of_one(made[1], athlete, "date")
        daily, numbers = alone(athlete).daily, alone(athlete).numbers
        assert mine.index.equals(daily.index)
        for name in ("load", "runs", "longest_km"):
            close(mine[name], daily[name], f"{athlete} {name}")
        for name in ("sum_7d", "change", "monotony", "strain", *BY_METHOD):
            close(mine[name], numbers[name], f"{athlete} {name}")
        assert mine["acwr_status"].tolist() == numbers["status_coupled"].tolist()


@SOME
def test_every_flag_of_a_day_is_the_mark_for_one_runner(
    made: Panels, alone: Callable[[str], Alone], every: int
) -> None:
    raised = dict.fromkeys((*CHECKS, *BY_METHOD), 0)
    for athlete in athletes(made, every):
        mine = of_one(made[1], athlete, "date")
        one = alone(athlete)
        mark = marks(one.daily, one.numbers, one.spikes)
        mark["rest"] |= mark["in_a_row"].astype(float).rolling(7, min_periods=1).max() > 0
        for name in raised:
            flag = mine[f"flag_{name}"].fillna(False).astype(bool)
            assert flag.tolist() == mark[name].tolist(), f"{athlete} {name}"
            raised[name] += int(flag.sum())
    assert min(raised.values()) > 0, raised


@SOME
def test_the_longest_run_of_a_day_is_judged_as_a_session_is(
    made: Panels, alone: Callable[[str], Alone], every: int
) -> None:
    levels = set()
    for athlete in athletes(made, every):
        mine = of_one(made[1], athlete, "date")
        found = alone(athlete).spikes
        longest = found.sort_values("distance_km").drop_duplicates("date", keep="last")
        longest = longest.set_index("date").sort_index()
        ratio = found.groupby("date")["ratio"].max()
        close(mine["session_ratio"].reindex(ratio.index), ratio, athlete)
        ran = mine.loc[longest.index, "session_level"]
        assert ran.tolist() == longest["level"].tolist()
        levels |= set(ran)
    assert {"none", "small", "moderate", "large", "no_baseline", "unknown"} <= levels


@SOME
def test_every_week_is_the_one_for_one_runner(
    made: Panels, alone: Callable[[str], Alone], every: int
) -> None:
    columns = made[2].columns.drop(["athlete", "week_start"])
    texts = ["acwr_status", "flags"]
    for athlete in athletes(made, every):
        mine = of_one(made[2], athlete, "week_start")
        weekly = weekly_load(alone(athlete).runs)
        assert mine.index.equals(weekly.index)
        for name in columns.drop(texts):
            close(mine[name], weekly[name], f"{athlete} {name}")
        for name in texts:
            assert mine[name].tolist() == weekly[name].tolist(), f"{athlete} {name}"
