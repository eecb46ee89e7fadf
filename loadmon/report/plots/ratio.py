"""Acute and chronic load, and where their ratio means something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loadmon.evidence.checks import ACWR_LIMIT
from loadmon.evidence.load import WINDOWS
from loadmon.load.calendar import Day, day_of
from loadmon.load.ratio import Method, acwr
from loadmon.load.threshold import above
from loadmon.report.plots.drawing import (
    BLUE,
    INK,
    band,
    day_numbers,
    dots,
    dressed,
    nothing,
)
from loadmon.report.words import STATUS_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HATCHES = {"unknown": "xxx", "forming": "|||", "returning": "///", "low_base": "\\\\\\"}
_WEEK_D = int(WINDOWS["acute"])
_CHRONIC_D = int(WINDOWS["chronic"])


def plot_ratio(
    load_daily: pd.Series,
    *,
    ax: Axes,
    method: Method = "coupled",
    unit: str = "km",
    since: Day | None = None,
) -> Axes:
    """Draw acute and chronic load, and where their ratio means something.

    Parameters
    ----------
    load_daily : Series of float, shape (n_days,)
        ``load`` of `loadmon.daily_load`: rest is 0, NaN is not known.
    ax : Axes
        Where to draw.
    method : {"coupled", "uncoupled", "ewma"}
        As in `loadmon.acwr`.
    unit : str
        Unit of the load, for the label of the axis.
    since : str, date or Timestamp, optional
        First day to draw; the ratio looks at the days before it all the same.

    Returns
    -------
    Axes
        `ax`: both loads, as the week that their daily mean makes [unit per week]; hatched bands,
        named in the legend, where there is no ratio and why; a square on each day with load whose
        ratio is above the limit of `method` (`loadmon.evidence.checks.ACWR_LIMIT`).

    Raises
    ------
    FrameError, SettingError
        As `loadmon.acwr`.

    Notes
    -----
    No range of the ratio is drawn as good: in runners, studies found no harm from a high ratio, or
    the reverse.
    """
    days = acwr(load_daily, method=method)
    days = days if since is None else days[days.index >= day_of(since)]
    if days.empty:
        return nothing(ax)
    x = day_numbers(days.index)
    acute, chronic = (_WEEK_D * days[name].to_numpy() for name in ("acute", "chronic"))
    status = days["status"].to_numpy()
    for name, hatch in _HATCHES.items():
        band(ax, x, status == name, STATUS_WORDS[name], hatch)
    labels = _RATIO_LABELS[method]
    ax.plot(x, chronic, color=INK, linewidth=1.6, linestyle="--", label=labels[1])
    ax.plot(x, acute, color=BLUE, linewidth=1.4, label=labels[0])
    limit = ACWR_LIMIT[method]
    high = (days["load"] > 0).to_numpy() & above(days["acwr"].to_numpy(), limit)
    dots(ax, x, acute, high, "s", f"ratio over {limit}")
    ax.set_ylim(0, 1.1 * max(1.0, float(np.nanmax([*acute, *chronic, 0.0]))))
    ax.set_ylabel(f"load [{unit} per week]")
    return dressed(ax, x[0], x[-1] + 1)


_RATIO_LABELS: dict[Method, tuple[str, str]] = {
    "coupled": (f"acute: last {_WEEK_D} days", f"chronic: usual week, {_CHRONIC_D} days"),
    "uncoupled": (
        f"acute: last {_WEEK_D} days",
        f"chronic: usual week, {_CHRONIC_D - _WEEK_D} days before",
    ),
    "ewma": (f"acute: weighted, {_WEEK_D} days", f"chronic: weighted, {_CHRONIC_D} days"),
}
