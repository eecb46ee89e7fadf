"""Distances and paces as a person reads them, in kilometres or miles."""

from __future__ import annotations

from typing import Literal, get_args

from loadmon.errors import SettingError

Units = Literal["km", "mi"]
UNITS: tuple[Units, ...] = get_args(Units)
#: Miles in one kilometre, by the international mile of 1609.344 m.
MILES_PER_KM = 1 / 1.609344


def check_units(units: str) -> Units:
    """Return `units` if it is one.

    Raises
    ------
    SettingError
        If it is neither ``km`` nor ``mi``.
    """
    for known in UNITS:
        if units == known:
            return known
    raise SettingError(f"unknown units {units!r}: {' or '.join(UNITS)}")


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
