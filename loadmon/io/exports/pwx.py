"""PWX of TrainingPeaks: one or several workouts in XML, in local time without a zone."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import note_missing
from loadmon.io.exports.form import Form
from loadmon.io.recording import Recording, both_feet, sport_names

_STREAMS = {
    "hr": ("heart_rate_bpm", 1.0),
    "dist": ("distance_m", 1.0),
    "spd": ("speed_mps", 1.0),
    "cad": ("cadence_spm", 1.0),
    "pwr": ("power_w", 1.0),
    "lat": ("latitude_deg", 1.0),
    "lon": ("longitude_deg", 1.0),
    "alt": ("altitude_m", 1.0),
}


def elements(data: bytes) -> Element:
    """Outermost element of XML, names without their namespace; a DOCTYPE is refused."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        detail = "declares a DOCTYPE, which can hide anything: no log of workouts does"
        raise FileProblem("refused", "xml-dtd", detail)
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        detail = f"its text is damaged ({error}): export it again"
        raise FileProblem("quarantined", "xml-broken", detail) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def read_workouts(data: bytes) -> list[Recording | FileProblem]:
    """Read every workout."""
    workouts = elements(data).findall("workout")
    if not workouts:
        raise FileProblem("skipped", "no-points", "a PWX file without a workout in it")
    return [_recording(workout) for workout in workouts]


def _recording(workout: Element) -> Recording:
    def of(path: str) -> float:
        return cells.number(workout.findtext(path) or "")

    sport, sub_sport = sport_names(workout.findtext("sportType") or "")
    wall, offset = cells.clock(workout.findtext("time"))
    is_local = offset != offset
    start = wall if is_local else wall - 60 * offset
    stopped = of("summarydata/durationstopped")
    elapsed = of("summarydata/duration")
    climb = of("summarydata/climbingelevation")
    summary = {
        "distance_m": of("summarydata/dist"),
        "timer_s": elapsed - stopped if stopped > 0 else elapsed,
        "elapsed_s": elapsed,
        "ascent_m": climb if climb > 0 else cells.NAN,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    recording.is_local, recording.offset_min = is_local, offset
    lacking = [n for n in ("duration", "dist") if workout.find(f"summarydata/{n}") is None]
    note_missing(recording.flags, "TrainingPeaks", lacking)
    samples = workout.findall("sample")
    seconds = np.array([cells.number(s.findtext("timeoffset") or "") for s in samples], np.float64)
    if np.isnan(seconds).all():
        return recording
    recording.time = start + seconds
    for key, (name, factor) in _STREAMS.items():
        values = np.array([cells.number(s.findtext(key) or "") for s in samples], np.float64)
        if name == "cadence_spm":
            values = both_feet(values, sport)
        if not np.isnan(values).all():
            recording.streams[name] = values * factor
    return recording


FORMS = (Form(kind="pwx", platform="TrainingPeaks", read_recordings=read_workouts, root=b"pwx"),)
