"""Does one file tell one story? Its summary, laps, records, positions and clock are compared.

A checksum finds rot; only this finds nonsense that was written down well. Nothing is refused or
mended here: where two of them disagree by more than sound files do, the activity is flagged and
both numbers are in the ledger. The borders are choices of this project, set on real recordings
(``docs/reliability.md`` says how often sound ones cross them).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from loadmon.reading.recording import Floats, Recording

#: Codes that tell of numbers which do not agree or cannot be; the others tell of structure.
CODES = (
    *("dist-disagree", "dist-from-gps", "time-disagree", "time-jump", "hr-disagree"),
    *("sport-disagree", "speed-implausible", "hr-implausible", "gps-spike", "time-duplicate"),
    *("time-backwards", "gps-null-island", "ele-range", "gap-bridged", "value-range"),
)
ON_FOOT = ("running", "walking", "hiking")
Finding = tuple[str, str]

_FEW_RECORDS = 10
#: Sports whose timer runs by descents: their clocks do not add up, and need not.
_BY_DESCENTS = ("alpine_skiing", "snowboarding")
#: Sports in which a way is measured as positions measure it.
_ON_THE_GROUND = (*ON_FOOT, "cycling")
_START_S = 60.0
_ELAPSED_SHARE, _ELAPSED_S = 0.10, 120.0
_TIMER_SHARE, _TIMER_S = 0.20, 120.0
_LAPS_SHARE, _LAPS_S, _LAPS_M = 0.05, 60.0, 50.0
_WAY_SHARE, _WAY_M = 0.30, 200.0
# A hole: a longer silence than usual in which more way was made than by standing about.
_HOLE_S, _HOLE_STEPS, _HOLE_MPS, _HOLE_SHARE, _HOLE_M = 60.0, 10.0, 0.5, 0.05, 200.0
_HR_SHARE, _MAX_HR_BPM = 0.20, 20.0
_FASTEST_MPS = {"running": 7.0, "walking": 4.0, "hiking": 4.0, "cycling": 25.0, "swimming": 2.5}
_FASTEST_ELSE_MPS = 100.0  # no sport without an engine is faster on the whole
_LONG_M = 1500.0


class Counted(NamedTuple):
    """What counts of a recording before the checks.

    Parameters
    ----------
    distance_m, timer_s : float
        Distance [m] and timer time [s]; NaN not known.
    source : str
        Where the distance is from, as in activities.
    moving_s : float
        Time of the records without the pauses between them. [s]
    going_s : float
        Time of the records in which way was made. [s]
    path_m : ndarray of float, shape (n_records,)
        Way along the positions up to each record [m]; empty where there is none.
    mean_hr_bpm : float
        Mean heart rate of the records over time. [bpm]
    """

    distance_m: float
    source: str
    timer_s: float
    moving_s: float
    going_s: float
    path_m: Floats
    mean_hr_bpm: float


def cross_check(recording: Recording, counted: Counted) -> dict[str, str]:
    """Compare what the parts of one recording say.

    Parameters
    ----------
    recording : Recording
        Cleaned.
    counted : Counted
        What counts of it.

    Returns
    -------
    dict of str to str
        Reason code to a sentence with both numbers; several of one code are joined.
    """
    found: dict[str, str] = {}
    for code, text in (
        *_clocks(recording, counted),
        *_sums_of_laps(recording.told),
        *_way(recording, counted),
        *_hearts(recording, counted.mean_hr_bpm),
        *_pace(recording.sport, counted.distance_m, counted.timer_s),
    ):
        found[code] = f"{found[code]}; {text}" if code in found else text
    return found


def apart(a: float, b: float, share: float, least: float) -> bool:
    """Tell whether two numbers differ by over a share of the larger and over the least."""
    return bool(abs(a - b) > max(share * max(a, b), least))


def _clocks(recording: Recording, counted: Counted) -> Iterator[Finding]:
    """Start, elapsed time and timer of the summary against the records."""
    told, time = recording.told, recording.time
    if len(time) <= _FEW_RECORDS or recording.sport in _BY_DESCENTS:
        return
    if abs(time[0] - recording.start) > _START_S:
        late = time[0] - recording.start
        yield "time-disagree", f"the first record is {late:+.0f} s from the start of the summary"
    span, elapsed = float(np.ptp(time)), told.get("elapsed_s", np.nan)
    if apart(elapsed, span, _ELAPSED_SHARE, _ELAPSED_S):
        yield "time-disagree", f"the summary lasts {elapsed:.0f} s, its records {span:.0f} s"
    timer = told.get("timer_s", np.nan)
    if recording.sport not in ON_FOOT:
        return
    # Some watches go on recording through a pause: only records that get on tell of a short timer.
    for records, differ in (
        (counted.moving_s, timer > counted.moving_s),
        (counted.going_s, timer < counted.going_s),
    ):
        if differ and apart(timer, records, _TIMER_SHARE, _TIMER_S):
            yield "time-disagree", f"timer {timer:.0f} s, records without pauses {records:.0f} s"


def _sums_of_laps(told: dict[str, float]) -> Iterator[Finding]:
    """Sums over the laps, and the timer of the whole file, against the session."""
    laps, session = told.get("laps_distance_m", np.nan), told.get("distance_m", np.nan)
    if session > 0 and apart(laps, session, _LAPS_SHARE, _LAPS_M):
        yield "dist-disagree", f"the laps add up to {laps:.0f} m, the summary says {session:.0f} m"
    timer = told.get("timer_s", np.nan)
    for name, who in (("laps_timer_s", "the laps"), ("whole_timer_s", "the whole file")):
        other = told.get(name, np.nan)
        if other > 0 and apart(other, timer, _LAPS_SHARE, _LAPS_S):
            yield "time-disagree", f"{who}: timer {other:.0f} s, the summary: {timer:.0f} s"


def _way(recording: Recording, counted: Counted) -> Iterator[Finding]:
    """The distance that counts against the way along the positions, and where that has holes."""
    sport, path = recording.sport, counted.path_m
    if not len(path) or not path[-1] > 0:
        return
    metres, whole = counted.distance_m, float(path[-1])
    if sport in _ON_THE_GROUND and apart(metres, whole, _WAY_SHARE, _WAY_M):
        yield "dist-disagree", f"counted {metres:.0f} m, along the positions {whole:.0f} m"
    if sport in ON_FOOT and counted.source == "gps":
        seconds, steps = np.diff(recording.time), np.diff(path)
        hole = (seconds > max(_HOLE_S, _HOLE_STEPS * float(np.median(seconds)))) & (
            steps > _HOLE_MPS * seconds
        )
        bridged = float(steps[hole].sum())
        if bridged > max(_HOLE_M, _HOLE_SHARE * whole):
            yield "gap-bridged", f"{bridged:.0f} m without a point were measured in a straight line"


def _hearts(recording: Recording, mean_bpm: float) -> Iterator[Finding]:
    """Mean and largest heart rate of the summary against the records."""
    rate = recording.streams.get("heart_rate_bpm", np.empty(0))
    rate = rate[~np.isnan(rate)]
    if len(rate) <= _FEW_RECORDS:
        return
    for name, word, own, share, least in (
        ("avg_hr_bpm", "mean", mean_bpm, _HR_SHARE, 0.0),
        ("max_hr_bpm", "largest", float(rate.max()), 0.0, _MAX_HR_BPM),
    ):
        told = recording.told.get(name, np.nan)
        if told > 0 and apart(told, own, share, least):
            yield (
                "hr-disagree",
                f"{word} heart rate {told:.0f} in the summary, {own:.0f} in records",
            )


def _pace(sport: str, distance_m: float, timer_s: float) -> Iterator[Finding]:
    """A mean speed that is too high for the sport, though not impossible."""
    limit = _FASTEST_MPS.get(sport, _FASTEST_ELSE_MPS)
    if distance_m > _LONG_M and distance_m > limit * timer_s:
        kmh = distance_m / timer_s * 3.6
        yield (
            "speed-implausible",
            f"{distance_m / 1000:.1f} km at {kmh:.0f} km/h: {sport or 'what sport'}?",
        )
