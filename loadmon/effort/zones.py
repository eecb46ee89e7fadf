"""Minutes in zones, from seconds at each value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loadmon.effort.clock import Floats, earned_s

#: Middles of the bins of a speed histogram, 0.02 m/s wide, to 10 m/s. [m/s]
SPEED_MPS: Floats = np.round(np.arange(0.01, 10.0, 0.02), 2)
_BIN_MPS = 0.02


def minutes_in_zones(seconds_at_value: Floats, values: Floats, bounds: Sequence[float]) -> Floats:
    """Minutes in each zone.

    Parameters
    ----------
    seconds_at_value : ndarray of float, shape (..., n_values)
        Seconds at each value. [s]
    values : ndarray of float, shape (n_values,)
        The values, rising.
    bounds : sequence of float, length n_zones - 1
        Bounds between the zones, rising, in the unit of `values`.

    Returns
    -------
    ndarray of float, shape (..., n_zones)
        Minutes in each zone, the lowest first. [min] A value on a bound belongs to the upper zone.
    """
    zone = np.searchsorted(np.asarray(bounds, dtype=float), values, side="right")
    weights = (zone[:, None] == np.arange(len(bounds) + 1)) / 60.0
    total: Floats = seconds_at_value @ weights
    return total


def seconds_at_speed(time: Floats, speed_mps: Floats) -> Floats:
    """Count the seconds spent at each speed.

    Parameters
    ----------
    time : ndarray of float, shape (n_records,)
        Time of each record, rising. [s]
    speed_mps : ndarray of float, shape (n_records,)
        Speed, NaN not known. [m/s]

    Returns
    -------
    ndarray of float, shape (500,)
        Seconds in each bin of `SPEED_MPS` [s]; faster than 10 m/s counts in the last. Gaps over
        10 s and pauses earn nothing. A pace zone's bound is met to 0.01 m/s, 2 s/km at 5:00 /km.
    """
    known = speed_mps >= 0
    place = np.minimum(speed_mps[known] / _BIN_MPS + 1e-9, len(SPEED_MPS) - 1).astype(np.intp)
    seconds = np.bincount(place, weights=earned_s(time)[known], minlength=len(SPEED_MPS))
    return seconds.astype(np.float64)
