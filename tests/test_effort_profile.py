"""The effort profile of whole streams: what it holds, and what a missing stream leaves unknown."""

from __future__ import annotations

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from loadmon.loads import FLAT, EffortProfile, effort_profile

HOUR = np.arange(3601.0)


def run(
    *, sport: str = "running", sub_sport: str = "", mps: float = 3.0, **streams: np.ndarray
) -> EffortProfile:
    """Profile of an hour at one speed."""
    distance = streams.pop("distance_m", mps * HOUR)
    return effort_profile(HOUR, streams, distance, sport=sport, sub_sport=sub_sport)


def held(value: float) -> np.ndarray:
    return np.full(len(HOUR), value)


def test_an_even_level_run() -> None:
    got = run(
        heart_rate_bpm=held(150), altitude_m=held(80), cadence_spm=held(170), speed_mps=held(3.0),
        power_w=held(240),
    )  # fmt: skip
    assert got["seconds_at_bpm"].sum() == got["seconds_at_speed"].sum() == 3600
    assert (got["climb_m"], got["descent_m"], got["downhill_m"]) == (0, 0, 0)
    assert got["counted_steps"] == pytest.approx(170 * 60)
    assert got["graded_speed_mps"] == pytest.approx(3.0)
    assert got["normalized_graded_speed_mps"] == pytest.approx(3.0)
    assert got["graded_seconds"] == got["power_seconds"] == 3600
    assert (got["mean_power_w"], got["normalized_power_w"]) == (240, pytest.approx(240))


def test_a_run_up_a_slope_costs_more_and_down_it_loses_metres() -> None:
    up = run(altitude_m=0.05 * 3.0 * HOUR, speed_mps=held(3.0))
    assert up["graded_speed_mps"] == pytest.approx(3 * 1.3014433506944445)
    assert up["climb_m"] == pytest.approx(540, abs=2)
    down = run(altitude_m=900 - 0.08 * 3.0 * HOUR, speed_mps=held(3.0))
    assert down["descent_m"] == pytest.approx(864, abs=2)
    assert down["downhill_m"] == pytest.approx(864, abs=2)
    assert down["graded_speed_mps"] < 3.0


def test_without_an_altitude_a_run_outdoors_has_no_graded_speed_and_a_treadmill_is_level() -> None:
    outdoors = run(speed_mps=held(3.0))
    assert np.isnan(outdoors["normalized_graded_speed_mps"])
    assert np.isnan(outdoors["climb_m"])
    assert outdoors["graded_seconds"] == 0
    assert {"treadmill", "indoor_running", "track"} <= set(FLAT)
    for sub_sport in FLAT:
        indoors = run(speed_mps=held(3.0), altitude_m=0.05 * 3 * HOUR, sub_sport=sub_sport)
        assert indoors["graded_speed_mps"] == pytest.approx(3.0)
        assert indoors["downhill_m"] == 0
        assert np.isnan(indoors["climb_m"])
        assert indoors["is_flat"]


@pytest.mark.parametrize(("metres", "lost"), [(62.0, 6.2), (55.0, np.nan)])
def test_metres_are_lost_downhill_where_sixty_metres_tell_the_grade(
    metres: float, lost: float
) -> None:
    way = metres / 3600 * HOUR
    got = run(distance_m=way, altitude_m=100 - 0.1 * way)
    assert got["downhill_m"] == pytest.approx(lost, abs=0.1, nan_ok=True)


def test_a_walk_has_climb_and_steps_and_no_graded_speed_of_running() -> None:
    walk = run(sport="walking", altitude_m=0.05 * HOUR, speed_mps=held(1.0), cadence_spm=held(110))
    assert walk["climb_m"] == pytest.approx(180, abs=2)
    assert walk["counted_steps"] == pytest.approx(6600)
    assert np.isnan(walk["graded_speed_mps"])
    assert np.isnan(walk["power_moments"]).all()


def test_a_speed_that_was_not_recorded_is_made_from_the_way() -> None:
    uneven = 3.0 * HOUR + np.random.default_rng(3).normal(0, 0.5, len(HOUR))
    got = run(altitude_m=held(10), distance_m=np.maximum.accumulate(uneven))
    assert got["graded_speed_mps"] == pytest.approx(3.0, rel=0.01)
    assert got["normalized_graded_speed_mps"] == pytest.approx(3.0, rel=0.02)
    zone = got["seconds_at_speed"]
    assert zone[140:160].sum() > 0.9 * zone.sum()  # 2.8 to 3.2 m/s


