"""CRC-16 of the FIT protocol over whole files, in a few exclusive-ors of large blocks.

The CRC is the rest of the file, read as one long polynomial over bits, after division by
P = x^16 + x^15 + x^2 + 1. P is the product of x + 1 and Q = x^15 + x + 1, and the rest modulo each
of the two is easy to come by:

- modulo x + 1 the rest is the parity: whether the number of set bits is odd;
- modulo Q, x^15 equals x + 1. Squaring both sides k times gives x^(15u) = x^u + 1 for every
  u = 2^k. So a block of the file that lies 15u bits or more before the end may be moved 15u bits
  towards the end and, once more, 14u bits, and nothing changes modulo Q.

`_folded` moves the front half of the file onto the back half that way, again and again, until a few
bytes are left. Their CRC by the usual table is right modulo Q; if its parity is not that of the
file, adding Q makes it right modulo x + 1 too, and by that modulo P.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_P = 0xA001  # x^16 + x^15 + x^2 + 1, lowest bit highest: FIT protocol, "CRC calculation"
_Q = 0xC001  # x^15 + x + 1, in the same order of bits
_FEW = 64  # bytes; fewer are not worth folding


def _table() -> tuple[int, ...]:
    """CRC of every single byte."""
    table = []
    for state in range(256):
        for _ in range(8):
            state = state >> 1 ^ _P if state & 1 else state >> 1
        table.append(state)
    return tuple(table)


_TABLE = _table()


def crc16(data: bytes | memoryview) -> int:
    """CRC-16/ARC of `data`.

    Parameters
    ----------
    data : bytes
        What the CRC is taken over.

    Returns
    -------
    int
        The CRC, 0 to 65535; 0 for no data.
    """
    crc = _crc_of_few(_folded(data))
    return crc ^ _Q if _is_odd(data) != crc.bit_count() % 2 else crc


def _crc_of_few(data: bytes) -> int:
    """CRC byte by byte."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def _folded(data: bytes | memoryview) -> bytes:
    """A few bytes that leave the same rest as `data` modulo Q."""
    rest: npt.NDArray[np.uint8] = np.array(np.frombuffer(data, np.uint8))
    while len(rest) > _FEW:
        unit = 1 << ((len(rest) - 1) // 15).bit_length() - 1  # bytes: 15 units < length <= 30 units
        front = rest[: min(len(rest) - 15 * unit, 14 * unit)]
        rest[15 * unit : 15 * unit + len(front)] ^= front
        rest[14 * unit : 14 * unit + len(front)] ^= front
        rest = rest[len(front) :]
    return rest.tobytes()


def _is_odd(data: bytes | memoryview) -> int:
    """1 if the number of set bits is odd, else 0."""
    words = np.frombuffer(data, np.uint64, len(data) // 8)
    odd = int(np.bitwise_xor.reduce(words)).bit_count()
    return (odd + int.from_bytes(data[len(data) // 8 * 8 :]).bit_count()) % 2
