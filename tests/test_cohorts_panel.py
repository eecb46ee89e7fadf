"""Panels of many athletes against the functions for one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from made import rule_days
from made_cohorts import as_activities, with_gaps_told

from loadmon.cohorts.panel import BY_METHOD, CHECKS, daily_panel, weekly_panel
from loadmon.cohorts.simulate import simulate_cohort
from loadmon.daily import daily_load
from loadmon.rules.session_spike import session_spikes
from loadmon.weekly import weekly_load

ATHLETES = 100
#: One in four athletes, and all of them where time does not matter.
SOME = pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
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
    flags: pd.DataFrame
    spikes: pd.DataFrame


@pytest.fixture(scope="module")
def alone(made: Panels) -> Callable[[str], Alone]:
    @functools.cache
    def worked_out(athlete: str) -> Alone:
        runs = as_activities(made[0], athlete)
        daily = daily_load(runs)
        return Alone(runs, daily, *rule_days(runs), session_spikes(runs))

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
        raised_alone = alone(athlete).flags
        for name in raised:
            flag = mine[f"flag_{name}"].fillna(False).astype(bool)
            assert flag.tolist() == raised_alone[name].tolist(), f"{athlete} {name}"
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


def flags(loads: list[float], name: str) -> str:
    """Flags of one runner from one load a day: T raised, F not, ? not known."""
    sessions = pd.DataFrame(
        {
            "athlete": "a",
            "date": pd.date_range("2024-01-01", periods=len(loads), unit="us"),
            "distance_km": loads,
        }
    )
    cells = daily_panel(sessions)[f"flag_{name}"]
    return "".join("?" if pd.isna(cell) else "T" if cell else "F" for cell in cells)


LOST = float("nan")


@pytest.mark.parametrize(
    ("loads", "told"),
    [
        ([5.0, 0, 5, 0, 9], "?FFFT"),  # the first run has nothing to be compared with
        ([5.0, 0, LOST, 0, 5], "?F?FF"),  # a lost day could only raise what is compared with
        ([5.0, 0, LOST, 0, 9], "?F?F?"),  # so a longer run may be one or not
        ([5.0, *[0.0] * 31, 5], "?" + "F" * 31 + "?"),
    ],
)
def test_a_spike_is_not_known_where_nothing_or_not_all_is_there_to_compare(
    loads: list[float], told: str
) -> None:
    assert flags(loads, "session_spike") == told


def test_a_change_is_not_known_on_runs_without_two_whole_weeks_that_compare() -> None:
    even = [5.0, 0] * 7
    assert flags(even, "weekly_change") == "?F" * 7
    assert flags([*even, 5.0, 0, 15], "weekly_change")[14:] == "FFT"
    lost = flags([*even, LOST, 0, 9, *[0, 5] * 7], "weekly_change")[14:]
    assert lost[0] == "?"
    assert lost[:15:2] == "?" * 8  # every run whose two weeks hold the lost day
    back = flags([*even, *[0.0] * 7, *[3.0, 0] * 7], "weekly_change")
    assert back[21:34:2] == "?" * 7  # both weeks must lie after a break


def test_a_ratio_is_not_known_on_runs_where_it_means_nothing() -> None:
    told = flags([5.0, 0] * 20, "acwr")
    assert told[:27] == "?F" * 13 + "?"
    assert set(told[28:]) == {"F"}
    assert flags([*[5.0, 0] * 20, LOST], "acwr")[-1] == "?"
    assert set(flags([*[5.0, 0] * 20, *[0.0] * 14, 5, 0, 5], "acwr")[54::2]) == {"?"}


def test_monotony_is_not_known_without_seven_known_days() -> None:
    assert flags([5.0] * 6, "monotony") == "?" * 6
    assert flags([5.0, 5, 5, 5, 5, 5, 5.1, 0], "monotony")[6] == "T"
    assert flags([5.0, 0] * 4, "monotony")[6:] == "FF"
    assert flags([*[5.0, 0] * 4, LOST, *[0.0, 5] * 4], "monotony")[8:16] == "?" * 7 + "F"


@pytest.mark.parametrize(
    ("loads", "told"),
    [
        ([5.0, 0, 5, 5, 5, 5, 5], "??????T"),  # six of seven days
        ([5.0, 0, 5, 0, 5, 5, 5], "???FFFF"),  # two known days of rest settle it
        ([5.0, 0, LOST, 5, 5, 5, 5], "???????"),  # the lost day may be either
        ([5.0, 5, 5, 5, 5, 5], "?????T"),  # six in a row need no seventh day
    ],
)
def test_rest_is_known_by_two_days_of_rest_or_by_too_many_runs(
    loads: list[float], told: str
) -> None:
    assert flags(loads, "rest") == told


def test_the_first_week_of_an_athlete_is_never_compared_with_the_last_of_another() -> None:
    monday = pd.date_range("2024-01-01", periods=14, unit="us")  # two whole weeks each
    parts = [
        pd.DataFrame({"athlete": who, "date": monday, "distance_km": km})
        for who, km in (("a", 5.0), ("b", 10.0))
    ]
    weeks = weekly_panel(pd.concat(parts))
    np.testing.assert_array_equal(weeks["change"], [np.nan, 1.0, np.nan, 1.0])


@pytest.mark.parametrize("as_of", ["2024-05-01", "2024-10-20"])
def test_the_last_day_that_counts_is_that_of_one_runner(made: Panels, as_of: str) -> None:
    some = athletes(made, 8)
    sessions = made[0][made[0]["athlete"].isin(some)]
    panel = daily_panel(sessions, as_of=as_of)
    silent = 0
    for athlete in some:
        runs = as_activities(sessions, athlete)
        if runs["date"].min() > pd.Timestamp(as_of):
            assert athlete not in set(panel["athlete"])
            continue
        mine = of_one(panel, athlete, "date")
        daily = daily_load(runs, as_of=as_of)
        assert mine.index.equals(daily.index)
        for name in ("load", "longest_km", "runs"):
            close(mine[name], daily[name], f"{athlete} {name}")
        silent += int((daily["status"] == "silent").sum())
    assert silent > 0


def test_a_usual_gap_is_as_long_as_that_runner_is_used_to() -> None:
    weekly = pd.date_range("2024-01-01", periods=10, freq="7D", unit="us")
    sessions = pd.DataFrame({"athlete": "a", "date": weekly, "distance_km": 5.0})
    load = daily_panel(sessions, as_of=weekly[-1] + pd.Timedelta(days=20))["load"]
    assert load.tolist()[-20:-13] == [0.0] * 7
    assert load.iloc[-13:].isna().all()
    alone = daily_load(as_activities(sessions, "a"), as_of=weekly[-1] + pd.Timedelta(days=20))
    np.testing.assert_array_equal(load, alone["load"])
