"""SportTracks: ``.fitlog``, a log book of activities in XML, times in UTC."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import note_missing
from loadmon.io.exports.form import Form
from loadmon.io.exports.pwx import elements
from loadmon.io.recording import Recording, sport_names

_STREAMS = {
    "lat": "latitude_deg",
    "lon": "longitude_deg",
    "ele": "altitude_m",
    "dist": "distance_m",
    "hr": "heart_rate_bpm",
    "cadence": "cadence_spm",
}


def read_log(data: bytes) -> list[Recording | FileProblem]:
    """Read every activity of a log book."""
    activities = [one for one in elements(data).iter() if one.tag == "Activity"]
    if not activities:
        raise FileProblem("skipped", "no-points", "a log book without an activity in it")
    return [_recording(one) for one in activities]


def _recording(activity: Element) -> Recording:
    def attribute(name: str, key: str) -> str:
        found = activity.find(name)
        return "" if found is None else found.get(key, "")

    sport, sub_sport = sport_names(attribute("Category", "Name"))
    summary = {
        "distance_m": cells.number(attribute("Distance", "TotalMeters")),
        "timer_s": cells.number(attribute("Duration", "TotalSeconds")),
        "avg_hr_bpm": cells.number(attribute("HeartRate", "AverageBPM")),
        "ascent_m": cells.number(attribute("Elevation", "AscendMeters")),
    }
    recording = Recording(sport, sub_sport, cells.unix_s(activity.get("StartTime")))
    recording.summary = cells.known(summary)
    lacking = [name for name in ("Duration", "Distance") if activity.find(name) is None]
    note_missing(recording.flags, "SportTracks", lacking)
    track = activity.find("Track")
    if track is not None and len(track):
        begin = cells.unix_s(track.get("StartTime") or activity.get("StartTime"))
        points = track.findall("pt")
        recording.time = begin + np.array([cells.number(p.get("tm")) for p in points], np.float64)
        for key, name in _STREAMS.items():
            values = np.array([cells.number(p.get(key)) for p in points], np.float64)
            if not np.isnan(values).all():
                recording.streams[name] = values
    return recording


FORMS = (
    Form(
        kind="fitlog",
        platform="SportTracks",
        read_recordings=read_log,
        root=b"FitnessWorkbook",
    ),
)
