"""From reconciled files to frames: one pass, every column at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import DATE_DOUBTFUL, LIST_UNREAD, NO_SPORT, PARTIAL, UNREADABLE
from loadmon.errors import FileProblem, ReadError
from loadmon.io import archive as archives
from loadmon.io.clean import clean
from loadmon.io.exports.cells import SideFile
from loadmon.io.formats import format_of, recordings, salvaged
from loadmon.io.load_columns import IntensityHistograms
from loadmon.io.localtime import utc_offset_min
from loadmon.io.parse import RESCUED, Numbers
from loadmon.io.reconcile import Activity, FileResult, key_for
from loadmon.io.recording import LAST_S, OLDEST_S, ON_FOOT, RUNNING, Recording, Source
from loadmon.io.sources import content_hash, load

_EPOCH_DAY = date(1970, 1, 1).toordinal()


def files_frame(results: list[FileResult], home_zone: str) -> pd.DataFrame:
    """Ledger: one row per input, its reasons joined by commas for readers outside."""
    rows = []
    for result in results:
        reasons = result.reasons()
        detail = result.side.detail if result.side else ""
        days = [day for day, _ in _lost_days(result, home_zone)]
        if any(len(problem.days) > 1 for problem in result.problems):
            days = []  # no one day
        if result.activities:
            days = [_iso_day(result.activities[0].local_start)]
        row = {
            "file": result.source.name,
            "outcome": result.outcome(),
            "reason": ",".join(reasons),
            "detail": "; ".join(filter(None, [detail, *reasons.values()])),
            "activity_id": ",".join(a.activity_id for a in result.activities),
            "date": min(days, default=""),
        }
        rows.append(row)
    return archives.unix_table(rows, dict.fromkeys(archives.FILE_COLUMNS, "str"))


def reasons_frame(results: Iterable[FileResult]) -> pd.DataFrame:
    """Reasons of the ledger, one a row."""
    rows = []
    for row, result in enumerate(results):
        one = {"row": row, "file": result.source.name, "outcome": result.outcome()}
        rows += [{**one, "code": code, "text": text} for code, text in result.reasons().items()]
    return archives.unix_table(rows, archives.REASON_COLUMNS)


def activities_frame(activities: list[Activity]) -> pd.DataFrame:
    """Rows of activities, with the same dtypes however few they are."""
    parsed = [activity.parsed for activity in activities]
    columns = _number_columns([one.numbers for one in parsed])
    sports = [one.sport for one in parsed]
    is_run = np.array([sport == RUNNING for sport in sports], bool)
    has_steps = np.array([*map(_has_steps, sports, columns["steps_source"])], bool)
    for name in ("graded_speed_mps", "normalized_graded_speed_mps"):
        columns[name][~is_run] = np.nan
    columns["graded_coverage"][~is_run] = 0.0
    columns["steps"][~has_steps] = np.nan
    columns["steps_source"][~has_steps] = ""
    columns |= {
        "activity_id": [activity.activity_id for activity in activities],
        "start_utc": [one.start for one in parsed],
        "date": [activity.local_start for activity in activities],
        "utc_offset_min": [activity.utc_offset_min for activity in activities],
        "tz_source": [activity.tz_source for activity in activities],
        "sport": sports,
        "sub_sport": [one.sub_sport for one in parsed],
        "name": [activity.name for activity in activities],
        "maker": [one.maker for one in parsed],
        "file": [activity.source.name for activity in activities],
        "flags": [",".join(sorted(activity.issues)) for activity in activities],
    }
    return archives.unix_frame(columns, archives.ACTIVITY_COLUMNS, len(activities))


def _number_columns(given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Columns of what activities know of `ACTIVITY_COLUMNS`; of equal names all rows at once."""
    dtypes = archives.ACTIVITY_COLUMNS
    columns: dict[str, Any] = {
        name: np.full(len(given), np.nan if dtype == "float64" else "", dtype.replace("str", "O"))
        for name, dtype in dtypes.items()
        if "datetime" not in dtype
    }
    numbers = [Numbers.of(one) for one in given]
    alike: dict[int, list[int]] = {}
    for row, one in enumerate(numbers):
        alike.setdefault(id(one.places), []).append(row)
    for rows in alike.values():
        floats = np.frombuffer(b"".join([numbers[row].floats for row in rows]))
        table = floats.reshape(len(rows), -1)
        for name, place in numbers[rows[0]].places.items():
            if dtypes.get(name) == "float64":
                columns[name][rows] = table[:, place]
    for row, one in enumerate(numbers):
        for name, value in one.others.items():
            if name in columns:
                columns[name][row] = value
    return columns


