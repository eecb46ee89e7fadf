"""Read TCX: one recording for each activity, with the sums of its laps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io import xml
from loadmon.io.recording import (
    MOST_ACTIVITIES,
    MOST_PIECES,
    Floats,
    Recording,
    both_feet,
    sport_names,
)

#: Local names of elements in a trackpoint, extensions included; the later name wins.
_STREAMS = {
    "distance_m": ("distancemeters",),
    "speed_mps": ("speed",),
    "heart_rate_bpm": ("heartratebpm",),
    "cadence_spm": ("cadence", "runcadence"),
    "altitude_m": ("altitudemeters",),
    "power_w": ("watts",),
    "latitude_deg": ("latitudedegrees",),
    "longitude_deg": ("longitudedegrees",),
}
_ROOT = "trainingcenterdatabase"
_LAP = ("totaltimeseconds", "distancemeters", "averageheartratebpm")
_FLAGS = {
    "time-missing": "{n} points have no time",
    "tz-unknown": "{n} times name no zone and were read as UTC",
    "gps-range": "{n} points have an impossible position",
}


def tcx_recordings(data: bytes) -> list[Recording | FileProblem]:
    """Activities of a TCX file, in file order; of several, one that cannot be used is its problem.

    Transitions between the sports of a multisport session are left out.
    """
    tables = _tables()
    try:
        found = _recordings(xml.read_xml(data, _ROOT, tables, otherwise="not-tcx"))
    except FileProblem as problem:
        laps = [lap.get("StartTime", "") for lap in tables["lap"].attributes]
        points = tables["trackpoint"].columns["time"].texts
        problem.when = xml.first_time((*laps, *tables["activity"].columns["id"].texts, *points))
        raise
    if len(found) == 1 and isinstance(found[0], FileProblem):
        raise found[0]
    return found


def readable_tcx(data: bytes) -> list[Recording]:
    """Activities of a TCX file that breaks off, up to the last whole point; else none."""
    broken = xml.read_broken(data, _ROOT, _tables())
    if not broken:
        return []
    document, problem = broken
    found = [one for one in _recordings(document) if isinstance(one, Recording)]
    for recording in found:
        recording.flags[problem.reason] = problem.detail
        if len(recording.time):
            recording.summary.clear()  # the last lap counts points that are not there
    return found


def _tables() -> dict[str, xml.Table]:
    activity = xml.Table(("id",), most=MOST_ACTIVITIES)
    leaves = ("time", *(name for names in _STREAMS.values() for name in names))
    return {
        "activity": activity,
        "lap": xml.Table(_LAP, owner=activity, most=MOST_PIECES),
        "trackpoint": xml.Table(leaves, owner=activity),
    }


@dataclass(frozen=True, slots=True)
class _Rows:
    """Laps or points of one activity, with the offsets and the impossible times they state."""

    seconds: Floats
    offset_min: Floats
    values: dict[str, Floats]
    unreal: list[str]


def _recordings(document: xml.Document) -> list[Recording | FileProblem]:
    activities = document.tables["activity"]
    if not activities.attributes:
        detail = "no activity in it, but a course, a workout or settings"
        raise FileProblem("skipped", "not-activity", detail)
    own_ids = xml.element_times(activities, "id")  # a name of any kind, if it is no time
    ids = zip(own_ids.seconds, own_ids.offset_min, strict=True)
    laps, points = _by_activity(document, "lap"), _by_activity(document, "trackpoint")
    found: list[Recording | FileProblem] = []
    for attributes, own_id, own_laps, own_points in zip(
        activities.attributes, ids, laps, points, strict=True
    ):
        sport, sub_sport = sport_names(attributes.get("Sport", ""))
        try:
            recording = _recording(sport, own_id, own_laps, own_points)
        except FileProblem as problem:
            found.append(problem)
        else:
            recording.sub_sport = sub_sport
            recording.flags |= document.flags
            found.append(recording)
    return found


def _by_activity(document: xml.Document, name: str) -> list[_Rows]:
    """Laps or points of each activity; those outside of any, such as a course's, in none."""
    table = document.tables[name]
    if name == "lap":
        begins = [lap.get("StartTime", "") for lap in table.attributes]
        times = xml.times_of(begins, range(len(begins)), len(begins))
        values = {leaf: xml.element_numbers(document, table, leaf) for leaf in _LAP}
    else:
        times = xml.element_times(table, "time")
        values = xml.streams(document, table, _STREAMS)
    owners = np.array(table.owners, dtype=np.intp)
    inside = np.flatnonzero(owners >= 0)
    later = np.arange(1, len(document.tables["activity"].attributes))
    return [
        _Rows(
            times.seconds[rows],
            times.offset_min[rows],
            {k: v[rows] for k, v in values.items()},
            [times.unreal[row] for row in rows.tolist() if row in times.unreal],
        )
        for rows in np.split(inside, np.searchsorted(owners[inside], later))
    ]


