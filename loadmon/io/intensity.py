"""From a cleaned recording to its effort profile, minutes, and columns that hold no setting."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.io.recording import MAX_STRIDES_PER_MIN, ON_FOOT, Floats, Recording
from loadmon.loads import BPM, COLUMNS, EffortProfile, earned_s, effort_profile, minutes

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


def effort_of(recording: Recording, distance_m: Floats, timer_s: float) -> EffortProfile:
    """Effort profile of a cleaned recording."""
    effort = effort_profile(
        recording.time,
        recording.streams,
        distance_m,
        sport=recording.sport or "running",
        sub_sport=recording.sub_sport,
    )
    # Histograms of more seconds than the timer's are made less in proportion.
    for histogram in (effort["seconds_at_bpm"], effort["seconds_at_speed"]):
        if 0 < timer_s < (total := float(histogram.sum())):
            histogram *= timer_s / total
    return effort


def minutes_of(recording: Recording, distance_m: Floats) -> Minutes:
    """Minutes of a cleaned run, on which form is judged; none of any other sport."""
    if recording.sport != "running" or not len(recording.time):
        return np.empty((0, len(COLUMNS)), np.float32)
    columns = minutes(recording.time, recording.streams, distance_m)
    return np.column_stack([columns[name] for name in COLUMNS]).astype(np.float32)


def effort_columns(recording: Recording, timer_s: float, effort: EffortProfile) -> dict[str, Any]:
    """Columns that need no setting, with their source or the share of the timer they rest on.

    ``session``: the file's summary; ``records``: made from the stream; empty: not known.
    """
    summary = recording.summary
    at_bpm, hr_seconds = effort["seconds_at_bpm"], float(effort["seconds_at_bpm"].sum())
    hr = float(at_bpm @ BPM / hr_seconds) if hr_seconds > 0 else summary.get("avg_hr_bpm", 0.0)
    climb, climb_source = _either(summary.get("ascent_m"), effort["climb_m"])
    steps, steps_source = _steps(recording, timer_s, effort)
    rpe = summary.get("rpe", np.nan)
    stated_power = summary.get("normalized_power_w")
    normalized_power, _ = _either(stated_power, effort["normalized_power_w"])
    return {
        "elevation_gain_m": climb,
        "descent_m": _either(summary.get("descent_m"), effort["descent_m"])[0],
        "climb_source": climb_source,
        "downhill_m": effort["downhill_m"],
        "avg_hr_bpm": hr if hr > 0 else np.nan,
        "hr_coverage": _coverage(hr_seconds, timer_s),
        "steps": steps,
        "steps_source": steps_source,
        "rpe": rpe,
        "rpe_source": "session" if rpe == rpe else "",
        "avg_cadence_spm": _either(summary.get("avg_cadence_spm"), _mean_cadence_spm(recording))[0],
        "graded_speed_mps": effort["graded_speed_mps"],
        "normalized_graded_speed_mps": effort["normalized_graded_speed_mps"],
        "graded_coverage": _coverage(effort["graded_seconds"], timer_s),
        "avg_power_w": _either(summary.get("avg_power_w"), effort["mean_power_w"])[0],
        "normalized_power_w": normalized_power,
        "power_coverage": _coverage(effort["power_seconds"], timer_s),
    }


def _mean_cadence_spm(recording: Recording) -> float:
    """Mean cadence of the records over time, standing still included, as watches have it."""
    cadence = recording.streams.get("cadence_spm", np.empty(0))
    known = ~np.isnan(cadence)
    if not known.any():
        return np.nan
    seconds = earned_s(recording.time)[known]
    total = float(seconds.sum())
    return float(cadence[known] @ seconds) / total if total > 0 else np.nan


def _either(stated: float | None, made: float) -> tuple[float, str]:
    if stated is not None and stated == stated:
        return stated, "session"
    return made, "records" if made == made else ""


def _coverage(seconds: float, timer_s: float) -> float:
    """Share of the timer time. [-] 0 where nothing is covered."""
    if not seconds > 0:
        return 0.0
    return min(1.0, seconds / timer_s) if timer_s > 0 else np.nan


def _steps(recording: Recording, timer_s: float, effort: EffortProfile) -> tuple[float, str]:
    """Steps of both feet: the summary's strides doubled, else cadence over time; on foot only."""
    strides = recording.summary.get("cycles", np.nan)
    if recording.sport not in ON_FOOT and (recording.sport or not strides > 0):
        return np.nan, ""
    already_steps = timer_s > 0 and strides / (timer_s / 60) > MAX_STRIDES_PER_MIN
    counted = (strides if already_steps else 2 * strides) if strides > 0 else np.nan
    return _either(counted, effort["counted_steps"])
