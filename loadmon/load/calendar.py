"""Which days count: the last day asked for, the complete calendar, the days that are unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from numbers import Real

import pandas as pd

from loadmon.errors import FrameError, SettingError

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
    """Turn what a caller wrote for a day into that day's midnight.

    Parameters
    ----------
    value : str, date or Timestamp
        ISO text (``2026-10-11``), a date or a Timestamp; a time of day or a zone is dropped.

    Returns
    -------
    Timestamp
        Naive midnight of that day.

    Raises
    ------
    SettingError
        If it is no day; words such as ``today`` and a year alone are none.
    """
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
    """Refuse a frame that is not one of activities, naming what is wrong.

    Parameters
    ----------
    activities : DataFrame
        One row per activity (columns of ``Archive.activities``).
    columns : sequence of str
        Columns that the caller is about to use.

    Raises
    ------
    FrameError
        If a column is missing, or ``date`` holds something else than naive local days.
    """
    missing = [c for c in columns if c not in activities.columns]
    if missing:
        raise FrameError(f"activities lack {', '.join(missing)}; pass Archive.activities")
    days = activities["date"]
    if not pd.api.types.is_datetime64_dtype(days):
        raise FrameError(f"activities['date'] must hold naive local days, not {days.dtype}")
    if days.isna().any() or (days != days.dt.normalize()).any():
        raise FrameError("activities['date'] must be the midnight of a local day in every row")


def last_day(activities: pd.DataFrame, as_of: Day | None) -> pd.Timestamp | None:
    """Last day that counts: `as_of`, or the last recorded day; None where nothing is recorded.

    Raises
    ------
    FrameError
        If activities up to that day lie more than 100 years apart, so that a date is wrong.
    SettingError
        If `as_of` is no day, or lies more than 100 years after the first of them.
    """
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
    """Every day from `first` to `last`, both included, as an index called ``date``.

    Raises
    ------
    FrameError
        If there are more of them than anybody has recorded or plans.
    """
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

    Parameters
    ----------
    activities : DataFrame
        One row per activity; ``attrs["unknown_days"]`` holds the ISO dates of quarantined files
        and of days that the athlete marked unknown, absent for none.

    Returns
    -------
    DatetimeIndex
        Those days and the days of activities flagged ``partial``, once each, in order.

    Raises
    ------
    SettingError
        If one of the dates is no day.
    """
    marked = [day_of(d) for d in activities.attrs.get("unknown_days", [])]
    partial = activities.loc[is_partial(activities), "date"].tolist()
    return pd.DatetimeIndex(sorted({*marked, *partial}), dtype="datetime64[us]")
