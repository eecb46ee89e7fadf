"""The days of a plan without a run: walks, strength, and a day that stays free."""

from __future__ import annotations

import itertools

import pytest

from loadmon.evidence.clinic import EXERCISES
from loadmon.ramp.result import STRENGTH, days_between_runs

MON_WED_SAT = [True, False, True, False, False, True, False]


def kinds(week: list[bool], wanted: int = 2) -> list[str]:
    return [kind for kind, _, _ in days_between_runs(week, wanted)]


def test_a_week_of_three_runs_holds_two_strength_sessions_a_walk_and_a_free_day() -> None:
    told = days_between_runs(MON_WED_SAT, 2)
    assert [kind for kind, _, _ in told] == ["", "walk", "", "strength", "rest", "", "strength"]
    assert [what for kind, _, what in told if kind == "strength"] == list(STRENGTH)
    assert [minutes for _, minutes, _ in told] == [0, 30, 0, 20, 0, 0, 20]


def test_the_two_sessions_hold_the_six_exercises_of_the_clinic() -> None:
    names = [name for session in STRENGTH for name in session.split(", ")]
    assert names == [e.name for e in EXERCISES]
    assert len(names) == 6


@pytest.mark.parametrize("wanted", [0, 1, 2, 3])
def test_every_week_keeps_a_free_day_and_no_more_strength_than_wanted(wanted: int) -> None:
    for week in itertools.product([True, False], repeat=7):
        told = kinds(list(week), wanted)
        assert [kind == "" for kind in told] == list(week)
        free = week.count(False)
        assert told.count("strength") == max(0, min(wanted, free - 1))
        assert told.count("rest") >= min(1, free)


def test_strength_is_not_on_the_day_before_a_run_where_that_can_be() -> None:
    assert kinds([True, False, False, True, False, False, False]) == [
        *("", "strength", "walk"),
        *("", "strength", "walk", "rest"),
    ]


def test_strength_is_on_two_days_in_a_row_only_where_it_cannot_be_otherwise() -> None:
    for week in itertools.product([True, False], repeat=7):
        told = kinds(list(week))
        at = [d for d, kind in enumerate(told) if kind == "strength"]
        free = [d for d, is_run in enumerate(week) if not is_run]
        apart = any(b - a > 1 for a, b in itertools.combinations(free, 2))
        if len(at) == 2 and apart:
            assert at[1] - at[0] > 1, week


def test_a_part_of_a_week_is_filled_too() -> None:
    assert len(days_between_runs([True, False, True], 2)) == 3
    assert kinds([True, False]) == ["", "rest"]
    assert kinds([]) == []
