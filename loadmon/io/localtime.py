"""The runner's own calendar day of an activity, and who says so.

The recording's own word comes first, then the zone of its position, then the zone the runner calls
home. An activity belongs as a whole to the local day of its start; lengths are measured in UTC, so
that the days on which clocks change are no shorter and no longer.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from loadmon.errors import LittleMemory
from loadmon.io.recording import LAST_S, OLDEST_S, Recording

#: Latitude and longitude [deg], and the zones there (`zone_at`).
Place = tuple[float, float, str]
#: No place that keeps UTC lies farther from Greenwich (Iceland, the west of Africa). [deg]
_FARTHEST_UTC_DEG = 30.0


class LocalTime(Protocol):
    """What may hold the local time that a file gives: a recording, or an activity made from one."""

    offset_min: float
    zone: str


def utc_offset_min(
    recording: LocalTime, start_s: float, home_zone: str, place: Place | None = None
) -> tuple[float, str]:
    """Local time minus UTC at a start [min], and whose: ``file``, ``gps``, ``home`` or ``utc``."""
    stated = recording.offset_min
    there = _zone_of(place, home_zone) if place and not recording.zone else ""
    if stated == stated:
        # A writer that copies UTC, or takes the offset off instead of adding it, is no witness.
        local = _offset_min(there, start_s) if there else stated
        if local != stated and stated in (0.0, -local):
            return local, "gps"
        if not there and place and stated == 0.0 and _is_far_from_utc(place):
            return (_offset_min(home_zone, start_s), "home") if home_zone else (0.0, "utc")
        return stated, "file"
    for zone, source in ((recording.zone, "file"), (there, "gps"), (home_zone, "home")):
        if zone:
            return _offset_min(zone, start_s), source
    return 0.0, "utc"


def _offset_min(zone: str, start_s: float) -> float:
    offset = datetime.fromtimestamp(start_s, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return offset.total_seconds() / 60 if offset else 0.0


def _is_far_from_utc(place: Place) -> bool:
    """Whether no place so far east or west keeps UTC, whatever its zone is called."""
    return abs(place[1]) > _FARTHEST_UTC_DEG


def offset_of_wall(wall_s: float, zone: str) -> float:
    """Offset of a zone at a local time that counts like Unix time. [min]"""
    wall = datetime.fromtimestamp(wall_s, UTC).replace(tzinfo=ZoneInfo(zone))
    offset = wall.utcoffset()
    return offset.total_seconds() / 60 if offset else 0.0


def zone_at(latitude: float, longitude: float) -> str:
    """IANA name of the zone of a position; empty without the extra ``tz`` (tzfpy), and at sea.

    Where zones overlap, as in Urumqi (two hours apart), all of them, joined by commas.
    """
    find = _finder()
    name = find(longitude, latitude) if find else ""
    # At sea a position is more often wrong than run at.
    if not name or name.startswith("Etc/") or not _exists(name):
        return ""
    others = (other for other in _zones(latitude, longitude) if other != name and _exists(other))
    return ",".join([name, *others])


def _zone_of(place: Place, home_zone: str) -> str:
    """Zone of a place; where zones overlap the runner's own, if it is one of them."""
    first, *others = place[2].split(",")
    return home_zone if home_zone and home_zone in others else first


#: Makers that write local time and call it UTC, by a part of the name they give themselves.
_LOCAL_AS_UTC = ("mi fitness", "codoon", "kalenji")


def writes_local_time(maker: str) -> bool:
    """Whether times of a maker that end in Z are local all the same."""
    return any(name in maker.lower() for name in _LOCAL_AS_UTC)


def to_utc(recording: Recording) -> None:
    """Turn local times of a recording into UTC by the zone of its first position, if that is known.

    Else they stay on the runner's own clock, and the home zone is taken for it.
    """
    streams = recording.streams
    zone = ""
    if {"latitude_deg", "longitude_deg"} <= streams.keys():
        known = ~np.isnan(streams["latitude_deg"]) & ~np.isnan(streams["longitude_deg"])
        if known.any():
            position = (streams["latitude_deg"][known][0], streams["longitude_deg"][known][0])
            place = float(position[0]), float(position[1])
            zone = _zone_of((*place, zone_at(*place)), "")
    if not zone or not OLDEST_S <= recording.start < LAST_S:
        recording.is_local = True
        return
    recording.offset_min = offset_of_wall(recording.start, zone)
    _shift(recording, -60 * recording.offset_min)


def _shift(recording: Recording, seconds: float) -> None:
    recording.start += seconds
    recording.time = recording.time + seconds
    recording.pauses = recording.pauses + seconds


# Dates before the device: counters of weeks that begin again after 1024 set a clock back for years.

