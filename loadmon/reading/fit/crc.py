"""CRC-16 of the FIT protocol over whole files, folded in numpy."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

_POLYNOMIAL = 0xA001  # CRC-16/ARC, reflected: FIT protocol, "CRC calculation"


@functools.cache
def _advance(level: int) -> npt.NDArray[np.uint16]:
    """Table: a CRC state after 2**level bytes of zero."""
    if level:
        half = _advance(level - 1)
        return half[half]
    state = np.arange(1 << 16, dtype=np.uint32)
    for _ in range(8):
        state = np.where(state & 1, (state >> 1) ^ _POLYNOMIAL, state >> 1)
    return state.astype(np.uint16)


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

    Notes
    -----
    A CRC that starts at 0 is linear: the CRC of two halves is the left one advanced by the length
    of the right one, xor the right one. Neighbours are folded level by level, each level with one
    table look-up of half the length (performance figures: ``benchmarks/``). Zeros put in front of
    the data leave the CRC as it is, so odd lengths are padded there.
    """
    if len(data) % 2:
        data = b"\0" + bytes(data)
    if not len(data):
        return 0
    state = np.frombuffer(data, "<u2")
    level = 1
    while len(state) > 1:
        if len(state) % 2:
            state = np.concatenate([np.zeros(1, np.uint16), state])
        state = _advance(level)[state[0::2]] ^ state[1::2]
        level += 1
    return int(_advance(1)[state[0]])
