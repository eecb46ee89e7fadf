"""A plan that is not followed to the letter: what still holds, found by the verifier itself."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from made import archive, runs

from loadmon.ramp.history import recorded_days
from loadmon.ramp.messages import replay_text
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.verify import Replay, build_timeline, replays, swap_last_two, verify_ramp
from loadmon.rules.limits import Cap, Limits

WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]
HISTORY = archive(runs(WEEK * 10, first="2026-01-05"), rested_until="2027-01-01")
LAST = pd.Timestamp("2026-03-14")
ONE = pd.Timedelta(days=1)


def planned(off: int, pace: str) -> tuple[pd.DataFrame, Limits]:
    ramp = plan_ramp(HISTORY, resume=LAST + (off + 1) * ONE, target_km=24, pace=pace)  # type: ignore[arg-type]
    return ramp.plan, ramp.limits


def tried(plan: pd.DataFrame, limits: Limits) -> dict[str, Replay]:
    daily = recorded_days(HISTORY, plan["date"].iloc[0] - ONE)
    line = build_timeline(daily, plan, limits)
    return {replay.name: replay for replay in replays(line, plan, limits)}


@pytest.mark.parametrize("off", [3, 20, 35])
@pytest.mark.parametrize("pace", ["steady", "earliest"])
def test_each_replay_finds_what_the_verifier_finds_in_the_changed_plan(off: int, pace: str) -> None:
    plan, limits = planned(off, pace)
    found = tried(plan, limits)
    longer = verify_ramp(HISTORY, plan.assign(distance_km=1.03 * plan["distance_km"]), limits)
    assert found["longer"].broken == longer["date"].nunique()
    assert found["longer"].tried == (plan["distance_km"] > 0).sum()
    swapped, missed = 0, 0
    weeks = sorted(set(plan["week"]))
    for week in weeks:
        at = plan.index[(plan["week"] == week) & (plan["distance_km"] > 0)]
        other = plan.copy()
        other.loc[at[-2:], "distance_km"] = plan.loc[at[-2:][::-1], "distance_km"].to_numpy()
        swapped += len(verify_ramp(HISTORY, other, limits)) > 0
        other = plan.copy()
        other.loc[at, "distance_km"] = 0.0
        missed += week != weeks[-1] and len(verify_ramp(HISTORY, other, limits)) > 0
    assert (found["swapped"].tried, found["swapped"].broken) == (len(weeks), swapped)
    assert found["missed"].tried == len(weeks) - 1
    # a plan whose first week is left out begins a week later, and so do its weeks
    assert found["missed"].broken - missed in ((0, 1) if off == 3 else (0,))


def test_a_week_of_two_runs_can_be_swapped_and_one_of_a_single_run_cannot() -> None:
    plan, limits = planned(35, "earliest")
    weeks = plan["week"].nunique()
    run = plan["distance_km"] > 0
    for n, swapped in ((2, weeks), (1, 0)):
        first = run & (run.groupby(plan["week"]).cumsum() <= n)
        few = plan.assign(distance_km=plan["distance_km"].where(first, 0.0))
        assert tried(few, limits)["swapped"].tried == swapped


def test_swapping_exchanges_the_last_two_runs_of_a_week() -> None:
    km = [1.0, 0.0, 2.0, 0.0, 3.0]
    swap_last_two(km, [0, 2, 4])
    assert km == [1.0, 0.0, 3.0, 0.0, 2.0]


def test_how_far_a_run_is_over_and_which_limit_it_breaks_are_told() -> None:
    plan, limits = planned(35, "steady")
    longer = tried(plan, limits)["longer"]
    # 36 days off: 30 x 18 / 47 km in the first week, 15 % over that in the second, planned as 13.1
    assert longer.over_km == pytest.approx(1.03 * 13.1 - 1.15 * 30 * 18 / 47)
    assert {"start", "week"} <= set(longer.limits)


def test_longer_runs_take_longer_too_and_may_pass_a_cap_on_their_minutes() -> None:
    plan, _ = planned(35, "steady")
    longest = float((plan["repeats"] * plan["run_min"]).max())
    for most, limits in ((longest, ("cap",)), (1.04 * longest, ())):
        wide = Limits(start_km=20, session_growth=9, weekly_growth=9, coupled=9)
        capped = dataclasses.replace(wide, caps=(Cap(run_min=most),))
        longer = tried(plan, capped)["longer"]
        assert (longer.limits, longer.over_km) == (limits, 0.0)  # minutes are no kilometres


def test_swapped_runs_take_their_minutes_along() -> None:
    plan, _ = planned(35, "steady")
    minutes = plan["repeats"] * plan["run_min"]
    short, long = plan.index[plan["week"].eq(4) & (plan["distance_km"] > 0)][-2:]
    assert minutes[short] < minutes[long]
    day = plan["date"][short].date()
    cap = Cap(since=day, until=day, run_min=float(minutes[short]))
    wide = Limits(session_growth=9, weekly_growth=9, coupled=9)
    swapped = tried(plan, dataclasses.replace(wide, caps=(cap,)))["swapped"]
    assert (swapped.broken, swapped.limits) == (1, ("cap",))


def test_the_message_says_what_holds_and_what_to_do() -> None:
    told = replay_text(
        [
            Replay("longer", 24, 3, 0.09, ("start",)),
            Replay("swapped", 8, 0, 0.0, ()),
            Replay("missed", 7, 7, 15.0, ("week",)),
        ],
        "km",
    )
    assert told == (
        "Tried out: every run 3 % longer: over a limit in 3 of 24 runs, by at most 0.1 km: stop at "
        "the planned distance; the last two runs of a week swapped: within every limit; a week "
        "missed, then carried on as planned: over a limit in 7 of 7 weeks, by at most 15.0 km: "
        "make a new plan instead (loadmon ramp)."
    )
    for km, told in ((0.04, "0.1 km"), (0.14, "0.2 km"), (0.2, "0.2 km")):
        assert f"by at most {told}:" in replay_text([Replay("longer", 24, 3, km, ("start",))], "km")
    assert "9.3 mi" in replay_text([Replay("missed", 7, 7, 15.0, ("week",))], "mi")


def test_every_plan_says_it() -> None:
    for off in (3, 12, 35):
        ramp = plan_ramp(HISTORY, resume=LAST + (off + 1) * ONE)
        assert "Tried out: every run 3 % longer" in ramp.message
