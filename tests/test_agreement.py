"""How much a ratio owes to the way it is computed and to the days it rests on."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import days

from loadmon.evidence.limits import ACWR_LIMIT
from loadmon.ratio import acwr
from loadmon.rules.acwr import ratio_interval, share_above

NAN = float("nan")
LOADS = st.lists(st.just(0.0) | st.floats(0.5, 30.0), min_size=36, max_size=80)


def test_eighteen_ways_of_a_full_history_and_fewer_of_a_short_one() -> None:
    assert share_above(days([5.0] * 60), ACWR_LIMIT) == (0.0, 18)
    assert share_above(days([5.0] * 35), ACWR_LIMIT) == (0.0, 18)
    assert share_above(days([5.0] * 34), ACWR_LIMIT) == (0.0, 12)
    assert share_above(days([5.0] * 27), ACWR_LIMIT) == (0.0, 6)
    share, ways = share_above(days([5.0] * 20), ACWR_LIMIT)
    assert (math.isnan(share), ways) == (True, 0)
    assert share_above(days([]), ACWR_LIMIT)[1] == 0


def test_an_unknown_day_leaves_out_the_ways_that_would_hold_it() -> None:
    assert share_above(days([*[5.0] * 40, NAN, *[5.0] * 28]), ACWR_LIMIT)[1] == 12
    assert share_above(days([*[5.0] * 40, NAN]), ACWR_LIMIT)[1] == 0


@given(LOADS)
def test_each_way_is_the_ratio_with_other_windows(loads: list[float]) -> None:
    load = days(loads)
    above = []
    for acute, chronic in itertools.product((6, 7, 8), (21, 28, 35)):
        for method in ("coupled", "ewma"):
            last = acwr(load, method=method, acute=acute, chronic=chronic).iloc[-1]  # type: ignore[arg-type]
            above.append(last["acute"] > ACWR_LIMIT[method] * last["chronic"] * (1 + 1e-9))
    share, ways = share_above(load, ACWR_LIMIT)
    assert ways == 18
    assert share == pytest.approx(np.mean(above))


@given(LOADS)
def test_uncoupled_would_add_no_further_vote(loads: list[float]) -> None:
    load = days(loads)
    coupled, uncoupled = acwr(load).iloc[-1], acwr(load, method="uncoupled").iloc[-1]
    over = coupled["acute"] > 1.5 * coupled["chronic"] * (1 + 1e-9)
    also = uncoupled["acute"] > 1.8 * uncoupled["chronic"] * (1 + 1e-9)
    near = abs(coupled["acute"] - 1.5 * coupled["chronic"]) < 1e-6 * coupled["chronic"]
    assert over == also or near


def plain_interval(loads: list[float], method: str) -> tuple[float, float]:
    """Every draw of three blocks, counted one by one."""
    acute, before = sum(loads[-7:]), loads[-28:-7]
    ratios = []
    for starts in itertools.product(range(15), repeat=3):
        drawn = sum(sum(before[s : s + 7]) for s in starts)
        chronic = (acute + drawn) / 28 if method == "coupled" else drawn / 21
        ratios.append(acute / 7 / chronic if chronic else math.inf)
    ratios.sort()
    return ratios[math.floor(0.025 * 3375)], ratios[math.ceil(0.975 * 3375) - 1]


@settings(max_examples=examples(0.4))
@given(st.lists(st.floats(0.5, 30.0), min_size=28, max_size=40))
def test_the_interval_counts_every_draw(loads: list[float]) -> None:
    for method in ("coupled", "uncoupled"):
        got = ratio_interval(days(loads), method)
        assert got == pytest.approx(plain_interval(loads, method), rel=1e-9)


def test_equal_days_leave_nothing_to_chance() -> None:
    assert ratio_interval(days([5.0] * 28), "coupled") == pytest.approx((1.0, 1.0))
    low, _ = ratio_interval(days([5.0] * 14 + [1.0] * 7 + [9.0] * 7), "uncoupled")
    assert low == pytest.approx(9 / 5)


def test_where_the_window_does_not_allow_it_there_is_no_interval() -> None:
    for load, method in (
        (days([5.0] * 27), "coupled"),
        (days([5.0] * 40), "ewma"),
        (days([*[5.0] * 20, NAN, *[5.0] * 10]), "coupled"),
    ):
        assert all(math.isnan(x) for x in ratio_interval(load, method))
    low, high = ratio_interval(days([5.0] * 7 + [0.0] * 14 + [5.0] * 7), "uncoupled")
    assert math.isnan(high)
    assert low > 0
