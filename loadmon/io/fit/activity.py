"""What the tables of a FIT file say of its activities: sessions, laps, settings, the strap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.fit.decode import EPOCH, RELATIVE, Table, decode
from loadmon.io.fit.profile import enum_of
from loadmon.io.fit.scan import Part, scan
from loadmon.io.recording import MOST_ACTIVITIES, Floats, Recording

# What a FIT file says in so many words: the summary of a session, strength sets, the runner.

SESSION, SET, USER_PROFILE, HR_ZONE, ZONES_TARGET, TIME_IN_ZONE = 18, 225, 3, 8, 7, 216
LAP, SPORT, ACTIVITY = 19, 12, 34

#: Session fields and what a Recording calls them, better ones first.
TOLD_FIELDS = {
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
#: Messages and fields that reveal the runner; where several do, the later word counts.
_FOUND_FIELDS = {
    USER_PROFILE: {
        "height_m": "height",
        "mass_kg": "weight",
        "resting_hr_bpm": "resting_heart_rate",
        "max_hr_bpm": "default_max_heart_rate",
    },
    ZONES_TARGET: {
        "max_hr_bpm": "max_heart_rate",
        "threshold_hr_bpm": "threshold_heart_rate",
        "threshold_power_w": "functional_threshold_power",
    },
    TIME_IN_ZONE: {
        "max_hr_bpm": "max_heart_rate",
        "resting_hr_bpm": "resting_heart_rate",
        "threshold_hr_bpm": "threshold_heart_rate",
        "threshold_power_w": "functional_threshold_power",
    },
}
_SEX = {0: "f", 1: "m"}
WANTED = {
    LAP: frozenset({"total_distance", "total_timer_time"}),
    SPORT: frozenset({"sport", "sub_sport"}),
    ACTIVITY: frozenset({"timestamp", "local_timestamp", "total_timer_time"}),
    SET: frozenset(
        {"start_time", "category", "category_subtype", "repetitions", "duration", "weight"}
        | {"set_type"}
    ),
    USER_PROFILE: frozenset({"gender", *_FOUND_FIELDS[USER_PROFILE].values()}),
    ZONES_TARGET: frozenset(_FOUND_FIELDS[ZONES_TARGET].values()),
    HR_ZONE: frozenset({"high_bpm"}),
    TIME_IN_ZONE: frozenset({"hr_zone_high_boundary", *_FOUND_FIELDS[TIME_IN_ZONE].values()}),
}
SESSION_FIELDS = frozenset(
    {"start_time", "sport", "sub_sport", "workout_rpe", "avg_cadence", "avg_fractional_cadence"}
).union(*TOLD_FIELDS.values())
STRIDE_SPORTS = ("running", "walking", "hiking")
_MAX_STRIDES = 130.0  # per minute; above it a "cadence" of one foot already counts both


def summary(sessions: Table, i: int, sport: str) -> dict[str, float]:
    """What a session says of itself, in the names of Recording.told."""
    told = {}
    for name, fields in TOLD_FIELDS.items():
        values = [float(sessions.get(field)[i]) for field in fields]
        told[name] = next((v for v in values if v == v), np.nan)
    # Garmin writes the CR10 answer times ten (FIT profile, session field 193).
    told["rpe"] = float(sessions.get("workout_rpe")[i]) / 10.0
    name = "avg_running_cadence" if "avg_running_cadence" in sessions.order else "avg_cadence"
    cadence = _with_fraction(sessions.get(name), sessions.get("avg_fractional_cadence"))
    told["avg_cadence_spm"] = float(both_feet(cadence[i : i + 1], sport)[0])
    return {name: value for name, value in told.items() if value == value}


def beside(tables: dict[int, Table]) -> dict[str, float]:
    """What laps and activity say of the only session of a file, to be compared with its own."""
    told = {}
    for name, number, field in (
        ("laps_distance_m", LAP, "total_distance"),
        ("laps_timer_s", LAP, "total_timer_time"),
        ("whole_timer_s", ACTIVITY, "total_timer_time"),
    ):
        values = tables.get(number, Table(0)).get(field)
        if len(values) and not np.isnan(values).any():
            told[name] = float(values.sum())
    return told


def sport_beside(tables: dict[int, Table]) -> tuple[str, str]:
    """Sport and sub-sport that a file gives beside its sessions; empty where not one and only."""
    table = tables.get(SPORT, Table(0))
    names = [
        {enum_of(kind).get(int(v), "") for v in table.get(kind) if v == v}
        for kind in ("sport", "sub_sport")
    ]
    sport, sub_sport = (next(iter(n)) if len(n) == 1 else "" for n in names)
    return sport, sub_sport


def _with_fraction(cadence: Floats, fraction: Floats) -> Floats:
    """Cadence and the fraction beside it, which some watches leave out."""
    return cadence + np.where(np.isnan(fraction), 0.0, fraction)


def record_cadence(records: Table) -> Floats:
    """Cadence of every record with its fraction, in the unit of the file. [1/min]"""
    return _with_fraction(records.get("cadence"), records.get("fractional_cadence"))


def both_feet(cadence: Floats, sport: str) -> Floats:
    """Count steps of both feet: FIT means strides, and some apps write steps all the same."""
    if sport not in STRIDE_SPORTS or counts_both_feet(cadence, sport):
        return cadence
    return cadence * 2


def counts_both_feet(cadence: Floats, sport: str) -> bool:
    """Tell whether a cadence on foot is too high to count the strides of one foot."""
    moving = cadence[cadence > 0]
    return sport in STRIDE_SPORTS and len(moving) > 0 and bool(np.median(moving) > _MAX_STRIDES)


def strength_sets(sets: Table | None) -> list[dict[str, Any]]:
    """Sets of exercises in file order, without the rests between them."""
    if sets is None:
        return []
    category, subtype = sets.first_of("category"), sets.first_of("category_subtype")
    numbers = {
        "start_s": sets.get("start_time") + EPOCH,
        "repetitions": sets.get("repetitions"),
        "duration_s": sets.get("duration"),
        "weight_kg": sets.get("weight"),
    }
    out: list[dict[str, Any]] = []
    for i in np.flatnonzero(sets.get("set_type") != 0):
        told: dict[str, Any] = {n: float(v[i]) for n, v in numbers.items() if v[i] == v[i]}
        if category[i] == category[i]:
            told["category"] = enum_of("exercise_category").get(int(category[i]), "")
            exercises = enum_of(f"{told['category']}_exercise_name")
            told["exercise"] = (
                exercises.get(int(subtype[i]), "") if subtype[i] == subtype[i] else ""
            )
        out.append(told)
    return out


def runner(tables: dict[int, Table]) -> dict[str, Any]:
    """What the file reveals of the runner, in the names of Recording.found."""
    found: dict[str, Any] = {}
    for number, fields in _FOUND_FIELDS.items():
        if number in tables:
            for name, field in fields.items():
                values = tables[number].get(field)
                known = values[values > 0]
                if len(known):
                    found[name] = float(known[-1])
    if USER_PROFILE in tables:
        sexes = [_SEX.get(int(v)) for v in tables[USER_PROFILE].get("gender") if v == v]
        found |= {"sex": sexes[-1]} if sexes and sexes[-1] else {}
    zones = _hr_zones(tables)
    return found | ({"hr_zones_bpm": zones} if zones else {})


def _hr_zones(tables: dict[int, Table]) -> list[float]:
    """Upper ends of the heart rate zones, lowest first; empty where the file names none. [bpm]"""
    boundaries = (
        tables[TIME_IN_ZONE].loose.get("hr_zone_high_boundary")
        if (TIME_IN_ZONE in tables)
        else None
    )
    if boundaries is not None and boundaries.values.ndim == 2 and len(boundaries.values):
        ends = boundaries.values[-1]
    else:
        ends = tables[HR_ZONE].get("high_bpm") if HR_ZONE in tables else np.empty(0)
    ends = ends[~np.isnan(ends)]
    return [float(e) for e in ends] if len(ends) and (np.diff(ends) > 0).all() else []


# The activities of one FIT part: a session's summary with the records that belong to it.


RECORD, EVENT = 20, 21

#: Record fields and what they are called in a stream, better ones first.
_STREAM_FIELDS = {
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
RECORD_FIELDS = frozenset(
    {"timestamp", "cadence", "fractional_cadence", "compressed_speed_distance"}
).union(*_STREAM_FIELDS.values())
EVENT_FIELDS = frozenset({"timestamp", "event", "event_type"})
_SEMICIRCLE = 180.0 / 2**31


def session_recordings(tables: dict[int, Table]) -> list[Recording]:
    """One Recording per session, or one made of the records where the watch wrote no session."""
    sessions = tables.get(SESSION, Table(0))
    records = tables.get(RECORD, Table(0))
    if sessions.rows > MOST_ACTIVITIES:
        detail = f"more than {MOST_ACTIVITIES} sessions: no watch writes so many"
        raise FileProblem("refused", "too-large", detail)
    if sessions.rows:
        return list(_sessions(sessions, records))
    return [_without_session(tables, records)]


def _paused(events: Table | None) -> list[tuple[float, float]]:
    """Unix times between which the timer was stopped."""
    if events is None:
        return []
    timer = events.get("event") == 0
    types, times = events.get("event_type")[timer], events.get("timestamp")[timer] + EPOCH
    paused, stopped = [], np.nan
    for kind, when in zip(types, times, strict=True):
        if kind in (1, 4, 8, 9) and stopped != stopped:  # stop, stop_all, stop_disable(_all)
            stopped = when
        elif kind == 0 and stopped == stopped:
            paused.append((float(stopped), float(when)))
            stopped = np.nan
    return paused


def _without_session(tables: dict[int, Table], records: Table) -> Recording:
    """Sum up the records of a file whose watch wrote no session."""
    paused = _paused(tables.get(EVENT))
    time = records.get("timestamp") + EPOCH
    sport, sub_sport = sport_beside(tables)
    recording = Recording(sport=sport, sub_sport=sub_sport, start=least(time), time=time)
    recording.streams = _streams(records, slice(None), sport)
    recording.told["timer_s"] = greatest(time) - least(time) - _sum_within(paused, time)
    recording.flags["no-session"] = "no session in the file: summed up from its records"
    return recording


def _sessions(sessions: Table, records: Table) -> Iterator[Recording]:
    """One Recording per session, each with the records from its start to the next one's."""
    time = records.get("timestamp") + EPOCH
    starts = sessions.get("start_time") + EPOCH
    order = np.argsort(starts, kind="stable")
    for place, i in enumerate(order):
        rows: slice | np.ndarray = slice(None)
        if sessions.rows > 1:
            following = starts[order[place + 1]] if place + 1 < len(order) else np.inf
            rows = (time >= starts[i]) & (time < following)
        sport = enum_of("sport").get(_code(sessions, "sport", i), "")
        sub_sport = enum_of("sub_sport").get(_code(sessions, "sub_sport", i), "")
        start = starts[i] if starts[i] == starts[i] else least(time[rows])
        streams = _streams(records, rows, sport)
        if place and "distance_m" in streams:
            streams["distance_m"] = _from_here(streams["distance_m"], records, time < starts[i])
        recording = Recording(
            sport=sport,
            sub_sport=sub_sport,
            start=float(start),
            time=time[rows],
            streams=streams,
            told=summary(sessions, i, sport),
        )
        if counts_both_feet(record_cadence(records)[rows], sport):
            recording.flags["cadence-unit"] = "the cadence counts both feet already: not doubled"
        yield recording


