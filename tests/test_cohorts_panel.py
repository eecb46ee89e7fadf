"""Panels of many athletes against the functions for one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from made import rule_days
from made_cohorts import as_activities, with_doubles, with_gaps_told

from loadmon.cohorts.panel import BY_METHOD, CHECKS, daily_panel, weekly_panel
from loadmon.cohorts.simulate import simulate_cohort
from loadmon.daily import daily_load
from loadmon.rules.session_spike import by_outing, session_spikes
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
    rng = np.random.default_rng(4)
    late = rng.integers(0, 140, ATHLETES)  # everyone begins on another day of the week
    begins = dict(zip(cohort.sessions["athlete"].unique(), late, strict=True))
    sessions = with_doubles(with_gaps_told(cohort.sessions), seed=5)
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
        for name in ("load", "runs", "run_day", "longest_km"):
            close(mine[name], daily[name], f"{athlete} {name}")
        for name in ("sum_7d", "change", "monotony", "strain", *BY_METHOD):
            close(mine[name], numbers[name], f"{athlete} {name}")
        assert mine["acwr_status"].tolist() == numbers["status_coupled"].tolist()


@SOME
def test_every_flag_of_a_day_is_the_mark_for_one_runner(
    made: Panels, alone: Callable[[str], Alone], every: int
) -> None:
    raised = dict.fromkeys(CHECKS, 0)
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
        found = by_outing(alone(athlete).spikes)
        longest = found.sort_values("outing_km").drop_duplicates("date", keep="last")
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
#: Days before the first run that are recorded, and weeks that say what is usual.
COVERED, EVEN = [0.0] * 21, [5.0, 0] * 17


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
    assert flags([*COVERED, *loads], "session_spike") == "F" * 21 + told


def test_a_spike_is_not_known_in_the_first_21_days() -> None:
    assert flags([5.0, *[0.0] * 19, 9], "session_spike")[20] == "?"
    assert flags([5.0, *[0.0] * 20, 9], "session_spike")[21] == "T"


def test_a_change_is_not_known_on_runs_without_own_weeks_that_compare() -> None:
    # Seven days of every other day hold 4 runs at most: 20 km, of which 1.3 times is 26.
    assert flags(EVEN, "weekly_change") == "?F" * 17
    assert flags([*EVEN, 5.0, 0, 15], "weekly_change")[34:] == "FFT"
    assert flags([*EVEN, 5.0, 0, 11], "weekly_change")[34:] == "FFF"
    lost = flags([*EVEN, LOST, 0, 9, *[0, 5] * 7], "weekly_change")[34:]
    assert lost[:8:2] == "????"  # every day whose seven hold the lost one
    assert set(lost[8:]) == {"F"}  # it could only raise what is compared with
    assert flags([*EVEN, LOST, 0, 9, 0, 5, 0, 5, 0, 12], "weekly_change")[-1] == "?"  # 31 km
    # 12 weeks hold a lost day, the last four do not: only their double is sure.
    early = [5.0, 0, 5, 0, LOST, 0, *[5.0, 0] * 17]
    assert flags([*early, 12.0], "weekly_change")[-1] == "?"  # 27 km, above 26
    assert flags([*early, 26.0], "weekly_change")[-1] == "T"  # 41 km, above 40


@pytest.mark.parametrize(("rest", "told"), [(12, "F" * 7), (13, "?" * 7)])
def test_a_change_is_not_known_for_two_weeks_after_14_days_without_a_run(
    rest: int, told: str
) -> None:
    back = flags([*EVEN, *[0.0] * rest, *[3.0, 0] * 8], "weekly_change")[34 + rest :]
    assert back[:14:2] == told  # the weeks before end with a day of rest
    assert back[14] == "F"


def test_a_ratio_is_not_known_on_runs_where_it_means_nothing() -> None:
    told = flags([5.0, 0] * 20, "acwr")
    assert told[:27] == "?F" * 13 + "?"
    assert set(told[28:]) == {"F"}
    assert flags([*[5.0, 0] * 20, LOST], "acwr")[-1] == "?"
    assert set(flags([*[5.0, 0] * 20, *[0.0] * 14, 5, 0, 5], "acwr")[54::2]) == {"?"}


def test_monotony_is_not_known_without_seven_known_days() -> None:
    assert flags([5.0] * 6, "monotony") == "?" * 6
    assert flags([5.0, 0] * 4, "monotony")[6:] == "FF"
    assert flags([*[5.0, 0] * 4, LOST, *[0.0, 5] * 4], "monotony")[8:16] == "?" * 7 + "F"


def test_days_that_are_alike_are_flagged_once_own_weeks_say_what_is_usual() -> None:
    # Six of seven days: mean 30/7, deviation 5 sqrt(6)/7, 2.45. Five: 1.58.
    assert flags([*EVEN, 5.0, 5, 5, 5, 5], "monotony")[34:] == "FFFFT"
    assert flags([*EVEN[4:], 5.0, 5, 5, 5, 5], "monotony")[-1] == "T"  # the 35th day
    assert flags([*EVEN[6:], 5.0, 5, 5, 5, 5], "monotony")[-1] == "?"
    alike = flags([5.0, 5, 5, 5, 5, 5, 0] * 6, "monotony")
    assert alike == "?" * 34 + "F" * 8


@pytest.mark.parametrize(
    ("loads", "told"),
    [
        ([5.0, 0, 5, 5, 5, 5, 5], "???????"),  # six of seven days, and nothing says what is usual
        ([5.0, 0, 5, 0, 5, 5, 5], "???FFFF"),  # two known days of rest settle it
        ([5.0, 0, LOST, 5, 5, 5, 5], "???????"),  # the lost day may be either
        ([5.0, 5, 5, 5, 5, 5], "??????"),
        ([*EVEN, 5.0, 5, 5, 5, 5], "???" + "F" * 35 + "T"),  # six of seven, after four at most
        ([*EVEN, 5.0, 5, LOST, 5, 5], "???" + "F" * 35 + "?"),
    ],
)
def test_rest_is_known_by_two_days_of_rest_or_by_too_many_runs_after_own_weeks(
    loads: list[float], told: str
) -> None:
    assert flags(loads, "rest") == told


def test_a_swim_does_not_join_two_runs_to_one_outing() -> None:
    at = pd.to_datetime(["2024-01-01 07:00", "2024-01-01 07:50", "2024-01-01 08:40"])
    sessions = pd.DataFrame(
        {
            "athlete": "a",
            "date": at.normalize().as_unit("us"),
            "distance_km": [5.0, 0, 6],
            "duration_min": 30.0,
            "start_utc": at,
        }
    )
    alone = daily_load(as_activities(sessions, "a"))["longest_km"]
    assert daily_panel(sessions)["longest_km"].tolist() == alone.tolist() == [6.0]
    run = daily_panel(sessions.assign(distance_km=[5.0, 1, 6]))  # the same, all of them runs
    assert run["longest_km"].tolist() == [12.0]


def test_a_run_day_is_one_of_10_minutes_or_a_kilometre_and_a_half() -> None:
    days = pd.date_range("2024-01-01", periods=4, unit="us")
    sessions = pd.DataFrame({"athlete": "a", "date": days, "distance_km": [1.0, 1, 1.5, 0]})
    sessions["duration_min"] = [9.9, 10, 8, 0]
    alone = daily_load(as_activities(sessions, "a"))["run_day"]
    assert daily_panel(sessions)["run_day"].tolist() == alone.tolist() == [False, True, True, False]


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
        for name in ("load", "longest_km", "runs", "run_day"):
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
