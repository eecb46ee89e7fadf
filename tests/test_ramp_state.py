"""The weekly recursion against a linear programme, and what the limits leave on a day."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from loadmon.ramp.history import History
from loadmon.ramp.schedule import PlanState
from loadmon.rules.limits import Limits, limits_for
from loadmon.rules.return_to_run import weeks_of

INF = float("inf")


def history_of(origin=0, **changed):
    """A return after 40 days off, on whose `origin` days before nothing was run."""
    usual = {
        "first": pd.Timestamp("2026-11-16"),
        "km": [0.0] * origin,
        "longest_km": [0.0] * origin,
        "ran": [False] * origin,
        "origin": origin,
        "days_off": 40,
        "start_km": 2.0,
        "early_week_km": INF,
        "left_week_km": 0.0,
        "mean_week_km": 30.0,
        "longest_before_km": 14.0,
        "baseline_week_km": 30.0,
        "known_week_km": 30.0,
        "usual_week_km": 30.0,
        "known_long_km": 14.0,
        "last_run": pd.Timestamp("2026-10-06"),
        "first_return": pd.Timestamp("2026-11-16"),
        "longest_days_off": 40,
        "unknown_days": 0,
        "pattern": (0.3, 0.0, 0.3, 0.0, 0.0, 0.4, 0.0),
    }
    usual |= changed
    is_apart = usual["days_off"] < 0 or usual["days_off"] >= 14
    nothing = np.zeros(len(usual["km"]))
    earlier = weeks_of(np.array(usual["km"]), np.array(usual["ran"], bool), nothing, nothing)
    usual.setdefault("beyond_km", [0.0] * len(usual["km"]))
    return History(**({"is_apart": is_apart, "earlier": earlier} | usual))


def state_of(*runs, origin=0, n_weeks=5, limits=None, **changed):
    """Weeks of a return without history, with these runs as (day of the return, km)."""
    state = PlanState(history_of(origin, **changed), limits or Limits())
    for _ in range(n_weeks):
        state.add_week()
    for day, km in runs:
        state.put(origin + day - 1, km)
    return state


def three_weeks(*weeks, **changed):
    """Weeks of a return with two runs each."""
    runs = [(7 * n + d, km / 2) for n, km in enumerate(weeks) for d in (4, 7)]
    return state_of(*runs, n_weeks=len(weeks) + 1, **changed)


def room(state, day, name):
    """What a limit of seven days leaves on a day of the return. [km]"""
    return dict(state.rooms(day - 1))[name]


def greedy(limits, n_weeks, **changed):
    """Take the least bound each week, all of it in one run on the last day."""
    state = state_of(n_weeks=0, limits=limits, **changed)
    weeks = []
    for _ in range(n_weeks):
        state.add_week()
        weeks.append(min(km for _, km in state.left_in_week(len(state.km) - 7)))
        state.put(len(state.km) - 1, weeks[-1])
        state.ran[-5:] = [True, False, True, False, True]  # enough run days for a ratio
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
    while compared < 300:
        limits = Limits(
            weekly_growth=rng.uniform(0.02, 0.5),
            weekly_floor_km=0.0,
            coupled=rng.uniform(1.1, 1.8),
        )
        first, n_weeks = rng.uniform(2, 20), int(rng.integers(2, 12))
        weeks = greedy(limits, n_weeks, early_week_km=first, known_week_km=1e9)
        if (np.diff(weeks) < 0).any():
            continue  # the largest of three weeks is then not the last one: no linear programme
        compared += 1
        assert weeks[-1] == pytest.approx(largest_by_lp(first, limits, n_weeks), rel=1e-7)


def test_no_other_weeks_within_the_bounds_are_larger_where_growth_slows_beyond_what_was_known():
    # two rates of growth and a floor are no linear programme; any weeks within the bounds do
    rng = np.random.default_rng(8)
    for _ in range(200):
        limits = Limits(
            weekly_growth=rng.uniform(0.1, 0.4),
            beyond_growth=rng.uniform(0.0, 0.2),
            weekly_floor_km=rng.choice([0.0, 1.0]),
        )
        early, known, n = rng.uniform(3, 15), rng.uniform(10, 30), 10
        most = greedy(limits, n, early_week_km=early, known_week_km=known)
        weeks = []
        for k in range(n):
            base = max([early, *weeks[-3:]])
            slow = base * (1 + min(limits.beyond_growth, limits.weekly_growth))
            bound = max(min(base * (1 + limits.weekly_growth), known), slow)
            bound = max(bound, base + limits.weekly_floor_km) if k else early
            if k >= 3:  # x <= 1.3 / 4 times itself and the three weeks before
                bound = min(bound, 1.3 / 4 * sum(weeks[-3:]) / (1 - 1.3 / 4))
            weeks.append(bound * rng.choice([1.0, rng.uniform(0.5, 1.0)]))
        assert (np.array(weeks) <= np.array(most) * (1 + 1e-9)).all()


@given(st.lists(st.floats(0.1, 100), min_size=3, max_size=3), st.floats(0, 5), st.integers(0, 2))
def test_more_before_never_means_less_after(weeks, more, which):
    larger = list(weeks)
    larger[which] += more
    before, after = (dict(three_weeks(*km).left_in_week(21)) for km in (weeks, larger))
    assert set(before) == {"week", "cap", "coupled"}
    assert all(after[name] >= before[name] for name in before)


def test_steady_growth_at_the_coupled_bound_has_exactly_that_ratio():
    # coupled = 4 x acute / (sum of four weeks)
    state = three_weeks(10.0, 12.0, 14.0)
    most = dict(state.left_in_week(21))["coupled"]
    assert 4 * most / (36.0 + most) == pytest.approx(1.3)


def week_cap_after(*weeks, **changed):
    """Most in the week after some weeks of a return, each one run on its last day. [km]"""
    runs = [(7 * n, km) for n, km in enumerate(weeks, start=1)]
    return state_of(*runs, **changed).week_cap(7 * len(weeks))


@pytest.mark.parametrize(
    ("weeks", "known", "most"),
    [
        ((2.0, 4.0, 3.0), 30.0, 5.0),  # 4 km and 1 km are more than 15 %
        ((20.0,), 30.0, 23.0),  # 15 %
        ((20.0,), 22.5, 22.5),  # up to the largest mean week of two years, which is over 10 %
        ((20.0,), 21.0, 22.0),  # beyond it 10 %
        ((8.0,), 0.0, 9.0),  # a kilometre still is more than 10 %
        ((20.0, 12.0, 11.0), 30.0, 23.0),  # the largest of three weeks
        ((20.0, 12.0, 11.0, 10.0), 30.0, 13.8),  # but not of four
    ],
)
def test_a_week_grows_over_the_largest_of_three_and_more_slowly_beyond_what_was_known(
    weeks, known, most
):
    assert week_cap_after(*weeks, known_week_km=known) == pytest.approx(most)


def test_the_faster_pace_has_no_floor_and_fifteen_per_cent_beyond():
    fast = {"limits": limits_for("earliest")}
    assert week_cap_after(4.0, **fast) == pytest.approx(4.8)
    assert week_cap_after(20.0, known_week_km=0.0, **fast) == pytest.approx(23.0)


def test_growth_beyond_is_never_more_than_growth():
    slow = Limits(weekly_growth=0.05, weekly_floor_km=0.0)
    assert week_cap_after(20.0, known_week_km=0.0, limits=slow) == pytest.approx(21.0)


def test_what_the_first_week_could_have_held_counts_as_a_week_of_growth():
    # after 12 km that were left and 6 km that were run the next week has 13.8 km, not 7
    assert week_cap_after(6.0, early_week_km=12.0) == pytest.approx(13.8)
    assert state_of(early_week_km=12.0).week_cap(0) == 12.0


def test_the_first_week_of_all_has_no_week_before_it():
    assert state_of().week_cap(0) == INF


def test_a_coupled_limit_of_four_or_more_never_binds():
    state = three_weeks(10.0, 10.0, 10.0, limits=Limits(coupled=4.0))
    assert dict(state.left_in_week(21))["coupled"] == INF


SIX = tuple((day, 2.0) for day in (1, 3, 5, 8, 10))


def test_the_ratio_binds_from_the_week_that_ends_on_day_28():
    state = state_of(*SIX)
    assert "coupled" not in dict(state.rooms(20))  # day 21
    assert "coupled" in dict(state.rooms(21))  # day 22, of the fourth week


def test_the_ratio_needs_six_run_days_of_28_the_one_that_is_planned_included():
    assert "coupled" in dict(state_of(*SIX).rooms(27))
    assert "coupled" not in dict(state_of(*SIX[:-1]).rooms(27))
    late = state_of(*SIX, n_weeks=6)
    assert "coupled" not in dict(late.rooms(28))  # the run of day 1 is out of the 28 days


def test_weeks_are_counted_from_the_first_run_and_not_rolling():
    state = state_of((1, 4.0), (3, 3.0), (7, 5.0), early_week_km=15.0)
    assert room(state, 7, "week") == pytest.approx(8.0)  # day 7: 15 km less 7 km
    # day 8 begins a week: 15 km and 15 %, whatever was run on the six days before
    assert room(state, 8, "week") == pytest.approx(17.25)


def test_a_plan_that_carries_on_counts_its_weeks_from_its_first_day():
    # 10 days of history, two runs of 5 km in the last seven; a week of 10 km was run before
    state = PlanState(
        history_of(
            km=[0, 0, 0, 5, 0, 0, 5, 0, 0, 0],
            longest_km=[0, 0, 0, 5, 0, 0, 5, 0, 0, 0],
            ran=[km > 0 for km in (0, 0, 0, 5, 0, 0, 5, 0, 0, 0)],
            start_km=0.0,
            early_week_km=10.0,
        ),
        Limits(),
    )
    state.add_week()
    assert dict(state.rooms(10))["week"] == pytest.approx(11.5)
    state.put(10, 6.0)
    assert dict(state.rooms(16))["week"] == pytest.approx(5.5)
    state.add_week()
    assert state.week_start(17) == 17


def test_neighbours_are_closed_up_to_day_28_after_14_days_off():
    state = state_of((27, 2.0), (28, 2.0))
    assert state.is_closed(27)  # day 28, beside day 27
    assert not state.is_closed(28)  # day 29, beside day 28


@pytest.mark.parametrize(
    ("days_off", "always", "closed"),
    [(13, False, False), (14, False, True), (-1, False, True), (13, True, True)],
)
def test_a_day_is_kept_between_after_14_days_off_or_after_nothing_or_where_asked(
    days_off, always, closed
):
    state = state_of((3, 2.0), days_off=days_off, limits=Limits(always_apart=always))
    assert state.is_closed(3) is closed


def test_a_sixth_run_in_seven_days_is_closed():
    state = state_of(*((day, 1.0) for day in (29, 30, 31, 32, 33)))
    assert state.is_closed(33)
    assert state.is_closed(34)  # day 35: five of the six days before it
    state.put(28, 0.0)
    assert not state.is_closed(34)


def test_the_longest_run_counts_for_thirty_days_and_for_the_whole_return():
    state = state_of((2, 5.0), (20, 3.0), origin=3, n_weeks=6)
    assert state.longest_before(3 + 31, 3 + 31) == (5.0, 5.0)  # day 32, 30 days later
    assert state.longest_before(3 + 32, 3 + 32) == (3.0, 5.0)
    state.longest_km[0] = 20.0  # before the return: for the window alone
    assert state.longest_before(10, 10) == (20.0, 5.0)


def test_a_run_is_bound_by_30_days_and_by_what_was_run_since_the_return():
    state = state_of(days_off=12, start_km=6.0)
    assert state.session_cap(14.0, 6.0, 4) == pytest.approx(6.6)  # since the return: 6 km, 10 %
    assert state.session_cap(14.0, 2.0, 4) == pytest.approx(6.6)  # the start itself if more
    assert state.session_cap(4.0, 6.0, 4) == pytest.approx(4.5)  # in 30 days: 4 km and 0.5 km


def test_a_try_of_three_kilometres_stays_open_however_little_was_run_in_30_days():
    def with_before(km, **changed):
        state = state_of(**changed)
        state.before_km = km  # of any day before the plan
        return state

    for day in (4, 27, 28, 60):
        assert with_before(14.0, start_km=3.0).session_cap(1.0, 3.0, day) == 3.0
    assert with_before(5.0, start_km=3.0).session_cap(1.0, 1.0, 4) == 2.5  # half the longest ever
    assert with_before(2.2, start_km=3.0).session_cap(1.0, 1.0, 4) == 2.0  # of a beginner
    assert with_before(14.0, start_km=2.0).session_cap(1.0, 2.0, 4) == 2.5  # the return binds
    assert with_before(14.0, start_km=5.0).session_cap(1.0, 5.0, 4) == 3.0  # nor over 3 km


def test_where_no_distance_is_known_since_the_return_the_start_is_the_base():
    assert state_of(start_km=2.5).session_cap(0.0, 0.0, 4) == pytest.approx(3.0)


def test_who_carries_on_and_ran_nothing_in_30_days_has_the_longest_before():
    state = state_of(start_km=0.0, days_off=35, longest_before_km=9.0)
    assert state.session_cap(0.0, 9.0, 40) == 9.0


def test_the_room_left_on_a_day_is_used_up_exactly():
    runs = [(1, 5.0), (8, 4.0), (10, 2.0), (15, 6.0), (17, 1.0), (22, 5.0)]
    state = state_of(*runs, (29, 3.0), early_week_km=9.0)
    # of the three weeks before, 7 km; the 9 km that the first left count for a month
    state.put(30, room(state, 31, "week"))
    assert sum(state.km[28:31]) == pytest.approx(1.15 * 7.0)


def test_the_ratio_counts_the_week_itself_among_the_four():
    # 33 km in three weeks and 5 km: 4 x (5 + x) / (38 + x) = 1.3
    runs = [(1, 5.0), (3, 5.0), (8, 5.0), (10, 6.0), (15, 12.0), (22, 5.0)]
    assert room(state_of(*runs), 28, "coupled") == pytest.approx((1.3 * 38.0 - 20.0) / 2.7)


def test_a_week_is_compared_with_three_before_it_since_the_return():
    state = state_of((7, 4.0), (14, 5.0), (21, 6.0), (28, 7.0))
    assert state.weeks_before(28) == [5.0, 6.0, 7.0]
    assert state.weeks_before(14) == [4.0, 5.0]
    assert state.weeks_before(0) == []


def test_a_planned_jog_is_a_run_day_of_its_week_but_makes_no_habit():
    runs = [(7 * week + day, 3.0) for week in range(7) for day in (1, 2, 3, 4)]
    jogs = [(7 * week + day, 1.4) for week in range(7) for day in (5, 6)]
    last = [(49 + day, 3.0) for day in (1, 2, 3, 4, 5)]
    assert state_of(*runs, *jogs, *last, n_weeks=9).is_closed(54)
    longer = [(day, 1.5) for day, _ in jogs]
    assert not state_of(*runs, *longer, *last, n_weeks=9).is_closed(54)


def test_an_event_counts_whole_among_the_days_of_the_ratio():
    # 1.4 km a day, no run day: nothing to compare a week with. (1.3 / 4 x month - 6 days) / 0.675
    days = [1.4] * 40
    for event, expected in ((0.0, 5.756), (3.0, 7.2)):
        beyond = [event * (n == 28) for n in range(40)]
        state = state_of(km=days, longest_km=days, ran=[False] * 40, beyond_km=beyond, origin=40)
        assert room(state, 40, "coupled") == pytest.approx(expected, abs=1e-3)
