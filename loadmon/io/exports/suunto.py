"""Suunto: one activity as JSON (``DeviceLog``), in SI units throughout.

Heart rate and cadence count per second, positions are in radians, temperature in kelvin.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.form import Form
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import Floats, Recording, both_feet, sport_names

_STREAMS = {
    "Distance": ("distance_m", 1.0),
    "Speed": ("speed_mps", 1.0),
    "HR": ("heart_rate_bpm", 60.0),
    "Cadence": ("cadence_spm", 60.0),
    "Altitude": ("altitude_m", 1.0),
    "Power": ("power_w", 1.0),
    "Latitude": ("latitude_deg", 180.0 / np.pi),
    "Longitude": ("longitude_deg", 180.0 / np.pi),
    "Temperature": ("temperature_c", 1.0),
}


def suunto_recordings(data: bytes) -> list[Recording | FileProblem]:
    """Read one activity of a Suunto export."""
    log = cells.below(cells.loads(data), "DeviceLog")
    header = cells.below(log, "Header")
    header = header if isinstance(header, dict) else {}
    samples = [s for s in cells.rows_of(cells.below(log, "Samples")) if _STREAMS.keys() & s.keys()]
    if not header and not samples:
        raise FileProblem("skipped", "no-points", "a Suunto file without an activity in it")
    # `Activity` is what the watch's mode is called, in any words; the number says the sport.
    sport, sub_sport = sport_of_code("suunto", header.get("ActivityType"))
    if not sport:
        sport, sub_sport = sport_names(cells.text(header.get("Activity")))
    _, offset = cells.clock(header.get("DateTime") or (samples and samples[0].get("TimeISO8601")))
    recording = Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=cells.unix_s(header.get("DateTime")),
        summary=cells.known(_summary(header)),
        offset_min=offset,
        time=np.array([cells.unix_s(s.get("TimeISO8601")) for s in samples], np.float64),
        streams=_streams(samples, sport),
    )
    if offset != offset:
        recording.flags["tz-unknown"] = cells.NO_OFFSET
    return [recording]


def _summary(header: dict[str, Any]) -> dict[str, float]:
    def of(name: str) -> float:
        return cells.number(header.get(name))

    beat = header.get("HR")
    pauses = of("PauseDuration")
    return {
        "distance_m": of("Distance"),
        "timer_s": of("Duration"),
        "elapsed_s": of("Duration") + (pauses if pauses > 0 else 0.0),
        "ascent_m": of("Ascent"),
        "descent_m": of("Descent"),
        "cycles": of("StepCount") / 2,
        "avg_hr_bpm": cells.number(cells.below(beat, "Avg")) * 60.0,
        "max_hr_bpm": cells.number(cells.below(beat, "Max")) * 60.0,
    }


def _streams(samples: list[dict[str, Any]], sport: str) -> dict[str, Floats]:
    """Columns that were recorded, on one row for each sample."""
    streams: dict[str, Floats] = {}
    for key, (name, factor) in _STREAMS.items():
        values = np.array([cells.number(s.get(key)) for s in samples], np.float64) * factor
        if name == "temperature_c":
            values = values - 273.15
        if name == "cadence_spm":
            values = both_feet(values, sport)
        if not np.isnan(values).all():
            streams[name] = values
    return streams


FORMS = (
    Form(
        kind="suunto",
        platform="Suunto",
        read_recordings=suunto_recordings,
        words=(b'"DeviceLog"',),
    ),
)
