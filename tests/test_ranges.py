"""Numbers that nobody makes are left out of a recording, and that is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from loadmon.io.clean import clean
from loadmon.io.quality import assess
from loadmon.io.recording import (
    STREAMS,
    SUMMARY_COLUMNS,
    Recording,
    impossible_sums,
    impossible_values,
)

T0 = 1_772_350_200.0
NAN = float("nan")


def made(told: dict[str, float] | None = None, sport: str = "running", **streams: Any) -> Recording:
    """Half an hour of records 10 s apart, with the given streams."""
    arrays = {name: np.asarray(values, float) for name, values in streams.items()}
    time = T0 + 10.0 * np.arange(181)
    summary = {"timer_s": 1800.0, "elapsed_s": 1800.0, "distance_m": 5000.0}
    return Recording(
        sport=sport, start=T0, time=time, streams=arrays, summary=summary | dict(told or {})
    )


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("power_w", 0, 4000), ("cadence_spm", 0, 400), ("speed_mps", -1, 400), ("distance_m", 0, 5e6)],
)
def test_the_border_of_each_stream_still_can_be(name: str, low: float, high: float) -> None:
    values = np.array([low, high, NAN, high + 1, 1e300, np.inf])
    told = impossible_values({name: values})
    np.testing.assert_array_equal(values, [low, high, NAN, NAN, NAN, NAN])
    assert told.startswith(f"3 values of {name} outside")


@pytest.mark.parametrize("name", sorted(set(STREAMS) - {"heart_rate_bpm", "altitude_m"}))
@pytest.mark.parametrize("value", [1e300, -1e300])
def test_no_stream_keeps_a_number_without_end(name: str, value: float) -> None:
    other = {"latitude_deg": "longitude_deg", "longitude_deg": "latitude_deg"}.get(name)
    streams = {name: np.full(181, 1.0)} | ({other: np.full(181, 1.0)} if other else {})
    streams[name][90] = value
    after = clean(made(**streams))
    assert np.isnan(after.streams[name]).tolist() == [n == 90 for n in range(181)]
    assert set(after.flags) == {"gps-range" if other else "value-range"}


@pytest.mark.parametrize(("rows", "value"), [([90], 52_500.0), ([90, 91], 0.0)])
def test_a_distance_that_leaps_away_and_back_is_left_out_and_that_is_said(
    rows: list[int], value: float
) -> None:
    way = np.linspace(0, 5000, 181)
    way[rows] = value
    after = clean(made(distance_m=way))
    assert np.flatnonzero(np.isnan(after.streams["distance_m"])).tolist() == rows
    assert set(after.flags) == {"value-range"}
    assert after.flags["value-range"].startswith(f"{len(rows)} values of distance_m")


@pytest.mark.parametrize("name", [*SUMMARY_COLUMNS, "avg_hr_bpm", "ascent_m", "descent_m", "rpe"])
@pytest.mark.parametrize("value", [1e15, 1e300, float("inf")])
def test_no_summary_keeps_a_number_without_end(name: str, value: float) -> None:
    before = made({name: value})
    after = clean(before)
    assert name not in after.summary
    assert set(after.flags) == {"value-range"}
    assert name in after.flags["value-range"]
    assert before.summary[name] == value


def test_what_is_told_to_be_nought_was_not_measured() -> None:
    told = {"avg_hr_bpm": 0.0, "max_hr_bpm": 29.0, "rpe": 0.0, "avg_power_w": 4000.0}
    assert impossible_sums(told) == "max_hr_bpm of 29 left out as impossible"
    assert told == {"avg_hr_bpm": 0, "rpe": 0, "avg_power_w": 4000}


def test_one_wild_value_does_not_spoil_the_power_of_a_run() -> None:
    watts = np.full(181, 250.0)
    watts[90] = 1e300
    found = assess(clean(made(power_w=watts)))
    assert found.numbers["normalized_power_w"] == pytest.approx(250)
    assert set(found.issues) == {"value-range"}


def test_one_wild_value_does_not_spoil_the_steps_of_a_run() -> None:
    cadence = np.full(181, 170.0)
    cadence[90] = 1e300
    found = assess(clean(made(cadence_spm=cadence)))
    assert found.numbers["steps"] == pytest.approx(170 * 30, rel=0.01)
    assert set(found.issues) == {"value-range"}


@pytest.mark.parametrize(("cycles", "steps"), [(12_000, 12_000), (12_001, 5100), (1e15, 5100)])
def test_more_strides_than_feet_make_give_way_to_the_cadence(cycles: float, steps: float) -> None:
    found = assess(clean(made({"cycles": cycles}, cadence_spm=np.full(181, 170.0))))
    assert found.numbers["steps"] == pytest.approx(steps, rel=0.01)
    assert ("value-range" in found.issues) == (cycles > 12_000)
