"""Tables of one part: file order, what is kept, and what is wanted."""

from __future__ import annotations

import datetime as dt
import struct
from typing import Any

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import Message, fit_seconds, run_fit, write_fit

from loadmon.io.fit.decode import RELATIVE, Table, decode
from loadmon.io.fit.scan import scan

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)
RECORD = 20


def after(seconds: int) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def tables(messages: list[Message], wanted: Any = None, **form: Any) -> dict[int, Table]:
    (part,) = scan(write_fit(messages, **form))
    return decode(part, wanted)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40))
@settings(max_examples=examples(2))
def test_messages_of_many_definitions_stand_in_file_order(locals_: list[int]) -> None:
    extra: list[dict[str, int]] = [{}, {"cadence": 80}, {"power": 200}, {"cadence": 81, "power": 1}]
    messages: list[Message] = [
        ("record", {"timestamp": after(i), "heart_rate": i % 200, **extra[k]}, k)
        for i, k in enumerate(locals_)
    ]
    table = tables(messages)[RECORD]
    seconds = table.get("timestamp") - fit_seconds(START)
    assert seconds.tolist() == list(range(len(locals_)))
    assert table.get("heart_rate").tolist() == [i % 200 for i in range(len(locals_))]
    power = [{2: 200.0, 3: 1.0}.get(k) for k in locals_]
    assert [None if v != v else v for v in table.get("power").tolist()] == power


def test_only_what_is_wanted_is_decoded() -> None:
    (part,) = scan(run_fit(START, offset_min=60, distance_km=1, duration_min=5))
    found = decode(part, {RECORD: frozenset({"heart_rate"}), 18: None})
    assert set(found) == {RECORD, 18}
    assert set(found[RECORD].order) == {"heart_rate"}
    whole = decode(part)
    assert set(whole) > {RECORD, 18}
    assert set(found[18].order) == set(whole[18].order)
    assert found[RECORD].get("heart_rate").tolist() == whole[RECORD].get("heart_rate").tolist()


def test_a_compressed_time_is_there_even_where_no_field_holds_it() -> None:
    messages: list[Message] = [
        ("record", {"timestamp": after(7 * i), "heart_rate": 140}) for i in range(20)
    ]
    table = tables(messages, {RECORD: frozenset({"timestamp"})}, compressed=True)[RECORD]
    assert (np.diff(table.get("timestamp")) == 7).all()


def test_a_field_that_is_absent_text_or_an_array_is_all_missing_as_a_number() -> None:
    table = tables([("hrv", {"time": [0.5, 0.6]})])[78]
    for name in ("time", "nothing"):
        assert np.isnan(table.get(name)).tolist() == [True]
    workout = tables([("workout", {"wkt_name": "long"})])[26]
    assert np.isnan(workout.get("wkt_name")).tolist() == [True]


def test_what_does_not_fit_its_description_is_told_in_flags() -> None:
    (part,) = scan(write_fit([("record", {"timestamp": START, (0, 9): b"\1"})]))
    decode(part)
    assert set(part.flags) == {"dev-field"}
    (part,) = scan(write_fit([("record", {"timestamp": START, "power": b"\1\2\3"})]))
    decode(part)
    assert "record.power" in part.flags["field-size"]


def test_an_app_that_is_not_named_is_told_and_its_fields_are_read() -> None:
    described: Message = (
        "field_description",
        {"developer_data_index": 3, "field_definition_number": 1, "fit_base_type_id": "uint8",
         "field_name": "Leg", "units": "kN"},
    )  # fmt: skip
    (part,) = scan(write_fit([described, ("record", {"timestamp": START, (3, 1): 9})]))
    assert decode(part)[RECORD].get("Leg").tolist() == [9]
    assert set(part.flags) == {"dev-field"}


