"""How sure a rate ratio is: athletes drawn again, and injuries shifted in time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from loadmon.cohorts.follow_up import FollowUp, Places
from loadmon.cohorts.numbers import States
from loadmon.evidence.cohorts import EVALUATION
from loadmon.load.ratio import Floats

#: Replicates that are worked on at a time, so that memory does not grow with their number.
_AT_A_TIME = 100
Interval = tuple[float, float]


def rate_ratio(injuries: Floats, exposure: Floats) -> Floats:
    """Rate where flagged over rate where not; NaN where a rate has no exposure or both are 0.

    Parameters
    ----------
    injuries, exposure : ndarray of float, shape (..., 2)
        Injuries, and days or sessions, unflagged and flagged.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = injuries / exposure
        out: Floats = rate[..., 1] / rate[..., 0]
    return out


def bootstrap_interval(
    injuries: Floats, exposure: Floats, *, replicates: int, rng: np.random.Generator
) -> Interval:
    """Interval of a rate ratio from athletes drawn with replacement, all their days with them.

    Parameters
    ----------
    injuries, exposure : ndarray of float, shape (n_athletes, 2)
        Injuries, and days or sessions, of each athlete, unflagged and flagged.
    replicates : int
        How often the athletes are drawn.
    rng : Generator
        Where chance comes from.

    Returns
    -------
    tuple of float
        2.5 and 97.5 % of the ratios drawn; NaN where too many draws have no ratio.
    """
    n, drawn = len(injuries), []
    both = np.hstack([injuries, exposure])
    for done in range(0, replicates, _AT_A_TIME):
        size = min(_AT_A_TIME, replicates - done)
        times = rng.multinomial(n, np.full(n, 1 / n), size=size)
        sums = times @ both
        drawn.append(rate_ratio(sums[:, :2], sums[:, 2:]))
    return _middle(np.concatenate(drawn))


def shifted_ratios(
    followed: FollowUp, state: States, *, shifts: int, rng: np.random.Generator
) -> Floats:
    """Ratios with each athlete's injuries moved together by a random number of days at risk.

    The days at risk of an athlete are taken as a ring, so that an injury that leaves at the end
    comes in at the beginning: how many injuries each athlete had, and how they lie to each other,
    is kept; whether they follow flags is left to chance.

    Parameters
    ----------
    followed : FollowUp
        Days of all athletes.
    state : ndarray of int, shape (n_rows,)
        What `loadmon.cohorts.exposure.exposed` gives for one check and window.
    shifts : int
        How often they are moved.
    rng : Generator
        Where chance comes from.
    """
    risk = np.flatnonzero(followed.at_risk)
    athlete = followed.athlete[risk]
    first = np.searchsorted(athlete, np.arange(followed.athlete.max(initial=-1) + 1))
    length = np.bincount(athlete, minlength=len(first))
    hurt = np.flatnonzero(followed.injured[risk])
    days = np.array([(state[risk] == 0).sum(), (state[risk] == 1).sum()], dtype=float)
    ratios = []
    for done in range(0, shifts, _AT_A_TIME):
        size = min(_AT_A_TIME, shifts - done)
        moved = _moved(hurt, athlete[hurt], first, length, rng.random((size, len(first))))
        found = state[risk[moved]]
        injuries = np.stack([(found == 0).sum(axis=1), (found == 1).sum(axis=1)], axis=1)
        ratios.append(rate_ratio(injuries.astype(float), days))
    return np.concatenate(ratios) if ratios else np.empty(0)


def null_interval(ratios: Floats) -> Interval:
    """Where 95 % of the ratios of shifted injuries lie."""
    return _middle(ratios)


def p_value(ratio: float, shifted: Floats) -> float:
    """How rarely shifted injuries give a ratio as far out, on the side where it lies, twice."""
    known = shifted[~np.isnan(shifted)]
    if np.isnan(ratio) or not len(known):
        return float("nan")
    above, below = (known >= ratio - 1e-12).sum(), (known <= ratio + 1e-12).sum()
    return min(1.0, 2 * float(1 + min(above, below)) / (1 + len(known)))


def _moved(
    hurt: Places, athlete: Places, first: Places, length: Places, by: npt.NDArray[np.float64]
) -> Places:
    """Places of the injuries after each shift, one row a shift."""
    steps = (by * length).astype(np.int64)[:, athlete]
    start = first[athlete]
    out: Places = start + (hurt - start + steps) % length[athlete]
    return out


def _middle(ratios: Floats) -> Interval:
    """Bounds of the middle 95 % of ratios; NaN where a bound is none."""
    known = ratios[~np.isnan(ratios)]
    if not len(known):
        return np.nan, np.nan
    tail = (1 - EVALUATION["interval"]) / 2
    bounds = np.quantile(known, [tail, 1 - tail], method="inverted_cdf")
    low, high = (float(b) if np.isfinite(b) else np.nan for b in bounds)
    return low, high
