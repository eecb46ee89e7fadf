"""Run days of a plan: what is understood, what is refused, and what to do then."""

import pandas as pd
import pytest

from loadmon.errors import SettingError
from loadmon.ramp.problem import check_run_days, first_run_day, weekdays
from loadmon.rules.limits import Limits

MONDAY = pd.Timestamp("2026-11-16")


@pytest.mark.parametrize(
    "told", ["mon,wed,sat", ["sat", "mon", "wed"], [5, 0, 2], ["Monday", 2, "SAT"], " mon, wed,sat"]
)
def test_run_days_are_names_or_numbers_in_any_order(told):
    assert weekdays(told, MONDAY) == (0, 2, 5)


@pytest.mark.parametrize("day", range(7))
def test_the_usual_run_days_hold_the_day_of_the_return_and_are_never_neighbours(day):
    resume = MONDAY + pd.Timedelta(days=day)
    days = weekdays(None, resume)
    assert resume.weekday() in days
    assert len(days) == 3
    check_run_days(days, Limits(), apart=True)


def test_a_return_on_monday_runs_monday_wednesday_saturday():
    assert weekdays(None, MONDAY) == (0, 2, 5)


@pytest.mark.parametrize("told", ["monday,xyz", [7], [-1], ["mo"], ["mon5"], [""]])
def test_what_is_no_weekday_is_refused_by_name(told):
    with pytest.raises(SettingError, match="no weekday"):
        weekdays(told, MONDAY)


def test_no_run_day_at_all_is_refused():
    with pytest.raises(SettingError, match="name some"):
        weekdays([], MONDAY)


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


def test_one_run_a_week_is_a_week_like_any_other():
    check_run_days((0,), Limits(), apart=True)
    assert weekdays("sun", MONDAY) == (6,)


def test_the_first_run_day_is_the_day_asked_for_or_the_next_one():
    assert first_run_day((0, 2, 5), MONDAY) == MONDAY
    assert first_run_day((2, 5), MONDAY) == MONDAY + pd.Timedelta(days=2)
    assert first_run_day((0,), MONDAY + pd.Timedelta(days=1)) == MONDAY + pd.Timedelta(days=7)
