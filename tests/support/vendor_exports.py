"""Make small exports of Garmin, Apple Health, Suunto and intervals.icu around recordings."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from made_up import made_up_points

APPLE_DTD = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 11 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Workout ((MetadataEntry|WorkoutEvent|WorkoutRoute)*)>
]>
"""
#: As iOS 16 writes it: an attribute list that is never opened, and a stray control character.
APPLE_DTD_16 = APPLE_DTD.replace("<!ATTLIST HealthData\n", "HealthData\x0b\n")


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Pack members into a zip, in their order, with a fixed time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 0, 0, 0)), data)
    return out.getvalue()


def garmin_activity(
    ident: int, start: dt.datetime, *, offset_min: int = 60, km: float = 2.0, minutes: float = 12.0,
    sport: str = "running", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """One activity of Garmin's list, in milliseconds and centimetres."""
    begin = round(start.timestamp() * 1000)
    return {
        "activityId": ident, "name": "Run", "activityType": sport, "sportType": sport.upper(),
        "beginTimestamp": begin, "startTimeGmt": float(begin),
        "startTimeLocal": float(begin + offset_min * 60_000),
        "duration": minutes * 60_000, "elapsedDuration": minutes * 60_000,
        "distance": km * 100_000, "avgSpeed": km * 1000 / (minutes * 60) / 10,
        "avgHr": 148.0, **more,
    }  # fmt: skip


def garmin_export(
    activities: Sequence[Mapping[str, Any]],
    files: Mapping[str, bytes],
    *,
    gear: Mapping[str, Sequence[int]] | None = None,
    pauses: Sequence[Mapping[str, Any]] = (),
) -> dict[str, bytes]:
    """Members of Garmin's account export; recordings lie in a zip of their own.

    Parameters
    ----------
    activities : sequence of dict
        As from `garmin_activity`.
    files : dict of str to bytes
        Recordings by name.
    gear : dict of str to list of int
        Numbers of activities by the name of the gear.
    pauses : sequence of dict
        Rows of the coach's history of pauses.
    """
    root, fitness = "DI_CONNECT", "DI_CONNECT/DI-Connect-Fitness"
    members = {
        f"{root}/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": zipped(files),
        f"{fitness}/someone_0_summarizedActivities.json": _json(
            [{"summarizedActivitiesExport": list(activities)}]
        ),
        f"{root}/DI-Connect-User/user_profile.json": b"{}",
    }
    if gear:
        members[f"{fitness}/someone_gear.json"] = _json([_gear(gear)])
    if pauses:
        members[f"{root}/DI-ATP/Garmin_Coach_Pause_History.json"] = _json(list(pauses))
    return members


def _gear(gear: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    names = list(gear)
    return {
        "gearDTOS": [
            {"gearPk": n, "displayName": name, "gearStatusName": "active"}
            for n, name in enumerate(names, 1)
        ],
        "gearActivityDTOs": {
            str(n): [{"activityId": ident, "gearPk": n} for ident in gear[name]]
            for n, name in enumerate(names, 1)
        },
    }


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def apple_workout(
    start: dt.datetime, *, km: float = 2.0, minutes: float = 12.0, sport: str = "Running",
    era: int = 16, route: str = "", offset: str = "+0100", zone: str = "Europe/Berlin",
    source: str = "Watch", unit: str = "km", extra: str = "",
) -> str:  # fmt: skip
    """One workout; up to iOS 15 the distance is an attribute, later a statistic."""
    hours = int(offset[:3])
    local = start + dt.timedelta(hours=hours)
    end = local + dt.timedelta(minutes=minutes)
    distance = km if unit == "km" else km / 1.609344
    legacy = f'totalDistance="{distance}" totalDistanceUnit="{unit}" ' if era < 16 else ""
    statistics = (
        f'<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" '
        f'sum="{distance}" unit="{unit}"/>\n'
        '<WorkoutStatistics type="HKQuantityTypeIdentifierHeartRate" average="149.5" '
        'maximum="171" minimum="98" unit="count/min"/>\n'
    )
    path = f'<WorkoutRoute><FileReference path="{route}"/></WorkoutRoute>\n' if route else ""
    return (
        f'<Workout workoutActivityType="HKWorkoutActivityType{sport}" duration="{minutes}" '
        f'durationUnit="min" {legacy}sourceName="{source}" sourceVersion="1" '
        f'creationDate="{end:%Y-%m-%d %H:%M:%S} {offset}" '
        f'startDate="{local:%Y-%m-%d %H:%M:%S} {offset}" '
        f'endDate="{end:%Y-%m-%d %H:%M:%S} {offset}">\n'
        f'<MetadataEntry key="HKTimeZone" value="{zone}"/>\n'
        f"{statistics if era >= 16 else ''}{path}{extra}</Workout>\n"
    )


def apple_export(
    workouts: Sequence[str],
    routes: Mapping[str, bytes] | None = None,
    *,
    dtd: str = APPLE_DTD,
    name: str = "export.xml",
    records: int = 50,
) -> dict[str, bytes]:
    """Members of Apple's export: the workouts among many single measurements, and their routes."""
    measurements = "".join(
        '<Record type="HKQuantityTypeIdentifierHeartRate" unit="count/min" '
        f'startDate="2026-03-01 08:{n // 60 % 60:02d}:{n % 60:02d} +0100" value="{60 + n % 90}"/>\n'
        for n in range(records)
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{dtd}<HealthData locale="en_US">\n'
        '<ExportDate value="2026-04-01 10:00:00 +0200"/>\n'
        '<Me HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale"/>\n'
        f"{measurements}{''.join(workouts)}{measurements}</HealthData>\n"
    )
    folder = "apple_health_export"
    members = {f"{folder}/{name}": body.encode()}
    for route, data in (routes or {}).items():
        members[f"{folder}/workout-routes/{route}"] = data
    return members


def apple_route(start: dt.datetime, *, km: float = 2.0, minutes: float = 12.0) -> bytes:
    """One route of a workout: positions with their speeds, without heart rate and sport."""
    points = made_up_points(start, distance_km=km, duration_min=minutes, step_s=5)
    rows = "".join(
        f'<trkpt lon="{p.longitude_deg:.7f}" lat="{p.latitude_deg:.7f}"><ele>{p.altitude_m}</ele>'
        f"<time>{p.time:%Y-%m-%dT%H:%M:%SZ}</time><extensions><speed>{p.speed_mps}</speed>"
        "</extensions></trkpt>\n"
        for p in points
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Apple Health Export" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Route</name><trkseg>\n'
        f"{rows}</trkseg></trk></gpx>\n"
    ).encode()


def suunto_json(
    start: dt.datetime, *, offset: str = "+01:00", km: float = 2.0, minutes: float = 12.0
) -> bytes:
    """One activity of a Suunto watch as JSON, in SI units."""
    points = made_up_points(start, distance_km=km, duration_min=minutes, step_s=10)
    hours = dt.timedelta(hours=int(offset[:3]))

    def stamp(when: dt.datetime) -> str:
        return f"{when + hours:%Y-%m-%dT%H:%M:%S}.000{offset}"

    samples: list[dict[str, Any]] = [{"TimeISO8601": stamp(start), "Events": [{"Lap": {}}]}]
    for p in points:
        samples.append(
            {
                "TimeISO8601": stamp(p.time), "Distance": p.distance_m, "Speed": p.speed_mps,
                "HR": (p.heart_rate_bpm or 0) / 60, "Cadence": (p.cadence_rpm or 0) / 60,
                "Altitude": p.altitude_m, "Temperature": 293.15,
                "Latitude": math.radians(p.latitude_deg or 0),
                "Longitude": math.radians(p.longitude_deg or 0),
            }
        )  # fmt: skip
    header = {
        "DateTime": stamp(start), "Duration": minutes * 60, "Distance": km * 1000,
        "Activity": "Running", "ActivityType": 3, "Ascent": 12, "StepCount": 2016,
    }  # fmt: skip
    return _json({"DeviceLog": {"Header": header, "Samples": samples}})


def intervals_row(
    ident: int, day: dt.date, *, km: float | None = 2.0, minutes: float = 12.0, sport: str = "Run",
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """One activity of a list from intervals.icu, in the shape with the day only."""
    return {
        "id": f"i{ident}", "date": day.isoformat(), "type": sport, "source": "GARMIN_CONNECT",
        "distance_km": km, "duration_min": minutes, "elapsed_min": minutes, "avg_hr": 148,
        "resting_hr": 51, "lthr": 172, "rpe": None, "feel": None, "weight_kg": 61.0, **more,
    }  # fmt: skip


def intervals_list(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """List of activities as intervals.icu gives it."""
    return json.dumps(list(rows), indent=1).encode()
