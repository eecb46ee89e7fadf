"""Load columns of all activities at once, under the settings in force; no file is read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loadmon.athlete import Athlete
from loadmon.evidence.loads import RECORDING
from loadmon.io.recording import Floats
from loadmon.loads import (
    BPM,
    PAIRS,
    SPEED_MPS,
    Profile,
    banister,
    edwards,
    heart_rate_stress,
    intensity,
    lactate_normalised_power_w,
    lucia,
    minutes_in_zones,
    running_power_w,
    stress,
)

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