def _from_here(distance: Floats, records: Table, before: np.ndarray) -> Floats:
    """Distance of a later session, where the counter ran on from the session before."""
    reached = greatest(records.get("distance")[before])
    return distance - reached if least(distance) >= reached else distance


def least(values: Floats) -> float:
    """Smallest known value; NaN if there is none."""
    known = values[~np.isnan(values)]
    return float(known.min()) if len(known) else np.nan


def greatest(values: Floats) -> float:
    """Largest known value; NaN if there is none."""
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else np.nan


def _sum_within(paused: list[tuple[float, float]], time: Floats) -> float:
    """Seconds of pause inside the recorded span."""
    low, high = least(time), greatest(time)
    return sum(max(0.0, min(b, high) - max(a, low)) for a, b in paused)


def _code(sessions: Table, name: str, i: int) -> int:
    value = sessions.get(name)[i]
    return int(value) if value == value else -1


def _streams(records: Table, rows: slice | np.ndarray, sport: str) -> dict[str, Floats]:
    """Streams of the given records; what was never recorded is left out."""
    streams = {}
    for name, fields in _STREAM_FIELDS.items():
        values = records.get(fields[0])
        for spare in fields[1:]:
            if spare in records.order and np.isnan(values).any():
                values = np.where(np.isnan(values), records.get(spare), values)
        if name in ("latitude_deg", "longitude_deg"):
            values = values * _SEMICIRCLE
        streams[name] = values[rows]
    streams["cadence_spm"] = both_feet(record_cadence(records)[rows], sport)
    return {name: values for name, values in streams.items() if not np.isnan(values).all()}


