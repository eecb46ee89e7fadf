#!/usr/bin/env bash
# fit-tool 0.9.16, fitdecode 0.11.0, fitparse 1.2.0: three readings of an activity's local_timestamp.
#
# Guess: timestamp and local_timestamp come in one kind each, the second as a bare clock time, so
#        their difference is the runner's offset from UTC (here two hours).
# Saw:   fit-tool gives milliseconds since 1970 for the one and seconds since 1989 for the other:
#        the difference is nonsense of the right type. fitdecode calls the clock time UTC
#        (18:53+00:00, an instant two hours late); only fitparse gives a bare clock time.
# Ours:  a frame joined from two readers may be off by the offset or by decades, and nothing raises.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    fit-tool==0.9.16 fitdecode==0.11.0 fitparse==1.2.0
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

data = fit(
    FILE_ID,
    message(34, [(253, 4, U32), (5, 4, U32)], "II", START, START + 7200),
)
activity = [r.message for r in FitFile.from_bytes(data).records if not r.is_definition][-1]
tool = activity.timestamp, activity.local_timestamp
print("fit-tool", version("fit-tool"), *tool)
with fitdecode.FitReader(io.BytesIO(data)) as reader:
    decoded = [m for m in reader if getattr(m, "name", "") == "activity"][-1]
clock = decoded.get_value("local_timestamp")
print("fitdecode", version("fitdecode"), decoded.get_value("timestamp"), clock)
bare = next(fitparse.FitFile(io.BytesIO(data)).get_messages("activity")).get_value("local_timestamp")
print("fitparse", version("fitparse"), bare)
sys.exit(
    not (
        tool == (1_761_065_600_000, START + 7200)
        and clock.isoformat() == "2025-10-21T18:53:20+00:00"
        and bare.isoformat() == "2025-10-21T18:53:20"
    )
)
PY
