"""Building up to a long run by a day: planned, verified, and no sooner where it is impossible."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from corpus import history
from made import archive, runs
from ramp_milp import Programme

from loadmon.daily import daily_load
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.result import Ramp
from loadmon.ramp.verify import verify_ramp
from loadmon.rules.limits import Pace, limits_for

ONE = pd.Timedelta(days=1)
HALF = 21.1
EVEN = archive(runs([8.0, 0, 8.0, 0, 0, 12.0, 0] * 10, first="2026-01-05"))
EVE = pd.Timestamp("2026-03-15")
DAYS = "mon,wed,sat"


def is_possible(
    history: Any, ramp: Ramp, pace: Pace, km: float, weeks_sooner: int, days: set[int]
) -> bool:
    """Whether the mixed-integer programme finds a plan that reaches it so many weeks sooner."""
    assert ramp.reached_on is not None
    first = ramp.plan["date"].iloc[0]
    daily = daily_load(history.activities, as_of=first - ONE).fillna(0.0)
    n_days = int((ramp.reached_on - first).days) + 1
    days_to = range(n_days - 7 * weeks_sooner)
    run_days = [d for d in days_to if (first.weekday() + d) % 7 in days]
    if not run_days:
        return False
    programme = Programme(
        daily["load"].tolist(),
        daily["longest_km"].tolist(),
        run_days,
        limits_for(pace),
        is_steady=pace == "steady",
    )
    return programme.can_reach(km, long_day=(n_days - 1) % 7, step_km=0.1)


@pytest.mark.parametrize("km", [14.0, 16.5])
def test_no_plan_of_this_pace_is_there_a_week_sooner(km: float) -> None:
    pace: Pace = "steady"
    asked = {"resume": EVE + ONE, "target_long_km": km, "run_days": DAYS, "pace": pace}
    free = plan_ramp(EVEN, **asked)  # type: ignore[arg-type]
    assert free.reached_on is not None
    assert verify_ramp(EVEN, free.plan, free.limits).empty
    assert not is_possible(EVEN, free, pace, km, 1, {0, 2, 5})
    late = plan_ramp(EVEN, by=free.reached_on, **asked)  # type: ignore[arg-type]
    assert late.reached
    soon = plan_ramp(EVEN, by=free.reached_on - ONE, **asked)  # type: ignore[arg-type]
    assert not soon.reached
    assert soon.reached_on == free.reached_on
    assert "limited mostly by" in soon.message


def test_the_mixed_integer_programme_finds_the_plan_itself() -> None:
    ramp = plan_ramp(EVEN, resume=EVE + ONE, target_long_km=14.0, run_days=DAYS, pace="earliest")
    assert is_possible(EVEN, ramp, "earliest", 14.0, 0, {0, 2, 5})


def test_a_long_run_is_never_more_than_half_as_long_again_as_another_of_its_week() -> None:
    for pace in ("steady", "earliest"):
        ramp = plan_ramp(EVEN, resume=EVE + ONE, target_long_km=HALF, run_days=DAYS, pace=pace)
        weeks = ramp.plan[ramp.plan["distance_km"] > 0].groupby("week")["distance_km"]
        assert (weeks.max() <= 1.5 * weeks.min() + 0.2).all()  # runs are rounded down
        others = ramp.plan.loc[ramp.plan["date"] == ramp.reached_on - 3 * ONE, "distance_km"]
        assert others.iloc[0] < HALF


def test_the_faster_pace_lets_the_others_grow_with_the_long_run() -> None:
    ramp = plan_ramp(EVEN, resume=EVE + ONE, target_long_km=14.0, run_days=DAYS, pace="earliest")
    assert ramp.reached_on == pd.Timestamp("2026-03-28")
    first = ramp.plan.loc[ramp.plan["date"] <= EVE + 7 * ONE, "distance_km"]
    # 13.2 is 12 km and 10 %; the pace shares out a larger week than the long run then allows
    assert first[first > 0].tolist() == [9.5, 9.5, 13.2]


def test_the_faster_pace_is_named_where_the_steady_one_is_too_slow() -> None:
    asked = {"resume": EVE + ONE, "target_long_km": 18.0, "run_days": DAYS}
    fast = plan_ramp(EVEN, pace="earliest", **asked)  # type: ignore[arg-type]
    soon = plan_ramp(EVEN, by="2026-03-29", **asked)  # type: ignore[arg-type]
    assert fast.reached_on is not None
    day = f"{fast.reached_on:%d} {fast.reached_on:%b}".lstrip("0")
    assert f"within the limits: reached on {fast.reached_on:%a} {day} 2026." in soon.message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("athlete", "eve", "steady", "earliest"),
    [
        ("b", "2025-04-06", "2025-05-25", "2025-05-18"),
        ("c", "2024-10-20", "2024-12-22", "2024-12-08"),
    ],
)
def test_a_real_runner_builds_up_to_a_half_marathon(
    athlete: str, eve: str, steady: str, earliest: str
) -> None:
    whole = history(f"athlete_{athlete}").activities
    day = pd.Timestamp(eve)
    until = SimpleNamespace(activities=whole[whole["date"] <= day])
    for pace, on in (("steady", steady), ("earliest", earliest)):
        ramp = plan_ramp(until, resume=day + ONE, target_long_km=HALF, pace=pace)  # type: ignore[arg-type]
        assert ramp.reached_on == pd.Timestamp(on)
        assert verify_ramp(until, ramp.plan, ramp.limits).empty  # type: ignore[arg-type]
        runs_of = ramp.plan[ramp.plan["distance_km"] > 0]
        days = set(runs_of["date"].dt.day_of_week)
        if athlete == "b" or pace == "steady":  # the longest programme takes ten seconds
            assert not is_possible(until, ramp, pace, HALF, 1, days)  # type: ignore[arg-type]
        too_soon = plan_ramp(
            until,
            resume=day + ONE,
            target_long_km=HALF,
            pace=pace,
            by=ramp.reached_on - ONE,  # type: ignore[arg-type]
        )
        assert not too_soon.reached
        assert too_soon.reached_on == ramp.reached_on
