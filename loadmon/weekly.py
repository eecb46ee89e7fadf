"""The weekly frame: ISO weeks of the local day, without gaps."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.athlete import check_limits
from loadmon.calendar import (
    Activities,
    Calendar,
    Day,
    frame_and_calendar,
    numbers_of,
    own_limits,
)
from loadmon.daily import by_kind, daily_load, known_sums, places
from loadmon.frames import frame_of
from loadmon.ratio import METHODS, STATUSES, Marks
from loadmon.rules.context import WEEK, run_days_of
from loadmon.rules.engine import evaluate_days

#: Flags that belong to a week if any day of it has them, that are decided on its last run (a rest
#: day decides nothing), and on its last day; the order in which they are named.
_ANY_DAY, _LAST_RUN, _LAST_DAY = ("session_spike",), ("weekly_change", "acwr"), ("monotony", "rest")
FLAGS = (*_ANY_DAY, *_LAST_RUN, *_LAST_DAY)
_AT_END = ("monotony", "strain", *(f"acwr_{method}" for method in METHODS), "acwr_status")
#: What is needed of an activity to add up a week.
_SUMMED = ["date", "sport", "distance_km", "duration_min", "elevation_gain_m", "downhill_m"]
_COLUMNS = {
    **dict.fromkeys(("runs", "run_days", "rest_days"), "int64"),
    **dict.fromkeys(("distance_km", "duration_min", "longest_km", "load", "change"), "float64"),
    **dict.fromkeys(_AT_END[:-1], "float64"),
    **{"acwr_status": "str", "max_session_ratio": "float64"},
    **{"n_days": "int64", "n_known": "int64", "partial": "bool", "flags": "str"},
    **dict.fromkeys(("elevation_gain_m", "downhill_m", "walk_km", "other_min"), "float64"),
    **dict.fromkeys(("strength_sessions", "n_assumed"), "int64"),
}
Places = npt.NDArray[np.intp]


def weekly_load(
    activities: Activities,
    *,
    load: str = "distance_km",
    sport: str = "running",
    as_of: Day | None = None,
    own: Mapping[str, float] | None = None,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """One row for every ISO week from the first recorded activity to `as_of`.

    Parameters
    ----------
    activities, load, sport, as_of, calendar
        As in `loadmon.daily_load`.
    own : mapping of str to float, optional
        The runner's own limits (``Athlete.limits``) for ``flags``; empty: the published ones. None:
        those of the archive; for a frame, the published ones.

    Returns
    -------
    DataFrame
        Index ``week_start`` (Monday), empty weeks included.

        ``runs``; ``run_days`` (of 10 minutes or 1.5 km), ``rest_days`` (known days that are none)
        [d]; ``distance_km``,
        ``duration_min``, ``elevation_gain_m``, ``downhill_m`` of `sport`, ``walk_km``,
        ``other_min`` (all other sports): the sum of what is known, so at least that much where
        ``n_known`` is less than ``n_days``; NaN where nothing is known: no activity of a week
        tells it, or none was recorded and a day is unknown. ``longest_km``: longest known outing;
        ``strength_sessions``: those recorded.

        ``load`` [unit of `load`]: NaN if one day is unknown. ``change``: ratio to the load of the
        week before [-], NaN if that is 0, or either week is unknown or partial.

        ``monotony``, ``strain``, ``acwr_coupled``, ``acwr_uncoupled``, ``acwr_ewma``,
        ``acwr_status`` (coupled): those of its Sunday, or of `as_of` in the last week; they look
        back 7 or 28 days, also over the week's border. ``max_session_ratio``: the largest of
        `loadmon.session_spikes` in the week [-], NaN if there is none.

        ``n_days``: days of the week from the first activity to `as_of`; ``n_known``: those whose
        load is known, ``n_assumed`` those of them that only count as known (``assumed`` of
        `loadmon.daily_load`); ``partial``: fewer than 7 days. ``flags``: what stands out, joined by
        commas: ``session_spike`` (on any day), ``weekly_change``, ``acwr`` (on its last run day),
        ``monotony``, ``rest`` (in the 7 days that end with it, too many run days or too many in a
        row); the limits of `loadmon.evidence`.

    Raises
    ------
    SettingError, FrameError
        As `loadmon.daily_load`.
    """
    own = own_limits(activities) if own is None else own
    check_limits(own, "own")
    frame, calendar = frame_and_calendar(activities, [*_SUMMED, "flags"], calendar, as_of)
    daily = daily_load(frame, load=load, sport=sport, calendar=calendar)
    results = evaluate_days(run_days_of(daily, frame, sport=sport), own)
    values: dict[str, Any] = {name: x[:, 0] for name, x in results.values.items()}
    values["status_coupled"] = np.array(STATUSES)[results.statuses["status_coupled"][:, 0]]
    flags = {name: results.flags[name][:, 0] for name in FLAGS}
    return weekly_frame(frame, daily, values, flags, sport=sport)


def weekly_frame(
    activities: pd.DataFrame,
    daily: pd.DataFrame,
    values: Mapping[str, Any] | pd.DataFrame,
    flags: Mapping[str, Any] | pd.DataFrame,
    *,
    sport: str = "running",
) -> pd.DataFrame:
    """Weeks as `weekly_load` gives them, of days whose values and flags are known already."""
    days = {name: daily[name].to_numpy() for name in ("load", "runs", "run_day", "longest_km")}
    days |= {name: np.asarray(values[name]) for name in ("sum_7d", "session_ratio", *_AT_END[:-1])}
    days["acwr_status"] = np.asarray(values["status_coupled"])
    raised = {name: np.asarray(flags[name]) == 1 for name in FLAGS}
    monday = _monday(daily.index)
    at = beginnings(monday.to_numpy())
    weeks: dict[str, Any] = {**weeks_of(days, raised, at, at[:1])}
    weeks["strength_sessions"] = reduced(np.add, daily["strength_sessions"].to_numpy(), at)
    weeks["n_assumed"] = reduced(np.add, daily["assumed"].to_numpy(dtype=np.int64), at)
    on = places(daily.index, activities["date"])
    week = np.where(on < 0, -1, np.searchsorted(at, on, "right") - 1)
    own, walks, others = by_kind(activities, sport)
    whole = weeks["n_known"] == weeks["n_days"]
    summed = [(name, name, own) for name in _SUMMED[2:]]
    summed += [("walk_km", "distance_km", walks), ("other_min", "duration_min", others)]
    for name, column, kind in summed:
        weeks[name] = known_sums(numbers_of(activities, column)[kind], week[kind], whole)
    return frame_of(weeks, _COLUMNS, monday[at])


def weeks_of(
    days: Mapping[str, npt.NDArray[Any]], raised: Mapping[str, Marks], at: Places, first: Places
) -> dict[str, npt.NDArray[Any]]:
    """Sum up the weeks of runners whose days stand below each other.

    `days` are ``load``, ``runs``, ``longest_km`` and `loadmon.rules.engine.Results` of each;
    `at` and `first` are the places of the first day of each week, and of each runner.
    """
    ends = np.append(at, len(days["load"]))[1:] - 1
    ran, known = days["runs"] > 0, ~np.isnan(days["load"])
    run_day = days["run_day"].astype(bool)
    out: dict[str, npt.NDArray[Any]] = {
        "runs": reduced(np.add, days["runs"], at),
        "run_days": reduced(np.add, run_day.astype(np.int64), at),
        "rest_days": reduced(np.add, (known & ~run_day).astype(np.int64), at),
        "longest_km": reduced(np.fmax, days["longest_km"], at),
        "load": reduced(np.add, days["load"], at),
    }
    n_days = ends - at + 1
    whole = np.where(n_days < WEEK, np.nan, out["load"])
    out["change"] = np.full(len(at), np.nan)
    compared = (whole[:-1] > 0) & ~np.isin(at, first)[1:]
    np.divide(whole[1:], whole[:-1], out=out["change"][1:], where=compared)
    out |= {name: days[name][ends] for name in _AT_END}
    out["max_session_ratio"] = reduced(np.fmax, days["session_ratio"], at)
    out |= {"n_days": n_days, "n_known": reduced(np.add, known.astype(np.int64), at)}
    out["partial"] = n_days < WEEK
    out["flags"] = _flags(raised, ran & ~np.isnan(days["sum_7d"]), at, ends)
    return out


def beginnings(values: npt.NDArray[Any]) -> Places:
    """Places at which a value differs from the one before it."""
    new = np.ones(len(values), dtype=bool)
    new[1:] = values[1:] != values[:-1]
    return np.flatnonzero(new)


def reduced(join: np.ufunc, values: npt.NDArray[Any], at: Places) -> npt.NDArray[Any]:
    """Values of each week joined to one."""
    out: npt.NDArray[Any] = join.reduceat(values, at) if len(at) else values[:0]
    return out


def _flags(
    raised: Mapping[str, Marks], decided: Marks, at: Places, ends: Places
) -> npt.NDArray[np.object_]:
    """Names of the flags of each week, joined by commas."""
    last = np.maximum.accumulate(np.where(decided, np.arange(len(decided)), -1))[ends]
    ran = last >= at
    found = [reduced(np.logical_or, raised[name], at) for name in _ANY_DAY]
    found += [ran & raised[name][np.where(ran, last, 0)] for name in _LAST_RUN]
    found += [raised[name][ends] for name in _LAST_DAY]
    code = sum(flag.astype(np.int64) << (len(FLAGS) - 1 - i) for i, flag in enumerate(found))
    texts = [
        ",".join(name for name, on in zip(FLAGS, row, strict=True) if on)
        for row in product((False, True), repeat=len(FLAGS))
    ]
    out: npt.NDArray[np.object_] = np.array(texts, dtype=object)[code]
    return out


def _monday(when: pd.Index | pd.Series) -> pd.DatetimeIndex:
    days = pd.DatetimeIndex(when)
    return (days - pd.to_timedelta(days.day_of_week, unit="D")).rename("week_start")
