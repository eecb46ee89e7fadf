"""Health Connect: sessions of exercise in its database, to which the distances are put.

A session holds no distance: it is the sum of those that the same app wrote while it lasted. Several
apps write the same metres, so that they are never added together.
"""

from __future__ import annotations

from sqlite3 import Connection
from typing import Any

import numpy as np

from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.database import columns_of, rows_of
from loadmon.io.exports.form import Form, unread
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import Recording

_TABLE, _DISTANCES = "exercise_session_record_table", "distance_record_table"
_COLUMNS = (
    *("start_time", "start_zone_offset", "end_time", "exercise_type", "app_info_id", "title"),
)
_NEEDED = ("start_time", "start_zone_offset", "end_time", "exercise_type", "app_info_id")
_OF_DISTANCES = ("app_info_id", "start_time", "end_time", "distance")


def query(open_: Connection) -> dict[str, Any]:
    """Sessions with their distances, and the columns that are not there."""
    there, of_distances = columns_of(open_, _TABLE), columns_of(open_, _DISTANCES)
    missing = [name for name in _NEEDED if name not in there]
    missing += [f"{_DISTANCES}.{name}" for name in _OF_DISTANCES if name not in of_distances]
    rows = rows_of(open_, _TABLE, _COLUMNS)
    if not missing:
        _add_distances(open_, rows)
    return {"rows": rows, "missing": missing}


def _add_distances(open_: Connection, rows: list[dict[str, Any]]) -> None:
    """Give each session the metres that its own app wrote within it, by share of the time."""
    of_app: dict[Any, list[int]] = {}
    for n, row in enumerate(rows):
        of_app.setdefault(row["app_info_id"], []).append(n)
    text = (
        f"select start_time, end_time, distance from {_DISTANCES} where app_info_id is ? "
        "order by start_time"
    )
    for app, sessions in of_app.items():
        found = np.array(open_.execute(text, (app,)).fetchall(), np.float64).reshape(-1, 3)
        longest = float((found[:, 1] - found[:, 0]).max(initial=0.0))
        for n in sessions:
            start, end = cells.number(rows[n]["start_time"]), cells.number(rows[n]["end_time"])
            low = np.searchsorted(found[:, 0], start - longest, "left")
            near = found[low : np.searchsorted(found[:, 0], end, "left")]
            length = np.maximum(near[:, 1] - near[:, 0], 1.0)
            shared = np.minimum(near[:, 1], end) - np.maximum(near[:, 0], start)
            metres = float((near[:, 2] * np.clip(shared / length, 0.0, 1.0)).sum())
            rows[n]["metres"] = metres if len(near) else None


def read_list(data: bytes) -> SideFile:
    """Read what `query` found."""
    found = cells.loads(data)
    rows = cells.rows_of(found.get("rows"))
    if "start_time" in found["missing"]:
        why = f"{_TABLE} has no column 'start_time'"
        raise unread("Health Connect", [cells.NAN] * len(rows), why)
    side = SideFile("Health Connect")
    note_missing(side.issues, "Health Connect", found["missing"])
    side.entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    return side


def _entry(row: dict[str, Any], n: int) -> Entry:
    code = row.get("exercise_type")
    sport, sub_sport = sport_of_code("health_connect", code)
    start, end = cells.unix_s(row.get("start_time")), cells.unix_s(row.get("end_time"))
    summary = {
        "distance_m": cells.number(row.get("metres")),
        "timer_s": end - start,
        "elapsed_s": end - start,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    recording.offset_min = cells.possible_offset(cells.number(row.get("start_zone_offset")) / 60)
    name = cells.text(row.get("title"))
    word = "" if sport else f"exercise type {cells.text(code)}"
    return Entry(f"session {n}", recording, name=name, word=word)


FORMS = (
    Form(
        kind="health-connect",
        platform="Health Connect",
        read_list=read_list,
        query=query,
        table=_TABLE,
        mark=b'{"loadmon-database": "' + _TABLE.encode(),
    ),
)
