"""adidas Running (Runtastic): a JSON file for each session, and its track of the same base name.

Tracks are GPX files since April 2020, JSON before; neither names the sport.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.form import Form, missing_keys, unread
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import Recording

_KEYS = ("start_time", "start_time_timezone_offset", "distance", "duration", "sport_type_id")
_INDOOR = {"running": "indoor_running", "walking": "indoor_walking", "cycling": "indoor_cycling"}


def read_session(data: bytes) -> SideFile:
    """Read one session."""
    rows = cells.json_rows(data)
    if rows and not any("start_time" in row for row in rows):
        raise unread("adidas Running", [cells.NAN] * len(rows), "it has no 'start_time'")
    side = SideFile("adidas Running")
    note_missing(side.issues, "adidas Running", missing_keys(rows, _KEYS))
    side.entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    return side


def _entry(row: dict[str, Any], n: int) -> Entry:
    def of(name: str) -> float:
        return cells.number(row.get(name))

    code = row.get("sport_type_id")
    sport, sub_sport = sport_of_code("adidas", cells.text(code))
    if row.get("indoor") is True and not sub_sport:
        sub_sport = _INDOOR.get(sport, "")
    start, end = cells.unix_s(row.get("start_time")), cells.unix_s(row.get("end_time"))
    summary = {
        "distance_m": of("distance"),
        "timer_s": of("duration") / 1000.0,
        "elapsed_s": end - start,
        "ascent_m": of("elevation_gain"),
        "descent_m": of("elevation_loss"),
        "avg_hr_bpm": of("pulse_avg") or cells.NAN,
        "max_hr_bpm": of("pulse_max") or cells.NAN,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    recording.offset_min = cells.possible_offset(of("start_time_timezone_offset") / 60_000.0)
    ident = cells.text(row.get("id"))
    return Entry(
        ref=f"session {n}",
        recording=recording,
        file="GPS-data/{name}",
        is_whole=True,
        ident=ident,
        name=cells.text(row.get("notes")),
        word="" if sport else f"sport type {cells.text(code)}",
    )


_STREAMS = {
    "latitude": ("latitude_deg", 1.0),
    "longitude": ("longitude_deg", 1.0),
    "altitude": ("altitude_m", 1.0),
    "distance": ("distance_m", 1.0),
    "speed": ("speed_mps", 1 / 3.6),
}


def read_track(data: bytes) -> list[Recording | FileProblem]:
    """Read the positions of one session; its sport is in the session's own file."""
    rows = cells.json_rows(data)
    clocks = [cells.clock(row.get("timestamp")) for row in rows]
    offsets = [offset if offset == offset else 0.0 for _, offset in clocks]
    times = np.array([w - 60 * o for (w, _), o in zip(clocks, offsets, strict=True)], np.float64)
    if not len(times) or np.isnan(times).all():
        raise FileProblem("skipped", "no-points", "no positions of a session in it")
    streams = {}
    for key, (name, factor) in _STREAMS.items():
        values = np.array([cells.number(row.get(key)) for row in rows], np.float64) * factor
        if not np.isnan(values).all():
            streams[name] = values
    return [Recording(time=times, streams=streams, offset_min=clocks[0][1])]


FORMS = (
    Form(
        kind="adidas",
        platform="adidas Running",
        read_list=read_session,
        keys="start_time|end_time|start_time_timezone_offset|sport_type_id|duration|distance|"
        "pause_duration|created_at|elevation_gain|subjective_feeling_id",
    ),
    Form(
        kind="adidas-track",
        platform="adidas Running",
        read_recordings=read_track,
        keys="version|timestamp|longitude|latitude|altitude|speed|duration|distance",
    ),
)
