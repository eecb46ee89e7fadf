"""GPX and TCX as a bad writer makes them: well-formed, and wrong about what was run.

Every operator takes a random source and a sound file, and changes what it says, not its bytes:
points cut off, sums scaled, the sport swapped, a leg appended, the clock shifted, every other
point left out. The same source gives the same file on every machine.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable

_POINT = re.compile(rb"<(trkpt|Trackpoint)\b.*?</\1>\s*", re.DOTALL)
_TIME = re.compile(rb"(?<=<(?:T|t)ime>)\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)((?:\.\d+)?Z?)")
_LATITUDE = re.compile(rb"(lat=\"|<LatitudeDegrees>)(-?\d+\.\d+)")
_COUNTER = re.compile(rb"(<DistanceMeters>)(\d+(?:\.\d+)?)")
_SUM = re.compile(rb"(<Lap\b.*?)(?=<Track>|</Lap>)", re.DOTALL)
_SPORTS = (b"Running", b"Biking", b"Walking", b"Other", b"")
_SCALES = (0.1, 0.5, 0.8, 0.9, 1.1, 1.25, 2.0, 60.0, 1000.0)
_METRES_A_DEGREE = 111_195.0

Writer = Callable[[random.Random, bytes], bytes]


def cut_off(rng: random.Random, data: bytes) -> bytes:
    """Leave out points at the begin, at the end, or in the middle."""
    found = list(_POINT.finditer(data))
    count = max(1, int(len(found) * rng.choice((0.1, 0.3, 0.5))))
    first = rng.choice((0, len(found) - count, rng.randrange(1, len(found) - count)))
    return _without(data, found[first : first + count])


def every_other(rng: random.Random, data: bytes) -> bytes:
    """Keep every second point, from the first or the second."""
    return _without(data, list(_POINT.finditer(data))[rng.randrange(2) :: 2])


def scale_sum(rng: random.Random, data: bytes) -> bytes:
    """Multiply the distance or the time of all laps; of a file without any, the counter."""
    name = rng.choice((b"TotalTimeSeconds", b"DistanceMeters"))
    factor = rng.choice(_SCALES)
    number = re.compile(rb"(<" + name + rb">)([\d.]+)")

    def scaled(found: re.Match[bytes]) -> bytes:
        return found[1] + f"{float(found[2]) * factor:.2f}".encode()

    return _SUM.sub(lambda lap: number.sub(scaled, lap[0], count=1), data)


def swap_sport(rng: random.Random, data: bytes) -> bytes:
    """Another sport, or none."""
    sport = rng.choice(_SPORTS)
    data = re.sub(rb'Sport="[^"]*"', b'Sport="' + sport + b'"', data)
    return re.sub(rb"(<trk>.*?<type>)[^<]*", rb"\1" + sport, data, flags=re.DOTALL)


def append_leg(rng: random.Random, data: bytes) -> bytes:
    """Go on in a car or on a ferry, at once or after a silence, or run the same way once more."""
    found = list(_POINT.finditer(data))
    begin, end = _second(found[0][0]), _second(found[-1][0])
    what = rng.choice(("car", "ferry", "again"))
    silence_s = rng.choice((0.0, 600.0))
    if what == "again":
        moved = [_moved(p[0], 900.0 + end - begin, 0.0, _counted(found[-1][0])) for p in found]
    else:
        speed = 14.0 if what == "car" else 4.5
        seconds = [silence_s + n * (10.0 if what == "car" else 400.0) for n in range(1, 40)]
        seconds = seconds if what == "car" else [silence_s + 1200.0]
        moved = [_moved(found[-1][0], s, speed * s, speed * s) for s in seconds]
    return data[: found[-1].end()] + b"".join(moved) + data[found[-1].end() :]


def shift_clock(rng: random.Random, data: bytes) -> bytes:
    """Put the clock on or back by hours, from the first point or from one in the middle on."""
    found = list(_POINT.finditer(data))
    at = rng.choice((found[0].start(), found[rng.randrange(len(found))].start()))
    hours = rng.choice((-2.0, -1.0, 0.5, 1.0, 8.0))
    return data[:at] + _later(data[at:], 3600 * hours)


def _without(data: bytes, points: list[re.Match[bytes]]) -> bytes:
    out, at = [], 0
    for point in points:
        out.append(data[at : point.start()])
        at = point.end()
    return b"".join([*out, data[at:]])


def _second(point: bytes) -> float:
    found = _TIME.search(point)
    assert found
    return dt.datetime.fromisoformat(found[1].decode()).replace(tzinfo=dt.UTC).timestamp()


def _counted(point: bytes) -> float:
    found = _COUNTER.search(point)
    return float(found[2]) if found else 0.0


def _moved(point: bytes, seconds: float, north_m: float, counted_m: float) -> bytes:
    """Return a point that is so much later, farther north, and farther on by its counter."""

    def north(found: re.Match[bytes]) -> bytes:
        return found[1] + f"{float(found[2]) + north_m / _METRES_A_DEGREE:.7f}".encode()

    def on(found: re.Match[bytes]) -> bytes:
        return found[1] + f"{float(found[2]) + counted_m:.2f}".encode()

    return _later(_COUNTER.sub(on, _LATITUDE.sub(north, point)), seconds)


def _later(data: bytes, seconds: float) -> bytes:
    def later(found: re.Match[bytes]) -> bytes:
        moment = dt.datetime.fromisoformat(found[1].decode()) + dt.timedelta(seconds=seconds)
        return moment.isoformat(timespec="seconds").encode() + found[2]

    return _TIME.sub(later, data)


WRITERS: tuple[Writer, ...] = (
    cut_off, every_other, scale_sum, swap_sport, append_leg, shift_clock,
)  # fmt: skip


def write_badly(rng: random.Random, data: bytes) -> bytes:
    """One of all, as often each."""
    return rng.choice(WRITERS)(rng, data)
