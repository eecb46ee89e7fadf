"""The verifier's own reading of the history agrees with the planner's."""

import ast
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from made_lay_offs import FIRST, ONE, archive_of, histories

from loadmon.ramp.history import build_history, days_before, recorded_days
from loadmon.ramp.verify import build_timeline
from loadmon.rules.limits import Limits

ROOT = Path(__file__).parent.parent


def both_caps(archive):
    """Start and line as the verifier and as the planner derive them."""
    daily = recorded_days(archive, FIRST - ONE)
    line = build_timeline(daily, pd.DataFrame({"date": [FIRST], "distance_km": [1.0]}), Limits())
    before = build_history(days_before(recorded_days(archive, FIRST - ONE), FIRST), FIRST, Limits())
    assert (line.day_1, line.is_return) == (before.origin, not before.carries_on)
    if line.is_return:
        assert line.start_km == pytest.approx(before.start_km)
        assert line.days_off == before.days_off
    assert line.known_week_km == pytest.approx(before.known_week_km)
    assert line.early_week_km == pytest.approx(before.early_week_km)
    return before


@given(histories())
def test_planner_and_verifier_see_the_same_lay_off_in_any_history(archive):
    both_caps(archive)


def test_planner_and_verifier_count_30_days_and_no_run_before_an_earlier_return():
    # 39 days off: half of the longest of the 30 days up to the last run, but 2 to 3 km
    # 30 days before the last run, but 25 before an earlier one, which leaves as much: still 2.5 km
    for days in (29, 30):
        near = archive_of([40, 45, 51, 57, 63, 40 + days], [4.0] * 5 + [5.0])
        assert both_caps(near).start_km == 2.5
    again = archive_of([26, 28, 48, 51, 54, 58, 61], [3.0, 3.0, 20.0, 20.0, 20.0, 20.0, 20.0])
    assert both_caps(again).longest_before_km == 3.0


@pytest.mark.parametrize(("km", "goes_on"), [(8.9, True), (9.1, False)])
@pytest.mark.parametrize("first", [0, 4])
def test_planner_and_verifier_see_when_a_late_return_is_over(km, goes_on, first):
    # three runs of 10 km a week, 36 days off, then six weeks of which two are near to that
    usual = [10.0] * 4 + [6.0] * 4
    before = [(79 + 7 * week + d, x) for week, x in enumerate(usual) for d in (0, 2, 5)]
    weeks = [km if first <= week < first + 2 else 4.0 for week in range(6)]
    since = [(42 - 7 * week - d, x) for week, x in enumerate(weeks) for d in (0, 2, 5)]
    days, far = zip(*before, *since, strict=True)
    seen = both_caps(archive_of(days, far))
    assert seen.mid_return is goes_on
    assert seen.carries_on is not goes_on


def imports_of(module):
    """Names that one of the modules of this project imports, by their module."""
    tree = ast.parse((ROOT / module.replace(".", "/")).with_suffix(".py").read_text("utf-8"))
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module]
    own = [n for n in nodes if n.module.startswith("loadmon")]
    return {n.module: {a.name for a in n.names} for n in own}


@pytest.mark.source
def test_the_verifier_takes_the_values_of_limits_and_nothing_from_the_planner():
    seen = imports_of("loadmon.ramp.verify")
    rooms = {m: names for m, names in seen.items() if m.startswith("loadmon.ramp")}
    # what has activities, their days, and a plan as it was written: nothing that was planned
    assert rooms == {
        "loadmon.ramp.history": {"Archive", "recorded_days"},
        "loadmon.ramp.edited": {"checked_plan"},
    }
    # days, lay-offs and the start of a return are the monitor's, by which histories are judged
    assert seen["loadmon.rules.return_to_run"] == {"find_return"}
    assert seen["loadmon.rules.limits"] == {"Limits", "limits_for"}
    for name in ("history", "problem", "schedule", "screening", "sessions", "progress"):
        planner = imports_of(f"loadmon.ramp.{name}")
        assert "loadmon.ramp.verify" not in planner


def told_of(days, km, **limits):
    """Cap of the first run and line of the weeks, as the verifier derives them."""
    daily = recorded_days(archive_of(days, km), FIRST - ONE)
    line = build_timeline(
        daily, pd.DataFrame({"date": [FIRST], "distance_km": [1.0]}), Limits(**limits)
    )
    return line.start_km, line.early_week_km


def test_a_beginner_has_two_kilometres_and_six_in_the_first_week():
    assert told_of([48, 21], [2.0, 2.0]) == (2.0, 6.0)  # 0.5 km a week before, 20 days off


def test_the_first_caps_are_worked_by_hand():
    # 20 days off: 10 - (10 - 3) x (20 - 7) / 23 = 6.043 km; half of a run of 10 km is over 3 km
    start, week = told_of([21 + 2 * n for n in range(14)], [10.0] * 14)
    assert start == pytest.approx(10 - 7 * 13 / 23)
    # 140 km in four weeks are 35 km a week: 18 / (18 + 13)
    assert week == pytest.approx(35 * 18 / 31)


def test_a_start_of_ones_own_is_bound_by_the_longest_run_of_30_days():
    assert told_of([30], [10.0], start_km=50.0)[0] == pytest.approx(11.0)
    assert told_of([31], [10.0], start_km=50.0)[0] == 50.0


def test_a_run_of_no_distance_lowers_no_cap():
    with_it, without = told_of([20, 10], [5.0, 0.0]), told_of([20], [5.0])
    assert all(a >= b for a, b in zip(with_it, without, strict=True))
