"""Exports read from the beginning of loadmon: a history comes back, a lost column is named."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_exports import ZONES, Did, made_history, runs_of, zipped
from polar_export import polar_session
from strava_export import Row, activities_csv, strava_export
from vendor_exports import (
    apple_export,
    apple_workout,
    garmin_activity,
    garmin_export,
    intervals_list,
    intervals_row,
    suunto_json,
)
from writers import run_fit

from loadmon.athlete import Athlete
from loadmon.io.archive import Archive
from loadmon.io.read import read

Members = dict[str, bytes]
_SPORTS = {"walk": "walking", "ride": "cycling"}
_GARMIN = {"trail": "trail_running", "treadmill": "treadmill_running", **_SPORTS}


def sport_of(did: Did) -> str:
    return _SPORTS.get(did.sport, "running")


def strava(history: Sequence[Did], language: str = "en") -> Members:
    """Strava's list, and a FIT file of each run that was recorded."""
    files = {
        f"{n}.fit": run_fit(
            did.start, offset_min=did.offset_s // 60, distance_km=did.metres / 1000,
            duration_min=did.seconds / 60, step_s=120,
        )
        for n, did in enumerate(history)
        if did.sport in ("run", "trail") and did.has_track
    }  # fmt: skip
    rows = [
        Row(did.start, f"activities/{n}.fit" if f"{n}.fit" in files else "",
            km=did.metres / 1000, minutes=did.seconds / 60, sport=sport_of(did))
        for n, did in enumerate(history)
        if did.sport not in ("walk",)
    ]  # fmt: skip
    return strava_export(rows, files, language=language)


def garmin(history: Sequence[Did]) -> Members:
    """Garmin's account export with its list alone."""
    return garmin_export(
        [
            garmin_activity(
                n, did.start, offset_min=did.offset_s // 60, km=did.metres / 1000,
                minutes=did.seconds / 60, sport=_GARMIN.get(did.sport, "running"),
            )
            for n, did in enumerate(history, 1)
        ],
        {},
    )  # fmt: skip


def apple(history: Sequence[Did], era: int = 16, unit: str = "km") -> Members:
    """Apple's export; each workout tells its zone."""
    return apple_export(
        [
            apple_workout(
                did.start, km=did.metres / 1000, minutes=did.seconds / 60, unit=unit, era=era,
                sport={"walk": "Walking", "ride": "Cycling"}.get(did.sport, "Running"),
                zone=did.zone,
            )
            for did in history
        ]
    )  # fmt: skip


def polar(history: Sequence[Did], shape: str = "new") -> Members:
    """Polar's sessions."""
    names = _SPORTS if shape == "old" else {"walk": "3", "ride": "2"}
    return {
        f"training-session-{n}.json": polar_session(
            did.start, offset_min=did.offset_s // 60, km=did.metres / 1000,
            minutes=did.seconds / 60, shape=shape, sport=names.get(did.sport, "running"),
        )
        for n, did in enumerate(history)
    }  # fmt: skip


def suunto(history: Sequence[Did]) -> Members:
    """Suunto's files, of zones whose offset is whole hours."""
    return {
        f"{n}.json": suunto_json(
            did.start, offset=f"{did.offset_s // 3600:+03d}:00", km=did.metres / 1000,
            minutes=did.seconds / 60,
        )
        for n, did in enumerate(history)
        if did.is_run and not did.offset_s % 3600
    }  # fmt: skip


def intervals(history: Sequence[Did]) -> Members:
    """A list of intervals.icu, which tells the day alone."""
    words = {"trail": "TrailRun", "treadmill": "VirtualRun", "walk": "Walk", "ride": "Ride"}
    rows = [
        intervals_row(
            n, did.local.date(), km=did.metres / 1000, minutes=did.seconds / 60,
            sport=words.get(did.sport, "Run"),
        )
        for n, did in enumerate(history)
    ]  # fmt: skip
    return {"list.json": intervals_list(rows)}


