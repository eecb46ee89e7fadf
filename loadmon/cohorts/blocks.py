"""From a long table of sessions to blocks of athletes, each on its own complete calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.errors import FrameError, SettingError
from loadmon.evidence.load import FRESHNESS
from loadmon.load.calendar import LONGEST_DAYS, Day, day_of, written
from loadmon.load.ratio import Floats

Days = npt.NDArray[np.datetime64]
Ints = npt.NDArray[np.int64]
#: Columns that every table of sessions has.
KEYS = ("athlete", "date")
#: Distance of a session, the load that the checks of running were studied on. [km]
DISTANCE = "distance_km"


@dataclass(frozen=True, slots=True)
class Block:
    """Days of some athletes side by side, each from their own first day on.

    Parameters
    ----------
    athletes : ndarray, shape (n_athletes,)
        Who they are.
    first : ndarray of datetime64[D], shape (n_athletes,)
        First day of each.
    n_days : ndarray of int, shape (n_athletes,)
        Days of each calendar; rows from there on hold nothing. [d]
    load, longest_km : ndarray of float, shape (n_days, n_athletes)
        As in `loadmon.daily_load`: rest is 0, NaN is not known.
    runs : ndarray of int, shape (n_days, n_athletes)
        Sessions of the day.
    distance_known : ndarray of bool, shape (n_days, n_athletes)
        Whether the distance of every session of the day is known.
    session_at : ndarray of int, shape (n_sessions,)
        Place of each run with a known distance in a flattened array of days.
    session_km : ndarray of float, shape (n_sessions,)
        Its distance. [km]
    """

    athletes: npt.NDArray[np.object_]
    first: Days
    n_days: Ints
    load: Floats
    longest_km: Floats
    runs: Ints
    distance_known: npt.NDArray[np.bool_]
    session_at: Ints
    session_km: Floats


def blocks(
    sessions: pd.DataFrame, *, load: str = DISTANCE, as_of: Day | None = None, size: int = 256
) -> Iterator[Block]:
    """Lay sessions on calendars, one block of athletes after another.

    Parameters
    ----------
    sessions : DataFrame
        A long table as `loadmon.daily_panel` takes it.
    load, as_of
        As in `loadmon.daily_panel`.
    size : int
        Athletes in a block.

    Raises
    ------
    FrameError, SettingError
        As `loadmon.daily_panel`.
    """
    rows = checked_sessions(sessions, load)
    until = None if as_of is None else np.datetime64(day_of(as_of), "D")
    if until is not None:
        rows = rows[rows["date"].to_numpy() <= until]
    codes, athletes = pd.factorize(rows["athlete"])
    _check_spans(rows, codes, until)
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(0, len(athletes) + size, size))
    for k in range(0, len(athletes), size):
        part = order[ends[k // size] : ends[k // size + 1]]
        who = np.asarray(athletes[k : k + size], dtype=object)
        yield _block(rows.iloc[part], codes[part] - k, who, load, until)


def checked_sessions(sessions: pd.DataFrame, load: str) -> pd.DataFrame:
    """Table of sessions, after making sure that it is one; says what is wrong with the first row.

    Raises
    ------
    FrameError
        If a column is missing, a day is no naive day, an athlete has no name, or a load or a
        distance is negative, infinite or no number.
    SettingError
        If `load` is no column.
    """
    if load not in sessions.columns:
        raise SettingError(f"no load {load!r}; there are: {', '.join(map(str, sessions.columns))}")
    missing = [c for c in KEYS if c not in sessions.columns]
    if missing:
        raise FrameError(f"sessions lack {', '.join(missing)}; see loadmon.read_sessions")
    days = sessions["date"]
    if not pd.api.types.is_datetime64_dtype(days):
        raise FrameError(f"sessions['date'] must hold naive days, not {days.dtype}")
    _refuse(sessions, days.isna() | (days != days.dt.normalize()), "date", "no day")
    _refuse(sessions, sessions["athlete"].isna(), "athlete", "no athlete")
    for column in {load, DISTANCE} & set(sessions.columns):
        if sessions[column].dtype.kind not in "iuf":
            raise FrameError(f"sessions[{column!r}] must be numeric, not {sessions[column].dtype}")
        values = sessions[column].to_numpy(dtype=float, na_value=np.nan)
        _refuse(sessions, (values < 0) | np.isinf(values), column, "negative or infinite")
    return sessions


def _refuse(sessions: pd.DataFrame, bad: npt.ArrayLike, column: str, what: str) -> None:
    """Raise, naming the first bad row."""
    marks = np.asarray(bad, dtype=bool)
    if marks.any():
        row = sessions.iloc[int(marks.argmax())]
        raise FrameError(
            f"{int(marks.sum())} rows of sessions have a {column} that is {what}; the first: "
            f"athlete {row['athlete']!r}, date {row['date']}, {column} {row[column]!r}"
        )


def _check_spans(rows: pd.DataFrame, codes: Ints, until: np.datetime64 | None) -> None:
    """Refuse a date so far from others of the athlete, or from the last day, that it is wrong."""
    day = rows["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    by_athlete = pd.Series(day).groupby(codes)
    first = by_athlete.transform("min").to_numpy()
    long = by_athlete.transform("max").to_numpy() - first > LONGEST_DAYS
    if long.any():
        own = codes == codes[long.argmax()]
        far = np.where(own, np.abs(day - np.median(day[own])), -1.0).argmax()
        raise FrameError(_far(rows.iloc[far], "the other rows of the athlete"))
    if until is None or not len(day):
        return
    last = until.astype(np.int64)
    if last - day.max() > LONGEST_DAYS:
        raise SettingError(
            f"as_of {until} is more than 100 years after the last row: write the day that you mean"
        )
    late = last - first > LONGEST_DAYS
    if late.any():
        raise FrameError(_far(rows.iloc[int(late.argmax())], f"as_of {until}"))


def _far(row: pd.Series, what: str) -> str:
    """Say that a row is of a wrong day."""
    return (
        f"sessions: athlete {row['athlete']!r}, date {written(row['date'])} is more than 100 years "
        f"from {what}; correct the date, or leave the row out"
    )


def _block(
    rows: pd.DataFrame,
    codes: Ints,
    athletes: npt.NDArray[np.object_],
    load: str,
    until: np.datetime64 | None,
) -> Block:
    """Add up the sessions of a block's days."""
    day = rows["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    by_athlete = pd.Series(day).groupby(codes)
    first = np.asarray(by_athlete.min(), dtype=np.int64)
    on = day - first[codes]
    n_days = known = np.asarray(by_athlete.max(), dtype=np.int64) - first + 1
    values = _numbers(rows, load)
    if until is not None:
        told = ~np.isnan(values)
        known = _rest_until(on[told], codes[told], len(athletes)) + 1
        n_days = until.astype(np.int64) - first + 1
    shape = int(n_days.max()), len(athletes)
    at = on * shape[1] + codes
    km = _numbers(rows, DISTANCE) if DISTANCE in rows.columns else np.full(len(rows), np.nan)
    loads = _added(at, shape, values)
    loads[np.arange(shape[0])[:, None] >= np.minimum(known, n_days)] = np.nan
    ran = km > 0
    runs = _added(at[ran | (values > 0)], shape)
    longest = np.where(np.isnan(loads) | (runs > 0), np.nan, 0.0)
    np.fmax.at(longest.reshape(-1), at[ran], km[ran])
    return Block(
        athletes=athletes,
        first=first.astype("datetime64[D]"),
        n_days=n_days,
        load=loads,
        longest_km=longest,
        runs=runs.astype(np.int64),
        distance_known=_added(at[np.isnan(km)], shape) == 0,
        session_at=at[ran],
        session_km=km[ran],
    )


def _numbers(rows: pd.DataFrame, column: str) -> Floats:
    """Values of a column, NaN where they are not known."""
    values: Floats = rows[column].to_numpy(dtype=float, na_value=np.nan)
    return values


def _added(at: Ints, shape: tuple[int, int], values: Floats | None = None) -> Floats:
    """Sum of the values at each place of a block, or how many there are."""
    out: Floats = np.bincount(at, values, shape[0] * shape[1]).reshape(shape).astype(np.float64)
    return out


def _rest_until(on: Ints, codes: Ints, athletes: int) -> Ints:
    """Day up to which silence is rest: the last one told, and the usual gap, as `daily_load`."""
    days = pd.DataFrame({"athlete": codes, "on": on}).drop_duplicates()
    days = days.sort_values(["athlete", "on"])
    gaps = days.groupby("athlete")["on"].diff()
    usual = gaps.groupby(days["athlete"]).quantile(FRESHNESS["quantile"]).fillna(0.0)
    usual = usual.clip(lower=FRESHNESS["min_days"]).astype("int64")
    until = days.groupby("athlete")["on"].max() + usual
    return until.reindex(range(athletes), fill_value=-1).to_numpy(dtype=np.int64)
