"""The independent verifier: every limit of a plan, computed apart from the planner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from loadmon.athlete import Athlete
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
from loadmon.evidence.ramp import RAMP_HORIZON, RAMP_REPLAY, RAMP_RETURN, RAMP_START
from loadmon.ramp.edited import checked_plan
from loadmon.ramp.history import Archive
from loadmon.rules.limits import Limits, limits_for
from loadmon.rules.return_to_run import ReturnToRun, find_return, start_cap_km
from loadmon.units import day_text

_DAY = pd.Timedelta(days=1)
_TOLERANCE = 1e-9
_COLUMNS = {
    "date": "datetime64[us]",
    "limit": "str",
    "value": "float64",
    "bound": "float64",
    "message": "str",
}
Exceeded = list[tuple[str, float, float]]  # name, value and bound of each limit that is exceeded


def verify_ramp(
    archive: Archive,
    plan: pd.DataFrame,
    limits: Limits | Mapping[str, Any] | None = None,
    *,
    as_of: Day | None = None,
) -> pd.DataFrame:
    """Every day of a plan on which a limit is exceeded.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities``.
    plan : DataFrame
        ``date`` and ``distance_km`` (or ``distance_mi``) of each planned day, in any order: a
        ``Ramp.plan``, also one that somebody edited as a CSV. [km] A day that is not in it has no
        run. The first date is the return, or the day on which the plan begins. ``week``, where
        each row has it. ``repeats`` and ``run_min``, else ``duration_min``, where `limits` cap the
        minutes of running. Other columns have no say.
    limits : Limits or mapping, optional
        What no day may exceed; as in `plan_ramp`. None: the limits of the pace ``steady``, with
        those that the athlete of `archive` set.
    as_of : str, date or Timestamp, optional
        Last day whose activities count; None, or a later day: the day before the plan.

    Returns
    -------
    DataFrame
        One row per limit that is exceeded on a day: ``date``; ``limit``: ``distance``, ``start``,
        ``session``, ``week``, ``coupled``, ``run_days``, ``cap``;
        ``value`` and ``bound`` [km, min for a cap on minutes, d for ``run_days``]; ``message``.
        Empty where the plan holds.

    Raises
    ------
    FrameError
        If `plan` lacks a column, or a cell of it cannot be understood: it names row and column.
        Rows are counted from 1.

    Notes
    -----
    Limits bind on run days and on the last day of each ``week`` of the plan (every seventh day
    where it has none) that holds a planned run, for the week as a whole;
    any other rest day breaks none. Unknown days of the history count as 0: the stricter base.
    The ratio is compared multiplied out, in km of seven days. A distance that is negative or NaN
    is not within the limit ``distance``. The limits know nothing of pain.
    """
    athlete = getattr(archive, "athlete", None) or Athlete()
    limits = limits_for("steady", limits, athlete.limits)
    plan = checked_plan(plan)
    if plan.empty:
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    eve = plan["date"].iloc[0] - _DAY
    recorded = archive.activities["date"]
    recorded = recorded[recorded <= eve]
    if len(recorded) and is_too_long(recorded.max(), eve):
        raise FrameError(
            f"plan begins after {written(eve)}, more than 100 years after the last recorded day, "
            f"{written(recorded.max())}: correct its dates"
        )
    until = eve if as_of is None else min(day_of(as_of), eve)
    daily = daily_load(archive.activities, calendar=calendar_of_archive(archive, until))
    return verify_timeline(build_timeline(daily, plan, limits), limits)


# History and plan as one line of days, for the verifier alone.


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every day from the first recorded one to the last planned one; named by its position."""

    day_0: date
    km: list[float]  # unknown is 0
    longest: list[float]
    ran: list[bool]
    minutes: list[float]  # of running on a planned day; NaN: the plan does not say
    week_ends: set[int]  # of the plan
    n_before: int  # days before the plan
    day_1: int  # first day of the return; 0 where the plan carries on without one
    is_return: bool
    start_km: float  # cap of the first run of the return
    early_week_km: float  # most in seven days before its 14th day


