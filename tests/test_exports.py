"""Whole exports: what lists say is added to recordings, and nothing is lost or counted twice."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from corpus import corpus_folder
from made import unknown_days
from polar_export import polar_session
from strava_export import Row, strava_export
from vendor_exports import (
    apple_export,
    apple_route,
    apple_workout,
    garmin_activity,
    garmin_export,
    intervals_list,
    intervals_row,
    suunto_json,
    zipped,
)
from writers import (
    activity_messages,
    run_fit,
    run_gpx,
    run_tcx,
    settings_fit,
    strength_fit,
    write_fit,
)

from loadmon.athlete import Athlete
from loadmon.io import parse
from loadmon.io.archive import ISSUE_COLUMNS, REASON_COLUMNS, Archive
from loadmon.io.quality import Assessment
from loadmon.io.read import read
from loadmon.io.recording import Recording

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)  # a Monday
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
SIZE: dict[str, Any] = {"distance_km": 2.0, "duration_min": 12, "step_s": 20}
NASTY = Path(__file__).parent.parent.parent / "shared" / "nasty"


def day(n: float) -> dt.datetime:
    return START + dt.timedelta(days=n)


def fit(n: float = 0, **changes: Any) -> bytes:
    return run_fit(day(n), **{"offset_min": 60, **SIZE, **changes})


def gpx(n: float = 0, **changes: Any) -> bytes:
    return run_gpx(day(n), **{**SIZE, **changes})


def read_members(path: Path, members: dict[str, bytes], **asked: Any) -> Archive:
    file = path / "export.zip"
    file.write_bytes(zipped(members))
    return read(file, now=NOW, **asked)


def rows_of(archive: Archive) -> dict[str, tuple[str, str]]:
    """Outcome and reason by the last part of the name."""
    rows = archive.files.itertuples()
    return {
        str(r.file).split("!", 1)[-1].rsplit("/", 1)[-1]: (str(r.outcome), str(r.reason))
        for r in rows
    }


def activity(archive: Archive, end: str) -> dict[str, Any]:
    frame = archive.activities
    (found,) = frame[frame["file"].str.endswith(end)].to_dict("records")
    return {str(k): v for k, v in found.items()}


# --- Strava -------------------------------------------------------------------------------------


def test_a_strava_export_counts_every_activity_once(tmp_path: Path) -> None:
    rows = [
        Row(day(0), "activities/1001.fit.gz", gear="Road One", rpe=6, name="Lunch"),
        Row(day(1), "activities/1002.gpx"),
        Row(day(2), km=5.0, minutes=30, name="Forgot the watch"),
        Row(day(3), "#error#", km=4.0, minutes=24),
        Row(day(4), "activities/1005.fit.gz", km=3.0, minutes=18),
    ]
    files = {"1001.fit.gz": fit(0), "1002.gpx": gpx(1)}
    archive = read_members(tmp_path, strava_export(rows, files))
    assert rows_of(archive) == {
        "activities.csv": ("flagged", "csv-row"),
        "activities.csv!row 4": ("imported", "summary-only,tz-inferred"),
        "activities.csv!row 5": ("flagged", "csv-row,summary-only,tz-inferred"),
        "activities.csv!row 6": ("flagged", "summary-only,csv-row,tz-inferred"),
        "1001.fit.gz": ("imported", "from-list"),
        "1002.gpx": ("imported", "no-local-time"),
        "profile.csv": ("skipped", "not-activity"),
        "shoes.csv": ("skipped", "not-activity"),
    }
    assert archive.activities["distance_km"].tolist() == pytest.approx([2, 2, 5, 4, 3], abs=0.03)
    assert set(archive.activities["sport"]) == {"running"}
    first = activity(archive, "1001.fit.gz")
    assert (first["rpe"], first["srpe"], first["name"]) == (6, 72, "Lunch")
    assert archive.gear["gear"].tolist() == ["Road One"]
    by_hand = activity(archive, "row 4")
    assert (by_hand["distance_source"], by_hand["duration_min"]) == ("list", 30)
    assert archive.records(by_hand["activity_id"]).empty


@pytest.mark.parametrize("language", ["en", "de", "ja", "old", "xx"])
@pytest.mark.parametrize("as_folder", [False, True])
def test_the_same_export_in_other_languages_and_unpacked(
    tmp_path: Path, language: str, as_folder: bool
) -> None:
    rows = [Row(day(n), f"activities/{n}.fit.gz", gear="Shoe") for n in range(3)]
    rows.append(Row(day(14), km=7, minutes=42))
    members = strava_export(rows, {f"{n}.fit.gz": fit(n) for n in range(3)}, language=language)
    if as_folder:
        for name, data in members.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)
        archive = read(tmp_path, now=NOW)
    else:
        archive = read_members(tmp_path, members)
    assert archive.activities["distance_km"].tolist() == [2, 2, 2, 7]
    assert archive.activities["date"].dt.day.tolist() == [2, 3, 4, 16]
    assert archive.gear["gear"].tolist() == ["Shoe"] * 3
    # In nobody's language the word for running is learnt from the recordings called by it.
    assert archive.activities["sport"].tolist() == ["running"] * 4
    assert ("sport-inferred" in activity(archive, "row 5")["flags"]) is (language == "xx")


def test_a_file_unpacked_under_its_plain_name_is_found(tmp_path: Path) -> None:
    members = strava_export([Row(day(0), "activities/1.fit.gz", rpe=4)], {"1.fit": fit(0)})
    assert activity(read_members(tmp_path, members), "1.fit")["rpe"] == 4


def test_the_recording_decides_and_both_numbers_are_shown(tmp_path: Path) -> None:
    row = Row(day(0), "activities/1.fit", km=9.0, minutes=55, sport="cycling", rpe=9)
    archive = read_members(tmp_path, strava_export([row], {"1.fit": fit(rpe=3)}))
    found = activity(archive, "1.fit")
    assert (found["distance_km"], found["duration_min"], found["rpe"]) == (2, 12, 3)
    assert found["sport"] == "cycling"  # what was corrected on Strava is the later word
    assert found["flags"] == "list-disagree,rpe-disagree,sport-corrected"
    detail = archive.files.set_index("outcome").loc["flagged", "detail"]
    for told in ("9.00 km", "2.00 km", "55 min", "12 min", "effort 9", "cycling"):
        assert told in detail


def test_small_differences_are_no_disagreement(tmp_path: Path) -> None:
    row = Row(day(0), "activities/1.fit", km=2.05, minutes=12.4, rpe=3.5)
    archive = read_members(tmp_path, strava_export([row], {"1.fit": fit(rpe=3)}))
    assert activity(archive, "1.fit")["flags"] == ""


def test_a_damaged_recording_is_replaced_by_its_row_and_its_day_stays_unknown(
    tmp_path: Path,
) -> None:
    rows = [Row(day(n), f"activities/{n}.fit") for n in range(2)]
    archive = read_members(tmp_path, strava_export(rows, {"0.fit": fit(0), "1.fit": fit(1)[:-40]}))
    assert rows_of(archive)["1.fit"] == ("quarantined", "fit-truncated")
    told = activity(archive, "row 3")
    assert (told["distance_km"], told["distance_source"]) == (2, "list")
    assert "from-list" in told["flags"]
    assert unknown_days(archive) == ["2026-03-03"]


def test_a_treadmill_run_without_points_is_counted_from_the_list(tmp_path: Path) -> None:
    empty = b'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg/></trk></gpx>'
    members = strava_export([Row(day(0), "activities/1.gpx", km=6, minutes=36)], {"1.gpx": empty})
    archive = read_members(tmp_path, members)
    assert rows_of(archive)["1.gpx"][0] == "skipped"
    assert activity(archive, "row 2")["distance_km"] == 6


def test_what_a_list_says_reaches_the_recording_that_counts(tmp_path: Path) -> None:
    """Strava's copy is the same bytes as Garmin's, or a GPX of them: what it says still counts."""
    rows = [Row(day(n), f"activities/{n}.x", rpe=5 + n, gear="Shoe") for n in range(2)]
    strava = strava_export(rows, {"0.x": fit(0), "1.x": gpx(1)})
    (tmp_path / "a.zip").write_bytes(zipped({"z/0.fit": fit(0), "z/1.fit": fit(1)}))
    (tmp_path / "b.zip").write_bytes(zipped(strava))
    archive = read(tmp_path / "b.zip", tmp_path / "a.zip", now=NOW)
    assert archive.activities["rpe"].tolist() == [5, 6]
    assert archive.files["outcome"].value_counts()["duplicate"] == 2
    assert len(archive.gear) == 2


def test_a_list_alone_counts_all_its_activities(tmp_path: Path) -> None:
    members = strava_export([Row(day(n), f"activities/{n}.fit") for n in range(3)], {})
    (tmp_path / "activities.csv").write_bytes(members["activities.csv"])
    archive = read(tmp_path / "activities.csv", now=NOW)
    assert len(archive.activities) == 3
    assert rows_of(archive)["activities.csv"] == ("imported", "no-recording")
    assert set(archive.files["outcome"]) == {"imported"}


# --- Garmin -------------------------------------------------------------------------------------


def test_a_garmin_export_adds_effort_gear_and_what_only_its_list_knows(tmp_path: Path) -> None:
    told = [
        garmin_activity(11, day(0), workoutRpe=60, workoutFeel=75),
        garmin_activity(12, day(1)),
        garmin_activity(13, day(2), km=8.0, minutes=48, name="Treadmill by hand"),
    ]
    files = {"a@b.c_900.fit": fit(0), "a@b.c_901.fit": fit(1), "a@b.c_902.fit": settings_fit(START)}
    archive = read_members(tmp_path, garmin_export(told, files, gear={"Shoe A": [11, 13]}))
    assert archive.activities["distance_km"].tolist() == [2, 2, 8]
    assert archive.activities["rpe"].tolist()[0] == 6
    assert archive.activities["feel_pct"].tolist()[0] == 75
    assert archive.activities["name"].tolist()[2] == "Treadmill by hand"
    assert archive.activities["utc_offset_min"].tolist() == [60, 60, 60]
    assert archive.activities["tz_source"].tolist() == ["file"] * 3
    assert archive.gear["gear"].tolist() == ["Shoe A", "Shoe A"]
    alone = activity(archive, "!13")
    assert alone["flags"] == "summary-only"


def test_a_multisport_activity_is_counted_by_its_parts(tmp_path: Path) -> None:
    told = [
        garmin_activity(1, day(0), km=5.0, minutes=40, sport="multi_sport", parent=True),
        garmin_activity(2, day(0), parentId=1),
        garmin_activity(3, day(0) + dt.timedelta(minutes=20), km=3, parentId=1, sport="cycling"),
    ]
    archive = read_members(tmp_path, garmin_export(told, {}))
    assert archive.activities["sport"].tolist() == ["running", "cycling"]
    assert archive.activities["distance_km"].tolist() == [2, 3]


def test_the_parts_of_a_multisport_recording_each_find_their_entry(tmp_path: Path) -> None:
    first = activity_messages(START, offset_min=60, **SIZE)
    later = START + dt.timedelta(minutes=20)
    second = activity_messages(later, offset_min=60, sport="cycling", **SIZE)
    both = [m for m in first if m[0] != "activity"] + [m for m in second if m[0] != "file_id"]
    told = [
        garmin_activity(1, START, km=4, minutes=32, sport="multi_sport"),
        garmin_activity(2, START, parentId=1, workoutRpe=30),
        garmin_activity(3, later, parentId=1, sport="cycling", workoutRpe=70),
    ]
    archive = read_members(tmp_path, garmin_export(told, {"x_1.fit": write_fit(both)}))
    assert archive.activities["rpe"].tolist() == [3, 7]
    assert len(archive.activities) == 2


# --- Apple Health -------------------------------------------------------------------------------


@pytest.mark.parametrize("era", [13, 16])
def test_an_apple_workout_and_its_route_are_one_activity(tmp_path: Path, era: int) -> None:
    workouts = [
        apple_workout(day(0), km=2.04, era=era, route="/workout-routes/r1.gpx"),
        apple_workout(day(1), km=6.0, minutes=35, era=era),
        apple_workout(day(2), sport="Yoga", km=0.0, minutes=30, era=era),
    ]
    archive = read_members(tmp_path, apple_export(workouts, {"r1.gpx": apple_route(day(0))}))
    frame = archive.activities
    assert frame["sport"].tolist() == ["running", "running", "training"]
    assert frame["distance_km"].tolist()[:2] == pytest.approx([2.04, 6.0])
    assert frame["distance_source"].tolist()[:2] == ["list", "list"]
    assert np.isnan(frame["distance_km"].tolist()[2])
    assert frame["utc_offset_min"].tolist() == [60, 60, 60]
    route = activity(archive, "r1.gpx")
    assert "latitude_deg" in archive.records(route["activity_id"])
    assert route["avg_hr_bpm"] == pytest.approx(149.5) or era < 16


def test_the_day_of_an_apple_workout_is_that_of_its_zone_not_of_the_exporting_phone(
    tmp_path: Path,
) -> None:
    late = dt.datetime(2026, 3, 2, 16, 30, tzinfo=dt.UTC)  # half past one in the night in Tokyo
    archive = read_members(tmp_path, apple_export([apple_workout(late, zone="Asia/Tokyo")]))
    assert archive.activities["date"].tolist() == [pd.Timestamp("2026-03-03")]
    assert archive.activities["utc_offset_min"].tolist() == [540]


def test_a_workout_from_two_sources_is_counted_once(tmp_path: Path) -> None:
    workouts = [apple_workout(day(0)), apple_workout(day(0), source="Running app", km=2.01)]
    archive = read_members(tmp_path, apple_export(workouts))
    assert len(archive.activities) == 1
    assert sorted(archive.files["outcome"]) == ["duplicate", "imported", "imported"]


# --- intervals.icu ------------------------------------------------------------------------------


def test_a_list_that_tells_only_days_finds_its_recordings(tmp_path: Path) -> None:
    rows = [
        intervals_row(1, START.date(), rpe=4),
        intervals_row(2, START.date(), km=5.0, minutes=30, rpe=7),
        intervals_row(3, day(1).date(), km=9.0, minutes=50, rpe=8),
    ]
    evening = run_fit(
        START + dt.timedelta(hours=9), offset_min=60, distance_km=5, duration_min=30, step_s=20
    )
    members = {"fit/a.fit": fit(0), "fit/b.fit": evening, "list.json": intervals_list(rows)}
    archive = read_members(tmp_path, members)
    assert archive.activities["distance_km"].tolist() == [2, 5, 9]
    assert archive.activities["rpe"].tolist() == [4, 7, 8]
    alone = activity(archive, "!i3")
    assert alone["flags"] == "day-only,summary-only"
    assert alone["date"] == pd.Timestamp("2026-03-03")


def test_a_list_that_corrects_a_distance_still_means_the_same_run(tmp_path: Path) -> None:
    members = {
        "a.fit": fit(0),
        "list.json": intervals_list([intervals_row(1, START.date(), km=2.3)]),
    }
    archive = read_members(tmp_path, members)
    assert len(archive.activities) == 1
    assert activity(archive, "a.fit")["flags"] == "list-disagree"


def test_two_equal_runs_of_a_day_take_one_entry_each(tmp_path: Path) -> None:
    rows = [intervals_row(n, START.date(), rpe=n) for n in (3, 4, 5)]
    members = {"a.fit": fit(0), "b.fit": fit(0.3, seed=4), "list.json": intervals_list(rows)}
    archive = read_members(tmp_path, members)
    assert len(archive.activities) == 3
    assert sorted(archive.activities["rpe"]) == [3, 4, 5]


# --- the runner's word, and nothing to add ------------------------------------------------------


def test_strength_without_distance_matches_by_start_and_length(tmp_path: Path) -> None:
    gym = strength_fit(day(1), offset_min=60, duration_min=30)
    told = [garmin_activity(5, day(1), km=0, minutes=30, sport="strength_training", workoutRpe=50)]
    archive = read_members(tmp_path, garmin_export(told, {"g.fit": gym}))
    assert archive.activities["rpe"].tolist() == [5]


def test_the_runner_decides_what_is_the_same(tmp_path: Path) -> None:
    for name, data in {
        "a.fit": fit(0),
        "b.gpx": gpx(90 / 86_400),
        "c.fit": fit(0.5, seed=3, distance_km=2.05),
    }.items():
        (tmp_path / name).write_bytes(data)

    def kept(**words: Any) -> list[str]:
        frame = read(tmp_path, athlete=Athlete(**words), now=NOW).activities
        return [Path(f).name for f in frame["file"]]

    assert kept() == ["a.fit", "c.fit"]
    assert kept(different=(("a.fit", "b.gpx"),)) == ["a.fit", "b.gpx", "c.fit"]
    alone = read(tmp_path, athlete=Athlete(same=(("a.fit", "typo.gpx"),)), now=NOW).files
    assert "typo.gpx, which is not among" in alone["detail"][0]
    assert kept(same=(("a.fit", "c.fit"),)) in (["a.fit"], ["c.fit"])


def test_two_that_overlap_in_part_are_flagged_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(fit(0, duration_min=60, distance_km=10))
    (tmp_path / "b.fit").write_bytes(fit(0.02, seed=2, duration_min=60, distance_km=10))
    archive = read(tmp_path, now=NOW)
    assert archive.files["reason"].tolist() == ["overlap", "overlap"]
    assert "b.fit" in archive.files["detail"][0]
    assert "same in athlete.toml" in archive.files["detail"][0]


# --- the constructed exports of the corpus, and the damaged lists -------------------------------


@pytest.mark.parametrize("name", ["strava_bulk_export_shape.zip", "garmin_gdpr_export_shape.zip"])
def test_the_constructed_exports_of_the_corpus_read_right(name: str) -> None:
    path = corpus_folder() / "bulk_constructed" / name
    archive = read(path, now=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    runs = archive.activities[archive.activities["sport"] == "running"]
    assert len(runs) == 25
    (told,) = archive.files[archive.files["detail"].str.contains("list of")]["detail"]
    assert "25 belong to recordings" in told
    assert not archive.activities["flags"].str.contains("list-disagree|sport-disagree").any()
    if name.startswith("strava"):
        gym = archive.activities.iloc[-1]
        assert (gym["sport"], gym["duration_min"]) == ("training", 60)
        assert len(archive.activities) == 26
    else:
        assert len(archive.activities) == 25


def manifest() -> list[dict[str, str]]:
    if not (NASTY / "MANIFEST.csv").exists():
        return []
    with (NASTY / "MANIFEST.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["format"] == "csv"]


@pytest.mark.parametrize("row", manifest(), ids=lambda row: row["file"])
@pytest.mark.parametrize("beside", [False, True])
def test_a_damaged_list_ends_in_its_outcome(
    tmp_path: Path, row: dict[str, str], beside: bool
) -> None:
    """Read alone, and as the list of an export that holds the run it names."""
    data = (NASTY / row["file"]).read_bytes()
    if beside:
        run = (NASTY / "fit_00_ok.fit").read_bytes()
        archive = read_members(tmp_path, {"activities.csv": data, "activities/1.fit": run})
    else:
        archive = read(NASTY / row["file"], now=NOW)
    assert row["outcome"] in set(archive.files["outcome"])
    codes = {code for joined in archive.files["reason"] for code in joined.split(",")}
    if row["outcome"] != "imported":
        assert row["reason"] in codes
    if "dist=1770" in row["expected_numbers"]:
        assert archive.activities["distance_km"].tolist() == pytest.approx([1.77])


def test_what_a_vendor_was_told_beside_activities_has_frames_of_its_own(tmp_path: Path) -> None:
    pauses = [
        {"pauseStartDate": "2026-03-05", "pauseEndDate": "2026-03-20", "pauseReason": "INJURY"},
        {"pauseStartDate": "2026-03-25T10:00:00", "pauseEndDate": None, "pauseReason": "ILLNESS"},
    ]
    members = garmin_export([garmin_activity(1, day(0))], {}, pauses=pauses)
    members |= {"list.json": intervals_list([intervals_row(1, START.date())])}
    archive = read_members(tmp_path, members)
    assert archive.pauses["reason"].tolist() == ["injury", "illness"]
    assert archive.pauses["from_day"].dt.day.tolist() == [5, 25]
    assert archive.pauses["until_day"].isna().tolist() == [False, True]
    assert archive.device_settings["threshold_hr_bpm"].tolist() == [172]
    listed = archive.exports[archive.exports["listed"] > 0]
    assert listed["export"].tolist() == ["Garmin", "intervals.icu"]
    assert listed[["listed", "recorded", "unmatched"]].to_numpy().tolist() == [[1, 0, 1], [1, 1, 0]]


def test_a_route_that_a_list_calls_a_run_has_the_loads_and_steps_of_one(tmp_path: Path) -> None:
    steps = '<WorkoutStatistics type="HKQuantityTypeIdentifierStepCount" sum="2016" unit="count"/>'
    workout = apple_workout(day(0), route="/workout-routes/r1.gpx", extra=steps)
    routes = {"r1.gpx": apple_route(day(0)), "r2.gpx": apple_route(day(1))}
    archive = read_members(
        tmp_path,
        apple_export([workout], routes),
        athlete=Athlete(threshold_pace_s_per_km=300),
    )
    called, unknown = activity(archive, "r1.gpx"), activity(archive, "r2.gpx")
    assert (called["steps"], called["steps_source"]) == (2016, "list")
    assert called["run_stress"] > 0
    assert (unknown["sport"], unknown["graded_coverage"]) == ("", 0)
    assert np.isnan(unknown["run_stress"])
    assert np.isnan(unknown["graded_speed_mps"])


def test_what_only_the_copy_tells_reaches_the_recording_that_counts(tmp_path: Path) -> None:
    bare = fit(0)
    copy = run_fit(day(0), offset_min=60, rpe=6, **{**SIZE, "step_s": 60})
    archive = read_members(tmp_path, {"a.fit": bare, "b.fit": copy})
    found = activity(archive, "a.fit")
    assert (found["rpe"], found["rpe_source"], found["flags"]) == (6, "session", "from-copy")
    assert len(archive.activities) == 1


# --- folders of recordings ----------------------------------------------------------------------


@pytest.mark.parametrize("maker", ["coros", "suunto"])
def test_a_folder_of_one_makers_recordings_names_the_maker(tmp_path: Path, maker: str) -> None:
    for n in range(3):
        messages = activity_messages(day(n), offset_min=60, **SIZE)
        name, fields = messages[0][0], dict(messages[0][1])
        messages[0] = (name, {**fields, "manufacturer": maker})
        (tmp_path / f"{n}.fit").write_bytes(write_fit(messages))
    (tmp_path / "gym.fit").write_bytes(strength_fit(day(4), offset_min=60, duration_min=30))
    archive = read(tmp_path, now=NOW, cache=False)
    assert archive.kinds == (f"recordings by {maker} (3)",)
    assert archive.activities["distance_km"].tolist()[:3] == [2, 2, 2]
    assert set(archive.files["outcome"]) == {"imported"}


def test_a_plain_folder_of_anything_is_read(tmp_path: Path) -> None:
    """No list, no order, formats mixed, some packed, one twice."""
    files = {
        "2024/a.FIT": fit(0),
        "b.gpx.gz": gzip.compress(gpx(1)),
        "old/c.tcx": run_tcx(day(2), **SIZE),
        "polar/d.json": polar_session(day(3)),
        "e.json": suunto_json(day(4)),
        "copy of a.gpx": gpx(0),
        "notes.txt": b"legs tired",
        "other.csv": b"a,b\n1,2\n",
        "other.json": b'{"a": 1}',
    }
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    archive = read(tmp_path, now=NOW, cache=False)
    assert archive.activities["date"].dt.day.tolist() == [2, 3, 4, 5, 6]
    assert archive.activities["distance_km"].tolist() == pytest.approx([2] * 5, abs=0.03)
    assert archive.files["outcome"].value_counts().to_dict() == {
        "imported": 5, "skipped": 3, "duplicate": 1,
    }  # fmt: skip


# --- a bug of ours costs the file that met it, and nothing else ---------------------------------


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("x"), EOFError("x"), OSError("x")])
@pytest.mark.parametrize("packed", ["zip", "gzip", "plain"])
def test_a_bug_in_the_search_of_a_large_export_quarantines_that_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, packed: str
) -> None:
    def broken(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(
        "loadmon.io.sources.skimmer_of", lambda head: broken if b"HealthData" in head else None
    )
    (export,) = apple_export([apple_workout(day(0))]).values()
    members = {"a.fit": fit(1), "export.xml": export, "z.fit": fit(2)}
    if packed == "zip":
        archive = read_members(tmp_path, members, cache=False)
    else:
        members["export.xml"] = gzip.compress(export) if packed == "gzip" else export
        for name, data in members.items():
            (tmp_path / name).write_bytes(data)
        archive = read(tmp_path, now=NOW, cache=False)
    assert rows_of(archive) == {
        "a.fit": ("imported", ""),
        "export.xml": ("quarantined", "reader-bug"),
        "z.fit": ("imported", ""),
    }
    (detail,) = archive.reasons.loc[archive.reasons["code"] == "reader-bug", "text"]
    assert type(error).__name__ in detail
    assert "broken" in detail


def test_damage_of_a_large_export_stays_damage_while_it_is_searched(tmp_path: Path) -> None:
    (export,) = apple_export([apple_workout(day(0))], records=50_000).values()
    (tmp_path / "export.xml.gz").write_bytes(gzip.compress(export)[:-2000])
    assert rows_of(read(tmp_path, now=NOW, cache=False)) == {
        "export.xml.gz": ("quarantined", "gz-truncated")
    }


def test_a_bug_over_one_row_of_a_list_quarantines_the_list_and_no_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assess = parse.assess

    def broken(recording: Recording) -> Assessment:
        if recording.summary.get("distance_m") == 4321:
            raise KeyError("x")
        return assess(recording)

    monkeypatch.setattr(parse, "assess", broken)
    rows = [Row(day(0), "activities/1.fit.gz"), Row(day(1), km=4.321), Row(day(2), km=5.0)]
    archive = read_members(tmp_path, strava_export(rows, {"1.fit.gz": fit(0)}), cache=False)
    found = rows_of(archive)
    assert found["activities.csv"] == ("quarantined", "reader-bug")
    assert found["1.fit.gz"] == ("imported", "")
    assert len(archive.activities) == 1


# --- issues and reasons -------------------------------------------------------------------------


def test_flags_and_reasons_are_the_codes_of_the_tidy_tables(tmp_path: Path) -> None:
    rows = [Row(day(0), "activities/1.fit.gz", rpe=6), Row(day(3), "#error#", km=4.0, minutes=24)]
    files = {"1.fit.gz": fit(0), "cut.fit": fit(5)[:-40], "copy.fit": fit(0)}
    archive = read_members(tmp_path, strava_export(rows, files))
    flags = archive.activities.set_index("activity_id")["flags"]
    issues = archive.issues.groupby("activity_id", sort=False)["code"].agg(",".join)
    assert issues.to_dict() == flags[flags != ""].to_dict()
    assert "rpe" in archive.issues.set_index("code")["text"]["from-list"]
    reasons = archive.reasons.groupby("row")["code"].agg(",".join)
    told = archive.files["reason"][archive.files["reason"] != ""]
    assert reasons.to_dict() == told.to_dict()
    for row in archive.reasons.itertuples():
        file = archive.files.loc[row.row]
        assert (row.file, row.outcome) == (file["file"], file["outcome"])
        assert row.text in file["detail"]


def test_an_archive_without_issues_has_empty_tables_of_the_same_columns(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(fit())
    archive = read(tmp_path, now=NOW)
    for frame, columns in ((archive.issues, ISSUE_COLUMNS), (archive.reasons, REASON_COLUMNS)):
        assert frame.empty
        assert frame.dtypes.astype(str).to_dict() == columns
