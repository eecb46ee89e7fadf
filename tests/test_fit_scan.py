"""The walk over the headers of FIT files, whole and damaged in every way."""

from __future__ import annotations

import datetime as dt
import struct

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import run_fit, settings_fit, write_fit

from loadmon.errors import FileProblem
from loadmon.io.fit.activity import fit_recordings
from loadmon.io.fit.scan import crc16, is_fit, scan
from loadmon.io.recording import Recording

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)
RUN = run_fit(START, offset_min=60, distance_km=1.2, duration_min=6)
RECORDS = 37
RECORD = {"timestamp": START, "heart_rate": 140}


def count(data: bytes, number: int = 20) -> int:
    return sum(len(d.offsets) for p in scan(data) for d in p.definitions if d.number == number)


def with_crc(data: bytes) -> bytes:
    """A file whose last two bytes are the CRC of all before them."""
    return data + struct.pack("<H", crc16(data))


def with_size(data: bytes, size: int) -> bytes:
    return data[:4] + struct.pack("<I", size) + data[8:]


def problem(data: bytes) -> FileProblem:
    found = scan(data)[-1].problem
    assert found is not None
    return found


def test_a_whole_file_has_no_problem_and_no_flag() -> None:
    (part,) = scan(RUN)
    assert part.problem is None
    assert part.flags == {}
    assert (part.start, part.end) == (0, len(RUN) - 2)
    assert count(RUN) == RECORDS


@pytest.mark.parametrize("form", [{"header_size": 12}, {"header_crc": False}, {"big_endian": True}])
def test_every_form_of_header_is_read_without_a_flag(form: dict[str, object]) -> None:
    data = write_fit([("record", RECORD)] * 5, **form)
    (part,) = scan(data)
    assert (part.problem, part.flags, count(data)) == (None, {}, 5)


def test_a_wrong_header_crc_under_a_right_file_crc_is_a_flag() -> None:
    (part,) = scan(with_crc(RUN[:12] + b"\x12\x34" + RUN[14:-2]))
    assert part.problem is None
    assert set(part.flags) == {"fit-header-crc"}


def test_a_wrong_crc_names_the_byte_and_both_values() -> None:
    stored = struct.unpack("<H", RUN[-2:])[0] ^ 0xFFFF
    found = problem(RUN[:-2] + struct.pack("<H", stored))
    assert (found.outcome, found.reason) == ("quarantined", "fit-crc")
    for told in (f"byte {len(RUN) - 2}", f"{stored:#06x}", f"{stored ^ 0xFFFF:#06x}"):
        assert told in found.detail


@pytest.mark.parametrize("bit", range(16))
def test_every_bit_of_the_crc_counts(bit: int) -> None:
    (stored,) = struct.unpack("<H", RUN[-2:])
    assert problem(RUN[:-2] + struct.pack("<H", stored ^ 1 << bit)).reason == "fit-crc"


def test_a_wrong_byte_anywhere_in_the_body_is_found_by_the_crc() -> None:
    for at in range(14, len(RUN) - 2, 97):
        damaged = bytearray(RUN)
        damaged[at] ^= 0x10
        assert problem(bytes(damaged)).reason == "fit-crc"


def test_what_is_no_fit_file_is_refused_with_its_first_bytes() -> None:
    with pytest.raises(FileProblem, match="<html>") as caught:
        scan(b"<html>not a recording</html>")
    assert (caught.value.outcome, caught.value.reason) == ("refused", "not-fit")
    assert not is_fit(b"")


@pytest.mark.parametrize("length", [1, 2, 60, 500])
def test_a_cut_file_says_where_it_ends_and_how_long_it_should_be(length: int) -> None:
    found = problem(RUN[:-length])
    assert (found.outcome, found.reason) == ("quarantined", "fit-truncated")
    assert f"byte {len(RUN) - length} of {len(RUN)}" in found.detail


def test_a_cut_file_keeps_the_records_that_are_whole() -> None:
    counts = [count(RUN[:n]) for n in range(14, len(RUN))]
    assert sorted(counts) == counts
    assert counts[-1] == RECORDS
    assert set(range(RECORDS + 1)) == set(counts)


def test_the_header_alone_is_cut() -> None:
    assert problem(RUN[:14]).reason == "fit-truncated"
    assert problem(RUN[:12]).reason == "fit-truncated"


def test_a_header_shorter_than_a_header_can_be_is_a_problem() -> None:
    assert problem(bytes([11]) + RUN[1:]).reason == "fit-truncated"
    assert problem(bytes([0]) + RUN[1:]).reason == "fit-truncated"


def test_size_zero_has_its_own_reason_and_keeps_the_records() -> None:
    data = with_size(RUN, 0)
    found = problem(data)
    assert (found.outcome, found.reason) == ("quarantined", "fit-size-zero")
    assert count(data) == RECORDS


@pytest.mark.parametrize("more", [1, 1000, 2**32 - 1 - len(RUN)])
def test_a_size_too_big_is_a_cut_file_and_nothing_is_allocated_for_it(more: int) -> None:
    data = with_size(RUN, len(RUN) - 16 + more)
    assert problem(data).reason == "fit-truncated"
    assert count(data) == RECORDS


def test_a_size_too_small_is_told_from_a_wrong_byte() -> None:
    small = with_size(RUN, len(RUN) - 16 - 200)
    for data in (small, with_crc(small[:-2])):
        found = problem(data)
        assert (found.outcome, found.reason) == ("quarantined", "fit-trailing")
        assert "size is wrong" in found.detail


