"""MapMyRun: a table of workouts that tells the day of each, and no time of day."""

from __future__ import annotations

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
    "date": "Workout Date",
    "type": "Activity Type",
    "km": "Distance (km)",
    "mi": "Distance (mi)",
    "time": "Workout Time (seconds)",
    "hr": "Avg Heart Rate",
    "name": "Notes",
}


def read_list(data: bytes) -> SideFile:
    """Read the list; each row is called by its line."""
    table = read_table(data, _ROLES, ("date", "type", "time"))
    if not {"km", "mi"} & table.names.keys():
        table.missing += ["Distance (km)", "Distance (mi)"]
    if "date" not in table.names:
        raise unread("MapMyRun", [cells.NAN] * len(table.lines), "it has no column 'Workout Date'")
    mark = decimal_mark(line.text(role) for line in table.lines for role in ("km", "mi"))
    days = starts_of("MapMyRun", table.lines, "date")
    entries = []
    for line, day in zip(table.lines, days, strict=True):
        line.mark = mark
        entries.append(_entry(line, day))
    side = table.side("MapMyRun")
    side.entries = entries
    return side


def _entry(line: Line, day: float) -> Entry:
    word = line.text("type")
    sport, sub_sport = sport_names(word)
    km, mi = line.number_of("km"), line.number_of("mi")
    summary = {
        "distance_m": 1000.0 * km if km == km else 1609.344 * mi,
        "timer_s": line.seconds("time"),
        "avg_hr_bpm": line.number_of("hr"),
    }
    recording = Recording(sport, sub_sport, summary=cells.known(summary))
    entry = Entry(f"row {line.number}", recording, word="" if sport else word)
    entry.name = line.text("name").removeprefix("b'").removesuffix("'")
    take_day(entry, day)
    return entry


FORMS = (
    Form(
        kind="mapmyrun",
        platform="MapMyRun",
        read_list=read_list,
        columns="Date Submitted|Workout Date|Activity Type|Calories Burned (kCal)|"
        "Workout Time (seconds)|Avg Heart Rate|Steps|Notes|Source|Link",
    ),
)
