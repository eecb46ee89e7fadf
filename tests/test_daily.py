from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import activities, archive, runs

import loadmon
from loadmon.calendar import calendar_of, days_between, long_gaps
from loadmon.daily import daily_load
from loadmon.errors import FrameError, SettingError
from loadmon.report.overview import overview
from loadmon.window import window_load

NAN = float("nan")
SOME = [
    ("2026-01-01", 10.0),
    ("2026-01-03", 5.0),
    {"date": "2026-01-03", "start_utc": "2026-01-03T18:00", "distance_km": 2.0},
    ("2026-01-06", 8.0),
]
LOADS = st.lists(st.just(0.0) | st.floats(0.5, 50.0), min_size=1, max_size=60)


def loads(frame: pd.DataFrame) -> list[float]:
    return frame["load"].tolist()


def test_a_day_without_a_run_inside_the_data_is_zero_and_sessions_of_a_day_add_up() -> None:
    daily = daily_load(activities(SOME))
    assert loads(daily) == [10.0, 0.0, 7.0, 0.0, 0.0, 8.0]
    assert daily["runs"].tolist() == [1, 0, 2, 0, 0, 1]
    assert daily["longest_km"].tolist() == [10.0, 0.0, 5.0, 0.0, 0.0, 8.0]
    assert daily["status"].tolist() == ["run", "rest", "run", "rest", "rest", "run"]
    assert daily.index.name == "date"
    assert daily.index.dtype == "datetime64[us]"


def test_the_calendar_begins_and_ends_with_any_sport_and_only_running_is_load() -> None:
    daily = daily_load(
        activities(
            [
                {"date": "2026-01-01", "sport": "cycling", "duration_min": 60.0},
                ("2026-01-03", 5.0),
                {"date": "2026-01-03", "sport": "swimming", "duration_min": 30.0},
                ("2026-01-04", 4.0, "walking"),
                ("2026-01-04", 6.0, "hiking"),
            ]
        )
    )
    assert loads(daily) == [0.0, 0.0, 5.0, 0.0]
    assert daily["status"].tolist() == ["rest", "rest", "run", "rest"]
    assert daily["other_min"].tolist() == [60.0, 0.0, 30.0, 0.0]
    assert daily["walk_km"].tolist() == [0.0, 0.0, 0.0, 10.0]


@pytest.mark.parametrize("sub_sport", ["trail", "treadmill", "track", "virtual_activity"])
def test_a_run_is_running_with_any_sub_sport(sub_sport: str) -> None:
    row = {"date": "2026-01-01", "distance_km": 5.0, "sub_sport": sub_sport}
    assert loads(daily_load(activities([row]))) == [5.0]


def test_a_day_with_a_quarantined_file_is_unknown_even_with_a_run_on_it() -> None:
    daily = daily_load(activities(SOME, unknown_days=["2026-01-02", "2026-01-03"]))
    assert np.isnan(daily["load"].iloc[1:3]).all()
    assert daily["status"].tolist()[1:3] == ["unknown", "unknown"]
    assert daily["longest_km"].tolist()[2] == 5.0
    assert np.isnan(daily["longest_km"].iloc[1])
    assert daily["runs"].tolist()[1:3] == [0, 2]


@pytest.mark.parametrize("word", ["today", "now", "2026", "2026-01", "11.1.2026", 2026, 2e9, ""])
def test_what_is_no_whole_iso_day_is_no_as_of(word: object) -> None:
    with pytest.raises(SettingError, match=r"not a day: .*; write it as YYYY-MM-DD"):
        daily_load(activities(SOME), as_of=word)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "day", ["20260103", "2026-01-03T10:00", dt.date(2026, 1, 3), np.datetime64("2026-01-03")]
)
def test_a_day_may_be_written_in_several_ways(day: object) -> None:
    assert loads(daily_load(activities(SOME), as_of=day)) == [10.0, 0.0, 7.0]  # type: ignore[arg-type]


FAR = "9999-12-31"
BY_DAY = {
    "daily_load": lambda frame, day: daily_load(frame, as_of=day),
    "weekly_load": lambda frame, day: loadmon.weekly_load(frame, as_of=day),
    "session_spikes": lambda frame, day: loadmon.session_spikes(frame, as_of=day),
    "window_load": lambda frame, day: window_load(frame, load="distance_km", as_of=day),
    "calendar_of": lambda frame, day: calendar_of(frame, as_of=day),
    "long_gaps": long_gaps,
    "check": lambda frame, day: loadmon.check(archive(frame), as_of=day),
    "today": lambda frame, day: loadmon.today(archive(frame), as_of=day),
    "lookback": lambda frame, day: loadmon.lookback(archive(frame), as_of=day),
    "overview": lambda frame, day: overview(archive(frame), title="x", as_of=day),
}


