"""Read TCX: one recording for each activity, with the sums of its laps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem
from loadmon.io import merged, xml
from loadmon.io.clean import steps_m
from loadmon.io.localtime import add_lost_weeks, to_utc, writes_local_time
from loadmon.io.recording import (
    MAX_STRIDES_PER_MIN,
    MOST_ACTIVITIES,
    MOST_PIECES,
    ON_FOOT,
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
_FIRST_YEAR = 2003  # of watches that it was made for
#: Steps a minute above which they are no strokes of an arm or a paddle.
_MOST_STROKES_PER_MIN = 90.0
#: The same in a lap.
_LAP = {
    "timer_s": ("totaltimeseconds",),
    "distance_m": ("distancemeters",),
    "heart_rate_bpm": ("heartratebpm", "averageheartratebpm"),
    "cadence_spm": ("avgruncadence",),
    "steps": ("steps",),
}
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
        laps = tables["lap"].attribute("StartTime")
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
    activity = xml.Table(("id",), ("Sport",), most=MOST_ACTIVITIES)
    leaves = ("time", *(name for names in _STREAMS.values() for name in names))
    lap = tuple(name for names in _LAP.values() for name in names)
    return {
        _ROOT: xml.Table(names=("creator",)),
        "activity": activity,
        "creator": xml.Table(("name",), most=MOST_ACTIVITIES),
        "lap": xml.Table(lap, ("StartTime",), owner=activity, most=MOST_PIECES),
        "track": xml.Table(owner=activity, most=MOST_PIECES),
        "trackpoint": xml.Table(leaves, owner=activity),
    }


@dataclass(frozen=True, slots=True)
class _Rows:
    """Laps or points of one activity, with the offsets and the impossible times they state."""

    seconds: Floats
    offset_min: Floats
    values: dict[str, Floats]
    unreal: list[str]
    #: Where each begins in the file, which tells the lap and the track of a point.
    offsets: npt.NDArray[np.intp]

    def of(self, rows: npt.NDArray[np.intp]) -> _Rows:
        """Some of them."""
        values = {name: of_all[rows] for name, of_all in self.values.items()}
        own = (self.seconds[rows], self.offset_min[rows])
        return _Rows(*own, values, self.unreal, self.offsets[rows])


def _recordings(document: xml.Document) -> list[Recording | FileProblem]:
    tables = document.tables
    activities = tables["activity"]
    if not len(activities):
        detail = "no activity in it, but a course, a workout or settings"
        raise FileProblem("skipped", "not-activity", detail)
    makers = tables[_ROOT].attribute("creator") + tables["creator"].columns["name"].texts
    maker = " ".join(makers)
    own_ids = xml.element_times(activities, "id")  # a name of any kind, if it is no time
    ids = zip(own_ids.seconds, own_ids.offset_min, strict=True)
    laps, points = _by_activity(document, "lap"), _by_activity(document, "trackpoint")
    tracks = np.array(tables["track"].offsets, dtype=np.intp)
    found: list[Recording | FileProblem] = []
    sports = activities.attribute("Sport")
    for word, own_id, own_laps, own_points in zip(sports, ids, laps, points, strict=True):
        sport, sub_sport = sport_names(word)
        try:
            of_runs = _runs(sport, own_id, own_laps, own_points, tracks)
            for recording in of_runs:
                add_lost_weeks(recording, math.nan, maker, _FIRST_YEAR)
                if writes_local_time(maker):
                    to_utc(recording)
                recording.sub_sport = sub_sport
                recording.flags |= document.flags
        except FileProblem as problem:
            found.append(problem)
        else:
            found += of_runs
    return found


def _by_activity(document: xml.Document, name: str) -> list[_Rows]:
    """Laps or points of each activity; those outside of any, such as a course's, in none."""
    table = document.tables[name]
    if name == "lap":
        begins = table.attribute("StartTime")
        times = xml.times_of(begins, range(len(begins)), len(begins))
        values = xml.streams(document, table, _LAP)
    else:
        times = xml.element_times(table, "time")
        values = xml.streams(document, table, _STREAMS)
    owners = np.array(table.owners, dtype=np.intp)
    offsets = np.array(table.offsets, dtype=np.intp)
    inside = np.flatnonzero(owners >= 0)
    later = np.arange(1, len(document.tables["activity"]))
    return [
        _Rows(
            times.seconds[rows],
            times.offset_min[rows],
            {k: v[rows] for k, v in values.items()},
            [times.unreal[row] for row in rows.tolist() if row in times.unreal],
            offsets[rows],
        )
        for rows in np.split(inside, np.searchsorted(owners[inside], later))
    ]