def intervals_local(history: Sequence[Did]) -> Members:
    """The list in the shape of its interface: local times, seconds and metres."""
    words = {"trail": "TrailRun", "walk": "Walk", "ride": "Ride"}
    rows = [
        {"id": f"i{n}", "start_date_local": f"{did.local:%Y-%m-%dT%H:%M:%S}",
         "type": words.get(did.sport, "Run"), "moving_time": did.seconds,
         "elapsed_time": did.seconds, "distance": did.metres,
         "icu_training_load": 40, "icu_ftp": 250}
        for n, did in enumerate(history)
    ]  # fmt: skip
    return {"list.json": json.dumps(rows).encode()}


def nike(history: Sequence[Did]) -> Members:
    """Nike's activities, all of them runs."""
    rows = [
        {"id": f"n{n}", "type": "run", "app_id": "x", "metrics": [], "start_epoch_ms": did.ms,
         "end_epoch_ms": did.ms + 1000 * did.seconds, "active_duration_ms": 1000 * did.seconds,
         "summaries": [{"metric": "distance", "summary": "total", "value": did.metres / 1000}]}
        for n, did in enumerate(history)
        if did.is_run
    ]  # fmt: skip
    return {"activities.json": json.dumps({"activities": rows}).encode()}


def endomondo(history: Sequence[Did]) -> Members:
    """Endomondo's file for each workout."""
    words = {"walk": "WALKING", "ride": "CYCLING_SPORT"}
    return {
        f"Workouts/{did.start:%Y-%m-%d %H_%M_%S}.0.json": json.dumps(
            [{"sport": words.get(did.sport, "RUNNING")}, {"source": "TRACK_MOBILE"},
             {"created_date": f"{did.start:%Y-%m-%d %H:%M:%S}.0"},
             {"start_time": f"{did.start:%Y-%m-%d %H:%M:%S}.0"},
             {"end_time": f"{did.end:%Y-%m-%d %H:%M:%S}.0"},
             {"duration_s": did.seconds}, {"distance_km": did.metres / 1000}]
        ).encode()
        for did in history
    }  # fmt: skip


def runningahead(history: Sequence[Did], unit: str = "Mile") -> Members:
    """RunningAHEAD's log."""
    header = (
        "Date\tTimeOfDay\tType\tSubType\tDistance\tDistanceUnit\tDuration\tAvgHR\tMaxHR\tCourse"
    )
    words, one = {"walk": "Walk", "ride": "Bike"}, {"Mile": 1609.344, "Kilometer": 1000.0}[unit]
    rows = [
        f"{did.local:%Y-%m-%d}\t\t{words.get(did.sport, 'Run')}\t\t{did.metres / one:.4f}\t{unit}"
        f"\t{dt.timedelta(seconds=did.seconds)}\t148\t\tx"
        for did in history
    ]
    return {"log.txt": "\n".join([header, *rows]).encode()}


WRITERS: Mapping[str, Callable[[Sequence[Did]], Members]] = {
    **{f"strava {x}": lambda h, x=x: strava(h, x) for x in ("en", "de", "ja", "xx")},  # type: ignore[misc]
    "garmin": garmin,
    "apple": apple,
    "apple up to iOS 15, in miles": lambda h: apple(h, 14, "mi"),
    "polar": polar,
    "polar, old": lambda h: polar(h, "old"),
    "suunto": suunto,
    "intervals": intervals,
    "intervals, local": intervals_local,
    "nike": nike,
    "endomondo": endomondo,
    "runningahead": runningahead,
    "runningahead in km": lambda h: runningahead(h, "Kilometer"),
}
#: Seconds of an activity are enough for those that write each second.
_SHORT = ("polar", "polar, old")


def history_for(form: str, seed: int, zone: str) -> list[Did]:
    """A history that the form can tell."""
    days = 12 if form in _SHORT else 30
    made = made_history(seed, zone, days)
    if form == "suunto":
        made = [did for did in made if did.is_run and not did.offset_s % 3600]
    if form == "nike":
        made = [did for did in made if did.is_run]
    return made


def read_members(folder: Path, members: Members, zone: str) -> Archive:
    path = folder / "export.zip"
    path.write_bytes(zipped(members))
    return read(path, athlete=Athlete(home_zone=zone), cache=False)