#: Weeks of the satellites' counter. [s]
ROLLOVER_S = 1024 * 7 * 86_400.0
_ROLLOVER_SLACK_S = 2 * 86_400.0
#: First year in which a recorder was sold or could be installed, by a part of the name it gives
#: itself, as its maker announced it. Platforms are not here: they keep what is older than they are.
_FIRST_YEARS = {
    **{"forerunner 201": 2003, "forerunner 301": 2004, "forerunner 205": 2006, "edge": 2006},
    **{"forerunner 305": 2006, "forerunner 405": 2008, "forerunner 310": 2009, "fenix": 2012},
    **{"forerunner 110": 2010, "forerunner 210": 2010, "forerunner 610": 2011, "tomtom": 2013},
    **{
        "forerunner 910": 2011,
        "forerunner 10": 2012,
        "forerunner 220": 2013,
        "forerunner 15": 2014,
    },
    **{"forerunner 620": 2013, "forerunner 920": 2014, "forerunner 225": 2015, "fēnix": 2012},
    **{"forerunner 230": 2015, "forerunner 235": 2015, "forerunner 630": 2015, "vivo": 2014},
    **{"forerunner 735": 2016, "forerunner 35": 2016, "forerunner 935": 2017, "coros": 2018},
    **{"forerunner 645": 2018, "forerunner 45": 2019, "forerunner 245": 2019, "instinct": 2018},
    **{"forerunner 945": 2019, "forerunner 745": 2020, "forerunner 55": 2021, "enduro": 2021},
    **{"forerunner 255": 2022, "forerunner 955": 2022, "forerunner 265": 2023, "epix": 2015},
    **{"forerunner 965": 2023, "forerunner 165": 2024, "forerunner 570": 2025, "amazfit": 2016},
    **{"forerunner 970": 2025, "forerunner": 2003, "apple watch": 2015, "workoutdoors": 2018},
    **{"healthfit": 2017, "gadgetbridge": 2015, "opentracks": 2019, "mi fitness": 2021},
    **{"zepp": 2020, "arc app": 2016, "ismoothrun": 2010, "fitotrack": 2019, "wahoo": 2010},
}


def add_lost_weeks(recording: Recording, written: float, maker: str, first_year: int) -> None:
    """Date a recording of before there was such a device or such a file 1024 weeks later.

    Its flag makes its day unknown. `written` is when the file says that it was made, and
    `first_year` that of its format.
    """
    start = recording.start
    if not OLDEST_S <= start < LAST_S:  # refused for another reason
        return
    weeks = round((written - start) / ROLLOVER_S) if written == written else 0
    is_early = weeks > 0 and abs(written - start - weeks * ROLLOVER_S) <= _ROLLOVER_SLACK_S
    names = [name for name in _FIRST_YEARS if name in maker.lower()]
    who = max(names, key=len, default="")
    first = max(first_year, _FIRST_YEARS.get(who, 0))
    day = datetime.fromtimestamp(start, UTC)
    if not is_early and day.year >= first:
        return
    least = datetime(first, 1, 1, tzinfo=UTC).timestamp()
    weeks = weeks if is_early else max(1, math.ceil((least - start) / ROLLOVER_S))
    shift = weeks * ROLLOVER_S
    why = "the file was made 1024 weeks later" if is_early else f"there was none before {first}"
    recording.flags["date-doubtful"] = (
        f"it is dated {day:%Y-%m-%d}, but {why}: the clock of the device seems to have lost 1024 "
        f"weeks, so it is taken for {datetime.fromtimestamp(start + shift, UTC):%Y-%m-%d}, a day "
        "that is unknown; correct it where you recorded it"
    )
    _shift(recording, shift)


def note_zone(
    issues: dict[str, str], kind: str, tz_source: str, home_zone: str, place: Place | None
) -> None:
    """Say whose calendar the day is from, unless the file or the runner has said it."""
    if tz_source == "utc" and "tz-unknown" not in issues:
        text = "it gives no local time: its day is that of UTC; set home_zone in athlete.toml"
        if place and _finder() is None:
            text += ", or install loadmon[tz], which finds the zone of its position"
        issues["no-local-time"] = text
    elif tz_source != "utc" and kind == "fit" and home_zone:
        issues.pop("tz-unknown", None)
    elif tz_source == "gps" and kind == "fit" and "tz-unknown" in issues:
        issues["tz-unknown"] = (
            "the file gives no local time: its day is that of the zone of its first position; "
            "home_zone in athlete.toml settles it"
        )


#: Address space that the map of time zones must find at its first question: with 60 MB left it
#: answered, with 40 the process ended (tzfpy 2.1.1).
_FINDER_BYTES = 80 << 20


@cache
def _finder() -> Callable[[float, float], str] | None:
    """Find a zone by longitude and latitude; None without the extra.

    Its compiled code ends the process where memory fails it: so that much is asked for before.
    """
    try:
        from tzfpy import get_tz
    except ImportError:
        return None
    try:
        mmap.mmap(-1, _FINDER_BYTES).close()
    except OSError as error:
        raise LittleMemory("too little memory for the map of time zones") from error
    return get_tz


def _zones(latitude: float, longitude: float) -> list[str]:
    """All zones of a position, after `_finder` has found the first."""
    from tzfpy import get_tzs

    return [str(name) for name in get_tzs(longitude, latitude)]


@cache
def _exists(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder, or too long for a name
        return False
