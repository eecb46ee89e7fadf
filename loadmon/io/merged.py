"""Two runs that a program merged into one recording are two again: where another one begins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from loadmon.io.clean import steps_m
from loadmon.io.recording import ON_FOOT, Floats

#: A longer silence may part two runs of a merged file; up to here they are one outing anyhow. [s]
APART_S = 30 * 60.0
#: Where a file says nothing of stops, a break of a run is over by then. [s]
UNTOLD_S = 2 * 3600.0
#: What begins with another run does so this close to its first record. [s]
BESIDE_S = 60.0
#: A counter begins again where it is below this share of what it was. [-]
_BEGUN_SHARE = 0.25
_STILL_MPS = 0.5  # a slower way is none
#: A longer silence is a clock that was moved; fewer records, or a shorter stretch, are no run but
#: the rest of an earlier recording. [s], [-], [s]
_LONGEST_S, _FEW_RECORDS, _BRIEF_S = 366 * 86_400.0, 10, 120.0
Ints = npt.NDArray[np.intp]


def begins_of_runs(time: Floats, sport: str, is_border: Callable[[int, int], bool]) -> list[int]:
    """Rows with which another run on foot begins; none where there is one run, or no order.

    `is_border` says of the rows on either side of a long silence whether it parts two runs.
    """
    known = np.flatnonzero(~np.isnan(time))
    gaps = np.diff(time[known])
    long = np.flatnonzero((gaps > APART_S) & (gaps <= _LONGEST_S))
    if not len(long) or sport not in ("", *ON_FOOT) or not (gaps >= 0).all():
        return []
    begins = [int(known[i + 1]) for i in long if is_border(int(known[i]), int(known[i + 1]))]
    runs = np.split(time[known], np.searchsorted(known, begins))
    is_run = (len(run) > _FEW_RECORDS and np.ptp(run) >= _BRIEF_S for run in runs)
    return begins if all(is_run) else []


def merged_flag(time: Floats, begins: list[int], one: str) -> dict[str, str]:
    """Flag of each of the runs that were found in one session, track or activity."""
    known = np.flatnonzero(~np.isnan(time))
    before = known[np.searchsorted(known, begins) - 1]
    apart = ", ".join(f"{s / 60:.0f} min" for s in (time[begins] - time[before]).tolist())
    text = f"{len(begins) + 1} runs in one {one}, {apart} apart: each counts by its own records"
    return {"merged-runs": text}


def counts_again(counter: Floats, row: int) -> bool:
    """Whether a counter begins again with a row."""
    before, after = np.fmax.reduce(counter[:row]), np.fmin.reduce(counter[row:])
    return bool(after < _BEGUN_SHARE * before)


def is_way(streams: dict[str, Floats], row: int, seconds: float) -> bool:
    """Whether so much was covered in the silence before a row that it is a hole in one run."""
    metres = np.nan
    if "distance_m" in streams:
        counter = streams["distance_m"]
        metres = np.fmin.reduce(counter[row:]) - np.fmax.reduce(counter[:row])
    if metres != metres and "latitude_deg" in streams:
        position = np.array([streams[name] for name in ("latitude_deg", "longitude_deg")])
        known = np.flatnonzero(~np.isnan(position).any(axis=0))
        at = int(np.searchsorted(known, row))
        if 0 < at < len(known):
            (metres,) = steps_m(*position[:, known[at - 1 : at + 1]])
    return bool(metres > _STILL_MPS * seconds)
