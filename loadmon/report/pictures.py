"""The pictures of the page: drawn twice, for wide and for narrow screens, as small inline SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from loadmon.report.plots import (
    INK,
    plot_monotony,
    plot_pain,
    plot_ratio,
    plot_rest,
    plot_sessions,
    plot_weeks,
)
from loadmon.report.wording import (
    monotony_text,
    pain_text,
    ratio_text,
    rest_text,
    sessions_text,
    weeks_text,
)
from loadmon.units import in_distance_units

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from loadmon.report.overview import Overview


#: Kind of screen, size of the figure [in], and how many of the last weeks it shows.
SHAPES = (("wide", (9.0, 3.1), 53), ("narrow", (4.4, 3.3), 26))
#: Height of a picture of few values, as a share of the others.
_LOW = 0.75
_WEEK = pd.Timedelta(days=7)


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


def pictures(overview: Overview) -> dict[str, list[Picture]]:
    """Draw what the sections of the page show.

    Returns by section (`loadmon.report.wording.SECTION_WORDS`); empty where nothing is recorded.
    Each shows the last 53 weeks, on narrow screens 26.
    """
    if overview.weekly.empty:
        return {}
    return {
        "weeks": [_weeks(overview)],
        "sessions": [_sessions(overview)],
        "load": [_ratio(overview)],
        "rest": [_monotony(overview), _rest(overview)],
        "symptoms": [_pain(overview)] if overview.diary["pain"].notna().any() else [],
    }


def _weeks(overview: Overview) -> Picture:
    weekly, units = overview.weekly, overview.athlete.units

    def draw(ax: Axes, since: pd.Timestamp) -> None:
        plot_weeks(weekly[weekly.index >= since], ax=ax, units=units)

    words = weeks_text(weekly.tail(SHAPES[0][2]), units)
    return Picture("Weeks", words, _drawn(draw, weekly, "Distance of each week"))


def _sessions(overview: Overview) -> Picture:
    spikes, units = overview.spikes, overview.athlete.units

    def draw(ax: Axes, since: pd.Timestamp) -> None:
        plot_sessions(spikes[spikes["date"] >= since], ax=ax, units=units)

    words = sessions_text(spikes[spikes["date"] >= _since(overview)], units)
    name = "Each run against the longest of the 30 days before"
    return Picture("Sessions", words, _drawn(draw, overview.weekly, name))


def _ratio(overview: Overview) -> Picture:
    load, units = overview.daily["load"], overview.athlete.units

    def draw(ax: Axes, since: pd.Timestamp) -> None:
        plot_ratio(in_distance_units(1.0, units) * load, ax=ax, since=since, unit=units)

    words = ratio_text(load, _since(overview))
    return Picture("Load and ratio", words, _drawn(draw, overview.weekly, "Acute and chronic load"))


def _monotony(overview: Overview) -> Picture:
    def draw(ax: Axes, since: pd.Timestamp) -> None:
        plot_monotony(overview.daily, ax=ax, since=since)

    words = monotony_text(overview.daily, _since(overview))
    name = "Monotony of the seven days before"
    return Picture("Monotony", words, _drawn(draw, overview.weekly, name, low=True))


def _rest(overview: Overview) -> Picture:
    def draw(ax: Axes, since: pd.Timestamp) -> None:
        plot_rest(overview.daily, ax=ax, since=since)

    words = rest_text(overview.weekly.tail(SHAPES[0][2]))
    name = "Days without a run in the seven days before"
    return Picture("Days without a run", words, _drawn(draw, overview.weekly, name, low=True))


def _pain(overview: Overview) -> Picture:
    def draw(ax: Axes, since: pd.Timestamp) -> None:
        plot_pain(overview.diary[overview.diary["date"] >= since], ax=ax)

    words = pain_text(overview.diary[overview.diary["date"] >= _since(overview)])
    return Picture("Pain", words, _drawn(draw, overview.weekly, "Pain as logged", low=True))


def _since(overview: Overview) -> pd.Timestamp:
    """First day of the pictures on a wide screen."""
    return pd.Timestamp(overview.weekly.tail(SHAPES[0][2]).index[0])


def whole_history(overview: Overview) -> Picture | None:
    """Every week since the first recording; None where the other pictures show them all."""
    weekly, shown, units = overview.weekly, SHAPES[0][2], overview.athlete.units
    if len(weekly) <= shown:
        return None
    size = SHAPES[0][1]
    drawn = svg(lambda ax: plot_weeks(weekly, ax=ax, units=units), size, "Distance of every week")
    return Picture(f"All {len(weekly)} weeks", weeks_text(weekly, units), (("whole", drawn),))


def _drawn(
    draw: Callable[[Axes, pd.Timestamp], None],
    weekly: pd.DataFrame,
    name: str,
    *,
    low: bool = False,
) -> tuple[tuple[str, str], ...]:
    """One picture in both shapes, over the same weeks as its neighbours."""
    svgs = []
    for shape, (width, height), weeks in SHAPES:
        span = weekly.index[-weeks:]
        size = (width, _LOW * height if low else height)

        def drawn(ax: Axes, span: pd.Index = span) -> None:
            from matplotlib.dates import date2num

            draw(ax, span[0])
            ends = pd.DatetimeIndex([span[0], span[-1] + _WEEK]).to_numpy()
            first, last = date2num(ends)  # type: ignore[no-untyped-call]
            ax.set_xlim(first - 0.01 * (last - first), last + 0.01 * (last - first))

        svgs.append((shape, svg(drawn, size, f"{name}, the last {len(span)} weeks")))
    return tuple(svgs)


def svg(draw: Callable[[Axes], object], size: tuple[float, float], name: str) -> str:
    """Draw a picture as an element of a page.

    Returns an ``<svg>``; the same picture is the same text on every run.
    """
    from matplotlib import rc_context, rcParamsDefault
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    out = io.StringIO()
    # A matplotlibrc of the folder one stands in may say anything, as that TeX is to be run.
    known = {key: value for key, value in rcParamsDefault.items() if not key.startswith("backend")}
    with rc_context(known | {"svg.fonttype": "none", "svg.hashsalt": name}):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        figure.patch.set_alpha(0)
        draw(figure.subplots())
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
