from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import activities, archive, runs

from loadmon import check
from loadmon.errors import FrameError
from loadmon.rules.session_spike import session_spikes

NAN = float("nan")
# golden numbers, single session spike: day, km, longest before, level ("reference" is none).
GOLDEN = [
    ("2026-01-01", 10.0, NAN, "no_baseline"),
    ("2026-01-04", 11.0, 10.0, "none"),
    ("2026-01-08", 12.2, 11.0, "small"),
    ("2026-01-10", 8.0, 12.2, "none"),
    ("2026-01-12", 15.86, 12.2, "small"),
    ("2026-01-15", 15.87, 15.86, "none"),
    ("2026-01-20", 6.0, 15.87, "none"),
    ("2026-02-10", 12.0, 15.87, "none"),
    ("2026-02-14", 17.5, 15.87, "small"),
    ("2026-03-17", 5.0, NAN, "no_baseline"),
    ("2026-03-19", 10.0, 5.0, "moderate"),
    ("2026-03-21", 20.1, 10.0, "large"),
]
ANY = st.lists(st.sampled_from([0.0, 0.0, 0.0]) | st.floats(0.5, 50.0), max_size=90)


#: A month before the first run: 21 days must be recorded before a run has a level.
WALK = ("2025-12-01", 1.0, "walking")


def at(day: str, hour: int, km: float) -> dict[str, object]:
    return {"date": day, "start_utc": f"{day}T{hour:02d}:00", "distance_km": km}


def levels(*sessions: object, **attrs: object) -> list[str]:
    sessions = (WALK, *sessions)
    return session_spikes(activities(sessions, **attrs))["level"].tolist()  # type: ignore[arg-type]


def test_the_golden_sessions_are_met() -> None:
    spikes = session_spikes(activities([WALK, *((day, km) for day, km, _, _ in GOLDEN)]))
    assert spikes["level"].tolist() == [level for *_, level in GOLDEN]
    for got, (_, km, before, _) in zip(spikes.itertuples(), GOLDEN, strict=True):
        assert got.longest_before_km == pytest.approx(before, rel=1e-12, nan_ok=True)
        assert got.ratio == pytest.approx(km / before, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("km", "level"),
    [
        (11.0, "none"),
        (11.01, "small"),
        (13.0, "small"),
        (13.01, "moderate"),
        (20.0, "moderate"),
        (20.01, "large"),
        (3.0, "none"),
    ],
)
def test_a_limit_itself_is_not_above_it(km: float, level: str) -> None:
    assert levels(("2026-01-01", 10.0), ("2026-01-02", km)) == ["no_baseline", level]


def test_the_baseline_reaches_back_thirty_days_and_no_further() -> None:
    assert levels(("2026-01-01", 10.0), ("2026-01-31", 12.0))[-1] == "small"
    assert levels(("2026-01-01", 10.0), ("2026-02-01", 12.0))[-1] == "no_baseline"


def test_a_level_takes_21_recorded_days_of_any_sport_before_the_run() -> None:
    for walked, level in (("2026-01-11", "large"), ("2026-01-12", "no_baseline")):
        rows = [(walked, 1.0, "walking"), ("2026-01-25", 5.0), ("2026-02-01", 15.0)]
        spikes = session_spikes(activities(rows))
        assert spikes["level"].tolist() == ["no_baseline", level]
        assert spikes["ratio"].isna().tolist() == [True, level == "no_baseline"]


def test_sessions_of_the_same_day_do_not_raise_each_others_baseline() -> None:
    got = levels(("2026-01-01", 5.0), at("2026-01-03", 7, 12.0), at("2026-01-03", 18, 13.0))
    assert got == ["no_baseline", "large", "large"]


def test_a_split_recording_is_one_long_run_and_not_two() -> None:
    split = at("2026-01-03", 7, 8.0), at("2026-01-03", 8, 8.0)  # 48 minutes, then 12 of none
    spikes = session_spikes(activities([WALK, ("2026-01-01", 10.0), *split]))
    assert spikes["level"].tolist() == ["no_baseline", "moderate", "moderate"]
    assert spikes["outing_km"].tolist() == [10.0, 16.0, 16.0]
    assert spikes["outing"].tolist() == ["a1", "a2", "a2"]
    assert spikes["ratio"].tolist()[1:] == pytest.approx([1.6, 1.6])


def test_two_runs_of_one_day_are_no_longer_baseline_than_the_longer_of_them() -> None:
    got = levels(at("2026-01-01", 7, 8.0), at("2026-01-01", 18, 7.0), ("2026-01-03", 9.0))
    assert got[-1] == "small"


def test_the_spike_that_the_ratio_cannot_see_is_seen() -> None:
    # peers.md section 3: six weeks of 4 x 5 km, then the same 20 km with one run of 15 km.
    usual = [5.0, 0, 5, 0, 5, 0, 5] * 6
    spikes = session_spikes(runs([*usual, 5.0, 0, 0, 0, 15.0, 0, 0]))
    assert spikes["level"].iloc[-1] == "large"
    assert spikes["ratio"].iloc[-1] == pytest.approx(3.0)


def test_other_sports_are_no_baseline_and_have_one_of_their_own() -> None:
    frame = activities([("2026-01-01", 30.0, "cycling"), ("2026-01-02", 5.0)])
    assert session_spikes(frame)["level"].tolist() == ["no_baseline"]
    assert session_spikes(frame, sport="cycling")["distance_km"].tolist() == [30.0]


def test_a_run_of_unknown_distance_is_unknown_and_so_is_what_it_could_change() -> None:
    got = levels(
        ("2026-01-01", 10.0),
        {"date": "2026-01-05", "distance_km": NAN, "duration_min": 60.0},
        ("2026-01-06", 12.0),
        ("2026-01-07", 9.0),
    )
    assert got == ["no_baseline", "unknown", "unknown", "none"]


