"""The independent verifier: every limit of a plan, computed apart from the planner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd

from loadmon.arguments import check_frame, check_kind
from loadmon.athlete import Athlete
from loadmon.calendar import (
    Day,
    day_of,
    days_between,
    is_too_long,
    written,
)
from loadmon.errors import FrameError
from loadmon.evidence.limits import LAYOFF, OWN_HABIT, RUN_DAY, SPARSE, WEEKLY_CHANGE, WINDOWS
from loadmon.evidence.ramp import (
    RAMP_CROSS,
    RAMP_DAYS,
    RAMP_HORIZON,
    RAMP_NOVICE,
    RAMP_REPLAY,
    RAMP_REST,
    RAMP_RETURN,
    RAMP_START,
    RAMP_TRY,
    RAMP_WEEK,
)
from loadmon.frames import table_of
from loadmon.ramp.edited import checked_plan
from loadmon.ramp.history import Archive, recorded_days
from loadmon.ratio import OK, ratios
from loadmon.rules.limits import Limits, limits_for
from loadmon.rules.return_to_run import find_return
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
        ``session``, ``week``, ``weekly_change``, ``coupled``, ``run_days``, ``monotony``, ``cap``;
        ``value`` and ``bound`` [km, min for a cap on minutes, d for ``run_days`` and ``monotony``];
        ``message``. Empty where the plan holds.

    Raises
    ------
    FrameError
        If `plan` lacks a column, or a cell of it cannot be understood: it names row and column.
        Rows are counted from 1.

    Notes
    -----
    Limits bind on run days; a rest day breaks none. Weeks are counted from the first run of the
    return, or of the plan where there is none. Unknown days of the history count as 0: the stricter
    base. The ratio is that of a week and the three before it, or of seven days that nothing but it
    can be compared with, multiplied out, in km. A distance that is negative or NaN is not within
    the limit ``distance``. The limits know nothing of pain.
    """
    check_frame(getattr(archive, "activities", None), "archive.activities")
    check_frame(plan, "plan", hint="; pass Ramp.plan")
    if limits is not None:
        check_kind(limits, (Limits, Mapping), "limits", "Limits or a mapping of them")
    athlete = getattr(archive, "athlete", None) or Athlete()
    limits = limits_for("steady", limits, athlete.limits)
    plan = checked_plan(plan)
    if plan.empty:
        return table_of([], _COLUMNS)
    eve = plan["date"].iloc[0] - _DAY
    recorded = archive.activities["date"]
    recorded = recorded[recorded <= eve]
    if len(recorded) and is_too_long(recorded.max(), eve):
        raise FrameError(
            f"plan begins after {written(eve)}, more than 100 years after the last recorded day, "
            f"{written(recorded.max())}: correct its dates"
        )
    until = eve if as_of is None else min(day_of(as_of, "as_of"), eve)
    return verify_timeline(build_timeline(recorded_days(archive, until), plan, limits), limits)


