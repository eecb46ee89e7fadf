"""Load columns of all activities at once, under the settings in force; no file is read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import SupportsBytes

import numpy as np
import pandas as pd

from loadmon import loads
from loadmon.athlete import Athlete
from loadmon.evidence.loads import RECORDING
from loadmon.frames import frame_of
from loadmon.io.intensity import ENDS, MARKS
from loadmon.io.recording import Floats, Marks

#: Columns that `with_loads` fills, beside ``srpe`` and the minutes in zones.
LOAD_COLUMNS = (
    *("trimp", "edwards", "lucia", "hr_stress", "intensity", "run_stress", "govss"),
    *("power_intensity", "power_stress", "above_threshold_min"),
)
_RUNNING, _ALL_ZONES = "running", "all"


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
        runs = rows[activities.loc[rows, "sport"] == _RUNNING]
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
    runs = activities["sport"].to_numpy() == _RUNNING
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
    return _where(zones, (activities["sport"].to_numpy() == _RUNNING) & covered)


def _where(columns: dict[str, Floats], known: Marks) -> dict[str, Floats]:
    return {name: np.where(known, values, np.nan) for name, values in columns.items()}
