"""The independent verifier: every limit of a plan, computed apart from the planner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from loadmon.calendar import (
    Day,
    calendar_of_archive,
    day_of,
    days_between,
    is_too_long,
    written,
)
from loadmon.daily import daily_load
from loadmon.errors import FrameError
from loadmon.evidence.limits import SESSION_SPIKE
from loadmon.evidence.ramp import RAMP_HORIZON, RAMP_RETURN, RAMP_START
from loadmon.ramp.history import Archive
from loadmon.rules.limits import Limits, start_cap_km
from loadmon.rules.return_to_run import Comeback, comeback_at
from loadmon.units import day_text

# History and plan as one line of days, for the verifier alone.

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
    """Put history and plan together."""
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
        start, line = _caps_by_day(daily, day_0, km, longest, ran, back, limits)
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


def _caps_by_day(
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


# The verifier: a plan against every limit, day by day, written apart from the planner.


#: Short and long exponentially weighted mean of each day. [km]
Means = Sequence[tuple[float, float]]
_TOLERANCE = 1e-9
COLUMNS = {
    "date": "datetime64[us]",
    "limit": "str",
    "value": "float64",
    "bound": "float64",
    "message": "str",
}


def verify_ramp(
    archive: Archive, plan: pd.DataFrame, limits: Limits, *, as_of: Day | None = None
) -> pd.DataFrame:
    """Every day of a plan on which a limit is exceeded.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities``.
    plan : DataFrame
        ``date`` and ``distance_km`` of each planned day, as in ``Ramp.plan``. [km] A day that is
        not in it has no run. The first date is the return, or the day on which the plan begins.
        ``repeats`` and ``run_min``, where `limits` cap the minutes of running; ``week``.
    limits : Limits
        What no day may exceed.
    as_of : str, date or Timestamp, optional
        Last day whose activities count; None, or a later day: the day before the plan.

    Returns
    -------
    DataFrame
        One row per limit that is exceeded on a day: ``date``; ``limit``: ``distance``, ``start``,
        ``session``, ``week``, ``coupled``, ``uncoupled``, ``ewma``, ``run_days``, ``cap``;
        ``value`` and ``bound`` [km, min for a cap on minutes, d for ``run_days``]; ``message``.
        Empty where the plan holds.

    Raises
    ------
    FrameError
        If `plan` lacks a column, names a day twice, or its dates are no days.

    Notes
    -----
    Limits bind on run days and on the last day of each ``week`` of the plan (every seventh day
    where it has none) that holds a planned run, for the week as a whole;
    any other rest day breaks none. Unknown days of the history count as 0: the stricter base.
    Ratios are compared multiplied out, in km of seven days (EWMA: in km of a day).
    """
    check_plan(plan)
    if plan.empty:
        return _frame([])
    eve = plan["date"].iloc[0] - _DAY
    _check_near(archive.activities["date"], eve)
    until = eve if as_of is None else min(day_of(as_of), eve)
    daily = daily_load(archive.activities, calendar=calendar_of_archive(archive, until))
    return verify_story(tell(daily, plan, limits), limits)


def _check_near(recorded: pd.Series, eve: pd.Timestamp) -> None:
    """Refuse a plan that begins so long after what was recorded that nobody means it."""
    before = recorded[recorded <= eve]
    if len(before) and is_too_long(before.max(), eve):
        raise FrameError(
            f"plan begins after {written(eve)}, more than 100 years after the last recorded day, "
            f"{written(before.max())}: correct its dates"
        )


def verify_story(story: Story, limits: Limits) -> pd.DataFrame:
    """Do the work of `verify_ramp` on history and plan as one line of days."""
    day_0 = pd.Timestamp(story.day_0)
    return _frame([_row(day_0 + day * _DAY, *found) for day, *found in violations(story, limits)])


def violations(
    story: Story, limits: Limits, since: int = 0, until: int | None = None, means: Means = ()
) -> list[tuple[int, str, float, float]]:
    """Place, name, value and bound of each limit that a planned day exceeds."""
    days = range(max(since, story.n_before), len(story.km) if until is None else until)
    means = ewma(story, means[:since], days.stop)
    return [(day, *found) for day in days for found in _day(story, day, limits, means[day])]


def _day(
    story: Story, day: int, limits: Limits, means: tuple[float, float]
) -> list[tuple[str, float, float]]:
    """Name, value and bound of each limit that one planned day exceeds."""
    found: list[tuple[str, float, float]] = []
    if not story.km[day] >= 0:
        found.append(("distance", story.km[day], 0.0))
    if story.ran[day]:
        found += [*_run(story, day, limits), *_days(story, day, limits)]
    elif day not in story.ends or not any(story.ran[max(story.n_before, day - 6) : day]):
        return found
    found += [*_week(story, day, limits), *_ratios(story, day, limits, means)]
    return found + _caps(story, day, limits)


def _run(story: Story, day: int, limits: Limits) -> list[tuple[str, float, float]]:
    """First run of a return against its cap; any other against the longest since the return."""
    km = story.longest[day]
    if story.is_return and day == story.back:
        return [("start", km, story.start_km)] if _above(km, story.start_km) else []
    longest = max(story.longest[max(story.back, day - 30) : day], default=0.0)
    if longest == 0:
        longest = story.start_km
    bound = max(longest * (1 + limits.session_growth), longest + limits.session_floor_km)
    return [("session", km, bound)] if _above(km, bound) else []


def _days(story: Story, day: int, limits: Limits) -> list[tuple[str, float, float]]:
    """Run days next to each other, and too many in seven."""
    out = []
    if day - story.back + 1 <= limits.no_consecutive_days and day > 0 and story.ran[day - 1]:
        out.append(("run_days", 2.0, 1.0))
    in_seven = sum(story.ran[max(0, day - 6) : day + 1])
    if in_seven > limits.max_run_days_in_7:
        out.append(("run_days", float(in_seven), float(limits.max_run_days_in_7)))
    return out


def _week(story: Story, day: int, limits: Limits) -> list[tuple[str, float, float]]:
    """Seven days against the largest of the three sevens before that lie after the return."""
    seven = _total(story, day, 7)
    if day - story.back + 1 < RAMP_HORIZON["compare_from_day"]:
        return [("week", seven, story.line_km)] if _above(seven, story.line_km) else []
    largest = 0.0
    for end in (day - 7, day - 14, day - 21):
        if end - story.back + 1 >= 7:
            largest = max(largest, _total(story, end, 7))
    bound = max(largest * (1 + limits.weekly_growth), largest + limits.weekly_floor_km)
    return [("week", seven, bound)] if _above(seven, bound) else []


def _ratios(
    story: Story, day: int, limits: Limits, means: tuple[float, float]
) -> list[tuple[str, float, float]]:
    """Acute against chronic load by three methods, from the fifth week on."""
    if day - story.back + 1 < limits.ratio_from_day:
        return []
    seven, month = _total(story, day, 7), _total(story, day, 28)
    short, long = means
    judged = [
        ("coupled", seven, limits.coupled * month / 4),
        ("uncoupled", seven, limits.uncoupled * (month - seven) / 3),
    ]
    if story.ran[day]:
        judged.append(("ewma", short, limits.ewma * long))
    return [(limit, value, bound) for limit, value, bound in judged if _above(value, bound)]


def _caps(story: Story, day: int, limits: Limits) -> list[tuple[str, float, float]]:
    """What somebody has set on top: no run, a longest run, minutes, and most in seven days."""
    today = story.day_0 + timedelta(days=day)
    judged: list[tuple[float, float]] = []
    for cap in limits.caps:
        if (cap.since and today < cap.since) or (cap.until and today > cap.until):
            continue
        judged.append((_total(story, day, 7), cap.week_km))
        if story.ran[day]:
            judged.append((story.longest[day], cap.run_km))
        if story.ran[day] and cap.run_min < float("inf"):
            judged.append((story.minutes[day], cap.run_min))
        if story.ran[day] and cap.days and today.weekday() not in cap.days:
            judged.append((story.km[day], 0.0))
    return [("cap", value, bound) for value, bound in judged if _above(value, bound)]


def ewma(story: Story, known: Means = (), until: int | None = None) -> Means:
    """Exponentially weighted means of 7 and 28 days of each day, seeded with the first recorded."""
    means = list(known)
    short = long = story.km[0] if story.n_before else 0.0
    if known:
        short, long = known[-1]
    for place in range(len(means), len(story.km) if until is None else until):
        if place or not story.n_before:
            short = 0.25 * story.km[place] + 0.75 * short
            long = 2 / 29 * story.km[place] + 27 / 29 * long
        means.append((short, long))
    return means


def _total(story: Story, day: int, days: int) -> float:
    """Load of the days that end on one day."""
    return sum(story.km[max(0, day - days + 1) : day + 1])


def _above(value: float, bound: float) -> bool:
    """Whether a value exceeds its bound; NaN does."""
    return not value <= bound + _TOLERANCE * max(1.0, abs(bound))


def _row(date: pd.Timestamp, limit: Any, value: Any, bound: Any) -> dict[str, Any]:
    """One violation, told."""
    unit = {"run_days": "run days", "cap": "km or min"}.get(limit, "km")
    text = f"{day_text(date)}: {value:.3f} {unit}, limit {bound:.3f} ({limit})"
    return {"date": date, "limit": limit, "value": value, "bound": bound, "message": text}


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Violations as a frame, of the same columns when there is none."""
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def check_plan(plan: pd.DataFrame) -> None:
    """Refuse a frame that is no plan."""
    missing = [c for c in ("date", "distance_km") if c not in plan.columns]
    if missing:
        raise FrameError(f"plan lacks {', '.join(missing)}; pass Ramp.plan")
    days = plan["date"]
    if not pd.api.types.is_datetime64_dtype(days) or days.isna().any():
        raise FrameError("plan['date'] must hold naive local days")
    if (days != days.dt.normalize()).any() or not days.is_monotonic_increasing:
        raise FrameError("plan['date'] must hold whole days, in order")
    if days.duplicated().any():
        raise FrameError(f"plan names {days[days.duplicated()].iloc[0]:%Y-%m-%d} twice")
