"""GoldenCheetah: one activity as JSON (``RIDE``), times in UTC.

The form is known from memory, not from public files: what is not understood is left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import note_missing
from loadmon.io.exports.form import Form, missing_keys, unread
from loadmon.io.recording import Recording, both_feet, sport_names

_STREAMS = {
    "KM": ("distance_m", 1000.0),
    "KPH": ("speed_mps", 1 / 3.6),
    "HR": ("heart_rate_bpm", 1.0),
    "CAD": ("cadence_spm", 1.0),
    "WATTS": ("power_w", 1.0),
    "ALT": ("altitude_m", 1.0),
    "LAT": ("latitude_deg", 1.0),
    "LON": ("longitude_deg", 1.0),
}
#: What the runner may have put in place of what was recorded: ours, and the factor to its unit.
_OVERRIDES = {"total_distance": ("distance_m", 1000.0), "workout_time": ("timer_s", 1.0)}


def read_ride(data: bytes) -> list[Recording | FileProblem]:
    """Read one activity."""
    ride = cells.below(cells.loads(data.removeprefix(b"\xef\xbb\xbf")), "RIDE")
    ride = ride if isinstance(ride, dict) else {}
    text = cells.text(ride.get("STARTTIME")).removesuffix("UTC").strip().replace("/", "-")
    start = cells.unix_s(text)
    if start != start:
        raise unread("GoldenCheetah", [cells.NAN], "it has no 'STARTTIME'", what="file")
    tags = ride.get("TAGS")
    sport, sub_sport = sport_names(cells.text(cells.below(tags, "Sport")))
    samples = cells.rows_of(ride.get("SAMPLES"))
    recording = Recording(sport, sub_sport, start, summary=cells.known(_overrides(ride)))
    missing = missing_keys([ride], ("TAGS", "SAMPLES"))
    missing += missing_keys([tags], ("Sport",)) if isinstance(tags, dict) else []
    note_missing(recording.flags, "GoldenCheetah", missing)
    if not samples and not recording.summary:
        raise unread("GoldenCheetah", [start], "it has no 'SAMPLES'", what="file")
    recording.time = start + np.array([cells.number(s.get("SECS")) for s in samples], np.float64)
    for key, (name, factor) in _STREAMS.items():
        values = np.array([cells.number(s.get(key)) for s in samples], np.float64) * factor
        if name == "cadence_spm":
            values = both_feet(values, sport)
        if not np.isnan(values).all():
            recording.streams[name] = values
    return [recording]


def _overrides(ride: dict[str, Any]) -> dict[str, float]:
    found = {}
    for one in cells.rows_of(ride.get("OVERRIDES")):
        for key, (name, factor) in _OVERRIDES.items():
            value = cells.number(cells.below(one, key, "value"))
            if value > 0:
                found[name] = factor * value
    return found


FORMS = (
    Form(
        kind="goldencheetah",
        platform="GoldenCheetah",
        read_recordings=read_ride,
        keys="RIDE|STARTTIME|RECINTSECS|DEVICETYPE|TAGS|SAMPLES",
    ),
)
