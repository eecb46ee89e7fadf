"""The runner's own calendar day of an activity, and who says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class LocalTime(Protocol):
    """Whatever a file told its local time to: a recording, or an activity measured from one."""

    offset_min: float
    zone: str


def utc_offset_min(recording: LocalTime, start_s: float, home_zone: str) -> tuple[float, str]:
    """Local time minus UTC at the start of an activity, and where it is from.

    Parameters
    ----------
    recording : LocalTime
        What the file says of its own local time.
    start_s : float
        Unix time of the start. [s]
    home_zone : str
        IANA name of the zone for files that do not say; empty if the runner named none.

    Returns
    -------
    offset_min : float
        Local time minus UTC. [min]
    tz_source : str
        ``file``, ``home`` or ``utc``. An activity belongs as a whole to the local day of its start.
    """
    if recording.offset_min == recording.offset_min:
        return recording.offset_min, "file"
    zone, source = (recording.zone, "file") if recording.zone else (home_zone, "home")
    if not zone:
        return 0.0, "utc"
    offset = datetime.fromtimestamp(start_s, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return (offset.total_seconds() / 60 if offset else 0.0), source
