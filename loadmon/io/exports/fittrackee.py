"""FitTrackee: ``user_workouts_data.json`` beside the original files in ``workout_files``.

Times are UTC, distances kilometres, and the sport of a GPX file is that of the list.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.form import Form, clock_s, missing_keys, unread
from loadmon.io.recording import Recording, sport_names

_KEYS = ("workout_date", "sport_label", "distance", "duration|moving", "original_file")


def read_list(data: bytes) -> SideFile:
    """Read the list; each workout is called by its number."""
    rows = cells.json_rows(data)
    if rows and not any("workout_date" in row for row in rows):
        raise unread("FitTrackee", [cells.NAN] * len(rows), "its workouts have no 'workout_date'")
    side = SideFile("FitTrackee", corrects_sport="named")  # chosen by hand for every file
    note_missing(side.issues, "FitTrackee", missing_keys(rows, _KEYS))
    side.entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    return side


def _entry(row: dict[str, Any], n: int) -> Entry:
    def seconds(name: str) -> float:
        value = row.get(name)
        return clock_s(value) if isinstance(value, str) else cells.number(value)

    word = cells.text(row.get("sport_label"))
    sport, sub_sport = sport_names(word)
    moving, elapsed = seconds("moving"), seconds("duration")
    summary = {
        "distance_m": 1000.0 * cells.number(row.get("distance")),
        "timer_s": moving if moving > 0 else elapsed,
        "elapsed_s": elapsed,
        "ascent_m": cells.number(row.get("ascent")),
        "descent_m": cells.number(row.get("descent")),
        "avg_hr_bpm": cells.number(row.get("ave_hr")),
        "max_hr_bpm": cells.number(row.get("max_hr")),
    }
    start = _utc_s(row.get("workout_date"))
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    ident = cells.text(row.get("id"))
    file = cells.text(row.get("original_file"))
    return Entry(
        ref=ident or f"workout {n}",
        recording=recording,
        file=f"workout_files/{file}" if file and not cells.leaves_folder(file) else "",
        ident=ident,
        name=cells.text(row.get("title")),
        word="" if sport else word,
    )


def _utc_s(value: Any) -> float:
    """Unix time of ``Mon, 05 Jan 2026 14:30:12 GMT``, or of an ISO text. [s]"""
    try:
        return parsedate_to_datetime(cells.text(value)).timestamp()
    except (ValueError, TypeError):
        return cells.unix_s(value)


FORMS = (
    Form(
        kind="fittrackee",
        platform="FitTrackee",
        read_list=read_list,
        keys="sport_id|sport_label|workout_date|original_file|moving|duration|distance|title",
    ),
)
