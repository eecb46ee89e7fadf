"""Rest, pain and plans are drawn as their frames say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made import days, runs
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from loadmon.daily import daily_load
from loadmon.diary import no_diary
from loadmon.errors import FrameError, SettingError
from loadmon.report.plots import (
    plot_monotony,
    plot_pain,
    plot_ramp,
    plot_rest,
    plot_sessions,
    plot_weeks,
)
from loadmon.rules.rest import monotony
from loadmon.weekly import weekly_load

MONDAY = "2026-01-05"
STEADY = [5.0, 0.0, 5.0, 0.0, 5.0, 0.0, 0.0]


def axes() -> Axes:
    figure = Figure(figsize=(9.0, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.subplots()


def names(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def line(ax: Axes, name: str) -> tuple[np.ndarray, np.ndarray]:
    found = next(item for item in ax.lines if item.get_label() == name)
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def heights(ax: Axes, name: str) -> list[float]:
    patch = next(item for item in ax.patches if item.get_label() == name)
    return [corner[:, 1].max() for corner in patch.get_path().vertices.reshape(-1, 5, 2)]


def diary(*entries: tuple[str, str, float]) -> pd.DataFrame:
    frame = no_diary().reindex(range(len(entries)))
    dates = pd.DatetimeIndex([day for day, _, _ in entries])
    return frame.assign(
        date=dates, when=[when for _, when, _ in entries], pain=[pain for _, _, pain in entries]
    )


def test_the_line_of_monotony_is_fosters_number_and_its_limit_stands_beside_it() -> None:
    daily = daily_load(runs([*STEADY * 4, *[6.0] * 6, 5.0], first=MONDAY))
    ax = plot_monotony(daily, ax=axes())
    x, y = line(ax, "monotony of 7 days")
    assert list(x) == list(date2num(daily.index.to_numpy()))
    np.testing.assert_allclose(y, monotony(daily["load"])["monotony"])
    assert np.isnan(y[:6]).all()
    assert set(line(ax, "limit: 2")[1]) == {2.0}
    assert ax.get_ylim()[1] > np.nanmax(y) > 2


def test_days_without_a_run_are_counted_over_seven_and_not_where_one_is_unknown() -> None:
    made = runs([*STEADY * 3], first=MONDAY, unknown_days=["2026-01-14"])
    ax = plot_rest(daily_load(made, as_of="2026-01-25"), ax=axes())
    x, y = line(ax, "without a run")
    unknown = (x >= date2num(pd.Timestamp("2026-01-14"))) & (
        x < date2num(pd.Timestamp("2026-01-21"))
    )
    assert np.isnan(y[unknown]).all()
    assert (y[6:9] == 4).all()
    assert y[-1] == 4
    assert set(line(ax, "limit: 2 days")[1]) == {2.0}
    assert "a day not known" in names(ax)


@pytest.mark.parametrize("draw", [plot_monotony, plot_rest])
def test_the_first_day_to_draw_changes_no_number(draw) -> None:  # type: ignore[no-untyped-def]
    daily = daily_load(runs(STEADY * 6, first=MONDAY))
    whole, part = draw(daily, ax=axes()), draw(daily, ax=axes(), since="2026-02-02")
    name = names(part)[-1]
    np.testing.assert_array_equal(line(whole, name)[1][28:], line(part, name)[1])


def test_every_logged_pain_is_a_mark_at_its_day_by_the_time_it_was_felt() -> None:
    told = diary(
        ("2026-02-01", "during", 3.0),
        ("2026-02-02", "next-morning", 6.0),
        ("2026-02-03", "", float("nan")),
        ("2026-02-05", "during", 0.0),
    )
    ax = plot_pain(told, ax=axes())
    assert names(ax) == ["stop above 5", "during a run", "next morning"]
    assert list(line(ax, "during a run")[1]) == [3.0, 0.0]
    assert list(line(ax, "next morning")[1]) == [6.0]
    low, high = ax.get_ylim()
    assert low < 0 < 10 < high
    with pytest.raises(FrameError, match="pain"):
        plot_pain(told.drop(columns="pain"), ax=axes())


def test_a_diary_without_pain_says_so_and_draws_no_zero() -> None:
    for told in (no_diary(), diary(("2026-02-03", "", float("nan")))):
        ax = plot_pain(told, ax=axes())
        assert [text.get_text() for text in ax.texts] == ["nothing recorded"]


def plan(*weeks: tuple[float, float]) -> pd.DataFrame:
    km = [x for a, b in weeks for x in (a, 0.0, 0.0, b, 0.0, 0.0, 0.0)]
    dates = pd.date_range("2026-03-02", periods=len(km))
    return pd.DataFrame({"date": dates, "week": np.arange(len(km)) // 7 + 1, "distance_km": km})


def test_a_plan_is_hatched_bars_after_the_filled_ones_of_what_was_run() -> None:
    weekly = weekly_load(runs(STEADY * 4, first=MONDAY), as_of="2026-02-01")
    ax = plot_ramp(plan((2.0, 2.5), (2.5, 3.0)), ax=axes(), weekly=weekly, target_km=5.5)
    assert heights(ax, "run") == [15.0] * 4
    assert heights(ax, "planned") == [4.5, 5.5]
    assert list(line(ax, "longest run")[1]) == [2.5, 3.0]
    assert set(line(ax, "target")[1]) == {5.5}
    assert ax.get_xlim()[0] < date2num(pd.Timestamp(MONDAY))
    assert "target" not in names(plot_ramp(plan((2.0, 2.5)), ax=axes()))
    empty = plot_ramp(plan(), ax=axes())
    assert [text.get_text() for text in empty.texts] == ["nothing recorded"]


def test_a_plan_that_begins_within_a_week_has_a_bar_no_wider_than_its_days() -> None:
    ax = plot_ramp(plan((2.0, 2.5), (2.5, 3.0)).iloc[3:], ax=axes())
    corners = next(p for p in ax.patches if p.get_label() == "planned").get_path().vertices
    left, right = corners.reshape(-1, 5, 2)[:, 0, 0], corners.reshape(-1, 5, 2)[:, 2, 0]
    np.testing.assert_allclose(right - left, [4 * 6 / 7, 6.0])
    assert right[0] < left[1]
    assert line(ax, "longest run")[0][0] == date2num(pd.Timestamp("2026-03-05")) + 2


def test_every_picture_of_distances_can_be_drawn_in_miles() -> None:
    weekly = weekly_load(runs(STEADY * 4, first=MONDAY), as_of="2026-02-01")
    mile = 1.609344
    ax = plot_weeks(weekly, ax=axes(), units="mi")
    assert heights(ax, "distance of a week") == pytest.approx([15 / mile] * 4)
    assert ax.get_ylabel() == "distance [mi per week]"
    spikes = pd.DataFrame(
        {"date": days([1.0, 1.0]).index, "outing_km": [5.0, 10.0], "level": ["none", "none"]}
    ).assign(
        longest_before_km=[8.0, 9.0], activity_id=["a", "b"], outing=["a", "b"], **{"try": False}
    )
    ax = plot_sessions(spikes, ax=axes(), units="mi")
    np.testing.assert_allclose(line(ax, "run")[1], [5 / mile, 10 / mile])
    np.testing.assert_allclose(line(ax, "longest of 30 days before")[1], [8 / mile, 9 / mile])
    assert ax.get_ylabel() == "distance of a run [mi]"
    ax = plot_ramp(plan((2.0, 3.0)), ax=axes(), weekly=weekly, target_km=10.0, units="mi")
    assert heights(ax, "planned") == pytest.approx([5 / mile])
    assert heights(ax, "run") == pytest.approx([15 / mile] * 4)
    assert line(ax, "target")[1][0] == pytest.approx(10 / mile)
    for draw in (plot_weeks, plot_sessions):
        with pytest.raises(SettingError, match="ft"):
            draw(weekly if draw is plot_weeks else spikes, ax=axes(), units="ft")
