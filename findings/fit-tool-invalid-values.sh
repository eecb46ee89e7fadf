#!/usr/bin/env bash
# fit-tool 0.9.16: the value that means "none" is read as a number.
#
# Guess: a heart rate of 255 (no strap) and a speed of 65535 are None, as in fitdecode.
# Saw:   255 bpm and 65.535 m/s, and is_valid() of those fields is true.
# Ours:  a mean over fit-tool's records counts every second without a strap as 255 bpm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    fit-tool==0.9.16 fitdecode==0.11.0
venv/bin/python -W ignore - <<'PY'
import struct
import io
import sys
from importlib.metadata import version

import fitdecode
from fit_tool.fit_file import FitFile

def crc(data):
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return struct.pack("<H", value)


def fit(*messages):
    body = b"".join(messages)
    head = struct.pack("<BBHI4s", 14, 0x20, 21158, len(body), b".FIT")
    head += crc(head)
    return head + body + crc(head + body)


def message(number, fields, layout, *values, own=()):
    """Definition of local type 0 and one data message; fields are (number, size, base type)."""
    head = bytes([0x60 if own else 0x40, 0, 0]) + struct.pack("<HB", number, len(fields))
    head += b"".join(map(bytes, fields))
    if own:
        head += bytes([len(own)]) + b"".join(map(bytes, own))
    return head + b"\0" + struct.pack("<" + layout, *values)


U8, U16, U32, ENUM, BYTE, TEXT = 0x02, 0x84, 0x86, 0x00, 0x0D, 0x07
START = 1_130_000_000  # seconds since the last day of 1989: 21 October 2025, 16:53:20 UTC
FILE_ID = message(0, [(0, 1, ENUM), (1, 2, U16), (4, 4, U32)], "BHI", 4, 255, START)

data = fit(
    FILE_ID,
    message(20, [(253, 4, U32), (3, 1, U8), (6, 2, U16)], "IBH", START, 0xFF, 0xFFFF),
)
record = [r.message for r in FitFile.from_bytes(data).records if not r.is_definition][-1]
seen = record.heart_rate, record.speed
valid = {f.name: f.is_valid() for f in record.fields if f.name in ("heart_rate", "speed")}
print("fit-tool", version("fit-tool"), "heart rate and speed that are not there:", seen, valid)
with fitdecode.FitReader(io.BytesIO(data)) as reader:
    peer = [m for m in reader if getattr(m, "name", "") == "record"][-1]
pair = peer.get_value("heart_rate"), peer.get_value("speed")
print("fitdecode", version("fitdecode"), "the same:", pair)
sys.exit(not (seen == (255, 65.535) and all(valid.values()) and pair == (None, None)))
PY
