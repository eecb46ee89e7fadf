"""How much an acute:chronic ratio owes to the way it is computed, and to the days it rests on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from loadmon.evidence import Evidence
from loadmon.evidence.checks import AGREEMENT, INTERVAL
from loadmon.evidence.load import WINDOWS
from loadmon.load.ratio import Floats, daily_values, ewma
from loadmon.load.threshold import above

_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])


def share_above(load: pd.Series, limits: Evidence) -> tuple[float, int]:
    """Share of the neighbouring ways to compute the ratio that are above their limit.

    Parameters
    ----------
    load : Series of float, shape (n_days,)
        Daily load up to the day that is judged: rest is 0, a day not recorded is NaN.
    limits : Evidence
        Limits of the ratio by method (`loadmon.evidence.checks.ACWR_LIMIT`).

    Returns
    -------
    float, int
        The share [-], and of how many ways; NaN of 0 where none can be computed.

    Notes
    -----
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

    Parameters
    ----------
    load : Series of float, shape (n_days,)
        Daily load up to the day that is judged: rest is 0, a day not recorded is NaN.
    method : {"coupled", "uncoupled", "ewma"}
        Method of the ratio.

    Returns
    -------
    float, float
        Ends of the 95 % interval [-]. NaN for EWMA, which has no window to draw from, where the
        28 days are not full and known, or where the chronic load of an end is 0.

    Notes
    -----
    Moving-block bootstrap of the 21 days before the acute seven: three blocks of seven days in a
    row, drawn with replacement from the fifteen there are. All 3,375 draws are counted, so that
    no random number is needed. The acute days are what happened and stay.
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
