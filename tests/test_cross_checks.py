"""Each cross-check, on both sides of its border, with both numbers in its words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from loadmon.io.clean import CODES, Counted, cross_check
from loadmon.io.recording import Recording

T0 = 1_772_350_200.0
NAN = float("nan")
SOUND = {
    **{"distance_m": 5000.0, "timer_s": 1800.0, "elapsed_s": 1800.0, "avg_hr_bpm": 150.0},
    **{"max_hr_bpm": 160.0, "laps_distance_m": 5000.0, "laps_timer_s": 1800.0},
    "whole_timer_s": 1800.0,
}


def checked(
    told: dict[str, float] | None = None,
    counted: dict[str, Any] | None = None,
    sport: str = "running",
    late: float = 0,
    every: float = 10,
) -> dict[str, str]:
    """Check an even run of 5 km in half an hour, changed as asked."""
    time = T0 + late + np.arange(0, 1801, every)
    path = np.linspace(0, 5000, len(time))
    rate = np.full(len(time), 150.0)
    rate[-1] = 160
    recording = Recording(sport=sport, start=T0, time=time, summary=SOUND | (told or {}))
    recording.streams["heart_rate_bpm"] = rate
    usual = {
        **{"distance_m": 5000.0, "source": "session", "timer_s": 1800.0, "moving_s": 1800.0},
        **{"going_s": 1800.0, "path_m": path, "mean_hr_bpm": 150.0},
    }
    return cross_check(recording, Counted(**(usual | (counted or {}))))


def test_a_file_that_tells_one_story_is_not_flagged() -> None:
    assert checked() == {}


@pytest.mark.parametrize(
    ("told", "code", "numbers"),
    [
        ({"elapsed_s": 2010}, "time-disagree", ("2010", "1800")),
        ({"elapsed_s": 1957}, "time-disagree", ("1957", "1800")),
        ({"elapsed_s": 1655}, "time-disagree", ("1655", "1800")),
        ({"laps_timer_s": 1700}, "time-disagree", ("1700", "1800")),
        ({"whole_timer_s": 1900}, "time-disagree", ("1900", "1800")),
        ({"laps_distance_m": 4700}, "dist-disagree", ("4700", "5000")),
        ({"avg_hr_bpm": 119}, "hr-disagree", ("119", "150")),
        ({"avg_hr_bpm": 189}, "hr-disagree", ("189", "150")),
        ({"max_hr_bpm": 181}, "hr-disagree", ("181", "160")),
        ({"max_hr_bpm": 139}, "hr-disagree", ("139", "160")),
    ],
)
def test_what_the_summary_says_too_differently_is_flagged_with_both_numbers(
    told: dict[str, float], code: str, numbers: tuple[str, str]
) -> None:
    found = checked(told)
    assert list(found) == [code]
    assert all(number in found[code] for number in numbers)


@pytest.mark.parametrize(
    "told",
    [
        {"elapsed_s": 1956}, {"elapsed_s": 1656}, {"laps_timer_s": 1711}, {"whole_timer_s": 1890},
        {"laps_distance_m": 4751}, {"avg_hr_bpm": 121}, {"avg_hr_bpm": 187}, {"max_hr_bpm": 180},
        {"max_hr_bpm": 140}, {"laps_distance_m": 0, "distance_m": 0}, {"avg_hr_bpm": 0},
        dict.fromkeys(SOUND, NAN),
    ],
)  # fmt: skip
def test_what_differs_as_sound_files_do_or_is_not_told_is_no_flag(told: dict[str, float]) -> None:
    assert checked(told) == {}


@pytest.mark.parametrize(("late", "flagged"), [(60, False), (61, True), (-61, True)])
def test_a_first_record_over_a_minute_from_the_start_is_flagged(late: float, flagged: bool) -> None:
    assert ("time-disagree" in checked(late=late)) == flagged


@pytest.mark.parametrize(
    ("seconds", "flagged"),
    [
        ({"moving_s": 1440, "going_s": 1000}, False),
        ({"moving_s": 1430, "going_s": 1000}, True),
        ({"moving_s": 3000, "going_s": 2250}, False),
        ({"moving_s": 3000, "going_s": 2251}, True),
        ({"moving_s": 3000, "going_s": 0}, False),
    ],
)
def test_a_timer_that_is_not_the_time_of_the_records_is_flagged_on_foot(
    seconds: dict[str, float], flagged: bool
) -> None:
    assert ("time-disagree" in checked(counted=seconds)) == flagged
    assert checked(counted=seconds, sport="rowing") == {}


def test_descents_with_lifts_between_them_have_clocks_of_their_own() -> None:
    told = {"elapsed_s": 900}
    assert checked(told, sport="alpine_skiing", late=600) == {}
    assert "time-disagree" in checked(told, sport="rowing", late=600)


@pytest.mark.parametrize(("metres", "flagged"), [(3501, False), (3499, True), (7150, True)])
def test_a_distance_far_from_the_way_along_the_positions_is_flagged(
    metres: float, flagged: bool
) -> None:
    assert ("dist-disagree" in checked(counted={"distance_m": metres})) == flagged
    assert checked(counted={"distance_m": metres}, sport="swimming").get("dist-disagree") is None


def with_hole(metres: float, seconds: float = 300) -> dict[str, str]:
    """Points every 10 s, and in the middle a silence in which some way was made."""
    time = T0 + np.r_[np.arange(0, 900, 10), 890 + seconds + np.arange(0, 900, 10)]
    path = np.r_[np.linspace(0, 2000, 90), 2000 + metres + np.linspace(0, 2000, 90)]
    recording = Recording(sport="running", start=T0, time=time)
    return cross_check(recording, Counted(path[-1], "gps", NAN, NAN, NAN, path, NAN))


@pytest.mark.parametrize(("metres", "flagged"), [(210, False), (230, True), (900, True)])
def test_way_over_a_long_silence_is_flagged_where_only_positions_measure_it(
    metres: float, flagged: bool
) -> None:
    assert ("gap-bridged" in with_hole(metres)) == flagged


def test_a_pause_in_which_nobody_moves_is_no_hole() -> None:
    assert with_hole(300, seconds=601) == {}


@pytest.mark.parametrize(
    ("sport", "fastest"),
    [
        *(("running", 7), ("walking", 2.7), ("hiking", 4), ("cycling", 25)),
        *(("swimming", 2.5), ("", 100)),
    ],
)
def test_a_mean_speed_too_high_for_the_sport_is_flagged(sport: str, fastest: float) -> None:
    for metres, flagged in ((fastest * 1799, False), (fastest * 1801, True)):
        found = checked(counted={"distance_m": metres, "path_m": np.empty(0)}, sport=sport)
        assert ("speed-implausible" in found) == flagged


def test_a_sprint_is_no_speed_to_wonder_at() -> None:
    short = {"distance_m": 1500.0, "timer_s": 150.0, "path_m": np.empty(0)}
    assert "speed-implausible" not in checked(counted=short)


def test_without_a_timer_no_speed_is_made_up() -> None:
    assert checked(counted={"timer_s": NAN}) == {}


def test_several_findings_of_one_code_are_all_told() -> None:
    told = checked({"elapsed_s": 3600, "laps_timer_s": 900})["time-disagree"]
    assert "3600" in told
    assert "900 s" in told
    assert set(checked({"elapsed_s": 3600})) <= set(CODES)


def short_run(
    told: dict[str, float], rows: int = 61, way: float = 400, **counted: Any
) -> dict[str, str]:
    """Check a run so short that not the shares but the least differences decide."""
    time = T0 + np.linspace(0, 600, rows)
    recording = Recording(sport="running", start=T0, time=time, summary=told)
    usual = {
        "distance_m": way,
        "source": "session",
        "timer_s": 600.0,
        "moving_s": 600.0,
        "going_s": 600.0,
    }
    path = np.linspace(0, way, rows)
    whole = {**usual, "path_m": path, "mean_hr_bpm": NAN, **counted}
    return cross_check(recording, Counted(**whole))


@pytest.mark.parametrize(
    ("told", "counted", "code"),
    [
        ({"elapsed_s": 721}, {}, "time-disagree"),
        ({"timer_s": 521}, {"moving_s": 400.0, "going_s": 400.0}, "time-disagree"),
        ({"timer_s": 400}, {"moving_s": 521.0, "going_s": 521.0}, "time-disagree"),
        ({"timer_s": 600, "laps_timer_s": 661}, {}, "time-disagree"),
        ({"timer_s": 600, "whole_timer_s": 661}, {}, "time-disagree"),
        ({"distance_m": 400, "laps_distance_m": 451}, {}, "dist-disagree"),
        ({}, {"distance_m": 601.0}, "dist-disagree"),
    ],
)
def test_on_a_short_run_a_least_difference_decides(
    told: dict[str, float], counted: dict[str, float], code: str
) -> None:
    assert list(short_run(told, **counted)) == [code]
    less = {name: value - 2 if value % 10 == 1 else value for name, value in told.items()}
    closer = {name: value - 2 if value % 10 == 1 else value for name, value in counted.items()}
    assert short_run(less, **closer) == {}


@pytest.mark.parametrize(("rows", "flagged"), [(10, False), (11, True)])
def test_a_few_records_are_no_clock(rows: int, flagged: bool) -> None:
    assert bool(short_run({"elapsed_s": 2000}, rows=rows)) == flagged


@pytest.mark.parametrize(("rows", "flagged"), [(10, False), (11, True)])
def test_a_few_heart_rates_are_no_mean(rows: int, flagged: bool) -> None:
    recording = Recording(sport="running", start=T0, summary={"max_hr_bpm": 190.0})
    recording.streams["heart_rate_bpm"] = np.full(rows, 150.0)
    found = cross_check(recording, Counted(NAN, "", NAN, NAN, NAN, np.empty(0), 150.0))
    assert ("hr-disagree" in found) == flagged


def hole(
    seconds: float, metres: float, *, every: float = 1, sport: str = "running", source: str = "gps"
) -> bool:
    """Tell whether a hole in a run of 3 km is flagged."""
    time = T0 + np.r_[np.arange(0, 100) * every, 99 * every + seconds + np.arange(0, 100) * every]
    path = np.r_[np.linspace(0, 1500, 100), 1500 + metres + np.linspace(0, 1500, 100)]
    recording = Recording(sport=sport, start=T0, time=time)
    return "gap-bridged" in cross_check(recording, Counted(NAN, source, NAN, NAN, NAN, path, NAN))


@pytest.mark.parametrize(
    ("there", "not_there"),
    [
        ((61, 201, 1), (60, 201, 1)),  # a minute is no hole
        ((201, 201, 20), (200, 201, 20)),  # nor is ten times the usual step
        ((401, 201, 1), (403, 201, 1)),  # nor way at less than half a metre a second
        ((61, 201, 1), (61, 200, 1)),  # nor 200 m
    ],
)
def test_each_border_of_a_hole(
    there: tuple[float, float, float], not_there: tuple[float, float, float]
) -> None:
    assert hole(there[0], there[1], every=there[2])
    assert not hole(not_there[0], not_there[1], every=not_there[2])


def test_a_hole_matters_on_foot_and_only_where_positions_measure() -> None:
    assert hole(300, 400)
    assert not hole(300, 400, sport="cycling")
    assert not hole(300, 400, source="session")


def test_a_speed_is_told_in_kilometres_an_hour_with_its_sport() -> None:
    fast = {"distance_m": 18000.0, "timer_s": 1800.0, "path_m": np.empty(0)}
    assert checked(counted=fast)["speed-implausible"] == "18.0 km at 36 km/h: running?"
    fast["distance_m"] = 360_000.0
    assert checked(counted=fast, sport="")["speed-implausible"].endswith("what sport?")


@pytest.mark.parametrize(("metres", "flagged"), [(1500, False), (1501, True)])
def test_from_a_mile_on_a_speed_is_judged(metres: float, flagged: bool) -> None:
    short = {"distance_m": metres, "timer_s": 100.0, "path_m": np.empty(0)}
    assert ("speed-implausible" in checked(counted=short)) == flagged
