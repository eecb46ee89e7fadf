"""However an export is packed, in whatever order, and how often it is read: the same activities."""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import unknown_days
from strava_export import Row, activities_csv, strava_export
from vendor_exports import garmin_activity, garmin_export, intervals_list, intervals_row, zipped
from writers import run_fit, run_gpx, run_tcx, settings_fit

from loadmon.io.archive import Archive
from loadmon.io.read import read

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
OUTCOMES = {"imported", "flagged", "duplicate", "skipped", "quarantined", "refused"}
FEW = settings(
    max_examples=examples(0.3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
#: Columns that may follow the packing: where a thing lies, and the number of its bytes.
PLACES = ["file", "activity_id", "flags"]
MAKERS = {"fit": run_fit, "gpx": run_gpx, "tcx": run_tcx}

#: A run of an export: day, hours, form, and whether list and file hold it.
RUNS = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.sampled_from([0, 6, 10]),
        st.sampled_from(["fit", "fit", "gpx", "tcx"]),
        st.sampled_from(["both", "both", "list", "file", "cut", "twice"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda run: run[:2],
)


def made(runs: list[tuple[int, int, str, str]]) -> dict[str, bytes]:
    """A Strava export of some runs."""
    rows, files = [], {}
    for n, (day, hours, form, where) in enumerate(runs):
        start = START + dt.timedelta(days=day, hours=hours)
        asked: dict[str, Any] = {"distance_km": 2.0 + n / 4, "duration_min": 12 + n, "step_s": 30}
        data = MAKERS[form](start, **asked, **({"offset_min": 60} if form == "fit" else {}))
        name = f"{1000 + n}.{form}"
        if where != "list":
            files[name] = data[: len(data) // 2] if where == "cut" else data
        if where == "twice":
            files[f"copy{n}.gpx"] = run_gpx(start, **asked)
        if where != "file":
            file = f"activities/{name}" if where != "list" else ""
            rows.append(Row(start, file, 2.0 + n / 4, 12 + n, rpe=3 + n % 5, gear="Shoe"))
    files["settings.fit"] = settings_fit(START)
    return strava_export(rows, files)


def as_folder(path: Path, members: dict[str, bytes]) -> Path:
    for name, data in members.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def packed(path: Path, members: dict[str, bytes]) -> Iterator[Path]:
    """Lay the same members out in every way a vendor or a person packs them."""
    yield as_folder(path / "folder", members)
    (path / "plain.zip").write_bytes(zipped(members))
    yield path / "plain.zip"
    inside = {f"export_1/{name}": data for name, data in members.items()}
    (path / "outer.zip").write_bytes(zipped({"backup/inner.zip": zipped(inside)}))
    yield path / "outer.zip"
    squeezed = {f"{name}.gz": gzip.compress(data, mtime=0) for name, data in members.items()}
    yield as_folder(path / "squeezed", squeezed)


def told(archive: Archive) -> pd.DataFrame:
    frame = archive.activities.drop(columns=PLACES)
    order = ["start_utc", "distance_km", "duration_min"]
    return frame.sort_values(order, ignore_index=True)


def same(one: Archive, other: Archive) -> None:
    pd.testing.assert_frame_equal(told(one), told(other), check_like=True)
    assert unknown_days(one) == unknown_days(other)
    outcomes = [a.files["outcome"].value_counts().to_dict() for a in (one, other)]
    assert outcomes[0] == outcomes[1]


def accounted(archive: Archive, inputs: int) -> None:
    """Every input once, every row of a list that stands alone once, and nothing else."""
    files = archive.files
    assert set(files["outcome"]) <= OUTCOMES
    assert files["file"].is_unique
    rows = files["file"].str.contains("!row |!i[0-9]|!1[0-9]$")
    assert (~rows).sum() == inputs
    ids = [i for joined in files["activity_id"] if joined for i in joined.split(",")]
    assert sorted(ids) == sorted(archive.activities["activity_id"])
    silent = files[~files["outcome"].isin(["imported"])]
    assert (silent["reason"] != "").all()
    assert (silent["detail"] != "").all()


@given(RUNS)
@FEW
def test_folder_zip_zip_in_zip_and_gz_hold_the_same(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, int, str, str]]
) -> None:
    members = made(runs)
    ways = list(packed(tmp_path_factory.mktemp("packed"), members))
    archives = [read(way, now=NOW) for way in ways]
    for archive in archives:
        same(archives[0], archive)
        accounted(archive, len(members))


@given(RUNS, st.randoms())
@FEW
def test_the_order_of_inputs_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, int, str, str]], rng: Any
) -> None:
    folder = as_folder(tmp_path_factory.mktemp("order"), made(runs))
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    shuffled = list(paths)
    rng.shuffle(shuffled)
    one, other = read(*paths, now=NOW), read(*shuffled, now=NOW)
    pd.testing.assert_frame_equal(one.activities, other.activities)
    by_name = [a.files.sort_values("file", ignore_index=True) for a in (one, other)]
    pd.testing.assert_frame_equal(*by_name)
    pd.testing.assert_frame_equal(one.gear, other.gear)


@given(RUNS)
@FEW
def test_reading_twice_and_adding_a_re_export_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, int, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("again")
    first, second = folder / "a.zip", folder / "b.zip"
    members = made(runs)
    first.write_bytes(zipped(members))
    second.write_bytes(zipped({f"export/{n}": d for n, d in members.items()}))
    once = read(first, now=NOW)
    pd.testing.assert_frame_equal(once.activities, read(first, now=NOW).activities)
    for paths in ((first, second), (second, first), (first, first)):
        both = read(*paths, now=NOW)
        pd.testing.assert_frame_equal(told(once), told(both), check_like=True)


