"""One week of a plan: as large as the limits let it be, then rounded down."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from loadmon.checks.limits import Limits, Pace
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_LONG_RUN
from loadmon.ramp.course import Course
from loadmon.ramp.history import Before
from loadmon.ramp.shape import Corners, week_ago, week_path

_WEEK = int(WINDOWS["acute"])
_EPS = 1e-9
_INF = float("inf")
#: Steps of a planned distance in one kilometre.
_STEPS = round(1 / RAMP_GRID["step_km"])
#: Stands for the week as a whole where a limit is asked for by day.
_WHOLE = -1
#: A week as run day -> distance [km] and the limit that it reaches.
Placed = dict[int, tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Task:
    """A goal, the way to it, and where it starts from.

    Parameters
    ----------
    before : Before
        What was run before.
    limits : Limits
        What no day may exceed.
    pace : {"steady", "earliest"}
        One new longest run a week and every fourth week again, or as fast as the limits let.
    run_days : tuple of int
        Weekdays with a run.
    week_km, long_km : float
        Distance of a week, and of a run, to plan for. [km] Infinite where not asked for. A week
        is not larger than `week_km`, unless a run of `long_km` is still to come.
    """

    before: Before
    limits: Limits
    pace: Pace
    run_days: tuple[int, ...]
    week_km: float = _INF
    long_km: float = _INF

    @property
    def long_only(self) -> bool:
        """Whether a long run is wanted and no week."""
        return self.week_km == _INF and self.long_km < _INF

    @property
    def shortest_km(self) -> float:
        """No planned run is shorter, unless the start of the return is."""
        start = self.before.start_km or _INF
        return min(RAMP_GRID["shortest_km"], start, self.long_km)


def place(task: Task, course: Course, again: str) -> Placed:
    """Put the largest week along its path into a plan.

    Parameters
    ----------
    task : Task
        What is planned.
    course : Course
        The plan so far; its last seven days are the week, and are filled.
    again : {"", "repeat", "target"}
        Why the week is the week before again, if it is.

    Returns
    -------
    dict of int to (float, str)
        Distance [km] and limit of each run day; 0 km where a limit leaves no run.
    """
    days = runs_in_week(task, course)
    placed: Placed = {d: (0.0, why) for d, why in _closed(task, course, days).items()}
    days = [d for d in days if d not in placed]
    while days:
        km, limit = _peak(task, course, days) if not again else ([], "")
        if not km:
            km, limit = _furthest(task, course, days, _path(task, course, days, again))
        short = [d for d, x in zip(days, km, strict=True) if x < task.shortest_km - _EPS]
        if not short:
            break
        left_out = days[-1] if days[0] == course.before.origin else short[0]
        course.put(left_out, 0.0)
        days.remove(left_out)
        placed[left_out] = (0.0, limit or again)
    for d in days:
        placed[d] = (course.km[d], _limit(task, course, d, limit or again))
    return dict(sorted(placed.items()))


def lower(task: Task, course: Course, goal: Placed) -> Placed:
    """Round a week down, one run day after the other, under the limits of the rounded plan.

    Parameters
    ----------
    task : Task
        What is planned.
    course : Course
        The rounded plan so far; its last seven days are the week, and are filled.
    goal : dict of int to (float, str)
        Distance [km] that each run day does not exceed, and the limit that set it.

    Returns
    -------
    dict of int to (float, str)
        Distance [km] in whole steps, and limit of each run day.
    """
    last = max((d for d, (km, _) in goal.items() if km > 0), default=0)
    lowered: Placed = {}
    for day, (most, why) in goal.items():
        limit, room = _room(task, course, day, is_long=day == last)
        km, name = (floor_km(room), limit) if room < most else (floor_km(most), why)
        course.put(day, 0.0 if km < floor_km(task.shortest_km) else km)
        lowered[day] = (course.km[day], name)
    return lowered


def floor_km(km: float) -> float:
    """Round down to a whole step; what is a step but for the last bits stays. [km]"""
    return max(0, math.floor(km * _STEPS + _EPS)) / _STEPS


def runs_in_week(task: Task, course: Course) -> list[int]:
    """Run days of the last week of a course that are still to come."""
    end = len(course.km)
    start = max(end - _WEEK, len(task.before.km))
    return [d for d in range(start, end) if _weekday(task, d) in task.run_days]


def _weekday(task: Task, day: int) -> int:
    """Weekday of a day of the plan; 0 is Monday."""
    return (task.before.first.weekday() + day - len(task.before.km)) % _WEEK


def _closed(task: Task, course: Course, days: list[int]) -> dict[int, str]:
    """Run days on which no run is possible, and why."""
    out = {}
    for day in days:
        limit, room = min(course.rooms(day).items(), key=lambda r: r[1], default=("", _INF))
        if course.barred(day):
            out[day] = "cap"
        elif course.closed(day):
            out[day] = "run_days"
        elif room < task.shortest_km - _EPS:
            out[day] = limit
        else:
            course.ran[day] = True
    return out


def _peak(task: Task, course: Course, days: list[int]) -> tuple[list[float], str]:
    """A week whose long run is not its last one, where that reaches the goal; else nothing.

    The runs after it are as short as the shape of a week lets them be.
    """
    if task.pace != "earliest" or not task.long_only:
        return [], ""
    for n in range(1, len(days)):
        km, _ = _furthest(task, course, days[:n], _path(task, course, days[:n], ""))
        if km[-1] >= task.long_km - _EPS:
            rest = [task.long_km / RAMP_LONG_RUN["over_others"]] * (len(days) - n)
            more, limit = _furthest(task, course, days[n:], [[0.0] * len(rest), rest])
            return km + more, limit or "pace"
        _put(course, days[:n], [0.0] * n)
    return [], ""


def _path(task: Task, course: Course, days: list[int], again: str) -> Corners:
    """Path of the week, or that of the week before again, under the caps."""
    is_first = task.before.carries_on and len(course.km) - _WEEK == len(task.before.km)
    if again:
        path = week_ago(course, days)
    else:
        path = week_path(
            course,
            days,
            task.pace,
            long_km=task.long_km,
            long_only=task.long_only,
            is_first=is_first,
        )
    most = [course.capped(d) for d in days]
    return [[min(x, m) for x, m in zip(corner, most, strict=True)] for corner in path]


def _furthest(
    task: Task, course: Course, days: list[int], path: Corners
) -> tuple[list[float], str]:
    """Go along the path as far as the limits let; tell which one stops, if any."""
    for low, high in pairwise(path):
        share, limit = _share(task, course, days, low, high)
        km = [a + share * (b - a) for a, b in zip(low, high, strict=True)]
        _put(course, days, km)
        if share < 1:
            return km, limit
    return km, ""


def _share(
    task: Task, course: Course, days: list[int], low: list[float], high: list[float]
) -> tuple[float, str]:
    """How much of the way from one week to a larger one the linear limits let, and which."""
    at_low = _slacks(task, course, days, low)
    at_high = _slacks(task, course, days, high)
    share, limit = 1.0, ""
    for (name, day), after in at_high.items():
        before = max(0.0, at_low[name, day])
        if after < -_EPS * _EPS and before / (before - after) < share:
            share, limit = before / (before - after), name
    return share, limit


def _slacks(
    task: Task, course: Course, days: list[int], km: list[float]
) -> dict[tuple[str, int], float]:
    """How far each limit is from being reached on each run day, and over the week."""
    _put(course, days, km)
    start = len(course.km) - _WEEK
    out = {(name, _WHOLE): left for name, left in course.left_in_week(start).items()}
    if task.long_km == _INF:
        out["target", _WHOLE] = task.week_km - sum(course.km[start:])
    for day in days:
        out |= {(name, day): left for name, left in course.slacks(day).items()}
    return out


def _put(course: Course, days: list[int], km: list[float]) -> None:
    """Try the runs of a week."""
    for day, x in zip(days, km, strict=True):
        course.put(day, x)


def _limit(task: Task, course: Course, day: int, why: str) -> str:
    """Limit that a run reaches: its own, or the one that stops the week."""
    km = course.km[day]
    if km >= course.capped(day) - _EPS:
        return "cap"
    if km >= course.session_cap(day) - _EPS:
        return "start" if day == course.before.origin else "session"
    return "target" if km >= task.long_km - _EPS else why or "pace"


def _room(task: Task, course: Course, day: int, *, is_long: bool) -> tuple[str, float]:
    """Least of what the limits leave for one run, given the days before, and which one it is."""
    if course.barred(day):
        return "cap", 0.0
    if course.closed(day):
        return "run_days", 0.0
    start = len(course.km) - _WEEK
    rooms = [*course.rooms(day).items(), *course.left_in_week(start).items()]
    rooms.append(("cap", course.capped(day)))
    rooms.append(("start" if day == course.before.origin else "session", course.session_cap(day)))
    if task.pace == "steady" and not is_long:
        rooms.append(("pace", course.longest_since(day, start)))
    return min(rooms, key=lambda r: r[1])
