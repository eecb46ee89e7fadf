"""Promises that hold over several rooms: the ramp passes the monitor, unknown is never fine."""

from __future__ import annotations

import pandas as pd
import pytest
from made import archive, runs

from loadmon.ramp.plan import plan_ramp
from loadmon.rules.engine import check, flag_history

WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]  # Monday 5 January 2026 begins the first one
FIRST = "2026-01-05"


def judged(loads: list[float], as_of: pd.Timestamp) -> dict[str, str]:
    """Verdict of each check on one day."""
    told = archive(runs(loads, first=FIRST), rested_until="2027-12-31")
    frame = check(told, as_of=as_of).to_frame()
    return dict(zip(frame["check"], frame["verdict"], strict=True))


@pytest.mark.parametrize("days_off", [10, 21, 35, 70])
@pytest.mark.parametrize("pace", ["steady", "earliest"])
def test_a_plan_that_is_followed_raises_no_flag_on_any_day(days_off: int, pace: str) -> None:
    before = [*WEEK * 10, *[0.0] * (days_off - 1)]
    start = pd.Timestamp(FIRST)
    resume = start + pd.Timedelta(days=len(before))
    past = archive(runs(before, first=FIRST), rested_until="2027-12-31")
    ramp = plan_ramp(past, resume=resume, target_km=24.0, pace=pace)
    plan = ramp.plan.set_index("date")["distance_km"]
    followed = [*before, *[0.0] * (plan.index[0] - resume).days, *plan.tolist()]
    first = len(followed) - len(plan)
    whole = archive(runs(followed, first=FIRST), rested_until="2027-12-31")
    flags = flag_history(whole)
    assert flags[flags["until"] >= plan.index[0]].empty
    for day in range(first, len(followed), 9):  # as the runner meets it, now and then
        found = judged(followed[: day + 1], start + pd.Timedelta(days=day))
        assert "flagged" not in found.values(), (day - first + 1, found)


@pytest.mark.parametrize("programme", ["delaware", "couch-to-5k", "timed-12-week"])
def test_a_programme_that_is_followed_raises_no_flag_either(programme: str) -> None:
    before = [*WEEK * 10, *[0.0] * 34]
    past = archive(runs(before, first=FIRST), rested_until="2027-12-31")
    resume = pd.Timestamp(FIRST) + pd.Timedelta(days=len(before))
    plan = plan_ramp(past, resume=resume, programme=programme).plan
    followed = [*before, *[0.0] * (plan["date"].iloc[0] - resume).days, *plan["distance_km"]]
    flags = flag_history(archive(runs(followed, first=FIRST), rested_until="2027-12-31"))
    assert flags[flags["until"] >= plan["date"].iloc[0]].empty


def test_the_old_long_run_again_after_three_weeks_off_is_flagged_by_the_return_check_alone() -> (
    None
):
    loads = [*WEEK * 10, *[0.0] * 21, 14.0]
    found = judged(loads, pd.Timestamp(FIRST) + pd.Timedelta(days=len(loads) - 1))
    assert [name for name, verdict in found.items() if verdict == "flagged"] == ["return"]


def test_nothing_recorded_is_unknown_and_not_fine() -> None:
    assert check(archive(runs([])), as_of="2026-03-01").verdict == "unknown"


def test_a_run_half_a_kilometre_longer_than_a_short_one_is_no_flag() -> None:
    steady = [3.0, 0, 3.0, 0, 3.0, 0, 0] * 6
    day = pd.Timestamp(FIRST) + pd.Timedelta(days=len(steady))
    assert judged([*steady, 3.5], day)["session_spike"] == "ok"
    assert judged([*steady, 3.6], day)["session_spike"] == "flagged"