# Heart rates that a strap wrote behind the run, in a later part of the same file.


_HEART_RATE = "heart_rate_bpm"
_BESIDE_S = 60.0
_SAME_MOMENT_S = 5.0


def is_of_strap(part: Recording, run: Recording) -> bool:
    """Tell a part without a summary that holds the heart rates of a run and nothing else."""
    if "no-session" not in part.flags or set(part.streams) - {_HEART_RATE} or not len(run.time):
        return False
    low, high = np.nanmin(run.time) - _BESIDE_S, np.nanmax(run.time) + _BESIDE_S
    return bool(len(part.time) and np.nanmin(part.time) >= low and np.nanmax(part.time) <= high)


def lend(part: Recording, run: Recording) -> None:
    """Give a run without heart rates those that were recorded at its moments."""
    rates = part.streams.get(_HEART_RATE)
    if _HEART_RATE in run.streams or rates is None:
        return
    known = np.flatnonzero(~np.isnan(rates) & ~np.isnan(part.time))
    order = known[np.argsort(part.time[known], kind="stable")]
    times = part.time[order]
    after = np.searchsorted(times, run.time).clip(0, len(times) - 1)
    before = (after - 1).clip(0)
    near = np.where(run.time - times[before] < times[after] - run.time, before, after)
    close = np.abs(times[near] - run.time) <= _SAME_MOMENT_S
    run.streams[_HEART_RATE] = np.where(close, rates[order][near], np.nan)
    run.flags["from-copy"] = "heart rate from a later part of the file"


