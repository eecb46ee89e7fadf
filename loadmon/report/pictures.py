"""The pictures of the page: drawn twice, for wide and for narrow screens, as small inline SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from loadmon.checks.words import count_text, day_text
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.load.ratio import acwr
from loadmon.load.spikes import stand_out
from loadmon.report.plots.drawing import INK
from loadmon.report.plots.ratio import plot_ratio
from loadmon.report.plots.sessions import plot_sessions
from loadmon.report.plots.weeks import plot_weeks
from loadmon.report.words import STATUS_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from loadmon.report.overview import Overview

#: Kind of screen, size of the figure [in], and how many of the last weeks it shows.
SHAPES = (("wide", (9.0, 3.1), 53), ("narrow", (4.4, 3.3), 26))
_WEEK = pd.Timedelta(days=7)
_LISTED = 5


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the page.

    Parameters
    ----------
    title : str
        Its heading.
    words : str
        What it shows, for those who cannot see it and those who want to be sure.
    svgs : tuple of (str, str)
        Kind of screen (or ``whole``) and the ``<svg>`` element for it.
    """

    title: str
    words: str
    svgs: tuple[tuple[str, str], ...]


def pictures(overview: Overview) -> list[Picture]:
    """Draw weeks, sessions, and load with its ratio.

    Parameters
    ----------
    overview : Overview
        What the report says.

    Returns
    -------
    list of Picture
        Empty where nothing is recorded. Each shows the last 53 weeks, on narrow screens 26.
    """
    weekly, spikes, load = overview.weekly, overview.spikes, overview.daily["load"]
    if weekly.empty:
        return []

    def weeks(ax: Axes, since: pd.Timestamp) -> None:
        plot_weeks(weekly[weekly.index >= since], ax=ax)

    def sessions(ax: Axes, since: pd.Timestamp) -> None:
        plot_sessions(spikes[spikes["date"] >= since], ax=ax)

    def ratio(ax: Axes, since: pd.Timestamp) -> None:
        plot_ratio(load, ax=ax, since=since)

    recent = weekly.tail(SHAPES[0][2])
    since = recent.index[0]
    return [
        Picture("Weeks", weeks_text(recent), _drawn(weeks, weekly, "Distance of each week")),
        Picture(
            "Sessions",
            sessions_text(spikes[spikes["date"] >= since]),
            _drawn(sessions, weekly, "Each run against the longest of the 30 days before"),
        ),
        Picture(
            "Load and ratio",
            ratio_text(load, since),
            _drawn(ratio, weekly, "Acute and chronic load"),
        ),
    ]


def whole_history(overview: Overview) -> Picture | None:
    """Every week since the first recording; None where the other pictures show them all."""
    weekly, shown = overview.weekly, SHAPES[0][2]
    if len(weekly) <= shown:
        return None
    svg = _svg(lambda ax: plot_weeks(weekly, ax=ax), SHAPES[0][1], "Distance of every week")
    return Picture(f"All {len(weekly)} weeks", weeks_text(weekly), (("whole", svg),))


def weeks_text(weekly: pd.DataFrame) -> str:
    """What the picture of the weeks shows, in words."""
    km = weekly["distance_km"]
    first, last = weekly.index[0], weekly.index[-1] + _WEEK - pd.Timedelta(days=1)
    told = f"Weekly distance, {dated(first)} to {dated(last)}."
    if km.notna().any():
        most = weekly.index[int(km.argmax())]
        told += f" Most: {km.max():.1f} km in the week from {dated(most)}."
    flagged = int((weekly["flags"] != "").sum())
    told += f" {count_text(flagged, 'week')} of {len(weekly)} with a mark above the bar."
    unknown = int((weekly["n_known"] < weekly["n_days"]).sum())
    return told + (f" {count_text(unknown, 'week')} with a day not known." if unknown else "")


def sessions_text(spikes: pd.DataFrame) -> str:
    """What the picture of the runs shows, in words."""
    longer = spikes[stand_out(spikes)]
    told = f"{count_text(len(spikes), 'run')}. {len(longer)} stand out as longer than the longest "
    told += f"of the {SESSION_SPIKE['window_days']:.0f} days before."
    if len(longer):
        named = [
            f"{dated(day)} {km:.1f} km after {before:.1f} km"
            for day, km, before in longer[["date", "distance_km", "longest_before_km"]]
            .tail(_LISTED)
            .itertuples(index=False)
        ]
        last = "The last of them" if len(longer) > _LISTED else "They are"
        told += f" {last}: {'; '.join(named)}."
    return told


def ratio_text(load: pd.Series, since: pd.Timestamp) -> str:
    """What the picture of the load shows, in words."""
    days = acwr(load).loc[since:]
    told = "Dashed: the usual week. Line: the last 7 days. Hatched: days without a ratio."
    shown = days[days["status"] == "ok"]
    if shown.empty:
        return f"{told} No day of this time has one."
    last = shown.iloc[-1]
    told += f" Last ratio: {last['acwr']:.2f} (coupled) on {dated(shown.index[-1])}."
    without = days.loc[days["status"] != "ok", "status"].value_counts()
    if len(without):
        why = ", ".join(f"{STATUS_WORDS[str(name)]} {n}" for name, n in without.items())
        told += f" Days without one: {why}."
    return told


def dated(day: pd.Timestamp) -> str:
    """Day with its year; a dash where there is none."""
    return "-" if pd.isna(day) else f"{day_text(day)} {day.year}"


def _drawn(
    draw: Callable[[Axes, pd.Timestamp], None], weekly: pd.DataFrame, name: str
) -> tuple[tuple[str, str], ...]:
    """One picture in both shapes, over the same weeks as its neighbours."""
    svgs = []
    for shape, size, weeks in SHAPES:
        span = weekly.index[-weeks:]

        def drawn(ax: Axes, span: pd.Index = span) -> None:
            from matplotlib.dates import date2num

            draw(ax, span[0])
            ends = pd.DatetimeIndex([span[0], span[-1] + _WEEK]).to_numpy()
            first, last = date2num(ends)  # type: ignore[no-untyped-call]
            ax.set_xlim(first - 0.01 * (last - first), last + 0.01 * (last - first))

        svgs.append((shape, _svg(drawn, size, f"{name}, the last {len(span)} weeks")))
    return tuple(svgs)


def _svg(draw: Callable[[Axes], object], size: tuple[float, float], name: str) -> str:
    """Draw and give the element; the same picture is the same text on every run."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasSVG(figure)
    figure.patch.set_alpha(0)
    draw(figure.subplots())
    out = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(out, format="svg", metadata={"Date": None})
    return _for_html(out.getvalue(), name)


def _for_html(svg: str, name: str) -> str:
    """Cut an SVG file down to an element of a page: no prologue, no namespaces, its ink the text's.

    Ids of groups are dropped, being the same in every picture; positions keep two decimals, a
    fiftieth of a pixel.
    """
    view = re.findall(r'viewBox="[^"]*"', svg)[0]
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<svg[^>]*>", f'<svg {view} role="img" aria-label="{name}">', svg, count=1)
    for surplus in (
        r"<metadata>.*?</metadata>",
        r"<defs>\s*<style.*?</defs>",
        r"font-family:[^;]*;",
    ):
        svg = re.sub(surplus, "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r"(\d\.\d\d)\d+", r"\1", svg)
    return svg.replace(INK, "currentColor").strip()
