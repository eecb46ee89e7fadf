"""The activities of a FIT file: one Recording for each session, with the records of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io import merged
from loadmon.io.fit import runs, strap
from loadmon.io.fit.decode import EPOCH, RELATIVE, Table, decode, each_of
from loadmon.io.fit.decode import Rows as _Rows
from loadmon.io.fit.profile import enum_of
from loadmon.io.fit.scan import Part, scan
from loadmon.io.recording import (
    MAX_STRIDES_PER_MIN,
    MOST_ACTIVITIES,
    OFFSETS_MIN,
    OLDEST_S,
    ON_FOOT,
    Floats,
    Recording,
    sport_names,
    sport_of_sub_sport,
)

_FILE_ID, _USER_PROFILE, _ZONES_TARGET, _HR_ZONE, _SPORT, _SESSION = 0, 3, 7, 8, 12, 18
_LAP, _RECORD, _EVENT, _ACTIVITY, _HR, _TIME_IN_ZONE, _SET = 19, 20, 21, 34, 132, 216, 225
_DEVICE_SETTINGS, _DEVICE_INFO, _CORRELATION = 2, 23, 162
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

_SUMMARY_BESIDE = (
    "start_time timestamp sport sub_sport sport_profile_name workout_rpe avg_cadence "
    "avg_fractional_cadence"
)
_WANTED = {
    _FILE_ID: frozenset({"type", "time_created", "manufacturer"}),
    _SESSION: frozenset(_SUMMARY_BESIDE.split()).union(*SUMMARY_FIELDS.values()),
    _RECORD: frozenset(
        {"timestamp", "cadence", "fractional_cadence", "compressed_speed_distance"}
    ).union(*STREAM_FIELDS.values()),
    _EVENT: frozenset({"timestamp", "event", "event_type"}),
    _LAP: frozenset({"start_time", "timestamp", "total_distance", "total_timer_time"})
    | {"sport", "sub_sport"},
    _SPORT: frozenset({"sport", "sub_sport", "name"}),
    _ACTIVITY: frozenset({"timestamp", "local_timestamp", "total_timer_time"}),
    _HR: frozenset({"timestamp", "fractional_timestamp", "event_timestamp", "filtered_bpm"})
    | {"event_timestamp_12"},
    _CORRELATION: frozenset({"timestamp", "local_timestamp"}),
    _SET: frozenset({"set_type", "start_time", "duration", "repetitions", "weight"})
    | {"category", "category_subtype"},
    _USER_PROFILE: frozenset({"gender", *_RUNNER_FIELDS[_USER_PROFILE].values()}),
    _ZONES_TARGET: frozenset(_RUNNER_FIELDS[_ZONES_TARGET].values()),
    _HR_ZONE: frozenset({"high_bpm"}),
    _TIME_IN_ZONE: frozenset({"hr_zone_high_boundary", *_RUNNER_FIELDS[_TIME_IN_ZONE].values()}),
}
#: What is only looked up where nothing else in the file tells it.
_SETTINGS = {_DEVICE_SETTINGS: frozenset({"active_time_zone", "utc_offset", "time_offset"})}
_DEVICES = {_DEVICE_INFO: frozenset({"timestamp", "device_index", "serial_number"})}
#: A table for each number of `_WANTED`, without rows where the file has none.
_Tables = Mapping[int, Table]


def fit_recordings(data: bytes) -> list[Recording | FileProblem]:
    """Activities in file order; a part that is damaged or no activity is its problem instead."""
    found: list[Recording | FileProblem] = []
    bodies: set[bytes] = set()
    last: list[Recording | FileProblem] = []  # of the part that holds sessions or records
    for part in scan(data):
        body = data[part.start : part.end]
        # A strap appends a part with heart rates of the activity before it, and no other.
        numbers = {definition.number for definition in part.definitions} if found else set()
        only_heart_rates = _HR in numbers and not numbers & {_SESSION, _RECORD}
        if part.problem or not (body in bodies or only_heart_rates):
            own = _part_recordings(part)
            if not (found and len(own) == 1 and strap.fill_heart_rate(found[-1], own[0])):
                found += own
                last = own
        elif isinstance(found[-1], Recording):
            found[-1].flags |= part.flags
            if only_heart_rates:
                beats = strap.beats_of(decode(part, {_HR: _WANTED[_HR]}).get(_HR, Table(0)))
                for one in last:
                    if isinstance(one, Recording) and strap.fill_from(one, *beats):
                        one.flags["from-copy"] = strap.FROM_LATER_PART
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
    offset = _offset_min(part, tables)
    if offset != offset and tables[_ACTIVITY].rows:
        part.flags["tz-unknown"] = (
            "the file gives no local time: its day is that of UTC; set home_zone"
        )
    if sessions.rows > MOST_ACTIVITIES:
        detail = f"more than {MOST_ACTIVITIES} sessions: no watch writes so many"
        raise FileProblem("refused", "too-large", detail)
    found = [*_sessions(tables)] if sessions.rows else [_without_session(tables)]
    found = _completed(found, part, tables)
    for recording in found:
        recording.offset_min = offset
    return [*found]


def _completed(found: list[Recording], part: Part, tables: _Tables) -> list[Recording]:
    """Add what the file says once for all of its sessions; runs that were merged are parted."""
    pauses = np.array([*_pauses(tables[_EVENT])], np.float64).reshape(-1, 2)
    maker = _first(tables[_FILE_ID], "manufacturer")
    for recording in found:
        recording.maker = enum_of("manufacturer").get(int(maker), "") if maker == maker else ""
        recording.pauses = pauses
        recording.flags |= part.flags
        recording.device_settings = _runner(tables)
    if tables[_HR].rows:
        beats = strap.beats_of(tables[_HR])
        for recording in found:
            strap.fill_from(recording, *beats)
    if len(found) == 1 and (np.diff(found[0].time) > merged.APART_S).any():
        found = runs.runs_apart(
            found[0],
            tables[_LAP],
            tables[_FILE_ID],
            lambda: decode(part, _DEVICES).get(_DEVICE_INFO, Table(0)),
        )
    doubt, shift = _doubtful_date(found[0].start, part, tables)
    for recording in found if doubt else ():
        recording.flags["date-doubtful"] = doubt
        recording.start, recording.time = recording.start + shift, recording.time + shift
        recording.pauses = recording.pauses + shift
    _add_strength_sets(found, tables[_SET])
    return found


# One session: its summary, its laps and its records.


def _sessions(tables: _Tables) -> Iterator[Recording]:
    """One Recording per session, each with the records and laps from its start to the next."""
    sessions, records, laps = tables[_SESSION], tables[_RECORD], tables[_LAP]
    time, lap_starts = records.get("timestamp") + EPOCH, laps.get("start_time") + EPOCH
    starts = sessions.get("start_time") + EPOCH
    order = np.argsort(starts, kind="stable")
    whole = _sum_of(tables[_ACTIVITY], "total_timer_time", slice(None))
    for position, i in enumerate(order):
        rows: _Rows = slice(None)
        of_laps: _Rows = slice(None)
        if sessions.rows > 1:
            following = starts[order[position + 1]] if position + 1 < len(order) else np.inf
            rows = (time >= starts[i]) & (time < following)
            of_laps = (lap_starts >= starts[i]) & (lap_starts < following)
        flags: dict[str, str] = {}
        sport, sub_sport = _sport(tables, i, of_laps, flags)
        start = starts[i] if starts[i] == starts[i] else _least(time[rows])
        if sessions.rows == 1:
            start = _start(tables, float(start), flags)
        streams, already_steps = _streams(records, rows, sport)
        if position and "distance_m" in streams:
            # The counter may have run on from the session before.
            reached = _greatest(records.get("distance")[time < starts[i]])
            if _least(streams["distance_m"]) >= reached:
                streams["distance_m"] = streams["distance_m"] - reached
        if already_steps:
            flags["cadence-unit"] = "the cadence counts both feet already: not doubled"
        told = {
            "laps_distance_m": _sum_of(laps, "total_distance", of_laps),
            "laps_timer_s": _sum_of(laps, "total_timer_time", of_laps),
            "whole_timer_s": whole if sessions.rows == 1 else np.nan,
        }
        summary = {name: value for name, value in told.items() if value == value}
        yield Recording(
            sport=sport,
            sub_sport=sub_sport,
            start=float(start),
            time=time[rows],
            streams=streams,
            summary=_summary(sessions, i, sport) | summary,
            flags=flags,
        )


def _without_session(tables: _Tables) -> Recording:
    records = tables[_RECORD]
    time = records.get("timestamp") + EPOCH
    flags = {"no-session": "no session in the file: summed up from its records"}
    sport, sub_sport = _sport(tables, -1, slice(None), flags)
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
        flags=flags,
    )


def _sum_of(table: Table, name: str, rows: _Rows) -> float:
    """Sum of a field; NaN where there are no such messages, or one does not say it."""
    values = table.get(name)[rows]
    return float(values.sum()) if len(values) else np.nan


_START_APART_S = 300.0


def _start(tables: _Tables, stated: float, flags: dict[str, str]) -> float:
    """Start of the only session; the records' where others agree with them against the session."""
    events, activity, session = tables[_EVENT], tables[_ACTIVITY], tables[_SESSION]
    begun = events.get("timestamp")[(events.get("event") == 0) & (events.get("event_type") == 0)]
    lasted = session.get("total_elapsed_time")[0]
    others = EPOCH + np.array(
        [
            _least(tables[_LAP].get("start_time")),
            _least(begun),
            _first(activity, "timestamp") - lasted,
            session.get("timestamp")[0] - lasted,
            _first(tables[_FILE_ID], "time_created"),
        ]
    )
    recorded = _least(tables[_RECORD].get("timestamp")) + EPOCH
    known = others[~np.isnan(others)]
    if stated != stated:
        return float(known[0]) if len(known) else stated
    if recorded != recorded and len(known) > 1 and abs(known[0] - known[1]) <= _START_APART_S:
        recorded = known[0]
        known = known[1:]
    if not abs(recorded - stated) > _START_APART_S:
        return stated
    near, beside = (int((np.abs(known - at) <= _START_APART_S).sum()) for at in (recorded, stated))
    if near <= beside:
        return stated
    flags["time-disagree"] = (
        f"the session says that it started at {_clock(stated)}, its records and {near} other "
        f"times of the file that it was at {_clock(recorded)}: these count"
    )
    return recorded


