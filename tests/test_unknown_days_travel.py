"""Unknown days stand in the frame: no merge, concat, file or order turns one into rest."""

from __future__ import annotations

import ast
import datetime as dt
import functools
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import activities, ledger
from made import archive as archive_of
from made_pages import SAMPLE, read_sample

import loadmon
from loadmon.calendar import NO_DAYS, UNKNOWN_DAYS, with_unknown_days
from loadmon.errors import FrameError, SettingError
from loadmon.io.archive import details_of

ROOT = Path(__file__).parent.parent
FIRST = pd.Timestamp("2026-01-05")
ONE = pd.Timedelta(days=1)
RUNS = [(f"{FIRST + n * ONE:%Y-%m-%d}", 5.0 + n % 3) for n in range(0, 70, 2)]
RIDES = [(f"{FIRST + n * ONE:%Y-%m-%d}", 20.0, "cycling") for n in (4, 11, 25, 46, 60)]
#: Before the first activity, between two, on the day of a run, on that of a ride, after the last.
LOST = ["2026-01-01", "2026-01-12", "2026-01-25", "2026-02-20", "2026-03-06", "2026-03-16"]
AS_OF = "2026-03-17"


def frame(**options: object) -> pd.DataFrame:
    return activities([*RUNS, *RIDES], unknown_days=LOST, **options)  # type: ignore[arg-type]


def with_own_ids(table: pd.DataFrame) -> pd.DataFrame:
    """Ids that no other row has, as those that `read` gives."""
    return table.assign(activity_id=[f"b{n}" for n in range(len(table))])


def csv(table: pd.DataFrame, **options: object) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(table.to_csv(index=False)), **options)  # type: ignore[call-overload,no-any-return]


def weather(days: int = 90) -> pd.DataFrame:
    dates = pd.date_range("2025-12-20", periods=days, unit="us")
    return pd.DataFrame({"date": dates, "celsius": np.arange(days, dtype=float)})


def parquet(table: pd.DataFrame) -> pd.DataFrame:
    pytest.importorskip("pyarrow")
    data = io.BytesIO()
    table.to_parquet(data)
    return pd.read_parquet(data)


WAYS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "merge left": lambda t: t.merge(weather(), on="date", how="left"),
    "merge inner": lambda t: t.merge(weather(), on="date"),
    "merge by id": lambda t: (
        t.merge(t[["activity_id", "name"]], on="activity_id")
        if "name" in t
        else t.merge(t[["activity_id"]].assign(name="x"), on="activity_id")
    ),
    "join": lambda t: t.join(weather().set_index("date"), on="date"),
    "join by id": lambda t: (
        t.set_index("activity_id").join(pd.Series(1.0, t["activity_id"], name="shoe")).reset_index()
    ),
    "concat of two halves": lambda t: pd.concat([t.iloc[:17], t.iloc[17:]], ignore_index=True),
    "concat of three parts in another order": lambda t: pd.concat(
        [t.iloc[30:], t.iloc[:12], t.iloc[12:30]]
    ),
    "concat with an empty frame": lambda t: pd.concat([t, t.iloc[:0]]),
    "csv": csv,
    "csv, days parsed": lambda t: csv(t, parse_dates=["date", "start_utc"]),
    "csv twice": lambda t: csv(csv(t)),
    "parquet": parquet,
    "backwards": lambda t: t.iloc[::-1],
    "shuffled": lambda t: t.sample(frac=1, random_state=1),
    "longest first": lambda t: t.sort_values("distance_km", ascending=False),
    "a copy with a further column": lambda t: t.assign(feeling="good"),
    "another index": lambda t: t.set_index("start_utc"),
    "text as objects": lambda t: t.astype({UNKNOWN_DAYS: object, "flags": object}),
}
#: Rows are left out, and with them what was done; what was not known is still not known.
FEWER: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "only running": lambda t: t[t["sport"] == "running"],
    "without every seventh": lambda t: t[np.arange(len(t)) % 7 != 3],
    "only the last month": lambda t: t[t["date"] >= "2026-02-10"],
    "only the first month": lambda t: t[t["date"] <= "2026-02-18"],
    "without partial ones": lambda t: t[~t["flags"].str.contains("partial")],
    "only long ones": lambda t: t[t["distance_km"] != 6.0],
    "query": lambda t: t.query("sport == 'running' and distance_km > 5"),
}


def unknown_of(daily: pd.DataFrame) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in daily.index[daily["status"] == "unknown"]]