def build_timeline(daily: pd.DataFrame, plan: pd.DataFrame, limits: Limits) -> Timeline:
    """Put history and plan together."""
    days = plan["date"].tolist()
    first = days[0]
    day_0 = first if daily.empty else daily.index[0]
    n_before = (first - day_0).days
    rest = n_before - len(daily)
    km = [x if x >= 0 else 0.0 for x in daily["load"].tolist()] + [0.0] * rest
    longest = [x if x >= 0 else 0.0 for x in daily["longest_km"].tolist()] + [0.0] * rest
    runs = zip(daily["run_day"].tolist(), daily["load"].tolist(), strict=True)
    ran = [is_run and load != 0 for is_run, load in runs] + [False] * rest
    last = max((i for i in range(n_before) if ran[i]), default=None)
    day_1, is_return = n_before, True
    if last is not None and n_before - last - 1 < RAMP_START["no_ramp_under_days"]:
        back = _current_return(daily, km, day_0, first)
        is_return = back is not None
        day_1 = 0 if back is None else (back.first - day_0).days
    start, early_week = 0.0, float("inf")
    if is_return:
        start, early_week = _first_caps(daily, day_0, km, longest, ran, day_1, limits)
    minutes = [float("nan")] * len(plan)
    if {"repeats", "run_min"} <= set(plan.columns):
        minutes = (plan["repeats"] * plan["run_min"]).tolist()
    planned = dict(zip(days, plan["distance_km"].tolist(), strict=True))
    running = dict(zip(days, minutes, strict=True))
    whole = days_between(first, days[-1]).tolist()
    km += [planned.get(day, 0.0) for day in whole]
    return Timeline(
        day_0=day_0.date(),
        km=km,
        longest=longest + km[n_before:],
        ran=ran + [x != 0 for x in km[n_before:]],
        minutes=[0.0] * n_before + [running.get(day, 0.0) for day in whole],
        week_ends={n_before + (day - first).days for day in _week_ends(plan)},
        n_before=n_before,
        day_1=day_1,
        is_return=is_return,
        start_km=start,
        early_week_km=early_week,
    )


def _week_ends(plan: pd.DataFrame) -> list[pd.Timestamp]:
    """Last day of each week of a plan: by its own weeks, else every seventh day from the first."""
    first, last = plan["date"].iloc[0], plan["date"].iloc[-1]
    if "week" not in plan.columns:
        return pd.date_range(first + 6 * _DAY, last, freq="7D").tolist()
    ends = plan.groupby("week")["date"].max().tolist()
    before = [day for day in ends if day < last]
    return before + [day for day in ends[-1:] if (day - first).days % 7 == 6]


def _current_return(
    daily: pd.DataFrame, km: list[float], day_0: pd.Timestamp, first: pd.Timestamp
) -> ReturnToRun | None:
    """Return that is going on: for 28 days, or until two weeks were near the usual one."""
    back = find_return(daily, first)
    if back is not None:
        return back
    back = find_return(daily, first, within=int(RAMP_RETURN["days"]) * _DAY)
    if back is None:
        return None
    day_1 = (back.first - day_0).days
    week = _mean_week(km, day_1 - back.days_off - 1)
    fortnights = (sum(km[max(day_1, i - 13) : i + 1]) for i in range(day_1, len(km)))
    return None if max(fortnights) >= 2 * RAMP_RETURN["share"] * week else back


