"""From any mix of paths to an archive: every input read, judged and accounted for."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.errors import FileProblem, SettingError
from loadmon.reading.archive import ACTIVITY_COLUMNS, FILE_COLUMNS, Archive
from loadmon.reading.clean import clean
from loadmon.reading.duplicates import Candidate, repeated
from loadmon.reading.formats import ending_of, format_of, recordings
from loadmon.reading.judge import judge
from loadmon.reading.local_day import utc_offset_min
from loadmon.reading.recording import Recording
from loadmon.reading.walk import Source, content_hash, walk

Progress = Callable[[int, str], None]

#: Codes that inform and do not make an input flagged.
_NOTES = {"summary-only", "no-local-time", "sport-unknown"}


@dataclass(slots=True)
class _Input:
    """What became of one input: its activities, and why some of it is not among them."""

    source: Source
    rows: list[dict[str, Any]] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    duplicate_of: str = ""


def read(
    *paths: str | PathLike[str],
    athlete: Athlete | None = None,
    cache: bool = True,
    progress: Progress | None = None,
    executor: Executor | None = None,
    now: datetime | None = None,
) -> Archive:
    """Read recordings from any mix of files, folders and archives.

    Parameters
    ----------
    *paths : path
        Files, folders, ``.gz``, zips and zips in zips, with FIT, GPX and TCX in them.
    athlete : Athlete, optional
        Home zone for recordings that do not tell their local time, and days marked unknown.
    cache : bool, default True
        Without effect: this version keeps nothing on disk.
    progress : callable, optional
        Called with the number of inputs done and the name of the last one.
    executor : Executor, optional
        Not supported by this version.
    now : datetime, optional
        Time of the reading, only to quarantine starts more than 24 h ahead of it; the clock's
        if not given. A naive one is UTC.

    Returns
    -------
    Archive
        Activities, ledger, and streams on demand. Every input has one row in the ledger.

    Raises
    ------
    ReadError
        If a path does not exist.
    SettingError
        If an `executor` is given.
    """
    if executor is not None:
        raise SettingError("this version reads in one process: leave executor out")
    athlete = athlete or Athlete()
    now_s = (now or datetime.now(UTC)).replace(tzinfo=(now or datetime.now(UTC)).tzinfo or UTC)
    inputs: list[_Input] = []
    seen: dict[str, str] = {}
    for source in walk(paths):
        inputs.append(_read_one(source, seen, athlete.home_zone, now_s.timestamp()))
        if progress:
            progress(len(inputs), source.name)
    _mark_repeated(inputs)
    return _archive(inputs, athlete)


def _read_one(source: Source, seen: dict[str, str], home_zone: str, now_s: float) -> _Input:
    """Read and judge one input; whatever goes wrong stays with this input."""
    done = _Input(source)
    try:
        if source.problem:
            raise source.problem
        kind = format_of(source.name, source.data)
        digest = content_hash(source.data)
        if kind and digest in seen:
            done.duplicate_of = seen[digest]
            return done
        seen.setdefault(digest, source.name)
        for place, found in enumerate(recordings(source.name, source.data)):
            _judge_one(done, found, kind, f"{digest[:12]}-{place}", home_zone, now_s)
    except FileProblem as problem:
        done.problems.append(problem)
    except Exception as error:  # the one boundary: a reader's bug must not hide the other files
        done.problems.append(_reader_bug(error))
    finally:
        done.source = Source(source.name, source.path, source.trail, notes=source.notes)
    return done


def _reader_bug(error: Exception) -> FileProblem:
    """Account for an error that no reader should raise, with the place where it was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return FileProblem(
        "quarantined",
        "reader-bug",
        f"loadmon failed on this file ({type(error).__name__} in {frame.name}, line "
        f"{frame.lineno}: {error}); please report it",
    )


def _judge_one(
    done: _Input,
    found: Recording | FileProblem,
    kind: str,
    activity_id: str,
    home_zone: str,
    now_s: float,
) -> None:
    """Add one activity of an input, or the reason why it is none."""
    if isinstance(found, FileProblem):
        done.problems.append(found)
        return
    try:
        recording = clean(found)
        numbers = judge(recording, now_s=now_s)
    except FileProblem as problem:
        done.problems.append(problem)
        return
    start = numbers.pop("start_s")
    flags = numbers["flags"]
    offset, tz_source = utc_offset_min(recording, start, home_zone)
    _note(flags, recording, kind, tz_source, done.source)
    done.candidates.append(_candidate(recording, start, numbers, kind, activity_id))
    done.rows.append(
        {
            "activity_id": activity_id,
            "start_utc": start,
            "date": start + 60 * offset,
            "utc_offset_min": offset,
            "tz_source": tz_source,
            "sport": recording.sport,
            "sub_sport": recording.sub_sport,
            "file": done.source.name,
            **numbers,
        }
    )