# Its sport: the session, the sport message and the laps each say it.


def _sport(tables: _Tables, i: int, of_laps: _Rows, flags: dict[str, str]) -> tuple[str, str]:
    """Sport and sub-sport of session `i` (-1: of the file); empty where nothing tells them.

    A session that stands alone against sport message and laps loses. What only another place says
    is noted, and so is what the sub-sport or the name of the watch's profile implies.
    """
    sessions, laps = tables[_SESSION], tables[_LAP]
    stated, sub_sport = (
        (_only_name(sessions.get(kind)[i : i + 1], kind) if i >= 0 else "") for kind in _KINDS
    )
    of_file = tables[_SPORT] if sessions.rows <= 1 else Table(0)
    beside = {
        "the sport message": [_only_name(of_file.get(kind), kind) for kind in _KINDS],
        "its laps": [_only_name(laps.get(kind)[of_laps], kind) for kind in _KINDS],
    }
    told = {who: names for who, names in beside.items() if names[0]}
    others = [who for who, names in told.items() if names[0] != stated]
    if stated and others:
        sports = {told[who][0] for who in others}
        wins = len(others) == len(beside) and len(sports) == 1
        flags["sport-disagree"] = (
            f"the session says {stated}, {' and '.join(others)} {' or '.join(sorted(sports))}"
            f"{': these count' if wins else ''}"
        )
        return tuple(told[others[0]]) if wins else (stated, sub_sport)  # type: ignore[return-value]
    if stated:
        if stated in _MACHINES and sub_sport in _ON_A_BELT:
            return "running", sub_sport
        return stated, sub_sport
    if len({names[0] for names in told.values()}) == 1:
        who = next(iter(told))
        flags["sport-inferred"] = f"the session names no sport, {who} {told[who][0]}"
        return told[who][0], sub_sport or told[who][1]
    names = {names[0] for names in told.values()}
    if names:
        flags["sport-disagree"] = f"the session names no sport, beside it {' or '.join(names)}"
        return "", sub_sport
    # What the sub-sport implies counts before the name that the runner may have given.
    implied = next(filter(None, map(sport_of_sub_sport, [sub_sport, *_subs(beside)])), "")
    if implied:
        flags["sport-inferred"] = f"no sport in the file, but a sub-sport of {implied}"
        return implied, sub_sport or next(filter(None, _subs(beside)))
    texts = [_text(sessions, "sport_profile_name", max(i, 0)), _text(of_file, "name", 0)]
    found = next((names for names in map(sport_names, texts) if names[0]), ("", ""))
    if found[0]:
        flags["sport-inferred"] = f"no sport in the file, but a profile called like {found[0]}"
    return found[0], sub_sport or found[1]


