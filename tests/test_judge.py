"""Which number of a recording counts, rule by rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from loadmon.errors import FileProblem
from loadmon.io.quality import assess, refuse_future
from loadmon.io.recording import Recording

NAN = float("nan")
T0 = 1_772_350_200.0
NOW = T0 + 86_400
DEGREE_M = 111_195.08


def made(
    told: dict[str, float] | None = None,
    time: Any = (),
    sport: str = "running",
    sub_sport: str = "generic",
    start: float = T0,
    **streams: Any,
) -> Recording:
    arrays = {name: np.asarray(values, float) for name, values in streams.items()}
    return Recording(
        sport=sport, sub_sport=sub_sport, start=start, time=T0 + np.asarray(time, float),
        streams=arrays, summary=dict(told or {}),
    )  # fmt: skip


def run(minutes: float = 30, km: float = 5, **told: float) -> Recording:
    """Ten-second records of an even run and the summary that belongs to them."""
    time = np.arange(0, minutes * 60 + 1, 10)
    summary = {"distance_m": km * 1000, "timer_s": minutes * 60, "elapsed_s": minutes * 60}
    return made(summary | told, time, distance_m=km * 1000 * time / time[-1])


def row(recording: Recording) -> dict[str, Any]:
    assessed = assess(recording)
    return {
        "start_s": assessed.start,
        "flags": assessed.issues,
        "effort": assessed.effort,
        **assessed.numbers,
    }


def refused(recording: Recording) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        row(recording)
    return caught.value


def test_an_even_run_is_what_it_says() -> None:
    found = row(run())
    assert found["flags"] == {}
    assert (found["start_s"], found["distance_km"], found["distance_source"]) == (T0, 5, "session")
    assert (found["duration_min"], found["elapsed_min"]) == (30, 30)


def test_what_is_not_recorded_is_missing_and_never_zero() -> None:
    found = row(made({"timer_s": 600, "elapsed_s": 600}))
    for name in (
        "distance_km",
        "elevation_gain_m",
        "descent_m",
        "avg_hr_bpm",
        "steps",
        "rpe",
    ):
        assert np.isnan(found[name]), name
    assert found["distance_source"] == ""
    assert found["hr_coverage"] == 0


def test_the_recording_handed_in_is_not_changed() -> None:
    before = run(timer_s=99_999)
    found = row(before)
    assert found["flags"]
    assert before.flags == {}


# --- time ---------------------------------------------------------------------------------------


def test_pauses_are_in_the_elapsed_time_and_not_in_the_timer() -> None:
    found = row(run(timer_s=1500))
    assert (found["duration_min"], found["elapsed_min"], found["flags"]) == (25, 30, {})


def test_without_a_summary_a_silence_without_way_is_a_pause() -> None:
    time = [0, 10, 20, 320, 330, 340]
    found = row(made(time=time, distance_m=[0, 30, 60, 65, 95, 125]))
    assert (found["duration_min"] * 60, found["elapsed_min"] * 60) == (40, 340)


def test_without_a_summary_a_silence_with_way_is_running() -> None:
    time = [0, 10, 20, 320, 330]
    found = row(made(time=time, distance_m=[0, 30, 60, 960, 990]))
    assert found["duration_min"] * 60 == 330


def test_a_silence_of_a_minute_is_no_pause() -> None:
    assert row(made(time=[0, 60, 120], distance_m=[0, 50, 50]))["duration_min"] == 2
    assert row(made(time=[0, 61, 121], distance_m=[0, 5, 50]))["duration_min"] == 1


def test_half_a_metre_a_second_is_the_border_of_standing_still() -> None:
    still = row(made(time=[0, 10, 110], distance_m=[0, 30, 80]))
    moving = row(made(time=[0, 10, 110], distance_m=[0, 30, 80.1]))
    assert (still["duration_min"] * 60, moving["duration_min"] * 60) == (10, 110)


def test_a_silence_without_any_way_known_is_a_pause() -> None:
    found = row(made(time=[0, 10, 310, 320], heart_rate_bpm=[120] * 4, distance_m=[0, 30, NAN, 90]))
    assert found["duration_min"] * 60 == 20


def test_a_timer_longer_than_the_activity_gives_way_to_the_elapsed_time() -> None:
    found = row(run(timer_s=3600))
    assert found["duration_min"] == 30
    assert set(found["flags"]) == {"time-disagree"}
    assert "3600 s" in found["flags"]["time-disagree"]
    assert "1800 s" in found["flags"]["time-disagree"]


def test_ten_seconds_and_a_hundredth_more_are_still_agreement() -> None:
    assert row(run(timer_s=1828))["flags"] == {}
    assert set(row(run(timer_s=1828.1))["flags"]) == {"time-disagree"}


def test_a_watch_left_running_counts_only_the_recorded_time() -> None:
    found = row(run(timer_s=26 * 3600.0, elapsed_s=26 * 3600.0))
    assert found["duration_min"] == 30
    assert "left running" in found["flags"]["time-disagree"]


def test_twice_the_recorded_time_and_an_hour_is_the_border_of_left_running() -> None:
    assert row(run(timer_s=7200, elapsed_s=7200))["duration_min"] == 120
    assert row(run(timer_s=7201, elapsed_s=7201))["duration_min"] == 30


def test_a_summary_without_records_is_believed() -> None:
    found = row(made({"timer_s": 5400, "elapsed_s": 5500, "distance_m": 15_000}))
    assert (found["duration_min"], found["elapsed_min"]) == (90, 5500 / 60)
    assert found["flags"] == {}


def test_elapsed_time_is_the_span_where_it_is_not_told() -> None:
    recording = run()
    del recording.summary["elapsed_s"]
    assert row(recording)["elapsed_min"] == 30


def test_a_clock_that_jumps_20_days_inside_is_flagged_and_the_timer_counts() -> None:
    recording = run()
    recording.time = np.where(np.arange(181) > 90, recording.time + 20 * 86_400, recording.time)
    recording.summary["elapsed_s"] = 20 * 86_400 + 1800.0
    found = row(recording)
    assert found["duration_min"] == 30
    assert found["flags"]["time-jump"].startswith("480 hours")


def test_stale_first_points_of_another_day_are_left_out() -> None:
    time = [0, 1, *range(86_400, 86_400 + 601, 10)]
    way = [0, 1, *np.linspace(2000, 4000, 61)]
    stale = made(time=time, distance_m=way, heart_rate_bpm=[150] * 63)
    found = row(stale)
    assert found["start_s"] == T0 + 86_400
    assert (found["duration_min"], found["elapsed_min"]) == (10, 10)
    assert set(found["flags"]) == {"time-jump"}


def test_the_longer_side_of_a_jump_counts_and_six_hours_are_none() -> None:
    first = [*range(0, 600, 10), 30_000, 30_010]
    assert row(made(time=first, distance_m=np.arange(62) * 30.0))["start_s"] == T0
    gap = [0, 10, 10 + 6 * 3600]
    assert row(made(time=gap, distance_m=[0, 30, 60]))["flags"] == {}
    gap[-1] += 1
    assert set(row(made(time=gap, distance_m=[0, 30, 60]))["flags"]) == {"time-jump"}


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (946_684_799.0, "time-invalid"),
        (631_065_600.0, "time-invalid"),
        (253_402_300_800.0 - 86_400.0, "time-invalid"),
        (1e12, "time-invalid"),
    ],
)
def test_a_start_that_cannot_be_is_quarantined(start: float, reason: str) -> None:
    found = refused(made({"timer_s": 600, "distance_m": 2000}, start=start))
    assert (found.outcome, found.reason) == ("quarantined", reason)


def test_a_start_at_the_border_is_kept() -> None:
    start = 946_684_800.0
    assert row(made({"timer_s": 600, "distance_m": 2000}, start=start))["start_s"] == start


def test_a_start_more_than_a_day_ahead_of_the_reading_is_quarantined() -> None:
    refuse_future(NOW + 24 * 3600, NOW)
    with pytest.raises(FileProblem, match="has not come yet") as caught:
        refuse_future(NOW + 24 * 3600 + 1, NOW)
    assert (caught.value.outcome, caught.value.reason) == ("quarantined", "time-future")


def test_the_day_of_a_watch_that_was_never_set_is_named() -> None:
    assert "1989-12-31" in refused(made({"timer_s": 600}, start=631_065_600.0)).detail


def test_without_a_start_the_first_record_counts_and_without_any_time_it_is_refused() -> None:
    assert row(made(time=[5, 15], distance_m=[0, 40], start=NAN))["start_s"] == T0 + 5
    found = refused(made({"timer_s": 600, "distance_m": 2000}, start=NAN))
    assert (found.outcome, found.reason) == ("refused", "no-time")


def test_way_made_in_a_timer_of_nought_takes_the_time_of_its_records() -> None:
    time = np.arange(0, 601, 10)
    found = row(made({"timer_s": 0, "elapsed_s": 0}, time, distance_m=time * 3.0))
    assert (found["duration_min"], found["elapsed_min"]) == (10, 10)
    alone = row(made({"timer_s": 0, "elapsed_s": 0, "distance_m": 5000}))
    assert np.isnan(alone["duration_min"])
    assert np.isnan(alone["elapsed_min"])


# --- distance -----------------------------------------------------------------------------------


def test_a_corrected_treadmill_distance_counts_and_both_are_told() -> None:
    recording = run(km=5)
    recording.sub_sport = "treadmill"
    recording.summary["distance_m"] = 6000
    found = row(recording)
    assert (found["distance_km"], found["distance_source"]) == (6, "session")
    assert "6000 m" in found["flags"]["dist-disagree"]
    assert "5000 m" in found["flags"]["dist-disagree"]


def test_five_percent_and_100_m_are_the_borders_of_agreement() -> None:
    assert row(run(km=5, distance_m=5263))["flags"] == {}
    assert set(row(run(km=5, distance_m=5264))["flags"]) == {"dist-disagree"}
    assert row(run(km=0.5, distance_m=600))["flags"] == {}
    assert set(row(run(km=0.5, distance_m=601))["flags"]) == {"dist-disagree"}


def test_without_a_summary_the_records_reach_counts() -> None:
    found = row(made(time=[0, 600, 1200], distance_m=[0, NAN, 3000]))
    assert (found["distance_km"], found["distance_source"]) == (3, "records")


def along(metres: list[float]) -> dict[str, Any]:
    return {"latitude_deg": [m / DEGREE_M for m in metres], "longitude_deg": [-30.0] * len(metres)}


def test_a_distance_of_nought_gives_way_to_the_positions_with_a_flag() -> None:
    way = [30.0 * i for i in range(61)]
    found = row(made({"distance_m": 0, "timer_s": 600}, range(0, 601, 10), **along(way)))
    assert found["distance_km"] == pytest.approx(1.8, rel=1e-6)
    assert found["distance_source"] == "gps"
    assert "1800 m" in found["flags"]["dist-from-gps"]


def test_a_file_that_knows_only_positions_is_measured_along_them_without_a_flag() -> None:
    found = row(made(time=range(0, 601, 10), **along([30.0 * i for i in range(61)])))
    assert found["distance_km"] == pytest.approx(1.8, rel=1e-6)
    assert (found["distance_source"], found["flags"]) == ("gps", {})


def test_missing_positions_are_bridged_straight() -> None:
    way = [NAN, 0, 30, NAN, NAN, 120, 150]
    found = row(made(time=range(0, 70, 10), **along(way)))
    assert found["distance_km"] == pytest.approx(0.15, rel=1e-6)


@pytest.mark.parametrize("sub_sport", ["treadmill", "indoor_running", "track"])
def test_positions_indoors_are_no_distance(sub_sport: str) -> None:
    way = along([30.0 * i for i in range(61)])
    found = row(
        made({"distance_m": 0, "timer_s": 600}, range(0, 601, 10), sub_sport=sub_sport, **way)
    )
    assert np.isnan(found["distance_km"])
    assert found["distance_source"] == ""


# --- what cannot be -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["timer_s", "elapsed_s", "distance_m"])
@pytest.mark.parametrize("records", [0, 10])
def test_a_negative_sum_is_quarantined_with_its_day(name: str, records: int) -> None:
    told = {"timer_s": 90.0, "elapsed_s": 90.0, "distance_m": 300.0, name: -1.0}
    time = np.arange(records) * 10.0
    found = refused(made(told, time, distance_m=time / 0.3))
    assert (found.outcome, found.reason, found.when) == ("quarantined", "negative", T0)
    assert f"{name} is -1" in found.detail


@pytest.mark.parametrize("name", ["timer_s", "elapsed_s", "distance_m"])
@pytest.mark.parametrize("value", [-1.0, float("inf"), -float("inf")])
def test_records_count_where_a_sum_of_the_summary_is_none(name: str, value: float) -> None:
    time = np.arange(11) * 10.0  # one more than are too few to go by
    told = {"timer_s": 100.0, "elapsed_s": 100.0, "distance_m": 300.0, name: value}
    found = row(made(told, time, distance_m=time * 3))
    assert (found["distance_km"], found["duration_min"] * 60, found["elapsed_min"] * 60) == (
        0.3, 100, 100,
    )  # fmt: skip
    assert set(found["flags"]) == {"value-range"}
    assert f"{name} of the summary is {value:g}" in found["flags"]["value-range"]


def test_started_and_stopped_at_once_is_skipped() -> None:
    for nothing in (
        made({"timer_s": 0.9, "elapsed_s": 1, "distance_m": 10}),
        made({"timer_s": 0, "elapsed_s": 0}),
        made(time=[0], distance_m=[0]),
    ):
        found = refused(nothing)
        assert (found.outcome, found.reason) == ("skipped", "zero-length")


def test_a_short_activity_is_an_activity() -> None:
    assert row(made({"timer_s": 1, "elapsed_s": 1}))["duration_min"] == 1 / 60
    assert row(made({"distance_m": 5000}))["distance_km"] == 5


@pytest.mark.parametrize("sport", ["running", "walking", "hiking"])
def test_over_12_metres_a_second_on_foot_is_quarantined(sport: str) -> None:
    told = {"timer_s": 600, "elapsed_s": 600, "distance_m": 7201}
    found = refused(made(told, sport=sport))
    assert (found.outcome, found.reason, found.when) == ("quarantined", "implausible", T0)
    assert "7.2 km in 10 min" in found.detail
    assert row(made(told | {"distance_m": 7200}, sport=sport))["distance_km"] == 7.2
    assert row(made(told, sport="cycling"))["distance_km"] == 7.201


@pytest.mark.parametrize("name", ["timer_s", "elapsed_s", "distance_m"])
@pytest.mark.parametrize("value", [1e300, float("inf")])
def test_a_sum_without_end_is_quarantined_with_its_day(name: str, value: float) -> None:
    told = {"timer_s": 600.0, "elapsed_s": 600.0, "distance_m": 2000.0, name: value}
    if name == "timer_s" and value < float("inf"):
        told.pop("elapsed_s")  # a timer longer than the activity only gives way to it
    found = refused(made(told, sport="cycling"))
    assert (found.outcome, found.reason, found.when) == ("quarantined", "implausible", T0)
    assert "not counted" in found.detail


DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("name", "most"), [("timer_s", 14 * DAY_S), ("elapsed_s", 366 * DAY_S), ("distance_m", 5e6)]
)
def test_two_weeks_a_year_and_5000_km_are_the_borders_of_one_activity(
    name: str, most: float
) -> None:
    told = {"timer_s": 13 * DAY_S, "elapsed_s": 15 * DAY_S, "distance_m": 4e6}
    assert row(made(told | {name: most}, sport="cycling"))["distance_km"] >= 4000
    assert refused(made(told | {name: most + 1}, sport="cycling")).reason == "implausible"


def test_a_year_between_records_is_a_clock_that_moved_and_not_a_long_activity() -> None:
    recording = run(elapsed_s=10 * 365 * DAY_S + 1800)
    recording.time[91:] += 10 * 365 * DAY_S
    found = row(recording)
    assert (found["duration_min"], set(found["flags"])) == (30, {"time-jump"})


def test_records_of_months_without_a_pause_are_quarantined_whatever_the_summary_says() -> None:
    time = np.arange(0, 15 * DAY_S, 10)
    for told in ({}, {"timer_s": 1800.0}):
        found = refused(made(told, time, heart_rate_bpm=np.full(len(time), 120.0)))
        assert (found.reason, found.when) == ("implausible", T0)
        assert "15 days" in found.detail


# --- heart rate, steps, effort ------------------------------------------------------------------


def test_the_mean_heart_rate_is_weighted_by_time() -> None:
    recording = made({"timer_s": 12, "elapsed_s": 12}, [0, 10, 12], heart_rate_bpm=[100, 140, 180])
    found = row(recording)
    # Of 10 s between two values each has its half; one holds for the 2 s after it.
    assert found["avg_hr_bpm"] == pytest.approx((100 * 5 + 140 * 5 + 140 * 2) / 12)
    assert found["hr_coverage"] == 1


def test_a_gap_of_more_than_120_seconds_is_not_covered() -> None:
    told = {"timer_s": 600.0, "elapsed_s": 600.0}
    rates = [100, 140, 150, 170]
    found = row(made(told, [0, 120, 241, 361], heart_rate_bpm=rates))
    # 0 to 120 and 241 to 361 s count, by halves; the 121 s between them do not.
    assert found["avg_hr_bpm"] == pytest.approx((100 + 140 + 150 + 170) / 4)
    assert found["hr_coverage"] == pytest.approx(240 / 600)
    found = row(made(told, [0, 120, 240, 360], heart_rate_bpm=rates))
    assert found["avg_hr_bpm"] == pytest.approx((100 * 60 + 140 * 120 + 150 * 120 + 170 * 60) / 360)
    assert found["hr_coverage"] == pytest.approx(360 / 600)


def test_missing_heart_rates_lower_the_coverage_and_not_the_mean() -> None:
    told, rates = {"timer_s": 40.0, "elapsed_s": 40.0}, [150, NAN, NAN, 150, 150]
    found = row(made(told, range(0, 41, 10), heart_rate_bpm=rates))
    assert (found["avg_hr_bpm"], found["hr_coverage"]) == (150, 0.5)


def test_the_summary_tells_the_heart_rate_where_no_record_does() -> None:
    assert row(run(avg_hr_bpm=151))["avg_hr_bpm"] == 151
    assert np.isnan(row(run(avg_hr_bpm=0))["avg_hr_bpm"])
    recording = run(avg_hr_bpm=151)
    recording.streams["heart_rate_bpm"] = np.full(181, NAN)
    found = row(recording)
    assert (found["avg_hr_bpm"], found["hr_coverage"]) == (151, 0)


def test_coverage_is_never_above_one() -> None:
    recording = run(timer_s=900)
    recording.streams["heart_rate_bpm"] = np.full(181, 150.0)
    assert row(recording)["hr_coverage"] == 1


def test_strides_are_doubled_once() -> None:
    assert row(run(cycles=2550))["steps"] == 5100
    assert row(run(cycles=5100))["steps"] == 5100


def test_130_strides_a_minute_are_the_border() -> None:
    assert row(run(cycles=3900))["steps"] == 7800
    assert row(run(cycles=3901))["steps"] == 3901


def test_steps_come_from_cadence_where_nobody_counted_them() -> None:
    recording = run()
    recording.streams["cadence_spm"] = np.full(181, 170.0)
    assert row(recording)["steps"] == pytest.approx(170 * 30)
    recording.streams["cadence_spm"][144:] = NAN  # 144 records stand for 10 s each: 80 %
    assert row(recording)["steps"] == pytest.approx(170 * 24)
    recording.streams["cadence_spm"][143:] = NAN
    found = row(recording)
    assert (np.isnan(found["steps"]), found["steps_source"]) == (True, "")


def test_a_ride_has_no_steps() -> None:
    recording = run(cycles=2550)
    recording.sport = "cycling"
    assert np.isnan(row(recording)["steps"])


@pytest.mark.parametrize(("gap_s", "seconds"), [(120, 620), (121, 500)])
def test_a_gap_of_more_than_120_seconds_holds_no_steps(gap_s: int, seconds: int) -> None:
    time = [*range(0, 501, 10), 500 + gap_s]
    way = np.asarray(time) * 3.0
    found = row(
        made({"timer_s": 500.0 + gap_s}, time, cadence_spm=[180] * len(time), distance_m=way)
    )
    assert found["steps"] == pytest.approx(3 * seconds)
    assert found["steps_source"] == "records"


def test_effort_is_what_the_session_says() -> None:
    found = row(run(rpe=5, timer_s=1500))
    assert (found["rpe"], found["rpe_source"]) == (5, "session")
    assert row(run())["rpe_source"] == ""


def test_climb_is_the_summary_s_else_made_from_the_altitude() -> None:
    recording = run(ascent_m=40, descent_m=35)
    recording.streams["altitude_m"] = np.linspace(100, 130, 181)
    found = row(recording)
    assert (found["elevation_gain_m"], found["descent_m"]) == (40, 35)
    assert found["climb_source"] == "session"
    recording.summary.pop("ascent_m"), recording.summary.pop("descent_m")
    found = row(recording)
    assert found["elevation_gain_m"] == pytest.approx(30, abs=1)
    assert found["descent_m"] == 0
    assert found["climb_source"] == "records"


@given(
    st.fixed_dictionaries({}, optional={n: st.floats(0, 40_000) for n in
        ("distance_m", "timer_s", "elapsed_s", "avg_hr_bpm", "cycles", "rpe")}),
    st.lists(st.tuples(st.integers(1, 400), st.none() | st.floats(0, 400)), max_size=20),
)  # fmt: skip
@settings(max_examples=examples(4))
def test_whatever_is_told_nothing_negative_or_infinite_comes_out(
    told: dict[str, float], steps: list[tuple[int, float | None]]
) -> None:
    time = np.cumsum([s for s, _ in steps])
    values = np.array([NAN if v is None else v for _, v in steps])
    try:
        found = row(made(told, time, distance_m=np.cumsum(values), heart_rate_bpm=values))
    except FileProblem as problem:
        reason = problem.reason
    else:
        reason = ""
    if reason:
        assert reason in {"zero-length", "implausible"}
        return
    numbers = [v for v in found.values() if isinstance(v, float)]
    assert not any(v < 0 or abs(v) == float("inf") for v in numbers)
    assert not found["distance_km"] * 1000 > 12 * 60 * found["duration_min"]
    if told.get("timer_s", 0) > 0:
        assert not found["duration_min"] > found["elapsed_min"] * 1.01 + 10 / 60 + 1e-9


def test_a_pause_that_was_recorded_all_the_same_earns_nothing() -> None:
    recording = run(timer_s=1500)  # 30 minutes of records, 25 of timer
    recording.streams["heart_rate_bpm"] = np.full(181, 150.0)
    found = row(recording)
    assert found["effort"]["seconds_at_bpm"].sum() == pytest.approx(1500)
    assert found["effort"]["seconds_at_speed"].sum() == pytest.approx(1500)
    assert found["hr_coverage"] == 1
    assert row(run())["effort"]["seconds_at_speed"].sum() == pytest.approx(1800)
