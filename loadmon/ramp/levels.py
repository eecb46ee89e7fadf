"""What a symptom does to the way back: a small automaton over the levels of a walk-run programme.

The rules are data (`loadmon.evidence.pain`). A session is seen as one observation, an
observation follows one rule, and a rule moves the state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from loadmon.evidence.pain import RULES, SEE_SOMEBODY, SORENESS

Verdict = Literal["go", "stop", "professional", "refuse"]
_WEEK = 7
#: A session of which nothing is told: it neither counts nor harms.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class State:
    """Where a return stands after some sessions.

    Parameters
    ----------
    level : int
        Level of the programme, from 0.
    clean : int
        Sessions in a row that count towards the next level.
    worse : int
        Mornings in a row that were worse than before the run.
    ups : tuple of int
        Days of the last seven on which a level was gained. [d]
    rest_until : int
        Last day without a run that a rule asks for. [d] -1: none.
    verdict : {"go", "stop", "professional", "refuse"}
        Whether there may be a next session: not before the questions are answered again, not
        before a professional has looked, not before a clinician agrees.
    """

    level: int = 0
    clean: int = 0
    worse: int = 0
    ups: tuple[int, ...] = ()
    rest_until: int = -1
    verdict: Verdict = "go"


def step(
    state: State,
    seen: str,
    day: int,
    *,
    top: int,
    times: int = int(SORENESS["clean_to_advance"]),
    most_ups: int = int(SORENESS["max_levels_in_7"]),
) -> State:
    """Take one session into account.

    Parameters
    ----------
    state : State
        Before the session.
    seen : str
        An observation: a key of `loadmon.evidence.pain.RULES`, or `UNKNOWN`.
    day : int
        Day of the session, counted from any day. [d]
    top : int
        The highest level.
    times, most_ups : int
        Sessions in a row that lead to the next level; levels gained in any seven days.

    Returns
    -------
    State
        ``refuse`` is never left: only a clinician's word begins again.
    """
    if state.verdict == "refuse" or seen == UNKNOWN:
        return state
    rule = RULES[seen]
    worse = state.worse + 1 if rule.is_worse else 0
    ups = tuple(d for d in state.ups if d > day - _WEEK)
    verdict: Verdict = "go"
    if rule.action == "refuse":
        verdict = "refuse"
    elif rule.action == "stop":
        verdict = "stop"
    elif worse >= SEE_SOMEBODY["worse_mornings"]:
        verdict = "professional"
    moved = replace(
        state,
        level=max(0, state.level + rule.level_change),
        clean=0,
        worse=worse,
        ups=ups,
        rest_until=day + rule.days_off if rule.days_off else -1,
        verdict=verdict,
    )
    if rule.action != "advance":
        return moved
    clean = state.clean + 1
    if clean >= times and state.level < top and len(ups) < most_ups:
        return replace(moved, level=state.level + 1, clean=0, ups=(*ups, day))
    return replace(moved, clean=clean)
