"""Daily load on a complete calendar, and what counts as one run and as a run day.

Rest is 0, a day not recorded is NaN.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import check_text
from loadmon.calendar import Activities, Calendar, Day, frame_and_calendar, numbers_of
from loadmon.errors import FrameError, SettingError
from loadmon.evidence import limits as limits_evidence
from loadmon.evidence.clinic import STRENGTH_SUB_SPORTS
from loadmon.frames import cells_of, frame_of
from loadmon.ratio import TOLERANCE, Floats, Marks, reaches

#: What this file compares with; it is read here, and nowhere else, each time.
OUTING = limits_evidence.OUTING
RUN_DAY = limits_evidence.RUN_DAY

_KM_AND_MIN = ("distance_km", "duration_min")
#: By which outings are told, where the activities have them.
TIMES = ("start_utc", "duration_min", "elapsed_min")
#: A moment as ISO writes it: no other text reaches code that makes times of texts.
_MOMENT = re.compile(
    r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([T ]([01][0-9]|2[0-3])(:[0-5][0-9]){1,2}(\.[0-9]{1,9})?"
    r" ?(Z|UTC|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?"
)
_MINUTE = np.timedelta64(60_000_000, "us")
Ints = npt.NDArray[np.int64]


def cut(activities: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Those of some columns that activities have: a frame of few is quickly cut to some rows."""
    return activities[[c for c in dict.fromkeys(columns) if c in activities.columns]]


def outing_of(sessions: pd.DataFrame, whose: Ints | None = None) -> Ints:
    """Row of the first recording of the outing of each session, which names the outing.

    Sessions of one sport, and of one runner unless `whose` numbers the runners. A session whose
    start is not known is an outing of its own. From the end, by timer time (else elapsed, else the
    start), to the next start: a watch left paused overnight does not join two days.
    """
    own = np.arange(len(sessions))
    if "start_utc" not in sessions.columns or len(sessions) < 2:
        return own
    start = _starts(sessions["start_utc"])
    known = np.flatnonzero(~np.isnat(start))
    runner = np.zeros(len(sessions), dtype=np.int64) if whose is None else whose
    order = known[np.lexsort((known, start[known], runner[known]))]
    if len(order) < 2:
        return own
    minutes = np.full(len(sessions), np.nan)
    for column in ("duration_min", "elapsed_min"):
        if column in sessions.columns:
            given = numbers_of(sessions, column)
            minutes = np.where(np.isnan(minutes), given, minutes)
    begins = start[order].astype(np.int64)
    ends = begins + np.nan_to_num(minutes[order]) * _MINUTE.astype(np.int64)
    other = np.append(True, runner[order][1:] != runner[order][:-1])
    # The latest end so far of each runner: runners stand apart by more than any time.
    apart = np.cumsum(other) * (np.ptp(np.append(begins, ends)) + 1.0)
    latest = np.maximum.accumulate(ends - ends.min() + apart) - apart + ends.min()
    gap = OUTING["gap_min"] * _MINUTE.astype(np.int64)
    first = other.copy()
    first[1:] |= begins[1:] - latest[:-1] > gap
    out = own.copy()
    out[order] = order[first][np.cumsum(first) - 1]
    return out


def _starts(start_utc: pd.Series) -> npt.NDArray[np.datetime64]:
    """Moments of a column of moments or of their texts; NaT where one is missing or empty."""
    wrong = "activities['start_utc'] must hold moments such as 2026-03-01T07:00Z"
    if isinstance(start_utc.dtype, pd.DatetimeTZDtype | np.dtypes.DateTime64DType):
        return start_utc.to_numpy("datetime64[us]")
    for value in start_utc[start_utc.notna() & (start_utc != "")].tolist():
        is_moment = _MOMENT.fullmatch(value) if isinstance(value, str) else None
        if not is_moment and not isinstance(value, datetime):
            raise FrameError(f"{wrong}, not {str(value)[:40]!r}")
    try:
        moments = pd.DatetimeIndex(pd.to_datetime(start_utc, utc=True, format="ISO8601"))
    except (ValueError, TypeError):  # a day that the month lacks
        raise FrameError(wrong) from None
    return moments.tz_localize(None).to_numpy().astype("datetime64[us]")


def outing_totals(values: Floats, outing: Ints) -> Floats:
    """Total of the outing of each session; NaN where it is not known of one of its sessions."""
    totals: Floats = np.bincount(outing, values, minlength=len(values)).astype(float)[outing]
    return totals


def run_days(minutes: Floats, km: Floats, at: Ints, n_days: int) -> Marks:
    """Which days hold running enough to count as run days.

    `at`: day of each session. A session of which neither time nor distance is known may be any.
    """
    unsized = np.isnan(minutes) & np.isnan(km)
    time, way, any_size = (
        np.bincount(at, np.nan_to_num(x.astype(float)), minlength=n_days)
        for x in (minutes, km, unsized)
    )
    enough: Marks = reaches(time, RUN_DAY["min"]) | reaches(way, RUN_DAY["distance_km"])
    return enough | (any_size > 0)


def below_run_day_km(runs: pd.DataFrame) -> float:
    """Longest run, in whole tenths, that makes no run day at the usual pace of some runs. [km]"""
    km, minutes = (runs[c].to_numpy(dtype=float, na_value=np.nan) for c in _KM_AND_MIN)
    known = (km > 0) & (minutes > 0)
    pace = float(np.median(minutes[known] / km[known])) if known.any() else 0.0
    most = min(RUN_DAY["distance_km"], RUN_DAY["min"] / pace if pace else np.inf)
    return float(np.ceil(10 * most - TOLERANCE) - 1) / 10


