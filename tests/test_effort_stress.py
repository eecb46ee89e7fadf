"""Normalised speed and power, stress, and running power without a sensor.

Digits: golden numbers, rtss ngp govss.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.loads import (
    flat_equivalent_mps,
    frontal_area_m2,
    intensity,
    lactate_normalised_power_w,
    normalised,
    power_moments,
    rolling_mean,
    running_power_w,
    stress,
)

THRESHOLD = 1000 / 270  # 4:30 /km


def hilly() -> tuple[np.ndarray, np.ndarray]:
    """Speed and grade: 30 min level at 3.0, 10 min up 5 % at 4.0, 20 min down 3 % at 2.5 m/s."""
    seconds = [1800, 600, 1200]
    return np.repeat([3.0, 4.0, 2.5], seconds), np.repeat([0.0, 0.05, -0.03], seconds)


@pytest.mark.parametrize(
    ("pace", "seconds", "share", "points"),
    [
        (300, 1800, 0.9, 40.5),  # slower than threshold is less than 1: speeds, not paces
        (270, 3600, 1.0, 100.0),
        (330, 5400, 0.8181818181818182, 100.41322314049586),
    ],
)
def test_stress_of_an_even_run(pace: float, seconds: float, share: float, points: float) -> None:
    got = intensity(np.array(1000 / pace), THRESHOLD)
    assert got == pytest.approx(share)
    assert stress(np.array(seconds / 60), got) == pytest.approx(points)


def test_normalised_graded_speed_of_a_hilly_run() -> None:
    flat = flat_equivalent_mps(*hilly())
    assert flat.mean() == pytest.approx(3.075455451337667, rel=1e-9)
    speed = normalised(flat)
    assert speed == pytest.approx(3.600918295484961, rel=1e-9)
    share = intensity(np.array(speed), THRESHOLD)
    assert share == pytest.approx(0.9722479397809395, rel=1e-9)
    assert stress(np.array(60.0), share) == pytest.approx(94.52660564082814, rel=1e-9)
    mean = intensity(np.array(flat.mean()), THRESHOLD)
    assert stress(np.array(60.0), mean) == pytest.approx(68.95192723975516, rel=1e-9)


VALUES = st.lists(st.floats(0.0, 10.0), min_size=1, max_size=200)


@given(VALUES, st.integers(1, 60))
def test_rolling_mean_is_that_of_pandas(values: list[float], window: int) -> None:
    series = pd.Series(values)
    want = series.rolling(window, min_periods=1).mean()
    np.testing.assert_allclose(rolling_mean(series.to_numpy(), window), want, atol=1e-9)


@given(VALUES)
def test_normalised_a_second_way_and_never_below_the_mean_of_means(values: list[float]) -> None:
    means = pd.Series(values).rolling(30, min_periods=1).mean()
    got = normalised(np.array(values))
    assert got == pytest.approx(float((means**4).mean() ** 0.25), abs=1e-9)
    assert got >= means.mean() - 1e-9


def test_normalised_of_nothing_is_not_known() -> None:
    assert np.isnan(normalised(np.empty(0)))


@pytest.mark.parametrize(
    ("speed", "slope", "watts"),
    [
        (3.0, 0.0, 262.553190063544),
        (3.5, 0.0, 317.2373298639773),
        (4.0, 0.0, 373.9403695997357),
        (3.0, 0.05, 339.5371811231868),
        (3.0, -0.05, 201.9648906475986),
    ],
)
def test_running_power_of_70_kg_and_175_cm(speed: float, slope: float, watts: float) -> None:
    got = running_power_w(np.array([speed]), np.array([slope]), mass_kg=70, height_m=1.75)
    assert got[0] == pytest.approx(watts, rel=1e-9)


def test_the_moments_give_the_fourth_power_mean_for_any_mass_and_height() -> None:
    speed, slope = hilly()
    means = [rolling_mean(x, 120) for x in (speed, slope)]
    for mass, height in ((70, 1.75), (52, 1.60), (95, 1.95)):
        watts = running_power_w(*means, mass_kg=mass, height_m=height)
        want = (pd.Series(watts).rolling(30, min_periods=1).mean() ** 4).mean() ** 0.25
        moments = np.stack([power_moments(speed, slope)] * 2)
        got = lactate_normalised_power_w(moments, mass_kg=mass, height_m=height)
        assert got.tolist() == pytest.approx([want, want], rel=1e-9)


def test_an_hour_at_threshold_speed_is_100_points_of_govss() -> None:
    flat = np.zeros(3600)
    hour = power_moments(flat + THRESHOLD, flat)
    at = running_power_w(np.array([THRESHOLD]), np.zeros(1), mass_kg=70, height_m=1.75)[0]
    got = lactate_normalised_power_w(hour, mass_kg=70, height_m=1.75)
    assert stress(np.array(60.0), intensity(got, at)) == pytest.approx(100)


def test_what_is_not_known_gives_nan() -> None:
    assert np.isnan(power_moments(np.empty(0), np.empty(0))).all()
    assert np.isnan(lactate_normalised_power_w(np.ones(5), mass_kg=float("nan"), height_m=1.75))
    assert np.isnan(stress(np.array(60.0), intensity(np.array(3.0), float("nan"))))
    assert frontal_area_m2(70, 1.75) == pytest.approx(0.2025 * 1.75**0.725 * 70**0.425 * 0.266)
