"""Windows over arrays of days x athletes, and the acute:chronic ratio of every day.

An array has one row a day and one column an athlete; a single runner is one column. Every window
is joined from its own days, halves first: nothing that left it, such as one huge day or one NaN,
leaves a trace in those after it, and a sum of rest is exactly 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.errors import FrameError, SettingError
from loadmon.evidence.limits import CHRONIC_FLOOR, LAYOFF, WINDOWS
from loadmon.evidence.loads import FITNESS_LINES

Method = Literal["coupled", "uncoupled", "ewma"]
METHODS: tuple[Method, ...] = get_args(Method)
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

#: Relative slack of every comparison: 11 km after 10 km is not above 1.10.
TOLERANCE = 1e-9
#: Words of ``status`` in the order in which they are looked at; the place is the code of a day.
STATUSES = ("unknown", "forming", "returning", "low_base", "ok")
UNKNOWN, FORMING, RETURNING, LOW_BASE, OK = range(len(STATUSES))
#: Columns that are worked on at a time: few enough for the processor's cache, and enough that a row
#: of them costs more than the call that works on it.
_BLOCK = 512
#: Fewer columns than this are averaged exponentially value by value, which is quicker there.
_NARROW = 8


def above(value: npt.ArrayLike, bound: npt.ArrayLike) -> Marks:
    """Whether `value` is more than `bound`, beyond rounding.

    False where either is NaN: the caller must ask for NaN first, as unknown is not fine. Multiply
    a limit out, ``above(a, limit * c)``, instead of dividing: `c` may be 0.
    """
    limit: Floats = np.asarray(bound, dtype=float)
    out: Marks = np.asarray(value, dtype=float) > limit + TOLERANCE * np.abs(limit)
    return out


def reaches(value: npt.ArrayLike, bound: npt.ArrayLike) -> Marks:
    """Whether `value` is at least `bound`, to within rounding; False where either is NaN."""
    limit: Floats = np.asarray(bound, dtype=float)
    out: Marks = np.asarray(value, dtype=float) >= limit - TOLERANCE * np.abs(limit)
    return out


def window_sum(x: Floats, days: int) -> Floats:
    """Sum of the `days` values that end on each day, NaN where they are fewer or one is NaN."""
    out = np.empty(x.shape)
    out[: days - 1] = np.nan
    if len(x) >= days:
        _joined(x, days, np.add, out=out[days - 1 :])
    return out


def sum_so_far(x: Floats, days: int) -> Floats:
    """Sum of the `days` values that end on each day, or of as many as there are."""
    out: Floats = _joined(_after(x, days - 1, 0.0), days, np.add)
    return out


def sum_before(x: Floats, days: int) -> Floats:
    """Sum of the `days` values before each day, without the day itself, or of as many."""
    out: Floats = _joined(_after(x, days, 0.0)[: len(x) + days - 1], days, np.add)
    return out


def max_before(x: Floats, days: int, none: float = 0.0) -> Floats:
    """Largest of the `days` values before each day, without the day itself; `none` for no day."""
    out: Floats = _joined(_after(x, days, none)[: len(x) + days - 1], days, np.maximum)
    return out


def shifted(x: Floats, days: int) -> Floats:
    """Values of so many days before."""
    return _after(x, days, np.nan)[: len(x)]


def last_marked(marks: Marks) -> Floats:
    """Place of the latest marked day up to each day, minus infinity before the first."""
    place = np.arange(len(marks), dtype=float)[:, None]
    last: Floats = np.maximum.accumulate(np.where(marks, place, -np.inf), axis=0)
    return last


def quotient(a: Floats, b: Floats) -> Floats:
    """Quotient, NaN where the divisor is 0 or not known."""
    out = np.full(a.shape, np.nan)
    np.divide(a, b, out=out, where=b > 0)
    return out


def _after(x: Floats, days: int, value: float) -> Floats:
    """Values behind so many days of one value."""
    return np.concatenate([np.full((days, *x.shape[1:]), value), x])


def _joined(x: Any, days: int, join: Callable[..., Any], out: Any = None) -> Any:
    """Join the values of all full windows: two halves, and one day more if the length is odd."""
    if days == 1:
        return x if out is None else np.copyto(out, x)
    half = days // 2
    halves = _joined(x, half, join)
    n = len(x) - days + 1
    out = join(halves[:n], halves[half : half + n], out=out)
    return join(out, x[days - 1 :], out=out) if days % 2 else out


def ewma(x: Floats, days: int) -> Floats:
    """Exponentially weighted mean from the first day, begun again after each NaN."""
    weight = 2 / (days + 1)
    if x.shape[1] < _NARROW:
        return np.array([_ewma_of_one(column, weight) for column in x.T.tolist()]).T.reshape(
            x.shape
        )
    out, gaps = weight * x, bool(np.isnan(x).any())
    kept, last = np.empty(x.shape[1]), np.full(x.shape[1], np.nan)
    for day, mean in enumerate(out):
        mean += np.multiply(last, 1 - weight, out=kept)
        if gaps or day == 0:
            np.copyto(mean, x[day], where=np.isnan(last))
        last = mean
    return out


def _ewma_of_one(values: list[float], weight: float) -> list[float]:
    out, last = [], math.nan
    for value in values:
        last = value if math.isnan(last) else weight * value + (1 - weight) * last
        out.append(last)
    return out


def ratios(
    x: Floats,
    method: Method,
    acute: int = int(WINDOWS["acute"]),
    chronic: int = int(WINDOWS["chronic"]),
) -> tuple[Floats, Floats, Codes]:
    """Acute mean, chronic mean and status of every day.

    `x` has shape (n_days, n_athletes). Both means are NaN unless their window is full and known
    (EWMA: from the first day); the status is a place in `STATUSES`, the first that applies.
    """
    short, long = _means(x, method, acute, chronic)
    status = np.full(x.shape, FORMING, dtype=np.int8)
    first = chronic - 1
    full, base = status[first:], long[first:]
    full[:] = OK
    nan = np.isnan(x)
    settled = None
    if nan.any():
        lately = np.arange(len(x))[:, None] - last_marked(nan) < chronic
        status[lately] = FORMING if method == "ewma" else UNKNOWN
        status[nan] = UNKNOWN
        settled = full == OK
        base = np.where(settled, base, 0.0)
    off, low = _returning(x, chronic)[first:], _low_base(base, settled)
    np.copyto(full, LOW_BASE, where=low if settled is None else low & settled)
    np.copyto(full, RETURNING, where=off if settled is None else off & settled)
    return short, long, status


def _means(x: Floats, method: Method, acute: int, chronic: int) -> tuple[Floats, Floats]:
    """Acute and chronic mean daily load by one method."""
    if method == "ewma":
        return ewma(x, acute), ewma(x, chronic)
    short = window_sum(x, acute)
    skipped = 0 if method == "coupled" else acute
    long = np.empty(x.shape)
    long[: chronic - 1] = np.nan
    if len(x) >= chronic and chronic % acute == 0:  # whole acute windows side by side
        one, *others = range(skipped, chronic, acute)
        total = long[chronic - 1 :]
        total[:] = short[chronic - 1 - one : len(x) - one]
        for lag in others:
            total += short[chronic - 1 - lag : len(x) - lag]
    elif len(x) >= chronic:
        long[skipped:] = window_sum(x, chronic - skipped)[: len(x) - skipped]
    short *= 1 / acute
    long *= 1 / (chronic - skipped)
    return short, long


def _returning(x: Floats, chronic: int) -> Marks:
    """From the 14th day in a row without load until 28 days after the load that ends it."""
    rest, back = int(LAYOFF["returning_from_days"]), max(int(LAYOFF["returning_for_days"]), chronic)
    out = np.zeros(x.shape, dtype=bool)
    if len(x) < rest:
        return out
    off = _joined(x == 0, rest, np.logical_and)
    begins, ends = np.append(off[:1], off[1:] > off[:-1], axis=0), off[:-1] > off[1:]
    last = np.flatnonzero(off[-1])
    day, who = np.nonzero(begins)
    end, whose = np.nonzero(ends)
    end, whose = np.append(end, np.full(len(last), len(off))), np.append(whose, last)
    day, end = day[np.argsort(who, kind="stable")], end[np.argsort(whose, kind="stable")]
    for first, over, athlete in zip(day.tolist(), end.tolist(), np.sort(who).tolist(), strict=True):
        until = over + rest
        while until < len(x) and not x[until, athlete] > 0:
            until += 1
        out[first + rest - 1 : until + back, athlete] = True
    return out


def _low_base(long: Floats, settled: Marks | None) -> Marks:
    """Chronic load of 0, or under a quarter of its own mean over the 180 days before.

    `long` is 0 where it is not `settled`; None stands for settled throughout.
    """
    days = int(CHRONIC_FLOOR["window_days"])
    if settled is None:
        n = np.minimum(np.arange(len(long), dtype=float), days)[:, None]
    else:
        n = _sum_of_long(settled.astype(float), days)
    # As `above`, with all factors on one side; where nothing lies before, only 0 is low.
    n = np.maximum(n, TOLERANCE) * ((1 + TOLERANCE) / CHRONIC_FLOOR["share"])
    low: Marks = _sum_of_long(long, days) >= n * long
    return low


def _sum_of_long(x: Floats, days: int) -> Floats:
    """Sum of the `days` values before each day, as `sum_before`; of many athletes carried on.

    What is carried on from day to day keeps the rounding of what left it, far below the tolerance
    of `above`, and is several times as quick.
    """
    if x.shape[1] < _NARROW:
        return sum_before(x, days)
    out, total = np.zeros(x.shape), np.zeros(x.shape[1])
    for day in range(1, len(x)):
        total = np.add(total, x[day - 1], out=out[day])
        if day > days:
            total -= x[day - 1 - days]
    return out


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
    _check_windows(method, acute, chronic)
    short, long, status = ratios(x[:, None], method, acute, chronic)
    ratio = np.divide(short, long, out=np.full(short.shape, np.nan), where=status == OK)
    columns = {"load": x, "acute": short[:, 0], "chronic": long[:, 0], "acwr": ratio[:, 0]}
    frame = pd.DataFrame(columns, index=load.index)
    return frame.assign(status=np.array(STATUSES)[status[:, 0]]).astype({"status": "str"})


def _check_windows(method: str, acute: int, chronic: int) -> None:
    if method not in METHODS:
        raise SettingError(f"unknown method {method!r}: {', '.join(METHODS)}")
    if not 0 < acute < chronic:
        raise SettingError(f"need 0 < acute < chronic, got {acute} and {chronic}")


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
        short, long, status = ratios(_columns(x[:, columns]), method)
        with np.errstate(divide="ignore", invalid="ignore"):
            np.divide(short, long, out=short)
        np.copyto(short, np.nan, where=status != OK)
        out[:, columns] = short
    return pd.DataFrame(out, index=load.index, columns=load.columns, copy=False)


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


def _columns(part: Floats) -> Floats:
    """Block of athletes whose days lie one after another, after looking at its values."""
    least, most = (
        np.fmin.reduce(part, axis=None, initial=0),
        np.fmax.reduce(part, axis=None, initial=0),
    )
    if least < 0 or most == np.inf:
        raise FrameError("load holds a negative or infinite value; mark unknown days as NaN")
    return part if part.strides[1] == part.itemsize else np.ascontiguousarray(part)


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
    columns = {"ctl": ctl, "atl": atl, "tsb": shifted(ctl - atl, 1)}
    days = int(WINDOWS["acute"])
    broken = np.isnan(window_sum(ctl, days))  # across an unknown day nothing has risen
    columns["ramp_rate"] = np.where(broken, np.nan, ctl - shifted(ctl, days))
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