@pytest.mark.parametrize("way", WAYS)
def test_every_number_of_a_frame_is_the_same_after_it(way: str) -> None:
    before, after = frame(), WAYS[way](frame())
    daily, again = (loadmon.daily_load(t, as_of=AS_OF) for t in (before, after))
    assert unknown_of(daily) == LOST[1:]
    pd.testing.assert_frame_equal(again, daily)
    for function in (loadmon.weekly_load, loadmon.daily_load):
        pd.testing.assert_frame_equal(function(after, as_of=AS_OF), function(before, as_of=AS_OF))
    pd.testing.assert_frame_equal(loadmon.acwr(again["load"]), loadmon.acwr(daily["load"]))
    ratios = (loadmon.session_spikes(t, as_of=AS_OF).sort_values("date") for t in (before, after))
    one, two = (r[["date", "ratio", "level"]].reset_index(drop=True) for r in ratios)
    pd.testing.assert_frame_equal(one, two)
    window = [loadmon.window_load(t, load="distance_km", as_of=AS_OF) for t in (before, after)]
    assert repr(window[0]) == repr(window[1])


@functools.cache
def found_in_whole() -> pd.DataFrame:
    return loadmon.check(archive_of(frame()), as_of=AS_OF).to_frame()


@pytest.mark.parametrize("way", WAYS)
def test_the_checks_of_an_archive_with_such_activities_are_the_same(way: str) -> None:
    table = WAYS[way](frame())
    found = loadmon.check(archive_of(table), as_of=AS_OF).to_frame()
    whole = found_in_whole()
    if not table["date"].astype("str").is_monotonic_increasing:
        found, whole = (f[["check", "verdict", "level"]] for f in (found, whole))
    pd.testing.assert_frame_equal(found, whole)
    assert found.set_index("check").loc["acwr", "verdict"] == "unknown"


@pytest.mark.parametrize("way", FEWER)
def test_rows_that_are_left_out_take_no_unknown_day_with_them(way: str) -> None:
    fewer = FEWER[way](frame())
    days = loadmon.daily_load(fewer, as_of=fewer["date"].max() + ONE)
    lost = [day for day in LOST if days.index[0] <= pd.Timestamp(day) <= days.index[-1]]
    assert set(lost) <= set(unknown_of(days))
    weeks = loadmon.weekly_load(fewer, as_of=AS_OF)
    for day in lost:
        monday = pd.Timestamp(day) - pd.Timestamp(day).day_of_week * ONE
        assert weeks.loc[monday, "n_known"] < weeks.loc[monday, "n_days"]


@pytest.mark.parametrize("way", FEWER)
def test_the_calendar_of_the_whole_log_knows_them_whatever_is_left_out(way: str) -> None:
    whole = loadmon.calendar_of(frame(), as_of=AS_OF)
    daily = loadmon.daily_load(FEWER[way](frame()), calendar=whole)
    assert unknown_of(daily) == LOST[1:]
    assert (daily.index[0], daily.index[-1]) == (FIRST, pd.Timestamp(AS_OF))


def test_a_partial_recording_stays_unknown_where_flags_come_back_as_nan() -> None:
    rows = [{"date": "2026-01-06", "distance_km": 4.0, "flags": "partial,gap"}, *RUNS[2:6]]
    for table in (csv(activities(rows)), activities(rows)):
        assert unknown_of(loadmon.daily_load(table)) == ["2026-01-06"]
    plain = csv(activities(RUNS))
    assert plain["flags"].isna().all()
    assert unknown_of(loadmon.daily_load(plain)) == []
    assert not loadmon.session_spikes(plain).empty


def test_two_athletes_in_one_frame_keep_the_unknown_days_of_both() -> None:
    one = activities(RUNS[:20], unknown_days=["2026-01-12"])
    two = activities(RIDES, unknown_days=["2026-01-14", "2026-02-21"])
    two["activity_id"] = "b" + two["activity_id"]
    both = pd.concat([one, two], ignore_index=True)
    assert unknown_of(loadmon.daily_load(both)) == ["2026-01-12", "2026-01-14", "2026-02-21"]
    assert not loadmon.daily_load(both)["assumed"].any()


def test_two_exports_of_one_runner_keep_the_unknown_days_between_them() -> None:
    old = activities(RUNS[:10], unknown_days=["2026-01-26"])  # the last is of 23 January
    new = activities(RUNS[12:], unknown_days=["2026-01-25"])  # the first is of 29 January
    both = with_own_ids(pd.concat([new, old], ignore_index=True))
    assert unknown_of(loadmon.daily_load(both)) == ["2026-01-25", "2026-01-26"]


