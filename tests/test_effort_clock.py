"""Gaps and pauses earn nothing; the rest is counted to the second."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.loads import (
    BPM,
    SPEED_MPS,
    covered_s,
    each_second,
    earned_s,
    minutes_in_zones,
    seconds_at_bpm,
    seconds_at_speed,
)

NAN = float("nan")


def times(*seconds: float) -> np.ndarray:
    return np.array(seconds, dtype=float)


def at(histogram: np.ndarray, values: np.ndarray) -> dict[float, float]:
    """What a histogram holds, without its empty places."""
    return {v: n for v, n in zip(values.tolist(), histogram.tolist(), strict=True) if n}


def test_a_record_earns_the_seconds_to_the_next_and_a_gap_over_two_minutes_nothing() -> None:
    assert earned_s(times(0, 1, 4, 124, 244.5, 245)).tolist() == [1, 3, 120, 0, 0.5, 0]
    assert earned_s(times(0, 10, 21), longest_s=10).tolist() == [10, 0, 0]
    assert earned_s(times()).tolist() == []
    assert earned_s(times(7)).tolist() == [0]


def test_seconds_in_which_the_timer_stood_are_not_earned() -> None:
    stops = np.array([[3.0, 50.0], [200.0, 1000.0]])
    assert earned_s(times(0, 5, 60, 100, 1040), stops).tolist() == [3, 10, 40, 0, 0]
    assert earned_s(times(0, 1, 210, 990, 1001), stops).tolist() == [1, 0, 0, 1, 0]
    overlapping = np.array([[10.0, 30.0], [20.0, 25.0], [28.0, 40.0]])
    assert earned_s(times(0, 60), overlapping).tolist() == [30, 0]
    assert earned_s(times(), stops).tolist() == []


def test_a_long_gap_between_two_values_is_shared_between_them() -> None:
    rate = times(140, 150, 160)
    assert at(seconds_at_bpm(times(0, 40, 80), rate), BPM) == {140: 20, 150: 40, 160: 20}
    assert at(seconds_at_bpm(times(0, 2, 4), rate), BPM) == {140: 2, 150: 2}


def test_a_value_written_now_and_then_stands_until_the_next_one() -> None:
    time = np.arange(601.0)
    every_minute = np.where(time % 60 == 0, 150.0, NAN)
    assert covered_s(time, every_minute).sum() == 600
    changes = np.where(time % 50 == 0, 140 + time / 50, NAN)  # a value only where it changed
    assert covered_s(time, changes)[[0, 50]].tolist() == [50, 50]


def test_a_strap_that_lost_its_runner_covers_nothing_in_the_meantime() -> None:
    time = np.arange(601.0)
    rate = np.where((time >= 100) & (time < 200), NAN, 150.0)
    assert covered_s(time, rate).sum() == 500
    (kept,) = each_second(time, rate)
    assert len(kept) == 499


def test_a_pause_of_an_hour_adds_no_second_of_heart_rate() -> None:
    time = np.concatenate([np.arange(61.0), np.arange(3660.0, 3721.0)])
    rate = np.where(time < 100, 140.0, 150.0)
    assert at(seconds_at_bpm(time, rate), BPM) == {140: 60, 150: 60}


def test_a_record_without_a_heart_rate_earns_none_and_the_one_before_it_keeps_its_own() -> None:
    rate = times(140, NAN, NAN, 150, 150)
    assert at(seconds_at_bpm(times(0, 1, 2, 3, 4), rate), BPM) == {140: 1, 150: 1}


def test_heart_rates_are_whole_beats_and_those_outside_the_histogram_do_not_count() -> None:
    rate = times(140.4, 140.5, 29.4, 29.5, 240.4, 240.6, 0)
    assert at(seconds_at_bpm(np.arange(7.0), rate), BPM) == {140: 1, 141: 1, 30: 1, 240: 1}


def test_each_second_lies_straight_between_records() -> None:
    (values,) = each_second(times(0, 2, 6), times(10, 20, 40))
    assert values.tolist() == [10, 15, 20, 25, 30, 35]


def test_each_second_leaves_out_a_gap_and_does_not_look_across_it() -> None:
    (values,) = each_second(times(0, 1, 2, 160, 161, 162), times(1, 1, 1, 9, 9, 9))
    assert values.tolist() == [1, 1, 9, 9]


def test_each_second_takes_only_records_that_hold_every_stream() -> None:
    first, second = each_second(times(0, 1, 2, 3), times(1, NAN, 3, 4), times(5, 6, 7, 8))
    assert first.tolist() == [1, 2, 3]
    assert second.tolist() == [5, 6, 7]
    assert each_second(times(0, 1), times(NAN, NAN))[0].size == 0
    assert each_second(times(), times())[0].size == 0


def test_a_stream_missing_for_long_is_a_gap() -> None:
    time = np.arange(100.0)
    values = np.where((time > 10) & (time < 60), NAN, time)
    (kept,) = each_second(time, values)
    assert len(kept) == 10 + 39
    assert kept[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60, 61]


def test_zones_take_the_value_on_their_lower_bound() -> None:
    held = np.where(np.isin(BPM, [119, 120, 139, 140, 200]), 60.0, 0.0)
    assert minutes_in_zones(held, BPM, [120, 140]).tolist() == [1, 2, 2]
    assert minutes_in_zones(held, BPM, []).tolist() == [5]


def test_a_speed_on_the_border_of_a_bin_begins_it() -> None:
    speeds = np.round(np.arange(500) * 0.02, 2)  # 0.58 / 0.02 is a little less than 29
    assert seconds_at_speed(np.arange(501.0), np.append(speeds, NAN)).tolist() == [1] * 500


def test_speeds_fall_into_bins_and_zones_of_pace() -> None:
    speed = times(2.0, 2.01, 2.03, 3.33, 12.0, NAN, 0.0, 0.0)
    seconds = seconds_at_speed(np.arange(8.0), speed)
    assert at(seconds, SPEED_MPS) == {0.01: 1, 2.01: 2, 2.03: 1, 3.33: 1, 9.99: 1}
    paces = [1000 / 400, 1000 / 300]  # 6:40 and 5:00 /km
    assert (60 * minutes_in_zones(seconds, SPEED_MPS, paces)).tolist() == pytest.approx([4, 1, 1])


GAPS = st.lists(st.floats(0.1, 30.0), min_size=1, max_size=40)


@given(GAPS)
def test_seconds_in_the_histogram_are_the_seconds_earned(gaps: list[float]) -> None:
    time = np.cumsum([0.0, *gaps])
    earned = sum(g for g in np.diff(time).tolist() if g <= 120)
    assert seconds_at_bpm(time, np.full(len(time), 120.0)).sum() == pytest.approx(earned)
    (values,) = each_second(time, np.full(len(time), 3.0))
    assert len(values) == pytest.approx(earned, abs=1.001)
    assert (values == 3.0).all()
