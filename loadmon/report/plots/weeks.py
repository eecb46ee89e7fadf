"""The weeks as bars, with what stands out above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loadmon.athlete.units import Units, in_distance_units
from loadmon.evidence.load import LAYOFF, WINDOWS
from loadmon.report.plots.drawing import (
    INK,
    Floats,
    Marks,
    bars,
    day_numbers,
    dots,
    dressed,
    need,
    nothing,
    stretches,
)
from loadmon.report.words import FLAG_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FLAG_MARKS = {
    "session_spike": "^",
    "weekly_change": "D",
    "acwr": "s",
    "monotony": "o",
    "rest": "P",
}
_MARK_STEP, _MARK_SIZE = 0.07, 5.5
#: Marks shrink where more weeks than these have to share the width, down to this share.
_ROOMY_WEEKS, _SMALLEST_MARK = 70, 0.4
_LABELLED_SHARE = 0.025
_WEEK_D = int(WINDOWS["acute"])


def plot_weeks(weekly: pd.DataFrame, *, ax: Axes, units: Units = "km") -> Axes:
    """Draw the distance of every week, with what stands out above it.

    Parameters
    ----------
    weekly : DataFrame
        What `loadmon.weekly_load` gives, or some of its rows.
    ax : Axes
        Where to draw.
    units : {"km", "mi"}
        Unit of the axis.

    Returns
    -------
    Axes
        `ax`: bars [km or mi], hatched where a week is not complete; a mark of its own shape above a
        week for each of its flags; ``?`` where a day is not known; words where two weeks or more
        had no run, unless the picture spans so long that they would not fit.

    Raises
    ------
    FrameError
        If `weekly` lacks a column.
    SettingError
        If `units` is neither.
    """
    need(weekly, ["distance_km", "n_days", "n_known", "partial", "flags"])
    if weekly.empty:
        return nothing(ax)
    x = day_numbers(weekly.index)
    far = in_distance_units(1.0, units) * weekly["distance_km"].to_numpy(float, na_value=np.nan)
    partial = weekly["partial"].to_numpy(dtype=bool)
    top = max(float(np.nanmax(far)) if not np.isnan(far).all() else 0.0, 1.0)
    bars(ax, x[~partial], far[~partial], label="distance of a week")
    bars(ax, x[partial], far[partial], label="part of a week", hatch="////")
    unknown = (weekly["n_known"] < weekly["n_days"]).to_numpy()
    height = _marks(ax, x, far, weekly["flags"].str.split(","), unknown, top)
    _lay_offs(ax, x, (far == 0) & ~unknown, top)
    ax.set_ylim(0, max(1.08 * top, height))
    ax.set_ylabel(f"distance [{units} per week]")
    return dressed(ax, x[0], x[-1] + _WEEK_D)


def _marks(ax: Axes, x: Floats, far: Floats, flags: pd.Series, unknown: Marks, top: float) -> float:
    """Stack one shape for each flag above its bar; gives the height that all of them need."""
    share = max(_SMALLEST_MARK, min(1.0, _ROOMY_WEEKS / len(x)))
    middle, step, size = x + _WEEK_D / 2, share * _MARK_STEP * top, share * _MARK_SIZE
    height = np.nan_to_num(far) + 0.6 * step
    for name, mark in _FLAG_MARKS.items():
        has = flags.map(lambda codes, name=name: name in codes).to_numpy(dtype=bool)
        dots(ax, middle, height, has, mark, FLAG_WORDS[name], size=size)
        height = height + has * step
    dots(ax, middle, height, unknown, "$?$", "a day not known", color=INK, size=size)
    return float((height + unknown * step).max())


def _lay_offs(ax: Axes, x: Floats, empty: Marks, top: float) -> None:
    """Say in words that there was no run, where the gap is wide enough to be read."""
    shortest = LAYOFF["returning_from_days"] / _WEEK_D
    for start, stop in stretches(empty):
        weeks = stop - start
        wide = weeks >= _LABELLED_SHARE * len(x)
        if weeks >= shortest and wide:
            words = f"{weeks} weeks without a run"
            middle = (x[start] + x[stop - 1] + _WEEK_D) / 2
            text = ax.text(middle, 0.03 * top, words, color=INK, fontsize="small")
            text.set(ha="center", va="bottom", rotation=90)
