"""`read_fit` against fitdecode, cell by cell, on files written for every feature of the format."""

from __future__ import annotations

import datetime as dt
import gzip
import math
import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from examples import examples
from fit_oracle import compare
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import Message, activity_messages, fit_seconds, run_fit, settings_fit, write_fit

from loadmon.errors import FileProblem, ReadError
from loadmon.io.fit.frames import read_fit
from loadmon.io.fit.scan import crc16

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)
RUN = {"offset_min": 60, "distance_km": 2.4, "duration_min": 12, "pause_s": 40, "rpe": 5}
APP: Message = ("developer_data_id", {"developer_data_index": 0, "application_id": [7] * 16})


def after(seconds: int) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def describe(number: int, base: str, name: str, index: int = 0) -> Message:
    fields = {"developer_data_index": index, "field_definition_number": number,
              "fit_base_type_id": base, "field_name": name, "units": "W"}  # fmt: skip
    return ("field_description", fields)


def equal(data: bytes) -> dict[str, pd.DataFrame]:
    """Frames of a file, once they are equal to fitdecode's."""
    frames = read_fit(data)
    cells, wrong = compare(data, frames)
    assert wrong == []
    assert cells > 0
    return frames


def from_body(definition: bytes, *messages: bytes) -> bytes:
    """A file of one definition (local type 0) and its messages, written byte by byte."""
    body = b"\x40" + definition + b"".join(b"\0" + m for m in messages)
    head = struct.pack("<BBHI4s", 12, 0x20, 2171, len(body), b".FIT")
    return head + body + struct.pack("<H", crc16(head + body))


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("header_size", [12, 14])
def test_a_run_is_equal_in_every_form(big_endian: bool, compressed: bool, header_size: int) -> None:
    messages = activity_messages(START, step_s=1, **RUN)
    form: dict[str, Any] = {"big_endian": big_endian, "compressed": compressed}
    frames = equal(write_fit(messages, header_size=header_size, **form))
    assert len(frames["record"]) == 721
    assert frames["session"]["total_distance"][0] == 2400.0
    assert frames["session"]["sport"][0] == "running"
    assert frames["record"]["timestamp"].iloc[-1] == pd.Timestamp(after(760))


def test_compressed_times_roll_over_for_ten_minutes() -> None:
    seconds = [0]
    rng = random.Random(5)
    while seconds[-1] < 620:
        seconds.append(seconds[-1] + rng.choice([0, 1, 3, 10, 31]))
    records: list[Message] = [
        ("record", {"timestamp": after(s), "heart_rate": 120 + i % 40})
        for i, s in enumerate(seconds)
    ]
    data = write_fit(records, compressed=True)
    frames = equal(data)
    assert frames["record"]["timestamp"].tolist() == [pd.Timestamp(after(s)) for s in seconds]
    assert len(data) < len(write_fit(records))


def test_compressed_times_follow_the_last_full_time_of_any_message() -> None:
    messages: list[Message] = []
    for i in range(0, 300, 20):
        messages.append(("record", {"timestamp": after(2 * i), "heart_rate": 130}))
        messages.append(("record", {"timestamp": after(2 * i + 9), "cadence": 80}, 1))
        messages.append(("event", {"timestamp": after(2 * i + 30), "event": "timer"}))
    frames = equal(write_fit(messages, compressed=True))
    assert frames["record"]["timestamp"].is_monotonic_increasing


@pytest.mark.parametrize("big_endian", [False, True])
def test_developer_fields_stand_under_their_own_names(big_endian: bool) -> None:
    messages = [
        APP,
        describe(1, "float32", "Form Power"),
        describe(2, "uint16", "heart_rate"),
        describe(3, "sint16", "Air Power"),
    ]
    for i in range(5):
        fields = {"timestamp": after(i), "heart_rate": 140, (0, 1): 60.25 + i, (0, 2): 150 + i,
                  (0, 3): None if i == 2 else -i}  # fmt: skip
        messages.append(("record", fields))
    record = equal(write_fit(messages, big_endian=big_endian))["record"]
    assert record["Form Power"].tolist() == [60.25, 61.25, 62.25, 63.25, 64.25]
    assert record["heart_rate_dev0"].tolist() == [150, 151, 152, 153, 154]
    assert record["Air Power"].isna().tolist() == [False, False, True, False, False]