def test_the_way_over_a_pause_is_no_speed() -> None:
    time = np.concatenate([np.arange(600.0), np.arange(1200.0, 1800.0)])
    way = np.concatenate([3.0 * np.arange(600), 5000 + 3.0 * np.arange(600)])
    streams = {"altitude_m": np.full(len(time), 5.0)}
    got = effort_profile(time, streams, way, sport="running", sub_sport="")
    assert got["normalized_graded_speed_mps"] == pytest.approx(3.0, rel=0.01)
    assert got["graded_seconds"] == pytest.approx(1198, abs=2)


def test_nothing_recorded_is_nothing_known() -> None:
    got = effort_profile(np.empty(0), {}, np.empty(0), sport="running", sub_sport="")
    assert got["seconds_at_bpm"].sum() == 0
    numbers = [v for k, v in got.items() if isinstance(v, float) and not k.endswith("seconds")]
    assert np.isnan(numbers).all()
    only = effort_profile(np.array([0.0]), {}, np.array([np.nan]), sport="running", sub_sport="")
    assert np.isnan(only["counted_steps"])


def test_an_uneven_run_has_more_normalised_than_mean_speed_and_power() -> None:
    hard = np.where(HOUR % 600 < 300, 1.0, 0.0)
    speed, watts = 2.0 + 2.0 * hard, 150 + 150 * hard
    way = np.concatenate([[0.0], np.cumsum(speed)[:-1]])
    got = run(speed_mps=speed, power_w=watts, altitude_m=held(50), distance_m=way)
    assert got["graded_speed_mps"] == pytest.approx(3.0)
    assert got["mean_power_w"] == pytest.approx(225)
    for name, series in (("normalized_graded_speed_mps", speed), ("normalized_power_w", watts)):
        means = np.array([series[max(0, i - 29) : i + 1].mean() for i in range(3600)])
        assert got[name] == pytest.approx((means**4).mean() ** 0.25, rel=1e-9)  # type: ignore[literal-required]
        assert got[name] > 1.05 * series.mean()  # type: ignore[literal-required]


def test_a_jump_of_the_positions_is_no_sprint() -> None:
    speed = held(3.0)
    speed[1000:1005] = 40.0
    got = run(speed_mps=speed, altitude_m=held(50))
    assert got["normalized_graded_speed_mps"] == pytest.approx(3.0)
    assert got["graded_seconds"] == pytest.approx(3600, abs=6)
    fast = held(3.0)
    fast[1000:1005] = 12.0
    assert run(speed_mps=fast, altitude_m=held(50))["normalized_graded_speed_mps"] > 3.0


NUMBER = st.one_of(st.just(np.nan), st.floats(-100, 10_000))


@settings(max_examples=examples(2))
@given(
    st.lists(st.tuples(st.floats(0.01, 40.0), *[NUMBER] * 6), max_size=60),
    st.sampled_from(["running", "cycling", ""]),
)
def test_whatever_was_recorded_gives_numbers_that_can_be_or_none(
    records: list[tuple[float, ...]], sport: str
) -> None:
    columns = np.array(records, dtype=float).reshape(-1, 7).T
    names = ("heart_rate_bpm", "altitude_m", "cadence_spm", "speed_mps", "power_w")
    streams = dict(zip(names, columns[1:6], strict=True))
    got = effort_profile(np.cumsum(columns[0]), streams, columns[6], sport=sport, sub_sport="")
    earned = columns[0][1:][columns[0][1:] <= 120].sum()
    for name in ("seconds_at_bpm", "seconds_at_speed"):
        assert 0 <= got[name].sum() <= earned + 1e-6  # type: ignore[literal-required]
        assert np.isfinite(got[name]).all()  # type: ignore[literal-required]
    for name in ("climb_m", "descent_m", "downhill_m"):
        assert not got[name] < -1e-6  # type: ignore[literal-required]
        assert not np.isinf(got[name])  # type: ignore[literal-required]
    assert got["graded_seconds"] <= earned + 1e-6
