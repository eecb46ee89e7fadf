"""intervals.icu: a list of activities as JSON beside the original files.

Two shapes: a summary with the day only (``date``, ``distance_km``, ``duration_min``), and that of
its interface (``start_date_local``, ``moving_time`` in seconds, ``distance`` in metres).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing
from loadmon.io.exports.form import Form, missing_keys, read_table, take_day, unread
from loadmon.io.recording import Recording, sport_names


def read_list(data: bytes) -> SideFile:
    """Read a list of activities, each called by its number; its own loads are not read."""
    rows = cells.json_rows(data)
    keys = next((k for k in _SHAPES if any({*k[2:]} & row.keys() for row in rows)), _SHAPES[0])
    missing = missing_keys(rows, keys)
    if keys[0] in missing and not any({"date", "start_date"} & row.keys() for row in rows):
        why = f"its activities have no {keys[0]!r}"
        raise unread("intervals.icu", [cells.NAN] * len(rows), why)
    entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    side = SideFile("intervals.icu", entries=entries, device_settings=_device_settings(rows))
    note_missing(side.issues, "intervals.icu", missing)
    return side


#: What is asked of each activity, in either shape: its day, its sport, and numbers.
_SHAPES = (
    ("date", "type", "distance_km", "duration_min"),
    ("start_date_local", "type", "moving_time", "distance"),
)


#: What is read of the same list as a table, under the same names.
_COLUMNS = (
    *("id", "type", "name", "start_date", "start_date_local", "date", "distance", "moving_time"),
    *("elapsed_time", "total_elevation_gain", "average_heartrate", "max_heartrate", "icu_rpe"),
)


def read_table_of_activities(data: bytes) -> SideFile:
    """Read the same list as a table."""
    table = read_table(
        data, {name: name for name in _COLUMNS}, ("start_date_local", "type", "distance")
    )
    side = table.side("intervals.icu")
    rows = [{name: line.text(name) for name in line.names} for line in table.lines]
    side.entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    return side


def _entry(row: dict[str, Any], n: int) -> Entry:
    word = cells.text(row.get("type"))
    sport, sub_sport = sport_names(word)
    recording = Recording(sport=sport, sub_sport=sub_sport, summary=cells.known(_summary(row)))
    recording.start = cells.unix_s(row.get("start_date"))
    local, _ = cells.clock(row.get("start_date_local"))
    cells.set_offset(recording, local)
    ident = cells.text(row.get("id"))
    entry = Entry(
        ref=ident or f"activity {n}",
        recording=recording,
        ident=ident,
        name=cells.text(row.get("name")),
        gear=cells.text(cells.below(row, "gear", "name")),
        word="" if sport else word,
    )
    if recording.start != recording.start:
        day = cells.clock(row.get("date"))[0]
        take_day(entry, local if local == local else day, has_time=local == local)
    return entry


def _summary(row: dict[str, Any]) -> dict[str, float]:
    def of(name: str, factor: float = 1.0) -> float:
        return cells.number(row.get(name)) * factor

    def first(*values: float) -> float:
        return next((v for v in values if v == v), np.nan)

    rpe = first(of("rpe"), of("icu_rpe"), of("perceived_exertion"))
    return {
        "distance_m": first(of("distance_km", 1000.0), of("distance")),
        "timer_s": first(of("duration_min", 60.0), of("moving_time")),
        "elapsed_s": first(of("elapsed_min", 60.0), of("elapsed_time")),
        "ascent_m": first(of("elevation_m"), of("total_elevation_gain")),
        "descent_m": first(of("elevation_loss_m"), of("total_elevation_loss")),
        "avg_hr_bpm": first(of("avg_hr"), of("average_heartrate")),
        "max_hr_bpm": first(of("max_hr"), of("max_heartrate")),
        "calories_kcal": of("calories"),
        "rpe": rpe if 1 <= rpe <= 10 else np.nan,
    }


def _device_settings(rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    """What the rows reveal of the runner, in order of days, where it is another than before."""
    found: list[tuple[str, dict[str, float]]] = []
    for row in rows:
        day = cells.day_of(row.get("date")) or cells.day_of(row.get("start_date_local"))
        values = {
            "resting_hr_bpm": cells.number(row.get("resting_hr", row.get("icu_resting_hr"))),
            "threshold_hr_bpm": cells.number(row.get("lthr")),
            "mass_kg": cells.number(row.get("weight_kg", row.get("icu_weight"))),
        }
        if values := {name: value for name, value in values.items() if value > 0}:
            found.append((day, values))
    found.sort(key=lambda one: one[0])
    in_order = pairwise([("", {}), *found])
    return [{"day": day, **values} for (_, before), (day, values) in in_order if values != before]


FORMS = (
    Form(
        kind="intervals",
        platform="intervals.icu",
        read_list=read_list,
        words=(b'"duration_min"', b'"distance_km"', b'"date"'),
        keys="id|date|type|source|distance_km|duration_min|elapsed_min|avg_hr|resting_hr|lthr",
    ),
    Form(
        kind="intervals",
        platform="intervals.icu",
        read_list=read_list,
        words=(b'"moving_time"', b'"icu_'),
    ),
    Form(
        kind="intervals",
        platform="intervals.icu",
        read_list=read_list,
        words=(b'"start_date_local"', b'"icu_'),
    ),
    Form(
        kind="intervals-table",
        platform="intervals.icu",
        read_list=read_table_of_activities,
        columns="id|start_date_local|type|name|distance|moving_time|icu_training_load",
    ),
)
