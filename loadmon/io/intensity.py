"""Intensity histograms of an activity, and the loads made of them under the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.athlete import Athlete
from loadmon.evidence.loads import RECORDING
from loadmon.io.fit.activity import STRIDE_SPORTS
from loadmon.io.recording import Floats, Recording
from loadmon.loads import (
    BPM,
    COLUMNS,
    PAIRS,
    SPEED_MPS,
    Profile,
    banister,
    edwards,
    heart_rate_stress,
    intensity,
    lactate_normalised_power_w,
    lucia,
    minutes,
    minutes_in_zones,
    profile,
    running_power_w,
    stress,
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
_MAX_STRIDES = 130.0  # per minute; above it a count of one foot already counts both


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
    if recording.sport not in STRIDE_SPORTS:
        return np.nan, ""
    strides = recording.told.get("cycles", np.nan)
    already = timer_s > 0 and strides / (timer_s / 60) > _MAX_STRIDES
    counted = (strides if already else 2 * strides) if strides > 0 else np.nan
    return _either(counted, effort["counted_steps"])


# Loads of all activities at once under the settings in force; no file is read again.


#: Columns that `with_loads` fills, beside ``srpe`` and the minutes in zones.
LOAD_COLUMNS = (
    *("trimp", "edwards", "lucia", "hr_stress", "intensity", "run_stress", "govss"),
    *("power_intensity", "power_stress", "above_threshold_min"),
)
_RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Efforts:
    """What loads need of every activity, in the order of the activities, without any setting.

    Parameters
    ----------
    seconds_at_bpm, seconds_at_speed : ndarray of float, shape (n_activities, n_values)
        Seconds at each of `BPM`, and in each bin of `SPEED_MPS`. [s]
    power_moments : ndarray of float, shape (n_activities, 5)
        As `loadmon.loads.power_moments` gives them.
    """

    seconds_at_bpm: Floats
    seconds_at_speed: Floats
    power_moments: Floats


def efforts_of(profiles: Sequence[Profile]) -> Efforts:
    """Stack the profiles of all activities, whose arrays become rows of the stack: kept once."""

    def stacked(name: str, width: int) -> Floats:
        stack = np.empty((len(profiles), width))
        for row, p in zip(stack, profiles, strict=True):
            row[:] = p[name]  # type: ignore[literal-required]
            p[name] = row  # type: ignore[literal-required]
        return stack

    return Efforts(
        stacked("seconds_at_bpm", len(BPM)),
        stacked("seconds_at_speed", len(SPEED_MPS)),
        stacked("power_moments", 5),
    )


def with_loads(activities: pd.DataFrame, efforts: Efforts, athlete: Athlete) -> pd.DataFrame:
    """Add every load that the settings allow.

    Returns `activities` with ``srpe`` [AU]; ``trimp, edwards, lucia`` [AU] and ``hr_stress``
    [points]; ``intensity`` [-], ``run_stress`` and ``govss`` [points] of runs; ``power_intensity``
    [-] and ``power_stress`` [points] of runs with power; ``above_threshold_min``, minutes at or
    above threshold heart rate [min]; ``hr_zone_1_min`` ... and ``pace_zone_1_min`` ... [min] where
    zones are set. NaN: the setting, the stream, or 80 % of it (`loadmon.evidence.loads.RECORDING`)
    is missing.
    """
    kept = activities.drop(columns=[c for c in activities.columns if is_zone(c)])
    told = _told(kept, athlete)
    columns = {
        "rpe": told["rpe"],
        "rpe_source": told["rpe_source"],
        "srpe": told["rpe"] * kept["duration_min"],
        **_heart_rate_loads(kept, efforts, athlete),
        **_running_loads(kept, efforts, athlete),
        **_zones(kept, efforts, athlete),
    }
    return kept.assign(**columns)


def is_zone(column: str) -> bool:
    """Whether a column holds minutes in a zone."""
    return column.startswith(("hr_zone_", "pace_zone_")) and column.endswith("_min")


def _told(activities: pd.DataFrame, athlete: Athlete) -> pd.DataFrame:
    """How hard each session felt: what its file says, else the diary's word for its day."""
    before = activities["rpe_source"] == "diary"  # of other settings
    told = pd.DataFrame(
        {
            "rpe": activities["rpe"].mask(before),
            "rpe_source": activities["rpe_source"].mask(before, ""),
        }
    )
    diary = athlete.diary[athlete.diary["rpe"].notna()]
    for day, entries in diary.groupby("date"):
        rows = activities.index[(activities["date"] == day) & told["rpe"].isna()]
        runs = rows[activities.loc[rows, "sport"] == _RUNNING]
        meant = runs if len(runs) else rows
        if len(meant) == len(entries):  # else nobody knows which session is meant
            told.loc[meant, "rpe"] = entries["rpe"].to_numpy()
            told.loc[meant, "rpe_source"] = "diary"
    return told


