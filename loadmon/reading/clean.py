"""Make a recorded stream fit to be measured: times in order, impossible values missing.

Nothing is repaired in silence: every change leaves a flag with its count.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from loadmon.reading.ranges import HR_BPM, impossible_sums, impossible_values
from loadmon.reading.recording import LAST_S, OLDEST_S, Floats, Recording

JUMP_S = (
    6 * 3600.0
)  # a longer silence inside one activity is a clock that moved, or a forgotten stop
_EARTH_M = 6_371_008.8  # mean radius, IUGG
_SAME_PLACE_M = 50.0
_MANY_SHARE = 0.2  # of records with a time that another one has too
_BACKWARDS_SHARE = 0.01
_HR_BPM = HR_BPM
_HR_LEAP_BPM, _HR_LEAP_PER_S = 60.0, 2.0  # no heart changes by as much as fast
_ALTITUDE_M = (-500.0, 9000.0)
_ALTITUDE_LEAP_M, _ALTITUDE_LEAP_MPS = 100.0, 20.0  # faster than who falls off a mountain
_STEP_MPS = {"running": 15.0, "walking": 15.0, "hiking": 15.0, "cycling": 40.0}
_STEP_ELSE_MPS = 100.0
_STEP_M = 30.0  # shorter leaps are the noise of a fix between houses
_NO_TIME_S = 1e-3  # between records at the ends that have no time of their own
_FAR_M = 100.0  # a leap from here on is told
_AWAY_SHARE = 0.2  # of positions; where more lie elsewhere, nobody knows which side is right


def clean(recording: Recording) -> Recording:
    """Return the recording with its stream in order of time and without impossible values.

    Parameters
    ----------
    recording : Recording
        As a reader made it; it is not changed.

    Returns
    -------
    Recording
        Records that go back in time or repeat one are gone, the last of a repeated time is kept;
        positions, heart rates, altitudes and other values that cannot be are NaN, and what the
        summary tells that cannot be is gone. ``flags`` tells what was done.
    """
    flags = dict(recording.flags)
    possible = _on_the_calendar(recording.time, recording.start, flags, _AWAY_SHARE)
    streams = {name: values[possible] for name, values in recording.streams.items()}
    _positions(streams, flags)
    time = _between(recording.time[possible])
    keep = _in_order(time, streams, flags)
    keep = keep[_on_the_calendar(time[keep], recording.start, flags, 1.0)]
    streams = {name: values[keep] for name, values in streams.items()}
    time = time[keep]
    _teleports(time, streams, recording.sport, flags)
    _heart_rate(time, streams, flags)
    _altitude(time, streams, flags)
    told = dict(recording.told)
    for said in filter(None, (impossible_values(streams), impossible_sums(told))):
        note(flags, "value-range", said)
    return replace(recording, time=time, streams=streams, told=told, flags=flags)


def note(flags: dict[str, str], code: str, told: str) -> None:
    """Add a sentence to a flag, behind what it says already."""
    flags[code] = f"{flags[code]}; {told}" if code in flags else told


def _on_the_calendar(
    time: Floats, start: float, flags: dict[str, str], most: float
) -> npt.NDArray[np.bool_]:
    """Rows but those of a time that no recording has, if those are at most a share of all.

    A few are wrong by themselves; of many nobody knows which clock is right before the order is
    looked at. Where no time is left and the start can be none either, all rows stay: they are
    refused where the recording is judged, with its own reason.
    """
    outside = (time < OLDEST_S) | (time >= LAST_S)
    alone = not (~outside & ~np.isnan(time)).any()
    refused = alone and not OLDEST_S <= start < LAST_S
    if not outside.any() or outside.sum() > most * len(time) or refused:
        return np.ones(len(time), bool)
    told = f"{outside.sum()} records of a time before 2000 or after 9999 were left out"
    note(flags, "time-jump", told)
    return ~outside


def steps_m(latitude: Floats, longitude: Floats) -> Floats:
    """Great-circle distance between neighbouring positions. [m] NaN where one is missing."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    half = (
        np.sin(np.diff(phi) / 2) ** 2
        + np.cos(phi[:-1]) * np.cos(phi[1:]) * np.sin(np.diff(lam) / 2) ** 2
    )
    return np.asarray(2 * _EARTH_M * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def _positions(streams: dict[str, Floats], flags: dict[str, str]) -> None:
    """Positions that are no fix: half of one, 0/0, and outside the globe."""
    if not {"latitude_deg", "longitude_deg"} <= streams.keys():
        streams.pop("latitude_deg", None)
        streams.pop("longitude_deg", None)
        return
    latitude, longitude = streams["latitude_deg"], streams["longitude_deg"]
    island = (np.abs(latitude) < 1e-6) & (np.abs(longitude) < 1e-6)
    outside = (np.abs(latitude) > 90) | (np.abs(longitude) > 180)
    if island.any():
        flags["gps-null-island"] = f"{island.sum()} positions at 0/0 were left out: no fix yet"
    if outside.any():
        flags["gps-range"] = f"{outside.sum()} positions outside the globe were left out"
    latitude[island | outside] = np.nan
    longitude[island | outside] = np.nan


def _between(time: Floats) -> Floats:
    """Give records without a time one between their neighbours, so that their way still counts.

    Before the first and after the last known time they follow a millisecond apart.
    """
    known = np.flatnonzero(~np.isnan(time))
    if not len(known) or len(known) == len(time):
        return time
    rows = np.arange(len(time))
    filled = np.interp(rows, known, time[known])
    filled += _NO_TIME_S * (np.maximum(rows - known[-1], 0) - np.maximum(known[0] - rows, 0))
    return filled


def _in_order(time: Floats, streams: dict[str, Floats], flags: dict[str, str]) -> np.ndarray:
    """Rows whose time is known and moves on; the last of a repeated time wins."""
    rows = np.flatnonzero(~np.isnan(time))
    if not len(rows):
        return rows
    rows = _one_clock(rows, time, flags)
    known = time[rows]
    before = np.concatenate([[-np.inf], np.maximum.accumulate(known)[:-1]])
    back = known < before
    if back.sum() > _BACKWARDS_SHARE * len(known):
        flags["time-backwards"] = f"{back.sum()} records with a time before the last were left out"
    rows, known = rows[~back], known[~back]
    again = np.concatenate([np.diff(known) == 0, [False]])
    if again.any() and (_apart(rows, again, streams) or again.sum() > _MANY_SHARE * len(rows)):
        flags["time-duplicate"] = (
            f"{again.sum()} records share a time with another: the last counts"
        )
    kept: np.ndarray = rows[~again]
    return kept


def _one_clock(rows: np.ndarray, time: Floats, flags: dict[str, str]) -> np.ndarray:
    """Rows of the largest part, where a clock was put back by hours inside the activity."""
    back = np.flatnonzero(np.diff(time[rows]) < -JUMP_S)
    if not len(back):
        return rows
    parts = np.split(rows, back + 1)
    kept = max(parts, key=len)
    told = f"the clock was put back inside the activity: {len(rows) - len(kept)} records of the"
    note(flags, "time-jump", f"{told} other clock were left out")
    return kept


def _apart(rows: np.ndarray, again: np.ndarray, streams: dict[str, Floats]) -> bool:
    """Tell whether records of one time lie so far apart that one must be wrong."""
    if "latitude_deg" not in streams:
        return False
    latitude, longitude = streams["latitude_deg"][rows], streams["longitude_deg"][rows]
    return bool((steps_m(latitude, longitude)[again[:-1]] > _SAME_PLACE_M).any())


def impossible_steps(metres: Floats, seconds: Floats, sport: str) -> np.ndarray:
    """Tell steps between positions that nobody makes in this sport.

    Parameters
    ----------
    metres, seconds : ndarray of float, shape (n_steps,)
        Length [m] and time [s] of each step; one to a record without a time of its own is none.
    sport : str
        Name of the FIT profile.
    """
    limit = _STEP_MPS.get(sport, _STEP_ELSE_MPS)
    timed = seconds > 2 * _NO_TIME_S
    return np.asarray((metres > limit * seconds) & (metres > _STEP_M) & timed)


def _teleports(time: Floats, streams: dict[str, Floats], sport: str, flags: dict[str, str]) -> None:
    """Leave out the few positions that are out of reach of all the others."""
    if "latitude_deg" not in streams:
        return
    latitude, longitude = streams["latitude_deg"], streams["longitude_deg"]
    rows = np.flatnonzero(~np.isnan(latitude) & ~np.isnan(longitude))
    metres = steps_m(latitude[rows], longitude[rows])
    leaps = impossible_steps(metres, np.diff(time[rows]), sport)
    if not leaps.any():
        return
    away = _away(np.split(rows, np.flatnonzero(leaps) + 1), time, latitude, longitude, sport)
    told = f"{len(away)} positions that nobody can get to in time were left out"
    if len(away) > _AWAY_SHARE * len(rows):
        told, away = f"a leap of {metres[leaps].max():.0f} m: not counted as way", away[:0]
    latitude[away] = np.nan
    longitude[away] = np.nan
    if (metres[leaps] > _FAR_M).any():
        flags["gps-spike"] = told


def _away(
    stretches: list[np.ndarray], time: Floats, latitude: Floats, longitude: Floats, sport: str
) -> np.ndarray:
    """Rows of the stretches out of reach of the longest one and of those within its reach."""
    longest = max(range(len(stretches)), key=lambda i: len(stretches[i]))
    away = [np.empty(0, np.intp)]
    for side, inner, outer in (
        (stretches[longest + 1 :], -1, 0),
        (stretches[longest - 1 :: -1] if longest else [], 0, -1),
    ):
        reached = stretches[longest][inner]
        for stretch in side:
            pair = np.array([reached, stretch[outer]])
            metres = steps_m(latitude[pair], longitude[pair])
            if impossible_steps(metres, np.abs(np.diff(time[pair])), sport)[0]:
                away.append(stretch)
            else:
                reached = stretch[inner]
    return np.concatenate(away)


def _heart_rate(time: Floats, streams: dict[str, Floats], flags: dict[str, str]) -> None:
    """Leave out heart rates no runner has, and those that leap away from the others and back."""
    rate = streams.get("heart_rate_bpm")
    if rate is None:
        return
    if not (rate > 0).any():  # no strap: most watches write 0 then
        rate[:] = np.nan
        return
    bad = (rate < _HR_BPM[0]) | (rate > _HR_BPM[1])
    rate[bad] = np.nan
    away = _leaping(time, rate, _HR_LEAP_BPM, _HR_LEAP_PER_S)
    rate[away] = np.nan
    if bad.any() or len(away):
        flags["hr-implausible"] = (
            f"{bad.sum() + len(away)} heart rates that cannot be were left out"
        )


def _altitude(time: Floats, streams: dict[str, Floats], flags: dict[str, str]) -> None:
    """Leave out altitudes where nobody runs, and those that nobody gets to and back."""
    altitude = streams.get("altitude_m")
    if altitude is None:
        return
    bad = (altitude < _ALTITUDE_M[0]) | (altitude > _ALTITUDE_M[1])
    altitude[bad] = np.nan
    away = _leaping(time, altitude, _ALTITUDE_LEAP_M, _ALTITUDE_LEAP_MPS)
    altitude[away] = np.nan
    told = (
        f"{bad.sum()} altitudes outside -500 to 9000 m were left out" if bad.any() else "",
        f"{len(away)} altitudes that nobody can get to in time were left out" if len(away) else "",
    )
    if any(told):
        flags["ele-range"] = "; ".join(filter(None, told))


def _leaping(time: Floats, values: Floats, least: float, per_s: float) -> npt.NDArray[np.intp]:
    """Rows of stretches that leap away from the middle of all values, stay away, and leap back.

    A leap is a change by over `least` that is faster than `per_s`; away is over half as far off.
    """
    known = np.flatnonzero(~np.isnan(values))
    steps = np.diff(values[known])
    leaps = np.flatnonzero(np.abs(steps) > np.maximum(least, per_s * np.diff(time[known])))
    off = np.abs(values[known] - np.median(values[known])) if len(leaps) else values
    away = [known[:0]]
    for left, right in itertools.pairwise(leaps):
        stretch = slice(left + 1, right + 1)
        there_and_back = steps[left] * steps[right] < 0 and off[left + 1] > off[left]
        if there_and_back and off[stretch].min() > least / 2:
            away.append(known[stretch])
    return np.concatenate(away)