def test_bytes_behind_a_sound_file_are_a_flag_that_counts_them() -> None:
    (part,) = scan(RUN + bytes(37))
    assert part.problem is None
    assert part.flags == {"fit-trailing": "37 bytes after the end of the file were left out"}


def test_a_damaged_file_with_bytes_behind_it_is_damaged() -> None:
    damaged = bytearray(RUN)
    damaged[200] ^= 1
    assert problem(bytes(damaged) + bytes(9)).reason == "fit-crc"


def test_chained_files_are_parts_of_their_own() -> None:
    parts = scan(RUN + settings_fit(START) + RUN)
    assert [p.problem for p in parts] == [None] * 3
    assert [p.start for p in parts] == [0, len(RUN), parts[1].end + 2]
    assert [any(d.number == 20 for d in p.definitions) for p in parts] == [True, False, True]


def test_damage_in_a_later_part_leaves_the_parts_before_it_whole() -> None:
    first, second = scan(RUN + RUN[:-40])
    assert first.problem is None
    assert second.problem is not None
    assert second.problem.reason == "fit-truncated"


def test_damage_in_an_earlier_part_leaves_the_parts_behind_it_whole() -> None:
    damaged = bytearray(RUN)
    damaged[200] ^= 1
    first, second = scan(bytes(damaged) + RUN)
    assert first.problem is not None
    assert first.problem.reason == "fit-crc"
    assert (second.problem, second.start) == (None, len(RUN))
    outcomes = [type(one) for one in fit_recordings(bytes(damaged) + RUN)]
    assert outcomes == [FileProblem, Recording]


def test_a_local_type_belongs_to_its_own_part() -> None:
    bare = write_fit([("record", RECORD)])
    head = struct.pack("<BBHI4s", 12, 0x20, 2171, 2, b".FIT")
    first, second = scan(bare + with_crc(head + b"\0\0"))
    assert first.problem is None
    assert second.problem is not None
    assert second.problem.reason == "fit-undefined-local"


@pytest.mark.parametrize(("header", "local"), [(0x05, 5), (0x0F, 15), (0xA0, 1), (0xE3, 3)])
def test_a_local_type_without_definition_is_named_with_its_byte(header: int, local: int) -> None:
    only = write_fit([("record", RECORD)], header_size=12)[12:-2]
    body = only + bytes([header, 1, 2, 3])
    head = struct.pack("<BBHI4s", 12, 0x20, 2171, len(body), b".FIT")
    found = problem(with_crc(head + body))
    assert (found.outcome, found.reason) == ("quarantined", "fit-undefined-local")
    assert f"byte {12 + len(only)}: " in found.detail
    assert f"local type {local} " in found.detail


def test_a_local_type_can_be_defined_anew() -> None:
    other = {"timestamp": START, "event": "timer", "event_type": "start"}
    data = write_fit([("record", RECORD, 3), ("event", other, 3), ("record", RECORD, 3)])
    (part,) = scan(data)
    assert part.problem is None
    assert sorted((d.number, len(d.offsets)) for d in part.definitions) == [
        (20, 2),
        (21, 1),
    ]


@pytest.mark.parametrize("bits", [0x10, 0x20, 0x30])
def test_bits_of_a_header_that_mean_nothing_in_data_are_passed_over(bits: int) -> None:
    data = bytearray(write_fit([("record", RECORD, 3)] * 2)[:-2])
    message = 1 + 4 + 1  # header byte, timestamp, heart rate
    data[-message] |= bits
    assert count(with_crc(bytes(data))) == 2
    assert scan(with_crc(bytes(data)))[0].problem is None


def test_a_definition_repeated_is_one_definition() -> None:
    data = write_fit([("record", RECORD, 3), ("event", {"timestamp": START}, 3)] * 20)
    (part,) = scan(data)
    assert [len(d.offsets) for d in part.definitions] == [20, 20]


def test_a_last_message_that_runs_past_the_end_is_forgotten() -> None:
    body = write_fit([("record", RECORD)] * 4, header_size=12)[12:-2]
    head = struct.pack("<BBHI4s", 12, 0x20, 2171, len(body) - 1, b".FIT")
    data = with_crc(head + body[:-1])
    found = problem(data)
    assert found.reason == "fit-truncated"
    assert f"byte {len(data) - 2}" in found.detail
    assert count(data) == 3


def test_a_definition_that_runs_past_the_end_is_cut() -> None:
    body = write_fit([("record", RECORD)], header_size=12)[12:-2]
    for length in range(1, 12):
        head = struct.pack("<BBHI4s", 12, 0x20, 2171, length, b".FIT")
        assert problem(with_crc(head + body[:length])).reason == "fit-truncated"


@given(st.integers(0, len(RUN) - 1))
@settings(max_examples=examples(3))
def test_cut_at_any_byte_it_is_a_problem_and_never_an_exception(length: int) -> None:
    try:
        found = fit_recordings(RUN[:length])
    except FileProblem as refused:
        found = [refused]
    assert len(found) == 1
    assert isinstance(found[0], FileProblem)
    assert found[0].reason in {"not-fit", "fit-truncated"}


@given(st.lists(st.tuples(st.integers(0, len(RUN) - 3), st.integers(0, 255)), max_size=6))
@settings(max_examples=examples(4))
def test_any_bytes_under_a_right_crc_are_a_recording_or_a_problem(
    changes: list[tuple[int, int]],
) -> None:
    data = bytearray(RUN[:-2])
    for at, value in changes:
        data[at] = value
    try:
        found = fit_recordings(with_crc(bytes(data)))
    except FileProblem as refused:
        found = [refused]
    assert found
    assert all(isinstance(f, Recording | FileProblem) for f in found)
