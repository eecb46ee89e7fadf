"""A recording minute by minute, whatever the watch's interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.loads import COLUMNS, MEANS, minutes


def stream(seconds: int = 600, every: int = 1, speed: float = 3.0) -> dict[str, np.ndarray]:
    """A run at one speed on the flat, with a heart rate that rises by one a minute."""
    at = np.arange(0, seconds + 1, every, dtype=float)
    return {
        "at": at,
        "distance_m": at * speed,
        "altitude_m": np.full(len(at), 50.0),
        "heart_rate_bpm": 120 + at // 60,
        "cadence_spm": np.full(len(at), 164.0),
    }


def told(run: dict[str, np.ndarray], start: float = 1.7e9) -> dict[str, np.ndarray]:
    streams = {name: values for name, values in run.items() if name != "at"}
    none = np.full(len(run["at"]), np.nan)
    return minutes(run["at"] + start, streams, run.get("distance_m", none))


def test_an_even_run_gives_its_own_numbers_in_every_minute() -> None:
    out = told(stream())
    assert tuple(out) == COLUMNS
    assert out["minute"].tolist() == list(range(10))
    assert out["speed_mps"] == pytest.approx(3.0)
    assert out["speed_cv"] == pytest.approx(0.0, abs=1e-12)
    assert out["slope"] == pytest.approx(0.0, abs=1e-12)
    assert out["heart_rate_bpm"] == pytest.approx(120 + np.arange(10))
    assert out["cadence_spm"] == pytest.approx(164.0)
    assert np.isnan(out["power_w"]).all()


@given(st.integers(1, 10), st.integers(120, 900), st.floats(0.5, 6.0))
def test_the_interval_of_the_watch_does_not_change_speed_or_steps(
    every: int, seconds: int, speed: float
) -> None:
    whole = seconds - seconds % (60 * every)
    fine, coarse = told(stream(whole, 1, speed)), told(stream(whole, every, speed))
    if every in (1, 2, 3, 4, 5, 6, 10):  # divides a minute, so that both see whole ones
        for name in ("minute", "speed_mps", "cadence_spm"):
            assert coarse[name] == pytest.approx(fine[name])


def test_a_climb_of_five_per_cent_is_found_and_halves_where_the_summit_is_rounded() -> None:
    run = stream()
    run["altitude_m"] = 50 + 0.05 * run["distance_m"]
    assert told(run)["slope"][1:-1] == pytest.approx(0.05)


def test_uneven_speed_shows_in_the_pieces_of_a_minute() -> None:
    run = stream(120)
    pace = np.where(run["at"] % 20 < 10, 2.0, 4.0)  # ten seconds slow, ten seconds fast
    run["distance_m"] = np.concatenate([[0.0], np.cumsum(pace[:-1])])
    out = told(run)
    assert out["speed_mps"] == pytest.approx(3.0)
    assert out["speed_cv"] == pytest.approx(1.0 / 3.0)  # two and four around three: sd 1


def test_a_minute_with_a_pause_or_a_gap_in_it_is_left_out() -> None:
    run = stream()
    keep = (run["at"] < 130) | (run["at"] >= 145)  # fifteen seconds away in the third minute
    gone = told({name: values[keep] for name, values in run.items()})
    assert gone["minute"].tolist() == [0, 1, 3, 4, 5, 6, 7, 8, 9]
    keep = (run["at"] < 130) | (run["at"] >= 138)  # eight seconds are bridged
    assert len(told({n: v[keep] for n, v in run.items()})["minute"]) == 10


def test_a_mean_needs_half_a_minute_of_what_it_is_the_mean_of() -> None:
    run = stream(120)
    run["heart_rate_bpm"][25:60] = np.nan
    run["heart_rate_bpm"][60:90] = np.nan
    rate = told(run)["heart_rate_bpm"]
    assert np.isnan(rate[0])
    assert rate[1] == pytest.approx(121.0)


def test_unequal_intervals_are_weighted_by_their_time() -> None:
    at = np.concatenate([np.arange(0, 30), np.arange(30, 61, 10)]).astype(float)
    run = {"at": at, "distance_m": 3 * at, "cadence_spm": np.where(at < 30, 160.0, 170.0)}
    assert told(run)["cadence_spm"] == pytest.approx([165.0])


@pytest.mark.parametrize("missing", ["distance_m", "all"])
def test_without_a_distance_there_is_nothing_to_compare(missing: str) -> None:
    run = stream(300)
    if missing == "all":
        run["distance_m"][:] = np.nan
    else:
        del run["distance_m"]
    assert all(len(values) == 0 for values in told(run).values())


def test_a_standing_runner_has_no_spread_and_no_grade() -> None:
    run = stream(120, speed=0.0)
    out = told(run)
    assert out["speed_mps"] == pytest.approx(0.0)
    assert np.isnan(out["speed_cv"]).all()
    assert np.isnan(out["slope"]).all()


def test_nothing_but_the_named_columns_comes_out_of_an_empty_stream() -> None:
    assert set(minutes(np.empty(0), {}, np.empty(0))) == {
        "minute",
        "speed_mps",
        "speed_cv",
        "slope",
        *MEANS,
    }


def test_a_clock_that_jumps_by_years_costs_neither_time_nor_memory() -> None:
    seconds = np.arange(0.0, 301.0)
    jumped = np.concatenate([seconds, seconds + 4e9])
    way = np.concatenate([3 * seconds, 1000 + 3 * seconds])
    told = minutes(jumped, {}, way)
    assert len(told["minute"]) < 12
    assert told["minute"][:4].tolist() == [0, 1, 2, 3]
    assert np.allclose(told["speed_mps"][:4], 3)
