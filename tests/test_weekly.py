from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import activities, archive, days, runs

from loadmon.calendar import calendar_of
from loadmon.errors import FrameError
from loadmon.ratio import acwr
from loadmon.rules.engine import check
from loadmon.weekly import weekly_load

NAN = float("nan")
MONDAY = "2026-01-05"
WEEK = [6.0, 0, 5.0, 0, 8.0, 0, 0]
CONTRACT = [
    "runs",
    "run_days",
    "rest_days",
    "distance_km",
    "duration_min",
    "longest_km",
    "load",
    "change",
    "monotony",
    "strain",
    "acwr_coupled",
    "acwr_uncoupled",
    "acwr_ewma",
    "acwr_status",
    "max_session_ratio",
    "n_days",
    "n_known",
    "partial",
    "flags",
]


def weeks(loads: list[float], **options: object) -> pd.DataFrame:
    as_of = str(options.pop("as_of", f"{days(loads, first=MONDAY).index[-1]:%Y-%m-%d}"))
    frame = runs(loads, first=MONDAY, **options)
    calendar = calendar_of(frame, as_of=as_of, rested_until=as_of)
    return weekly_load(frame, calendar=calendar)


def test_the_columns_of_the_contract_are_there_with_the_additional_ones() -> None:
    frame = weeks(WEEK)
    assert list(frame)[: len(CONTRACT)] == CONTRACT
    assert {"walk_km", "other_min", "elevation_gain_m"} <= set(frame)
    assert frame.index.name == "week_start"


def test_weeks_are_iso_weeks_and_none_is_left_out() -> None:
    frame = weekly_load(activities([("2025-12-31", 5.0), ("2026-01-20", 5.0)]))
    assert [f"{d:%Y-%m-%d %a}" for d in frame.index] == [
        *["2025-12-29 Mon", "2026-01-05 Mon", "2026-01-12 Mon", "2026-01-19 Mon"]
    ]
    assert frame["distance_km"].tolist() == [5.0, 0.0, 0.0, 5.0]
    assert frame["runs"].tolist() == [1, 0, 0, 1]
    assert frame["rest_days"].tolist() == [4, 7, 7, 1]


def test_a_week_adds_up_what_was_run_on_its_days() -> None:
    evening = {"date": "2026-01-05", "start_utc": "2026-01-05T18:00", "distance_km": 4.0}
    rows = [("2026-01-05", 6.0), evening, ("2026-01-11", 8.0), ("2026-01-12", 1.0)]
    first = weekly_load(activities(rows), as_of="2026-01-12").iloc[0]
    assert (first["runs"], first["run_days"], first["rest_days"]) == (3, 2, 5)
    assert (first["distance_km"], first["load"], first["longest_km"]) == (18.0, 18.0, 8.0)
    assert first["duration_min"] == 18.0 * 6


def test_load_may_be_another_column_and_distance_stays_distance() -> None:
    frame = weekly_load(runs(WEEK, first=MONDAY), load="duration_min")
    assert frame["load"].iloc[0] == 19.0 * 6
    assert frame["distance_km"].iloc[0] == 19.0


def test_other_sports_have_columns_of_their_own() -> None:
    rows = [
        ("2026-01-05", 6.0),
        ("2026-01-06", 4.0, "walking"),
        {"date": "2026-01-07", "sport": "cycling", "duration_min": 90.0},
    ]
    first = weekly_load(activities(rows)).iloc[0]
    assert (first["distance_km"], first["walk_km"], first["other_min"]) == (6.0, 4.0, 90.0)


def test_an_unknown_day_makes_the_load_unknown_and_leaves_the_known_distance() -> None:
    frame = weeks(WEEK * 3, unknown_days=["2026-01-13"])
    assert frame["distance_km"].tolist() == [19.0] * 3
    assert frame["load"].tolist() == pytest.approx([19.0, NAN, 19.0], nan_ok=True)
    assert frame["n_known"].tolist() == [7, 6, 7]
    assert frame["change"].isna().all()
    assert frame["rest_days"].tolist() == [4, 3, 4]


def test_a_value_that_no_activity_of_the_week_tells_is_not_zero() -> None:
    rows = [
        {"date": "2026-01-05", "distance_km": NAN, "duration_min": 30.0},
        {"date": "2026-01-12", "distance_km": 5.0, "elevation_gain_m": 40.0},
        {"date": "2026-01-13", "distance_km": 5.0},
    ]
    frame = weekly_load(activities(rows))
    assert frame["distance_km"].tolist() == pytest.approx([NAN, 10.0], nan_ok=True)
    assert frame["elevation_gain_m"].tolist() == pytest.approx([NAN, 40.0], nan_ok=True)


def test_silent_weeks_are_unknown_and_not_empty() -> None:
    frame = weekly_load(runs(WEEK, first=MONDAY), as_of="2026-01-25")
    assert frame["n_known"].tolist() == [7, 1, 0][: len(frame)]
    assert math.isnan(frame["distance_km"].iloc[-1])
    assert math.isnan(frame["load"].iloc[1])


def test_change_is_the_ratio_to_the_week_before_where_both_are_whole_and_known() -> None:
    frame = weeks([*WEEK, *(2 * x for x in WEEK), *[0.0] * 7, *WEEK, *WEEK[:3]])
    assert frame["change"].tolist() == pytest.approx([NAN, 2.0, 0.0, NAN, NAN], nan_ok=True)
    assert frame["partial"].tolist() == [False] * 4 + [True]
    assert frame["n_days"].tolist() == [7] * 4 + [3]