# What a FIT file tells of its activities: one Recording for each session.


_FILE_ID, _HR = 0, 132
_ACTIVITY_FILE = 4

_WANTED = {
    _FILE_ID: frozenset({"type", "time_created", "manufacturer"}),
    SESSION: SESSION_FIELDS,
    RECORD: RECORD_FIELDS,
    EVENT: EVENT_FIELDS,
    **WANTED,
}


def fit_recordings(data: bytes) -> list[Recording | FileProblem]:
    """Read the activities of a FIT file.

    Returns one Recording per session, in file order; a part that is damaged, or that is no
    activity, is its problem instead.
    """
    found: list[Recording | FileProblem] = []
    bodies: set[bytes] = set()
    for part in scan(data):
        body = data[part.start : part.end]
        if part.problem or not (_only_heart_rates(part, found) or body in bodies):
            _take(_part_recordings(part), found)
        elif isinstance(found[-1], Recording):
            found[-1].flags |= part.flags
        if not part.problem and body in bodies:
            detail = "a part of the file is there twice: it counts once"
            found.append(FileProblem("duplicate", "duplicate", detail))
        bodies.add(body)
    return found


def _take(new: list[Recording | FileProblem], found: list[Recording | FileProblem]) -> None:
    """Add what a part holds; heart rates of the run before it go to that run."""
    for part in new:
        run = found[-1] if found else None
        if isinstance(part, Recording) and isinstance(run, Recording) and is_of_strap(part, run):
            lend(part, run)
        else:
            found.append(part)


def readable_recordings(data: bytes) -> list[Recording]:
    """Activities of the damaged parts of a FIT file, as far as their messages can be read.

    Returns what stands before the damage, or all that is there where only the CRC is wrong.
    ``flags`` hold the reason of the damage. Empty where nothing of an activity can be read.
    """
    found: list[Recording] = []
    for part in scan(data):
        if part.problem:
            part.flags[part.problem.reason] = part.problem.detail
            read = _recordings(part, decode(part, _WANTED))
            found += [recording for recording in read if isinstance(recording, Recording)]
    return found


def _only_heart_rates(part: Part, before: list[Recording | FileProblem]) -> bool:
    """Tell a part that a strap appended: heart rates of the activity before it, and no other."""
    numbers = {d.number for d in part.definitions if len(d.offsets)}
    return bool(before) and _HR in numbers and not numbers & {SESSION, RECORD}


def _part_recordings(part: Part) -> list[Recording | FileProblem]:
    """Sessions of one part, or why there are none."""
    tables = decode(part, _WANTED)
    if part.problem:
        return [_with_times(part.problem, tables)]
    return _recordings(part, tables)


def _with_times(problem: FileProblem, tables: dict[int, Table]) -> FileProblem:
    """Say when a damaged activity began, and how far its records can be read."""
    records = tables.get(RECORD, Table(0))
    when = _first_time(records, tables.get(SESSION, Table(0)), tables)
    last = greatest(records.get("timestamp"))
    read = f"; the last good record is of {_clock(last)} UTC" if last >= RELATIVE else ""
    return FileProblem(problem.outcome, problem.reason, problem.detail + read, when)


