"""From walking to running: which walk-run stage each run of a plan has."""

from __future__ import annotations

import pandas as pd

from loadmon.evidence.ramp import WALK_RUN, WALK_RUN_STAGES
from loadmon.ramp.history import Before
from loadmon.ramp.levels import State, step
from loadmon.ramp.screening import SCREENED, Reason
from loadmon.ramp.session import Session, plain_run, walk_run

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

    Parameters
    ----------
    km : list of float
        Distance of each day; 0 is no run. [km]
    min_per_km : float
        Easy pace. [min/km]
    state : State
        Where the return stands before the plan.
    first : Timestamp
        First day of the plan.

    Returns
    -------
    list of Session or None
        One per day; None where there is no run.
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
