"""How a run was run, against the runner's own line of that measure over speed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.checks.line import Line, robust_line
from loadmon.evidence.form import FORM_BASELINE, FORM_DEVIATION, STEADY

#: What the minutes say of form, as people call it; the unit is at the end of the column's name.
MEASURES = {
    "cadence_spm": "steps per minute",
    "stance_time_ms": "ground contact time",
    "vertical_oscillation_mm": "bounce",
    "vertical_ratio_pct": "bounce per step",
}


def steady(minutes: pd.DataFrame) -> pd.DataFrame:
    """Minutes of even speed on flat ground, which can be compared with each other.

    Parameters
    ----------
    minutes : DataFrame
        Columns of `loadmon.effort.minutes.minutes` beside ``activity_id`` and ``date``.

    Returns
    -------
    DataFrame
        The rows of steady running. A grade that is not known, as on a treadmill, counts as flat.
    """
    is_even = minutes["speed_cv"] < STEADY["speed_cv"]
    is_flat = ~(minutes["grade"].abs() >= STEADY["grade"])
    return minutes[is_even & is_flat & (minutes["speed_mps"] > STEADY["min_speed_mps"])]


def baseline(samples: pd.DataFrame, measure: str, before: pd.Timestamp) -> Line | None:
    """Own line of a measure over speed, from the 90 days before a day.

    Parameters
    ----------
    samples : DataFrame
        What `steady` gives.
    measure : str
        One of `MEASURES`.
    before : Timestamp
        The day; it is not among the 90.

    Returns
    -------
    Line or None
        None with under 20 minutes or 5 runs of it, or where all were run at one speed.
    """
    days = pd.Timedelta(days=int(FORM_BASELINE["days"]))
    is_base = (samples["date"] < before) & (samples["date"] >= before - days)
    rows = samples[is_base & samples[measure].notna()]
    enough = len(rows) >= FORM_BASELINE["min_minutes"]
    if not enough or rows["activity_id"].nunique() < FORM_BASELINE["min_runs"]:
        return None
    speed = rows["speed_mps"].to_numpy(dtype=float)
    return robust_line(speed, rows[measure].to_numpy(dtype=float)) if np.ptp(speed) > 0 else None


def deviations(samples: pd.DataFrame, measure: str, since: pd.Timestamp) -> pd.DataFrame:
    """How far each run from a day on lies off the line of the 90 days before that day.

    Parameters
    ----------
    samples : DataFrame
        What `steady` gives.
    measure : str
        One of `MEASURES`.
    since : Timestamp
        First day of the runs that are judged; the baseline ends on the day before.

    Returns
    -------
    DataFrame
        One row per run with at least 3 steady minutes: ``activity_id``, ``date``, ``minutes``
        [min], ``speed_mps``, ``value`` and ``expected`` (medians, in the unit of `measure`),
        ``share`` (median of value over expected, minus 1 [-]), ``z`` (median residual in robust
        standard deviations [-]). Empty without a baseline.
    """
    line = baseline(samples, measure, since)
    rows = samples[(samples["date"] >= since) & samples[measure].notna()]
    if line is None:
        rows = rows.iloc[:0]
    expected = rows["speed_mps"] * (line.slope if line else 0) + (line.intercept if line else 0)
    spread = line.spread if line and line.spread > 0 else np.nan
    told = rows.assign(
        expected=expected,
        share=rows[measure] / expected - 1,
        z=(rows[measure] - expected) / spread,
        value=rows[measure],
    )
    runs = told.groupby("activity_id", sort=False)
    middle = runs[["speed_mps", "value", "expected", "share", "z"]].median()
    middle.insert(0, "minutes", runs.size())
    middle.insert(0, "date", runs["date"].first())
    enough = middle["minutes"] >= FORM_DEVIATION["minutes"]
    return middle[enough].reset_index()
