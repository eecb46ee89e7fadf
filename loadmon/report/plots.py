"""The plots, each drawn on axes that it is given or makes: `loadmon.plot_weeks` and its neighbours.

Meaning is carried by shape and words, colour only helps (Okabe-Ito). Text and lines have a middle
grey, so that they can be read on light and on dark ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import amount_of, check_frame, check_text, is_nan, quoted
from loadmon.athlete import check_limits
from loadmon.calendar import Day, day_of
from loadmon.errors import FrameError, SettingError
from loadmon.evidence import PUBLISHED
from loadmon.evidence.limits import LAYOFF, WINDOWS
from loadmon.evidence.pain import PAIN_RULE
from loadmon.ratio import Method, above, acwr, daily_values
from loadmon.report.wording import FLAG_WORDS, PAIN_WORDS, STATUS_WORDS
from loadmon.rules import acwr as acwr_rule
from loadmon.rules import rest, session_spike
from loadmon.rules.session_spike import DISTANCE_KM, SPIKES, by_outing, exceeds
from loadmon.units import Units, check_units, in_distance_units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path


#: A middle grey that can be read on white and on near black.
INK = "#767676"
#: Two colours of Okabe and Ito that most people with colour blindness tell apart.
BLUE, VERMILLION = "#0072B2", "#D55E00"
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_WIDE_IN = 6.0
WEEK_D, _BAR_GAP_D = int(WINDOWS["acute"]), 1.0


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
    """Draw a bar for each week that has a distance, from its first day over its `days`."""
    from matplotlib.patches import PathPatch

    seen = far > 0
    if not seen.any():
        return
    left = x[seen] + _BAR_GAP_D / 2
    width = (1 - _BAR_GAP_D / WEEK_D) * np.broadcast_to(days, x.shape)[seen]
    path = rectangles(left, width, far[seen])
    fill = "none" if hatch else BLUE
    ax.add_patch(PathPatch(path, facecolor=fill, edgecolor=BLUE, hatch=hatch, lw=0.5, label=label))


def stretches(where: Mask) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], where.astype(int), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def dots(
    ax: Axes,
    x: Floats,
    y: Floats,
    where: Mask | pd.Series,
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


def need(
    frame: pd.DataFrame, argument: str, columns: list[str], numbers: tuple[str, ...] = ()
) -> None:
    """Refuse a frame that cannot be drawn, naming what it lacks or holds wrongly."""
    check_frame(frame, argument, columns)
    for column in numbers:
        try:
            values = frame[column].to_numpy(dtype=float, na_value=np.nan)
        except (ValueError, TypeError):
            raise FrameError(f"{argument}[{column!r}] must hold numbers") from None
        if (values < 0).any() or np.isinf(values).any():
            raise FrameError(f"{argument}[{column!r}] holds a negative or infinite value")
    if "date" in columns:
        days = frame["date"]
        if not pd.api.types.is_datetime64_dtype(days) or days.isna().any():
            raise FrameError(f"{argument}['date'] must hold naive days in every row")


def _need_days(frame: pd.DataFrame, argument: str) -> None:
    """Refuse a frame whose rows are not of days."""
    if not isinstance(frame.index, pd.DatetimeIndex) or frame.index.tz is not None:
        raise FrameError(f"{argument} needs an index of naive local days, as loadmon gives it")


def _check_axes(ax: Axes | None) -> None:
    if ax is not None and not callable(getattr(ax, "add_patch", None)):
        raise SettingError(f"ax must be Axes of matplotlib, not {quoted(ax)}")


def band(ax: Axes, x: Floats, where: Mask, label: str, hatch: str) -> None:
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


def new_axes() -> Axes:
    """Axes on a figure of their own, which a notebook shows."""
    from matplotlib import pyplot

    return pyplot.figure(figsize=(9.0, 3.2), layout="constrained").subplots()


def nothing(ax: Axes) -> Axes:
    """Axes that say that there is nothing to draw."""
    ax.text(0.5, 0.5, "nothing recorded", ha="center", color=INK, transform=ax.transAxes)
    ax.set_axis_off()
    return ax


def dressed(ax: Axes, first: float, last: float, *, columns: int = 4) -> Axes:
    """Axes with dates from `first` to `last`, but at least a week: days have no hours there."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import MaxNLocator

    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    first = min(first, last - WEEK_D)
    margin = 0.01 * (last - first)
    ax.set_xlim(first - margin, last + margin)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
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


