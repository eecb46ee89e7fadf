"""What an evaluation needs of its athletes, as sums: added up over any parts, in any order.

Chance is each athlete's own: where it begins depends on the seed and the athlete's name alone. So
the same athletes give the same sums, in one frame or in a thousand files, here or on a cluster.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.cohorts.follow_up import (
    AfterFlags,
    FollowUp,
    after_flags,
    check_panel,
    checks_of,
    exposed,
    follow_up,
)
from loadmon.cohorts.partitions import number_of, some_at_a_time
from loadmon.cohorts.tables import FLAG
from loadmon.errors import FrameError
from loadmon.ratio import Floats, Marks
from loadmon.rules.context import Ints, States

#: What is summed in each of the three states of a day at risk.
KINDS = ("days", "injuries", "sessions")
_NOT_KNOWN = 2  # place of the days whose state is not known, after 0 unflagged and 1 flagged


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every athlete, as in `loadmon.evaluate`."""

    checks: tuple[str, ...]
    windows: tuple[int, ...]
    horizon_days: int
    recurrence_days: int
    lag_days: int
    run_in_days: int
    replicates: int
    seed: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over athletes, by check and window; the last axis is unflagged, flagged, not known."""

    totals: Floats  # kinds, checks, windows, states
    drawn: Floats  # replicates, kinds, checks, windows, states: each athlete so often as drawn
    shifted: Floats  # replicates, checks, windows, states: injuries moved in time
    raised: Floats  # checks: flagged days at risk
    followed: Floats  # checks, 2: flags whose days are all seen, and those an injury followed
    lead: Floats  # checks, days from the latest flag to the injury
    at_risk: Floats  # days
    athletes: Floats
    matched: Floats  # injuries of an athlete of the panel
    fate: dict[str, int]  # injuries by what became of them

    def __add__(self, other: Tally) -> Tally:
        """Sums of the athletes of both."""
        both: dict[str, Any] = {
            f.name: getattr(self, f.name) + getattr(other, f.name)
            for f in fields(self)
            if f.name != "fate"
        }
        names = {**self.fate, **other.fate}
        fate = {name: self.fate.get(name, 0) + other.fate.get(name, 0) for name in names}
        return Tally(**both, fate=fate)


def tally_of(panel: pd.DataFrame, injuries_of: InjuriesOf, asked: Asked) -> Tally:
    """Sums of a frame of whole athletes, some of them at a time."""
    check_panel(panel)
    for check in {*checks_of(panel)} ^ {*asked.checks}:
        what = "a column of its own" if check in checks_of(panel) else "no column"
        raise FrameError(f"{what} {FLAG + check!r}: the flags must be the same in every frame")
    parts = [_tally(part, injuries_of(part["athlete"]), asked) for part in some_at_a_time(panel)]
    total = parts[0]
    for part in parts[1:]:
        total += part
    return total


InjuriesOf = Callable[[pd.Series], pd.DataFrame]


def injuries_by_athlete(injuries: pd.DataFrame) -> InjuriesOf:
    """Injuries of some athletes at a time, without a look at all of them for each."""
    rows = injuries.groupby("athlete", sort=False).indices

    def of(athletes: pd.Series) -> pd.DataFrame:
        there = [rows[name] for name in athletes.unique() if name in rows]
        return injuries.iloc[np.concatenate([np.empty(0, dtype=np.int64), *there])]

    return of


def _tally(panel: pd.DataFrame, injuries: pd.DataFrame, asked: Asked) -> Tally:
    followed = follow_up(
        panel, injuries, recurrence_days=asked.recurrence_days, run_in_days=asked.run_in_days
    )
    shape = len(asked.checks), len(asked.windows)
    risk = np.flatnonzero(followed.at_risk)
    days = _DaysAtRisk(followed, risk)
    states = np.empty((*shape, len(risk)), dtype=np.int8)
    raised, ended = np.zeros(shape[0]), np.zeros((shape[0], 2))
    lead = np.zeros((shape[0], asked.horizon_days + asked.lag_days))
    for c, check in enumerate(asked.checks):
        seen = after_flags(followed, check, asked.lag_days)
        for w, window in enumerate(asked.windows):
            states[c, w] = exposed(followed, seen, window)[risk]
        at = asked.windows.index(asked.horizon_days)
        raised[c] = (seen.state[risk] == 1).sum()
        ended[c] = _ended(followed, seen, asked)
        lead[c] = _lead(seen, risk[days.injured & (states[c, at] == 1)], asked)
    states[states < 0] = _NOT_KNOWN
    sums = days.by_athlete(states)  # athletes, kinds, checks, windows, states
    draws, turns = _chance(followed.names, asked)
    known = sums[..., :_NOT_KNOWN].reshape(len(sums), len(KINDS) * math.prod(shape) * _NOT_KNOWN)
    drawn = (draws.T @ known).reshape(asked.replicates, len(KINDS), *shape, _NOT_KNOWN)
    return Tally(
        totals=sums.sum(axis=0),
        drawn=drawn,
        shifted=days.shifted(states, turns),
        raised=raised,
        followed=ended,
        lead=lead,
        at_risk=np.array(float(len(risk))),
        athletes=np.array(float(followed.athletes)),
        matched=np.array(float(len(injuries))),
        fate=followed.reported,
    )


class _DaysAtRisk:
    """Days at risk of some athletes, one after another."""

    def __init__(self, followed: FollowUp, risk: Ints) -> None:
        self.athletes = followed.athletes
        self.athlete = followed.athlete[risk]
        self.injured: Marks = followed.injured[risk]
        runs = followed.panel["runs"].to_numpy(dtype=float)[risk]
        self.weights = (None, self.injured.astype(float), np.nan_to_num(runs))

    def by_athlete(self, states: States) -> Floats:
        """Sums of each athlete in each state: athletes, kinds, checks, windows, states."""
        checks, windows, _ = states.shape
        out = np.empty((self.athletes, len(KINDS), checks, windows, _NOT_KNOWN + 1))
        for c in range(checks):
            for w in range(windows):
                at = self.athlete * (_NOT_KNOWN + 1) + states[c, w]
                for k, weights in enumerate(self.weights):
                    sums = np.bincount(at, weights, self.athletes * (_NOT_KNOWN + 1))
                    out[:, k, c, w] = sums.reshape(self.athletes, _NOT_KNOWN + 1)
        return out

    def shifted(self, states: States, turns: Floats) -> Floats:
        """Injuries in each state once they are moved: replicates, checks, windows, states.

        An athlete's days at risk are a ring, and all injuries move along it together: how many
        there were and how they lie to each other is kept; whether they follow flags is chance.
        """
        shape = states.shape[:2]
        flat = states.reshape(math.prod(shape), states.shape[-1])
        ends = np.searchsorted(self.athlete, np.arange(self.athletes + 1))
        out = np.zeros((turns.shape[1], len(flat), _NOT_KNOWN))
        for who in np.unique(self.athlete[self.injured]):
            here = slice(ends[who], ends[who + 1])
            hurt = np.flatnonzero(self.injured[here])
            length = ends[who + 1] - ends[who]
            ring = np.concatenate([flat[:, here], flat[:, here]], axis=1)
            steps = (turns[who] * length).astype(np.int64)
            for state in range(_NOT_KNOWN):
                inside = (ring == state).astype(np.uint16)
                found = np.zeros((len(flat), length), dtype=np.uint16)  # by step
                for day in hurt:
                    found += inside[:, day : day + length]
                out[..., state] += found[:, steps].T
        return out.reshape(len(out), *shape, _NOT_KNOWN)


def _chance(names: pd.Index, asked: Asked) -> tuple[Floats, Floats]:
    """How often each athlete is drawn, and how far the injuries are turned, in each replicate."""
    draws = np.empty((len(names), asked.replicates))
    turns = np.empty((len(names), asked.replicates))
    for place, name in enumerate(names):
        rng = np.random.default_rng([asked.seed, number_of(name)])
        draws[place] = np.searchsorted(_POISSON, rng.random(asked.replicates), side="right")
        turns[place] = rng.random(asked.replicates)
    return draws, turns


#: Odds of being drawn at most 0, 1, 2 ... times: draws with replacement of very many athletes.
_POISSON: Floats = np.cumsum(np.exp(-1.0) / np.cumprod([1.0, *range(1, 20)]))


def _ended(followed: FollowUp, seen: AfterFlags, asked: Asked) -> npt.NDArray[np.float64]:
    """Flags of which every day within the horizon is seen, and those that an injury followed."""
    place = np.arange(len(seen.state))
    until = place + asked.lag_days + asked.horizon_days - 1
    last = np.searchsorted(followed.athlete, followed.athlete, side="right")
    whole = (seen.state == 1) & followed.at_risk & (until < last)
    injury = np.where(followed.injured, place, np.inf)
    following = np.minimum.accumulate(injury[::-1])[::-1]  # first injury from each day on
    following = np.append(following, np.full(asked.lag_days, np.inf))[asked.lag_days :]
    return np.array([whole.sum(), (whole & (following <= until)).sum()], dtype=float)


def _lead(seen: AfterFlags, hurt: Ints, asked: Asked) -> Floats:
    """Injuries after flags by the days since the latest one."""
    days = (seen.since_raised[hurt] + asked.lag_days).astype(np.int64)
    out: Floats = np.bincount(days, minlength=asked.horizon_days + asked.lag_days).astype(float)
    return out
