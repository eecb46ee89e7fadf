"""Numbers, days and shares as a report writes them, in kilometres or miles."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from loadmon.athlete.units import Units, distance_text, pace_text
from loadmon.checks.words import count_text, day_text

#: What is written where a number is not known.
DASH = "–"
_DECIMALS = {"ratio": 2, "share": 2, "bpm": 0, "m": 0, "%": 1}
_BARS = "▁▂▃▄▅▆▇█"
_COMMAND = re.compile(r"(loadmon [a-z]+) PATH\b")
_WITHOUT_UNIT = ("ratio", "share", "")


def with_path(text: str, title: str) -> str:
    """Text whose commands name what was read, so that they can be typed as they stand.

    Parameters
    ----------
    text : str
        With commands such as ``loadmon log PATH``, as findings and plans write them: they know no
        path.
    title : str
        What was read, in the form in which it can be typed.
    """
    return _COMMAND.sub(lambda found: f"{found[1]} {title}", text)


def dated(day: pd.Timestamp) -> str:
    """Day with its year; a dash where there is none."""
    return DASH if pd.isna(day) else f"{day_text(day)} {day.year}"


def known(value: float | None) -> float | None:
    """Return None for what is not known."""
    return None if value is None or pd.isna(value) else float(value)


def value_text(value: float | None, unit: str, units: Units = "km") -> str:
    """A number with its unit; a dash where there is none.

    Parameters
    ----------
    value : float or None
        NaN and None are not known.
    unit : str
        As findings and column names have it: ``km``, ``d``, ``min``, ``s_per_km``, ``ratio`` ...
    units : {"km", "mi"}
        In which distances and paces are written.
    """
    number = known(value)
    if number is None:
        return DASH
    if unit == "km":
        return distance_text(number, units)
    if unit == "s_per_km":
        return pace_text(number, units)
    if unit == "min":
        return duration_text(number)
    if unit == "d":
        return count_text(round(number), "day")
    text = f"{number:.{_DECIMALS[unit]}f}" if unit in _DECIMALS else f"{number:.4g}"
    return text if unit in _WITHOUT_UNIT else f"{text} {unit}"


def duration_text(minutes: float) -> str:
    """Minutes as hours and minutes."""
    whole = None if pd.isna(minutes) else round(minutes)
    return DASH if whole is None else f"{whole // 60}:{whole % 60:02d} h"


def change_text(ratio: float) -> str:
    """Ratio to what was before as a share: ``+15 %``."""
    return DASH if pd.isna(ratio) else f"{100 * (ratio - 1):+.0f} %"


def sparkline(values: np.ndarray) -> str:
    """One bar per value, 0 to the largest; a dot where it is not known."""
    top = np.nanmax(values) if not np.isnan(values).all() else 0.0
    steps = len(_BARS) - 1
    return "".join(
        "·" if v != v else _BARS[round(steps * v / top) if top > 0 else 0] for v in values
    )