@pytest.mark.parametrize("name", BY_DAY)
def test_an_as_of_a_century_ahead_is_refused_by_whatever_takes_one(name: str) -> None:
    says = "as_of 9999-12-31 is more than 100 years after the first recorded day, 2026-01-01"
    with pytest.raises(SettingError, match=says):
        BY_DAY[name](activities(SOME), FAR)


@pytest.mark.parametrize("name", BY_DAY)
def test_a_history_of_more_than_a_century_holds_a_wrong_date(name: str) -> None:
    wrong = activities([("0024-01-03", 5.0), *SOME])
    with pytest.raises(FrameError, match="0024-01-03 to 2026-01-06, more than 100 years"):
        BY_DAY[name](wrong, None)


def test_a_wrong_date_after_as_of_does_not_count() -> None:
    frame = daily_load(activities([*SOME, ("9024-01-03", 5.0)]), as_of="2026-01-06")
    pd.testing.assert_frame_equal(frame, daily_load(activities(SOME)))


def test_a_century_is_the_longest_history_and_the_farthest_as_of() -> None:
    end = pd.Timestamp("2026-01-01") + pd.Timedelta(days=36_525)
    for frame, day in ((activities(SOME), end), (activities([*SOME, (f"{end}", 1.0)]), None)):
        assert len(daily_load(frame, as_of=day)) == 36_526
    after = end + pd.Timedelta(days=1)
    with pytest.raises(SettingError, match="as_of"):
        daily_load(activities(SOME), as_of=after)
    with pytest.raises(FrameError, match="one of the two is wrong"):
        daily_load(activities([*SOME, (f"{after}", 1.0)]))


def test_a_calendar_of_more_than_a_century_is_refused_in_any_year() -> None:
    with pytest.raises(FrameError, match="from 2026-01-01 to 12000-01-01 are more than 100 years"):
        days_between(pd.Timestamp("2026-01-01"), pd.Timestamp(np.datetime64("12000-01-01", "us")))


def test_unknown_days_outside_the_calendar_are_ignored() -> None:
    plain = daily_load(activities(SOME))
    marked = daily_load(activities(SOME, unknown_days=["2025-12-31", "2026-01-07"]))
    pd.testing.assert_frame_equal(plain, marked)


def test_a_partial_activity_makes_its_day_unknown() -> None:
    row = {"date": "2026-01-02", "distance_km": 4.0, "flags": "gps-jump,partial"}
    daily = daily_load(activities([*SOME, row]))
    assert daily["status"].tolist()[1] == "unknown"
    like = {**row, "flags": "partial-laps"}
    assert daily_load(activities([*SOME, like]))["status"].tolist()[1] == "run"


def test_a_run_whose_load_is_not_known_makes_its_day_unknown_not_light() -> None:
    row = {"date": "2026-01-01", "distance_km": NAN, "duration_min": 30.0}
    frame = activities([*SOME, row])
    assert np.isnan(daily_load(frame)["load"].iloc[0])
    assert daily_load(frame, load="duration_min")["load"].iloc[0] == 90.0
    ride = {"date": "2026-01-01", "distance_km": NAN, "duration_min": NAN, "sport": "cycling"}
    daily = daily_load(activities([*SOME, ride]))
    assert daily["load"].iloc[0] == 10.0
    assert np.isnan(daily["other_min"].iloc[0])


def test_a_walk_is_the_load_itself_where_walks_are_asked_for() -> None:
    walk = {"date": "2026-01-02", "distance_km": 4.0, "sport": "walking"}
    hike = {"date": "2026-01-02", "distance_km": 7.0, "sport": "hiking"}
    daily = daily_load(activities([*SOME, walk, hike]), sport="walking")
    assert daily.loc["2026-01-02", ["load", "walk_km"]].tolist() == [4.0, 7.0]


def test_silence_is_rest_up_to_the_usual_gap_and_unknown_beyond_it() -> None:
    every_fourth = runs([5.0, 0, 0, 0] * 10 + [5.0])
    daily = daily_load(every_fourth, as_of="2026-02-16")
    assert daily["status"].tolist()[41:] == ["rest"] * 4 + ["silent"] * 2
    assert daily["load"].iloc[41:45].tolist() == [0.0] * 4
    assert daily["load"].iloc[45:].isna().all()
    assert daily[["longest_km", "walk_km", "other_min"]].iloc[45:].isna().all(axis=None)