def _has_steps(sport: str, source: str) -> bool:
    """Whether what counts as steps are some; of an unknown sport those that a file calls so."""
    return sport in ON_FOOT or (not sport and source == "session")


def issues_frame(activities: list[Activity]) -> pd.DataFrame:
    """What is odd or worth knowing about activities, in their order."""
    rows = [
        {"activity_id": activity.activity_id, "code": code, "text": text}
        for activity in activities
        for code, text in sorted(activity.issues.items())
    ]
    return archives.unix_table(rows, archives.ISSUE_COLUMNS)


def sets_frame(activities: list[Activity]) -> pd.DataFrame:
    """Strength sets in order of activities, then in file order."""
    rows = [
        {**one, "activity_id": activity.activity_id, "start_utc": one.get("start_s", np.nan)}
        for activity in activities
        for one in activity.parsed.sets
    ]
    return archives.unix_table(rows, archives.SET_COLUMNS)


def device_settings_frame(
    activities: list[Activity], results: Iterable[FileResult] = ()
) -> pd.DataFrame:
    """What recordings and platforms' lists reveal of the runner, in order of time."""
    rows = [
        {**a.parsed.device_settings, "date": a.local_start, "file": a.source.name}
        for a in activities
        if a.parsed.device_settings
    ]
    rows += [
        {**values, "date": _day_s(str(values.get("day", ""))), "file": file}
        for file, side in _sides(results)
        for values in side.device_settings
    ]
    rows.sort(key=lambda row: (row["date"] != row["date"], row["date"], row["file"]))
    return archives.unix_table(rows, archives.DEVICE_SETTINGS_COLUMNS)


def _day_s(day: str) -> float:
    """Unix time of an ISO day at midnight; NaN for none. [s]"""
    return float(np.datetime64(day, "s").astype(np.int64)) if day else np.nan


def pauses_frame(results: Iterable[FileResult]) -> pd.DataFrame:
    """Times without training that the runner told a platform, in order."""
    rows = [
        {
            "from_day": _day_s(pause.from_day),
            "until_day": _day_s(pause.until_day),
            "reason": pause.reason,
            "file": file,
        }
        for file, side in _sides(results)
        for pause in side.pauses
    ]
    return archives.unix_table(
        sorted(rows, key=lambda row: (row["from_day"], row["file"])), archives.PAUSE_COLUMNS
    )


def exports_frame(results: Iterable[FileResult]) -> pd.DataFrame:
    """Platforms' lists: how many activities each names, and where their recordings are."""
    rows = [
        {
            "export": side.export,
            "listed": len(side.entries),
            "recorded": side.recorded,
            "unmatched": side.unmatched,
            "file": file,
        }
        for file, side in _sides(results)
    ]
    return archives.unix_table(rows, archives.EXPORT_COLUMNS)


def _sides(results: Iterable[FileResult]) -> list[tuple[str, SideFile]]:
    return [(result.source.name, result.side) for result in results if result.side]


def gear_frame(activities: list[Activity]) -> pd.DataFrame:
    """Shoes and the like, in order of activities."""
    rows = [{"activity_id": a.activity_id, "gear": name} for a in activities for name in a.gear]
    return archives.unix_table(rows, archives.GEAR_COLUMNS)


def unknown_days_frame(results: Iterable[FileResult], athlete: Athlete) -> pd.DataFrame:
    """Local days that hold something that was recorded but cannot be counted, and why."""
    rows = [
        {"date": day, "why": why, "file": result.source.name}
        for result in results
        for day, why in _lost_days(result, athlete.home_zone)
    ]
    return archives.with_marked_days(archives.days_frame(rows), athlete)


