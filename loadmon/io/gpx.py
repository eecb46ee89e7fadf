"""Read GPX: what was recorded on one or more tracks, from any maker's export."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem
from loadmon.io import merged, xml
from loadmon.io.clean import steps_m
from loadmon.io.localtime import add_lost_weeks, to_utc, writes_local_time
from loadmon.io.recording import (
    MOST_ACTIVITIES,
    MOST_PIECES,
    Floats,
    Recording,
    both_feet,
    sport_names,
    strava_number_names,
)

#: Local names of elements in a point, in any maker's extensions; the later name wins.
_STREAMS = {
    "altitude_m": ("ele",),
    "distance_m": ("distance",),
    "speed_mps": ("speed",),
    "heart_rate_bpm": ("heartratebpm", "heartrate", "heart_rate", "bpm", "hr"),
    "cadence_spm": ("rpm", "cadence", "cad", "runcadence"),
    "power_w": ("watts", "powerinwatts", "power"),
    "temperature_c": ("temp", "atemp"),
}
#: The same in a track: words for its sport, the first that is known counts; its own sums.
_SPORTS = ("type", "activity", "activitytype", "sport", "typetranslated")
_SUMS = {"distance_m": ("tripdist", "distance"), "timer_s": ("triptime", "timertime")}
_FLAGS = {
    "time-missing": "{n} of {of} points have no time",
    "tz-unknown": "{n} of {of} times name no zone and were read as UTC",
    "gps-range": "{n} of {of} points have no possible position",
    "overlap-segments": "{n} points repeat times of an earlier segment and are left out",
}
# Exports write the time of their making there, which lies after the run or on another day.
_LATE_S, _OTHER_DAY_S = 120.0, 86_400.0
_FIRST_YEAR = 2002  # of GPX 1.0
#: Share of what the points make of it within which a track's own sum is believed.
_TOLD = (0.75, 1.25)
_RUNKEEPER_NAME = re.compile(r"([A-Za-z ]+?)\s+\d")


def gpx_recordings(data: bytes) -> list[Recording]:
    """Activities of a GPX file: usually one, of all tracks and segments (`join_segments`).

    Segments without any time are left out, single points without one are kept.
    """
    tables = _tables()
    try:
        return _recordings(xml.read_xml(data, "gpx", tables, otherwise="not-gpx"))
    except FileProblem as problem:
        problem.when = _first_time(tables, ("trkpt", "metadata", "gpx"))
        raise


def readable_gpx(data: bytes) -> list[Recording]:
    """Activities of a GPX file that breaks off, up to the last whole point; else none."""
    broken = xml.read_broken(data, "gpx", _tables())
    if not broken:
        return []
    document, problem = broken
    found = _recordings(document)
    for recording in found:
        recording.flags[problem.reason] = problem.detail
    return found


def _tables() -> dict[str, xml.Table]:
    """Wanted elements; those without leaves are there so that theirs are not taken for others'."""
    sums = (name for names in _SUMS.values() for name in names)
    track = xml.Table(("name", *_SPORTS, *sums), most=MOST_PIECES)
    segment = xml.Table(owner=track, most=MOST_PIECES)
    leaves = ("time", *(name for names in _STREAMS.values() for name in names))
    bare = {name: xml.Table() for name in ("rte", "rtept", "wpt", "link", "author")}
    point = xml.Table(leaves, ("lat", "lon"), owner=segment)
    file = {"gpx": xml.Table(("time",), ("creator",)), "metadata": xml.Table(("time",))}
    return {**file, **bare, "trk": track, "trkseg": segment, "trkpt": point}


def _first_time(tables: dict[str, xml.Table], names: tuple[str, ...]) -> float:
    return xml.first_time(text for name in names for text in tables[name].columns["time"].texts)


def _recordings(document: xml.Document) -> list[Recording]:
    tables = document.tables
    points = tables["trkpt"]
    segments = _segments(tables)
    if not segments:
        if not len(tables["trk"]) and (len(tables["rte"]) or len(tables["wpt"])):
            detail = "a route or a list of waypoints, not a recording"
            raise FileProblem("skipped", "not-activity", detail)
        raise FileProblem("skipped", "no-points", "no points in GPX (treadmill?): export the FIT")
    times = xml.element_times(points, "time")
    stated = (xml.attribute_numbers(document, points, name) for name in ("lat", "lon"))
    latitude, longitude = xml.on_earth(*stated)
    recorded = xml.streams(document, points, _STREAMS)
    recorded |= {"latitude_deg": latitude, "longitude_deg": longitude}
    has_time = [not np.isnan(times.seconds[part.rows]).all() for part in segments]
    timed = list(itertools.compress(segments, has_time))
    if not timed:
        texts = [text.strip() for text in points.columns["time"].texts if text.strip()]
        raise xml.no_times(texts, "no point has a time, so the day of it")
    flags = dict(document.flags)
    without = itertools.compress(segments, np.logical_not(has_time))
    if left_out := [row for part in without for row in part.rows.tolist()]:
        flags["no-time"] = f"{len(left_out)} points in segments without any time are left out"
        flags |= _unreal(times, left_out)
    joined = join_segments(times.seconds, timed)
    if len(joined) > MOST_ACTIVITIES:
        raise FileProblem("refused", "too-large", f"more than {MOST_ACTIVITIES} activities")
    sums = xml.streams(document, tables["trk"], _SUMS)
    found = []
    for parts in joined:
        recording = _recording(times, recorded, parts, flags)
        _add_sums(recording, sums, parts, segments)
        found += _runs_apart(recording)
    _settle_clocks(found, tables)
    return found


