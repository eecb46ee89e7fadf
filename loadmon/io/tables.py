"""From reconciled files to frames: one pass, every column at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import MARKED, PARTIAL, UNKNOWN_DAYS, UNREADABLE
from loadmon.io.exports.entry import SideFile
from loadmon.io.intensity import EFFORT_COLUMNS
from loadmon.io.load_columns import LOAD_COLUMNS
from loadmon.io.localtime import utc_offset_min
from loadmon.io.reconcile import Activity, FileResult
from loadmon.io.recording import LAST_S, OLDEST_S, SUMMARY_COLUMNS, Recording

_TIME = "datetime64[us]"

#: Columns of ``Archive.activities`` and their dtypes; units are in the names.
ACTIVITY_COLUMNS = {
    "activity_id": "str",
    "start_utc": "datetime64[us, UTC]",
    "date": _TIME,
    "utc_offset_min": "float64",
    "tz_source": "str",
    "sport": "str",
    "sub_sport": "str",
    "distance_km": "float64",
    "distance_source": "str",
    **dict.fromkeys(("duration_min", "elapsed_min", "elevation_gain_m", "descent_m"), "float64"),
    **dict.fromkeys(("avg_hr_bpm", "hr_coverage", "steps", "rpe", "srpe"), "float64"),
    **EFFORT_COLUMNS,
    **dict.fromkeys(LOAD_COLUMNS, "float64"),
    **dict.fromkeys(SUMMARY_COLUMNS, "float64"),
    "name": "str",
    "maker": "str",
    "file": "str",
    "flags": "str",
    UNKNOWN_DAYS: "str",
}
#: Columns of ``Archive.unknown_days``: one row a day and what makes it unknown.
UNKNOWN_COLUMNS = {"date": _TIME, "why": "str", "file": "str"}
#: Columns of ``Archive.issues``: one row an issue of an activity, codes in order of the alphabet.
ISSUE_COLUMNS = {"activity_id": "str", "code": "str", "text": "str"}
#: Columns of ``Archive.files``, all texts.
FILE_COLUMNS = ("file", "outcome", "reason", "detail", "activity_id", "date")
#: Columns of ``Archive.reasons``: one row a reason of a row of ``Archive.files``, in their order.
REASON_COLUMNS = {"row": "int64", "file": "str", "outcome": "str", "code": "str", "text": "str"}
#: Columns of ``Archive.sets``: one row a strength set.
SET_COLUMNS = {
    "activity_id": "str",
    "start_utc": "datetime64[us, UTC]",
    "category": "str",
    "exercise": "str",
    **dict.fromkeys(("repetitions", "duration_s", "weight_kg"), "float64"),
}
#: Columns of ``Archive.device_settings``: one row a file that says something of the runner.
DEVICE_SETTINGS_COLUMNS = {
    "date": _TIME,
    "file": "str",
    **dict.fromkeys(("resting_hr_bpm", "max_hr_bpm", "threshold_hr_bpm"), "float64"),
    **dict.fromkeys(("threshold_power_w", "mass_kg", "height_m"), "float64"),
    "sex": "str",
    "hr_zones_bpm": "object",
}
#: Columns of ``Archive.gear``: one row a pair of shoes or the like of one activity.
GEAR_COLUMNS = {"activity_id": "str", "gear": "str"}
#: Columns of ``Archive.pauses``: one row a time without training that the runner told a platform.
PAUSE_COLUMNS = {"from_day": _TIME, "until_day": _TIME, "reason": "str", "file": "str"}
#: Columns of ``Archive.exports``: one row a platform's own list.
EXPORT_COLUMNS = {
    "export": "str",
    **dict.fromkeys(("listed", "recorded", "unmatched"), "float64"),
    "file": "str",
}


def files_frame(results: list[FileResult], home_zone: str) -> pd.DataFrame:
    """Ledger: one row per input, its reasons joined by commas for readers outside."""
    rows = []
    for result in results:
        reasons = result.reasons()
        detail = result.side.detail if result.side else ""
        days = [day for day, _ in _lost_days(result, home_zone)]
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
    return _frame(rows, dict.fromkeys(FILE_COLUMNS, "str"))


def reasons_frame(results: Iterable[FileResult]) -> pd.DataFrame:
    """Reasons of the ledger, one a row."""
    rows = []
    for row, result in enumerate(results):
        one = {"row": row, "file": result.source.name, "outcome": result.outcome()}
        rows += [{**one, "code": code, "text": text} for code, text in result.reasons().items()]
    return _frame(rows, REASON_COLUMNS)


def activities_frame(activities: list[Activity]) -> pd.DataFrame:
    """Rows of activities, with the same dtypes however few they are."""
    no_slope = {"graded_speed_mps": np.nan, "normalized_graded_speed_mps": np.nan}
    no_slope["graded_coverage"] = 0.0
    rows = [
        {
            **activity.parsed.numbers,
            **({} if activity.parsed.sport == "running" else no_slope),
            "activity_id": activity.activity_id,
            "start_utc": activity.parsed.start,
            "date": activity.local_start,
            "utc_offset_min": activity.utc_offset_min,
            "tz_source": activity.tz_source,
            "sport": activity.parsed.sport,
            "sub_sport": activity.parsed.sub_sport,
            "name": activity.name,
            "maker": activity.parsed.maker,
            "file": activity.source.name,
            "flags": ",".join(sorted(activity.issues)),
        }
        for activity in activities
    ]
    return _frame(rows, ACTIVITY_COLUMNS)


def issues_frame(activities: list[Activity]) -> pd.DataFrame:
    """What is odd or worth knowing about activities, in their order."""
    rows = [
        {"activity_id": activity.activity_id, "code": code, "text": text}
        for activity in activities
        for code, text in sorted(activity.issues.items())
    ]
    return _frame(rows, ISSUE_COLUMNS)


def sets_frame(activities: list[Activity]) -> pd.DataFrame:
    """Strength sets in order of activities, then in file order."""
    rows = [
        {**one, "activity_id": activity.activity_id, "start_utc": one.get("start_s", np.nan)}
        for activity in activities
        for one in activity.parsed.sets
    ]
    return _frame(rows, SET_COLUMNS)


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
    return _frame(rows, DEVICE_SETTINGS_COLUMNS)


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
    return _frame(sorted(rows, key=lambda row: (row["from_day"], row["file"])), PAUSE_COLUMNS)


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
    return _frame(rows, EXPORT_COLUMNS)


def _sides(results: Iterable[FileResult]) -> list[tuple[str, SideFile]]:
    return [(result.source.name, result.side) for result in results if result.side]


def gear_frame(activities: list[Activity]) -> pd.DataFrame:
    """Shoes and the like, in order of activities."""
    rows = [{"activity_id": a.activity_id, "gear": name} for a in activities for name in a.gear]
    return _frame(rows, GEAR_COLUMNS)


def unknown_days_frame(results: Iterable[FileResult], athlete: Athlete) -> pd.DataFrame:
    """Local days that hold something that was recorded but cannot be counted, and why."""
    rows = [
        {"date": day, "why": why, "file": result.source.name}
        for result in results
        for day, why in _lost_days(result, athlete.home_zone)
    ]
    return with_marked_days(_days_frame(rows), athlete)


def with_marked_days(unknown: pd.DataFrame, athlete: Athlete) -> pd.DataFrame:
    """Unknown days with those that the runner marked."""
    marked = _days_frame(
        [{"date": day.isoformat(), "why": MARKED, "file": ""} for day in athlete.unknown_days]
    )
    if marked.empty:
        return unknown
    both = pd.concat([unknown, marked], ignore_index=True).drop_duplicates()
    return both.sort_values(["date", "why", "file"], ignore_index=True)


def _days_frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(UNKNOWN_COLUMNS)).astype(UNKNOWN_COLUMNS)
    return frame.drop_duplicates().sort_values(["date", "why", "file"], ignore_index=True)


def _iso_day(unix_s: float) -> str:
    return f"{pd.Timestamp(unix_s, unit='s'):%Y-%m-%d}"


def _lost_days(result: FileResult, home_zone: str) -> list[tuple[str, str]]:
    """Local days of what an input holds but cannot be counted, as far as known, and why."""
    days = []
    for problem in result.problems:
        if problem.outcome == "quarantined" and OLDEST_S <= problem.when < LAST_S:
            offset, _ = utc_offset_min(Recording(), problem.when, home_zone)
            days.append((_iso_day(problem.when + 60 * offset), UNREADABLE))
    partial = [a for a in result.activities if PARTIAL in a.issues]
    return days + [(_iso_day(activity.local_start), PARTIAL) for activity in partial]


def _frame(rows: list[dict[str, Any]], dtypes: dict[str, str]) -> pd.DataFrame:
    columns = {name: _column(rows, name, dtype) for name, dtype in dtypes.items()}
    return pd.DataFrame(columns)


def _column(rows: list[dict[str, Any]], name: str, dtype: str) -> Any:
    """One column; times come in Unix seconds, dates lose their time of day."""
    if dtype == "float64":
        return np.array([row.get(name, np.nan) for row in rows], np.float64)
    if dtype.startswith("datetime64"):
        stamps = _stamps([row[name] for row in rows])
        return stamps.tz_localize("UTC") if dtype.endswith("UTC]") else stamps.normalize()
    if dtype == "int64":
        return np.array([row[name] for row in rows], np.int64)
    missing = "" if dtype == "str" else None
    return pd.Series([row.get(name, missing) for row in rows], dtype=dtype)


def _stamps(unix_s: list[float]) -> pd.DatetimeIndex:
    seconds = np.array(unix_s, np.float64)
    micros = np.full(len(seconds), np.datetime64("NaT", "us"))
    known = ~np.isnan(seconds)
    micros[known] = np.round(seconds[known] * 1e6).astype(np.int64).astype(_TIME)
    return pd.DatetimeIndex(micros)