# The load of every day.

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
_DAILY_COLUMNS = {
    "load": "float64",
    "runs": "int64",
    "run_day": "bool",
    "longest_km": "float64",
    "status": "str",
    **dict.fromkeys(("walk_km", "other_min"), "float64"),
    "strength_sessions": "int64",
    "assumed": "bool",
}


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
    past = cut(frame, (*_NEEDED, load, *TIMES))
    inside = past["date"].to_numpy() <= calendar.as_of.to_datetime64() if len(days) else False
    past = past[np.broadcast_to(inside, len(past))]
    is_own, is_walk, is_other = by_kind(past, sport)
    own, at = past[is_own], places(days, past["date"])
    km, minutes, load_of = (numbers_of(own, c) for c in ("distance_km", "duration_min", load))
    outing, on = outing_of(own), at[is_own]
    ran = _count(on, len(days)) > 0
    unknown = calendar.is_unknown.to_numpy(copy=True)
    unknown[on[np.isnan(load_of)]] = True
    status = np.where(ran, "run", np.where(calendar.is_silent, "silent", "rest")).astype(object)
    status[unknown] = "unknown"
    rest = status == "rest"
    known = rest | (status == "run")
    begins = outing == np.arange(len(own))
    longest = np.where(rest, 0.0, np.nan)
    np.fmax.at(longest, on[begins], outing_totals(km, outing)[begins])
    way, time = numbers_of(past, "distance_km"), numbers_of(past, "duration_min")
    strength = is_other & past["sub_sport"].isin(STRENGTH_SUB_SPORTS).to_numpy()
    columns = {
        "load": np.where(known, known_sums(load_of, on, known), np.nan),
        "runs": _count(on, len(days)),
        "run_day": run_days(minutes, km, on, len(days)),
        "longest_km": longest,
        "status": status,
        "walk_km": known_sums(way[is_walk], at[is_walk], known),
        "other_min": known_sums(time[is_other], at[is_other], known),
        "strength_sessions": _count(at[strength], len(days)),
        "assumed": calendar.assumed.to_numpy() & known,
    }
    return frame_of(columns, _DAILY_COLUMNS, days)


def known_sums(values: Floats, at: Ints, known: Marks) -> Floats:
    """Sums of values in every day or week; NaN where activities are but none of it is known.

    `at`: place of the day or week of each value, below 0 outside; `known`: whether all of each day
    or week is.
    """
    out, inside = np.where(known, 0.0, np.nan), at >= 0
    values, at = values[inside], at[inside]
    told = ~np.isnan(values)
    total = np.bincount(at[told], values[told], minlength=len(known)).astype(float)
    total[np.bincount(at[told], minlength=len(known)) == 0] = np.nan
    out[at] = total[at]
    return out


def places(spans: pd.Index, days: pd.Series | pd.Index) -> Ints:
    """Place of each day among days or weeks; -1 outside."""
    out: Ints = spans.get_indexer(pd.DatetimeIndex(days)).astype(np.int64)
    return out


def by_kind(activities: pd.DataFrame, sport: str) -> tuple[Marks, Marks, Marks]:
    """Which activities are of `sport`, which walks and hikes, and which all others."""
    sports = [word if isinstance(word, str) else "" for word in cells_of(activities, "sport")]
    own = np.array([word == sport for word in sports], dtype=bool)
    walks = np.array([word in WALKS for word in sports], dtype=bool) & ~own
    return own, walks, ~own & ~walks


def _check_options(activities: pd.DataFrame, load: str, sport: str) -> None:
    """Refuse options that do not fit the activities, and loads that cannot be."""
    check_text(load, "load")
    if not _is_load(activities, load):
        if load in activities.columns and load.endswith(_SIZES):
            numbers_of(activities, load)  # what is wrong is not the name but what it holds
            held = activities[load].dtype
            text = f"activities[{load!r}] must hold numbers, not {held}; astype(float) makes them"
            raise FrameError(text)
        choices = [column for column in activities.columns if _is_load(activities, column)]
        raise SettingError(f"no load {load!r}; there are: {', '.join(choices)}")
    check_sport(activities, sport)
    for column in {load, "distance_km", "duration_min"}:
        check_amounts(activities, column)


def _is_load(activities: pd.DataFrame, column: str) -> bool:
    """Whether a column holds numbers that can be added up."""
    named = column not in _NOT_LOADS and not column.endswith(_NOT_LOADS_END)
    return named and column in activities.columns and activities[column].dtype.kind in "iuf"


def check_sport(activities: pd.DataFrame, sport: str) -> None:
    """Refuse a sport that no activity has."""
    check_text(sport, "sport")
    sports = sorted({"running", *(s for s in activities["sport"] if isinstance(s, str))})
    if len(activities) and sport not in sports:
        raise SettingError(f"no activity of sport {sport!r}; there are: {', '.join(sports)}")


def check_amounts(activities: pd.DataFrame, column: str) -> None:
    """Refuse a column of numbers that holds something else, or what cannot be added up."""
    values = numbers_of(activities, column)
    if (values < 0).any() or np.isinf(values).any():
        raise FrameError(f"activities[{column!r}] holds a negative or infinite value")


def _count(at: Ints, n_days: int) -> Ints:
    return np.bincount(at, minlength=n_days).astype(np.int64)
