"""Read GPX: what was recorded on one or more tracks, from any maker's export."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.recording import (
    MOST_ACTIVITIES,
    MOST_PIECES,
    Floats,
    Recording,
    Segment,
    join_segments,
    sport_names,
    strava_number_names,
)
from loadmon.io.xml import (
    LONGEST_TIME,
    Document,
    Table,
    Times,
    as_utf8,
    attribute_numbers,
    both_feet,
    broken_off,
    element_times,
    first_time,
    local_offset,
    on_earth,
    read_xml,
    streams,
    unreal_text,
)

#: Local names of elements in a point, in any maker's extensions; the later name wins.
_STREAMS = {
    "altitude_m": ("ele",),
    "distance_m": ("distance",),
    "speed_mps": ("speed",),
    "heart_rate_bpm": ("heartrate", "hr"),
    "cadence_spm": ("cadence", "cad", "runcadence"),
    "power_w": ("watts", "powerinwatts", "power"),
    "temperature_c": ("temp", "atemp"),
}
_FLAGS = {
    "time-missing": "{n} of {of} points have no time",
    "tz-unknown": "{n} of {of} times name no zone and were read as UTC",
    "gps-range": "{n} of {of} points have no possible position",
    "overlap-segments": "{n} points repeat times of an earlier segment and are left out",
}
# Exports write the time of their making there, which lies after the run or on another day.
_LATE_S, _OTHER_DAY_S = 120.0, 86_400.0
_RUNKEEPER_NAME = re.compile(r"([A-Za-z ]+?)\s+\d")


def gpx_recordings(data: bytes) -> list[Recording]:
    """Read the activities of a GPX file.

    Returns usually one, with all tracks and segments joined in order of time. Tracks over 6 hours
    apart, or of different sports, are activities of their own. Where segments overlap in time,
    each time is counted once, from the segment that began first; segments without any time are
    left out, single points without one are kept. Cadence is in steps (`both_feet`).
    """
    tables = _tables()
    try:
        return _recordings(read_xml(data, "gpx", tables, otherwise="not-gpx"))
    except FileProblem as problem:
        problem.when = _first_time(tables)
        raise


def readable_gpx(data: bytes) -> list[Recording]:
    """Activities of a GPX file that breaks off, up to the last whole point; else none."""
    tables = _tables()
    problem = broken_off(data, "gpx", tables)
    found = _recordings(Document(as_utf8(data)[0], 0, tables, {})) if problem else []
    for recording in found:
        recording.flags |= {problem.reason: problem.detail} if problem else {}
    return found


def _tables() -> dict[str, Table]:
    """Wanted elements; those without leaves are there so that theirs are not taken for others'."""
    track = Table(("name", "type"), most=MOST_PIECES)
    segment = Table(owner=track, most=MOST_PIECES)
    leaves = ("time", *(name for names in _STREAMS.values() for name in names))
    bare = {name: Table() for name in ("rte", "rtept", "wpt", "link", "author")}
    point = Table(leaves, owner=segment)
    file = {"gpx": Table(("time",)), "metadata": Table(("time",))}
    return {**file, **bare, "trk": track, "trkseg": segment, "trkpt": point}


def _first_time(
    tables: dict[str, Table], names: tuple[str, ...] = ("trkpt", "metadata", "gpx")
) -> float:
    """Unix time [s] of the first point that has one, else of the file; NaN if neither has."""
    return first_time(text for name in names for text in tables[name].columns["time"].texts)


@dataclass(frozen=True, slots=True)
class _Points:
    """All points of a file: their times, and what was recorded."""

    times: Times
    streams: dict[str, Floats]


def _recordings(document: Document) -> list[Recording]:
    tables = document.tables
    segments = _segments(tables)
    if not segments:
        raise _no_points(tables)
    points = _Points(element_times(tables["trkpt"], "time"), _recorded(document))
    seconds = points.times.seconds
    is_timed = [not np.isnan(seconds[part.rows]).all() for part in segments]
    timed = [part for part, is_known in zip(segments, is_timed, strict=True) if is_known]
    if not timed:
        raise _no_times(tables["trkpt"])
    flags = dict(document.flags)
    if len(timed) < len(segments):
        untimed = [part for part, is_known in zip(segments, is_timed, strict=True) if not is_known]
        left_out = [row for part in untimed for row in part.rows.tolist()]
        flags["no-time"] = f"{len(left_out)} points in segments without any time are left out"
        flags |= _unreal(points.times, left_out)
    joined = join_segments(seconds, timed)
    if len(joined) > MOST_ACTIVITIES:
        raise FileProblem("refused", "too-large", f"more than {MOST_ACTIVITIES} activities")
    found = [_recording(points, part, flags) for part in joined]
    if len(found) == 1:
        _compare_start(found[0], tables)
    return found


