"""Gadgetbridge: the summaries of workouts in its database, beside GPX files of their tracks."""

from __future__ import annotations

import json
from sqlite3 import Connection
from typing import Any

from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.database import columns_of, rows_of
from loadmon.io.exports.form import Form, unread
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import Recording

_TABLE = "BASE_ACTIVITY_SUMMARY"
_COLUMNS = (
    *("_id", "NAME", "START_TIME", "END_TIME", "ACTIVITY_KIND", "GPX_TRACK", "SUMMARY_DATA"),
)
_NEEDED = ("START_TIME", "END_TIME", "ACTIVITY_KIND", "SUMMARY_DATA")


def query(open_: Connection) -> dict[str, Any]:
    """Rows that are wanted, and the columns that are not there."""
    there = columns_of(open_, _TABLE)
    missing = [name for name in _NEEDED if name.lower() not in there]
    return {"rows": rows_of(open_, _TABLE, _COLUMNS), "missing": missing}


def read_list(data: bytes) -> SideFile:
    """Read what `query` found; each summary is called by its number."""
    found = cells.loads(data)
    rows = cells.rows_of(found.get("rows"))
    if "START_TIME" in found["missing"]:
        why = "its table has no column 'START_TIME'"
        raise unread("Gadgetbridge", [cells.NAN] * len(rows), why)
    side = SideFile("Gadgetbridge")
    note_missing(side.issues, "Gadgetbridge", found["missing"])
    side.entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    return side


def _entry(row: dict[str, Any], n: int) -> Entry:
    try:
        told = json.loads(row.get("SUMMARY_DATA") or "{}")
    except ValueError:
        told = {}

    def of(name: str) -> float:
        value = cells.below(told, name)
        return cells.number(value.get("value") if isinstance(value, dict) else value)

    sport, sub_sport = sport_of_code("gadgetbridge", row.get("ACTIVITY_KIND"))
    start, end = cells.unix_s(row.get("START_TIME")), cells.unix_s(row.get("END_TIME"))
    active = of("activeSeconds")
    summary = {
        "distance_m": of("distanceMeters"),
        "timer_s": active if active > 0 else end - start,
        "elapsed_s": end - start,
        "avg_hr_bpm": of("averageHR"),
        "cycles": of("steps") / 2,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    ident = cells.text(row.get("_id"))
    track = cells.text(row.get("GPX_TRACK")).replace("\\", "/").rsplit("/", 1)[-1]
    return Entry(
        ref=f"summary {ident or n}",
        recording=recording,
        file=track,
        ident=ident,
        name=cells.text(row.get("NAME")),
        word="" if sport else f"kind {cells.text(row.get('ACTIVITY_KIND'))}",
    )


FORMS = (
    Form(
        kind="gadgetbridge",
        platform="Gadgetbridge",
        read_list=read_list,
        query=query,
        table=_TABLE,
        mark=b'{"loadmon-database": "' + _TABLE.encode(),
    ),
)
