"""The planner against plans worked by hand, a linear programme and brute force."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from made_lay_offs import FIRST, ONE, archive_of
from scipy.optimize import linprog

from loadmon.ramp.history import build_history, days_before, recorded_days
from loadmon.ramp.problem import Task
from loadmon.ramp.schedule import build_schedule, floor_km
from loadmon.ramp.verify import build_timeline, verify_ramp, violations
from loadmon.rules.limits import Limits, limits_for

MON_WED_SAT = (0, 2, 5)
# A plan worked by hand: g = 10 %, w = 20 %, coupled 1.3, start 2 km, first week 2, 2.2, 2.42 km
GOLDEN = {
    "start_km": 2.0,
    "first_week_km": 6.62,
    "session_floor_km": 0.0,
    "weekly_growth": 0.20,
    "beyond_growth": 0.20,
    "weekly_floor_km": 0.0,
}
# Mon 8, Wed 8, Sat 14 km for four weeks, and 36 days off
FOUR_WEEKS = archive_of([35 + 7 * w - d for w in (4, 3, 2, 1) for d in (0, 2, 5)], [8, 8, 14] * 4)


def task(pace="earliest", limits=None, run_days=MON_WED_SAT, goal=None, **history) -> Task:
    limits = limits or Limits(**GOLDEN)
    daily = days_before(recorded_days(FOUR_WEEKS, FIRST - ONE), FIRST)
    before = build_history(daily, FIRST, limits)
    if limits.first_week_km is not None:
        history = {"early_week_km": min(before.early_week_km, limits.first_week_km)} | history
    before = dataclasses.replace(before, **history)
    return Task(before, limits, pace, run_days, run_days, **(goal or {"week_km": 1000.0}))


def weeks(km):
    return [[x for x in km[i : i + 7] if x > 0] for i in range(0, len(km), 7)]


def sums(km):
    return [sum(km[i : i + 7]) for i in range(0, len(km), 7)]


def plan_of(km):
    dates = pd.date_range(FIRST, periods=len(km), unit="us")
    return pd.DataFrame({"date": dates, "distance_km": km})


def test_a_fast_plan_by_hand():
    km = build_schedule(task(goal={"week_km": 24.0})).km
    # Exact distances of a week x, x, 1.1 x (the third run could have 8:8:14, but only 10 % over the
    # longest), each rounded down, with what that takes off left to the runs that follow.
    assert weeks(km)[:5] == [
        [2.0, 2.2, 2.4],  # start, and 10 % twice; 2.42
        [2.5, 2.6, 2.8],  # 7.944 = 1.2 x 6.62, what the first week could have held: x = 2.563
        [3.0, 3.1, 3.3],  # 9.48 = 1.2 x 7.9: x = 3.058
        [3.6, 3.6, 3.9],  # 11.28 = 1.2 x 9.4: x = 3.639, but 3.63 = 1.1 x 3.3; 3.96 = 1.1 x 3.6
        [4.2, 4.3, 4.7],  # 13.32 = 1.2 x 11.1: x = 4.297, but 4.29 = 1.1 x 3.9; 4.73 = 1.1 x 4.3
    ]
    # the fourth week has the ratio too: 1.3 / 2.7 x (6.6 + 7.9 + 9.4) = 11.507 km is no less
    # 24 km in the ninth, where 1.2 x 22.6 = 27.1 km could be; then on to the own 8:8:14
    assert weeks(km)[8:] == [[7.6, 7.6, 8.8], [7.1, 7.2, 9.6], [6.7, 6.7, 10.5]]


def test_what_limits_each_run_of_a_fast_plan():
    limited_by = build_schedule(task(goal={"week_km": 24.0})).limited_by
    assert [why for why in limited_by[:7] if why] == ["start", "session", "week"]
    assert [why for why in limited_by[21:28] if why] == ["session", "week", "session"]
    assert [why for why in limited_by[56:63] if why] == ["target", "target", "session"]


def test_the_golden_plan_holds_before_it_is_rounded_and_after():
    # 2, 2.2, 2.42 km times 1.2 every week, for nine weeks
    golden = np.zeros(63)
    for week in range(9):
        golden[7 * week + np.array(MON_WED_SAT)] = np.array([2.0, 2.2, 2.42]) * 1.2**week
    limits = Limits(**GOLDEN)
    assert verify_ramp(FOUR_WEEKS, plan_of(golden), limits).empty
    planned = build_schedule(task(goal={"week_km": 24.0})).km
    assert verify_ramp(FOUR_WEEKS, plan_of(planned), limits).empty
    assert (np.array(sums(planned)[:8]) <= np.array(sums(golden)[:8])).all()


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

    for end in range(13, 7 * n_weeks, 7):  # whole weeks from the first run on
        rows.append(window(end, 7) - (1 + limits.weekly_growth) * window(end - 7, 7))
    for end in {*days, *range(6, 7 * n_weeks, 7)}:
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
        ({"start_km": 3.0, "first_week_km": 9.93}, "9.93 11.916 14.2992 17.159 20.5908 24.709", 6),
    ],
)
def test_the_weeks_are_hardly_smaller_than_the_lp_finds_and_never_larger(
    changed, largest, earliest
):
    golden = np.array([float(x) for x in largest.split()])
    growth = changed.get("weekly_growth", 0.2)
    limits = Limits(**(GOLDEN | changed | {"beyond_growth": growth}))
    by_lp = [largest_by_lp(limits, week) for week in range(1, len(golden) + 1)]
    assert by_lp == pytest.approx(golden, abs=6e-5)
    found = np.array(sums(build_schedule(task(limits=limits)).km))
    assert (found[: len(golden)] <= golden + 1e-9).all()
    # three runs rounded down to 0.1 km every week, on which the next week rests
    step = np.diff(golden, prepend=golden[0]) / golden
    lost = 0.0
    for week, km in enumerate(golden):
        lost = lost / (1 - step[week]) + 0.3
        assert found[week] >= km - lost
    assert int(np.argmax(found >= 23.7)) + 1 in (earliest, earliest + 1)


def best_week(line, limits, days, planned):
    """Largest sum of three runs on these days that the verifier lets pass, by trying them. [km]"""

    def holds(km, at):
        for day, x in zip(days, km, strict=False):
            line.km[day] = line.longest[day] = x
        return not violations(line, limits, days[at], days[at] + 1)

    best = 0.0
    first, second = (np.arange(round(10 * km) - 12, round(10 * km) + 9) / 10 for km in planned[:2])
    for a in first[first >= 0.5]:
        if not holds([a, 0.0, 0.0], 0):
            continue
        for b in second[second >= 0.5]:
            if not holds([a, b, 0.0], 1):
                continue
            c = max(0.5, best - a - b + 0.1)
            while holds([a, b, c], 2):
                best = max(best, a + b + c)
                c += 0.1
    for day, x in zip(days, planned, strict=True):
        line.km[day] = line.longest[day] = x
    return best


@pytest.mark.parametrize("pace", ["steady", "earliest"])
@pytest.mark.parametrize("known_week_km", [30.0, 12.0])
def test_no_three_runs_of_a_week_hold_more_than_rounding_takes_off(pace, known_week_km):
    usual = limits_for(pace)
    limits = dataclasses.replace(usual, start_km=3.0, first_week_km=11.74)
    km = build_schedule(task(pace, limits, known_week_km=known_week_km)).km[:56]
    daily = recorded_days(FOUR_WEEKS, FIRST - ONE)
    line = build_timeline(daily, plan_of(km), limits)
    line = dataclasses.replace(line, known_week_km=known_week_km)
    assert not violations(line, limits)
    for week in (1, 2, 3, 5, 6, 7):  # the others of a steady plan are the week before again
        days = [line.n_before + 7 * (week - 1) + d for d in MON_WED_SAT]
        planned = [line.km[day] for day in days]
        best = best_week(line, limits, days, planned)
        assert sum(planned) - 1e-9 <= best <= sum(planned) + 0.3 + 1e-9


def test_rounding_down_can_make_a_goal_a_week_later():
    limits = Limits(**(GOLDEN | {"weekly_growth": 0.10}))
    assert largest_by_lp(limits, 15) > 24.0
    slow = build_schedule(task(limits=limits, goal={"week_km": 24.0}))
    assert slow.reached_week == 16


def test_a_thirty_percent_week_is_stopped_by_the_coupled_ratio():
    schedule = build_schedule(
        task(limits=Limits(**(GOLDEN | {"weekly_growth": 0.30, "beyond_growth": 0.30})))
    )
    # 12.44 = 1.3 / 2.7 x (6.6 + 8.4 + 10.8), less than 1.3 x 10.8 = 14.0
    assert weeks(schedule.km)[3] == [4.0, 4.0, 4.4]
    assert schedule.limited_by[21] == "coupled"


def test_beyond_what_was_run_a_steady_plan_has_one_new_longest_run_a_week_the_largest_share():
    km = build_schedule(task("steady", limits_for("steady"), known_long_km=5.0)).km[:140]
    longest = 0.0
    for week in weeks(km):
        assert all(x <= max(longest, 5.0) + 1e-9 for x in week[:-1])
        longest = max(longest, *week)
    assert longest > 10.0


def test_up_to_what_was_run_every_run_of_a_steady_plan_may_be_a_new_longest():
    km = build_schedule(task("steady", limits_for("steady"))).km
    assert weeks(km)[0] == [3.0, 3.5, 4.0]


def test_every_fourth_week_of_a_steady_plan_repeats_the_week_before():
    schedule = build_schedule(task("steady", limits_for("steady"), goal={"week_km": 30.0}))
    assert schedule.reached_week > 8
    for week in range(4, schedule.reached_week, 4):
        i = 7 * (week - 1)
        assert schedule.km[i : i + 7] == schedule.km[i - 7 : i]
        assert set(schedule.limited_by[i : i + 7]) == {"", "repeat"}


def test_a_steady_plan_by_hand():
    # start 2 km; 3 km are a try after 36 days off; every run 0.5 km or 10 % over the longest
    km = build_schedule(task("steady", Limits(start_km=2.0), goal={"week_km": 20.0})).km
    assert weeks(km)[:6] == [
        [2.0, 2.5, 3.0],
        [3.5, 4.0, 4.5],  # 12.0 of 13.5 = 1.15 x 11.74, which the first week could have held
        [4.4, 4.4, 5.0],  # 13.8 = 1.15 x 12.0: 8:8:14 cut to 4.5 + 0.5 at the end
        [4.4, 4.4, 5.0],
        [5.1, 5.1, 5.6],  # 15.87 = 1.15 x 13.8: 5.0 and 0.5 km, 10 % over that
        [5.8, 5.9, 6.4],  # 18.17 = 1.15 x 15.8
    ]


def test_the_steady_pace_is_the_slower_one():
    steady = build_schedule(task("steady", limits_for("steady"), goal={"week_km": 36.0}))
    earliest = build_schedule(task("earliest", limits_for("earliest"), goal={"week_km": 36.0}))
    assert steady.reached_week > earliest.reached_week > 0


@pytest.mark.parametrize(("pace", "beyond"), [("steady", 0.10), ("earliest", 0.15)])
def test_beyond_the_largest_week_known_growth_is_slower(pace, beyond):
    km = build_schedule(task(pace, limits_for(pace), known_week_km=18.0)).km[: 7 * 20]
    total = sums(km)
    for week in range(3, 20):
        largest = max(total[max(0, week - 3) : week])
        if total[week] > 18.0:
            assert total[week] <= max((1 + beyond) * largest, 18.0) + 1e-9
    assert total[-1] > 25.0
    grown = [b / a for a, b in pairwise(total[8:])]
    assert max(grown) > 1 + beyond - 0.02  # and no slower


def test_the_goal_is_held_for_two_weeks_or_longer_where_asked():
    goal = {"week_km": 24.0}
    schedule = build_schedule(task(goal=goal))
    assert len(schedule.km) == 7 * (schedule.reached_week + 2)
    longer = build_schedule(task(goal=goal), min_days=100)
    assert len(longer.km) == 105
    assert longer.km[: len(schedule.km)] == schedule.km
    assert sums(longer.km)[-1] == pytest.approx(24.0, abs=0.3)


def test_a_long_run_is_reached_and_never_exceeded():
    schedule = build_schedule(task(goal={"long_km": 12.3}))
    assert max(schedule.km) == 12.3
    assert 12.3 in weeks(schedule.km)[schedule.reached_week - 1]
    assert 12.3 not in weeks(schedule.km)[schedule.reached_week - 2]


@pytest.mark.parametrize("pace", ["steady", "earliest"])
@pytest.mark.parametrize("run_days", [(0, 3), MON_WED_SAT, (0, 2, 4, 6)])
def test_a_long_run_is_at_most_half_as_long_again_as_the_others_of_its_week(pace, run_days):
    schedule = build_schedule(task(pace, limits_for(pace), run_days, goal={"long_km": 18.0}))
    assert schedule.reached_week
    # the others are rounded down: 0.1 km of them
    assert all(max(week) <= 1.5 * (min(week) + 0.1) + 1e-9 for week in weeks(schedule.km))


def test_with_both_goals_the_week_holds_the_long_run_from_then_on():
    schedule = build_schedule(
        task("earliest", limits_for("earliest"), goal={"long_km": 12.0, "week_km": 20.0})
    )
    held = weeks(schedule.km)[schedule.reached_week :]
    assert held == [[4.0, 4.0, 12.0]] * 2  # 12 of 20 km, and half of the rest each


def test_a_goal_below_the_start_is_held_from_the_first_week_in_the_own_shares():
    schedule = build_schedule(task(goal={"week_km": 4.8}))
    assert schedule.reached_week == 1
    # 8:8:14 of 4.8 km: 1.28, 1.28 and 2.24; the first run is a run day, 1.5 km, which the second
    # gives; in the first week no run is above 2 km + 10 %
    assert weeks(schedule.km) == [[1.5, 1.1, 2.2], *[[1.2, 1.3, 2.3]] * 2]


def test_a_small_week_has_no_more_days_than_can_each_be_a_run_day():
    # 3 km hold two days of 1.5 km: those of the largest shares, 8:14
    three = [[1.5, 1.5], [1.0, 2.0], [1.0, 2.0]]  # a plan begins with a run day
    assert weeks(build_schedule(task(goal={"week_km": 3.0})).km) == three
    assert len(weeks(build_schedule(task(goal={"week_km": 4.5})).km)[0]) == 3
    assert len(weeks(build_schedule(task(goal={"week_km": 4.4})).km)[0]) == 2


def test_without_any_growth_the_plan_gives_up_after_two_years():
    still = Limits(
        start_km=2.0, first_week_km=6.0, weekly_growth=0.0, beyond_growth=0.0, weekly_floor_km=0.0
    )
    schedule = build_schedule(task("steady", still, goal={"week_km": 24.0}))
    assert schedule.reached_week == 0
    assert len(schedule.km) == 7 * 104
    assert max(sums(schedule.km)) == pytest.approx(6.0)


def test_what_rounding_takes_off_a_run_goes_to_the_runs_that_follow():
    # 6 km a week as 8:8:14: 1.6, 1.6, 2.8; with 6.2 km 1.653, 1.653 + 0.053, 2.893 + 0.007
    still = Limits(**(GOLDEN | {"first_week_km": 6.2, "session_growth": 9.0}))
    assert weeks(build_schedule(task(limits=still)).km)[0] == [1.6, 1.7, 2.9]


def test_the_day_after_the_first_run_of_a_return_is_closed():
    usual = task(goal={"week_km": 24.0})
    n = len(usual.history.km)
    ran_yesterday = dataclasses.replace(
        usual.history,
        km=[*usual.history.km[:-1], 2.0],
        longest_km=[*usual.history.longest_km[:-1], 2.0],
        ran=[*usual.history.ran[:-1], True],
        origin=n - 1,
    )
    schedule = build_schedule(dataclasses.replace(usual, history=ran_yesterday))
    assert schedule.km[0] == 0
    assert schedule.limited_by[0] == "run_days"
    assert schedule.km[2] > 0
    short = dataclasses.replace(ran_yesterday, days_off=13, is_apart=False)
    assert build_schedule(dataclasses.replace(usual, history=short)).km[0] > 0


def test_the_first_four_weeks_have_the_days_that_are_apart_and_then_the_own():
    apart = dataclasses.replace(
        task(goal={"week_km": 24.0}, run_days=(0, 1, 2, 5)), apart_days=(0, 2, 5)
    )
    km = build_schedule(apart).km
    ran = [[i for i, x in enumerate(km[w : w + 7]) if x > 0] for w in range(0, len(km), 7)]
    assert ran[:4] == [[0, 2, 5]] * 4
    assert ran[4:] == [[0, 1, 2, 5]] * (len(ran) - 4)


def test_a_week_below_two_run_days_is_one_run():
    schedule = build_schedule(task(goal={"week_km": 1.2}))
    assert weeks(schedule.km)[0] == [1.2]
    assert schedule.reached_week == 1


def test_two_run_days_a_week_are_enough_to_grow():
    schedule = build_schedule(task("steady", limits_for("steady"), (0, 3), {"week_km": 16.0}))
    assert weeks(schedule.km)[:4] == [[3.0, 3.5], [4.0, 4.5], [5.0, 5.5], [5.0, 5.5]]
    assert schedule.reached_week == 7
    assert all(len(w) == 2 for w in weeks(schedule.km))


def test_rounding_goes_down_to_whole_steps_and_keeps_them():
    assert floor_km(2.39999) == 2.3
    assert floor_km(0.1 * 3) == 0.3
    assert floor_km(2.9999999999999) == 3.0
    assert floor_km(-0.4) == 0.0
