#!/usr/bin/env bash
# fitdecode 0.11.0: the active time of a session (field 78) has no name and no unit.
#
# Guess: fitdecode knows the newer fields 192 to 196 of a session, so it knows the older number 78.
# Saw:   unknown_78 = 2700000 without a unit, beside workout_rpe by its name. fit-tool 0.9.16 calls
#        the field active_time and gives 2700 s.
# Ours:  code that looks for active_time by name never finds it; loadmon keeps a table of the fields
#        that are newer than fitdecode's profile (loadmon/io/fit/profile.py).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    fitdecode==0.11.0 fit-tool==0.9.16
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
    message(18, [(253, 4, U32), (5, 1, ENUM), (78, 4, U32), (193, 1, U8)], "IBIB", START, 1, 2_700_000, 60),
)
with fitdecode.FitReader(io.BytesIO(data)) as reader:
    session = [m for m in reader if getattr(m, "name", "") == "session"][-1]
seen = {field.name: (field.value, field.units) for field in session.fields}
print("fitdecode", version("fitdecode"), seen)
peer = [r.message for r in FitFile.from_bytes(data).records if not r.is_definition][-1]
print("fit-tool", version("fit-tool"), "active_time:", peer.active_time)
sys.exit(not (seen.get("unknown_78") == (2_700_000, None) and "workout_rpe" in seen and peer.active_time == 2700))
PY