def test_developer_fields_without_description_are_left_out_and_the_rest_is_kept() -> None:
    records: list[Message] = [
        ("record", {"timestamp": after(i), "heart_rate": 140 + i, (0, 9): b"\1\2\3"})
        for i in range(4)
    ]
    for messages in (records, [APP, *records], [APP, describe(1, "uint8", "other"), *records]):
        record = equal(write_fit(messages))["record"]
        assert list(record.columns) == ["timestamp", "heart_rate"]
        assert record["heart_rate"].tolist() == [140, 141, 142, 143]


def test_two_apps_may_use_the_same_field_number() -> None:
    second: Message = ("developer_data_id", {"developer_data_index": 1})
    messages = [APP, second, describe(0, "uint8", "Leg"), describe(0, "uint16", "Air", 1)]
    messages += [("record", {"timestamp": after(i), (0, 0): 5, (1, 0): 900}) for i in range(3)]
    record = equal(write_fit(messages))["record"]
    assert record["Leg"].tolist() == [5.0] * 3
    assert record["Air"].tolist() == [900.0] * 3


def test_arrays_are_tuples_with_none_for_a_missing_element() -> None:
    stroke = [[1, 2, 3, 4], [5, None, 7, 8], [None] * 4]
    messages: list[Message] = [
        ("hrv", {"time": [0.75, 0.8, None, None, None]}),
        ("hrv", {"time": [None] * 5}),
        *(("workout_step", {"message_index": i, 200 + i: bytes(3)}) for i in range(2)),
        *(("segment_lap", {"time_in_hr_zone": v}) for v in stroke),
    ]
    frames = equal(write_fit(messages))
    assert frames["hrv"]["time"].tolist()[0] == (0.75, 0.8, None, None, None)
    assert frames["segment_lap"]["time_in_hr_zone"].tolist() == [
        (1.0, 2.0, 3.0, 4.0),
        (5.0, None, 7.0, 8.0),
        None,
    ]


def test_an_array_may_change_its_length() -> None:
    messages: list[Message] = [("hrv", {"time": [0.7] * n}) for n in (1, 5, 2, 5)]
    assert equal(write_fit(messages))["hrv"]["time"].map(
        lambda v: len(v) if isinstance(v, tuple) else 1
    ).tolist() == [1, 5, 2, 5]


def test_texts_end_at_a_zero_byte_and_bad_utf8_is_replaced() -> None:
    texts = ["Fenix", "", "Läufer ✓", b"caf\xe9\0", b"\xff\xfe\0", b"full", b"a\0rubbish"]
    for text in texts:
        data = write_fit([("workout", {"wkt_name": text}), ("workout", {"wkt_name": "other"})])
        names = equal(data)["workout"]["wkt_name"]
        assert names[1] == "other"
    assert names[0] == "a"
    bad = read_fit(write_fit([("workout", {"wkt_name": b"caf\xe9\0"})]))["workout"]["wkt_name"]
    assert bad[0] == "caf\N{REPLACEMENT CHARACTER}"


def test_unknown_messages_and_fields_are_kept_by_their_number() -> None:
    messages: list[Message] = [
        (0xFF20, {1: b"\1\2", 7: b"\3"}),
        ("record", {"timestamp": after(0), 250: b"\5\6\7"}),
    ]
    frames = equal(write_fit(messages))
    assert frames["unknown_65312"]["unknown_1"][0] == (1.0, 2.0)
    assert frames["record"]["unknown_250"][0] == (5.0, 6.0, 7.0)


def test_a_field_of_a_wrong_size_drops_only_itself() -> None:
    # record: timestamp uint32, heart rate uint8, and a uint16 power of 3 bytes
    definition = b"\0\0" + struct.pack("<HB", 20, 3) + bytes([253, 4, 0x86, 3, 1, 2, 7, 3, 0x84])
    at = fit_seconds(START)
    data = from_body(definition, *(struct.pack("<IB3B", at + i, 140, 1, 2, 3) for i in range(3)))
    record = read_fit(data)["record"]
    assert record["heart_rate"].tolist() == [140.0] * 3
    assert record["timestamp"].tolist() == [pd.Timestamp(after(i)) for i in range(3)]
    assert record["power"].tolist() == [(1.0, 2.0, 3.0)] * 3


