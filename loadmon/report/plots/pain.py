"""Pain as the runner logged it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loadmon.evidence.pain import PAIN_RULE
from loadmon.report.plots.drawing import (
    BLUE,
    INK,
    VERMILLION,
    day_numbers,
    dots,
    dressed,
    need,
    nothing,
)
from loadmon.report.words import PAIN_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKS = {"": "o", "before": "<", "during": "s", "after": ">", "next-morning": "^"}
_MOST = 10


def plot_pain(diary: pd.DataFrame, *, ax: Axes) -> Axes:
    """Draw every pain of a diary.

    Parameters
    ----------
    diary : DataFrame
        ``Athlete.diary``, or some of its rows: ``date``, ``when``, ``pain`` [0 to 10].
    ax : Axes
        Where to draw.

    Returns
    -------
    Axes
        `ax`: a mark for every entry that tells a pain, of its own shape for each time relative to
        the run; a dashed line at the pain above which a run stops
        (`loadmon.evidence.pain.PAIN_RULE`). Days without an entry are empty: not known, not free of
        pain.

    Raises
    ------
    FrameError
        If `diary` lacks a column.
    """
    need(diary, ["date", "when", "pain"])
    told = diary[diary["pain"].notna()]
    if told.empty:
        return nothing(ax)
    x, pain = day_numbers(told["date"]), told["pain"].to_numpy(float)
    stop = PAIN_RULE["stop_above"]
    ax.axhline(stop, color=INK, linewidth=1.2, linestyle="--", label=f"stop above {stop:g}")
    for when, mark in _MARKS.items():
        color = VERMILLION if when == "next-morning" else BLUE
        dots(ax, x, pain, told["when"] == when, mark, PAIN_WORDS[when], color=color)
    ax.set_ylim(-0.5, _MOST + 0.5)
    ax.set_ylabel("pain [0 to 10]")
    dressed(ax, x[0], x[-1] + 1, columns=1 + len(_MARKS))
    ax.set_yticks([0, stop, _MOST])
    return ax
