"""Numbers of every day that the rules compare: sevens, spikes, monotony, the usual week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.calendar import Calendar, Day, calendar_for, checked_activities, is_partial
from loadmon.evidence import PUBLISHED, Evidence
from loadmon.evidence.limits import (
    ACWR_LIMIT,
    AGREEMENT,
    DESCENT,
    INTERVAL,
    LAYOFF,
    MONOTONY,
    REST_DAYS,
    RUN_DAYS_IN_A_ROW,
    SESSION_FLOOR,
    SESSION_SPIKE,
    UNUSUAL_WEEK,
    WEEKLY_CHANGE,
    WINDOWS,
)
from loadmon.evidence.ramp import RAMP_SESSION, RAMP_START
from loadmon.ratio import (
    METHODS,
    Floats,
    Marks,
    Method,
    above,
    acwr,
    daily_values,
    ewma,
    window_sum,
)

# Monotony and strain of seven days: how alike the days were.


def monotony(load: pd.Series) -> pd.DataFrame:
    """Monotony and strain of the seven days that end on each day.

    Returns index of `load`. ``mean`` and ``sd`` (population, divisor 7) of the seven days [unit of
    `load`]; ``monotony``: mean over sd [-]; ``strain``: sum times monotony [unit of `load`]. NaN
    where a day of the seven is unknown or before the first; ``monotony`` and ``strain`` are NaN
    also where all seven days are equal, 0 or not: sd is 0 and no number is defined.

    With the sample standard deviation (divisor 6) monotony would be 7 % smaller. With k run days
    it is at most sqrt(k / (7 - k)), so two days without a run keep it under 1.6. Foster [1]_ used
    session RPE load; distance or minutes are an extrapolation.

    References
    ----------
    .. [1] Foster 1998, Med Sci Sports Exerc 30:1164, doi:10.1097/00005768-199807000-00023.
    """
    x = daily_values(load)
    days = int(WINDOWS["acute"])
    mean, sd = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if len(x) >= days:
        windows = np.lib.stride_tricks.sliding_window_view(x, days)
        mean[days - 1 :] = windows.mean(axis=1)
        equal = windows.max(axis=1) == windows.min(axis=1)
        sd[days - 1 :] = np.where(equal, 0.0, windows.std(axis=1))
    ratio = np.full(len(x), np.nan)
    np.divide(mean, sd, out=ratio, where=sd > 0)
    columns = {"mean": mean, "sd": sd, "monotony": ratio, "strain": mean * days * ratio}
    return pd.DataFrame(columns, index=load.index)


# A week against the runner's own weeks before it: median and median absolute deviation.


_WEEK = int(WINDOWS["acute"])
_WEEKS = int(UNUSUAL_WEEK["weeks"])


def usual_week(load: pd.Series) -> pd.DataFrame:
    """Seven days against the twelve sevens before them.

    Returns index of `load`. ``usual``: median of the twelve sums of 7 days that end 7, 14 ... 84
    days before; ``spread``: their median absolute deviation from it; ``most``: the largest sum of
    any 7 of the 84 days before [all unit of `load`]; ``z``: 0.6745 times the sum of these 7 days
    less ``usual``, over ``spread`` [-], NaN where that is 0. All are NaN unless all 91 days are
    known and hold no 14 days in a row without load: weeks of a lay-off are no usual weeks.

    The modified z-score of Iglewicz and Hoaglin (`loadmon.evidence.limits.UNUSUAL_WEEK`). It says
    how unusual a week is for this runner, not what it does.
    """
    x = daily_values(load)
    sums = window_sum(x, _WEEK)
    usual, spread, most = (np.full(len(x), np.nan) for _ in range(3))
    span = _WEEK * (_WEEKS + 1)
    if len(x) >= span:
        lags = range(_WEEK, span, _WEEK)
        before = np.stack([sums[span - 1 - lag : len(x) - lag] for lag in lags])
        usual[span - 1 :] = np.median(before, axis=0)
        spread[span - 1 :] = np.median(np.abs(before - usual[span - 1 :]), axis=0)
        ends = span - 2 * _WEEK + 1
        any_seven = np.lib.stride_tricks.sliding_window_view(sums[_WEEK - 1 : -_WEEK], ends)
        most[span - 1 :] = any_seven.max(axis=1)
    broken = _holds_lay_off(x, span)
    for column in (usual, spread, most):
        column[broken] = np.nan
    z = np.full(len(x), np.nan)
    np.divide(UNUSUAL_WEEK["scale"] * (sums - usual), spread, out=z, where=spread > 0)
    columns = {"usual": usual, "spread": spread, "z": z, "most": most}
    return pd.DataFrame(columns, index=load.index)


def _holds_lay_off(x: Floats, span: int) -> npt.NDArray[np.bool_]:
    """Whether the days up to each day hold so many in a row without load."""
    off = int(LAYOFF["returning_from_days"])
    empty = window_sum((x == 0).astype(float), off) == off
    out: npt.NDArray[np.bool_] = window_sum(empty.astype(float), span - off + 1) > 0
    return out


# How much an acute:chronic ratio owes to the way it is computed, and to the days it rests on.


_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])


def share_above(load: pd.Series, limits: Evidence) -> tuple[float, int]:
    """Share of the neighbouring ways to compute the ratio that are above their limit.

    Returns the share [-], and of how many ways; NaN of 0 where none can be computed.

    Rolling and EWMA means with windows of 6, 7 or 8 against 21, 28 or 35 days: 18 ways. Uncoupled
    is not a further one: U = (n-1) C / (n-C), n times the window, so that it passes its limit
    exactly where the coupled ratio does. A way whose window is not full and known is left out.
    """
    found = [bool(above(acute, limit * chronic)) for acute, chronic, limit in _ways(load, limits)]
    return (float(np.mean(found)) if found else float("nan")), len(found)


def _ways(load: pd.Series, limits: Evidence) -> Iterator[tuple[float, float, float]]:
    """Acute and chronic mean of the last day by each way, and the limit that belongs to it."""
    x = daily_values(load)
    known = len(x) - 1 - np.flatnonzero(np.isnan(x)).max(initial=-1)
    around = (-1, 0, 1)
    short = [_ACUTE + int(AGREEMENT["acute_step_days"]) * step for step in around]
    long = [_CHRONIC + int(AGREEMENT["chronic_step_days"]) * step for step in around]
    smooth = {days: ewma(x, days)[-1] for days in (*short, *long)} if len(x) else {}
    for chronic in long:
        if known < chronic:
            continue
        for acute in short:
            yield x[-acute:].mean(), x[-chronic:].mean(), limits["coupled"]
            yield smooth[acute], smooth[chronic], limits["ewma"]


def ratio_interval(load: pd.Series, method: str) -> tuple[float, float]:
    """Interval of a rolling ratio if the days before had fallen otherwise.

    Returns ends of the 95 % interval [-]. NaN for EWMA, which has no window to draw from, where
    the 28 days are not full and known, or where the chronic load of an end is 0.

    Moving-block bootstrap of the 21 days before the acute seven: three blocks of seven days in a
    row, drawn with replacement from the fifteen there are. All 3,375 draws are counted, so that no
    random number is needed. The acute days are what happened and stay.
    """
    x = daily_values(load)[-_CHRONIC:]
    if method == "ewma" or len(x) < _CHRONIC or np.isnan(x).any():
        return float("nan"), float("nan")
    acute, before = x[-_ACUTE:].sum(), x[:-_ACUTE]
    blocks = np.lib.stride_tricks.sliding_window_view(before, _ACUTE).sum(axis=1)
    drawn = _sums(blocks, len(before) // _ACUTE)
    tail = (1 - INTERVAL["share"]) / 2
    most, least = np.quantile(drawn, [1 - tail, tail], method="inverted_cdf").tolist()
    low, high = _ratio(acute, most, method), _ratio(acute, least, method)
    return low, high


def _sums(blocks: Floats, n: int) -> Floats:
    """Sum of every way to draw `n` blocks with replacement, in order."""
    sums: Floats = np.zeros(1)
    for _ in range(n):
        sums = np.add.outer(sums, blocks).ravel()
    return sums


def _ratio(acute: float, before: float, method: str) -> float:
    """Ratio of an acute sum and a sum of the days before; NaN over 0."""
    chronic = before / (_CHRONIC - _ACUTE)
    if method == "coupled":
        chronic = (acute + before) / _CHRONIC
    return float(acute / _ACUTE / chronic) if chronic > 0 else float("nan")


# Each run against the longest of the 30 days before it.


#: Levels of a run that is longer than those before, in order.
SPIKES = ("small", "moderate", "large")
#: Most of a day without a known run.
_NONE = -1.0


def session_spikes(
    activities: pd.DataFrame,
    *,
    as_of: Day | None = None,
    sport: str = "running",
    load: str = "distance_km",
    own: Mapping[str, float] = PUBLISHED,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """Compare the distance of every run with the longest of the 30 local days before its day.

    Parameters
    ----------
    activities : DataFrame
        One row per activity; ``unknown_days_around`` as in `loadmon.daily_load`.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day. Later activities are ignored.
    sport : str
        Sport that is compared with itself.
    load : str
        Column that is compared; anything but the distance is an extrapolation.
    own : mapping of str to float
        The runner's own limits (``Athlete.limits``); empty: the published ones.
    calendar : Calendar, optional
        As in `loadmon.daily_load`.

    Returns
    -------
    DataFrame
        One row per run, in the order of `activities`: ``activity_id``, ``date``, the column
        `load`, ``longest_before_`` with its unit (``longest_before_km``), ``ratio`` [-] and
        ``level``: ``none`` (at most 1.10), ``small`` (to 1.30), ``moderate`` (to 2.00), ``large``,
        ``no_baseline`` (no run in the 30 days) or ``unknown``. ``longest_before_*`` and ``ratio``
        are NaN for the last two. ``assumed``: whether one of the 30 days before is (as in
        `loadmon.daily_load`).

    Raises
    ------
    FrameError
        If `activities` lacks a column or holds what is no day.
    SettingError
        If `as_of` is no day, or `calendar` fits neither it nor `activities`.

    Notes
    -----
    Runs of the same day do not raise each other's baseline; a split recording is two runs.

    A run is ``unknown`` if its own distance is, or if only a part of it could be read and that
    part is no spike. An unknown day among the 30 can only raise the baseline: ``none`` stays
    ``none``, anything else becomes ``unknown``.

    The study [1]_ counted distance, in runs that the runner recorded; for other sports, or for
    walk-runs counted whole, the levels are an extrapolation.

    References
    ----------
    .. [1] Schuster Brandt Frandsen et al. 2025, doi:10.1136/bjsports-2024-109380.
    """
    needed = ["activity_id", "date", "sport", load, "flags"]
    activities = checked_activities(activities, needed)
    calendar = calendar_for(activities, calendar, as_of)
    past = activities[needed]
    past = past.iloc[:0] if calendar.days.empty else past[past["date"] <= calendar.as_of]
    runs = past[past["sport"] == sport]
    x = runs[load].to_numpy(dtype=float, na_value=np.nan, copy=True)
    longest, unknown, assumed = _before(calendar, runs, x)
    first = longest < 0 if load == "descent_m" else longest <= 0  # flat runs are a baseline
    partial = is_partial(runs).to_numpy()
    level = _level(x, np.where(first, np.nan, longest), unknown, partial, limits_of(load, own))
    shown = np.isin(level, ("none", *SPIKES))
    ratio = np.full(len(x), np.nan)
    np.divide(x, longest, out=ratio, where=shown & (longest > 0))
    spikes = runs[["activity_id", "date"]].reset_index(drop=True)
    longest = np.where(shown, longest, np.nan)
    spikes = spikes.assign(**{load: x, before_column(load): longest}, ratio=ratio, level=level)
    spikes["assumed"] = assumed
    return spikes.astype({"level": "str"})


def stand_out(
    spikes: pd.DataFrame, load: str = "distance_km", own: Mapping[str, float] = PUBLISHED
) -> pd.Series:
    """Which runs stand out: those of a level, but for a small step over those before.

    Half a kilometre is over 10 % of any run below 5 km, and a return could not begin without such
    steps; the ramp is bounded by the same floor (`loadmon.evidence.ramp.RAMP_SESSION`).
    """
    further = above(spikes[load], spikes[before_column(load)] + floor_of(load, own))
    return spikes["level"].isin(SPIKES) & further


def before_column(load: str) -> str:
    """Name of the column that holds the most of the 30 days before, with the unit of `load`."""
    return f"longest_before_{load.rpartition('_')[2]}"


def limits_of(load: str, own: Mapping[str, float]) -> Evidence:
    """Levels that a run is compared by: those of distance, for descent and others borrowed."""
    return (DESCENT if load == "descent_m" else SESSION_SPIKE).with_own(own)


def floor_of(load: str, own: Mapping[str, float]) -> float:
    """Step over the runs before that is too small to stand out, in the unit of `load`."""
    floors = SESSION_FLOOR.with_own(own)
    known = {
        "distance_km": RAMP_SESSION.with_own(own)["floor_km"],
        "duration_min": floors["min"],
        "descent_m": floors["descent_m"],
    }
    return known.get(load, 0.0)


def _before(calendar: Calendar, runs: pd.DataFrame, x: Floats) -> tuple[Floats, Marks, Marks]:
    """Most of any run of the 30 days before each run (below 0: no run).

    Beside it, whether one of those days is unknown, and whether one is only assumed to be known.
    """
    if runs.empty:
        return np.empty(0), np.empty(0, dtype=bool), np.empty(0, dtype=bool)
    days = calendar.days
    longest = pd.Series(x, runs.index).groupby(runs["date"]).max().fillna(_NONE)
    missing = runs.loc[np.isnan(x), "date"]
    unknown = calendar.is_unknown.to_numpy() | days.isin(missing)
    at = days.get_indexer(pd.DatetimeIndex(runs["date"]))
    by_day = np.asarray(longest.reindex(days, fill_value=_NONE), dtype=np.float64)
    unsure = [unknown, calendar.assumed.to_numpy()]
    lacking, assumed = (_trailing_max(days.astype(float))[at] > 0 for days in unsure)
    return _trailing_max(by_day)[at], lacking, assumed


def _trailing_max(x: Floats) -> Floats:
    """Largest value of the 30 days before each day, without the day itself."""
    days = int(SESSION_SPIKE["window_days"])
    padded = np.concatenate([np.full(days, _NONE), x])
    out: Floats = np.lib.stride_tricks.sliding_window_view(padded, days)[: len(x)].max(axis=1)
    return out


def _level(
    x: Floats, longest: Floats, unknown: Marks, partial: Marks, limits: Evidence
) -> npt.NDArray[np.str_]:
    """Word for every run; `longest` is NaN where there is nothing to compare with."""
    no_baseline = np.isnan(longest)
    spike = no_baseline | above(x, limits["small"] * longest)
    unsure = np.isnan(x) | (unknown & spike) | (partial & ~spike)
    over = [spike & above(x, limits[name] * longest) for name in ("large", "moderate")]
    words = ["unknown", "no_baseline", "large", "moderate", "small"]
    return np.select([unsure, no_baseline, *over, spike], words, "none")


# Every number of a day that a check or the weekly frame looks at, and which of them stand out.


def measures(daily: pd.DataFrame) -> pd.DataFrame:
    """Compute the rolling numbers of every day.

    Returns index ``date``. ``sum_7d`` and ``before_7d``: load of the 7 days that end on the day,
    and of the 7 before them; ``change``: their ratio, NaN where the earlier is 0; ``fullest_7d``:
    the largest load of any 7 days that end from 7 to 13 days before the day; ``days_back``: days
    since the first run after 7 or more days without one, infinite before; ``run_days_7d``: days
    with a known run among the 7, or as many as there are [d]; ``in_a_row``: days with a run next
    to each other, up to the day [d]; ``mean``, ``sd``, ``monotony`` and ``strain`` as in
    `loadmon.rules.numbers.monotony`; ``usual``, ``spread``, ``z`` and ``most`` as in
    `loadmon.rules.numbers.usual_week`; for each method ``acute_*``, ``chronic_*``, ``acwr_*`` and
    ``status_*`` as in `loadmon.acwr`. NaN means unknown or not enough days.
    """
    load = daily["load"]
    days = int(WINDOWS["acute"])
    out = pd.DataFrame({"sum_7d": window_sum(load.to_numpy(), days)}, index=daily.index)
    out["before_7d"] = out["sum_7d"].shift(days)
    out["change"] = out["sum_7d"] / out["before_7d"].where(out["before_7d"] > 0)
    out["fullest_7d"] = _fullest(out["sum_7d"].to_numpy(), days)
    out["days_back"] = _days_back(load)
    ran = daily["runs"] > 0
    out["run_days_7d"] = ran.astype("float64").rolling(days, min_periods=1).sum()
    out["in_a_row"] = ran.groupby((~ran).cumsum()).cumsum().astype("int64")
    ratios = [_ratios(load, method) for method in METHODS]
    return pd.concat([out, monotony(load), usual_week(load), *ratios], axis=1)


def marks(
    daily: pd.DataFrame,
    numbers: pd.DataFrame,
    spikes: pd.DataFrame,
    own: Mapping[str, float] = PUBLISHED,
    *,
    load: str = "distance_km",
) -> pd.DataFrame:
    """Which days stand above a limit; what is unknown is not marked, and is not fine either.

    Returns index ``date``. ``session_spike``, ``weekly_change``, ``unusual``, ``acwr`` and
    ``acwr_*``: only on days with a run, as a ratio can rise on a rest day because a big day leaves
    the longer window. ``weekly_change``: more than the limit over ``fullest_7d``, as 7 days that
    end on a run day hold one run more than the 7 before them wherever runs are days apart, and a
    week after an easy one is no growth; not before both weeks lie after a break: the first runs of
    a return are few kilometres, whatever comes after them. ``unusual`` where the week is also
    above the limit of a weekly change over the usual week, as a very even runner has little
    spread, and above any seven days of the twelve weeks before. ``monotony`` and ``rest`` judge
    the 7 days that end on the day; a rest day keeps a mark of the day before, and does not make a
    new one. ``in_a_row``: on days with a run.
    """
    ran = daily["runs"] > 0
    out = pd.DataFrame(index=daily.index)
    out["session_spike"] = out.index.isin(spikes.loc[stand_out(spikes, load, own), "date"])
    before, usual = numbers["fullest_7d"], numbers["usual"]
    more = WEEKLY_CHANGE.with_own(own)["limit"]
    grown = above(numbers["sum_7d"], more * before)
    out["weekly_change"] = ran & comparable(numbers) & (before > 0) & grown
    unusual = UNUSUAL_WEEK.with_own(own)
    far = above(unusual["scale"] * (numbers["sum_7d"] - usual), unusual["z"] * numbers["spread"])
    further = above(numbers["sum_7d"], np.maximum(more * usual, numbers["most"]))
    out["unusual"] = ran & far & (usual > 0) & further
    ratio = ACWR_LIMIT.with_own(own)
    for method in METHODS:
        bound = ratio[method] * numbers[f"chronic_{method}"]
        over = above(numbers[f"acute_{method}"], bound)
        out[f"acwr_{method}"] = ran & (numbers[f"status_{method}"] == "ok") & over
    out["acwr"] = out[[f"acwr_{method}" for method in METHODS]].any(axis=1)
    alike = above(numbers["mean"], MONOTONY.with_own(own)["limit"] * numbers["sd"])
    out["monotony"] = _held(alike, ran.to_numpy(dtype=bool))
    most = WINDOWS["acute"] - REST_DAYS.with_own(own)["min_in_7"]
    out["rest"] = numbers["run_days_7d"] > most
    out["in_a_row"] = numbers["in_a_row"] > RUN_DAYS_IN_A_ROW.with_own(own)["max"]
    return out


def comparable(numbers: pd.DataFrame) -> pd.Series:
    """Whether the 7 days and the 7 before them hold no day of a break before a return."""
    return numbers["days_back"] >= 2 * WINDOWS["acute"] - 1


def _fullest(sums: Floats, days: int) -> Floats:
    """Largest of the sums that end from 7 to 13 days before; NaN where one of them is unknown."""
    padded = np.concatenate([np.full(2 * days - 1, -np.inf), sums])
    padded[2 * days - 1 : 3 * days - 2] = -np.inf  # windows that begin before the first day
    windows = np.lib.stride_tricks.sliding_window_view(padded, days)[: len(sums)]
    largest: Floats = windows.max(axis=1)
    return np.where(np.isneginf(largest), np.nan, largest)


def _days_back(load: pd.Series) -> list[float]:
    """Days since the load that ended the last break; infinite where there was none."""
    out, off, first = [], 0, -np.inf
    for i, value in enumerate(load.tolist()):
        if value > 0 and off >= RAMP_START["full_until_days"]:
            first = i
        off = off + 1 if value == 0 else 0
        out.append(i - first)
    return out


def _held(over: Marks, ran: Marks) -> list[bool]:
    """Marks that begin on a day with a run and last as long as `over` does."""
    held, mark = [], False
    for above_limit, run_day in zip(over.tolist(), ran.tolist(), strict=True):
        mark = above_limit and (run_day or mark)
        held.append(mark)
    return held


def _ratios(load: pd.Series, method: Method) -> pd.DataFrame:
    """One method's columns under its own name."""
    return acwr(load, method=method).drop(columns="load").add_suffix(f"_{method}")
