"""What a reader hands on: one activity exactly as one file tells it, not yet judged.

FIT, GPX and TCX readers all end in this shape, so that everything after them is written once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

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
        ``ascent_m``, ``descent_m``, ``avg_hr_bpm``, ``cycles`` (strides), ``rpe`` (CR10).
        A key is absent where the file does not say.
    offset_min : float
        Local time minus UTC as the file tells it. [min] NaN where it does not.
    zone : str
        IANA name where the file gives one, else empty.
    flags : dict of str to str
        Reason code to one sentence, for everything odd that did not stop the reading.
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
