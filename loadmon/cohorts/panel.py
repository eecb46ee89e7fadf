"""Ratios, weeks and flags of many athletes at once, as panels of days x athletes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.calendar import Day
from loadmon.cohorts.tables import DISTANCE, Block, Ints, blocks
from loadmon.diary import path_of
from loadmon.errors import FrameError, SettingError
from loadmon.evidence.limits import (
    ACWR_LIMIT,
    CHRONIC_FLOOR,
    LAYOFF,
    MONOTONY,
    REST_DAYS,
    RUN_DAYS_IN_A_ROW,
    SESSION_SPIKE,
    WEEKLY_CHANGE,
    WINDOWS,
)
from loadmon.evidence.ramp import RAMP_SESSION, RAMP_START
from loadmon.ratio import METHODS, TOLERANCE, Floats, Marks, Method, above
from loadmon.rules.numbers import SPIKES
from loadmon.text import csv_text

# Windows over many athletes at once: arrays of one row a day, one column an athlete.


def window_sums(x: Floats, days: int) -> Floats:
    """Sum of the `days` values that end on each day, NaN where they are fewer or one is NaN."""
    out = np.full(x.shape, np.nan)
    if len(x) >= days:
        out[days - 1 :] = _joined(x, days, np.add)
    return out


def sums_so_far(x: Floats, days: int) -> Floats:
    """Sum of the `days` values that end on each day, or of as many as there are."""
    padded = np.concatenate([np.zeros((days - 1, x.shape[1])), x])
    out: Floats = _joined(padded, days, np.add)
    return out


def max_before(x: Floats, days: int) -> Floats:
    """Largest of the `days` values before each day, without the day itself; 0 before the first."""
    padded = np.concatenate([np.zeros((days, x.shape[1])), x])[: len(x) + days - 1]
    out: Floats = _joined(padded, days, np.maximum)
    return out


def fullest_before(sums: Floats, days: int) -> Floats:
    """Largest sum of the windows that end from `days` to ``2 * days - 1`` days before each day."""
    none = np.full((2 * days - 1, sums.shape[1]), -np.inf)
    padded = np.concatenate([none, sums])
    padded[len(none) : len(none) + days - 1] = -np.inf
    largest = _joined(padded, days, np.maximum)[: len(sums)]
    out: Floats = np.where(np.isneginf(largest), np.nan, largest)
    return out


def last_marked(marks: Marks) -> Floats:
    """Place of the latest marked day up to each day, minus infinity before the first."""
    place = np.arange(len(marks), dtype=float)[:, None]
    last: Floats = np.maximum.accumulate(np.where(marks, place, -np.inf), axis=0)
    return last


def _joined(x: Any, days: int, join: Callable[..., Any]) -> Any:
    """Join the values of all full windows: two halves, and one day more if the length is odd."""
    if days == 1:
        return x
    half = days // 2
    halves = _joined(x, half, join)
    n = len(x) - days + 1
    out = join(halves[:n], halves[half : half + n])
    return join(out, x[days - 1 :], out=out) if days % 2 else out


# The acute:chronic ratio of many athletes at once, by the definitions of `loadmon.acwr`.


#: Words of ``status`` in the order in which they are looked at; the place is the code of a day.
STATUSES = ("unknown", "forming", "returning", "low_base", "ok")
UNKNOWN, FORMING, RETURNING, LOW_BASE, OK = range(len(STATUSES))
Codes = npt.NDArray[np.int8]

_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
_SHARE = CHRONIC_FLOOR["share"] / (1 + TOLERANCE)
#: Athletes that are walked through at a time: enough that a step costs more than calling it.
_BLOCK = 8192


def acwr_panel(load: pd.DataFrame, *, method: Method = "coupled") -> pd.DataFrame:
    """Acute:chronic ratio of every athlete and day, where it means something.

    Parameters
    ----------
    load : DataFrame of float, shape (n_days, n_athletes)
        Daily load: index a complete calendar of naive local days, one column an athlete. Rest is
        0, a day not recorded is NaN, as are the days before an athlete's first.
    method : {"coupled", "uncoupled", "ewma"}
        As in `loadmon.acwr`: 7 days over 28, over the 21 before them, or exponentially weighted.

    Returns
    -------
    DataFrame of float, shape (n_days, n_athletes)
        The ratio [-] with the index and columns of `load`; NaN wherever `loadmon.acwr` has a
        status other than ``ok``. Column by column equal to ``loadmon.acwr(load[athlete])["acwr"]``.

    Raises
    ------
    FrameError
        If `load` is no frame of numbers on a complete daily index, or holds a negative or
        infinite value.
    SettingError
        If `method` is unknown.

    Notes
    -----
    Beside `load` and the result, memory is that of a block of athletes, however many there are.
    In runners the ratio is no predictor of injury (`loadmon.evidence`); `loadmon.evaluate` says
    what a flag is worth on your own data.
    """
    if method not in METHODS:
        raise SettingError(f"unknown method {method!r}: {', '.join(METHODS)}")
    x = _checked(load)
    out = np.empty(x.shape)
    for start in range(0, x.shape[1], _BLOCK):
        columns = slice(start, start + _BLOCK)
        _write_ratios(_rows(x[:, columns]), method, out[:, columns])
    return pd.DataFrame(out, index=load.index, columns=load.columns, copy=False)


def judged(x: Floats, method: Method) -> Iterator[tuple[Floats, Floats, Codes]]:
    """Acute mean, chronic mean and status of one day after another.

    Yields the means [unit of `x`], and the place of the status in `STATUSES`. The next day
    overwrites them: copy what is to be kept.
    """
    gaps = bool(np.isnan(x).any())
    means = _ewma_means(x, gaps) if method == "ewma" else _rolling_means(x, method)
    since_gap = np.full(x.shape[1], _CHRONIC)
    floor = _Trailing(int(CHRONIC_FLOOR["window_days"]), x.shape[1])
    for day, ((short, long), back) in enumerate(zip(means, _returning(x), strict=True)):
        status = np.full(x.shape[1], OK if day >= _CHRONIC - 1 else FORMING, dtype=np.int8)
        if gaps:
            _mark_gaps(np.isnan(x[day]), since_gap, status, method)
        settled = status == OK
        np.copyto(status, LOW_BASE, where=settled & floor.is_low(long))
        np.copyto(status, RETURNING, where=settled & back)
        floor.add(long, settled)
        yield short, long, status


class _Trailing:
    """Chronic loads of the days before one, for the limit under which a ratio has no meaning.

    The sum runs on from day to day; its rounding is far below the tolerance of the comparison.
    """

    def __init__(self, days: int, athletes: int):
        self._loads, self._total = np.zeros((days, athletes)), np.zeros(athletes)
        self._known = np.zeros((days, athletes), dtype=bool)
        self._n = np.zeros(athletes)
        self._place = 0

    def is_low(self, long: Floats) -> Marks:
        """Whether a chronic load is 0, or under a quarter of its mean over the 180 days before."""
        low: Marks = self._total > self._n * long
        low |= long == 0
        return low

    def add(self, long: Floats, settled: Marks) -> None:
        """Take in a day; its load counts where it is settled."""
        loads, known = self._loads[self._place], self._known[self._place]
        self._total -= loads
        if settled.all():
            loads[:] = long
        else:
            loads[:] = np.where(settled, long, 0.0)
        self._total += loads
        if (known != settled).any():  # how many days count changes, in parts of a quarter
            self._n += (settled.astype(float) - known) / _SHARE
            known[:] = settled
        self._place = (self._place + 1) % len(self._loads)


def _checked(load: pd.DataFrame) -> Floats:
    """Numbers of a panel, after making sure that it is one."""
    if not isinstance(load, pd.DataFrame):
        raise FrameError(f"load must be a DataFrame, one column an athlete, not {type(load)}")
    days = load.index
    if not isinstance(days, pd.DatetimeIndex) or days.tz is not None:
        raise FrameError("load needs an index of naive local days")
    if days.hasnans or (np.diff(days.to_numpy()) != np.timedelta64(1, "D")).any():
        raise FrameError("load must have one row for every day, in order, without gaps or repeats")
    wrong = [c for c, dtype in load.dtypes.items() if dtype.kind not in "iuf"]
    if wrong:
        raise FrameError(f"load must be numeric; it is not for athlete {wrong[0]!r}")
    return load.to_numpy(dtype=float, na_value=np.nan)


def _rows(part: Floats) -> Floats:
    """Block of athletes whose days lie one after another, after looking at its values."""
    if (part < 0).any() or np.isinf(part).any():
        raise FrameError("load holds a negative or infinite value; mark unknown days as NaN")
    return part if part.strides[1] == part.itemsize else np.ascontiguousarray(part)


def _write_ratios(x: Floats, method: Method, out: Floats) -> None:
    """Write the ratio of a block, NaN where the status is not ok."""
    with np.errstate(divide="ignore", invalid="ignore"):
        for row, (short, long, status) in zip(out, judged(x, method), strict=True):
            np.divide(short, long, out=row)
            np.copyto(row, np.nan, where=status != OK)


def _mark_gaps(nan: Marks, since_gap: Codes, status: Codes, method: Method) -> None:
    """Mark a day that is not recorded, and the days whose windows still hold such a one."""
    since_gap += 1
    np.copyto(since_gap, 0, where=nan)
    lately = since_gap < _CHRONIC
    np.copyto(status, FORMING if method == "ewma" else UNKNOWN, where=lately)
    np.copyto(status, UNKNOWN, where=nan)


def _rolling_means(x: Floats, method: Method) -> Iterator[tuple[Floats, Floats]]:
    """Mean of 7 days, and of the 28 days that end with them or of the 21 before them."""
    lags = range(0 if method == "coupled" else _ACUTE, _CHRONIC, _ACUTE)
    weeks = np.full((_CHRONIC, x.shape[1]), np.nan)
    long = np.empty(x.shape[1])
    for day in range(len(x)):
        short = weeks[day % _CHRONIC]
        if day >= _ACUTE - 1:
            np.add.reduce(x[day + 1 - _ACUTE : day + 1], axis=0, out=short)
            short *= 1 / _ACUTE
        long[:] = weeks[(day - lags[0]) % _CHRONIC]
        for lag in lags[1:]:
            long += weeks[(day - lag) % _CHRONIC]
        long *= 1 / len(lags)
        yield short, long


def _ewma_means(x: Floats, gaps: bool) -> Iterator[tuple[Floats, Floats]]:
    """Exponentially weighted means of both spans from the first day, begun again after each NaN."""
    short, long = x[:1].copy().reshape(-1), x[:1].copy().reshape(-1)
    for day, row in enumerate(x):
        for mean, days in ((short, _ACUTE), (long, _CHRONIC)) if day else ():
            weight = 2 / (days + 1)
            again = np.isnan(mean) if gaps else None
            mean *= 1 - weight
            mean += weight * row
            if again is not None:
                np.copyto(mean, row, where=again)
        yield short, long


def _returning(x: Floats) -> Iterator[Marks]:
    """From the 14th day in a row without load until 28 days after the load that ends it."""
    laid_off_from = int(LAYOFF["returning_from_days"])
    back_for = max(int(LAYOFF["returning_for_days"]), _CHRONIC)
    off, since = np.zeros(x.shape[1], dtype=np.int8), np.full(x.shape[1], back_for, dtype=np.int8)
    laid_off = np.zeros(x.shape[1], dtype=bool)
    for row in x:
        _count(off, row == 0)
        laid_off |= off >= laid_off_from
        ended = laid_off & (row > 0)
        laid_off ^= ended
        _count(since, ~ended)
        yield laid_off | (since < back_for)


def _count(days: Codes, goes_on: Marks) -> None:
    """Count one day more where something goes on, from 0 where it does not; 100 is the most."""
    np.minimum(days, 99, out=days)
    days += 1
    days *= goes_on.view(np.int8)


# Every number and flag of a block's days, by the definitions of the load room.


#: Words of ``session_level``; the place is the code of a day.
LEVELS = ("rest", "unknown", "no_baseline", "none", *SPIKES)
#: A flag: 1 yes, 0 no, -1 not known.
States = npt.NDArray[np.int8]

_WEEK = int(WINDOWS["acute"])


def numbers(block: Block) -> dict[str, Floats]:
    """Rolling numbers of every day, as `loadmon.rules.numbers.measures` gives them.

    Returns ``sum_7d, before_7d, change, fullest_7d, days_back, run_days_7d, in_a_row, mean, sd,
    monotony, strain``.
    """
    x = block.load
    out = {"sum_7d": window_sums(x, _WEEK), "before_7d": np.full(x.shape, np.nan)}
    out["before_7d"][_WEEK:] = out["sum_7d"][:-_WEEK]
    out["change"] = _divided(out["sum_7d"], out["before_7d"])
    out["fullest_7d"] = fullest_before(out["sum_7d"], _WEEK)
    out["days_back"] = _days_back(x)
    ran = block.runs > 0
    out["run_days_7d"] = sums_so_far(ran.astype(float), _WEEK)
    place = np.arange(len(x), dtype=float)[:, None]
    out["in_a_row"] = place - np.maximum(last_marked(~ran), -1)
    out["mean"] = out["sum_7d"] / _WEEK
    out["sd"] = _deviation(x, out["mean"])
    out["monotony"] = _divided(out["mean"], out["sd"])
    out["strain"] = out["mean"] * _WEEK * out["monotony"]
    return out


def ratios(block: Block, method: Method) -> tuple[Floats, Codes, States]:
    """Ratio of every day, its status, and whether it is above the limit of its method.

    Returns NaN where the status is not ok; places in `loadmon.cohorts.panel.STATUSES`; flags.
    """
    x, ran = block.load, block.runs > 0
    ratio, status = np.full(x.shape, np.nan), np.empty(x.shape, dtype=np.int8)
    over = np.empty(x.shape, dtype=bool)
    for day, (short, long, code) in enumerate(judged(x, method)):
        np.divide(short, long, out=ratio[day], where=code == OK)
        status[day], over[day] = code, above(short, ACWR_LIMIT[method] * long)
    settled = status == OK
    return ratio, status, _state(ran & settled & over, np.isnan(x) | (ran & ~settled))


def spikes(block: Block) -> tuple[Floats, Codes, States]:
    """Runs of every day against the longest of the 30 days before it.

    Returns the largest ratio of the day, NaN where there is none; the level of its longest run as
    places in `LEVELS`; flags: a run stands out, by the half kilometre too.
    """
    days, shape = int(SESSION_SPIKE["window_days"]), block.load.shape
    longest = max_before(np.nan_to_num(block.longest_km), days).ravel()[block.session_at]
    unsure = max_before((~block.distance_known).astype(float), days).ravel()[block.session_at] > 0
    level = _levels(block.session_km, longest, unsure)
    shown = level >= LEVELS.index("none")
    of_day, at, km = np.full(shape, np.nan), block.session_at, block.session_km
    np.fmax.at(of_day.reshape(-1), at[shown], km[shown] / longest[shown])
    words = np.full(shape, LEVELS.index("rest"), dtype=np.int8)
    words[_not_told(block)] = LEVELS.index("unknown")
    by_length = np.argsort(km, kind="stable")
    words.reshape(-1)[at[by_length]] = level[by_length]
    out = (level > LEVELS.index("none")) & above(km, longest + RAMP_SESSION["floor_km"])
    flagged, unknown = np.zeros(shape, dtype=bool), _not_told(block)
    flagged.reshape(-1)[at[out]] = True
    unknown.reshape(-1)[at[~shown]] = True
    return of_day, words, _state(flagged, unknown)


def _levels(km: Floats, longest: Floats, unsure: Marks) -> Codes:
    """Level of every run, as places in `LEVELS`."""
    level = np.full(len(km), LEVELS.index("none"), dtype=np.int8)
    for name in SPIKES:
        level[above(km, SESSION_SPIKE[name] * longest)] = LEVELS.index(name)
    level[unsure & (level > LEVELS.index("none"))] = LEVELS.index("unknown")
    level[longest == 0] = LEVELS.index("no_baseline")
    level[unsure & (longest == 0)] = LEVELS.index("unknown")
    return level


def other_flags(block: Block, found: dict[str, Floats]) -> dict[str, States]:
    """Flags of the week against the week before, of days much alike and of days without a run."""
    x, ran = block.load, block.runs > 0
    before = found["fullest_7d"]
    comparable = (before > 0) & (found["days_back"] >= 2 * _WEEK - 1)
    grown = above(found["sum_7d"], WEEKLY_CHANGE["limit"] * before)
    compared = comparable & ~np.isnan(found["sum_7d"])
    alike = above(found["mean"], MONOTONY["limit"] * found["sd"])
    return {
        "weekly_change": _state(ran & compared & grown, np.isnan(x) | (ran & ~compared)),
        "monotony": _state(_held(alike, ran), np.isnan(found["mean"])),
        "rest": _rest(block, found),
    }


def _rest(block: Block, found: dict[str, Floats]) -> States:
    """Flags of too many run days in 7, or in a row within them; known rest days settle it."""
    many = found["run_days_7d"] > _WEEK - REST_DAYS["min_in_7"]
    in_a_row = (found["in_a_row"] > RUN_DAYS_IN_A_ROW["max"]).astype(float)
    rest = ~np.isnan(block.load) & (block.runs == 0)
    rested = sums_so_far(rest.astype(float), _WEEK)
    return _state(many | (sums_so_far(in_a_row, _WEEK) > 0), rested < REST_DAYS["min_in_7"])


def any_state(states: Iterable[States]) -> States:
    """Whether one of several flags is raised; not known where none is and one is not known."""
    several = np.stack(list(states))
    return _state(np.any(several == 1, axis=0), np.any(several < 0, axis=0))


def _state(flagged: Marks, unknown: Marks) -> States:
    """Flags in three states; what is flagged is known."""
    out = np.zeros(flagged.shape, dtype=np.int8)
    out[unknown] = -1
    out[flagged] = 1
    return out


def _not_told(block: Block) -> Marks:
    """Days on which a run may have been whose distance is not known."""
    return np.isnan(block.load) | ~block.distance_known


def _divided(a: Floats, b: Floats) -> Floats:
    """Quotient, NaN where the divisor is 0 or not known."""
    out = np.full(a.shape, np.nan)
    np.divide(a, b, out=out, where=b > 0)
    return out


def _deviation(x: Floats, mean: Floats) -> Floats:
    """Population standard deviation of 7 days; exactly 0 where they are equal."""
    out = np.full(x.shape, np.nan)
    n = len(x) - _WEEK + 1
    if n < 1:
        return out
    parts = [x[i : i + n] for i in range(_WEEK)]
    squares = np.add.reduce([(part - mean[_WEEK - 1 :]) ** 2 for part in parts])
    equal = np.logical_and.reduce([part == parts[0] for part in parts])
    out[_WEEK - 1 :] = np.where(equal, 0.0, np.sqrt(squares / _WEEK))
    return out


def _days_back(x: Floats) -> Floats:
    """Days since the load that ended the last break; infinite where there was none."""
    place = np.arange(len(x), dtype=float)[:, None]
    off = place - np.maximum(last_marked(x != 0), -1)
    before = np.vstack([np.zeros((1, x.shape[1])), off[:-1]])
    out: Floats = place - last_marked((x > 0) & (before >= RAMP_START["full_until_days"]))
    return out


def _held(over: Marks, ran: Marks) -> Marks:
    """Marks that begin on a day with a run and last as long as `over` does."""
    out: Marks = over & (last_marked(over & ran) > last_marked(~over))
    return out


def as_words(codes: Ints | Codes, words: tuple[str, ...]) -> npt.NDArray[np.str_]:
    """Words of codes."""
    return np.array(words)[codes]


# Weeks of a daily panel, as `loadmon.weekly_load` sums up the days of one runner.


#: Flags that belong to a week if any day of it has them, that are decided on its last run, and on
#: its last day; the order in which they are named.
_ANY_DAY, _LAST_RUN, _LAST_DAY = ("session_spike",), ("weekly_change", "acwr"), ("monotony", "rest")
_AT_END = ("monotony", "strain", *(f"acwr_{method}" for method in METHODS), "acwr_status")


def weeks(daily: pd.DataFrame) -> pd.DataFrame:
    """Sum up each athlete's ISO weeks."""
    days = daily["date"].to_numpy().astype("datetime64[D]")
    monday = days - (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    new = pd.factorize(daily["athlete"])[0]
    at = np.flatnonzero(_begins(monday) | _begins(new))
    ends = np.append(at, len(daily))[1:] - 1
    out: dict[str, Any] = {"athlete": daily["athlete"].to_numpy()[at]}
    out["week_start"] = monday[at].astype("datetime64[us]")
    out |= _sums(daily, at)
    out["change"] = _change(out["load"], new[at], ends - at + 1)
    out |= {name: daily[name].to_numpy()[ends] for name in _AT_END}
    out["max_session_ratio"] = _reduced(np.fmax, daily["session_ratio"], at)
    out["n_days"] = ends - at + 1
    out["n_known"] = _reduced(np.add, daily["load"].notna().astype(np.int64), at)
    out["partial"] = out["n_days"] < WINDOWS["acute"]
    out["flags"] = _flags(daily, at, ends)
    frame = pd.DataFrame(out)
    texts = dict.fromkeys(("acwr_status", "flags"), "str")
    return frame.astype(texts | {"athlete": daily["athlete"].dtype})


def _sums(daily: pd.DataFrame, at: npt.NDArray[np.intp]) -> dict[str, Any]:
    """What adds up over a week."""
    ran = daily["runs"] > 0
    rested = daily["load"].notna() & ~ran
    return {
        "runs": _reduced(np.add, daily["runs"], at),
        "run_days": _reduced(np.add, ran.astype(np.int64), at),
        "rest_days": _reduced(np.add, rested.astype(np.int64), at),
        "longest_km": _reduced(np.fmax, daily["longest_km"], at),
        "load": _reduced(np.add, daily["load"], at),
    }


def _reduced(join: np.ufunc, values: pd.Series, at: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    """Values of each week joined to one."""
    cells = values.to_numpy()
    out: npt.NDArray[Any] = join.reduceat(cells, at) if len(at) else cells[:0]
    return out


def _begins(values: npt.NDArray[Any]) -> Marks:
    """Where a value differs from the one before it."""
    out = np.ones(len(values), dtype=bool)
    out[1:] = values[1:] != values[:-1]
    return out


def _change(load: Floats, athlete: npt.NDArray[np.intp], n_days: npt.NDArray[np.intp]) -> Floats:
    """Load over that of the week before, where both are complete and known."""
    whole = np.where(n_days < WINDOWS["acute"], np.nan, load)
    out = np.full(len(load), np.nan)
    before = whole[:-1]
    compared = (before > 0) & ~_begins(athlete)[1:]
    np.divide(whole[1:], before, out=out[1:], where=compared)
    return out


def _flags(
    daily: pd.DataFrame, at: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]
) -> npt.NDArray[np.object_]:
    """Names of what stands out in each week, joined by commas."""
    names = (*_ANY_DAY, *_LAST_RUN, *_LAST_DAY)
    marks = {name: daily[f"flag_{name}"].fillna(False).to_numpy(dtype=bool) for name in names}
    decided = ((daily["runs"] > 0) & daily["sum_7d"].notna()).to_numpy()
    last = np.maximum.accumulate(np.where(decided, np.arange(len(daily)), -1))[ends]
    runs = last >= at
    found = [np.logical_or.reduceat(marks[n], at) if len(at) else marks[n] for n in _ANY_DAY]
    found += [runs & marks[n][np.where(runs, last, 0)] for n in _LAST_RUN]
    found += [marks[n][ends] for n in _LAST_DAY]
    code = sum(flag.astype(np.int64) << (len(names) - 1 - i) for i, flag in enumerate(found))
    texts = [
        ",".join(name for name, on in zip(names, row, strict=True) if on)
        for row in product((False, True), repeat=len(names))
    ]
    out: npt.NDArray[np.object_] = np.array(texts, dtype=object)[code]
    return out


# Daily and weekly panels: what `loadmon` says of one runner, for every athlete of a table.


#: How the columns of flags begin.
FLAG = "flag_"
#: Checks that a panel holds flags of: those of `loadmon.check`, then the ratio by each method.
CHECKS = ("session_spike", "weekly_change", "acwr", "monotony", "rest")
BY_METHOD = tuple(f"acwr_{method}" for method in METHODS)


def daily_panel(
    sessions: pd.DataFrame, *, load: str = DISTANCE, as_of: Day | None = None
) -> pd.DataFrame:
    """Load, ratios, spikes, monotony and flags of every day of every athlete.

    Parameters
    ----------
    sessions : DataFrame
        Long table with ``athlete``, ``date`` (naive days) and the load, one row a session or a
        day, in any order; further columns are ignored. 0 is a day without a run, NaN a day whose
        load is not known; days without a row are rest. ``distance_km`` [km] is what sessions are
        compared by: without it no session spike is known, and a row that adds up several
        sessions is taken for one.
    load : str
        Column of the load.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is each athlete's own last row. Days after the last row whose
        load is known are rest up to the athlete's usual gap and not known beyond it, as in
        `loadmon.daily_load`.

    Returns
    -------
    DataFrame
        One row per athlete and day, in order: ``athlete``, ``date``; ``load``, ``runs``,
        ``longest_km`` as in `loadmon.daily_load`; ``sum_7d`` and ``change`` (7 days over the 7
        before) [-]; ``monotony``, ``strain``; ``acwr_coupled``, ``acwr_uncoupled``, ``acwr_ewma``
        [-] and ``acwr_status`` (coupled) as in `loadmon.acwr`; ``session_ratio``, the largest of
        the day [-], and ``session_level`` of its longest run, as in `loadmon.session_spikes`
        (``rest``: no run).

        ``flag_session_spike``, ``flag_weekly_change``, ``flag_acwr`` (by any method),
        ``flag_monotony``, ``flag_rest`` and, by each method alone, ``flag_acwr_coupled``,
        ``flag_acwr_uncoupled``, ``flag_acwr_ewma``: True, False, or NA where it is not known.
        A day without a run raises no flag of a spike, a change or a ratio.

    Raises
    ------
    FrameError
        If `sessions` lacks a column, or a value in it makes no sense, such as a date more than 100
        years from the athlete's others or from `as_of`; the first such row is named.
    SettingError
        If `load` is no column, or `as_of` is no day, or one more than 100 years after the last.

    Notes
    -----
    Equal to the functions for one runner to 1e-9. For more athletes than memory holds, see
    `loadmon.write_panel`.
    """
    parts = [panel_of(block) for block in blocks(sessions, load=load, as_of=as_of)]
    return _together(parts) if parts else panel_of_nobody()


def weekly_panel(
    sessions: pd.DataFrame, *, load: str = DISTANCE, as_of: Day | None = None
) -> pd.DataFrame:
    """Weeks of every athlete, as `loadmon.weekly_load` gives them for one.

    Parameters
    ----------
    sessions, load, as_of
        As in `daily_panel`.

    Returns
    -------
    DataFrame
        One row per athlete and ISO week: ``athlete``, ``week_start`` (Monday); ``runs, run_days,
        rest_days, longest_km, load, change, monotony, strain, acwr_coupled, acwr_uncoupled,
        acwr_ewma, acwr_status, max_session_ratio, n_days, n_known, partial, flags`` as in
        `loadmon.weekly_load`.

    Raises
    ------
    FrameError, SettingError
        As `daily_panel`.
    """
    parts = [weeks(panel_of(block)) for block in blocks(sessions, load=load, as_of=as_of)]
    return _together(parts) if parts else weeks(panel_of_nobody())


def panels(
    sessions: pd.DataFrame, every: str, load: str, as_of: Day | None, size: int
) -> Iterator[pd.DataFrame]:
    """Daily or weekly panel of a table, one block of athletes after another."""
    for block in blocks(sessions, load=load, as_of=as_of, size=size):
        yield panel_of(block) if every == "day" else weeks(panel_of(block))


def panel_of_nobody() -> pd.DataFrame:
    """Panel of nobody: the columns alone."""
    nobody = np.zeros((0, 0))
    none = np.array([], dtype=object)
    whole = nobody.astype(np.int64)
    flat = whole.ravel()
    days = flat.astype("datetime64[D]")
    no_km = nobody.ravel()
    return panel_of(Block(none, days, flat, nobody, nobody, whole, nobody == 0, flat, no_km))


def panel_of(block: Block) -> pd.DataFrame:
    """Panel of a block, one athlete after another."""
    found = numbers(block)
    columns: dict[str, Any] = {"load": block.load, "runs": block.runs}
    columns["longest_km"] = block.longest_km
    columns |= {name: found[name] for name in ("sum_7d", "change", "monotony", "strain")}
    by_method = {f"acwr_{method}": ratios(block, method) for method in METHODS}
    columns |= {name: ratio for name, (ratio, _, _) in by_method.items()}
    columns["acwr_status"] = as_words(by_method[BY_METHOD[0]][1], STATUSES)
    columns["session_ratio"], level, spike = spikes(block)
    columns["session_level"] = as_words(level, LEVELS)
    over = {name: state for name, (_, _, state) in by_method.items()}
    flags = {"session_spike": spike, "acwr": any_state(over.values())}
    flags |= other_flags(block, found)
    columns |= {FLAG + name: flags[name] for name in CHECKS}
    return _long(block, columns | {FLAG + name: state for name, state in over.items()})


def _long(block: Block, columns: dict[str, Any]) -> pd.DataFrame:
    """One row a day from arrays of a block, without what lies beyond each calendar."""
    inside = np.arange(len(block.load))[:, None] < block.n_days
    who, on = np.nonzero(inside.T)
    frame = {"athlete": pd.Series(block.athletes[who]).infer_objects()}
    frame["date"] = pd.Series((block.first[who] + on).astype("datetime64[us]"))
    for name, values in columns.items():
        cells = values[on, who]
        flag = name.startswith(FLAG)
        frame[name] = pd.Series(pd.arrays.BooleanArray(cells == 1, cells < 0) if flag else cells)
    return pd.DataFrame(frame).astype({"acwr_status": "str", "session_level": "str"})


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Blocks below each other."""
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


# Panels of more athletes than memory holds, written block by block.


Every = Literal["day", "week"]
Write = Callable[[pd.DataFrame], None]


def write_panel(
    sessions: pd.DataFrame | Iterable[pd.DataFrame],
    target: str | PathLike[str],
    *,
    every: Every = "day",
    load: str = DISTANCE,
    as_of: Day | None = None,
    athletes: int = 256,
) -> int:
    """Write a daily or weekly panel as it is worked out, one block of athletes after another.

    Parameters
    ----------
    sessions : DataFrame or iterable of DataFrame
        A long table, or tables of whole athletes one after another such as
        `loadmon.sessions_in_blocks` gives.
    target : path
        File to write: ``.csv``, or ``.parquet`` where pyarrow is installed. In CSV a name that a
        spreadsheet would take for a formula stands behind an apostrophe.
    every : {"day", "week"}
        Which panel: `loadmon.daily_panel` or `loadmon.weekly_panel`.
    load, as_of
        As in `loadmon.daily_panel`.
    athletes : int
        Athletes in a block; memory grows with it, not with the cohort.

    Returns
    -------
    int
        Rows that were written.

    Raises
    ------
    FrameError, SettingError
        As `loadmon.daily_panel`; SettingError too if the ending is neither, `every` is unknown,
        or the file cannot be written.

    Notes
    -----
    The file appears under its name when it is whole; until then it is ``NAME.part``.
    """
    if every not in get_args(Every):
        raise SettingError(f"unknown panel {every!r}: {', '.join(get_args(Every))}")
    if athletes < 1:
        raise SettingError("athletes must be at least 1")
    tables = [sessions] if isinstance(sessions, pd.DataFrame) else sessions
    path, written = path_of(target), 0
    part = path.with_name(f"{path.name}.part")
    try:
        with _writer(path, part) as write:
            for table in tables:
                for panel in panels(table, every, load, as_of, athletes):
                    write(panel)
                    written += len(panel)
        part.replace(path)
    except OSError as error:
        raise SettingError(f"{path}: cannot be written ({error.strerror})") from None
    return written


@contextmanager
def _writer(path: Path, part: Path) -> Iterator[Write]:
    """Open the file that grows, in the format that the name asks for."""
    if path.suffix == ".csv":
        with part.open("w", encoding="utf-8", newline="") as file:
            yield lambda panel: print(csv_text(panel, header=file.tell() == 0), end="", file=file)
    elif path.suffix == ".parquet":
        with _parquet(part) as write:
            yield write
    else:
        raise SettingError(f"{path}: write .csv or .parquet")


@contextmanager
def _parquet(part: Path) -> Iterator[Write]:
    """Write Parquet, one row group a block, columns as in the first block."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise SettingError("Parquet needs pyarrow: pip install pyarrow, or write .csv") from None
    writers: list[pq.ParquetWriter] = []

    def write(panel: pd.DataFrame) -> None:
        schema = writers[0].schema if writers else None
        table = pa.Table.from_pandas(panel, schema=schema, preserve_index=False)
        if not writers:
            writers.append(pq.ParquetWriter(part, table.schema))
        writers[0].write_table(table)

    try:
        yield write
    finally:
        for writer in writers:
            writer.close()