def test_a_silent_day_that_the_athlete_marked_unknown_stays_unknown() -> None:
    told = runs([5.0] * 30, unknown_days=["2026-02-04"])
    daily = daily_load(told, as_of="2026-02-05")
    assert daily["status"].tolist()[30:] == ["rest"] * 3 + ["silent", "unknown", "silent"]


def test_silence_counts_as_rest_for_three_days_even_for_who_runs_daily() -> None:
    daily = daily_load(runs([5.0] * 30), as_of="2026-02-04")
    assert daily["status"].tolist()[30:] == ["rest"] * 3 + ["silent"] * 2


def test_the_usual_gap_is_the_95th_percentile_of_all_gaps_of_any_sport() -> None:
    # 39 gaps of 2 days and one of 20: numpy's 0.95 quantile of them is 2, so the floor of 3 holds;
    # with three of 20 among 40 it is 20 (position 37.05 of 0..39 lies among the long ones).
    one = runs([5.0, 0] * 39 + [5.0] + [0] * 19 + [5.0])
    assert calendar_of(one).usual_gap == 3
    three = runs([5.0, 0] * 37 + [5.0] + ([0] * 19 + [5.0]) * 3)
    assert calendar_of(three).usual_gap == 20


def test_the_athletes_word_makes_silent_days_rest_up_to_that_day() -> None:
    frame = activities(SOME)
    rested = calendar_of(frame, as_of="2026-01-16", rested_until="2026-01-15")
    daily = daily_load(frame, calendar=rested)
    assert daily["status"].tolist()[6:] == ["rest"] * 9 + ["silent"]
    rested = calendar_of(frame, as_of="2026-01-09", rested_until="2026-01-07")
    short = daily_load(frame, calendar=rested)
    assert short["status"].tolist()[6:] == ["rest"] * 3


def test_silent_days_tell_what_to_ask() -> None:
    frame = activities(SOME)
    told = calendar_of(frame, as_of="2026-02-10").silence
    assert told is not None
    assert (told.last_recorded, told.days_silent) == (pd.Timestamp("2026-01-06"), 35)
    assert (told.usual_gap, told.unknown) == (3, True)
    for day, is_unknown in (("2026-01-09", False), ("2026-01-10", True)):
        told = calendar_of(frame, as_of=day).silence
        assert told is not None
        assert told.unknown == is_unknown
    told = calendar_of(frame, as_of="2026-02-10", rested_until="2026-02-10").silence
    assert told is not None
    assert not told.unknown
    assert calendar_of(activities([]), as_of="2026-02-10").silence is None


def test_a_gap_of_fourteen_days_in_every_sport_is_rest_and_listed() -> None:
    frame = runs([5.0] + [0] * 14 + [5.0] + [0] * 13 + [5.0])
    assert daily_load(frame)["load"].notna().all()
    gaps = long_gaps(frame)
    assert gaps["days"].tolist() == [14]
    assert gaps["start"].tolist() == [pd.Timestamp("2026-01-02")]
    assert gaps["end"].tolist() == [pd.Timestamp("2026-01-15")]
    ride = {"date": "2026-01-08", "sport": "cycling", "duration_min": 60.0}
    assert long_gaps(activities([("2026-01-01", 5.0), ride, ("2026-01-16", 5.0)])).empty
    assert long_gaps(frame, "2026-01-10").empty
    assert long_gaps(activities([])).empty


@pytest.mark.parametrize(
    "as_of", ["2026-01-03", dt.date(2026, 1, 3), pd.Timestamp("2026-01-03T23:59", tz="Asia/Tokyo")]
)
def test_as_of_may_be_written_in_any_way_and_ends_the_frame(as_of: object) -> None:
    daily = daily_load(activities(SOME), as_of=as_of)  # type: ignore[arg-type]
    assert loads(daily) == [10.0, 0.0, 7.0]


def test_nothing_recorded_gives_an_empty_frame_of_the_same_types() -> None:
    full = daily_load(activities(SOME))
    for empty in (daily_load(activities([])), daily_load(activities(SOME), as_of="2025-12-31")):
        assert empty.empty
        assert empty.dtypes.equals(full.dtypes)
        assert empty.index.dtype == full.index.dtype


def test_options_that_do_not_exist_are_named_with_those_that_do() -> None:
    with pytest.raises(SettingError, match=r"trump.*distance_km, duration_min"):
        daily_load(activities(SOME), load="trump")
    with pytest.raises(SettingError, match="avg_hr_bpm"):
        daily_load(activities(SOME), load="avg_hr_bpm")
    with pytest.raises(SettingError, match=r"runing.*running"):
        daily_load(activities(SOME), sport="runing")
    for day in ("tomorrow", pd.NaT, ""):
        with pytest.raises(SettingError, match="YYYY-MM-DD"):
            daily_load(activities(SOME), as_of=day)


