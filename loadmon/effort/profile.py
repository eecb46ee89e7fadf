"""The effort profile of one session: what its loads need, without any setting of the athlete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import numpy as np

from loadmon.effort.clock import Floats, each_second, earned_s
from loadmon.effort.heart_rate import BPM, seconds_at_bpm
from loadmon.effort.power import power_moments
from loadmon.effort.slope import climb_and_descent, downhill_m, flat_equivalent_mps, grade
from loadmon.effort.stress import normalised, rolling_mean
from loadmon.effort.zones import SPEED_MPS, seconds_at_speed
from loadmon.evidence.effort import FASTEST, RECORDING, SLOPE

#: Sub-sports without hills: on a treadmill the altitude of the watch is that of the room.
FLAT = ("treadmill", "indoor_running", "virtual_activity", "track", "indoor_track")


class Profile(TypedDict):
    """What `profile` gives; NaN is not known, and `seconds` say on how much a number rests."""

    seconds_at_bpm: Floats
    seconds_at_speed: Floats
    power_moments: Floats
    climb_m: float
    descent_m: float
    downhill_m: float
    counted_steps: float
    graded_speed_mps: float
    normalized_graded_speed_mps: float
    graded_seconds: float
    is_flat: bool
    mean_power_w: float
    normalized_power_w: float
    power_seconds: float


def profile(
    time: Floats, streams: Mapping[str, Floats], distance_m: Floats, *, sport: str, sub_sport: str
) -> Profile:
    """Sum up a session's stream.

    Parameters
    ----------
    time : ndarray of float, shape (n_records,)
        Time of each record, rising. [s]
    streams : mapping of str to ndarray of float, shape (n_records,)
        What was recorded: ``heart_rate_bpm, altitude_m, cadence_spm`` (two feet), ``speed_mps,
        power_w``; each may be absent. NaN is not recorded.
    distance_m : ndarray of float, shape (n_records,)
        Way made up to each record, NaN not known. [m]
    sport, sub_sport : str
        Names of the FIT profile. Graded speed and power of running are of ``running`` alone, as
        the cost of a slope was measured for it; the grade of a sub-sport of `FLAT` is 0.

    Returns
    -------
    Profile
        Two histograms [s], five sums for `power.lactate_normalised_power_w`, and numbers with
        their unit in the name.
    """
    none = np.full(len(time), np.nan)
    out = _nothing()
    out["is_flat"] = sub_sport in FLAT
    if not len(time):
        return out
    out["seconds_at_bpm"] = seconds_at_bpm(time, streams.get("heart_rate_bpm", none))
    out["counted_steps"] = _steps(time, streams.get("cadence_spm", none))
    altitude = none if out["is_flat"] else streams.get("altitude_m", none)
    _add_climb(out, time, altitude, distance_m)
    speed = _speed(time, streams.get("speed_mps", none), distance_m)
    out["seconds_at_speed"] = seconds_at_speed(time, speed)
    if sport == "running":
        speed = np.where(speed > FASTEST["speed_mps"], np.nan, speed)
        _add_graded_speed(out, time, speed, altitude, distance_m)
    _add_power(out, time, streams.get("power_w", none))
    return out


def _nothing() -> Profile:
    """Profile of a session without a stream."""
    return Profile(
        seconds_at_bpm=np.zeros(len(BPM)),
        seconds_at_speed=np.zeros(len(SPEED_MPS)),
        power_moments=np.full(5, np.nan),
        climb_m=np.nan,
        descent_m=np.nan,
        downhill_m=np.nan,
        counted_steps=np.nan,
        graded_speed_mps=np.nan,
        normalized_graded_speed_mps=np.nan,
        graded_seconds=0.0,
        is_flat=False,
        mean_power_w=np.nan,
        normalized_power_w=np.nan,
        power_seconds=0.0,
    )


def _steps(time: Floats, cadence: Floats) -> float:
    """Steps of both feet, by cadence times earned time."""
    known = ~np.isnan(cadence)
    return float((cadence * earned_s(time))[known].sum() / 60.0) if known.any() else np.nan


def _add_climb(out: Profile, time: Floats, altitude: Floats, distance: Floats) -> None:
    if out["is_flat"]:
        out["downhill_m"] = 0.0  # no way down on a treadmill, whatever its incline
    (metres,) = each_second(time, altitude)
    out["climb_m"], out["descent_m"] = climb_and_descent(metres)
    metres, way = each_second(time, altitude, distance)
    if len(way) and np.ptp(way) >= SLOPE["grade_span_m"]:
        out["downhill_m"] = downhill_m(way, grade(way, metres))


def _speed(time: Floats, recorded: Floats, distance: Floats) -> Floats:
    """Speed of each record, as recorded, else made from the way to the next record."""
    if not np.isnan(recorded).all():
        return recorded
    seconds = earned_s(time)
    metres = np.diff(distance, append=np.nan)
    made: Floats = np.divide(metres, seconds, out=np.full(len(time), np.nan), where=seconds > 0)
    known = ~np.isnan(made)
    usual = np.median(seconds[known]) if known.any() else 1.0
    made[known] = rolling_mean(made[known], max(1, round(RECORDING["derived_speed_s"] / usual)))
    return made


def _add_graded_speed(
    out: Profile, time: Floats, speed: Floats, altitude: Floats, distance: Floats
) -> None:
    """Flat-equivalent speed of a run: its mean, its normalised value, and the sums of power."""
    if out["is_flat"]:
        (speeds,) = each_second(time, speed)
        grades = np.zeros(len(speeds))
    else:
        speeds, metres, way = each_second(time, speed, altitude, distance)
        grades = grade(way, metres)
    if len(speeds):
        flat = flat_equivalent_mps(speeds, grades)
        out["graded_seconds"] = float(len(speeds))
        out["graded_speed_mps"] = float(flat.mean())
        out["normalized_graded_speed_mps"] = normalised(flat)
        out["power_moments"] = power_moments(speeds, grades)


def _add_power(out: Profile, time: Floats, power: Floats) -> None:
    (watts,) = each_second(time, power)
    if len(watts):
        out["mean_power_w"], out["power_seconds"] = float(watts.mean()), float(len(watts))
        out["normalized_power_w"] = normalised(watts)
