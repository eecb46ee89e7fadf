"""A plan against what was run before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loadmon.athlete.units import Units, in_distance_units
from loadmon.report.plots.drawing import (
    INK,
    VERMILLION,
    WEEK_D,
    bars,
    day_numbers,
    dots,
    dressed,
    need,
    nothing,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_ramp(
    plan: pd.DataFrame,
    *,
    ax: Axes,
    weekly: pd.DataFrame | None = None,
    target_km: float = float("nan"),
    units: Units = "km",
) -> Axes:
    """Draw the weeks of a plan, after the weeks that were run.

    Parameters
    ----------
    plan : DataFrame
        ``Ramp.plan``: ``date``, ``week``, ``distance_km``.
    ax : Axes
        Where to draw.
    weekly : DataFrame, optional
        What `loadmon.weekly_load` gives, or some of its rows: the weeks before.
    target_km : float
        Weekly distance that is planned for. [km] NaN: no line.
    units : {"km", "mi"}
        Unit of the axis.

    Returns
    -------
    Axes
        `ax`: filled bars for what was run, hatched ones for what is planned [km or mi]; a dot for
        the longest run of each planned week; a dashed line at the target.

    Raises
    ------
    FrameError
        If a frame lacks a column.
    SettingError
        If `units` is neither.
    """
    need(plan, ["date", "week", "distance_km"])
    if plan.empty:
        return nothing(ax)
    scale = in_distance_units(1.0, units)
    weeks = plan.groupby("week").agg(
        start=("date", "min"), km=("distance_km", "sum"), longest=("distance_km", "max")
    )
    x, km = day_numbers(weeks["start"]), scale * weeks["km"].to_numpy(float)
    # a plan that goes on may begin within a week of the return
    days = np.minimum(WEEK_D, np.diff(x, append=x[-1] + WEEK_D))
    first = x[0]
    if weekly is not None and len(weekly):
        need(weekly, ["distance_km"])
        past = day_numbers(weekly.index)
        first = min(first, past[0])
        bars(ax, past, scale * weekly["distance_km"].to_numpy(float, na_value=np.nan), label="run")
    bars(ax, x, km, label="planned", hatch="////", days=days)
    longest = scale * weeks["longest"].to_numpy(float)
    dots(ax, x + days / 2, longest, longest > 0, "o", "longest run", color=VERMILLION)
    if target_km == target_km:
        ax.axhline(scale * target_km, color=INK, linewidth=1.2, linestyle="--", label="target")
    ax.set_ylim(bottom=0)
    ax.set_ylabel(f"distance [{units} per week]")
    return dressed(ax, first, x[-1] + days[-1])
