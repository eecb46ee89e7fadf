"""One recording as every reader gives it: its columns, sports, ranges and segments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

# What a reader hands on: one activity exactly as one file tells it, not yet judged.

Floats = npt.NDArray[np.float64]

#: Most activities in one file, and laps or segments: more are there to exhaust who reads them.
MOST_ACTIVITIES, MOST_PIECES = 5_000, 50_000

#: Times that recordings can be of: from before 2000-01-01 a clock was never set, and from the last
#: day of the year 9999 on local time may have no day on any calendar. [s]
OLDEST_S, LAST_S = 946_684_800.0, 253_402_300_800.0 - 86_400.0

#: Local time minus UTC, smallest and largest of any place on Earth. [min]
OFFSETS_MIN = (-12 * 60, 14 * 60)

#: Columns of a stream, in the order in which ``Archive.records`` shows them.
STREAMS = (
    "distance_m",
    "speed_mps",
    "heart_rate_bpm",
    "cadence_spm",
    "altitude_m",
    "power_w",
    "latitude_deg",
    "longitude_deg",
    "stance_time_ms",
    "vertical_oscillation_mm",
    "vertical_ratio_pct",
    "step_length_mm",
    "stance_time_balance_pct",
    "temperature_c",
)

#: What a summary may say of a session, passed on as it is told: columns of activities, with units.
#: ``training_load_au`` is the maker's own number, ``feel_pct`` the runner's answer (0 to 100).
TOLD_COLUMNS = (
    "max_hr_bpm",
    "avg_cadence_spm",
    "avg_power_w",
    "max_power_w",
    "normalized_power_w",
    "max_speed_mps",
    "moving_s",
    "calories_kcal",
    "training_load_au",
    "aerobic_effect",
    "anaerobic_effect",
    "feel_pct",
    "avg_stance_time_ms",
    "avg_vertical_oscillation_mm",
    "avg_vertical_ratio_pct",
    "avg_step_length_mm",
    "avg_stance_time_balance_pct",
    "avg_temperature_c",
)


@dataclass(slots=True)
class Recording:
    """One activity as one file tells it.

    Parameters
    ----------
    sport, sub_sport : str
        Names of the FIT profile (``running``, ``treadmill``); empty where the file does not say.
    start : float
        Unix time of the start. [s] NaN where the file holds no time.
    time : ndarray of float, shape (n_records,)
        Unix time of each record, in file order. [s] NaN where a record holds no time.
    streams : dict of str to ndarray of float, shape (n_records,)
        What was recorded, under the names of `STREAMS`, in their units. NaN means not recorded.
    told : dict of str to float
        What the file's own summary says: ``distance_m``, ``timer_s``, ``elapsed_s``,
        ``ascent_m``, ``descent_m``, ``avg_hr_bpm``, ``cycles`` (strides), ``rpe`` (CR10), and
        what `TOLD_COLUMNS` names. A key is absent where the file does not say.
    offset_min : float
        Local time minus UTC as the file tells it. [min] NaN where it does not.
    zone : str
        IANA name where the file gives one, else empty.
    flags : dict of str to str
        Reason code to one sentence, for everything odd that did not stop the reading.
    sets : list of dict
        Strength sets in file order, each with the keys of ``archive.SET_COLUMNS`` that the file
        tells (``start_s`` is Unix time).
    found : dict of str to float, str or list of float
        What the file reveals of the runner, under the names of ``archive.FOUND_COLUMNS``.
    maker : str
        Name of the watch's maker in the FIT profile (``garmin``, ``coros``), where told.
    """

    sport: str = ""
    sub_sport: str = ""
    start: float = float("nan")
    time: Floats = field(default_factory=lambda: np.empty(0))
    streams: dict[str, Floats] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    offset_min: float = float("nan")
    zone: str = ""
    flags: dict[str, str] = field(default_factory=dict)
    sets: list[dict[str, Any]] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    maker: str = ""


# The many words that programs write for a sport, as sport and sub-sport of the FIT profile.


_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_WORD_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")

#: Words as Garmin, Strava, Runkeeper, Polar, Suunto and others write them, in `_plain` spelling.
_WORDS = {
    ("running", ""): "running run jogging jog ultra_run obstacle_run road_running",
    ("running", "street"): "street_running",
    ("running", "trail"): "trail_running trail_run",
    ("running", "track"): "track_running track_run",
    ("running", "treadmill"): "treadmill_running treadmill_run treadmill",
    ("running", "indoor_running"): "indoor_running indoor_run",
    ("running", "virtual_activity"): "virtual_running virtual_run",
    ("walking", ""): "walking walk nordic_walking",
    ("walking", "casual_walking"): "casual_walking",
    ("walking", "speed_walking"): "speed_walking",
    ("hiking", ""): "hiking hike",
    ("cycling", ""): "cycling biking bike ride bicycling",
    ("cycling", "road"): "road_biking road_cycling road_bike",
    ("cycling", "mountain"): "mountain_biking mountain_bike_ride mountain_bike",
    ("cycling", "gravel_cycling"): "gravel_cycling gravel_ride",
    ("cycling", "indoor_cycling"): "indoor_cycling indoor_biking",
    ("cycling", "virtual_activity"): "virtual_ride",
    ("e_biking", ""): "e_biking e_bike_ride e_bike ebike_ride ebiking",
    ("swimming", ""): "swimming swim",
    ("swimming", "lap_swimming"): "lap_swimming pool_swimming",
    ("swimming", "open_water"): "open_water_swimming open_water_swim",
    ("rowing", ""): "rowing",
    ("fitness_equipment", "indoor_rowing"): "indoor_rowing virtual_row",
    ("fitness_equipment", "elliptical"): "elliptical",
    ("fitness_equipment", "stair_climbing"): "stair_climbing stair_stepper stairs",
    ("training", ""): "workout training cross_training core_training crossfit fitness",
    ("training", "strength_training"): "weight_training strength_training "
    "traditional_strength_training functional_strength_training",
    ("training", "cardio_training"): "indoor_cardio cardio_training hiit "
    "high_intensity_interval_training mixed_cardio",
    ("training", "flexibility_training"): "flexibility stretching mobility",
    ("training", "yoga"): "yoga",
    ("training", "pilates"): "pilates",
    ("mountaineering", ""): "mountaineering",
    ("multisport", ""): "multi_sport multisport triathlon swim_bike_run",
    ("transition", ""): "transition",
    ("kayaking", ""): "kayaking",
    ("cross_country_skiing", ""): "cross_country_skiing nordic_ski nordic_skiing",
    ("alpine_skiing", ""): "alpine_skiing alpine_ski resort_skiing downhill_skiing",
    ("snowshoeing", ""): "snowshoeing snowshoe",
    ("inline_skating", ""): "inline_skating inline_skate",
    ("stand_up_paddleboarding", ""): "stand_up_paddleboarding stand_up_paddling",
}
_NAMES = {word: names for names, words in _WORDS.items() for word in words.split()}
# Seen in Strava's own GPX files of a ride, a run and a swim; Strava publishes no list.
_STRAVA_NUMBERS = {"1": "ride", "9": "run", "16": "swim"}


def sport_names(text: str) -> tuple[str, str]:
    """Sport and sub-sport for a word in an export.

    Returns names of the FIT profile; both empty for a word that is not known: it is never guessed.
    """
    return _NAMES.get(_plain(text), ("", ""))


def strava_number_names(text: str) -> tuple[str, str]:
    """Sport and sub-sport for a number that a Strava export gives in place of a word."""
    return sport_names(_STRAVA_NUMBERS.get(text.strip(), ""))


def _plain(text: str) -> str:
    """Spell ``TrailRun``, ``Trail Run`` and ``trail_run`` alike."""
    return _NOT_A_LETTER.sub("_", _WORD_BREAK.sub("_", text.strip()).lower()).strip("_")


# Which numbers a recording may hold: what nobody makes is a wrong byte, and is left out.


#: Heart rates that are believed. [bpm]
HR_BPM = (30.0, 230.0)
#: Longest way, and most steps of both feet or turns of a crank, of one activity. [m, 1/min]
FARTHEST_M, MOST_SPM = 5_000_000.0, 400.0
_POWER_W, _CADENCE_SPM = (0.0, 4000.0), (0.0, MOST_SPM)
_SPEED_MPS = (-1.0, 400.0)  # some programs write -1 where it is not known
_CLIMB_M = (-1e5, 1e5)

#: Smallest and largest value of each stream; heart rate, altitude and position have rules of
#: their own.
_STREAMS = {
    "distance_m": (-FARTHEST_M, FARTHEST_M),
    "speed_mps": _SPEED_MPS,
    "cadence_spm": _CADENCE_SPM,
    "power_w": _POWER_W,
    "stance_time_ms": (0.0, 1e5),
    "vertical_oscillation_mm": (0.0, 1e4),
    "vertical_ratio_pct": (0.0, 1e3),
    "step_length_mm": (0.0, 1e5),
    "stance_time_balance_pct": (0.0, 100.0),
    "temperature_c": (-273.15, 1e3),
}
#: The same of what a summary tells; its time and distance are judged by themselves.
_TOLD = {
    "avg_hr_bpm": HR_BPM,
    "max_hr_bpm": HR_BPM,
    "avg_power_w": _POWER_W,
    "max_power_w": _POWER_W,
    "normalized_power_w": _POWER_W,
    "avg_cadence_spm": _CADENCE_SPM,
    "max_speed_mps": _SPEED_MPS,
    "ascent_m": _CLIMB_M,
    "descent_m": _CLIMB_M,
    "rpe": (0.0, 10.0),
    "feel_pct": (0.0, 100.0),
}
_TOLD_ELSE = (-1e7, 1e7)
_JUDGED = ("timer_s", "elapsed_s", "distance_m")


def impossible_values(streams: dict[str, Floats]) -> str:
    """Take impossible values out of streams, and say how many of which.

    Returns A sentence; empty where every value can be.
    """
    left_out = []
    for name, values in streams.items():
        low, high = _STREAMS.get(name, (-np.inf, np.inf))
        wrong = (values < low) | (values > high)
        if wrong.any():
            values[wrong] = np.nan
            left_out.append(f"{wrong.sum()} values of {name} outside {low:g} to {high:g}")
    return _said(left_out)


def impossible_sums(told: dict[str, float]) -> str:
    """Take impossible numbers out of a summary, and say which; 0 means not measured.

    Returns A sentence; empty where every number can be.
    """
    left_out = []
    for name in [n for n in told if n not in _JUDGED]:
        low, high = _TOLD.get(name, _TOLD_ELSE)
        if told[name] and not low <= told[name] <= high:
            left_out.append(f"{name} of {told.pop(name):g}")
    return _said(left_out)


def _said(left_out: list[str]) -> str:
    return f"{', '.join(left_out)} cannot be: left out" if left_out else ""


# Join the segments of a track file into activities, each moment counted once.


Rows = npt.NDArray[np.intp]

# Tracks farther apart are two activities, and a gap like this ends what a segment covers.
_APART_S = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a track.

    Parameters
    ----------
    rows : ndarray of int
        Rows of its points, in file order.
    track : int
        Number of the track around it.
    sport, sub_sport : str
        Those of the track; empty where it does not say.
    repeated : int
        Points left out because they lie before the end of an earlier segment.
    """

    rows: Rows
    track: int
    sport: str = ""
    sub_sport: str = ""
    repeated: int = 0


