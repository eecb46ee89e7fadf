"""Every number of a day that a check or the weekly frame looks at, and which of them stand out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.evidence import ACWR_LIMIT, MONOTONY, REST_DAYS, WEEKLY_CHANGE, WINDOWS
from loadmon.load.foster import monotony
from loadmon.load.ratio import METHODS, Marks, Method, acwr, window_sum
from loadmon.load.spikes import SPIKES
from loadmon.load.threshold import above


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
        ``run_days_7d``: days with a run among the 7 [d]; ``mean``, ``sd``, ``monotony`` and
        ``strain`` as in `loadmon.load.foster.monotony`; for each method ``acute_*``,
        ``chronic_*``, ``acwr_*`` and ``status_*`` as in `loadmon.acwr`.
        NaN means unknown or not enough days.
    """
    load = daily["load"]
    days = int(WINDOWS["acute"])
    out = pd.DataFrame({"sum_7d": window_sum(load.to_numpy(), days)}, index=daily.index)
    out["before_7d"] = out["sum_7d"].shift(days)
    out["change"] = out["sum_7d"] / out["before_7d"].where(out["before_7d"] > 0)
    out["run_days_7d"] = window_sum(np.where(daily["runs"] > 0, 1.0, 0.0), days)
    ratios = [_ratios(load, method) for method in METHODS]
    return pd.concat([out, monotony(load), *ratios], axis=1)


def marks(daily: pd.DataFrame, numbers: pd.DataFrame, spikes: pd.DataFrame) -> pd.DataFrame:
    """Which days stand above a limit; what is unknown is not marked, and is not fine either.

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_load` gives.
    numbers : DataFrame
        What `measures` gives for it.
    spikes : DataFrame
        What `loadmon.session_spikes` gives for the same activities.

    Returns
    -------
    DataFrame of bool
        Index ``date``. ``session_spike``, ``weekly_change``, ``acwr`` and ``acwr_*``: only on days
        with a run, as a ratio can rise on a rest day because a big day leaves the longer window.
        ``monotony`` and ``rest`` judge the 7 days that end on the day; a rest day keeps a mark of
        the day before, and does not make a new one.
    """
    ran = daily["runs"] > 0
    out = pd.DataFrame(index=daily.index)
    longer = spikes.loc[spikes["level"].isin(SPIKES), "date"]
    out["session_spike"] = out.index.isin(longer)
    before = numbers["before_7d"]
    grown = above(numbers["sum_7d"], WEEKLY_CHANGE["limit"] * before)
    out["weekly_change"] = ran & (before > 0) & grown
    for method in METHODS:
        bound = ACWR_LIMIT[method] * numbers[f"chronic_{method}"]
        over = above(numbers[f"acute_{method}"], bound)
        out[f"acwr_{method}"] = ran & (numbers[f"status_{method}"] == "ok") & over
    out["acwr"] = out[[f"acwr_{method}" for method in METHODS]].any(axis=1)
    alike = above(numbers["mean"], MONOTONY["limit"] * numbers["sd"])
    out["monotony"] = _held(alike, ran.to_numpy(dtype=bool))
    most = WINDOWS["acute"] - REST_DAYS["min_in_7"]
    out["rest"] = numbers["run_days_7d"] > most
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
