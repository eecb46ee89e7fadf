"""Returns to running in the history: which one is still going on, and what was usual before it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from loadmon.checks.comeback import Comeback, comeback_at
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_HORIZON, RAMP_RETURN

_ONE = pd.Timedelta(days=1)
_WEEK = int(WINDOWS["acute"])


@dataclass(frozen=True, slots=True)
class CutShort:
    """A return that was still going on when the next break began.

    Parameters
    ----------
    first : Timestamp
        Day of its first run.
    days_off : int
        Full days without a run before it. [d]
    week_km : float
        Mean week before it. [km]
    """

    first: pd.Timestamp
    days_off: int
    week_km: float


def return_at(daily: pd.DataFrame, known: pd.DataFrame, day: pd.Timestamp) -> Comeback | None:
    """Find the return that is going on before a day, if any.

    Parameters
    ----------
    daily : DataFrame
        ``load``, ``longest_km`` and ``runs`` of each day, NaN where unknown.
    known : DataFrame
        The same with 0 for unknown.
    day : Timestamp
        Day of a run, or the first of a plan, whose days are not in `daily`.

    Returns
    -------
    Comeback or None
        One that began in the last 28 days; or an older one, as long as no two weeks in a row
        since then came near the mean week before it (`loadmon.evidence.ramp.RAMP_RETURN`).
    """
    back = comeback_at(daily, day)
    if back is not None:
        return back
    back = comeback_at(daily, day, within=int(RAMP_RETURN["days"]) * _ONE)
    if back is None:
        return None
    runs = daily.index[daily["runs"] > 0]
    usual, _ = base(daily, known, pd.DatetimeIndex(runs[runs < back.first]))
    since = known.loc[back.first : day, "load"]
    most = float(since.rolling(2 * _WEEK, min_periods=1).sum().max())
    return None if most >= 2 * RAMP_RETURN["share"] * usual else back


def base(daily: pd.DataFrame, known: pd.DataFrame, runs: pd.DatetimeIndex) -> tuple[float, float]:
    """Mean week of the 28 days, and longest run of the 30 days, that end with the last run.

    Parameters
    ----------
    daily, known : DataFrame
        As for `return_at`.
    runs : DatetimeIndex
        Days with a run, up to the one before a break.

    Returns
    -------
    (float, float)
        [km] The longest run only since a return that began shortly before. NaN: none is known.
    """
    if runs.empty:
        return float("nan"), float("nan")
    last = runs[-1]
    start = last - (RAMP_HORIZON["base_days"] - 1) * _ONE
    month = known.loc[start:last, "load"]
    week = float(month.sum()) / math.ceil(len(month) / _WEEK)
    before = last - (SESSION_SPIKE["window_days"] - 1) * _ONE
    back = comeback_at(daily, last)
    since = before if back is None else max(before, back.first)
    longest = float(known.loc[since:last, "longest_km"].max())
    return week, longest if longest > 0 else float("nan")


def cut_short(daily: pd.DataFrame, known: pd.DataFrame, runs: pd.DatetimeIndex) -> list[CutShort]:
    """Returns that breaks have cut short, the latest first.

    Parameters
    ----------
    daily, known : DataFrame
        As for `return_at`.
    runs : DatetimeIndex
        Days with a run before the break.
    """
    back = return_at(daily, known, runs[-1]) if len(runs) else None
    if back is None:
        return []
    earlier = runs[runs < back.first]
    week, _ = base(daily, known, earlier)
    cut = CutShort(back.first, back.days_off, week)
    return [cut, *cut_short(daily, known, earlier)]
