"""The week against the runner's own twelve before it."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import days, rule_days, runs, usual_weeks

from loadmon.evidence.limits import UNUSUAL_WEEK

NAN = float("nan")
TOTALS = [30.0, 32, 28, 31, 29, 33, 27, 30, 34, 26, 30, 31]


def weeks(totals: list[float]) -> list[float]:
    """Three equal runs a week."""
    return [x for total in totals for x in (total / 3, 0, total / 3, 0, total / 3, 0, 0)]


def test_median_spread_and_z_are_those_of_the_twelve_weeks_by_hand() -> None:
    # Sorted: 26 27 28 29 30 30 30 31 31 32 33 34; distances from 30: 0 0 0 1 1 1 2 2 3 3 4 4.
    last = usual_weeks(days(weeks([*TOTALS, 45.0]))).iloc[-1]
    assert last["baseline"] == pytest.approx(30.0)
    assert last["mad"] == pytest.approx(1.5)
    assert last["z"] == pytest.approx(0.6745 * 15 / 1.5)


def test_it_needs_ninety_one_known_days() -> None:
    full = days(weeks([*TOTALS, 45.0]))
    assert usual_weeks(full)["baseline"].first_valid_index() == full.index[90]
    lost = full.copy()
    lost.iloc[3] = NAN
    assert usual_weeks(lost)["baseline"].isna().all()
    later = usual_weeks(days([NAN, *weeks([*TOTALS, 45.0])]))["baseline"]
    assert later.notna().tolist() == [False] * 91 + [True]


def test_weeks_of_a_lay_off_are_no_usual_weeks() -> None:
    def known(off: int) -> list[bool]:
        load = days([*weeks(TOTALS), *[0.0] * (off - 2), *weeks([20.0] * 14)])
        return usual_weeks(load)["baseline"].notna().tolist()

    assert all(known(13)[90:])
    off = known(14)  # the fourteenth day without load is day 95, the first is day 82
    assert all(off[90:95])
    assert not any(off[95:173])
    assert all(off[82 + 91 :])


def test_equal_weeks_have_no_spread_and_no_z() -> None:
    last = usual_weeks(days(weeks([30.0] * 12 + [40.0]))).iloc[-1]
    assert (last["baseline"], last["mad"]) == (30.0, 0.0)
    assert math.isnan(last["z"])


@settings(max_examples=examples(2))
@given(st.lists(st.floats(5.0, 90.0), min_size=13, max_size=15))
def test_it_agrees_with_the_statistics_module(totals: list[float]) -> None:
    got = usual_weeks(days(weeks(totals))).iloc[-1]
    before = totals[-13:-1]
    middle = statistics.median(before)
    spread = statistics.median(abs(x - middle) for x in before)
    assert got["baseline"] == pytest.approx(middle)
    assert got["mad"] == pytest.approx(spread, abs=1e-9)
    if spread > 1e-6:
        assert got["z"] == pytest.approx(0.6745 * (totals[-1] - middle) / spread, abs=1e-6)


@given(st.lists(st.just(0.0) | st.floats(1, 30), max_size=60), st.sampled_from([0.25, 8.0]))
def test_z_does_not_depend_on_the_unit_and_tomorrow_changes_nothing(
    loads: list[float], k: float
) -> None:
    past = weeks(TOTALS) + loads
    one, other = usual_weeks(days(past)), usual_weeks(days([k * x for x in past]))
    np.testing.assert_allclose(one["z"], other["z"], rtol=1e-6, atol=1e-6)
    later = usual_weeks(days([*past, 99.0, 99.0]))
    np.testing.assert_array_equal(one.to_numpy(), later.iloc[: len(past)].to_numpy())


def unusual(totals: list[float], **own: float) -> bool:
    frame = runs(weeks([totals[0], *totals])[:-2])  # up to the last run
    limits = {name.replace("__", "-").replace("_at_", "."): x for name, x in own.items()}
    return bool(rule_days(frame, own=limits)[1]["unusual_week"].iloc[-1])


def test_a_week_is_unusual_above_three_and_a_half_and_thirty_per_cent_over_the_usual() -> None:
    # z = 3.5 lies at 30 + 3.5 x 1.5 / 0.6745 = 37.78 km, the other limit at 39 km.
    assert not unusual([*TOTALS, 38.9])
    assert unusual([*TOTALS, 39.1])
    wide = [20.0, 40, 25, 35, 28, 32, 22, 38, 30, 30, 30, 30]
    at = statistics.median(wide) + 3.5 * statistics.median(abs(x - 30) for x in wide) / 0.6745
    assert not unusual([*wide, at - 0.1])
    assert unusual([*wide, at + 0.1])
    assert UNUSUAL_WEEK["z"] == 3.5


def test_a_week_that_is_no_more_than_seven_days_of_the_twelve_weeks_is_not_unusual() -> None:
    assert unusual([*TOTALS, 45.0])
    assert not unusual([46.0, *TOTALS[1:], 45.0])
    assert unusual([44.0, *TOTALS[1:], 45.0])


def test_the_runner_may_set_another_z() -> None:
    assert not unusual([*TOTALS, 39.1], unusual__week_at_z=5.0)
    assert unusual([*TOTALS, 42.0], unusual__week_at_z=5.0)


def test_an_even_runner_needs_thirty_per_cent_more() -> None:
    assert not unusual([30.0] * 12 + [38.9])
    assert unusual([30.0] * 12 + [39.1])


def test_the_most_is_the_fullest_of_any_seven_days_of_the_84_before() -> None:
    rng = np.random.default_rng(5)
    loads = rng.choice([0.0, 3.0, 8.0, 12.0], 130).tolist()
    got = usual_weeks(days(loads))["max_7d_12_weeks"]
    for at in range(90, len(loads)):
        before = loads[at - 90 : at - 6]
        want = max(sum(before[i : i + 7]) for i in range(len(before) - 6))
        assert got.iloc[at] == pytest.approx(want)
