#!/usr/bin/env bash
# fitdecode 0.11.0: scale and offset of a developer field are not applied.
#
# Guess: the field description says scale 10, so the stored 95 is read as 9.5 kN/m, as with every
#        field of the profile.
# Saw:   95 kN/m: the unit is applied, the scale is not, and no field of the result says so.
#        fit-tool 0.9.16 gives 9.5 for the same bytes.
# Ours:  who reads a developer field through fitdecode has to look for its description himself.
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

described = message(
    206,
    [(0, 1, U8), (1, 1, U8), (2, 1, U8), (3, 10, TEXT), (8, 5, TEXT), (6, 1, U8), (7, 1, 0x01)],
    "BBB10s5sBb", 0, 0, U16, b"stiffness", b"kN/m", 10, 0,
)
data = fit(
    FILE_ID,
    message(207, [(1, 16, BYTE), (3, 1, U8)], "16sB", bytes(range(16)), 0),
    described,
    message(20, [(253, 4, U32), (3, 1, U8)], "IBH", START, 150, 95, own=[(0, 2, 0)]),
)
with fitdecode.FitReader(io.BytesIO(data)) as reader:
    record = [m for m in reader if getattr(m, "name", "") == "record"][-1]
field = record.get_field("stiffness")
print("fitdecode", version("fitdecode"), "developer field of scale 10, stored 95:", field.value, field.units)
other = [r.message for r in FitFile.from_bytes(data).records if not r.is_definition][-1]
peer = other.developer_fields[0].get_value(0)
print("fit-tool", version("fit-tool"), "the same field:", peer)
sys.exit(not (field.value == 95 and field.units == "kN/m" and peer == 9.5))
PY
