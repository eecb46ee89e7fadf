"""From a recording to one row of activities: which number counts, and whether it can be true.

The file's own summary, its records, its positions and its clock each tell the story once; where
they disagree the row says so and both numbers are in the ledger. Only what no runner can do is
left out of the activities altogether.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem
from loadmon.evidence.loads import FASTEST, RECORDING, RIDE
from loadmon.io.clean import JUMP_S, Counted, cross_check, leaps, note
from loadmon.io.intensity import (
    effort_columns,
    effort_of,
    mean_hr_bpm,
    minutes_of,
    recorded_steps,
    stated_steps,
)
from loadmon.io.recording import FARTHEST_M, LAST_S, MOST_SPM, OLDEST_S, ON_FOOT, Floats, Recording
from loadmon.loads import EffortProfile, covered_s, earned_s

_INDOOR = {"treadmill", "indoor_running", "virtual_activity", "indoor_walking", "track"}
MAX_ON_FOOT_MPS = FASTEST["speed_mps"]
_SOME_M = 100.0
_NO_DISTANCE_M = 10.0  # what a sensor counts while nobody moves
_DAY_S = 24 * 3600.0
#: More than any activity has, to the end of the longest races across a continent.
_LONGEST_S, _LONGEST_ELAPSED_S = 14 * _DAY_S, 366 * _DAY_S
_STILL_MPS, _SLOWEST_MPS, _FASTEST_MPS = 0.5, 0.1, 7.0
_FEW_RECORDS = 10
#: Two numbers of one time or distance are the same within these, others disagree.
_SAME_SHARE, _SAME_S, _SAME_UNIT = 0.05, 30.0, 0.01
_MORE_THAN_TIMER = 1.005
#: Steps of summary and records differ from here on, and two cadences are the same up to here.
_STEPS_SHARE, _SAME_STEPS_SHARE, _FEW_STEPS = 0.25, 0.10, 100.0
#: Records that are of less than this share of the timer do not tell of the whole session.
_WHOLE_SHARE = 0.9
#: Factors by which a writer that takes one unit for another is wrong.
_UNITS_OF_TIME = (1000.0, 60.0, 1 / 60, 1 / 1000)
_UNITS_OF_LENGTH = (1000.0, 100.0, 1.609344, 1 / 1.609344, 0.01, 0.001)
#: A summary loses only where it is this far off: short ones differ by where a watch found itself.
_OUTVOTED_SHARE, _OUTVOTED_M = 0.08, 200.0
_RIDE = RIDE
_GRID_S, _MOST_GRID = 5.0, 500_000
#: From so much on, and such a share of the distance, the way across gaps is told. [m], [-]
_GAP_M, _GAP_SHARE = 50.0, 0.01
_Mask = npt.NDArray[np.bool_]


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
    way = _bridged_m(recording)
    left_out = _gaps_left_out(recording, way)
    has_positions = "latitude_deg" in recording.streams
    positions = _without_gaps(way, left_out) if has_positions else np.empty(0)
    counter = recording.streams.get("distance_m", np.empty(0))
    path = _without_gaps(counter, left_out) if len(counter) else positions
    path = path if len(path) else np.full(len(recording.time), np.nan)
    moving = _moving_s(recording.time, path, left_out)
    gaps = np.diff(recording.time)
    going = float(gaps[np.diff(path) > _STILL_MPS * gaps].sum())
    elapsed, timer = _durations(recording, moving, going, path, issues)
    witnesses = _Distances(recording, path, positions, moving, timer)
    distance, source = _distance(recording, witnesses, issues)
    _refuse_made_up(recording, way, moving, start)
    if source != "session":
        _tell_gaps(recording, way, left_out, distance, issues)
    _refuse_endless(recording, elapsed, timer, distance, start)
    if (timer < 1 or (timer != timer and len(recording.time) <= 1)) and not distance > 10:
        detail = "started and stopped at once: no training"
        raise FileProblem("skipped", "zero-length", detail, when=start)
    # No distance is covered in no time.
    timer = next((seconds for seconds in (timer, moving) if seconds > 0), np.nan)
    elapsed = elapsed if elapsed > 0 else timer
    recording, ride = _without_ride(recording, path, issues)
    if len(ride.rows):
        distance, timer = distance - ride.metres, timer - ride.seconds
        path = path[ride.rows]
        positions = positions[ride.rows] if len(positions) else positions
        moving, going = moving - ride.seconds, going - ride.seconds
    if recording.sport in ON_FOOT and timer > 0 and distance > MAX_ON_FOOT_MPS * timer:
        raise _implausible(
            f"{distance / 1000:.1f} km in {timer / 60:.0f} min on foot (records: "
            f"{_recorded_m(recording) / 1000:.1f} km)",
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
        if len(recording.time) > _FEW_RECORDS:
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
    if recording.sport != "running" or not _apart(stated, recorded, _STEPS_SHARE, _FEW_STEPS):
        return recording
    text = f"the summary counts {stated:.0f} steps, its records {recorded:.0f}"
    if _apart(mean, recorded, _SAME_STEPS_SHARE, 0.0) or mean != mean:
        note(issues, "steps-disagree", text)
        return recording
    text += f", its mean cadence {mean:.0f}: the records count"
    return _without(recording, "cycles", "steps-disagree", text, issues)


def _apart(a: float, b: float, share: float, least: float) -> bool:
    """Whether two known numbers are apart by more than a share of the larger, and than `least`."""
    return bool(abs(a - b) > max(share * max(a, b), least))


def _with_stops(recording: Recording, path: Floats, timer: float) -> Floats:
    """Pauses of the file, and, where more would be earned than the timer ran, silent stops.

    Some programs write no stop of the timer, only no record while nobody moves.
    """
    time, pauses = recording.time, recording.pauses
    if not earned_s(time, pauses).sum() > _MORE_THAN_TIMER * timer:
        return pauses
    seconds, metres = np.diff(time), np.diff(path)
    still = (seconds > RECORDING["max_hole_s"]) & ~(metres > _STILL_MPS * seconds)
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
    gaps = gaps[~_stated(recording)[gaps]]
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
    if timer > 2 * span + 3600 and len(recording.time) > _FEW_RECORDS:
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
    many = len(recording.time) > _FEW_RECORDS
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
    records = moving if _is_whole(recording) else np.nan
    for one, other in ((laps, whole), (laps, records), (whole, records)):
        possible = not many or going * 0.95 <= one <= moving * 1.05 + 10
        same = one > 0 and not _apart(one, other, _SAME_SHARE, _SAME_S) and other == other
        if same and possible and _apart(stated, one, 0.1, _SAME_S) and (many or one is laps):
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
    slow = recording.sport in ON_FOOT and _SOME_M < metres < _SLOWEST_MPS * stated
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


# Gaps: a way that no point, counter or timer says was run counts neither as distance nor as time.

#: A gap is a silence from so long and so many usual intervals on. Up to so long after a stated
#: pause, and so long of a silence that the file does not explain, it may be the same run. [s]
_SILENCE_S, _SILENCE_STEPS, _PAUSED_S, _SILENT_S = 60.0, 10.0, 120.0, 600.0
#: It is, where its speed is so many times that in the minute on either side. [-]
_SOON_S, _AROUND_S, _ALIKE = 10.0, 60.0, (0.5, 1.5)


def _gaps_left_out(recording: Recording, way: Floats) -> _Mask:
    """Tell the gaps between neighbouring records that do not count.

    Candidates are silences, and pauses that the file states. They count where a counter moved on
    through a silence, or where they are short and passed no faster than the run around them; a
    pause, also not much slower, and a silence, not standing still.
    """
    time = recording.time
    if len(time) < 2:
        return np.zeros(0, bool)
    gaps = np.diff(time)
    border = _stated(recording)
    if not border.any() and not (gaps > _SILENCE_S).any():
        return np.zeros(len(gaps), bool)
    out = np.zeros(len(gaps), bool)
    candidate = (gaps > _SILENCE_S) | (border & (gaps > _SOON_S))
    if not candidate.any():
        return out
    usual = float(np.median(gaps))
    candidate = (gaps > max(_SILENCE_S, _SILENCE_STEPS * usual)) | (border & (gaps > _SOON_S))
    counter = recording.streams.get("distance_m", np.full(len(time), np.nan))
    for i in np.flatnonzero(candidate).tolist():
        step = way[i + 1] - way[i]
        counted = counter[i + 1] - counter[i]
        if counted > _STILL_MPS * gaps[i] and not (border[i] and gaps[i] > _PAUSED_S):
            continue
        before = way[i] - np.interp(time[i] - _AROUND_S, time[: i + 1], way[: i + 1])
        after = np.interp(time[i + 1] + _AROUND_S, time[i + 1 :], way[i + 1 :]) - way[i + 1]
        around = (before + after) / (
            min(_AROUND_S, time[i] - time[0]) + min(_AROUND_S, time[-1] - time[i + 1]) or np.nan
        )
        slowest = _ALIKE[0] * around if border[i] else min(_STILL_MPS, around)
        alike = slowest <= step / gaps[i] <= _ALIKE[1] * around
        longest = _PAUSED_S if border[i] else _SILENT_S
        out[i] = not (gaps[i] <= max(longest, 2 * usual) and alike)
    return out


def _stated(recording: Recording) -> _Mask:
    """Tell the gaps between neighbouring records in which the file says that it stood still."""
    time = recording.time
    out = np.zeros(max(0, len(time) - 1), bool)
    if len(out):
        pauses = recording.pauses[recording.pauses[:, 1] > time[0]]
        out[np.clip(np.searchsorted(time, pauses[:, 0], "right") - 1, 0, len(out) - 1)] = True
    return out


def _without_gaps(metres: Floats, left_out: _Mask) -> Floats:
    """Distance up to each record without what was counted in the gaps that are left out. [m]"""
    known = np.flatnonzero(~np.isnan(metres))
    if not left_out.any() or len(known) < 2:
        return metres
    gap = np.diff(np.r_[0, np.cumsum(left_out)][known]) > 0
    steps = np.where(gap, 0.0, np.diff(metres[known]))
    out = np.array(metres)
    out[known] = metres[known[0]] + np.r_[0.0, np.cumsum(steps)]
    return out


def _tell_gaps(
    recording: Recording, way: Floats, left_out: _Mask, distance: float, issues: dict[str, str]
) -> None:
    """Report what was left out in metres and minutes, unless it is a short or a stated stand."""
    if not left_out.any():
        return
    silent, stated = np.diff(recording.time)[left_out], _stated(recording)[left_out]
    lost = float(np.diff(way)[left_out].sum())
    far = lost > max(_GAP_M, _GAP_SHARE * (distance if distance == distance else 0.0))
    if far or (silent[~stated] > _SILENT_S).any():
        minutes = float(silent.sum()) / 60
        issues["gap-not-counted"] = (
            f"{lost:.0f} m in {minutes:.1f} min without a record, or while the recording stood "
            "still, are not counted"
        )


def _refuse_made_up(recording: Recording, way: Floats, moving: float, start: float) -> None:
    """Quarantine a route whose points got times that nobody ran by: each far from the next."""
    if "timer_s" in recording.summary or len(recording.time) <= _FEW_RECORDS or moving > 0:
        return
    if way[-1] > _SOME_M:
        minutes = float(np.median(np.diff(recording.time))) / 60
        what = f"{way[-1] / 1000:.1f} km of points {minutes:.0f} min apart: made-up times"
        raise _implausible(what, start)


def _moving_s(time: Floats, path: Floats, left_out: _Mask) -> float:
    """Recorded span without the gaps that are left out, and without standing still unrecorded. [s]

    Standing still is a silence of over a minute in which hardly anything is covered.
    """
    if len(time) < 2:
        return np.nan
    gaps = np.diff(time)
    pause = left_out | ((gaps > _SILENCE_S) & ~(np.diff(path) > _STILL_MPS * gaps))
    return float(gaps[~pause].sum())


def _bridged_m(recording: Recording) -> Floats:
    """Distance along the positions, gaps in a straight line and leaps not counted. [m]"""
    path = np.zeros(len(recording.time))
    if "latitude_deg" not in recording.streams:
        return path
    latitude, longitude = recording.streams["latitude_deg"], recording.streams["longitude_deg"]
    known = np.flatnonzero(~np.isnan(latitude) & ~np.isnan(longitude))
    if len(known) > 1:
        steps, leap = leaps(
            latitude[known], longitude[known], recording.time[known], recording.sport
        )
        path[known[1:]] = np.cumsum(np.where(leap, 0.0, steps))
        path = np.maximum.accumulate(path)
    return path


class _Distances:
    """What the places of a file say of one distance; NaN is not known. [m]"""

    def __init__(
        self,
        recording: Recording,
        path: Floats,
        positions: Floats,
        moving: float,
        timer: float,
    ) -> None:
        summary = recording.summary
        self.summary = summary.get("distance_m", np.nan)
        self.laps = summary.get("laps_distance_m", np.nan)
        raw = _recorded_m(recording)
        self.records = float(np.nanmax(path)) if raw == raw else np.nan
        if raw - self.records > _SOME_M and not _apart(self.summary, raw, 0.02, _SOME_M):
            self.summary = np.nan  # it counts the way across pauses
        indoor = recording.sub_sport in _INDOOR
        self.positions = float(positions[-1]) if len(positions) and not indoor else np.nan
        self.path = np.empty(0) if indoor else positions
        #: What may have been covered while the timer stood and the records went on.
        self.unwritten_stops = max(0.0, moving - timer) * RIDE["speed_mps"]
        #: Whether the records are of the whole session.
        self.is_whole = bool(
            _is_whole(recording) and not moving < _WHOLE_SHARE * timer and len(recording.time)
        )
        self.fastest = MAX_ON_FOOT_MPS * timer if recording.sport in ON_FOOT else np.inf


def _is_whole(recording: Recording) -> bool:
    """Whether the records go on for as long as the summary says that the recording did."""
    elapsed = recording.summary.get("elapsed_s", np.nan)
    many = len(recording.time) > _FEW_RECORDS
    left_out = recording.flags.keys() & _RECORDS_LEFT_OUT
    return bool(many and not left_out and not np.ptp(recording.time) < _WHOLE_SHARE * elapsed)


_RECORDS_LEFT_OUT = {"time-backwards", "time-duplicate", "time-jump"}


def _going_m(recording: Recording, path: Floats) -> float:
    if len(path) < 2 or np.isnan(path).all():
        return np.nan
    known = ~np.isnan(path)
    time = recording.time[known]
    silent = earned_s(time, recording.pauses)[:-1] < np.diff(time)
    steps = np.diff(path[known])
    return float(steps[~silent].sum())


def _distance(recording: Recording, told: _Distances, issues: dict[str, str]) -> tuple[float, str]:
    """Distance that counts and where it is from. [m]

    The summary's, unless the records and the positions agree with each other and not with it, or
    it is in another unit; else that of the records, the laps, the positions, or the speed.
    """
    summed, recorded = told.summary, told.records
    if summed > 0:
        against = _outvoted(recording, told)
        if against:
            who = f"{against}; the records count"
            issues["dist-disagree"] = (
                f"the summary says {summed:.0f} m, the records {recorded:.0f} m: {who}"
            )
            return recorded, "records"
        if abs(summed - recorded) > max(_SOME_M, 0.05 * max(summed, recorded)):
            issues["dist-disagree"] = (
                f"the summary says {summed:.0f} m, the records {recorded:.0f} m; the summary counts"
            )
        return summed, "session"
    partial = told.laps > 0 and not told.is_whole and told.laps > recorded
    if recorded > _NO_DISTANCE_M and not partial:
        if told.laps > 0 and _apart(told.laps, recorded, 0.05, _SOME_M):
            note(
                issues,
                "dist-disagree",
                f"the laps add up to {told.laps:.0f} m, the records to {recorded:.0f} m",
            )
        return recorded, "records"
    if told.laps > _NO_DISTANCE_M:
        return told.laps, "laps"
    metres = told.positions
    if metres == metres:
        if metres > _SOME_M and not (summed != summed and recorded != recorded):
            issues["dist-from-gps"] = (
                f"the distance was recorded as 0; positions give {metres:.0f} m"
            )
        if metres > 0:
            return metres, "gps"
    metres = _by_speed_m(recording)
    # A distance of 0 without any record of it means that nobody measured it.
    return (metres, "speed") if metres > _SOME_M else (np.nan, "")


def _outvoted(recording: Recording, told: _Distances) -> str:
    """Why the records count and not the summary; empty where the summary does."""
    summed, recorded = told.summary, told.records
    if not (recorded > _SOME_M and told.is_whole):
        return ""
    if not _apart(summed, recorded, _OUTVOTED_SHARE, _OUTVOTED_M):
        return ""
    # The same without what was covered in silences and while the timer stood.
    counted = _going_m(recording, recording.streams.get("distance_m", np.empty(0)))
    if counted == counted and not _apart(summed, counted, _OUTVOTED_SHARE, _OUTVOTED_M):
        return ""
    for factor in _UNITS_OF_LENGTH:
        if abs(summed * factor - recorded) <= _SAME_UNIT * recorded:
            return f"it is {factor:g} times too small" if factor > 1 else "it is in another unit"
    # What nobody runs is no summary to mend: the recording is refused with both numbers.
    if 0 < recorded - summed < told.unwritten_stops or summed > told.fastest:
        return ""
    if _is_own(told) and not _apart(told.laps, recorded, 0.05, _SOME_M):
        return "the laps agree with them"
    way = _going_m(recording, told.path)
    if way == way and counted == counted and not _apart(way, counted, 0.08, _SOME_M):
        return "the positions agree with them"
    return ""


def _is_own(told: _Distances) -> bool:
    """Whether the laps tell of a distance of their own: most are summed up to the summary."""
    return bool(told.laps > 0 and abs(told.laps - told.summary) > 0.05 * told.laps)


def _by_speed_m(recording: Recording) -> float:
    """Distance of a recorded speed over time, where it covers the recording. [m]"""
    speed = recording.streams.get("speed_mps", np.empty(0))
    if not len(speed):
        return np.nan
    seconds = covered_s(recording.time, speed, recording.pauses)
    known = speed >= 0
    whole = float(earned_s(recording.time, recording.pauses).sum())
    if not seconds[known].sum() >= RECORDING["min_coverage_pct"] / 100 * whole > 0:
        return np.nan
    return float((speed[known] * seconds[known]).sum())


def _recorded_m(recording: Recording) -> float:
    values = recording.streams.get("distance_m", np.empty(0))
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else np.nan


# A ride in the middle or at the end of a run: the watch was left running in a car or on a bus.


class _Ride(NamedTuple):
    """What was cut off: the rows that stay (none: nothing was cut), and what was covered."""

    rows: npt.NDArray[np.intp]
    metres: float
    seconds: float


_NO_RIDE = _Ride(np.empty(0, np.intp), 0.0, 0.0)


def _without_ride(
    recording: Recording, path: Floats, issues: dict[str, str]
) -> tuple[Recording, _Ride]:
    """Cut stretches off that go on for a minute faster than anybody runs, without steps."""
    time = recording.time
    known = ~np.isnan(path)
    if recording.sport not in ON_FOOT or known.sum() < _FEW_RECORDS:
        return recording, _NO_RIDE
    time_known, way = time[known], path[known]
    if not float(way[-1] - way[0]) > _RIDE["speed_mps"] * _RIDE["least_s"]:
        return recording, _NO_RIDE
    seconds = np.diff(time_known)
    quick = np.diff(way) > _RIDE["speed_mps"] * seconds
    if not float(seconds[quick].sum()) > _RIDE["least_s"] / 2:
        return recording, _NO_RIDE
    if not 3 < np.ptp(time_known) / _GRID_S < _MOST_GRID:
        return recording, _NO_RIDE
    grid = np.arange(time_known[0], time_known[-1], _GRID_S)
    speed = np.diff(np.interp(grid, time_known, way)) / _GRID_S
    fast = _long_runs(speed > _RIDE["speed_mps"], round(_RIDE["least_s"] / _GRID_S))
    if not fast.any():
        return recording, _NO_RIDE
    # From its core a ride goes on as far as it is faster than people run on for long.
    spread = _touching(speed > _RIDE["around_mps"], fast)
    spread = _closed(spread, round(_RIDE["joined_s"] / _GRID_S))
    if spread.sum() * _GRID_S > _RIDE["most_s"]:
        text = f"faster than anybody runs for {spread.sum() * _GRID_S / 60:.0f} min: what sport?"
        note(issues, "speed-implausible", text)
        return recording, _NO_RIDE
    inside = np.zeros(len(time), bool)
    cell = ((time - grid[0]) // _GRID_S).astype(np.intp)
    within = (cell >= 0) & (cell < len(spread))
    inside[within] = spread[cell[within]]
    inside[cell >= len(spread)] = spread[-1]
    steps = recording.streams.get("cadence_spm", np.empty(0))
    of_ride = steps[inside] if len(steps) else steps
    has_steps = bool(len(of_ride)) and np.nanmedian(np.nan_to_num(of_ride)) > _RIDE["least_spm"]
    sure = _long_runs(speed > _RIDE["speed_mps"], round(_RIDE["sure_s"] / _GRID_S)).any()
    if has_steps and not sure:  # the positions are wrong for a moment
        text = f"faster than {_RIDE['speed_mps'] * 3.6:.0f} km/h for a minute, with steps"
        note(issues, "speed-implausible", text)
        return recording, _NO_RIDE
    edge = np.append(inside[:-1] | inside[1:], False)
    lasted = float(np.diff(time, append=time[-1])[edge].sum())
    metres = float(np.nansum(np.diff(np.interp(time, time_known, way), append=way[-1])[edge]))
    rest_s, rest_m = float(np.ptp(time)) - lasted, float(way[-1] - way[0]) - metres
    if not (rest_s > _RIDE["rest_s"] and 0 < rest_m < _RIDE["rest_mps"] * rest_s):
        return recording, _NO_RIDE  # a ride as a whole, which is flagged for its speed
    issues["vehicle"] = (
        f"{metres:.0f} m in {lasted / 60:.0f} min at {metres / lasted * 3.6:.0f} km/h are no "
        "run: left out"
    )
    rows = np.flatnonzero(~inside)
    breaks = np.flatnonzero(np.diff(rows) > 1)
    stops = np.column_stack([time[rows[breaks]], time[rows[breaks + 1]]])
    return replace(
        recording,
        time=time[rows],
        streams={name: values[rows] for name, values in recording.streams.items()},
        pauses=np.concatenate([recording.pauses, stops]),
    ), _Ride(rows, metres, lasted)


def _long_runs(mask: npt.NDArray[np.bool_], least: int) -> npt.NDArray[np.bool_]:
    """Runs of True of at least so many."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    out = np.zeros(len(mask), bool)
    for begin, end in edges.reshape(-1, 2):
        out[begin:end] = end - begin >= least
    return out


def _touching(mask: npt.NDArray[np.bool_], core: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Runs of True that hold some of the core."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    out = np.zeros(len(mask), bool)
    for begin, end in edges.reshape(-1, 2):
        out[begin:end] = core[begin:end].any()
    return out


def _closed(mask: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.bool_]:
    """With gaps of at most so many filled, those at the ends too."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], mask, [True]])))
    out = mask.copy()
    for begin, end in edges.reshape(-1, 2):
        if end - begin <= most:
            out[begin:end] = True
    return out


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
