"""What one FIT file tells of its activities."""

from __future__ import annotations

import datetime as dt
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers import Message, activity_messages, fit_seconds, run_fit, settings_fit, write_fit

from loadmon.errors import FileProblem
from loadmon.io.fit.activity import fit_recordings
from loadmon.io.fit.scan import crc16
from loadmon.io.recording import Recording

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)
RUN: dict[str, Any] = {"offset_min": 60, "distance_km": 2.4, "duration_min": 12}


def at(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def messages(**changes: Any) -> list[Message]:
    return activity_messages(START, **{**RUN, **changes})


def without(names: set[str], of: list[Message]) -> list[Message]:
    return [m for m in of if m[0] not in names]


def changed(name: str, of: list[Message], **fields: Any) -> list[Message]:
    return [(m[0], {**m[1], **fields}) if m[0] == name else m for m in of]


def one(of: list[Message], **form: Any) -> Recording:
    (found,) = fit_recordings(write_fit(of, **form))
    assert isinstance(found, Recording)
    return found


def problem(data: bytes) -> FileProblem:
    (found,) = fit_recordings(data)
    assert isinstance(found, FileProblem)
    return found


def record(i: int, **fields: Any) -> Message:
    return ("record", {"timestamp": at(10 * i), **fields})


def test_the_session_tells_its_sums() -> None:
    run = one(messages(rpe=6, pause_s=30))
    assert (run.sport, run.sub_sport, run.start) == ("running", "generic", START.timestamp())
    assert run.summary["distance_m"] == 2400
    assert run.summary["timer_s"] == 720
    assert run.summary["elapsed_s"] == 750
    assert run.summary["rpe"] == 6
    assert run.summary["cycles"] == pytest.approx(84 * 12, rel=0.02)
    assert run.summary["ascent_m"] == 17  # 12 m to the first kilometre, 4.8 m from the second
    assert run.flags == {}


def test_what_the_session_does_not_say_is_absent() -> None:
    run = one(messages(heart_rate=None, cadence_spm=0))
    assert "avg_hr_bpm" not in run.summary
    assert "rpe" not in run.summary
    assert "cycles" not in run.summary
    assert not {"heart_rate_bpm", "cadence_spm", "power_w"} & set(run.streams)


def test_effort_in_the_field_without_a_name_is_ten_times_the_answer() -> None:
    # session: start_time, sport, and field 193 as uint8, which Garmin writes and no profile names
    definition = b"\x40\0\0" + struct.pack("<HB", 18, 3) + bytes([2, 4, 0x86, 5, 1, 0, 193, 1, 2])
    body = definition + b"\0" + struct.pack("<IBB", fit_seconds(START), 1, 70)
    head = struct.pack("<BBHI4s", 12, 0x20, 2171, len(body), b".FIT")
    (found,) = fit_recordings(head + body + struct.pack("<H", crc16(head + body)))
    assert isinstance(found, Recording)
    assert found.summary == {"rpe": 7}


@pytest.mark.parametrize("order", ["last", "first"])
def test_the_summary_may_stand_before_or_behind_the_records(order: str) -> None:
    made = messages()
    if order == "first":
        made = sorted(made, key=lambda m: {"file_id": 0, "session": 1, "activity": 2}.get(m[0], 3))
    run = one(made)
    assert (run.summary["distance_m"], len(run.time), run.offset_min) == (2400, 73, 60)


def test_strides_are_steps_of_both_feet_with_their_fraction() -> None:
    made = [record(i, cadence=85, fractional_cadence=0.5) for i in range(4)]
    session: Message = ("session", {"sport": "running", "start_time": START})
    assert one([*made, session]).streams["cadence_spm"].tolist() == [171.0] * 4


def test_a_cadence_that_already_counts_both_feet_is_left_alone() -> None:
    session: Message = ("session", {"sport": "running", "start_time": START})
    for cadence, steps in ((130, 260), (131, 131), (170, 170)):
        made = [record(i, cadence=0 if i < 3 else cadence) for i in range(5)]  # mostly standing
        assert one([*made, session]).streams["cadence_spm"].tolist() == [0, 0, 0, steps, steps]


def test_turns_of_a_crank_are_not_doubled() -> None:
    session: Message = ("session", {"sport": "cycling", "start_time": START})
    assert one([record(0, cadence=85), session]).streams["cadence_spm"].tolist() == [85]


def test_the_better_of_two_fields_comes_first_and_the_other_fills_its_gaps() -> None:
    session: Message = ("session", {"sport": "running", "start_time": START})
    made = [
        record(0, enhanced_altitude=50.2, altitude=50),
        record(1, enhanced_altitude=None, altitude=60),
    ]
    assert one([*made, session]).streams["altitude_m"].tolist() == pytest.approx([50.2, 60])
    packed = bytes([200, 0, 0])  # 2 m/s in twelve bits, and no distance yet
    made = [
        ("record", {"timestamp": at(0), "enhanced_speed": 3.4, "speed": 3.0}, 0),
        ("record", {"timestamp": at(1), "compressed_speed_distance": packed}, 1),
        ("record", {"timestamp": at(2), "enhanced_speed": 3.6}, 2),
    ]
    assert one([*made, session]).streams["speed_mps"].tolist() == pytest.approx([3.4, 2.0, 3.6])


def test_positions_are_degrees() -> None:
    run = one(messages())
    assert run.streams["latitude_deg"][0] == pytest.approx(0.5, abs=1e-7)
    assert run.streams["longitude_deg"][0] == pytest.approx(-30, abs=1e-7)


def test_no_session_is_flagged_and_summed_up_without_its_pauses() -> None:
    run = one(without({"session", "lap", "activity"}, messages(pause_s=120)))
    assert set(run.flags) == {"no-session"}
    assert (run.sport, run.start) == ("", START.timestamp())
    assert run.summary == {"timer_s": 720}


@pytest.mark.parametrize("stop", ["stop", "stop_all", "stop_disable", "stop_disable_all"])
def test_every_kind_of_stop_pauses_until_the_next_start(stop: str) -> None:
    def timer(second: float, what: str) -> Message:
        return ("event", {"timestamp": at(second), "event": "timer", "event_type": what})

    made = [timer(0, "start"), *(record(i) for i in range(11)), timer(20, stop), timer(25, stop),
            timer(60, "start"), timer(70, "start"), timer(90, stop)]  # fmt: skip
    assert one(made).summary["timer_s"] == 100 - 40
    other = [(m[0], {**m[1], "event": "workout"}) if m[0] == "event" else m for m in made]
    assert one(other).summary["timer_s"] == 100


def test_a_pause_outside_the_records_costs_nothing() -> None:
    def timer(second: float, what: str) -> Message:
        return ("event", {"timestamp": at(second), "event": "timer", "event_type": what})

    made = [timer(-50, "stop"), timer(30, "start"), *(record(i) for i in range(11)),
            timer(90, "stop"), timer(500, "start")]  # fmt: skip
    assert one(made).summary["timer_s"] == 100 - 30 - 10
    made = [timer(-50, "stop"), timer(-20, "start"), *(record(i) for i in range(11)),
            timer(190, "stop"), timer(500, "start")]  # fmt: skip
    assert one(made).summary["timer_s"] == 100


def test_each_session_has_the_records_from_its_start_to_the_next() -> None:
    def session(second: int, sport: str) -> Message:
        return ("session", {"sport": sport, "start_time": at(second), "total_distance": 50})

    made = [record(i, distance=5 * i) for i in range(20)]
    for order in (
        [session(0, "swimming"), session(80, "cycling"), session(150, "running")],
        [session(150, "running"), session(0, "swimming"), session(80, "cycling")],
    ):
        found = fit_recordings(write_fit([*made, *order]))
        assert all(isinstance(f, Recording) for f in found)
        runs = [f for f in found if isinstance(f, Recording)]
        assert [r.sport for r in runs] == ["swimming", "cycling", "running"]
        assert [len(r.time) for r in runs] == [8, 7, 5]
        assert [r.streams["distance_m"][0] for r in runs] == [0, 5, 5]


def test_a_counter_that_begins_anew_in_a_later_session_is_left_alone() -> None:
    made = [record(i, distance=5 * (i % 10)) for i in range(20)]
    sessions: list[Message] = [
        ("session", {"sport": "running", "start_time": at(s)}) for s in (0, 100)
    ]
    _, second = fit_recordings(write_fit([*made, *sessions]))
    assert isinstance(second, Recording)
    assert second.streams["distance_m"].tolist() == [5.0 * i for i in range(10)]


@pytest.mark.parametrize(
    ("difference_s", "offset"),
    [(3600, 60), (-14_400, -240), (20_700, 345), (3599, 60), (3720, 60), (3721, None),
     (50_400, 840), (51_300, None), (-43_200, -720), (-44_100, None), (0, 0)],
)  # fmt: skip
def test_the_offset_is_in_quarter_hours_and_only_where_it_can_be(
    difference_s: int, offset: float | None
) -> None:
    local = fit_seconds(at(720)) + difference_s
    run = one(changed("activity", messages(), timestamp=at(720), local_timestamp=local))
    assert run.offset_min == offset or (offset is None and np.isnan(run.offset_min))


def test_a_file_that_is_no_activity_is_named_and_skipped() -> None:
    found = problem(settings_fit(START))
    assert (found.outcome, found.reason) == ("skipped", "not-activity")
    assert "settings" in found.detail
    assert "no activity" in problem(write_fit([("hrv", {"time": [0.5]})])).detail


def test_a_file_without_file_id_is_read_by_its_records() -> None:
    assert len(one(without({"file_id"}, messages())).time) == 73


def test_a_clock_that_was_never_set_is_quarantined_with_the_day_of_the_file() -> None:
    made = [(m[0], {k: 4000 if k in TIMES else v for k, v in m[1].items()}) for m in messages()]
    created = changed("file_id", made, time_created=START)
    found = problem(write_fit(created))
    assert (found.outcome, found.reason) == ("quarantined", "time-relative")
    assert "2026-03-01" in found.detail
    assert found.when == START.timestamp()
    assert np.isnan(problem(write_fit(made)).when)


TIMES = ("timestamp", "start_time", "time_created", "local_timestamp")


def test_a_damaged_file_knows_its_day_as_far_as_it_was_read() -> None:
    data = run_fit(START, **RUN)
    assert problem(data[:-1]).when == START.timestamp()
    assert np.isnan(problem(data[:14]).when)
    header_and_file_id = problem(data[:60])
    assert header_and_file_id.when == START.timestamp()


def test_each_part_of_a_chain_is_its_own() -> None:
    found = fit_recordings(
        run_fit(START, **RUN) + settings_fit(START) + run_fit(at(9000), **RUN)[:-9]
    )
    assert [type(f) for f in found] == [Recording, FileProblem, FileProblem]
    assert [f.reason for f in found if isinstance(f, FileProblem)] == [
        "not-activity",
        "fit-truncated",
    ]


def test_oddities_of_a_part_are_flags_of_its_recordings() -> None:
    (found,) = fit_recordings(run_fit(START, **RUN) + bytes(3))
    assert isinstance(found, Recording)
    assert set(found.flags) == {"fit-trailing"}


@given(st.booleans(), st.booleans(), st.integers(1, 20), st.integers(0, 99))
def test_however_it_is_written_the_same_recording_comes_out(
    big_endian: bool, compressed: bool, step_s: int, seed: int
) -> None:
    made = messages(step_s=step_s, seed=seed)
    plain = one(made)
    other = one(made, big_endian=big_endian, compressed=compressed, header_size=12)
    assert other.summary == plain.summary
    np.testing.assert_array_equal(other.time, plain.time)
    for name, values in plain.streams.items():
        np.testing.assert_array_equal(other.streams[name], values)
