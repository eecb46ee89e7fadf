"""From a recording to one row of activities: which number counts, and whether it can be true.

The file's own summary, its records, its positions and its clock each tell the story once; where
they disagree the row says so and both numbers are in the ledger. Only what no runner can do is
left out of the activities altogether.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem
from loadmon.evidence.loads import RECORDING
from loadmon.io.clean import JUMP_S, Counted, cross_check, note
from loadmon.io.distance import (
    FEW_RECORDS,
    MAX_ON_FOOT_MPS,
    SOME_M,
    STILL_MPS,
    Distances,
    apart,
    bridged_m,
    distance_of,
    gaps_left_out,
    is_quick,
    is_whole,
    moving_s,
    recorded_m,
    stated_gaps,
    tell_gaps,
    without_gaps,
)
from loadmon.io.intensity import (
    effort_columns,
    effort_of,
    mean_hr_bpm,
    minutes_of,
    recorded_steps,
    stated_steps,
)
from loadmon.io.recording import FARTHEST_M, LAST_S, MOST_SPM, OLDEST_S, ON_FOOT, Floats, Recording
from loadmon.io.ride import NO_RIDE, without_ride
from loadmon.loads import EffortProfile, earned_s

_DAY_S = 24 * 3600.0
#: More than any activity has, to the end of the longest races across a continent.
_LONGEST_S, _LONGEST_ELAPSED_S = 14 * _DAY_S, 366 * _DAY_S
_SLOWEST_MPS, _FASTEST_MPS = 0.1, 7.0
#: Two numbers of one time or distance are the same within these, others disagree.
_SAME_SHARE, _SAME_S, _SAME_UNIT = 0.05, 30.0, 0.01
_MORE_THAN_TIMER = 1.005
#: Steps of summary and records differ from here on, and two cadences are the same up to here.
_STEPS_SHARE, _SAME_STEPS_SHARE, _FEW_STEPS = 0.25, 0.10, 100.0
#: Factors by which a writer that takes one unit of time for another is wrong.
_UNITS_OF_TIME = (1000.0, 60.0, 1 / 60, 1 / 1000)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What counts of a cleaned recording."""

    start: float  # [Unix s]
    numbers: dict[str, Any]  # columns of its row; NaN is not known, never zero
    effort: EffortProfile  # of the stretch that counts
    minutes: npt.NDArray[np.float32]  # of a run
    issues: dict[str, str]


def assess(recording: Recording) -> Assessment:
    """Decide which numbers of a cleaned recording count; refuse what no runner can do."""
    issues = dict(recording.flags)
    recording = _one_stretch(recording, issues)
    start = _start(recording)
    recording = _possible_totals(recording, start, issues)
    way = bridged_m(recording)
    left_out = gaps_left_out(recording, way)
    has_positions = "latitude_deg" in recording.streams
    positions = without_gaps(way, left_out) if has_positions else np.empty(0)
    counter = recording.streams.get("distance_m", np.empty(0))
    path = without_gaps(counter, left_out) if len(counter) else positions
    path = path if len(path) else np.full(len(recording.time), np.nan)
    moving = moving_s(recording.time, path, left_out)
    gaps = np.diff(recording.time)
    going = float(gaps[np.diff(path) > STILL_MPS * gaps].sum())
    elapsed, timer = _durations(recording, moving, going, path, issues)
    witnesses = Distances(recording, path, positions, moving, timer)
    distance, source = distance_of(recording, witnesses, issues)
    _refuse_made_up(recording, way, moving, start)
    if source != "session":
        tell_gaps(recording, way, left_out, distance, issues)
    _refuse_endless(recording, elapsed, timer, distance, start)
    if (timer < 1 or (timer != timer and len(recording.time) <= 1)) and not distance > 10:
        detail = "started and stopped at once: no training"
        raise FileProblem("skipped", "zero-length", detail, when=start)
    # No distance is covered in no time.
    timer = next((seconds for seconds in (timer, moving) if seconds > 0), np.nan)
    elapsed = elapsed if elapsed > 0 else timer
    ride = NO_RIDE
    if is_quick(recording, path):
        recording, ride = without_ride(recording, path, issues)
    if len(ride.rows):
        distance, timer = distance - ride.metres, timer - ride.seconds
        path = path[ride.rows]
        positions = positions[ride.rows] if len(positions) else positions
        moving, going = moving - ride.seconds, going - ride.seconds
    if recording.sport in ON_FOOT and timer > 0 and distance > MAX_ON_FOOT_MPS * timer:
        raise _implausible(
            f"{distance / 1000:.1f} km in {timer / 60:.0f} min on foot (records: "
            f"{recorded_m(recording) / 1000:.1f} km)",
            start,
        )
    strides = recording.summary.get("cycles", np.nan)
    if recording.sport in ON_FOOT and strides > MOST_SPM * timer / 60:  # the cadence counts
        text = f"{strides:g} strides in {timer / 60:.0f} min cannot be: left out"
        recording = _without(recording, "cycles", "value-range", text, issues)
    if not len(ride.rows) and "timer_s" in recording.summary:
        pauses = _with_stops(recording, path, timer)
        recording = replace(recording, pauses=pauses)
    effort = effort_of(recording, path, timer)
    recording = _agreed_steps(recording, timer, effort, issues)
    columns = effort_columns(recording, timer, effort)
    counted = Counted(distance, source, timer, moving, going, positions, mean_hr_bpm(effort))
    for code, text in cross_check(recording, counted).items():
        note(issues, code, text)
    return Assessment(
        start=start,
        numbers={
            "distance_km": distance / 1000.0,
            "distance_source": source,
            "duration_min": timer / 60.0,
            "elapsed_min": elapsed / 60.0,
            **columns,
        },
        effort=effort,
        minutes=minutes_of(recording, path),
        issues=issues,
    )