@pytest.mark.parametrize("base", [0x88, 0x89, 0x8E, 0x8F, 0x90])
@pytest.mark.parametrize(
    "bits", [0x7FF0000000000000, 0x7FEFFFFFFFFFFFFF, 2**63, 0x7FA0000000000001]
)
def test_a_time_declared_as_another_number_is_missing_where_no_time_is_so_large(
    base: int, bits: int
) -> None:
    raw = struct.pack("<Q", bits)
    size = 4 if base == 0x88 else 8
    definition = b"\0\0" + struct.pack("<HB", 20, 2) + bytes([253, size, base, 3, 1, 2])
    record = read_fit(from_body(definition, raw[8 - size :] + b"\x90"))["record"]
    assert record["timestamp"].isna().all()
    assert record["heart_rate"].tolist() == [144.0]


def test_speed_and_distance_packed_in_three_bytes_are_unpacked_and_added_up() -> None:
    packed = []
    for i in range(40):
        speed, distance = 300 + i, (i * 701) % 4096  # cm/s; sixteenths of a metre
        packed.append([speed & 0xFF, speed >> 8 | (distance & 0xF) << 4, distance >> 4])
    messages: list[Message] = [
        ("record", {"timestamp": after(i), "compressed_speed_distance": v})
        for i, v in enumerate(packed)
    ]
    record = equal(write_fit(messages))["record"]
    assert record["speed"].tolist() == [(300 + i) / 100 for i in range(40)]
    assert record["distance"].tolist() == [i * 701 / 16 for i in range(40)]


def test_plain_speed_and_altitude_are_enhanced_too() -> None:
    messages: list[Message] = [
        ("record", {"timestamp": after(i), "speed": None if i == 1 else 3.25, "altitude": 100 + i})
        for i in range(3)
    ]
    record = equal(write_fit(messages))["record"]
    assert record["enhanced_altitude"].tolist() == [100, 101, 102]
    assert record["enhanced_speed"].tolist()[::2] == [3.25, 3.25]
    assert np.isnan(record["enhanced_speed"][1])


def test_a_field_of_its_own_comes_before_an_expanded_one() -> None:
    both = {"timestamp": START, "speed": 3.0, "enhanced_speed": 3.125}
    only = {"timestamp": START, "speed": 3.0, "enhanced_speed": None}
    record = equal(write_fit([("record", both), ("record", only)]))["record"]
    assert record["enhanced_speed"].tolist() == [3.125, 3.0]


def test_cycles_of_eight_bits_are_added_up_across_two_definitions_in_file_order() -> None:
    messages: list[Message] = []
    for i in range(60):
        fields = {"timestamp": after(i), "cycles": (90 * i) % 256}
        more = {"heart_rate": 140} if i % 3 else {}
        messages.append(("record", fields | more, 1 if more else 0))
    record = equal(write_fit(messages))["record"]
    assert record["total_cycles"].tolist() == [90.0 * i for i in range(60)]


def test_a_counter_goes_on_where_its_definition_is_repeated() -> None:
    # Not as in fitdecode, which begins at 0 with each definition; the counter of the watch does
    # not know of definitions.
    messages: list[Message] = []
    for i in range(6):
        messages.append(("record", {"timestamp": after(i), "cycles": 200 * i % 256}, 0))
        messages.append(("event", {"timestamp": after(i), "event": "timer"}, 0))
    record = read_fit(write_fit(messages))["record"]
    assert record["total_cycles"].tolist() == [0.0, 200, 400, 600, 800, 1000]


def test_counters_begin_anew_in_each_chained_part() -> None:
    part = write_fit(
        [("record", {"timestamp": after(i), "cycles": 200 * i % 256}) for i in range(4)]
    )
    record = equal(part + part)["record"]
    assert record["total_cycles"].tolist() == [0.0, 200, 400, 600] * 2


