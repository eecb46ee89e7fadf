"""Units, the names of loads, and how amounts and days are written for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from loadmon.arguments import quoted
from loadmon.errors import SettingError
from loadmon.evidence import REGISTRY, Evidence
from loadmon.evidence.loads import (
    EDWARDS,
    GARMIN_LOAD,
    GOVSS,
    LUCIA,
    SESSION_RPE,
    STRESS,
    TRIMP_MEN,
    TRIMP_WOMEN,
)

Units = Literal["km", "mi"]
UNITS: tuple[Units, ...] = get_args(Units)
#: Miles in one kilometre, by the international mile of 1609.344 m.
MILES_PER_KM = 1 / 1.609344


def check_units(units: str) -> Units:
    """Return `units` if it is one."""
    for known in UNITS:
        if isinstance(units, str) and units == known:
            return known
    raise SettingError(f"unknown units {quoted(units)}: {' or '.join(UNITS)}")


def in_distance_units(km: float, units: Units) -> float:
    """Distance [km] as a number in `units`; NaN stays NaN."""
    return km * MILES_PER_KM if check_units(units) == "mi" else km


def distance_text(km: float, units: Units = "km", *, decimals: int = 1) -> str:
    """Write a distance [km] with its unit: ``14.2 km``, ``8.8 mi``; NaN is ``not known``."""
    if km != km:
        return "not known"
    return f"{in_distance_units(km, units):.{decimals}f} {units}"


def pace_text(s_per_km: float, units: Units = "km") -> str:
    """Write a pace [s/km] as minutes and seconds: ``4:40 /km``; NaN is ``not known``."""
    if s_per_km != s_per_km:
        return "not known"
    seconds = round(s_per_km / in_distance_units(1.0, units))
    return f"{seconds // 60}:{seconds % 60:02d} /{units}"


# The loads by name: what each is called, its unit, its evidence, and what stands in for it.


@dataclass(frozen=True, slots=True)
class Metric:
    """One load, as sentences call it."""

    label: str
    unit: str
    evidence: tuple[Evidence, ...] = ()  # empty for what is merely counted
    #: What a whole window falls back to, in order, where this one is not known for every run.
    instead: tuple[str, ...] = ("srpe", "duration_min", "distance_km")
    settings: tuple[str, ...] = ()  # of the athlete, that it depends on


_PAIRS = (TRIMP_MEN, TRIMP_WOMEN)
_RESERVE = ("sex", "resting_hr_bpm", "max_hr_bpm")
_PACE = "threshold_pace_s_per_km"
_COUNTED = ("duration_min", "distance_km")

#: Loads of an activity by their column. Others can be used too, and have no fall-back.
METRICS = {
    "distance_km": Metric("Distance", "km", (REGISTRY["session-spike"],), ("duration_min",)),
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


# Days, loads and shares as a person writes them, the same on every machine.

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ("km", "m", "min", "s", "kj", "kcal")


def day_text(day: pd.Timestamp) -> str:
    """Write a day as ``Sun 11 Oct``, without asking the machine for its language."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def more_text(ratio: float) -> str:
    """Write how much more a ratio above 1 means: ``41 %`` for 1.41, ``3.0 times`` for 3.

    A share is never rounded down to the limit it stands above: 1.1004 is ``10.1 %``.
    """
    if ratio >= 2:
        return f"{ratio:.1f} times" if ratio < 10 else f"{ratio:.0f} times"
    share = 100 * (ratio - 1)
    whole = round(share)
    hidden = whole % 10 == 0 and share - whole > 1e-6
    return f"{max(share, (10 * whole + 1) / 10):.1f} %" if hidden else f"{whole} %"


def count_text(n: int, one: str) -> str:
    """Write a number with its noun: ``1 day``, ``2 days``."""
    return f"{n} {one}" if n == 1 else f"{n} {one}s"


def unit_of(load: str) -> str:
    """Unit of a load; a column of one's own says it after the last underscore, else it is AU."""
    unit = load.rpartition("_")[2]
    return metric_of(load).unit or (unit if unit in _UNITS else "AU")


def amount_text(value: float, load: str, units: Units) -> str:
    """Write a value of a load with its unit: ``14.2 km``, ``85 min``, ``310 AU``."""
    unit = unit_of(load)
    return distance_text(value, units) if unit == "km" else f"{value:.0f} {unit}"


def listed(names: Sequence[str], most: int) -> str:
    """Write names joined by commas, and how many more than `most` there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
