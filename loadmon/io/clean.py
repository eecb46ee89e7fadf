"""Cleaning a recording, and checking what its parts say against one another."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from loadmon.io.recording import (
    HR_BPM,
    LAST_S,
    OLDEST_S,
    ON_FOOT,
    Floats,
    Recording,
    impossible_sums,
    impossible_values,
)

_Rows = npt.NDArray[np.intp]
_Mask = npt.NDArray[np.bool_]

#: A longer silence inside one activity is a clock that was moved, or a forgotten stop. [s]
JUMP_S = 6 * 3600.0
_EARTH_M = 6_371_008.8  # mean radius, IUGG
_SAME_POSITION_M = 50.0
_NO_RATE_BPM = 255.0  # what FIT has for none, and converters pass on
_MANY_SHARE = 0.2  # of records with a time that another one has too
_BACKWARDS_SHARE = 0.01
_HR_LEAP_BPM, _HR_LEAP_PER_S = 60.0, 2.0  # no heart changes by as much as fast
_ALTITUDE_M = (-500.0, 9000.0)
_ALTITUDE_LEAP_M, _ALTITUDE_LEAP_MPS = 100.0, 20.0  # faster than a fall off a mountain
_STEP_MPS = {"running": 15.0, "walking": 15.0, "hiking": 15.0, "cycling": 40.0}
_STEP_ELSE_MPS = 100.0
_STEP_M = 30.0  # shorter leaps are the noise of a fix between houses
#: So many fast steps in a row, of which so much leads on, are a ride and not the noise of a fix.
_RIDDEN_STEPS, _LEADS_ON = 6, 0.7
_NO_TIME_S = 1e-3  # between records at the ends that have no time of their own
_FAR_M = 100.0  # a leap from here on is flagged
_AWAY_SHARE = 0.2  # of positions; where more lie elsewhere, nobody knows which side is right


def clean(recording: Recording) -> Recording:
    """Order the stream by time and leave out what is impossible; ``flags`` say what was done.

    Records that go back in time or are repeated are gone, and so are numbers of the summary that
    cannot be; positions, heart rates, altitudes and other values that cannot be are NaN.
    """
    flags = dict(recording.flags)
    possible = _on_the_calendar(recording.time, recording.start, flags, _AWAY_SHARE)
    rows = slice(None) if possible.all() else possible
    streams = {name: np.array(values[rows]) for name, values in recording.streams.items()}
    _drop_no_fix(streams, flags)
    time = _with_missing_times(recording.time[rows])
    keep = _in_order(time, streams, flags)
    keep = keep[_on_the_calendar(time[keep], recording.start, flags, 1.0)]
    if len(keep) < len(time):
        streams = {name: values[keep] for name, values in streams.items()}
        time = time[keep]
    _drop_teleports(time, streams, recording.sport, flags)
    _drop_heart_rates(time, streams, flags)
    cadence = streams.get("cadence_spm")
    if cadence is not None and not (cadence > 0).any():  # no sensor: some programs write 0 then
        cadence[:] = np.nan
    _drop_altitudes(time, streams, flags)
    _count_on(time, streams, recording, flags)
    summary = dict(recording.summary)
    for text in filter(None, (impossible_values(streams), impossible_sums(summary))):
        note(flags, "value-range", text)
    return replace(recording, time=time, streams=streams, summary=summary, flags=flags)


def note(flags: dict[str, str], code: str, text: str) -> None:
    """Add a sentence to a flag, behind what it says already."""
    flags[code] = f"{flags[code]}; {text}" if code in flags else text


def _on_the_calendar(time: Floats, start: float, flags: dict[str, str], most: float) -> _Mask:
    """Rows but those of a time that no recording has, if those are at most a share of all.

    A few are wrong by themselves; of many nobody knows which clock is right before their order is
    known. Where nothing is left, all rows stay: the recording is refused later.
    """
    outside = (time < OLDEST_S) | (time >= LAST_S)
    none_left = not (~outside & ~np.isnan(time)).any()
    refused = none_left and not OLDEST_S <= start < LAST_S
    if not outside.any() or outside.sum() > most * len(time) or refused:
        return np.ones(len(time), bool)
    count = outside.sum()
    note(flags, "time-jump", f"{count} records of a time before 2000 or after 9999 were left out")
    return ~outside


def _with_missing_times(time: Floats) -> Floats:
    """Give records without a time one between their neighbours, so that their distance counts."""
    known = np.flatnonzero(~np.isnan(time))
    if not len(known) or len(known) == len(time):
        return time
    rows = np.arange(len(time))
    filled = np.interp(rows, known, time[known])
    filled += _NO_TIME_S * (np.maximum(rows - known[-1], 0) - np.maximum(known[0] - rows, 0))
    return filled


def _in_order(time: Floats, streams: dict[str, Floats], flags: dict[str, str]) -> _Rows:
    """Rows whose time is known and moves on; the last of a repeated time wins."""
    if len(time) > 1 and (time[1:] > time[:-1]).all():
        return np.arange(len(time))
    rows = np.flatnonzero(~np.isnan(time))
    put_back = np.flatnonzero(np.diff(time[rows]) < -JUMP_S)
    if len(put_back):
        kept = max(np.split(rows, put_back + 1), key=len)
        count = f"{len(rows) - len(kept)} records of the other clock were left out"
        note(flags, "time-jump", f"the clock was put back inside the activity: {count}")
        rows = kept
    if not len(rows):
        return rows
    known = time[rows]
    back = _out_of_order(known)
    if back.sum() > _BACKWARDS_SHARE * len(known):
        flags["time-backwards"] = f"{back.sum()} records with a time before the last were left out"
    rows, known = rows[~back], known[~back]
    again = np.concatenate([np.diff(known) == 0, [False]])
    if again.any():
        # Records of one time that lie far apart cannot all be right.
        apart_m = np.empty(0)
        if "latitude_deg" in streams:
            apart_m = steps_m(streams["latitude_deg"][rows], streams["longitude_deg"][rows])
            apart_m = apart_m[again[:-1]]
        if (apart_m > _SAME_POSITION_M).any() or again.sum() > _MANY_SHARE * len(rows):
            flags["time-duplicate"] = (
                f"{again.sum()} records share a time with another: the last counts"
            )
    return np.asarray(rows[~again])


def _out_of_order(time: Floats) -> _Mask:
    """Fewest records without which no time goes back: of one that leaps ahead, only that one.

    Of as few the later ones.
    """
    behind = time < np.concatenate([[-np.inf], np.maximum.accumulate(time)[:-1]])
    if not behind.any():
        return np.asarray(behind)
    ends: list[float] = []  # least last time of so many records in order, and which it is
    last: list[int] = []
    before = [-1] * len(time)
    for i, moment in enumerate(time.tolist()):
        n = bisect.bisect_right(ends, moment)
        before[i] = last[n - 1] if n else -1
        ends[n : n + 1], last[n : n + 1] = [moment], [i]
    out, i = np.ones(len(time), bool), last[-1]
    while i >= 0:
        out[i] = False
        i = before[i]
    return out if out.sum() < behind.sum() else np.asarray(behind)


def steps_m(latitude: Floats, longitude: Floats) -> Floats:
    """Great-circle distance between neighbouring positions. [m] NaN where one is missing."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    half = (
        np.sin(np.diff(phi) / 2) ** 2
        + np.cos(phi[:-1]) * np.cos(phi[1:]) * np.sin(np.diff(lam) / 2) ** 2
    )
    return np.asarray(2 * _EARTH_M * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def impossible_steps(metres: Floats, seconds: Floats, sport: str) -> _Mask:
    """Tell steps between positions that nobody makes in this sport."""
    limit = _STEP_MPS.get(sport, _STEP_ELSE_MPS)
    timed = seconds > 2 * _NO_TIME_S
    return np.asarray((metres > limit * seconds) & (metres > _STEP_M) & timed)


def leaps(latitude: Floats, longitude: Floats, time: Floats, sport: str) -> tuple[Floats, _Mask]:
    """Steps between neighbouring positions [m], and which of them nobody makes in this sport.

    Many in a row that lead on are no leaps: somebody was carried, as `loadmon.io.quality` sees.
    """
    metres = steps_m(latitude, longitude)
    wrong = impossible_steps(metres, np.diff(time), sport)
    if wrong.sum() >= _RIDDEN_STEPS:
        edges = np.flatnonzero(np.diff(np.r_[False, wrong, False])).reshape(-1, 2)
        for begin, end in edges[np.diff(edges)[:, 0] >= _RIDDEN_STEPS].tolist():
            pair = np.array([begin, end])
            on = steps_m(latitude[pair], longitude[pair])[0]
            fast = on > _STEP_ELSE_MPS * (time[end] - time[begin])
            if on > _LEADS_ON * metres[begin:end].sum() and not fast:
                wrong[begin:end] = False
    return metres, wrong


def _drop_no_fix(streams: dict[str, Floats], flags: dict[str, str]) -> None:
    """Leave out positions that are no fix: half of one, 0/0, and outside the globe."""
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


def _drop_teleports(
    time: Floats, streams: dict[str, Floats], sport: str, flags: dict[str, str]
) -> None:
    if "latitude_deg" not in streams:
        return
    latitude, longitude = streams["latitude_deg"], streams["longitude_deg"]
    rows = np.flatnonzero(~np.isnan(latitude) & ~np.isnan(longitude))
    way = latitude[rows], longitude[rows], time[rows]
    north, east, seconds = (np.abs(np.diff(values)) for values in way)
    # No step is longer than its two legs along the graticule; the rest is for rounding.
    legs_m = 1.000001 * np.radians(_EARTH_M) * (north + east)
    if not impossible_steps(legs_m, seconds, sport).any():
        return
    metres, leap = leaps(*way, sport)
    if not leap.any():
        return
    stretches = np.split(rows, np.flatnonzero(leap) + 1)
    away = _out_of_reach(stretches, time, latitude, longitude, sport)
    text = f"{len(away)} positions that nobody can get to in time were left out"
    if len(away) > _AWAY_SHARE * len(rows):
        text, away = f"a leap of {metres[leap].max():.0f} m: not counted as distance", away[:0]
    latitude[away] = np.nan
    longitude[away] = np.nan
    if (metres[leap] > _FAR_M).any():
        flags["gps-spike"] = text


def _out_of_reach(
    stretches: list[_Rows], time: Floats, latitude: Floats, longitude: Floats, sport: str
) -> _Rows:
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


def _drop_heart_rates(time: Floats, streams: dict[str, Floats], flags: dict[str, str]) -> None:
    rate = streams.get("heart_rate_bpm")
    if rate is None:
        return
    rate[rate == _NO_RATE_BPM] = np.nan
    if not (rate > 0).any():  # no strap: most watches write 0 then
        rate[:] = np.nan
        return
    wrong = sum(_drop_wrong(time, rate, HR_BPM, _HR_LEAP_BPM, _HR_LEAP_PER_S))
    if wrong:
        flags["hr-implausible"] = f"{wrong} impossible heart rates were left out"


def _drop_altitudes(time: Floats, streams: dict[str, Floats], flags: dict[str, str]) -> None:
    altitude = streams.get("altitude_m")
    if altitude is None:
        return
    bad, away = _drop_wrong(time, altitude, _ALTITUDE_M, _ALTITUDE_LEAP_M, _ALTITUDE_LEAP_MPS)
    if bad:
        flags["ele-range"] = f"{bad} altitudes outside -500 to 9000 m were left out"
    if away:
        text = f"{away} altitudes that nobody can get to in time were left out"
        flags["ele-range"] = f"{flags['ele-range']}; {text}" if bad else text


_BEGUN_SHARE = 0.25  # of what was counted; a step back to more is a mended position
_COUNTER_BACK_M, _COUNTER_SLACK_M, _GLITCH_RECORDS, _FIRST_M = 50.0, 200.0, 10, 50.0


def _count_on(
    time: Floats, streams: dict[str, Floats], recording: Recording, flags: dict[str, str]
) -> None:
    """Make a distance that began again, or goes on from an earlier leg, one that counts on."""
    if "distance_m" not in streams:
        return
    counter = streams["distance_m"]
    rows = np.flatnonzero(~np.isnan(counter))
    if not len(rows):
        return
    fastest = _STEP_MPS.get(recording.sport, _STEP_ELSE_MPS)
    values, at = counter[rows], time[rows]
    steps = np.diff(values)
    if (steps < -_COUNTER_BACK_M).any():
        reach = fastest * np.diff(at) + _COUNTER_SLACK_M
        begins = np.flatnonzero((steps < -_COUNTER_BACK_M) | (steps > reach)) + 1
        pieces = np.split(np.arange(len(values)), begins)
        last, moved, again, astray = pieces[0][-1], 0.0, 0, 0
        for n, piece in enumerate(pieces[1:], 1):
            first = piece[0]
            after = pieces[n + 1][0] if n + 1 < len(pieces) else -1
            if after >= 0 and len(piece) <= _GLITCH_RECORDS:
                step = values[after] + moved - values[last]
                if -_COUNTER_BACK_M <= step <= fastest * (at[after] - at[last]) + _COUNTER_SLACK_M:
                    values[piece] = np.nan  # there and back
                    astray += len(piece)
                    continue
            if values[first] < _BEGUN_SHARE * (values[last] - moved):
                begun = values[first] <= fastest * (at[first] - at[last]) + _COUNTER_SLACK_M
                moved = values[last] - (0.0 if begun else values[first])
                again += 1
            values[piece] += moved
            last = piece[-1]
        if again:
            note(flags, "counter-reset", f"the distance begins again {again} times: added up")
        if astray:
            text = f"{astray} values of distance_m that leap away and back left out as impossible"
            note(flags, "value-range", text)
    _begin_at_nought(values, at, recording, flags)
    counter[rows] = values


def _begin_at_nought(
    values: Floats, at: Floats, recording: Recording, flags: dict[str, str]
) -> None:
    """Take off what a counter had before, unless the summary counts it too."""
    fastest = _STEP_MPS.get(recording.sport, _STEP_ELSE_MPS)
    since = max(0.0, at[0] - recording.start) if recording.start == recording.start else 0.0
    first, whole = values[0], float(np.fmax.reduce(values))
    stated = recording.summary.get("distance_m", np.nan)
    if stated > 0:
        if first > _FIRST_M and abs(stated - (whole - first)) < abs(stated - whole):
            values -= first
    elif first > fastest * since + _COUNTER_SLACK_M:
        values -= first
        text = f"the distance begins at {first:.0f} m: what was covered before is not counted"
        note(flags, "dist-disagree", text)


def _drop_wrong(
    time: Floats, values: Floats, possible: tuple[float, float], least: float, per_s: float
) -> tuple[int, int]:
    """Leave out values beyond what is possible, and those that leap away and back; count both.

    A leap is a change by over `least` that is faster than `per_s`; away is over half as far off
    from the middle of all values.
    """
    bad = (values < possible[0]) | (values > possible[1])
    values[bad] = np.nan
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
    rows = np.concatenate(away)
    values[rows] = np.nan
    return int(bad.sum()), len(rows)


# Cross-checks: summary, laps, records, positions and clock of one file are compared.

#: Codes of numbers that disagree or are impossible; the other codes are about structure.
CODES = (
    *("dist-disagree", "dist-from-gps", "time-disagree", "time-jump", "hr-disagree"),
    *("sport-disagree", "speed-implausible", "hr-implausible", "gps-spike", "time-duplicate"),
    *("time-backwards", "gps-null-island", "ele-range", "gap-bridged", "value-range"),
)
_Finding = tuple[str, str]

_FEW_RECORDS = 10
#: Sports whose timer runs by descents: their clocks do not add up, and need not.
_BY_DESCENTS = ("alpine_skiing", "snowboarding")
#: Sports in which distance is what positions measure.
_ON_THE_GROUND = (*ON_FOOT, "cycling")
_START_S = 60.0
_ELAPSED_SHARE, _ELAPSED_S = 0.08, 120.0
_SAME_TIME = 0.01
_TIMER_SHARE, _TIMER_S = 0.20, 120.0
_LAPS_SHARE, _LAPS_S, _LAPS_M = 0.05, 60.0, 50.0
_PATH_SHARE, _PATH_M = 0.30, 200.0
# A hole: a longer silence than is common, in which more distance was made than by standing about.
_HOLE_S, _HOLE_STEPS, _HOLE_MPS, _HOLE_SHARE, _HOLE_M = 60.0, 10.0, 0.5, 0.05, 200.0
_SAME_M, _SAME_SHARE = 2.0, 0.02
_HR_SHARE, _MAX_HR_BPM = 0.20, 20.0
_FASTEST_MPS = {"running": 7.0, "walking": 2.7, "hiking": 4.0, "cycling": 25.0, "swimming": 2.5}
_FASTEST_ELSE_MPS = 100.0  # no sport without an engine is faster on the whole
_LONG_M = 1500.0
#: A ride whose fastest twentieth is no faster than a run is none: even slow ones roll downhill.
_SLOWEST_RIDE_MPS, _FAST_SHARE, _RIDE_WINDOW_S, _MOST_WINDOWS = 4.2, 0.95, 30.0, 100_000


class Counted(NamedTuple):
    """What counts of a recording before the checks; NaN is not known."""

    distance_m: float
    source: str  # of the distance, as in activities
    timer_s: float
    moving_s: float  # of the records, without the pauses between them
    going_s: float  # in which some distance was made
    path_m: Floats  # distance along the positions up to each record; empty: no positions
    mean_hr_bpm: float  # of the records, over time


def cross_check(recording: Recording, counted: Counted) -> dict[str, str]:
    """Compare what the parts of one recording say: reason code to a sentence with both numbers."""
    found: dict[str, str] = {}
    for code, text in (
        *_clocks(recording, counted),
        *_laps(recording),
        *_path(recording, counted),
        *_heart_rates(recording, counted.mean_hr_bpm),
    ):
        note(found, code, text)
    metres, seconds = counted.distance_m, counted.timer_s
    fastest = _FASTEST_MPS.get(recording.sport, _FASTEST_ELSE_MPS)
    if metres > _LONG_M and metres > fastest * seconds:
        text = f"{metres / 1000:.1f} km at {metres / seconds * 3.6:.0f} km/h"
        found["speed-implausible"] = f"{text}: {recording.sport or 'what sport'}?"
    elif recording.sport == "cycling" and metres > _LONG_M and len(counted.path_m):
        fast = _fast_mps(recording.time, counted.path_m)
        if fast < _SLOWEST_RIDE_MPS:
            found["speed-implausible"] = f"never faster than {fast * 3.6:.0f} km/h: cycling?"
    return found


def _fast_mps(time: Floats, path: Floats) -> float:
    """Speed that the fastest twentieth of a recording exceeds. [m/s]"""
    if not np.ptp(time) < _MOST_WINDOWS * _RIDE_WINDOW_S:  # a clock that jumped by years
        return np.nan
    grid = np.arange(time[0], time[-1], _RIDE_WINDOW_S)
    speeds = np.diff(np.interp(grid, time, path)) / _RIDE_WINDOW_S
    return float(np.quantile(speeds, _FAST_SHARE)) if len(speeds) else np.nan


def _differ(a: float, b: float, share: float, least: float) -> bool:
    return bool(abs(a - b) > max(share * max(a, b), least))


def _clocks(recording: Recording, counted: Counted) -> Iterator[_Finding]:
    """Start, elapsed time and timer of the summary against the records."""
    summary, time = recording.summary, recording.time
    if len(time) <= _FEW_RECORDS or recording.sport in _BY_DESCENTS:
        return
    if abs(time[0] - recording.start) > _START_S:
        late = time[0] - recording.start
        yield "time-disagree", f"the first record is {late:+.0f} s from the start of the summary"
    span, elapsed = float(np.ptp(time)), summary.get("elapsed_s", np.nan)
    if _differ(elapsed, span, _ELAPSED_SHARE, _ELAPSED_S):
        yield "time-disagree", f"the summary lasts {elapsed:.0f} s, its records {span:.0f} s"
    timer = summary.get("timer_s", np.nan)
    if recording.sport not in ON_FOOT:
        return
    # Some watches go on recording through a pause: a short timer is only one that is shorter than
    # the time in which some distance was made.
    for records, wrong in (
        (counted.moving_s, timer > counted.moving_s),
        (counted.going_s, timer < counted.going_s),
    ):
        if wrong and _differ(timer, records, _TIMER_SHARE, _TIMER_S):
            yield "time-disagree", f"timer {timer:.0f} s, records without pauses {records:.0f} s"


def _laps(recording: Recording) -> Iterator[_Finding]:
    """Sums over the laps, and the timer of the whole file, against the session."""
    summary, time = recording.summary, recording.time
    span = float(np.ptp(time)) if len(time) else np.nan
    elapsed = summary.get("elapsed_s", np.nan)
    laps, session = summary.get("laps_distance_m", np.nan), summary.get("distance_m", np.nan)
    if session > 0 and _differ(laps, session, _LAPS_SHARE, _LAPS_M):
        yield "dist-disagree", f"the laps add up to {laps:.0f} m, the summary says {session:.0f} m"
    timer = summary.get("timer_s", np.nan)
    for name, who in (("laps_timer_s", "the laps"), ("whole_timer_s", "the whole file")):
        other = summary.get(name, np.nan)
        # Some writers close the last lap with the last record, or sum the file up by its span.
        is_span = abs(other - span) <= _SAME_TIME * span
        explained = (
            is_span and not _differ(other, timer, _ELAPSED_SHARE, _ELAPSED_S)
            if name == "laps_timer_s"
            else timer < other and abs(other - elapsed) <= _SAME_TIME * elapsed
        )
        if other > 0 and not explained and _differ(other, timer, _LAPS_SHARE, _LAPS_S):
            yield "time-disagree", f"{who}: timer {other:.0f} s, the summary: {timer:.0f} s"


def _path(recording: Recording, counted: Counted) -> Iterator[_Finding]:
    """The distance that counts against that along the positions, and where they have holes."""
    sport, path = recording.sport, counted.path_m
    if not len(path) or not path[-1] > 0:
        return
    metres, whole = counted.distance_m, float(path[-1])
    if sport in _ON_THE_GROUND and _differ(metres, whole, _PATH_SHARE, _PATH_M):
        yield "dist-disagree", f"counted {metres:.0f} m, along the positions {whole:.0f} m"
    if sport in ON_FOOT and counted.source:
        seconds, steps = np.diff(recording.time), np.diff(path)
        if not (seconds > _HOLE_S).any():
            return
        long_silence = seconds > max(_HOLE_S, _HOLE_STEPS * float(np.median(seconds)))
        long_silence &= steps > _HOLE_MPS * seconds
        if counted.source != "gps":  # a counter that a program made of the positions
            counter = recording.streams.get("distance_m", path * np.nan)
            same = np.abs(np.diff(counter) - steps) <= np.maximum(_SAME_M, _SAME_SHARE * steps)
            long_silence &= same
        bridged = float(steps[long_silence].sum())
        if bridged > max(_HOLE_M, _HOLE_SHARE * whole):
            yield "gap-bridged", f"{bridged:.0f} m without a point were measured in a straight line"


def _heart_rates(recording: Recording, mean_bpm: float) -> Iterator[_Finding]:
    """Mean and largest heart rate of the summary against the records."""
    rate = recording.streams.get("heart_rate_bpm", np.empty(0))
    rate = rate[~np.isnan(rate)]
    if len(rate) <= _FEW_RECORDS:
        return
    for name, word, own, share, least in (
        ("avg_hr_bpm", "mean", mean_bpm, _HR_SHARE, 0.0),
        ("max_hr_bpm", "largest", float(rate.max()), 0.0, _MAX_HR_BPM),
    ):
        stated = recording.summary.get(name, np.nan)
        if stated > 0 and _differ(stated, own, share, least):
            text = f"{word} heart rate {stated:.0f} in the summary, {own:.0f} in records"
            yield "hr-disagree", text