def _mean_week(km: list[float], last: int) -> float:
    month = km[max(0, last + 1 - int(RAMP_HORIZON["base_days"])) : last + 1]
    return sum(month) / -(-len(month) // 7)


def _first_caps(
    daily: pd.DataFrame,
    day_0: pd.Timestamp,
    km: list[float],
    longest: list[float],
    ran: list[bool],
    day_1: int,
    limits: Limits,
) -> tuple[float, float]:
    """Cap of the first run, and most in seven days before day 14. [km]"""
    last = max((i for i in range(day_1) if ran[i]), default=None)
    off, before, week = -1, float("nan"), 0.0
    if last is not None:
        off = day_1 - last - 1
        back = find_return(daily, day_0 + last * _DAY)  # the monitor's own, of 28 days
        since = 0 if back is None else (back.first - day_0).days
        far = max(longest[max(since, last - 29, 0) : last + 1])
        before = far if far > 0 else before
        week = _mean_week(km, last)
    start = start_cap_km(off, before) if limits.start_km is None else limits.start_km
    recent = max(longest[max(0, day_1 - int(SESSION_SPIKE["window_days"])) : day_1], default=0.0)
    if recent > 0:
        growth = recent * (1 + limits.session_growth)
        start = min(start, max(growth, recent + limits.session_floor_km))
    if not 6 <= off <= 30 or week <= 0:
        return start, float("inf")
    at_30 = min(week, 3 * start_cap_km(30, before))
    return start, max(min(start, 3.0), week - (week - at_30) * max(0, off - 7) / 23)


# A plan against every limit, day by day.


def verify_timeline(line: Timeline, limits: Limits) -> pd.DataFrame:
    """Do the work of `verify_ramp` on history and plan as one line of days."""
    rows = []
    for day, limit, value, bound in violations(line, limits):
        when = pd.Timestamp(line.day_0) + day * _DAY
        unit = {"run_days": "run days", "cap": "km or min"}.get(limit, "km")
        text = f"{day_text(when)}: {value:.3f} {unit}, limit {bound:.3f} ({limit})"
        rows.append((when, limit, value, bound, text))
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def violations(
    line: Timeline, limits: Limits, since: int = 0, until: int | None = None
) -> list[tuple[int, str, float, float]]:
    """Limits exceeded on planned days from `since` on."""
    days = range(max(since, line.n_before), len(line.km) if until is None else until)
    return [(day, *found) for day in days for found in _exceeded(line, day, limits)]


def _exceeded(line: Timeline, day: int, limits: Limits) -> Exceeded:
    found: Exceeded = []
    if not line.km[day] >= 0:
        found.append(("distance", line.km[day], 0.0))
    if line.ran[day]:
        found += [*_run(line, day, limits), *_run_days(line, day, limits)]
    elif day not in line.week_ends or not any(line.ran[max(line.n_before, day - 6) : day]):
        return found
    found += [*_week(line, day, limits), *_ratio(line, day, limits)]
    return found + _caps(line, day, limits)


def _run(line: Timeline, day: int, limits: Limits) -> Exceeded:
    """First run of a return against its cap; any other against the longest since the return."""
    km = line.longest[day]
    if line.is_return and day == line.day_1:
        return [("start", km, line.start_km)] if _above(km, line.start_km) else []
    longest = max(line.longest[max(line.day_1, day - 30) : day], default=0.0) or line.start_km
    bound = max(longest * (1 + limits.session_growth), longest + limits.session_floor_km)
    return [("session", km, bound)] if _above(km, bound) else []


def _run_days(line: Timeline, day: int, limits: Limits) -> Exceeded:
    """Run days next to each other, and too many in seven."""
    out: Exceeded = []
    if day - line.day_1 + 1 <= limits.no_consecutive_days and day > 0 and line.ran[day - 1]:
        out.append(("run_days", 2.0, 1.0))
    in_seven = sum(line.ran[max(0, day - 6) : day + 1])
    if in_seven > limits.max_run_days_in_7:
        out.append(("run_days", float(in_seven), float(limits.max_run_days_in_7)))
    return out


def _week(line: Timeline, day: int, limits: Limits) -> Exceeded:
    seven, bound = _total(line, day, 7), line.early_week_km
    if day - line.day_1 + 1 >= RAMP_HORIZON["compare_from_day"]:
        ends = [end for end in (day - 7, day - 14, day - 21) if end - line.day_1 + 1 >= 7]
        largest = max((_total(line, end, 7) for end in ends), default=0.0)
        bound = max(largest * (1 + limits.weekly_growth), largest + limits.weekly_floor_km)
    return [("week", seven, bound)] if _above(seven, bound) else []


def _ratio(line: Timeline, day: int, limits: Limits) -> Exceeded:
    """Acute against chronic load, coupled, from the fifth week on."""
    if day - line.day_1 + 1 < limits.ratio_from_day:
        return []
    seven, bound = _total(line, day, 7), limits.coupled * _total(line, day, 28) / 4
    return [("coupled", seven, bound)] if _above(seven, bound) else []


def _caps(line: Timeline, day: int, limits: Limits) -> Exceeded:
    today = line.day_0 + timedelta(days=day)
    compared: list[tuple[float, float]] = []
    for cap in limits.caps:
        if (cap.since and today < cap.since) or (cap.until and today > cap.until):
            continue
        compared.append((_total(line, day, 7), cap.week_km))
        if line.ran[day]:
            compared.append((line.longest[day], cap.run_km))
        if line.ran[day] and cap.run_min < float("inf"):
            compared.append((line.minutes[day], cap.run_min))
        if line.ran[day] and cap.days and today.weekday() not in cap.days:
            compared.append((line.km[day], 0.0))
    return [("cap", value, bound) for value, bound in compared if _above(value, bound)]


def _total(line: Timeline, day: int, days: int) -> float:
    return sum(line.km[max(0, day - days + 1) : day + 1])


def _above(value: float, bound: float) -> bool:
    """Whether a value exceeds its bound; NaN does."""
    return not value <= bound + _TOLERANCE * max(1.0, abs(bound))


# What a plan still holds when it is not followed to the letter: three replays.


@dataclass(frozen=True, slots=True)
class Replay:
    """One way in which a plan was not followed to the letter."""

    #: Every run some per cent ``longer``; the two last runs of a week ``swapped``; a week
    #: ``missed``, and then on as planned.
    name: str
    tried: int  # runs (``longer``) or weeks
    broken: int  # those of them that exceed a limit
    over_km: float  # most by which a limit is exceeded, caps aside: theirs may be minutes
    limits: tuple[str, ...]


def replays(line: Timeline, plan: pd.DataFrame, limits: Limits) -> list[Replay]:
    """Replay a plan in each of the ways, one week after the other."""
    n, more = line.n_before, 1 + RAMP_REPLAY["longer"]
    km = [*line.km[:n], *(more * x for x in line.km[n:])]
    longer = _with_runs(line, km, [more * x for x in line.minutes])
    by_day: dict[int, Exceeded] = {}
    for day, limit, value, bound in violations(longer, limits):
        by_day.setdefault(day, []).append((limit, value, bound))
    weeks: dict[int, list[int]] = {}
    for day, number in enumerate(plan["week"].tolist(), start=n):
        if line.km[day] > 0:
            weeks.setdefault(number, []).append(day)
    pairs, all_but_last = [w for w in weeks.values() if len(w) > 1], list(weeks.values())[:-1]

    def changed_by(change: Callable[[list[float], list[int]], None], week: list[int]) -> Exceeded:
        """Limits exceeded in a changed week, or in the weeks after it."""
        km, minutes = list(line.km), list(line.minutes)
        change(km, week)
        change(minutes, week)
        until = min(len(km), week[-1] + int(RAMP_REPLAY["later_days"]))
        found = violations(_with_runs(line, km, minutes), limits, week[0], until)
        return [(limit, value, bound) for _, limit, value, bound in found]

    return [
        _sum_up("longer", sum(x > 0 for x in line.km[n:]), list(by_day.values())),
        _sum_up("swapped", len(pairs), [changed_by(swap_last_two, week) for week in pairs]),
        _sum_up("missed", len(all_but_last), [changed_by(_miss, week) for week in all_but_last]),
    ]


def swap_last_two(km: list[float], week: list[int]) -> None:
    """Swap the last two runs of a week, in place."""
    a, b = week[-2:]
    km[a], km[b] = km[b], km[a]


def _miss(km: list[float], week: list[int]) -> None:
    for day in week:
        km[day] = 0.0


def _with_runs(line: Timeline, km: list[float], minutes: list[float]) -> Timeline:
    n = line.n_before
    ran = [*line.ran[:n], *(x != 0 for x in km[n:])]
    return replace(line, km=km, longest=[*line.longest[:n], *km[n:]], ran=ran, minutes=minutes)


def _sum_up(name: str, tried: int, found: list[Exceeded]) -> Replay:
    broken = [one for one in found if one]
    over = [(limit, value - bound) for one in broken for limit, value, bound in one]
    over_km = max((by for limit, by in over if limit not in ("run_days", "cap")), default=0.0)
    return Replay(name, tried, len(broken), over_km, tuple(dict(over)))
