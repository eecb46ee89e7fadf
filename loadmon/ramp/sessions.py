"""Sessions of running and walking: their minutes, their stages, and the published programmes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from loadmon.evidence.pain import RULES, SORENESS
from loadmon.evidence.ramp import (
    RAMP_GRID,
    RAMP_HORIZON,
    WALK_RUN,
    WALK_RUN_STAGES,
    Bout,
    Programme,
    Stage,
)
from loadmon.ramp.problem import Task
from loadmon.ramp.schedule import PlanState, Schedule, floor_km, round_down, run_days_left
from loadmon.rules import symptoms
from loadmon.rules.context import WEEK

_KM_PER_MILE = 1.609344
#: Steps of a planned running time in one minute, and of a planned distance in one kilometre.
_STEPS, _KM_STEPS = round(60 / WALK_RUN["step_s"]), round(1 / RAMP_GRID["step_km"])
_EPS = 1e-9

#: Longest run and the walk after it, stage by stage; after the last one the walks go. [min]
STAGES = tuple(
    (WALK_RUN_STAGES[f"run_{i}"], WALK_RUN_STAGES[f"walk_{i}"])
    for i in range(1, len(WALK_RUN_STAGES.values) // 2 + 1)
)
TOP = len(STAGES)


@dataclass(frozen=True, slots=True)
class Session:
    """Running and walking by turns.

    Parameters
    ----------
    bouts : tuple of (int, float, float)
        How often, running, and walking after each run. [min]
    warm_up_min : float
        Walk before, and after. [min]
    stage : str
        Where it stands in its programme; empty for a plain run.
    by_time : bool
        Whether its minutes are published and the distance follows from them, not the reverse.
    """

    bouts: tuple[Bout, ...]
    warm_up_min: float = 0.0
    stage: str = ""
    by_time: bool = False

    @property
    def repeats(self) -> int:
        """Runs in it."""
        return sum(n for n, _, _ in self.bouts)

    @property
    def running_min(self) -> float:
        """Running in all. [min]"""
        return sum(n * run for n, run, _ in self.bouts)

    @property
    def walking_min(self) -> float:
        """Walking between and after the runs, warm-up and cool-down aside. [min]"""
        return sum(n * walk for n, _, walk in self.bouts)

    @property
    def duration_min(self) -> float:
        """Everything. [min]"""
        return self.running_min + self.walking_min + 2 * self.warm_up_min

    @property
    def kind(self) -> str:
        """Kind of the plan: one run without a walk is a run."""
        return "run" if self.repeats == 1 and self.walking_min == 0 else "walk_run"


def plain_run(km: float, min_per_km: float, *, stage: str = "", warm_up_min: float = 0) -> Session:
    """One run without a walk."""
    return Session(((1, km * min_per_km, 0.0),), warm_up_min, stage)


def walk_run(
    km: float, min_per_km: float, run_min: float, walk_min: float, *, stage: str
) -> Session:
    """Split a distance into equal runs of at most `run_min`, rounded down, a walk after each."""
    minutes = km * min_per_km
    repeats = max(1, math.ceil(minutes / run_min - _EPS))
    if repeats == 1:
        return plain_run(km, min_per_km, stage=stage, warm_up_min=WALK_RUN["warm_up_min"])
    bout = repeats, _floor_min(minutes / repeats), walk_min
    return Session((bout,), WALK_RUN["warm_up_min"], stage)


def shortened(session: Session, share: float) -> Session:
    """Return the session with less running, as many runs and the same walks."""
    bouts = tuple((n, _floor_min(run * share), walk) for n, run, walk in session.bouts)
    return replace(session, bouts=bouts)


def within(session: Session, whole_min: float) -> Session:
    """Return the session with fewer repeats, or less of its only run, in so many minutes in all."""
    bouts = list(session.bouts)
    while bouts and replace(session, bouts=tuple(bouts)).duration_min > whole_min + _EPS:
        n, run, walk = bouts.pop()
        if n > 1:
            bouts.append((n - 1, run, walk))
    if bouts or session.duration_min <= whole_min:
        return replace(session, bouts=tuple(bouts))
    (_, run, _), *_ = session.bouts
    left = whole_min - 2 * session.warm_up_min
    return replace(session, bouts=((1, _floor_min(max(0.0, min(run, left))), 0.0),))


def _floor_min(minutes: float) -> float:
    return math.floor(minutes * _STEPS + _EPS) / _STEPS


def session_text(session: Session) -> str:
    """Write a session: ``walk 5 min, 7 x (run 2 min, walk 2 min), walk 5 min``."""
    bouts = session.bouts
    if session.kind == "run" and not session.by_time:  # it goes by its distance: whole minutes do
        bouts = ((1, float(math.floor(session.running_min + _EPS)), 0.0),)
    warm_up = [f"walk {minutes_text(session.warm_up_min)}"] if session.warm_up_min else []
    parts = []
    for n, run, walk in bouts:
        pair = f"run {minutes_text(run)}" + (f", walk {minutes_text(walk)}" if walk else "")
        parts.append(pair if n == 1 else f"{n} x ({pair})")
    return ", ".join([*warm_up, *parts, *warm_up])


def minutes_text(minutes: float) -> str:
    """Write minutes: ``2 min``, and ``1:50 min`` where seconds are left."""
    seconds = round(60 * minutes)
    whole = f"{seconds // 60}:{seconds % 60:02d}" if seconds % 60 else f"{seconds // 60}"
    return f"{whole} min"


# From one session to the next: what an observation does to the level of a return.

Verdict = Literal["go", "stop", "professional", "refuse"]
#: A session of which nothing is known: it neither counts nor harms.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LevelState:
    """Where a return stands after some sessions."""

    level: int = 0  # of the programme
    clean: int = 0  # sessions in a row that count towards the next level
    worse: int = 0  # mornings in a row that were worse than before the run
    ups: tuple[int, ...] = ()  # days of the last seven on which a level was gained
    rest_until: int = -1  # last day without a run that a rule asks for; -1: none
    #: Whether there may be a next session: not before the questions are answered again (stop), a
    #: professional has examined it, or a clinician agrees (refuse).
    verdict: Verdict = "go"


def step(
    state: LevelState,
    seen: str,
    day: int,
    *,
    top: int = TOP,
    times: int = int(SORENESS["clean_to_advance"]),
    most_ups: int = int(SORENESS["max_levels_in_7"]),
) -> LevelState:
    """Take one session into account, a key of `loadmon.evidence.pain.RULES` or `UNKNOWN`."""
    if state.verdict == "refuse" or seen == UNKNOWN:
        return state
    rule = RULES[seen]
    worse = state.worse + 1 if rule.is_worse else 0
    ups = tuple(d for d in state.ups if d > day - WEEK)
    verdict: Verdict = "go"
    if rule.action == "refuse" or rule.action == "stop":
        verdict = rule.action
    elif worse >= symptoms.REFERRAL["worse_mornings"]:
        verdict = "professional"
    level, clean = max(0, state.level + rule.level_change), 0
    if rule.action == "advance":
        level, clean = state.level, state.clean + 1
        if clean >= times and level < top and len(ups) < most_ups:
            level, clean, ups = level + 1, 0, (*ups, day)
    rest_until = day + rule.days_off if rule.days_off else -1
    return LevelState(level, clean, worse, ups, rest_until, verdict)


def programme_step(
    programme: Programme | None, state: LevelState, seen: str, day: int
) -> LevelState:
    """`step` by the levels of a programme, or by loadmon's own."""
    if programme is None:
        return step(state, seen, day)
    times = programme.stages[state.level].times
    top, most = len(programme.stages) - 1, programme.max_levels_in_7
    return step(state, seen, day, top=top, times=times, most_ups=most)


