"""Made-up activities as FIT, GPX and TCX, for the sample archive and for tests.

Everything in one file agrees with everything else: the session's distance is the last record's,
its timer the span of the records, its cycles the sum over the records' cadence, the path over the
positions as long as the distance. The same arguments give the same bytes on every machine.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

from fit_writer import FIT_EPOCH, Message, fit_seconds, write_fit
from made_up import Point, made_up_points
from xml_writers import write_gpx, write_tcx

__all__ = [
    "FIT_EPOCH",
    "Message",
    "Point",
    "activity_messages",
    "fit_seconds",
    "made_up_points",
    "ride_fit",
    "run_fit",
    "run_gpx",
    "run_tcx",
    "settings_fit",
    "strength_fit",
    "walk_fit",
    "write_fit",
    "write_gpx",
    "write_tcx",
]

#: Cadence where nothing else is asked for: steps of both feet, twice the turns of a crank. [1/min]
USUAL_CADENCE = {"running": 168, "walking": 112, "hiking": 108, "cycling": 160}


def run_fit(start_utc: dt.datetime, **asked: Any) -> bytes:
    """Make the FIT file of one run; arguments as in `activity_messages`."""
    return write_fit(activity_messages(start_utc, **asked))


def walk_fit(start_utc: dt.datetime, **asked: Any) -> bytes:
    """Make the FIT file of one walk; arguments as in `activity_messages`."""
    return write_fit(activity_messages(start_utc, sport="walking", **{"heart_rate": 98, **asked}))


def ride_fit(start_utc: dt.datetime, **asked: Any) -> bytes:
    """Make the FIT file of one bicycle ride; arguments as in `activity_messages`."""
    return write_fit(activity_messages(start_utc, sport="cycling", **{"heart_rate": 126, **asked}))


def run_gpx(start_utc: dt.datetime, *, name: str = "Morning Run", **asked: Any) -> bytes:
    """Make the GPX file of one run; arguments as in `made_up_points`."""
    return write_gpx(made_up_points(start_utc, **asked), name=name)


def run_tcx(start_utc: dt.datetime, *, leading_spaces: int = 0, **asked: Any) -> bytes:
    """Make the TCX file of one run; arguments as in `made_up_points`."""
    return write_tcx(made_up_points(start_utc, **asked), leading_spaces=leading_spaces)


def activity_messages(
    start_utc: dt.datetime,
    *,
    offset_min: int | None,
    distance_km: float,
    duration_min: float,
    sport: str = "running",
    sub_sport: str = "generic",
    rpe: float | None = None,
    cadence_spm: int | None = None,
    pause_s: int = 0,
    **samples: Any,
) -> list[Message]:
    """Messages of one FIT activity: file_id, events, records, lap, session, activity.

    Parameters
    ----------
    start_utc, distance_km, duration_min, pause_s, **samples
        As in `made_up_points`, which also takes heart_rate, step_s, position and seed.
    offset_min : int or None
        Local time minus UTC [min]; None leaves out ``local_timestamp``.
    sport, sub_sport : str
        Names of the profile.
    rpe : float or None
        CR10; written as ``workout_rpe``, which holds ten times as much.
    cadence_spm : int or None
        Steps of both feet [steps/min]; None means the sport's usual one, 0 means not recorded.
    """
    usual = USUAL_CADENCE.get(sport, 0)
    points = made_up_points(
        start_utc,
        distance_km=distance_km,
        duration_min=duration_min,
        cadence_spm=(usual if cadence_spm is None else cadence_spm) or None,
        pause_s=pause_s,
        **samples,
    )
    sums = {**_sums(points), "sport": sport, "sub_sport": sub_sport}
    effort = {} if rpe is None else {"workout_rpe": round(rpe * 10)}
    return [
        _file_id("activity", start_utc),
        *_records_between_events(points, pause_s),
        ("lap", sums | {"event": "lap", "event_type": "stop"}),
        ("session", sums | effort | {"event": "session", "event_type": "stop", "num_laps": 1}),
        _closing(points[-1], offset_min),
    ]


def strength_fit(
    start_utc: dt.datetime,
    *,
    offset_min: int | None,
    duration_min: float,
    exercises: Sequence[str] = ("plank", "hip_raise", "squat"),
    rpe: float | None = None,
    seed: int = 0,
) -> bytes:
    """Make the FIT file of one strength session: a heart rate, and a set of 40 s per exercise.

    `exercises` are names of the profile's ``exercise_category``; the other arguments are those of
    `activity_messages`. There is no distance and no position.
    """
    points = made_up_points(
        start_utc, distance_km=0, duration_min=duration_min, heart_rate=104, cadence_spm=None,
        step_s=30, position=False, seed=seed,
    )  # fmt: skip
    kept = ("start_time", "timestamp", "total_elapsed_time", "total_timer_time", "avg_heart_rate",
            "max_heart_rate")  # fmt: skip
    sums = {name: value for name, value in _sums(points).items() if name in kept}
    effort = {} if rpe is None else {"workout_rpe": round(rpe * 10)}
    what = {"sport": "training", "sub_sport": "strength_training", "num_laps": 0}
    return write_fit(
        [
            _file_id("activity", start_utc),
            _timer(points[0].time, "start"),
            *(("record", {"timestamp": p.time, "heart_rate": p.heart_rate_bpm}) for p in points),
            *_sets(start_utc, exercises),
            _timer(points[-1].time, "stop_all"),
            ("session", sums | effort | what | {"event": "session", "event_type": "stop"}),
            _closing(points[-1], offset_min),
        ]
    )


def settings_fit(written_utc: dt.datetime) -> bytes:
    """Make a FIT file of a watch's settings, which holds no activity."""
    return write_fit(
        [
            _file_id("settings", written_utc),
            (
                "user_profile",
                {"gender": None, "weight": None, "height": None, "language": "english"},
            ),
            ("hrm_profile", {"enabled": 1, "hrm_ant_id": None}),
        ]
    )


