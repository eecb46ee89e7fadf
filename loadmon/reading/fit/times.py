"""Timestamps that take five bits: a message may carry only the end of its time in its header."""

from __future__ import annotations

import numpy as np

from loadmon.reading.fit.fields import LAST_TIME, Array, gather, layout_of, read_field
from loadmon.reading.fit.layout import TIMESTAMP
from loadmon.reading.fit.scan import Part

#: Unix time of 1989-12-31 00:00 UTC, where FIT time begins. [s]
EPOCH = 631_065_600.0
#: FIT times below this count seconds since the watch was switched on. [s]
RELATIVE = 0x10000000


def compressed_times(part: Part) -> dict[int, Array]:
    """Timestamps of messages that carry only the last five bits in their header byte."""
    squeezed = [d for d in part.definitions if d.compressed]
    if not squeezed:
        return {}
    data = np.frombuffer(part.data, np.uint8)
    where, low, full = [], [], []
    for d in part.definitions:
        if d.compressed:
            where.append(d.offsets)
            low.append((data[d.offsets] & 0x1F).astype(np.int64))
            full.append(np.full(len(d.offsets), -1))
            continue
        plan = layout_of(d, {})
        for stamp in plan.fields:
            if stamp.number != TIMESTAMP or stamp.kind != "number" or stamp.count != 1:
                continue
            values = read_field(stamp, gather(part.data, d, plan.dtype))
            known = (values >= 0) & (values <= LAST_TIME)  # of an unknown message, it may be any
            seconds = values[known].astype(np.int64)
            where.append(d.offsets[known])
            low.append(seconds & 0x1F)
            full.append(seconds)
    at, bits, seconds = (np.concatenate(x) for x in (where, low, full))
    unrolled = _unroll(at, bits, seconds)
    return {id(d): unrolled[np.searchsorted(np.sort(at), d.offsets)] for d in squeezed}


def _unroll(at: Array, bits: Array, seconds: Array) -> Array:
    """Full times in file order; each compressed one is the next with those five bits."""
    order = np.argsort(at)
    bits, seconds = bits[order], seconds[order]
    anchor = np.maximum.accumulate(np.where(seconds >= 0, np.arange(len(bits)), -1))
    step = (bits - np.concatenate([[0], bits[:-1]])) & 0x1F
    run = np.cumsum(step)
    based = anchor >= 0
    start = np.where(based, seconds[anchor], 0) - np.where(based, run[anchor], 0)
    times: Array = (start + run).astype(np.float64)
    return times