_KINDS = ("sport", "sub_sport")
#: Sports of a gym, and what of them is running by the profile's own words.
_MACHINES, _ON_A_BELT = ("fitness_equipment", "training"), ("treadmill", "indoor_running")
#: Names that say nothing: a watch writes them for what its list does not have.
_NO_SPORT = ("generic", "all")


def _only_name(codes: Floats, kind: str) -> str:
    """Profile name of codes that are all one; empty where they are not, or say nothing."""
    names = {enum_of(kind).get(int(code), "") for code in codes if code == code}
    name = "".join(names) if len(names) == 1 else ""
    return "" if kind == "sport" and name in _NO_SPORT else name


def _subs(beside: Mapping[str, list[str]]) -> list[str]:
    return [names[1] for names in beside.values()]


def _text(table: Table, name: str, row: int) -> str:
    column = table.loose.get(name)
    text = column.values[row] if column is not None and row < len(column.values) else None
    return text if isinstance(text, str) else ""


# Its stream.


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
        if fields[-1] not in records.natives and not any(map(records.has, fields)):
            continue
        values = records.get(fields[0])
        for other in fields[1:]:
            if other in records.order and np.isnan(values).any():
                values = np.where(np.isnan(values), records.get(other), values)
        if fields[-1] in _OF_APPS:
            values = _with_apps(records, fields[-1], values)
        if name in ("latitude_deg", "longitude_deg"):
            values = values * _SEMICIRCLE
        streams[name] = values[rows]
    cadence = _with_apps(records, "cadence", records.get("cadence"))[rows]
    fraction = records.get("fractional_cadence")[rows]
    streams["cadence_spm"], already_steps = _steps(cadence, fraction, sport)
    known = {name: values for name, values in streams.items() if not np.isnan(values).all()}
    return known, already_steps


