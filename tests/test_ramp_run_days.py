"""Run days of a plan: what is understood, what is refused, and what to do then."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import activities, archive, runs

from loadmon.errors import SettingError
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.problem import check_run_days, days_apart, first_run_day, weekdays
from loadmon.ramp.verify import verify_ramp
from loadmon.rules.limits import Limits

MONDAY = pd.Timestamp("2026-11-16")


def run_days_of(plan):
    return set(plan.loc[plan["distance_km"] > 0, "date"].dt.day_of_week)


@pytest.mark.parametrize(
    "told", ["mon,wed,sat", ["sat", "mon", "wed"], [5, 0, 2], ["Monday", 2, "SAT"], " mon, wed,sat"]
)
def test_run_days_are_names_or_numbers_in_any_order(told):
    assert weekdays(told) == (0, 2, 5)


@pytest.mark.parametrize("day", range(7))
def test_without_a_run_before_three_days_are_spread_from_the_return(day):
    resume = MONDAY + pd.Timedelta(days=day)
    ran = run_days_of(plan_ramp(archive(activities([])), resume=resume, target_km=12).plan)
    assert ran == {(day + d) % 7 for d in (0, 2, 5)}  # a day between each two of them
    check_run_days(tuple(sorted(ran)), Limits(), apart=True)


# Mon 6, Tue 4, Wed 6, Thu 4, Sat 10: five runs a week
HABIT = [6.0, 4.0, 6.0, 4.0, 0.0, 10.0, 0.0]


@pytest.mark.parametrize(("off", "first_weeks"), [(9, {0, 1, 2, 3, 5}), (15, {0, 2, 5})])
def test_own_days_are_kept_and_a_day_between_only_after_14_days_off(off, first_weeks):
    # of the five days the three with the largest shares that are no neighbours: 6 + 6 + 10 km
    made = archive(runs(HABIT * 12, first="2026-01-05"), rested_until="2027-01-01")
    resume = pd.Timestamp("2026-03-28") + pd.Timedelta(days=off + 1)  # the last run is a Saturday
    by = resume + pd.Timedelta(days=70)
    plan = plan_ramp(made, resume=resume, target_km=30, by=by).plan
    early = plan["date"] < plan["date"].iloc[0] + pd.Timedelta(days=28)
    assert run_days_of(plan[early]) == first_weeks
    assert run_days_of(plan[~early]) == {0, 1, 2, 3, 5}


@pytest.mark.parametrize(
    ("days", "shares", "size", "chosen"),
    [
        ((0, 1, 2, 3, 5), (0.2, 0.1, 0.2, 0.1, 0.0, 0.4, 0.0), 3, (0, 2, 5)),
        ((5, 6), (0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 0.6), 2, (1, 6)),  # one beside Sunday is none
        ((0, 1), (0.4, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0), 1, (1,)),
        (tuple(range(7)), (1 / 7,) * 7, 3, (0, 2, 4)),
    ],
)
def test_days_with_a_day_between_are_the_own_ones_with_the_larger_shares(
    days, shares, size, chosen
):
    assert days_apart(days, shares, size, 0) == chosen


@pytest.mark.parametrize("told", ["monday,xyz", [7], [-1], ["mo"], ["mon5"], [""]])
def test_what_is_no_weekday_is_refused_by_name(told):
    with pytest.raises(SettingError, match="no weekday"):
        weekdays(told)


def test_no_run_day_at_all_is_refused():
    with pytest.raises(SettingError, match="name some"):
        weekdays([])


def test_neighbours_are_refused_in_the_first_four_weeks_also_over_the_weekend():
    with pytest.raises(SettingError, match="mon and tue are next to each other"):
        check_run_days((0, 1, 4), Limits(), apart=True)
    with pytest.raises(SettingError, match="sun and mon are next to each other"):
        check_run_days((0, 3, 6), Limits(), apart=True)
    check_run_days((0, 1, 4), Limits(), apart=False)


def test_more_run_days_than_the_limit_are_refused():
    with pytest.raises(SettingError, match="at most 5 run days in seven; leave out 1"):
        check_run_days((0, 1, 2, 3, 4, 5), Limits(), apart=False)
    check_run_days((0, 1, 2, 3, 4), Limits(), apart=False)


def test_one_run_day_a_week_is_understood_and_allowed():
    assert weekdays("sun") == (6,)
    for day in range(7):
        check_run_days((day,), Limits(), apart=True)


def test_the_first_run_day_is_the_day_asked_for_or_the_next_one():
    assert first_run_day((0, 2, 5), MONDAY) == MONDAY
    assert first_run_day((2, 5), MONDAY) == MONDAY + pd.Timedelta(days=2)
    assert first_run_day((0,), MONDAY + pd.Timedelta(days=1)) == MONDAY + pd.Timedelta(days=7)


@pytest.mark.parametrize("pace", ["steady", "earliest"])
@pytest.mark.parametrize("off", [0, 6, 20, 40])
def test_one_run_a_week_is_planned_and_verified(off, pace):
    habit = [0.0, 6.0, 0.0, 6.0, 0.0, 0.0, 10.0]  # the last one on a Sunday
    made = archive(runs(habit * 12, first="2026-01-05"), rested_until="2027-01-01")
    resume = pd.Timestamp("2026-03-29") + pd.Timedelta(days=off + 1)
    ramp = plan_ramp(made, resume=resume, pace=pace, run_days="sun", target_km=16.0)
    plan = ramp.plan
    assert verify_ramp(made, plan, ramp.limits).empty
    ran = plan[plan["distance_km"] > 0]
    assert set(ran["date"].dt.day_name()) == {"Sunday"}
    assert (ran["date"].diff().dropna().dt.days == 7).all()
    assert ramp.reached
    assert ran["distance_km"].iloc[-1] == pytest.approx(16.0, abs=0.1)
    # by another way: the ratio of four equal weeks is 1, of these at most 1.3 from day 28 on
    weeks = ran["distance_km"].to_numpy()
    ratio = [4 * weeks[i] / weeks[i - 3 : i + 1].sum() for i in range(4, len(weeks))]
    assert max(ratio) <= 1.3 + 1e-9


@given(
    days=st.sets(st.integers(0, 6), min_size=1, max_size=5),
    coupled=st.sampled_from([1.0, 1.05, 1.3]),
    off=st.integers(0, 60),
    pace=st.sampled_from(["steady", "earliest"]),
)
def test_no_ratio_refuses_a_plan(days, coupled, off, pace):
    # it has grade X: a plan stays under it, and is neither refused nor broken for it
    neighbours = any((d + 1) % 7 in days for d in days)
    made = archive(runs([6.0, 0.0, 6.0, 0.0, 0.0, 10.0, 0.0] * 12), rested_until="2027-01-01")
    resume = pd.Timestamp("2026-03-24") + pd.Timedelta(days=off + 1)
    asked = {"resume": resume, "pace": pace, "run_days": days, "limits": {"coupled": coupled}}
    try:
        ramp = plan_ramp(made, by=resume + pd.Timedelta(days=70), **asked)
    except SettingError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert neighbours
        assert "next to each other" in told
        return
    assert (ramp.plan["distance_km"] > 0).any()
    assert verify_ramp(made, ramp.plan, ramp.limits).empty