def test_a_frame_that_is_none_of_activities_is_refused() -> None:
    with pytest.raises(FrameError, match="flags"):
        daily_load(activities(SOME).drop(columns="flags"))
    with pytest.raises(FrameError, match="negative"):
        daily_load(activities([("2026-01-01", -1.0)]))
    with pytest.raises(FrameError, match="infinite"):
        daily_load(activities([("2026-01-01", float("inf"))]))
    late = activities(SOME)
    late["date"] += pd.Timedelta(hours=3)
    with pytest.raises(FrameError, match="midnight"):
        daily_load(late)
    aware = activities(SOME)
    aware["date"] = aware["date"].dt.tz_localize("UTC")
    with pytest.raises(FrameError, match="naive"):
        daily_load(aware)


def test_the_activities_are_not_changed() -> None:
    frame = activities(SOME, unknown_days=["2026-01-02"])
    before = frame.copy(deep=True)
    daily_load(frame, as_of="2026-01-20")
    pd.testing.assert_frame_equal(frame, before)


@settings(deadline=None)
@given(LOADS, LOADS, st.sets(st.integers(0, 59)))
def test_tomorrow_never_changes_today(
    past: list[float], future: list[float], lost: set[int]
) -> None:
    days = pd.date_range("2026-01-01", periods=60)
    marked = [f"{days[i]:%Y-%m-%d}" for i in sorted(lost)]
    as_of = days[len(past) - 1]
    known = daily_load(runs(past, unknown_days=marked), as_of=as_of)
    later = daily_load(runs(past + future, unknown_days=marked), as_of=as_of)
    pd.testing.assert_frame_equal(known, later, check_freq=False)


@settings(deadline=None)
@given(LOADS, st.integers(-4000, 4000))
def test_a_shifted_calendar_gives_the_same_numbers(past: list[float], shift: int) -> None:
    first = pd.Timestamp("2026-01-01") + pd.Timedelta(days=shift)
    here, there = runs(past), runs(past, first=f"{first:%Y-%m-%d}")
    shifted = daily_load(there).reset_index(drop=True)
    pd.testing.assert_frame_equal(daily_load(here).reset_index(drop=True), shifted)


@settings(deadline=None)
@given(LOADS)
def test_every_day_is_there_once_and_adds_up_to_the_sum_of_the_runs(past: list[float]) -> None:
    frame = runs(past)
    daily = daily_load(frame)
    first = next((i for i, x in enumerate(past) if x), 0)
    last = len(past) - next((i for i, x in enumerate(reversed(past)) if x), len(past))
    assert loads(daily) == past[first:last]


@pytest.mark.parametrize(
    "column", ["avg_hr_bpm", "hr_coverage", "rpe", "graded_speed_mps", "intensity", "avg_power_w"]
)
def test_what_does_not_add_up_over_a_day_is_no_load(column: str) -> None:
    frame = activities(SOME).assign(**{column: 1.0})
    with pytest.raises(SettingError, match="no load"):
        daily_load(frame, load=column)


def test_cross_training_and_walks_restore_no_running_load_of_any_metric() -> None:
    ran = [{"date": "2026-01-01", "distance_km": 10.0, "trimp": 90.0}]
    ride = {"date": "2026-01-02", "sport": "cycling", "duration_min": 90.0, "trimp": 200.0}
    walk = {"date": "2026-01-03", "sport": "walking", "distance_km": 8.0, "trimp": 40.0}
    daily = daily_load(activities([*ran, ride, walk]), load="trimp")
    assert loads(daily) == [90, 0, 0]
    assert daily["other_min"].tolist() == [0, 90, 0]
    assert daily["walk_km"].tolist() == [0, 0, 8]


def test_strength_is_counted_in_sessions() -> None:
    lift = {
        "date": "2026-01-02", "sport": "training", "sub_sport": "strength_training",
        "duration_min": 40.0,
    }  # fmt: skip
    yoga = {**lift, "sub_sport": "yoga"}
    ride = {"date": "2026-01-02", "sport": "cycling", "duration_min": 60.0}
    daily = daily_load(activities([*SOME, lift, yoga, ride]))
    assert daily["strength_sessions"].tolist() == [0, 2, 0, 0, 0, 0]
    assert daily["load"].iloc[1] == 0
    assert daily["status"].iloc[1] == "rest"