# History and plan as one line of days, for the verifier alone.


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every day from the first recorded one to the last planned one; named by its position."""

    day_0: date
    km: list[float]  # unknown is 0
    longest: list[float]
    ran: list[bool]
    beyond: list[float]  # of an event, not in `km`
    minutes: list[float]  # of running on a planned day; NaN: the plan does not say
    whole: list[float]  # minutes of the session of a planned day in all; NaN: not said
    n_before: int  # days before the plan
    plan_begin: int  # first run day of the plan
    begin: int  # the same in a return, else the first day of the plan
    day_1: int  # first day of the return; 0 where the plan carries on without one
    days_off: int  # before that day; -1: nothing is known to have been run
    is_return: bool
    long_1: int  # first day of the return after 14 or more days off that is going on; -1: none
    start_km: float  # cap of the first run of the return
    early_week_km: float  # most in its first seven days
    left_week_km: float  # what a return would begin with, where the plan does not begin one
    longest_km: float  # of the 30 days up to the last run before the plan or the return
    known_week_km: float  # largest mean week of four in the two years before the plan
    active: list[bool]  # days before the plan with walking or another sport


@dataclass(frozen=True, slots=True)
class Past:
    """The days before a plan, and what they leave of its first ones."""

    day_0: pd.Timestamp
    km: list[float]
    longest: list[float]
    ran: list[bool]
    beyond: list[float]
    day_1: int  # as in `Timeline`, and the next three
    is_return: bool
    days_off: int
    long_1: int
    first_caps: tuple[float, float]  # longest first run, and most of the first seven days
    left_week_km: float  # the latter, had nothing been run since what leaves the most of it
    active: list[bool]  # days of walking or another sport
    longest_km: float
    known_week_km: float


def build_past(
    daily: pd.DataFrame, first: pd.Timestamp, begin: pd.Timestamp, *, always_return: bool
) -> Past:
    """Read the days before a plan: `first` is its first day, `begin` that of its first run."""
    day_0 = first if daily.empty else daily.index[0]
    n_before, n_begin = (first - day_0).days, (begin - day_0).days
    daily = daily.iloc[:n_before]  # days of walking may come before the first run
    rest = [0.0] * (n_before - len(daily))
    km, longest = (
        [x if x >= 0 else 0.0 for x in daily[c].tolist()] + rest for c in ("load", "longest_km")
    )
    ran = [n > 0 for n in daily["run_day"].tolist()] + [False] * len(rest)
    active = [
        m >= RAMP_CROSS["min"] or walk >= RAMP_CROSS["walk_km"]
        for m, walk in zip(daily["other_min"].tolist(), daily["walk_km"].tolist(), strict=True)
    ] + [False] * len(rest)
    day_1, is_return = _return(daily, km, ran, day_0, n_begin, always_return=always_return)
    known = [
        sum(km[max(0, i - 27) : i + 1]) / 4
        for i in range(max(0, len(km) - int(RAMP_WEEK["known_days"])), len(km))
    ]
    last = max((i for i in range(min(day_1 or n_begin, len(km))) if ran[i]), default=-1)
    off = day_1 - last - 1 if last >= 0 else -1
    return Past(
        day_0=day_0,
        km=km,
        longest=longest,
        ran=ran,
        beyond=daily["beyond_km"].tolist() + rest,
        day_1=day_1,
        is_return=is_return,
        days_off=off,
        long_1=_long_return(daily, ran, day_0, day_1, off) if is_return else -1,
        first_caps=_first_caps(km, longest, ran, active, day_1 if is_return else n_begin),
        left_week_km=_first_caps(km, longest, ran, active, n_begin)[1]
        if ran and not (is_return and day_1 == n_begin)
        else 0.0,
        active=active,
        longest_km=max(longest[max(0, last - 29) : last + 1], default=0.0)
        or RAMP_NOVICE["first_run_km"],
        known_week_km=max(known, default=0.0),
    )


def begin_of(plan: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First day of a plan, and that of its first run; the first where it has none."""
    first = plan["date"].iloc[0]
    runs = plan["date"].array[(plan["distance_km"] != 0).to_numpy()]
    return first, runs[0] if len(runs) else first


