"""Google Fit in the Takeout: a JSON file for each session; some lie beside it as TCX once more."""

from __future__ import annotations

import re
from typing import Any

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.form import Form, missing_keys, unread
from loadmon.io.recording import Recording, sport_names

_KEYS = ("fitnessActivity", "startTime", "duration|endTime", "aggregate")
#: What is no training: sleep, rides in a car, sitting.
_NO_TRAINING = re.compile(r"sleep|in_vehicle|still|tilting|meditation|exiting_vehicle")


def read_session(data: bytes) -> SideFile:
    """Read one session."""
    rows = cells.json_rows(data)
    if rows and not any("startTime" in row for row in rows):
        raise unread("Google Fit", [cells.NAN] * len(rows), "it has no 'startTime'")
    side = SideFile("Google Fit")
    note_missing(side.issues, "Google Fit", missing_keys(rows, _KEYS))
    side.entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    return side


def _entry(row: dict[str, Any], n: int) -> Entry:
    word = cells.text(row.get("fitnessActivity"))
    sport, sub_sport = sport_names(word)
    start, end = cells.unix_s(row.get("startTime")), cells.unix_s(row.get("endTime"))
    timer = cells.number(cells.text(row.get("duration")).removesuffix("s"))
    summary = {
        "distance_m": _sum(row, "com.google.distance.delta"),
        "timer_s": timer if timer == timer else end - start,
        "elapsed_s": end - start,
        "cycles": _sum(row, "com.google.step_count.delta") / 2,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    entry = Entry(f"session {n}", recording, word="" if sport else word)
    if _NO_TRAINING.match(word):
        entry.problem = FileProblem("skipped", "not-activity", f"{word}: no training")
    return entry


def _sum(row: dict[str, Any], metric: str) -> float:
    """Sum of a metric of a session; NaN where it has none."""
    found = [
        cells.number(one.get("floatValue", one.get("intValue")))
        for one in cells.rows_of(row.get("aggregate"))
        if one.get("metricName") == metric
    ]
    return sum(found) if found else cells.NAN


FORMS = (
    Form(
        kind="google-fit",
        platform="Google Fit",
        read_list=read_session,
        keys="fitnessActivity|startTime|endTime|duration|segment|aggregate",
    ),
)
