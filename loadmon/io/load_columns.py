"""Load columns of all activities at once, under the settings in force; no file is read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from loadmon import loads
from loadmon.athlete import Athlete
from loadmon.evidence.loads import RECORDING
from loadmon.io.recording import Floats

#: Columns that `with_loads` fills, beside ``srpe`` and the minutes in zones.
LOAD_COLUMNS = (
    *("trimp", "edwards", "lucia", "hr_stress", "intensity", "run_stress", "govss"),
    *("power_intensity", "power_stress", "above_threshold_min"),
)
_RUNNING = "running"


@dataclass(frozen=True, slots=True)
class IntensityHistograms:
    """What loads need of every activity, one row each; it depends on no setting."""

    seconds_at_bpm: Floats  # `BPM`
    seconds_at_speed: Floats  # in each bin of `SPEED_MPS`
    power_moments: Floats  # `loadmon.loads.power_moments`


def stack_histograms(profiles: Sequence[Mapping[str, Any]]) -> IntensityHistograms:
    """Stack the effort profiles of all activities; their arrays are whole, or `thinned`."""

    def stacked(name: str, width: int) -> Floats:
        stack = np.zeros((len(profiles), width))
        for row, profile in zip(stack, profiles, strict=True):
            known = profile[name]
            if isinstance(known, np.ndarray):
                row[:] = known
            else:
                row[known[1]] = known[2]
        return stack

    return IntensityHistograms(
        stacked("seconds_at_bpm", len(loads.BPM)),
        stacked("seconds_at_speed", len(loads.SPEED_MPS)),
        stacked("power_moments", 5),
    )


def with_loads(
    activities: pd.DataFrame, histograms: IntensityHistograms, athlete: Athlete
) -> pd.DataFrame:
    """Add every load that the settings allow: `LOAD_COLUMNS`, ``srpe``, minutes in zones.

    NaN: the setting, the stream, or 80 % of it (`loadmon.evidence.loads.RECORDING`) is missing.
    """
    kept = activities.drop(columns=[c for c in activities.columns if is_zone(c)])
    rpe, rpe_source = _rpe(kept, athlete)
    columns: dict[str, pd.Series | Floats] = {
        "rpe": rpe,
        "rpe_source": rpe_source,
        "srpe": loads.session_rpe(rpe.to_numpy(), kept["duration_min"].to_numpy()),
        **_heart_rate_loads(kept, histograms, athlete),
        **_running_loads(kept, histograms, athlete),
        **_zones(kept, histograms, athlete),
    }
    return kept.assign(**columns)


def is_zone(column: str) -> bool:
    """Whether a column holds minutes in a zone."""
    return column.startswith(("hr_zone_", "pace_zone_")) and column.endswith("_min")


def enough(coverage: pd.Series) -> pd.Series:
    """Whether a stream covers as much of the session as a load needs; NaN does not."""
    return coverage >= RECORDING["min_coverage_pct"] / 100


def _rpe(activities: pd.DataFrame, athlete: Athlete) -> tuple[pd.Series, pd.Series]:
    """How hard each session felt, and its source: its file, else the diary's answer for its day."""
    before = activities["rpe_source"] == "diary"  # of other settings
    rpe = activities["rpe"].mask(before)
    source = activities["rpe_source"].mask(before, "")
    diary = athlete.diary[athlete.diary["rpe"].notna()]
    for day, entries in diary.groupby("date"):
        rows = activities.index[(activities["date"] == day) & rpe.isna()]
        runs = rows[activities.loc[rows, "sport"] == _RUNNING]
        meant = runs if len(runs) else rows
        if len(meant) == len(entries):  # else nobody knows which session is meant
            rpe.loc[meant] = entries["rpe"].to_numpy()
            source.loc[meant] = "diary"
    return rpe, source


