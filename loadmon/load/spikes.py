"""Each run against the longest of the 30 days before it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.evidence import PUBLISHED, Evidence
from loadmon.evidence.checks import DESCENT, SESSION_FLOOR, SESSION_SPIKE
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
#: Most of a day without a known run.
_NONE = -1.0


def session_spikes(
    activities: pd.DataFrame,
    *,
    as_of: Day | None = None,
    sport: str = "running",
    load: str = "distance_km",
    own: Mapping[str, float] = PUBLISHED,
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
    load : str
        Column that is compared; anything but the distance is an extrapolation.
    own : mapping of str to float
        The runner's own limits (``Athlete.limits``); empty: the published ones.

    Returns
    -------
    DataFrame
        One row per run, in the order of `activities`: ``activity_id``, ``date``, the column
        `load`, ``longest_before_`` with its unit (``longest_before_km``), ``ratio`` [-] and
        ``level``: ``none`` (at most 1.10), ``small`` (to 1.30), ``moderate`` (to 2.00), ``large``,
        ``no_baseline`` (no run in the 30 days) or ``unknown``. ``longest_before_*`` and ``ratio``
        are NaN for the last two.

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
    needed = ["activity_id", "date", "sport", load, "flags"]
    check_activities(activities, needed)
    until = last_day(activities, as_of)
    past = activities[needed]
    past = past.iloc[:0] if until is None else past[past["date"] <= until]
    runs = past[past["sport"] == sport]
    x = runs[load].to_numpy(dtype=float, na_value=np.nan, copy=True)
    longest, unknown = _before(past, runs, x)
    first = longest < 0 if load == "descent_m" else longest <= 0  # flat runs are a baseline
    partial = is_partial(runs).to_numpy()
    level = _level(x, np.where(first, np.nan, longest), unknown, partial, limits_of(load, own))
    shown = np.isin(level, ("none", *SPIKES))
    ratio = np.full(len(x), np.nan)
    np.divide(x, longest, out=ratio, where=shown & (longest > 0))
    spikes = runs[["activity_id", "date"]].reset_index(drop=True)
    longest = np.where(shown, longest, np.nan)
    spikes = spikes.assign(**{load: x, before_column(load): longest}, ratio=ratio, level=level)
    return spikes.astype({"level": "str"})


def stand_out(
    spikes: pd.DataFrame, load: str = "distance_km", own: Mapping[str, float] = PUBLISHED
) -> pd.Series:
    """Which runs stand out: those of a level, but for a small step over those before.

    Parameters
    ----------
    spikes : DataFrame
        What `session_spikes` gives.
    load, own
        As given to `session_spikes`.

    Notes
    -----
    Half a kilometre is over 10 % of any run below 5 km, and a return could not begin without such
    steps; the ramp is bounded by the same floor (`loadmon.evidence.ramp.RAMP_SESSION`).
    """
    further = above(spikes[load], spikes[before_column(load)] + floor_of(load, own))
    return spikes["level"].isin(SPIKES) & further


def before_column(load: str) -> str:
    """Name of the column that holds the most of the 30 days before, with the unit of `load`."""
    return f"longest_before_{load.rpartition('_')[2]}"


def limits_of(load: str, own: Mapping[str, float]) -> Evidence:
    """Levels that a run is compared by: those of distance, for descent and others borrowed."""
    return (DESCENT if load == "descent_m" else SESSION_SPIKE).with_own(own)


def floor_of(load: str, own: Mapping[str, float]) -> float:
    """Step over the runs before that is too small to stand out, in the unit of `load`."""
    floors = SESSION_FLOOR.with_own(own)
    known = {
        "distance_km": RAMP_SESSION.with_own(own)["floor_km"],
        "duration_min": floors["min"],
        "descent_m": floors["descent_m"],
    }
    return known.get(load, 0.0)


def _before(past: pd.DataFrame, runs: pd.DataFrame, x: Floats) -> tuple[Floats, Marks]:
    """Most of any run of the 30 days before each run (below 0: no run), and what is unknown."""
    if runs.empty:
        return np.empty(0), np.empty(0, dtype=bool)
    days = days_between(past["date"].min(), past["date"].max())
    longest = pd.Series(x, runs.index).groupby(runs["date"]).max().fillna(_NONE)
    missing = runs.loc[np.isnan(x), "date"]
    unknown = days.isin(unknown_days(past)) | days.isin(missing)
    at = days.get_indexer(pd.DatetimeIndex(runs["date"]))
    by_day = np.asarray(longest.reindex(days, fill_value=_NONE), dtype=np.float64)
    return _trailing_max(by_day)[at], _trailing_max(unknown.astype(float))[at] > 0


def _trailing_max(x: Floats) -> Floats:
    """Largest value of the 30 days before each day, without the day itself."""
    days = int(SESSION_SPIKE["window_days"])
    padded = np.concatenate([np.full(days, _NONE), x])
    out: Floats = np.lib.stride_tricks.sliding_window_view(padded, days)[: len(x)].max(axis=1)
    return out


def _level(
    x: Floats, longest: Floats, unknown: Marks, partial: Marks, limits: Evidence
) -> npt.NDArray[np.str_]:
    """Word for every run; `longest` is NaN where there is nothing to compare with."""
    no_baseline = np.isnan(longest)
    spike = no_baseline | above(x, limits["small"] * longest)
    unsure = np.isnan(x) | (unknown & spike) | (partial & ~spike)
    over = [spike & above(x, limits[name] * longest) for name in ("large", "moderate")]
    words = ["unknown", "no_baseline", "large", "moderate", "small"]
    return np.select([unsure, no_baseline, *over, spike], words, "none")
