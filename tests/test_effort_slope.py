"""Climb, grade and the cost of a slope: published numbers, hills made by hand, noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from loadmon.loads import (
    climb_and_descent,
    downhill_m,
    flat_equivalent_mps,
    running_cost,
    slope_along,
)

#: golden numbers, minetti cost: grade, and energy of running a metre by the polynomial of
#: Minetti et al. 2002. [J/kg/m]
COST = [
    (-0.45, 4.0323054375),
    (-0.40, 3.609664),
    (-0.30, 2.462238),
    (-0.25, 2.0248046875),
    (-0.20, 1.800032),
    (-0.18, 1.78136900928),
    (-0.15, 1.8356968125),
    (-0.10, 2.151706),
    (-0.05, 2.7459239375),
    (0.00, 3.6),
    (0.05, 4.6851960625),
    (0.10, 5.968214),
    (0.15, 7.4170231875),
    (0.20, 9.006688),
    (0.30, 12.579282),
    (0.40, 16.849856),
    (0.45, 19.4260145625),
]


@pytest.mark.parametrize(("slope", "cost"), COST)
def test_the_cost_of_running_is_that_of_the_published_polynomial(slope: float, cost: float) -> None:
    assert running_cost(np.array([slope]))[0] == pytest.approx(cost, rel=1e-9)
    # A second way: term by term, without Horner.
    terms = [155.4 * slope**5, -30.4 * slope**4, -43.3 * slope**3, 46.3 * slope**2, 19.5 * slope]
    assert running_cost(np.array([slope]))[0] == pytest.approx(math.fsum([*terms, 3.6]), rel=1e-12)


def test_the_polynomial_agrees_with_what_the_study_measured() -> None:
    """Abstract: 3.40 (SD 0.24) on the level, 18.93 (1.74) at +45 %, 1.73 (0.36) at -20 %."""
    for slope, mean, sd in ((0, 3.40, 0.24), (0.45, 18.93, 1.74), (-0.20, 1.73, 0.36)):
        assert abs(running_cost(np.array([slope]))[0] - mean) < sd


def test_the_cheapest_grade_is_18_percent_down() -> None:
    least = minimize_scalar(
        lambda i: float(running_cost(np.array([i]))[0]), bounds=(-0.4, 0.4), method="bounded"
    )
    assert least.x == pytest.approx(-0.181, abs=0.001)
    assert least.fun == pytest.approx(1.781, abs=0.001)


def test_beyond_the_laboratory_the_steepest_measured_grade_counts() -> None:
    assert running_cost(np.array([0.9, -0.9])).tolist() == pytest.approx([COST[-1][1], COST[0][1]])


def test_flat_equivalent_speed_is_the_speed_on_the_level_and_more_uphill() -> None:
    got = flat_equivalent_mps(np.array([3.0, 3.0, 3.0]), np.array([0.0, 0.10, -0.10]))
    assert got.tolist() == pytest.approx([3.0, 3 * 1.6578372222222222, 3 * 0.5976961111111111])


def steady(grades: list[tuple[float, int]], mps: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """Way and altitude at each second of stretches at one grade. [m, m]"""
    slopes = np.concatenate([np.full(n, slope) for slope, n in grades])
    way = mps * np.arange(len(slopes) + 1)
    return way, 100 + np.concatenate([[0.0], np.cumsum(mps * slopes)])


def test_grade_is_rise_over_run_of_the_sixty_metres_around() -> None:
    way, altitude = steady([(0.0, 100), (0.10, 100)])
    got = slope_along(way, altitude)
    assert got[:90] == pytest.approx(0.0, abs=1e-12)
    assert got[111:] == pytest.approx(0.10)
    assert got[100] == pytest.approx(0.05)  # half of the 60 m at the foot of the hill are level


def test_grade_stays_within_the_laboratory_and_needs_thirty_metres() -> None:
    way, altitude = steady([(1.0, 60)])
    assert slope_along(way, altitude).max() == 0.45
    assert slope_along(way, 200 - altitude).min() == -0.45
    assert slope_along(way[:10], altitude[:10]).tolist() == [0.0] * 10  # 27 m
    assert slope_along(way[:11], altitude[:11]).tolist() == [0.45] * 11  # 30 m
    assert slope_along(np.empty(0), np.empty(0)).size == 0


def test_standing_still_keeps_the_grade_of_the_place() -> None:
    way, altitude = steady([(0.10, 100)])
    still = np.concatenate([way[:50], np.full(60, way[50]), way[50:]])
    height = np.concatenate([altitude[:50], np.full(60, altitude[50]), altitude[50:]])
    assert slope_along(still, height) == pytest.approx(0.10)


def test_climb_and_descent_of_a_hill() -> None:
    _, altitude = steady([(0.0, 60), (0.10, 100), (0.0, 60), (-0.05, 200), (0.0, 60)])
    climb, descent = climb_and_descent(altitude)
    assert climb == pytest.approx(30, abs=1)
    assert descent == pytest.approx(30, abs=1)


def test_climb_counts_a_change_once_it_has_reached_90_centimetres() -> None:
    def held(*metres: float) -> np.ndarray:
        return np.repeat(metres, 20)

    assert climb_and_descent(held(100, 100.89, 100, 100.89)) == (0, 0)
    assert climb_and_descent(held(100, 100.91, 100)) == pytest.approx((0.91, 0.91))
    climb, descent = climb_and_descent(held(100, 103, 102.2, 104))
    assert 3.1 <= climb <= 4  # 103 less 0.8 is no descent, and part of a step may be left over
    assert descent == 0


def test_a_wobble_of_a_barometer_is_no_climb() -> None:
    noise = np.random.default_rng(1).normal(0, 0.3, 3600)
    assert climb_and_descent(100 + noise) == (0, 0)
    hill = 50 * np.sin(np.linspace(0, 2 * np.pi, 3600))
    climb, descent = climb_and_descent(100 + noise + hill)
    assert climb == pytest.approx(100, rel=0.05)
    assert descent == pytest.approx(100, rel=0.05)


def test_climb_of_less_than_two_seconds_is_not_known() -> None:
    assert np.isnan(climb_and_descent(np.array([100.0]))).all()
    assert climb_and_descent(np.array([100.0, 100.0])) == (0, 0)


@given(st.lists(st.floats(-300, 300), min_size=2, max_size=60))
def test_climb_less_descent_is_the_net_change_to_within_the_step(moves: list[float]) -> None:
    altitude = np.repeat(np.cumsum(moves), 10)
    climb, descent = climb_and_descent(altitude)
    assert climb >= 0
    assert descent >= 0
    assert climb - descent == pytest.approx(altitude[-1] - altitude[0], abs=1.001)


def test_downhill_counts_metres_lost_where_it_is_steeper_than_five_percent() -> None:
    for slope, lost in ((-0.04, 0.0), (-0.05, 0.0), (-0.06, 18.0), (-0.10, 30.0), (0.10, 0.0)):
        way, altitude = steady([(slope, 100)])
        assert downhill_m(way, slope_along(way, altitude).round(9)) == pytest.approx(lost, abs=1e-6)
    assert downhill_m(np.empty(0), np.empty(0)) == 0
