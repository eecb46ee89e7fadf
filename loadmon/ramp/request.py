"""What is asked of a plan, and what it means for this runner on that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.checks.limits import Limits, Pace, limits_for
from loadmon.errors import SettingError
from loadmon.evidence.programmes import Programme
from loadmon.evidence.ramp import RAMP_GRID
from loadmon.load.calendar import Day, day_of, is_too_long, written
from loadmon.ramp.again import Again, credited, nothing_before
from loadmon.ramp.easy import EasyPace, easy_pace, in_kilometres
from loadmon.ramp.history import Archive, Before, known_days, look_back, until
from loadmon.ramp.place import Task
from loadmon.ramp.programme import programme_of
from loadmon.ramp.run_days import RunDays, check_run_days, first_run_day, weekdays
from loadmon.ramp.screening import Answers, Reason, checked
from loadmon.ramp.stages import begins_with_walks

_DAY = pd.Timedelta(days=1)
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
    """Put together what is asked for and what was before.

    Parameters
    ----------
    archive : Archive
        Anything with ``activities``.
    request : Request
        What is asked for.
    known : DataFrame, optional
        What `loadmon.ramp.history.known_days` gives for the request; None: it is worked out.

    Raises
    ------
    SettingError
        If an option is unknown or out of range, or no target can be derived.
    """
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
    """Return what another request means that differs in goal, growth, reason or diary alone.

    Parameters
    ----------
    asked : Asked
        What a request with the same day of return, run days and start means.
    request : Request
        The other one.
    """
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