def _runs(
    sport: str,
    own_id: tuple[float, float],
    laps: _Rows,
    points: _Rows,
    tracks: npt.NDArray[np.intp],
) -> list[Recording]:
    """Recording of an activity; one for each of the runs that a program merged into it.

    Behind a long silence another run begins with a counter that begins again there and not in
    every lap, or with a lap, where that before it did not go on until then.
    """
    if not (np.diff(points.seconds[~np.isnan(points.seconds)]) > merged.APART_S).any():
        return [_recording(sport, own_id, laps, points, tracks)]
    lap = np.searchsorted(laps.offsets, points.offsets) - 1
    counter, timer = points.values["distance_m"], laps.values["timer_s"]

    def is_border(last: int, row: int) -> bool:
        begin, end = points.seconds[last], points.seconds[row]
        if merged.counts_again(counter, row):
            return not any(
                0 < first < row and merged.counts_again(counter[:row], int(first))
                for first in np.flatnonzero(np.diff(lap[: row + 1])) + 1
            )
        if lap[row] == lap[last] or not laps.seconds[lap[row]] >= end - merged.BESIDE_S:
            return False
        return bool(laps.seconds[lap[last]] + timer[lap[last]] < begin + (end - begin) / 2)

    begins = merged.begins_of_runs(points.seconds, sport, is_border)
    if not begins:
        return [_recording(sport, own_id, laps, points, tracks)]
    flag = merged.merged_flag(points.seconds, begins, "activity")
    found = []
    for rows in np.split(np.arange(len(lap)), begins):
        # The sums of a lap that both runs have a part in are nobody's.
        own = np.unique(lap[rows])
        others = np.delete(lap, rows)
        one = laps.of(own[~np.isin(own, others) & (own >= 0)])
        which = own_id if not rows[0] else (math.nan, math.nan)
        found.append(_recording(sport, which, one, points.of(rows), tracks))
        found[-1].flags |= flag
    return found


def _recording(
    sport: str,
    own_id: tuple[float, float],
    laps: _Rows,
    points: _Rows,
    tracks: npt.NDArray[np.intp],
) -> Recording:
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
    flags: dict[str, str] = {}
    borders = _borders(points, tracks)
    summary = _summary(_believed(laps, points, borders, own, sport, flags, start), sport)
    if not (summary or len(points.seconds)):
        detail = "an activity without points and without the sums of its laps"
        raise FileProblem("skipped", "no-points", detail, when=start)
    unreal = [*points.unreal, *laps.unreal]
    if math.isnan(start):
        raise xml.no_times(unreal, "no time in it can be read, so its day")
    for stream, name in (("heart_rate_bpm", "avg_hr_bpm"), ("cadence_spm", "avg_cadence_spm")):
        if not np.isnan(own[stream]).all():
            summary.pop(name, None)
    counts = {
        "time-missing": np.count_nonzero(np.isnan(points.seconds)) - len(points.unreal),
        "tz-unknown": np.count_nonzero(known & np.isnan(offset_min)),
        "gps-range": np.count_nonzero(stated & np.isnan(own["latitude_deg"])),
    }
    flags |= {code: _FLAGS[code].format(n=n) for code, n in counts.items() if n}
    return Recording(
        sport=sport,
        start=start,
        time=points.seconds,
        streams={name: values for name, values in own.items() if not np.isnan(values).all()},
        summary=summary,
        pauses=borders,
        offset_min=xml.local_offset(offset_min[known]),
        flags=flags | xml.unreal_flag(unreal),
    )