def _recording(sport: str, own_id: tuple[float, float], laps: _Rows, points: _Rows) -> Recording:
    # The first time that can be read is the start; some converters give any lap's time as the Id.
    seconds = np.r_[laps.seconds[:1], own_id[0], points.seconds, laps.seconds]
    offset_min = np.r_[laps.offset_min[:1], own_id[1], points.offset_min, laps.offset_min]
    known = ~np.isnan(seconds)
    start = float(seconds[known][0]) if known.any() else math.nan
    own = dict(points.values)
    stated = ~np.isnan(own["latitude_deg"]) | ~np.isnan(own["longitude_deg"])
    positions = xml.on_earth(own["latitude_deg"], own["longitude_deg"])
    own["latitude_deg"], own["longitude_deg"] = positions
    own["cadence_spm"] = both_feet(own["cadence_spm"], sport)
    summary = _summary(laps, start)
    if not (summary or len(points.seconds)):
        detail = "an activity without points and without the sums of its laps"
        raise FileProblem("skipped", "no-points", detail, when=start)
    unreal = [*points.unreal, *laps.unreal]
    if math.isnan(start):
        raise xml.no_times(unreal, "no time in it can be read, so its day")
    if not np.isnan(own["heart_rate_bpm"]).all():
        summary.pop("avg_hr_bpm", None)
    counts = {
        "time-missing": np.count_nonzero(np.isnan(points.seconds)) - len(points.unreal),
        "tz-unknown": np.count_nonzero(known & np.isnan(offset_min)),
        "gps-range": np.count_nonzero(stated & np.isnan(own["latitude_deg"])),
    }
    flags = {code: _FLAGS[code].format(n=n) for code, n in counts.items() if n}
    return Recording(
        sport=sport,
        start=start,
        time=points.seconds,
        streams={name: values for name, values in own.items() if not np.isnan(values).all()},
        summary=summary,
        offset_min=xml.local_offset(offset_min[known]),
        flags=flags | xml.unreal_flag(unreal),
    )


def _summary(laps: _Rows, start: float) -> dict[str, float]:
    """Sums over the laps, where every lap states them, and the mean heart rate over time."""
    timer, distance, heart_rate = (laps.values[leaf] for leaf in _LAP)
    if (timer < 0).any() or (distance < 0).any():
        detail = "a lap of negative time or distance: export it again"
        raise FileProblem("quarantined", "negative", detail, when=start)
    with np.errstate(over="ignore"):  # an infinite sum is checked like any other
        sums = {"timer_s": float(timer.sum()), "distance_m": float(distance.sum())}
    summary = {name: value for name, value in sums.items() if len(timer) and not math.isnan(value)}
    weight = np.where(heart_rate > 0, timer, 0.0)
    if np.nansum(weight) > 0:
        summary["avg_hr_bpm"] = float(np.nansum(weight * heart_rate) / np.nansum(weight))
    return summary