def _without(
    recording: Recording, name: str, code: str, text: str, issues: dict[str, str]
) -> Recording:
    """Leave a number of the summary out, and say why."""
    note(issues, code, text)
    kept = {n: value for n, value in recording.summary.items() if n != name}
    return replace(recording, summary=kept)


def _possible_totals(recording: Recording, start: float, issues: dict[str, str]) -> Recording:
    """Leave out sums that are none, where there are records to go by; else refuse the recording."""
    for name in ("timer_s", "elapsed_s", "distance_m"):
        total = recording.summary.get(name, 0.0)
        if 0 <= total < np.inf or total != total:
            continue
        if len(recording.time) > FEW_RECORDS:
            text = f"{name} of the summary is {total:g}: the records count"
            recording = _without(recording, name, "value-range", text, issues)
        elif total == np.inf:
            raise _implausible(f"{name} is infinite", start)
        else:
            detail = f"{name} is {total:g}: export it again"
            raise FileProblem("quarantined", "negative", detail, when=start)
    return recording


def _agreed_steps(
    recording: Recording, timer: float, effort: EffortProfile, issues: dict[str, str]
) -> Recording:
    """Leave out strides of the summary that stand alone against two cadences that agree."""
    stated = stated_steps(recording, timer)
    recorded = recorded_steps(timer, effort)
    mean = recording.summary.get("avg_cadence_spm", np.nan) * timer / 60
    # A watch misses the cadence of a slow walk, and counts its steps all the same.
    if recording.sport != "running" or not apart(stated, recorded, _STEPS_SHARE, _FEW_STEPS):
        return recording
    text = f"the summary counts {stated:.0f} steps, its records {recorded:.0f}"
    if apart(mean, recorded, _SAME_STEPS_SHARE, 0.0) or mean != mean:
        note(issues, "steps-disagree", text)
        return recording
    text += f", its mean cadence {mean:.0f}: the records count"
    return _without(recording, "cycles", "steps-disagree", text, issues)


def _with_stops(recording: Recording, path: Floats, timer: float) -> Floats:
    """Pauses of the file, and, where more would be earned than the timer ran, silent stops.

    Some programs write no stop of the timer, only no record while nobody moves.
    """
    time, pauses = recording.time, recording.pauses
    if not earned_s(time, pauses).sum() > _MORE_THAN_TIMER * timer:
        return pauses
    seconds, metres = np.diff(time), np.diff(path)
    still = (seconds > RECORDING["max_hole_s"]) & ~(metres > STILL_MPS * seconds)
    stops = np.column_stack([time[:-1][still], time[1:][still]])
    return np.concatenate([pauses, stops])