def _borders(points: _Rows, tracks: npt.NDArray[np.intp]) -> Floats:
    """From the last point of each track to the first of the next: there the timer stood still."""
    track = np.searchsorted(tracks, points.offsets)
    rows = np.flatnonzero(~np.isnan(points.seconds))
    last = rows[np.flatnonzero(np.diff(track[rows]))]
    following = rows[np.flatnonzero(np.diff(track[rows])) + 1]
    return np.column_stack([points.seconds[last], points.seconds[following]])


def _summary(laps: dict[str, Floats], sport: str) -> dict[str, float]:
    """Sums over the laps, where every lap states them, and means over time."""
    timer = laps["timer_s"]
    summary: dict[str, float] = {}
    with np.errstate(over="ignore"):  # an infinite sum is checked like any other
        for name in ("timer_s", "distance_m"):
            total = float(laps[name].sum())
            if len(timer) and not math.isnan(total):
                summary[name] = total
    for name, mean in (("heart_rate_bpm", "avg_hr_bpm"), ("cadence_spm", "avg_cadence_spm")):
        values = both_feet(laps[name], sport) if name == "cadence_spm" else laps[name]
        weight = np.where(values > 0, timer, 0.0)
        if np.nansum(weight) > 0:
            summary[mean] = float(np.nansum(weight * values) / np.nansum(weight))
    steps, minutes = float(np.nansum(laps["steps"])), float(np.nansum(timer)) / 60
    # Of an unknown sport they may be strokes, of which nobody makes so many.
    if steps > 0 and (sport in ON_FOOT or (not sport and steps > _MOST_STROKES_PER_MIN * minutes)):
        # No run has so few steps: then it is strides that are called so.
        are_strides = sport == "running" and steps <= MAX_STRIDES_PER_MIN * minutes
        summary["cycles"] = steps if are_strides else steps / 2
    return summary


# Laps against the points in them: whichever stands alone against two that agree is not believed.

#: What a writer may have taken for seconds: milliseconds, minutes (or 0:30:00 for 0:00:30), hours,
#: and thousandths of what it should be.
_TIME_UNITS = {1e-3: "milliseconds", 60.0: "minutes", 3600.0: "hours", 1e3: "thousands of seconds"}
_UNIT_SHARE, _UNIT_OFF = 0.05, 5.0
#: Two that agree differ by at most this share; one that stands alone by over that much. [-], [m]
_AGREE_SHARE, _ALONE, _ALONE_M = 0.10, 1.25, 50.0
_SOME_M, _SOME_S, _MOMENT_S = 10.0, 60.0, 10.0
_FEW = 10
_RESTART_M = 50.0
#: Speeds of a whole lap on foot that are possible. [m/s]
_ON_FOOT_MPS = (0.4, 7.5)
_LONGEST_LAP_S = 14 * 86_400.0


def _believed(
    laps: _Rows,
    points: _Rows,
    borders: Floats,
    streams: dict[str, Floats],
    sport: str,
    flags: dict[str, str],
    start: float,
) -> dict[str, Floats]:
    """What laps say, without what their own points show to be wrong."""
    own = {name: np.array(values) for name, values in laps.values.items()}
    timer, distance = own["timer_s"], own["distance_m"]
    if not len(timer):
        return own
    span, counted, along = _by_lap(laps, points, borders, streams)
    some = len(points.seconds) > _FEW
    unit = _time_unit(timer, distance, span if some else 0 * span, laps.seconds, sport)
    if unit != 1:
        flags["time-disagree"] = (
            f"the laps last {timer.sum():.6g} s, which agrees with the rest as "
            f"{_TIME_UNITS[unit]}: {timer.sum() * unit:.0f} s count"
        )
        timer *= unit
    # No lap goes on for longer than until the next one begins.
    until_next = np.append(np.diff(laps.seconds), np.nan)
    endless = timer > np.maximum(_ALONE * until_next, until_next + _SOME_S)
    wrong = (span > _SOME_S) & (~(timer > 0) | endless)
    if not (timer > 0).any():
        timer[timer == 0] = np.nan  # the records alone tell
    elif wrong.any():
        flags["time-disagree"] = (
            f"{wrong.sum()} laps last {np.nansum(timer[wrong]):.6g} s, their points "
            f"{span[wrong].sum():.0f} s: those count"
        )
        timer[wrong] = span[wrong]
    agree = np.abs(counted - along) <= _AGREE_SHARE * np.maximum(counted, along)
    agree &= np.abs(span - timer) <= np.maximum(_AGREE_SHARE * timer, _SOME_S / 2)  # all of it
    off = np.abs(distance - counted) > np.maximum((_ALONE - 1) * counted, _ALONE_M)
    made = np.where(counted > _SOME_M, counted, along)
    wrong = (made > _SOME_M) & ((distance < 0) | (agree & off))
    if wrong.any():
        flags["dist-disagree"] = (
            f"{wrong.sum()} laps say {np.nansum(distance[wrong]):.0f} m, their points "
            f"{made[wrong].sum():.0f} m: those count"
        )
        distance[wrong] = made[wrong]
    if (timer < 0).any() or (distance < 0).any():
        detail = "a lap of negative time or distance: export it again"
        raise FileProblem("quarantined", "negative", detail, when=start)
    return own


