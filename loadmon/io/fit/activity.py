"""The activities of a FIT file: one Recording for each session, with the records of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.fit.decode import EPOCH, RELATIVE, Table, decode
from loadmon.io.fit.profile import enum_of
from loadmon.io.fit.scan import Part, scan
from loadmon.io.recording import (
    MAX_STRIDES_PER_MIN,
    MOST_ACTIVITIES,
    ON_FOOT,
    Floats,
    Recording,
)

_FILE_ID, _USER_PROFILE, _ZONES_TARGET, _HR_ZONE, _SPORT, _SESSION = 0, 3, 7, 8, 12, 18
_LAP, _RECORD, _EVENT, _ACTIVITY, _HR, _TIME_IN_ZONE, _SET = 19, 20, 21, 34, 132, 216, 225
_ACTIVITY_FILE = 4

#: Columns of the summary and the session fields they are read from, better ones first.
SUMMARY_FIELDS = {
    "distance_m": ("total_distance",),
    "timer_s": ("total_timer_time",),
    "elapsed_s": ("total_elapsed_time",),
    "moving_s": ("total_moving_time",),
    "ascent_m": ("total_ascent",),
    "descent_m": ("total_descent",),
    "avg_hr_bpm": ("avg_heart_rate",),
    "max_hr_bpm": ("max_heart_rate",),
    "avg_power_w": ("avg_power",),
    "max_power_w": ("max_power",),
    "normalized_power_w": ("normalized_power",),
    "max_speed_mps": ("enhanced_max_speed", "max_speed"),
    "calories_kcal": ("total_calories",),
    "training_load_au": ("training_load_peak",),
    "aerobic_effect": ("total_training_effect",),
    "anaerobic_effect": ("total_anaerobic_training_effect",),
    "feel_pct": ("workout_feel",),
    "avg_stance_time_ms": ("avg_stance_time",),
    "avg_vertical_oscillation_mm": ("avg_vertical_oscillation",),
    "avg_vertical_ratio_pct": ("avg_vertical_ratio",),
    "avg_step_length_mm": ("avg_step_length",),
    "avg_stance_time_balance_pct": ("avg_stance_time_balance",),
    "avg_temperature_c": ("avg_temperature",),
    "cycles": ("total_strides", "total_cycles"),
}
#: Streams and the record fields they are read from, better ones first.
STREAM_FIELDS = {
    "distance_m": ("distance",),
    "speed_mps": ("enhanced_speed", "speed"),
    "heart_rate_bpm": ("heart_rate",),
    "altitude_m": ("enhanced_altitude", "altitude"),
    "power_w": ("power",),
    "latitude_deg": ("position_lat",),
    "longitude_deg": ("position_long",),
    "stance_time_ms": ("stance_time",),
    "vertical_oscillation_mm": ("vertical_oscillation",),
    "vertical_ratio_pct": ("vertical_ratio",),
    "step_length_mm": ("step_length",),
    "stance_time_balance_pct": ("stance_time_balance",),
    "temperature_c": ("temperature",),
}
#: Messages and fields that reveal the runner; where several do, the later word counts.
_LIMIT_FIELDS = {
    "max_hr_bpm": "max_heart_rate",
    "threshold_hr_bpm": "threshold_heart_rate",
    "threshold_power_w": "functional_threshold_power",
}
_RUNNER_FIELDS = {
    _USER_PROFILE: {
        "height_m": "height",
        "mass_kg": "weight",
        "resting_hr_bpm": "resting_heart_rate",
        "max_hr_bpm": "default_max_heart_rate",
    },
    _ZONES_TARGET: _LIMIT_FIELDS,
    _TIME_IN_ZONE: {"resting_hr_bpm": "resting_heart_rate", **_LIMIT_FIELDS},
}
_SEMICIRCLE = 180.0 / 2**31

_SUMMARY_BESIDE = "start_time sport sub_sport workout_rpe avg_cadence avg_fractional_cadence"
_WANTED = {
    _FILE_ID: frozenset({"type", "time_created", "manufacturer"}),
    _SESSION: frozenset(_SUMMARY_BESIDE.split()).union(*SUMMARY_FIELDS.values()),
    _RECORD: frozenset(
        {"timestamp", "cadence", "fractional_cadence", "compressed_speed_distance"}
    ).union(*STREAM_FIELDS.values()),
    _EVENT: frozenset({"timestamp", "event", "event_type"}),
    _LAP: frozenset({"total_distance", "total_timer_time"}),
    _SPORT: frozenset({"sport", "sub_sport"}),
    _ACTIVITY: frozenset({"timestamp", "local_timestamp", "total_timer_time"}),
    _SET: frozenset({"set_type", "start_time", "duration", "repetitions", "weight"})
    | {"category", "category_subtype"},
    _USER_PROFILE: frozenset({"gender", *_RUNNER_FIELDS[_USER_PROFILE].values()}),
    _ZONES_TARGET: frozenset(_RUNNER_FIELDS[_ZONES_TARGET].values()),
    _HR_ZONE: frozenset({"high_bpm"}),
    _TIME_IN_ZONE: frozenset({"hr_zone_high_boundary", *_RUNNER_FIELDS[_TIME_IN_ZONE].values()}),
}
#: A table for each number of `_WANTED`, without rows where the file has none.
_Tables = Mapping[int, Table]


def fit_recordings(data: bytes) -> list[Recording | FileProblem]:
    """Activities in file order; a part that is damaged or no activity is its problem instead."""
    found: list[Recording | FileProblem] = []
    bodies: set[bytes] = set()
    for part in scan(data):
        body = data[part.start : part.end]
        # A strap appends a part with heart rates of the activity before it, and no other.
        numbers = {definition.number for definition in part.definitions} if found else set()
        only_heart_rates = _HR in numbers and not numbers & {_SESSION, _RECORD}
        if part.problem or not (body in bodies or only_heart_rates):
            for one in _part_recordings(part):
                run = found[-1] if found else None
                if not _fill_heart_rate(run, one):
                    found.append(one)
        elif isinstance(found[-1], Recording):
            found[-1].flags |= part.flags
        if not part.problem and body in bodies:
            detail = "a part of the file is there twice: it counts once"
            found.append(FileProblem("duplicate", "duplicate", detail))
        bodies.add(body)
    return found


def readable_recordings(data: bytes) -> list[Recording]:
    """Activities of the damaged parts of a FIT file, flagged with the reason of the damage.

    That is what stands before the damage, or all that is there where only the CRC is wrong.
    """
    found: list[Recording] = []
    for part in scan(data):
        if part.problem:
            part.flags[part.problem.reason] = part.problem.detail
            read = _recordings(part, _tables(part))
            found += [recording for recording in read if isinstance(recording, Recording)]
    return found


def _tables(part: Part) -> _Tables:
    return dict.fromkeys(_WANTED, Table(0)) | decode(part, _WANTED)


def _part_recordings(part: Part) -> list[Recording | FileProblem]:
    """Sessions of one part, or why there are none, when it began and how far it can be read."""
    tables, problem = _tables(part), part.problem
    if not problem:
        return _recordings(part, tables)
    begun = _first_time(tables)
    if not begun >= RELATIVE:
        begun = _first(tables[_FILE_ID], "time_created")
    last = _greatest(tables[_RECORD].get("timestamp"))
    detail = problem.detail
    if last >= RELATIVE:
        clock = str(np.datetime64(int(last + EPOCH), "s")).replace("T", " ")
        detail += f"; the last good record is of {clock} UTC"
    when = begun + EPOCH if begun >= RELATIVE else np.nan
    return [FileProblem(problem.outcome, problem.reason, detail, when)]


def _recordings(part: Part, tables: _Tables) -> list[Recording | FileProblem]:
    sessions, records, file_id = tables[_SESSION], tables[_RECORD], tables[_FILE_ID]
    kind = _first(file_id, "type")
    if kind == kind and kind != _ACTIVITY_FILE:
        name = enum_of("file").get(int(kind), f"type {kind:.0f}")
        if not sessions.rows:
            return [FileProblem("skipped", "not-activity", f"not an activity: {name}")]
        part.flags["file-type"] = f"the file calls itself {name}, but it holds a session"
    if not (sessions.rows or records.rows):
        return [FileProblem("skipped", "not-activity", "not an activity: no activity")]
    if _first_time(tables) < RELATIVE:
        return [_relative_time(_first(file_id, "time_created"))]
    offset = _offset_min(tables[_ACTIVITY])
    if offset != offset and tables[_ACTIVITY].rows:
        part.flags["tz-unknown"] = (
            "the file gives no local time: its day is that of UTC; set home_zone"
        )
    if sessions.rows > MOST_ACTIVITIES:
        detail = f"more than {MOST_ACTIVITIES} sessions: no watch writes so many"
        raise FileProblem("refused", "too-large", detail)
    found = [*_sessions(sessions, records)] if sessions.rows else [_without_session(tables)]
    maker = _first(file_id, "manufacturer")
    for recording in found:
        recording.maker = enum_of("manufacturer").get(int(maker), "") if maker == maker else ""
        recording.offset_min = offset
        recording.flags |= part.flags
        recording.device_settings = _runner(tables)
    if sessions.rows == 1:
        _keep_for_checks(found[0], tables)
    for one in _strength_sets(tables[_SET]):
        # It belongs to the session in which it began, to the first if that is not known.
        begun = [r for r in found if r.start <= one.get("start_s", -np.inf)]
        (begun[-1] if begun else found[0]).sets.append(one)
    return [*found]


# One session: its summary and its records.


def _sessions(sessions: Table, records: Table) -> Iterator[Recording]:
    """One Recording per session, each with the records from its start to the next one's."""
    time = records.get("timestamp") + EPOCH
    starts = sessions.get("start_time") + EPOCH
    order = np.argsort(starts, kind="stable")
    for position, i in enumerate(order):
        rows: slice | np.ndarray = slice(None)
        if sessions.rows > 1:
            following = starts[order[position + 1]] if position + 1 < len(order) else np.inf
            rows = (time >= starts[i]) & (time < following)
        sport, sub_sport = (
            enum_of(kind).get(int(code), "") if (code := sessions.get(kind)[i]) == code else ""
            for kind in ("sport", "sub_sport")
        )
        start = starts[i] if starts[i] == starts[i] else _least(time[rows])
        streams, already_steps = _streams(records, rows, sport)
        if position and "distance_m" in streams:
            # The counter may have run on from the session before.
            reached = _greatest(records.get("distance")[time < starts[i]])
            if _least(streams["distance_m"]) >= reached:
                streams["distance_m"] = streams["distance_m"] - reached
        unit = {"cadence-unit": "the cadence counts both feet already: not doubled"}
        yield Recording(
            sport=sport,
            sub_sport=sub_sport,
            start=float(start),
            time=time[rows],
            streams=streams,
            summary=_summary(sessions, i, sport),
            flags=unit if already_steps else {},
        )


