"""Days without a recording: which are rest by habit, and which the athlete must be asked about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.evidence.load import FRESHNESS, LAYOFF
from loadmon.load.calendar import Day, check_activities, day_of, last_day, no_days


@dataclass(frozen=True, slots=True)
class SilentDays:
    """The days between the last recorded activity and `as_of`.

    Parameters
    ----------
    last_recorded : Timestamp
        Day of the last activity of any sport.
    days_silent : int
        Days after it, up to and including `as_of`. [d]
    usual_gap : int
        Silent days that still count as rest for this athlete. [d]
    unknown : bool
        Whether some of them are unknown, so that the athlete must be asked.
    """

    last_recorded: pd.Timestamp
    days_silent: int
    usual_gap: int
    unknown: bool


def silent_days(activities: pd.DataFrame, as_of: Day) -> SilentDays | None:
    """How long nothing was recorded before `as_of`, and whether that is usual for the athlete.

    Parameters
    ----------
    activities : DataFrame
        One row per activity of any sport; activities after `as_of` are ignored.
    as_of : str, date or Timestamp
        Last day that counts.

    Returns
    -------
    SilentDays or None
        None where nothing is recorded up to `as_of`.

    Notes
    -----
    The usual gap is the 95th percentile of the days from one day with an activity to the next,
    rounded down, and at least 3 (`loadmon.evidence.load.FRESHNESS`, a choice of this project).
    ``attrs["rested_until"]``, the athlete's own word, makes the days up to it known.
    """
    check_activities(activities, ["date"])
    until = last_day(activities, as_of)
    if until is None:
        return None
    active = _active_days(activities, until)
    unknown = until > rest_until(activities, until)
    return SilentDays(active[-1], (until - active[-1]).days, _usual_days(active), unknown)


def long_gaps(activities: pd.DataFrame, as_of: Day | None = None) -> pd.DataFrame:
    """Gaps inside the data so long that the athlete should be asked whether they were rest.

    Parameters
    ----------
    activities : DataFrame
        One row per activity of any sport.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day.

    Returns
    -------
    DataFrame
        One row per gap of at least 14 days (`loadmon.evidence.load.LAYOFF`) without any activity:
        ``start`` and ``end``, its first and last day, and ``days``. [d] `daily_load` counts
        them as rest.
    """
    check_activities(activities, ["date"])
    until = last_day(activities, as_of)
    active = no_days() if until is None else _active_days(activities, until)
    one = pd.Timedelta(days=1)
    gaps = pd.DataFrame({"start": active[:-1] + one, "end": active[1:] - one})
    gaps["days"] = (gaps["end"] - gaps["start"]).dt.days + 1
    return gaps[gaps["days"] >= LAYOFF["ask_from_days"]].reset_index(drop=True)


def rest_until(activities: pd.DataFrame, until: pd.Timestamp) -> pd.Timestamp:
    """Last day on which silence is rest: by habit, or because the athlete said so.

    Parameters
    ----------
    activities : DataFrame
        One row per activity of any sport, at least one of them up to `until`.
    until : Timestamp
        Last day that counts.
    """
    active = _active_days(activities, until)
    by_habit = active[-1] + pd.Timedelta(days=_usual_days(active))
    told = activities.attrs.get("rested_until")
    return by_habit if told is None else max(by_habit, day_of(told))


def usual_gap(gaps: npt.NDArray[np.float64]) -> float:
    """Gap between two days of activity that is usual for an athlete.

    Parameters
    ----------
    gaps : ndarray of float
        Days from each day of activity to the next. [d]

    Returns
    -------
    float
        Their 95th percentile, and at least 3 (`loadmon.evidence.load.FRESHNESS`). [d]
    """
    usual = float(np.quantile(gaps, FRESHNESS["quantile"])) if len(gaps) else 0.0
    return max(usual, FRESHNESS["min_days"])


def _usual_days(active: pd.DatetimeIndex) -> int:
    """Whole days without a recording that are usual for this athlete."""
    return int(usual_gap(np.diff(active.to_numpy()) / np.timedelta64(1, "D")))


def _active_days(activities: pd.DataFrame, until: pd.Timestamp) -> pd.DatetimeIndex:
    """Days with an activity of any sport, once each, in order."""
    days = activities["date"]
    return pd.DatetimeIndex(days[days <= until].drop_duplicates().sort_values())
