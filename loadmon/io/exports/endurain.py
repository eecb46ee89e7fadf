"""Endurain: ``data/activities.json`` beside the original files in ``activity_files``.

Times carry no zone; the zone stands beside them. Versions write them in UTC and in local time:
recordings of the same export tell which.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.form import Form, missing_keys, unread
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import Recording

_KEYS = ("start_time", "activity_type", "distance", "total_timer_time|total_elapsed_time")


def read_list(data: bytes) -> SideFile:
    """Read the list; each activity is called by its number."""
    rows = cells.json_rows(data)
    if rows and not any("start_time" in row for row in rows):
        raise unread("Endurain", [cells.NAN] * len(rows), "its activities have no 'start_time'")
    side = SideFile("Endurain", is_clock_unsure=True)
    note_missing(side.issues, "Endurain", missing_keys(rows, _KEYS))
    side.entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    return side


def _entry(row: dict[str, Any], n: int) -> Entry:
    def of(name: str) -> float:
        return cells.number(row.get(name))

    sport, sub_sport = sport_of_code("endurain", row.get("activity_type"))
    summary = {
        "distance_m": of("distance"),
        "timer_s": of("total_timer_time"),
        "elapsed_s": of("total_elapsed_time"),
        "ascent_m": of("elevation_gain"),
        "descent_m": of("elevation_loss"),
        "avg_hr_bpm": of("average_hr"),
        "max_hr_bpm": of("max_hr"),
        "rpe": of("workout_rpe") / 10.0 if of("workout_rpe") > 0 else cells.NAN,
    }
    if summary["timer_s"] != summary["timer_s"]:
        summary["timer_s"] = summary["elapsed_s"]
    recording = Recording(sport, sub_sport, cells.unix_s(row.get("start_time")))
    recording.summary = cells.known(summary)
    recording.zone = zone_of(row.get("timezone"))
    ident = cells.text(row.get("id"))
    return Entry(
        ref=ident or f"activity {n}",
        recording=recording,
        file=f"activity_files/{ident}" if ident else "",
        ident=ident,
        name=cells.text(row.get("name")),
        word="" if sport else f"activity type {cells.text(row.get('activity_type'))}",
    )


def zone_of(value: Any) -> str:
    """IANA name of a zone, where it is one."""
    try:
        return ZoneInfo(cells.text(value)).key if value else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder, or too long for a name
        return ""


FORMS = (
    Form(
        kind="endurain",
        platform="Endurain",
        read_list=read_list,
        keys="activity_type|start_time|end_time|timezone|total_elapsed_time|total_timer_time|"
        "distance|name",
    ),
)