def _without_session(tables: _Tables) -> Recording:
    records = tables[_RECORD]
    time = records.get("timestamp") + EPOCH
    sport, sub_sport = _file_sport(tables)
    low, high = _least(time), _greatest(time)
    streams, _ = _streams(records, slice(None), sport)
    paused = sum(max(0.0, min(b, high) - max(a, low)) for a, b in _pauses(tables[_EVENT]))
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=low,
        time=time,
        streams=streams,
        summary={"timer_s": high - low - paused},
        flags={"no-session": "no session in the file: summed up from its records"},
    )


def _pauses(events: Table) -> Iterator[tuple[float, float]]:
    timer = events.get("event") == 0
    types, times = events.get("event_type")[timer], events.get("timestamp")[timer] + EPOCH
    stopped = np.nan
    for kind, when in zip(types, times, strict=True):
        if kind in (1, 4, 8, 9) and stopped != stopped:  # stop, stop_all, stop_disable(_all)
            stopped = when
        elif kind == 0 and stopped == stopped:
            yield float(stopped), float(when)
            stopped = np.nan


def _streams(
    records: Table, rows: slice | np.ndarray, sport: str
) -> tuple[dict[str, Floats], bool]:
    """Streams of the given records, without those never recorded; whether cadence was in steps."""
    streams = {}
    for name, fields in STREAM_FIELDS.items():
        values = records.get(fields[0])
        for other in fields[1:]:
            if other in records.order and np.isnan(values).any():
                values = np.where(np.isnan(values), records.get(other), values)
        if name in ("latitude_deg", "longitude_deg"):
            values = values * _SEMICIRCLE
        streams[name] = values[rows]
    cadence, fraction = records.get("cadence")[rows], records.get("fractional_cadence")[rows]
    streams["cadence_spm"], already_steps = _steps(cadence, fraction, sport)
    known = {name: values for name, values in streams.items() if not np.isnan(values).all()}
    return known, already_steps


