#!/usr/bin/env bash
# pyfitparsernative 0.2.3: of the developer fields of two apps only one is left.
#
# Guess: a record with field 0 of one app (stiffness, 9 kN/m) and field 0 of another (ground time, 240 ms)
#        has both, by name or at least by number.
# Saw:   one entry developer_field_0 with 240: the second overwrites the first, and neither name nor app
#        is said. fitfast 0.1.0 gives stiffness 9 and ground_time 240 for the same bytes.
# Ours:  who reads the fields of a foot pod there gets those of whichever app came last.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    pyfitparsernative==0.2.3 fitfast==0.1.0 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import struct
import sys
from importlib.metadata import version

import fitfast
import pyfitparsernative

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


def described(app, name, unit):
    fields = [(0, 1, U8), (1, 1, U8), (2, 1, U8), (3, 12, TEXT), (8, 5, TEXT)]
    return message(206, fields, "BBB12s5s", app, 0, U16, name, unit)


def app(number):
    return message(207, [(1, 16, BYTE), (3, 1, U8)], "16sB", bytes([number + 1] * 16), number)


data = fit(
    FILE_ID,
    app(0),
    app(1),
    described(0, b"stiffness", b"kN/m"),
    described(1, b"ground_time", b"ms"),
    message(20, [(253, 4, U32), (3, 1, U8)], "IBHH", START, 150, 9, 240, own=[(0, 2, 0), (0, 2, 1)]),
)
rows = [m for m in pyfitparsernative.parse_fit_bytes(data) if m["message_type"] == "record"]
seen = {k: v for k, v in rows[0].items() if k not in ("timestamp", "message_type", "heart_rate")}
print("pyfitparsernative", version("pyfitparsernative"), "besides time and heart rate:", seen)
peer = fitfast.parse(data)["record"][0]
print("fitfast", version("fitfast"), peer)
sys.exit(not (seen == {"developer_field_0": 240} and peer["stiffness"] == 9 and peer["ground_time"] == 240))
PY