def test_a_first_week_that_begins_late_is_partial_and_no_base() -> None:
    frame = weekly_load(runs([*WEEK[2:], *WEEK], first="2026-01-07"), as_of="2026-01-18")
    assert frame["partial"].tolist() == [True, False]
    assert math.isnan(frame["change"].iloc[1])


def test_the_ratios_of_a_week_are_those_of_its_sunday_or_of_as_of() -> None:
    loads = [*WEEK * 5, *(1.3 * x for x in WEEK), *WEEK[:3]]
    frame = weeks(loads)
    daily = {m: acwr(days(loads, first=MONDAY), method=m) for m in ("coupled", "uncoupled", "ewma")}
    for method, ratios in daily.items():
        ends = [*range(6, 42, 7), 44]
        want = ratios["acwr"].iloc[ends].tolist()
        assert frame[f"acwr_{method}"].tolist() == pytest.approx(want, nan_ok=True)
    assert frame["acwr_status"].tolist() == ["forming"] * 3 + ["ok"] * 4


def test_the_largest_session_ratio_of_each_week_is_told() -> None:
    frame = weeks([*WEEK * 3, 6.0, 0, 12.0, 0, 8.0, 0, 0])
    want = [NAN, NAN, NAN, 12 / 8]  # 21 days must be recorded before a run is compared
    assert frame["max_session_ratio"].tolist() == pytest.approx(want, nan_ok=True)


FLAGGED = {
    "session_spike": [*WEEK * 8, 6.0, 0, 9.0, 0, 0, 0, 4.0],
    "weekly_change": [*WEEK * 8, 8.0, 0, 8.0, 0, 8.0, 1.0, 0],
    "acwr": [*WEEK * 8, *[10.0, 0, 10.0, 0, 10.0, 0, 10.0]],
    "rest": [*WEEK * 8, *[3.0, 3.1, 2.0, 4.0, 1.6, 5.0, 0]],
    "monotony": [*WEEK * 8, *[3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 0]],
}


@pytest.mark.parametrize("name", FLAGGED)
def test_flags_name_what_stands_out_in_the_week(name: str) -> None:
    frame = weeks(FLAGGED[name])
    assert name in frame["flags"].iloc[-1].split(",")
    assert frame["flags"].iloc[4:-1].tolist() == [""] * 4


@given(st.lists(st.just(0.0) | st.floats(0.5, 30.0), min_size=35, max_size=70))
def test_the_flags_of_a_week_are_the_flagged_checks_of_its_sunday(loads: list[float]) -> None:
    loads = [5.0, *loads[: 7 * (len(loads) // 7) - 1]]
    made = archive(runs(loads, first=MONDAY), rested_until="2027-01-01")
    sunday = days(loads, first=MONDAY).index[-1]
    week = weekly_load(made.activities, calendar=made.calendar(sunday)).iloc[-1]
    found = check(made, as_of=sunday).to_frame()
    flagged = set(found.loc[found["verdict"] == "flagged", "check"]) - {"return"}
    assert set(filter(None, week["flags"].split(","))) == flagged


def test_a_day_that_is_lost_later_in_the_week_takes_no_flag_away() -> None:
    loads = [*WEEK * 8, 12.0, 0, 12.0, 0, 12.0, 0, 1.0]
    for lost in ([], ["2026-03-07"]):  # the last Saturday: the seven days to Friday stand
        flags = weekly_load(runs(loads, first=MONDAY, unknown_days=lost))["flags"].iloc[-1]
        assert "weekly_change" in flags.split(",")


def test_no_activities_give_an_empty_frame_of_the_same_types() -> None:
    empty = weekly_load(activities([]))
    assert empty.empty
    assert empty.dtypes.equals(weeks(WEEK).dtypes)
    assert weekly_load(runs(WEEK), as_of="2020-01-01").empty


def test_a_frame_without_a_needed_column_is_refused_by_name() -> None:
    with pytest.raises(FrameError, match="elevation_gain_m"):
        weekly_load(runs(WEEK).drop(columns="elevation_gain_m"))


def test_the_activities_are_not_changed() -> None:
    frame = runs(WEEK)
    before = frame.copy(deep=True)
    weekly_load(frame)
    pd.testing.assert_frame_equal(frame, before)


@settings(deadline=None)
@given(st.lists(st.just(0.0) | st.floats(0.5, 30.0), min_size=1, max_size=60))
def test_weeks_add_up_to_all_that_was_run(loads: list[float]) -> None:
    frame = weekly_load(runs(loads))
    assert frame["distance_km"].sum() == pytest.approx(sum(loads))
    assert (frame["n_days"] == frame["run_days"] + frame["rest_days"]).all()


def test_a_week_of_run_days_in_a_row_carries_the_flag_of_the_rest_check() -> None:
    frame = weeks([*WEEK * 5, 4.0, 0, 0, 0, 0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 0, 0, 5.0])
    assert "rest" in frame["flags"].iloc[-1].split(",")  # six days, Saturday to Thursday
    assert "rest" not in frame["flags"].iloc[-2].split(",")


def test_a_week_holds_the_metric_that_was_asked_for_and_counts_its_known_days() -> None:
    runs_of = [
        {"date": "2026-01-05", "distance_km": 8.0, "trimp": 70.0},
        {"date": "2026-01-07", "distance_km": 8.0},
        {"date": "2026-01-10", "distance_km": 14.0, "trimp": 120.0},
        {"date": "2026-01-11", "sport": "cycling", "duration_min": 60.0, "trimp": 80.0},
    ]
    week = weekly_load(activities(runs_of), load="trimp").iloc[0]
    assert np.isnan(week["load"])
    assert (week["n_days"], week["n_known"], week["partial"]) == (7, 6, False)
    assert week["distance_km"] == 30
