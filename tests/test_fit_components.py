"""Bits of a field that mean a field of their own: cut out, scaled, named and added up by hand."""

from __future__ import annotations

import datetime as dt
import struct
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fit_oracle import compare
from writers import Message, write_fit

from loadmon.io.fit.decode import as_floats
from loadmon.io.fit.frames import read_fit

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)


def told(name: str, *messages: dict[str, Any]) -> pd.DataFrame:
    """Frame of messages of one name."""
    found: list[Message] = [(name, {"timestamp": START, **fields}) for fields in messages]
    return read_fit(write_fit(found))[name]


def test_four_bytes_of_a_number_are_four_fields() -> None:
    shift = told(
        "event",
        {"event": "rear_gear_change", "data": 0x2A0B3407},
        {"event": "timer", "data": 1},
    )
    names = ["rear_gear_num", "rear_gear", "front_gear_num", "front_gear"]
    assert shift.loc[0, names].tolist() == [0x07, 0x34, 0x0B, 0x2A]
    assert shift.loc[1, names].isna().all()
    assert shift["timer_trigger"].fillna("").tolist() == ["", "auto"]


def wide(base: int, *packed: bytes) -> pd.DataFrame:
    """Gear changes whose four bytes are declared as eight of another type."""
    found: list[Message] = [("event", {"event": "rear_gear_change", 3: eight}) for eight in packed]
    data = write_fit(found)
    at = data.index(bytes([3, 8, 0x86]))
    data = data[: at + 2] + bytes([base]) + data[at + 3 : -2]
    return read_fit(data + struct.pack("<H", crc(data)))["event"]


@pytest.mark.parametrize("base", [0x8E, 0x8F, 0x90])  # signed, unsigned, unsigned without a zero
def test_the_bits_of_a_number_too_large_to_be_exact_are_missing(base: int) -> None:
    packed = [struct.pack("<q", n) for n in (0x2A0B3407, 2**53, 2**62 + 1, 2**53 - 1)]
    shift = wide(base, *packed)
    assert shift["rear_gear"].fillna(-1).tolist() == [0x34, -1, -1, 0xFF]


def test_a_number_beyond_63_bits_has_no_bits_either() -> None:
    shift = wide(0x8F, struct.pack("<Q", 0x2A0B3407), struct.pack("<Q", 2**64 - 4096))
    assert shift["rear_gear"].fillna(-1).tolist() == [0x34, -1]


@pytest.mark.parametrize("value", [1e300, -1e300, 7.0, 5e18])
def test_the_bits_of_a_floating_number_are_no_fields(value: float) -> None:
    assert "rear_gear" not in wide(0x89, struct.pack("<d", value))


def test_what_is_expanded_is_named_by_the_field_that_chooses_its_name() -> None:
    timer = told("event", {"event": "timer", "data16": 1})
    assert timer["timer_trigger"].tolist() == ["auto"]
    assert "data" not in timer


@pytest.mark.parametrize("base", [0x0D, 0x02])  # plain bytes, and one whole number
def test_five_bits_and_three_bits_of_a_byte_are_two_fields(base: int) -> None:
    packed = b"\xa6"  # 101 00110: intensity 5, activity 6 (walking)
    data = write_fit([("monitoring", {"current_activity_type_intensity": packed})])
    data = data.replace(bytes([24, 1, 0x0D]), bytes([24, 1, base]))
    data = data[:-2] + struct.pack("<H", crc(data[:-2]))
    activity = read_fit(data)["monitoring"]
    assert activity["activity_type"].tolist() == ["walking"]
    assert activity["intensity"].tolist() == [5]


def crc(data: bytes) -> int:
    """CRC-16 of the FIT protocol, bit by bit."""
    out = 0
    for byte in data:
        out ^= byte
        for _ in range(8):
            out = out >> 1 ^ (0xA001 if out & 1 else 0)
    return out


