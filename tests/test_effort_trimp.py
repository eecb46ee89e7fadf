"""Heart-rate loads: published and hand-worked numbers, a second way, and what is clipped.

Digits: golden numbers, trimp.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.evidence import Evidence
from loadmon.evidence.loads import TRIMP_MEN
from loadmon.loads import BPM, PAIRS, banister, edwards, heart_rate_stress, lucia, seconds_at_bpm

MEN, WOMEN = PAIRS["m"], PAIRS["f"]
NAN = float("nan")
#: Each rate held for so many seconds, a record every second. [bpm, s]
Stretches = list[tuple[float, int]]


def seconds(stretches: Stretches) -> np.ndarray:
    rate = np.concatenate([np.full(n, bpm) for bpm, n in stretches] + [[NAN]])
    return seconds_at_bpm(np.arange(len(rate), dtype=float), rate)


def by_hand(stretches: Stretches, rest: float, most: float, a: float, b: float) -> float:
    """Banister's sum, a record at a time in plain Python."""
    total = 0.0
    for bpm, n in stretches:
        share = min(1.0, max(0.0, (bpm - rest) / (most - rest)))
        total += n / 60 * share * a * math.exp(b * share)
    return total


@pytest.mark.parametrize(
    ("minutes", "bpm", "rest", "most", "sex", "trimp"),
    [
        (60, 150, 50, 190, "m", 108.09535934022335),
        (60, 150, 50, 190, "f", 121.4990663906425),
        (30, 190, 50, 190, "m", 130.96240261038238),
        (30, 50, 50, 190, "m", 0.0),
        (240, 139, 44, 166, "m", 533.4096135793993),
        # forum.intervals.icu/t/10200 gives 98.39022 for 66.2 min at 138 of 44 to 187
        (66.2, 138, 44, 187, "m", 98.39022054584669),
    ],
)
def test_banister_at_one_heart_rate(
    minutes: float, bpm: float, rest: float, most: float, sex: str, trimp: float
) -> None:
    one = np.where(bpm == BPM, 60.0 * minutes, 0.0)
    load = banister(one, resting_hr_bpm=rest, max_hr_bpm=most, pair=PAIRS[sex])
    assert load == pytest.approx(trimp, rel=1e-9)


def test_banister_counts_each_second_at_its_own_rate_which_is_more_than_the_mean_rate_gives() -> (
    None
):
    kept = {"resting_hr_bpm": 50.0, "max_hr_bpm": 190.0, "pair": MEN}
    two = banister(seconds([(120, 900), (170, 900)]), **kept)  # type: ignore[arg-type]
    mean = banister(seconds([(145, 1800)]), **kept)  # type: ignore[arg-type]
    assert two == pytest.approx(55.19891569213723, rel=1e-9)
    assert mean == pytest.approx(47.942476734305366, rel=1e-9)


def test_banister_counts_no_rate_below_rest_and_none_above_the_largest() -> None:
    for below, above in ((40, 200), (50, 190)):
        got = banister(
            seconds([(below, 600), (above, 600)]), resting_hr_bpm=50, max_hr_bpm=190, pair=WOMEN
        )
        assert got == pytest.approx(10 * 0.86 * math.exp(1.67), rel=1e-12)


RATES = st.lists(st.tuples(st.integers(30, 240), st.integers(1, 30)), min_size=1, max_size=20)


@given(RATES, st.integers(35, 90), st.integers(150, 220), st.sampled_from("mf"))
def test_the_histogram_gives_exactly_what_the_stream_gives(
    stretches: Stretches, rest: int, most: int, sex: str
) -> None:
    pair = PAIRS[sex]
    got = banister(seconds(stretches), resting_hr_bpm=rest, max_hr_bpm=most, pair=pair)
    assert got == pytest.approx(by_hand(stretches, rest, most, pair["a"], pair["b"]), rel=1e-9)
    zone = [
        n / 60 * sum(100 * bpm >= low * most for low in (50, 60, 70, 80, 90))
        for bpm, n in stretches
    ]
    assert edwards(seconds(stretches), max_hr_bpm=most) == pytest.approx(sum(zone), rel=1e-9)


