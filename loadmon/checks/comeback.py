"""Lay-offs, and how long the runs after one may be within the limits of a return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loadmon.checks.limits import Limits, start_cap_km
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.load import LAYOFF
from loadmon.evidence.ramp import RAMP_START
from loadmon.load.silence import usual_gap

_ONE = pd.Timedelta(days=1)
_FOR = pd.Timedelta(days=int(LAYOFF["returning_for_days"]))


@dataclass(frozen=True, slots=True)
class Comeback:
    """A return to running after a lay-off.

    Parameters
    ----------
    first : Timestamp
        Day of the first run after the lay-off.
    days_off : int
        Full days without a run before it. [d]
    longest_before_km : float
        Longest run of the 30 days that end with the last run before the lay-off. [km]
    start_km : float
        Longest first run within the limits. [km]
    """

    first: pd.Timestamp
    days_off: int
    longest_before_km: float
    start_km: float


def comeback_at(
    daily: pd.DataFrame, day: pd.Timestamp, within: pd.Timedelta = _FOR
) -> Comeback | None:
    """Find the return from a lay-off that a run on `day` belongs to.

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_load` gives.
    day : Timestamp
        Day with a run, or on which one is asked about.
    within : Timedelta
        How far back a return may have begun to be still one.

    Returns
    -------
    Comeback or None
        The latest lay-off whose first run is less than `within` before `day`, or on it.

    Notes
    -----
    A lay-off has at least 7 full days without a run, and is longer than the usual gap of this
    runner: the 95th percentile of the gaps between run days before it, and at least 3. Days that
    are unknown count as days off: a longer break asks for a shorter first run.
    """
    days = daily.index.to_numpy()
    before = days[(daily["runs"].to_numpy() > 0) & (days < day.to_datetime64())]
    ran = np.append(before, day.to_datetime64())
    gaps = np.diff(ran) / np.timedelta64(1, "D")
    is_long = gaps - 1 >= RAMP_START["full_until_days"]
    for i in np.flatnonzero(is_long & (ran[1:] > (day - within).to_datetime64()))[::-1]:
        if gaps[i] > usual_gap(gaps[:i]):
            return _comeback(daily, pd.Timestamp(ran[i]), pd.Timestamp(ran[i + 1]))
    return None


def cap_km(back: Comeback, daily: pd.DataFrame, day: pd.Timestamp, limits: Limits) -> float:
    """Longest run on `day` within the limits of a return.

    Parameters
    ----------
    back : Comeback
        The return that the day belongs to.
    daily : DataFrame
        What `loadmon.daily_load` gives.
    day : Timestamp
        Day of the run.
    limits : Limits
        Growth of a session since the return.

    Returns
    -------
    float
        The cap of the first run on its day; later the share or the floor more than the longest
        run since, or than that cap if it is more. [km] Runs whose distance is not known do
        not raise it.
    """
    if day == back.first:
        return back.start_km
    since = daily.loc[back.first : day - _ONE, "longest_km"].max(skipna=True)
    longest = max(back.start_km, 0.0 if np.isnan(since) else float(since))
    return max((1 + limits.session_growth) * longest, longest + limits.session_floor_km)


def too_soon(back: Comeback, daily: pd.DataFrame, day: pd.Timestamp, limits: Limits) -> bool:
    """Whether a run on `day` follows another by a day within the first weeks of a long return.

    Parameters
    ----------
    back : Comeback
        The return that the day belongs to.
    daily : DataFrame
        What `loadmon.daily_load` gives.
    day : Timestamp
        Day of the run.
    limits : Limits
        Days after the return without two run days in a row.

    Notes
    -----
    Only after 14 or more days off: after a shorter break people return to their own rhythm.
    """
    long = back.days_off >= LAYOFF["returning_from_days"]
    early = day < back.first + limits.no_consecutive_days * _ONE
    ran = bool((daily["runs"].loc[[day - _ONE]] > 0).any())
    return long and early and day > back.first and ran


def _comeback(daily: pd.DataFrame, last: pd.Timestamp, first: pd.Timestamp) -> Comeback:
    """Put together what is known of one lay-off."""
    days_off = (first - last).days - 1
    start = last - (int(SESSION_SPIKE["window_days"]) - 1) * _ONE
    longest = float(daily.loc[start:last, "longest_km"].max(skipna=True))
    return Comeback(first, days_off, longest, start_cap_km(days_off, longest))
