"""The planner: week after week until the goal is reached and held, exact and rounded."""

from __future__ import annotations

from dataclasses import dataclass, field

from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_DAYS, RAMP_GRID, RAMP_HORIZON
from loadmon.ramp.course import Course
from loadmon.ramp.place import Placed, Task, floor_km, lower, place

_WEEK = int(WINDOWS["acute"])
_EPS = 1e-9


@dataclass(slots=True)
class Layout:
    """A plan day by day.

    Parameters
    ----------
    exact_km : list of float
        Before rounding. [km]
    km : list of float
        Rounded down to whole steps, under the same limits with its own, smaller, past. [km]
    limited_by : list of str
        Limit that each run reaches; on a run day of the week without a run, why there is none.
    reached_week : int
        Week of the return, or of the plan, in which the goal is reached, from 1; 0 if it is not.
    """

    exact_km: list[float] = field(default_factory=list)
    km: list[float] = field(default_factory=list)
    limited_by: list[str] = field(default_factory=list)
    reached_week: int = 0


def lay_out(task: Task, *, min_days: int = 0) -> Layout:
    """Plan week after week until the goal is reached and held.

    Parameters
    ----------
    task : Task
        What to plan.
    min_days : int
        The goal is held until so many days are planned. [d]

    Returns
    -------
    Layout
        Up to the end of a week, counted from the first day of the return; 104 weeks if the goal
        is not reached.

    Notes
    -----
    Two plans grow side by side. The exact one takes each week as far along its path
    (`loadmon.ramp.shape`) as the limits let. The rounded one follows from below, a day at a time.
    """
    exact, rounded = Course(task.before, task.limits), Course(task.before, task.limits)
    out, is_there, n = Layout(), False, len(task.before.km)
    first = task.before.days_since // _WEEK + 1
    for week in range(first, first + int(RAMP_HORIZON["weeks"])):
        exact.add_week()
        rounded.add_week()
        again = _again(task, week, is_there=is_there)
        placed = place(task, exact, again)
        is_whole = len(exact.km) - _WEEK >= n
        is_there = is_there or (is_whole and _arrived(task, exact))
        goal = _as_week_ago(rounded, placed) if again == "repeat" else placed
        lowered = lower(task, rounded, goal)
        out.limited_by += _labels(lowered, n + len(out.limited_by), len(exact.km))
        if is_there and not out.reached_week and _is_near(task, lowered, placed):
            out.reached_week = week
        if _is_done(out, week, min_days):
            break
    out.exact_km, out.km = exact.km[n:], rounded.km[n:]
    return out


def _is_done(out: Layout, week: int, min_days: int) -> bool:
    """Whether the goal was held long enough."""
    held = out.reached_week and week >= out.reached_week + RAMP_DAYS["hold_weeks"]
    return bool(held) and len(out.limited_by) >= min_days


def _again(task: Task, week: int, *, is_there: bool) -> str:
    """Why a week is the week before again, if it is."""
    if is_there:
        return "target"
    is_fourth = week % int(RAMP_DAYS["repeat_every_weeks"]) == 0
    return "repeat" if task.pace == "steady" and is_fourth else ""


def _as_week_ago(course: Course, placed: Placed) -> Placed:
    """The rounded runs of the week before, on the days of an exact week."""
    return {d: (course.km[d - _WEEK], limit) for d, (_, limit) in placed.items()}


def _arrived(task: Task, course: Course) -> bool:
    """Whether the last week of a course holds all that was asked for."""
    week = course.km[-_WEEK:]
    is_enough = task.week_km == float("inf") or sum(week) >= task.week_km - _EPS
    longest = max(course.longest_km[-_WEEK:])
    return is_enough and (task.long_km == float("inf") or longest >= task.long_km - _EPS)


def _is_near(task: Task, lowered: Placed, placed: Placed) -> bool:
    """Whether rounding took no more than a step a run from the week, nothing from its long run."""
    km, exact = [x for x, _ in lowered.values()], [x for x, _ in placed.values()]
    is_long = task.long_km == float("inf") or max(km) >= floor_km(max(exact))
    if task.long_only:
        return is_long
    return is_long and sum(km) >= sum(exact) - RAMP_GRID["step_km"] * len(km) - _EPS


def _labels(lowered: Placed, start: int, end: int) -> list[str]:
    """Limit of each of the days added; empty where the plan does not run anyway."""
    return [lowered[d][1] if d in lowered else "" for d in range(start, end)]
