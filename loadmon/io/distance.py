"""How far a recording went: gaps that count or do not, and which of its distances counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from loadmon.evidence.loads import FASTEST, RECORDING, RIDE
from loadmon.io.clean import leaps, note
from loadmon.io.recording import ON_FOOT, Floats, Recording
from loadmon.loads import covered_s, earned_s

_INDOOR = {"treadmill", "indoor_running", "virtual_activity", "indoor_walking", "track"}
MAX_ON_FOOT_MPS = FASTEST["speed_mps"]
#: Distances up to here are the same, speeds up to there are standing still, and so few records
#: tell nothing.
SOME_M, STILL_MPS, FEW_RECORDS = 100.0, 0.5, 10
_NO_DISTANCE_M = 10.0  # what a sensor counts while nobody moves
_SAME_UNIT = 0.01
#: Records that are of less than this share of the timer do not tell of the whole session.
_WHOLE_SHARE = 0.9
#: Factors by which a writer that takes one unit of length for another is wrong.
_UNITS_OF_LENGTH = (1609.344, 1000.0, 100.0, 1.609344, 1 / 1.609344, 0.01, 0.001)
#: Of positions alone a factor of so much is known by agreement within a share. [-]
_GREAT_FACTOR, _SAME_AS_PATH = 50.0, 0.05
#: A summary loses only where it is this far off: short ones differ by where a watch found itself.
_OUTVOTED_SHARE, _OUTVOTED_M = 0.08, 200.0
#: From so much on, and such a share of the distance, the way across gaps is told. [m], [-]
_GAP_M, _GAP_SHARE = 50.0, 0.01
_RECORDS_LEFT_OUT = {"time-backwards", "time-duplicate", "time-jump"}
Mask = npt.NDArray[np.bool_]


def apart(a: float, b: float, share: float, least: float) -> bool:
    """Whether two known numbers are apart by more than a share of the larger, and than `least`."""
    return bool(abs(a - b) > max(share * max(a, b), least))


# Gaps: a way that no point, counter or timer says was run counts neither as distance nor as time.

#: A gap is a silence from so long and so many usual intervals on. Up to so long after a stated
#: pause, and so long of a silence that the file does not explain, it may be the same run. [s]
_SILENCE_S, _SILENCE_STEPS, _PAUSED_S, _SILENT_S = 60.0, 10.0, 120.0, 600.0
#: It is, where its speed is so many times that in the minute on either side. [-]
_SOON_S, _AROUND_S, _ALIKE = 10.0, 60.0, (0.5, 1.5)


def gaps_left_out(recording: Recording, way: Floats) -> Mask:
    """Tell the gaps between neighbouring records that do not count.

    Candidates are silences, and pauses that the file states. They count where a counter moved on
    through a silence, or where they are short and passed no faster than the run around them; a
    pause, also not much slower, and a silence, not standing still.
    """
    time = recording.time
    if len(time) < 2:
        return np.zeros(0, bool)
    gaps = np.diff(time)
    border = stated_gaps(recording)
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
        if counted > STILL_MPS * gaps[i] and not (border[i] and gaps[i] > _PAUSED_S):
            continue
        before = way[i] - np.interp(time[i] - _AROUND_S, time[: i + 1], way[: i + 1])
        after = np.interp(time[i + 1] + _AROUND_S, time[i + 1 :], way[i + 1 :]) - way[i + 1]
        around = (before + after) / (
            min(_AROUND_S, time[i] - time[0]) + min(_AROUND_S, time[-1] - time[i + 1]) or np.nan
        )
        slowest = _ALIKE[0] * around if border[i] else min(STILL_MPS, around)
        alike = slowest <= step / gaps[i] <= _ALIKE[1] * around
        longest = _PAUSED_S if border[i] else _SILENT_S
        out[i] = not (gaps[i] <= max(longest, 2 * usual) and alike)
    return out


def stated_gaps(recording: Recording) -> Mask:
    """Tell the gaps between neighbouring records in which the file says that it stood still."""
    time = recording.time
    out = np.zeros(max(0, len(time) - 1), bool)
    if len(out) and len(recording.pauses):
        pauses = recording.pauses[recording.pauses[:, 1] > time[0]]
        out[np.clip(np.searchsorted(time, pauses[:, 0], "right") - 1, 0, len(out) - 1)] = True
    return out


def without_gaps(metres: Floats, left_out: Mask) -> Floats:
    """Distance up to each record without what was counted in the gaps that are left out. [m]"""
    if not left_out.any():
        return metres
    known = np.flatnonzero(~np.isnan(metres))
    if len(known) < 2:
        return metres
    gap = np.diff(np.r_[0, np.cumsum(left_out)][known]) > 0
    steps = np.where(gap, 0.0, np.diff(metres[known]))
    out = np.array(metres)
    out[known] = metres[known[0]] + np.r_[0.0, np.cumsum(steps)]
    return out


def tell_gaps(
    recording: Recording, way: Floats, left_out: Mask, distance: float, issues: dict[str, str]
) -> None:
    """Report what was left out in metres and minutes, unless it is a short or a stated stand."""
    if not left_out.any():
        return
    silent, stated = np.diff(recording.time)[left_out], stated_gaps(recording)[left_out]
    lost = float(np.diff(way)[left_out].sum())
    far = lost > max(_GAP_M, _GAP_SHARE * (distance if distance == distance else 0.0))
    if far or (silent[~stated] > _SILENT_S).any():
        minutes = float(silent.sum()) / 60
        issues["gap-not-counted"] = (
            f"{lost:.0f} m in {minutes:.1f} min without a record, or while the recording stood "
            "still, are not counted"
        )


def moving_s(time: Floats, path: Floats, left_out: Mask) -> float:
    """Recorded span without the gaps that are left out, and without standing still unrecorded. [s]

    Standing still is a silence of over a minute in which hardly anything is covered.
    """
    if len(time) < 2:
        return np.nan
    gaps = np.diff(time)
    pause = left_out | ((gaps > _SILENCE_S) & ~(np.diff(path) > STILL_MPS * gaps))
    return float(gaps[~pause].sum())


def bridged_m(recording: Recording) -> Floats:
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


# What the places of a file say of one distance, and which of them counts.


class Distances:
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
        raw = recorded_m(recording)
        self.records = float(np.nanmax(path)) if raw == raw else np.nan
        if raw - self.records > SOME_M and not apart(self.summary, raw, 0.02, SOME_M):
            self.summary = np.nan  # it counts the way across pauses
        indoor = recording.sub_sport in _INDOOR
        self.positions = float(positions[-1]) if len(positions) and not indoor else np.nan
        self.path = np.empty(0) if indoor else positions
        #: What may have been covered while the timer stood and the records went on.
        self.unwritten_stops = max(0.0, moving - timer) * RIDE["speed_mps"]
        #: Whether the records are of the whole session.
        self.is_whole = bool(
            is_whole(recording) and not moving < _WHOLE_SHARE * timer and len(recording.time)
        )
        self.fastest = MAX_ON_FOOT_MPS * timer if recording.sport in ON_FOOT else np.inf


def is_whole(recording: Recording) -> bool:
    """Whether the records go on for as long as the summary says that the recording did."""
    elapsed = recording.summary.get("elapsed_s", np.nan)
    many = len(recording.time) > FEW_RECORDS
    left_out = recording.flags.keys() & _RECORDS_LEFT_OUT
    return bool(many and not left_out and not np.ptp(recording.time) < _WHOLE_SHARE * elapsed)


def _going_m(recording: Recording, path: Floats) -> float:
    if len(path) < 2 or np.isnan(path).all():
        return np.nan
    known = ~np.isnan(path)
    time = recording.time[known]
    silent = earned_s(time, recording.pauses)[:-1] < np.diff(time)
    steps = np.diff(path[known])
    return float(steps[~silent].sum())


def distance_of(recording: Recording, told: Distances, issues: dict[str, str]) -> tuple[float, str]:
    """Distance that counts and where it is from. [m]

    The summary's, unless the records and the positions agree with each other and not with it, or
    it is in another unit; else that of the records, the laps, the positions, or the speed.
    """
    summed, recorded = told.summary, told.records
    if summed > 0:
        return _against_summary(recording, told, issues)
    partial = told.laps > 0 and not told.is_whole and told.laps > recorded
    if recorded > _NO_DISTANCE_M and not partial:
        if told.laps > 0 and apart(told.laps, recorded, 0.05, SOME_M):
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
        if metres > SOME_M and not (summed != summed and recorded != recorded):
            issues["dist-from-gps"] = (
                f"the distance was recorded as 0; positions give {metres:.0f} m"
            )
        if metres > 0:
            return metres, "gps"
    metres = _by_speed_m(recording)
    # A distance of 0 without any record of it means that nobody measured it.
    return (metres, "speed") if metres > SOME_M else (np.nan, "")


def _against_summary(
    recording: Recording, told: Distances, issues: dict[str, str]
) -> tuple[float, str]:
    summed, recorded = told.summary, told.records
    if _is_another_unit(told):
        issues["dist-disagree"] = (
            f"the summary says {summed:.4g} m, in another unit; the positions count with "
            f"{told.positions:.0f} m"
        )
        return told.positions, "gps"
    against = _outvoted(recording, told)
    if against:
        issues["dist-disagree"] = (
            f"the summary says {summed:.0f} m, the records {recorded:.0f} m: {against}; the "
            "records count"
        )
        return recorded, "records"
    if abs(summed - recorded) > max(SOME_M, 0.05 * max(summed, recorded)):
        issues["dist-disagree"] = (
            f"the summary says {summed:.0f} m, the records {recorded:.0f} m; the summary counts"
        )
    return summed, "session"


def _is_another_unit(told: Distances) -> bool:
    """Whether a summary without any count of the records agrees with the positions by a unit."""
    if told.records > SOME_M or not (told.is_whole and told.positions > SOME_M):
        return False
    factors = [f for f in _UNITS_OF_LENGTH if max(f, 1 / f) > _GREAT_FACTOR]
    off = min(abs(told.summary * factor - told.positions) for factor in factors)
    return off <= _SAME_AS_PATH * told.positions


def _outvoted(recording: Recording, told: Distances) -> str:
    """Why the records count and not the summary; empty where the summary does."""
    summed, recorded = told.summary, told.records
    if not (recorded > SOME_M and told.is_whole):
        return ""
    if not apart(summed, recorded, _OUTVOTED_SHARE, _OUTVOTED_M):
        return ""
    # The same without what was covered in silences and while the timer stood.
    counted = _going_m(recording, recording.streams.get("distance_m", np.empty(0)))
    if counted == counted and not apart(summed, counted, _OUTVOTED_SHARE, _OUTVOTED_M):
        return ""
    for factor in _UNITS_OF_LENGTH:
        if abs(summed * factor - recorded) <= _SAME_UNIT * recorded:
            return f"it is {factor:g} times too small" if factor > 1 else "it is in another unit"
    # What nobody runs is no summary to mend: the recording is refused with both numbers.
    if 0 < recorded - summed < told.unwritten_stops or summed > told.fastest:
        return ""
    if _is_own(told) and not apart(told.laps, recorded, 0.05, SOME_M):
        return "the laps agree with them"
    way = _going_m(recording, told.path)
    if way == way and counted == counted and not apart(way, counted, 0.08, SOME_M):
        return "the positions agree with them"
    return ""


def _is_own(told: Distances) -> bool:
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


def recorded_m(recording: Recording) -> float:
    """Largest distance of the records; NaN where there is none. [m]"""
    values = recording.streams.get("distance_m", np.empty(0))
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else np.nan


def is_quick(recording: Recording, path: Floats) -> bool:
    """Whether somebody on foot was faster than anybody runs, for half the time of a short ride."""
    known = ~np.isnan(path)
    if recording.sport not in ON_FOOT or known.sum() < FEW_RECORDS:
        return False
    way = path[known]
    if not float(way[-1] - way[0]) > RIDE["speed_mps"] * RIDE["least_s"]:
        return False
    seconds = np.diff(recording.time[known])
    quick = np.diff(way) > RIDE["speed_mps"] * seconds
    return float(seconds[quick].sum()) > RIDE["least_s"] / 2
