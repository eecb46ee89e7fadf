"""The acute:chronic ratio of many athletes at once, by the definitions of `loadmon.acwr`.

A block of athletes is walked through day by day: each step works on one row, the day of all of
them, and on the few rows before it that a window still needs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.errors import FrameError, SettingError
from loadmon.evidence.load import CHRONIC_FLOOR, LAYOFF, WINDOWS
from loadmon.load.ratio import METHODS, Floats, Marks, Method
from loadmon.load.threshold import TOLERANCE

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

    Parameters
    ----------
    x : ndarray of float, shape (n_days, n_athletes)
        Daily load from each athlete's first day on.
    method : {"coupled", "uncoupled", "ewma"}
        As in `loadmon.acwr`.

    Yields
    ------
    tuple of ndarray, each of shape (n_athletes,)
        The means [unit of `x`], and the place of the status in `STATUSES`. The next day
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
