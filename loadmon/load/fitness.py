"""Exponentially weighted load of six weeks and of one, and how fast the longer one rises."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from loadmon.evidence.checks import RAMP_RATE
from loadmon.evidence.load import WINDOWS
from loadmon.load.ratio import Floats, daily_values, window_sum


def fitness(load: pd.Series) -> pd.DataFrame:
    """Chronic and acute training load (CTL, ATL), their balance (TSB), and the ramp rate.

    Parameters
    ----------
    load : Series of float, shape (n_days,)
        Daily load, one row a day: rest is 0, a day not recorded is NaN.

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

    Notes
    -----
    The mean moves by ``1 - exp(-1/42)`` of the distance to the day's load; some programs use 1/42,
    which differs by about 1 %. As it starts from 0, it rises for six weeks whatever is run. A limit
    on the ramp rate exists only for loads of which 100 are an hour at threshold, and is a coach's
    rule of thumb (`loadmon.evidence.RAMP_RATE`).
    """
    x = daily_values(load)
    ctl = _mean(x, RAMP_RATE["chronic_days"])
    atl = _mean(x, RAMP_RATE["acute_days"])
    columns = {"ctl": ctl, "atl": atl, "tsb": _later(ctl - atl, 1)}
    days = int(WINDOWS["acute"])
    broken = np.isnan(window_sum(ctl, days))  # across an unknown day nothing has risen
    columns["ramp_rate"] = np.where(broken, np.nan, ctl - _later(ctl, days))
    return pd.DataFrame(columns, index=load.index)


def _mean(x: Floats, days: float) -> Floats:
    """Exponentially weighted mean with a time constant, from 0, begun again after each NaN."""
    weight = 1 - math.exp(-1 / days)
    out, last = np.full(len(x), np.nan), 0.0
    for i, value in enumerate(x.tolist()):
        last += weight * (value - last)
        out[i] = last
        last = 0.0 if math.isnan(last) else last
    return out


def _later(x: Floats, days: int) -> Floats:
    """Values of so many days before."""
    return np.concatenate([np.full(days, np.nan), x])[: len(x)]
