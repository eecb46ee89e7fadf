"""The activities of one FIT part: a session's summary with the records that belong to it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from loadmon.errors import FileProblem
from loadmon.reading.fit.profile import enum_of
from loadmon.reading.fit.tables import Table
from loadmon.reading.fit.times import EPOCH
from loadmon.reading.fit.told import (
    SESSION,
    both_feet,
    counts_both_feet,
    record_cadence,
    sport_beside,
    summary,
)
from loadmon.reading.recording import MOST_ACTIVITIES, Floats, Recording

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
    """One Recording per session, or one made of the records where the watch wrote no session.

    Parameters
    ----------
    tables : dict of int to Table
        With sessions or records among them.

    Raises
    ------
    FileProblem
        ``too-large``.
    """
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