def test_an_individual_curve_weighs_in_the_same_way() -> None:
    # Five lactate values of one lab test, and the curve a e^(b h) that fits their logarithms.
    share, lactate = [0.5, 0.6, 0.7, 0.8, 0.9], [1.1, 1.4, 2.0, 3.1, 5.2]
    b, log_a = np.polyfit(share, np.log(lactate), 1)
    own = Evidence("own", {"a": math.exp(log_a), "b": b}, "ratio", "", "", "D", "project", "")
    assert own["a"] == pytest.approx(0.14225405934421692, rel=1e-9)
    assert own["b"] == pytest.approx(3.9016267664360007, rel=1e-9)
    got = banister(seconds([(155, 3600)]), resting_hr_bpm=50, max_hr_bpm=190, pair=own)
    assert got == pytest.approx(119.43136977734638, rel=1e-9)  # 155 is 0.75 of the reserve


def test_edwards_weighs_five_zones_of_the_largest_heart_rate() -> None:
    got = edwards(
        seconds([(110, 600), (130, 1200), (150, 900), (170, 600), (190, 300)]), max_hr_bpm=200
    )
    assert got == pytest.approx(160)  # 10 + 2 x 20 + 3 x 15 + 4 x 10 + 5 x 5


def test_edwards_zones_hold_their_lower_bound_and_end_below_the_next() -> None:
    weights = [
        edwards(seconds([(bpm, 60)]), max_hr_bpm=200)
        for bpm in (99, 100, 119, 120, 139, 140, 159, 160, 179, 180, 200, 210)
    ]
    assert weights == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5]
    # 90 % of 190 is 171: in binary 0.9 x 190 is not, and must not cost the beat its zone.
    assert edwards(seconds([(171, 60)]), max_hr_bpm=190) == 5


def test_lucia_weighs_three_zones_between_measured_thresholds() -> None:
    got = lucia(seconds([(120, 2400), (150, 900), (175, 300)]), vt1_hr_bpm=140, vt2_hr_bpm=165)
    assert got == pytest.approx(85)  # 40 + 2 x 15 + 3 x 5
    at = [
        lucia(seconds([(bpm, 60)]), vt1_hr_bpm=140, vt2_hr_bpm=165) for bpm in (139, 140, 165, 166)
    ]
    assert at == [1, 2, 2, 3]


def test_heart_rate_stress_is_100_for_an_hour_at_threshold_whatever_the_prefactor() -> None:
    kept = {"resting_hr_bpm": 50.0, "max_hr_bpm": 190.0, "threshold_hr_bpm": 170.0}
    hour = heart_rate_stress(seconds([(170, 3600)]), **kept, pair=WOMEN)
    assert hour == pytest.approx(100, rel=1e-12)
    got = heart_rate_stress(seconds([(150, 3600)]), **kept, pair=MEN)
    assert got == pytest.approx(63.34290571300836, rel=1e-9)
    other = Evidence("x", {"a": 7.0, "b": TRIMP_MEN["b"]}, "ratio", "", "", "D", "project", "")
    assert heart_rate_stress(seconds([(150, 3600)]), **kept, pair=other) == pytest.approx(got)


def test_a_threshold_above_the_largest_heart_rate_counts_as_the_largest() -> None:
    kept = {"resting_hr_bpm": 50.0, "max_hr_bpm": 190.0, "pair": MEN}
    at, over = (
        heart_rate_stress(seconds([(150, 600)]), **kept, threshold_hr_bpm=bpm)  # type: ignore[arg-type]
        for bpm in (190, 200)
    )
    assert at == over


def test_a_setting_that_is_not_known_gives_nan_never_zero() -> None:
    one = seconds([(150, 600)])
    assert np.isnan(banister(one, resting_hr_bpm=NAN, max_hr_bpm=190, pair=MEN))
    assert np.isnan(banister(one, resting_hr_bpm=50, max_hr_bpm=NAN, pair=MEN))
    assert np.isnan(edwards(one, max_hr_bpm=NAN))
    assert np.isnan(lucia(one, vt1_hr_bpm=NAN, vt2_hr_bpm=165))
    assert np.isnan(lucia(one, vt1_hr_bpm=140, vt2_hr_bpm=NAN))
    assert np.isnan(
        heart_rate_stress(one, resting_hr_bpm=50, max_hr_bpm=190, threshold_hr_bpm=NAN, pair=MEN)
    )


def test_many_sessions_at_once_give_what_each_gives_alone() -> None:
    both = np.stack([seconds([(120, 900)]), seconds([(170, 60), (90, 30)])])
    kept = {"resting_hr_bpm": 50.0, "max_hr_bpm": 190.0, "pair": MEN}
    alone = [banister(one, **kept) for one in both]  # type: ignore[arg-type]
    np.testing.assert_allclose(banister(both, **kept), alone)  # type: ignore[arg-type]
    np.testing.assert_allclose(
        edwards(both, max_hr_bpm=190), [edwards(one, max_hr_bpm=190) for one in both]
    )
