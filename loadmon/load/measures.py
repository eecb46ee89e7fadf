"""Every number of a day that a check or the weekly frame looks at, and which of them stand out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from loadmon.evidence import PUBLISHED
from loadmon.evidence.checks import (
    ACWR_LIMIT,
    MONOTONY,
    REST_DAYS,
    RUN_DAYS_IN_A_ROW,
    UNUSUAL_WEEK,
    WEEKLY_CHANGE,
)
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_START
from loadmon.load.foster import monotony
from loadmon.load.ratio import METHODS, Floats, Marks, Method, acwr, window_sum
from loadmon.load.spikes import stand_out
from loadmon.load.threshold import above
from loadmon.load.usual import usual_week


def measures(daily: pd.DataFrame) -> pd.DataFrame:
    """Compute the rolling numbers of every day.

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_load` gives.

    Returns
    -------
    DataFrame
        Index ``date``. ``sum_7d`` and ``before_7d``: load of the 7 days that end on the day,
        and of the 7 before them; ``change``: their ratio, NaN where the earlier is 0;
        ``fullest_7d``: the largest load of any 7 days that end from 7 to 13 days before the day;
        ``days_back``: days since the first run after 7 or more days without one, infinite before;
        ``run_days_7d``: days with a known run among the 7, or as many as there are [d];
        ``in_a_row``: days with a run next to each other, up to the day [d]; ``mean``, ``sd``,
        ``monotony`` and ``strain`` as in `loadmon.load.foster.monotony`; ``usual``, ``spread``,
        ``z`` and ``most`` as in `loadmon.load.usual.usual_week`; for each method ``acute_*``,
        ``chronic_*``, ``acwr_*`` and ``status_*`` as in `loadmon.acwr`.
        NaN means unknown or not enough days.
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

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_load` gives.
    numbers : DataFrame
        What `measures` gives for it.
    spikes : DataFrame
        What `loadmon.session_spikes` gives for the same activities.
    own : mapping of str to float
        The runner's own limits (``Athlete.limits``); empty: the published ones.
    load : str
        Column that `spikes` compares.

    Returns
    -------
    DataFrame of bool
        Index ``date``. ``session_spike``, ``weekly_change``, ``unusual``, ``acwr`` and ``acwr_*``:
        only on days with a run, as a ratio can rise on a rest day because a big day leaves the
        longer window. ``weekly_change``: more than the limit over ``fullest_7d``, as 7 days that
        end on a run day hold one run more than the 7 before them wherever runs are days apart, and
        a week after an easy one is no growth; not before both weeks lie after a break: the first
        runs of a return are few kilometres, whatever comes after them. ``unusual`` where the week
        is also above the limit of a weekly change over the usual week, as a very even runner has
        little spread, and above any seven days of the twelve weeks before.
        ``monotony`` and ``rest`` judge the 7 days that end on the day; a rest day keeps a mark of
        the day before, and does not make a new one. ``in_a_row``: on days with a run.
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
    """Whether the 7 days and the 7 before them hold no day of a break before a return.

    Parameters
    ----------
    numbers : DataFrame
        What `measures` gives.
    """
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