def _by_lap(
    laps: _Rows, points: _Rows, borders: Floats, streams: dict[str, Floats]
) -> tuple[Floats, Floats, Floats]:
    """Time [s], distance by the counter and along the positions [m] of the points of each lap.

    Of the time what lies between two tracks is none, but for a moment.
    """
    n = len(laps.offsets)
    lap = np.clip(np.searchsorted(laps.offsets, points.offsets) - 1, 0, n - 1)
    totals: list[Floats] = []
    for known, steps in (
        _steps(points.seconds, np.diff),
        _steps(streams["distance_m"], _counter_steps),
        _position_steps(streams),
    ):
        totals.append(np.bincount(lap[known[1:]], weights=steps, minlength=n).astype(np.float64))
    stood = np.diff(borders)[:, 0]
    stood = np.where(stood > _MOMENT_S, stood, 0.0)
    begins = np.searchsorted(np.sort(laps.seconds[~np.isnan(laps.seconds)]), borders[:, 1], "right")
    totals[0] -= np.bincount(np.clip(begins - 1, 0, n - 1), weights=stood, minlength=n)
    return totals[0], totals[1], totals[2]


def _steps(
    values: Floats, steps: Callable[[Floats], Floats]
) -> tuple[npt.NDArray[np.intp], Floats]:
    known = np.flatnonzero(~np.isnan(values))
    return known, np.maximum(steps(values[known]), 0.0)


def _counter_steps(values: Floats) -> Floats:
    """Steps of a counter, which some makers begin again in every lap."""
    steps = np.diff(values)
    again = (steps < -_RESTART_M) & (values[1:] < values[:-1] / 2)
    return np.where(again, values[1:], steps)


def _position_steps(streams: dict[str, Floats]) -> tuple[npt.NDArray[np.intp], Floats]:
    latitude, longitude = streams["latitude_deg"], streams["longitude_deg"]
    known = np.flatnonzero(~np.isnan(latitude) & ~np.isnan(longitude))
    return known, steps_m(latitude[known], longitude[known])


def _time_unit(timer: Floats, distance: Floats, span: Floats, starts: Floats, sport: str) -> float:
    """Seconds in the unit of the laps' times: that by which they agree with the points or starts.

    Without either the speed decides, where in seconds it would be no speed and in milliseconds is.
    """
    total, covered = float(timer.sum()), float(span.sum())
    if not total > 0:
        return 1.0
    between = float(starts[-1] - starts[0])
    if covered <= _SOME_S and between > _SOME_S:
        total, covered = float(timer[:-1].sum()), between
    if covered > _SOME_S:
        if max(total, covered) < _UNIT_OFF * min(total, covered):
            return 1.0
        fits = [u for u in _TIME_UNITS if abs(total * u - covered) <= _UNIT_SHARE * covered]
        return fits[0] if fits else 1.0
    metres = float(distance.sum())
    low, high = _ON_FOOT_MPS
    is_endless = total > _LONGEST_LAP_S or (sport in ON_FOOT and metres < low / 4 * total)
    in_thousands = metres > _SOME_M and low <= metres / (total / 1000) <= high
    return 1e-3 if is_endless and in_thousands else 1.0
