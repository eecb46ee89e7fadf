"""What holds for any history: tomorrow never changes today, and no unit changes a verdict."""

from __future__ import annotations

import pandas as pd
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import archive, days, rule_days, runs, usual_weeks

from loadmon.ratio import fitness
from loadmon.rules.engine import check, flag_history
from loadmon.rules.rest import monotony

LOADS = st.lists(st.just(0.0) | st.just(0.0) | st.floats(1.0, 25.0), min_size=30, max_size=110)
#: Of at least 10 minutes: the floor of a run day is in minutes and km.
LONGER = st.lists(st.just(0.0) | st.just(0.0) | st.floats(2.0, 25.0), min_size=30, max_size=110)
# golden numbers, acwr restdays 70d: 7 days over the 7 before, monotony (population and sample
# standard deviation) and strain of some of its days.
RESTDAYS = (
    [8, 0, 6, 0, 10, 0, 14, 8, 0, 6, 0, 10, 0, 15, 8, 0, 7, 0, 10, 0, 16, 0, 0, 5, 0, 8, 0, 12]
    + [8, 0, 7, 0, 11, 0, 17, 8, 0, 7, 0, 11, 0, 28]
    + [0] * 14
    + [3, 0, 3, 0, 3.5, 0, 4, 4, 0, 4, 0, 4.5, 0, 5]
)
WEEKS = {
    28: (0.6097560975609756, 0.7882083263992896, 0.7297391113885462, 19.70520815998224),
    35: (1.72, 1.0101581193301201, 0.9352246908242647, 43.436799131195166),
    42: (1.255813953488372, 0.8322479075206177, 0.7705118407762355, 44.94138700611336),
    70: (1.2962962962962963, 1.1427905097845936, 1.0580184237878976, 19.99883392123039),
}


@pytest.mark.parametrize("day", WEEKS)
def test_change_monotony_and_strain_of_the_golden_days_are_met(day: int) -> None:
    change, population, sample, strain = WEEKS[day]
    got = rule_days(runs([float(x) for x in RESTDAYS]))[0].iloc[day - 1]
    assert got["change"] == pytest.approx(change, rel=1e-12)
    assert got["monotony"] == pytest.approx(population, rel=1e-12)
    assert got["monotony"] * (6 / 7) ** 0.5 == pytest.approx(sample, rel=1e-12)
    assert got["strain"] == pytest.approx(strain, rel=1e-12)


@settings(max_examples=examples(0.2))
@given(LOADS, st.lists(st.just(0.0) | st.floats(1.0, 60.0), min_size=1, max_size=10))
def test_tomorrow_never_changes_what_was_flagged(past: list[float], future: list[float]) -> None:
    past = [5.0, *past, 5.0]
    known, later = archive(runs(past)), archive(runs([*past, *future]))
    day = known.activities["date"].max()
    pd.testing.assert_frame_equal(
        check(known, as_of=day).to_frame(), check(later, as_of=day).to_frame()
    )
    before = flag_history(known)
    after = flag_history(later)
    after = after[after["date"] <= day].reset_index(drop=True)
    stood = before.drop(columns="until")
    pd.testing.assert_frame_equal(stood, after.drop(columns="until"))


@given(LOADS, LOADS)
def test_tomorrow_never_changes_a_number_of_today(past: list[float], future: list[float]) -> None:
    for number in (fitness, monotony, usual_weeks):
        today = number(days(past))
        later = number(days([*past, *future])).iloc[: len(past)]
        pd.testing.assert_frame_equal(today, later, check_freq=False)


@settings(max_examples=examples(0.6))
@given(LONGER, st.sampled_from([0.5, 3.0, 1000.0]))
def test_ratio_change_monotony_and_rest_do_not_depend_on_the_unit(
    loads: list[float], k: float
) -> None:
    def marked(values: list[float]) -> pd.DataFrame:
        frame = runs([5.0, *values, 5.0])
        return rule_days(frame)[1].drop(columns="session_spike")

    scaled = runs([5.0, *loads, 5.0])
    scaled["distance_km"] *= k
    other = rule_days(scaled)[1].drop(columns="session_spike")
    pd.testing.assert_frame_equal(marked(loads), other)


@settings(max_examples=examples(0.2))
@given(LOADS, st.integers(-2000, 2000))
def test_a_shifted_calendar_flags_the_same_days(loads: list[float], shift: int) -> None:
    first = pd.Timestamp("2026-01-01") + pd.Timedelta(days=shift)
    one = flag_history(archive(runs([5.0, *loads, 5.0])))
    other = flag_history(archive(runs([5.0, *loads, 5.0], first=f"{first:%Y-%m-%d}")))
    names = ["check", "level", "value", "limit"]
    single = ["session_spike", "return", "weekly_change", "acwr", "monotony", "rest"]
    mine, theirs = (f[f["check"].isin(single)].reset_index(drop=True) for f in (one, other))
    pd.testing.assert_frame_equal(mine[names], theirs[names])
    assert (theirs["date"] - mine["date"]).eq(pd.Timedelta(days=shift)).all()