def test_ten_counters_of_twelve_bits_are_ten_times() -> None:
    counts = [4000, 4090, 5, 900, 1800, 2700, 3600, 300, 1200, 2100]
    whole = sum(count << 12 * i for i, count in enumerate(counts))
    beats = told("hr", {"event_timestamp_12": whole.to_bytes(15, "little")})
    seen, total = [], 0
    for before, count in zip([0, *counts], counts, strict=False):
        total += (count - before) % 4096
        seen.append(total / 1024)
    assert beats["event_timestamp"][0] == tuple(seen)


@pytest.mark.parametrize("packed", [b"\xff" * 15])
def test_bytes_that_are_all_missing_expand_to_nothing(packed: bytes) -> None:
    assert told("hr", {"event_timestamp_12": packed})["event_timestamp"].isna().all()


def test_a_number_that_is_missing_among_several_takes_all_that_is_made_of_them() -> None:
    beats = told("raw_bbi", {"data": [0x4123, None, 0x0200]}, {"data": [0x4123, 5, 0x0200]})
    assert beats["time"].isna().tolist() == [True, False]
    assert beats["time"][1] == (0x0123, 5, 0x0200)
    assert beats["quality"][1] == (1, 0, 0)


def test_a_counter_begins_with_what_it_says_and_rolls_over() -> None:
    record = told("record", *({"cycles": count} for count in (250, 254, 3, None, 2)))
    assert record["total_cycles"].fillna(-1).tolist() == [250, 254, 259, -1, 514]


def test_bits_that_the_field_does_not_have_are_no_nought() -> None:
    record = told("record", {"compressed_speed_distance": b"\x10"})
    assert "distance" not in record
    assert told("record", {"compressed_speed_distance": b"\x10\x20"})["distance"][0] == 2 / 16


def test_a_field_that_was_recorded_comes_before_the_same_made_of_bits() -> None:
    speed = struct.pack("<f", 3500.0)  # as a floating number, in mm/s
    packed = bytes([200, 0, 0])  # 2 m/s in twelve bits
    data = write_fit([("record", {"compressed_speed_distance": packed, 6: speed})])
    at = data.index(bytes([6, 4]))
    data = data[: at + 2] + b"\x88" + data[at + 3 : -2]
    record = read_fit(data + struct.pack("<H", crc(data)))["record"]
    assert record["speed"].tolist() == [3.5]


def test_an_array_is_scaled_and_shifted_like_one_number() -> None:
    record = told("record", {"altitude": struct.pack("<HH", 2600, 2700)})
    assert record["altitude"].tolist() == [(20.0, 40.0)]


def test_a_named_number_with_a_scale_is_a_number() -> None:
    data = write_fit([("weight_scale", {"timestamp": START, "weight": 70.5})])
    assert read_fit(data)["weight_scale"]["weight"].tolist() == [70.5]
    assert compare(data, read_fit(data))[1] == []


@pytest.mark.parametrize(("altitude", "code"), [(-100, "h"), (500, "h"), (70_000, "i")])
def test_a_number_of_another_type_is_expanded_by_its_bits(altitude: int, code: str) -> None:
    data = write_fit([("record", {"timestamp": START, 2: struct.pack(f"<{code}", altitude)})])
    size = struct.calcsize(code)
    at = data.index(bytes([2, size]))
    data = data[: at + 2] + bytes([0x83 if code == "h" else 0x85]) + data[at + 3 : -2]
    record = read_fit(data + struct.pack("<H", crc(data)))["record"]
    assert record["altitude"].tolist() == [altitude / 5 - 500]
    assert record["enhanced_altitude"].tolist() == [(altitude & 0xFFFF) / 5 - 500]


def test_an_array_of_bytes_is_missing_as_a_whole_or_not_at_all() -> None:
    values = as_floats(np.array([[0xFF, 1], [0xFF, 0xFF]], np.uint8))
    np.testing.assert_array_equal(values, [[255.0, 1.0], [np.nan, np.nan]])
