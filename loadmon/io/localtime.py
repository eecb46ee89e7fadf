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

Position = tuple[float, float]
#: No place that keeps UTC lies farther from Greenwich (Iceland, the west of Africa). [deg]
_FARTHEST_UTC_DEG = 30.0


class LocalTime(Protocol):
    """What may hold the local time that a file gives: a recording, or an activity made from one."""

    offset_min: float
    zone: str


def utc_offset_min(
    recording: LocalTime, start_s: float, home_zone: str, position: Position | None = None
) -> tuple[float, str]:
    """Local time minus UTC at a start [min], and whose: ``file``, ``gps``, ``home`` or ``utc``."""
    stated = recording.offset_min
    there = zone_at(position) if position and not recording.zone else ""
    if stated == stated:
        # A writer that copies UTC, or takes the offset off instead of adding it, is no witness.
        local = _offset_min(there, start_s) if there else stated
        if local != stated and stated in (0.0, -local):
            return local, "gps"
        if not there and position and stated == 0.0 and _is_far_from_utc(position):
            return (_offset_min(home_zone, start_s), "home") if home_zone else (0.0, "utc")
        return stated, "file"
    for zone, source in ((recording.zone, "file"), (there, "gps"), (home_zone, "home")):
        if zone:
            return _offset_min(zone, start_s), source
    return 0.0, "utc"


def _offset_min(zone: str, start_s: float) -> float:
    offset = datetime.fromtimestamp(start_s, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return offset.total_seconds() / 60 if offset else 0.0


def _is_far_from_utc(position: Position) -> bool:
    """Whether no place so far east or west keeps UTC, whatever its zone is called."""
    return abs(position[1]) > _FARTHEST_UTC_DEG


def zone_at(position: Position) -> str:
    """IANA name of the zone of a position; empty without the extra ``tz`` (tzfpy), and at sea."""
    find = _finder()
    name = find(position[1], position[0]) if find else ""
    # At sea a position is more often wrong than run at.
    return name if name and not name.startswith("Etc/") and _exists(name) else ""


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
