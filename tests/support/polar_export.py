"""Make training sessions of Polar Flow, in its new shape and in the old one."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from typing import Any

from made_up import Point, made_up_points


def polar_session(
    start: dt.datetime, *, offset_min: int | None = 60, km: float = 2.0, minutes: float = 12.0,
    shape: str = "new", sport: str = "running", position: bool = True,
) -> bytes:  # fmt: skip
    """One training session of Polar Flow, in the new shape or the old one."""
    points = made_up_points(
        start, distance_km=km, duration_min=minutes, step_s=1, position=position
    )
    local = start + dt.timedelta(minutes=offset_min or 0)
    stop = local + dt.timedelta(minutes=minutes)
    times = {"startTime": f"{local:%Y-%m-%dT%H:%M:%S}", "stopTime": f"{stop:%Y-%m-%dT%H:%M:%S}"}
    make = _polar_new if shape == "new" else _polar_old
    session = make(points, times, offset_min, km, minutes, sport)
    return json.dumps(session).encode()  # bare NaN, as Polar writes it


def _polar_new(
    points: Sequence[Point], times: dict[str, str], offset_min: int | None, km: float,
    minutes: float, sport: str,
) -> dict[str, Any]:  # fmt: skip
    number = {"running": "1", "cycling": "2", "treadmill": "17"}.get(sport, sport)
    common = {**times, "durationMillis": round(minutes * 60_000), "distanceMeters": km * 1000}
    if offset_min is not None:
        common["timezoneOffsetMinutes"] = offset_min  # type: ignore[assignment]
    channels = {
        "HEART_RATE": [math.nan, *(p.heart_rate_bpm for p in points[1:])],
        "SPEED": [math.nan, *(p.speed_mps * 3.6 for p in points[1:])],
        "DISTANCE": [p.distance_m for p in points],
        "ALTITUDE": [0.0, 0.0, *(p.altitude_m + 180 for p in points[2:])],
    }
    ways = [
        {"latitude": p.latitude_deg, "longitude": p.longitude_deg, "elapsedMillis": n * 1000}
        for n, p in enumerate(points)
        if p.latitude_deg is not None
    ]
    exercise = {
        **common, "sport": {"id": number},
        "samples": {"samples": [
            {"type": kind, "intervalMillis": 1000, "values": values}
            for kind, values in channels.items()
        ]},
        "routes": {"route": {"startTime": times["startTime"], "wayPoints": ways}} if ways else {},
        "statistics": {"statistics": [
            {"type": "STATISTICS_TYPE_HEART_RATE", "min": 98, "avg": 147, "max": 171}
        ]},
    }  # fmt: skip
    return {
        "identifier": {"id": "5022701696"}, **common, "sport": {"id": number}, "name": "",
        "hrAvg": 147, "hrMax": 171,
        "physicalInformation": {"maximumHeartRate": 190, "restingHeartRate": 52, "weightKg": 61.5},
        "exercises": [exercise],
    }  # fmt: skip


def _polar_old(
    points: Sequence[Point], times: dict[str, str], offset_min: int | None, km: float,
    minutes: float, sport: str,
) -> dict[str, Any]:  # fmt: skip
    begin = dt.datetime.fromisoformat(times["startTime"])
    stamps = [
        (begin + (p.time - points[0].time)).isoformat(timespec="milliseconds") for p in points
    ]
    common = {**times, "duration": f"PT{minutes * 60:.3f}S", "distance": km * 1000}
    if offset_min is not None:
        common["timezoneOffset"] = offset_min  # type: ignore[assignment]
    samples = {
        "heartRate": [
            {"dateTime": t, "value": p.heart_rate_bpm} for t, p in zip(stamps, points, strict=True)
        ],
        "speed": [
            {"dateTime": t, "value": p.speed_mps * 3.6} for t, p in zip(stamps, points, strict=True)
        ],
        "distance": [
            {"dateTime": t, "value": p.distance_m} for t, p in zip(stamps, points, strict=True)
        ],
        "recordedRoute": [
            {"dateTime": t, "longitude": p.longitude_deg, "latitude": p.latitude_deg}
            for t, p in zip(stamps, points, strict=True)
            if p.latitude_deg is not None
        ],
    }
    exercise = {
        **common, "sport": {"treadmill": "TREADMILL_RUNNING"}.get(sport, sport.upper()),
        "heartRate": {"min": 98, "avg": 147, "max": 171}, "samples": samples,
    }  # fmt: skip
    return {"exportVersion": "1.6", "name": "Running", **common, "exercises": [exercise]}