# A frame that does not say which days are unknown.


def test_a_frame_without_the_column_is_taken_as_complete_and_the_result_says_so() -> None:
    bare = frame().drop(columns=UNKNOWN_DAYS)
    daily = loadmon.daily_load(bare, as_of=AS_OF)
    assert unknown_of(daily) == []
    assert daily["assumed"].equals(daily["load"].notna())
    weeks = loadmon.weekly_load(bare, as_of=AS_OF)
    assert weeks["n_assumed"].equals(weeks["n_known"])
    assert loadmon.session_spikes(bare)["assumed"].iloc[1:].all()
    window = loadmon.window_load(bare, load="distance_km")
    assert window is not None
    assert window.n_assumed == 28
    assert loadmon.calendar_of(bare).assumed.all()


def test_a_frame_with_it_assumes_nothing() -> None:
    daily = loadmon.daily_load(frame(), as_of=AS_OF)
    assert not daily["assumed"].any()
    assert not loadmon.weekly_load(frame(), as_of=AS_OF)["n_assumed"].any()
    assert not loadmon.session_spikes(frame())["assumed"].any()
    window = loadmon.window_load(frame(), load="distance_km")
    assert window is not None
    assert window.n_assumed == 0


@pytest.mark.parametrize("nothing", [np.nan, None, ""])
def test_only_the_days_beside_a_row_that_does_not_say_are_assumed(nothing: object) -> None:
    other = activities([("2026-02-02", 5.0)]).assign(activity_id="z").astype({UNKNOWN_DAYS: object})
    other[UNKNOWN_DAYS] = nothing
    both = pd.concat([activities(RUNS[:14]), other, activities(RUNS[16:])], ignore_index=True)
    both = with_own_ids(both)
    for table in (both, csv(both)):
        daily = loadmon.daily_load(table)
        days = [f"{day:%m-%d}" for day in daily.index[daily["assumed"]]]
        assert days == ["02-01", "02-02", "02-03", "02-04", "02-05"]  # 31 January and 6 February


def test_none_is_a_word_that_no_file_takes_for_missing() -> None:
    assert NO_DAYS in csv(frame())[UNKNOWN_DAYS].tolist()
    assert csv(frame())[UNKNOWN_DAYS].tolist() == frame()[UNKNOWN_DAYS].tolist()
    assert "" not in frame()[UNKNOWN_DAYS].tolist()


def test_an_archive_knows_its_unknown_days_even_where_its_activities_lost_the_column() -> None:
    read = read_sample()
    bare = replace(read, activities=read.activities.drop(columns=UNKNOWN_DAYS))
    assert bare.calendar().to_frame().equals(read.calendar().to_frame())
    assert not bare.calendar().assumed.any()
    assert loadmon.check(bare).to_dict() == loadmon.check(read).to_dict()


def test_an_archive_put_together_by_hand_from_a_bare_frame_says_so() -> None:
    read = read_sample()
    by_hand = loadmon.Archive(read.activities.drop(columns=UNKNOWN_DAYS), ledger())
    assert by_hand.unknown_days is None
    assert by_hand.calendar().assumed.all()
    by_hand = replace(by_hand, _details=details_of(read))
    marked = by_hand.with_athlete(loadmon.Athlete(unknown_days=(dt.date(2026, 3, 4),)))
    assert unknown_of(loadmon.daily_load(marked.activities)) == ["2026-03-04"]
    assert 0 < marked.calendar().assumed.sum() < len(marked.calendar().days) - 1


# What cannot be one of activities any more.


def test_days_that_are_text_but_no_days_name_what_reads_them() -> None:
    table = csv(frame()).assign(date="05/01/2026")
    for function in (loadmon.daily_load, loadmon.weekly_load, loadmon.session_spikes):
        with pytest.raises(FrameError, match="parse_dates"):
            function(table)
    with pytest.raises(FrameError, match="parse_dates"):
        loadmon.daily_load(csv(frame()).assign(date="2026-02-30"))
    with pytest.raises(FrameError, match="parse_dates"):
        loadmon.Archive(table, ledger())