def test_a_later_export_with_more_in_it_adds_only_what_is_new(tmp_path: Path) -> None:
    """The list has grown, entries by hand stand in it again, one recording is there as GPX now."""
    rows = [
        Row(START, "activities/1.fit", rpe=5),
        Row(START + dt.timedelta(days=1), km=6, minutes=36),
        Row(START + dt.timedelta(days=2), "activities/3.fit"),
    ]
    run = {"offset_min": 60, "distance_km": 2.0, "duration_min": 12, "step_s": 20}
    third = START + dt.timedelta(days=2)
    files = {"1.fit": run_fit(START, **run), "3.fit": run_fit(third, **run)}
    (tmp_path / "march.zip").write_bytes(zipped(strava_export(rows, files)))
    once = read(tmp_path / "march.zip", now=NOW)
    later = [*rows, Row(START + dt.timedelta(days=9), km=8, minutes=50)]
    later[2] = Row(third, "activities/3.gpx")
    del run["offset_min"]
    files = {"1.fit": files["1.fit"], "3.gpx": run_gpx(third, **run)}
    (tmp_path / "april.zip").write_bytes(zipped(strava_export(later, files)))
    both = read(tmp_path, now=NOW)
    assert len(both.activities) == len(once.activities) + 1
    kept = told(both).iloc[:3].drop(columns="tz_source")
    before = told(once).drop(columns="tz_source")
    pd.testing.assert_frame_equal(kept, before, check_like=True)
    accounted(both, len(strava_export(rows, files)) + len(strava_export(later, files)))


def test_several_platforms_in_every_order_count_one_run_once(tmp_path: Path) -> None:
    fit = run_fit(START, offset_min=60, distance_km=2, duration_min=12, step_s=10)
    gpx = run_gpx(START, distance_km=2, duration_min=12, step_s=10)
    row = Row(START, "activities/1.gpx", rpe=4, gear="Shoe")
    days = intervals_list([intervals_row(1, START.date(), rpe=6)])
    exports = {
        "strava.zip": strava_export([row], {"1.gpx": gpx}),
        "garmin.zip": garmin_export([garmin_activity(7, START, workoutFeel=50)], {"x_1.fit": fit}),
        "icu.zip": {"list.json": days, "a.fit": fit},
    }
    for name, members in exports.items():
        (tmp_path / name).write_bytes(zipped(members))
    frames = []
    for order in itertools.permutations(sorted(exports)):
        archive = read(*(tmp_path / name for name in order), now=NOW)
        frames.append(archive.activities)
        assert len(archive.activities) == 1
        assert archive.gear["gear"].tolist() == ["Shoe"]
        assert archive.exports["unmatched"].sum() == 0
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frames[0], frame)
    told = frames[0].iloc[0]
    assert (told["distance_km"], told["feel_pct"]) == (2, 50)
    assert told["rpe"] in (4, 6)
    assert "rpe-disagree" in told["flags"]


def test_kinds_of_exports_are_named(tmp_path: Path) -> None:
    as_folder(tmp_path, strava_export([Row(START)], {}))
    (tmp_path / "a.fit").write_bytes(run_fit(START, offset_min=60, distance_km=2, duration_min=12))
    archive = read(tmp_path, now=NOW)
    assert archive.kinds == ("Strava's list (1)",)
    archive.activities["maker"] = archive.activities["maker"].replace("development", "coros")
    assert archive.kinds == ("Strava's list (1)", "recordings by coros (1)")
    assert activities_csv([Row(START)]) == (tmp_path / "activities.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "said"),
    [("x.zip!shoes.csv", "shoes"), ("e/routes/1.gpx", "planned route"),
     ("x.zip!DI_CONNECT/DI-Connect-Wellness/1_sleepData.json", "Garmin"),
     ("apple_health_export/export_cda.xml", "clinical"), ("p/247ohr_2026_3-1.json", "Polar"),
     ("p/activity-2026-03-01-x.json", "Polar")],
)  # fmt: skip
def test_files_without_training_say_what_they_are(tmp_path: Path, name: str, said: str) -> None:
    empty = b'<gpx><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>'
    data = {"gpx": empty, "xml": b"<?xml version='1.0'?><ClinicalDocument>" + b" " * (70 << 20)}
    kind = name.rsplit(".", 1)[-1]
    if "!" in name:
        path = tmp_path / "x.zip"
        path.write_bytes(zipped({name.split("!")[1]: b"a,b\n"}))
    else:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.get(kind, b"{}"))
    archive = read(path, now=NOW)
    (row,) = archive.files.to_dict("records")
    assert (row["outcome"], row["reason"]) == ("skipped", "not-activity")
    assert said in row["detail"]


def test_a_row_that_stands_twice_in_a_list_counts_once(tmp_path: Path) -> None:
    data = activities_csv([Row(START + dt.timedelta(days=n)) for n in (1, 2)])
    head, first, *rest = data.splitlines(keepends=True)
    (tmp_path / "activities.csv").write_bytes(b"".join([head, first, first, *rest]))
    archive = read(tmp_path, now=NOW)
    assert len(archive.activities) == 2
    assert archive.files["outcome"].tolist().count("duplicate") == 1