# The sessions of a plan: loadmon's own stages, plain runs, or a published programme.


def staged_sessions(
    km: list[float], min_per_km: float, state: LevelState, first: pd.Timestamp
) -> list[Session | None]:
    """Give each run of a plan its stage, if every session before goes without complaint."""
    out: list[Session | None] = []
    for day, x in enumerate(km, start=first.toordinal()):
        if x <= 0:
            out.append(None)
            continue
        name = f"stage {state.level + 1} of {TOP + 1}"
        stage = STAGES[state.level] if state.level < TOP else (math.inf, 0.0)
        out.append(walk_run(x, min_per_km, *stage, stage=name))
        state = step(state, "none", day)
    return out


def stage_session(programme: Programme, stage: Stage, min_per_km: float) -> Session:
    """One session of a programme in minutes, as published."""
    run, walk = 1.0, 1.0
    if programme.unit == "mile":
        run, walk = _KM_PER_MILE * min_per_km, _KM_PER_MILE * WALK_RUN["walk_min_per_km"]
    bouts = tuple((n, r * run, w * walk) for n, r, w in stage.bouts)
    return Session(bouts, programme.warm_up_min, stage.name, by_time=True)


def stage_km(session: Session, min_per_km: float) -> float:
    """Running distance of a session, rounded up to the step of a plan. [km]"""
    return math.ceil(session.running_min / min_per_km * _KM_STEPS - _EPS) / _KM_STEPS


def follow_programme(
    task: Task,
    plan: PlanState,
    programme: Programme,
    min_per_km: float,
    state: LevelState,
    *,
    min_days: int = 0,
) -> tuple[Schedule, list[Session | None]]:
    """Plan a published programme session by session, within the limits, to its last stage.

    A session longer than the limits leave on its day is shortened, and comes again. Whole weeks,
    until the last stage was run as often as it asks for.
    """
    out, n = Schedule(), len(task.history.km)
    as_published = [stage_session(programme, stage, min_per_km) for stage in programme.stages]
    sessions: list[Session | None] = []
    done, first = 0, task.history.days_since // WEEK + 1
    for week in range(first, first + int(RAMP_HORIZON["weeks"])):
        plan.add_week()
        added = len(plan.km) - n - len(sessions)
        sessions += [None] * added
        out.limited_by += [""] * added
        for day in run_days_left(task, plan, apart=True):
            published = as_published[state.level]
            session = within(published, plan.session_cap_min(day))
            wanted = stage_km(session, min_per_km)
            least = min(RAMP_GRID["shortest_km"], wanted, floor_km(min(wanted, plan.run_cap(day))))
            km, limit = round_down(
                task, plan, day, wanted, "programme", shortest_km=max(least, RAMP_GRID["step_km"])
            )
            is_whole = km >= wanted - _EPS and session == published and km > 0
            out.limited_by[day - n] = "programme" if is_whole else limit
            if km > 0 and km >= wanted - _EPS:
                sessions[day - n] = session
                out.limited_by[day - n] = "programme" if is_whole else "cap"
            if is_whole:
                done += published is as_published[-1]
                state = programme_step(programme, state, "none", plan.date_of(day).toordinal())
            elif km > 0:
                share = min(1.0, km * min_per_km / session.running_min)
                sessions[day - n] = shortened(session, share)
        if done >= programme.stages[-1].times and not out.reached_week:
            out.reached_week = week
        if out.reached_week and len(sessions) >= min_days:
            break
    out.km = plan.km[n:]
    return out, sessions