def _iso_day(unix_s: float) -> str:
    return date.fromordinal(_EPOCH_DAY + int(unix_s // 86_400)).isoformat()


def _lost_days(result: FileResult, home_zone: str) -> list[tuple[str, str]]:
    """Local days of what an input holds but cannot be counted, as far as known, and why."""
    days = []
    for problem in result.problems:
        if problem.days:
            why = LIST_UNREAD if problem.reason == "list-unread" else UNREADABLE
            days += [(day, why) for day in problem.days]
        if problem.outcome == "quarantined" and OLDEST_S <= problem.when < LAST_S:
            offset, _ = utc_offset_min(Recording(), problem.when, home_zone)
            days.append((_iso_day(problem.when + 60 * offset), UNREADABLE))
    for activity in result.activities:
        if PARTIAL in activity.issues:
            days.append((_iso_day(activity.local_start), PARTIAL))
        if DATE_DOUBTFUL in activity.issues:
            days.append((_iso_day(activity.local_start), DATE_DOUBTFUL))
        if not activity.parsed.sport:
            days.append((_iso_day(activity.local_start), NO_SPORT))
    return days


def _answer(activities: Iterable[Activity], athlete: Athlete) -> None:
    """Give recordings that name no sport the runner's answer."""
    answers = athlete.unknown_sport
    if isinstance(answers, str):
        answers = {"": answers} if answers else {}
    for activity in activities if answers else ():
        parsed = activity.parsed
        key = key_for(answers, activity.source.name, activity.format, parsed.maker)
        if not parsed.sport and key in answers:
            sport = answers[key]
            activity.parsed = replace(parsed, sport=sport)
            activity.issues.pop("sport-unknown", None)
            activity.issues["sport-inferred"] = "its sport is the runner's own word"


def build_archive(
    results: list[FileResult], athlete: Athlete, stream: Callable[[Source, str], pd.DataFrame]
) -> archives.Archive:
    """Put the frames of reconciled files together; loads are added by `Archive.with_athlete`."""
    kept = [activity for result in results for activity in result.activities]
    kept.sort(key=lambda a: a.parsed.start)
    _answer(kept, athlete)
    histograms = IntensityHistograms([a.parsed.histograms for a in kept])
    sources = {a.activity_id: a.source for a in kept}
    runs = (activity for activity in kept if activity.parsed.sport == RUNNING)
    minutes = archives.MinutesOf({run.activity_id: run.parsed.minutes for run in runs})
    archive = archives.Archive(
        activities=activities_frame(kept),
        files=files_frame(results, athlete.home_zone),
        athlete=athlete,
        issues=issues_frame(kept),
        reasons=reasons_frame(results),
        sets=sets_frame(kept),
        device_settings=device_settings_frame(kept, results),
        gear=gear_frame(kept),
        pauses=pauses_frame(results),
        exports=exports_frame(results),
        unknown_days=unknown_days_frame(results, athlete),
        _details=archives.Details.loaded(sources, histograms, minutes, stream),
    )
    return archive.with_athlete(athlete)


def read_stream(source: Source, activity_id: str) -> pd.DataFrame:
    """Read the stream of an activity from its file again, by its position in it."""
    position = activity_id.rsplit("-", 1)[1]
    try:
        data = load(source)
        recording: Recording | FileProblem | None = None
        if activity_id.startswith(content_hash(data)[:12]):
            if position.startswith(RESCUED):
                rescued = salvaged(format_of(source.name, data), data)
                recording = rescued[int(position.removeprefix(RESCUED))]
            else:
                recording = recordings(source.name, data)[int(position)]
    except FileProblem as problem:
        raise ReadError(f"{source.name}: {problem.detail}") from None
    if not isinstance(recording, Recording):
        raise ReadError(f"{source.name}: the file has changed; read the archive again")
    cleaned = clean(recording)
    return archives.stream_frame(cleaned.time, cleaned.streams)
