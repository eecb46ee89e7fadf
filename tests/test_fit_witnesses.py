"""What a runner did by several places of a FIT file, of which one is wrong or silent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nasty import Change, changed, having, without
from writers import Message, activity_messages, fit_seconds, write_fit

from loadmon.athlete import Athlete
from loadmon.errors import FileProblem
from loadmon.io.parse import ParsedActivity, parse_input
from loadmon.io.read import read

START = dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)
RUN: dict[str, Any] = {"offset_min": 60, "distance_km": 5.04, "duration_min": 30, "step_s": 2}
_S = dt.timedelta(seconds=1)


def run(**asked: Any) -> list[Message]:
    return activity_messages(START, **{**RUN, **asked})


def parts(messages: list[Message]) -> list[ParsedActivity | FileProblem]:
    return parse_input("a.fit", write_fit(messages)).parts


def one(messages: list[Message]) -> ParsedActivity:
    (found,) = parts(messages)
    assert isinstance(found, ParsedActivity), found
    return found


def km(found: ParsedActivity) -> float:
    return float(found.numbers["distance_km"])


def minutes(found: ParsedActivity) -> float:
    return float(found.numbers["duration_min"])


def but(found: list[Message], name: str, *fields: str) -> list[Message]:
    """Messages of one name without some fields."""
    return changed(found, name, lambda _, old: {n: v for n, v in old.items() if n not in fields})


def records(found: list[Message], change: Change) -> list[Message]:
    return changed(found, "record", change)


def beside(found: list[Message], *more: Message) -> list[Message]:
    """Messages with some more behind the first."""
    return [found[0], *more, *found[1:]]


# --- sport --------------------------------------------------------------------------------------

NO_SPORT = but(but(run(step_s=10), "session", "sport", "sub_sport"), "lap", "sport", "sub_sport")
SPORT = ("sport", {"sport": "running", "sub_sport": "trail", "name": "Trail Run"})


def sport(messages: list[Message]) -> str:
    return one(messages).sport


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (beside(NO_SPORT, SPORT), "running"),
        (having(NO_SPORT, "lap", sport="running"), "running"),
        (having(NO_SPORT, "session", sub_sport="trail"), "running"),
        (having(NO_SPORT, "session", sport="generic", sub_sport="treadmill"), "running"),
        (having(NO_SPORT, "session", sport="generic", sub_sport="lap_swimming"), "swimming"),
        (having(NO_SPORT, "session", sport="fitness_equipment", sub_sport="treadmill"), "running"),
        (having(NO_SPORT, "session", sport_profile_name="Trail Run"), "running"),
        (beside(NO_SPORT, ("sport", {"sport": "generic", "name": "Run"})), "running"),
        # nothing says it: a watch's "other" is no sport, nor is a number of a later profile
        (NO_SPORT, ""),
        (having(NO_SPORT, "session", sport="generic"), ""),
        (having(having(NO_SPORT, "session", sport="generic"), "lap", sport="generic"), ""),
        (having(NO_SPORT, "session", sport=bytes([250])), ""),
        (having(beside(NO_SPORT, SPORT), "lap", sport="cycling"), ""),
    ],
)
def test_a_sport_is_told_by_what_tells_it(messages: list[Message], expected: str) -> None:
    assert sport(messages) == expected


def test_a_session_that_stands_alone_against_sport_message_and_laps_loses() -> None:
    swapped = having(run(step_s=10), "session", sport="cycling")
    found = one(beside(swapped, SPORT))
    assert found.sport == "running"
    assert found.issues["sport-disagree"] == (
        "the session says cycling, the sport message and its laps running: these count"
    )


def test_a_session_against_one_other_counts_and_both_are_told() -> None:
    for messages in (
        having(run(step_s=10), "lap", sport="cycling"),
        beside(having(run(step_s=10), "lap", sport=None), ("sport", {"sport": "cycling"})),
    ):
        found = one(messages)
        assert found.sport == "running"
        assert "cycling" in found.issues["sport-disagree"]


def unknown(folder: Path, **athlete: Any) -> tuple[Any, Any]:
    (folder / "a.fit").write_bytes(write_fit(having(NO_SPORT, "session", sport="generic")))
    after = activity_messages(START + dt.timedelta(days=1), **{**RUN, "step_s": 10})
    (folder / "b.fit").write_bytes(write_fit(after))
    archive = read(folder, athlete=Athlete(**athlete), cache=False)
    return archive, archive.unknown_days


def test_a_recording_of_unknown_sport_makes_its_day_unknown(tmp_path: Path) -> None:
    archive, days = unknown(tmp_path)
    assert days[["date", "why"]].to_dict("records") == [
        {"date": np.datetime64("2026-03-10"), "why": "no-sport"}
    ]
    assert "sport-unknown" in archive.activities["flags"][0]


@pytest.mark.parametrize(
    "answer",
    ["running", {"a.fit": "running"}, {"fit": "running"}, {"development": "running"},
     {"b.fit": "cycling", "": "running"}],
)  # fmt: skip
def test_the_runner_may_answer_for_unknown_sports(tmp_path: Path, answer: Any) -> None:
    archive, days = unknown(tmp_path, unknown_sport=answer)
    assert days.empty
    assert archive.activities["sport"].tolist() == ["running", "running"]
    assert archive.activities["steps"][0] == archive.activities["steps"][1]
    assert archive.activities["graded_speed_mps"][0] > 2
    assert len(archive.minutes([archive.activities["activity_id"][0]])) > 20


def test_an_answer_for_another_file_answers_nothing(tmp_path: Path) -> None:
    _, days = unknown(tmp_path, unknown_sport={"c.fit": "running", "gpx": "running"})
    assert len(days) == 1


# --- distance -----------------------------------------------------------------------------------


def without_positions(found: list[Message]) -> list[Message]:
    return but(found, "record", "position_lat", "position_long")


def no_distance(found: list[Message]) -> list[Message]:
    """Without a distance anywhere but in what is added."""
    fields = ("distance", "enhanced_speed")
    found = but(but(found, "session", "total_distance"), "lap", "total_distance")
    return without_positions(but(found, "record", *fields))


@pytest.mark.parametrize(
    "messages",
    [
        having(having(run(), "session", total_distance=50.4), "lap", total_distance=50.4),
        having(having(run(), "session", total_distance=9000), "lap", total_distance=9000),
        having(having(run(), "session", total_distance=3400), "lap", total_distance=3400),
        # without positions: the laps agree, or it is another unit
        having(without_positions(run()), "session", total_distance=6000),
        having(without_positions(but(run(), "lap", "total_distance")), "session",
               total_distance=504000),
        having(without_positions(but(run(), "lap", "total_distance")), "session",
               total_distance=3131.7),
    ],
)  # fmt: skip
def test_a_distance_of_the_session_that_stands_alone_loses(messages: list[Message]) -> None:
    found = one(messages)
    assert km(found) == pytest.approx(5.04, rel=0.01)
    assert found.numbers["distance_source"] == "records"
    assert "the records count" in found.issues["dist-disagree"]


@pytest.mark.parametrize(
    "messages",
    [
        # a runner who corrected the treadmill, and a foot pod against the sky
        having(having(without_positions(run()), "session", total_distance=5600), "lap",
               total_distance=5600),
        records(run(), lambda i, old: old | {"position_lat": old["position_lat"] + 900 * i}),
        # the records end early
        [m for i, m in enumerate(run()) if m[0] != "record" or i < 400],
    ],
)  # fmt: skip
def test_a_distance_of_the_session_against_one_other_counts(messages: list[Message]) -> None:
    found = one(messages)
    assert found.numbers["distance_source"] == "session"
    assert "dist-disagree" in found.issues


def test_a_summary_without_the_stops_that_records_hold_is_right() -> None:
    # 80 s of walking about while the timer stood, written as if it had run
    told = {"total_distance": 4760.0, "total_timer_time": 1700.0}
    found = one(having(having(run(), "session", **told), "lap", **told))
    assert (km(found), found.numbers["distance_source"]) == (4.76, "session")


def test_a_distance_that_only_laps_know_counts() -> None:
    found = one(having(no_distance(run()), "lap", total_distance=5040))
    assert (km(found), found.numbers["distance_source"]) == (5.04, "laps")


def test_a_distance_that_only_speed_knows_counts_where_it_covers_the_run() -> None:
    base = no_distance(run(sub_sport="treadmill"))
    found = one(records(base, lambda _, old: old | {"enhanced_speed": 2.8}))
    assert km(found) == pytest.approx(5.04, rel=0.002)
    assert found.numbers["distance_source"] == "speed"
    half = records(base, lambda i, old: old | ({"enhanced_speed": 2.8} if i < 450 else {}))
    assert np.isnan(km(one(half)))


# --- a counter that begins again, or has counted before -----------------------------------------


def counter(change: Any) -> list[Message]:
    return records(run(), lambda i, old: old | {"distance": change(i, old["distance"])})


@pytest.mark.parametrize(
    "change",
    [
        lambda i, m: m if i < 450 else m - 2520,  # two runs in one
        lambda i, m: m if i < 300 else m - 1680 if i < 600 else m - 3360,  # three
        lambda i, m: m + 1500,  # after a swim of 1500 m
        lambda i, m: m if i < 450 else m + 50000 if i < 455 else m,  # there and back
        lambda i, m: m if not 450 <= i < 455 else 0.0,
    ],
)
def test_a_counter_counts_what_was_covered(change: Any) -> None:
    found = one(counter(change))
    assert km(found) == 5.04
    assert "dist-disagree" not in found.issues
    alone = [m for m in counter(change) if m[0] not in ("session", "lap")]
    told = one(having(alone, "record", position_lat=None))
    assert km(told) == pytest.approx(5.04, abs=0.02)


def test_a_counter_that_was_there_before_the_first_record_counts_where_the_summary_has_it() -> None:
    late = [m for i, m in enumerate(run()) if m[0] != "record" or i > 450]
    assert km(one(late)) == 5.04


# --- timer --------------------------------------------------------------------------------------


def timers(session: Any, lap: Any = None, whole: Any = None, **more: Any) -> list[Message]:
    base = having(run(), "session", total_timer_time=session, **more)
    return having(having(base, "lap", total_timer_time=lap), "activity", total_timer_time=whole)


@pytest.mark.parametrize(
    "messages",
    [
        timers(0),
        timers(None),
        timers(0, lap=1800),
        timers(0, whole=1800),
        timers(1.8),  # thousandths
        timers(30, whole=1800),  # minutes, and the whole file
        timers(900, lap=1800, whole=1800),  # stands alone
        timers(1200, lap=1800),  # the records agree with the laps
        [m for m in timers(0) if m[0] != "record"],  # elapsed time alone
    ],
)
def test_a_timer_that_is_none_or_stands_alone_gives_way(messages: list[Message]) -> None:
    assert minutes(one(messages)) == pytest.approx(30, abs=0.1)


def test_a_timer_of_nought_without_anything_beside_it_is_no_training() -> None:
    (found,) = parts([m for m in timers(0, total_elapsed_time=0) if m[0] != "record"])
    assert isinstance(found, ParsedActivity) or found.reason == "zero-length"


def test_a_timer_shorter_than_records_that_go_on_through_stops_is_right() -> None:
    still = records(run(), lambda i, old: old | {"distance": min(old["distance"], 4000.0)})
    told = {"total_timer_time": 1430.0, "total_distance": 4000.0}
    found = one(having(having(still, "session", **told), "lap", **told))
    assert minutes(found) == pytest.approx(1430 / 60)


def test_records_that_end_early_do_not_beat_a_summary_at_their_pace() -> None:
    three_hours = {"total_timer_time": 10800.0, "total_elapsed_time": 10800.0}
    long = {**three_hours, "total_distance": 30240.0}
    base = having(having(run(), "session", **long), "activity", total_timer_time=10800.0)
    found = one(having(base, "lap", **long))
    assert (minutes(found), km(found)) == (180, 30.24)
    assert "time-disagree" in found.issues
    # a watch that was left running tells as much, but nobody ran that slowly
    left_on = one(having(base, "session", total_distance=5040.0))
    assert minutes(left_on) == pytest.approx(30, abs=0.1)


# --- start and clock ----------------------------------------------------------------------------


def begins(offset_s: float, base: list[Message] | None = None) -> list[Message]:
    """A session that says another start than the rest of the file."""
    return having(base or run(step_s=10), "session", start_time=START + offset_s * _S)


@pytest.mark.parametrize("offset_s", [2 * 86400, -2 * 86400, 3600, 8 * 3600])
def test_a_start_that_stands_alone_loses(offset_s: float) -> None:
    found = one(begins(offset_s))
    assert found.start == START.timestamp()
    assert "2026-03-10 08:00:00 UTC: these count" in found.issues["time-disagree"]


def test_without_a_start_of_the_session_others_tell_it() -> None:
    base = but(run(step_s=10), "session", "start_time")
    assert one(base).start == START.timestamp()
    assert one(without(base, "record")).start == START.timestamp()


def test_records_of_another_day_do_not_move_a_session_that_others_agree_with() -> None:
    moved = records(
        run(step_s=10), lambda _, old: old | {"timestamp": old["timestamp"] + 86400 * 3 * _S}
    )
    found = one(moved)
    assert found.start == START.timestamp()
    assert "time-disagree" in found.issues


def local(seconds: float) -> int:
    return fit_seconds(START) + round(seconds)


def offset(messages: list[Message]) -> float:
    return one(messages).offset_min


def test_local_time_is_told_by_the_activity_the_correlation_or_the_settings() -> None:
    none = run(offset_min=None, step_s=10)
    correlation = ("timestamp_correlation", {
        "timestamp": START, "system_timestamp": START, "local_timestamp": local(36000),
    })  # fmt: skip
    kept = ("device_settings", {
        "active_time_zone": 0, "utc_offset": 0, "time_offset": [2**32 - 4 * 3600, 0],
    })  # fmt: skip
    assert np.isnan(offset(none))
    assert offset(beside(none, correlation)) == 600
    assert offset(beside(none, kept)) == -240
    assert offset(beside(run(step_s=10), correlation, kept)) == 60
    unset = ("device_settings", {"active_time_zone": 0, "utc_offset": 0, "time_offset": [0, 0]})
    assert np.isnan(offset(beside(none, unset)))


HANOI, NEW_YORK, LONDON = (21.03, 105.85), (40.78, -73.97), (51.5, -0.12)


def there(folder: Path, position: tuple[float, float], offset_min: float) -> tuple[float, str]:
    pytest.importorskip("tzfpy")
    lat, lon = (round(d * 2**31 / 180) for d in position)
    base = run(step_s=10, offset_min=offset_min)
    at = records(base, lambda i, old: old | {"position_lat": lat + 60 * i, "position_long": lon})
    (folder / "a.fit").write_bytes(write_fit(at))
    row = read(folder, cache=False).activities.iloc[0]
    return row["utc_offset_min"], row["tz_source"]


@pytest.mark.parametrize(
    ("position", "stated", "expected"),
    [
        (HANOI, 0, (420, "gps")),  # a copy of UTC
        (HANOI, -420, (420, "gps")),  # taken off instead of added
        (NEW_YORK, 240, (-240, "gps")),
        (NEW_YORK, -240, (-240, "file")),
        (NEW_YORK, 60, (60, "file")),  # a watch that kept the time of home
        (LONDON, 0, (0, "file")),
    ],
)
def test_a_local_time_that_copies_or_mirrors_utc_is_none(
    tmp_path: Path, position: tuple[float, float], stated: float, expected: tuple[float, str]
) -> None:
    assert there(tmp_path, position, stated) == expected


def at(year: int, **file_id: Any) -> list[Message]:
    base = activity_messages(START.replace(year=year), **{**RUN, "step_s": 10})
    return having(base, "file_id", **file_id)


GARMIN: dict[str, Any] = {"manufacturer": "garmin"}


@pytest.mark.parametrize(
    "messages",
    [
        at(2006),
        at(2015, time_created=START.replace(year=2015) + dt.timedelta(weeks=1024)),
        at(2015, manufacturer="garmin", product=4536),  # a watch of 2024
        at(2010, manufacturer="garmin", product=2050),  # of 2015
    ],
)
def test_a_date_before_its_watch_is_doubtful(messages: list[Message]) -> None:
    assert "date-doubtful" in one(messages).issues


@pytest.mark.parametrize(
    "messages",
    [
        at(2012, manufacturer="garmin", product=1328),
        at(2024, manufacturer="garmin", product=4536),
        at(2012, manufacturer="suunto", product=30),
        at(2012, manufacturer="garmin", product=20119),  # a program, not a watch
        at(2015, time_created=START),  # exported years later
    ],
)
def test_a_date_that_can_be_is_not(messages: list[Message]) -> None:
    assert "date-doubtful" not in one(messages).issues


def test_the_day_that_a_doubtful_date_may_be_is_unknown(tmp_path: Path) -> None:
    early = START - dt.timedelta(weeks=1024)
    (tmp_path / "a.fit").write_bytes(write_fit(activity_messages(early, **{**RUN, "step_s": 10})))
    archive = read(tmp_path, cache=False)
    assert archive.activities["start_utc"][0] == START
    assert archive.unknown_days[["date", "why"]].to_dict("records") == [
        {"date": np.datetime64("2026-03-10"), "why": "date-doubtful"}
    ]


# --- a ride -------------------------------------------------------------------------------------


def with_ride(begin: int, end: int, mps: float, spm: float | None = None) -> list[Message]:
    """The run, which from one record to another goes on at another speed."""

    def change(i: int, old: dict[str, Any]) -> dict[str, Any]:
        more = (min(max(i, begin), end) - begin) * 2 * (mps - 2.8)
        north = round(more / 111_195 * 2**31 / 180)
        new = {"distance": old["distance"] + more, "position_lat": old["position_lat"] + north}
        if begin <= i < end:
            new["cadence"] = spm and round(spm / 2)
        return old | new | {"enhanced_speed": None}

    base = without(records(run(), change), "lap")
    metres = 5040 + (end - begin) * 2 * (mps - 2.8)
    return having(base, "session", total_distance=metres)


@pytest.mark.parametrize(("begin", "end"), [(800, 900), (0, 100), (400, 500)])
def test_a_ride_is_left_out_of_a_run(begin: int, end: int) -> None:
    found = one(with_ride(begin, end, 17.0))
    assert km(found) == pytest.approx(5.04 * 8 / 9, rel=0.02)
    assert minutes(found) == pytest.approx(30 * 8 / 9, rel=0.02)
    assert "are no run: left out" in found.issues["vehicle"]
    assert found.numbers["graded_speed_mps"] < 4


@pytest.mark.parametrize(
    "messages",
    [
        with_ride(400, 410, 9.0),  # 20 s of sprinting
        with_ride(400, 440, 9.0, spm=170),  # steps: the positions are wrong
        with_ride(400, 500, 5.5),  # a fast kilometre
        having(with_ride(400, 500, 17.0), "session", sport="cycling"),
    ],
)
def test_what_people_run_is_not_cut(messages: list[Message]) -> None:
    assert "vehicle" not in one(messages).issues


# --- sparse streams -----------------------------------------------------------------------------


def seconds_with_heart_rate(found: ParsedActivity) -> float:
    return float(np.sum(found.effort["seconds_at_bpm"]))


def thinned(every_s: int, base: list[Message] | None = None) -> list[Message]:
    kept = records(base or run(), lambda i, old: old if i % (every_s // 2) == 0 else None)
    return without(kept, "lap")


@pytest.mark.parametrize("every_s", [4, 38, 60, 110])
def test_records_now_and_then_cover_the_run(every_s: int) -> None:
    found = one(but(thinned(every_s), "session", "avg_heart_rate", "total_cycles"))
    assert found.numbers["hr_coverage"] == pytest.approx(1, abs=0.07)
    assert found.numbers["avg_hr_bpm"] == pytest.approx(one(run()).numbers["avg_hr_bpm"], rel=0.005)
    assert found.numbers["steps"] == pytest.approx(one(run()).numbers["steps"], rel=0.07)


def test_a_stop_of_the_timer_earns_nothing_however_short() -> None:
    paused = run(pause_s=100)
    found = one(but(thinned(10, paused), "session", "total_cycles"))
    assert seconds_with_heart_rate(found) == pytest.approx(1800, abs=12)
    assert found.numbers["steps"] == pytest.approx(one(run()).numbers["steps"], rel=0.02)


def test_silences_without_a_word_of_a_stop_earn_no_more_than_the_timer_ran() -> None:
    found = one(without(run(pause_s=100), "event"))
    assert seconds_with_heart_rate(found) == pytest.approx(1800, abs=5)


def rates(change: Any) -> ParsedActivity:
    base = but(run(), "session", "avg_heart_rate")
    found = records(base, lambda i, old: old | {"heart_rate": change(i)})
    return one(found)


def test_a_heart_rate_written_on_change_or_every_half_minute_covers_the_run() -> None:
    assert rates(lambda i: 140 + i // 15 % 20 if i % 15 == 0 else None).numbers[
        "hr_coverage"
    ] == pytest.approx(1, abs=0.02)
    assert rates(lambda i: 150 if i % 16 == 15 else None).numbers["hr_coverage"] > 0.96


def test_a_strap_that_failed_leaves_a_hole() -> None:
    found = rates(lambda i: None if 300 <= i < 480 else 150)
    assert found.numbers["hr_coverage"] == pytest.approx(0.8, abs=0.01)


def test_a_stream_of_a_part_does_not_beat_the_mean_of_the_summary() -> None:
    base = records(run(), lambda i, old: old | {"heart_rate": 100 if i < 400 else None})
    found = one(having(base, "session", avg_heart_rate=150))
    assert found.numbers["avg_hr_bpm"] == 150
    assert found.numbers["hr_coverage"] < 0.5


def test_steps_of_too_few_records_are_not_known() -> None:
    base = but(run(), "session", "total_cycles")
    two = records(base, lambda i, old: old if i in (0, 900) else None)
    assert np.isnan(one(two).numbers["steps"])
    half = records(base, lambda i, old: old if i < 450 else old | {"cadence": None})
    assert np.isnan(one(half).numbers["steps"])


def test_strides_that_two_cadences_speak_against_are_left_out() -> None:
    right = one(run()).numbers["steps"]
    found = one(having(run(), "session", total_cycles=600))
    assert found.numbers["steps"] == pytest.approx(right, rel=0.02)
    assert found.numbers["steps_source"] == "records"
    assert "steps-disagree" in found.issues
    alone = one(having(but(run(), "session", "avg_cadence"), "session", total_cycles=600))
    assert (alone.numbers["steps"], alone.numbers["steps_source"]) == (1200, "session")
    assert "steps-disagree" in alone.issues


# --- heart rates of a strap ---------------------------------------------------------------------

BARE = but(but(run(), "record", "heart_rate"), "session", "avg_heart_rate", "max_heart_rate")


def packed(first: float, seconds: float, bpm: int = 150) -> list[Message]:
    """Messages of a strap: one that says its clock, then eight beats each in twelve bits."""
    out: list[Message] = [
        ("hr", {"timestamp": START, "event_timestamp": first, "filtered_bpm": [bpm]})
    ]
    beats = np.arange(first, first + seconds, 60 / bpm)[1:]
    for eight in beats[: len(beats) // 8 * 8].reshape(-1, 8):
        ticks = [round(beat * 1024) & 0xFFF for beat in eight.tolist()]
        whole = sum(tick << 12 * i for i, tick in enumerate(ticks))
        fields = {"event_timestamp_12": whole.to_bytes(12, "little"), "filtered_bpm": [bpm] * 8}
        out.append(("hr", fields))
    return out


def test_heart_rates_of_a_strap_in_the_same_part_count() -> None:
    found = one([*BARE[:-1], *packed(1000.25, 1800), BARE[-1]])
    assert found.numbers["avg_hr_bpm"] == pytest.approx(150)
    assert found.numbers["hr_coverage"] > 0.98


def test_heart_rates_of_a_strap_in_a_later_part_count() -> None:
    later = [("file_id", {"type": "activity"}), *packed(77.5, 1800, 141)]
    (found,) = parse_input("a.fit", write_fit(BARE) + write_fit(later)).parts
    assert isinstance(found, ParsedActivity)
    assert found.numbers["avg_hr_bpm"] == pytest.approx(141)
    assert "from-copy" in found.issues


def test_a_strap_never_replaces_a_heart_rate_of_a_record_nor_reaches_far() -> None:
    with_own = records(run(), lambda i, old: old | {"heart_rate": 120 if i < 450 else None})
    found = one([*with_own[:-1], *packed(1000, 1800), with_own[-1]])
    assert found.numbers["avg_hr_bpm"] == pytest.approx(135, abs=0.5)
    short = one([*BARE[:-1], *packed(1000, 600), BARE[-1]])
    assert short.numbers["hr_coverage"] == pytest.approx(1 / 3, abs=0.02)


# --- fields of apps on the watch ----------------------------------------------------------------


def app(number: int, name: str, base: str, **told: Any) -> Message:
    return ("field_description", {
        "developer_data_index": 0, "field_definition_number": number, "fit_base_type_id": base,
        "field_name": name, **told,
    })  # fmt: skip


def with_app(base: list[Message], *described: Message, **values: Any) -> list[Message]:
    """Records with developer field 1, whose value is made of the place of the record."""
    own = records(base, lambda i, old: old | {(0, 1): values["value"](i)})
    index = ("developer_data_id", {"developer_data_index": 0, "application_id": bytes(16)})
    return beside(own, index, *described)


RECORD: dict[str, Any] = {"native_mesg_num": "record"}


def test_an_app_s_field_that_stands_for_a_native_one_counts_where_that_is_missing() -> None:
    power = app(1, "Stryd", "uint16", native_field_num=7, units="Watts", **RECORD)
    found = one(with_app(run(), power, value=lambda i: 250))
    assert found.numbers["avg_power_w"] == 250
    assert found.numbers["power_coverage"] == pytest.approx(1, abs=0.01)
    rate = app(1, "HR", "uint8", native_field_num=3)
    assert one(with_app(BARE, rate, value=lambda i: 151)).numbers["avg_hr_bpm"] == 151
    far = app(1, "Way", "float32", native_field_num=5, units="km", **RECORD)
    found = one(with_app(no_distance(run()), far, value=lambda i: 5.04 * i / 900))
    assert km(found) == pytest.approx(5.04, rel=0.001)
    fast = app(1, "Pace", "float32", native_field_num=6, units="km/h", **RECORD)
    found = one(with_app(no_distance(run()), fast, value=lambda i: 10.08))
    assert km(found) == pytest.approx(5.04, rel=0.002)


@pytest.mark.parametrize(
    "described",
    [
        app(1, "heart_rate", "uint8"),  # a name is no number
        app(1, "heart_rate", "uint8", native_field_num=54, **RECORD),  # haemoglobin
        app(1, "HR", "uint8", native_field_num=3, native_mesg_num="lap"),
    ],
)
def test_an_app_s_field_of_another_kind_is_no_heart_rate(described: Message) -> None:
    assert np.isnan(one(with_app(BARE, described, value=lambda i: 99)).numbers["avg_hr_bpm"])


def test_an_app_s_field_never_replaces_a_native_one() -> None:
    rate = app(1, "HR", "uint8", native_field_num=3, **RECORD)
    right = one(run()).numbers["avg_hr_bpm"]
    assert one(with_app(run(), rate, value=lambda i: 99)).numbers["avg_hr_bpm"] == right


def frame(described: list[Message], value: Any = lambda i: 2518) -> Any:
    from loadmon.io.fit.frames import read_fit

    base = with_app(run(step_s=60), *described, value=value)
    return read_fit(write_fit(base))["record"]


def test_scale_and_offset_of_an_app_s_field_are_applied() -> None:
    epoc = frame([app(1, "EPOC", "uint16", scale=10)])
    assert epoc["EPOC"].tolist() == [251.8] * len(epoc)
    warm = frame([app(1, "warm", "uint16", scale=100, offset=20)])
    assert warm["warm"][0] == pytest.approx(5.18)
    assert np.isnan(frame([app(1, "EPOC", "uint16", scale=10)], lambda i: None)["EPOC"]).all()


def test_a_field_described_anew_in_mid_file_keeps_both_names() -> None:
    base = with_app(run(step_s=60), app(1, "first", "uint16"), value=lambda i: 7)
    half = len(base) // 2
    from loadmon.io.fit.frames import read_fit

    anew = [*base[:half], app(1, "second", "uint16", scale=2), *base[half:]]
    found = read_fit(write_fit(anew))["record"]
    first, second = found["first"], found["second"]
    assert (first.notna() ^ second.notna()).all()
    assert first.dropna().eq(7).all()
    assert second.dropna().eq(3.5).all()
    assert first.notna().sum() in range(5, 26)
