"""What changed in the six weeks before a day: numbers side by side, no causes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.evidence.load import WINDOWS
from loadmon.load.daily import by_kind, known_sum

WEEKS = 6
_DAYS = int(WINDOWS["acute"])
#: Days without a pain after which the next one is a new episode.
_EPISODE_D = 28
_SUMS = ("duration_min", "elevation_gain_m", "descent_m")


def seven_days(activities: pd.DataFrame, daily: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Add up running in the six times seven days that end on `end`.

    Parameters
    ----------
    activities : DataFrame
        ``Archive.activities``.
    daily : DataFrame
        What `loadmon.daily_load` gives for them.
    end : Timestamp
        Last day of the last seven.

    Returns
    -------
    DataFrame
        One row for each seven days of which all are in `daily`, index ``end``, their last day:
        ``distance_km``, ``longest_km``, ``runs``, ``rest_days`` [d], NaN where a day is not known;
        ``duration_min``, ``elevation_gain_m``, ``descent_m``, ``walk_km``, ``other_min``: sums of
        what is known, NaN where nothing is; ``pace_s_per_km`` and ``avg_hr_bpm`` (weighted by
        time) of the runs that tell them.
    """
    first = end - pd.Timedelta(days=WEEKS * _DAYS - 1)
    first = max(first, daily.index[0]) if len(daily) else first
    whole = max(0, ((end - first).days + 1) // _DAYS)
    first = end - pd.Timedelta(days=whole * _DAYS - 1)
    days = daily.loc[first:end]
    ends = _end(days.index, end)
    blocks = days.groupby(ends)
    out = pd.DataFrame(index=pd.DatetimeIndex(sorted(set(ends)), name="end"))
    complete = blocks["load"].count() == _DAYS
    out["distance_km"] = blocks["load"].sum().where(complete)
    out["longest_km"] = blocks["longest_km"].max().where(complete)
    out["runs"] = blocks["runs"].sum().where(complete)
    out["rest_days"] = (days["status"] == "rest").groupby(ends).sum().where(complete)
    past = activities[(activities["date"] >= first) & (activities["date"] <= end)]
    return out.assign(**_sums(past, end, blocks["load"].count() > 0))


def onset(diary: pd.DataFrame, until: pd.Timestamp) -> pd.Timestamp | None:
    """First day of the latest episode of pain.

    Parameters
    ----------
    diary : DataFrame
        ``Athlete.diary``.
    until : Timestamp
        Last day that counts.

    Returns
    -------
    Timestamp or None
        Day of the first pain above 0 that has no other in the 28 days before it; None where none
        was logged in the 28 days up to `until`.
    """
    hurt = diary.loc[(diary["pain"] > 0) & (diary["date"] <= until), "date"]
    days = pd.DatetimeIndex(hurt.drop_duplicates().sort_values())
    if days.empty or (until - days[-1]).days >= _EPISODE_D:
        return None
    gaps = np.diff(days.to_numpy()) / np.timedelta64(1, "D")
    starts = np.flatnonzero(gaps >= _EPISODE_D)
    return pd.Timestamp(days[starts[-1] + 1] if len(starts) else days[0])


def _end(days: pd.Index | pd.Series, end: pd.Timestamp) -> pd.DatetimeIndex:
    """Last day of the seven that each day belongs to."""
    index = pd.DatetimeIndex(days)
    before = (end - index).days // _DAYS
    return end - pd.to_timedelta(before * _DAYS, unit="D")


def _sums(past: pd.DataFrame, end: pd.Timestamp, told: pd.Series) -> dict[str, pd.Series]:
    """What activities tell beside their distance."""
    runs, walks, others = by_kind(past, "running")
    out = {
        name: known_sum(runs, name, pd.Series(_end(runs["date"], end), runs.index), told)
        for name in _SUMS
    }
    out["pace_s_per_km"] = 60 * _weighted(runs, "duration_min", "distance_km", end)
    hours = runs.assign(beats=runs["avg_hr_bpm"] * runs["duration_min"])
    out["avg_hr_bpm"] = _weighted(hours, "beats", "duration_min", end)
    for name, rows, column in (
        ("walk_km", walks, "distance_km"),
        ("other_min", others, "duration_min"),
    ):
        spans = pd.Series(_end(rows["date"], end), rows.index)
        out[name] = known_sum(rows, column, spans, told)
    return out


def _weighted(rows: pd.DataFrame, upper: str, lower: str, end: pd.Timestamp) -> pd.Series:
    """Sum of one column over the sum of another, of the rows that tell both."""
    both = rows[rows[upper].notna() & (rows[lower] > 0)]
    sums = both.groupby(_end(both["date"], end))[[upper, lower]].sum()
    return sums[upper] / sums[lower]
