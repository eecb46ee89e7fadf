"""What a recording holds of effort, and the loads of all activities under the settings in force.

The first depends on no setting and is kept packed; no file is read again for the second.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, SupportsBytes

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon import loads
from loadmon.athlete import Athlete
from loadmon.evidence.loads import RECORDING
from loadmon.frames import frame_of
from loadmon.io.recording import (
    MAX_STRIDES_PER_MIN,
    ON_FOOT,
    RUNNING,
    Floats,
    Marks,
    Recording,
)
from loadmon.loads import BPM, COLUMNS, SPEED_MPS, EffortProfile, effort_profile

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
    columns = loads.minutes(recording.time, recording.streams, distance_m)
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


# Loads of all activities at once.

#: Columns that `with_loads` fills, beside ``srpe`` and the minutes in zones.
LOAD_COLUMNS = (
    *("trimp", "edwards", "lucia", "hr_stress", "intensity", "run_stress", "govss"),
    *("power_intensity", "power_stress", "above_threshold_min"),
)
_ALL_ZONES = "all"
#: Rows that are unpacked at one time.
_ROWS = 256


@dataclass(frozen=True, slots=True)
class IntensityHistograms:
    """What loads need of every activity, one row each, packed; it depends on no setting."""

    rows: Sequence[SupportsBytes] = ()  # as `packed_histograms` makes them

    @property
    def seconds_at_bpm(self) -> Floats:
        """Seconds at each heart rate of `BPM`."""
        return self._stack(0)

    @property
    def seconds_at_speed(self) -> Floats:
        """Seconds in each bin of `SPEED_MPS`."""
        return self._stack(1)

    @property
    def power_moments(self) -> Floats:
        """`loadmon.loads.power_moments`."""
        return self._stack(2)

    def _stack(self, n: int) -> Floats:
        stack = np.empty((len(self.rows), ENDS[n] - (0, *ENDS)[n]))
        for begin, arrays in zip(range(0, len(stack), _ROWS), self.pieces(), strict=False):
            stack[begin : begin + _ROWS] = arrays[n]
        return stack

    def pieces(self) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Rows unpacked, some at a time: the three arrays of them.

        Of all rows at once the arrays would be five times as large as what is known of them.
        """
        for begin in range(0, max(1, len(self.rows)), _ROWS):
            some = [bytes(row) for row in self.rows[begin : begin + _ROWS]]
            marks = np.frombuffer(b"".join([row[:MARKS] for row in some]), np.uint8)
            known = np.unpackbits(marks.reshape(-1, MARKS), axis=1, count=ENDS[-1]).view(bool)
            values = np.zeros(known.shape)
            values[known] = np.frombuffer(b"".join([row[MARKS:] for row in some]))
            bpm, speed, power = np.split(values, ENDS[:-1], axis=1)
            yield bpm.copy(), speed.copy(), power.copy()


def with_loads(
    activities: pd.DataFrame, histograms: IntensityHistograms, athlete: Athlete
) -> pd.DataFrame:
    """Add every load that the settings allow: `LOAD_COLUMNS`, ``srpe``, minutes in zones.

    NaN: the setting, the stream, or 80 % of it (`loadmon.evidence.loads.RECORDING`) is missing.
    """
    rpe, rpe_source = _rpe(activities, athlete)
    sums = _sums(histograms, athlete)
    floats: dict[str, Floats] = {
        "rpe": rpe.to_numpy(),
        "srpe": loads.session_rpe(rpe.to_numpy(), activities["duration_min"].to_numpy()),
        **_where(sums.of_heart_rate, enough(activities["hr_coverage"])),
        **_running_loads(activities, sums.model_w, athlete),
        **_pace_zones(activities, sums.in_pace_zones),
    }
    types = dict.fromkeys(floats, "float64") | {"rpe_source": "str"}
    made = frame_of(floats | {"rpe_source": rpe_source.tolist()}, types, activities.index)
    kept = [c for c in activities.columns if not is_zone(str(c))]
    zones = [name for name in floats if name not in kept]
    others = activities[[c for c in kept if c not in types]]
    return pd.concat([others, made], axis=1)[[*kept, *zones]]


def is_zone(column: str) -> bool:
    """Whether a column holds minutes in a zone."""
    return column.startswith(("hr_zone_", "pace_zone_")) and column.endswith("_min")


def enough(coverage: pd.Series) -> Marks:
    """Whether a stream covers as much of the session as a load needs; NaN does not."""
    out: Marks = coverage.to_numpy(dtype=float) >= RECORDING["min_coverage_pct"] / 100
    return out