def build_timeline(
    daily: pd.DataFrame, plan: pd.DataFrame, limits: Limits, past: Past | None = None
) -> Timeline:
    """Put history and plan together; `past`: what `build_past` has of the history, if known."""
    if past is None:
        past = build_past(daily, *begin_of(plan), always_return=limits.always_return)
    days, n_before = plan["date"].tolist(), len(past.km)
    first, day_1, is_return = days[0], past.day_1, past.is_return
    begin = (begin_of(plan)[1] - past.day_0).days
    start, early_week = past.first_caps
    early_week = early_week if past.km else float("inf")
    if is_return:
        start = start if limits.start_km is None else limits.start_km
        recent = max(past.longest[max(0, day_1 - 30) : day_1], default=0.0)
        if recent > 0:
            growth = recent * (1 + limits.session_growth)
            least = _try_km(max(past.longest[:day_1]))
            start = min(start, max(growth, recent + limits.session_floor_km, least))
        early_week = max(early_week, start)
        if limits.first_week_km is not None:
            early_week = min(early_week, limits.first_week_km)
    planned, running, whole = (
        dict(zip(days, column, strict=True))
        for column in (plan["distance_km"].tolist(), _running(plan), _whole(plan))
    )
    line = days_between(first, days[-1]).tolist()
    km = [planned.get(day, 0.0) for day in line]
    return Timeline(
        day_0=past.day_0.date(),
        km=past.km + km,
        longest=past.longest + km,
        ran=past.ran + [x != 0 for x in km],
        beyond=past.beyond + [0.0] * len(km),
        minutes=[0.0] * n_before + [running.get(day, 0.0) for day in line],
        whole=[0.0] * n_before + [whole.get(day, 0.0) for day in line],
        n_before=n_before,
        plan_begin=begin,
        begin=begin if is_return else n_before,
        day_1=day_1,
        days_off=past.days_off,
        is_return=is_return,
        long_1=past.long_1,
        start_km=start,
        early_week_km=early_week,
        left_week_km=past.left_week_km,
        active=past.active,
        longest_km=past.longest_km,
        known_week_km=past.known_week_km,
    )


def _running(plan: pd.DataFrame) -> list[float]:
    if {"repeats", "run_min"} <= set(plan.columns):
        return (plan["repeats"] * plan["run_min"]).tolist()
    return [float("nan")] * len(plan)


def _whole(plan: pd.DataFrame) -> list[float]:
    if "duration_min" in plan.columns:
        return plan["duration_min"].tolist()
    return [float("nan")] * len(plan)


def _return(
    daily: pd.DataFrame,
    km: list[float],
    ran: list[bool],
    day_0: pd.Timestamp,
    begin: int,
    *,
    always_return: bool,
) -> tuple[int, bool]:
    """First day of the return that is going on or begins with the plan; 0 where there is none.

    It goes on for 28 days, or until two weeks were near the usual one.
    """
    first = day_0 + begin * _DAY
    last = max((i for i in range(len(ran)) if ran[i]), default=None)
    if last is None:
        return begin, True
    if begin - last > WINDOWS["chronic"]:
        return begin, True
    back = find_return(daily, first)
    if back is not None:
        return (back.first - day_0).days, True
    back = find_return(daily, first, within=int(RAMP_RETURN["days"]) * _DAY)
    if back is not None:
        day_1 = (back.first - day_0).days
        week = _mean_week(km, day_1 - back.days_off - 1)
        fortnights = (sum(km[max(day_1, i - 13) : i + 1]) for i in range(day_1, len(km)))
        if max(fortnights) < 2 * RAMP_RETURN["share"] * week:
            return day_1, True
    is_only_gap = sum(ran) == 1 and begin - last - 1 > RAMP_START["full_until_days"]
    return (begin, True) if always_return or is_only_gap else (0, False)


def _long_return(
    daily: pd.DataFrame, ran: list[bool], day_0: pd.Timestamp, first: int, off: int
) -> int:
    """First day of the return after 14 or more days off that shorter lay-offs interrupted; or -1.

    Where nothing is known to have been run before, the return counts as such a one.
    """
    while 0 <= off < LAYOFF["returning_from_days"]:
        last = max(i for i in range(min(first, len(ran))) if ran[i])
        back = find_return(daily, day_0 + last * _DAY)
        if back is None:
            return -1
        first, off = (back.first - day_0).days, back.days_off
    return first


