"""What single platforms write that a reader must know, one by one."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_exports import (
    Did,
    adidas,
    database,
    fitbit_json,
    fitbit_table,
    garmin_csv,
    google_fit,
    health_connect,
    huawei,
    made_history,
    runkeeper,
    samsung,
    table,
    zepp,
    zipped,
)

import loadmon
from loadmon.athlete import Athlete
from loadmon.errors import FileProblem
from loadmon.io.archive import Archive
from loadmon.io.exports import endurain
from loadmon.io.exports import huawei as huawei_reader
from loadmon.io.exports.database import skim_database
from loadmon.io.exports.form import clock_s, decimal_mark, plain_number, unread
from loadmon.io.exports.platforms import FORMS, form_of
from loadmon.io.exports.sport_codes import CODES
from loadmon.io.formats import never_opened
from loadmon.io.read import read
from loadmon.io.recording import sport_names

HISTORY = made_history(7, "Asia/Kolkata", 30)


def read_members(folder: Path, members: dict[str, bytes], **asked: str) -> Archive:
    path = folder / "export.zip"
    path.write_bytes(zipped(members))
    return read(path, athlete=Athlete(**asked), cache=False)  # type: ignore[arg-type]


def test_every_number_stands_for_a_sport_that_is_known() -> None:
    for platform, codes in CODES.items():
        for code, word in codes.items():
            assert sport_names(word)[0], (platform, code, word)


@pytest.mark.parametrize(
    ("platform", "running"),
    [
        ("samsung", {1002, 15005}), ("fitbit", {90009, 20049}), ("adidas", {1, 14}),
        ("zepp", {1, 7, 8}), ("huawei", {4, 101, 118}), ("health_connect", {33, 34}),
        ("gadgetbridge", {16, 256, 0x4000001, 0x4000067, 0x4000076, 0x40000B0, 0x40000B1,
                          0x40000E8, 0x40000F0, 0x40000F2}),
        ("endurain", {1, 2, 3, 34, 40}),
        ("suunto", {3, 75, 81, 82, 93}),
    ],
)  # fmt: skip
def test_the_numbers_that_mean_running(platform: str, running: set[int]) -> None:
    found = {code for code, word in CODES[platform].items() if sport_names(word)[0] == "running"}
    assert found == running


def test_every_form_can_be_known_and_read() -> None:
    for form in FORMS:
        known = (form.columns, form.keys, form.words, form.mark, form.looks, form.root)
        assert any(known), form.kind
        assert (form.read_list is None) != (form.read_recordings is None), form.kind


def test_a_deleted_row_of_fitbit_does_not_count(tmp_path: Path) -> None:
    (data,) = fitbit_table(HISTORY).values()
    lines = data.decode().splitlines()
    lines[0] += ",deletion_reason"
    lines[1:] = [f"{line},{'USER' if n == 0 else ''}" for n, line in enumerate(lines[1:])]
    archive = read_members(tmp_path, {"UserExercises_1.csv": "\n".join(lines).encode()})
    assert len(archive.activities) == len(HISTORY) - 1
    assert archive.reasons["code"].tolist().count("deleted") == 1


def test_a_heart_rate_of_0_is_none(tmp_path: Path) -> None:
    archive = read_members(tmp_path, fitbit_table(HISTORY))
    assert archive.activities["avg_hr_bpm"].isna().all()


def test_sleep_and_car_rides_of_google_fit_are_no_training(tmp_path: Path) -> None:
    members = google_fit(HISTORY)
    name = next(iter(members))
    session = json.loads(members[name])
    for n, word in enumerate(("sleep", "sleep.light", "in_vehicle", "still")):
        members[f"{name}{n}.json"] = json.dumps(session | {"fitnessActivity": word}).encode()
    archive = read_members(tmp_path, members)
    assert len(archive.activities) == len(HISTORY)


def test_health_connect_adds_no_metres_of_another_app(tmp_path: Path) -> None:
    archive = read_members(tmp_path, health_connect(HISTORY))
    want = [did.metres / 1000 for did in HISTORY]
    assert archive.activities["distance_km"].tolist() == pytest.approx(want)


def test_a_session_of_two_apps_counts_once(tmp_path: Path) -> None:
    did = HISTORY[0]
    end = did.ms + 1000 * did.seconds

    def fill(open_: sqlite3.Connection) -> None:
        open_.execute(
            "create table exercise_session_record_table"
            "(app_info_id, start_time, start_zone_offset, end_time, exercise_type)"
        )
        open_.execute(
            "create table distance_record_table(app_info_id, start_time, end_time, distance)"
        )
        for app in (1, 2):
            row = (app, did.ms + app, did.offset_s, end, 33)
            open_.execute("insert into exercise_session_record_table values(?,?,?,?,?)", row)
            row = (app, did.ms, end, did.metres)
            open_.execute("insert into distance_record_table values(?,?,?,?)", row)

    archive = read_members(tmp_path, {"x.db": database(fill)})
    assert len(archive.activities) == 1
    assert archive.activities["distance_km"].iloc[0] == pytest.approx(did.metres / 1000, rel=1e-4)


def test_a_database_is_never_written_to_nor_beside(tmp_path: Path) -> None:
    path = tmp_path / "health_connect_export.db"
    (data,) = health_connect(HISTORY).values()
    path.write_bytes(data)
    before = path.stat()
    archive = read(path, cache=False)
    assert len(archive.activities) == len(HISTORY)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == data
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_damaged_database_is_a_problem_and_any_other_is_none() -> None:
    (data,) = health_connect(HISTORY).values()
    cut = data[: len(data) // 2]
    with pytest.raises(FileProblem, match="export it again") as caught:
        skim_database(io.BytesIO(cut[4096:]), len(cut), cut[:4096], FORMS)
    assert caught.value.reason == "database-damaged"
    other = database(lambda open_: open_.execute("create table something(x)") and None)
    assert form_of(skim_database(io.BytesIO(other[100:]), len(other), other[:100], FORMS)) is None


def test_huawei_is_read_although_its_json_is_none(tmp_path: Path) -> None:
    (data,) = huawei(HISTORY).values()
    with pytest.raises(ValueError):  # noqa: PT011 - what json says of it
        json.loads(data)
    archive = read_members(tmp_path, {"motion.json": data})
    assert len(archive.activities) == len(HISTORY)
    latitudes = [archive.records(i)["latitude_deg"].max() for i in archive.activities["activity_id"]
                 if "latitude_deg" in archive.records(i)]  # fmt: skip
    assert max(latitudes) < 60  # none of the pauses at 90 degrees


def test_huawei_keeps_workouts_whose_tracks_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    (data,) = huawei(HISTORY).values()
    whole = huawei_reader.skim(io.BytesIO(data), len(data))
    assert whole == data
    monkeypatch.setattr(huawei_reader, "_TRACKS", len(data) // 3)
    less = huawei_reader.skim(io.BytesIO(data), len(data))
    assert len(less) < len(data)
    found = huawei_reader.read_workouts(less)
    assert [r.summary["distance_m"] for r in found] == [did.metres for did in HISTORY]  # type: ignore[union-attr]
    with_tracks = [len(r.time) > 0 for r in found]  # type: ignore[union-attr]
    assert True in with_tracks
    assert with_tracks[-1] is False


def test_endurain_in_local_time_is_told_by_its_recordings() -> None:
    assert endurain.zone_of("Europe/Berlin") == "Europe/Berlin"
    assert endurain.zone_of("Europe") == ""
    assert endurain.zone_of(None) == ""


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["12.10", "6,640"], "."), (["12,10", "6.640"], ","), (["1.024,50"], ","),
        (["1,024.50"], "."), (["1.024.000", "7,5"], ","), (["6,640"], "."), ([], "."),
    ],
)  # fmt: skip
def test_the_decimal_mark_is_settled_over_a_whole_file(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


def test_numbers_and_times_of_a_table() -> None:
    assert plain_number("1,024.5") == 1024.5
    assert plain_number("1.024,5", ",") == 1024.5
    assert plain_number("'-12") == -12
    assert plain_number("1\u202f024,5", ",") == 1024.5
    assert np.isnan(plain_number("12,34.5"))
    assert np.isnan(plain_number("a few"))
    assert clock_s("00:06:25.8") == 385.8
    assert clock_s("42:10") == 2530
    assert clock_s("1:44:30") == 6270
    assert clock_s("1 day, 2:00:00") == 93_600
    assert clock_s("1620") == 1620


def test_whole_metres_of_track_pool_and_rowing(tmp_path: Path) -> None:
    rows = garmin_csv([Did(dt.datetime(2026, 1, 5, 17, tzinfo=dt.UTC), 12_100, 3780)])
    (data,) = rows.values()
    text = data.decode("utf-8-sig")
    for sport, distance in (("Track Running", '"6,640"'), ("Pool Swim", '"1,500"'),
                            ("Indoor Track", "800"), ("Rowing", '"5,000"')):  # fmt: skip
        start = f"2026-01-0{len(text) % 4 + 6} 07:00:00"
        text += f"{sport},{start},false,x,{distance},1,00:30:00,148,--,--,--,00:30:00\n"
    archive = read_members(tmp_path, {"Activities.csv": text.encode()}, units="km")
    km = archive.activities.set_index("sub_sport")["distance_km"]
    assert km["track"] == 6.64
    assert km["indoor_running"] == 0.8
    assert km["lap_swimming"] == 1.5
    assert archive.activities["distance_km"].max() == 12.1


def test_a_value_that_is_not_understood_is_named_with_its_line(tmp_path: Path) -> None:
    members = runkeeper(HISTORY)
    name = "cardioActivities.csv"
    lines = members[name].decode().splitlines()
    lines[3] = re.sub(r",\d+\.\d\d,", ",a few,", lines[3], count=1)
    members[name] = "\n".join(lines).encode()
    archive = read_members(tmp_path, members)
    assert len(archive.activities) == len(HISTORY)
    text = " ".join(archive.reasons["text"])
    assert "line 4, 'Distance (km)': 'a few'" in text


def test_a_semicolon_table_with_decimal_commas_is_the_same(tmp_path: Path) -> None:
    members = runkeeper(HISTORY)
    text = members["cardioActivities.csv"].decode()
    rows = [
        [re.sub(r"^(\d+)\.(\d\d)$", r"\1,\2", c) for c in r.split(",")] for r in text.split("\n")
    ]
    members["cardioActivities.csv"] = table(rows, ";")
    archive = read_members(tmp_path, members)
    assert archive.activities["distance_km"].sum() == pytest.approx(
        sum(did.metres for did in HISTORY) / 1000, rel=0.005
    )


def test_only_what_is_other_data_is_never_opened() -> None:
    for names, is_other in (
        (samsung(HISTORY), False), (fitbit_table(HISTORY), False), (google_fit(HISTORY), False),
        (dict.fromkeys((
            "Takeout/Fitbit/Global Export Data/heart_rate-2026-01-05.json",
            "samsunghealth_x/jsons/com.samsung.shealth.stress/1.json",
            "samsunghealth_x/com.samsung.shealth.step_daily_trend.2026.csv",
            "Takeout/Mail/all.mbox",
        ), b""), True),
    ):  # fmt: skip
        assert {bool(never_opened(name)) for name in names} == {is_other}, [*names][:3]


def test_what_an_unread_list_says() -> None:
    starts = [dt.datetime(2024, 1, 3, tzinfo=dt.UTC).timestamp(), float("nan"),
              dt.datetime(2026, 2, 28, 23, tzinfo=dt.UTC).timestamp()]  # fmt: skip
    problem = unread("Samsung Health", starts, "its form is not known")
    assert problem.detail == (
        "Samsung Health's list of 3 workouts, 3 Jan 2024 to 28 Feb 2026: not read, its form is not "
        "known"
    )
    assert problem.days == ("2024-01-03", "2026-02-28")
    assert unread("X", [float("nan")], "so").detail == "X's list of 1 workout: not read, so"


def test_a_list_without_its_starts_is_never_fine(tmp_path: Path) -> None:
    members = samsung(HISTORY)
    name = next(name for name in members if name.endswith(".csv"))
    text = members[name].decode("utf-8-sig").replace("start_time", "beginning")
    (tmp_path / "exercise.csv").write_bytes(text.encode())
    archive = read(tmp_path, cache=False)
    assert archive.files["reason"].tolist() == ["list-unread"]
    assert loadmon.check(archive).verdict == "unknown"


def test_dates_that_nobody_understands_make_a_list_unread_and_single_ones_are_named(
    tmp_path: Path,
) -> None:
    members = runkeeper(HISTORY)
    name = "cardioActivities.csv"
    text = members[name].decode()
    one = f"{HISTORY[2].local:%Y-%m-%d %H:%M:%S}"
    archive = read_members(tmp_path, members | {name: text.replace(one, "some day").encode()})
    assert "line 4, 'Date': 'some day'" in " ".join(archive.reasons["text"])
    every = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "some day", text).encode()
    archive = read_members(tmp_path, members | {name: every})
    (said,) = archive.reasons.loc[archive.reasons["code"] == "list-unread", "text"]
    assert said.startswith(f"Runkeeper's list of {len(HISTORY)} workouts: not read, its dates")


# --- a later export, a corrected sport, a list in local time beside another -----------------------


@pytest.mark.parametrize("form", [fitbit_json, google_fit, health_connect, garmin_csv, zepp])
@pytest.mark.parametrize("newer", ["a", "b"])
def test_a_run_that_was_edited_since_counts_as_the_newer_export_has_it(
    tmp_path: Path, form: Callable[[Sequence[Did]], dict[str, bytes]], newer: str
) -> None:
    older = "b" if newer == "a" else "a"
    edited = [replace(did, metres=did.metres + 1000) if n == 1 else did
              for n, did in enumerate(RUNS)]  # fmt: skip
    (tmp_path / f"{older}.zip").write_bytes(zipped(form(RUNS[:-1])))
    (tmp_path / f"{newer}.zip").write_bytes(zipped(form(edited)))
    own = Athlete(home_zone="Asia/Kolkata", units="km")
    activities = read(tmp_path, athlete=own, cache=False).activities
    wanted = sum(did.metres for did in edited) / 1000
    assert len(activities) == len(RUNS)
    assert activities["distance_km"].sum() == pytest.approx(wanted, abs=0.05)


@pytest.mark.parametrize("form", [samsung, adidas, huawei])
@pytest.mark.parametrize("newer", ["a", "b"])
def test_runs_on_a_treadmill_that_were_edited_since_count_as_the_newer_export_has_them(
    tmp_path: Path, form: Callable[[Sequence[Did]], dict[str, bytes]], newer: str
) -> None:
    older = "b" if newer == "a" else "a"
    runs = [did for did in made_history(2, "Asia/Kolkata", 80) if did.sport == "treadmill"]
    assert len(runs) > 2
    edited = [replace(did, metres=did.metres + 1000, seconds=did.seconds + 60) for did in runs]
    (tmp_path / f"{older}.zip").write_bytes(zipped(form(runs[:-1])))
    (tmp_path / f"{newer}.zip").write_bytes(zipped(form(edited)))
    activities = read(tmp_path, cache=False).activities
    assert activities["distance_km"].tolist() == pytest.approx([d.metres / 1000 for d in edited])
    assert activities["duration_min"].tolist() == pytest.approx([d.seconds / 60 for d in edited])


RUNS = [did for did in HISTORY if did.is_run][:6]


def test_the_type_in_runkeepers_list_counts_for_its_tracks(tmp_path: Path) -> None:
    history = [did for did in HISTORY if did.has_track and did.sport in ("run", "trail")][:3]
    members = runkeeper(history)
    for name, data in members.items():  # Runkeeper calls a track by the type that it had at first
        head = data.replace(b'creator="made up"', b'creator="Runkeeper"')
        members[name] = head.replace(b"<trk>", b"<trk><name>Running 1/5/26 6:30 am</name>")
    rows = members["cardioActivities.csv"].split(b"\n")
    rows[1] = rows[1].replace(b"Running", b"Walking")
    members["cardioActivities.csv"] = b"\n".join(rows)
    activities = read_members(tmp_path, members).activities
    assert activities["sport"].tolist() == ["walking", "running", "running"]
    assert activities["flags"].str.contains("sport-corrected").tolist() == [True, False, False]


def test_a_list_in_local_time_takes_the_zone_of_another_that_tells_the_same_run(
    tmp_path: Path,
) -> None:
    there = [
        replace(did, zone="Pacific/Auckland") if 1 < n < 4 else did for n, did in enumerate(RUNS)
    ]
    members = {f"samsung/{name}": data for name, data in samsung(there).items()}
    members |= garmin_csv(there)
    lists = {name: data for name, data in members.items() if not name.endswith(".json")}
    activities = read_members(tmp_path, lists, home_zone="Asia/Kolkata", units="km").activities
    assert len(activities) == len(there)
    days = [f"{did.local:%Y-%m-%d}" for did in there]
    assert activities["date"].dt.strftime("%Y-%m-%d").tolist() == days