def _summary(sessions: Table, i: int, sport: str) -> dict[str, float]:
    """What a session says of itself, under the names of ``Recording.summary``."""
    summary = {}
    for name, fields in SUMMARY_FIELDS.items():
        values = [float(sessions.get(field)[i]) for field in fields]
        summary[name] = next((v for v in values if v == v), np.nan)
    # Garmin writes the CR10 answer times ten (FIT profile, session field 193).
    summary["rpe"] = float(sessions.get("workout_rpe")[i]) / 10.0
    name = "avg_running_cadence" if "avg_running_cadence" in sessions.order else "avg_cadence"
    cadence, fraction = (sessions.get(n)[i : i + 1] for n in (name, "avg_fractional_cadence"))
    summary["avg_cadence_spm"] = float(_steps(cadence, fraction, sport)[0][0])
    return {name: value for name, value in summary.items() if value == value}


def _steps(cadence: Floats, fraction: Floats, sport: str) -> tuple[Floats, bool]:
    """Cadence in steps of both feet: FIT means strides, and some apps write steps all the same."""
    cadence = cadence + np.where(np.isnan(fraction), 0.0, fraction)
    if sport not in ON_FOOT:
        return cadence, False
    moving = cadence[cadence > 0]
    already_steps = len(moving) > 0 and bool(np.median(moving) > MAX_STRIDES_PER_MIN)
    return (cadence if already_steps else cadence * 2), already_steps


