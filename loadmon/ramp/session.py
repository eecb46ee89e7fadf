"""One session of running and walking: its minutes, sized to a distance, and how it is written."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from loadmon.evidence.ramp import WALK_RUN, Bout

#: Steps of a planned running time in one minute.
_STEPS = round(60 / WALK_RUN["step_s"])
_EPS = 1e-9


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
    """Split a distance into runs of at most `run_min`, with a walk after each.

    Returns runs of equal length, rounded down to whole steps, so that they never exceed the
    distance.
    """
    minutes = km * min_per_km
    repeats = max(1, math.ceil(minutes / run_min - _EPS))
    each = _floored(minutes / repeats)
    if repeats == 1:
        return plain_run(km, min_per_km, stage=stage, warm_up_min=WALK_RUN["warm_up_min"])
    return Session(((repeats, each, walk_min),), WALK_RUN["warm_up_min"], stage)


def shortened(session: Session, share: float) -> Session:
    """Return the session with less running, as many runs and the same walks."""
    bouts = tuple(
        (n, math.floor(run * share * _STEPS + _EPS) / _STEPS, walk)
        for n, run, walk in session.bouts
    )
    return replace(session, bouts=bouts)


def session_text(session: Session) -> str:
    """Write a session: ``walk 5 min, 7 x (run 2 min, walk 2 min), walk 5 min``.

    A run without a walk goes by its distance, so its minutes are whole ones, rounded down.
    """
    bouts = session.bouts
    if session.kind == "run" and not session.by_time:
        bouts = ((1, float(math.floor(session.running_min + _EPS)), 0.0),)
    parts = [_bout_text(*bout) for bout in bouts]
    walk = [f"walk {minutes_text(session.warm_up_min)}"] if session.warm_up_min else []
    return ", ".join([*walk, *parts, *walk])


def minutes_text(minutes: float) -> str:
    """Write minutes: ``2 min``, and ``1:50 min`` where seconds are left."""
    seconds = round(60 * minutes)
    whole = f"{seconds // 60}:{seconds % 60:02d}" if seconds % 60 else f"{seconds // 60}"
    return f"{whole} min"


def _floored(minutes: float) -> float:
    """Round down to a whole step. [min]"""
    return math.floor(minutes * _STEPS + _EPS) / _STEPS


def _bout_text(n: int, run: float, walk: float) -> str:
    """Write one kind of run and walk."""
    pair = f"run {minutes_text(run)}" + (f", walk {minutes_text(walk)}" if walk else "")
    return pair if n == 1 else f"{n} x ({pair})"
