"""Heart rates that a strap kept: messages of their own, of the records of their moments."""

from __future__ import annotations

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.fit.decode import EPOCH, RELATIVE, Table, each_of
from loadmon.io.recording import Floats, Recording

_HEART_RATE = "heart_rate_bpm"
_BESIDE_S, _SAME_MOMENT_S = 60.0, 5.0
FROM_LATER_PART = "heart rate from a later part of the file"


def beats_of(hr: Table) -> tuple[Floats, Floats]:
    """Times of heart rates that a strap kept [Unix s], and the rates; in order of time."""
    stamps, fractions = hr.get("timestamp"), hr.get("fractional_timestamp")
    marks, rates = (each_of(hr, name) for name in ("event_timestamp", "filtered_bpm"))
    times: list[float] = []
    known: list[float] = []
    base = np.nan  # what makes times of the strap's own clock
    for i in range(hr.rows):
        if stamps[i] >= RELATIVE and len(marks[i]):
            base = stamps[i] + EPOCH + np.nan_to_num(fractions[i]) - marks[i][0]
        pairs = zip(marks[i], rates[i], strict=False)
        beats = [(base + mark, rate) for mark, rate in pairs if base + mark == base + mark]
        times += [at for at, rate in beats if rate == rate]
        known += [rate for _, rate in beats if rate == rate]
    order = np.argsort(times, kind="stable")
    return np.array(times)[order], np.array(known)[order]


def fill_from(run: Recording, times: Floats, rates: Floats) -> bool:
    """Give records without a heart rate that of their moment; whether any got one."""
    if not (len(times) and len(run.time)):
        return False
    after = np.searchsorted(times, run.time).clip(0, len(times) - 1)
    before = (after - 1).clip(0)
    near = np.where(run.time - times[before] < times[after] - run.time, before, after)
    close = np.abs(times[near] - run.time) <= _SAME_MOMENT_S
    own = run.streams.get(_HEART_RATE, np.full(len(run.time), np.nan))
    filled = np.where(np.isnan(own) & close, rates[near], own)
    if np.isnan(filled).all() or np.array_equal(filled, own, equal_nan=True):
        return False
    run.streams[_HEART_RATE] = filled
    return True


def fill_heart_rate(run: Recording | FileProblem, part: Recording | FileProblem) -> bool:
    """Give a run the heart rates of its moments, if that is all a part without a summary holds.

    Whether the part is of the run; one that has heart rates of its own keeps them.
    """
    if not (isinstance(run, Recording) and isinstance(part, Recording)):
        return False
    if "no-session" not in part.flags or set(part.streams) - {_HEART_RATE}:
        return False
    if not (len(run.time) and len(part.time)):
        return False
    low, high = np.nanmin(run.time) - _BESIDE_S, np.nanmax(run.time) + _BESIDE_S
    if not (np.nanmin(part.time) >= low and np.nanmax(part.time) <= high):
        return False
    rates = part.streams.get(_HEART_RATE)
    if _HEART_RATE not in run.streams and rates is not None:
        known = np.flatnonzero(~np.isnan(rates) & ~np.isnan(part.time))
        order = known[np.argsort(part.time[known], kind="stable")]
        fill_from(run, part.time[order], rates[order])
        run.flags["from-copy"] = FROM_LATER_PART
    return True
