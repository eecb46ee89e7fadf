"""Monotony and strain of seven days: how alike the days were."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.evidence.load import WINDOWS
from loadmon.load.ratio import daily_values


def monotony(load: pd.Series) -> pd.DataFrame:
    """Monotony and strain of the seven days that end on each day.

    Parameters
    ----------
    load : Series of float, shape (n_days,)
        Daily load, one row a day: rest is 0, a day not recorded is NaN.

    Returns
    -------
    DataFrame
        Index of `load`. ``mean`` and ``sd`` (population, divisor 7) of the seven days [unit of
        `load`]; ``monotony``: mean over sd [-]; ``strain``: sum times monotony [unit of `load`].
        NaN where a day of the seven is unknown or before the first; ``monotony`` and ``strain``
        are NaN also where all seven days are equal, 0 or not: sd is 0 and no number is defined.

    Raises
    ------
    FrameError
        If `load` is no Series of a complete daily index without negative values.

    Notes
    -----
    With the sample standard deviation (divisor 6) monotony would be 7 % smaller. With k run days
    it is at most sqrt(k / (7 - k)), so two days without a run keep it under 1.6. Foster [1]_
    used session RPE load; distance or minutes are an extrapolation.

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
