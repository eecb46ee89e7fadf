"""Each repair of a recorded stream, by a hand-made recording."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.io.clean import clean, steps_m
from loadmon.io.recording import Recording

NAN = float("nan")
T0 = 1_772_350_200.0
DEGREE_M = 111_195.08  # one degree on a sphere of the mean radius 6 371 008.8 m (IUGG)


def made(time: Any = None, sport: str = "running", **streams: Any) -> Recording:
    rows = len(next(iter(streams.values()))) if streams else len(time)
    time = np.arange(rows) if time is None else np.asarray(time, float)
    arrays = {name: np.asarray(values, float) for name, values in streams.items()}
    return Recording(sport=sport, start=T0, time=T0 + time, streams=arrays)


def seconds(recording: Recording) -> list[float]:
    return (recording.time - T0).tolist()


def kept(recording: Recording, name: str) -> list[float | None]:
    return [None if v != v else v for v in recording.streams[name].tolist()]


def north(metres: list[float]) -> dict[str, list[float]]:
    """Positions on a meridian in the Atlantic."""
    return {"latitude_deg": [m / DEGREE_M for m in metres], "longitude_deg": [-30.0] * len(metres)}


def test_a_sound_recording_is_left_as_it_is() -> None:
    before = made(
        heart_rate_bpm=[120, 121, NAN, 130], altitude_m=[5, 6, 7, 8], **north([0, 3, 6, 9])
    )
    after = clean(before)
    assert after.flags == {}
    assert seconds(after) == [0, 1, 2, 3]
    for name, values in before.streams.items():
        np.testing.assert_array_equal(after.streams[name], values)


def test_what_is_handed_in_is_never_changed() -> None:
    before = made([0, 5, 5, 3, NAN], heart_rate_bpm=[300] * 5, altitude_m=[9999] * 5,
                  latitude_deg=[0] * 5, longitude_deg=[0] * 5)  # fmt: skip
    copies = {name: values.copy() for name, values in before.streams.items()}
    time = before.time.copy()
    after = clean(before)
    assert len(after.flags) >= 3
    assert before.flags == {}
    np.testing.assert_array_equal(before.time, time)
    for name, values in copies.items():
        np.testing.assert_array_equal(before.streams[name], values)


def test_the_last_record_of_a_repeated_time_counts() -> None:
    after = clean(made([0, 1, 1, 2, 3, 4, 5, 6], distance_m=[0, 3, 4, 6, 9, 12, 15, 18]))
    assert seconds(after) == [0, 1, 2, 3, 4, 5, 6]
    assert kept(after, "distance_m") == [0, 4, 6, 9, 12, 15, 18]
    assert after.flags == {}


def test_many_repeated_times_are_a_flag_with_their_count() -> None:
    twice = clean(made([0, 0, 1, 1, 2, 3], distance_m=range(6)))
    assert twice.flags["time-duplicate"].startswith("2 records")
    one_in_five = clean(made([0, 0, 1, 2, 3], distance_m=range(5)))
    assert one_in_five.flags == {}


def test_one_repeated_time_is_a_flag_where_the_places_lie_apart() -> None:
    time = [0, 1, 1, *range(2, 20)]
    near = [0, 3, 52, *range(55, 73)]
    apart = [0, 3, 54, *range(55, 73)]
    assert clean(made(time, **north(near))).flags == {}
    assert set(clean(made(time, **north(apart))).flags) == {"time-duplicate"}


def test_records_that_go_back_in_time_are_left_out() -> None:
    after = clean(made([0, 1, 2, 1, 0.5, 3], distance_m=[0, 3, 6, 999, 999, 9]))
    assert seconds(after) == [0, 1, 2, 3]
    assert kept(after, "distance_m") == [0, 3, 6, 9]
    assert after.flags["time-backwards"].startswith("2 records")


def test_one_record_that_leaps_ahead_is_left_out_and_not_all_that_follow() -> None:
    time = np.arange(200.0)
    time[150] = 190
    after = clean(made(time, distance_m=3 * np.arange(200.0)))
    assert seconds(after) == [*range(150), *range(151, 200)]
    time[197] = 900  # near the end it made the run longer
    assert seconds(clean(made(time)))[-3:] == [196, 198, 199]


def test_a_hundredth_of_records_back_in_time_is_no_flag() -> None:
    time = np.arange(100.0)
    time[50] = 3
    assert clean(made(time)).flags == {}
    time[60] = 3
    assert set(clean(made(time)).flags) == {"time-backwards"}


def test_records_without_a_time_stand_between_their_neighbours() -> None:
    after = clean(made([0, NAN, NAN, 6, 8], distance_m=[0, 1, 2, 3, 4]))
    assert seconds(after) == pytest.approx([0, 2, 4, 6, 8])
    assert kept(after, "distance_m") == [0, 1, 2, 3, 4]


def test_records_without_a_time_at_the_ends_keep_their_place_in_the_way() -> None:
    after = clean(made([NAN, NAN, 5, 6, NAN], distance_m=[0, 1, 2, 3, 4]))
    assert kept(after, "distance_m") == [0, 1, 2, 3, 4]
    assert seconds(after) == pytest.approx([4.998, 4.999, 5, 6, 6.001], abs=1e-6)


def test_without_any_time_there_is_no_record() -> None:
    after = clean(made([NAN, NAN], distance_m=[0, 1]))
    assert len(after.time) == len(after.streams["distance_m"]) == 0


OFF_THE_CALENDAR = [-2.5e9, 9.3e12, 1e18, 1e300, -1e300]  # seconds from the start of the run


@pytest.mark.parametrize("away", OFF_THE_CALENDAR)
@pytest.mark.parametrize("row", [0, 2, 5])
def test_records_of_a_time_off_the_calendar_are_left_out_and_told(away: float, row: int) -> None:
    time = np.arange(6.0)
    time[row] = away
    after = clean(made(time, distance_m=range(6)))
    left = [n for n in range(6) if n != row]
    assert kept(after, "distance_m") == seconds(after) == left
    assert set(after.flags) == {"time-jump"}
    assert after.flags["time-jump"].startswith("1 records of a time before 2000 or after 9999")


@pytest.mark.parametrize("away", OFF_THE_CALENDAR)
def test_where_the_start_is_known_no_record_need_be_on_the_calendar(away: float) -> None:
    after = clean(made([away, away + 1e6], distance_m=[0, 9]))
    assert len(after.time) == len(after.streams["distance_m"]) == 0
    assert "before 2000 or after 9999" in after.flags["time-jump"]


def test_many_records_off_the_calendar_do_not_make_another_clock_the_right_one() -> None:
    future = [1e9 + n for n in range(5)]  # the largest part, of a day that has not come yet
    after = clean(made([0, 1, -T0, 1 - T0, 2 - T0, *future, 2, 3], distance_m=range(12)))
    assert seconds(after) == future
    assert "put back" in after.flags["time-jump"]


def test_records_of_a_start_off_the_calendar_stay_for_the_reason_of_their_refusal() -> None:
    for start in (NAN, 0.0):
        before = made([-T0, 1 - T0], distance_m=[0, 9])
        before.start = start
        after = clean(before)
        assert (after.time.tolist(), after.flags) == ([0, 1], {})


def test_two_reasons_for_one_flag_are_both_told() -> None:
    told = clean(made([-2.5e9, 5e4, 0, 1], distance_m=range(4))).flags["time-jump"]
    assert "before 2000" in told
    assert "put back" in told


def test_positions_at_nought_are_missing() -> None:
    after = clean(made(latitude_deg=[0, 0.01, 0], longitude_deg=[0, 0, -30]))
    assert kept(after, "latitude_deg") == [None, 0.01, 0]
    assert kept(after, "longitude_deg") == [None, 0, -30]
    assert after.flags["gps-null-island"].startswith("1 position")


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0), (-90.1, 0), (5, 180.1), (5, -180.1)])
def test_positions_outside_the_globe_are_missing(lat: float, lon: float) -> None:
    after = clean(made(latitude_deg=[lat, 90], longitude_deg=[lon, 180]))
    assert kept(after, "latitude_deg") == [None, 90]
    assert kept(after, "longitude_deg") == [None, 180]
    assert set(after.flags) == {"gps-range"}


@pytest.mark.parametrize("half", ["latitude_deg", "longitude_deg"])
def test_half_a_position_is_none(half: str) -> None:
    after = clean(made([0, 1, 1, 2], **{half: [1, 2, 3, 4]}, distance_m=[0, 1, 2, 3]))
    assert set(after.streams) == {"distance_m"}


def test_a_position_left_and_returned_to_at_an_impossible_speed_is_missing() -> None:
    way = [3.0 * i for i in range(9)]
    way[4] += 500
    after = clean(made(**north(way)))
    assert [i for i, v in enumerate(kept(after, "latitude_deg")) if v is None] == [4]
    assert [i for i, v in enumerate(kept(after, "longitude_deg")) if v is None] == [4]
    assert after.flags["gps-spike"].startswith("1 position")


@pytest.mark.parametrize("jump", [-90.0, 90.0])
def test_a_leap_of_less_than_100_m_is_left_out_and_not_told(jump: float) -> None:
    way = [3.0 * i for i in range(9)]
    way[4] += jump
    after = clean(made(**north(way)))
    assert [i for i, v in enumerate(kept(after, "latitude_deg")) if v is None] == [4]
    assert after.flags == {}


@pytest.mark.parametrize("jump", [-25.0, 25.0])
def test_a_leap_of_less_than_30_m_is_the_noise_of_a_fix(jump: float) -> None:
    way = [3.0 * i for i in range(9)]
    way[4] += jump
    assert None not in kept(clean(made(**north(way))), "latitude_deg")


@pytest.mark.parametrize("places", [[0], [0, 1], [8, 9], [4, 5], [0, 9]])
def test_a_few_positions_out_of_reach_are_missing_wherever_they_stand(places: list[int]) -> None:
    way = [3.0 * i + 5000 * (i in places) for i in range(10)]
    after = clean(made(**north(way)))
    assert [i for i, v in enumerate(kept(after, "latitude_deg")) if v is None] == places
    assert after.flags["gps-spike"].startswith(f"{len(places)} positions")


def test_two_places_out_of_reach_of_each_other_and_of_the_run_are_both_missing() -> None:
    way = [3.0 * i for i in range(20)]
    way[5], way[6] = 5000, -5000
    after = clean(made(**north(way)))
    assert [i for i, v in enumerate(kept(after, "latitude_deg")) if v is None] == [5, 6]


def test_a_step_to_another_place_for_good_is_told_and_both_sides_are_kept() -> None:
    way = [3.0 * i + (5000 if i > 4 else 0) for i in range(9)]
    after = clean(made(**north(way)))
    assert None not in kept(after, "latitude_deg")
    assert after.flags == {"gps-spike": "a leap of 5003 m: not counted as distance"}


def test_the_speed_decides_and_not_the_distance_alone() -> None:
    way = [0, 300, 0]
    assert clean(made([0, 19, 38], **north(way))).flags.keys() == {"gps-spike"}
    assert clean(made([0, 21, 42], **north(way))).flags == {}


@pytest.mark.parametrize(("sport", "speed"), [("running", 15), ("cycling", 40), ("", 100)])
def test_each_sport_has_its_border_of_speed(sport: str, speed: float) -> None:
    for faster, missing in ((-1, 0), (1, 1)):
        way = [0.0] * 9
        way[4] = 10 * (speed + faster)
        after = clean(made([10 * i for i in range(9)], sport=sport, **north(way)))
        assert kept(after, "latitude_deg").count(None) == missing


def missing(recording: Recording, name: str) -> list[int]:
    """Rows without a value."""
    return [i for i, v in enumerate(kept(recording, name)) if v is None]


def spiked(rows: slice, value: float, usual: float = 120.0, n: int = 40) -> list[float]:
    """A flat line with another value in some rows."""
    values = [usual] * n
    values[rows] = [value] * len(values[rows])
    return values


def test_heart_rates_no_runner_has_are_missing_and_told() -> None:
    after = clean(made(heart_rate_bpm=[29, 30, 31, 229, 230, 231, 0]))
    assert kept(after, "heart_rate_bpm") == [None, 30, 31, 229, 230, None, None]
    assert after.flags["hr-implausible"].startswith("3 impossible heart rates")


def test_not_one_heart_rate_is_left_out_in_silence() -> None:
    assert set(clean(made(heart_rate_bpm=spiked(slice(7, 8), 0.0))).flags) == {"hr-implausible"}


@pytest.mark.parametrize("value", [181, 59])
@pytest.mark.parametrize("rows", [slice(10, 11), slice(10, 13), slice(5, 20)])
def test_heart_rates_that_leap_away_and_back_are_missing_and_told(
    rows: slice, value: float
) -> None:
    after = clean(made(heart_rate_bpm=spiked(rows, value)))
    assert missing(after, "heart_rate_bpm") == list(range(40))[rows]
    assert set(after.flags) == {"hr-implausible"}


@pytest.mark.parametrize("value", [180, 60])
def test_a_heart_rate_that_changes_by_no_more_than_sixty_is_no_leap(value: float) -> None:
    after = clean(made(heart_rate_bpm=spiked(slice(10, 11), value)))
    assert not missing(after, "heart_rate_bpm")
    assert after.flags == {}


@pytest.mark.parametrize(("silence_s", "is_leap"), [(34, True), (36, False)])
def test_the_heart_may_rest_through_a_silence(silence_s: int, is_leap: bool) -> None:
    time = np.arange(40.0)
    time[20:] += silence_s - 1
    time[22:] += silence_s - 1
    after = clean(made(time, heart_rate_bpm=spiked(slice(20, 22), 50)))
    assert missing(after, "heart_rate_bpm") == ([20, 21] if is_leap else [])


def test_a_rise_that_stays_is_no_leap() -> None:
    after = clean(made(heart_rate_bpm=[80] * 10 + [160] * 10))
    assert not missing(after, "heart_rate_bpm")


def test_a_stretch_that_holds_sound_heart_rates_too_stays() -> None:
    rates = [150.0] * 30
    rates[5:20] = [71, 71, 90, 110, 130, 150, 150, 150, 150, 150, 130, 110, 90, 71, 71]
    assert not missing(clean(made(heart_rate_bpm=rates)), "heart_rate_bpm")


def test_a_strap_that_leaps_all_the_time_loses_its_spikes_and_keeps_the_rest() -> None:
    rates = [150.0, 225.0] * 10 + [150.0] * 5
    assert missing(clean(made(heart_rate_bpm=rates)), "heart_rate_bpm") == list(range(1, 20, 2))


@pytest.mark.parametrize(("metres", "away"), [(651, True), (649, False), (449, True), (451, False)])
def test_altitudes_that_nobody_gets_to_and_back_are_missing_and_told(
    metres: float, away: bool
) -> None:
    after = clean(made(altitude_m=spiked(slice(10, 12), metres, usual=550)))
    assert missing(after, "altitude_m") == ([10, 11] if away else [])
    assert set(after.flags) == ({"ele-range"} if away else set())


def test_a_lift_is_no_leap() -> None:
    time = [10 * i for i in range(40)]
    after = clean(made(time, altitude_m=spiked(slice(10, 12), 749, usual=550)))
    assert not missing(after, "altitude_m")


def test_altitudes_where_nobody_runs_are_missing() -> None:
    after = clean(made(altitude_m=[-501, -500, NAN, 9000, 9001]))
    assert kept(after, "altitude_m") == [None, -500, None, 9000, None]
    assert after.flags["ele-range"].startswith("2 altitudes")


def test_a_degree_on_the_sphere_has_its_length() -> None:
    along = steps_m(np.array([0.0, 1.0, 1.0]), np.array([0.0, 0.0, NAN]))
    assert along[0] == pytest.approx(DEGREE_M, rel=1e-6)
    assert np.isnan(along[1])
    east = steps_m(np.array([60.0, 60.0]), np.array([10.0, 11.0]))
    assert east[0] == pytest.approx(DEGREE_M / 2, rel=1e-4)


def test_the_other_side_of_the_earth_is_half_its_round() -> None:
    half = steps_m(np.array([0.0, 0.0]), np.array([0.0, 180.0]))[0]
    assert half == pytest.approx(180 * DEGREE_M, rel=1e-6)


TIMES = st.lists(st.none() | st.integers(0, 40), min_size=1, max_size=30)


@given(TIMES, st.data())
def test_times_always_increase_and_streams_keep_their_length(
    times: list[int | None], draw: st.DataObject
) -> None:
    n = len(times)
    number = st.floats(-1e3, 1e3) | st.just(NAN)
    streams = {
        name: draw.draw(st.lists(number, min_size=n, max_size=n))
        for name in ("heart_rate_bpm", "latitude_deg", "longitude_deg", "altitude_m", "distance_m")
    }
    after = clean(made([NAN if t is None else t for t in times], **streams))
    assert (np.diff(after.time) > 0).all()
    assert {len(v) for v in after.streams.values()} == {len(after.time)}
    rate = after.streams["heart_rate_bpm"]
    assert not ((rate < 30) | (rate > 230)).any()
    assert not (np.abs(after.streams["latitude_deg"]) > 90).any()


@given(TIMES)
def test_cleaning_twice_changes_no_more(times: list[int | None]) -> None:
    time = [NAN if t is None else t for t in times]
    once = clean(made(time, distance_m=range(len(times))))
    twice = clean(once)
    np.testing.assert_array_equal(once.time, twice.time)
    np.testing.assert_array_equal(once.streams["distance_m"], twice.streams["distance_m"])


@given(st.lists(st.floats(100, 160) | st.just(NAN), min_size=1, max_size=30))
def test_missing_never_becomes_a_number(rates: list[float]) -> None:
    after = clean(made(heart_rate_bpm=rates))
    before_missing = np.isnan(np.array(rates))
    assert np.isnan(after.streams["heart_rate_bpm"][before_missing]).all()


@pytest.mark.parametrize(("jump", "missing"), [(29.0, 0), (31.0, 1)])
def test_thirty_metres_are_the_least_leap(jump: float, missing: int) -> None:
    way = [0.0] * 9
    way[4] = jump
    assert kept(clean(made(**north(way))), "latitude_deg").count(None) == missing


@pytest.mark.parametrize(("jump", "told"), [(99.0, False), (101.0, True)])
def test_a_hundred_metres_are_the_least_leap_that_is_told(jump: float, told: bool) -> None:
    way = [0.0] * 9
    way[4] = jump
    assert ("gps-spike" in clean(made(**north(way))).flags) == told


@pytest.mark.parametrize(("many", "missing"), [(2, 2), (3, 0)])
def test_more_than_a_fifth_elsewhere_is_no_few(many: int, missing: int) -> None:
    way = [0.0] * 10
    way[4 : 4 + many] = [5000.0] * many
    assert kept(clean(made(**north(way))), "latitude_deg").count(None) == missing


@pytest.mark.parametrize(("rate", "missing"), [(30, 0), (29, 1), (230, 0), (231, 1)])
def test_the_borders_of_a_heart_rate(rate: int, missing: int) -> None:
    rates = [float(rate)] * 3 + [rate + (50.0 if rate < 100 else -50.0)] * 3
    rates = [*rates[:1], *rates[3:]]
    assert kept(clean(made(heart_rate_bpm=rates)), "heart_rate_bpm").count(None) == missing


def test_zeros_alone_are_no_strap_and_no_flag() -> None:
    after = clean(made(heart_rate_bpm=[0.0] * 9))
    assert kept(after, "heart_rate_bpm") == [None] * 9
    assert after.flags == {}
