"""Which recording an entry of a list belongs to, and what it adds: the limits, one by one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from strava_export import Row, strava_export
from vendor_exports import (
    apple_export,
    apple_route,
    apple_workout,
    garmin_activity,
    garmin_export,
    intervals_list,
    intervals_row,
    zipped,
)
from writers import activity_messages, run_fit, run_gpx, write_fit

from loadmon.io.archive import Archive
from loadmon.io.read import read

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def fit(km: float = 2.0, minutes: float = 12, **more: Any) -> bytes:
    asked = {"offset_min": 60, "step_s": 20, **more}
    return run_fit(START, distance_km=km, duration_min=minutes, **asked)


def archive_of(path: Path, members: dict[str, bytes]) -> Archive:
    file = path / "x.zip"
    file.write_bytes(zipped(members))
    return read(file, now=NOW, cache=False)


def listed(path: Path, *rows: dict[str, Any], **files: bytes) -> Archive:
    members = {f"{name}.fit": data for name, data in (files or {"a": fit()}).items()}
    return archive_of(path, {**members, "list.json": intervals_list(list(rows))})


# --- by start -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "activities"), [(0, 1), (5, 1), (-5, 1), (6, 2), (-6, 2)])
def test_another_sport_is_the_same_activity_only_at_the_same_start(
    tmp_path: Path, late: int, activities: int
) -> None:
    told = garmin_activity(1, START + late * SECOND, sport="cycling")
    archive = archive_of(tmp_path, garmin_export([told], {"x.fit": fit()}))
    assert len(archive.activities) == activities
    assert archive.activities["flags"].str.contains("sport-disagree").any() == (activities == 1)


@pytest.mark.parametrize(("minutes", "activities"), [(12.1, 1), (12.2, 2)])
def test_another_sport_must_last_as_long(tmp_path: Path, minutes: float, activities: int) -> None:
    told = garmin_activity(1, START, sport="cycling", minutes=minutes)
    archive = archive_of(tmp_path, garmin_export([told], {"x.fit": fit()}))
    assert len(archive.activities) == activities


# --- by name ------------------------------------------------------------------------------------


def test_a_name_that_two_folders_hold_tells_nothing(tmp_path: Path) -> None:
    far = START + dt.timedelta(days=3)
    row = Row(far + dt.timedelta(hours=2), "activities/a.fit", km=9, minutes=50, rpe=9)
    rows = strava_export([row], {})
    later = run_fit(far, offset_min=60, distance_km=3, duration_min=18)
    archive = archive_of(tmp_path, {**rows, "one/a.fit": fit(), "two/a.fit": later})
    assert archive.activities["rpe"].notna().sum() == 1
    assert archive.activities.set_index("rpe").loc[9, "distance_km"] == 9
    only = archive_of(tmp_path, {**rows, "one/a.fit": later})
    assert only.activities["distance_km"].tolist() == [3]


def test_of_the_parts_of_a_file_the_entry_means_the_nearest(tmp_path: Path) -> None:
    size: dict[str, Any] = {"offset_min": 60, "distance_km": 2, "duration_min": 12, "step_s": 20}
    later = START + dt.timedelta(minutes=20)
    first, second = activity_messages(START, **size), activity_messages(later, **size)
    both = [m for m in first if m[0] != "activity"] + [m for m in second if m[0] != "file_id"]
    rows = [Row(later, "activities/a.fit", rpe=8), Row(START, "activities/a.fit", rpe=3)]
    archive = archive_of(tmp_path, strava_export(rows, {"a.fit": write_fit(both)}))
    assert archive.activities["rpe"].tolist() == [3, 8]


# --- by day -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("km", "minutes", "activities"),
    [(2.6, 12, 1), (2.7, 12, 2), (1.5, 12, 1), (1.4, 12, 2), (2, 15.9, 1), (2, 16.1, 2),
     (2, 9.1, 1), (2, 8.9, 2), (None, 12, 1)],
)  # fmt: skip
def test_a_day_and_a_quarter_of_distance_and_time(
    tmp_path: Path, km: float | None, minutes: float, activities: int
) -> None:
    row = intervals_row(1, START.date(), km=km, minutes=minutes)
    assert len(listed(tmp_path, row).activities) == activities


def test_another_sport_of_that_day_is_another_activity(tmp_path: Path) -> None:
    assert len(listed(tmp_path, intervals_row(1, START.date(), sport="Ride")).activities) == 2
    assert len(listed(tmp_path, intervals_row(1, START.date(), sport="Zumba")).activities) == 1


def test_the_nearest_pairs_are_matched_first(tmp_path: Path) -> None:
    evening = run_fit(
        START + dt.timedelta(hours=9), offset_min=60, distance_km=2.4, duration_min=14, step_s=20
    )
    rows = [intervals_row(n, START.date(), km=km, minutes=m, rpe=n)
            for n, km, m in ((3, 2.4, 14), (4, 2.0, 12), (5, 2.2, 13))]  # fmt: skip
    archive = listed(tmp_path, *rows, a=fit(), b=evening)
    told = archive.activities.set_index("rpe")["distance_km"]
    assert (told[3], told[4], told[5]) == (2.4, 2.0, 2.2)


# --- what is compared ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("km", "minutes", "list_km", "list_minutes", "flagged"),
    [(20, 120, 20.8, 120, False), (20, 120, 21.2, 120, True), (20, 120, 20, 125, False),
     (20, 120, 20, 127, True), (1, 10, 1.09, 10, False), (1, 10, 1.11, 10, True),
     (1, 10, 1, 11.9, False), (1, 10, 1, 12.1, True)],
)  # fmt: skip
def test_how_far_a_list_may_be_from_the_recording(
    tmp_path: Path, km: float, minutes: float, list_km: float, list_minutes: float, flagged: bool
) -> None:
    row = Row(START, "activities/a.fit", km=list_km, minutes=list_minutes)
    archive = archive_of(tmp_path, strava_export([row], {"a.fit": fit(km, minutes)}))
    assert ("list-disagree" in archive.activities["flags"][0]) is flagged
    assert archive.activities["distance_km"].tolist() == [km]


@pytest.mark.parametrize(("told", "flagged"), [(5, False), (5.9, False), (6, True), (4, True)])
def test_how_far_effort_may_be_from_the_recordings(
    tmp_path: Path, told: float, flagged: bool
) -> None:
    row = Row(START, "activities/a.fit", rpe=told)
    archive = archive_of(tmp_path, strava_export([row], {"a.fit": fit(rpe=5)}))
    assert ("rpe-disagree" in archive.activities["flags"][0]) is flagged
    assert archive.activities["rpe"].tolist() == [5]


def test_a_ride_that_a_list_calls_a_run_does_not_become_one(tmp_path: Path) -> None:
    fast = run_gpx(START, distance_km=20, duration_min=12, step_s=20)
    bare = fast.replace(b"<type>running</type>", b"")
    row = Row(START, "activities/a.gpx", km=5, minutes=25)
    archive = archive_of(tmp_path, strava_export([row], {"a.gpx": bare}))
    runs = archive.activities[archive.activities["sport"] == "running"]
    assert runs.empty
    assert "sport-disagree" in archive.files["reason"].str.cat()


def test_a_sport_from_a_list_is_no_longer_unknown(tmp_path: Path) -> None:
    workout = apple_workout(START, route="/workout-routes/r.gpx")
    archive = archive_of(tmp_path, apple_export([workout], {"r.gpx": apple_route(START)}))
    assert archive.activities["flags"].tolist() == ["from-list"]


def test_a_list_of_days_tells_no_local_time(tmp_path: Path) -> None:
    data = run_gpx(START, distance_km=2, duration_min=12, step_s=20)
    row = intervals_row(1, START.date())
    archive = archive_of(tmp_path, {"a.gpx": data, "list.json": intervals_list([row])})
    assert archive.activities["tz_source"].tolist() == ["utc"]
    told = garmin_activity(1, START)
    archive = archive_of(tmp_path, garmin_export([told], {"a.gpx": data}))
    assert archive.activities["tz_source"].tolist() == ["list"]
    assert np.isnan(archive.activities["rpe"][0])


def test_entries_of_one_number_have_rows_of_their_own(tmp_path: Path) -> None:
    rows = [garmin_activity(7, START + dt.timedelta(days=n)) for n in range(3)]
    archive = archive_of(tmp_path, garmin_export(rows, {}))
    assert archive.files["file"].is_unique
    assert [f.rsplit("!", 1)[1] for f in archive.activities["file"]] == ["7", "7 (2)", "7 (3)"]


def test_a_word_that_recordings_use_for_two_sports_teaches_nothing(tmp_path: Path) -> None:
    days = [START + dt.timedelta(days=n) for n in range(3)]
    rows = [
        Row(days[0], "activities/a.fit", sport="Zzz"),
        Row(days[1], "activities/b.fit", sport="Zzz"),
    ]
    rows.append(Row(days[2], km=7, minutes=40, sport="Zzz"))
    run = run_fit(days[0], offset_min=60, distance_km=2, duration_min=12)
    ride = write_fit(
        activity_messages(days[1], offset_min=60, distance_km=2, duration_min=12, sport="cycling")
    )
    archive = archive_of(tmp_path, strava_export(rows, {"a.fit": run, "b.fit": ride}))
    assert archive.activities["sport"].tolist() == ["running", "cycling", ""]
    archive = archive_of(tmp_path, strava_export([rows[0], rows[2]], {"a.fit": run}))
    assert archive.activities["sport"].tolist() == ["running", "running"]
