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
from loadmon.ramp.verify import verify_ramp
from loadmon.rules.limits import Pace, limits_for

ONE = pd.Timedelta(days=1)
HALF = 21.1
EVEN = archive(runs([8.0, 0, 8.0, 0, 0, 12.0, 0] * 10, first="2026-01-05"))
EVE = pd.Timestamp("2026-03-15")
DAYS = "mon,wed,sat"


def no_day_sooner(
    history: Any, reached: pd.Timestamp, first: pd.Timestamp, pace: Pace, km: float, days: set[int]
) -> bool:
    """Whether the mixed-integer programme finds no plan that reaches it before the day."""
    daily = daily_load(history.activities, as_of=first - ONE).fillna(0.0)
    n_days = int((reached - first).days)
    run_days = [d for d in range(n_days) if (first.weekday() + d) % 7 in days]
    if not run_days:
        return True
    programme = Programme(
        daily["load"].tolist(),
        daily["longest_km"].tolist(),
        run_days,
        limits_for(pace),
        origin=0,
        start_km=0.0,
        weekdays=len(days),
        is_steady=pace == "steady",
    )
    return not programme.can_reach(km, step_km=0.1)


@pytest.mark.parametrize("km", [14.0, 16.5])
def test_no_plan_of_this_pace_is_there_a_run_day_sooner(km: float) -> None:
    pace: Pace = "steady"
    asked = {"resume": EVE + ONE, "target_long_km": km, "run_days": DAYS, "pace": pace}
    free = plan_ramp(EVEN, **asked)  # type: ignore[arg-type]
    assert free.reached_on is not None
    assert verify_ramp(EVEN, free.plan, free.limits).empty
    assert no_day_sooner(EVEN, free.reached_on, EVE + ONE, pace, km, {0, 2, 5})
    late = plan_ramp(EVEN, by=free.reached_on, **asked)  # type: ignore[arg-type]
    assert late.reached
    soon = plan_ramp(EVEN, by=free.reached_on - ONE, **asked)  # type: ignore[arg-type]
    assert not soon.reached
    assert soon.reached_on == free.reached_on
    assert "limited mostly by" in soon.message


def test_the_mixed_integer_programme_finds_the_plan_itself() -> None:
    ramp = plan_ramp(EVEN, resume=EVE + ONE, target_long_km=14.0, run_days=DAYS, pace="earliest")
    assert ramp.reached_on is not None
    after = ramp.reached_on + ONE
    assert not no_day_sooner(EVEN, after, EVE + ONE, "earliest", 14.0, {0, 2, 5})


def test_a_long_run_is_never_more_than_half_as_long_again_as_another_of_its_week() -> None:
    for pace in ("steady", "earliest"):
        ramp = plan_ramp(EVEN, resume=EVE + ONE, target_long_km=HALF, run_days=DAYS, pace=pace)
        weeks = ramp.plan[ramp.plan["distance_km"] > 0].groupby("week")["distance_km"]
        assert (weeks.max() <= 1.5 * weeks.min() + 0.2).all()  # runs are rounded down
        others = ramp.plan.loc[ramp.plan["date"] == ramp.reached_on - 3 * ONE, "distance_km"]
        assert others.iloc[0] < HALF


def test_the_faster_pace_lets_the_long_run_grow_before_the_others() -> None:
    ramp = plan_ramp(EVEN, resume=EVE + ONE, target_long_km=14.0, run_days=DAYS, pace="earliest")
    assert ramp.reached_on == pd.Timestamp("2026-03-25")
    first = ramp.plan.loc[ramp.plan["date"] <= EVE + 7 * ONE, "distance_km"]
    # 13.2 is 12 km and 10 %, 8.8 two thirds of it; what is left of the week goes to the second run
    assert first[first > 0].tolist() == [8.8, 11.6, 13.2]


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
        ("b", "2025-04-06", "2025-05-24", "2025-04-23"),
        ("c", "2024-10-20", "2024-12-21", "2024-11-23"),
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
        first = ramp.plan["date"].iloc[0]
        assert no_day_sooner(until, ramp.reached_on, first, pace, HALF, days)  # type: ignore[arg-type]
        too_soon = plan_ramp(
            until,
            resume=day + ONE,
            target_long_km=HALF,
            pace=pace,
            by=ramp.reached_on - ONE,  # type: ignore[arg-type]
        )
        assert not too_soon.reached
        assert too_soon.reached_on == ramp.reached_on