def _keep_for_checks(recording: Recording, tables: _Tables) -> None:
    """Keep what laps, activity and sport message say beside the only session of a file."""
    for name, number, field in (
        ("laps_distance_m", _LAP, "total_distance"),
        ("laps_timer_s", _LAP, "total_timer_time"),
        ("whole_timer_s", _ACTIVITY, "total_timer_time"),
    ):
        values = tables[number].get(field)
        if len(values) and not np.isnan(values).any():
            recording.summary[name] = float(values.sum())
    other, _ = _file_sport(tables)
    if other not in ("", recording.sport):
        recording.flags["sport-disagree"] = (
            f"the session says {recording.sport or 'no sport'}, the file beside it {other}"
        )


def _file_sport(tables: _Tables) -> tuple[str, str]:
    """Sport and sub-sport that a file gives beside its sessions; empty where not one and only."""
    names = (
        {enum_of(kind).get(int(v), "") for v in tables[_SPORT].get(kind) if v == v}
        for kind in ("sport", "sub_sport")
    )
    sport, sub_sport = ("".join(n) if len(n) == 1 else "" for n in names)
    return sport, sub_sport


# What belongs to a session without being a record of it: strap, strength sets, runner.

_HEART_RATE = "heart_rate_bpm"
_BESIDE_S = 60.0
_SAME_MOMENT_S = 5.0