@pytest.mark.parametrize(
    ("sport", "cadence", "cycles"),
    [
        ("running", "avg_running_cadence", "total_strides"),
        ("walking", "avg_cadence", "total_strides"),
        ("cycling", "avg_cadence", "total_strokes"),
        ("hiking", "avg_cadence", "total_cycles"),
    ],
)
def test_the_sport_of_a_session_names_its_cadence_and_cycles(
    sport: str, cadence: str, cycles: str
) -> None:
    fields = {"sport": sport, "avg_cadence": 84, "total_cycles": 4200}
    session = equal(write_fit([("session", fields)]))["session"]
    assert set(session.columns) == {"sport", cadence, cycles}
    assert session[cadence][0] == 84
    assert session[cycles][0] == 4200


def test_two_sports_in_one_file_name_their_cycles_each_by_itself() -> None:
    messages: list[Message] = [
        ("session", {"sport": s, "avg_cadence": 80 + i, "total_cycles": 1000 + i})
        for i, s in enumerate(["running", "cycling", "running"])
    ]
    session = equal(write_fit(messages))["session"]
    assert session["total_strides"].tolist()[::2] == [1000, 1002]
    assert np.isnan(session["total_strides"][1])
    assert session["total_strokes"].tolist()[1] == 1001


def test_invalid_values_of_every_base_type_are_missing() -> None:
    messages: list[Message] = [
        ("record", {"timestamp": START, "position_lat": None, "heart_rate": None, "power": None,
                    "temperature": None, "grade": None, "distance": None}),
        ("device_info", {"timestamp": START, "serial_number": None, "ant_device_number": None,
                         "ant_transmission_type": None}),
        ("session", {"sport": None, "start_time": None, "total_ascent": None}),
    ]  # fmt: skip
    frames = equal(write_fit(messages))
    for name, frame in frames.items():
        assert frame.drop(columns="timestamp", errors="ignore").isna().all().all(), name


