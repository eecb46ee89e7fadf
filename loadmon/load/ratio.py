"""Acute:chronic ratio of every day by three methods, and whether it means anything that day."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.errors import FrameError, SettingError
from loadmon.evidence.load import CHRONIC_FLOOR, LAYOFF, WINDOWS
from loadmon.load.threshold import above

Method = Literal["coupled", "uncoupled", "ewma"]
METHODS: tuple[Method, ...] = get_args(Method)
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


def acwr(
    load: pd.Series,
    *,
    method: Method = "coupled",
    acute: int = int(WINDOWS["acute"]),
    chronic: int = int(WINDOWS["chronic"]),
) -> pd.DataFrame:
    """Acute:chronic ratio of every day, where it means something.

    Parameters
    ----------
    load : Series of float, shape (n_days,)
        Daily load, one row a day: rest is 0, a day not recorded is NaN.
    method : {"coupled", "uncoupled", "ewma"}
        Mean of the `acute` days over the mean of all `chronic` days; over the mean of the
        ``chronic - acute`` days before them; or exponentially weighted means of both spans [1]_.
    acute, chronic : int
        Days in the acute window, and days that both windows span together. [d]

    Returns
    -------
    DataFrame
        Index of `load`. ``load``; ``acute`` and ``chronic``: mean daily load, NaN unless the
        window is full and known (EWMA: from the first day); ``acwr`` [-]: NaN unless ``status``
        is ``ok``. ``status`` is the first that applies of ``unknown`` (a day in the window is NaN;
        EWMA: this day), ``forming`` (fewer than `chronic` days since the first, or since EWMA
        began again after an unknown day), ``returning`` (from the 14th day in a row without load
        until 28 days after the load that ends it), ``low_base`` (chronic load 0, or under a quarter
        of its own mean over the 180 days before), ``ok``.

    Raises
    ------
    FrameError
        If `load` is no Series on a complete daily index, or holds a negative, infinite or
        non-numeric value.
    SettingError
        If `method` is unknown, or unless ``0 < acute < chronic``.

    Notes
    -----
    EWMA has lambda = 2/(N+1) and begins at the first day's load. A limit belongs to its method:
    uncoupled = 3 coupled / (4 - coupled) for 7 and 28 days. In runners the ratio is no predictor
    of injury (`loadmon.evidence.checks.ACWR_LIMIT`). A chronic window longer than 28 days lengthens
    ``returning`` to its own length.

    References
    ----------
    .. [1] Williams et al. 2017, Br J Sports Med 51:209, doi:10.1136/bjsports-2016-096589.
    """
    x = daily_values(load)
    if method not in METHODS:
        raise SettingError(f"unknown method {method!r}: {', '.join(METHODS)}")
    if not 0 < acute < chronic:
        raise SettingError(f"need 0 < acute < chronic, got {acute} and {chronic}")
    short, long = _means(x, method, acute, chronic)
    status = _status(x, long, method, chronic)
    ratio = np.full(len(x), np.nan)
    np.divide(short, long, out=ratio, where=status == "ok")
    columns = {"load": x, "acute": short, "chronic": long, "acwr": ratio, "status": status}
    return pd.DataFrame(columns, index=load.index).astype({"status": "str"})


def daily_values(load: pd.Series) -> Floats:
    """Numbers of a daily load, after making sure that it is one.

    Parameters
    ----------
    load : Series, shape (n_days,)
        Daily load.

    Returns
    -------
    ndarray of float, shape (n_days,)
        A copy; NaN is a day not recorded.

    Raises
    ------
    FrameError
        If it is no Series of numbers on a complete daily index of naive days, or holds a
        negative or infinite value.
    """
    if not isinstance(load, pd.Series):
        raise FrameError(f"load must be a Series such as daily_load(...)['load'], not {type(load)}")
    if not pd.api.types.is_numeric_dtype(load.dtype) or pd.api.types.is_bool_dtype(load.dtype):
        raise FrameError(f"load must be numeric, not {load.dtype}")
    days = load.index
    if not isinstance(days, pd.DatetimeIndex) or days.tz is not None:
        raise FrameError("load needs an index of naive local days, as daily_load gives")
    if days.hasnans or (np.diff(days.to_numpy()) != np.timedelta64(1, "D")).any():
        raise FrameError("load must have one row for every day, in order, without gaps or repeats")
    x = load.to_numpy(dtype=float, na_value=np.nan, copy=True)
    if (x < 0).any() or np.isinf(x).any():
        raise FrameError("load holds a negative or infinite value; mark unknown days as NaN")
    return x


def window_sum(x: Floats, days: int) -> Floats:
    """Sum of the last `days` values, NaN where they are fewer or one is NaN.

    Every window is summed for itself: a running sum would carry the rounding of one huge day,
    or one NaN, into all windows after it.
    """
    out = np.full(len(x), np.nan)
    if len(x) >= days:
        out[days - 1 :] = np.lib.stride_tricks.sliding_window_view(x, days).sum(axis=1)
    return out


def _means(x: Floats, method: Method, acute: int, chronic: int) -> tuple[Floats, Floats]:
    """Acute and chronic mean daily load by one method."""
    if method == "ewma":
        return ewma(x, acute), ewma(x, chronic)
    full = window_sum(x, chronic)
    short = window_sum(x, acute) / acute
    if method == "coupled":
        return short, full / chronic
    before = np.full(len(x), np.nan)
    before[acute:] = window_sum(x, chronic - acute)[:-acute] / (chronic - acute)
    return short, before


def ewma(x: Floats, days: int) -> Floats:
    """Exponentially weighted mean from the first day, begun again after each NaN."""
    weight = 2 / (days + 1)
    out, last = [], math.nan
    for value in x.tolist():
        last = value if math.isnan(last) else weight * value + (1 - weight) * last
        out.append(last)
    return np.array(out, np.float64)


def _status(x: Floats, long: Floats, method: Method, chronic: int) -> npt.NDArray[np.str_]:
    """Word for every day, the first that applies."""
    nan = np.isnan(x)
    since_nan = _days_since(nan)
    unknown = nan if method == "ewma" else since_nan < chronic
    forming = np.arange(len(x)) < chronic - 1
    if method == "ewma":
        forming |= since_nan < chronic
    low = _low_base(np.where(forming | unknown, np.nan, long))
    words = ["unknown", "forming", "returning", "low_base"]
    return np.select([unknown, forming, _returning(x, chronic), low], words, "ok")


def _days_since(marks: Marks) -> Floats:
    """Days since the last marked day, 0 on it, infinite before the first."""
    at: Floats = np.arange(len(marks), dtype=float)
    last: Floats = np.maximum.accumulate(np.where(marks, at, -np.inf))
    return at - last


def _returning(x: Floats, chronic: int) -> Marks:
    """From the 14th day in a row without load until 28 days after the load that ends it."""
    rest, back = LAYOFF["returning_from_days"], max(LAYOFF["returning_for_days"], chronic)
    out = np.zeros(len(x), dtype=bool)
    zeros = 0
    laid_off = False
    ended = -np.inf
    for i, value in enumerate(x.tolist()):
        zeros = zeros + 1 if value == 0 else 0
        laid_off = laid_off or zeros >= rest
        if laid_off and value > 0:
            laid_off, ended = False, i
        out[i] = laid_off or i - ended < back
    return out


def _low_base(long: Floats) -> Marks:
    """Chronic load of 0, or under a quarter of its own mean over the 180 days before."""
    days = int(CHRONIC_FLOOR["window_days"])
    known = np.concatenate([np.full(days, np.nan), long])[: len(long) + days - 1]
    total = window_sum(np.nan_to_num(known), days)[days - 1 :]
    n = window_sum((~np.isnan(known)).astype(float), days)[days - 1 :]
    low: Marks = (long == 0) | above(CHRONIC_FLOOR["share"] * total, n * long)
    return low