def _settle_clocks(found: list[Recording], tables: dict[str, xml.Table]) -> None:
    """Compare the begin with that of the file, and mend clocks that are known to be wrong."""
    written = _first_time(tables, ("metadata", "gpx"))
    late = found[0].start - written
    if len(found) == 1 and _LATE_S < late < _OTHER_DAY_S:
        found[0].flags["time-disagree"] = f"the first point is {late:.0f} s after the file's begin"
    for recording in found:
        add_lost_weeks(recording, written, _creator(tables), _FIRST_YEAR)
        if writes_local_time(_creator(tables)):
            to_utc(recording)


def _recording(
    times: xml.Times, recorded: dict[str, Floats], parts: list[Segment], file_flags: dict[str, str]
) -> Recording:
    rows = np.concatenate([part.rows for part in parts])
    time, offset_min = times.seconds[rows], times.offset_min[rows]
    known = ~np.isnan(time)
    own = {name: values[rows] for name, values in recorded.items()}
    sport, sub_sport = next(((p.sport, p.sub_sport) for p in parts if p.sport), ("", ""))
    own["cadence_spm"] = both_feet(own["cadence_spm"], sport)
    counts = {
        "time-missing": sum(row not in times.unreal for row in rows[~known].tolist()),
        "tz-unknown": np.count_nonzero(known & np.isnan(offset_min)),
        "gps-range": np.count_nonzero(np.isnan(own["latitude_deg"])),
        "overlap-segments": sum(part.repeated for part in parts),
    }
    flags = {code: _FLAGS[code].format(n=n, of=len(rows)) for code, n in counts.items() if n}
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=float(time[known][0]),
        time=time,
        streams={name: values for name, values in own.items() if not np.isnan(values).all()},
        pauses=_borders(times.seconds, parts),
        offset_min=xml.local_offset(offset_min[known]),
        flags={**file_flags, **flags, **_unreal(times, rows[~known].tolist())},
    )


def _borders(seconds: Floats, parts: list[Segment]) -> Floats:
    """From the end of each segment to the begin of the next: there the program stood still."""
    known = [seconds[part.rows][~np.isnan(seconds[part.rows])] for part in parts]
    ends = [(float(times.max()), float(times[0])) for times in known if len(times)]
    borders = [(end, begin) for (end, _), (_, begin) in itertools.pairwise(ends)]
    return np.array(borders).reshape(-1, 2)


def _add_sums(
    recording: Recording, sums: dict[str, Floats], parts: list[Segment], segments: list[Segment]
) -> None:
    """Distance and time that the tracks tell of themselves, unless their points tell another."""
    tracks = sorted({part.track for part in parts})
    told = {name: float(values[tracks].sum()) for name, values in sums.items()}
    # Of a track that is two activities nobody knows which part is whose.
    own = sum(part.track in tracks for part in segments) == len(parts)
    if not own or not any(value > 0 for value in told.values()):
        return
    span = float(np.nanmax(recording.time) - np.nanmin(recording.time))
    path = 0.0
    if "latitude_deg" in recording.streams:
        position = (recording.streams[name] for name in ("latitude_deg", "longitude_deg"))
        path = float(np.nansum(steps_m(*position)))
    for name, made, unit, code in (
        ("distance_m", path, "m", "dist-disagree"),
        ("timer_s", span, "s", "time-disagree"),
    ):
        value = told[name]
        if not value > 0:
            continue
        # A timer may be shorter than the recording by its pauses, never longer.
        low = _TOLD[0] if name == "distance_m" else 0.0
        if not made or low * made <= value <= _TOLD[1] * made:
            recording.summary[name] = value
        else:
            text = f"the track says {value:.0f} {unit}, its points {made:.0f} {unit}: those count"
            recording.flags[code] = text


def _runs_apart(whole: Recording) -> list[Recording]:
    """Runs that a program merged into one track: behind a long silence the counter begins again.

    Or the silence is very long, and neither a border of segments, a time that the track tells of
    itself nor a way explains it.
    """
    time = whole.time
    counter = whole.streams.get("distance_m", np.full(len(time), np.nan))

    def is_border(last: int, row: int) -> bool:
        silence = time[row] - time[last]
        if merged.counts_again(counter, row):
            return True
        is_told = (whole.pauses[:, 1] > time[last]) & (whole.pauses[:, 0] < time[row])
        if is_told.any() or "timer_s" in whole.summary:
            return False
        return silence > merged.UNTOLD_S and not merged.is_way(whole.streams, row, silence)

    if not (np.diff(time[~np.isnan(time)]) > merged.APART_S).any():
        return [whole]
    begins = merged.begins_of_runs(time, whole.sport, is_border)
    if not begins:
        return [whole]
    flag = merged.merged_flag(time, begins, "track")
    runs = []
    for rows in np.split(np.arange(len(time)), begins):
        own = time[rows]
        known = own[~np.isnan(own)]
        since, upto = known[0], known[-1]
        streams = {name: values[rows] for name, values in whole.streams.items()}
        runs.append(
            replace(
                whole,
                start=float(since),
                time=own,
                streams={n: v for n, v in streams.items() if not np.isnan(v).all()},
                summary={},
                pauses=whole.pauses[(whole.pauses[:, 1] > since) & (whole.pauses[:, 0] < upto)],
                flags=whole.flags | flag,
            )
        )
    return runs


