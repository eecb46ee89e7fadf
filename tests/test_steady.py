"""What is run alike is flagged by nothing, whatever it is; what is a change from it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made import archive, days, rule_days, runs

from loadmon.athlete import Athlete
from loadmon.evidence.ramp import RAMP_NOVICE
from loadmon.ratio import acwr
from loadmon.rules.engine import build_context, check, flag_history, today
from loadmon.rules.session_spike import base_outings, by_outing

HALF_A_YEAR = 182
FIRST = pd.Timestamp("2026-01-01")
DAY = pd.Timedelta(days=1)
Loads = list[float]


@st.composite
def weeks(draw: st.DrawFn, most: int = 7, least_km: float = 0.3) -> Loads:
    """A week of 1 to 7 runs on any days, of any split of any distance."""
    run_days = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=most)))
    share = st.floats(0.02, 1.0) | st.just(1.0)
    shares = np.array(draw(st.lists(share, min_size=len(run_days), max_size=len(run_days))))
    week = np.zeros(7)
    total = draw(st.floats(3.0, 100.0))
    week[run_days] = np.maximum(total * shares / shares.sum(), least_km).round(2)
    return [float(x) for x in week]


@st.composite
def intervals(draw: st.DrawFn) -> Loads:
    """One run every 2nd to 14th day."""
    every, km = draw(st.integers(2, 14)), draw(st.floats(2.0, 30.0))
    return [round(km, 2), *[0.0] * (every - 1)]


def half_a_year(pattern: Loads) -> Loads:
    """The same again for half a year, up to the eve of the day on which it would begin anew."""
    return pattern * (HALF_A_YEAR // len(pattern))


def day_after(loads: Loads) -> pd.Timestamp:
    return FIRST + pd.Timedelta(days=len(loads))


HABITS = weeks() | intervals()


@settings(max_examples=examples(0.8))
@given(HABITS)
def test_half_a_year_of_the_same_is_flagged_by_nothing(pattern: Loads) -> None:
    loads = half_a_year(pattern)
    made = archive(runs(loads), rested_until="2027-01-01")
    assert flag_history(made).to_dict("records") == []
    assert check(made, as_of=day_after(loads)).verdict != "flagged"


@settings(max_examples=examples(0.4))
@given(HABITS, st.integers(0, 27))
def test_today_never_offers_less_than_what_is_run_on_that_day_anyway(
    pattern: Loads, back: int
) -> None:
    loads = half_a_year(pattern)
    planned = [i for i in range(len(loads) - 28, len(loads)) if loads[i] > 0]
    day = planned[back % len(planned)]
    past = archive(runs(loads[:day]), rested_until="2027-01-01")
    told = today(past, as_of=day_after(loads[:day]), days_ahead=0)
    assert told.distance_km >= loads[day] - 1e-9, told.why
    assert not told.from_below


@settings(max_examples=examples(0.6))
@given(HABITS)
def test_a_doubled_longest_run_is_flagged(pattern: Loads) -> None:
    loads = half_a_year(pattern)
    assume(max(pattern) > 0.5)  # half a kilometre more is a small step
    at = max(i for i, km in enumerate(loads) if km == max(pattern))
    loads[at] *= 2
    found = check(archive(runs(loads), rested_until="2027-01-01"), as_of=FIRST + at * DAY)
    verdicts = found.to_frame().set_index("check")["verdict"]
    assert verdicts["session_spike"] == "flagged"


@settings(max_examples=examples(0.6))
@given(weeks(most=4, least_km=2.0))
def test_five_days_of_the_long_run_in_a_row_are_flagged(pattern: Loads) -> None:
    assume(5 * max(pattern) > 1.31 * sum(pattern))  # four even runs hold nearly as much
    loads = [*half_a_year(pattern), *[max(pattern)] * 5]
    found = check(archive(runs(loads)))
    verdicts = found.to_frame().set_index("check")["verdict"]
    assert "flagged" in set(verdicts[["weekly_change", "rest"]])


@settings(max_examples=examples(0.6))
@given(HABITS, st.integers(28, 60))
def test_jumping_back_in_after_four_weeks_off_is_flagged(pattern: Loads, off: int) -> None:
    """But for the 2 km with which a beginner starts."""
    assume(max(pattern) >= 1.67)  # ten minutes at 6 min/km: less makes no run day
    past = half_a_year(pattern)
    rested = len(past) - 1 - max(i for i, km in enumerate(past) if km >= 1.67)
    loads = [*past, *[0.0] * (off - min(off, rested)), max(pattern)]
    found = check(archive(runs(loads))).to_frame().set_index("check")
    is_more = max(pattern) > RAMP_NOVICE["first_run_km"]
    assert found.loc["return", "verdict"] == ("flagged" if is_more else "ok")


@settings(max_examples=examples(0.6))
@given(HABITS, st.integers(0, 13), st.floats(1.02, 3.0))
def test_what_today_offers_is_not_flagged_and_clearly_more_is(
    pattern: Loads, off: int, more: float
) -> None:
    loads = [*half_a_year(pattern), *[0.0] * off]
    day = day_after(loads)
    past = archive(runs(loads), rested_until="2027-01-01")
    told = today(past, as_of=day, days_ahead=0)
    km = told.distance_km
    assert km > 0
    assert flagged_of(loads, km) == set()
    outings = by_outing(build_context(past, None).spikes)
    if told.from_below or len(base_outings(outings, Athlete().diary, day)) < len(outings):
        return
    longer = max(more * km, km + 0.1)
    if "no run day" in told.why or "is none" in told.why:
        longer = max(longer, 1.67)
    if told.limited_by == "monotony":  # a much longer run is uneven again
        longer = 1.001 * km + 0.001
    if told.limited_by == "acwr" and acwr(days([*loads, longer]))["status"].iloc[-1] != "ok":
        return
    assert flagged_of(loads, longer) != set()


def flagged_of(loads: Loads, km: float) -> set[str]:
    """Checks that are flagged after a run of `km` on the day after some loads that are not."""
    found = check(archive(runs([*loads, km]), rested_until="2027-01-01"), as_of=day_after(loads))
    frame = found.to_frame()
    return set(frame.loc[frame["verdict"] == "flagged", "check"])


@pytest.mark.parametrize("n", range(1, 8))
def test_a_day_more_than_one_over_the_usual_is_a_change(n: int) -> None:
    week = [5.0] * n + [0.0] * (7 - n)
    loads = half_a_year(week)
    more = [*loads, *[5.0] * 7]
    flags = flag_history(archive(runs(more)))
    assert ("rest" in set(flags["check"])) == (n + 1 < 7)


def test_what_is_usual_are_the_sevens_that_ended_from_7_to_84_days_before() -> None:
    loads = [5.0 if i % 2 == 0 else 0.0 for i in range(140)]
    loads[41] = 5.0  # three days in a row up to day 42, else one
    found = rule_days(runs(loads))[0]
    for name, usual, most in (("habit_in_a_row", 1, 3), ("habit_run_days", 4, 5)):
        habit = found[name].to_numpy()
        assert np.isinf(habit[:34]).all()  # four weeks before the seven days are recorded
        assert (habit[34:41] == usual).all()
        # Sevens with day 41 end from day 41 (or 42, with three in a row) to day 47.
        first, last = (42, 42) if name == "habit_in_a_row" else (42, 46)
        assert (habit[first + 7 : last + 85] == most).all()
        assert (habit[last + 85 :] == usual).all()
        assert habit[first + 5] == usual


def test_of_days_in_a_row_at_most_seven_are_usual() -> None:
    loads = [*[5.0] * 20, *[5.0, 0.0] * 30]
    found = rule_days(runs(loads))[0]
    assert found["run_days_in_a_row"].max() == 21
    assert found["habit_in_a_row"].replace(np.inf, 0).max() == 7


@pytest.mark.parametrize(("weeks_before", "flagged"), [(12, False), (13, True)])
def test_run_days_of_thirteen_weeks_ago_are_usual_no_more(weeks_before: int, flagged: bool) -> None:
    three, five = [5.0, 0, 5, 0, 5, 0, 0], [5.0, 5, 5, 0, 5, 5, 0]
    six = [5.0, 5, 5, 0, 5, 5, 5]
    loads = [*three * 8, *five, *three * (weeks_before - 1), *six]
    found = check(archive(runs(loads))).to_frame().set_index("check").loc["rest"]
    assert (found["verdict"] == "flagged") == flagged


def test_a_month_must_be_recorded_before_anything_is_usual() -> None:
    for days_before, verdict in ((27, "unknown"), (28, "flagged")):
        loads = [5.0, *[5.0, 0.0] * 20][:days_before]
        found = check(archive(runs([*loads[-days_before:], *[5.0] * 7])))
        row = found.to_frame().set_index("check").loc["rest"]
        assert row["verdict"] == verdict


def test_a_habit_of_jogs_alone_is_no_base_of_weeks_and_bounds_each_run() -> None:
    # four jogs of 750 m a week are no run days, and no weeks to compare with: half a kilometre more
    loads = [*[0.0, 0.0, 0.75, 0.75, 0.75, 0.75, 0.0] * 26, 0.0]
    told = today(
        archive(runs(loads), rested_until="2027-01-01"), as_of=day_after(loads), days_ahead=0
    )
    assert told.limited_by == "session_spike"
    assert told.distance_km == pytest.approx(1.25)
    assert flagged_of(loads, 1.25) == set()
    assert flagged_of(loads, 1.35) == {"session_spike"}
