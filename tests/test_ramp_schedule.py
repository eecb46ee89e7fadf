"""The planner against the golden plans, and the shape of a steady plan."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from loadmon.ramp.history import build_history, days_before, recorded_days
from loadmon.ramp.problem import Task
from loadmon.ramp.schedule import build_schedule, floor_km
from loadmon.rules.limits import Limits, limits_for

FIRST = pd.Timestamp("2026-11-16")  # a Monday
MON_WED_SAT = (0, 2, 5)
# A plan worked by hand: g = 10 %, w = 20 %, coupled 1.3, start 2 km
GOLDEN = {
    "start_km": 2.0,
    "session_floor_km": 0.0,
    "weekly_growth": 0.20,
    "weekly_floor_km": 0.0,
}
# golden/ramp_practical_0.1km.csv, digit for digit
PRACTICAL = """
2.0/2.2/2.4 2.4/2.6/2.8 2.8/3.0/3.3 3.4/3.6/3.9 4.1/4.3/4.6 4.9/5.2/5.5 5.8/6.3/6.6 6.9/7.5/8.0
7.2/7.9/8.7 7.2/7.9/8.7 7.2/7.9/8.7
"""


def four_weeks_then_35_days_off() -> SimpleNamespace:
    """Mon 8, Wed 8, Sat 14 km for four weeks (golden/ramp_lp_worked.json, history_note)."""
    weeks = [FIRST - pd.Timedelta(days=35 + 7 * n) for n in (4, 3, 2, 1)]
    runs = [(w + pd.Timedelta(days=d), km) for w in weeks for d, km in ((0, 8), (2, 8), (5, 14))]
    days, km = zip(*runs, strict=True)
    dates = pd.DatetimeIndex(days).as_unit("us")
    return SimpleNamespace(
        activities=pd.DataFrame(
            {
                "date": dates,
                "start_utc": dates.tz_localize("UTC"),
                "sport": "running",
                "sub_sport": "",
                "distance_km": np.array(km, dtype=float),
                "duration_min": 50.0,
                "flags": "",
            }
        )
    )


def task(pace="earliest", limits=None, run_days=MON_WED_SAT, **goal) -> Task:
    limits = limits or Limits(**GOLDEN)
    daily = days_before(
        recorded_days(four_weeks_then_35_days_off(), FIRST - pd.Timedelta(days=1)), FIRST
    )
    before = build_history(daily, FIRST, limits)
    return Task(before, limits, pace, run_days, **goal)


def weeks(km):
    return [[x for x in km[i : i + 7] if x > 0] for i in range(0, len(km), 7)]


def sums(km):
    return [sum(km[i : i + 7]) for i in range(0, len(km), 7)]


def test_the_exact_plan_is_the_golden_one_to_1e_9():
    # golden/ramp_default_plan.csv is 2, 2.2, 2.42 km times 1.2 every week, for nine weeks
    golden = np.zeros(63)
    for week in range(9):
        golden[7 * week + np.array(MON_WED_SAT)] = np.array([2.0, 2.2, 2.42]) * 1.2**week
    exact = build_schedule(task(week_km=1000.0)).exact_km[:63]
    assert exact == pytest.approx(golden, rel=1e-9, abs=1e-12)


def test_the_rounded_plan_is_the_golden_one_digit_for_digit():
    golden = [[float(x) for x in week.split("/")] for week in PRACTICAL.split()]
    schedule = build_schedule(task(week_km=24.0))
    assert weeks(schedule.km) == golden
    assert schedule.reached_week == 9
    assert [w.count(0.0) for w in (schedule.km[:7], schedule.km[70:77])] == [4, 4]


def largest_by_lp(limits, n_weeks):
    """Largest last week by a linear programme over the single runs; it shares no code."""
    days = np.array([7 * week + d for week in range(n_weeks) for d in MON_WED_SAT])
    rows = []
    for i in range(1, len(days)):  # each run against the one before
        row = np.zeros(len(days))
        row[i], row[i - 1] = 1, -(1 + limits.session_growth)
        rows.append(row)

    def window(end, n):
        return ((end - n < days) & (days <= end)).astype(float)

    for end in {*days, *range(6, 7 * n_weeks, 7)}:
        if end + 1 >= 14:
            rows.append(window(end, 7) - (1 + limits.weekly_growth) * window(end - 7, 7))
        if end + 1 >= limits.ratio_from_day:
            rows.append(window(end, 7) - limits.coupled / 4 * window(end, 28))
    most = [(0, limits.start_km)] + [(0, None)] * (len(days) - 1)
    goal = -window(7 * n_weeks - 1, 7)
    return -linprog(goal, A_ub=np.array(rows), b_ub=np.zeros(len(rows)), bounds=most).fun


# Largest week by linear programme (`largest_by_lp`), and the week that has 24 km: A to E
@pytest.mark.parametrize(
    ("changed", "largest", "earliest"),
    [
        ({}, "6.62 7.944 9.5328 11.4394 13.7272 16.4727 19.7672 23.7207 28.4648", 9),
        (
            {"weekly_growth": 0.10},
            "6.62 7.282 8.0102 8.8112 9.6923 10.6616 11.7277 12.9005 14.1906 15.6096 17.1706 "
            "18.8876 20.7764 22.854 25.1394",
            15,
        ),
        # C: the weekly growth of 30 % goes up to the coupled limit in week 4
        (
            {"weekly_growth": 0.30},
            "6.62 8.606 11.1878 12.7178 15.6537 19.0471 22.8311 27.7005",
            8,
        ),
        # D: no limit but the session
        (
            {"weekly_growth": 99.0, "coupled": 99.0},
            "6.62 8.8112 11.7277 15.6096 20.7764 27.6534",
            6,
        ),
        ({"start_km": 3.0}, "9.93 11.916 14.2992 17.159 20.5908 24.709", 6),
    ],
)
def test_the_weeks_are_as_large_as_the_lp_finds(changed, largest, earliest):
    golden = np.array([float(x) for x in largest.split()])
    schedule = build_schedule(task(limits=Limits(**(GOLDEN | changed)), week_km=1000.0))
    found = np.array(sums(schedule.exact_km)[: len(golden)])
    assert found == pytest.approx(golden, abs=6e-5)
    assert int(np.argmax(found >= 24)) + 1 == earliest
    limits = Limits(**(GOLDEN | changed))
    by_lp = [largest_by_lp(limits, week) for week in range(1, len(golden) + 1)]
    assert by_lp == pytest.approx(golden, abs=6e-5)


def test_rounding_down_can_make_a_goal_a_week_later():
    slow = build_schedule(task(limits=Limits(**(GOLDEN | {"weekly_growth": 0.10})), week_km=24.0))
    assert sums(slow.exact_km)[14] == pytest.approx(24.0)
    assert slow.reached_week == 16


def test_a_thirty_percent_week_is_stopped_by_the_coupled_ratio():
    schedule = build_schedule(
        task(limits=Limits(**(GOLDEN | {"weekly_growth": 0.30})), week_km=1000.0)
    )
    assert "coupled" in schedule.limited_by[21:28]


def test_a_steady_plan_has_one_new_longest_run_a_week_on_its_last_run_day():
    km = build_schedule(task("steady", limits_for("steady"), week_km=30.0)).km
    plan = weeks(km)
    longest = max(plan[0])
    for week in plan[1:]:
        assert all(x <= longest + 1e-9 for x in week[:-1])
        longest = max(longest, week[-1])
        assert week[-1] == max(week)


@pytest.mark.parametrize("limits", [Limits(weekly_growth=0.02, weekly_floor_km=0.1), Limits()])
@pytest.mark.parametrize("run_days", [(0, 3), MON_WED_SAT, (0, 2, 4, 6)])
def test_the_long_run_of_a_steady_plan_never_runs_away_from_the_others(limits, run_days):
    exact = build_schedule(task("steady", limits, run_days, week_km=30.0)).exact_km
    assert max(max(w) / min(w) for w in weeks(exact)) <= 1.5 + 1e-9


def test_every_fourth_week_of_a_steady_plan_repeats_the_week_before():
    schedule = build_schedule(task("steady", limits_for("steady"), week_km=30.0))
    for week in range(4, schedule.reached_week, 4):
        i = 7 * (week - 1)
        assert schedule.km[i : i + 7] == schedule.km[i - 7 : i]
        assert set(schedule.limited_by[i : i + 7]) == {"", "repeat"}


def test_a_steady_plan_by_hand():
    # start 2 km; longest + 0.5; week + 1 km or 15 %; others share the rest, up to the last longest
    limits = Limits(start_km=2.0)
    km = build_schedule(task("steady", limits, week_km=20.0)).km
    assert weeks(km)[:6] == [
        [2.0, 2.0, 2.0],
        [2.0, 2.0, 2.5],
        [2.2, 2.2, 3.0],
        [2.2, 2.2, 3.0],
        [2.5, 2.5, 3.5],
        # the seven days that end on Monday: 2.5 + 3.5 + 2.8 is within 1.15 x (2.2 + 3.0 + 2.5)
        [2.8, 2.9, 4.0],
    ]


def test_the_steady_pace_is_the_slower_one():
    steady = build_schedule(task("steady", limits_for("steady"), week_km=24.0))
    earliest = build_schedule(task("earliest", limits_for("earliest"), week_km=24.0))
    assert steady.reached_week > earliest.reached_week


def test_the_goal_is_held_for_two_weeks_or_longer_where_asked():
    schedule = build_schedule(task(week_km=24.0))
    assert len(schedule.km) == 7 * (schedule.reached_week + 2)
    longer = build_schedule(task(week_km=24.0), min_days=100)
    assert len(longer.km) == 105
    assert longer.km[: len(schedule.km)] == schedule.km
    assert weeks(longer.km)[-1] == weeks(schedule.km)[-1]


def test_a_long_run_is_reached_and_never_exceeded():
    schedule = build_schedule(task(long_km=12.3))
    assert max(schedule.km) == 12.3
    assert 12.3 in weeks(schedule.km)[schedule.reached_week - 1]
    assert 12.3 not in weeks(schedule.km)[schedule.reached_week - 2]


def test_a_goal_below_the_start_is_held_from_the_first_week():
    schedule = build_schedule(task(week_km=3.0))
    assert schedule.reached_week == 1
    assert sum(schedule.km[:7]) == pytest.approx(3.0, abs=0.3)


def test_without_any_growth_the_plan_gives_up_after_two_years():
    limits = Limits(start_km=2.0, weekly_growth=0.0, weekly_floor_km=0.0)
    schedule = build_schedule(task("steady", limits, week_km=24.0))
    assert schedule.reached_week == 0
    assert len(schedule.km) == 7 * 104
    assert max(sums(schedule.km)) == pytest.approx(6.0)


def test_a_week_rounded_down_is_the_base_of_the_next_one():
    # exact 2.09 + 2.30 + 2.53, rounded 6.6 km: the second week has 7.92 km, not 8.30
    schedule = build_schedule(task(limits=Limits(**(GOLDEN | {"start_km": 2.09})), week_km=1000.0))
    assert weeks(schedule.km)[:2] == [[2.0, 2.2, 2.4], [2.5, 2.7, 2.7]]


def test_the_day_after_the_first_run_of_a_return_is_closed_before_rounding_too():
    usual = task(week_km=24.0)
    n = len(usual.history.km)
    ran_yesterday = dataclasses.replace(
        usual.history,
        km=[*usual.history.km[:-1], 2.0],
        longest_km=[*usual.history.longest_km[:-1], 2.0],
        ran=[*usual.history.ran[:-1], True],
        origin=n - 1,
    )
    schedule = build_schedule(dataclasses.replace(usual, history=ran_yesterday))
    assert schedule.exact_km[0] == schedule.km[0] == 0
    assert schedule.exact_km[2] > 0
    assert schedule.limited_by[0] == "run_days"


def test_where_the_goal_is_too_small_for_every_run_day_the_first_run_stays():
    schedule = build_schedule(task(week_km=1.2))
    assert schedule.exact_km[0] > 0
    assert schedule.km[0] > 0
    assert schedule.reached_week == 1


def test_two_run_days_a_week_are_enough_to_grow():
    schedule = build_schedule(task("steady", limits_for("steady"), (0, 3), week_km=16.0))
    assert schedule.reached_week > 1
    assert all(len(w) == 2 for w in weeks(schedule.km))


def test_rounding_goes_down_to_whole_steps_and_keeps_them():
    assert floor_km(2.39999) == 2.3
    assert floor_km(0.1 * 3) == 0.3
    assert floor_km(2.9999999999999) == 3.0
    assert floor_km(-0.4) == 0.0
