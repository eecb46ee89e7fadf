"""TrainingPeaks: ``workouts.csv`` beside the original files; planned workouts stand among the done.

It tells the day of a workout and no time of day. Hours without `TimeTotalInHours`, or a planned
duration alone, were not done.
"""

from __future__ import annotations

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile
from loadmon.io.exports.form import (
    Form,
    Line,
    decimal_mark,
    read_table,
    starts_of,
    take_day,
    unread,
)
from loadmon.io.recording import Recording, sport_names

_ROLES = {
    "day": "WorkoutDay",
    "type": "WorkoutType",
    "name": "Title",
    "distance": "DistanceInMeters",
    "hours": "TimeTotalInHours",
    "planned": "PlannedDuration",
    "hr": "HeartRateAverage",
    "max_hr": "HeartRateMax",
    "rpe": "Rpe",
}


def read_list(data: bytes) -> SideFile:
    """Read the list; each row is called by its line."""
    table = read_table(data, _ROLES, ("day", "type", "distance", "hours"))
    if "day" not in table.names:
        why = "it has no column 'WorkoutDay'"
        raise unread("TrainingPeaks", [cells.NAN] * len(table.lines), why)
    mark = decimal_mark(line.text(role) for line in table.lines for role in ("distance", "hours"))
    days = starts_of("TrainingPeaks", table.lines, "day")
    entries = []
    for line, day in zip(table.lines, days, strict=True):
        line.mark = mark
        entries.append(_entry(line, day, "hours" in table.names))
    side = table.side("TrainingPeaks")
    side.entries = entries
    return side


def _entry(line: Line, day: float, has_hours: bool) -> Entry:
    word = line.text("type")
    sport, sub_sport = sport_names(word)
    rpe = line.number_of("rpe")
    summary = {
        "distance_m": line.number_of("distance"),
        "timer_s": 3600.0 * line.number_of("hours"),
        "avg_hr_bpm": line.number_of("hr"),
        "max_hr_bpm": line.number_of("max_hr"),
        "rpe": rpe if 1 <= rpe <= 10 else cells.NAN,
    }
    recording = Recording(sport, sub_sport, summary=cells.known(summary))
    entry = Entry(f"row {line.number}", recording, name=line.text("name"))
    entry.word = "" if sport else word
    take_day(entry, day)
    is_done = summary["timer_s"] > 0 or summary["distance_m"] > 0
    if not is_done and (has_hours or line.text("planned")):
        entry.problem = FileProblem("skipped", "planned", "planned, not done: no time is given")
    return entry


FORMS = (
    Form(
        kind="trainingpeaks",
        platform="TrainingPeaks",
        read_list=read_list,
        columns="Title|WorkoutType|WorkoutDescription|PlannedDuration|PlannedDistanceInMeters|"
        "WorkoutDay|CoachComments|DistanceInMeters|TimeTotalInHours|HeartRateAverage",
    ),
)
