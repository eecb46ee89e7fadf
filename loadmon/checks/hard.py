"""Which days were hard: told as such, or with a load in the top third of the runner's own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.checks.view import View
from loadmon.evidence.checks import HARD_DAYS
from loadmon.evidence.load import WINDOWS

#: Loads that say how hard a run was; distance says how far it was.
_HARD_LOADS = ("trimp", "hr_stress", "edwards", "srpe")


def hard_days(view: View) -> pd.Series:
    """Whether each of the last days was hard.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    Series of float
        Index: the 14 days that end on ``view.as_of``. 1 hard, 0 not, NaN a day of which that is
        not known. Hard is a run told as RPE 7 or more, or whose load (the first that most runs
        have of TRIMP, stress points and session RPE) lies above the upper tercile of the runs of
        the 42 days before, at least six of them (`loadmon.evidence.checks.HARD_DAYS`).
    """
    days = view.last(2 * int(WINDOWS["acute"]))
    reach = pd.Timedelta(days=int(HARD_DAYS["window_days"]) + len(days))
    recent = view.activities["date"] > view.as_of - reach
    runs = view.activities[recent & (view.activities["sport"] == "running")]
    told = (runs["rpe"] >= view.rule(HARD_DAYS)["rpe"]).astype("float64")
    either = pd.concat([told.where(runs["rpe"].notna()), _top_third(runs)], axis=1).max(axis=1)
    unknown = either.isna().groupby(runs["date"]).any().reindex(days)
    hard = either.groupby(runs["date"]).max().reindex(days)
    hard = hard.mask((unknown == True) & (hard != 1))  # noqa: E712 - NaN is no run
    return hard.mask(view.daily.loc[days, "status"] == "rest", 0.0)


def in_a_row(hard: pd.Series) -> int:
    """Hard days next to each other, up to the last day."""
    soft = np.flatnonzero((hard != 1).to_numpy())
    return len(hard) - 1 - int(soft.max(initial=-1))


def _top_third(runs: pd.DataFrame) -> pd.Series:
    """Whether each run lies above the upper tercile of those of the days before; NaN unknown."""
    out = pd.Series(np.nan, runs.index)
    load = next((runs[c] for c in _HARD_LOADS if c in runs and _mostly_known(runs[c])), None)
    if load is None:
        return out
    window = pd.Timedelta(days=int(HARD_DAYS["window_days"]))
    for at, value, day in zip(runs.index, load, runs["date"], strict=True):
        before = load[(runs["date"] < day) & (runs["date"] >= day - window)].dropna()
        if len(before) >= HARD_DAYS["min_runs"] and value == value:
            out[at] = float(value > before.quantile(HARD_DAYS["share"]))
    return out


def _mostly_known(load: pd.Series) -> bool:
    """Whether more than half of the values are known."""
    return bool(2 * load.notna().sum() > len(load))