def _unreal(times: xml.Times, rows: list[int]) -> dict[str, str]:
    return xml.unreal_flag([times.unreal[row] for row in rows if row in times.unreal])


# Segments: cut by track, with its sport, and joined into activities, each moment counted once.

# A gap like this ends what a segment covers. Tracks that do not follow on within half an hour are
# two activities, as two files would be; segments of one track only after most of a night.
_APART_S = 6 * 3600.0
_TRACKS_APART_S, _SEGMENTS_APART_S = 1800.0, 12 * 3600.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its points and the sport of its track."""

    rows: npt.NDArray[np.intp]  # of the points, in file order
    track: int
    sport: str = ""
    sub_sport: str = ""
    word: str = ""  # for the sport, as it stands there
    repeated: int = 0  # points left out: they lie before the end of an earlier segment


def _segments(tables: dict[str, xml.Table]) -> list[Segment]:
    owners = np.array(tables["trkpt"].owners, dtype=np.intp)
    rows = np.flatnonzero(owners >= 0)
    if not len(rows):
        return []
    sports = _sports(tables)
    pieces = np.split(rows, np.flatnonzero(np.diff(owners[rows])) + 1)
    tracks = [tables["trkseg"].owners[owners[piece[0]]] for piece in pieces]
    return [
        Segment(piece, track, *sports.get(track, ("", "", "")))
        for piece, track in zip(pieces, tracks, strict=True)
    ]


def _creator(tables: dict[str, xml.Table]) -> str:
    return "".join(tables["gpx"].attribute("creator")).lower()


def _sports(tables: dict[str, xml.Table]) -> dict[int, tuple[str, str, str]]:
    creator = _creator(tables)
    columns = tables["trk"].columns
    sports: dict[int, tuple[str, str, str]] = {}

    def add(row: int, names: tuple[str, str], word: str) -> None:
        if not sports.get(row, ("",))[0]:
            sports[row] = (*names, word.strip())

    for leaf in _SPORTS:
        for row, text in zip(columns[leaf].rows, columns[leaf].texts, strict=True):
            names = strava_number_names(text) if "strava" in creator else ("", "")
            add(row, names if names[0] else sport_names(text), text)
    if "runkeeper" in creator:
        # Runkeeper writes no type, but names a track "Running 3/10/24 8:00 am".
        for row, text in zip(columns["name"].rows, columns["name"].texts, strict=True):
            titled = _RUNKEEPER_NAME.match(text.strip())
            if titled:
                add(row, sport_names(titled[1]), titled[1])
    return sports


def join_segments(seconds: Floats, segments: list[Segment]) -> list[list[Segment]]:
    """Join segments into activities, the segments of each in order of their begin.

    Each moment counts once, from the segment that began first; a point at the seam of two is not
    repeated. A track over half an hour later, or of another or an unknown sport, is an activity of
    its own, and so is a segment over 12 hours later.
    """
    spans = [_span(seconds[segment.rows]) for segment in segments]
    covered_to = -np.inf
    activities: list[list[Segment]] = []
    for i in sorted(range(len(segments)), key=lambda i: spans[i][0]):
        segment, (begin, end) = segments[i], spans[i]
        if covered_to >= begin:
            times = seconds[segment.rows]
            covered = (times >= begin) & (times <= covered_to)
            repeated = int(np.count_nonzero(covered & (times < covered_to)))
            segment = replace(segment, rows=segment.rows[~covered], repeated=repeated)
        if not activities:
            activities.append([])
        elif len(segment.rows):
            before = activities[-1][-1]
            is_other = before.track != segment.track
            late = begin - covered_to > (_TRACKS_APART_S if is_other else _SEGMENTS_APART_S)
            if late or (is_other and _kind(before) != _kind(segment)):
                activities.append([])
        activities[-1].append(segment)
        covered_to = max(covered_to, end)
    return activities


def _kind(segment: Segment) -> tuple[str, str]:
    return segment.sport, "" if segment.sport else segment.word


def _span(times: Floats) -> tuple[float, float]:
    """Begin of a segment, and the last time that follows from it without a long gap. [s]

    So one stray time cannot swallow the segments that follow.
    """
    known = times[~np.isnan(times)]
    forward = np.sort(known[known >= known[0]])
    gaps = np.flatnonzero(np.diff(forward) > _APART_S)
    return float(known[0]), float(forward[gaps[0] if len(gaps) else -1])