def _one_stretch(recording: Recording, issues: dict[str, str]) -> Recording:
    """Flag a silence of hours; without a summary only the larger side of it counts.

    With one all records stay, and where the clock moved by days, the day is the larger side's.
    """
    gaps = np.flatnonzero(np.diff(recording.time) > JUMP_S)
    if not len(gaps):
        put_back = "time-jump" in issues and len(recording.time)
        return _day_of(recording, float(recording.time[0]), issues) if put_back else recording
    gaps = gaps[~stated_gaps(recording)[gaps]]
    if not len(gaps):
        return recording
    hours = float(np.diff(recording.time)[gaps].max()) / 3600
    note(issues, "time-jump", f"{hours:.0f} hours without a record inside the activity")
    pieces = np.split(np.arange(len(recording.time)), gaps + 1)
    rows = max(pieces, key=len)
    if "timer_s" in recording.summary:
        return _day_of(recording, float(recording.time[rows[0]]), issues)
    return replace(
        recording,
        start=float(recording.time[rows[0]]),
        time=recording.time[rows],
        streams={name: values[rows] for name, values in recording.streams.items()},
    )


def _day_of(recording: Recording, start: float, issues: dict[str, str]) -> Recording:
    """Begin where the larger part of the records does, if the file's start is days away."""
    if not abs(start - recording.start) > _DAY_S:
        return recording
    issues["time-jump"] += (
        f": the clock was moved, by its larger part it is of {_day(start)}, not of "
        f"{_day(recording.start)}"
    )
    return replace(recording, start=start)


def _start(recording: Recording) -> float:
    """Start of the activity; refuse what has no time or one that cannot be."""
    start = recording.start
    if start != start and len(recording.time):
        start = float(recording.time[0])
    if start != start:
        raise FileProblem("refused", "no-time", "no record has a time: the day is not known")
    if OLDEST_S <= start < LAST_S:
        return start
    why = ": the watch's clock was not set" if start < OLDEST_S else ", which is on no calendar"
    raise FileProblem("quarantined", "time-invalid", f"starts on {_day(start)}{why}")


def refuse_future(start: float, now_s: float) -> None:
    """Quarantine a start [s] more than a day after the time of the reading [s]."""
    if start > now_s + _DAY_S:
        detail = f"starts on {_day(start)}, which has not come yet"
        raise FileProblem("quarantined", "time-future", detail)


def _day(unix_s: float) -> str:
    return str(np.datetime64(int(unix_s), "s").astype("datetime64[D]"))


def _durations(
    recording: Recording, moving: float, going: float, path: Floats, issues: dict[str, str]
) -> tuple[float, float]:
    """Elapsed and timer time; the summary's, unless it cannot be true. [s, s]"""
    summary = recording.summary
    span = float(np.ptp(recording.time)) if len(recording.time) > 1 else np.nan
    elapsed = summary.get("elapsed_s", np.nan)
    elapsed = elapsed if elapsed > 0 else span
    timer = _agreed_timer(recording, elapsed, moving, going, issues)
    if timer != timer:
        return elapsed, moving
    limit = elapsed if elapsed == elapsed else span
    if timer > limit * 1.01 + 10:
        issues["time-disagree"] = f"timer {timer:.0f} s is longer than the activity, {limit:.0f} s"
        return elapsed, limit
    if timer > 2 * span + 3600 and len(recording.time) > FEW_RECORDS:
        if _is_cut_short(recording, timer, moving, path):
            return elapsed, timer
        issues["time-disagree"] = f"timer {timer:.0f} s, but records of {span:.0f} s: left running?"
        return elapsed, span
    return (elapsed if elapsed == elapsed else timer), timer


