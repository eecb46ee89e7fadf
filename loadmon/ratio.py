"""Windows over arrays of days x athletes, and the acute:chronic ratio of every day.

An array has one row a day and one column an athlete; a single runner is one column. Every window
is joined from its own days, halves first: nothing that left it, such as one huge day or one NaN,
leaves a trace in those after it, and a sum of rest is exactly 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import MOST, check_choice, check_frame, count_of, quoted
from loadmon.errors import FrameError, SettingError
from loadmon.evidence.limits import CHRONIC_FLOOR, LAYOFF, SPARSE, WINDOWS
from loadmon.evidence.loads import FITNESS_LINES

Method = Literal["coupled", "uncoupled", "ewma"]
METHODS: tuple[Method, ...] = get_args(Method)
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]
ACUTE, CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])

#: Relative slack of every comparison: 11 km after 10 km is not above 1.10.
TOLERANCE = 1e-9
#: Words of ``status`` in the order in which they are looked at; the place is the code of a day.
STATUSES = ("unknown", "forming", "returning", "sparse", "low_base", "ok")
UNKNOWN, FORMING, RETURNING, SPARSE_DAYS, LOW_BASE, OK = range(len(STATUSES))
#: Athletes of a panel that are worked on together, and values of one step of `_fill`.
_BLOCK, _STEP = 1024, 32 * 1024
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
    out = np.empty(x.shape)
    _write_ewma(x, days, out, slice(0, len(x)), gaps=bool(np.isnan(x).any()))
    return out


def _write_ewma(x: Floats, days: int, out: Floats, rows: slice, *, gaps: bool) -> None:
    """Go on with a mean: the rows before are there already."""
    weight = 2 / (days + 1)
    if x.shape[1] < _NARROW:
        for column, values in enumerate(x.T.tolist()):
            means, mean = [], math.nan
            for value in values:
                mean = value if math.isnan(mean) else weight * value + (1 - weight) * mean
                means.append(mean)
            out[:, column] = means
        return
    np.multiply(x[rows], weight, out=out[rows])
    last = out[rows.start - 1] if rows.start else np.full(x.shape[1], np.nan)
    kept = np.empty(x.shape[1])
    for day in range(rows.start, rows.stop):
        row = out[day]
        row += np.multiply(last, 1 - weight, out=kept)
        if gaps or day == 0:
            np.copyto(row, x[day], where=np.isnan(last))
        last = row


def ratios(
    x: Floats, method: Method, acute: int = ACUTE, chronic: int = CHRONIC
) -> tuple[Floats, Floats, Codes]:
    """Acute mean, chronic mean and status of every day of every athlete.

    Both means are NaN unless their window is full and known (EWMA: from the first day); the status
    is a place in `STATUSES`, the first that applies.
    """
    out = np.empty(x.shape), np.empty(x.shape), np.empty(x.shape, dtype=np.int8)
    for _ in _fill(x, method, acute, chronic, *out):
        pass
    return out


def _fill(
    x: Floats, method: Method, acute: int, chronic: int, short: Floats, long: Floats, status: Codes
) -> Iterator[slice]:
    """Write what `ratios` gives, some days of all athletes at a time, and tell which.

    The days of one step stay in the processor's cache; of one runner all days are one step.
    """
    off, gaps = _returning(x, chronic), bool(x.size and np.isnan(x.min()))
    sparse = _counted(x, chronic) < SPARSE["min_run_days"]
    settled = np.ones((len(x), 1), dtype=bool)
    if gaps:
        nan = np.isnan(x)
        lately = np.arange(len(x))[:, None] - last_marked(nan) < chronic
        settled = ~(lately | nan)
    settled[: chronic - 1] = False
    known = np.zeros(x.shape) if gaps else long
    floor = _Floor(known, settled, chronic - 1)
    step = max(_STEP // max(x.shape[1], 1), 1)
    for start in range(0, len(x), step):
        rows = slice(start, min(start + step, len(x)))
        if method == "ewma":
            _write_ewma(x, acute, short, rows, gaps=gaps)
            _write_ewma(x, chronic, long, rows, gaps=gaps)
        else:
            _write_means(x, method, acute, chronic, short, long, rows)
        if gaps:
            np.copyto(known[rows], long[rows], where=settled[rows])
        codes = status[rows]
        codes[:] = OK
        np.copyto(codes, LOW_BASE, where=floor.is_low(rows))
        np.copyto(codes, SPARSE_DAYS, where=sparse[rows])
        np.copyto(codes, RETURNING, where=off[rows])
        codes[: max(0, chronic - 1 - start)] = FORMING
        if gaps:
            np.copyto(codes, FORMING if method == "ewma" else UNKNOWN, where=lately[rows])
            np.copyto(codes, UNKNOWN, where=nan[rows])
        yield rows


def _write_means(
    x: Floats, method: Method, acute: int, chronic: int, short: Floats, long: Floats, rows: slice
) -> None:
    """Mean daily load of the acute days, and of the chronic days with or without them."""
    skipped = 0 if method == "coupled" else acute
    _write_window(x, acute, short, rows, 0)
    if chronic % acute:
        _write_window(x, chronic - skipped, long, rows, skipped)
        return
    lags = range(skipped, chronic, acute)  # whole acute windows side by side are the chronic one
    first = max(rows.start, chronic - 1)
    long[rows.start : first] = np.nan
    if first >= rows.stop:
        return
    total = long[first : rows.stop]
    total[:] = short[first - lags[0] : rows.stop - lags[0]]
    for lag in lags[1:]:
        total += short[first - lag : rows.stop - lag]
    total *= 1 / len(lags)


def _write_window(x: Floats, days: int, out: Floats, rows: slice, lag: int) -> None:
    """Mean of the `days` values that end so many days before each row; NaN where it is not full."""
    first = max(rows.start, days - 1 + lag)
    out[rows.start : min(first, rows.stop)] = np.nan
    if first < rows.stop:
        part = out[first : rows.stop]
        _joined(x[first - lag - days + 1 : rows.stop - lag], days, np.add, out=part)
        part *= 1 / days


class _Floor:
    """Whether chronic loads are 0, or under a quarter of their own mean over the 180 days before.

    `known` is filled in from day to day; from the first on it is 0 where it is not `settled`.
    """

    def __init__(self, known: Floats, settled: Marks, first: int):
        self._known, self._first = known, first
        self._days = int(CHRONIC_FLOOR["window_days"])
        n = sum_before(settled.astype(float), self._days)
        # As `above`, with all factors on one side; where nothing lies before, only 0 is low.
        self._limit = np.maximum(n, TOLERANCE) * ((1 + TOLERANCE) / CHRONIC_FLOOR["share"])
        self._total = np.zeros(known.shape[1])

    def is_low(self, rows: slice) -> Marks:
        """Whether the loads of some days, which follow the last ones asked for, are low.

        The sum of many athletes is carried on from day to day, which is several times as quick; the
        rounding of what left it stays far below the tolerance of `above`.
        """
        known, first = self._known, self._first
        if known.shape[1] < _NARROW:
            past = np.concatenate([np.zeros_like(known[:first]), known[first:]])
            sums = sum_before(past, self._days)[rows]
        else:
            sums = np.zeros((rows.stop - rows.start, known.shape[1]))
            for day in range(max(rows.start, first + 1), rows.stop):
                total = np.add(self._total, known[day - 1], out=sums[day - rows.start])
                if day > first + self._days:
                    total -= known[day - 1 - self._days]
                self._total = total
        low: Marks = sums >= self._limit[rows] * known[rows]
        return low


def _counted(x: Floats, days: int) -> npt.NDArray[np.uint8]:
    """Days with a load among those that end on each day, or among as many as there are."""
    ran = np.zeros((len(x) + days - 1, x.shape[1]), dtype=np.min_scalar_type(days))
    np.greater(x, 0, out=ran[days - 1 :], casting="unsafe")
    counted: npt.NDArray[np.uint8] = _joined(ran, days, np.add)
    return counted


def _returning(x: Floats, chronic: int) -> Marks:
    """From the 14th day in a row without load until 28 days after the load that ends it."""
    rest, back = int(LAYOFF["returning_from_days"]), max(int(LAYOFF["returning_for_days"]), chronic)
    out = np.zeros(x.shape, dtype=bool)
    if len(x) < rest:
        return out
    off = _joined(x == 0, rest, np.logical_and)
    begins, ends = off.copy(), np.zeros((len(off) + 1, x.shape[1]), dtype=bool)
    np.greater(off[1:], off[:-1], out=begins[1:])
    np.greater(off[:-1], off[1:], out=ends[1:-1])
    ends[-1] = off[-1]
    first, over = _in_order(begins), _in_order(ends)  # each lay-off has one of both
    for (athlete, day), (_, end) in zip(first, over, strict=True):
        until = end + rest - 1
        while until < len(x) and not x[until, athlete] > 0:
            until += 1
        out[day + rest - 1 : until + back, athlete] = True
    return out


def _in_order(marks: Marks) -> list[tuple[int, int]]:
    rows, columns = np.divmod(np.flatnonzero(marks), max(marks.shape[1], 1))
    order = np.argsort(columns, kind="stable")
    return list(zip(columns[order].tolist(), rows[order].tolist(), strict=True))


def acwr(
    load: pd.Series,
    *,
    method: Method = "coupled",
    acute: int = ACUTE,
    chronic: int = CHRONIC,
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
        until 28 days after the load that ends it), ``sparse`` (fewer than 6 days with a load in
        the chronic window), ``low_base`` (chronic load 0, or under a quarter of its own mean over
        the 180 days before), ``ok``.

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
    check_choice(method, METHODS, "method")
    if not 0 < count_of(acute, "acute", -MOST) < count_of(chronic, "chronic", -MOST):
        raise SettingError(f"need 0 < acute < chronic, got {acute} and {chronic}")


def daily_values(load: pd.Series, argument: str = "load") -> Floats:
    """Copy of the numbers of a daily load, after making sure that it is one."""
    if not isinstance(load, pd.Series):
        raise FrameError(
            f"{argument} must be a Series such as daily_load(...)['load'], not {quoted(load)}"
        )
    if not pd.api.types.is_numeric_dtype(load.dtype) or pd.api.types.is_bool_dtype(load.dtype):
        raise FrameError(f"{argument} must be numeric, not {load.dtype}")
    _check_days(load.index, argument, ", as daily_load gives")
    x = load.to_numpy(dtype=float, na_value=np.nan, copy=True)
    if (x < 0).any() or np.isinf(x).any():
        raise FrameError(f"{argument} holds a negative or infinite value; mark unknown days as NaN")
    return x


def _check_days(days: pd.Index, argument: str = "load", hint: str = "") -> None:
    if not isinstance(days, pd.DatetimeIndex) or days.tz is not None:
        raise FrameError(f"{argument} needs an index of naive local days{hint}")
    if days.hasnans or (np.diff(days.to_numpy()) != np.timedelta64(1, "D")).any():
        raise FrameError(
            f"{argument} must have one row for every day, in order, without gaps or repeats"
        )


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
    _check_windows(method, ACUTE, CHRONIC)
    x = _checked(load)
    out = np.empty(x.shape)
    for start in range(0, x.shape[1], _BLOCK):
        columns = slice(start, start + _BLOCK)
        part = x[:, columns]
        least, most = part.min(initial=0.0), part.max(initial=0.0)
        if np.isnan(least):
            least, most = np.nanmin(part), np.nanmax(part)
        if least < 0 or most == np.inf:
            raise FrameError("load holds a negative or infinite value; mark unknown days as NaN")
        if part.strides[1] != part.itemsize:
            part = np.ascontiguousarray(part)
        short, long = np.empty(part.shape), np.empty(part.shape)
        status = np.empty(part.shape, dtype=np.int8)
        with np.errstate(divide="ignore", invalid="ignore"):
            for rows in _fill(part, method, ACUTE, CHRONIC, short, long, status):
                ratio = short[rows] / long[rows]
                np.copyto(ratio, np.nan, where=status[rows] != OK)
                out[rows, columns] = ratio
    return pd.DataFrame(out, index=load.index, columns=load.columns, copy=False)


def _checked(load: pd.DataFrame) -> Floats:
    """Numbers of a panel, after making sure that it is one."""
    check_frame(load, "load", hint="; it has one column an athlete")
    _check_days(load.index)
    wrong = [c for c, dtype in load.dtypes.items() if dtype.kind not in "iuf"]
    if wrong:
        raise FrameError(f"load must be numeric; it is not for athlete {wrong[0]!r}")
    return load.to_numpy(dtype=float, na_value=np.nan)


Smoothing = Literal["exponential", "reciprocal", "span"]
SMOOTHINGS: tuple[Smoothing, ...] = get_args(Smoothing)


def fitness(load: pd.Series, *, smoothing: Smoothing = "exponential") -> pd.DataFrame:
    """Chronic and acute training load (CTL, ATL), their balance (TSB), and the ramp rate.

    Parameters
    ----------
    load : Series of float, shape (n_days,)
        Daily load, one row a day: rest is 0, a day not recorded is NaN.
    smoothing : {"exponential", "reciprocal", "span"}
        By how much of the distance to a day's load a mean with a time constant of T days moves:
        ``1 - exp(-1/T)`` [1]_, ``1/T`` [2]_ or ``2/(T + 1)`` [3]_. All three are published under
        the same names.

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
        If `smoothing` is none of the three.

    Notes
    -----
    The first two smoothings differ by about 1 % in ``ctl`` and 7 % in ``atl``; a span moves nearly
    twice as far a day. As they start from 0, both
    means rise for six weeks whatever is run. They are called fitness and fatigue elsewhere, and
    measure neither. A limit on the ramp rate exists only for loads of which 100 are an hour at
    threshold, and is a coach's rule of thumb (`loadmon.evidence.limits.RAMP_RATE`).

    References
    ----------
    .. [1] docs.mydatafor.life/reference/fitness-model
    .. [2] uphillathlete.com/forums/topic/ctl-atl-tsb-info-sheet-from-cp
    .. [3] brunov21.github.io/FitOps-CLI/concepts/training-load
    """
    x = daily_values(load)
    check_choice(smoothing, SMOOTHINGS, "smoothing")
    ctl = _mean(x, FITNESS_LINES["fitness_days"], smoothing)
    atl = _mean(x, FITNESS_LINES["fatigue_days"], smoothing)
    columns = {"ctl": ctl, "atl": atl, "tsb": shifted(ctl - atl, 1)}
    days = int(WINDOWS["acute"])
    broken = np.isnan(window_sum(ctl, days))  # across an unknown day nothing has risen
    columns["ramp_rate"] = np.where(broken, np.nan, ctl - shifted(ctl, days))
    return pd.DataFrame(columns, index=load.index)


def _mean(x: Floats, days: float, smoothing: Smoothing) -> Floats:
    """Exponentially weighted mean from 0 with a time constant, begun again after each NaN."""
    weights = {
        "exponential": 1 - math.exp(-1 / days),
        "reciprocal": 1 / days,
        "span": 2 / (days + 1),
    }
    weight = weights[smoothing]
    out, last = np.full(len(x), np.nan), 0.0
    for i, value in enumerate(x.tolist()):
        last += weight * (value - last)
        out[i] = last
        last = 0.0 if math.isnan(last) else last
    return out