def _file_id(kind: str, when: dt.datetime) -> Message:
    made_by = {"manufacturer": "development", "product": 1, "serial_number": 20251006}
    return ("file_id", {"type": kind, **made_by, "time_created": when})


def _timer(when: dt.datetime, what: str) -> Message:
    return ("event", {"timestamp": when, "event": "timer", "event_type": what})


def _records_between_events(points: Sequence[Point], pause_s: int) -> list[Message]:
    """Put the records between the timer's start and end, with a stop halfway where asked."""
    out = [_timer(points[0].time, "start")]
    for i, point in enumerate(points):
        out.append(("record", _record(point)))
        if pause_s and i == len(points) // 2:
            out.append(_timer(point.time, "stop_all"))
            out.append(_timer(point.time + dt.timedelta(seconds=pause_s), "start"))
    return [*out, _timer(points[-1].time, "stop_all")]


def _record(point: Point) -> dict[str, Any]:
    """Fields of one record; what was not recorded is left out."""
    rpm = point.cadence_rpm
    fields = {
        "timestamp": point.time,
        "position_lat": _semicircles(point.latitude_deg),
        "position_long": _semicircles(point.longitude_deg),
        "distance": point.distance_m,
        "enhanced_speed": point.speed_mps,
        "enhanced_altitude": point.altitude_m,
        "heart_rate": point.heart_rate_bpm,
        "cadence": rpm and int(rpm),
        "fractional_cadence": rpm and rpm % 1,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _semicircles(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * (2**31 / 180))


def _sums(points: Sequence[Point]) -> dict[str, Any]:
    """Fields that lap and session share, each summed from the samples."""
    first, last = points[0], points[-1]
    sums = {
        "start_time": first.time,
        "timestamp": last.time,
        "total_elapsed_time": (last.time - first.time).total_seconds(),
        "total_timer_time": last.timer_s,
        "total_distance": last.distance_m,
        "enhanced_avg_speed": last.distance_m / last.timer_s,
        "total_ascent": round(_climb(points)),
        "total_descent": round(_climb(points[::-1])),
    }
    if first.heart_rate_bpm is not None:
        sums["avg_heart_rate"] = round(_integral(points, "heart_rate_bpm") / last.timer_s)
        sums["max_heart_rate"] = max(p.heart_rate_bpm or 0 for p in points)
    if first.cadence_rpm is not None:
        cycles = round(_integral(points, "cadence_rpm") / 60)
        sums["total_cycles"] = cycles
        sums["avg_cadence"] = round(cycles * 60 / last.timer_s)
    return sums


def _integral(points: Sequence[Point], name: str) -> float:
    """Sum of a value over timer time; a sample stands for the time before it."""
    pairs = itertools.pairwise(points)
    return sum(float(getattr(now, name)) * (now.timer_s - before.timer_s) for before, now in pairs)


def _climb(points: Sequence[Point]) -> float:
    """Sum of all rises between samples, in metres."""
    pairs = itertools.pairwise(points)
    return sum(max(now.altitude_m - before.altitude_m, 0) for before, now in pairs)


def _sets(start_utc: dt.datetime, exercises: Sequence[str]) -> list[Message]:
    """One active set of 40 s in each 2 minutes."""
    out: list[Message] = []
    for i, exercise in enumerate(exercises):
        begin = start_utc + dt.timedelta(minutes=2 * i)
        fields = {"timestamp": begin + dt.timedelta(seconds=40), "start_time": begin,
                  "duration": 40, "repetitions": 12, "set_type": "active",
                  "category": [exercise], "message_index": i}  # fmt: skip
        out.append(("set", fields))
    return out


def _closing(last: Point, offset_min: int | None) -> Message:
    fields: dict[str, Any] = {
        "timestamp": last.time,
        "total_timer_time": last.timer_s,
        "num_sessions": 1,
        "type": "manual",
        "event": "activity",
        "event_type": "stop",
    }
    if offset_min is not None:
        fields["local_timestamp"] = fit_seconds(last.time) + 60 * offset_min
    return ("activity", fields)
