"""Exponentially weighted loads against numbers of an independent computation, and their rules."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import days

from loadmon.errors import SettingError
from loadmon.ratio import fitness

NAN = float("nan")
WEEK = [60.0, 0, 80, 0, 50, 0, 120]
LIGHT = [30.0, 0, 40, 0, 40, 0, 60]
LOADS = WEEK * 6 + [0.0] * 14 + LIGHT * 2
# golden numbers, pmc ctl atl: day: CTL, ATL, TSB of the day before, rise of CTL in 7 days.
AT = {
    1: (1.4116988008654041, 7.9873260149891046, NAN, NAN),
    7: (6.880150263388371, 30.380285073584673, -12.46333294390182, NAN),
    8: (8.129970732977123, 34.32332373338998, -23.5001348101963, 6.718271932111719),
    14: (12.704071725847973, 41.55656736908411, -19.391650762764137, 5.823921462459602),
    42: (28.32942479466153, 47.94177226570798, -10.755550016387897, 2.990100978728094),
    70: (21.518211940692588, 23.708971559026978, 2.4550443081166087, 0.5589594720710913),
}


@pytest.mark.parametrize("day", AT)
def test_the_golden_days_are_met(day: int) -> None:
    got = fitness(days(LOADS)).iloc[day - 1]
    assert got.tolist() == pytest.approx(AT[day], rel=1e-12, nan_ok=True)


#: The same file, columns with weights of 1/42 and 1/7. day: CTL, ATL.
RECIPROCAL = {
    1: (1.4285714285714286, 8.571428571428571),
    2: (1.3945578231292515, 7.346938775510204),
    3: (3.2661159701976024, 17.725947521865887),
    8: (8.220510220092832, 35.96459617599983),
    19: (15.68117429207795, 39.978210714404725),
    70: (21.576564719468593, 24.16585581828967),
}


@pytest.mark.parametrize("day", RECIPROCAL)
def test_the_other_published_smoothing_meets_its_golden_days(day: int) -> None:
    frame = fitness(days(LOADS), smoothing="reciprocal")
    assert frame.iloc[day - 1][["ctl", "atl"]].tolist() == pytest.approx(RECIPROCAL[day])


def test_the_smoothings_are_those_of_pandas_with_their_weights() -> None:
    load = days([0.0, *LOADS])
    for smoothing, alpha in (
        ("exponential", 1 - math.exp(-1 / 42)),
        ("reciprocal", 1 / 42),
        ("span", 2 / 43),
    ):
        want = load.ewm(alpha=alpha, adjust=False).mean()
        got = fitness(load, smoothing=smoothing)["ctl"]  # type: ignore[arg-type]
        pd.testing.assert_series_equal(got, want, check_names=False)


def test_a_span_moves_by_two_over_one_more_than_its_days() -> None:
    first = fitness(days(LOADS), smoothing="span").iloc[0]  # 60 points from 0
    assert first[["ctl", "atl"]].tolist() == pytest.approx([60 * 2 / 43, 15.0])


def test_an_unknown_smoothing_is_refused() -> None:
    with pytest.raises(SettingError, match="exponential, reciprocal, span"):
        fitness(days(LOADS), smoothing="linear")  # type: ignore[arg-type]


def test_an_unknown_day_begins_both_means_again() -> None:
    frame = fitness(days([*[50.0] * 30, NAN, *LOADS]))
    assert frame.iloc[30][["ctl", "atl", "ramp_rate"]].isna().all()
    again = frame.iloc[31:].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, fitness(days(LOADS)).reset_index(drop=True))


@given(st.floats(1.0, 200.0), st.integers(1, 200))
def test_a_constant_load_is_approached_as_the_closed_form_says(load: float, n: int) -> None:
    last = fitness(days([load] * n)).iloc[-1]
    assert last["ctl"] == pytest.approx(load * (1 - math.exp(-n / 42)))
    assert last["atl"] == pytest.approx(load * (1 - math.exp(-n / 7)))
    if n > 7:
        rise = load * (math.exp(-(n - 7) / 42) - math.exp(-n / 42))
        assert last["ramp_rate"] == pytest.approx(rise)


def test_no_days_give_an_empty_frame_of_the_same_columns() -> None:
    assert list(fitness(days([]))) == ["ctl", "atl", "tsb", "ramp_rate"]
    assert fitness(days([])).empty
