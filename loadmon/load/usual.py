"""A week against the runner's own weeks before it: median and median absolute deviation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.evidence.checks import UNUSUAL_WEEK
from loadmon.evidence.load import LAYOFF, WINDOWS
from loadmon.load.ratio import Floats, daily_values, window_sum

_WEEK = int(WINDOWS["acute"])
_WEEKS = int(UNUSUAL_WEEK["weeks"])


def usual_week(load: pd.Series) -> pd.DataFrame:
    """Seven days against the twelve sevens before them.

    Parameters
    ----------
    load : Series of float, shape (n_days,)
        Daily load, one row a day: rest is 0, a day not recorded is NaN.

    Returns
    -------
    DataFrame
        Index of `load`. ``usual``: median of the twelve sums of 7 days that end 7, 14 ... 84 days
        before; ``spread``: their median absolute deviation from it; ``most``: the largest sum of
        any 7 of the 84 days before [all unit of `load`]; ``z``: 0.6745 times the sum of these 7
        days less ``usual``, over ``spread`` [-], NaN where that is 0. All are NaN unless all 91
        days are known and hold no 14 days in a row without load: weeks of a lay-off are no usual
        weeks.

    Raises
    ------
    FrameError
        If `load` is no Series of a complete daily index without negative values.

    Notes
    -----
    The modified z-score of Iglewicz and Hoaglin (`loadmon.evidence.checks.UNUSUAL_WEEK`). It says
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
