"""Minutes above threshold of seven days against the four weeks before them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from made import activities, archive

from loadmon.athlete import Athlete
from loadmon.rules.effort_and_form import minutes_above
from loadmon.rules.engine import build_context, check

NAN = float("nan")
EVEN = [10.0, 0.0, 10.0]  # minutes of the three runs of a week


def frame_of(weeks: list[list[float]]) -> pd.DataFrame:
    """Runs on Monday, Wednesday and Friday from 5 January 2026, with their hard minutes."""
    rows = []
    for i, week in enumerate(weeks):
        for day, minutes in zip((0, 2, 4), week, strict=False):
            date = pd.Timestamp("2026-01-05") + pd.Timedelta(days=7 * i + day)
            row = {"date": f"{date:%Y-%m-%d}", "distance_km": 8.0, "above_threshold_min": minutes}
            rows.append(row)
    return activities(rows)


def judge(weeks: list[list[float]], as_of: str | None = None, **told: Any) -> dict[str, Any]:
    return check(archive(frame_of(weeks)), as_of=as_of, **told).to_dict()["findings"][8]


def test_a_jump_is_flagged_with_both_numbers() -> None:
    told = judge([*[EVEN] * 6, [20.0, 15.0, 10.0]])
    assert (told["check"], told["verdict"], told["level"]) == ("intensity", "flagged", "above")
    assert (told["value"], told["limit"], told["grade"]) == (2.25, 1.5, "D")
    assert told["date"] == "2026-02-20"
    assert told["message"] == (
        "45 min above threshold in the 7 days to Fri 20 Feb; 20 min a week in the 28 before."
    )


@pytest.mark.parametrize(("minutes", "verdict"), [(60.0, "ok"), (60.1, "flagged")])
def test_half_as_much_again_is_the_limit(minutes: float, verdict: str) -> None:
    assert judge([*[[20.0, 0.0, 20.0]] * 6, [minutes, 0.0, 0.0]])["verdict"] == verdict


@pytest.mark.parametrize(("minutes", "verdict"), [(12.0, "ok"), (12.1, "flagged")])
def test_ten_minutes_more_are_a_small_step(minutes: float, verdict: str) -> None:
    assert judge([*[[2.0, 0.0, 0.0]] * 6, [minutes, 0.0, 0.0]])["verdict"] == verdict


def test_after_four_weeks_without_any_it_is_a_jump_without_a_number() -> None:
    told = judge([*[[0.0, 0.0, 0.0]] * 6, [11.0, 0.0, 0.0]])
    assert (told["verdict"], told["value"]) == ("flagged", None)
    assert judge([*[[0.0, 0.0, 0.0]] * 6, [10.0, 0.0, 0.0]])["verdict"] == "ok"


def test_the_four_weeks_are_those_before_the_seven_days() -> None:
    weeks = [[90.0, 0.0, 0.0], *[EVEN] * 4, [20.0, 0.0, 11.0]]
    assert judge(weeks)["value"] == pytest.approx(31 / 20)  # up to Friday: the 90 min are outside
    weeks[1] = [10.0, 0.0, 50.0]
    assert judge(weeks)["value"] == pytest.approx(31 / 30)


def test_a_run_without_heart_rate_leaves_it_unknown() -> None:
    assert judge([*[EVEN] * 3, [10.0, NAN, 10.0], *[EVEN] * 3])["verdict"] == "unknown"
    assert judge([[NAN] * 3, *[EVEN] * 6])["verdict"] == "ok"


def test_without_heart_rate_or_threshold_it_is_not_set_up() -> None:
    told = judge([[NAN] * 3] * 6)
    assert told["verdict"] == "not_set_up"
    assert "threshold_hr_bpm" in told["message"]
    bare = frame_of([EVEN] * 6).drop(columns="above_threshold_min")
    assert check(archive(bare)).to_dict()["findings"][8]["verdict"] == "not_set_up"


def test_it_says_nothing_in_the_first_weeks_and_after_a_lay_off() -> None:
    assert judge([EVEN] * 3)["level"] == "forming"
    assert judge([EVEN] * 4 + [[10.0, 0.0, 10.0]])["verdict"] == "unknown"  # 33 days, 35 needed
    assert judge([*[EVEN] * 8, [], [], [], EVEN])["level"] == "returning"


def test_a_rest_day_after_it_keeps_the_flag_and_makes_none() -> None:
    weeks = [*[EVEN] * 6, [20.0, 15.0, 10.0]]
    assert judge(weeks, as_of="2026-02-22")["verdict"] == "flagged"
    assert judge(weeks, as_of="2026-02-27")["verdict"] == "unknown"  # silent by then


def test_the_runner_may_set_another_limit() -> None:
    mine = Athlete(limits={"intensity.limit": 3.0})
    told = judge([*[EVEN] * 6, [20.0, 15.0, 10.0]], athlete=mine)
    assert told["verdict"] == "ok"
    assert told["message"].endswith("Your limit: 3.")


def test_both_sums_are_those_of_plain_loops_over_days() -> None:
    minutes = [float((7 * day) % 11) for day in range(50)]
    dates = pd.date_range("2026-01-05", periods=50)
    rows = [
        {"date": f"{date:%Y-%m-%d}", "distance_km": 8.0, "above_threshold_min": m}
        for date, m in zip(dates, minutes, strict=True)
    ]
    told = minutes_above(build_context(archive(activities(rows)), None))
    for day in (34, 41, 49):
        assert told["acute"].iloc[day] == sum(minutes[day - 6 : day + 1])
        assert told["usual"].iloc[day] == sum(minutes[day - 34 : day - 6]) / 4
    assert told["usual"].iloc[33:35].isna().tolist() == [True, False]
