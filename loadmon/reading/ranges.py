"""Which numbers a recording may hold: what nobody makes is a wrong byte, and is left out.

Only what cannot be is looked for, not what is rare: a sprint on a bicycle reaches 2500 W.
"""

from __future__ import annotations

import numpy as np

from loadmon.reading.recording import Floats

#: Heart rates that are believed. [bpm]
HR_BPM = (30.0, 230.0)
#: Longest way, and most steps of both feet or turns of a crank, of one activity. [m, 1/min]
FARTHEST_M, MOST_SPM = 5_000_000.0, 400.0
_POWER_W, _CADENCE_SPM = (0.0, 4000.0), (0.0, MOST_SPM)
_SPEED_MPS = (-1.0, 400.0)  # some programs write -1 where it is not known
_CLIMB_M = (-1e5, 1e5)

#: Smallest and largest value of each stream; heart rate, altitude and position have rules of
#: their own.
_STREAMS = {
    "distance_m": (-FARTHEST_M, FARTHEST_M),
    "speed_mps": _SPEED_MPS,
    "cadence_spm": _CADENCE_SPM,
    "power_w": _POWER_W,
    "stance_time_ms": (0.0, 1e5),
    "vertical_oscillation_mm": (0.0, 1e4),
    "vertical_ratio_pct": (0.0, 1e3),
    "step_length_mm": (0.0, 1e5),
    "stance_time_balance_pct": (0.0, 100.0),
    "temperature_c": (-273.15, 1e3),
}
#: The same of what a summary tells; its time and distance are judged by themselves.
_TOLD = {
    "avg_hr_bpm": HR_BPM,
    "max_hr_bpm": HR_BPM,
    "avg_power_w": _POWER_W,
    "max_power_w": _POWER_W,
    "normalized_power_w": _POWER_W,
    "avg_cadence_spm": _CADENCE_SPM,
    "max_speed_mps": _SPEED_MPS,
    "ascent_m": _CLIMB_M,
    "descent_m": _CLIMB_M,
    "rpe": (0.0, 10.0),
    "feel_pct": (0.0, 100.0),
}
_TOLD_ELSE = (-1e7, 1e7)
_JUDGED = ("timer_s", "elapsed_s", "distance_m")


def impossible_values(streams: dict[str, Floats]) -> str:
    """Take impossible values out of streams, and say how many of which.

    Parameters
    ----------
    streams : dict of str to ndarray of float, shape (n_records,)
        Under the names of `loadmon.reading.recording.STREAMS`; changed in place to NaN.

    Returns
    -------
    str
        A sentence; empty where every value can be.
    """
    left_out = []
    for name, values in streams.items():
        low, high = _STREAMS.get(name, (-np.inf, np.inf))
        wrong = (values < low) | (values > high)
        if wrong.any():
            values[wrong] = np.nan
            left_out.append(f"{wrong.sum()} values of {name} outside {low:g} to {high:g}")
    return _said(left_out)


def impossible_sums(told: dict[str, float]) -> str:
    """Take impossible numbers out of a summary, and say which; 0 means not measured.

    Parameters
    ----------
    told : dict of str to float
        As in `loadmon.reading.recording.Recording`; changed in place.

    Returns
    -------
    str
        A sentence; empty where every number can be.
    """
    left_out = []
    for name in [n for n in told if n not in _JUDGED]:
        low, high = _TOLD.get(name, _TOLD_ELSE)
        if told[name] and not low <= told[name] <= high:
            left_out.append(f"{name} of {told.pop(name):g}")
    return _said(left_out)


def _said(left_out: list[str]) -> str:
    return f"{', '.join(left_out)} cannot be: left out" if left_out else ""