#: Fields that an app on the watch may write in a field of its own, with the units that it may
#: write them in and what turns these into ours.
_OF_APPS: dict[str, dict[str, float]] = {
    "power": {"w": 1, "watts": 1, "watt": 1, "kw": 1000},
    "heart_rate": {"bpm": 1},
    "cadence": {"rpm": 1, "spm": 1, "strides/min": 1, "steps/min": 1},
    "distance": {"m": 1, "meters": 1, "metres": 1, "km": 1000, "mi": 1609.344, "miles": 1609.344},
    "speed": {"m/s": 1, "mps": 1, "km/h": 1 / 3.6, "kph": 1 / 3.6, "mph": 0.44704},
}


def _with_apps(records: Table, name: str, values: Floats) -> Floats:
    """Fill in where a native field is missing what an app says stands for it."""
    for own, units in records.natives.get(name, ()):
        if not np.isnan(values).any():
            break
        factor = _OF_APPS[name].get(units.strip().lower(), 1)
        values = np.where(np.isnan(values), records.get(own) * factor, values)
    return values


def _summary(sessions: Table, i: int, sport: str) -> dict[str, float]:
    """What a session says of itself, under the names of ``Recording.summary``."""
    summary = {}
    for name, fields in SUMMARY_FIELDS.items():
        values = [sessions.value(field, i) for field in fields]
        summary[name] = next((v for v in values if v == v), np.nan)
    # Garmin writes the CR10 answer times ten (FIT profile, session field 193).
    summary["rpe"] = sessions.value("workout_rpe", i) / 10.0
    name = "avg_running_cadence" if "avg_running_cadence" in sessions.order else "avg_cadence"
    cadence, fraction = (sessions.get(n)[i : i + 1] for n in (name, "avg_fractional_cadence"))
    summary["avg_cadence_spm"] = float(_steps(cadence, fraction, sport)[0][0])
    return {name: value for name, value in summary.items() if value == value}


