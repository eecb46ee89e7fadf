"""Which time counts: a record earns the seconds to the next one, a gap or a pause earns nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from loadmon.evidence.effort import RECORDING

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

_BEFORE = 1e-9


def earned_s(time: Floats) -> Floats:
    """Seconds that each record stands for.

    Parameters
    ----------
    time : ndarray of float, shape (n_records,)
        Time of each record, rising. [s]

    Returns
    -------
    ndarray of float, shape (n_records,)
        Seconds to the next record [s]; 0 where that is more than 10 s away
        (`loadmon.evidence.effort.RECORDING`), as after a pause, and for the last record.
    """
    seconds = np.diff(time, append=time[-1:])
    return np.where(seconds <= RECORDING["max_gap_s"], seconds, 0.0)


def each_second(time: Floats, *values: Floats) -> tuple[Floats, ...]:
    """Resample streams to one value a second, the gaps between records left out.

    Parameters
    ----------
    time : ndarray of float, shape (n_records,)
        Time of each record, rising. [s]
    *values : ndarray of float, shape (n_records,)
        Streams; records that lack one of them are left out of all.

    Returns
    -------
    tuple of ndarray of float, shape (n_seconds,)
        Each stream at whole seconds of earned time, straight between records; empty where no
        second was earned.
    """
    known = np.logical_and.reduce([~np.isnan(v) for v in values])
    seconds = earned_s(time[known])
    whole = np.arange(np.floor(seconds.sum()))
    if not len(whole):
        return tuple(np.empty(0) for _ in values)
    # The records on both sides of a gap stand at the same second, where the one behind it counts;
    # interpolation asks for places that rise.
    before_gap = np.append(seconds[:-1] == 0, False)
    at = np.cumsum(seconds) - seconds - _BEFORE * before_gap
    return tuple(np.interp(whole, at, v[known]) for v in values)
