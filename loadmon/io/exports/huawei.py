"""Huawei Health: ``motion path detail data.json``, workouts with their tracks packed into a text.

The JSON is invalid where a map of times has bare numbers for keys: those maps are dropped first.
A track is lines such as ``tp=lbs;k=0;lat=…;lon=…;alt=…;t=…`` (a position) and ``tp=h-r;k=…;v=…`` (a
heart rate); a latitude of 90 with a longitude of -80 is a pause. Altitudes are left out: a phone
writes them in feet, a watch in metres, and nothing says which.
"""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import MAX_KEPT, Readable, chunks, note_missing
from loadmon.io.exports.form import Form, missing_keys, unread
from loadmon.io.exports.samsung import offset_min
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import ON_FOOT, Floats, Recording

_BARE_MAP = re.compile(rb'"(\w+)"\s*:\s*\{\s*-?\d[^{}"]*\}')
_LINE = re.compile(r"\\?\n|\\n")
_KEYS = ("startTime", "totalTime", "timeZone", "sportType")
_SIMPLE = "HW_EXT_TRACK_SIMPLIFY@is"
_DETAIL = "HW_EXT_TRACK_DETAIL@is"


def read_workouts(data: bytes) -> list[Recording | FileProblem]:
    """Read every workout."""
    value = cells.loads(_BARE_MAP.sub(rb'"\1":null', data))
    rows = cells.rows_of(value if isinstance(value, list) else [value])
    if any("motionPathData" in row for row in rows):  # before July 2020
        rows = [one for row in rows for one in cells.rows_of(row.get("motionPathData"))]
    if rows and not any("startTime" in row for row in rows):
        raise unread("Huawei Health", [cells.NAN] * len(rows), "its workouts have no 'startTime'")
    missing = missing_keys(rows, (*_KEYS, "attribute|totalDistance"))
    found: list[Recording | FileProblem] = []
    for row in rows:
        recording = _recording(row)
        note_missing(recording.flags, "Huawei Health", missing)
        found.append(recording)
    return found


def _recording(row: dict[str, Any]) -> Recording:
    detail, _, rest = cells.text(row.get("attribute")).partition("&&" + _SIMPLE)
    try:
        simple = json.loads(rest.replace('\\"', '"')) if rest else {}
    except ValueError:
        simple = {}

    def of(name: str) -> float:
        stated = cells.number(row.get(name))
        return stated if stated == stated else cells.number(cells.below(simple, name))

    sport, sub_sport = sport_of_code("huawei", row.get("sportType"))
    start, end = cells.unix_s(row.get("startTime")), cells.unix_s(row.get("endTime"))
    steps = of("totalSteps") if sport in ON_FOOT else cells.NAN
    summary = {
        "distance_m": of("totalDistance"),
        "timer_s": of("totalTime") / 1000.0,
        "elapsed_s": end - start,
        "avg_hr_bpm": of("avgHeartRate") or cells.NAN,
        "max_hr_bpm": of("maxHeartRate") or cells.NAN,
        "cycles": steps / 2,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary), maker="huawei")
    recording.offset_min = offset_min(cells.text(row.get("timeZone")))
    recording.time, recording.streams = _track(detail.removeprefix(_DETAIL))
    return recording


def _track(text: str) -> tuple[Floats, dict[str, Floats]]:
    """Positions and heart rates on one row of times."""
    points: dict[float, list[float]] = {}
    for line in _LINE.split(text):
        parts = dict(part.split("=", 1) for part in line.split(";") if "=" in part)
        kind = parts.get("tp")
        if kind == "lbs":
            place = [cells.number(parts.get(name)) for name in ("lat", "lon")]
            if place != [90.0, -80.0]:
                points.setdefault(_seconds(parts.get("t")), [np.nan] * 3)[:2] = place
        elif kind == "h-r":
            beat = cells.number(parts.get("v"))
            points.setdefault(_seconds(parts.get("k")), [np.nan] * 3)[2] = beat
    times = sorted(t for t in points if t == t)
    if not times:
        return np.empty(0), {}
    columns = np.array([points[t] for t in times]).T
    names = ("latitude_deg", "longitude_deg", "heart_rate_bpm")
    streams = {n: c for n, c in zip(names, columns, strict=True) if not np.isnan(c).all()}
    return np.array(times), streams


def _seconds(value: str | None) -> float:
    """Unix time of a number in milliseconds or seconds. [s]"""
    number = cells.number(value)
    return number / 1000.0 if number > 1e11 else number


# --- years of tracks may be gigabytes: beyond what fits, workouts are kept without theirs --------

_MAX_READ, _MAX_ONE = 20 << 30, 16 << 20
_ATTRIBUTE = re.compile(rb'"attribute"\s*:\s*"((?:[^"\\]|\\.)*)"')
#: Tracks are kept up to here; workouts after that keep their numbers.
_TRACKS = MAX_KEPT // 2


def skim(stream: Readable, packed: int, begun: bytes = b"") -> bytes:
    """Drop the tracks that do not fit; what is no track is kept as it is."""
    kept: list[bytes] = []
    size = 0
    text = b""
    for chunk in chunks(stream, packed, begun, _MAX_READ, _too_large):
        text += chunk
        at = 0
        while found := _ATTRIBUTE.search(text, at):
            whole = found[0] if size < _TRACKS else _shortened(found)
            kept += (text[at : found.start()], whole)
            size += found.start() - at + len(whole)
            at = found.end()
        text = text[at:]
        if b'"attribute"' not in text:  # nothing is begun: all but the last bytes is done
            kept.append(text[:-64])
            size += len(kept[-1])
            text = text[-64:]
        if size > MAX_KEPT or len(text) > _MAX_ONE:
            raise _too_large(size + len(text))
    return b"".join((*kept, text))


def _shortened(found: re.Match[bytes]) -> bytes:
    """The track's own numbers without the track."""
    _, mark, simple = found[1].partition(b"&&" + _SIMPLE.encode())
    return b'"attribute": "' + _DETAIL.encode() + mark + simple + b'"'


def _too_large(size: int) -> FileProblem:
    detail = f"a list too long to be one ({size >> 20} MiB): export it again"
    return FileProblem("refused", "too-large", detail)


FORMS = (
    Form(
        kind="huawei",
        platform="Huawei Health",
        read_recordings=read_workouts,
        mark=_DETAIL.encode(),
        skim=skim,
    ),
    Form(
        kind="huawei",
        platform="Huawei Health",
        read_recordings=read_workouts,
        keys="startTime|endTime|totalTime|totalDistance|timeZone|sportType|sportDataSource|"
        "totalCalories|recordDay",
        skim=skim,
    ),
)
