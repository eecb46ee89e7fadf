"""Lists that are rare, known from memory alone, or not read: none of them passes for rest."""

from __future__ import annotations

import re
from typing import Any

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.form import (
    Form,
    Line,
    decimal_mark,
    missing_keys,
    read_table,
    starts_of,
    take_day,
    unread,
)
from loadmon.io.recording import Recording, sport_names

_UNITS = {"mile": 1609.344, "kilometer": 1000.0, "meter": 1.0, "yard": 0.9144}
_RUNNINGAHEAD = {
    "date": "Date",
    "time_of_day": "TimeOfDay",
    "type": "Type",
    "distance": "Distance",
    "unit": "DistanceUnit",
    "time": "Duration",
    "hr": "AvgHR",
    "name": "Course",
}


def read_runningahead(data: bytes) -> SideFile:
    """Read RunningAHEAD's log, a table that tells the unit of each distance."""
    table = read_table(data, _RUNNINGAHEAD, ("date", "type", "distance", "unit", "time"))
    if "date" not in table.names:
        raise unread("RunningAHEAD", [cells.NAN] * len(table.lines), "it has no column 'Date'")
    mark = decimal_mark(line.text("distance") for line in table.lines)
    days = starts_of("RunningAHEAD", table.lines, "date")
    entries = []
    for line, day in zip(table.lines, days, strict=True):
        line.mark = mark
        entries.append(_of_runningahead(line, day))
    side = table.side("RunningAHEAD")
    side.entries = entries
    return side


def _of_runningahead(line: Line, day: float) -> Entry:
    word, unit = line.text("type"), line.text("unit").casefold().removesuffix("s")
    sport, sub_sport = sport_names(word)
    summary = {
        "distance_m": line.number_of("distance") * _UNITS.get(unit, 1000.0),
        "timer_s": line.seconds("time"),
        "avg_hr_bpm": line.number_of("hr"),
    }
    recording = Recording(sport, sub_sport, summary=cells.known(summary))
    entry = Entry(f"row {line.number}", recording, word="" if sport else word)
    entry.is_unscaled = unit not in _UNITS
    take_day(entry, day)
    return entry


def read_endomondo(data: bytes) -> SideFile:
    """Read Endomondo's file of one workout, a list of objects with one key each."""
    told: dict[str, Any] = {}
    for row in cells.json_rows(data):
        told |= {key: value for key, value in row.items() if key != "points"}
    side = SideFile("Endomondo")
    needed = ("start_time", "sport", "distance_km", "duration_s")
    note_missing(side.issues, "Endomondo", missing_keys([told], needed))
    if "start_time" not in told:
        raise unread("Endomondo", [cells.NAN], "it has no 'start_time'")
    word = cells.text(told.get("sport"))
    sport, sub_sport = sport_names(word)
    summary = {
        "distance_m": 1000.0 * cells.number(told.get("distance_km")),
        "timer_s": cells.number(told.get("duration_s")),
        "avg_hr_bpm": cells.number(told.get("heart_rate_avg_bpm")),
    }
    start = cells.unix_s(told.get("start_time"))
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    side.entries = [Entry("workout 1", recording, word="" if sport else word)]
    return side


def read_nike(data: bytes) -> SideFile:
    """Read Nike Run Club's activities, whose distances are in the summaries, in kilometres."""
    rows = cells.json_rows(data)
    if len(rows) == 1 and isinstance(rows[0].get("activities"), list):
        rows = cells.rows_of(rows[0]["activities"])
    if rows and not any("start_epoch_ms" in row for row in rows):
        raise unread("Nike", [cells.NAN] * len(rows), "its activities have no 'start_epoch_ms'")
    side = SideFile("Nike")
    needed = ("start_epoch_ms", "active_duration_ms|end_epoch_ms", "summaries", "type")
    note_missing(side.issues, "Nike", missing_keys(rows, needed))
    for n, row in enumerate(rows, 1):
        word = cells.text(row.get("type"))
        sport, sub_sport = sport_names(word)
        start, end = cells.unix_s(row.get("start_epoch_ms")), cells.unix_s(row.get("end_epoch_ms"))
        active = cells.number(row.get("active_duration_ms")) / 1000.0
        metres = [
            1000.0 * cells.number(one.get("value"))
            for one in cells.rows_of(row.get("summaries"))
            if one.get("metric") == "distance" and one.get("summary") == "total"
        ]
        summary = {
            "distance_m": metres[0] if metres else cells.NAN,
            "timer_s": active if active > 0 else end - start,
            "elapsed_s": end - start,
        }
        recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
        ident = cells.text(row.get("id"))
        side.entries.append(Entry(ident or f"activity {n}", recording, word="" if sport else word))
    return side


_WHEN = re.compile(rb"<when>(\d{4}-\d\d-\d\d[^<]{0,20})</when>")


def kml_is_unread(data: bytes) -> list[Recording | FileProblem]:
    """Refuse a KML track by its days; a map without times is no workout."""
    starts = [cells.clock(text.decode("ascii", "replace"))[0] for text in _WHEN.findall(data)]
    if not starts:
        raise FileProblem("skipped", "no-points", "a KML map without times in it")
    raise unread("OpenTracks", [starts[0]], "export it as GPX", what="KML track")


def points_are_unread(data: bytes) -> list[Recording | FileProblem]:
    """Refuse a table of track points by its day."""
    texts = re.findall(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", data[:4096])
    starts = [cells.clock(text.decode())[0] for text in texts[:1]]
    raise unread("OpenTracks", starts or [cells.NAN], "export it as GPX", what="table of points")


FORMS = (
    Form(
        kind="runningahead",
        platform="RunningAHEAD",
        read_list=read_runningahead,
        columns="Date|TimeOfDay|Type|SubType|Distance|DistanceUnit|Duration|AvgHR|MaxHR|Course",
    ),
    Form(
        kind="endomondo",
        platform="Endomondo",
        read_list=read_endomondo,
        keys="sport|source|created_date|start_time|end_time|duration_s|distance_km|points",
    ),
    Form(
        kind="nike",
        platform="Nike",
        read_list=read_nike,
        keys="start_epoch_ms|end_epoch_ms|active_duration_ms|summaries|type|app_id|metrics",
    ),
    Form(
        kind="opentracks-kml",
        platform="OpenTracks",
        read_recordings=kml_is_unread,
        root=b"kml",
    ),
    Form(
        kind="opentracks-table",
        platform="OpenTracks",
        read_recordings=points_are_unread,
        mark=b"trackpoint_type",
    ),
)
