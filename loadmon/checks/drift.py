"""How form changes within one long run, at the same speed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.evidence.form import FORM_DRIFT
from loadmon.load.ratio import Floats

_HOUR_MIN = 60
DRIFT_COLUMNS = {
    "activity_id": "str",
    "date": "datetime64[us]",
    "minutes": "int64",
    "per_hour": "float64",
    "low": "float64",
    "high": "float64",
}


def drifts(samples: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Change of a measure per hour of running, speed held equal, for every run long enough.

    Parameters
    ----------
    samples : DataFrame
        Steady minutes (`loadmon.checks.form_line.steady`).
    measure : str
        One of `loadmon.checks.form_line.MEASURES`.

    Returns
    -------
    DataFrame
        One row per run whose steady minutes span at least 40 min: ``activity_id``, ``date``,
        ``minutes`` used; ``per_hour``, and ``low`` to ``high``, twice its standard error to both
        sides, about a 95 % interval. [unit of `measure` per hour] Runs whose speed or time cannot
        be told apart are left out.

    Notes
    -----
    Least squares of the measure on speed and elapsed time. What such a drift means for injury is
    not known (`loadmon.evidence.form.FORM_DRIFT`); a hill at the end looks like fatigue.
    """
    rows = []
    for activity_id, run in samples[samples[measure].notna()].groupby("activity_id", sort=False):
        at = run["minute"].to_numpy(dtype=float)
        if np.ptp(at) < FORM_DRIFT["min_minutes"] or len(at) < FORM_DRIFT["min_samples"]:
            continue
        slope = _slope(
            run["speed_mps"].to_numpy(float), at / _HOUR_MIN, run[measure].to_numpy(float)
        )
        if slope is not None:
            per_hour, error = slope
            numbers = {
                "per_hour": per_hour,
                "low": per_hour - 2 * error,
                "high": per_hour + 2 * error,
            }
            told = {"activity_id": activity_id, "date": run["date"].iloc[0], "minutes": len(run)}
            rows.append({**told, **numbers})
    return pd.DataFrame(rows, columns=list(DRIFT_COLUMNS)).astype(DRIFT_COLUMNS)


def _slope(speed: Floats, hours: Floats, values: Floats) -> tuple[float, float] | None:
    """Slope over time at equal speed and its standard error; None where it is not determined."""
    columns = [np.ones(len(hours)), hours] + ([speed] if np.ptp(speed) > 0 else [])
    design = np.column_stack(columns)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    fitted, _, _, _ = np.linalg.lstsq(design, values, rcond=None)
    off = values - design @ fitted
    variance = float(off @ off) / (len(values) - design.shape[1])
    spread = np.linalg.inv(design.T @ design)[1, 1]
    return float(fitted[1]), float(np.sqrt(variance * spread))
