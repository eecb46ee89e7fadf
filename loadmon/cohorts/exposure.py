"""Which days lie within some days after a flag, and the table of person-periods behind rates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from loadmon.cohorts.follow_up import FLAG, FollowUp, follow_up, last_place
from loadmon.cohorts.numbers import States
from loadmon.errors import SettingError
from loadmon.evidence.cohorts import EVALUATION
from loadmon.load.ratio import Floats

#: Days after a flag that are looked at, always all of them. [d]
WINDOWS = tuple(int(EVALUATION[f"horizon{n}_days"]) for n in ("", "_2", "_3"))
LAG_DAYS = int(EVALUATION["lag_days"])
RUN_IN_DAYS = int(EVALUATION["run_in_days"])
RECURRENCE_DAYS = int(EVALUATION["recurrence_days"])


def person_periods(
    panel: pd.DataFrame,
    injuries: pd.DataFrame,
    *,
    windows: Sequence[int] = WINDOWS,
    lag_days: int = LAG_DAYS,
    run_in_days: int = RUN_IN_DAYS,
    recurrence_days: int = RECURRENCE_DAYS,
) -> pd.DataFrame:
    """One row per athlete and day: at risk or not, injured or not, how long after each flag.

    Parameters
    ----------
    panel, injuries, lag_days, run_in_days, recurrence_days
        As in `loadmon.evaluate`.
    windows : sequence of int
        Days after a flag that belong to it. [d]

    Returns
    -------
    DataFrame
        ``athlete``, ``date``, ``load``, ``runs``; ``at_risk``; ``why_not``: ``run_in`` (before any
        check has its full window), ``injured`` (a new injury would be taken for the same one),
        ``laid_off`` (from the 14th day in a row without load to the next load) or empty;
        ``injury``: a counted injury begins on this day; ``CHECK_7d`` and so on for each check and
        window: whether the day lies within so many days after a flag, NA where a flag in them is
        not known. For any software that fits a model to days at risk.

    Raises
    ------
    FrameError, SettingError
        As `loadmon.evaluate`.
    """
    followed = follow_up(panel, injuries, recurrence_days=recurrence_days, run_in_days=run_in_days)
    out = followed.panel[["athlete", "date", "load", "runs"]].copy()
    out["at_risk"], out["why_not"] = followed.at_risk, followed.why_not
    out["injury"] = followed.injured
    for check in checks_of(followed.panel):
        for days in windows:
            state = exposed(followed, check, days, lag_days)
            cells = pd.arrays.BooleanArray(state == 1, state < 0)
            out[f"{check}_{days}d"] = pd.Series(cells, index=out.index)
    return out.astype({"why_not": "str"})


def checks_of(panel: pd.DataFrame) -> list[str]:
    """Names of the checks whose flags a panel holds."""
    return [str(c).removeprefix(FLAG) for c in panel.columns if str(c).startswith(FLAG)]


def flags_of(followed: FollowUp, check: str) -> States:
    """Flags of a check on every day: 1 yes, 0 no, -1 not known."""
    cells = followed.panel[FLAG + check]
    if not cells.dropna().isin([True, False]).all():
        raise SettingError(f"{FLAG}{check} must hold True, False or NA")
    raised = cells.fillna(False).astype(bool)
    return np.where(cells.isna(), -1, raised).astype(np.int8)


def exposed(followed: FollowUp, check: str, days: int, lag_days: int) -> States:
    """Whether each day lies within `days` days after a flag; -1 where that is not known.

    Parameters
    ----------
    followed : FollowUp
        Days of all athletes.
    check : str
        Whose flags.
    days : int
        Days after a flag that belong to it. [d]
    lag_days : int
        The first day after a flag that belongs to it; 0 is the day of the flag itself. [d]
    """
    if days < 1 or lag_days < 0:
        raise SettingError("windows must be at least 1 day, lag_days at least 0")
    state = flags_of(followed, check)
    since = days_after(followed, state == 1, lag_days)
    unsure = days_after(followed, state < 0, lag_days) < days
    before_first = np.arange(len(state)) - followed.start < days + lag_days - 1
    out = np.where(unsure | before_first, -1, 0).astype(np.int8)
    out[since < days] = 1
    return out


def days_after(followed: FollowUp, marks: np.ndarray, lag_days: int) -> Floats:
    """Days from the first day that belongs to the latest mark to each day; infinite if none."""
    last = last_place(marks, followed.start)
    shown = np.full(len(last), -np.inf)
    shown[lag_days:] = last[: len(last) - lag_days]
    shown[shown < followed.start] = -np.inf
    out: Floats = np.arange(len(last)) - lag_days - shown
    return out
