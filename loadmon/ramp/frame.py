"""A plan as a frame: one row a day, in the columns of the contract."""

from __future__ import annotations

import pandas as pd

from loadmon.evidence.load import WINDOWS
from loadmon.ramp.fill import fill
from loadmon.ramp.session import Session, session_text

_WEEK = int(WINDOWS["acute"])
_NAN = float("nan")
PLAN_COLUMNS = {
    "date": "datetime64[us]",
    "week": "int64",
    "kind": "str",
    "distance_km": "float64",
    "effort": "str",
    "duration_min": "float64",
    "repeats": "float64",
    "run_min": "float64",
    "walk_min": "float64",
    "stage": "str",
    "limited_by": "str",
    "session": "str",
}


def plan_frame(
    first: pd.Timestamp,
    km: list[float],
    limited_by: list[str],
    sessions: list[Session | None],
    strength_per_week: int,
    days_since: int = 0,
) -> pd.DataFrame:
    """One row a day from the first day of a plan.

    Parameters
    ----------
    first : Timestamp
        First day.
    km : list of float
        Running distance of each day; 0 is no run. [km]
    limited_by : list of str
        What each run reaches.
    sessions : list of Session or None
        Running and walking of each day with a run.
    strength_per_week : int
        Strength sessions for the days without a run.
    days_since : int
        Days of the return before the plan: weeks are counted from the return. [d]

    Returns
    -------
    DataFrame
        With the columns of `PLAN_COLUMNS`; ``run_min`` and ``walk_min`` are the mean of a session
        whose runs differ, so that ``repeats * run_min`` is its running.
    """
    n = len(km)
    between = fill([x > 0 for x in km], strength_per_week)
    rows = [_row(s, b) for s, b in zip(sessions, between, strict=True)]
    names = ("kind", "effort", "duration_min", "repeats", "run_min", "walk_min", "stage", "session")
    cells = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    columns = {
        "date": pd.date_range(first, periods=n, unit="us"),
        "week": [(d + days_since) // _WEEK + 1 for d in range(n)],
        "distance_km": km,
        "limited_by": limited_by,
        **cells,
    }
    return pd.DataFrame(
        {c: pd.Series(columns.get(c, []), dtype=t) for c, t in PLAN_COLUMNS.items()}
    )


def no_plan(day: pd.Timestamp) -> pd.DataFrame:
    """Frame of a plan without a day."""
    return plan_frame(day, [], [], [], 0)


def _row(session: Session | None, between: tuple[str, float, str]) -> tuple[object, ...]:
    """Cells of one day that do not depend on its date."""
    if session is None:
        kind, minutes, what = between
        return kind, "", minutes or _NAN, _NAN, _NAN, _NAN, "", what
    n = session.repeats
    return (
        session.kind,
        "easy",
        session.duration_min,
        float(n),
        session.running_min / n,
        session.walking_min / n,
        session.stage,
        session_text(session),
    )
