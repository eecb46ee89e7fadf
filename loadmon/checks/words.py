"""Days, loads and shares as a person writes them, the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from loadmon.athlete.units import Units, distance_text
from loadmon.load.metrics import metric_of

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
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
    """Return the unit of a load, from the end of its name; arbitrary units where it has none.

    A load has the unit of its entry in `loadmon.load.metrics`; a column of one's own says it after
    the last underscore (``energy_kj``).
    """
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
