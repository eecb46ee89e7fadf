"""Hills: climb and descent from altitude, the grade of each moment, and what it costs to run it."""

from __future__ import annotations

import numpy as np

from loadmon.effort.clock import Floats
from loadmon.evidence.effort import CLIMB, RUNNING_COST, SLOPE

_ROUNDING_M = 1e-9


def climb_and_descent(altitude_m: Floats) -> tuple[float, float]:
    """Metres climbed and metres descended.

    Parameters
    ----------
    altitude_m : ndarray of float, shape (n_seconds,)
        Altitude at each second. [m]

    Returns
    -------
    tuple of float
        Climb and descent, both positive. [m] NaN for fewer than two seconds.

    Notes
    -----
    The altitude is a 7 s mean, and a change counts once it has reached 0.9 m
    (`loadmon.evidence.effort.CLIMB`), so the noise of a barometer is no climb. An altitude from
    satellites wobbles by several metres: there the climb comes out too large.
    """
    if len(altitude_m) < 2:
        return np.nan, np.nan
    smooth = _smoothed(altitude_m, int(CLIMB["smooth_s"])).tolist()
    climb, net, step, at = 0.0, 0.0, CLIMB["step_m"] - _ROUNDING_M, smooth[0]
    low, high = at - step, at + step
    for metres in smooth:
        if low < metres < high:
            continue
        climb += max(metres - at, 0.0)
        net += metres - at
        at, low, high = metres, metres - step, metres + step
    return climb, climb - net


def _smoothed(values: Floats, window: int) -> Floats:
    """Centred mean over `window` seconds, the ends held."""
    padded = np.pad(values, window // 2, mode="edge")
    total = np.cumsum(np.insert(padded, 0, 0.0))
    return np.asarray((total[window:] - total[:-window]) / window)


def grade(distance_m: Floats, altitude_m: Floats) -> Floats:
    """Rise over run of each second, over the 30 m before and after it.

    Parameters
    ----------
    distance_m, altitude_m : ndarray of float, shape (n_seconds,)
        Distance covered, not falling [m], and altitude [m].

    Returns
    -------
    ndarray of float, shape (n_seconds,)
        Grade [-], within the laboratory's range of -0.45 to 0.45; 0 where less than 30 m are there
        to measure it on.
    """
    half, most = SLOPE["grade_span_m"] / 2, RUNNING_COST["max_grade"]
    if not len(distance_m):
        return np.empty(0)
    way, last = np.unique(distance_m, return_index=True)
    behind = np.maximum(distance_m - half, way[0])
    ahead = np.minimum(distance_m + half, way[-1])
    height = altitude_m[last]
    rise = np.interp(ahead, way, height) - np.interp(behind, way, height)
    run = ahead - behind
    steep = np.divide(rise, run, out=np.zeros(len(run)), where=run >= half)
    return np.asarray(np.clip(steep, -most, most))


def downhill_m(distance_m: Floats, grades: Floats) -> float:
    """Metres lost where it goes down steeper than 5 %. [m]

    Parameters
    ----------
    distance_m, grades : ndarray of float, shape (n_seconds,)
        Distance covered [m], and what `grade` gives for it.

    Notes
    -----
    Muscles that are not used to descents are damaged most by them [1]_; the bend of the shin bone
    is smaller downhill, so this is no load of bone.

    References
    ----------
    .. [1] Bontemps et al. 2020, doi:10.1007/s40279-020-01355-z.
    """
    down = grades[1:] < SLOPE["downhill_pct"] / 100
    return float(np.abs(grades[1:] * np.diff(distance_m))[down].sum())


def running_cost(grades: Floats) -> Floats:
    """Energy of running one metre at a grade. [J/kg/m]

    Parameters
    ----------
    grades : ndarray of float
        Rise over run [-]; beyond the laboratory's -0.45 to 0.45 its ends are used.

    Notes
    -----
    Ten runners on a treadmill [1]_. The least is at a grade of -0.18. It is energy, not strain on
    tissue, and downhill people run slower than it says they could.

    References
    ----------
    .. [1] Minetti et al. 2002, doi:10.1152/japplphysiol.01177.2001.
    """
    most = RUNNING_COST["max_grade"]
    i = np.clip(grades, -most, most)
    cost = np.polyval([RUNNING_COST[f"c{power}"] for power in (5, 4, 3, 2, 1, 0)], i)
    return cost.astype(np.float64)


def flat_equivalent_mps(speed_mps: Floats, grades: Floats) -> Floats:
    """Speed on the level that costs as much energy a second. [m/s]"""
    return speed_mps * running_cost(grades) / RUNNING_COST["c0"]