#: Base types of the FIT protocol: number, code of `struct`, and the value that stands for missing.
BASES = [
    *((0x00, "B", 0xFF), (0x01, "b", 0x7F), (0x02, "B", 0xFF), (0x83, "h", 0x7FFF)),
    *((0x84, "H", 0xFFFF), (0x85, "i", 0x7FFFFFFF), (0x86, "I", 0xFFFFFFFF), (0x0A, "B", 0)),
    *((0x8B, "H", 0), (0x8C, "I", 0), (0x8E, "q", 2**63 - 1), (0x8F, "Q", 2**64 - 1)),
    *((0x90, "Q", 0), (0x88, "f", math.nan), (0x89, "d", math.nan)),
]


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(("base", "code", "invalid"), BASES)
def test_a_value_of_any_base_type_is_read_and_its_invalid_value_is_missing(
    base: int, code: str, invalid: float, order: str
) -> None:
    size, number = struct.calcsize(code), struct.pack(f"{order}H", 20)
    definition = bytes([0, order == ">"]) + number + bytes([1, 250, size, base])
    values = (7, invalid, 100) * 3  # more than are unpacked one by one
    packed = [struct.pack(f"{order}{code}", v) for v in values]
    for some in (packed, packed[:3]):
        told = read_fit(from_body(definition, *some))["record"]["unknown_250"]
        assert told.fillna(-1).tolist() == [7, -1, 100] * (len(some) // 3)


def test_a_field_of_no_bytes_is_missing_and_takes_no_other_with_it() -> None:
    definition = b"\0\0" + struct.pack("<HB", 20, 2) + bytes([7, 0, 0x84, 3, 1, 2])
    record = read_fit(from_body(definition, *[b"\x8c"] * 3))["record"]
    assert record["heart_rate"].tolist() == [140.0] * 3
    assert "power" not in record or record["power"].isna().all()


def test_a_sport_written_as_two_numbers_chooses_no_name_of_cycles() -> None:
    for sports in (b"\1\1", b"\1\2"):
        session = read_fit(write_fit([("session", {"sport": sports, "total_cycles": 900})]))[
            "session"
        ]
        assert session["total_cycles"].tolist() == [900.0]


def test_names_are_text_and_a_number_without_a_name_stays_a_number() -> None:
    named = equal(write_fit([("session", {"sport": "running"}), ("session", {"sport": "hiking"})]))
    assert named["session"]["sport"].tolist() == ["running", "hiking"]
    mixed = equal(write_fit([("session", {"sport": "running"}), ("session", {"sport": 217})]))
    assert mixed["session"]["sport"].tolist() == ["running", 217]


def test_times_from_power_up_are_no_times() -> None:
    messages = [("record", {"timestamp": t}) for t in (0x0FFFFFFF, 0x10000000)]
    record = read_fit(write_fit(messages))["record"]
    assert record["timestamp"].isna().tolist() == [True, False]


def test_a_local_time_carries_no_zone_and_a_time_is_utc() -> None:
    activity = equal(run_fit(START, **RUN))["activity"]
    assert activity["timestamp"][0] == pd.Timestamp(after(760))
    assert activity["local_timestamp"][0] == pd.Timestamp("2026-03-01 08:42:40")


def test_a_path_a_gzip_and_bytes_give_the_same(tmp_path: Path) -> None:
    data = run_fit(START, **RUN)
    (tmp_path / "a.fit").write_bytes(data)
    (tmp_path / "a.fit.gz").write_bytes(gzip.compress(data))
    plain = read_fit(data)
    for source in (tmp_path / "a.fit", str(tmp_path / "a.fit.gz"), gzip.compress(data)):
        for name, frame in read_fit(source).items():
            pd.testing.assert_frame_equal(frame, plain[name])


def test_a_damaged_file_is_not_shown_as_if_it_were_whole() -> None:
    with pytest.raises(FileProblem, match="ended at byte"):
        read_fit(run_fit(START, **RUN)[:-5])
    with pytest.raises(FileProblem):
        read_fit(b"no fit")


def test_what_cannot_be_read_is_named_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"none\.fit: cannot be opened"):
        read_fit(tmp_path / "none.fit")
    for name, data in (("cut.fit", run_fit(START, **RUN)[:-9]), ("cut.gz", b"\x1f\x8b\x08\0")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FileProblem, match=name):
            read_fit(tmp_path / name)


def test_chained_parts_stand_below_each_other() -> None:
    frames = equal(run_fit(START, **RUN) + settings_fit(START) + run_fit(after(9000), **RUN))
    assert frames["file_id"]["type"].tolist() == ["activity", "settings", "activity"]
    assert list(frames["record"].index) == list(range(146))


VALUES = st.fixed_dictionaries(
    {"timestamp": st.integers(0, 900).map(after)},
    optional={
        "heart_rate": st.none() | st.integers(0, 254),
        "altitude": st.none() | st.integers(-400, 9000),
        "speed": st.none() | st.integers(0, 30),
        "enhanced_speed": st.none() | st.integers(0, 60),
        "distance": st.none() | st.integers(0, 100_000),
        "position_lat": st.none() | st.integers(-(2**31), 2**31 - 2),
        "temperature": st.none() | st.integers(-128, 126),
        "speed_1s": st.lists(st.none() | st.integers(0, 15), min_size=1, max_size=5),
        "left_right_balance": st.integers(0, 254),
    },
)


@given(
    st.lists(st.tuples(VALUES, st.integers(0, 3)), min_size=1, max_size=12),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=examples(3))
def test_any_records_are_equal(
    records: list[tuple[dict[str, Any], int]], big_endian: bool, compressed: bool
) -> None:
    messages: list[Message] = [("record", fields, local) for fields, local in records]
    equal(write_fit(messages, big_endian=big_endian, compressed=compressed))


def test_a_field_that_a_message_holds_twice_expands_to_one_number() -> None:
    lap = [("lap", {"avg_speed": 2.0, 13: (3000).to_bytes(2, "little")})]
    frame = read_fit(write_fit(lap))["lap"]
    assert frame["enhanced_avg_speed"].tolist() == [2.0]
    assert frame["avg_speed"].tolist() == [2.0]
