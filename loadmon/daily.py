"""Daily load on a complete calendar: rest is 0, a day not recorded is NaN."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from loadmon.arguments import check_text
from loadmon.calendar import Activities, Calendar, Day, frame_and_calendar, numbers_of
from loadmon.errors import FrameError, SettingError
from loadmon.evidence.clinic import STRENGTH_SUB_SPORTS
from loadmon.outings import outing_of, outing_totals, run_days
from loadmon.ratio import Floats

#: Sports that have a column of their own, because moving on foot is not cross-training.
WALKS = ("walking", "hiking")
#: Numbers of a session that mean nothing when added up over a day, and ends of such names.
_NOT_LOADS = ("utc_offset_min", "rpe", "aerobic_effect", "anaerobic_effect")
_NOT_LOADS_END = (
    *("_bpm", "_mps", "_spm", "_pct", "_w", "_ms", "_mm", "_c"),
    *("coverage", "intensity"),
)
#: Ends of names of what can be added up.
_SIZES = ("_km", "_min", "_m")
_NEEDED = ["date", "sport", "sub_sport", "distance_km", "duration_min", "flags"]
#: By which outings are told, where the activities have them.
_TIMES = ("start_utc", "elapsed_min")


def daily_load(
    activities: Activities,
    *,
    load: str = "distance_km",
    sport: str = "running",
    as_of: Day | None = None,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """Load of every day from the first recorded activity of any sport to `as_of`.

    Parameters
    ----------
    activities : DataFrame or Archive
        One row per activity, or the archive that holds them. The column ``unknown_days_around``
        names the days that are unknown, also after a merge, a concat or a file; without it the log
        is taken as complete (``assumed``). A frame of ``date`` and ``distance_km`` is enough: each
        row is a run, of which the time, climb and start are not known.
    load : str
        A column of `activities` that can be added up, such as ``duration_min``, ``srpe`` or
        ``trimp`` (`loadmon.units.METRICS`). A day holds this one load or is unknown: a run
        without it is never filled from another load, and never 0.
    sport : str
        Sport whose load is wanted, with any sub-sport.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day. Later activities are ignored.
    calendar : Calendar, optional
        The days that count and which of them are known, such as ``archive.calendar(as_of)``: it
        knows also days after the last row, days beside rows that were left out, and what the runner
        says of silent days. None: that of the archive, or what the frame says.

    Returns
    -------
    DataFrame
        Index ``date``: every day. ``load`` [unit of `load`]: 0 on rest days, NaN unknown.
        ``runs``: sessions of `sport` that could be read. ``run_day``: whether they are running
        enough to count as a run day, 10 minutes or 1.5 km; sessions of which neither is known do.
        ``longest_km``: the longest outing that begins on the day, of those whose distance is
        known; 0 on rest days, NaN where none is. Recordings at most 30 minutes apart are one
        outing. ``status``: ``run``; ``rest`` (no run, whatever else was done); ``unknown`` (a file
        or a value of that day is missing, or the athlete said so); ``silent`` (after the last
        recorded day, beyond the athlete's usual gap). ``walk_km`` of walks and hikes and
        ``other_min`` of all other sports: the sum of what is known, NaN where nothing is; neither
        is ever part of ``load``.
        ``strength_sessions``: recorded sessions of strength, core or mobility. ``assumed``: whether
        the day counts as known although nothing says that no file of it is missing
        (`loadmon.Calendar`). No activities, or none up to `as_of`, give an empty frame.

    Raises
    ------
    SettingError
        If `load` or `sport` does not exist in `activities`, `as_of` is no day, or one more than
        100 years after the first of them, or `calendar` matches neither.
    FrameError
        If `activities` lacks a column or holds what is no day, a load is negative or infinite, or
        the first and the last day up to `as_of` lie more than 100 years apart.

    Notes
    -----
    A gap inside the data is rest, however long (`long_gaps` lists those to ask about). Files
    that were never exported cannot be seen: they look like rest.
    """
    frame, calendar = frame_and_calendar(activities, _NEEDED, calendar, as_of)
    _check_options(frame, load, sport)
    days = calendar.days
    used = dict.fromkeys((*_NEEDED, load, *_TIMES))  # a frame of few columns is quickly cut
    past = frame[[column for column in used if column in frame.columns]]
    past = past.iloc[:0] if days.empty else past[past["date"] <= calendar.as_of]
    own, walks, others = by_kind(past, sport)
    is_missing = days.isin(own.loc[own[load].isna(), "date"])
    status = pd.Series("rest", index=days, dtype="str")
    status[calendar.is_silent] = "silent"
    status[days.isin(own["date"])] = "run"
    status[calendar.is_unknown | is_missing] = "unknown"
    known = status.isin(["rest", "run"])
    loads = numbers_of(own, load).groupby(own["date"]).sum()
    km, minutes = (numbers_of(own, name) for name in ("distance_km", "duration_min"))
    outing = outing_of(own)
    size = pd.Series(outing_totals(km.to_numpy(), outing), own.index)
    begins = outing == np.arange(len(own))
    longest = size[begins].groupby(own["date"][begins]).max()
    at = days.get_indexer(pd.DatetimeIndex(own["date"]))
    strength = others[others["sub_sport"].isin(STRENGTH_SUB_SPORTS)]
    return pd.DataFrame(
        {
            "load": loads.reindex(days, fill_value=0.0).mask(~known),
            "runs": _count(own, days),
            "run_day": run_days(minutes.to_numpy(), km.to_numpy(), at, len(days)),
            "longest_km": longest.reindex(days).mask(status == "rest", 0.0),
            "status": status,
            **known_sums(walks, {"walk_km": "distance_km"}, walks["date"], known),
            **known_sums(others, {"other_min": "duration_min"}, others["date"], known),
            "strength_sessions": _count(strength, days),
            "assumed": calendar.assumed & known,
        },
        index=days,
    )


def known_sums(
    rows: pd.DataFrame, columns: Mapping[str, str], spans: pd.Index | pd.Series, known: pd.Series
) -> dict[str, Floats]:
    """Sums of values in every day or week; NaN where activities are but none of it is known.

    `columns`: column of each sum; `spans`: day or week of each row; `known`: whether all of each
    day or week is, by its index.
    """
    out = {}
    for name, column in columns.items():
        out[name], numbers = np.where(known.to_numpy(), 0.0, np.nan), numbers_of(rows, column)
        if len(rows):  # that of no rows takes as long
            total = numbers.groupby(spans).sum(min_count=1)
            at = known.index.get_indexer(total.index)
            out[name][at[at >= 0]] = total.to_numpy()[at >= 0]
    return out


def by_kind(
    activities: pd.DataFrame, sport: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Split activities into those of `sport`, walks and hikes, and all others."""
    own = activities["sport"] == sport
    walks = ~own & activities["sport"].isin(WALKS)
    return activities[own], activities[walks], activities[~own & ~walks]


def _check_options(activities: pd.DataFrame, load: str, sport: str) -> None:
    """Refuse options that do not fit the activities, and loads that cannot be."""
    check_text(load, "load")
    numeric = activities.select_dtypes("number").columns
    choices = [c for c in numeric if c not in _NOT_LOADS and not c.endswith(_NOT_LOADS_END)]
    if load not in choices:
        if load in activities.columns and load.endswith(_SIZES):
            numbers_of(activities, load)  # what is wrong is not the name but what it holds
            held = activities[load].dtype
            text = f"activities[{load!r}] must hold numbers, not {held}; astype(float) makes them"
            raise FrameError(text)
        raise SettingError(f"no load {load!r}; there are: {', '.join(choices)}")
    check_sport(activities, sport)
    for column in {load, "distance_km", "duration_min"}:
        check_amounts(activities, column)


def check_sport(activities: pd.DataFrame, sport: str) -> None:
    """Refuse a sport that no activity has."""
    check_text(sport, "sport")
    sports = sorted({"running", *(s for s in activities["sport"] if isinstance(s, str))})
    if len(activities) and sport not in sports:
        raise SettingError(f"no activity of sport {sport!r}; there are: {', '.join(sports)}")


def check_amounts(activities: pd.DataFrame, column: str) -> None:
    """Refuse a column of numbers that holds something else, or what cannot be added up."""
    values = numbers_of(activities, column).to_numpy()
    if (values < 0).any() or np.isinf(values).any():
        raise FrameError(f"activities[{column!r}] holds a negative or infinite value")


def _count(rows: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Series:
    return rows["date"].value_counts().reindex(days, fill_value=0).astype("int64")
