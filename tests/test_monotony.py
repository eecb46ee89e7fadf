from __future__ import annotations

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import days

from loadmon.errors import FrameError
from loadmon.rules.rest import monotony

NAN = float("nan")
# golden numbers, foster monotony: k equal run days of 10 in 7, population SD.
EQUAL_DAYS = {
    1: (0.40824829046386296, 4.0824829046386295),
    2: (0.6324555320336759, 12.649110640673518),
    3: (0.8660254037844386, 25.980762113533157),
    4: (1.1547005383792517, 46.188021535170066),
    5: (1.5811388300841898, 79.05694150420949),
    6: (2.449489742783178, 146.96938456699067),
}
WEEK = st.lists(st.just(0.0) | st.floats(0.5, 100.0), min_size=7, max_size=7)


@pytest.mark.parametrize("k", EQUAL_DAYS)
def test_equal_run_days_give_the_golden_numbers(k: int) -> None:
    last = monotony(days([10.0] * k + [0.0] * (7 - k))).iloc[-1]
    assert last["monotony"] == pytest.approx(EQUAL_DAYS[k][0], rel=1e-12)
    assert last["strain"] == pytest.approx(EQUAL_DAYS[k][1], rel=1e-12)


def test_the_golden_week_is_met_with_the_population_sd() -> None:
    last = monotony(days([400, 0, 300, 500, 0, 600, 200])).iloc[-1]
    assert last["mean"] == pytest.approx(285.7142857142857)
    assert last["sd"] == pytest.approx(216.65358411575858, rel=1e-12)
    assert last["monotony"] == pytest.approx(1.3187609467915742, rel=1e-12)
    assert last["strain"] == pytest.approx(2637.5218935831485, rel=1e-12)


@pytest.mark.parametrize("load", [0.0, 0.1, 10.0, 1e6])
def test_seven_equal_days_have_no_number(load: float) -> None:
    last = monotony(days([load] * 7)).iloc[-1]
    assert last["sd"] == 0
    assert math.isnan(last["monotony"])
    assert math.isnan(last["strain"])


def test_a_window_that_is_short_or_holds_an_unknown_day_has_no_number() -> None:
    frame = monotony(days([1.0, 2, 3, 4, 5, 6, 7, NAN, 1, 2, 3, 4, 5, 6, 7]))
    assert frame["monotony"].notna().tolist() == [False] * 6 + [True] + [False] * 7 + [True]


def test_no_days_give_an_empty_frame_and_a_gap_is_refused() -> None:
    assert monotony(days([])).empty
    load = days([1.0] * 10)
    with pytest.raises(FrameError, match="every day"):
        monotony(load.drop(load.index[3]))


@settings(deadline=None)
@given(WEEK)
def test_two_rest_days_keep_it_under_the_limit_whatever_is_run(week: list[float]) -> None:
    k = sum(x > 0 for x in week)
    got = monotony(days(week)).iloc[-1]["monotony"]
    if 0 < k < 7:
        assert got <= math.sqrt(k / (7 - k)) * (1 + 1e-9)
    if 0 < k <= 5:
        assert got < 2


@settings(deadline=None)
@given(WEEK)
def test_it_agrees_with_the_statistics_module(week: list[float]) -> None:
    got = monotony(days(week)).iloc[-1]
    if len(set(week)) == 1:
        assert math.isnan(got["monotony"])
    else:
        want = statistics.fmean(week) / statistics.pstdev(week)
        assert got["monotony"] == pytest.approx(want, rel=1e-7)
        assert got["strain"] == pytest.approx(sum(week) * want, rel=1e-7)


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), max_size=40), st.lists(st.floats(0, 100), max_size=20))
def test_tomorrow_never_changes_today(past: list[float], future: list[float]) -> None:
    later = monotony(days(past + future)).iloc[: len(past)]
    pd.testing.assert_frame_equal(monotony(days(past)), later, check_freq=False)


@settings(deadline=None)
@given(WEEK, st.sampled_from([0.5, 4.0, 1024.0]))
def test_monotony_does_not_depend_on_the_unit_and_strain_grows_with_it(
    week: list[float], k: float
) -> None:
    one, other = monotony(days(week)).iloc[-1], monotony(days([k * x for x in week])).iloc[-1]
    np.testing.assert_allclose(one["monotony"], other["monotony"], rtol=1e-9)
    np.testing.assert_allclose(k * one["strain"], other["strain"], rtol=1e-9)
