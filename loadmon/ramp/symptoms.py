"""What a symptom does to the way back: a small automaton over the levels of a walk-run programme.

The rules are data (`loadmon.evidence.pain_rules`). A session is seen as one observation, an
observation follows one rule, and a rule moves the state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from loadmon.evidence.pain_rules import PAIN_MONITORING, RULES, SITES, SORENESS, Site
from loadmon.evidence.ramp import PAIN_RULE
from loadmon.evidence.symptoms import SEE_SOMEBODY

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


@dataclass(frozen=True, slots=True)
class Felt:
    """Pain around one session, 0 to 10; NaN is not told."""

    before: float = float("nan")
    during: float = float("nan")
    after: float = float("nan")
    morning: float = float("nan")


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
        An observation: a key of `loadmon.evidence.pain_rules.RULES`, or `UNKNOWN`.
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


def observe(felt: Felt, site: Site, baseline: float = 0.0) -> str:
    """See one session as an observation of the rules that hold for its site.

    Parameters
    ----------
    felt : Felt
        Pain around the session.
    site : Site
        Where.
    baseline : float
        Pain before running that is usual, where none is told for this session.

    Returns
    -------
    str
        A key of `loadmon.evidence.pain_rules.RULES`, or `UNKNOWN` where too little is told to
        count.

    Notes
    -----
    No pain in the session itself needs no word about the next morning; pain that was felt counts
    only once the next morning is told to be no worse than before.
    """
    told = [x for x in (felt.before, felt.during, felt.after, felt.morning) if x == x]
    if not told:
        return UNKNOWN
    if site.tissue == "bone":
        return "bone" if max(told) > 0 else _settled(felt)
    if max(told) > PAIN_RULE["stop_above"]:
        return "excessive"
    before = felt.before if felt.before == felt.before else baseline
    is_worse = felt.morning > before
    if site.tissue in ("tendon", "back"):
        return _monitored(felt, is_worse)
    return _sore(felt, is_worse)


def pain_action(pain: float, *, worse_next_morning: bool) -> str:
    """Observation of the pain-monitoring model: pain in the session, and the next morning."""
    if pain > PAIN_RULE["stop_above"]:
        return "excessive"
    if worse_next_morning:
        return "worse_next_morning"
    return "mild" if pain <= PAIN_MONITORING["mild_until"] else "acceptable"


def site_of(text: str) -> Site:
    """Place of pain that a text means; ``other`` where it is none that is known."""
    told = text.strip().lower().replace("_", " ")
    found = (s for s in SITES if told == s.key or any(word in told for word in s.words))
    return next(found, SITES[-1])


def _peak(felt: Felt) -> float:
    """Most pain in and after the session; NaN where neither is told."""
    told = [x for x in (felt.during, felt.after) if x == x]
    return max(told) if told else float("nan")


def _settled(felt: Felt) -> str:
    """A session without pain, as far as it is told."""
    return "none" if _peak(felt) == 0 else UNKNOWN


def _monitored(felt: Felt, is_worse: bool) -> str:
    """Pain monitoring of a session whose pain is not excessive."""
    peak = _peak(felt)
    if is_worse:
        return "worse_next_morning"
    if peak != peak:
        return UNKNOWN
    seen = pain_action(peak, worse_next_morning=False)
    waits = seen == "mild" and peak > 0 and felt.morning != felt.morning
    return UNKNOWN if waits else seen


def _sore(felt: Felt, is_worse: bool) -> str:
    """Soreness rules of a session whose pain is not excessive."""
    peak, began = _peak(felt), felt.before > 0
    if began and felt.during > 0:
        return "warmup_continues"
    if began and felt.after > 0:
        return "warmup_goes_away_returns_in_session"
    if is_worse:
        return "day_after_not_muscle"
    if peak != peak:
        return UNKNOWN
    if began:
        return "warmup_goes_away"
    if peak > PAIN_MONITORING["mild_until"]:
        return "acceptable"
    return UNKNOWN if peak > 0 and felt.morning != felt.morning else "none"