def test_empty_cells_that_a_file_gave_back_as_text_are_refused_in_words() -> None:
    read = read_sample()
    table = csv(read.activities, keep_default_na=False).assign(
        distance_km=read.activities["distance_km"]
    )
    with pytest.raises(FrameError, match=r"activities\['elevation_gain_m'\] must hold numbers"):
        loadmon.weekly_load(table)
    with pytest.raises(FrameError, match=r"activities\['elevation_gain_m'\] must hold numbers"):
        loadmon.check(replace(read, activities=table))
    for column in ("descent_m", "rpe", "srpe", "trimp", "above_threshold_min"):
        table = read.activities.assign(**{column: ""})
        with pytest.raises(FrameError, match=f"{column}'\\] must hold numbers"):
            loadmon.check(replace(read, activities=table))


def test_a_column_that_a_merge_has_renamed_is_not_overlooked() -> None:
    other = frame()[["activity_id", UNKNOWN_DAYS]]
    for table in (
        frame().merge(other, on="activity_id"),
        frame().rename(columns={UNKNOWN_DAYS: f"{UNKNOWN_DAYS}_left"}),
    ):
        with pytest.raises(FrameError, match=f"{UNKNOWN_DAYS}_"):
            loadmon.daily_load(table)


def test_rows_that_a_merge_has_added_are_not_taken_for_activities() -> None:
    outer = weather().merge(frame(), on="date", how="left")
    with pytest.raises(FrameError, match="dropna"):
        loadmon.daily_load(outer)
    daily = loadmon.daily_load(outer.dropna(subset="activity_id"), as_of=AS_OF)
    assert unknown_of(daily) == LOST[1:]


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "12/01/2026", "2026-01-12;2026-01-13"])
def test_a_cell_that_names_no_days_is_refused(text: str) -> None:
    table = frame()
    table.loc[3, UNKNOWN_DAYS] = text
    with pytest.raises(FrameError, match=NO_DAYS):
        loadmon.daily_load(table)


# The calendar.


def test_a_calendar_says_which_days_are_unknown_and_why() -> None:
    rows = [*RUNS[:10], {"date": "2026-01-26", "distance_km": 3.0, "flags": "partial"}]
    table = activities(rows, unknown_days=["2026-01-12"])
    days = loadmon.calendar_of(table, as_of="2026-02-02", unknown_days={"2026-01-28": "lost watch"})
    why = days.why[days.why != ""]
    assert {f"{day:%m-%d}": reason for day, reason in why.items()} == {
        "01-12": "stated",
        "01-26": "stated",
        "01-28": "lost watch",
        **dict.fromkeys(("01-30", "01-31", "02-01", "02-02"), "silent"),
    }
    assert days.to_frame()["known"].equals(days.why == "")
    assert (days.last_recorded, days.usual_gap) == (pd.Timestamp("2026-01-26"), 3)
    assert days.as_of == pd.Timestamp("2026-02-02")
    assert loadmon.calendar_of(table.iloc[:0]).days.empty
    assert pd.isna(loadmon.calendar_of(table.iloc[:0]).as_of)


def test_an_archive_says_of_each_unknown_day_what_made_it_so() -> None:
    read = loadmon.read(SAMPLE, athlete=loadmon.Athlete(unknown_days=(FIRST.date(),)))
    assert read.unknown_days is not None
    assert set(read.unknown_days["why"]) == {"unreadable", "marked"}
    assert (read.unknown_days["file"] == "").equals(read.unknown_days["why"] == "marked")
    why = read.calendar().why
    assert why[FIRST] == "marked"
    assert (why == "unreadable").sum() == 1


def test_the_calendar_of_an_archive_knows_days_after_the_last_activity() -> None:
    lost = pd.DataFrame(
        {"date": [pd.Timestamp("2026-03-18")], "why": "unreadable", "file": "a.fit"}
    )
    made = replace(archive_of(activities(RUNS)), unknown_days=lost).rested_until("2026-03-20")
    daily = loadmon.daily_load(made.activities, calendar=made.calendar("2026-03-20"))
    assert unknown_of(daily) == ["2026-03-18"]
    assert daily["status"].iloc[-1] == "rest"
    for function in (loadmon.check, loadmon.today):
        function(made, as_of="2026-03-20")
    found = loadmon.check(made, as_of="2026-03-20").to_frame().set_index("check")
    assert "Wed 18 Mar is unknown" in found.loc["weekly_change", "missing"]


