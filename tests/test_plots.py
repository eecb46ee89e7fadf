"""What is drawn is what the frames say: lines, marks, names and limits, not pixels."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from made import activities, days, runs
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from loadmon.calendar import calendar_of
from loadmon.daily import daily_load
from loadmon.errors import FrameError, SettingError
from loadmon.ratio import acwr
from loadmon.report.plots import (
    BLUE,
    INK,
    VERMILLION,
    _legend,
    plot_ratio,
    plot_sessions,
    plot_weeks,
)
from loadmon.rules.session_spike import session_spikes
from loadmon.weekly import weekly_load

MONDAY = "2026-01-05"
STEADY = [5.0, 0.0, 5.0, 0.0, 5.0, 0.0, 0.0]


def walked_before(made: pd.DataFrame) -> pd.DataFrame:
    """The same after a walk 30 days before `MONDAY`: the days since then lie in the log."""
    walk = activities([{"date": "2025-12-06", "sport": "walking", "activity_id": "walk"}])
    return pd.concat([walk, made], ignore_index=True)


def axes(width: float = 9.0) -> Axes:
    figure = Figure(figsize=(width, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.subplots()


def names(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []


def line(ax: Axes, name: str) -> tuple[np.ndarray, np.ndarray]:
    found = next(item for item in ax.lines if item.get_label() == name)
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def bars(ax: Axes, name: str) -> list[tuple[float, float]]:
    """Left edge and height of each bar; five corners a bar."""
    patch = next(item for item in ax.patches if item.get_label() == name)
    corners = patch.get_path().vertices.reshape(-1, 5, 2)
    return [(corner[0, 0], corner[:, 1].max()) for corner in corners]


def at(*when: str) -> list[float]:
    return [date2num(pd.Timestamp(day)) for day in when]


def test_every_week_with_a_run_has_a_bar_of_its_distance() -> None:
    weekly = weekly_load(runs([*STEADY, *[0.0] * 7, *[2 * km for km in STEADY]], first=MONDAY))
    ax = plot_weeks(weekly.iloc[:-1], ax=axes())
    assert [height for _, height in bars(ax, "distance of a week")] == [15.0]
    ax = plot_weeks(weekly, ax=axes())
    assert "[km per week]" in ax.get_ylabel()
    assert ax.get_ylim()[1] > 30
    assert [left for left, _ in bars(ax, "distance of a week")] == [at(MONDAY)[0] + 0.5]


def test_a_week_that_is_not_complete_is_hatched() -> None:
    weekly = weekly_load(runs([*STEADY, 5.0, 0.0, 4.0], first=MONDAY))
    ax = plot_weeks(weekly, ax=axes())
    assert [height for _, height in bars(ax, "part of a week")] == [9.0]
    patch = next(item for item in ax.patches if item.get_label() == "part of a week")
    assert patch.get_hatch()
    assert patch.get_facecolor()[3] == 0


def test_each_flag_of_a_week_has_its_own_shape_above_the_bar() -> None:
    weekly = weekly_load(runs([*STEADY * 5, 12.0, 0.0, 9.0, 0.0, 9.0, 0.0, 0.0], first=MONDAY))
    flags = weekly["flags"].iloc[-1].split(",")
    assert flags == ["session_spike", "weekly_change", "acwr"]
    ax = plot_weeks(weekly, ax=axes())
    shapes, heights = [], []
    for name in ("long run", "weekly change", "ratio"):
        x, y = line(ax, name)
        assert list(x) == [at("2026-02-09")[0] + 3.5]
        heights += list(y)
        shapes.append(next(i for i in ax.lines if i.get_label() == name).get_marker())
    assert len(set(shapes)) == 3
    assert 30 < heights[0] < heights[1] < heights[2] < ax.get_ylim()[1]


def test_marks_shrink_where_years_share_the_width_but_not_within_one() -> None:
    weekly = weekly_load(runs(STEADY * 520, first=MONDAY)).assign(flags="acwr")
    sizes = []
    for weeks in (26, 53, 520):
        ax = plot_weeks(weekly.head(weeks), ax=axes())
        sizes.append(next(i for i in ax.lines if i.get_label() == "ratio").get_markersize())
    assert sizes[0] == sizes[1] > 2 * sizes[2] > 4


def test_a_lay_off_is_told_in_words_where_it_has_two_weeks() -> None:
    loads = [*STEADY * 3, *[0.0] * 21, *STEADY, *[0.0] * 7, *STEADY]
    ax = plot_weeks(weekly_load(runs(loads, first=MONDAY)), ax=axes())
    assert [text.get_text() for text in ax.texts] == ["3 weeks without a run"]
    assert ax.texts[0].get_position()[0] == at("2026-01-26")[0] + 10.5


def test_two_weeks_are_a_lay_off_and_an_unknown_day_among_them_is_none() -> None:
    loads = [*STEADY * 3, *[0.0] * 14, *STEADY * 3, *[0.0] * 14, *STEADY]
    made = runs(loads, first=MONDAY, unknown_days=["2026-03-03"])
    ax = plot_weeks(weekly_load(made), ax=axes())
    assert [text.get_text() for text in ax.texts] == ["2 weeks without a run"]
    assert ax.texts[0].get_position()[0] == at("2026-01-26")[0] + 7


def test_weeks_with_unknown_days_have_a_question_mark_and_are_no_lay_off() -> None:
    made = runs([*STEADY * 2, *[0.0] * 28], first=MONDAY, unknown_days=["2026-01-13"])
    ax = plot_weeks(weekly_load(made, as_of="2026-02-15"), ax=axes())
    x, _ = line(ax, "a day not known")
    silent = ["2026-01-19", "2026-01-26", "2026-02-02", "2026-02-09"]
    assert list(x) == [monday + 3.5 for monday in at("2026-01-12", *silent)]
    assert not ax.texts


def test_every_run_is_drawn_once_at_its_distance_and_by_its_level() -> None:
    made = runs([5.0] + [0.0] * 39 + [5.0, 5.4, 7.0, 10.0, 30.0], first=MONDAY)
    spikes = session_spikes(made)
    ax = plot_sessions(spikes, ax=axes())
    drawn = {
        "run": "none",
        "over 10 % longer": "small",
        "over 30 % longer": "moderate",
        "over 2 times as long": "large",
        "nothing to compare with": "no_baseline",
    }
    shapes = set()
    for name, level in drawn.items():
        expected = spikes[spikes["level"] == level]
        if expected.empty:
            assert name not in names(ax)
            continue
        x, y = line(ax, name)
        assert list(x) == list(date2num(expected["date"].to_numpy()))
        assert list(y) == expected["distance_km"].tolist()
        style = next(item for item in ax.lines if item.get_label() == name)
        shapes.add((style.get_marker(), style.get_fillstyle()))
    assert len(shapes) == spikes["level"].nunique()
    assert {"run", "over 30 % longer", "over 2 times as long"} <= set(names(ax))


def test_half_a_kilometre_more_is_drawn_as_any_other_run() -> None:
    spikes = session_spikes(walked_before(runs([3.0, 3.5, 0.0, 4.1], first=MONDAY)))
    assert spikes["level"].tolist() == ["no_baseline", "small", "small"]
    ax = plot_sessions(spikes, ax=axes())
    assert list(line(ax, "run")[1]) == [3.5]
    assert list(line(ax, "over 10 % longer")[1]) == [4.1]


def test_the_stepped_line_is_the_longest_before_each_run_and_broken_where_unknown() -> None:
    made = runs([5.0, 6.0, 0.0, 4.0] + [0.0] * 40 + [3.0, 3.0], first=MONDAY)
    spikes = session_spikes(walked_before(made))
    ax = plot_sessions(spikes, ax=axes())
    _, y = line(ax, "longest of 30 days before")
    np.testing.assert_array_equal(y, [np.nan, 5.0, 6.0, np.nan, 3.0])
    steps = next(i for i in ax.lines if i.get_label() == "longest of 30 days before")
    assert steps.get_drawstyle() == "steps-pre"  # the height at a run is the one it is held to
    expected = ["longest of 30 days before", "run", "over 10 % longer", "nothing to compare with"]
    assert names(ax) == expected
    assert "[km]" in ax.get_ylabel()


def test_a_run_of_unknown_distance_is_a_question_mark() -> None:
    made = activities([("2026-01-05", 5.0), ("2026-01-06", float("nan")), ("2026-01-07", 5.0)])
    ax = plot_sessions(session_spikes(walked_before(made)), ax=axes())
    x, y = line(ax, "not known")
    assert (list(x), list(y)) == (at("2026-01-06"), [0.0])


def test_a_run_in_the_first_three_weeks_of_a_log_has_nothing_to_compare_with() -> None:
    # 25 January is the 21st day in the log: 20 lie before it, 21 before the next.
    made = runs([5.0, *[0.0] * 19, 9.0, 12.0], first=MONDAY)
    ax = plot_sessions(session_spikes(made), ax=axes())
    x, y = line(ax, "nothing to compare with")
    assert (list(x), list(y)) == (at(MONDAY, "2026-01-25"), [5.0, 9.0])
    assert list(line(ax, "over 30 % longer")[1]) == [12.0]


def test_an_outing_in_two_files_is_one_mark_at_its_whole_distance() -> None:
    halves = activities(
        [
            {"date": MONDAY, "distance_km": 6.0},
            {"date": "2026-01-12", "distance_km": 5.0, "duration_min": 30.0},
            {"date": "2026-01-12", "distance_km": 4.0, "duration_min": 24.0},
        ]
    )  # an hour apart by their starts, 30 minutes apart by the end of the first
    ax = plot_sessions(session_spikes(walked_before(halves)), ax=axes())
    x, y = line(ax, "over 30 % longer")
    assert (list(x), list(y)) == (at("2026-01-12"), [9.0])
    assert "run" not in names(ax)


@pytest.mark.parametrize("method", ["coupled", "uncoupled", "ewma"])
def test_acute_and_chronic_are_drawn_as_weeks(method: str) -> None:
    load = days(STEADY * 10, first=MONDAY)
    ax = plot_ratio(load, ax=axes(), method=method)
    expected = acwr(load, method=method)
    for part in ("acute", "chronic"):
        name = next(n for n in names(ax) if n.startswith(part))
        np.testing.assert_allclose(line(ax, name)[1], 7 * expected[part])
    assert "[km per week]" in ax.get_ylabel()
    assert "[min per week]" in plot_ratio(load, ax=axes(), unit="min").get_ylabel()


def test_days_without_a_ratio_lie_in_bands_that_say_why() -> None:
    load = days(STEADY * 6 + [0.0] * 21 + STEADY * 8, first=MONDAY)
    load.iloc[-3] = float("nan")
    ax = plot_ratio(load, ax=axes())
    status = acwr(load)["status"]
    words = {"forming": "first 28 days", "returning": "lay-off and return"}
    hatches = set()
    for code, name in (words | {"unknown": "a day not known"}).items():
        band = next(item for item in ax.patches if item.get_label() == name)
        corners = band.get_path().vertices.reshape(-1, 5, 2)[:, :, 0]
        covered = sum(c.max() - c.min() for c in corners)
        assert covered == (status == code).sum()
        assert corners.min() == date2num(status.index[status == code][0].to_pydatetime())
        hatches.add(band.get_hatch())
    assert len(hatches) == 3
    assert set(words.values()) < set(names(ax))


def test_a_ratio_above_its_limit_is_marked_on_run_days_only() -> None:
    load = days(STEADY * 5 + [15.0, 0.0, 15.0, 0.0, 0.0], first=MONDAY)
    found = acwr(load)
    high = found.index[(found["acwr"] > 1.5) & (load > 0)]
    assert len(high) < (found["acwr"] > 1.5).sum()
    ax = plot_ratio(load, ax=axes())
    x, y = line(ax, "ratio over 1.5")
    assert list(x) == list(date2num(high.to_numpy()))
    np.testing.assert_allclose(y, 7 * found.loc[high, "acute"])
    assert "ratio over 1.8" in names(plot_ratio(load, ax=axes(), method="uncoupled"))


def test_no_range_of_the_ratio_is_drawn_as_good() -> None:
    ax = plot_ratio(days(STEADY * 10, first=MONDAY), ax=axes())
    assert [item.get_label() for item in ax.patches] == ["first 28 days"]


def test_since_leaves_the_ratio_as_it_is() -> None:
    load = days(STEADY * 10, first=MONDAY)
    ax = plot_ratio(load, ax=axes(), since="2026-03-02")
    x, y = line(ax, "chronic: mean week, 28 days")
    assert x[0] == at("2026-03-02")[0]
    np.testing.assert_allclose(y, 7 * acwr(load)["chronic"].loc["2026-03-02":])
    assert "first 28 days" not in names(ax)


@pytest.mark.parametrize("width", [4.4, 9.0])
@pytest.mark.parametrize("n_weeks", [4, 5, 9, 13, 26, 52, 60, 104, 200, 520, 780])
def test_dates_never_overlap_from_weeks_to_decades(n_weeks: int, width: float) -> None:
    frame = activities([("2011-03-07", 5.0)])
    day = "2026-02-20"
    weekly = weekly_load(frame, calendar=calendar_of(frame, as_of=day, rested_until=day))
    ax = plot_weeks(weekly.head(n_weeks), ax=axes(width))
    figure = ax.get_figure()
    figure.draw_without_rendering()
    left, right = ax.get_xlim()
    shown = [
        tick.label1.get_window_extent()
        for tick in ax.xaxis.get_major_ticks()
        if left <= tick.get_loc() <= right and tick.label1.get_text()
    ]
    assert len(shown) >= 2
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(shown))


def test_a_single_day_has_days_on_its_axis_not_hours() -> None:
    made = runs([5.0], first=MONDAY)
    for ax in (plot_sessions(session_spikes(made), ax=axes()), plot_ratio(days([5.0]), ax=axes())):
        left, right = ax.get_xlim()
        assert right - left >= 7
        ax.get_figure().draw_without_rendering()
        assert not [t for t in ax.get_xticklabels() if ":" in t.get_text()]


@pytest.mark.parametrize("draw", ["weeks", "sessions", "ratio"])
def test_nothing_recorded_is_said_not_drawn(draw: str) -> None:
    nothing = activities([])
    made = {
        "weeks": lambda ax: plot_weeks(weekly_load(nothing), ax=ax),
        "sessions": lambda ax: plot_sessions(session_spikes(nothing), ax=ax),
        "ratio": lambda ax: plot_ratio(daily_load(nothing)["load"], ax=ax),
    }
    ax = made[draw](axes())
    assert [text.get_text() for text in ax.texts] == ["nothing recorded"]
    assert not ax.lines


def test_every_plot_gives_back_its_axes_and_leaves_the_frames_alone() -> None:
    made = runs([*STEADY * 5, 12.0, 0.0, 9.0, 0.0, 9.0, 0.0, 0.0], first=MONDAY)
    weekly, spikes, load = weekly_load(made), session_spikes(made), daily_load(made)["load"]
    before = weekly.copy(), spikes.copy(), load.copy()
    for draw, frame in ((plot_weeks, weekly), (plot_sessions, spikes), (plot_ratio, load)):
        ax = axes()
        assert draw(frame, ax=ax) is ax
    pd.testing.assert_frame_equal(weekly, before[0])
    pd.testing.assert_frame_equal(spikes, before[1])
    pd.testing.assert_series_equal(load, before[2])


@pytest.mark.parametrize("colour", [BLUE, VERMILLION, INK])
@pytest.mark.parametrize("ground", ["#ffffff", "#14181b"])
def test_colours_stand_out_on_light_and_on_dark(colour: str, ground: str) -> None:
    def luminance(hexed: str) -> float:  # relative luminance of WCAG 2.2
        parts = [int(to_hex(hexed)[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(colour), luminance(ground)])
    assert (high + 0.05) / (low + 0.05) >= 3


def test_a_frame_that_cannot_be_drawn_is_refused_by_name() -> None:
    frame = weekly_load(runs(STEADY, first=MONDAY))
    with pytest.raises(FrameError, match="flags"):
        plot_weeks(frame.drop(columns="flags"), ax=axes())
    with pytest.raises(FrameError, match="level"):
        plot_sessions(frame, ax=axes())
    with pytest.raises(SettingError, match="median"):
        plot_ratio(days(STEADY), ax=axes(), method="median")


def test_a_picture_with_nothing_to_name_has_no_legend_and_says_nothing() -> None:
    ax = Figure().subplots()
    _legend(ax, 2)
    assert ax.get_legend() is None
