#!/usr/bin/env bash
# fitdecode 0.11.0, fitparse 1.2.0: an invalid speed hides the valid enhanced_speed of its record.
#
# Guess: a record with speed 65535 (the value that means none) and enhanced_speed 3210 has
#        get_value("enhanced_speed") = 3.21.
# Saw:   None in both. The empty speed is expanded into a first, empty enhanced_speed; get_value
#        stops there. The list of fields holds the name twice, with None and with 3.21, and
#        get_values() of fitparse, a dict, keeps the last: 3.21.
# Ours:  loop over the fields and take the one with a value; never get_value.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    fitdecode==0.11.0 fitparse==1.2.0
venv/bin/python -W ignore - <<'PY'
import struct
import io
import sys
from importlib.metadata import version

import fitdecode
import fitparse

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
    message(20, [(253, 4, U32), (6, 2, U16), (73, 4, U32)], "IHI", START, 0xFFFF, 3210),
)
with fitdecode.FitReader(io.BytesIO(data)) as reader:
    record = [m for m in reader if getattr(m, "name", "") == "record"][-1]
fields = [f.value for f in record.fields if f.name == "enhanced_speed"]
first = record.get_value("enhanced_speed")
print("fitdecode", version("fitdecode"), "get_value:", first, "fields of that name:", fields)
old = next(fitparse.FitFile(io.BytesIO(data)).get_messages("record"))
pair = old.get_value("enhanced_speed"), old.get_values()["enhanced_speed"]
print("fitparse", version("fitparse"), "get_value:", pair[0], "get_values:", pair[1])
sys.exit(not (first is None and fields == [None, 3.21] and pair == (None, 3.21)))
PY
