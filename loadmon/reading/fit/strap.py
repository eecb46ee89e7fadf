"""Heart rates that a strap wrote behind the run, in a later part of the same file."""

from __future__ import annotations

import numpy as np

from loadmon.reading.recording import Recording

_HR = "heart_rate_bpm"
_BESIDE_S = 60.0
_SAME_MOMENT_S = 5.0


def is_of_strap(part: Recording, run: Recording) -> bool:
    """Tell a part without a summary that holds the heart rates of a run and nothing else.

    Parameters
    ----------
    part, run : Recording
        A later part of a file, and the activity before it.
    """
    if "no-session" not in part.flags or set(part.streams) - {_HR} or not len(run.time):
        return False
    low, high = np.nanmin(run.time) - _BESIDE_S, np.nanmax(run.time) + _BESIDE_S
    return bool(len(part.time) and np.nanmin(part.time) >= low and np.nanmax(part.time) <= high)


def lend(part: Recording, run: Recording) -> None:
    """Give a run without heart rates those that were recorded at its moments.

    Parameters
    ----------
    part, run : Recording
        As in `is_of_strap`; `run` is completed in place, and keeps its own heart rates.
    """
    rates = part.streams.get(_HR)
    if _HR in run.streams or rates is None:
        return
    known = np.flatnonzero(~np.isnan(rates) & ~np.isnan(part.time))
    order = known[np.argsort(part.time[known], kind="stable")]
    times = part.time[order]
    after = np.searchsorted(times, run.time).clip(0, len(times) - 1)
    before = (after - 1).clip(0)
    near = np.where(run.time - times[before] < times[after] - run.time, before, after)
    close = np.abs(times[near] - run.time) <= _SAME_MOMENT_S
    run.streams[_HR] = np.where(close, rates[order][near], np.nan)
    run.flags["from-copy"] = "heart rate from a later part of the file"
