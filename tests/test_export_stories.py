"""Stories of training that a list alone knows: the true weeks, or days that are unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_exports import (
    Did,
    Members,
    adidas,
    garmin_csv,
    gpx,
    health_connect,
    runkeeper,
    samsung,
    table,
    zepp,
    zipped,
)
from strava_export import Row, strava_export
from writers import run_fit

import loadmon
from loadmon.athlete import Athlete
from loadmon.cli.main import main
from loadmon.io.archive import Archive
from loadmon.io.read import read

ZONE = "Europe/Berlin"
HOME = Athlete(home_zone=ZONE)
MONDAY = dt.datetime(2025, 11, 3, 17, 30, 5, tzinfo=dt.UTC)


def season(weeks: int, sport: str = "run", first: int = 0) -> list[Did]:
    """Three runs of 8 km a week, on Monday, Wednesday and Saturday."""
    return [
        Did(MONDAY + dt.timedelta(days=7 * week + day), 8000, 2640, sport, ZONE)
        for week in range(first, first + weeks)
        for day in (0, 2, 5)
    ]


def write(folder: Path, members: Members, name: str = "export.zip") -> None:
    (folder / name).write_bytes(zipped(members))


def write_fit(folder: Path, history: Sequence[Did]) -> None:
    for did in history:
        asked = {"offset_min": did.offset_s // 60, "distance_km": did.metres / 1000}
        data = run_fit(did.start, duration_min=did.seconds / 60, step_s=60, **asked)
        (folder / f"{did.start:%Y-%m-%d}.fit").write_bytes(data)


def weekly_km(archive: Archive) -> list[float]:
    return loadmon.weekly_load(archive.activities)["distance_km"].round(1).tolist()


@pytest.mark.parametrize("form", [samsung, runkeeper, zepp, health_connect, adidas])
def test_a_winter_on_the_treadmill_that_a_list_knows_is_no_lay_off(tmp_path: Path, form) -> None:  # type: ignore[no-untyped-def]
    write_fit(tmp_path, season(3) + season(2, first=8))
    write(tmp_path, form(season(5, "treadmill", first=3)))
    archive = read(tmp_path, athlete=HOME, cache=False)
    assert weekly_km(archive) == pytest.approx([24.0] * 10, rel=0.01)
    findings = loadmon.check(archive).to_frame().set_index("check")
    assert findings.loc["return", "verdict"] == "ok"
    assert findings.loc["weekly_change", "verdict"] == "ok"


def test_a_switch_of_platform_in_the_middle_of_a_season_leaves_no_hole(tmp_path: Path) -> None:
    history = season(10)
    write(tmp_path, runkeeper(history[:16]), "old.zip")
    write(tmp_path, samsung(history[13:]), "new.zip")
    archive = read(tmp_path, athlete=HOME, cache=False)
    assert len(archive.activities) == 30
    assert weekly_km(archive) == pytest.approx([24.0] * 10, rel=0.01)


def test_a_list_without_its_tracks_counts_as_it_is(tmp_path: Path) -> None:
    history = season(6)
    members = {name: data for name, data in runkeeper(history).items() if name.endswith(".csv")}
    write(tmp_path, members)
    archive = read(tmp_path, athlete=HOME, cache=False)
    assert weekly_km(archive) == pytest.approx([24.0] * 6, rel=0.001)
    assert set(archive.activities["distance_source"]) == {"list"}
    assert set(archive.activities["tz_source"]) == {"home"}


def test_tracks_without_a_sport_take_that_of_their_list(tmp_path: Path) -> None:
    history = season(6)
    write(tmp_path, runkeeper(history))
    archive = read(tmp_path, athlete=HOME, cache=False)
    assert weekly_km(archive) == pytest.approx([24.0] * 6, rel=0.01)
    assert (archive.activities["distance_source"] != "list").all()


# --- what cannot be read is unknown, and said first -----------------------------------------------


def unread_list(folder: Path) -> None:
    """Write four weeks of FIT, and a table of five whose distances and times are not known."""
    write_fit(folder, season(4, first=4))
    header = "Typ,Date,Favorite,Title,Dalka,Calories,Cas,Avg HR,Steps,Best Lap Time,Elapsed Time"
    body = [
        ["Beh", f"{did.local:%Y-%m-%d %H:%M:%S}", "x", "y", "8,00", "1", "1h", "148", "1", "", ""]
        for did in season(5)
    ]
    (folder / "Activities.csv").write_bytes(table([header.split(","), *body]))


def test_the_days_of_a_list_that_cannot_be_read_are_unknown(tmp_path: Path) -> None:
    unread_list(tmp_path)
    archive = read(tmp_path, athlete=HOME, cache=False)
    row = archive.files.set_index("file").loc[str(tmp_path / "Activities.csv")]
    assert (row["outcome"], row["reason"]) == ("quarantined", "list-unread")
    assert row["detail"].startswith("Garmin's list of 15 workouts, 3 Nov 2025 to 6 Dec 2025: not")
    unknown = archive.unknown_days
    assert unknown is not None
    assert len(unknown) == 15
    assert set(unknown["why"]) == {"list-unread"}
    # Days before the first recording are not in the calendar; the fifth week is.
    daily = archive.calendar(dt.date(2025, 12, 28))
    loads = loadmon.daily_load(archive.activities, as_of="2025-12-28")["load"]
    assert np.isnan(loads.loc["2025-12-06"])
    assert daily.why.loc["2025-12-06"] == "list-unread"


@pytest.mark.usefixtures("quick_commands")
@pytest.mark.parametrize("command", ["report", "check", "today"])
def test_the_first_screen_says_what_is_listed_and_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    unread_list(tmp_path)
    assert main([command, str(tmp_path), "--as-of", "2025-12-28", "--no-cache"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Garmin's list of 15 workouts, 3 Nov 2025 to 6 Dec 2025: not read" in out


@pytest.mark.usefixtures("quick_commands")
def test_distances_of_which_nothing_tells_the_unit_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = season(4)
    for name, data in garmin_csv(history, "mi").items():
        (tmp_path / name).write_bytes(data)
    archive = read(tmp_path, athlete=HOME, cache=False)
    assert len(archive.activities) == 12
    assert archive.activities["distance_km"].isna().all()
    assert archive.activities["duration_min"].sum() == 12 * 44
    assert set(archive.activities["flags"].str.contains("unit-unknown")) == {True}
    assert main(["report", str(tmp_path), "--as-of", "2025-11-30", "--no-cache"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert 'write units = "km" or units = "mi" into athlete.toml' in out
    for units, km in (("mi", 8.0), ("km", 8.0 / 1.609344)):
        archive = read(tmp_path, athlete=replace(HOME, units=units, units_stated=True), cache=False)
        assert archive.activities["distance_km"].mean() == pytest.approx(km, rel=0.002)


def test_a_recording_of_one_run_tells_the_unit_of_the_whole_list(tmp_path: Path) -> None:
    history = season(4)
    for name, data in garmin_csv(history, "mi").items():
        (tmp_path / name).write_bytes(data)
    write_fit(tmp_path, history[5:6])
    archive = read(tmp_path, athlete=HOME, cache=False)
    assert weekly_km(archive) == pytest.approx([24.0] * 4, rel=0.005)
    assert archive.reasons["code"].tolist().count("list-units") == 1


@pytest.mark.parametrize(
    ("name", "data", "packer"),
    [
        ("2025-12-02.fit.xz", b"\xfd7zXZ\x00" + bytes(50), "xz"),
        ("runs-20251202.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "7z"),
        ("2025-12-02.rar", b"Rar!\x1a\x07\x01\x00" + bytes(50), "rar"),
        ("2025-12-02.gpx.zst", b"\x28\xb5\x2f\xfd" + bytes(50), "zst"),
        ("2025-12-02.gpx.bz2", b"BZh91AY&SY" + bytes(50), "bz2"),
        ("2025-12-02.tar", bytes(257) + b"ustar" + bytes(300), "tar"),
    ],
)
@pytest.mark.parametrize("is_zipped", [False, True])
def test_what_another_packer_packed_is_unknown_where_its_name_tells_a_day(
    tmp_path: Path, name: str, data: bytes, packer: str, is_zipped: bool
) -> None:
    write_fit(tmp_path, season(4) + season(2, first=5))
    if is_zipped:
        write(tmp_path, {name: data})
    else:
        (tmp_path / name).write_bytes(data)
    archive = read(tmp_path, athlete=HOME, cache=False)
    row = archive.files[archive.files["reason"] == "unpack-first"].iloc[0]
    assert row["outcome"] == "quarantined"
    assert f"packed as {packer}: unpack it first" in row["detail"]
    loads = loadmon.daily_load(archive.activities)["load"]
    assert np.isnan(loads.loc["2025-12-02"])
    assert loads.isna().sum() == 1


def test_a_track_whose_list_is_not_there_is_no_run_and_no_rest(tmp_path: Path) -> None:
    history = season(4)
    for did in history:
        (tmp_path / f"{did.local:%Y-%m-%d-%H%M%S}.gpx").write_bytes(gpx(did))
    archive = read(tmp_path, athlete=HOME, cache=False)
    assert set(archive.activities["sport"]) == {""}
    assert archive.reasons["code"].tolist().count("sport-unknown") == 12


# --- Strava: a corrected sport, and runs that were typed in ---------------------------------------


def strava(folder: Path, rows: Sequence[Row], files: Members, name: str = "strava.zip") -> None:
    write(folder, strava_export(rows, dict(files)), name)


def ride_and_runs(folder: Path, sport: str, name: str = "strava.zip") -> None:
    days = [MONDAY + dt.timedelta(days=n) for n in range(3)]
    asked = {"offset_min": 60, "distance_km": 8, "duration_min": 44, "step_s": 60}
    files = {f"{n}.fit": run_fit(day, **asked) for n, day in enumerate(days)}
    rows = [
        Row(day, f"activities/{n}.fit", km=8, minutes=44, sport=sport if n == 1 else "running")
        for n, day in enumerate(days)
    ]
    strava(folder, rows, files, name)


def test_a_sport_that_was_corrected_on_strava_counts_and_is_flagged(tmp_path: Path) -> None:
    ride_and_runs(tmp_path, "cycling")
    archive = read(tmp_path, athlete=HOME, cache=False)
    assert archive.activities["sport"].tolist() == ["running", "cycling", "running"]
    flags = archive.activities["flags"].str.contains("sport-corrected").tolist()
    assert flags == [False, True, False]
    (row,) = archive.files.index[archive.files["reason"].str.contains("sport-corrected")]
    assert archive.files.loc[row, "outcome"] == "flagged"


def test_of_two_exports_the_newer_ones_correction_counts(tmp_path: Path) -> None:
    ride_and_runs(tmp_path, "running", "a.zip")
    last = MONDAY + dt.timedelta(days=9)
    days = [MONDAY + dt.timedelta(days=n) for n in range(3)]
    rows = [
        Row(day, f"activities/{n}.fit", km=8, minutes=44, sport="cycling" if n == 1 else "running")
        for n, day in enumerate(days)
    ]
    strava(tmp_path, [*rows, Row(last, km=5, minutes=30)], {}, "b.zip")
    for names in (("a.zip", "b.zip"), ("b.zip", "a.zip")):
        archive = read(*(tmp_path / name for name in names), athlete=HOME, cache=False)
        assert archive.activities["sport"].tolist() == ["running", "cycling", "running", "running"]


@pytest.mark.parametrize("home", ["", "America/New_York"])
def test_a_run_typed_in_takes_the_offset_of_the_runs_next_to_it(tmp_path: Path, home: str) -> None:
    sydney = "Australia/Sydney"
    late = dt.datetime(2025, 11, 5, 20, 30, tzinfo=dt.UTC)  # in Sydney on the morning of the sixth
    before, after = (Did(late + dt.timedelta(days=n), 8000, 2640, zone=sydney) for n in (-1, 1))
    files = {
        f"{n}.fit": run_fit(did.start, offset_min=660, distance_km=8, duration_min=44, step_s=60)
        for n, did in enumerate((before, after))
    }
    rows = [Row(before.start, "activities/0.fit", km=8, minutes=44), Row(late, km=5, minutes=30),
            Row(after.start, "activities/1.fit", km=8, minutes=44)]  # fmt: skip
    strava(tmp_path, rows, files)
    archive = read(tmp_path, athlete=Athlete(home_zone=home), cache=False)
    typed = archive.activities.iloc[1]
    assert str(typed["date"].date()) == "2025-11-06"
    assert (typed["tz_source"], typed["utc_offset_min"]) == ("neighbours", 660)
    assert "tz-inferred" in typed["flags"]


def test_where_the_runs_next_to_it_disagree_home_counts(tmp_path: Path) -> None:
    days = [MONDAY + dt.timedelta(days=n) for n in range(3)]
    files = {
        f"{n}.fit": run_fit(days[n], offset_min=offset, distance_km=8, duration_min=44, step_s=60)
        for n, offset in ((0, 60), (2, -300))
    }
    rows = [Row(days[0], "activities/0.fit", km=8, minutes=44), Row(days[1], km=5, minutes=30),
            Row(days[2], "activities/2.fit", km=8, minutes=44)]  # fmt: skip
    strava(tmp_path, rows, files)
    typed = read(tmp_path, athlete=HOME, cache=False).activities.iloc[1]
    assert (typed["tz_source"], typed["utc_offset_min"]) == ("home", 60)
    typed = read(tmp_path, cache=False).activities.iloc[1]
    assert typed["tz_source"] == "utc"
    assert "no-local-time" in typed["flags"]


# --- the cache keeps what was found ---------------------------------------------------------------


def test_a_second_reading_from_the_cache_is_the_same(tmp_path: Path) -> None:
    folder, cache = tmp_path / "runs", tmp_path / "cache"
    folder.mkdir()
    unread_list(folder)
    write(folder, runkeeper(season(3)))
    first, second = (read(folder, athlete=HOME, cache=cache) for _ in range(2))
    assert first.files.equals(second.files)
    assert first.activities.equals(second.activities)
    (folder / "more.fit").write_bytes(b"")  # no snapshot any more: each file from the cache
    third = read(folder, athlete=HOME, cache=cache)
    assert third.activities.equals(first.activities)
    assert third.unknown_days is not None
    assert len(third.unknown_days) == 15