def _mean_week(km: list[float], last: int, begin: int = 0) -> float:
    """Mean week of up to 28 days that end with a day; since a day. [km]"""
    month = km[max(begin, last + 1 - int(RAMP_HORIZON["base_days"])) : last + 1]
    return sum(month) / -(-len(month) // 7)


def _try_km(longest_ever: float) -> float:
    """Run that is no spike however little was run of late: half the longest ever, within 2 or 3."""
    least = min(longest_ever, RAMP_NOVICE["first_run_km"])
    share = RAMP_TRY["share_of_longest"] * longest_ever
    return min(RAMP_TRY["max_km"], least if least > share else share)


def _first_caps(
    km: list[float], longest: list[float], ran: list[bool], active: list[bool], day_1: int
) -> tuple[float, float]:
    """Longest first run, and most in seven days before day 14: the best of every run before. [km]

    A line falls from the longest of 30 days after 7 days off to the try after 30; the week falls
    like 18 over 18 and each day beyond the seventh. A day of walking or sport is a third of a day
    less.
    """
    first_run, week, since, before = 0.0, RAMP_NOVICE["first_week_km"], 0, -1
    instead = [0, *accumulate(a and not r for a, r in zip(active[:day_1], ran, strict=False))]
    for last in (i for i in range(min(day_1, len(ran))) if ran[i]):
        if before >= 0 and last - before - 1 >= LAYOFF["returning_from_days"]:
            since = last
        before = last
        off = day_1 - last - 1
        moved = instead[-1] - instead[min(last + 1, len(instead) - 1)]
        off_ = max(min(off, RAMP_START["full_until_days"]), off - RAMP_CROSS["share"] * moved)
        far = max(longest[max(0, last - 29) : last + 1])
        mean = max(_mean_week(km, last), _mean_week(km, last, since))
        small = _try_km(far)
        slope = (far - small) / (RAMP_START["start_from_days"] - RAMP_START["full_until_days"])
        here = far - slope * (off_ - RAMP_START["full_until_days"])
        here = far if off_ <= RAMP_START["full_until_days"] else max(here, small)
        if off_ >= RAMP_START["start_from_days"]:
            here = small
        first_run = max(first_run, here if far > 0 else RAMP_NOVICE["first_run_km"])
        half = RAMP_REST["half_after_days"]
        beyond = max(0.0, off_ - RAMP_REST["full_until_days"])
        week = max(week, mean * half / (half + beyond))
    return first_run or RAMP_NOVICE["first_run_km"], week


# A plan against every limit, day by day.


def verify_timeline(line: Timeline, limits: Limits) -> pd.DataFrame:
    """Do the work of `verify_ramp` on history and plan as one line of days."""
    rows = []
    for day, limit, value, bound in violations(line, limits):
        when = pd.Timestamp(line.day_0) + day * _DAY
        unit = {"run_days": "run days", "monotony": "run days", "cap": "km or min"}.get(limit, "km")
        text = f"{day_text(when)}: {value:.3f} {unit}, limit {bound:.3f} ({limit})"
        rows.append((when, limit, value, bound, text))
    return table_of(rows, _COLUMNS)


def violations(
    line: Timeline, limits: Limits, since: int = 0, until: int | None = None
) -> list[tuple[int, str, float, float]]:
    """Limits exceeded on planned days from `since` on."""
    begin, end = max(since, line.n_before), len(line.km) if until is None else until
    early = max(0, begin - 84)
    sevens = [0.0] * early + [_total(line, day, 7) for day in range(early, end)]
    days = range(begin, end)
    return [(day, *found) for day in days for found in _exceeded(line, day, limits, sevens)]


def _exceeded(line: Timeline, day: int, limits: Limits, sevens: list[float]) -> Exceeded:
    """Limits exceeded on a day; `sevens`: km of the 7 days up to each, back to 84 days before."""
    found: Exceeded = []
    if not line.km[day] >= 0:
        found.append(("distance", line.km[day], 0.0))
    if not line.ran[day]:
        return found
    found += [*_run(line, day, limits), *_run_days(line, day, limits)]
    found += _week(line, day, limits)
    change = _change(line, day, limits, sevens)
    ratio = [] if "coupled" in (name for name, *_ in change) else _ratio(line, day, limits)
    found += [*change, *ratio]
    return found + _caps(line, day, limits)


def _run(line: Timeline, day: int, limits: Limits) -> Exceeded:
    """First run of a return against its cap; others against 30 days, and what was run since."""
    km = line.longest[day]
    if line.is_return and day == line.day_1:
        return [("start", km, line.start_km)] if _above(km, line.start_km) else []

    def longer(longest: float) -> float:
        return max(longest * (1 + limits.session_growth), longest + limits.session_floor_km)

    bounds = []
    recent = max(line.longest[max(0, day - 30) : day], default=0.0)
    if recent > 0:
        bounds.append(max(longer(recent), _try_km(max(line.longest[:day]))))
    if line.is_return:
        since = max(line.longest[line.day_1 : day], default=0.0)
        bounds.append(longer(max(line.start_km, since)))
    bound = min(bounds, default=line.longest_km)
    return [("session", km, bound)] if _above(km, bound) else []


def _run_days(line: Timeline, day: int, limits: Limits) -> Exceeded:
    """Run days next to each other, too many in seven or in a row, and seven days too alike."""
    out: Exceeded = []
    begins = [line.long_1] * (line.long_1 >= 0) + [line.day_1] * limits.always_apart
    is_apart = any(day - begin < limits.no_consecutive_days for begin in begins)
    if is_apart and any(line.ran[max(0, day - 1) : day]):
        out.append(("run_days", 2.0, 1.0))
    in_seven, row = sum(line.ran[max(0, day - 6) : day + 1]), 0
    while row <= day and line.ran[day - row]:
        row += 1
    most = longest_row = limits.max_run_days_in_7
    if most == int(RAMP_DAYS["max_in_7"]) and max(in_seven, row) > most:
        # not the runner's own: the habit of twelve weeks counts
        ends = range(max(0, day - 84), day - 6) if day >= 34 else range(0)
        planned = (km >= RUN_DAY["distance_km"] for km in line.km[line.n_before :])
        sure = [*line.ran[: line.n_before], *planned]  # a planned jog makes no habit
        sevens = [sure[max(0, end - 6) : end + 1] for end in ends]
        most = max([most, *map(sum, sevens)])
        longest_row = 10**6 if 7 in map(sum, sevens) else max([most, *map(_row_within, sevens)])
    if in_seven > most or row > longest_row:
        out.append(("run_days", float(max(in_seven, row)), float(most)))
    if _is_alike(line.km[max(0, day - 6) : day + 1]):
        usual = day >= 34 and any(
            _is_alike(line.km[max(0, end - 6) : end + 1])
            for end in range(max(6, day - 84), day - 6)
        )
        if not usual:
            out.append(("monotony", float(in_seven), RAMP_DAYS["max_in_7"]))
    return out


def _row_within(ran: list[bool]) -> int:
    """Most marked next to each other."""
    return max((len(row) for row in "".join("x" if r else " " for r in ran).split()), default=0)


def _is_alike(km: list[float]) -> bool:
    """Whether the mean of seven days is more than twice their standard deviation."""
    mean = sum(km) / 7
    return len(km) == 7 and mean**2 > 4 * (sum(x**2 for x in km) / 7 - mean**2) * (1 + _TOLERANCE)


def _week_start(line: Timeline, day: int) -> int:
    begin = line.day_1 if line.is_return else line.begin
    return begin + (day - begin) // 7 * 7


def _weeks_before(line: Timeline, start: int) -> list[float]:
    """Up to three weeks, of the return if there is one, before the one that begins on a day."""
    starts = [start - 7, start - 14, start - 21]
    return [sum(line.km[d : d + 7]) for d in starts if d >= line.day_1]


def _week(line: Timeline, day: int, limits: Limits) -> Exceeded:
    """The week so far against the largest of three before it, or the first week of a return."""
    start, early = _week_start(line, day), line.early_week_km
    so_far, bound = sum(line.km[max(0, start) : day + 1]), early
    begin = line.day_1 if line.is_return else line.begin
    weeks = _weeks_before(line, start) + [early] * (early < float("inf") and start - begin < 28)
    if weeks and not (line.is_return and start == line.day_1):
        largest = max(*weeks, _left_km(line, start))
        beyond = largest * (1 + min(limits.beyond_growth, limits.weekly_growth))
        bound = min(largest * (1 + limits.weekly_growth), line.known_week_km)
        bound = max(bound, beyond, largest + limits.weekly_floor_km)
    return [("week", so_far, bound)] if _above(so_far, bound) else []


def _left_km(line: Timeline, start: int) -> float:
    """What a return would begin with, in the first four weeks of a plan that does not begin one."""
    return line.left_week_km if start - line.plan_begin < 28 else 0.0


def _change(line: Timeline, day: int, limits: Limits, sevens: list[float]) -> Exceeded:
    """Seven days against the fullest seven of twelve weeks and of four, once they compare.

    Before, against the 28 days that they are part of, where they are new to those weeks.
    """
    if day < 13:
        return []
    most, of_four = (max(sevens[max(6, day - span) : day - 6]) for span in (84, 28))
    n, n_of_four = (sum(line.ran[max(0, day - 6 - span) : day - 6]) for span in (84, 28))
    bound = most * WEEKLY_CHANGE["limit"] if n >= OWN_HABIT["min_run_days"] else 0.0
    if of_four > 0 and n_of_four >= OWN_HABIT["min_run_days"]:
        bound = min(bound, of_four * WEEKLY_CHANGE["doubled"])
    seven, before, name = _with_events(line, day, 7), day - 6, "weekly_change"
    if not _above(seven, bound):
        return []
    long = line.is_return and not 0 <= line.days_off < LAYOFF["returning_from_days"]
    if day < 34 or (long and day - line.day_1 < 13) or not bound > 0:
        name, by_ratio = "coupled", limits.coupled * _with_events(line, day, 28) / 4
        if not _above(seven, by_ratio) or not _is_shown(line, day):
            return []
        bound = max(bound, by_ratio)
    # What a return on the first of the seven would begin with, had nothing been run of late.
    bound = max(bound, _first_caps(line.km, line.longest, line.ran, line.active, before)[1])
    return [(name, seven, bound)] if _above(seven, bound) else []


def _is_shown(line: Timeline, day: int) -> bool:
    """Whether the coupled ratio of a day means anything."""
    if sum(km > 0 for km in line.km[max(0, day - 27) : day + 1]) < SPARSE["min_run_days"]:
        return False
    km = np.array(line.km[: day + 1]) + line.beyond[: day + 1]
    return bool(ratios(km[:, None], "coupled")[2][-1, 0] == OK)


def _ratio(line: Timeline, day: int, limits: Limits) -> Exceeded:
    """Acute against chronic load, coupled, of the week so far and the three before it."""
    start = _week_start(line, day)
    is_sparse = sum(line.ran[max(0, day - 27) : day + 1]) < SPARSE["min_run_days"]
    if is_sparse or start + 7 - line.day_1 < limits.ratio_from_day:
        return []
    so_far, before = sum(line.km[max(0, start) : day + 1]), sum(_weeks_before(line, start))
    if before == 0:
        return []
    bound = max(limits.coupled * (so_far + before) / 4, _left_km(line, start))
    return [("coupled", so_far, bound)] if _above(so_far, bound) else []


def _caps(line: Timeline, day: int, limits: Limits) -> Exceeded:
    today = line.day_0 + timedelta(days=day)
    compared: list[tuple[float, float]] = []
    for cap in limits.caps:
        if (cap.since and today < cap.since) or (cap.until and today > cap.until):
            continue
        compared.append((_with_events(line, day, 7), cap.week_km))
        if line.ran[day]:
            compared.append((line.longest[day], cap.run_km))
        if line.ran[day] and cap.run_min < float("inf"):
            compared.append((line.minutes[day], cap.run_min))
        if line.ran[day] and cap.session_min < float("inf"):
            compared.append((line.whole[day], cap.session_min))
        if line.ran[day] and cap.days and today.weekday() not in cap.days:
            compared.append((line.km[day], 0.0))
    return [("cap", value, bound) for value, bound in compared if _above(value, bound)]


def _total(line: Timeline, day: int, days: int) -> float:
    return sum(line.km[max(0, day - days + 1) : day + 1])


def _with_events(line: Timeline, day: int, days: int) -> float:
    """The same with events whole."""
    return _total(line, day, days) + sum(line.beyond[max(0, day - days + 1) : day + 1])


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
