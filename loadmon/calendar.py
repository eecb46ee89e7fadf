"""The calendar: which days count, which are known, and which silent days are rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from numbers import Real

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.errors import FrameError, SettingError
from loadmon.evidence.limits import FRESHNESS, LAYOFF

# Which days count: the last day asked for, the complete calendar, the days that are unknown.

#: A day as callers may write it: ISO text, a date, or a Timestamp.
Day = str | date | pd.Timestamp

#: Days of the longest history that can be meant: a longer one holds a wrong date. [d]
LONGEST_DAYS = 36_525
_LONGEST = f"more than {LONGEST_DAYS // 365} years"
#: A day as ISO writes it, with or without a time of day.
ISO_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2}|[0-9]{4})([T ].*)?")
#: The flag of an activity of which only a part could be read; its day is unknown.
PARTIAL = "partial"


def day_of(value: Day) -> pd.Timestamp:
    """Turn what a caller wrote for a day into that day's midnight."""
    is_number = isinstance(value, Real)  # pandas would count it from 1970 on
    if is_number or (isinstance(value, str) and not ISO_DAY.fullmatch(value)):
        raise SettingError(f"not a day: {value!r}; write it as YYYY-MM-DD")
    try:
        day = pd.Timestamp(value)
    except (ValueError, TypeError) as e:
        raise SettingError(f"not a day: {value!r}; write it as YYYY-MM-DD") from e
    if pd.isna(day):
        raise SettingError(f"not a day: {value!r}; write it as YYYY-MM-DD")
    return day.tz_localize(None).normalize().as_unit("us")


def check_activities(activities: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a frame that is not one of activities, naming what is wrong."""
    missing = [c for c in columns if c not in activities.columns]
    if missing:
        raise FrameError(f"activities lack {', '.join(missing)}; pass Archive.activities")
    days = activities["date"]
    if not pd.api.types.is_datetime64_dtype(days):
        raise FrameError(f"activities['date'] must hold naive local days, not {days.dtype}")
    if days.isna().any() or (days != days.dt.normalize()).any():
        raise FrameError("activities['date'] must be the midnight of a local day in every row")


def last_day(activities: pd.DataFrame, as_of: Day | None) -> pd.Timestamp | None:
    """Last day that counts: `as_of`, or the last recorded day; None where nothing is recorded."""
    days = activities["date"]
    until = days.max() if as_of is None else day_of(as_of)
    if activities.empty or until < days.min():
        return None
    past = days[days <= until]
    first, last = past.min(), past.max()
    if is_too_long(first, last):
        raise FrameError(
            f"activities['date'] goes from {written(first)} to {written(last)}, {_LONGEST}: one of "
            "the two is wrong; correct it, or leave the row out"
        )
    if is_too_long(first, until):
        raise SettingError(
            f"as_of {written(until)} is {_LONGEST} after the first recorded day, {written(first)}: "
            "write the day that you mean"
        )
    return until


def is_too_long(first: pd.Timestamp, last: pd.Timestamp) -> bool:
    """Whether two days lie so far apart that one of them is wrong."""
    return (last - first).days > LONGEST_DAYS


def written(day: pd.Timestamp) -> str:
    """Day as ISO writes it, in any year."""
    return str(day.to_datetime64().astype("datetime64[D]"))


def days_between(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Every day from `first` to `last`, both included, as an index called ``date``."""
    if is_too_long(first, last):
        raise FrameError(
            f"from {written(first)} to {written(last)} are {_LONGEST}: one of the two dates is "
            "wrong; correct it, or leave the row out"
        )
    return pd.date_range(first, last, freq="D", unit="us", name="date")


def no_days() -> pd.DatetimeIndex:
    """Return the calendar of an archive that holds nothing."""
    return pd.DatetimeIndex([], dtype="datetime64[us]", freq="D", name="date")


def is_partial(activities: pd.DataFrame) -> pd.Series:
    """Whether only a part of each activity could be read."""
    partial = [PARTIAL in codes.split(",") for codes in activities["flags"]]
    return pd.Series(partial, activities.index, dtype=bool)


def unknown_days(activities: pd.DataFrame) -> pd.DatetimeIndex:
    """Days whose load is unknown whatever else was recorded on them.

    Returns those days and the days of activities flagged ``partial``, once each, in order.
    """
    marked = [day_of(d) for d in activities.attrs.get("unknown_days", [])]
    partial = activities.loc[is_partial(activities), "date"].tolist()
    return pd.DatetimeIndex(sorted({*marked, *partial}), dtype="datetime64[us]")


# Days without a recording: which are rest by habit, and which the athlete must be asked about.


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

    Returns None where nothing is recorded up to `as_of`.

    The usual gap is the 95th percentile of the days from one day with an activity to the next,
    rounded down, and at least 3 (`loadmon.evidence.limits.FRESHNESS`, a choice of this project).
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

    Returns one row per gap of at least 14 days (`loadmon.evidence.limits.LAYOFF`) without any
    activity: ``start`` and ``end``, its first and last day, and ``days``. [d] `daily_load` counts
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
    """Last day on which silence is rest: by habit, or because the athlete said so."""
    active = _active_days(activities, until)
    by_habit = active[-1] + pd.Timedelta(days=_usual_days(active))
    told = activities.attrs.get("rested_until")
    return by_habit if told is None else max(by_habit, day_of(told))


def usual_gap(gaps: npt.NDArray[np.float64]) -> float:
    """Gap between two days of activity that is usual for an athlete.

    Returns their 95th percentile, and at least 3 (`loadmon.evidence.limits.FRESHNESS`). [d]
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
