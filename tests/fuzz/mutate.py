"""Damage to bytes: what rot, broken copies and bad writers do to files of any format.

Every operator takes a random source and the bytes of a sound file, and returns other bytes. The
same source gives the same damage on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable

Operator = Callable[[random.Random, bytes], bytes]

_CUT_POINTS = 40
_CHUNKS = (1, 2, 4, 8, 16, 32, 64, 128, 512, 2048)


def flip_bits(rng: random.Random, data: bytes) -> bytes:
    """Flip 1 to 32 bits anywhere."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 8, 32))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def change_bytes(rng: random.Random, data: bytes) -> bytes:
    """Put other bytes in up to 8 places."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        out[rng.randrange(len(out))] = rng.choice(
            (0, 1, 0x7F, 0x80, 0xFE, 0xFF, rng.randrange(256))
        )
    return bytes(out)


def truncate(rng: random.Random, data: bytes) -> bytes:
    """Cut the end off, at one of 40 even places or one of the last 16 bytes."""
    if rng.random() < 0.2:
        return data[: -rng.randint(1, min(16, len(data)))]
    return data[: len(data) * rng.randrange(_CUT_POINTS) // _CUT_POINTS]


def double_chunk(rng: random.Random, data: bytes) -> bytes:
    """Repeat some bytes where they stand."""
    low, high = _chunk(rng, data)
    return data[:high] + data[low:high] + data[high:]


def delete_chunk(rng: random.Random, data: bytes) -> bytes:
    """Leave some bytes out."""
    low, high = _chunk(rng, data)
    return data[:low] + data[high:]


def swap_chunks(rng: random.Random, data: bytes) -> bytes:
    """Exchange some bytes with those behind them."""
    low, high = _chunk(rng, data)
    return data[:low] + data[high : 2 * high - low] + data[low:high] + data[2 * high - low :]


def fill_chunk(rng: random.Random, data: bytes) -> bytes:
    """Overwrite some bytes with 0x00 or 0xFF."""
    low, high = _chunk(rng, data)
    return data[:low] + rng.choice((b"\0", b"\xff")) * (high - low) + data[high:]


def insert_bytes(rng: random.Random, data: bytes) -> bytes:
    """Put strange bytes in between."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.choice(_CHUNKS[:7])) + data[at:]


def append_bytes(rng: random.Random, data: bytes) -> bytes:
    """Put zeros, strange bytes or the beginning of the same file behind it."""
    size = rng.choice(_CHUNKS)
    return data + rng.choice((bytes(size), rng.randbytes(size), data[:size]))


def _chunk(rng: random.Random, data: bytes) -> tuple[int, int]:
    size = min(rng.choice(_CHUNKS), len(data))
    low = rng.randrange(len(data) - size + 1)
    return low, low + size


#: Operators for any file.
ANY: tuple[Operator, ...] = (
    flip_bits,
    change_bytes,
    truncate,
    double_chunk,
    delete_chunk,
    swap_chunks,
    fill_chunk,
    insert_bytes,
    append_bytes,
)
