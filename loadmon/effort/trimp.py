"""Training impulse from seconds at each heart rate: Banister, Edwards, Lucia, stress.

Every function takes one histogram or many, shape (..., 211), as `heart_rate.seconds_at_bpm` makes
them, and gives one number for each. A setting that is NaN gives NaN: not known, never 0.
"""

from __future__ import annotations

import numpy as np

from loadmon.effort.clock import Floats
from loadmon.effort.heart_rate import BPM
from loadmon.evidence import Evidence
from loadmon.evidence.effort import EDWARDS, LUCIA, STRESS, TRIMP_MEN, TRIMP_WOMEN

#: Published coefficient pair by the athlete's ``sex``.
PAIRS = {"m": TRIMP_MEN, "f": TRIMP_WOMEN}


def banister(
    seconds_at_bpm: Floats, *, resting_hr_bpm: float, max_hr_bpm: float, pair: Evidence
) -> Floats:
    """Banister's TRIMP: minutes x h x a e^(b h), h the share of heart-rate reserve.

    Parameters
    ----------
    seconds_at_bpm : ndarray of float, shape (..., 211)
        Seconds at each rate of `BPM`. [s]
    resting_hr_bpm, max_hr_bpm : float
        Heart rate at rest and the largest. [bpm]
    pair : Evidence
        Coefficients ``a`` and ``b`` that belong together, such as `PAIRS` ``["f"]``.

    Returns
    -------
    ndarray of float, shape (...)
        Load. [AU]

    Notes
    -----
    The share is clipped to 0 to 1. Weighing second by second gives more than the session's mean
    heart rate would, as the weight is convex.

    References
    ----------
    .. [1] Morton, Fitz-Clarke & Banister 1990, doi:10.1152/jappl.1990.69.3.1171.
    """
    return minutes(seconds_at_bpm, _weight(BPM, resting_hr_bpm, max_hr_bpm, pair))


def edwards(seconds_at_bpm: Floats, *, max_hr_bpm: float) -> Floats:
    """Edwards' TRIMP: minutes from 50, 60, 70, 80 and 90 % of maximal heart rate, times 1 to 5.

    Parameters
    ----------
    seconds_at_bpm : ndarray of float, shape (..., 211)
        Seconds at each rate of `BPM`. [s]
    max_hr_bpm : float
        The largest heart rate. [bpm]

    Returns
    -------
    ndarray of float, shape (...)
        Load. [AU]

    Notes
    -----
    A zone begins at its lower bound and ends below the next; 100 % and above counts 5 times, less
    than 50 % nothing. The weights are not tested against the body (`loadmon.evidence.effort`).
    """
    if np.isnan(max_hr_bpm):
        return minutes(seconds_at_bpm, np.full(len(BPM), np.nan))
    # Multiplied out, so that a bound on a whole beat is met exactly.
    bounds = np.array(list(EDWARDS.values.values())) * max_hr_bpm
    return minutes(seconds_at_bpm, np.searchsorted(bounds, 100 * BPM, side="right").astype(float))


def lucia(seconds_at_bpm: Floats, *, vt1_hr_bpm: float, vt2_hr_bpm: float) -> Floats:
    """Lucia's TRIMP: minutes below, between and above two measured thresholds, times 1, 2 and 3.

    Parameters
    ----------
    seconds_at_bpm : ndarray of float, shape (..., 211)
        Seconds at each rate of `BPM`. [s]
    vt1_hr_bpm, vt2_hr_bpm : float
        Heart rate at the ventilatory thresholds. [bpm] The second zone holds both.

    Returns
    -------
    ndarray of float, shape (...)
        Load. [AU]
    """
    if np.isnan(vt1_hr_bpm) or np.isnan(vt2_hr_bpm):
        return minutes(seconds_at_bpm, np.full(len(BPM), np.nan))
    weight = np.where(vt1_hr_bpm > BPM, LUCIA["below_vt1"], LUCIA["between"])
    return minutes(seconds_at_bpm, np.where(vt2_hr_bpm < BPM, LUCIA["above_vt2"], weight))


def heart_rate_stress(
    seconds_at_bpm: Floats,
    *,
    resting_hr_bpm: float,
    max_hr_bpm: float,
    threshold_hr_bpm: float,
    pair: Evidence,
) -> Floats:
    """TRIMP on the scale on which an hour at threshold is 100.

    Parameters
    ----------
    seconds_at_bpm, resting_hr_bpm, max_hr_bpm, pair
        As in `banister`; only ``b`` of the pair makes a difference.
    threshold_hr_bpm : float
        Heart rate of a one-hour race. [bpm]

    Returns
    -------
    ndarray of float, shape (...)
        Stress. [points]

    Notes
    -----
    TrainingPeaks' hrTSS is another number: its table is not published.
    """
    hour = 60 * _weight(np.array(threshold_hr_bpm), resting_hr_bpm, max_hr_bpm, pair)
    load = banister(seconds_at_bpm, resting_hr_bpm=resting_hr_bpm, max_hr_bpm=max_hr_bpm, pair=pair)
    return np.asarray(STRESS["hour_at_threshold"] * load / hour)


def _weight(bpm: Floats, rest: float, most: float, pair: Evidence) -> Floats:
    """Banister's weight of a minute at a heart rate."""
    share = np.clip((bpm - rest) / (most - rest), 0.0, 1.0)
    return np.asarray(share * pair["a"] * np.exp(pair["b"] * share))


def minutes(seconds_at_value: Floats, weight: Floats) -> Floats:
    """Minutes in a histogram, each value's times its weight. [min]"""
    total: Floats = seconds_at_value @ weight / 60.0
    return total