def _note(
    flags: dict[str, str], recording: Recording, kind: str, tz_source: str, source: Source
) -> None:
    """Add what only the whole knows: how it was packed, and whose calendar the day is from."""
    flags |= source.notes
    if ending_of(source.name) not in ("", kind):
        flags["ext-lies"] = f"called .{ending_of(source.name)}, read as {kind.upper()}"
    if kind == "fit" and tz_source == "home":  # the runner's own word fills in for the file
        flags.pop("tz-unknown", None)
    elif kind == "fit" and tz_source == "utc" and "tz-unknown" not in flags:
        flags["no-local-time"] = "the file tells no local time: its day is that of UTC"
    if not recording.sport:
        flags["sport-unknown"] = "the file names no sport: it is not counted as running"
    if not len(recording.time):
        flags["summary-only"] = "only a summary: no records"


def _candidate(
    recording: Recording, start: float, numbers: dict[str, Any], kind: str, activity_id: str
) -> Candidate:
    return Candidate(
        start_s=start,
        length_s=60 * numbers["elapsed_min"],
        distance_km=numbers["distance_km"],
        sport=recording.sport,
        format=kind,
        records=len(recording.time),
        activity_id=activity_id,
    )


def _mark_repeated(inputs: list[_Input]) -> None:
    """Take activities that repeat a richer one out of their inputs, and say so there."""
    places = [(done, i) for done in inputs for i in range(len(done.rows))]
    candidates = [done.candidates[i] for done, i in places]
    gone: dict[int, set[int]] = {}
    for i, (k, evidence) in repeated(candidates).items():
        done, row = places[i]
        other = places[k][0].rows[places[k][1]]
        problem = FileProblem(
            "duplicate", "near-duplicate", f"the same activity as {other['file']}: {evidence}"
        )
        done.problems.append(problem)
        gone.setdefault(id(done), set()).add(row)
    for done in inputs:
        rows = gone.get(id(done), set())
        done.rows = [r for i, r in enumerate(done.rows) if i not in rows]


def _archive(inputs: list[_Input], athlete: Athlete) -> Archive:
    """Put the frames together."""
    rows = sorted((r for done in inputs for r in done.rows), key=lambda r: r["start_utc"])
    files = pd.DataFrame([_ledger_row(done) for done in inputs], columns=list(FILE_COLUMNS))
    activities = _activities(rows)
    activities.attrs["unknown_days"] = _unknown_days(inputs, athlete)
    sources = {
        r["activity_id"]: (done.source, int(r["activity_id"].rsplit("-", 1)[1]))
        for done in inputs
        for r in done.rows
    }
    return Archive(activities, files.astype("str"), sources)


def _activities(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as the activities frame, with the same dtypes however few they are."""
    columns: dict[str, Any] = {name: [r[name] for r in rows] for name in ACTIVITY_COLUMNS}
    columns["flags"] = [",".join(sorted(flags)) for flags in columns["flags"]]
    columns["start_utc"] = _stamps(columns["start_utc"]).tz_localize("UTC")
    columns["date"] = _stamps(columns["date"]).normalize()
    return pd.DataFrame(
        {name: pd.Series(columns[name], dtype=dtype) for name, dtype in ACTIVITY_COLUMNS.items()}
    )


def _stamps(unix_s: list[float]) -> pd.DatetimeIndex:
    """Unix times to the microsecond."""
    return pd.DatetimeIndex(
        np.round(np.array(unix_s, np.float64) * 1e6).astype(np.int64).astype("datetime64[us]")
    )


def _unknown_days(inputs: list[_Input], athlete: Athlete) -> list[str]:
    """Local days that hold something that was recorded but cannot be counted."""
    days = {day.isoformat() for day in athlete.unknown_days}
    for done in inputs:
        for problem in done.problems:
            if problem.outcome == "quarantined" and problem.when == problem.when:
                offset, _ = utc_offset_min(Recording(), problem.when, athlete.home_zone)
                local = pd.Timestamp(problem.when + 60 * offset, unit="s")
                days.add(local.date().isoformat())
    return sorted(days)


#: Outcomes from bad to good: the first that applies to a part of an input is the input's.
_WORST = ("quarantined", "refused", "duplicate", "skipped")


def _ledger_row(done: _Input) -> dict[str, str]:
    """One outcome, its reasons and sentences for one input."""
    reasons: dict[str, str] = {}
    if done.duplicate_of:
        reasons["duplicate"] = f"the same bytes as {done.duplicate_of}"
    for problem in done.problems:
        reasons.setdefault(problem.reason, problem.detail)
    for row in done.rows:
        reasons |= row["flags"]
    return {
        "file": done.source.name,
        "outcome": _outcome(done, set(reasons)),
        "reason": ",".join(reasons),
        "detail": "; ".join(reasons.values()),
        "activity_id": ",".join(r["activity_id"] for r in done.rows),
    }


def _outcome(done: _Input, reasons: set[str]) -> str:
    """The one outcome of an input; partly read is flagged."""
    if done.duplicate_of:
        return "duplicate"
    if not done.rows:
        outcomes = {p.outcome for p in done.problems}
        return next(o for o in _WORST if o in outcomes)
    return "flagged" if reasons - _NOTES else "imported"
