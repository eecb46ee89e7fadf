"""Windows over many athletes at once: arrays of one row a day, one column an athlete.

Every window is joined from its own days, halves first: nothing that left it, such as one huge day
or one NaN, leaves a trace in those after it, and a sum of rest is exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from loadmon.load.ratio import Floats, Marks


def window_sums(x: Floats, days: int) -> Floats:
    """Sum of the `days` values that end on each day, NaN where they are fewer or one is NaN.

    Parameters
    ----------
    x : ndarray of float, shape (n_days, n_athletes)
        One value a day.
    days : int
        Length of the window. [d]
    """
    out = np.full(x.shape, np.nan)
    if len(x) >= days:
        out[days - 1 :] = _joined(x, days, np.add)
    return out


def sums_so_far(x: Floats, days: int) -> Floats:
    """Sum of the `days` values that end on each day, or of as many as there are."""
    padded = np.concatenate([np.zeros((days - 1, x.shape[1])), x])
    out: Floats = _joined(padded, days, np.add)
    return out


def max_before(x: Floats, days: int) -> Floats:
    """Largest of the `days` values before each day, without the day itself; 0 before the first.

    Parameters
    ----------
    x : ndarray of float, shape (n_days, n_athletes)
        Values of at least 0, none of them NaN.
    days : int
        Length of the window. [d]
    """
    padded = np.concatenate([np.zeros((days, x.shape[1])), x])[: len(x) + days - 1]
    out: Floats = _joined(padded, days, np.maximum)
    return out


def fullest_before(sums: Floats, days: int) -> Floats:
    """Largest sum of the windows that end from `days` to ``2 * days - 1`` days before each day.

    Parameters
    ----------
    sums : ndarray of float, shape (n_days, n_athletes)
        What `window_sums` gives for `days`; NaN where a day in a window is not known makes the
        result NaN, windows that begin before the first day are none.
    days : int
        Length of the window. [d]
    """
    none = np.full((2 * days - 1, sums.shape[1]), -np.inf)
    padded = np.concatenate([none, sums])
    padded[len(none) : len(none) + days - 1] = -np.inf
    largest = _joined(padded, days, np.maximum)[: len(sums)]
    out: Floats = np.where(np.isneginf(largest), np.nan, largest)
    return out


def last_marked(marks: Marks) -> Floats:
    """Place of the latest marked day up to each day, minus infinity before the first."""
    place = np.arange(len(marks), dtype=float)[:, None]
    last: Floats = np.maximum.accumulate(np.where(marks, place, -np.inf), axis=0)
    return last


def _joined(x: Any, days: int, join: Callable[..., Any]) -> Any:
    """Join the values of all full windows: two halves, and one day more if the length is odd."""
    if days == 1:
        return x
    half = days // 2
    halves = _joined(x, half, join)
    n = len(x) - days + 1
    out = join(halves[:n], halves[half : half + n])
    return join(out, x[days - 1 :], out=out) if days % 2 else out