def _compare_start(recording: Recording, tables: dict[str, Table]) -> None:
    """Flag a first point well after the time that the file gives for its begin."""
    begun = _first_time(tables, ("metadata", "gpx"))
    if _LATE_S < recording.start - begun < _OTHER_DAY_S:
        late = recording.start - begun
        recording.flags["time-disagree"] = f"the first point is {late:.0f} s after the file's begin"


def _recording(points: _Points, parts: list[Segment], file_flags: dict[str, str]) -> Recording:
    rows = np.concatenate([part.rows for part in parts])
    time, offset_min = points.times.seconds[rows], points.times.offset_min[rows]
    known = ~np.isnan(time)
    own = {name: values[rows] for name, values in points.streams.items()}
    sport, sub_sport = next(((p.sport, p.sub_sport) for p in parts if p.sport), ("", ""))
    own["cadence_spm"] = both_feet(own["cadence_spm"], sport)
    counts = {
        "time-missing": sum(row not in points.times.unreal for row in rows[~known].tolist()),
        "tz-unknown": np.count_nonzero(known & np.isnan(offset_min)),
        "gps-range": np.count_nonzero(np.isnan(own["latitude_deg"])),
        "overlap-segments": sum(part.repeated for part in parts),
    }
    flags = {code: _FLAGS[code].format(n=n, of=len(rows)) for code, n in counts.items() if n}
    flags |= _unreal(points.times, rows[~known].tolist())
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=float(time[known][0]),
        time=time,
        streams={name: values for name, values in own.items() if not np.isnan(values).all()},
        offset_min=local_offset(offset_min[known]),
        flags={**file_flags, **flags},
    )


def _unreal(times: Times, rows: list[int]) -> dict[str, str]:
    """Flag of the times among some rows that do not exist."""
    texts = [times.unreal[row] for row in rows if row in times.unreal]
    return {"time-invalid": unreal_text(texts)} if texts else {}


def _recorded(document: Document) -> dict[str, Floats]:
    """Everything recorded at the points of the file, and their positions."""
    table = document.tables["trkpt"]
    latitude, longitude = on_earth(
        attribute_numbers(document, table, "lat"), attribute_numbers(document, table, "lon")
    )
    positions = {"latitude_deg": latitude, "longitude_deg": longitude}
    return streams(document, table, _STREAMS) | positions


def _no_points(tables: dict[str, Table]) -> FileProblem:
    """Say why there is nothing to read, by what else is in the file."""
    track = tables["trk"].attributes
    if not track and any(tables[name].attributes for name in ("rte", "wpt")):
        detail = "a route or a list of places, not a recording"
        return FileProblem("skipped", "not-activity", detail)
    detail = "no points in GPX (treadmill?): export the FIT"
    return FileProblem("skipped", "no-points", detail)


def _no_times(points: Table) -> FileProblem:
    texts = [text for text in points.columns["time"].texts if text.strip()]
    if texts:
        detail = (
            f"{texts[0].strip()[:LONGEST_TIME]!r} is no possible time, nor is any other in the file"
        )
        return FileProblem("quarantined", "time-invalid", detail)
    detail = "no point has a time, so the day of it is not known: export it with times"
    return FileProblem("refused", "no-time", detail)


def _segments(tables: dict[str, Table]) -> list[Segment]:
    """Cut the points within segments into their segments, each with the sport of its track."""
    sports = _sports(tables)
    owners = np.array(tables["trkpt"].owners, dtype=np.intp)
    rows = np.flatnonzero(owners >= 0)
    if not len(rows):
        return []
    pieces = np.split(rows, np.flatnonzero(np.diff(owners[rows])) + 1)
    tracks = [tables["trkseg"].owners[owners[piece[0]]] for piece in pieces]
    return [
        Segment(piece, track, *sports.get(track, ("", "")))
        for piece, track in zip(pieces, tracks, strict=True)
    ]


def _sports(tables: dict[str, Table]) -> dict[int, tuple[str, str]]:
    """Sport and sub-sport of each track that states one, by its number."""
    creator = "".join(a.get("creator", "") for a in tables["gpx"].attributes).lower()
    columns = tables["trk"].columns
    sports: dict[int, tuple[str, str]] = {}
    for row, text in zip(columns["type"].rows, columns["type"].texts, strict=True):
        names = strava_number_names(text) if "strava" in creator else ("", "")
        # The first counts: the type of the track comes before whatever a maker adds.
        sports.setdefault(row, names if names[0] else sport_names(text))
    if "runkeeper" in creator:
        # Runkeeper writes no type, but names a track "Running 3/10/24 8:00 am".
        for row, text in zip(columns["name"].rows, columns["name"].texts, strict=True):
            titled = _RUNKEEPER_NAME.match(text.strip())
            sports.setdefault(row, sport_names(titled[1]) if titled else ("", ""))
    return sports
