"""Borders of a return: 14 days off, 28 days after it, the run that is furthest above its cap."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from made import archive, runs

from loadmon.rules.engine import check
from loadmon.rules.return_to_run import ReturnToRun, too_soon

FIRST = pd.Timestamp("2026-03-02")
USUAL = [10.0, 0, 10.0, 0, 10.0, 0, 10.0] * 8


@pytest.mark.parametrize(
    ("days_off", "day", "soon"), [(14, 1, True), (13, 1, False), (14, 27, True), (14, 28, False)]
)
def test_two_run_days_in_a_row_count_after_14_days_off_for_28_days(
    days_off: int, day: int, soon: bool
) -> None:
    daily = pd.DataFrame({"run_day": True}, index=pd.date_range(FIRST, periods=40))
    back = ReturnToRun(FIRST, days_off, 10.0, 3.0, 12.0, FIRST)
    assert (too_soon(back, daily, FIRST + pd.Timedelta(days=day)) is not None) == soon


def judged(frame: pd.DataFrame, load: str = "distance_km") -> dict[str, Any]:
    found = check(archive(frame), load=load).to_dict()["findings"]
    return next(row for row in found if row["check"] == "return")


def test_of_several_runs_above_their_caps_the_furthest_is_told() -> None:
    told = judged(runs([*USUAL, *[0.0] * 36, 4.0, 0, 8.0]))
    assert (told["value"], told["limit"]) == (8.0, pytest.approx(4.5))


def test_a_run_of_a_return_whose_distance_is_not_known_is_not_fine_by_its_minutes() -> None:
    frame = runs([*USUAL, *[0.0] * 36, 2.0, 0, 2.0])
    assert judged(frame, "duration_min")["verdict"] == "ok"
    frame.loc[frame.index[-1], "distance_km"] = float("nan")
    assert judged(frame, "duration_min")["verdict"] == "unknown"
