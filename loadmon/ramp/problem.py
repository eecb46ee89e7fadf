"""What is asked of a plan, checked: run days, pace, target, easy weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Day, day_of, is_too_long, written
from loadmon.errors import SettingError
from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.ramp import EASY_PACE, RAMP_GRID, RAMP_HORIZON, Programme
from loadmon.ramp.history import Archive, Before, known_days, look_back, until
from loadmon.ramp.programme import begins_with_walks, programme_of
from loadmon.ramp.progress import Again, credited, nothing_before
from loadmon.ramp.schedule import Task
from loadmon.ramp.screening import Answers, Reason, checked
from loadmon.rules.limits import Cap, Limits, Pace, limits_for

# The easy pace that turns the kilometres of a plan into minutes.

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EasyPace:
    """How many minutes a kilometre of easy running takes.

    Parameters
    ----------
    min_per_km : float
        [min/km]
    told_by : {"stated", "files", "assumed"}
        The runner, the median of the runner's own runs, or nobody.
    n_runs : int
        Runs that the median is of; 0 where it is none.
    """

    min_per_km: float
    told_by: Literal["stated", "files", "assumed"]
    n_runs: int = 0


def easy_pace(
    activities: pd.DataFrame, until: pd.Timestamp, stated: str | float | None = None
) -> EasyPace:
    """Pace of easy running as stated, or as the files show it.

    Returns median of the runs of at least `loadmon.evidence.ramp.EASY_PACE` ``min_km`` in the
    ``days`` before; where these are fewer than ``min_runs``, a pace assumed for all.
    """
    if stated is not None:
        return EasyPace(_stated(stated), "stated")
    since = until - EASY_PACE["days"] * _DAY
    is_run = (activities["sport"] == "running") & activities["date"].between(since, until)
    runs = activities.loc[is_run & (activities["distance_km"] >= EASY_PACE["min_km"])]
    paces = runs["duration_min"] / runs["distance_km"]
    paces = paces[paces.between(EASY_PACE["fastest"], EASY_PACE["slowest"])]
    if len(paces) < EASY_PACE["min_runs"]:
        return EasyPace(EASY_PACE["assumed"], "assumed")
    return EasyPace(float(paces.median()), "files", len(paces))


def in_kilometres(limits: Limits, pace: EasyPace) -> Limits:
    """Limits whose caps on minutes of running also stand as kilometres, for the planner."""
    caps = [
        replace(cap, run_km=min(cap.run_km, cap.run_min / pace.min_per_km)) for cap in limits.caps
    ]
    return replace(limits, caps=tuple(caps))


def _stated(told: str | float) -> float:
    """Minutes per kilometre of what was written."""
    minutes, _, seconds = str(told).partition(":")
    try:
        value = float(minutes) + (float(seconds) / 60 if seconds else 0.0)
    except ValueError:
        value = float("nan")
    if not EASY_PACE["fastest"] <= value <= EASY_PACE["slowest"]:
        raise SettingError(
            f"easy pace {told!r}: minutes for a kilometre, like 7:30, between "
            f"{EASY_PACE['fastest']:g} and {EASY_PACE['slowest']:g}"
        )
    return value


# On which days of the week a plan runs.


DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Three days spread over a week, counted from the day of the return.
_SPREAD = (0, 2, 5)
_WEEK = int(WINDOWS["acute"])

RunDays = str | Sequence[str | int]


def weekdays(
    run_days: RunDays | None, resume: pd.Timestamp, caps: Sequence[Cap] = ()
) -> tuple[int, ...]:
    """Turn what a caller wrote for the run days into weekdays."""
    named = next((cap.days for cap in caps if cap.days), ())
    if run_days is None and named:
        return named
    if run_days is None:
        return tuple(sorted((resume.weekday() + d) % _WEEK for d in _SPREAD))
    told = run_days.split(",") if isinstance(run_days, str) else list(run_days)
    days = {_weekday(d) for d in told}
    if not days:
        raise SettingError("run_days holds no day; name some: mon,wed,sat")
    return tuple(sorted(days))


def check_run_days(days: tuple[int, ...], limits: Limits, *, apart: bool) -> None:
    """Refuse run days that the limits rule out.

    EWMA is highest on the day of a run. With one run a week it is 1.65 there, whatever the run: a
    plan under 1.5 would shrink week by week.
    """
    names = ",".join(DAY_NAMES[d] for d in days)
    if len(days) > limits.max_run_days_in_7:
        raise SettingError(
            f"run_days {names}: at most {limits.max_run_days_in_7} run days in seven; leave out "
            f"{len(days) - limits.max_run_days_in_7}"
        )
    pairs = [(a, (a + 1) % _WEEK) for a in days if (a + 1) % _WEEK in days]
    if apart and pairs:
        a, b = pairs[0]
        raise SettingError(
            f"run_days {names}: {DAY_NAMES[a]} and {DAY_NAMES[b]} are next to each other, and for "
            f"the first {limits.no_consecutive_days} days of a return no two run days are; choose "
            "days with a day between, such as mon,wed,sat"
        )
    ratio = _same_week_ratio(days)
    if ratio > limits.ewma:
        raise SettingError(
            f"run_days {names}: the EWMA ratio is {ratio:.2f} on a run day even if every week is "
            f"the same, above its limit of {limits.ewma:g}; choose more run days"
        )


def first_run_day(
    days: tuple[int, ...], resume: pd.Timestamp, caps: Sequence[Cap] = ()
) -> pd.Timestamp:
    """Return the first of the run days on or after `resume` that no cap bars."""
    for wait in range(int(RAMP_HORIZON["weeks"]) * _WEEK):
        day = resume + pd.Timedelta(days=wait)
        if day.weekday() in days and not any(cap.bars(day.date()) for cap in caps):
            return day
    names = ",".join(DAY_NAMES[d] for d in days)
    raise SettingError(f"the caps of limits leave no run on any {names}: choose other run days")


def _weekday(told: str | int) -> int:
    """Number of one weekday."""
    name = str(told).strip().lower()
    if name.isdigit() and int(name) < _WEEK:
        return int(name)
    if name[:3] in DAY_NAMES and name.isalpha():
        return DAY_NAMES.index(name[:3])
    raise SettingError(f"no weekday: {told!r}; write one of {', '.join(DAY_NAMES)} or 0 to 6")


def _same_week_ratio(days: tuple[int, ...]) -> float:
    """Largest EWMA ratio on a run day when every week holds the same equal runs."""

    def mean(day: int, span: float) -> float:
        keep = 1 - 2 / (span + 1)
        return (1 - keep) * sum(keep ** ((day - d) % _WEEK) for d in days) / (1 - keep**_WEEK)

    return max(mean(d, WINDOWS["acute"]) / mean(d, WINDOWS["chronic"]) for d in days)


# What is asked of a plan, and what it means for this runner on that day.


_INF = float("inf")
_LAST_YEAR = 9900  # calendars end with 9999, and plans go on for years


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options of `loadmon.plan_ramp`, as they were given."""

    resume: Day
    target_km: float | None = None
    target_long_km: float | None = None
    by: Day | None = None
    pace: Pace = "steady"
    reason: Reason = "rest"
    screening: Answers | None = None
    run_days: RunDays | None = None
    limits: Limits | Mapping[str, Any] | None = None
    athlete: Athlete = field(default_factory=Athlete)
    as_of: Day | None = None
    programme: str | None = None
    easy_pace: str | float | None = None

    @property
    def bounds(self) -> Limits:
        """Limits of the pace, changed by the runner and by what was asked for."""
        return limits_for(self.pace, self.limits, self.athlete.limits)

    @property
    def until(self) -> pd.Timestamp:
        """Last day whose activities count."""
        eve = day_of(self.resume) - _DAY
        return eve if self.as_of is None else min(day_of(self.as_of), eve)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request means.

    Parameters
    ----------
    request : Request
        What was asked for.
    resume, as_of : Timestamp
        Day from which to run; last day whose activities count.
    by : Timestamp or None
        Last day on which the goal may be reached.
    answers : dict
        Answers to the questions.
    daily : DataFrame
        Daily load up to the day before the plan.
    limits : Limits
        As asked for; those of `task` hold caps on minutes in kilometres too.
    task : Task
        Goal, limits and pace for the planner.
    easy : EasyPace
        What turns kilometres into minutes.
    programme : Programme or None
        Published programme to follow.
    walks : bool
        Whether the return begins with walk-run.
    told_reason : str
        Reason that the runner gave; that of `request` may come from the diary.
    again : Again
        What the runs since the return and the diary put on top.
    """

    request: Request
    resume: pd.Timestamp
    as_of: pd.Timestamp
    by: pd.Timestamp | None
    answers: dict[str, bool | float | str]
    daily: pd.DataFrame
    limits: Limits
    task: Task
    easy: EasyPace
    programme: Programme | None
    walks: bool
    told_reason: Reason = "rest"
    again: Again = field(default_factory=nothing_before)


def settle(archive: Archive, request: Request, known: pd.DataFrame | None = None) -> Asked:
    """Put together what is asked for and what was before."""
    _check_goals(request)
    limits = request.bounds
    resume = day_of(request.resume)
    _check_resume(archive, resume)
    known = known_days(archive, request.until) if known is None else known
    daily = until(known, resume)
    before = look_back(daily, resume, limits) if request.run_days is None else None
    days = weekdays(request.run_days, _anchor(before, resume), limits.caps)
    first = first_run_day(days, resume, limits.caps)
    if before is None or first != resume:
        daily = until(known, first)
        before = look_back(daily, first, limits)
    easy = easy_pace(archive.activities, before.break_eve, request.easy_pace)
    programme = None if request.programme is None else programme_of(request.programme)
    age = len(before.km) - before.origin + 1
    apart = programme is not None or age <= limits.no_consecutive_days
    check_run_days(days, _narrowed(limits, programme), apart=apart)
    week, long = (_INF, _INF) if programme else _goal(before, request, len(days))
    return Asked(
        request=request,
        resume=resume,
        as_of=request.until,
        by=None if request.by is None else day_of(request.by),
        answers=checked(request.screening),
        daily=daily,
        limits=limits,
        task=Task(before, in_kilometres(limits, easy), request.pace, days, week, long),
        easy=easy,
        programme=programme,
        walks=programme is None and begins_with_walks(before, request.reason),
    )


def asked_again(asked: Asked, request: Request) -> Asked:
    """Return what another request means that differs in goal, growth, reason or diary alone."""
    _check_goals(request)
    before, limits, days = asked.task.before, request.bounds, asked.task.run_days
    week, long = (_INF, _INF) if asked.programme else _goal(before, request, len(days))
    return replace(
        asked,
        request=request,
        by=None if request.by is None else day_of(request.by),
        answers=checked(request.screening),
        limits=limits,
        task=Task(before, in_kilometres(limits, asked.easy), request.pace, days, week, long),
        walks=asked.programme is None and begins_with_walks(before, request.reason),
    )


def taken_up(asked: Asked, again: Again) -> Asked:
    """The same request, with what the runs so far and the diary put on top."""
    if not (again.caps or again.credited_km):
        return replace(asked, again=again)
    limits = replace(asked.limits, caps=(*asked.limits.caps, *again.caps))
    task, days = asked.task, asked.task.run_days
    first = first_run_day(days, task.before.first, limits.caps)
    daily = until(asked.daily, first)
    before = credited(look_back(daily, first, asked.limits), again)
    task = replace(task, before=before, limits=in_kilometres(limits, asked.easy))
    return replace(asked, daily=daily, limits=limits, task=task, again=again)


def _anchor(before: Before | None, resume: pd.Timestamp) -> pd.Timestamp:
    """Day from which run days are spread: the first of a return that goes on, else `resume`."""
    if before is None or not before.mid_return:
        return resume
    return before.first - (len(before.km) - before.origin) * _DAY


def _narrowed(limits: Limits, programme: Programme | None) -> Limits:
    """Limits on the run days, those of a programme among them."""
    if programme is None:
        return limits
    most = min(limits.max_run_days_in_7, programme.max_in_7)
    return replace(limits, max_run_days_in_7=most)


def _check_resume(archive: Archive, resume: pd.Timestamp) -> None:
    """Refuse a day of return that nobody means."""
    before = archive.activities["date"]
    before = before[before < resume]
    is_far = len(before) > 0 and is_too_long(before.max(), resume)
    if is_far or resume.year > _LAST_YEAR:
        since = f", the last recorded day is {written(before.max())}" if len(before) else ""
        raise SettingError(
            f"resume {written(resume)} is too far ahead{since}: write the day that you mean"
        )


def _check_goals(request: Request) -> None:
    """Refuse a goal that cannot be meant, and one beside a programme."""
    goals = {"target_km": request.target_km, "target_long_km": request.target_long_km}
    for name, km in goals.items():
        if km is not None and not RAMP_GRID["shortest_km"] <= km < _INF:
            raise SettingError(f"{name} must be at least {RAMP_GRID['shortest_km']:g}, got {km}")
        if km is not None and request.programme is not None:
            raise SettingError(f"a programme has a goal of its own: leave {name} or programme out")


def _goal(before: Before, request: Request, n_runs: int) -> tuple[float, float]:
    """Weekly and long-run target; infinite where not asked for."""
    week, long = request.target_km, request.target_long_km
    if week is None and long is None:
        if not before.usual_week_km >= RAMP_GRID["shortest_km"]:
            raise SettingError(
                "hardly any run before the break is known: say where to, with target_km=20 "
                "(--target-km 20)"
            )
        return before.usual_week_km, _INF
    if week is not None and long is not None and week > n_runs * long:
        raise SettingError(
            f"target_km {week:g} in {n_runs} runs a week needs runs longer than target_long_km "
            f"{long:g}: raise it, or choose more run days"
        )
    return _INF if week is None else week, _INF if long is None else long
