"""Acute:chronic ratio, fitness and fatigue, and the one way to compare a number with a limit."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.errors import FrameError, SettingError
from loadmon.evidence.limits import CHRONIC_FLOOR, LAYOFF, WINDOWS
from loadmon.evidence.loads import FITNESS_LINES

# One way to compare with a limit, so that every room agrees what "above" means.

#: Relative slack of every comparison: 11 km after 10 km is not above 1.10.
TOLERANCE = 1e-9


def above(value: npt.ArrayLike, bound: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether `value` is more than `bound`, beyond rounding.

    Returns False where either is NaN: the caller must ask for NaN first, as unknown is not fine.
    """
    limit: npt.NDArray[np.float64] = np.asarray(bound, dtype=float)
    out: npt.NDArray[np.bool_] = np.asarray(value, dtype=float) > limit + TOLERANCE * np.abs(limit)
    return out


def reaches(value: npt.ArrayLike, bound: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether `value` is at least `bound`, to within rounding; False where either is NaN."""
    limit: npt.NDArray[np.float64] = np.asarray(bound, dtype=float)
    out: npt.NDArray[np.bool_] = np.asarray(value, dtype=float) >= limit - TOLERANCE * np.abs(limit)
    return out


# Acute:chronic ratio of every day by three methods, and whether it means anything that day.


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
    of injury (`loadmon.evidence.limits.ACWR_LIMIT`). A chronic window longer than 28 days lengthens
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

    Returns A copy; NaN is a day not recorded.
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


# Exponentially weighted load of six weeks and of one, and how fast the longer one rises.


Smoothing = Literal["exponential", "reciprocal"]
SMOOTHINGS: tuple[Smoothing, ...] = get_args(Smoothing)


def fitness(load: pd.Series, *, smoothing: Smoothing = "exponential") -> pd.DataFrame:
    """Chronic and acute training load (CTL, ATL), their balance (TSB), and the ramp rate.

    Parameters
    ----------
    load : Series of float, shape (n_days,)
        Daily load, one row a day: rest is 0, a day not recorded is NaN.
    smoothing : {"exponential", "reciprocal"}
        By how much of the distance to a day's load a mean with a time constant of T days moves:
        ``1 - exp(-1/T)`` [1]_ or ``1/T`` [2]_. Both are published under the same names.

    Returns
    -------
    DataFrame
        Index of `load`. ``ctl`` and ``atl``: means with time constants of 42 and 7 days, from 0
        before the first day [unit of `load`]; ``tsb``: ``ctl - atl`` of the day before;
        ``ramp_rate``: rise of ``ctl`` in 7 days [unit of `load`]. An unknown day is NaN, and both
        means begin again from 0 after it; ``tsb`` and ``ramp_rate`` are NaN until the day they
        look back to is known.

    Raises
    ------
    FrameError
        If `load` is no Series of a complete daily index without negative values.
    SettingError
        If `smoothing` is neither of the two.

    Notes
    -----
    The two smoothings differ by about 1 % in ``ctl`` and 7 % in ``atl``. As they start from 0, both
    means rise for six weeks whatever is run. They are called fitness and fatigue elsewhere, and
    measure neither. A limit on the ramp rate exists only for loads of which 100 are an hour at
    threshold, and is a coach's rule of thumb (`loadmon.evidence.limits.RAMP_RATE`).

    References
    ----------
    .. [1] docs.mydatafor.life/reference/fitness-model
    .. [2] uphillathlete.com/forums/topic/ctl-atl-tsb-info-sheet-from-cp
    """
    x = daily_values(load)
    if smoothing not in SMOOTHINGS:
        raise SettingError(f"unknown smoothing {smoothing!r}: {', '.join(SMOOTHINGS)}")
    ctl = _mean(x, _weight(FITNESS_LINES["fitness_days"], smoothing))
    atl = _mean(x, _weight(FITNESS_LINES["fatigue_days"], smoothing))
    columns = {"ctl": ctl, "atl": atl, "tsb": _later(ctl - atl, 1)}
    days = int(WINDOWS["acute"])
    broken = np.isnan(window_sum(ctl, days))  # across an unknown day nothing has risen
    columns["ramp_rate"] = np.where(broken, np.nan, ctl - _later(ctl, days))
    return pd.DataFrame(columns, index=load.index)


def _weight(days: float, smoothing: Smoothing) -> float:
    """Weight of a day in a mean with a time constant. [-]"""
    return 1 / days if smoothing == "reciprocal" else 1 - math.exp(-1 / days)


def _mean(x: Floats, weight: float) -> Floats:
    """Exponentially weighted mean from 0, begun again after each NaN."""
    out, last = np.full(len(x), np.nan), 0.0
    for i, value in enumerate(x.tolist()):
        last += weight * (value - last)
        out[i] = last
        last = 0.0 if math.isnan(last) else last
    return out


def _later(x: Floats, days: int) -> Floats:
    """Values of so many days before."""
    return np.concatenate([np.full(days, np.nan), x])[: len(x)]
