"""How sure rates and their ratios are: intervals from athletes drawn again, or from small counts.

Where a side has five injuries or more, athletes are drawn again with replacement, each with all
their days. With fewer the draws say little, and of none nothing: there the bounds are the exact
ones of counts. Those of a rate are the means under which so few or so many injuries come in 2.5 %
of all cases (Garwood 1936, Biometrika 28:437); those of a ratio follow from the share of all
injuries that fell on one side (Clopper and Pearson 1934, Biometrika 26:404). They take every
injury for an independent one.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from loadmon.evidence.limits import EVALUATION
from loadmon.ratio import Floats

#: Injuries on a side from which athletes are drawn again.
ENOUGH = int(EVALUATION["min_injuries"])
_TAIL = (1 - EVALUATION["interval"]) / 2
Bounds = tuple[float, float]
NO_BOUNDS: Bounds = (float("nan"), float("nan"))


def rate(injuries: Floats, exposure: Floats) -> Floats:
    """Injuries for each day or session; NaN without any."""
    whole = np.where(exposure > 0, exposure, np.nan)
    out: Floats = injuries / whole
    return out


def rate_ratio(injuries: Floats, exposure: Floats) -> Floats:
    """Rate where flagged over rate where not; infinite where only the second is 0.

    NaN where a rate has no exposure or both are 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = rate(injuries, exposure)
        out: Floats = rates[..., 1] / rates[..., 0]
    return out


def rate_bounds(count: float, exposure: float, drawn: Floats) -> Bounds:
    """95 % interval of a rate, given the rates of athletes drawn again."""
    if not exposure > 0:
        return NO_BOUNDS
    if count >= ENOUGH:
        return middle(drawn)
    low, high = mean_bounds(int(count))
    return low / exposure, high / exposure


def ratio_bounds(injuries: Floats, exposure: Floats, drawn: Floats) -> tuple[Bounds, str]:
    """95 % interval of a rate ratio and what it is from, given the ratios of draws.

    ``athletes`` drawn again, or ``counts``; no interval where there is no ratio.
    """
    if np.isnan(rate_ratio(injuries, exposure)):
        return NO_BOUNDS, ""
    if injuries.min() >= ENOUGH:
        return middle(drawn), "athletes"
    few = int(injuries.argmin())
    low, high = share_bounds(int(injuries[few]), int(injuries.sum()))
    ratios = [
        math.inf if share == 1 else share / (1 - share) * float(exposure[1 - few] / exposure[few])
        for share in (low, high)
    ]
    if few == 0:  # of the unflagged days: the ratio is the other way round
        ratios = [math.inf if ratio == 0 else 1 / ratio for ratio in reversed(ratios)]
    return (ratios[0], ratios[1]), "counts"


def mean_bounds(count: int) -> Bounds:
    """Exact 95 % interval of the mean of a Poisson count; 0 to 3.69 for none."""

    def at_most(n: int) -> Callable[[float], float]:
        return lambda mean: math.exp(-mean) * sum(mean**k / math.factorial(k) for k in range(n + 1))

    most = 4 * count + 10.0  # far beyond either bound
    low = _where(at_most(count - 1), 1 - _TAIL, most) if count else 0.0
    return low, _where(at_most(count), _TAIL, most)


def share_bounds(count: int, of: int) -> Bounds:
    """Exact 95 % interval of the share behind a small count of some."""

    def at_most(n: int) -> Callable[[float], float]:
        return lambda share: sum(
            math.comb(of, k) * share**k * math.exp((of - k) * math.log1p(-share))
            for k in range(n + 1)
        )

    low = _where(at_most(count - 1), 1 - _TAIL, 1.0) if count else 0.0
    return low, _where(at_most(count), _TAIL, 1.0) if count < of else 1.0


def _where(falling: Callable[[float], float], value: float, most: float) -> float:
    """Where a function that falls from 1 at 0 has a value, to the last digit, by halving."""
    low, high = 0.0, most
    while low < (half := (low + high) / 2) < high:
        low, high = (half, high) if falling(half) > value else (low, half)
    return high


def middle(ratios: Floats) -> Bounds:
    """Bounds of the middle 95 % of what chance gives, of which some may be infinite."""
    known = ratios[~np.isnan(ratios)]
    if not len(known):
        return NO_BOUNDS
    low, high = np.quantile(known, [_TAIL, 1 - _TAIL], method="inverted_cdf")
    return float(low), float(high)


def p_value(ratio: float, shifted: Floats) -> float:
    """How rarely shifted injuries give a ratio as far out, on the side where it lies, twice."""
    known = shifted[~np.isnan(shifted)]
    if np.isnan(ratio) or not len(known):
        return float("nan")
    above, below = (known >= ratio - 1e-12).sum(), (known <= ratio + 1e-12).sum()
    return min(1.0, 2 * float(1 + min(above, below)) / (1 + len(known)))


def corrected(p: float, comparisons: int) -> float:
    """`p` times the comparisons (Bonferroni), at most 1; none where there is no `p`."""
    return p if np.isnan(p) else min(1.0, p * comparisons)