def _steps(cadence: Floats, fraction: Floats, sport: str) -> tuple[Floats, bool]:
    """Cadence in steps of both feet: FIT means strides, and some apps write steps all the same."""
    cadence = cadence + np.where(np.isnan(fraction), 0.0, fraction)
    if sport and sport not in ON_FOOT:
        return cadence, False
    moving = cadence[cadence > 0]
    already_steps = len(moving) > 0 and bool(np.median(moving) > MAX_STRIDES_PER_MIN)
    return (cadence if already_steps else cadence * 2), already_steps


# What belongs to a session without being a record of it: strength sets, runner.


def _add_strength_sets(found: list[Recording], sets: Table) -> None:
    """Give each set to the session in which it began, to the first if that is not known."""
    for one in _strength_sets(sets) if sets.rows else ():
        begun = [r for r in found if r.start <= one.get("start_s", -np.inf)]
        (begun[-1] if begun else found[0]).sets.append(one)


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
        for name, field in fields.items() if tables[number].rows else ():
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


#: A receiver that lost count of the weeks is 1024 of them early. [s]
_ROLLOVER_S, _DAY_S = 1024 * 7 * 86_400.0, 86_400.0
#: Year in which FIT files were first written, and the year before that in which each watch came
#: out of which the product number is at least so high: Garmin numbers products as they come, and
#: the list of the FIT profile names them (1551 fenix, 2050 fenix 3, 4532 fenix 8).
_FIRST_YEARS = {0: 2008}
_FIRST_FIT_S = 1_199_145_600.0  # 2008-01-01
_GARMIN_YEARS = {1551: 2011, 2050: 2014, 2697: 2016, 3113: 2018, 3906: 2021, 4315: 2022, 4532: 2023}
_LAST_YEAR_S = 1_672_531_200.0  # 2023-01-01, the last of them
_GARMIN_WATCHES = 6000  # higher numbers are not in that order


def _doubtful_date(start: float, part: Part, tables: _Tables) -> tuple[str, float]:
    """Why a date cannot be that of a run, and by how much it seems early; empty where it can. [s]

    Its flag makes its day unknown, until it is corrected.
    """
    product = np.nan
    if start < _LAST_YEAR_S:
        product = _garmin_product(part)
    years = _FIRST_YEARS | (_GARMIN_YEARS if product < _GARMIN_WATCHES else {})
    first = max(year for least, year in years.items() if not least or least <= product)
    begun = np.datetime64(f"{first}-01-01", "s").astype(np.int64)
    later = start + _ROLLOVER_S
    others = (
        _first(tables[_FILE_ID], "time_created"),
        _first(tables[_ACTIVITY], "timestamp"),
        _least(tables[_RECORD].get("timestamp")),
    )
    told = any(abs(other + EPOCH - later) <= _DAY_S for other in others)
    if not (start < begun or told) or not start >= OLDEST_S:  # refused for a clock never set
        return "", 0.0
    if told:
        why = "another clock of the file is 1024 weeks later"
    elif first == _FIRST_YEARS[0]:
        why = f"no FIT file was written before {first}"
    else:
        why = f"there was no such watch before {first}"
    then, now = (str(np.datetime64(int(at), "s").astype("datetime64[D]")) for at in (start, later))
    detail = f"it says that it began on {then}, but {why}"
    if not told and start >= _FIRST_FIT_S:
        return f"{detail}: its day is unknown", 0.0
    return (
        f"{detail}: taken for {now}, as a receiver that lost count of 1024 weeks is early by them; "
        "that day is unknown"
    ), _ROLLOVER_S