def test_an_unknown_day_among_the_thirty_can_only_raise_the_baseline() -> None:
    sessions = [("2026-01-01", 10.0), ("2026-01-20", 12.0), ("2026-01-21", 11.0)]
    assert levels(*sessions, unknown_days=["2026-01-10"])[1:] == ["unknown", "none"]
    assert levels(*sessions, unknown_days=["2026-01-20"])[1:] == ["small", "none"]
    lost = [("2026-01-01", 1.0, "walking"), ("2026-02-10", 10.0)]
    assert levels(*lost, unknown_days=["2026-01-11"]) == ["unknown"]
    assert levels(*lost, unknown_days=["2026-01-10"]) == ["no_baseline"]


def test_what_was_read_of_a_partial_run_can_be_a_spike_but_not_none() -> None:
    part = {"date": "2026-01-05", "flags": "partial"}
    assert levels(("2026-01-01", 10.0), {**part, "distance_km": 14.0})[1] == "moderate"
    assert levels(("2026-01-01", 10.0), {**part, "distance_km": 6.0})[1] == "unknown"
    assert levels(("2026-01-01", 10.0), {**part, "distance_km": 6.0}, ("2026-01-06", 12.0))[2] == (
        "unknown"
    )


def test_numbers_are_missing_where_there_is_no_level() -> None:
    row = {"date": "2026-01-05", "distance_km": NAN}
    spikes = session_spikes(activities([("2026-01-01", 10.0), row, ("2026-01-06", 30.0)]))
    assert spikes[["longest_before_km", "ratio"]].isna().all(axis=None)


def test_rows_keep_the_order_and_the_ids_of_the_activities() -> None:
    frame = runs([5.0, 0, 6.0, 7.0])
    spikes = session_spikes(frame)
    assert spikes["activity_id"].tolist() == frame["activity_id"].tolist()
    assert list(spikes) == [
        *["activity_id", "date", "distance_km", "outing", "outing_km", "longest_before_km"],
        *["ratio", "level", "try", "event", "assumed"],
    ]


@pytest.mark.parametrize(
    ("longest", "further", "is_try"),
    [
        *[(8.0, 3.0, True), (8.0, 3.1, False), (5.0, 2.5, True), (5.0, 2.6, False)],
        *[(3.0, 2.0, True), (3.0, 2.1, False), (1.5, 1.5, True), (1.5, 1.7, False)],
    ],
)
def test_a_try_is_what_a_return_from_a_long_lay_off_may_begin_with(
    longest: float, further: float, is_try: bool
) -> None:
    # at most 3 km and half the longest ever, or the 2 km of a beginner where that was run
    jogs = [0.8, 0] * 20
    made = runs([longest, 0] * 15 + [0.0] * 9 + jogs + [further])
    spikes = session_spikes(made)
    last = spikes.iloc[-1]
    assert last["longest_before_km"] == 0.8
    assert last["level"] in ("moderate", "large")
    assert last["try"] == is_try
    assert not spikes["try"].iloc[:-1].any()
    flags = check(archive(made, rested_until=str(made["date"].max())[:10])).to_frame()
    flagged = flags.set_index("check").loc["session_spike", "verdict"] == "flagged"
    assert flagged == (not is_try)


def test_runs_of_the_same_day_and_later_ones_make_no_try() -> None:
    made = runs([0.8, 0] * 20 + [2.0])
    assert not session_spikes(made)["try"].any()
    twice = pd.concat([made, made.tail(1).assign(distance_km=9.0, activity_id="long")])
    assert not session_spikes(twice)["try"].any()


def test_later_activities_and_empty_frames_are_left_out() -> None:
    frame = runs([5.0, 0, 6.0, 7.0])
    assert len(session_spikes(frame, as_of="2026-01-03")) == 2
    for empty in (session_spikes(frame, as_of="2025-12-31"), session_spikes(activities([]))):
        assert empty.empty
        assert empty.dtypes.equals(session_spikes(frame).dtypes)
    with pytest.raises(FrameError, match="distance_km"):
        session_spikes(frame.drop(columns="distance_km"))


@settings(deadline=None)
@given(ANY)
def test_the_window_agrees_with_a_plain_loop(loads: list[float]) -> None:
    spikes = session_spikes(runs(loads))
    wanted, events = [], []
    first = next((i for i, km in enumerate(loads) if km), 0)
    for i, km in enumerate(loads):
        if not km:
            continue
        longest = max(loads[max(0, i - 30) : i], default=0.0)
        wanted.append(km / longest if longest and i - first >= 21 else math.nan)
        others = max(loads[max(0, i - 90) : i], default=0.0)
        events.append(0 < 1.3 * others * (1 + 1e-9) < km)
    assert spikes["ratio"].tolist() == pytest.approx(wanted, nan_ok=True)
    assert spikes["event"].tolist() == events


@settings(deadline=None)
@given(ANY, ANY)
def test_tomorrow_never_changes_today(past: list[float], future: list[float]) -> None:
    known = session_spikes(runs(past))
    later = session_spikes(runs(past + future)).iloc[: len(known)]
    pd.testing.assert_frame_equal(known, later)


@settings(deadline=None)
@given(ANY, st.sampled_from([0.1, 3.0, 100.0]))
def test_levels_do_not_depend_on_the_unit(loads: list[float], k: float) -> None:
    # As long in time: runs of many hours would be one outing with those of the next day.
    scaled = runs([k * x for x in loads], minutes_per_km=6.0 / k)
    one, other = session_spikes(runs(loads)), session_spikes(scaled)
    assert one["level"].tolist() == other["level"].tolist()
