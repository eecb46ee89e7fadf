"""Runkeeper: ``cardioActivities.csv`` beside one GPX file for each recorded run.

Its dates are local and name no zone: the GPX, which is in UTC, tells the offset. A row without a
GPX file is a treadmill or was typed in. GPX files name no sport: it is that of the list.
"""

from __future__ import annotations

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile
from loadmon.io.exports.form import Form, Line, decimal_mark, read_table, starts_of, unread
from loadmon.io.recording import Recording, sport_names

_KM, _MI = 1000.0, 1609.344
_FT = 0.3048
_ROLES = {
    "id": "Activity Id|Activity ID",
    "date": "Date",
    "type": "Type|Activity Type",
    "km": "Distance (km)",
    "mi": "Distance (mi)",
    "time": "Duration",
    "climb_m": "Climb (m)",
    "climb_ft": "Climb (ft)",
    "hr": "Average Heart Rate (bpm)|Average Heart Rate",
    "notes": "Notes|Route Name",
    "file": "GPX File",
}


def read_list(data: bytes) -> SideFile:
    """Read the list; each row is called by its line, as spreadsheets count."""
    table = read_table(data, _ROLES, ("date", "type", "time", "file"))
    if not {"km", "mi"} & table.names.keys():
        table.missing += ["Distance (km)", "Distance (mi)"]
    if "date" not in table.names:
        raise unread("Runkeeper", [cells.NAN] * len(table.lines), "it has no column 'Date'")
    starts = starts_of("Runkeeper", table.lines, "date")
    texts = [line.text(role) for line in table.lines for role in ("km", "mi")]
    mark = decimal_mark(texts)
    entries = []
    for line, start in zip(table.lines, starts, strict=True):
        line.mark = mark
        entries.append(_entry(line, start))
    side = table.side("Runkeeper")
    side.entries = entries
    side.corrects_sport = "named"
    return side


def _entry(line: Line, start: float) -> Entry:
    word = line.text("type")
    sport, sub_sport = sport_names(word)
    distance = line.number_of("km") * _KM
    if distance != distance:
        distance = line.number_of("mi") * _MI
    climb = line.number_of("climb_m")
    if climb != climb:
        climb = line.number_of("climb_ft") * _FT
    summary = {
        "distance_m": distance,
        "timer_s": line.seconds("time"),
        "ascent_m": climb,
        "avg_hr_bpm": line.number_of("hr"),
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary), is_local=True)
    name = line.text("file")
    entry = Entry(f"row {line.number}", recording, ident=line.text("id"), name=line.text("notes"))
    entry.word = "" if sport else word
    if cells.leaves_folder(name):
        detail = f"names a file outside the export ({name}): not counted"
        entry.problem = FileProblem("refused", "csv-name", detail)
    else:
        entry.file = name
    return entry


FORMS = (
    Form(
        kind="runkeeper",
        platform="Runkeeper",
        read_list=read_list,
        columns="Activity Id|Date|Type|Route Name|Duration|Average Pace|Calories Burned|Notes|"
        "GPX File|Average Heart Rate (bpm)",
    ),
)