def join_segments(seconds: Floats, segments: list[Segment]) -> list[list[Segment]]:
    """Join segments into activities in order of time.

    Returns the segments of each activity in order of their begin, without the points at or before
    the end of what earlier segments cover. A point at that very end is the seam of two segments
    and does not count as repeated.

    An activity ends before a track that begins over 6 hours after everything until then, or that
    is of another sport. A gap of over 6 hours inside a segment ends what it covers, so that one
    stray time cannot swallow the segments that follow.
    """
    spans = [_span(seconds[segment.rows]) for segment in segments]
    covered_to = -np.inf
    activities: list[list[Segment]] = []
    for i in sorted(range(len(segments)), key=lambda i: spans[i][0]):
        begin, end = spans[i]
        segment = _without_repeats(seconds, segments[i], begin, covered_to)
        late = begin - covered_to > _APART_S
        if not activities or (len(segment.rows) and _parts(activities[-1][-1], segment, late)):
            activities.append([])
        activities[-1].append(segment)
        covered_to = max(covered_to, end)
    return activities


def _span(times: Floats) -> tuple[float, float]:
    """Begin of a segment, and the last time that follows from it without a long gap. [s]."""
    known = times[~np.isnan(times)]
    forward = np.sort(known[known >= known[0]])
    gaps = np.flatnonzero(np.diff(forward) > _APART_S)
    return float(known[0]), float(forward[gaps[0] if len(gaps) else -1])


def _without_repeats(seconds: Floats, segment: Segment, begin: float, covered_to: float) -> Segment:
    if covered_to < begin:
        return segment
    times = seconds[segment.rows]
    covered = (times >= begin) & (times <= covered_to)
    repeated = int(np.count_nonzero(covered & (times < covered_to)))
    return replace(segment, rows=segment.rows[~covered], repeated=repeated)


def _parts(before: Segment, segment: Segment, late: bool) -> bool:
    """Tell whether an activity ends between two segments."""
    other_sport = "" not in (before.sport, segment.sport) and before.sport != segment.sport
    return before.track != segment.track and (late or other_sport)
