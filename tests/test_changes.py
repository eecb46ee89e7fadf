"""What changed: seven days at a time, what is not known left out, never a cause."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made import activities, archive, runs

from loadmon.daily import daily_load
from loadmon.diary import no_diary
from loadmon.report.overview import onset, overview, seven_days
from loadmon.report.page import changes_table

pytestmark = pytest.mark.usefixtures("quick_commands")

STEADY = [5.0, 0.0, 6.0, 0.0, 7.0, 0.0, 0.0]
MONDAY = "2026-01-05"


def blocks(made: pd.DataFrame, end: str, **known: object) -> pd.DataFrame:
    return seven_days(made, daily_load(made, as_of=end, **known), pd.Timestamp(end))  # type: ignore[arg-type]


def diary(*entries: tuple[str, float]) -> pd.DataFrame:
    frame = no_diary().reindex(range(len(entries)))
    days = pd.DatetimeIndex([day for day, _ in entries])
    text = dict.fromkeys(("when", "site", "strength", "break", "note"), "")
    return frame.assign(date=days, pain=[pain for _, pain in entries], **text)


def test_six_weeks_are_six_times_seven_days_that_end_on_the_day() -> None:
    found = blocks(runs([*STEADY * 7, 9.0], first=MONDAY), "2026-02-23")
    assert len(found) == 6
    assert found.index[-1] == pd.Timestamp("2026-02-23")
    assert (np.diff(found.index) == np.timedelta64(7, "D")).all()
    assert found["distance_km"].tolist() == [18.0] * 5 + [22.0]
    assert found["longest_km"].tolist() == [7.0] * 5 + [9.0]
    assert found["runs"].tolist() == [3.0] * 6
    assert found["rest_days"].tolist() == [4.0] * 6
    assert found["duration_min"].tolist() == [6 * 18.0] * 5 + [6 * 22.0]
    assert found["pace_s_per_km"].tolist() == pytest.approx([360.0] * 6)


def test_less_history_gives_fewer_whole_weeks() -> None:
    assert len(blocks(runs(STEADY * 2, first=MONDAY), "2026-01-17")) == 1
    assert blocks(runs(STEADY[:3], first=MONDAY), "2026-01-07").empty


def test_a_week_with_an_unknown_day_has_no_distance_and_is_not_zero() -> None:
    made = runs(STEADY * 3, first=MONDAY, unknown_days=["2026-01-13"])
    found = blocks(made, "2026-01-25")
    whole = ["distance_km", "longest_km", "runs", "rest_days"]
    assert found[whole].isna().all(axis=1).tolist() == [False, True, False]
    assert found["duration_min"].tolist() == [108.0] * 3


def test_heart_rates_are_weighted_by_time_and_other_sports_stand_apart() -> None:
    made = activities(
        [
            {"date": "2026-01-05", "distance_km": 5.0, "duration_min": 30.0, "avg_hr_bpm": 140.0},
            {"date": "2026-01-07", "distance_km": 9.0, "duration_min": 60.0, "avg_hr_bpm": 155.0},
            {"date": "2026-01-08", "distance_km": 5.0, "duration_min": 500.0},
            {"date": "2026-01-09", "distance_km": 4.0, "duration_min": 50.0, "sport": "hiking"},
            {"date": "2026-01-11", "duration_min": 40.0, "sport": "cycling"},
        ]
    )
    found = blocks(made, "2026-01-11").iloc[-1]
    assert found["avg_hr_bpm"] == pytest.approx((140 * 30 + 155 * 60) / 90)
    assert found["pace_s_per_km"] == pytest.approx(60 * 590 / 19)
    assert (found["walk_km"], found["other_min"]) == (4.0, 40.0)
    assert np.isnan(found["descent_m"])


def test_the_episode_of_pain_begins_after_four_weeks_without_one() -> None:
    until = pd.Timestamp("2026-06-30")
    told = diary(("2026-03-01", 4), ("2026-05-10", 2), ("2026-06-06", 3), ("2026-06-20", 0))
    assert onset(told, until) == pd.Timestamp("2026-05-10")
    assert onset(told, pd.Timestamp("2026-07-04")) is None
    assert onset(told, pd.Timestamp("2026-07-03")) == pd.Timestamp("2026-05-10")
    assert onset(told, pd.Timestamp("2026-03-02")) == pd.Timestamp("2026-03-01")
    assert onset(told, pd.Timestamp("2026-03-01")) == pd.Timestamp("2026-03-01")
    assert onset(told, pd.Timestamp("2026-02-28")) is None
    assert onset(diary(("2026-06-29", 0)), until) is None
    assert onset(diary(("2026-05-10", 2), ("2026-06-07", 3)), until) == pd.Timestamp("2026-06-07")
    assert onset(no_diary(), until) is None


def test_the_changes_lead_up_to_the_pain_where_one_is_logged_else_to_the_last_run() -> None:
    made = runs(STEADY * 8, first=MONDAY)
    plain = overview(archive(made), title="x", as_of="2026-03-02")
    assert plain.changes.index[-1] == pd.Timestamp("2026-02-27")
    told = archive(made, diary=diary(("2026-02-10", 3), ("2026-02-20", 2)))
    hurt = overview(told, title="x", as_of="2026-03-02")
    assert hurt.pain_since == hurt.changes.index[-1] == pd.Timestamp("2026-02-10")


def test_the_table_shows_the_numbers_of_the_frame_and_leaves_out_what_never_was() -> None:
    made = overview(archive(runs(STEADY * 7, first=MONDAY)), title="x", as_of="2026-02-20")
    table = changes_table(made)
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Distance"] == tuple(f"{km:.1f} km" for km in made.changes["distance_km"])
    assert rows["Average pace"][0] == "6:00 /km"
    assert "Other sports" not in rows
    assert "Average heart rate" not in rows
    assert len(table.head) == 1 + len(made.changes)
    in_miles = overview(archive(runs(STEADY * 7, first=MONDAY), units="mi"), title="x")
    assert {r[0]: r[1:] for r in changes_table(in_miles).rows}["Distance"][0] == "11.2 mi"
