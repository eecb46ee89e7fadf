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

Place = tuple[float, float]


class LocalTime(Protocol):
    """Whatever a file told its local time to: a recording, or an activity measured from one."""

    offset_min: float
    zone: str


def utc_offset_min(
    recording: LocalTime, start_s: float, home_zone: str, place: Place | None = None
) -> tuple[float, str]:
    """Local time minus UTC at the start of an activity, and where it is from.

    Returns local time minus UTC. [min] ``file``, ``gps``, ``home`` or ``utc``.
    """
    if recording.offset_min == recording.offset_min:
        return recording.offset_min, "file"
    for zone, source in _zones(recording.zone, place, home_zone):
        if zone:
            offset = datetime.fromtimestamp(start_s, UTC).astimezone(ZoneInfo(zone)).utcoffset()
            return (offset.total_seconds() / 60 if offset else 0.0), source
    return 0.0, "utc"


def _zones(told: str, place: Place | None, home_zone: str) -> list[tuple[str, str]]:
    """Zones from the best known to the least, with their sources."""
    there = zone_at(place) if place and not told else ""
    return [(told, "file"), (there, "gps"), (home_zone, "home")]


def zone_at(place: Place) -> str:
    """IANA name of the zone of a position.

    Returns empty at sea, where a position is more often wrong than run at, and where the extra
    ``tz`` (tzfpy) is not installed.
    """
    find = _finder()
    name = find(place[1], place[0]) if find else ""
    return name if name and not name.startswith("Etc/") and _exists(name) else ""


def note_zone(
    flags: dict[str, str], kind: str, tz_source: str, home_zone: str, place: Place | None
) -> None:
    """Say whose calendar the day is from, unless the file or the runner has said it."""
    if tz_source == "utc" and "tz-unknown" not in flags:
        told = "no local time is told: its day is that of UTC; set home_zone in athlete.toml"
        if place and not can_find_zones():
            told += ", or install loadmon[tz], which finds the zone of its position"
        flags["no-local-time"] = told
    elif tz_source != "utc" and kind == "fit" and home_zone:
        flags.pop("tz-unknown", None)
    elif tz_source == "gps" and kind == "fit" and "tz-unknown" in flags:
        flags["tz-unknown"] = (
            "the file tells no local time: its day is that of the zone of its first position; "
            "home_zone in athlete.toml settles it"
        )


def can_find_zones() -> bool:
    """Tell whether zones of positions can be found: the extra ``tz`` is installed."""
    return _finder() is not None


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
    """Tell whether this machine's zone data know a name."""
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder, or too long for a name
        return False
