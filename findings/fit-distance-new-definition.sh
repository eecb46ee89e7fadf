#!/usr/bin/env bash
# fitdecode 0.11.0, fitparse 1.2.0: a definition written again mid-run takes 256 m off the distance.
#
# Guess: a record that holds its distance as compressed_speed_distance (12 bits, so it starts anew
#        every 256 m) is at 0, 100, 200 ... 700 m; a watch may write the definition of its records
#        again at any time, for instance when a strap appears.
# Saw:   400 m, then 244 m, in both: the definition resets the sum. With one definition 0 to 700 m;
#        fit-tool gives 0 to 700 m either way. python-fitparse 2.7.0, a later fork, counts as fitparse does.
# Ours:  the last distance is no total, and a difference between two records may be negative. loadmon
#        sums these itself (a run of 2.9 km with such a second definition is 2.9 km).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    fitdecode==0.11.0 fitparse==1.2.0 fit-tool==0.9.16
venv/bin/python -W ignore - <<'PY'
import struct
import io
import sys
from importlib.metadata import version

import fitdecode
import fitparse
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

DEFINITION = bytes([0x40, 0, 0]) + struct.pack("<HB", 20, 2) + bytes((253, 4, U32)) + bytes((8, 3, BYTE))


def run(*defined_before):
    """Eight records of 100 m each at 3 m/s: 12 bits of 1/100 m/s, 12 bits of 1/16 m."""
    rows = b""
    for i in range(8):
        packed = 300 | (100 * i * 16 & 0xFFF) << 12
        rows += DEFINITION if i in defined_before else b""
        rows += b"\0" + struct.pack("<I", START + 33 * i) + packed.to_bytes(3, "little")
    return fit(FILE_ID, rows)


def distances(data):
    with fitdecode.FitReader(io.BytesIO(data)) as reader:
        first = [m.get_value("distance") for m in reader if getattr(m, "name", "") == "record" and hasattr(m, "fields")]
    second = [m.get_value("distance") for m in fitparse.FitFile(io.BytesIO(data)).get_messages("record")]
    messages = [r.message for r in FitFile.from_bytes(data).records if not r.is_definition]
    third = [m.distance for m in messages if m.name == "record"]
    return first, second, third


right = [100.0 * i for i in range(8)]
fallen = [100.0 * i for i in range(5)] + [244.0, 344.0, 444.0]
once, again = distances(run(0)), distances(run(0, 5))
for name, a, b in zip(("fitdecode", "fitparse", "fit-tool"), once, again):
    print(name, version(name), "one definition:", a[-3:], "a second one:", b)
sys.exit(not (once == (right, right, right) and again == (fallen, fallen, right)))
PY
