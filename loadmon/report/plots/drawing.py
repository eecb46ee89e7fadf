"""What the pictures share: days, marks, many rectangles as one path, and the dress of the axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.errors import FrameError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

#: A middle grey that can be read on white and on near black.
INK = "#767676"
#: Two colours of Okabe and Ito that most people with colour blindness tell apart.
BLUE, VERMILLION = "#0072B2", "#D55E00"
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
_WIDE_IN = 6.0
WEEK_D, _BAR_GAP_D = 7.0, 1.0


def day_numbers(when: pd.Index | pd.Series) -> Floats:
    """Days as matplotlib counts them."""
    from matplotlib.dates import date2num

    numbers: Floats = date2num(pd.DatetimeIndex(when).to_numpy())  # type: ignore[no-untyped-call]
    return numbers


def rectangles(left: Floats, width: Floats, height: Floats) -> Path:
    """Many rectangles on the axis as one path: ten years of bars stay one element of a page."""
    from matplotlib.path import Path

    x = np.stack([left, left, left + width, left + width, left], axis=1)
    y = np.stack([0 * height, height, height, 0 * height, 0 * height], axis=1)
    codes = np.tile([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], len(left))
    return Path(np.stack([x, y], axis=2).reshape(-1, 2), codes)


def bars(
    ax: Axes,
    x: Floats,
    far: Floats,
    *,
    label: str,
    hatch: str | None = None,
    days: Floats | float = WEEK_D,
) -> None:
    """Draw a bar for each week, from its first day over its `days`, that has a distance."""
    from matplotlib.patches import PathPatch

    seen = far > 0
    if not seen.any():
        return
    left = x[seen] + _BAR_GAP_D / 2
    width = (1 - _BAR_GAP_D / WEEK_D) * np.broadcast_to(days, x.shape)[seen]
    path = rectangles(left, width, far[seen])
    fill = "none" if hatch else BLUE
    ax.add_patch(PathPatch(path, facecolor=fill, edgecolor=BLUE, hatch=hatch, lw=0.5, label=label))


def stretches(marks: Marks) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of marks."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marks.astype(int), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def dots(
    ax: Axes,
    x: Floats,
    y: Floats,
    where: Marks | pd.Series,
    marker: str,
    label: str,
    *,
    color: str = VERMILLION,
    size: float = 5.5,
    hollow: bool = False,
) -> None:
    """Draw marks of one kind, with their name in the legend; nothing where there are none."""
    at = np.asarray(where, dtype=bool)
    if not at.any():
        return
    (marks,) = ax.plot(x[at], y[at], marker=marker, color=color, label=label)
    marks.set(fillstyle="none" if hollow else "full", markeredgewidth=0.8)
    marks.set(linestyle="none", markersize=size)


def need(frame: pd.DataFrame, columns: list[str]) -> None:
    """Refuse a frame that cannot be drawn, naming what it lacks."""
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise FrameError(f"the frame to draw lacks {', '.join(missing)}")


def band(ax: Axes, x: Floats, where: Marks, label: str, hatch: str) -> None:
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


def nothing(ax: Axes) -> Axes:
    """Axes that say that there is nothing to draw."""
    ax.text(0.5, 0.5, "nothing recorded", ha="center", color=INK, transform=ax.transAxes)
    ax.set_axis_off()
    return ax


def dressed(ax: Axes, first: float, last: float, *, columns: int = 4) -> Axes:
    """Axes with dates from `first` to `last`, grid, colours and a legend above, in `columns`.

    At least a week is shown, so that what is told by days has no hours on its axis.
    """
    _dates(ax)
    first = min(first, last - WEEK_D)
    margin = 0.01 * (last - first)
    ax.set_xlim(first - margin, last + margin)
    ax.locator_params(axis="y", nbins=6, steps=[1, 2, 5, 10])
    ax.tick_params(colors=INK, labelcolor=INK)
    ax.xaxis.get_offset_text().set_color(INK)
    ax.yaxis.label.set_color(INK)
    ax.grid(axis="y", color=INK, alpha=0.3, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["bottom", "left"]].set_color(INK)
    ax.patch.set_alpha(0)
    _legend(ax, columns)
    return ax


def _dates(ax: Axes) -> None:
    """Dates that do not touch each other, from weeks to decades."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _legend(ax: Axes, columns: int) -> None:
    """Names of what is drawn, above the picture, where they hide nothing."""
    figure = ax.get_figure(root=True)
    if not ax.get_legend_handles_labels()[1]:
        return
    legend = ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.01),
        borderaxespad=0.2,
        handlelength=1.5,
        columnspacing=1.2,
        frameon=False,
        ncols=columns if figure is not None and figure.get_figwidth() > _WIDE_IN else 2,
    )
    for text in legend.get_texts():
        text.set(color=INK, fontsize="small")
