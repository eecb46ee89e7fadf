"""What a plan has to solve: the request, checked, beside the history it meets."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Day, day_of, is_too_long, written
from loadmon.errors import SettingError
from loadmon.evidence.ramp import (
    EASY_PACE,
    PROGRAMMES,
    RAMP_GRID,
    RAMP_HORIZON,
    WALK_RUN,
    Programme,
)
from loadmon.ramp.history import DAY, Archive, History, build_history, days_before, recorded_days
from loadmon.ramp.screening import SCREENED, Answers, Reason, checked
from loadmon.rules.context import WEEK
from loadmon.rules.limits import Cap, Limits, Pace, limits_for

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INF = float("inf")

RunDays = str | Sequence[str | int]


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
    def first_day(self) -> pd.Timestamp:
        """Day from which to run."""
        return day_of(self.resume)

    @property
    def last_day(self) -> pd.Timestamp | None:
        """Last day on which the goal may be reached."""
        return None if self.by is None else day_of(self.by)

    @property
    def answers(self) -> dict[str, bool | float | str]:
        """Answers to the questions, checked."""
        return checked(self.screening)

    @property
    def until(self) -> pd.Timestamp:
        """Last day whose activities count."""
        eve = self.first_day - DAY
        return eve if self.as_of is None else min(day_of(self.as_of), eve)


@dataclass(frozen=True, slots=True)
class Task:
    """What the planner is given: where to start from, within which limits, towards what."""

    history: History
    limits: Limits  # caps on minutes of running stand as kilometres too
    pace: Pace
    run_days: tuple[int, ...]  # weekdays; 0 is Monday
    #: Goals; infinite where not asked for. A week is not larger, unless `long_km` is still to come.
    week_km: float = _INF
    long_km: float = _INF

    @property
    def long_only(self) -> bool:
        """Whether a long run is wanted and no week."""
        return self.week_km == _INF and self.long_km < _INF

    @property
    def shortest_km(self) -> float:
        """No planned run is shorter, unless the start of the return is. [km]"""
        start = self.history.start_km or _INF
        return min(RAMP_GRID["shortest_km"], start, self.long_km)


@dataclass(frozen=True, slots=True)
class EasyPace:
    """How many minutes a kilometre of easy running takes, and who says so."""

    min_per_km: float
    source: Literal["stated", "files", "assumed"]  # files: the median of `n_runs` own runs
    n_runs: int = 0


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """What a request means for this runner on that day."""

    request: Request
    daily: pd.DataFrame  # up to the day before the plan
    limits: Limits  # as asked for, caps on minutes too
    task: Task
    easy: EasyPace
    programme: Programme | None
    walks: bool  # begin with walk-run: after a long lay-off, injury or pain

    @property
    def history(self) -> History:
        """What was run before."""
        return self.task.history


def build_problem(
    archive: Archive, request: Request, recorded: pd.DataFrame | None = None
) -> PlanProblem:
    """Check what is asked for, and find what was before; `recorded`: its days, if known already."""
    _check_goals(request)
    limits, resume = request.bounds, request.first_day
    before = archive.activities["date"]
    before = before[before < resume]
    is_far = len(before) > 0 and is_too_long(before.max(), resume)
    if is_far or resume.year > 9900:  # calendars end with 9999, and plans go on for years
        since = f", the last recorded day is {written(before.max())}" if len(before) else ""
        raise SettingError(
            f"resume {written(resume)} is too far ahead{since}: write the day that you mean"
        )
    recorded = recorded_days(archive, request.until) if recorded is None else recorded
    daily = days_before(recorded, resume)
    history = build_history(daily, resume, limits) if request.run_days is None else None
    spread_from = resume if history is None else history.return_day
    days = weekdays(request.run_days, spread_from, limits.caps)
    first = first_run_day(days, resume, limits.caps)
    if history is None or first != resume:
        daily = days_before(recorded, first)
        history = build_history(daily, first, limits)
    easy = easy_pace(archive.activities, history.last_run, request.easy_pace)
    programme = None if request.programme is None else find_programme(request.programme)
    day_of_return = len(history.km) - history.origin + 1
    apart = programme is not None or day_of_return <= limits.no_consecutive_days
    most = limits.max_run_days_in_7
    most = most if programme is None else min(most, programme.max_in_7)
    check_run_days(days, replace(limits, max_run_days_in_7=most), apart=apart)
    return _with_goal(request, daily, history, days, easy, programme)


def change_request(problem: PlanProblem, request: Request) -> PlanProblem:
    """Problem of another request that differs in goal, growth, reason or diary alone."""
    _check_goals(request)
    task, easy, programme = problem.task, problem.easy, problem.programme
    return _with_goal(request, problem.daily, task.history, task.run_days, easy, programme)


def _with_goal(
    request: Request,
    daily: pd.DataFrame,
    history: History,
    run_days: tuple[int, ...],
    easy: EasyPace,
    programme: Programme | None,
) -> PlanProblem:
    week, long = (_INF, _INF) if programme else _goal(history, request, len(run_days))
    limits = request.bounds
    is_long = history.days_off < 0 or history.longest_days_off > WALK_RUN["from_days_off"]
    walks = (is_long or request.reason in SCREENED) and not (programme or history.carries_on)
    task = Task(history, caps_in_km(limits, easy), request.pace, run_days, week, long)
    return PlanProblem(request, daily, limits, task, easy, programme, walks)


def _goal(history: History, request: Request, n_runs: int) -> tuple[float, float]:
    """Weekly and long-run target; infinite where not asked for. [km]"""
    week, long = request.target_km, request.target_long_km
    if week is None and long is None:
        if not history.baseline_week_km >= RAMP_GRID["shortest_km"]:
            raise SettingError(
                "hardly any running before the lay-off is known: set a target with target_km=20 "
                "(--target-km 20)"
            )
        return history.baseline_week_km, _INF
    if week is not None and long is not None and week > n_runs * long:
        raise SettingError(
            f"target_km {week:g} in {n_runs} runs a week needs runs longer than target_long_km "
            f"{long:g}: raise it, or choose more run days"
        )
    return _INF if week is None else week, _INF if long is None else long


def _check_goals(request: Request) -> None:
    """Refuse a goal that cannot be meant, and one beside a programme."""
    goals = {"target_km": request.target_km, "target_long_km": request.target_long_km}
    for name, km in goals.items():
        if km is not None and not RAMP_GRID["shortest_km"] <= km < _INF:
            raise SettingError(f"{name} must be at least {RAMP_GRID['shortest_km']:g}, got {km}")
        if km is not None and request.programme is not None:
            raise SettingError(f"a programme has a goal of its own: leave {name} or programme out")


def find_programme(key: str) -> Programme:
    """Published programme by its name."""
    if key not in PROGRAMMES:
        near = difflib.get_close_matches(key, PROGRAMMES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PROGRAMMES)}"
        raise SettingError(f"no programme {key!r}; {hint}")
    return PROGRAMMES[key]


# On which days of the week a plan runs.


def weekdays(
    run_days: RunDays | None, spread_from: pd.Timestamp, caps: Sequence[Cap] = ()
) -> tuple[int, ...]:
    """Run days as weekdays: those named by the caller, by a cap, or spread from a day."""
    if run_days is None:
        spread = tuple(sorted((spread_from.weekday() + d) % WEEK for d in (0, 2, 5)))
        return next((cap.days for cap in caps if cap.days), spread)
    days = {_weekday(d) for d in (run_days.split(",") if isinstance(run_days, str) else run_days)}
    if not days:
        raise SettingError("run_days holds no day; name some: mon,wed,sat")
    return tuple(sorted(days))


def _weekday(text: str | int) -> int:
    name = str(text).strip().lower()
    if name.isdigit() and int(name) < WEEK:
        return int(name)
    if name[:3] in DAY_NAMES and name.isalpha():
        return DAY_NAMES.index(name[:3])
    raise SettingError(f"no weekday: {text!r}; write one of {', '.join(DAY_NAMES)} or 0 to 6")


def check_run_days(days: tuple[int, ...], limits: Limits, *, apart: bool) -> None:
    """Refuse run days that the limits rule out."""
    names = ",".join(DAY_NAMES[d] for d in days)
    if len(days) > limits.max_run_days_in_7:
        raise SettingError(
            f"run_days {names}: at most {limits.max_run_days_in_7} run days in seven; leave out "
            f"{len(days) - limits.max_run_days_in_7}"
        )
    pairs = [(a, (a + 1) % WEEK) for a in days if (a + 1) % WEEK in days]
    if apart and pairs:
        a, b = pairs[0]
        raise SettingError(
            f"run_days {names}: {DAY_NAMES[a]} and {DAY_NAMES[b]} are next to each other, and for "
            f"the first {limits.no_consecutive_days} days of a return no two run days are; choose "
            "days with a day between, such as mon,wed,sat"
        )


def first_run_day(
    days: tuple[int, ...], resume: pd.Timestamp, caps: Sequence[Cap] = ()
) -> pd.Timestamp:
    """First of the run days on or after `resume` that no cap bars."""
    for wait in range(int(RAMP_HORIZON["weeks"]) * WEEK):
        day = resume + wait * DAY
        if day.weekday() in days and not any(cap.bars(day.date()) for cap in caps):
            return day
    names = ",".join(DAY_NAMES[d] for d in days)
    raise SettingError(f"the caps of limits leave no run on any {names}: choose other run days")


# The easy pace that turns the kilometres of a plan into minutes.


def easy_pace(
    activities: pd.DataFrame, until: pd.Timestamp, stated: str | float | None = None
) -> EasyPace:
    """Pace of easy running as stated, or the median of the runs before; with few runs, assumed."""
    if stated is not None:
        return EasyPace(_minutes(stated), "stated")
    since = until - EASY_PACE["days"] * DAY
    is_run = (activities["sport"] == "running") & activities["date"].between(since, until)
    runs = activities.loc[is_run & (activities["distance_km"] >= EASY_PACE["min_km"])]
    paces = runs["duration_min"] / runs["distance_km"]
    paces = paces[paces.between(EASY_PACE["fastest"], EASY_PACE["slowest"])]
    if len(paces) < EASY_PACE["min_runs"]:
        return EasyPace(EASY_PACE["assumed"], "assumed")
    return EasyPace(float(paces.median()), "files", len(paces))


def _minutes(text: str | float) -> float:
    """Minutes per kilometre as written: ``7:30`` or 7.5."""
    minutes, _, seconds = str(text).partition(":")
    try:
        value = float(minutes) + (float(seconds) / 60 if seconds else 0.0)
    except ValueError:
        value = float("nan")
    if not EASY_PACE["fastest"] <= value <= EASY_PACE["slowest"]:
        raise SettingError(
            f"easy pace {text!r}: minutes for a kilometre, like 7:30, between "
            f"{EASY_PACE['fastest']:g} and {EASY_PACE['slowest']:g}"
        )
    return value


def caps_in_km(limits: Limits, pace: EasyPace) -> Limits:
    """Limits whose caps on minutes of running also stand as kilometres, for the planner."""
    each = pace.min_per_km
    caps = (replace(cap, run_km=min(cap.run_km, cap.run_min / each)) for cap in limits.caps)
    return replace(limits, caps=tuple(caps))
