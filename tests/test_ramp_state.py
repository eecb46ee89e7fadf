"""The weekly recursion against a linear programme, and what the limits leave on a day."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from loadmon.ramp.history import History
from loadmon.ramp.schedule import PlanState, week_bounds, weekly_growth
from loadmon.rules.limits import Limits


def greedy(first_km, limits, n_weeks):
    """Take the least bound each week."""
    weeks = [first_km]
    for week in range(2, n_weeks + 1):
        ratios = 7 * week >= limits.ratio_from_day
        weeks.append(min(week_bounds(weeks[-3:], limits, ratios=ratios).values()))
    return weeks


def largest_by_lp(first_km, limits, n_weeks):
    """Largest last week by a linear programme over all weeks."""
    rows, bounds = [], []
    for k in range(1, n_weeks):
        growth = np.zeros(n_weeks)
        growth[k], growth[k - 1] = 1, -(1 + limits.weekly_growth)
        rows.append(growth)
        bounds.append(0.0)
        if 7 * (k + 1) >= limits.ratio_from_day:
            coupled = np.zeros(n_weeks)
            coupled[k], coupled[k - 3 : k] = 1 - limits.coupled / 4, -limits.coupled / 4
            rows.append(coupled)
            bounds.append(0.0)
    goal = np.zeros(n_weeks)
    goal[-1] = -1
    limit = [(0, first_km)] + [(0, None)] * (n_weeks - 1)
    found = linprog(goal, A_ub=np.array(rows), b_ub=np.array(bounds), bounds=limit)
    return -found.fun


def test_the_weekly_recursion_is_as_large_as_any_plan_within_the_limits():
    rng = np.random.default_rng(7)
    compared = 0
    while compared < 1000:
        limits = Limits(
            weekly_growth=rng.uniform(0.02, 0.5),
            weekly_floor_km=0.0,
            coupled=rng.uniform(1.1, 1.8),
        )
        first, n_weeks = rng.uniform(2, 20), int(rng.integers(2, 12))
        weeks = greedy(first, limits, n_weeks)
        if (np.diff(weeks) < 0).any():
            continue  # the largest of three weeks is then not the last one: no linear programme
        compared += 1
        assert weeks[-1] == pytest.approx(largest_by_lp(first, limits, n_weeks), rel=1e-7)


@given(st.lists(st.floats(0.1, 100), min_size=3, max_size=3), st.floats(0, 5), st.integers(0, 2))
def test_more_before_never_means_less_after(weeks, more, which):
    limits = Limits()
    larger = list(weeks)
    larger[which] += more
    before = week_bounds(weeks, limits, ratios=True)
    after = week_bounds(larger, limits, ratios=True)
    assert all(after[name] >= before[name] for name in before)


def test_steady_growth_at_the_coupled_bound_has_exactly_that_ratio():
    # B1: coupled = 4 acute / (sum of four weeks)
    weeks = [10.0, 12.0, 14.0]
    bounds = week_bounds(weeks, Limits(), ratios=True)
    assert 4 * bounds["coupled"] / (sum(weeks) + bounds["coupled"]) == pytest.approx(1.3)


def test_the_floor_lets_a_small_week_grow_by_a_kilometre():
    assert weekly_growth([2.0, 4.0, 3.0], Limits()) == 5.0
    assert weekly_growth([20.0], Limits()) == pytest.approx(23.0)


def test_the_first_week_has_no_week_before_it():
    assert weekly_growth([], Limits()) == float("inf")


def test_a_coupled_limit_of_four_or_more_never_binds():
    bounds = week_bounds([10.0, 10.0, 10.0], Limits(coupled=4.0), ratios=True)
    assert bounds["coupled"] == float("inf")


def state_of(*runs, origin=0, **caps):
    """Five weeks of a return without history, with these runs as (day of the return, km)."""
    history = History(
        first=pd.Timestamp("2026-11-16"),
        km=[0.0] * origin,
        longest_km=[0.0] * origin,
        ran=[False] * origin,
        origin=origin,
        days_off=40,
        start_km=caps.get("start_km", 2.0),
        early_week_km=caps.get("early_week_km", float("inf")),
        mean_week_km=30.0,
        longest_before_km=14.0,
        baseline_week_km=30.0,
        last_run=pd.Timestamp("2026-10-06"),
        first_return=pd.Timestamp("2026-11-16"),
        longest_days_off=40,
        unknown_days=0,
    )
    state = PlanState(history, Limits())
    for _ in range(5):
        state.add_week()
    for day, km in runs:
        state.put(origin + day - 1, km)
    return state


def test_the_ratios_bind_on_day_28_and_not_before():
    state = state_of((1, 2.0), (20, 2.0))
    assert "coupled" not in state.slacks(26)  # day 27
    assert set(state.slacks(27)) == {"week", "cap", "coupled"}


def test_day_14_is_the_first_that_is_compared_with_the_week_before():
    state = state_of((1, 2.0), (3, 3.0), early_week_km=9.0)
    assert state.slacks(12)["week"] == 9.0  # day 13: the line, and no run in the seven days
    assert state.slacks(13)["week"] == pytest.approx(6.0)  # day 14: 5 km + 1 km


def test_neighbours_are_closed_up_to_day_28():
    state = state_of((27, 2.0), (28, 2.0))
    assert state.is_closed(27)  # day 28, beside day 27
    assert not state.is_closed(28)  # day 29, beside day 28


def test_a_sixth_run_in_seven_days_is_closed():
    state = state_of(*((day, 1.0) for day in (29, 30, 31, 32, 33)))
    assert state.is_closed(33)
    assert state.is_closed(34)  # day 35: five of the six days before it
    state.put(28, 0.0)
    assert not state.is_closed(34)


def test_the_longest_run_counts_for_thirty_days_and_only_since_the_return():
    state = state_of((2, 5.0), (20, 3.0), origin=3)
    assert state.longest_since(3 + 31, 3 + 31) == 5.0  # day 32, 30 days later
    assert state.longest_since(3 + 32, 3 + 32) == 3.0
    state.longest_km[0] = 20.0  # before the return
    assert state.longest_since(10, 10) == 5.0


def test_where_no_distance_is_known_since_the_return_the_start_is_the_base():
    assert state_of(start_km=2.5).session_cap(4) == pytest.approx(3.0)


def test_the_room_left_on_a_day_is_used_up_exactly():
    state = state_of((1, 5.0), (8, 4.0), (15, 6.0), (22, 5.0))
    for limit, room in state.headroom(29).items():
        state.put(29, room)
        assert state.slacks(29)[limit] == pytest.approx(0.0, abs=1e-12)


def test_the_ratio_counts_the_week_itself_among_the_four():
    state = state_of((1, 10.0), (8, 11.0), (15, 12.0), (28, 5.0))
    assert state.slacks(27)["coupled"] == pytest.approx(1.3 / 4 * 38.0 - 5.0)


def test_a_week_is_compared_with_three_before_it():
    state = state_of((7, 4.0), (14, 5.0), (21, 6.0), (28, 7.0))
    assert state.weeks_before(34) == [5.0, 6.0, 7.0]
