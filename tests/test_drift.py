"""Form within one long run, at the same speed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loadmon.rules.effort_and_form import drifts

RNG = np.random.default_rng(5)


def run(
    per_hour: float, *, minutes: int = 60, noise: float = 1.0, fade: float = 0.0
) -> pd.DataFrame:
    """One run whose cadence drifts, and whose speed fades by a share of itself an hour."""
    at = np.arange(minutes, dtype=float)
    speed = 3.0 * (1 - fade * at / 60) + RNG.normal(0, 0.05, minutes)
    cadence = 132 + 11 * speed + per_hour * at / 60 + RNG.normal(0, noise, minutes)
    told = {"activity_id": "r", "date": pd.Timestamp("2026-10-11"), "minute": at}
    return pd.DataFrame({**told, "speed_mps": speed, "cadence_spm": cadence})


def test_a_drift_is_found_within_its_interval_and_the_speed_is_taken_out() -> None:
    (row,) = drifts(run(-6.0, fade=0.1), "cadence_spm").to_dict("records")
    assert row["low"] < -6.0 < row["high"] < 0
    assert row["minutes"] == 60
    slowed = drifts(run(0.0, fade=0.1), "cadence_spm").iloc[0]
    assert slowed["low"] < 0.0 < slowed["high"]  # fewer steps, but only because it was slower


def test_the_slope_and_its_error_are_those_of_least_squares() -> None:
    rows = run(-3.0)
    (row,) = drifts(rows, "cadence_spm").to_dict("records")
    design = np.column_stack([np.ones(60), rows["minute"] / 60, rows["speed_mps"]])
    y = rows["cadence_spm"].to_numpy()
    q, r = np.linalg.qr(design)
    fitted = np.linalg.solve(r, q.T @ y)
    variance = ((y - design @ fitted) ** 2).sum() / (60 - 3)
    error = np.sqrt(variance * np.diag(np.linalg.inv(r) @ np.linalg.inv(r).T))[1]
    assert row["per_hour"] == pytest.approx(fitted[1])
    assert row["high"] - row["per_hour"] == pytest.approx(2 * error)


@pytest.mark.parametrize(("minutes", "rows"), [(41, 1), (40, 0)])
def test_a_run_must_span_forty_minutes(minutes: int, rows: int) -> None:
    assert len(drifts(run(0.0, minutes=minutes), "cadence_spm")) == rows


def test_too_few_steady_minutes_say_nothing() -> None:
    assert drifts(run(0.0).iloc[::5], "cadence_spm").empty  # twelve of them
    assert len(drifts(run(0.0).iloc[::4], "cadence_spm")) == 1  # fifteen


def test_one_speed_throughout_is_no_obstacle() -> None:
    rows = run(-6.0).assign(speed_mps=3.0)
    assert drifts(rows, "cadence_spm")["per_hour"].iloc[0] == pytest.approx(-6.0, abs=3)


def test_speed_that_cannot_be_told_from_time_says_nothing() -> None:
    rows = run(-6.0)
    rows["speed_mps"] = 3.0 - rows["minute"] / 100
    assert drifts(rows, "cadence_spm").empty
