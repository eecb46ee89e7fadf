"""Fitbit in Google's Takeout, which lists the same runs twice.

The newer ``UserExercises_*.csv`` counts millimetres and gives UTC times with an offset; its average
speed is about a hundred times too large. ``exercise-N.json`` gives starts of which nobody knows
whether they are UTC or local: they are taken for UTC unless other lists or recordings say local.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.form import Form, Line, missing_keys, read_table, unread
from loadmon.io.exports.samsung import offset_min
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import Recording, sport_names

_ROLES = {
    "id": "exercise_id",
    "start": "exercise_start",
    "end": "exercise_end",
    "offset": "utc_offset",
    "type": "activity_name",
    "tracked": "tracker_total_distance_mm",
    "typed": "manually_logged_total_distance_mm",
    "hr": "tracker_avg_heart_rate",
    "max_hr": "tracker_peak_heart_rate",
    "climb": "tracker_total_altitude_mm",
    "steps": "tracker_total_steps",
    "deleted": "deletion_reason",
}
_NEEDED = ("start", "end", "offset", "type", "tracked", "typed")
_UNITS = {
    "kilometer": 1000.0, "kilometre": 1000.0, "km": 1000.0, "mile": 1609.344, "mi": 1609.344,
    "meter": 1.0, "metre": 1.0, "m": 1.0,
}  # fmt: skip


def read_table_of_exercises(data: bytes) -> SideFile:
    """Read ``UserExercises_*.csv``."""
    table = read_table(data, _ROLES, _NEEDED)
    if "start" not in table.names:
        raise unread("Fitbit", [cells.NAN] * len(table.lines), "it has no column 'exercise_start'")
    entries = [_entry(line) for line in table.lines]
    side = table.side("Fitbit")
    side.entries = entries
    return side


def _entry(line: Line) -> Entry:
    word = line.text("type")
    sport, sub_sport = sport_names(word)
    start, end = line.value("start", cells.unix_s), line.value("end", cells.unix_s)
    millimetres = line.number_of("tracked")
    if not millimetres > 0:
        millimetres = line.number_of("typed")
    summary = {
        "distance_m": millimetres / 1000.0,
        "timer_s": end - start,
        "elapsed_s": end - start,
        "avg_hr_bpm": line.number_of("hr") or cells.NAN,
        "max_hr_bpm": line.number_of("max_hr") or cells.NAN,
        "ascent_m": line.number_of("climb") / 1000.0,
        "cycles": line.number_of("steps") / 2,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    recording.offset_min = line.value("offset", offset_min)
    entry = Entry(f"row {line.number}", recording, ident=line.text("id"))
    entry.word = "" if sport else word
    if reason := line.text("deleted"):
        entry.problem = FileProblem("skipped", "deleted", f"deleted in the app ({reason})")
    return entry


#: What is asked of each exercise.
_KEYS = ("startTime", "duration", "distance", "distanceUnit", "activityTypeId|activityName")


def read_exercises(data: bytes) -> SideFile:
    """Read ``exercise-N.json``."""
    rows = cells.json_rows(data)
    if rows and not any("startTime" in row for row in rows):
        raise unread("Fitbit", [cells.NAN] * len(rows), "its exercises have no 'startTime'")
    side = SideFile("Fitbit", is_clock_unsure=True)
    has_distances = any("distance" in row for row in rows)
    keys = [key for key in _KEYS if key != "distanceUnit" or has_distances]
    note_missing(side.issues, "Fitbit", missing_keys(rows, keys))
    side.entries = [_exercise(row, n) for n, row in enumerate(rows, 1)]
    return side


def _exercise(row: dict[str, Any], n: int) -> Entry:
    def of(name: str) -> float:
        return cells.number(row.get(name))

    sport, sub_sport = sport_of_code("fitbit", row.get("activityTypeId"))
    word = cells.text(row.get("activityName"))
    if not sport:
        sport, sub_sport = sport_names(word)
    unit = cells.text(row.get("distanceUnit")).casefold()
    metres = of("distance") * _UNITS.get(unit.removesuffix("s"), 1000.0)
    active, total = of("activeDuration") / 1000.0, of("duration") / 1000.0
    summary = {
        "distance_m": metres,
        "timer_s": active if active > 0 else total,
        "elapsed_s": total,
        "avg_hr_bpm": of("averageHeartRate") or cells.NAN,
        "cycles": of("steps") / 2,
    }
    recording = Recording(sport, sub_sport, _start(row.get("startTime")))
    recording.summary = cells.known(summary)
    ident = cells.text(row.get("logId"))
    entry = Entry(ident or f"exercise {n}", recording, ident=ident, word="" if sport else word)
    entry.is_unscaled = unit.removesuffix("s") not in _UNITS and metres > 0
    return entry


def _start(value: Any) -> float:
    """Time of ``01/05/26 14:30:12``, month first in every language, or of an ISO text. [s]"""
    text = cells.text(value)
    for form in ("%m/%d/%y %H:%M:%S", "%m/%d/%Y %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return cells.unix_s(text)


FORMS = (
    Form(
        kind="fitbit",
        platform="Fitbit",
        read_list=read_table_of_exercises,
        columns="exercise_id|exercise_start|exercise_end|utc_offset|activity_name|log_type|"
        "tracker_total_distance_mm|manually_logged_total_distance_mm|tracker_avg_heart_rate|"
        "tracker_avg_speed_mm_per_second",
    ),
    Form(
        kind="fitbit-json",
        platform="Fitbit",
        read_list=read_exercises,
        keys="logId|activityName|activityTypeId|activityLevel|startTime|duration|logType|"
        "originalStartTime|distanceUnit",
    ),
)
