"""The load of a window of days, and what to say where it is not known for every run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loadmon.arguments import count_of
from loadmon.calendar import LONGEST_DAYS, Activities, Calendar, Day, frame_and_calendar
from loadmon.daily import daily_load
from loadmon.evidence.limits import LOAD_INTERVAL, WINDOWS
from loadmon.evidence.loads import RECORDING
from loadmon.units import (
    HEART_RATE_LOADS,
    Units,
    amount_text,
    count_text,
    day_text,
    listed,
    metric_of,
)


@dataclass(frozen=True, slots=True)
class WindowLoad:
    """The load of the days that end on one day.

    Parameters
    ----------
    asked, used : str
        The load that was asked for, and the one that is known for every day; empty if none is.
    total : float
        Sum of `used` over the window. [its unit] NaN where `used` is empty.
    low, high : float
        What the load that was asked for holds at least and could hold at most. [its unit] Equal
        where every day is known; `high` is NaN where nothing can be said.
    n_runs : int
        Runs in the window.
    missing : tuple of (Timestamp, str)
        Day of each run whose load is not known, and why.
    until : Timestamp
        Last day of the window.
    days : int
        Its length. [d]
    n_assumed : int
        Those of its days that only count as known (``assumed`` of `loadmon.daily_load`). [d]
    """

    asked: str
    used: str
    total: float
    low: float
    high: float
    n_runs: int
    missing: tuple[tuple[pd.Timestamp, str], ...]
    until: pd.Timestamp
    days: int
    n_assumed: int = 0


def window_load(
    activities: Activities,
    *,
    load: str,
    days: int = int(WINDOWS["chronic"]),
    sport: str = "running",
    as_of: Day | None = None,
    calendar: Calendar | None = None,
) -> WindowLoad | None:
    """Sum a load over the last days, falling back as a whole where a run does not have it.

    Parameters
    ----------
    activities : DataFrame or Archive
        As for `loadmon.daily_load`.
    load : str
        The load that is asked for.
    days : int
        Length of the window. [d]
    sport, as_of, calendar
        As for `loadmon.daily_load`.

    Returns
    -------
    WindowLoad or None
        None where nothing is recorded up to `as_of`.

    Raises
    ------
    SettingError, FrameError
        As `loadmon.daily_load`; also if `days` is less than 1.

    Notes
    -----
    A run without the load could hold from nothing to its minutes times the largest load a minute
    of the runner's own runs that have it, at least five of them (`loadmon.evidence.limits`). The
    order of the fall-back is that of `loadmon.units.METRICS`.
    """
    count_of(days, "days", 1, LONGEST_DAYS)
    frame, calendar = frame_and_calendar(activities, ["date", "flags"], calendar, as_of)
    daily = daily_load(frame, load=load, sport=sport, calendar=calendar)
    if daily.empty:
        return None
    until = calendar.as_of
    past = frame[(frame["date"] <= until) & (frame["sport"] == sport)]
    first = until - pd.Timedelta(days=days - 1)
    runs = past[past["date"] >= first]
    sums = {
        name: _total(frame, name, first, sport, calendar)
        for name in (load, *metric_of(load).instead)
        if name in frame
    }
    used = next((name for name, total in sums.items() if total == total), "")
    missing = runs[runs[load].isna()]
    low = float(runs[load].sum())
    high = low
    if np.isnan(sums[load]):
        known = past[past[load].notna() & (past["duration_min"] > 0)]
        rate = float((known[load] / known["duration_min"]).max())
        high += float(missing["duration_min"].sum(skipna=False) * rate)
        # Nothing can be said by too few runs, nor where a whole day is unknown.
        filled = frame.assign(**{load: frame[load].fillna(0.0)})
        is_day_unknown = np.isnan(_total(filled, load, first, sport, calendar))
        if len(known) < LOAD_INTERVAL["min_known_runs"] or is_day_unknown:
            high = np.nan
    return WindowLoad(
        asked=load,
        used=used,
        total=sums.get(used, np.nan),
        low=low,
        high=high,
        n_runs=len(runs),
        missing=tuple((run["date"], _reason(run, load)) for _, run in missing.iterrows()),
        until=until,
        days=days,
        n_assumed=int(daily["assumed"][first:].sum()),
    )


def _total(
    activities: pd.DataFrame, load: str, first: pd.Timestamp, sport: str, calendar: Calendar
) -> float:
    """Sum of a load from the first day on; NaN if one of the days is unknown."""
    daily = daily_load(activities, load=load, sport=sport, calendar=calendar)["load"]
    return float(daily[first:].sum(skipna=False))


def _reason(run: pd.Series, load: str) -> str:
    """Why a run does not have a load, in a few words."""
    coverage = run.get("hr_coverage", np.nan)
    if load == "srpe":
        return "not rated how hard it felt"
    if load not in HEART_RATE_LOADS or coverage != coverage:
        return "not recorded"
    if 100 * coverage >= RECORDING["min_coverage_pct"]:
        return "a setting is missing"
    if coverage > 0:
        return f"heart rate for {100 * coverage:.0f} % of it"
    known = run.get("avg_hr_bpm", np.nan) > 0
    return "heart rate only as a mean" if known else "no heart rate"


def fallback_text(window: WindowLoad, units: Units = "km") -> str:
    """Say which load a window is given in, and why not in the one asked for; empty where it is."""
    if window.used == window.asked:
        return ""
    asked = metric_of(window.asked).label
    span = f"the {count_text(window.days, 'day')} to {day_text(window.until)}"
    if window.missing:
        runs = listed([f"{day_text(day)}: {why}" for day, why in window.missing], 3)
        n = f"{len(window.missing)} of {count_text(window.n_runs, 'run')}"
        text = f"{asked} is not known for {n} in {span} ({runs})."
    else:
        text = f"{asked} is not known for every day of {span}."
    if window.used:
        label, amount = metric_of(window.used).label, amount_text(window.total, window.used, units)
        text += f" All of it is given as {label[0].lower()}{label[1:]} instead: {amount}."
    else:
        text += " No other load is known for all of it."
    if window.high == window.high:
        low, high = (amount_text(v, window.asked, units) for v in (window.low, window.high))
        text += f" {asked} itself is at least {low}, and could be as much as {high}."
    return text