def _heart_rate_loads(
    activities: pd.DataFrame, histograms: IntensityHistograms, athlete: Athlete
) -> dict[str, pd.Series]:
    seconds = histograms.seconds_at_bpm
    threshold = athlete.threshold_hr_bpm
    unknown = np.full(len(seconds), np.nan)
    reserve = {"resting_hr_bpm": athlete.resting_hr_bpm, "max_hr_bpm": athlete.max_hr_bpm}
    columns = {
        "trimp": unknown,
        "edwards": loads.edwards(seconds, max_hr_bpm=athlete.max_hr_bpm),
        "lucia": loads.lucia(seconds, vt1_hr_bpm=athlete.vt1_hr_bpm, vt2_hr_bpm=athlete.vt2_hr_bpm),
        "hr_stress": unknown,
        "above_threshold_min": unknown,
    }
    if (pair := loads.PAIRS.get(athlete.sex)) is not None:
        columns["trimp"] = loads.banister(seconds, **reserve, pair=pair)
        columns["hr_stress"] = loads.heart_rate_stress(
            seconds, **reserve, threshold_hr_bpm=threshold, pair=pair
        )
    if not np.isnan(threshold):
        below_and_above = loads.minutes_in_zones(seconds, loads.BPM, [threshold])
        columns["above_threshold_min"] = below_and_above[:, 1]
    return _where(columns, activities, enough(activities["hr_coverage"]))


def _running_loads(
    activities: pd.DataFrame, histograms: IntensityHistograms, athlete: Athlete
) -> dict[str, pd.Series]:
    """Stress of runs by graded speed, by the power model, and by recorded power."""
    minutes = activities["duration_min"].to_numpy()
    threshold = 1000.0 / athlete.threshold_pace_s_per_km
    share = loads.intensity(activities["normalized_graded_speed_mps"].to_numpy(), threshold)
    body = {"mass_kg": athlete.mass_kg, "height_m": athlete.height_m}
    model = loads.lactate_normalised_power_w(histograms.power_moments, **body)
    (at_threshold,) = loads.running_power_w(np.array([threshold]), np.zeros(1), **body)
    graded = {
        "intensity": share,
        "run_stress": loads.stress(minutes, share),
        "govss": loads.stress(minutes, loads.intensity(model, at_threshold)),
    }
    watts = loads.intensity(activities["normalized_power_w"].to_numpy(), athlete.threshold_power_w)
    power = {"power_intensity": watts, "power_stress": loads.stress(minutes, watts)}
    runs = activities["sport"] == _RUNNING
    # Graded speed is of runs alone already; power may be that of a bicycle.
    return _where(graded, activities, enough(activities["graded_coverage"])) | _where(
        power, activities, runs & enough(activities["power_coverage"])
    )


def _zones(
    activities: pd.DataFrame, histograms: IntensityHistograms, athlete: Athlete
) -> dict[str, pd.Series]:
    out: dict[str, pd.Series] = {}
    if athlete.hr_zones_bpm:
        minutes = loads.minutes_in_zones(histograms.seconds_at_bpm, loads.BPM, athlete.hr_zones_bpm)
        named = {f"hr_zone_{k}_min": column for k, column in enumerate(minutes.T, 1)}
        out |= _where(named, activities, enough(activities["hr_coverage"]))
    if athlete.pace_zones_s_per_km:
        bounds = [1000.0 / pace for pace in athlete.pace_zones_s_per_km]
        minutes = loads.minutes_in_zones(histograms.seconds_at_speed, loads.SPEED_MPS, bounds)
        named = {f"pace_zone_{k}_min": column for k, column in enumerate(minutes.T, 1)}
        covered = pd.Series(minutes.sum(axis=1), activities.index) / activities["duration_min"]
        out |= _where(named, activities, (activities["sport"] == _RUNNING) & enough(covered))
    return out


def _where(
    columns: dict[str, Floats], activities: pd.DataFrame, known: pd.Series
) -> dict[str, pd.Series]:
    return {
        name: pd.Series(values, activities.index, dtype="float64").where(known)
        for name, values in columns.items()
    }
