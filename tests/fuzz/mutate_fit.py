"""Damage to FIT files: with the CRC left as it was (rot), or made right again (a bad writer)."""

from __future__ import annotations

import random
import struct

from mutate import ANY, append_bytes, truncate

_BODY = tuple(operator for operator in ANY if operator not in (truncate, append_bytes))
_SIZES = (0, 1, 13, 0x7FFFFFFF, 0xFFFFFFFF)


def fit_stale(rng: random.Random, data: bytes) -> bytes:
    """Damage anywhere, the header included; every CRC stays what it was."""
    if rng.random() < 0.1:
        return _header_edit(rng, data)
    return rng.choice(ANY)(rng, data)


def fit_valid(rng: random.Random, data: bytes) -> bytes:
    """Damage in the body, then size, header CRC and file CRC made right."""
    start = data[0]
    size = struct.unpack_from("<I", data, 4)[0]
    body = data[start : start + size]
    what = rng.random()
    if what < 0.08:  # a writer that stopped early and still closed the file
        body = truncate(rng, body) or body[:1]
    elif what < 0.12:  # one that went on with the messages of the same file
        body += body[: rng.randrange(1, len(body))]
    else:
        body = rng.choice(_BODY)(rng, body)
    return sealed(data[:start], body)


def sealed(header: bytes, body: bytes) -> bytes:
    """Put a body behind a header of 12 or 14 bytes, with the size and every CRC right."""
    head = header[:4] + struct.pack("<I", len(body)) + header[8:12]
    if len(header) == 14:
        head += struct.pack("<H", compute_crc(head))
    return head + body + struct.pack("<H", compute_crc(head + body))


def _of_byte(state: int) -> int:
    for _ in range(8):
        state = state >> 1 ^ (0xA001 if state & 1 else 0)
    return state


_OF_BYTE = tuple(map(_of_byte, range(256)))


def compute_crc(data: bytes) -> int:
    """CRC-16/ARC by bytes; the reader has another way, and fitdecode's took most of the time."""
    crc, table = 0, _OF_BYTE
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


def _header_edit(rng: random.Random, data: bytes) -> bytes:
    """Another header size, protocol, data size, magic, or header CRC."""
    out = bytearray(data)
    what = rng.randrange(6)
    if what == 0:
        out[0] = rng.choice((0, 11, 12, 13, 14, 15, 255))
    elif what == 1:
        out[1] = rng.randrange(256)
    elif what == 2:
        (size,) = struct.unpack_from("<I", data, 4)
        near = (size - rng.randrange(1, 64), size + rng.randrange(1, 64))
        struct.pack_into("<I", out, 4, rng.choice((*_SIZES, *near)) & 0xFFFFFFFF)
    elif what == 3:
        out[8 + rng.randrange(4)] = rng.randrange(256)
    elif what == 4:
        out[12:14] = rng.randbytes(2)
    else:
        return rng.choice((b"\xef\xbb\xbf", b"\n", b"\0")) + data
    return bytes(out)