def _agreed_timer(
    recording: Recording, elapsed: float, moving: float, going: float, issues: dict[str, str]
) -> float:
    """Timer of the summary; another where it is none, or stands alone against two that agree."""
    summary = recording.summary
    stated = summary.get("timer_s", np.nan)
    laps, whole = (summary.get(name, np.nan) for name in ("laps_timer_s", "whole_timer_s"))
    many = len(recording.time) > FEW_RECORDS
    if not stated > 0:
        others = [t for t in (laps, whole) if t > 0]
        # Records through which a watch went on do not say when its timer stood.
        fits = [t for t in others if not many or going * 0.95 <= t <= moving * 1.05 + 10]
        timer = next(iter(fits), moving if moving > 0 else elapsed)
        timer = timer if timer > 0 else next(iter(others), stated)
        if stated == stated and timer > 0:
            issues["time-disagree"] = f"the summary's timer is {stated:g} s; {timer:.0f} s count"
        return timer
    if many and recording.sport in ON_FOOT:
        if going * 0.9 <= stated <= moving * 1.1 + 60:
            return stated
        for factor in _UNITS_OF_TIME:
            if abs(stated * factor - moving) <= _SAME_UNIT * moving:
                issues["time-disagree"] = (
                    f"the summary's timer of {stated:g} is in another unit: its records are of "
                    f"{moving:.0f} s"
                )
                return stated * factor
    records = moving if is_whole(recording) else np.nan
    for one, other in ((laps, whole), (laps, records), (whole, records)):
        possible = not many or going * 0.95 <= one <= moving * 1.05 + 10
        same = one > 0 and not apart(one, other, _SAME_SHARE, _SAME_S) and other == other
        if same and possible and apart(stated, one, 0.1, _SAME_S) and (many or one is laps):
            who = "laps" if one is laps else "whole file"
            issues["time-disagree"] = (
                f"the summary's timer is {stated:.0f} s, that of the {who} {one:.0f} s, and "
                f"another time of the file agrees: {one:.0f} s count"
            )
            return one
    return stated if many else _of_milliseconds(recording, stated, issues)


def _of_milliseconds(recording: Recording, stated: float, issues: dict[str, str]) -> float:
    """Timer without records, whose pace alone can tell milliseconds from seconds. [s]"""
    metres, seconds = recording.summary.get("distance_m", np.nan), stated / 1000
    slow = recording.sport in ON_FOOT and SOME_M < metres < _SLOWEST_MPS * stated
    if not (slow and seconds <= metres <= _FASTEST_MPS * seconds):
        return stated
    issues["time-disagree"] = (
        f"{metres / 1000:.1f} km in {stated / 3600:.0f} hours: taken as milliseconds"
    )
    return seconds


def _is_cut_short(recording: Recording, timer: float, moving: float, path: Floats) -> bool:
    """Whether the records end early, not the run: others tell of its length, at its pace."""
    summary = recording.summary
    told = [summary.get(name, np.nan) for name in ("laps_timer_s", "whole_timer_s")]
    if not any(abs(other - timer) <= _SAME_SHARE * timer for other in told):
        return False
    known = path[~np.isnan(path)]
    if not len(known) or not moving > 0:
        return False
    pace = float(known.max() - known.min()) / moving
    return bool(0.5 * pace <= summary.get("distance_m", np.nan) / timer <= 2 * pace)


def _refuse_made_up(recording: Recording, way: Floats, moving: float, start: float) -> None:
    """Quarantine a route whose points got times that nobody ran by: each far from the next."""
    if "timer_s" in recording.summary or len(recording.time) <= FEW_RECORDS or moving > 0:
        return
    if way[-1] > SOME_M:
        minutes = float(np.median(np.diff(recording.time))) / 60
        what = f"{way[-1] / 1000:.1f} km of points {minutes:.0f} min apart: made-up times"
        raise _implausible(what, start)


def _refuse_endless(
    recording: Recording, elapsed: float, timer: float, distance: float, start: float
) -> None:
    """Quarantine what is longer than any activity, before each of its seconds is laid out."""
    recorded = float(earned_s(recording.time).sum())
    for seconds in (timer, recorded):
        if seconds > _LONGEST_S:
            what = f"{seconds / _DAY_S:.4g} days of one activity without a pause"
            raise _implausible(what, start)
    # A watch may have been left paused for weeks, and a clock that moves makes any span.
    span = float(np.ptp(recording.time)) if len(recording.time) else 0.0
    if elapsed > max(_LONGEST_ELAPSED_S, 1.01 * span):
        raise _implausible(f"{elapsed / _DAY_S:.4g} days from its start to its end", start)
    if distance > FARTHEST_M:
        raise _implausible(f"{distance / 1000:.4g} km in one activity", start)


def _implausible(what: str, start: float) -> FileProblem:
    detail = f"{what}: not counted; correct it where you recorded it"
    return FileProblem("quarantined", "implausible", detail, when=start)
