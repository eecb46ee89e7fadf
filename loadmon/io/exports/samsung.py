"""Samsung Health: a table of exercises in UTC, and a JSON file of positions for each.

Line 1 of the table is about the table, line 2 the header. Headers carry a prefix, and a row may
have one comma more than the header.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile
from loadmon.io.exports.form import Form, Line, read_table, unread
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import Recording

_PREFIX = "com.samsung.health.exercise."
_NAMES = {
    "start": "start_time",
    "offset": "time_offset",
    "time": "duration",
    "end": "end_time",
    "distance": "distance",
    "type": "exercise_type",
    "hr": "mean_heart_rate",
    "max_hr": "max_heart_rate",
    "climb": "altitude_gain",
    "id": "datauuid",
    "file": "location_data",
}
#: A header may come with its prefix or without.
_ROLES = {role: f"{_PREFIX}{name}|{name}" for role, name in _NAMES.items()}


def read_list(data: bytes) -> SideFile:
    """Read the list; each row is called by its line."""
    skip = 0 if _PREFIX.encode() in data[:4096].split(b"\n", 1)[0] else 1
    table = read_table(data, _ROLES, ("start", "offset", "time", "distance", "type"), skip)
    if "start" not in table.names:
        why = f"it has no column '{_PREFIX}start_time'"
        raise unread("Samsung Health", [cells.NAN] * len(table.lines), why)
    entries = [_entry(line) for line in table.lines]
    side = table.side("Samsung Health")
    side.entries = entries
    return side


def offset_min(text: str) -> float:
    """Offset of ``UTC+0900``, ``+05:30`` or ``-0800``; NaN for none. [min]"""
    return cells.clock(f"2000-01-01T00:00:00{text.removeprefix('UTC').strip()}")[1]


def _entry(line: Line) -> Entry:
    sport, sub_sport = sport_of_code("samsung", line.text("type"))
    start = line.value("start", lambda text: cells.unix_s(text.replace(".000", "")))
    end = line.value("end", cells.unix_s)
    milliseconds = line.number_of("time")
    summary = {
        "distance_m": line.number_of("distance"),
        "timer_s": milliseconds / 1000.0 if milliseconds == milliseconds else end - start,
        "elapsed_s": end - start,
        "avg_hr_bpm": line.number_of("hr") or cells.NAN,
        "max_hr_bpm": line.number_of("max_hr") or cells.NAN,
        "ascent_m": line.number_of("climb"),
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    recording.offset_min = line.value("offset", offset_min)
    name = line.text("file")
    ident = line.text("id")
    entry = Entry(f"row {line.number}", recording, ident=ident, is_whole=True)
    entry.word = "" if sport else f"exercise type {line.text('type')}"
    entry.file = "" if cells.leaves_folder(name) else name
    return entry


def read_track(data: bytes) -> list[Recording | FileProblem]:
    """Read positions, or heart rates, of one exercise; its sport is in the list alone."""
    rows = cells.json_rows(data)
    times = np.array([cells.unix_s(row.get("start_time")) for row in rows], np.float64)
    streams = {
        name: values
        for key, name in _STREAMS.items()
        if not np.isnan(values := _column(rows, key)).all()
    }
    if not streams or np.isnan(times).all():
        raise FileProblem("skipped", "no-points", "no positions of an exercise in it")
    return [Recording(time=times, streams=streams)]


_STREAMS = {
    "latitude": "latitude_deg",
    "longitude": "longitude_deg",
    "altitude": "altitude_m",
    "heart_rate": "heart_rate_bpm",
}


def _column(rows: list[dict[str, Any]], key: str) -> np.ndarray:
    return np.array([cells.number(row.get(key)) for row in rows], np.float64)


FORMS = (
    Form(
        kind="samsung",
        platform="Samsung Health",
        read_list=read_list,
        mark=b"com.samsung.health.exercise.exercise_type",
    ),
    Form(
        kind="samsung",
        platform="Samsung Health",
        read_list=read_list,
        mark=b"com.samsung.shealth.exercise,",
    ),
    Form(
        kind="samsung-track",
        platform="Samsung Health",
        read_recordings=read_track,
        keys="latitude|longitude|altitude|start_time",
    ),
)
