"""Polar Flow: one JSON file for each training session, with its samples.

Two shapes. In the new one (``durationMillis``) a sport is a number, samples are arrays over one
interval and positions count from their own start; in the old one (``duration`` as ``PT1H``) a
sport is a word and every sample has its time. Times are local, the offset stands beside them.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.form import Form
from loadmon.io.recording import Floats, Recording, both_feet, sport_names

_PERIOD = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
#: Numbers of sports, as seen in Polar Flow; one that is not here is not guessed.
_SPORTS = {
    "1": "running", "2": "cycling", "3": "walking", "4": "jogging", "5": "mountain_biking",
    "9": "nordic_walking", "11": "hiking", "15": "strength_training", "17": "treadmill_running",
    "18": "indoor_cycling", "23": "swimming", "27": "trail_running", "38": "road_cycling",
}  # fmt: skip
#: Name of a channel in the new shape and in the old, ours, and the factor to its unit.
_CHANNELS = (
    ("HEART_RATE", "heartRate", "heart_rate_bpm", 1.0),
    ("SPEED", "speed", "speed_mps", 1 / 3.6),
    ("DISTANCE", "distance", "distance_m", 1.0),
    ("ALTITUDE", "altitude", "altitude_m", 1.0),
    ("CADENCE", "cadence", "cadence_spm", 1.0),
    ("TEMPERATURE", "temperature", "temperature_c", 1.0),
)
Channel = tuple[Floats, Floats]  # local times and values


def polar_recordings(data: bytes) -> list[Recording | FileProblem]:
    """Read one session; what an exercise does not say its session says, if it is the only one."""
    session = cells.loads(data)
    exercises = cells.rows_of(cells.below(session, "exercises"))
    if not exercises:
        raise FileProblem("skipped", "no-points", "a Polar session without any exercise in it")
    outer = session if len(exercises) == 1 else {}
    return [_recording(exercise, session, outer) for exercise in exercises]


def _recording(
    exercise: dict[str, Any], session: dict[str, Any], outer: dict[str, Any]
) -> Recording:
    wall, clock_offset = cells.clock(exercise.get("startTime") or session.get("startTime"))
    names = ("timezoneOffsetMinutes", "timezoneOffset", "timeZoneOffset")
    stated = [cells.number(level.get(name)) for level in (exercise, session) for name in names]
    offset = next((m for m in map(cells.possible_offset, stated) if m == m), clock_offset)
    shift = 60.0 * offset if offset == offset else 0.0
    kind = exercise.get("sport") or outer.get("sport")
    if isinstance(kind, dict):
        kind = _SPORTS.get(cells.text(kind.get("id")))
    sport, sub_sport = sport_names(cells.text(kind))
    channels = _new_channels(exercise, wall) | _old_channels(exercise)
    recording = Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=wall - shift,
        summary=cells.known(_summary(exercise, outer)),
        offset_min=offset,
        device_settings=_device_settings(session),
    )
    recording.time, recording.streams = _aligned(channels, shift)
    if "cadence_spm" in recording.streams:
        recording.streams["cadence_spm"] = both_feet(recording.streams["cadence_spm"], sport)
    if offset != offset:
        recording.flags["tz-unknown"] = cells.NO_OFFSET
    return recording


def _summary(exercise: dict[str, Any], outer: dict[str, Any]) -> dict[str, float]:
    def first(*values: Any) -> float:
        return next((v for v in map(cells.number, values) if v == v), np.nan)

    def either(name: str) -> Any:
        return exercise.get(name, outer.get(name))

    beat = exercise.get("heartRate") or {}
    statistics = {
        cells.text(s.get("type")): s
        for s in cells.rows_of(cells.below(exercise, "statistics", "statistics"))
    }.get("STATISTICS_TYPE_HEART_RATE", {})
    timer = first(either("durationMillis")) / 1000.0
    begin = cells.clock(either("startTime"))[0]
    return {
        "distance_m": first(either("distanceMeters"), either("distance")),
        "timer_s": timer if timer == timer else _period_s(either("duration")),
        "elapsed_s": cells.clock(either("stopTime"))[0] - begin,
        "ascent_m": first(exercise.get("ascentMeters"), exercise.get("ascent")),
        "descent_m": first(exercise.get("descentMeters"), exercise.get("descent")),
        "avg_hr_bpm": first(cells.below(beat, "avg"), statistics.get("avg"), outer.get("hrAvg")),
        "max_hr_bpm": first(cells.below(beat, "max"), statistics.get("max"), outer.get("hrMax")),
        "calories_kcal": first(either("calories"), either("kiloCalories")),
    }


def _period_s(value: Any) -> float:
    """Seconds of ``PT1H2M3.5S``; NaN if it is none."""
    found = _PERIOD.fullmatch(cells.text(value))
    if not found or not any(found.groups()):
        return np.nan
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + seconds


def _new_channels(exercise: dict[str, Any], wall: float) -> dict[str, Channel]:
    out: dict[str, Channel] = {}
    channels = {new: (name, factor) for new, _, name, factor in _CHANNELS}
    for sample in cells.rows_of(cells.below(exercise, "samples", "samples")):
        name, factor = channels.get(cells.text(sample.get("type")), ("", 1.0))
        values = sample.get("values")
        step = cells.number(sample.get("intervalMillis")) / 1000.0
        if name and isinstance(values, list) and step > 0:
            numbers = np.array([cells.number(v) for v in values], np.float64) * factor
            if name == "altitude_m":
                # The altimeter writes 0 until it has found its level.
                level = np.flatnonzero(numbers != 0)
                if len(level) and abs(numbers[level[0]]) > 5:
                    numbers[: level[0]] = np.nan
            out[name] = np.float64(wall) + step * np.arange(len(numbers), dtype=np.float64), numbers
    route = cells.below(exercise, "routes", "route")
    begin = cells.clock(cells.below(route, "startTime"))[0]
    points = cells.rows_of(cells.below(route, "wayPoints"))
    times = np.array([cells.number(p.get("elapsedMillis")) / 1000.0 for p in points], np.float64)
    times += begin if begin == begin else wall
    return out | _route(points, times)


def _route(points: list[dict[str, Any]], times: Floats) -> dict[str, Channel]:
    if not points:
        return {}
    return {
        f"{name}_deg": (times, np.array([cells.number(p.get(name)) for p in points], np.float64))
        for name in ("latitude", "longitude")
    }


def _old_channels(exercise: dict[str, Any]) -> dict[str, Channel]:
    samples = exercise.get("samples")
    out: dict[str, Channel] = {}
    for _, old, name, factor in _CHANNELS:
        if rows := cells.rows_of(cells.below(samples, old)):
            times = np.array([cells.clock(r.get("dateTime"))[0] for r in rows], np.float64)
            out[name] = times, np.array([cells.number(r.get("value")) for r in rows]) * factor
    points = cells.rows_of(cells.below(samples, "recordedRoute"))
    times = np.array([cells.clock(p.get("dateTime"))[0] for p in points], np.float64)
    return out | _route(points, times)


def _aligned(channels: dict[str, Channel], shift: float) -> tuple[Floats, dict[str, Floats]]:
    """All channels on one row of whole seconds of Unix time."""
    channels = {name: (np.round(t), v) for name, (t, v) in channels.items() if len(t)}
    known_times = [t[~np.isnan(t)] for t, _ in channels.values()]
    if not known_times:
        return np.empty(0), {}
    time = np.unique(np.concatenate(known_times))
    streams = {}
    for name, (t, values) in channels.items():
        streams[name] = np.full(len(time), np.nan)
        streams[name][np.searchsorted(time, t[~np.isnan(t)])] = values[~np.isnan(t)]
    return time - shift, streams


def _device_settings(session: dict[str, Any]) -> dict[str, Any]:
    info = session.get("physicalInformation") or session.get("physicalInformationSnapshot") or {}
    values = {
        "max_hr_bpm": cells.number(cells.below(info, "maximumHeartRate")),
        "resting_hr_bpm": cells.number(cells.below(info, "restingHeartRate")),
        "mass_kg": cells.number(cells.below(info, "weightKg")),
    }
    return {name: value for name, value in values.items() if value > 0}


FORMS = (
    Form(
        kind="polar",
        platform="Polar Flow",
        read_recordings=polar_recordings,
        words=(b'"exercises"', b'"startTime"', b'"sport"'),
    ),
)