def _fill_heart_rate(run: Recording | FileProblem | None, part: Recording | FileProblem) -> bool:
    """Give a run the heart rates of its moments, if that is all a part without a summary holds.

    Whether the part is of the run; one that has heart rates of its own keeps them.
    """
    if not (isinstance(run, Recording) and isinstance(part, Recording)):
        return False
    if "no-session" not in part.flags or set(part.streams) - {_HEART_RATE}:
        return False
    if not (len(run.time) and len(part.time)):
        return False
    low, high = np.nanmin(run.time) - _BESIDE_S, np.nanmax(run.time) + _BESIDE_S
    if not (np.nanmin(part.time) >= low and np.nanmax(part.time) <= high):
        return False
    rates = part.streams.get(_HEART_RATE)
    if _HEART_RATE in run.streams or rates is None:
        return True
    known = np.flatnonzero(~np.isnan(rates) & ~np.isnan(part.time))
    order = known[np.argsort(part.time[known], kind="stable")]
    times = part.time[order]
    after = np.searchsorted(times, run.time).clip(0, len(times) - 1)
    before = (after - 1).clip(0)
    near = np.where(run.time - times[before] < times[after] - run.time, before, after)
    close = np.abs(times[near] - run.time) <= _SAME_MOMENT_S
    run.streams[_HEART_RATE] = np.where(close, rates[order][near], np.nan)
    run.flags["from-copy"] = "heart rate from a later part of the file"
    return True


def _strength_sets(sets: Table) -> Iterator[dict[str, Any]]:
    """Sets of exercises in file order, without the rests between them."""
    category, subtype = sets.first_of("category"), sets.first_of("category_subtype")
    numbers = {
        "start_s": sets.get("start_time") + EPOCH,
        "repetitions": sets.get("repetitions"),
        "duration_s": sets.get("duration"),
        "weight_kg": sets.get("weight"),
    }
    for i in np.flatnonzero(sets.get("set_type") != 0):
        one: dict[str, Any] = {n: float(v[i]) for n, v in numbers.items() if v[i] == v[i]}
        if category[i] == category[i]:
            one["category"] = enum_of("exercise_category").get(int(category[i]), "")
            names = enum_of(f"{one['category']}_exercise_name")
            one["exercise"] = names.get(int(subtype[i]), "") if subtype[i] == subtype[i] else ""
        yield one


def _runner(tables: _Tables) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, fields in _RUNNER_FIELDS.items():
        for name, field in fields.items():
            values = tables[number].get(field)
            known = values[values > 0]
            if len(known):
                found[name] = float(known[-1])
    genders = tables[_USER_PROFILE].get("gender")
    genders = genders[~np.isnan(genders)]
    if len(genders) and genders[-1] in (0, 1):
        found["sex"] = "m" if genders[-1] else "f"
    # Upper ends of the zones, lowest first.
    boundaries = tables[_TIME_IN_ZONE].loose.get("hr_zone_high_boundary")
    if boundaries is not None and boundaries.values.ndim == 2 and len(boundaries.values):
        ends = boundaries.values[-1]
    else:
        ends = tables[_HR_ZONE].get("high_bpm")
    ends = ends[~np.isnan(ends)]
    if len(ends) and (np.diff(ends) > 0).all():
        found["hr_zones_bpm"] = [float(e) for e in ends]
    return found


# Times of a file, and single values of its tables.


def _first_time(tables: _Tables) -> float:
    """Earliest FIT time of session or records, which may count from power-up; NaN if none."""
    starts = _first(tables[_SESSION], "start_time"), _first(tables[_RECORD], "timestamp")
    return float(np.fmin(*starts))


def _relative_time(created: float) -> FileProblem:
    detail, when = "the watch's clock was not set: times count from power-up", np.nan
    if created >= RELATIVE:
        when = created + EPOCH
        day = np.datetime64(int(when), "s").astype("datetime64[D]")
        detail += f"; the file was created on {day}"
    return FileProblem("quarantined", "time-relative", detail, when=when)


def _offset_min(activity: Table) -> float:
    """Local time minus UTC of the activity message, in steps of 15 min; NaN if not plausible."""
    local, utc = _first(activity, "local_timestamp"), _first(activity, "timestamp")
    if not (local >= RELATIVE and utc >= RELATIVE):
        return np.nan
    offset = 15.0 * round((local - utc) / 900.0)
    return offset if -720 <= offset <= 840 and abs(local - utc - offset * 60) <= 120 else np.nan


def _first(table: Table, name: str) -> float:
    values = table.get(name)
    known = values[~np.isnan(values)]
    return float(known[0]) if len(known) else np.nan


def _least(values: Floats) -> float:
    return float(np.fmin.reduce(values, initial=np.nan))


def _greatest(values: Floats) -> float:
    return float(np.fmax.reduce(values, initial=np.nan))