def summary(archive: Archive) -> tuple[int, float, float, list[str]]:
    """Runs, kilometres, minutes and local days."""
    runs = archive.activities[archive.activities["sport"] == "running"]
    days = sorted(runs["date"].dt.strftime("%Y-%m-%d"))
    return len(runs), runs["distance_km"].sum(), runs["duration_min"].sum(), days


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=examples(0.08))
@given(seed=st.integers(0, 10**6), zone=st.sampled_from([*ZONES]))
def test_a_history_comes_back_from_the_form_of_a_platform(
    tmp_path_factory: pytest.TempPathFactory, form: str, seed: int, zone: str
) -> None:
    history = history_for(form, seed, zone)
    archive = read_members(tmp_path_factory.mktemp("export"), WRITERS[form](history), zone)
    runs, km, minutes, days = summary(archive)
    want = runs_of(history)
    assert runs == want[0], archive.files[["file", "outcome", "reason"]].to_string()
    assert km == pytest.approx(want[1], rel=0.006)
    assert minutes == pytest.approx(want[2], rel=0.01)
    assert days == want[3]


# --- a column or key that is not there: the same, or a sentence that names it ---------------------

#: Main file of each form by the end of its name.
_LISTS = {
    "strava en": "activities.csv",
    "garmin": "summarizedActivities.json",
    "intervals": ".json",
    "intervals, local": ".json",
    "nike": ".json",
    "endomondo": ".json",
    "runningahead": ".txt",
}


def rows_in(value: Any) -> list[dict[str, Any]]:
    """Objects of a list, however deep it lies."""
    if isinstance(value, dict):
        value = [value]
    rows = [row for row in value if isinstance(row, dict)]
    for row in rows:
        for name in ("summarizedActivitiesExport", "activities"):
            if name in row:
                return rows_in(row[name])
    return rows


def names_in(data: bytes) -> list[str]:
    """Columns of a table, or keys of the objects of JSON."""
    if data[:1] in (b"[", b"{"):
        return [*dict.fromkeys(name for row in rows_in(json.loads(data)) for name in row)]
    header = data.decode().splitlines()[0]
    return [*dict.fromkeys(header.split("\t") if "\t" in header else next(csv.reader([header])))]


def without(data: bytes, name: str, instead: str) -> bytes:
    """The same file with a column or key taken out, or called otherwise."""
    if data[:1] in (b"[", b"{"):
        value = json.loads(data)
        for row in rows_in(value):
            if name in row:
                found = row.pop(name)
                if instead:
                    row[instead] = found
        return json.dumps(value).encode()
    delimiter = "\t" if b"\t" in data.splitlines()[0] else ","
    rows = [*csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)]
    gone = [n for n, title in enumerate(rows[0]) if title == name]
    for n, row in enumerate(rows):
        for at in reversed(gone):
            if instead:
                row[at] = instead if not n else row[at]
            else:
                del row[at]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("form", _LISTS)
def test_a_list_that_lacks_a_column_says_which_or_needs_it_not(tmp_path: Path, form: str) -> None:
    """One column is not there, the next has another name, by turns."""
    history = history_for(form, 11, "Asia/Kolkata")
    members = WRITERS[form](history)
    if form.startswith("strava"):  # the list alone, as its recordings tell all that it lacks
        rows = [Row(d.start, km=d.metres / 1000, minutes=d.seconds / 60) for d in history]
        members = {"activities.csv": activities_csv(rows, "en", 60)}
    lists = [name for name in members if name.endswith(_LISTS[form])]
    wanted = summary(read_members(tmp_path, members, "Asia/Kolkata"))
    for n, column in enumerate(names_in(members[lists[0]])):
        instead = "" if n % 2 else "Something Else"
        changed = members | {name: without(members[name], column, instead) for name in lists}
        archive = read_members(tmp_path, changed, "Asia/Kolkata")
        found = summary(archive)
        is_same = found[0] == wanted[0] and found[3] == wanted[3]
        is_same &= found[1:3] == pytest.approx(wanted[1:3], rel=0.01)
        said = archive.reasons["text"].str.contains(column, regex=False).any()
        assert is_same or said, (column, found, archive.reasons.to_string())
