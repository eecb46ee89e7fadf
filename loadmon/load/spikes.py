"""Each run against the longest of the 30 days before it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.ramp import RAMP_SESSION
from loadmon.load.calendar import (
    Day,
    check_activities,
    days_between,
    is_partial,
    last_day,
    unknown_days,
)
from loadmon.load.threshold import above

#: Levels of a run that is longer than those before, in order.
SPIKES = ("small", "moderate", "large")
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


def session_spikes(
    activities: pd.DataFrame, *, as_of: Day | None = None, sport: str = "running"
) -> pd.DataFrame:
    """Compare the distance of every run with the longest of the 30 local days before its day.

    Parameters
    ----------
    activities : DataFrame
        One row per activity; ``attrs["unknown_days"]`` as in `loadmon.daily_load`.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day. Later activities are ignored.
    sport : str
        Sport that is compared with itself.

    Returns
    -------
    DataFrame
        One row per run, in the order of `activities`: ``activity_id``, ``date``,
        ``distance_km``, ``longest_before_km``, ``ratio`` [-] and ``level``: ``none`` (at most
        1.10), ``small`` (to 1.30), ``moderate`` (to 2.00), ``large``, ``no_baseline`` (no run in
        the 30 days) or ``unknown``. ``longest_before_km`` and ``ratio`` are NaN for the last two.

    Raises
    ------
    FrameError
        If `activities` lacks a column.

    Notes
    -----
    Runs of the same day do not raise each other's baseline; a split recording is two runs.

    A run is ``unknown`` if its own distance is, or if only a part of it could be read and that
    part is no spike. An unknown day among the 30 can only raise the baseline: ``none`` stays
    ``none``, anything else becomes ``unknown``.

    The study [1]_ counted distance, in runs that the runner recorded; for other sports, or for
    walk-runs counted whole, the levels are an extrapolation.

    References
    ----------
    .. [1] Schuster Brandt Frandsen et al. 2025, doi:10.1136/bjsports-2024-109380.
    """
    check_activities(activities, ["activity_id", "date", "sport", "distance_km", "flags"])
    until = last_day(activities, as_of)
    past = activities if until is None else activities[activities["date"] <= until]
    if until is None:
        past = activities.iloc[:0]
    runs = past[past["sport"] == sport]
    km = runs["distance_km"].to_numpy(dtype=float, na_value=np.nan, copy=True)
    longest, unknown = _before(past, runs, km)
    level = _level(km, longest, unknown, is_partial(runs).to_numpy())
    shown = np.isin(level, ("none", *SPIKES))
    ratio = np.full(len(km), np.nan)
    np.divide(km, longest, out=ratio, where=shown)
    spikes = runs[["activity_id", "date", "distance_km"]].reset_index(drop=True)
    longest = np.where(shown, longest, np.nan)
    spikes = spikes.assign(longest_before_km=longest, ratio=ratio, level=level)
    return spikes.astype({"distance_km": "float64", "level": "str"})


def stand_out(spikes: pd.DataFrame) -> pd.Series:
    """Which runs stand out: those of a level, but for half a kilometre more than before.

    Parameters
    ----------
    spikes : DataFrame
        What `session_spikes` gives.

    Notes
    -----
    Half a kilometre is over 10 % of any run below 5 km, and a return could not begin without such
    steps; the ramp is bounded by the same floor (`loadmon.evidence.RAMP_SESSION`).
    """
    further = above(spikes["distance_km"], spikes["longest_before_km"] + RAMP_SESSION["floor_km"])
    return spikes["level"].isin(SPIKES) & further


def _before(past: pd.DataFrame, runs: pd.DataFrame, km: Floats) -> tuple[Floats, Marks]:
    """Longest run of the 30 days before each run, and whether one of those days is unknown."""
    if runs.empty:
        return np.empty(0), np.empty(0, dtype=bool)
    days = days_between(past["date"].min(), past["date"].max())
    longest = runs["distance_km"].groupby(runs["date"]).max().reindex(days, fill_value=0.0)
    missing = runs.loc[np.isnan(km), "date"]
    unknown = days.isin(unknown_days(past)) | days.isin(missing)
    at = days.get_indexer(pd.DatetimeIndex(runs["date"]))
    longest_before = _trailing_max(longest.fillna(0.0).to_numpy(dtype=float))
    return longest_before[at], _trailing_max(unknown.astype(float))[at] > 0


def _trailing_max(x: Floats) -> Floats:
    """Largest value of the 30 days before each day, without the day itself."""
    days = int(SESSION_SPIKE["window_days"])
    padded = np.concatenate([np.zeros(days), x])
    out: Floats = np.lib.stride_tricks.sliding_window_view(padded, days)[: len(x)].max(axis=1)
    return out


def _level(km: Floats, longest: Floats, unknown: Marks, partial: Marks) -> npt.NDArray[np.str_]:
    """Word for every run."""
    no_baseline = longest == 0
    spike = no_baseline | above(km, SESSION_SPIKE["small"] * longest)
    unsure = np.isnan(km) | (unknown & spike) | (partial & ~spike)
    over = [above(km, SESSION_SPIKE[name] * longest) for name in reversed(SPIKES)]
    words = ["unknown", "no_baseline", *reversed(SPIKES)]
    return np.select([unsure, no_baseline, *over], words, "none")
