"""Walk-run programmes: their stages, and the plan that follows them."""

from __future__ import annotations

import difflib
import math

import pandas as pd

from loadmon.errors import SettingError
from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.ramp import (
    PROGRAMMES,
    RAMP_GRID,
    RAMP_HORIZON,
    WALK_RUN,
    WALK_RUN_STAGES,
    Programme,
    Stage,
)
from loadmon.ramp.history import Before
from loadmon.ramp.schedule import Course, Layout, Task, lower, runs_in_week
from loadmon.ramp.screening import SCREENED, Reason, State, step
from loadmon.ramp.session import Session, plain_run, shortened, walk_run

# From walking to running: which walk-run stage each run of a plan has.

#: Longest run and the walk after it, stage by stage; after the last one the walks go. [min]
STAGES = tuple(
    (WALK_RUN_STAGES[f"run_{i}"], WALK_RUN_STAGES[f"walk_{i}"])
    for i in range(1, len(WALK_RUN_STAGES.values) // 2 + 1)
)
TOP = len(STAGES)


def begins_with_walks(before: Before, reason: Reason) -> bool:
    """Whether a return begins with walk-run: after a long break, after injury or pain."""
    if before.carries_on:
        return False
    is_long = before.days_off < 0 or before.chain_days_off > WALK_RUN["from_days_off"]
    return is_long or reason in SCREENED


def staged(
    km: list[float], min_per_km: float, state: State, first: pd.Timestamp
) -> list[Session | None]:
    """Give each run of a plan its stage, if every session before goes without complaint.

    Returns one per day; None where there is no run.
    """
    out: list[Session | None] = []
    for day, x in enumerate(km, start=first.toordinal()):
        out.append(_session(x, min_per_km, state.level) if x > 0 else None)
        state = step(state, "none", day, top=TOP) if x > 0 else state
    return out


def unstaged(km: list[float], min_per_km: float) -> list[Session | None]:
    """Give each run of a plan its minutes, without walks."""
    return [plain_run(x, min_per_km) if x > 0 else None for x in km]


def _session(km: float, min_per_km: float, level: int) -> Session:
    """One run at its level."""
    name = f"stage {level + 1} of {TOP + 1}"
    if level < TOP:
        return walk_run(km, min_per_km, *STAGES[level], stage=name)
    return plain_run(km, min_per_km, stage=name, warm_up_min=WALK_RUN["warm_up_min"])


# A published walk-run programme, taken no faster than the limits let.


_WEEK = int(WINDOWS["acute"])
_KM_PER_MILE = 1.609344
_STEPS, _EPS = round(1 / RAMP_GRID["step_km"]), 1e-9


def programme_of(key: str) -> Programme:
    """Programme by its name."""
    if key not in PROGRAMMES:
        near = difflib.get_close_matches(key, PROGRAMMES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PROGRAMMES)}"
        raise SettingError(f"no programme {key!r}; {hint}")
    return PROGRAMMES[key]


def stage_session(programme: Programme, stage: Stage, min_per_km: float) -> Session:
    """One session of a programme in minutes, as published."""
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

    Returns day by day. `Layout.reached_week` is the week of the last session of the programme.

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
