"""The single runs, each against the longest of the 30 days before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loadmon.athlete.units import Units, in_distance_units
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.load.spikes import SPIKES, stand_out
from loadmon.report.plots.drawing import BLUE, INK, day_numbers, dots, dressed, need, nothing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEVEL_MARKS = {"small": "^", "moderate": "D", "large": "s"}


def plot_sessions(spikes: pd.DataFrame, *, ax: Axes, units: Units = "km") -> Axes:
    """Draw every run against the longest of the 30 days before it.

    Parameters
    ----------
    spikes : DataFrame
        What `loadmon.session_spikes` gives, or some of its rows.
    ax : Axes
        Where to draw.
    units : {"km", "mi"}
        Unit of the axis.

    Returns
    -------
    Axes
        `ax`: a dot for each run [km or mi]; a stepped line for the longest run of the 30 days
        before it, broken where that is not known; a mark of its own shape for each level of a run
        that stands out (`loadmon.load.spikes.stand_out`); rings where there was nothing to compare
        with; ``?`` where it is not known.

    Raises
    ------
    FrameError
        If `spikes` lacks a column.
    SettingError
        If `units` is neither.
    """
    need(spikes, ["date", "distance_km", "longest_before_km", "level"])
    if spikes.empty:
        return nothing(ax)
    runs = spikes.sort_values("date", kind="stable")
    x, level = day_numbers(runs["date"]), runs["level"]
    far, before = (
        in_distance_units(1.0, units) * runs[name].to_numpy(float, na_value=np.nan)
        for name in ("distance_km", "longest_before_km")
    )
    window = int(SESSION_SPIKE["window_days"])
    label = f"longest of {window} days before"
    ax.plot(x, before, drawstyle="steps-pre", color=INK, linewidth=1.1, label=label)
    out = stand_out(runs)
    plain = (level == "none") | (level.isin(SPIKES) & ~out)
    dots(ax, x, far, plain, "o", "run", color=BLUE, size=3.0)
    for name, mark in _LEVEL_MARKS.items():
        dots(ax, x, far, out & (level == name), mark, _longer(SESSION_SPIKE[name]))
    first = level == "no_baseline"
    dots(ax, x, far, first, "o", f"none in {window} days before", color=BLUE, hollow=True)
    not_known = (level == "unknown").to_numpy()
    dots(ax, x, np.nan_to_num(far), not_known, "$?$", "not known", color=INK)
    ax.set_ylim(0, 1.1 * max(1.0, float(np.nanmax([*far, *before, 0.0]))))
    ax.set_ylabel(f"distance of a run [{units}]")
    return dressed(ax, x[0], x[-1] + 1)


def _longer(limit: float) -> str:
    """Lower end of a level in words."""
    return (
        f"over {100 * (limit - 1):.0f} % longer" if limit < 2 else f"over {limit:.0f} times as long"
    )
