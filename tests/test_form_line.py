"""The runner's own line of a measure over speed, and how far a run lies off it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loadmon.rules.effort_and_form import baseline, deviations, robust_line, steady

#: golden numbers, cadence speed baseline, computed by ordinary least squares.
SPEED = np.array([2.4, 2.6, 2.8, 3.0, 3.2, 3.4, 3.6, 3.8])
CADENCE = np.array([158.0, 160, 163, 164, 167, 168, 171, 173])
SLOPE, INTERCEPT, EXPECTED, DELTA = 10.595238095238097, 132.6547619047619, 164.4404761904762, -5.13
DAY = pd.Timestamp("2026-10-11")


def samples(runs: int = 8, per_run: int = 8, first: str = "2026-09-01") -> pd.DataFrame:
    """Steady minutes on the golden line, in runs two days apart."""
    rows = []
    for run in range(runs):
        day = pd.Timestamp(first) + pd.Timedelta(days=2 * run)
        for i in range(per_run):
            speed, cadence = SPEED[i % 8], CADENCE[i % 8]
            rows.append((f"r{run}", day, speed, 0.02, 0.001, cadence))
    names = ["activity_id", "date", "speed_mps", "speed_cv", "slope", "cadence_spm"]
    return pd.DataFrame(rows, columns=names)


def test_the_golden_line_and_its_test_point() -> None:
    line = robust_line(SPEED, CADENCE)
    assert line.slope == pytest.approx(SLOPE, rel=2e-3)  # no point is odd enough to matter much
    assert line.intercept == pytest.approx(INTERCEPT, rel=1e-3)
    expected = line.intercept + 3.0 * line.slope
    assert expected == pytest.approx(EXPECTED, rel=2e-4)
    assert 100 * (156 / expected - 1) == pytest.approx(DELTA, abs=0.02)


def test_points_on_a_line_give_it_exactly() -> None:
    line = robust_line(SPEED, 130 + 11 * SPEED)
    assert (line.intercept, line.slope) == pytest.approx((130, 11))
    assert line.spread == pytest.approx(0, abs=1e-9)


def test_a_few_odd_minutes_do_not_pull_the_line() -> None:
    speed = np.tile(SPEED, 8)
    cadence = np.tile(CADENCE, 8)
    odd = cadence.copy()
    odd[::16] = 80.0  # walking, or a watch that counted one foot
    plain = np.polyfit(speed, odd, 1)[0]
    assert abs(robust_line(speed, odd).slope - SLOPE) < 0.2 < 10 < abs(plain - SLOPE)


def test_the_estimator_minimises_hubers_loss() -> None:
    from scipy.optimize import minimize

    rng = np.random.default_rng(3)
    x = rng.uniform(2, 4, 60)
    y = 130 + 11 * x + rng.standard_t(2, 60)
    line = robust_line(x, y)
    k = 1.345 * line.spread

    def loss(b: np.ndarray) -> float:
        off = np.abs(y - b[0] - b[1] * x)
        return float(np.where(off < k, off**2 / 2, k * (off - k / 2)).sum())

    best = minimize(loss, [line.intercept + 1, line.slope - 1], method="Nelder-Mead").x
    assert (line.intercept, line.slope) == pytest.approx(tuple(best), abs=5e-3)


def test_steady_minutes_are_even_flat_and_run() -> None:
    rows = pd.DataFrame(
        {
            "speed_mps": [3.0, 3.0, 3.0, 1.5, 3.0, 3.0],
            "speed_cv": [0.049, 0.05, 0.01, 0.01, 0.01, np.nan],
            "slope": [0.019, 0.0, 0.02, 0.0, np.nan, 0.0],
        }
    )
    assert steady(rows).index.tolist() == [0, 4]


@pytest.mark.parametrize(
    ("runs", "per_run", "is_enough"), [(5, 4, True), (4, 8, False), (6, 3, False)]
)
def test_a_baseline_needs_twenty_minutes_in_five_runs(
    runs: int, per_run: int, is_enough: bool
) -> None:
    assert (baseline(samples(runs, per_run), "cadence_spm", DAY) is not None) is is_enough


def test_a_baseline_reaches_back_ninety_days_and_never_to_the_day_itself() -> None:
    five = samples(5)
    last = five["date"].max()
    assert baseline(five, "cadence_spm", last + pd.Timedelta(days=82)) is not None
    assert baseline(five, "cadence_spm", last + pd.Timedelta(days=83)) is None
    assert baseline(five, "cadence_spm", last) is None


def test_one_speed_makes_no_line() -> None:
    rows = samples().assign(speed_mps=3.0)
    assert baseline(rows, "cadence_spm", DAY) is None


def test_a_run_with_longer_steps_lies_below_the_line_by_what_was_changed() -> None:
    rows = samples()
    last = rows["activity_id"] == "r7"
    rows.loc[last, "cadence_spm"] /= 1.06  # steps 6 % longer at the same speed
    (run,) = deviations(rows, "cadence_spm", rows.loc[last, "date"].iloc[0]).to_dict("records")
    assert run["activity_id"] == "r7"
    assert run["minutes"] == 8
    assert run["share"] == pytest.approx(1 / 1.06 - 1, abs=2e-3)
    assert run["z"] < -10


def test_runs_with_under_three_steady_minutes_are_not_judged() -> None:
    rows = samples()
    since = pd.Timestamp("2026-09-13")
    rows = rows[(rows["activity_id"] != "r7") | (rows.groupby("activity_id").cumcount() < 2)]
    assert deviations(rows, "cadence_spm", since)["activity_id"].tolist() == ["r6"]


def test_without_a_baseline_nothing_is_said_of_any_run() -> None:
    told = deviations(samples(4), "cadence_spm", pd.Timestamp("2026-09-07"))
    assert told.empty
    assert {"date", "share", "z", "minutes"} <= set(told.columns)
