"""What if: other distances, and the days ahead."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import activities, archive, runs

from loadmon.athlete import Athlete
from loadmon.errors import SettingError
from loadmon.rules.engine import check, today

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]  # 20 km
STEADY = WEEK * 8  # to Wednesday 25 February
OLD = [8.0, 0, 8.0, 0, 0, 14.0, 0] * 8


def test_each_distance_is_within_or_above_with_the_limits_it_is_above() -> None:
    made = archive(runs(STEADY))
    asked = today(made, as_of="2026-02-26", distances_km=[5.5, 5.6, 40.0], days_ahead=0)
    told = asked.what_if
    assert told["date"].eq(pd.Timestamp("2026-02-26")).all()
    assert told["distance_km"].tolist() == [5.5, 5.6, 40.0]
    assert told["verdict"].tolist() == ["within", "above", "above"]
    assert told["above"].iloc[1] == "session_spike"
    assert told["above"].iloc[2].split(",") == ["session_spike", "weekly_change", "acwr"]


def test_without_distances_there_is_nothing_to_tell_and_today_is_the_first_day_ahead() -> None:
    told = today(archive(runs(STEADY)), as_of="2026-02-26")
    assert told.what_if.empty
    assert list(told.what_if) == ["date", "distance_km", "verdict", "above"]
    assert told.ahead["date"].tolist() == list(pd.date_range("2026-02-26", periods=7))
    row = told.ahead.to_dict("records")[0]
    assert row["date"] == told.as_of
    assert (row["distance_km"], row["limited_by"]) == (told.distance_km, told.limited_by)


def test_the_days_ahead_count_the_days_between_as_rest() -> None:
    made = archive(runs([*STEADY, 3.0, 2.0, 4.0, 0, 5.0, 2.0]))  # to Tuesday 3 March
    ahead = today(made, as_of="2026-03-04", days_ahead=2).ahead
    assert ahead["date"].dt.day.tolist() == [4, 5, 6]
    assert (ahead["limited_by"].iloc[0], ahead["distance_km"].iloc[0]) == ("rest", 1.4)
    assert ahead["limited_by"].iloc[2] != "rest"


@settings(max_examples=examples(0.6))
@given(st.lists(st.just(0.0) | st.floats(1.0, 20.0), min_size=40, max_size=60), st.integers(1, 9))
def test_a_day_ahead_is_that_day_after_rest(loads: list[float], days: int) -> None:
    frame = runs([5.0, *loads, 5.0])
    last = frame["date"].max()
    day = last + pd.Timedelta(days=days)
    ahead = today(archive(frame), as_of=last, days_ahead=days).ahead.iloc[-1]
    then = today(archive(frame).rested_until(day), as_of=day)
    assert ahead["date"] == day
    assert ahead["limited_by"] == then.limited_by
    assert ahead["distance_km"] == pytest.approx(then.distance_km, nan_ok=True)


@given(
    st.lists(st.just(0.0) | st.floats(1.0, 20.0), min_size=40, max_size=60), st.floats(0.5, 30.0)
)
def test_within_is_up_to_the_longest_and_above_is_beyond(loads: list[float], km: float) -> None:
    made = archive(runs([5.0, *loads, 5.0]))
    told = today(made, distances_km=[km])
    verdict = told.what_if["verdict"].iloc[0]
    if math.isnan(told.distance_km):
        assert verdict in ("unknown", "above")
    elif not np.isclose(km, told.distance_km):
        assert verdict == ("within" if km < told.distance_km else "above")


def test_what_is_not_known_is_not_within() -> None:
    lost = archive(runs(STEADY, unknown_days=["2026-02-10"]))
    told = today(lost, as_of="2026-02-26", distances_km=[5.5, 5.6, 50.0], days_ahead=0).what_if
    assert told["verdict"].tolist() == ["within", "unknown", "unknown"]
    silent = today(archive(runs(STEADY)), as_of="2026-03-20", distances_km=[3.0], days_ahead=0)
    assert silent.what_if["verdict"].tolist() == ["unknown"]
    nothing = today(archive(activities([])), as_of="2026-02-26", distances_km=[3.0], days_ahead=2)
    assert nothing.what_if.empty
    assert nothing.ahead["limited_by"].tolist() == ["unknown"]


def test_the_day_after_a_first_run_back_leaves_no_run_day() -> None:
    made = archive(runs([*OLD, *[0.0] * 34, 3.0]))
    ahead = today(made, days_ahead=2).ahead
    assert ahead["limited_by"].iloc[1] == "return"
    assert ahead["distance_km"].iloc[1:].tolist() == [1.4, 3.5]  # 1.4 km is no run day
    assert "a run on the day before" in ahead["why"].iloc[1]


def test_the_fullest_seven_days_of_the_own_weeks_bind_and_not_those_just_before() -> None:
    # The seven days to 2 April hold 5 + 5 + 5 + 8 km, the fullest of the weeks before.
    loads = [*WEEK * 13, 8.0, 0, 5.0, 0, 5.0, 0, 8.0, 0]
    told = today(archive(runs(loads), rested_until="2026-12-31"), as_of="2026-04-10", days_ahead=0)
    week = told.to_frame().set_index("limit").loc["weekly_change"]
    assert (
        week["why"]
        == "18.0 km in these 7 days so far, 23.0 km in the fullest 7 of the weeks before"
    )
    assert week["distance_km"] == pytest.approx(1.3 * 23 - 18)


def test_what_cannot_be_asked_is_refused() -> None:
    made = archive(runs(STEADY))
    for km in (0.0, -3.0, math.nan, math.inf):
        with pytest.raises(SettingError, match="distances_km must be"):
            today(made, distances_km=[km])
    for days in (-1, 29):
        with pytest.raises(SettingError, match="from 0 to 28"):
            today(made, days_ahead=days)


def test_the_runner_s_own_ramp_rate_binds_where_it_is_reached_first() -> None:
    made = archive(runs([*WEEK * 8, 0.0, 0.0]), rested_until="2026-12-31")
    mine = Athlete(limits={"ramp-rate.limit": 0.2})
    week = today(made, athlete=mine, as_of="2026-02-27", days_ahead=0).to_frame().set_index("limit")
    assert "mean load of six weeks" in week.loc["weekly_change", "why"]
    km = week.loc["weekly_change", "distance_km"]
    for extra, verdict in ((-0.01, "ok"), (0.01, "flagged")):
        ran = archive(runs([*WEEK * 8, 0.0, km + extra]))
        found = check(ran, athlete=mine).to_frame().set_index("check")
        assert found.loc["weekly_change", "verdict"] == verdict