def enough(coverage: pd.Series) -> pd.Series:
    """Whether a stream covers as much of the session as a load needs; NaN does not."""
    return coverage >= RECORDING["min_coverage_pct"] / 100


def _heart_rate_loads(
    activities: pd.DataFrame, efforts: Efforts, athlete: Athlete
) -> dict[str, pd.Series]:
    seconds, nothing = efforts.seconds_at_bpm, np.full(len(activities), np.nan)
    pair = PAIRS.get(athlete.sex)
    rest, most, threshold = athlete.resting_hr_bpm, athlete.max_hr_bpm, athlete.threshold_hr_bpm
    loads = {
        "trimp": nothing
        if pair is None
        else banister(seconds, resting_hr_bpm=rest, max_hr_bpm=most, pair=pair),
        "edwards": edwards(seconds, max_hr_bpm=most),
        "lucia": lucia(seconds, vt1_hr_bpm=athlete.vt1_hr_bpm, vt2_hr_bpm=athlete.vt2_hr_bpm),
        "hr_stress": nothing
        if pair is None
        else heart_rate_stress(
            seconds,
            resting_hr_bpm=rest,
            max_hr_bpm=most,
            threshold_hr_bpm=threshold,
            pair=pair,
        ),
        "above_threshold_min": nothing
        if np.isnan(threshold)
        else minutes_in_zones(seconds, BPM, [threshold])[:, 1],
    }
    return _where(loads, activities, enough(activities["hr_coverage"]))


def _running_loads(
    activities: pd.DataFrame, efforts: Efforts, athlete: Athlete
) -> dict[str, pd.Series]:
    """Stress of runs by graded speed, by the power model, and by recorded power."""
    minutes = activities["duration_min"].to_numpy()
    threshold = 1000.0 / athlete.threshold_pace_s_per_km
    share = intensity(activities["normalized_graded_speed_mps"].to_numpy(), threshold)
    model = lactate_normalised_power_w(
        efforts.power_moments, mass_kg=athlete.mass_kg, height_m=athlete.height_m
    )
    at = running_power_w(
        np.array([threshold]), np.zeros(1), mass_kg=athlete.mass_kg, height_m=athlete.height_m
    )[0]
    graded = {
        "intensity": share,
        "run_stress": stress(minutes, share),
        "govss": stress(minutes, intensity(model, at)),
    }
    watts = intensity(activities["normalized_power_w"].to_numpy(), athlete.threshold_power_w)
    power = {"power_intensity": watts, "power_stress": stress(minutes, watts)}
    runs = activities["sport"] == _RUNNING
    # Graded speed is of runs alone already; power may be that of a bicycle.
    return _where(graded, activities, enough(activities["graded_coverage"])) | _where(
        power, activities, runs & enough(activities["power_coverage"])
    )


def _zones(activities: pd.DataFrame, efforts: Efforts, athlete: Athlete) -> dict[str, pd.Series]:
    """Minutes in each zone that is set, the easiest first."""
    out: dict[str, pd.Series] = {}
    if athlete.hr_zones_bpm:
        minutes = minutes_in_zones(efforts.seconds_at_bpm, BPM, athlete.hr_zones_bpm)
        named = {f"hr_zone_{k}_min": column for k, column in enumerate(minutes.T, 1)}
        out |= _where(named, activities, enough(activities["hr_coverage"]))
    if athlete.pace_zones_s_per_km:
        bounds = [1000.0 / pace for pace in athlete.pace_zones_s_per_km]
        minutes = minutes_in_zones(efforts.seconds_at_speed, SPEED_MPS, bounds)
        named = {f"pace_zone_{k}_min": column for k, column in enumerate(minutes.T, 1)}
        covered = pd.Series(minutes.sum(axis=1), activities.index) / activities["duration_min"]
        out |= _where(named, activities, (activities["sport"] == _RUNNING) & enough(covered))
    return out


def _where(
    loads: dict[str, Floats], activities: pd.DataFrame, known: pd.Series
) -> dict[str, pd.Series]:
    """Loads as columns, NaN where they are not known."""
    return {
        name: pd.Series(values, activities.index, dtype="float64").where(known)
        for name, values in loads.items()
    }
