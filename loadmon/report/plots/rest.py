"""How alike the days of a week were, and how many of them were without a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loadmon.evidence.checks import MONOTONY, REST_DAYS
from loadmon.evidence.load import WINDOWS
from loadmon.load.calendar import Day, day_of
from loadmon.load.measures import measures
from loadmon.report.plots.drawing import BLUE, INK, Marks, band, day_numbers, dressed, need, nothing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DAYS = int(WINDOWS["acute"])


def plot_monotony(daily: pd.DataFrame, *, ax: Axes, since: Day | None = None) -> Axes:
    """Draw the monotony of the seven days that end on each day.

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_load` gives.
    ax : Axes
        Where to draw.
    since : str, date or Timestamp, optional
        First day to draw; the days before it are looked at all the same.

    Returns
    -------
    Axes
        `ax`: mean over standard deviation of seven days [-], broken where there is none (no run in
        seven days, all of them alike, fewer than seven); a dashed line at the limit
        (`loadmon.evidence.checks.MONOTONY`); hatched bands where a day is not known.

    Raises
    ------
    FrameError
        If `daily` lacks a column or a day.
    SettingError
        If `since` is no day.
    """
    need(daily, ["load", "runs"])
    numbers = _from(measures(daily), since)
    if numbers.empty:
        return nothing(ax)
    x, value = day_numbers(numbers.index), numbers["monotony"].to_numpy(float, na_value=np.nan)
    limit = MONOTONY["limit"]
    band(ax, x, _unknown(daily, numbers.index), "a day not known", "xxx")
    ax.axhline(limit, color=INK, linewidth=1.2, linestyle="--", label=f"limit: {limit:g}")
    ax.plot(x, value, color=BLUE, linewidth=1.4, label=f"monotony of {_DAYS} days")
    ax.set_ylim(0, 1.1 * max(1.1 * limit, float(np.nanmax([*value, 0.0]))))
    ax.set_ylabel("monotony [mean / SD]")
    return dressed(ax, x[0], x[-1] + 1)


def plot_rest(daily: pd.DataFrame, *, ax: Axes, since: Day | None = None) -> Axes:
    """Draw how many of the seven days that end on each day were without a run.

    Parameters
    ----------
    daily, ax, since
        As in `plot_monotony`.

    Returns
    -------
    Axes
        `ax`: days without a run [d], a stepped line, broken where a day is not known, which is
        hatched; a dashed line at the fewest that flag nothing
        (`loadmon.evidence.checks.REST_DAYS`).

    Raises
    ------
    FrameError, SettingError
        As `plot_monotony`.
    """
    need(daily, ["load", "runs"])
    numbers = _from(measures(daily), since)
    if numbers.empty:
        return nothing(ax)
    x, unknown = day_numbers(numbers.index), _unknown(daily, numbers.index)
    value = np.where(unknown, np.nan, _DAYS - numbers["run_days_7d"].to_numpy(float))
    fewest = REST_DAYS["min_in_7"]
    band(ax, x, unknown, "a day not known", "xxx")
    ax.axhline(fewest, color=INK, linewidth=1.2, linestyle="--", label=f"limit: {fewest:g} days")
    ax.plot(x, value, drawstyle="steps-post", color=BLUE, linewidth=1.4, label="without a run")
    ax.set_ylim(0, _DAYS + 0.4)
    ax.set_ylabel(f"days of {_DAYS} [d]")
    return dressed(ax, x[0], x[-1] + 1)


def _from(numbers: pd.DataFrame, since: Day | None) -> pd.DataFrame:
    """Rows from the first day to draw."""
    return numbers if since is None else numbers[numbers.index >= day_of(since)]


def _unknown(daily: pd.DataFrame, shown: pd.Index) -> Marks:
    """Days of which one of the seven before, or the day itself, is not known."""
    missing = daily["load"].isna().astype(float).rolling(_DAYS, min_periods=1).max()
    marks: Marks = (missing.reindex(shown) > 0).to_numpy(dtype=bool)
    return marks
