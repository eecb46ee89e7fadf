"""Three pictures: weeks, single runs, acute and chronic load; each draws on axes it is given.

Meaning is carried by shape and words, colour only helps (Okabe-Ito). Text and lines have a middle
grey, so that they can be read on light and on dark ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loadmon.errors import FrameError
from loadmon.evidence.checks import ACWR_LIMIT, SESSION_SPIKE
from loadmon.evidence.load import LAYOFF, WINDOWS
from loadmon.load.calendar import Day, day_of
from loadmon.load.ratio import Method, acwr
from loadmon.load.spikes import SPIKES, stand_out
from loadmon.load.threshold import above
from loadmon.report.drawing import (
    BLUE,
    INK,
    Floats,
    Marks,
    day_numbers,
    dots,
    dressed,
    nothing,
    rectangles,
    stretches,
)
from loadmon.report.words import FLAG_WORDS, STATUS_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FLAG_MARKS = {
    "session_spike": "^",
    "weekly_change": "D",
    "acwr": "s",
    "monotony": "o",
    "rest": "P",
}
_LEVEL_MARKS = {"small": "^", "moderate": "D", "large": "s"}
_HATCHES = {"unknown": "xxx", "forming": "|||", "returning": "///", "low_base": "\\\\\\"}
_BAR_D = 6.0
_MARK_STEP, _MARK_SIZE = 0.07, 5.5
#: Marks shrink where more weeks than these have to share the width, down to this share.
_ROOMY_WEEKS, _SMALLEST_MARK = 70, 0.4
_LABELLED_SHARE = 0.025
_WEEK_D = int(WINDOWS["acute"])
_CHRONIC_D = int(WINDOWS["chronic"])


def plot_weeks(weekly: pd.DataFrame, *, ax: Axes) -> Axes:
    """Draw the distance of every week, with what stands out above it.

    Parameters
    ----------
    weekly : DataFrame
        What `loadmon.weekly_load` gives, or some of its rows.
    ax : Axes
        Where to draw.

    Returns
    -------
    Axes
        `ax`: bars [km], hatched where a week is not complete; a mark of its own shape above a week
        for each of its flags; ``?`` where a day is not known; words where two weeks or more had
        no run, unless the picture spans so long that they would not fit.

    Raises
    ------
    FrameError
        If `weekly` lacks a column.
    """
    _need(weekly, ["distance_km", "n_days", "n_known", "partial", "flags"])
    if weekly.empty:
        return nothing(ax)
    x = day_numbers(weekly.index)
    km = weekly["distance_km"].to_numpy(dtype=float, na_value=np.nan)
    partial = weekly["partial"].to_numpy(dtype=bool)
    top = max(float(np.nanmax(km)) if not np.isnan(km).all() else 0.0, 1.0)
    _bars(ax, x[~partial], km[~partial], label="distance of a week")
    _bars(ax, x[partial], km[partial], label="part of a week", hatch="////")
    unknown = (weekly["n_known"] < weekly["n_days"]).to_numpy()
    height = _marks(ax, x, km, weekly["flags"].str.split(","), unknown, top)
    _lay_offs(ax, x, (km == 0) & ~unknown, top)
    ax.set_ylim(0, max(1.08 * top, height))
    ax.set_ylabel("distance [km per week]")
    return dressed(ax, x[0], x[-1] + _WEEK_D)


def plot_sessions(spikes: pd.DataFrame, *, ax: Axes) -> Axes:
    """Draw every run against the longest of the 30 days before it.

    Parameters
    ----------
    spikes : DataFrame
        What `loadmon.session_spikes` gives, or some of its rows.
    ax : Axes
        Where to draw.

    Returns
    -------
    Axes
        `ax`: a dot for each run [km]; a stepped line for the longest run of the 30 days before it
        [km], broken where that is not known; a mark of its own shape for each level of a run that
        stands out (`loadmon.load.spikes.stand_out`); rings where there was nothing to compare
        with; ``?`` where it is not known.

    Raises
    ------
    FrameError
        If `spikes` lacks a column.
    """
    _need(spikes, ["date", "distance_km", "longest_before_km", "level"])
    if spikes.empty:
        return nothing(ax)
    runs = spikes.sort_values("date", kind="stable")
    x, level = day_numbers(runs["date"]), runs["level"]
    km = runs["distance_km"].to_numpy(dtype=float, na_value=np.nan)
    before = runs["longest_before_km"].to_numpy(dtype=float, na_value=np.nan)
    window = int(SESSION_SPIKE["window_days"])
    label = f"longest of {window} days before"
    ax.plot(x, before, drawstyle="steps-pre", color=INK, linewidth=1.1, label=label)
    out = stand_out(runs)
    plain = (level == "none") | (level.isin(SPIKES) & ~out)
    dots(ax, x, km, plain, "o", "run", color=BLUE, size=3.0)
    for name, mark in _LEVEL_MARKS.items():
        dots(ax, x, km, out & (level == name), mark, _longer(SESSION_SPIKE[name]))
    first = level == "no_baseline"
    dots(ax, x, km, first, "o", f"none in {window} days before", color=BLUE, hollow=True)
    not_known = (level == "unknown").to_numpy()
    dots(ax, x, np.nan_to_num(km), not_known, "$?$", "not known", color=INK)
    ax.set_ylim(0, 1.1 * max(1.0, float(np.nanmax([*km, *before, 0.0]))))
    ax.set_ylabel("distance of a run [km]")
    return dressed(ax, x[0], x[-1] + 1)


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
        ratio is above the limit of `method` (`loadmon.evidence.ACWR_LIMIT`).

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
        _band(ax, x, status == name, STATUS_WORDS[name], hatch)
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


def _need(frame: pd.DataFrame, columns: list[str]) -> None:
    """Refuse a frame that cannot be drawn, naming what it lacks."""
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise FrameError(f"the frame to draw lacks {', '.join(missing)}")


def _longer(limit: float) -> str:
    """Lower end of a level in words."""
    return (
        f"over {100 * (limit - 1):.0f} % longer" if limit < 2 else f"over {limit:.0f} times as long"
    )


def _bars(ax: Axes, x: Floats, km: Floats, *, label: str, hatch: str | None = None) -> None:
    """Bars of the weeks that have a distance."""
    from matplotlib.patches import PathPatch

    seen = km > 0
    if not seen.any():
        return
    left = x[seen] + (_WEEK_D - _BAR_D) / 2
    path = rectangles(left, np.full(seen.sum(), _BAR_D), km[seen])
    fill = "none" if hatch else BLUE
    ax.add_patch(PathPatch(path, facecolor=fill, edgecolor=BLUE, hatch=hatch, lw=0.5, label=label))


def _marks(ax: Axes, x: Floats, km: Floats, flags: pd.Series, unknown: Marks, top: float) -> float:
    """Stack one shape for each flag above its bar; gives the height that all of them need."""
    share = max(_SMALLEST_MARK, min(1.0, _ROOMY_WEEKS / len(x)))
    middle, step, size = x + _WEEK_D / 2, share * _MARK_STEP * top, share * _MARK_SIZE
    height = np.nan_to_num(km) + 0.6 * step
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


def _band(ax: Axes, x: Floats, where: Marks, label: str, hatch: str) -> None:
    """Hatched band over the whole height for the days that have no ratio."""
    from matplotlib.patches import PathPatch

    if not where.any():
        return
    spans = np.array(stretches(where))
    left, right = x[spans[:, 0]], x[spans[:, 1] - 1] + 1
    path = rectangles(left, right - left, np.ones(len(spans)))
    band = PathPatch(path, facecolor="none", edgecolor=INK, hatch=hatch, lw=0, label=label)
    band.set(alpha=0.45, transform=ax.get_xaxis_transform(), zorder=0.5)
    ax.add_patch(band)
