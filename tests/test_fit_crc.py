"""The CRC of whole files against a loop over bits and against fitdecode."""

from __future__ import annotations

import random

import pytest
from fitdecode.utils import compute_crc
from hypothesis import given
from hypothesis import strategies as st

from loadmon.io.fit.scan import crc16


def bitwise(data: bytes) -> int:
    """CRC-16/ARC the long way: polynomial 0x8005 reflected, start 0, bit by bit."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def test_the_check_value_of_crc_16_arc_is_met() -> None:
    # "123456789" gives 0xBB3D: catalogue of parametrised CRC algorithms, CRC-16/ARC
    assert crc16(b"123456789") == 0xBB3D


def test_no_data_give_zero() -> None:
    assert crc16(b"") == 0


@given(st.binary(max_size=400))
def test_it_equals_a_loop_over_bits(data: bytes) -> None:
    assert crc16(data) == bitwise(data)


@pytest.mark.parametrize("length", [*range(1, 70), 1023, 1024, 1025, 65_535, 131_073])
def test_it_equals_fitdecode_at_every_length(length: int) -> None:
    data = random.Random(length).randbytes(length)
    assert crc16(data) == crc16(memoryview(data)) == compute_crc(data)


@given(st.binary(max_size=200), st.integers(0, 40))
def test_zeros_in_front_do_not_count(data: bytes, zeros: int) -> None:
    assert crc16(bytes(zeros) + data) == crc16(data)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_one_wrong_bit_is_always_seen(data: bytes, draw: st.DataObject) -> None:
    bit = draw.draw(st.integers(0, 8 * len(data) - 1))
    damaged = bytearray(data)
    damaged[bit // 8] ^= 1 << bit % 8
    assert crc16(bytes(damaged)) != crc16(data)


@given(st.binary(max_size=200))
def test_data_and_their_crc_together_give_zero(data: bytes) -> None:
    assert crc16(data + crc16(data).to_bytes(2, "little")) == 0
