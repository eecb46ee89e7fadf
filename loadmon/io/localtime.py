"""The runner's own calendar day of an activity, and who says so.

The recording's own word comes first, then the zone of its position, then the zone the runner calls
home. An activity belongs as a whole to the local day of its start; lengths are measured in UTC, so
that the days on which clocks change are no shorter and no longer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from loadmon.io.recording import LAST_S, OLDEST_S, Recording

Position = tuple[float, float]


class LocalTime(Protocol):
    """What may hold the local time that a file gives: a recording, or an activity made from one."""

    offset_min: float
    zone: str


def utc_offset_min(
    recording: LocalTime, start_s: float, home_zone: str, position: Position | None = None
) -> tuple[float, str]:
    """Local time minus UTC at a start [min], and whose: ``file``, ``gps``, ``home`` or ``utc``."""
    if recording.offset_min == recording.offset_min:
        return recording.offset_min, "file"
    there = zone_at(position) if position and not recording.zone else ""
    for zone, source in ((recording.zone, "file"), (there, "gps"), (home_zone, "home")):
        if zone:
            offset = datetime.fromtimestamp(start_s, UTC).astimezone(ZoneInfo(zone)).utcoffset()
            return (offset.total_seconds() / 60 if offset else 0.0), source
    return 0.0, "utc"


def zone_at(position: Position) -> str:
    """IANA name of the zone of a position; empty without the extra ``tz`` (tzfpy), and at sea."""
    find = _finder()
    name = find(position[1], position[0]) if find else ""
    # At sea a position is more often wrong than run at.
    return name if name and not name.startswith("Etc/") and _exists(name) else ""


#: Makers that write local time and call it UTC, by a part of the name they give themselves.
_LOCAL_AS_UTC = ("mi fitness", "codoon", "kalenji")


def writes_local_time(maker: str) -> bool:
    """Whether times of a maker that end in Z are local all the same."""
    return any(name in maker.lower() for name in _LOCAL_AS_UTC)


def to_utc(recording: Recording) -> None:
    """Turn local times of a recording into UTC by the zone of its first position.

    Where that is not known they stay as they are, so that its day is right and its start in UTC
    is not.
    """
    streams = recording.streams
    zone = ""
    if {"latitude_deg", "longitude_deg"} <= streams.keys():
        known = ~np.isnan(streams["latitude_deg"]) & ~np.isnan(streams["longitude_deg"])
        if known.any():
            position = (streams["latitude_deg"][known][0], streams["longitude_deg"][known][0])
            zone = zone_at((float(position[0]), float(position[1])))
    if not OLDEST_S <= recording.start < LAST_S:  # refused later
        return
    local = datetime.fromtimestamp(recording.start, UTC).replace(tzinfo=ZoneInfo(zone or "UTC"))
    offset = local.utcoffset()
    recording.offset_min = offset.total_seconds() / 60 if offset else 0.0
    shift = 60 * recording.offset_min
    recording.start -= shift
    recording.time = recording.time - shift
    recording.pauses = recording.pauses - shift
    if not zone:
        recording.flags["tz-unknown"] = (
            "its maker writes local time and calls it UTC: its day is right, its start in UTC not"
        )


def note_zone(
    issues: dict[str, str], kind: str, tz_source: str, home_zone: str, position: Position | None
) -> None:
    """Say whose calendar the day is from, unless the file or the runner has said it."""
    if tz_source == "utc" and "tz-unknown" not in issues:
        text = "it gives no local time: its day is that of UTC; set home_zone in athlete.toml"
        if position and _finder() is None:
            text += ", or install loadmon[tz], which finds the zone of its position"
        issues["no-local-time"] = text
    elif tz_source != "utc" and kind == "fit" and home_zone:
        issues.pop("tz-unknown", None)
    elif tz_source == "gps" and kind == "fit" and "tz-unknown" in issues:
        issues["tz-unknown"] = (
            "the file gives no local time: its day is that of the zone of its first position; "
            "home_zone in athlete.toml settles it"
        )


@cache
def _finder() -> Callable[[float, float], str] | None:
    """Find a zone by longitude and latitude; None without the extra."""
    try:
        from tzfpy import get_tz
    except ImportError:
        return None
    return get_tz


@cache
def _exists(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder, or too long for a name
        return False