def _clock(fit_s: float) -> str:
    """Day and time of a FIT time, for messages."""
    return str(np.datetime64(int(fit_s + EPOCH), "s")).replace("T", " ")


def _recordings(part: Part, tables: dict[int, Table]) -> list[Recording | FileProblem]:
    """Sessions among some tables, or why there are none."""
    records = tables.get(RECORD, Table(0))
    sessions = tables.get(SESSION, Table(0))
    kind = _first(tables.get(_FILE_ID), "type")
    if kind == kind and kind != _ACTIVITY_FILE:
        name = enum_of("file").get(int(kind), f"type {kind:.0f}")
        if not sessions.rows:
            return [FileProblem("skipped", "not-activity", f"not an activity: {name}")]
        part.flags["file-type"] = f"the file calls itself {name}, but it holds a session"
    if not (sessions.rows or records.rows):
        return [FileProblem("skipped", "not-activity", "not an activity: no activity")]
    if _first_raw_time(records, sessions) < RELATIVE:
        return [_relative_time(tables.get(_FILE_ID))]
    offset = _offset_min(tables.get(ACTIVITY))
    if offset != offset and ACTIVITY in tables:
        part.flags["tz-unknown"] = (
            "the file tells no local time: its day is that of UTC; set home_zone"
        )
    out = session_recordings(tables)
    maker = _first(tables.get(_FILE_ID), "manufacturer")
    for recording in out:
        recording.maker = enum_of("manufacturer").get(int(maker), "") if maker == maker else ""
        recording.offset_min = offset
        recording.flags |= part.flags
        recording.found = runner(tables)
    if sessions.rows == 1:
        _compare(out[0], tables)
    _share_sets(out, strength_sets(tables.get(SET)))
    return [*out]


def _compare(recording: Recording, tables: dict[int, Table]) -> None:
    """Keep what the rest of the file says of its only session, for the cross-checks."""
    recording.told |= beside(tables)
    other, _ = sport_beside(tables)
    if other not in ("", recording.sport):
        recording.flags["sport-disagree"] = (
            f"the session says {recording.sport or 'no sport'}, the file beside it {other}"
        )


def _share_sets(recordings: list[Recording], sets: list[dict[str, Any]]) -> None:
    """Give each strength set to the session in which it began, the first if that is not known."""
    for told in sets:
        begun = [r for r in recordings if r.start <= told.get("start_s", -np.inf)]
        (begun or recordings)[-1 if begun else 0].sets.append(told)


def _first(table: Table | None, name: str) -> float:
    """First known value of a field; NaN if there is none."""
    if table is None:
        return np.nan
    values = table.get(name)
    known = values[~np.isnan(values)]
    return float(known[0]) if len(known) else np.nan


def _first_raw_time(records: Table, sessions: Table) -> float:
    """Earliest FIT time of session or records, uncorrected."""
    times = [_first(sessions, "start_time"), _first(records, "timestamp")]
    known = [t for t in times if t == t]
    return min(known) if known else np.nan


def _first_time(records: Table, sessions: Table, tables: dict[int, Table]) -> float:
    """Unix time at which a damaged activity began, as far as it can be told."""
    raw = _first_raw_time(records, sessions)
    if not raw >= RELATIVE:
        raw = _first(tables.get(_FILE_ID), "time_created")
    return raw + EPOCH if raw >= RELATIVE else np.nan


def _relative_time(file_id: Table | None) -> FileProblem:
    """Problem of a file whose clock was never set."""
    created = _first(file_id, "time_created")
    hint = ""
    if created >= RELATIVE:
        day = np.datetime64(int(created + EPOCH), "s").astype("datetime64[D]")
        hint = f"; the file was created on {day}"
    return FileProblem(
        "quarantined",
        "time-relative",
        f"the watch's clock was not set: times count from power-up{hint}",
        when=created + EPOCH if created >= RELATIVE else np.nan,
    )


def _offset_min(activity: Table | None) -> float:
    """Local time minus UTC of the activity message, in steps of 15 min; NaN if not plausible."""
    local, utc = _first(activity, "local_timestamp"), _first(activity, "timestamp")
    if not (local >= RELATIVE and utc >= RELATIVE):
        return np.nan
    offset = 15.0 * round((local - utc) / 900.0)
    return offset if -720 <= offset <= 840 and abs(local - utc - offset * 60) <= 120 else np.nan
