"""History and plan as one line of days, for the verifier alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from loadmon.checks.comeback import Comeback, comeback_at
from loadmon.checks.limits import Limits, start_cap_km
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.ramp import RAMP_HORIZON, RAMP_RETURN, RAMP_START
from loadmon.load.calendar import days_between

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Story:
    """Every day from the first recorded one to the last planned one.

    Parameters
    ----------
    day_0 : date
        The first day.
    km, longest : list of float
        Load and longest run of a day. [km] Unknown is 0.
    ran : list of bool
        Whether there is a run.
    minutes : list of float
        Minutes of running on a planned day. [min] NaN: the plan does not say.
    ends : set of int
        Places of the last day of each whole week of the plan.
    n_before : int
        Days before the plan. [d]
    back : int
        Place of the first day of the return; 0 where the plan carries on without one.
    is_return : bool
        Whether there is a return at all.
    start_km, line_km : float
        Cap of the first run of the return; most in seven days before its 14th day. [km]
    """

    day_0: date
    km: list[float]
    longest: list[float]
    ran: list[bool]
    minutes: list[float]
    ends: set[int]
    n_before: int
    back: int
    is_return: bool
    start_km: float
    line_km: float


def tell(daily: pd.DataFrame, plan: pd.DataFrame, limits: Limits) -> Story:
    """Put history and plan together.

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_load` gives, up to the day before the plan or an earlier one.
    plan : DataFrame
        ``date`` and ``distance_km``; ``repeats`` and ``run_min`` where there are any.
    limits : Limits
        Their ``start_km`` replaces the cap that follows from the break.
    """
    days = plan["date"].tolist()
    first = days[0]
    day_0 = first if daily.empty else daily.index[0]
    km, longest, ran = _lines(daily, (first - day_0).days)
    n_before = len(km)
    last = max((i for i in range(n_before) if ran[i]), default=None)
    back, is_return = n_before, True
    if last is not None and n_before - last - 1 < RAMP_START["no_ramp_under_days"]:
        comeback = _comeback(daily, km, day_0, first)
        is_return = comeback is not None
        back = 0 if comeback is None else (comeback.first - day_0).days
    start, line = 0.0, float("inf")
    if is_return:
        start, line = _caps(daily, day_0, km, longest, ran, back, limits)
    planned = dict(zip(days, plan["distance_km"].tolist(), strict=True))
    running = dict(zip(days, _minutes(plan), strict=True))
    whole = days_between(first, days[-1]).tolist()
    km += [planned.get(day, 0.0) for day in whole]
    longest += km[n_before:]
    ran += [x != 0 for x in km[n_before:]]
    minutes = [0.0] * n_before + [running.get(day, 0.0) for day in whole]
    ends = {n_before + (day - first).days for day in _week_ends(plan)}
    return Story(
        day_0.date(), km, longest, ran, minutes, ends, n_before, back, is_return, start, line
    )


def _week_ends(plan: pd.DataFrame) -> list[pd.Timestamp]:
    """Last day of each week of a plan: by its own weeks, else every seventh day from the first."""
    first, last = plan["date"].iloc[0], plan["date"].iloc[-1]
    if "week" not in plan.columns:
        return pd.date_range(first + 6 * _DAY, last, freq="7D").tolist()
    final = plan.groupby("week")["date"].max()
    return [day for day in final if day < last] + [
        d for d in final[-1:] if (d - first).days % 7 == 6
    ]


def _minutes(plan: pd.DataFrame) -> list[float]:
    """Minutes of running on each day of a plan; NaN where it does not say."""
    if not {"repeats", "run_min"} <= set(plan.columns):
        return [float("nan")] * len(plan)
    return (plan["repeats"] * plan["run_min"]).tolist()


def _lines(daily: pd.DataFrame, n_before: int) -> tuple[list[float], list[float], list[bool]]:
    """Recorded days, and rest from the last of them to the plan."""
    km, longest, ran = [], [], []
    columns = (daily[name].tolist() for name in ("load", "longest_km", "runs"))
    for load, far, runs in zip(*columns, strict=True):
        km.append(load if load >= 0 else 0.0)
        longest.append(far if far >= 0 else 0.0)
        ran.append(bool(runs > 0 and load != 0))
    rest = n_before - len(km)
    return km + [0.0] * rest, longest + [0.0] * rest, ran + [False] * rest


def _comeback(
    daily: pd.DataFrame, km: list[float], day_0: pd.Timestamp, first: pd.Timestamp
) -> Comeback | None:
    """Return that is going on: for 28 days, or until two weeks were near the usual one."""
    comeback = comeback_at(daily, first)
    if comeback is not None:
        return comeback
    comeback = comeback_at(daily, first, within=int(RAMP_RETURN["days"]) * _DAY)
    if comeback is None:
        return None
    back = (comeback.first - day_0).days
    week = _mean_week(km, back - comeback.days_off - 1)
    fortnights = (sum(km[max(back, i - 13) : i + 1]) for i in range(back, len(km)))
    return None if max(fortnights) >= 2 * RAMP_RETURN["share"] * week else comeback


def _mean_week(km: list[float], last: int) -> float:
    """Mean week of the 28 days that end on a place."""
    month = km[max(0, last + 1 - int(RAMP_HORIZON["base_days"])) : last + 1]
    return sum(month) / -(-len(month) // 7)


def _caps(
    daily: pd.DataFrame,
    day_0: pd.Timestamp,
    km: list[float],
    longest: list[float],
    ran: list[bool],
    back: int,
    limits: Limits,
) -> tuple[float, float]:
    """Cap of the first run, and most in seven days before day 14."""
    last = max((i for i in range(back) if ran[i]), default=None)
    off, before, week = -1, float("nan"), 0.0
    if last is not None:
        off = back - last - 1
        comeback = comeback_at(daily, day_0 + last * _DAY)  # the monitor's own, of 28 days
        since = 0 if comeback is None else (comeback.first - day_0).days
        far = max(longest[max(since, last - 29, 0) : last + 1])
        before = far if far > 0 else before
        week = _mean_week(km, last)
    start = start_cap_km(off, before) if limits.start_km is None else limits.start_km
    seen = max(longest[max(0, back - int(SESSION_SPIKE["window_days"])) : back], default=0.0)
    if seen > 0:
        start = min(start, max(seen * (1 + limits.session_growth), seen + limits.session_floor_km))
    if not 6 <= off <= 30 or week <= 0:
        return start, float("inf")
    at_30 = min(week, 3 * start_cap_km(30, before))
    return start, max(min(start, 3.0), week - (week - at_30) * max(0, off - 7) / 23)
