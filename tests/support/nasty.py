"""One short run, and ways to spoil it: what the tests of damaged and odd inputs start from.

The run is that of the project's list of known failures: 60 records 10 s apart, 1770 m in 590 s,
from 8 o'clock UTC on Sunday, 10 March 2024, an hour ahead of UTC.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Iterable
from typing import Any

from fitdecode.utils import compute_crc
from writers import Message, activity_messages, made_up_points, write_fit, write_gpx, write_tcx

START = dt.datetime(2024, 3, 10, 8, tzinfo=dt.UTC)
RUN: dict[str, Any] = {"distance_km": 1.77, "duration_min": 590 / 60, "step_s": 10}
METRES, SECONDS, RECORDS = 1770, 590, 60

Change = Callable[[int, dict[str, Any]], dict[str, Any] | None]


def messages(start: dt.datetime = START, **asked: Any) -> list[Message]:
    """Messages of the run as a FIT file."""
    return activity_messages(start, **{"offset_min": 60, **RUN, **asked})


def fit(start: dt.datetime = START, **asked: Any) -> bytes:
    """Return the run as a FIT file."""
    return write_fit(messages(start, **asked))


def gpx(start: dt.datetime = START, **asked: Any) -> str:
    """Return the run as the text of a GPX file."""
    return write_gpx(made_up_points(start, **{**RUN, **asked})).decode()


def tcx(start: dt.datetime = START, **asked: Any) -> str:
    """Return the run as the text of a TCX file."""
    return write_tcx(made_up_points(start, **{**RUN, **asked})).decode()


def changed(found: Iterable[Message], name: str, change: Change) -> list[Message]:
    """Change the fields of each message of one name, told its place; None leaves it out."""
    out: list[Message] = []
    place = 0
    for message in found:
        if message[0] != name:
            out.append(message)
            continue
        fields = change(place, dict(message[1]))
        place += 1
        if fields is not None:
            out.append((name, fields))
    return out


def having(found: Iterable[Message], name: str, **fields: Any) -> list[Message]:
    """Give every message of one name other values in some fields."""
    return changed(found, name, lambda _, old: old | fields)


def without(found: Iterable[Message], *names: str) -> list[Message]:
    """Leave out all messages of some names."""
    return [message for message in found if message[0] not in names]


def resized(data: bytes, size: int) -> bytes:
    """Claim another size of the body, with the header's own CRC right."""
    head = data[:4] + struct.pack("<I", size) + data[8:12]
    return head + struct.pack("<H", compute_crc(head)) + data[14:]


def resealed(data: bytes) -> bytes:
    """Make the CRC at the end right for whatever stands before it."""
    return data[:-2] + struct.pack("<H", compute_crc(data[:-2]))


def points_changed(text: str, tag: str, change: Callable[[int, str], str]) -> str:
    """Change each point of a GPX or TCX text, told its place."""
    head, *points = text.split(f"<{tag}")
    last, close, tail = points[-1].rpartition(f"</{tag}>")
    points[-1] = last + close
    new = [change(i, f"<{tag}{point}") for i, point in enumerate(points)]
    return head + "".join(new) + tail
