"""What a FIT file tells of its activities: one Recording for each session."""

from __future__ import annotations

from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.reading.fit.columns import decode
from loadmon.reading.fit.profile import enum_of
from loadmon.reading.fit.scan import Part, scan
from loadmon.reading.fit.sessions import (
    EVENT,
    EVENT_FIELDS,
    RECORD,
    RECORD_FIELDS,
    greatest,
    session_recordings,
)
from loadmon.reading.fit.strap import is_of_strap, lend
from loadmon.reading.fit.tables import Table
from loadmon.reading.fit.times import EPOCH, RELATIVE
from loadmon.reading.fit.told import (
    ACTIVITY,
    SESSION,
    SESSION_FIELDS,
    SET,
    WANTED,
    beside,
    runner,
    sport_beside,
    strength_sets,
)
from loadmon.reading.recording import Recording

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

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    list of Recording
        What stands before the damage, or all that is there where only the CRC is wrong. ``flags``
        hold the reason of the damage. Empty where nothing of an activity can be read.
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
