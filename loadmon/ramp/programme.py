"""A published walk-run programme, taken no faster than the limits let."""

from __future__ import annotations

import difflib
import math

from loadmon.errors import SettingError
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.programmes import PROGRAMMES, Programme, Stage
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON, WALK_RUN
from loadmon.ramp.course import Course
from loadmon.ramp.layout import Layout
from loadmon.ramp.levels import State, step
from loadmon.ramp.place import Task, lower, runs_in_week
from loadmon.ramp.session import Session, shortened

_WEEK = int(WINDOWS["acute"])
_KM_PER_MILE = 1.609344
_STEPS, _EPS = round(1 / RAMP_GRID["step_km"]), 1e-9


def programme_of(key: str) -> Programme:
    """Programme by its name.

    Raises
    ------
    SettingError
        If there is none of this name.
    """
    if key not in PROGRAMMES:
        near = difflib.get_close_matches(key, PROGRAMMES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PROGRAMMES)}"
        raise SettingError(f"no programme {key!r}; {hint}")
    return PROGRAMMES[key]


def stage_session(programme: Programme, stage: Stage, min_per_km: float) -> Session:
    """One session of a programme in minutes, as published.

    Parameters
    ----------
    programme : Programme
        Its unit says what the numbers of its stages are.
    stage : Stage
        One of them.
    min_per_km : float
        Easy pace, for a programme in miles. [min/km]
    """
    run, walk = 1.0, 1.0
    if programme.unit == "mile":
        run, walk = _KM_PER_MILE * min_per_km, _KM_PER_MILE * WALK_RUN["walk_min_per_km"]
    bouts = tuple((n, r * run, w * walk) for n, r, w in stage.bouts)
    return Session(bouts, programme.warm_up_min, stage.name, by_time=True)


def stage_km(session: Session, min_per_km: float) -> float:
    """Running distance of a session, rounded up to the step of a plan. [km]"""
    return math.ceil(session.running_min / min_per_km * _STEPS - _EPS) / _STEPS


def follow(
    task: Task, programme: Programme, min_per_km: float, state: State, *, min_days: int = 0
) -> tuple[Layout, list[Session | None]]:
    """Plan a programme session by session.

    Parameters
    ----------
    task : Task
        Limits, run days and what was before; its goal is not looked at.
    programme : Programme
        What to follow.
    min_per_km : float
        Easy pace. [min/km]
    state : State
        Where in the programme the runner stands.
    min_days : int
        The last session is repeated until so many days are planned. [d]

    Returns
    -------
    Layout, list of Session or None
        Day by day. `Layout.reached_week` is the week of the last session of the programme.

    Notes
    -----
    A session whose distance is above what the limits leave on its day is shortened to that, with
    as many runs, and counts for nothing: the same session comes again.
    """
    walk = _Walk(task, programme, min_per_km, state)
    first = task.before.days_since // _WEEK + 1
    for week in range(first, first + int(RAMP_HORIZON["weeks"])):
        walk.add_week()
        if walk.done >= programme.stages[-1].times and not walk.layout.reached_week:
            walk.layout.reached_week = week
        if walk.layout.reached_week and len(walk.sessions) >= min_days:
            break
    walk.layout.exact_km = walk.layout.km = walk.course.km[len(task.before.km) :]
    return walk.layout, walk.sessions


class _Walk:
    """The way through a programme so far."""

    def __init__(self, task: Task, programme: Programme, min_per_km: float, state: State):
        self.task, self.programme, self.min_per_km, self.state = task, programme, min_per_km, state
        self.course, self.layout = Course(task.before, task.limits), Layout()
        self.sessions: list[Session | None] = []
        self.whole = [stage_session(programme, s, min_per_km) for s in programme.stages]
        self.done = 0

    def add_week(self) -> None:
        """Plan one more week."""
        self.course.add_week()
        days = len(self.course.km) - len(self.task.before.km) - len(self.sessions)
        self.sessions += [None] * days
        self.layout.limited_by += [""] * days
        for day in runs_in_week(self.task, self.course):
            self._run(day, day - len(self.task.before.km))

    def _run(self, day: int, at: int) -> None:
        """Plan one run day: the whole session, what the limits leave of it, or nothing."""
        session = self.whole[self.state.level]
        wanted = stage_km(session, self.min_per_km)
        goal = {day: (wanted, "programme")}
        km, limit = lower(self.task, self.course, goal)[day]
        is_whole = km >= wanted - _EPS
        self.layout.limited_by[at] = "programme" if is_whole else limit
        if is_whole:
            self.sessions[at] = session
            self._count(day)
        elif km > 0:
            share = min(1.0, km * self.min_per_km / session.running_min)
            self.sessions[at] = shortened(session, share)

    def _count(self, day: int) -> None:
        """Count a whole session, and go on to the next stage after enough of them."""
        top = len(self.programme.stages) - 1
        stage = self.programme.stages[self.state.level]
        self.done += self.state.level == top
        most = self.programme.max_levels_in_7
        ordinal = self.course.when(day).toordinal()
        self.state = step(self.state, "none", ordinal, top=top, times=stage.times, most_ups=most)