_MAKER, _PRODUCT, _GARMIN = 1, 2, 1  # fields of file_id, and the number of the maker


def _garmin_product(part: Part) -> float:
    """Product number of a watch by Garmin, read from the first file_id as it lies; else NaN."""
    first = next((d for d in part.definitions if d.number == _FILE_ID), None)
    if first is None or not len(first.offsets):
        return np.nan
    found, at = {}, int(first.offsets[0]) + 1
    order = "big" if first.key[0] else "little"
    for n, size, _ in zip(*[iter(first.key[4 : first.split])] * 3, strict=True):
        found[n] = int.from_bytes(part.data[at : at + size], order)  # type: ignore[arg-type]
        at += size
    return float(found.get(_PRODUCT, np.nan)) if found.get(_MAKER) == _GARMIN else np.nan


def _relative_time(created: float) -> FileProblem:
    detail, when = "the watch's clock was not set: times count from power-up", np.nan
    if created >= RELATIVE:
        when = created + EPOCH
        day = np.datetime64(int(when), "s").astype("datetime64[D]")
        detail += f"; the file was created on {day}"
    return FileProblem("quarantined", "time-relative", detail, when=when)


def _offset_min(part: Part, tables: _Tables) -> float:
    """Local time minus UTC, in steps of 15 min; NaN if no place of the file gives a plausible one.

    The activity message says it, the messages that tie the watch's clock to UTC, or its settings.
    """
    for number in (_ACTIVITY, _CORRELATION):
        local, utc = (tables[number].get(name) for name in ("local_timestamp", "timestamp"))
        known = (local >= RELATIVE) & (utc >= RELATIVE)
        if known.any():
            offset = _quarters(float((local - utc)[known][0]))
            if offset == offset:
                return offset
    settings = decode(part, _SETTINGS).get(_DEVICE_SETTINGS, Table(0))
    zone = _first(settings, "active_time_zone")
    offsets = each_of(settings, "time_offset")
    if not offsets or not 0 <= zone < len(offsets[0]):
        return np.nan
    seconds = offsets[0][int(zone)]
    seconds -= 2**32 if seconds >= 2**31 else 0  # written as a whole number without a sign
    # 0 is what a watch writes that keeps its zone elsewhere.
    return _quarters(seconds - np.nan_to_num(_first(settings, "utc_offset"))) if seconds else np.nan


def _quarters(seconds: float) -> float:
    """Offset of a zone in steps of 15 min [min]; NaN where it is none."""
    offset = 15.0 * round(seconds / 900.0) if seconds == seconds else np.nan
    low, high = OFFSETS_MIN
    return offset if low <= offset <= high and abs(seconds - offset * 60) <= 120 else np.nan


def _clock(unix_s: float) -> str:
    return str(np.datetime64(int(unix_s), "s")).replace("T", " ") + " UTC"


def _first(table: Table, name: str) -> float:
    if not table.has(name):
        return np.nan
    values = table.get(name)
    known = values[~np.isnan(values)]
    return float(known[0]) if len(known) else np.nan


def _least(values: Floats) -> float:
    return float(np.fmin.reduce(values, initial=np.nan))


def _greatest(values: Floats) -> float:
    return float(np.fmax.reduce(values, initial=np.nan))
