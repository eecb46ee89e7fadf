"""The loads by name: what each is called, its unit, its evidence, and what stands in for it."""

from __future__ import annotations

from dataclasses import dataclass

from loadmon.evidence import Evidence
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.effort import (
    EDWARDS,
    GARMIN_LOAD,
    GOVSS,
    LUCIA,
    SESSION_RPE,
    STRESS,
    TRIMP_MEN,
    TRIMP_WOMEN,
)


@dataclass(frozen=True, slots=True)
class Metric:
    """One load.

    Parameters
    ----------
    label, unit : str
        As sentences call it.
    evidence : tuple of Evidence
        What it rests on; empty for what is merely counted.
    instead : tuple of str
        Loads that a whole window falls back to where this one is not known for every run, in
        order: what the runner felt, then time, then distance.
    settings : tuple of str
        Settings of the athlete that it depends on.
    """

    label: str
    unit: str
    evidence: tuple[Evidence, ...] = ()
    instead: tuple[str, ...] = ("srpe", "duration_min", "distance_km")
    settings: tuple[str, ...] = ()


_PAIRS = (TRIMP_MEN, TRIMP_WOMEN)
_RESERVE = ("sex", "resting_hr_bpm", "max_hr_bpm")
_PACE = "threshold_pace_s_per_km"
_COUNTED = ("duration_min", "distance_km")

#: Loads of an activity by their column. Others can be used too, and have no fall-back.
METRICS = {
    "distance_km": Metric("Distance", "km", (SESSION_SPIKE,), ("duration_min",)),
    "duration_min": Metric("Duration", "min", (), ("distance_km",)),
    "elevation_gain_m": Metric("Climb", "m", (), _COUNTED),
    "descent_m": Metric("Descent", "m", (), _COUNTED),
    "downhill_m": Metric("Metres lost downhill", "m", (), ("descent_m", *_COUNTED)),
    "steps": Metric("Steps", "steps", (), _COUNTED),
    "srpe": Metric("Session RPE load", "AU", (SESSION_RPE,), _COUNTED),
    "trimp": Metric("TRIMP (Banister)", "AU", _PAIRS, settings=_RESERVE),
    "edwards": Metric("TRIMP (Edwards)", "AU", (EDWARDS,), settings=("max_hr_bpm",)),
    "lucia": Metric("TRIMP (Lucia)", "AU", (LUCIA,), settings=("vt1_hr_bpm", "vt2_hr_bpm")),
    "hr_stress": Metric(
        "Heart-rate stress", "points", (STRESS, *_PAIRS), settings=(*_RESERVE, "threshold_hr_bpm")
    ),
    "run_stress": Metric("Running stress", "points", (STRESS,), settings=(_PACE,)),
    "govss": Metric("GOVSS", "points", (GOVSS, STRESS), settings=(_PACE, "mass_kg", "height_m")),
    "power_stress": Metric("Power stress", "points", (STRESS,), settings=("threshold_power_w",)),
    "training_load_au": Metric("Training load of the watch", "points", (GARMIN_LOAD,)),
}
#: Loads made from heart rate alone.
HEART_RATE_LOADS = ("trimp", "edwards", "lucia", "hr_stress")


def metric_of(load: str) -> Metric:
    """Names of a load; a column of one's own is called by its own name and has no fall-back."""
    return METRICS.get(load, Metric(load, "", (), ()))
