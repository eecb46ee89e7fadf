"""A ride in the middle or at the end of a run: the watch was left running in a car or on a bus."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from loadmon.evidence.loads import RIDE
from loadmon.io.clean import note
from loadmon.io.recording import Floats, Recording

_GRID_S, _MOST_GRID = 5.0, 500_000
Mask = npt.NDArray[np.bool_]


class Ride(NamedTuple):
    """What was cut off: the rows that stay (none: nothing was cut), and what was covered."""

    rows: npt.NDArray[np.intp]
    metres: float
    seconds: float


NO_RIDE = Ride(np.empty(0, np.intp), 0.0, 0.0)


def without_ride(
    recording: Recording, path: Floats, issues: dict[str, str]
) -> tuple[Recording, Ride]:
    """Cut stretches off that go on for a minute faster than anybody runs, without steps.

    `loadmon.io.distance.is_quick` says of which recordings it is worth asking.
    """
    time = recording.time
    known = ~np.isnan(path)
    time_known, way = time[known], path[known]
    if not 3 < np.ptp(time_known) / _GRID_S < _MOST_GRID:
        return recording, NO_RIDE
    grid = np.arange(time_known[0], time_known[-1], _GRID_S)
    speed = np.diff(np.interp(grid, time_known, way)) / _GRID_S
    fast = _long_runs(speed > RIDE["speed_mps"], round(RIDE["least_s"] / _GRID_S))
    if not fast.any():
        return recording, NO_RIDE
    # From its core a ride goes on as far as it is faster than people run on for long.
    spread = _touching(speed > RIDE["around_mps"], fast)
    spread = _closed(spread, round(RIDE["joined_s"] / _GRID_S))
    if spread.sum() * _GRID_S > RIDE["most_s"]:
        text = f"faster than anybody runs for {spread.sum() * _GRID_S / 60:.0f} min: what sport?"
        note(issues, "speed-implausible", text)
        return recording, NO_RIDE
    inside = np.zeros(len(time), bool)
    cell = ((time - grid[0]) // _GRID_S).astype(np.intp)
    within = (cell >= 0) & (cell < len(spread))
    inside[within] = spread[cell[within]]
    inside[cell >= len(spread)] = spread[-1]
    steps = recording.streams.get("cadence_spm", np.empty(0))
    of_ride = steps[inside] if len(steps) else steps
    has_steps = bool(len(of_ride)) and np.nanmedian(np.nan_to_num(of_ride)) > RIDE["least_spm"]
    sure = _long_runs(speed > RIDE["speed_mps"], round(RIDE["sure_s"] / _GRID_S)).any()
    if has_steps and not sure:  # the positions are wrong for a moment
        text = f"faster than {RIDE['speed_mps'] * 3.6:.0f} km/h for a minute, with steps"
        note(issues, "speed-implausible", text)
        return recording, NO_RIDE
    edge = np.append(inside[:-1] | inside[1:], False)
    lasted = float(np.diff(time, append=time[-1])[edge].sum())
    metres = float(np.nansum(np.diff(np.interp(time, time_known, way), append=way[-1])[edge]))
    rest_s, rest_m = float(np.ptp(time)) - lasted, float(way[-1] - way[0]) - metres
    if not (rest_s > RIDE["rest_s"] and 0 < rest_m < RIDE["rest_mps"] * rest_s):
        return recording, NO_RIDE  # a ride as a whole, which is flagged for its speed
    issues["vehicle"] = (
        f"{metres:.0f} m in {lasted / 60:.0f} min at {metres / lasted * 3.6:.0f} km/h are no "
        "run: left out"
    )
    rows = np.flatnonzero(~inside)
    breaks = np.flatnonzero(np.diff(rows) > 1)
    stops = np.column_stack([time[rows[breaks]], time[rows[breaks + 1]]])
    return replace(
        recording,
        time=time[rows],
        streams={name: values[rows] for name, values in recording.streams.items()},
        pauses=np.concatenate([recording.pauses, stops]),
    ), Ride(rows, metres, lasted)


def _long_runs(mask: Mask, least: int) -> Mask:
    """Runs of True of at least so many."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    out = np.zeros(len(mask), bool)
    for begin, end in edges.reshape(-1, 2):
        out[begin:end] = end - begin >= least
    return out


def _touching(mask: Mask, core: Mask) -> Mask:
    """Runs of True that hold some of the core."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    out = np.zeros(len(mask), bool)
    for begin, end in edges.reshape(-1, 2):
        out[begin:end] = core[begin:end].any()
    return out


def _closed(mask: Mask, most: int) -> Mask:
    """With gaps of at most so many filled, those at the ends too."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], mask, [True]])))
    out = mask.copy()
    for begin, end in edges.reshape(-1, 2):
        if end - begin <= most:
            out[begin:end] = True
    return out