def test_an_unknown_day_needs_a_reason() -> None:
    for wrong in ([LOST[1]], {LOST[1]: ""}, {LOST[1]: "silent"}):
        with pytest.raises(SettingError, match="reason"):
            loadmon.calendar_of(frame(), unknown_days=wrong)  # type: ignore[arg-type]


def test_a_calendar_that_does_not_fit_is_refused() -> None:
    whole = loadmon.calendar_of(frame())
    with pytest.raises(SettingError, match="one of the two"):
        loadmon.daily_load(frame(), as_of="2026-02-01", calendar=whole)
    late = loadmon.calendar_of(frame().iloc[10:])
    with pytest.raises(SettingError, match="calendar of all"):
        loadmon.daily_load(frame(), calendar=late)
    same = loadmon.daily_load(frame(), as_of=whole.as_of, calendar=whole)
    pd.testing.assert_frame_equal(same, loadmon.daily_load(frame()))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["running", "cycling"])), min_size=1),
    st.sets(st.integers(-5, 70)),
    st.randoms(use_true_random=False),
)
def test_no_order_and_no_file_changes_a_day(
    sessions: list[tuple[int, str]], lost: set[int], order: object
) -> None:
    rows = [(f"{FIRST + n * ONE:%Y-%m-%d}", 5.0, sport) for n, sport in sessions]
    named = [f"{FIRST + n * ONE:%Y-%m-%d}" for n in sorted(lost)]
    table = activities(rows, unknown_days=named)
    last = FIRST + 70 * ONE
    daily = loadmon.daily_load(table, as_of=last)
    inside = [day for day in named if daily.index[0] <= pd.Timestamp(day)]
    assert unknown_of(daily) == inside
    at = list(range(len(table)))
    order.shuffle(at)  # type: ignore[attr-defined]
    again = loadmon.daily_load(csv(table.iloc[at]), as_of=last)
    pd.testing.assert_frame_equal(again, daily)
    runs = table[table["sport"] == "running"]
    if len(runs):
        alone = loadmon.daily_load(runs, as_of=last)
        assert unknown_of(alone) == [d for d in named if alone.index[0] <= pd.Timestamp(d)]


def test_marking_a_day_again_changes_nothing() -> None:
    once = frame()
    again = with_unknown_days(once, [pd.Timestamp(LOST[1])], are_all=True)
    pd.testing.assert_frame_equal(again, once)


# Weeks that are not whole.


def test_a_week_of_unknown_days_without_a_run_has_no_distance_of_nought() -> None:
    lost = ["2026-01-27", "2026-01-28", "2026-01-29", "2026-01-30"]
    table = activities([*RUNS[:8], *RUNS[14:]], unknown_days=lost)
    week = loadmon.weekly_load(table).loc["2026-01-26"]
    assert (week["runs"], week["n_known"], week["n_days"]) == (0, 3, 7)
    for name in ("distance_km", "duration_min", "elevation_gain_m", "walk_km", "other_min"):
        assert np.isnan(week[name])


def test_a_week_with_unknown_days_has_the_sum_of_what_is_known() -> None:
    week = loadmon.weekly_load(frame()).loc["2026-01-12"]
    assert (week["distance_km"], week["n_known"], week["n_days"]) == (18.0, 6, 7)
    assert np.isnan(week["load"])
    whole = loadmon.weekly_load(activities([RUNS[0], RUNS[-1]])).loc["2026-01-12"]
    assert (whole["distance_km"], whole["n_known"], whole["n_days"]) == (0.0, 7, 7)


# The sample, and the source.


def test_the_sample_keeps_its_weeks_through_a_file() -> None:
    read = read_sample()
    weeks = loadmon.weekly_load(read.activities)
    for table in (
        csv(read.activities),
        csv(read.activities, parse_dates=["date", "start_utc"]),
        pd.concat([read.activities.iloc[100:], read.activities.iloc[:100]]),
        read.activities.merge(read.gear.drop_duplicates("activity_id"), how="left"),
    ):
        again = loadmon.weekly_load(table)
        pd.testing.assert_frame_equal(again, weeks)
        check = loadmon.check(replace(read, activities=table)).to_frame()
        pd.testing.assert_frame_equal(check, loadmon.check(read).to_frame())
    assert (weeks["n_known"] < weeks["n_days"]).sum() == 1


@pytest.mark.source
def test_nothing_in_the_program_reads_or_writes_the_attrs_of_a_frame() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "loadmon").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "attrs")
        or (isinstance(node, ast.Constant) and node.value == "attrs")
    ]
    assert found == []
