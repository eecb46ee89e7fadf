"""Garmin's account export: the list of activities, the gear, and the pauses of a coach plan.

``summarizedActivities.json`` counts time in milliseconds and length in centimetres; both are
checked against the list's own mean speeds before they are believed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.reading.exports.entry import Entry, Pause, SideFile
from loadmon.reading.exports.values import (
    NO_CLOCK,
    clock,
    day_of,
    known,
    loads,
    number,
    offset_between,
    rows_of,
    text,
    unix_s,
)
from loadmon.reading.recording import Recording
from loadmon.reading.sport_names import sport_names

_LIST = "summarizedActivitiesExport"
_CM_PER_M, _MS_PER_S = 100.0, 1000.0
#: What a list of activities must say for its unit to be believed: speeds and lengths of training.
_SLOWEST_MPS, _FASTEST_MPS, _SHORTEST_S = 0.2, 25.0, 30.0
_SPEEDS_APART = 0.1


def read_activities(data: bytes) -> SideFile:
    """Read ``*_summarizedActivities.json``.

    Returns
    -------
    SideFile
        One entry for each activity, called by its number. Heart-rate zones, splits and the like
        are not read.

    Raises
    ------
    FileProblem
        If it is no complete JSON.
    """
    told = loads(data)
    pages = told if isinstance(told, list) else [told]
    rows = [r for page in rows_of(pages) for r in rows_of(page.get(_LIST))]
    side = SideFile("Garmin")
    length, time = _units(rows)
    if (length, time) != (_CM_PER_M, _MS_PER_S):
        side.flags["list-units"] = "its numbers are in metres and seconds, not in Garmin's usual"
    side.entries = [_entry(row, length, time, n) for n, row in enumerate(rows, 1)]
    return side


def _units(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Units to a metre and to a second, by what is believable for most activities."""
    moving = [(number(r.get("distance")), number(r.get("duration"))) for r in rows]
    moving = [(d, t) for d, t in moving if d > 0 and t > 0]
    if not moving:
        return _CM_PER_M, _MS_PER_S
    plain = _believable(moving, 1.0, 1.0)
    usual = _believable(moving, _CM_PER_M, _MS_PER_S)
    return (1.0, 1.0) if plain > 2 * usual else (_CM_PER_M, _MS_PER_S)


def _believable(moving: list[tuple[float, float]], length: float, time: float) -> int:
    """Count activities that can be true in given units."""
    return sum(
        t / time >= _SHORTEST_S and _SLOWEST_MPS <= (d / length) / (t / time) <= _FASTEST_MPS
        for d, t in moving
    )


def _entry(row: dict[str, Any], length: float, time: float, n: int) -> Entry:
    """One activity of the list."""
    start = unix_s(row.get("startTimeGmt"))
    start = start if start == start else unix_s(row.get("beginTimestamp"))
    local, _ = clock(row.get("startTimeLocal"))
    kind = row.get("activityType")
    word = text(kind.get("typeKey") if isinstance(kind, dict) else kind)
    sport, sub_sport = sport_names(word)
    if not sport:
        sport, sub_sport = sport_names(text(row.get("sportType")))
    recording = Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=start,
        told=known(_told(row, length, time)),
        offset_min=offset_between(local, start),
    )
    if recording.offset_min != recording.offset_min and not np.isnan(local - start):
        recording.flags["tz-unknown"] = NO_CLOCK
    if wrong := _speed_disagrees(row, recording.told):
        recording.flags["list-speed"] = wrong
    ident = text(row.get("activityId"))
    return Entry(
        ref=ident or f"activity {n}",
        recording=recording,
        ident=ident,
        parent=text(row.get("parentId")),
        name=text(row.get("name")),
        word="" if sport else word,
    )


def _told(row: dict[str, Any], length: float, time: float) -> dict[str, float]:
    """Numbers of one activity in the names and units of a recording."""

    def of(name: str) -> float:
        return number(row.get(name))

    effort = of("workoutRpe") / 10.0  # as in FIT: CR10 times ten
    return {
        "distance_m": of("distance") / length,
        "timer_s": of("duration") / time,
        "elapsed_s": of("elapsedDuration") / time,
        "moving_s": of("movingDuration") / time,
        "ascent_m": of("elevationGain") / length,
        "descent_m": of("elevationLoss") / length,
        "avg_hr_bpm": of("avgHr"),
        "max_hr_bpm": of("maxHr"),
        "cycles": of("steps") / 2,
        "rpe": effort if 0 <= effort <= 10 else np.nan,
        "feel_pct": of("workoutFeel"),
        "training_load_au": of("activityTrainingLoad"),
        "aerobic_effect": of("aerobicTrainingEffect"),
        "anaerobic_effect": of("anaerobicTrainingEffect"),
    }


def _speed_disagrees(row: dict[str, Any], told: dict[str, float]) -> str:
    """Say where distance over time is not the mean speed of the list (cm/ms); else empty."""
    speed = number(row.get("avgSpeed")) * 10.0
    distance = told.get("distance_m", np.nan)
    times = [told.get(name, np.nan) for name in ("timer_s", "moving_s", "elapsed_s")]
    made = [distance / t for t in times if t > 0]
    if not (speed > 0 and made) or min(abs(v - speed) for v in made) <= _SPEEDS_APART * speed:
        return ""
    return f"distance over time is {made[0]:.2f} m/s, the list's mean speed {speed:.2f} m/s"


def read_gear(data: bytes) -> SideFile:
    """Read ``*_gear.json``: which shoes or bike belong to which activity.

    Raises
    ------
    FileProblem
        If it is no complete JSON.
    """
    side = SideFile("Garmin")
    told = loads(data)
    for page in rows_of(told if isinstance(told, list) else [told]):
        names = {text(g.get("gearPk")): _gear_name(g) for g in rows_of(page.get("gearDTOS"))}
        links = page.get("gearActivityDTOs")
        for key, activities in links.items() if isinstance(links, dict) else ():
            for ident in (text(a.get("activityId")) for a in rows_of(activities)):
                if ident and names.get(key):
                    before = side.gear_of.get(ident)
                    side.gear_of[ident] = f"{before}|{names[key]}" if before else names[key]
    side.detail = f"Garmin's gear of {len(side.gear_of)} activities"
    return side


def _gear_name(gear: dict[str, Any]) -> str:
    return text(gear.get("displayName")) or text(gear.get("customMakeModel"))


def read_pauses(data: bytes) -> SideFile:
    """Read ``Garmin_Coach_Pause_History.json``: pauses of a plan, each with the runner's reason.

    Raises
    ------
    FileProblem
        If it is no complete JSON.
    """
    side = SideFile("Garmin")
    told = loads(data)
    for row in rows_of(told if isinstance(told, list) else [told]):
        begin, end = day_of(row.get("pauseStartDate")), day_of(row.get("pauseEndDate"))
        if begin:
            reason = text(row.get("pauseReason")).lower().replace("_", " ")
            side.pauses.append(Pause(begin, end, reason))
    if not side.pauses:
        raise FileProblem("skipped", "not-activity", "no pause of a Garmin Coach plan in it")
    side.detail = f"{len(side.pauses)} pauses of a Garmin Coach plan"
    return side
