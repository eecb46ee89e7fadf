"""From a cleaned recording to its effort profile, minutes, and columns that hold no setting."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.evidence.loads import RECORDING
from loadmon.io.recording import MAX_STRIDES_PER_MIN, ON_FOOT, RUNNING, Floats, Recording
from loadmon.loads import BPM, COLUMNS, SPEED_MPS, EffortProfile, effort_profile, minutes

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
#: Arrays of an effort profile that loads need, one after the other in a packed row, and their ends.
HISTOGRAMS = ("seconds_at_bpm", "seconds_at_speed", "power_moments")
ENDS = (len(BPM), len(BPM) + len(SPEED_MPS), len(BPM) + len(SPEED_MPS) + 5)
#: Bytes with which a packed row begins: one bit a number, whether it is another than nought.
MARKS = -(-ENDS[-1] // 8)


def effort_of(recording: Recording, distance_m: Floats, timer_s: float) -> EffortProfile:
    """Effort profile of a cleaned recording."""
    effort = effort_profile(
        recording.time,
        recording.streams,
        distance_m,
        sport=recording.sport or RUNNING,
        sub_sport=recording.sub_sport,
        pauses=recording.pauses,
    )
    # Histograms of more seconds than the timer's are made less in proportion.
    for histogram in (effort["seconds_at_bpm"], effort["seconds_at_speed"]):
        if 0 < timer_s < (total := float(histogram.sum())):
            histogram *= timer_s / total
    if 0 < timer_s < effort["cadence_seconds"]:
        effort["counted_steps"] *= timer_s / effort["cadence_seconds"]
        effort["cadence_seconds"] = timer_s
    return effort


def minutes_of(recording: Recording, distance_m: Floats) -> Minutes:
    """Minutes of a cleaned run, on which form is judged; none of any other sport.

    What names no sport may be a run, by the runner's own word.
    """
    if recording.sport not in ("", RUNNING) or not len(recording.time):
        return np.empty((0, len(COLUMNS)), np.float32)
    columns = minutes(recording.time, recording.streams, distance_m)
    return np.column_stack([columns[name] for name in COLUMNS]).astype(np.float32)


def effort_columns(recording: Recording, timer_s: float, effort: EffortProfile) -> dict[str, Any]:
    """Columns that need no setting, with their source or the share of the timer they rest on.

    ``session``: the file's summary; ``records``: made from the stream; empty: not known.
    """
    summary = recording.summary
    covered = _coverage(float(effort["seconds_at_bpm"].sum()), timer_s)
    stated, hr = summary.get("avg_hr_bpm", np.nan), mean_hr_bpm(effort)
    # A stream that covers a part of the session says less of it than the watch's own mean.
    hr = stated if stated > 0 and not covered >= RECORDING["min_coverage_pct"] / 100 else hr
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
        "hr_coverage": covered,
        "steps": steps,
        "steps_source": steps_source,
        "rpe": rpe,
        "rpe_source": "session" if rpe == rpe else "",
        "avg_cadence_spm": _either(summary.get("avg_cadence_spm"), _mean_cadence_spm(effort))[0],
        "graded_speed_mps": effort["graded_speed_mps"],
        "normalized_graded_speed_mps": effort["normalized_graded_speed_mps"],
        "graded_coverage": _coverage(effort["graded_seconds"], timer_s),
        "avg_power_w": _either(summary.get("avg_power_w"), effort["mean_power_w"])[0],
        "normalized_power_w": normalized_power,
        "power_coverage": _coverage(effort["power_seconds"], timer_s),
    }


def mean_hr_bpm(effort: EffortProfile) -> float:
    """Mean heart rate of the stream over the time it covers; NaN without any. [bpm]"""
    seconds = float(effort["seconds_at_bpm"].sum())
    return float(effort["seconds_at_bpm"] @ BPM / seconds) if seconds > 0 else np.nan


def _mean_cadence_spm(effort: EffortProfile) -> float:
    """Mean cadence of the records over time, standing still included, as watches have it."""
    seconds = effort["cadence_seconds"]
    return 60 * effort["counted_steps"] / seconds if seconds > 0 else np.nan


def _either(stated: float | None, made: float) -> tuple[float, str]:
    if stated is not None and stated == stated:
        return stated, "session"
    return made, "records" if made == made else ""


def _coverage(seconds: float, timer_s: float) -> float:
    """Share of the timer time. [-] 0 where nothing is covered."""
    if not seconds > 0:
        return 0.0
    return min(1.0, seconds / timer_s) if timer_s > 0 else np.nan


def recorded_steps(timer_s: float, effort: EffortProfile) -> float:
    """Steps of the cadence stream; NaN where it covers too little of the session."""
    covered = _coverage(effort["cadence_seconds"], timer_s)
    enough = covered >= RECORDING["min_coverage_pct"] / 100
    return effort["counted_steps"] if enough else np.nan


def stated_steps(recording: Recording, timer_s: float) -> float:
    """Steps of both feet by the summary, which counts strides; NaN where it does not."""
    strides = recording.summary.get("cycles", np.nan)
    already_steps = timer_s > 0 and strides / (timer_s / 60) > MAX_STRIDES_PER_MIN
    return (strides if already_steps else 2 * strides) if strides > 0 else np.nan


def _steps(recording: Recording, timer_s: float, effort: EffortProfile) -> tuple[float, str]:
    """Steps of both feet: the summary's strides doubled, else cadence over time; on foot only."""
    if recording.sport not in ("", *ON_FOOT):
        return np.nan, ""
    return _either(stated_steps(recording, timer_s), recorded_steps(timer_s, effort))


# An archive holds thousands of profiles: they stay bytes until loads or form are asked for.


def packed_histograms(effort: Mapping[str, Any]) -> bytes:
    """Histograms of a profile as one packed row: which numbers are not nought, and those."""
    row = np.concatenate([effort[name] for name in HISTOGRAMS])
    is_some = np.ascontiguousarray(row).view(np.uint64) != 0  # -0.0 is no nought
    return bytes(np.packbits(is_some).tobytes() + row[is_some].tobytes())


def packed_minutes(table: Minutes) -> bytes:
    """Minutes of a run in few bytes, as `loadmon.io.archive.MinutesOf` takes them."""
    return zlib.compress(table.T.tobytes(), 1) if len(table) else b""