def test_a_description_with_a_text_for_a_number_is_left_out() -> None:
    # developer_data_index as a text: what a flipped base type makes of it
    data = bytearray(
        write_fit(
            [
                ("field_description", {"developer_data_index": 1, "field_definition_number": 1,
                                       "fit_base_type_id": "uint8", "field_name": "Leg"}),
                ("record", {"timestamp": START, "heart_rate": 140, (1, 1): 9}),
            ]
        )
    )  # fmt: skip
    triple = bytes([0, 1, 2])
    at = bytes(data).index(triple, 14)
    data[at + 2] = 0x07
    (part,) = scan(bytes(data))
    part.problem = None
    table = decode(part)[RECORD]
    assert table.get("heart_rate").tolist() == [140]
    assert "Leg" not in table.order


def squeezed(*messages: bytes, time: bytes = b"\xfd\4\x86") -> list[float]:
    """Times of records that hold none of their own, counted from the start. [s]

    Local type 0 is a record of a heart rate, local type 1 an event of a time.
    """
    body = b"\x40\0\0\x14\0\1\3\1\2" + b"\x41\0\0\x15\0\1" + time + b"".join(messages)
    head = struct.pack("<BBHI4s", 12, 0x20, 2171, len(body), b".FIT")
    (part,) = scan(head + body + b"\0\0")
    return (decode(part)[RECORD].get("timestamp") - fit_seconds(START)).tolist()


def event(seconds: int) -> bytes:
    return struct.pack("<BI", 1, fit_seconds(START) + seconds)


def record(seconds: int) -> bytes:
    return bytes([0x80 | fit_seconds(START) + seconds & 0x1F, 140])


def test_compressed_times_before_the_first_full_one_are_none() -> None:
    early = squeezed(record(-9), record(-2), event(0), record(3), record(34), event(40))
    assert early[2:] == [3, 34]
    assert all(t + fit_seconds(START) < RELATIVE for t in early[:2])


def test_a_full_time_beside_a_compressed_one_counts() -> None:
    body = b"\x40\0\0\x14\0\2\xfd\4\x86\3\1\2"
    for header, seconds in ((0, 0), (0x80 | 9, 500), (0, 1000)):
        body += struct.pack("<BIB", header, fit_seconds(START) + seconds, 140)
    head = struct.pack("<BBHI4s", 12, 0x20, 2171, len(body), b".FIT")
    (part,) = scan(head + body + b"\0\0")
    times = decode(part)[RECORD].get("timestamp") - fit_seconds(START)
    assert times.tolist() == [0, 500, 1000]


def test_a_full_time_that_is_missing_is_passed_over() -> None:
    missing = b"\1" + b"\xff" * 4
    assert squeezed(event(0), record(3), missing, record(7)) == [3, 7]


@pytest.mark.parametrize("wild", [1e300, 1e18, 4e12, 2.0**32, -1.0, float("inf")])
def test_a_time_of_an_unknown_message_that_none_can_be_is_passed_over(wild: float) -> None:
    unknown = b"\x42\0\0\0\xff\1\xfd\x08\x89" + struct.pack("<Bd", 2, wild)
    assert squeezed(event(0), record(3), unknown, record(7), record(30)) == [3, 7, 30]


def test_a_time_of_two_numbers_is_passed_over() -> None:
    array = b"\xfd\x08\x86"
    two = event(50)[:5] + bytes(4)
    assert [t < 0 for t in squeezed(two, record(3), two, record(7), time=array)] == [True] * 2


def test_compressed_times_pass_over_a_time_that_is_declared_a_text() -> None:
    messages: list[Message] = [("event", {"timestamp": START, "event": "timer"})]
    messages += [("record", {"timestamp": after(7 * i), "heart_rate": 140}) for i in range(9)]
    data = bytearray(write_fit(messages, compressed=True))
    at = bytes(data).index(bytes([253, 4, 0x86]))  # the first definition is that of the event
    data[at + 2] = 0x07
    (part,) = scan(bytes(data))
    part.problem = None
    table = decode(part)[RECORD]
    assert np.diff(table.get("timestamp")).tolist() == [7.0] * 8
