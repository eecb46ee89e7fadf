"""What a FIT file tells of its activities: one Recording for each session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.reading.fit.columns import decode
from loadmon.reading.fit.profile import enum_of
from loadmon.reading.fit.scan import Part, scan
from loadmon.reading.fit.tables import Table
from loadmon.reading.fit.times import EPOCH, RELATIVE
from loadmon.reading.fit.told import (
    ACTIVITY,
    SESSION,
    SESSION_FIELDS,
    SET,
    WANTED,
    beside,
    both_feet,
    counts_both_feet,
    other_sport,
    record_cadence,
    runner,
    strength_sets,
    summary,
)
from loadmon.reading.recording import Floats, Recording

_FILE_ID, _RECORD, _EVENT, _HR = 0, 20, 21, 132
_ACTIVITY_FILE = 4

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
_WANTED = {
    _FILE_ID: frozenset({"type", "time_created", "manufacturer"}),
    SESSION: SESSION_FIELDS,
    _RECORD: frozenset(
        {"timestamp", "cadence", "fractional_cadence", "compressed_speed_distance"}
    ).union(*_STREAM_FIELDS.values()),
    _EVENT: frozenset({"timestamp", "event", "event_type"}),
    **WANTED,
}
_SEMICIRCLE = 180.0 / 2**31


def fit_recordings(data: bytes) -> list[Recording | FileProblem]:
    """Read the activities of a FIT file.

    Parameters
    ----------
    data : bytes
        The whole file; chained files are read part by part.

    Returns
    -------
    list of Recording or FileProblem
        One Recording per session, in file order; a part that is damaged, or that is no activity,
        is its problem instead.

    Raises
    ------
    FileProblem
        If the data are no FIT file at all.
    """
    found: list[Recording | FileProblem] = []
    bodies: list[bytes] = []
    for part in scan(data):
        body = data[part.start : part.end]
        if part.problem or not (_only_heart_rates(part, found) or body in bodies):
            found += _part_recordings(part)
        elif isinstance(found[-1], Recording):
            found[-1].flags |= part.flags
        if not part.problem and body in bodies:
            detail = "a part of the file is there twice: it counts once"
            found.append(FileProblem("duplicate", "duplicate", detail))
        bodies.append(body)
    return found


def _only_heart_rates(part: Part, before: list[Recording | FileProblem]) -> bool:
    """Tell a part that a strap appended: heart rates of the activity before it, and no other."""
    numbers = {d.number for d in part.definitions if len(d.offsets)}
    return bool(before) and _HR in numbers and not numbers & {SESSION, _RECORD}


def _part_recordings(part: Part) -> list[Recording | FileProblem]:
    """Sessions of one part, or why there are none."""
    tables = decode(part, _WANTED)
    records = tables.get(_RECORD, Table(0))
    sessions = tables.get(SESSION, Table(0))
    if part.problem:
        part.problem.when = _first_time(records, sessions, tables)
        return [part.problem]
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
    paused = _paused(tables.get(_EVENT))
    out = list(_sessions(sessions, records, paused))
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
    other = other_sport(tables, recording.sport)
    if other:
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


def _sessions(
    sessions: Table, records: Table, paused: list[tuple[float, float]]
) -> Iterator[Recording]:
    """One Recording per session, each with the records from its start to the next one's."""
    time = records.get("timestamp") + EPOCH
    if not sessions.rows:
        recording = Recording(start=_least(time), time=time)
        recording.streams = _streams(records, slice(None), "")
        recording.told["timer_s"] = _greatest(time) - _least(time) - _sum_within(paused, time)
        recording.flags["no-session"] = "no session in the file: summed up from its records"
        yield recording
        return
    starts = sessions.get("start_time") + EPOCH
    order = np.argsort(starts, kind="stable")
    for place, i in enumerate(order):
        rows: slice | np.ndarray = slice(None)
        if sessions.rows > 1:
            following = starts[order[place + 1]] if place + 1 < len(order) else np.inf
            rows = (time >= starts[i]) & (time < following)
        sport = enum_of("sport").get(_code(sessions, "sport", i), "")
        sub_sport = enum_of("sub_sport").get(_code(sessions, "sub_sport", i), "")
        start = starts[i] if starts[i] == starts[i] else _least(time[rows])
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
    reached = _greatest(records.get("distance")[before])
    return distance - reached if _least(distance) >= reached else distance


def _least(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.min()) if len(known) else np.nan


def _greatest(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else np.nan


def _sum_within(paused: list[tuple[float, float]], time: Floats) -> float:
    """Seconds of pause inside the recorded span."""
    low, high = _least(time), _greatest(time)
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
