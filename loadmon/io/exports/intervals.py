"""intervals.icu: a list of activities as JSON beside the original files.

Two shapes: a summary with the day only (``date``, ``distance_km``, ``duration_min``), and that of
its interface (``start_date_local``, ``moving_time`` in seconds, ``distance`` in metres).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile
from loadmon.io.recording import Recording, sport_names

_DAY_S = 86_400.0


def read_list(data: bytes) -> SideFile:
    """Read a list of activities, each called by its number; its own loads are not read."""
    rows = cells.json_rows(data)
    entries = [_entry(row, n) for n, row in enumerate(rows, 1)]
    return SideFile("intervals.icu", entries=entries, device_settings=_device_settings(rows))


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
        _take_day(entry, local, cells.clock(row.get("date"))[0])
    return entry


def _take_day(entry: Entry, local: float, date: float) -> None:
    """Keep the local day of an activity without a known start in UTC; noon stands for no time."""
    has_time = local == local
    wall = local if has_time else date
    if wall != wall:
        return
    day_s = wall - wall % _DAY_S
    entry.day = cells.day_of(1000 * day_s)
    entry.recording.start = wall if has_time else day_s + _DAY_S / 2
    entry.recording.offset_min = 0.0
    entry.recording.flags["day-only"] = (
        "the list tells the local time but no zone: counted like UTC"
        if has_time
        else "the list tells the day but no time: noon stands for it"
    )


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
