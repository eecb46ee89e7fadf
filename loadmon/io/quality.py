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
from loadmon.evidence.loads import FASTEST
from loadmon.io.clean import JUMP_S, Counted, cross_check, impossible_steps, note, steps_m
from loadmon.io.intensity import effort_columns, effort_of, minutes_of
from loadmon.io.recording import FARTHEST_M, LAST_S, MOST_SPM, OLDEST_S, ON_FOOT, Floats, Recording
from loadmon.loads import EffortProfile, earned_s

_INDOOR = {"treadmill", "indoor_running", "virtual_activity", "indoor_walking", "track"}
MAX_ON_FOOT_MPS = FASTEST["speed_mps"]
_SOME_M = 100.0
_NO_DISTANCE_M = 10.0  # what a sensor counts while nobody moves
_DAY_S = 24 * 3600.0
#: More than any activity has, to the end of the longest races across a continent.
_LONGEST_S, _LONGEST_ELAPSED_S = 14 * _DAY_S, 366 * _DAY_S
_STILL_MPS = 0.5
_FEW = 10
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
    for name in ("timer_s", "elapsed_s", "distance_m"):
        total = recording.summary.get(name, 0.0)
        if total == np.inf:
            raise _implausible(f"{name} is infinite", start)
        if total < 0:
            detail = f"{name} is {total:g}: export it again"
            raise FileProblem("quarantined", "negative", detail, when=start)
    way = _bridged_m(recording)
    left_out = _gaps_left_out(recording, way)
    has_positions = "latitude_deg" in recording.streams
    positions = _without_gaps(way, left_out) if has_positions else np.empty(0)
    path = _without_gaps(recording.streams.get("distance_m", np.empty(0)), left_out)
    path = path if len(path) else positions
    path = path if len(path) else np.full(len(recording.time), np.nan)
    moving = _moving_s(recording.time, path, left_out)
    elapsed, timer = _durations(recording, moving, issues)
    distance, source = _distance(recording, positions, issues, path)
    _refuse_made_up(recording, way, moving, start)
    _refuse_endless(recording, elapsed, timer, distance, start)
    if (timer < 1 or (timer != timer and len(recording.time) <= 1)) and not distance > 10:
        detail = "started and stopped at once: no training"
        raise FileProblem("skipped", "zero-length", detail, when=start)
    # No distance is covered in no time.
    timer = next((seconds for seconds in (timer, moving) if seconds > 0), np.nan)
    elapsed = elapsed if elapsed > 0 else timer
    if recording.sport in ON_FOOT and timer > 0 and distance > MAX_ON_FOOT_MPS * timer:
        raise _implausible(
            f"{distance / 1000:.1f} km in {timer / 60:.0f} min on foot (records: "
            f"{_recorded_m(recording) / 1000:.1f} km)",
            start,
        )
    strides = recording.summary.get("cycles", np.nan)
    if recording.sport in ON_FOOT and strides > MOST_SPM * timer / 60:  # the cadence counts
        text = f"{strides:g} strides in {timer / 60:.0f} min cannot be: left out"
        note(issues, "value-range", text)
        summary = {name: value for name, value in recording.summary.items() if name != "cycles"}
        recording = replace(recording, summary=summary)
    effort = effort_of(recording, path, timer)
    columns = effort_columns(recording, timer, effort)
    if source != "session" and "vehicle" not in issues:
        _tell_gaps(recording, way, left_out, distance, issues)
    gaps = np.diff(recording.time)
    going = float(gaps[np.diff(path) > _STILL_MPS * gaps].sum())
    counted = Counted(distance, source, timer, moving, going, positions, columns["avg_hr_bpm"])
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


def _one_stretch(recording: Recording, issues: dict[str, str]) -> Recording:
    """Flag a silence of hours; without a summary only the larger side of it counts.

    With one all records stay, and where the clock moved by days, the day is the larger side's.
    """
    gaps = np.flatnonzero(np.diff(recording.time) > JUMP_S)
    if not len(gaps):
        put_back = "time-jump" in issues and len(recording.time)
        return _day_of(recording, float(recording.time[0]), issues) if put_back else recording
    stated = np.searchsorted(recording.time, recording.pauses[:, 0], "right") - 1
    gaps = gaps[~np.isin(gaps, stated)]
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


def _durations(recording: Recording, moving: float, issues: dict[str, str]) -> tuple[float, float]:
    """Elapsed and timer time; the summary's, unless it cannot be true. [s, s]"""
    span = float(np.ptp(recording.time)) if len(recording.time) > 1 else np.nan
    elapsed = recording.summary.get("elapsed_s", np.nan)
    elapsed = elapsed if elapsed > 0 else span
    timer = recording.summary.get("timer_s", np.nan)
    if timer != timer:
        return elapsed, moving
    limit = elapsed if elapsed == elapsed else span
    if timer > limit * 1.01 + 10:
        issues["time-disagree"] = f"timer {timer:.0f} s is longer than the activity, {limit:.0f} s"
        return elapsed, limit
    if timer > 2 * span + 3600 and len(recording.time) > 10:
        issues["time-disagree"] = f"timer {timer:.0f} s, but records of {span:.0f} s: left running?"
        return elapsed, span
    return (elapsed if elapsed == elapsed else timer), timer


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
    usual = float(np.median(gaps))
    border = _stated(recording)
    candidate = (gaps > max(_SILENCE_S, _SILENCE_STEPS * usual)) | (border & (gaps > _SOON_S))
    out = np.zeros(len(gaps), bool)
    if not candidate.any():
        return out
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
    if "timer_s" in recording.summary or len(recording.time) < _FEW or moving > 0:
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
        steps = steps_m(latitude[known], longitude[known])
        leaps = impossible_steps(steps, np.diff(recording.time[known]), recording.sport)
        path[known[1:]] = np.cumsum(np.where(leaps, 0.0, steps))
        path = np.maximum.accumulate(path)
    return path


def _distance(
    recording: Recording, positions: Floats, issues: dict[str, str], path: Floats
) -> tuple[float, str]:
    """Distance that counts and where it is from: summary, records, or positions. [m]"""
    summed = recording.summary.get("distance_m", np.nan)
    recorded = _recorded_m(recording)
    if summed > 0:
        if abs(summed - recorded) > max(_SOME_M, 0.05 * max(summed, recorded)):
            issues["dist-disagree"] = (
                f"the summary says {summed:.0f} m, the records {recorded:.0f} m; the summary counts"
            )
        return summed, "session"
    if recorded > _NO_DISTANCE_M:
        return float(np.nanmax(path)), "records"
    if len(positions) and recording.sub_sport not in _INDOOR:
        metres = float(positions[-1])
        if metres > _SOME_M and not (summed != summed and recorded != recorded):
            issues["dist-from-gps"] = (
                f"the distance was recorded as 0; positions give {metres:.0f} m"
            )
        if metres > 0:
            return metres, "gps"
    # A distance of 0 without any record of it means that nobody measured it.
    return np.nan, ""


def _recorded_m(recording: Recording) -> float:
    values = recording.streams.get("distance_m", np.empty(0))
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else np.nan


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