def _rpe(activities: pd.DataFrame, athlete: Athlete) -> tuple[pd.Series, pd.Series]:
    """How hard each session felt, and its source: its file, else the diary's answer for its day."""
    rpe, source = activities["rpe"], activities["rpe_source"]
    before = source == "diary"  # of other settings
    if before.any():
        rpe, source = rpe.mask(before), source.mask(before, "")
    diary = athlete.diary[athlete.diary["rpe"].notna()]
    if diary.empty:
        return rpe, source
    rpe, source = rpe.copy(), source.copy()
    for day, entries in diary.groupby("date"):
        rows = activities.index[(activities["date"] == day) & rpe.isna()]
        runs = rows[activities.loc[rows, "sport"] == RUNNING]
        meant = runs if len(runs) else rows
        if len(meant) == len(entries):  # else nobody knows which session is meant
            rpe.loc[meant] = entries["rpe"].to_numpy()
            source.loc[meant] = "diary"
    return rpe, source


@dataclass(frozen=True, slots=True)
class _Sums:
    """What sums over the histograms give, whatever else is known of the activities."""

    of_heart_rate: dict[str, Floats]
    model_w: Floats  # power of the model of running
    in_pace_zones: dict[str, Floats]


def _sums(histograms: IntensityHistograms, athlete: Athlete) -> _Sums:
    pieces = [
        _Sums(
            _of_heart_rate(at_bpm, athlete),
            loads.lactate_normalised_power_w(moments, **_body(athlete)),
            _in_pace_zones(at_speed, athlete),
        )
        for at_bpm, at_speed, moments in histograms.pieces()
    ]

    def joined(columns: list[dict[str, Floats]]) -> dict[str, Floats]:
        return {name: np.concatenate([one[name] for one in columns]) for name in columns[0]}

    return _Sums(
        joined([piece.of_heart_rate for piece in pieces]),
        np.concatenate([piece.model_w for piece in pieces]),
        joined([piece.in_pace_zones for piece in pieces]),
    )


def _body(athlete: Athlete) -> dict[str, float]:
    return {"mass_kg": athlete.mass_kg, "height_m": athlete.height_m}


def _of_heart_rate(seconds: Floats, athlete: Athlete) -> dict[str, Floats]:
    """Loads and minutes in zones by seconds at each heart rate."""
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
    if athlete.hr_zones_bpm:
        minutes = loads.minutes_in_zones(seconds, loads.BPM, athlete.hr_zones_bpm)
        columns |= {f"hr_zone_{k}_min": column for k, column in enumerate(minutes.T, 1)}
    return columns


def _in_pace_zones(seconds: Floats, athlete: Athlete) -> dict[str, Floats]:
    if not athlete.pace_zones_s_per_km:
        return {}
    bounds = [1000.0 / pace for pace in athlete.pace_zones_s_per_km]
    minutes = loads.minutes_in_zones(seconds, loads.SPEED_MPS, bounds)
    columns = {f"pace_zone_{k}_min": column for k, column in enumerate(minutes.T, 1)}
    return columns | {_ALL_ZONES: minutes.sum(axis=1)}


def _running_loads(
    activities: pd.DataFrame, model_w: Floats, athlete: Athlete
) -> dict[str, Floats]:
    """Stress of runs by graded speed, by the power model, and by recorded power."""
    minutes = activities["duration_min"].to_numpy()
    threshold = 1000.0 / athlete.threshold_pace_s_per_km
    share = loads.intensity(activities["normalized_graded_speed_mps"].to_numpy(), threshold)
    speed, slope = np.array([threshold]), np.zeros(1)
    (at_threshold,) = loads.running_power_w(speed, slope, **_body(athlete))
    graded = {
        "intensity": share,
        "run_stress": loads.stress(minutes, share),
        "govss": loads.stress(minutes, loads.intensity(model_w, at_threshold)),
    }
    watts = loads.intensity(activities["normalized_power_w"].to_numpy(), athlete.threshold_power_w)
    power = {"power_intensity": watts, "power_stress": loads.stress(minutes, watts)}
    runs = activities["sport"].to_numpy() == RUNNING
    # Graded speed is of runs alone already; power may be that of a bicycle.
    return _where(graded, enough(activities["graded_coverage"])) | _where(
        power, runs & enough(activities["power_coverage"])
    )


def _pace_zones(activities: pd.DataFrame, minutes: dict[str, Floats]) -> dict[str, Floats]:
    """Minutes in pace zones, of runs whose speed covers enough of the session."""
    if not minutes:
        return {}
    covered = enough(minutes[_ALL_ZONES] / activities["duration_min"])
    zones = {name: column for name, column in minutes.items() if name != _ALL_ZONES}
    return _where(zones, (activities["sport"].to_numpy() == RUNNING) & covered)


def _where(columns: dict[str, Floats], known: Marks) -> dict[str, Floats]:
    return {name: np.where(known, values, np.nan) for name, values in columns.items()}
