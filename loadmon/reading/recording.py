"""What a reader hands on: one activity exactly as one file tells it, not yet judged.

FIT, GPX and TCX readers all end in this shape, so that everything after them is written once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

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
