"""Intensity histograms of an activity, and the loads made of them under the settings."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.io.recording import MAX_STRIDES_PER_MIN, ON_FOOT, Floats, Recording
from loadmon.loads import (
    BPM,
    COLUMNS,
    Profile,
    minutes,
    profile,
)

# From a cleaned recording to its effort profile, and to the columns that hold no setting.

#: Columns of activities that `effort_columns` adds to those of the contract, with their dtypes.
EFFORT_COLUMNS = {
    "climb_source": "str",
    "downhill_m": "float64",
    "steps_source": "str",
    "rpe_source": "str",
    "graded_speed_mps": "float64",
    "normalized_graded_speed_mps": "float64",
    "graded_coverage": "float64",
    "power_coverage": "float64",
}
#: Minutes of a run, one row each, with the columns of `loadmon.loads`.
Minutes = npt.NDArray[np.float32]


def effort_of(recording: Recording, way_m: Floats, timer_s: float) -> Profile:
    """Effort profile of a cleaned recording."""
    found = profile(
        recording.time,
        recording.streams,
        way_m,
        sport=recording.sport or "running",
        sub_sport=recording.sub_sport,
    )
    found["seconds_at_bpm"] = _at_most(found["seconds_at_bpm"], timer_s)
    found["seconds_at_speed"] = _at_most(found["seconds_at_speed"], timer_s)
    return found


def _at_most(seconds: Floats, timer_s: float) -> Floats:
    """Seconds of a histogram, made less in proportion where they are more than the timer's."""
    total = float(seconds.sum())
    return seconds * (timer_s / total) if 0 < timer_s < total else seconds


def minutes_of(recording: Recording, way_m: Floats) -> Minutes:
    """Minutes of a cleaned run, on which form is judged; none of any other sport."""
    if recording.sport != "running" or not len(recording.time):
        return np.empty((0, len(COLUMNS)), np.float32)
    told = minutes(recording.time, recording.streams, way_m)
    return np.column_stack([told[name] for name in COLUMNS]).astype(np.float32)


def effort_columns(recording: Recording, timer_s: float, effort: Profile) -> dict[str, Any]:
    """Columns of one activity that need no setting.

    Returns climb, heart rate, steps, effort as told, graded speed and power, each with its source
    (``session``: the file's summary; ``records``: made from the stream; empty: not known) or its
    coverage, the share of the timer time it rests on.
    """
    told = recording.told
    climb, climb_source = _either(told.get("ascent_m", np.nan), effort["climb_m"])
    descent, _ = _either(told.get("descent_m", np.nan), effort["descent_m"])
    steps, steps_source = _steps(recording, timer_s, effort)
    rpe = told.get("rpe", np.nan)
    return {
        "elevation_gain_m": climb,
        "descent_m": descent,
        "climb_source": climb_source,
        "downhill_m": effort["downhill_m"],
        "avg_hr_bpm": _mean_heart_rate(told.get("avg_hr_bpm", np.nan), effort["seconds_at_bpm"]),
        "hr_coverage": _coverage(float(effort["seconds_at_bpm"].sum()), timer_s),
        "steps": steps,
        "steps_source": steps_source,
        "rpe": rpe,
        "rpe_source": "session" if rpe == rpe else "",
        "graded_speed_mps": effort["graded_speed_mps"],
        "normalized_graded_speed_mps": effort["normalized_graded_speed_mps"],
        "graded_coverage": _coverage(effort["graded_seconds"], timer_s),
        "avg_power_w": _either(told.get("avg_power_w", np.nan), effort["mean_power_w"])[0],
        "normalized_power_w": _either(
            told.get("normalized_power_w", np.nan), effort["normalized_power_w"]
        )[0],
        "power_coverage": _coverage(effort["power_seconds"], timer_s),
    }


def _either(told: float, made: float) -> tuple[float, str]:
    """What the summary says, else what the stream gives, and which of them it is."""
    if told == told:
        return told, "session"
    return made, "records" if made == made else ""


def _coverage(seconds: float, timer_s: float) -> float:
    """Share of the timer time. [-] 0 where nothing is covered."""
    if not seconds > 0:
        return 0.0
    return min(1.0, seconds / timer_s) if timer_s > 0 else np.nan


def _mean_heart_rate(told: float, seconds_at_bpm: Floats) -> float:
    """Time-weighted mean of the stream, else what the summary says. [bpm]"""
    seconds = float(seconds_at_bpm.sum())
    if seconds > 0:
        return float(seconds_at_bpm @ BPM / seconds)
    return told if told > 0 else np.nan


def _steps(recording: Recording, timer_s: float, effort: Profile) -> tuple[float, str]:
    """Steps of both feet: the summary's strides doubled, else cadence over time; on foot only."""
    if recording.sport not in ON_FOOT:
        return np.nan, ""
    strides = recording.told.get("cycles", np.nan)
    already = timer_s > 0 and strides / (timer_s / 60) > MAX_STRIDES_PER_MIN
    counted = (strides if already else 2 * strides) if strides > 0 else np.nan
    return _either(counted, effort["counted_steps"])
