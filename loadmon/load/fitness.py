"""Exponentially weighted load of six weeks and of one, and how fast the longer one rises."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import pandas as pd

from loadmon.errors import SettingError
from loadmon.evidence.effort import FITNESS_LINES
from loadmon.evidence.load import WINDOWS
from loadmon.load.ratio import Floats, daily_values, window_sum

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
    threshold, and is a coach's rule of thumb (`loadmon.evidence.checks.RAMP_RATE`).

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