def _legend(ax: Axes, columns: int) -> None:
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


_MARKS = {"": "o", "before": "<", "during": "s", "after": ">", "next-morning": "^"}
_MOST = 10


def plot_pain(diary: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw every pain of a diary.

    Parameters
    ----------
    diary : DataFrame
        ``Athlete.diary``, or some of its rows: ``date``, ``when``, ``pain`` [0 to 10].
    ax : Axes, optional
        Where to draw. None: on a new figure of matplotlib's pyplot, which a notebook shows.

    Returns
    -------
    Axes
        `ax`: a mark for every entry with a pain, of its own shape for each time relative to
        the run; a dashed line at the pain above which a run stops
        (`loadmon.evidence.pain.PAIN_RULE`). Days without an entry are empty: not known, not free of
        pain.

    Raises
    ------
    FrameError
        If `diary` lacks a column.
    """
    _check_axes(ax)
    need(diary, "diary", ["date", "when", "pain"], ("pain",))
    ax = new_axes() if ax is None else ax
    pains = diary[diary["pain"].notna()]
    if pains.empty:
        return nothing(ax)
    x, pain = day_numbers(pains["date"]), pains["pain"].to_numpy(float)
    stop = PAIN_RULE["stop_above"]
    ax.axhline(stop, color=INK, linewidth=1.2, linestyle="--", label=f"stop above {stop:g}")
    for when, mark in _MARKS.items():
        color = VERMILLION if when == "next-morning" else BLUE
        dots(ax, x, pain, pains["when"] == when, mark, PAIN_WORDS[when], color=color)
    ax.set_ylim(-0.5, _MOST + 0.5)
    ax.set_ylabel("pain [0 to 10]")
    dressed(ax, x[0], x[-1] + 1, columns=1 + len(_MARKS))
    ax.set_yticks([0, stop, _MOST])
    return ax


def plot_ramp(
    plan: pd.DataFrame,
    *,
    ax: Axes | None = None,
    weekly: pd.DataFrame | None = None,
    target_km: float = float("nan"),
    units: Units = "km",
) -> Axes:
    """Draw the weeks of a plan, after the weeks that were run.

    Parameters
    ----------
    plan : DataFrame
        ``Ramp.plan``: ``date``, ``week``, ``distance_km``.
    ax : Axes, optional
        Where to draw. None: on a new figure of matplotlib's pyplot, which a notebook shows.
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
    _check_axes(ax)
    need(plan, "plan", ["date", "week", "distance_km"], ("distance_km",))
    check_units(units)
    if not is_nan(target_km):
        amount_of(target_km, "target_km")
    if weekly is not None:
        need(weekly, "weekly", ["distance_km"], ("distance_km",))
        _need_days(weekly, "weekly")
    ax = new_axes() if ax is None else ax
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


_HATCHES = {
    **{"unknown": "xxx", "forming": "|||", "returning": "///"},
    **{"sparse": "...", "low_base": "\\\\\\"},
}
_CHRONIC_D = int(WINDOWS["chronic"])


def plot_ratio(
    load_daily: pd.Series,
    *,
    ax: Axes | None = None,
    method: Method = "coupled",
    unit: str = "km",
    since: Day | None = None,
) -> Axes:
    """Draw acute and chronic load, and where their ratio means something.

    Parameters
    ----------
    load_daily : Series of float, shape (n_days,)
        ``load`` of `loadmon.daily_load`: rest is 0, NaN is not known.
    ax : Axes, optional
        Where to draw. None: on a new figure of matplotlib's pyplot, which a notebook shows.
    method : {"coupled", "uncoupled", "ewma"}
        As in `loadmon.acwr`.
    unit : str
        Unit of the load, for the label of the axis.
    since : str, date or Timestamp, optional
        First day to draw; the days before it still count in the ratio.

    Returns
    -------
    Axes
        `ax`: both loads, as the week that their daily mean makes [unit per week]; hatched bands,
        named in the legend, where there is no ratio and why; a square on each day with load whose
        ratio is above the limit of `method` (`loadmon.evidence.limits.ACWR_LIMIT`).

    Raises
    ------
    FrameError, SettingError
        As `loadmon.acwr`.

    Notes
    -----
    No range of the ratio is drawn as good: in runners it foretells no injury
    (`loadmon.evidence.limits.ACWR_LIMIT`).
    """
    _check_axes(ax)
    check_text(unit, "unit")
    daily_values(load_daily, "load_daily")
    days = acwr(load_daily, method=method).loc[_first_day(since) :]
    ax = new_axes() if ax is None else ax
    return draw_ratio(days, ax, method=method, unit=unit)


def draw_ratio(days: pd.DataFrame, ax: Axes, *, method: Method, unit: str) -> Axes:
    """Draw rows of what `loadmon.acwr` gives."""
    if days.empty:
        return nothing(ax)
    x = day_numbers(days.index)
    acute, chronic = (WEEK_D * days[name].to_numpy() for name in ("acute", "chronic"))
    status = days["status"].to_numpy()
    for name, hatch in _HATCHES.items():
        band(ax, x, status == name, STATUS_WORDS[name], hatch)
    of_acute, of_chronic = _RATIO_LABELS[method]
    ax.plot(x, chronic, color=INK, linewidth=1.6, linestyle="--", label=f"chronic: {of_chronic}")
    ax.plot(x, acute, color=BLUE, linewidth=1.4, label=f"acute: {of_acute}")
    limit = acwr_rule.ACWR_LIMIT[method]
    high = (days["load"] > 0).to_numpy() & above(days["acwr"].to_numpy(), limit)
    dots(ax, x, acute, high, "s", f"ratio over {limit}")
    ax.set_ylim(0, 1.1 * max(1.0, float(np.nanmax([*acute, *chronic, 0.0]))))
    ax.set_ylabel(f"load [{unit} per week]")
    return dressed(ax, x[0], x[-1] + 1)


_RATIO_LABELS: dict[Method, tuple[str, str]] = {
    "coupled": (f"last {WEEK_D} days", f"mean week, {_CHRONIC_D} days"),
    "uncoupled": (f"last {WEEK_D} days", f"mean week, {_CHRONIC_D - WEEK_D} days before"),
    "ewma": (f"weighted, {WEEK_D} days", f"weighted, {_CHRONIC_D} days"),
}


def plot_monotony(daily: pd.DataFrame, *, ax: Axes | None = None, since: Day | None = None) -> Axes:
    """Draw the monotony of the seven days that end on each day.

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_load` gives.
    ax : Axes, optional
        Where to draw. None: on a new figure of matplotlib's pyplot, which a notebook shows.
    since : str, date or Timestamp, optional
        First day to draw; the days before it still count.

    Returns
    -------
    Axes
        `ax`: mean over standard deviation of seven days [-], broken where there is none (no run in
        seven days, all of them equal, fewer than seven); a dashed line at the limit
        (`loadmon.evidence.limits.MONOTONY`); hatched bands where a day is not known.

    Raises
    ------
    FrameError
        If `daily` lacks a column or a day.
    SettingError
        If `since` is no day.
    """
    _check_axes(ax)
    need(daily, "daily", ["load", "runs"], ("load",))
    ax = new_axes() if ax is None else ax
    values = rest.monotony(daily["load"])["monotony"]
    return draw_monotony(daily, values.loc[_first_day(since) :], ax)


def draw_monotony(daily: pd.DataFrame, values: pd.Series, ax: Axes) -> Axes:
    """Draw a monotony that is known already."""
    if values.empty:
        return nothing(ax)
    x, value = day_numbers(values.index), values.to_numpy(float, na_value=np.nan)
    limit = rest.MONOTONY["limit"]
    band(ax, x, _unknown(daily, values.index), "a day not known", "xxx")
    ax.axhline(limit, color=INK, linewidth=1.2, linestyle="--", label=f"limit: {limit:g}")
    ax.plot(x, value, color=BLUE, linewidth=1.4, label=f"monotony of {WEEK_D} days")
    ax.set_ylim(0, 1.1 * max(1.1 * limit, float(np.nanmax([*value, 0.0]))))
    ax.set_ylabel("monotony [mean / SD]")
    return dressed(ax, x[0], x[-1] + 1)


def plot_rest(daily: pd.DataFrame, *, ax: Axes | None = None, since: Day | None = None) -> Axes:
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
        (`loadmon.evidence.limits.REST_DAYS`).

    Raises
    ------
    FrameError, SettingError
        As `plot_monotony`.
    """
    _check_axes(ax)
    need(daily, "daily", ["load", "runs", "run_day"], ("load", "run_day"))
    _need_days(daily, "daily")
    ax = new_axes() if ax is None else ax
    return draw_rest(daily, rest.run_days_in_7(daily).loc[_first_day(since) :], ax)


def draw_rest(daily: pd.DataFrame, run_days: pd.Series, ax: Axes) -> Axes:
    """Draw the days without a run, by days with a run among the seven that end on each day."""
    if run_days.empty:
        return nothing(ax)
    x, unknown = day_numbers(run_days.index), _unknown(daily, run_days.index)
    value = np.where(unknown, np.nan, WEEK_D - run_days.to_numpy(float))
    fewest = rest.REST_DAYS["min_in_7"]
    band(ax, x, unknown, "a day not known", "xxx")
    ax.axhline(fewest, color=INK, linewidth=1.2, linestyle="--", label=f"limit: {fewest:g} days")
    ax.plot(x, value, drawstyle="steps-post", color=BLUE, linewidth=1.4, label="without a run")
    ax.set_ylim(0, WEEK_D + 0.4)
    ax.set_ylabel(f"days of {WEEK_D} [d]")
    return dressed(ax, x[0], x[-1] + 1)


def _first_day(since: Day | None) -> pd.Timestamp | None:
    return None if since is None else day_of(since, "since")


def _unknown(daily: pd.DataFrame, shown: pd.Index) -> Mask:
    """Days of which one of the seven before, or the day itself, is not known."""
    missing = daily["load"].isna().astype(float).rolling(WEEK_D, min_periods=1).max()
    return np.asarray(missing.reindex(shown) > 0, dtype=bool)


_LEVEL_MARKS = {"small": "^", "moderate": "D", "large": "s"}


def plot_sessions(
    spikes: pd.DataFrame,
    *,
    ax: Axes | None = None,
    units: Units = "km",
    own: Mapping[str, float] = PUBLISHED,
) -> Axes:
    """Draw every outing against the longest of the 30 days before it.

    Parameters
    ----------
    spikes : DataFrame
        What `loadmon.session_spikes` gives, or some of its rows.
    ax : Axes, optional
        Where to draw. None: on a new figure of matplotlib's pyplot, which a notebook shows.
    units : {"km", "mi"}
        Unit of the axis.
    own : mapping of str to float
        The runner's own limits, as `spikes` were computed with; empty: the published ones.

    Returns
    -------
    Axes
        `ax`: a dot for each outing [km or mi]; a stepped line for the longest of the 30 days
        before it, broken where that is not known; a mark of its own shape for each level of one
        that is flagged; rings where there was nothing to compare with; ``?`` where it is not known.

    Raises
    ------
    FrameError
        If `spikes` lacks a column.
    SettingError
        If `units` is neither.
    """
    _check_axes(ax)
    columns = ["activity_id", "outing", "date", "outing_km", "longest_before_km", "level", "try"]
    need(spikes, "spikes", columns, ("outing_km", "longest_before_km"))
    check_units(units)
    check_limits(own, "own")
    ax = new_axes() if ax is None else ax
    if spikes.empty:
        return nothing(ax)
    runs = by_outing(spikes).sort_values("date", kind="stable")
    x, level = day_numbers(runs["date"]), runs["level"]
    far, before = (
        in_distance_units(1.0, units) * runs[name].to_numpy(float, na_value=np.nan)
        for name in ("outing_km", "longest_before_km")
    )
    window = int(session_spike.SESSION_SPIKE["window_days"])
    label = f"longest of {window} days before"
    ax.plot(x, before, drawstyle="steps-pre", color=INK, linewidth=1.1, label=label)
    out = exceeds(runs, DISTANCE_KM, own)
    plain = (level == "none") | (level.isin(SPIKES) & ~out)
    dots(ax, x, far, plain, "o", "run", color=BLUE, size=3.0)
    for name, mark in _LEVEL_MARKS.items():
        limit = session_spike.limits_of(DISTANCE_KM, own)[name]
        words = f"{limit:.0f} times as long" if limit >= 2 else f"{100 * (limit - 1):.0f} % longer"
        dots(ax, x, far, out & (level == name), mark, f"over {words}")
    first = level == "no_baseline"
    dots(ax, x, far, first, "o", "nothing to compare with", color=BLUE, hollow=True)
    not_known = (level == "unknown").to_numpy()
    dots(ax, x, np.nan_to_num(far), not_known, "$?$", "not known", color=INK)
    ax.set_ylim(0, 1.1 * max(1.0, float(np.nanmax([*far, *before, 0.0]))))
    ax.set_ylabel(f"distance of a run [{units}]")
    return dressed(ax, x[0], x[-1] + 1)


_FLAG_MARKS = {
    "session_spike": "^",
    "weekly_change": "D",
    "acwr": "s",
    "monotony": "o",
    "rest": "P",
}
_MARK_STEP, _MARK_SIZE = 0.07, 5.5
#: Mask shrink where more weeks than these have to share the width, down to this share.
_ROOMY_WEEKS, _SMALLEST_MARK = 70, 0.4
_LABELLED_SHARE = 0.025


def plot_weeks(weekly: pd.DataFrame, *, ax: Axes | None = None, units: Units = "km") -> Axes:
    """Draw the distance of every week, with its flags above it.

    Parameters
    ----------
    weekly : DataFrame
        What `loadmon.weekly_load` gives, or some of its rows.
    ax : Axes, optional
        Where to draw. None: on a new figure of matplotlib's pyplot, which a notebook shows.
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
    _check_axes(ax)
    columns = ["distance_km", "n_days", "n_known", "partial", "flags"]
    need(weekly, "weekly", columns, ("distance_km", "n_days", "n_known"))
    _need_days(weekly, "weekly")
    check_units(units)
    ax = new_axes() if ax is None else ax
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
    return dressed(ax, x[0], x[-1] + WEEK_D)


def _marks(ax: Axes, x: Floats, far: Floats, flags: pd.Series, unknown: Mask, top: float) -> float:
    """Stack one shape for each flag above its bar; gives the height that all of them need."""
    share = max(_SMALLEST_MARK, min(1.0, _ROOMY_WEEKS / len(x)))
    middle, step, size = x + WEEK_D / 2, share * _MARK_STEP * top, share * _MARK_SIZE
    height = np.nan_to_num(far) + 0.6 * step
    for name, mark in _FLAG_MARKS.items():
        has = flags.map(lambda codes, name=name: name in codes).to_numpy(dtype=bool)
        dots(ax, middle, height, has, mark, FLAG_WORDS[name], size=size)
        height = height + has * step
    dots(ax, middle, height, unknown, "$?$", "a day not known", color=INK, size=size)
    return float((height + unknown * step).max())


def _lay_offs(ax: Axes, x: Floats, empty: Mask, top: float) -> None:
    """Say in words that there was no run, where the gap is wide enough to be read."""
    shortest = max(LAYOFF["returning_from_days"] / WEEK_D, _LABELLED_SHARE * len(x))
    for start, stop in stretches(empty):
        weeks = stop - start
        if weeks >= shortest:
            words = f"{weeks} weeks without a run"
            middle = (x[start] + x[stop - 1] + WEEK_D) / 2
            text = ax.text(middle, 0.03 * top, words, color=INK, fontsize="small")
            text.set(ha="center", va="bottom", rotation=90)
